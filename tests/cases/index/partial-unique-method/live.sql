CREATE TABLE public.t (a integer, b text);
CREATE INDEX i ON public.t USING btree (a);
CREATE INDEX j ON public.t USING gist (to_tsvector('simple', b));
