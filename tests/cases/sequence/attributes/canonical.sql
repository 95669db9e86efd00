-- Limits and start are only said where they are not what the type gives.
CREATE SEQUENCE s AS integer INCREMENT BY 10 CACHE 5;
CREATE SEQUENCE gone;
CREATE SEQUENCE same AS smallint MINVALUE -32768 START 1 CYCLE;
