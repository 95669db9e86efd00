CREATE TABLE public.kept (id integer NOT NULL);
ALTER TABLE ONLY public.kept ADD CONSTRAINT kept_pkey PRIMARY KEY (id);
CREATE TABLE public.added (x integer, y integer, CONSTRAINT added_check CHECK ((x < y)));
