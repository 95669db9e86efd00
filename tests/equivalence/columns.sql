-- What the type of a column says is not said again: its collation and its storage.
CREATE TYPE mood AS ENUM ('ok'); CREATE DOMAIN code AS text COLLATE "C"; CREATE TYPE pair AS (a integer, b varchar(3));
-- setup
CREATE TABLE t (a text, b integer, c name, d code, e numeric, f mood, g pair, h integer[]);
-- =
CREATE TABLE t (a text STORAGE EXTENDED, b integer STORAGE PLAIN, c name COLLATE "C", d code COLLATE "C", e numeric STORAGE MAIN, f mood STORAGE PLAIN, g pair STORAGE EXTENDED, h integer[] STORAGE EXTENDED);
-- =
CREATE TABLE t (a text STORAGE DEFAULT, b integer, c name, d code, e numeric, f mood, g pair, h integer[]); ALTER TABLE t ALTER e SET STORAGE MAIN;
-- <>
CREATE TABLE t (a text STORAGE EXTERNAL, b integer, c name, d code, e numeric, f mood, g pair, h integer[]);
-- <>
CREATE TABLE t (a text COLLATE "C", b integer, c name, d code, e numeric, f mood, g pair, h integer[]);
-- <>
CREATE TABLE t (a text, b integer, c name, d code COLLATE "POSIX", e numeric, f mood, g pair, h integer[]);
-- <>
CREATE TABLE t (a text, b integer, c name, d code, e numeric STORAGE EXTENDED, f mood, g pair, h integer[]);
