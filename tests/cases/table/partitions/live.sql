CREATE TABLE public.m (at date NOT NULL, k text) PARTITION BY RANGE (at);
CREATE TABLE public.m_2024 (at date NOT NULL, k text);
ALTER TABLE ONLY public.m ATTACH PARTITION public.m_2024 FOR VALUES FROM ('2024-01-01') TO ('2024-07-01');
CREATE TABLE public.l (k text) PARTITION BY LIST (k);
CREATE TABLE public.l_ab (k text);
ALTER TABLE ONLY public.l ATTACH PARTITION public.l_ab FOR VALUES IN ('a', 'b');
CREATE TABLE public.l_rest (k text);
ALTER TABLE ONLY public.l ATTACH PARTITION public.l_rest DEFAULT;
