-- Literals keep their types when that of a column changes.
-- setup
CREATE TABLE t (a date CONSTRAINT k CHECK (a > '2024-01-01')); CREATE INDEX i ON t (a) WHERE a < '2025-01-01'; ALTER TABLE t ALTER a TYPE timestamp;
-- =
CREATE TABLE t (a timestamp CONSTRAINT k CHECK (a > '2024-01-01'::date)); CREATE INDEX i ON t (a) WHERE a < '2025-01-01'::date;
-- <>
CREATE TABLE t (a timestamp CONSTRAINT k CHECK (a > '2024-01-01')); CREATE INDEX i ON t (a) WHERE a < '2025-01-01';
-- <>
CREATE TABLE t (a double precision CONSTRAINT k CHECK (a > 10.2 AND a <> 7)); ALTER TABLE t ALTER a TYPE numeric;
-- =
CREATE TABLE t (a numeric CONSTRAINT k CHECK (a::double precision > 10.2::double precision AND a::double precision <> 7::double precision));
