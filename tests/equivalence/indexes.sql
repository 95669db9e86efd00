-- An operator class or collation that is there anyway is not said.
CREATE TABLE t (a text, b text COLLATE "C", c varchar, j jsonb);
-- setup
CREATE INDEX i ON t (lower(a));
-- =
CREATE INDEX i ON public.t USING btree (lower(a) text_ops ASC NULLS LAST);
-- <>
CREATE INDEX i ON t (lower(a) text_pattern_ops);
-- <>
CREATE INDEX i ON t (upper(a));
-- <>
CREATE INDEX i ON t (lower(a) DESC);
-- <>
CREATE INDEX i ON t (b);
-- =
CREATE INDEX i ON t (b COLLATE "C");
-- <>
CREATE INDEX i ON t (b COLLATE "POSIX");
-- <>
CREATE INDEX i ON t (c) WHERE c = 'x';
-- =
CREATE INDEX i ON public.t USING btree (c) WHERE ((c)::text = 'x'::text);
-- <>
CREATE INDEX i ON t (c varchar_pattern_ops) WHERE c = 'x';
-- <>
CREATE INDEX i ON t USING gin (j);
-- =
CREATE INDEX i ON t USING gin (j jsonb_ops);
-- <>
CREATE INDEX i ON t USING gin (j jsonb_path_ops);
-- <>
CREATE INDEX i ON t (((j ->> 'a')));
-- =
CREATE INDEX i ON t ((j ->> 'a'::text));
-- <>
CREATE INDEX i ON t ((j -> 'a'));
