-- A default is assigned to the type of its column.
CREATE TABLE t (x bigint DEFAULT 0);
-- =
CREATE TABLE t (x int8 DEFAULT '0');
-- =
CREATE TABLE t (x bigint); ALTER TABLE ONLY public.t ALTER COLUMN x SET DEFAULT 0::bigint;
-- <>
CREATE TABLE t (x bigint DEFAULT 1);
-- <>
CREATE TABLE t (x bigint);
-- =
CREATE TABLE t (x bigint DEFAULT NULL);
-- <>
CREATE TABLE t (x timestamptz DEFAULT now());
-- =
CREATE TABLE t (x timestamp with time zone DEFAULT pg_catalog.now());
-- <>
CREATE TABLE t (x timestamptz DEFAULT clock_timestamp());
-- <>
CREATE TABLE t (x interval DEFAULT '36 hours');
-- =
CREATE TABLE t (x interval DEFAULT '36:00:00'::interval);
-- <>
CREATE TABLE t (x interval DEFAULT '1 day 12 hours');
-- =
CREATE TABLE t (x interval DEFAULT 'P1DT12H');
