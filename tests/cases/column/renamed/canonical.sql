-- A rename is never guessed: missing and extra, each with the other as candidate.
CREATE TABLE events (
    id bigint PRIMARY KEY,
    channel text NOT NULL,
    happened_at timestamptz NOT NULL
);
