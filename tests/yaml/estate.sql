-- The same estate in SQL, with what a database has besides.
CREATE TYPE channel_kind AS ENUM ('paid', 'organic', 'partner');
CREATE FUNCTION current_tenant() RETURNS uuid LANGUAGE sql STABLE
    AS $$ SELECT current_setting('app.tenant_id')::uuid $$;

CREATE TABLE tenants (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    slug         varchar(63) NOT NULL CONSTRAINT slugs_are_unique UNIQUE,
    -- INVARIANT: auth_critical
    -- Only the hash is kept.
    api_key_hash varchar(255) NOT NULL,
    plan         varchar(20) NOT NULL DEFAULT 'trial'
                 CONSTRAINT ck_plan CHECK (plan IN ('trial', 'growth', 'enterprise')),
    currency     char(3) NOT NULL DEFAULT 'USD' CHECK (currency ~ '^[A-Z]{3}$'),
    seats        int NOT NULL DEFAULT 0,
    is_active    boolean NOT NULL DEFAULT true,
    settings     jsonb NOT NULL DEFAULT '{}',
    labels       text[] NOT NULL DEFAULT '{}',
    created_at   timestamptz NOT NULL DEFAULT now(),
    notes        text DEFAULT 'none',
    CONSTRAINT ck_tenants_seats CHECK (seats >= 0)
);
CREATE UNIQUE INDEX idx_tenants_api_key ON tenants (api_key_hash);
COMMENT ON TABLE tenants IS 'Customers';

CREATE TABLE users (
    id        bigserial PRIMARY KEY,
    tenant_id uuid NOT NULL CONSTRAINT fk_tenant REFERENCES tenants ON DELETE CASCADE, -- INVARIANT: privacy_critical
    email     varchar(320) NOT NULL,
    role      varchar(20) NOT NULL DEFAULT 'user' CHECK (role IN ('owner', 'analyst', 'user')),
    last_seen timestamptz,
    CONSTRAINT uq_users_tenant_email UNIQUE (tenant_id, email)
);
CREATE UNIQUE INDEX idx_users_email ON users (email) WHERE role <> 'owner';
CREATE INDEX idx_users_seen ON users (tenant_id, last_seen DESC) INCLUDE (email);
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_isolation_policy ON users
    USING (tenant_id = current_setting('app.tenant_id')::uuid)
    WITH CHECK (tenant_id = current_setting('app.tenant_id')::uuid);

CREATE TABLE channels (
    id             uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    tenant_id      uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    code           varchar(50) NOT NULL UNIQUE,
    kind           channel_kind NOT NULL DEFAULT 'paid',
    cost_per_click numeric(12,4) DEFAULT 0.0,
    valid_from     date NOT NULL DEFAULT '2020-01-01'
);
CREATE INDEX idx_channels_kind ON channels (lower(code), kind);
ALTER TABLE channels ENABLE ROW LEVEL SECURITY;
CREATE POLICY channels_isolation ON channels TO PUBLIC USING (tenant_id = current_tenant());

CREATE TABLE revenue_ledger (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id    uuid NOT NULL REFERENCES tenants (id),
    channel_id   uuid REFERENCES channels (id) ON DELETE SET NULL,
    amount_cents bigint NOT NULL CONSTRAINT never_nothing CHECK (amount_cents <> 0),
    currency     char(3) NOT NULL DEFAULT 'USD',
    source       text NOT NULL DEFAULT 'it''s manual',
    booked_at    timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    status       varchar(20) NOT NULL DEFAULT 'pending'
                 CHECK (status IN ('pending', 'processed', 'failed')),
    CONSTRAINT ck_ledger_amount CHECK (amount_cents BETWEEN -1000000000 AND 1000000000),
    CONSTRAINT uq_ledger_source UNIQUE (tenant_id, source, booked_at)
);
CREATE INDEX idx_ledger_tenant_booked ON revenue_ledger (tenant_id, booked_at DESC)
    INCLUDE (amount_cents, currency) WHERE status = 'processed';
ALTER TABLE revenue_ledger ENABLE ROW LEVEL SECURITY;
CREATE POLICY ledger_isolation ON revenue_ledger USING (tenant_id = current_tenant())
    WITH CHECK (tenant_id = current_tenant() AND amount_cents <> 0);

CREATE TABLE audit_events (
    id        uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    tenant_id uuid NOT NULL REFERENCES tenants (id),
    actor_id  bigint REFERENCES users (id) ON DELETE SET NULL,
    action    text NOT NULL CHECK (length(action) > 0),
    payload   jsonb NOT NULL DEFAULT '{}',
    at        timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_audit_payload ON audit_events USING gin (payload jsonb_path_ops);
CREATE INDEX idx_audit_at ON audit_events (at DESC NULLS LAST);
ALTER TABLE audit_events ENABLE ROW LEVEL SECURITY;
CREATE POLICY audit_read ON audit_events FOR SELECT USING (tenant_id = current_tenant());
CREATE POLICY audit_write ON audit_events FOR INSERT WITH CHECK (tenant_id = current_tenant());

CREATE TABLE scratch (id int);
