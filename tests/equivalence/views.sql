-- How a view names its tables does not matter; what it takes from them does.
CREATE TABLE a (id integer, v varchar(9)); CREATE TABLE b (id integer, a_id integer, n numeric);
-- setup
CREATE VIEW w AS SELECT * FROM a WHERE v = 'x';
-- =
CREATE VIEW public.w AS SELECT a.id, a.v FROM public.a WHERE ((a.v)::text = 'x'::text);
-- =
CREATE VIEW public.w AS SELECT id, v FROM public.a q WHERE ((v)::text = 'x'::text);
-- =
CREATE VIEW w (id, v) AS SELECT q.id AS one, q.v FROM a q WHERE q.v = 'x';
-- <>
CREATE VIEW w AS SELECT id, v::text FROM a WHERE v = 'x';
-- <>
CREATE VIEW w AS SELECT id AS v, v AS id FROM a WHERE v = 'x';
-- <>
CREATE VIEW w AS SELECT id FROM a WHERE v = 'x';
-- <>
CREATE VIEW w AS SELECT a.id, b.n FROM a JOIN b ON b.a_id = a.id;
-- =
CREATE VIEW w AS SELECT x.id, y.n FROM a AS x INNER JOIN b y ON (y.a_id = x.id);
-- <>
CREATE VIEW w AS SELECT a.id, b.n FROM a LEFT JOIN b ON b.a_id = a.id;
-- <>
CREATE VIEW w AS SELECT b.id, b.n FROM a JOIN b ON b.a_id = a.id;
-- <>
CREATE VIEW w AS SELECT a_id, sum(n) FROM b GROUP BY 1 ORDER BY 2;
-- =
CREATE VIEW w AS SELECT b.a_id, sum(b.n) AS sum FROM b GROUP BY b.a_id ORDER BY (sum(b.n));
-- <>
CREATE VIEW w AS SELECT a_id, sum(n) FROM b GROUP BY 1 ORDER BY 1;
