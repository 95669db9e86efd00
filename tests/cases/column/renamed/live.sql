CREATE TABLE public.events (
    id bigint NOT NULL,
    channel_code text NOT NULL,
    happened_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY public.events ADD CONSTRAINT events_pkey PRIMARY KEY (id);
