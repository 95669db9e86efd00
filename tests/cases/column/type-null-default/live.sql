CREATE TABLE public.t (
    id bigint NOT NULL,
    amount numeric(10,2),
    note character varying(40),
    at timestamp with time zone
);
ALTER TABLE ONLY public.t ALTER COLUMN amount SET DEFAULT 1;
