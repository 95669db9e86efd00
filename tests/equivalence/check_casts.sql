-- A cast that is not inserted anyway is a difference.
CREATE TABLE m (a integer, b bigint, n numeric(10,2), c char(3), r real);
-- setup
ALTER TABLE m ADD CONSTRAINT k CHECK (a > 1);
-- =
ALTER TABLE m ADD CONSTRAINT k CHECK ((a)::integer > '1');
-- <>
ALTER TABLE m ADD CONSTRAINT k CHECK (a::numeric > 1);
-- =
ALTER TABLE m ADD CONSTRAINT k CHECK ((a)::numeric > (1)::numeric);
-- <>
ALTER TABLE m ADD CONSTRAINT k CHECK (a::bigint > 1);
-- <>
ALTER TABLE m ADD CONSTRAINT k CHECK (c = 'a');
-- =
ALTER TABLE m ADD CONSTRAINT k CHECK ((c = 'a'::bpchar));
-- <>
ALTER TABLE m ADD CONSTRAINT k CHECK (c::text = 'a');
-- <>
ALTER TABLE m ADD CONSTRAINT k CHECK (r = 0.1);
-- =
ALTER TABLE m ADD CONSTRAINT k CHECK ((r = (0.1)::double precision));
-- <>
ALTER TABLE m ADD CONSTRAINT k CHECK (r = '0.1');
