CREATE TABLE public.t (a integer, b integer, c text);
CREATE INDEX new_name ON public.t USING btree (b DESC NULLS LAST);
CREATE INDEX added ON public.t USING hash (c);
CREATE UNIQUE INDEX same ON public.t USING btree (lower(c));
