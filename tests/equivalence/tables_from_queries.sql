-- A table made from a query has the columns of its output, and nothing else of where they come from.
CREATE TABLE u (id integer PRIMARY KEY, code varchar(8) COLLATE "C" NOT NULL DEFAULT 'x', price numeric(8,2), at timestamp(3));
CREATE VIEW v AS SELECT id, price * 2 AS twice FROM u;
-- setup
CREATE TABLE t AS SELECT u.*, count(*) OVER () AS n, v.twice FROM u JOIN v USING (id) WITH NO DATA;
-- =
CREATE TABLE t (id integer, code varchar(8) COLLATE "C", price numeric(8,2), at timestamp(3), n bigint, twice numeric);
-- =
SELECT u.*, count(*) OVER () AS n, v.twice INTO t FROM u JOIN v USING (id);
-- =
CREATE TEMP TABLE kept AS SELECT u.*, count(*) OVER () AS n FROM u;
CREATE TABLE t AS SELECT kept.*, v.twice FROM kept, v;
-- <>
CREATE TABLE t (id integer, code varchar(8), price numeric(8,2), at timestamp(3), n bigint, twice numeric);
-- <>
CREATE TABLE t (id integer NOT NULL, code varchar(8) COLLATE "C", price numeric(8,2), at timestamp(3), n bigint, twice numeric);
-- <>
CREATE TABLE t (id integer, code varchar(8) COLLATE "C", price numeric(8,2), at timestamp(3), n integer, twice numeric);
-- <>
CREATE TABLE t (id integer, code varchar(8) COLLATE "C", price numeric(8,2), at timestamp(3), n bigint, twice numeric(8,2));
