-- Which values a column takes, tried on a copy of the table with its constraints.
SET client_min_messages = error;
CREATE TEMP TABLE pgcanon_probe
  (namespace text, relation text, attribute text, value text, taken boolean);
INSERT INTO pgcanon_probe
  SELECT p ->> 0, p ->> 1, p ->> 2, p ->> 3 FROM json_array_elements($PROBES$::json) AS p;
DO $pgcanon$
DECLARE
  t record;
  p record;
BEGIN
  FOR t IN SELECT DISTINCT namespace, relation FROM pgcanon_probe LOOP
    EXECUTE format('CREATE TEMP TABLE pgcanon_copy (LIKE %I.%I INCLUDING CONSTRAINTS)',
      t.namespace, t.relation);
    FOR p IN
      SELECT attname FROM pg_attribute
      WHERE attrelid = 'pg_temp.pgcanon_copy'::regclass AND attnum > 0 AND attnotnull
    LOOP
      EXECUTE format('ALTER TABLE pgcanon_copy ALTER COLUMN %I DROP NOT NULL', p.attname);
    END LOOP;
    FOR p IN
      SELECT ctid, attribute, value FROM pgcanon_probe o
      WHERE o.namespace = t.namespace AND o.relation = t.relation
    LOOP
      BEGIN
        EXECUTE format('INSERT INTO pgcanon_copy (%I) VALUES (%L)', p.attribute, p.value);
        UPDATE pgcanon_probe SET taken = true WHERE ctid = p.ctid;
      EXCEPTION WHEN OTHERS THEN
        UPDATE pgcanon_probe SET taken = false WHERE ctid = p.ctid;
      END;
    END LOOP;
    DROP TABLE pgcanon_copy;
  END LOOP;
END
$pgcanon$;
SELECT json_build_array(namespace, relation, attribute, value, taken) FROM pgcanon_probe
ORDER BY namespace, relation, attribute, value;
