-- What an extension brings has the schema of the extension.
CREATE EXTENSION citext; CREATE TABLE t (x citext CHECK (x <> ''));
-- =
CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA public; CREATE TABLE public.t (x public.citext, CONSTRAINT t_x_check CHECK ((x OPERATOR(public.<>) ''::public.citext)));
-- <>
CREATE EXTENSION citext; CREATE TABLE t (x citext CHECK (x::text <> ''));
-- <>
CREATE EXTENSION citext; CREATE TABLE t (x text CHECK (x <> ''));
