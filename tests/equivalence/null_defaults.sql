-- A default of NULL is none, unless the column is of a domain, which may have one of its own.
CREATE DOMAIN d AS integer DEFAULT 7; CREATE TABLE parent (a integer DEFAULT 1, e d);
-- setup
CREATE TABLE t (a integer DEFAULT NULL, v varchar(5) DEFAULT NULL);
-- =
CREATE TABLE t (a integer, v varchar(5));
-- =
CREATE TABLE t (a integer DEFAULT NULL::integer, v varchar(5) DEFAULT NULL::character varying(5));
-- =
CREATE TABLE t (a integer DEFAULT 1, v varchar(5)); ALTER TABLE t ALTER a SET DEFAULT NULL;
-- <>
CREATE TABLE t (a d DEFAULT NULL, v varchar(5));
-- =
CREATE TABLE t (a d DEFAULT NULL::integer::d, v varchar(5));
-- <>
CREATE TABLE t (a d, v varchar(5));
-- <>
CREATE TABLE t (a integer DEFAULT NULL) INHERITS (parent);
-- <>
CREATE TABLE t () INHERITS (parent);
