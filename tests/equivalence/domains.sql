-- VALUE has the type under the domain.
CREATE DOMAIN code AS varchar(8) CHECK (VALUE ~ '^[a-z]+$');
-- =
CREATE DOMAIN public.code AS character varying(8) CONSTRAINT code_check CHECK (((VALUE)::text ~ '^[a-z]+$'::text));
-- <>
CREATE DOMAIN code AS varchar(8) CHECK (VALUE ~* '^[a-z]+$');
-- <>
CREATE DOMAIN code AS varchar(8) DEFAULT 'x' CHECK (VALUE ~ '^[a-z]+$');
-- =
CREATE DOMAIN code AS varchar(8) DEFAULT 'x'::varchar CONSTRAINT code_check CHECK (VALUE ~ '^[a-z]+$');
