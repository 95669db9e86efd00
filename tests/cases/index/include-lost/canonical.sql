-- An INCLUDE list that is not there is one change of the index, not another index.
CREATE TABLE allocations (
    tenant_id uuid NOT NULL,
    channel text NOT NULL,
    revenue bigint,
    score numeric(4, 3)
);
CREATE INDEX idx_performance ON allocations (tenant_id, channel DESC)
    INCLUDE (revenue, score);
