-- From PostgreSQL 18 on NOT NULL has a name, which is not said when it is the chosen one.
-- setup
CREATE TABLE t (a integer NOT NULL);
-- =
CREATE TABLE t (a integer CONSTRAINT t_a_not_null NOT NULL);
-- =
CREATE TABLE t (a integer CONSTRAINT former_a_not_null NOT NULL);
-- <>
CREATE TABLE t (a integer);
