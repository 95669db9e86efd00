-- A row in a composite type is a row of values of its columns' types.
CREATE TYPE pair AS (a integer, b numeric(6,2), c text); CREATE DOMAIN code AS text; CREATE TABLE u (a bigint, b integer, c code, d integer[]);
-- setup
CREATE VIEW v AS SELECT ROW(a, b, c)::pair AS p, d[1:2][3] AS q, (d)[1][2] AS r FROM u; CREATE TABLE t (a pair DEFAULT ROW(1, 2, 'x'));
-- =
CREATE VIEW v AS SELECT ROW(a::integer, b::numeric(6,2), c::text)::pair AS p, d[1:2][1:3] AS q, d[1][2] AS r FROM u; CREATE TABLE t (a pair DEFAULT ROW(1, 2::numeric(6,2), 'x'::text)::pair);
-- <>
CREATE VIEW v AS SELECT ROW(b, b, c)::pair AS p, d[1:2][3] AS q, (d)[1][2] AS r FROM u; CREATE TABLE t (a pair DEFAULT ROW(1, 2, 'x'));
-- <>
CREATE VIEW v AS SELECT ROW(a, b, c)::pair AS p, d[1:2][2:3] AS q, (d)[1][2] AS r FROM u; CREATE TABLE t (a pair DEFAULT ROW(1, 2, 'x'));
-- <>
CREATE VIEW v AS SELECT ROW(a, b, c)::pair AS p, d[1:2][3] AS q, (d)[1] AS r FROM u; CREATE TABLE t (a pair DEFAULT ROW(1, 2, 'x'));
-- <>
CREATE VIEW v AS SELECT ROW(a, b, c)::pair AS p, d[1:2][3] AS q, (d)[1][2] AS r FROM u; CREATE TABLE t (a pair DEFAULT ROW(1, 3, 'x'));
