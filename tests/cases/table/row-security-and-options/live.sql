CREATE TABLE public.a (id integer) WITH (fillfactor='80');
ALTER TABLE public.a ENABLE ROW LEVEL SECURITY;
CREATE TABLE public.b (id integer);
CREATE TABLE public.c (id integer);
ALTER TABLE public.c ENABLE ROW LEVEL SECURITY;
