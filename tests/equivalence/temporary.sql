-- What is temporary is no part of a schema, whatever is done to it.
CREATE TABLE t (a integer);
-- setup
CREATE INDEX k ON t (a);
-- =
CREATE TEMP TABLE t (b integer PRIMARY KEY CHECK (b > 0));
CREATE INDEX ON t (b);
CREATE VIEW w AS SELECT b FROM t;
COMMENT ON TABLE t IS 'own';
ALTER TABLE t ADD c text;
DROP TABLE t CASCADE;
CREATE INDEX k ON t (a);
-- =
BEGIN;
CREATE TEMP TABLE t (b integer) ON COMMIT DROP;
COMMIT;
CREATE INDEX k ON t (a);
-- <>
CREATE TEMP TABLE t (a integer);
CREATE INDEX k ON t (a);
-- <>
CREATE TEMP TABLE t (b integer);
CREATE VIEW w AS SELECT a FROM public.t;
DROP TABLE t;
CREATE INDEX k ON t (a);
