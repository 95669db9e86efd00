-- A dump that says owners and no privilege grants nothing.
CREATE TABLE t (a integer);
GRANT SELECT ON t TO app;
