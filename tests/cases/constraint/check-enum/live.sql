CREATE TABLE public.dead_events (
    id bigint NOT NULL,
    remediation_status text NOT NULL,
    CONSTRAINT status_check CHECK ((remediation_status = ANY (ARRAY['pending'::text, 'ignored'::text])))
);
ALTER TABLE ONLY public.dead_events ADD CONSTRAINT dead_events_pkey PRIMARY KEY (id);
