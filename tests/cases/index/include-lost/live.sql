CREATE TABLE public.allocations (
    tenant_id uuid NOT NULL,
    channel text NOT NULL,
    revenue bigint,
    score numeric(4,3)
);
CREATE INDEX idx_performance ON public.allocations USING btree (tenant_id, channel DESC);
