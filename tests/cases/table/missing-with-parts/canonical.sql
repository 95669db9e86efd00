-- A missing table is one drift; what goes with it is counted. So is an extra one.
CREATE TABLE kept (id integer PRIMARY KEY);
CREATE TABLE gone (
    id bigserial PRIMARY KEY,
    kept_id integer REFERENCES kept,
    label text CHECK (label <> ''),
    UNIQUE (label)
);
CREATE INDEX gone_label ON gone (label);
COMMENT ON TABLE gone IS 'not reported either';
