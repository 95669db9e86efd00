-- Constants are compared as their types print them.
CREATE TYPE pair AS (a integer, b varchar(3), c date);
-- setup
CREATE TABLE t (a pair DEFAULT '(1,x,2020-01-02)', b timestamptz DEFAULT '2020-01-01', c cidr DEFAULT '10/8', d date DEFAULT '1/2/2020', e integer DEFAULT -1);
-- =
CREATE TABLE t (a pair DEFAULT '( 1,"x",20200102)', b timestamptz DEFAULT '2020-01-01 01:00+01', c cidr DEFAULT '10.0.0.0/8', d date DEFAULT '2020.002', e integer DEFAULT -(1));
-- =
CREATE TABLE t (a pair DEFAULT '(1,x,2020-01-02)'::pair, b timestamptz DEFAULT '2020-01-01 00:00:00+00'::timestamptz, c cidr DEFAULT '10.0/8', d date DEFAULT '2020-01-02', e integer DEFAULT - '1'::integer);
-- <>
CREATE TABLE t (a pair DEFAULT '(1," x",2020-01-02)', b timestamptz DEFAULT '2020-01-01', c cidr DEFAULT '10/8', d date DEFAULT '1/2/2020', e integer DEFAULT -1);
-- <>
CREATE TABLE t (a pair DEFAULT '(1,x,2020-01-02)', b timestamptz DEFAULT '2020-01-01 00:00+01', c cidr DEFAULT '10/8', d date DEFAULT '1/2/2020', e integer DEFAULT -1);
-- <>
CREATE TABLE t (a pair DEFAULT '(1,x,2020-01-02)', b timestamptz DEFAULT '2020-01-01', c cidr DEFAULT '10/9', d date DEFAULT '1/2/2020', e integer DEFAULT -1);
-- <>
CREATE TABLE t (a pair DEFAULT '(1,x,2020-01-02)', b timestamptz DEFAULT '2020-01-01', c cidr DEFAULT '10/8', d date DEFAULT '2/1/2020', e integer DEFAULT -1);
-- <>
CREATE TABLE t (a pair DEFAULT '(1,x,2020-01-02)', b timestamptz DEFAULT '2020-01-01', c cidr DEFAULT '10/8', d date DEFAULT '1/2/2020', e integer DEFAULT 1);
