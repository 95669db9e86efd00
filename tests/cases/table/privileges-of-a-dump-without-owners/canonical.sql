-- A dump that says no owner and no privilege was made without either.
CREATE TABLE t (a integer);
GRANT SELECT ON t TO app;
