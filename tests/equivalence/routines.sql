-- Defaults of arguments, and bodies that the server analyses.
CREATE TABLE t (id integer, v varchar(5));
-- setup
CREATE FUNCTION f(n bigint DEFAULT 1) RETURNS bigint LANGUAGE sql RETURN n + 1;
-- =
CREATE FUNCTION public.f(n bigint DEFAULT (1)::bigint) RETURNS bigint LANGUAGE sql RETURN (n + 1);
-- <>
CREATE FUNCTION f(n bigint DEFAULT 2) RETURNS bigint LANGUAGE sql RETURN n + 1;
-- <>
CREATE FUNCTION f(n bigint DEFAULT 1) RETURNS bigint LANGUAGE sql RETURN n + 1::bigint;
-- <>
CREATE FUNCTION f(n bigint DEFAULT 1) RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT id FROM t WHERE v = 'a'; END;
-- =
CREATE FUNCTION f(n bigint DEFAULT 1) RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT t.id FROM public.t WHERE ((t.v)::text = 'a'::text); END;
