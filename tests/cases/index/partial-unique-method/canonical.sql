-- Uniqueness, method, predicate and storage parameters are facets of their own.
CREATE TABLE t (a integer, b text);
CREATE UNIQUE INDEX i ON t (a) WHERE b IS NOT NULL;
CREATE INDEX j ON t USING gin (to_tsvector('simple', b)) WITH (fastupdate = off);
