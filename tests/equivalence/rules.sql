-- In the condition of a rule the columns of its rows are seen without a name.
CREATE TABLE t (a integer, b integer);
-- setup
CREATE RULE r AS ON INSERT TO t WHERE a > 0 DO ALSO DELETE FROM t WHERE b = 0;
-- =
CREATE RULE r AS ON INSERT TO t WHERE new.a > 0 DO ALSO DELETE FROM t WHERE b = 0;
-- <>
CREATE RULE r AS ON INSERT TO t WHERE b > 0 DO ALSO DELETE FROM t WHERE b = 0;
-- <>
CREATE RULE r AS ON DELETE TO t WHERE a > 0 DO ALSO DELETE FROM t WHERE b = 0;
