-- A list of values, over a type that is compared as another one.
CREATE TABLE orders (id integer, state varchar(20), note text);
-- setup
ALTER TABLE orders ADD CONSTRAINT c CHECK (state IN ('open', 'paid'));
-- =
ALTER TABLE orders ADD CONSTRAINT c CHECK (((state)::text = ANY ((ARRAY['open'::character varying, 'paid'::character varying])::text[])));
-- =
ALTER TABLE orders ADD CONSTRAINT c CHECK (((state)::text = ANY (ARRAY[('open'::character varying)::text, ('paid'::character varying)::text])));
-- <>
ALTER TABLE orders ADD CONSTRAINT c CHECK (state IN ('open', 'payed'));
-- <>
ALTER TABLE orders ADD CONSTRAINT c CHECK (state NOT IN ('open', 'paid'));
-- <>
ALTER TABLE orders ADD CONSTRAINT c CHECK (note IN ('open', 'paid'));
-- <>
ALTER TABLE orders ADD CONSTRAINT c CHECK (state = 'open');
-- =
ALTER TABLE orders ADD CONSTRAINT c CHECK (state IN ('open'));
