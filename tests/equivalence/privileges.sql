-- What is not granted is not granted, on either side, but for what the owner has anyway.
CREATE TABLE t (a integer);
-- setup
SELECT 1;
-- =
GRANT ALL ON t TO postgres;
-- =
GRANT SELECT ON t TO CURRENT_USER;
-- =
GRANT SELECT ON t TO app; REVOKE ALL ON t FROM app;
-- <>
GRANT SELECT ON t TO app;
-- <>
GRANT SELECT ON t TO PUBLIC;
-- <>
REVOKE DELETE ON t FROM postgres;
