-- What people did to production by hand, each for a reason, none of it in schema.sql.
-- Loaded after schema.sql, it gives the database that live.sql is the dump of.

-- 12 March. Disk alarm at night: the covering index had grown to 40 GB and was built again
-- without its payload. The dashboard has been slow since.
DROP INDEX idx_allocations_channel_performance;
CREATE INDEX idx_allocations_channel_performance
    ON attribution_allocations (tenant_id, channel, allocated_at DESC);
COMMENT ON INDEX idx_allocations_channel_performance
    IS 'Serves channel performance by index-only scans';

-- 2 April. The new support console says "ignored", so the constraint was made to agree.
ALTER TABLE dead_events DROP CONSTRAINT dead_events_remediation_status_check;
ALTER TABLE dead_events ADD CONSTRAINT dead_events_remediation_status_check
    CHECK (remediation_status IN ('pending', 'in_progress', 'resolved', 'ignored'));

-- 9 April. A connector reported a payload of 3 GB (cut off by us); its size did not fit.
ALTER TABLE dead_events ALTER COLUMN payload_bytes TYPE bigint;

-- 17 April. Unknown channels broke a report: checked against the taxonomy from now on, and
-- renamed while at it.
ALTER TABLE attribution_events RENAME COLUMN channel TO channel_code;
ALTER TABLE attribution_events ADD FOREIGN KEY (channel_code) REFERENCES channel_taxonomy (code);

-- 30 April. A bank's file came without transaction ids and had to be booked before the close.
ALTER TABLE revenue_ledger ALTER COLUMN transaction_id DROP NOT NULL;

-- 6 May. A backfill ran as the owner of the table and saw no rows.
ALTER TABLE dead_events NO FORCE ROW LEVEL SECURITY;

-- 21 May. Support wanted to look at any tenant's ledger.
ALTER POLICY tenant_isolation ON revenue_ledger
    USING (
        tenant_id = current_setting('app.current_tenant_id')::uuid
        OR current_setting('app.support_mode', true) = 'on'
    );

-- 4 June. An ad-hoc query for an investigation was slow.
CREATE INDEX idx_events_received_at_tmp ON attribution_events (received_at);

-- 18 June. Multi-factor state moved to the identity provider; the migration of the
-- application was never written.
ALTER TABLE users DROP COLUMN mfa_enrolled_at;
