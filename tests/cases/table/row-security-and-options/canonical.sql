-- Row security that is off or not forced blocks; storage parameters are LOW, one drift for each.
CREATE TABLE a (id integer) WITH (fillfactor = 70, autovacuum_enabled = false);
ALTER TABLE a ENABLE ROW LEVEL SECURITY;
ALTER TABLE a FORCE ROW LEVEL SECURITY;
CREATE UNLOGGED TABLE b (id integer);
CREATE TABLE c (id integer);
