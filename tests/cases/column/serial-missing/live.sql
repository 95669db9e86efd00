CREATE TABLE public.t (x text);
