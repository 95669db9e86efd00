-- BETWEEN is two comparisons; AND is flat.
CREATE TABLE m (a integer, b integer);
-- setup
ALTER TABLE m ADD CONSTRAINT k CHECK (a BETWEEN 1 AND 9 AND b > 0);
-- =
ALTER TABLE m ADD CONSTRAINT k CHECK ((((a >= 1) AND (a <= 9)) AND (b > 0)));
-- =
ALTER TABLE m ADD CONSTRAINT k CHECK (a >= 1 AND (a <= 9 AND b > 0));
-- <>
ALTER TABLE m ADD CONSTRAINT k CHECK (a BETWEEN SYMMETRIC 1 AND 9 AND b > 0);
-- <>
ALTER TABLE m ADD CONSTRAINT k CHECK (a > 1 AND a <= 9 AND b > 0);
-- <>
ALTER TABLE m ADD CONSTRAINT k CHECK (a >= 1 OR (a <= 9 AND b > 0));
