-- How many rows each table has, and a sum of hashes of each column, whatever their order.
SET client_min_messages = error;
CREATE TEMP TABLE pgcanon_sums
  (namespace text, relation text, attribute text, type text, value text);
DO $pgcanon$
DECLARE
  t record;
  found text[];
BEGIN
  FOR t IN
    SELECT n.nspname, r.relname,
      format('%s %s', CASE r.relkind WHEN 'r' THEN 'ONLY' ELSE '' END, r.oid::regclass) AS source,
      array_agg(a.attname ORDER BY a.attnum) AS names,
      array_agg(format_type(a.atttypid, a.atttypmod) ORDER BY a.attnum) AS types,
      string_agg(format('sum(hashtextextended(coalesce(%I::text, ''null''), 0)::numeric)::text',
        a.attname), ', ' ORDER BY a.attnum) AS sums
    FROM pg_class r JOIN pg_namespace n ON n.oid = r.relnamespace
      JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
        AND a.attgenerated = ''
    WHERE r.relkind IN ('r', 'p') AND NOT r.relispartition AND r.relpersistence <> 't'
      AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = r.oid AND d.deptype = 'e')
    GROUP BY n.nspname, r.relname, r.oid, r.relkind
  LOOP
    EXECUTE format('SELECT ARRAY[count(*)::text, %s] FROM %s', t.sums, t.source) INTO found;
    INSERT INTO pgcanon_sums VALUES (t.nspname, t.relname, NULL, NULL, found[1]);
    INSERT INTO pgcanon_sums
      SELECT t.nspname, t.relname, t.names[i], t.types[i], coalesce(found[i + 1], '0')
      FROM generate_subscripts(t.names, 1) AS i;
  END LOOP;
END
$pgcanon$;
SELECT json_build_array(namespace, relation, attribute, type, value) FROM pgcanon_sums;
