-- Another list of allowed values is one change of the CHECK.
CREATE TABLE dead_events (
    id bigint PRIMARY KEY,
    remediation_status text NOT NULL,
    CONSTRAINT status_check CHECK (remediation_status = ANY (ARRAY['pending'::text, 'abandoned'::text]))
);
