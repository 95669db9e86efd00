-- Fills empty tables with rows of plain values, as far as their constraints let them in.
-- Tables that others refer to come first. A row that is refused is left out.
SET client_min_messages = error;
CREATE TEMP TABLE pgcanon_filled (relation oid PRIMARY KEY);
DO $pgcanon$
DECLARE
  wanted CONSTANT int := $ROWS$;
  pass int;
  t record;
  c record;
  names text;
  given text;
  value text;
  made int;
BEGIN
  FOR pass IN 1..12 LOOP
    FOR t IN
      SELECT r.oid, r.oid::regclass::text AS name
      FROM pg_class r JOIN pg_namespace n ON n.oid = r.relnamespace
      WHERE r.relkind IN ('r', 'p') AND NOT r.relispartition AND r.relpersistence <> 't'
        AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = r.oid AND d.deptype = 'e')
        AND r.oid NOT IN (SELECT relation FROM pgcanon_filled)
        AND (pass = 12 OR NOT EXISTS (
          SELECT FROM pg_constraint f WHERE f.contype = 'f' AND f.conrelid = r.oid
            AND f.confrelid <> r.oid
            AND f.confrelid NOT IN (SELECT relation FROM pgcanon_filled)))
      ORDER BY n.nspname, r.relname
    LOOP
      INSERT INTO pgcanon_filled VALUES (t.oid);
      names := '';
      given := '';
      FOR c IN
        SELECT a.attname, y.typcategory AS category, y.typname, y.typtype, a.atttypid AS type,
          a.atttypmod AS modifier, format_type(a.atttypid, a.atttypmod) AS full_type,
          pg_get_expr(d.adbin, d.adrelid) AS default_text,
          (SELECT f.confrelid::regclass::text || '.' || quote_ident(b.attname)
           FROM pg_constraint f, unnest(f.conkey, f.confkey) AS k(own, other)
           JOIN pg_attribute b ON b.attnum = k.other
           WHERE f.contype = 'f' AND f.conrelid = t.oid AND k.own = a.attnum
             AND b.attrelid = f.confrelid
           ORDER BY cardinality(f.conkey) DESC, f.oid LIMIT 1) AS target_column,
          (SELECT f.confrelid::regclass::text FROM pg_constraint f
           WHERE f.contype = 'f' AND f.conrelid = t.oid AND a.attnum = ANY (f.conkey)
           ORDER BY cardinality(f.conkey) DESC, f.oid LIMIT 1) AS target,
          (SELECT array_agg(replace(m[1], '''''', ''''))
           FROM (SELECT pg_get_constraintdef(k.oid) AS text FROM pg_constraint k
                 WHERE k.contype = 'c' AND k.conrelid = t.oid
                   AND k.conkey = ARRAY[a.attnum]::smallint[]
                   AND pg_get_constraintdef(k.oid) ~ '= ANY \(' ORDER BY k.oid LIMIT 1) AS k,
                regexp_matches(k.text, '''((?:[^'']|'''')*)''', 'g') AS m) AS listed
        FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid
          LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
          AND a.attgenerated = '' AND a.attidentity = ''
        ORDER BY a.attnum
      LOOP
        CONTINUE WHEN c.default_text ~ 'nextval|uuid|now\(|CURRENT_';
        value := CASE
          WHEN c.target IS NOT NULL THEN format(
            '(SELECT %s FROM %s ORDER BY tableoid, ctid OFFSET ($1 %% greatest(1, (SELECT count(*) FROM %s))) LIMIT 1)',
            c.target_column, c.target, c.target)
          WHEN c.listed IS NOT NULL THEN format('(%L::text[])[$1 %% %s + 1]::%s', c.listed,
            cardinality(c.listed), c.full_type)
          WHEN c.category = 'N' THEN format('$1::%s', c.full_type)
          WHEN c.category = 'B' THEN '($1 % 2 = 0)'
          WHEN c.category = 'D' THEN
            format('(timestamp ''2020-01-01'' + $1 * interval ''1 day'')::%s', c.full_type)
          WHEN c.category = 'T' THEN '$1 * interval ''1 minute'''
          WHEN c.category = 'S' THEN format('(''v'' || $1)::%s', c.full_type)
          WHEN c.category = 'A' THEN format('''{}''::%s', c.full_type)
          WHEN c.category = 'R' THEN format('''empty''::%s', c.full_type)
          WHEN c.category = 'I' THEN format('(''10.0.0.0''::inet + $1)::%s', c.full_type)
          WHEN c.category = 'E' THEN format(
            '(SELECT e.enumlabel FROM pg_enum e WHERE e.enumtypid = %s ORDER BY e.enumsortorder OFFSET ($1 %% (SELECT count(*) FROM pg_enum e WHERE e.enumtypid = %s)) LIMIT 1)::text::%s',
            c.type::oid, c.type::oid, c.full_type)
          WHEN c.typname = 'uuid' THEN 'md5($1::text)::uuid'
          WHEN c.typname IN ('json', 'jsonb') THEN format('''{}''::%s', c.typname)
          WHEN c.typname = 'bytea' THEN '''\x00''::bytea'
        END;
        CONTINUE WHEN value IS NULL;
        names := names || CASE names WHEN '' THEN '' ELSE ', ' END || quote_ident(c.attname);
        given := given || CASE given WHEN '' THEN '' ELSE ', ' END || value;
      END LOOP;
      made := 0;
      FOR i IN 1..wanted * 3 LOOP
        EXIT WHEN made >= wanted;
        BEGIN
          IF names = '' THEN
            EXECUTE format('INSERT INTO %s DEFAULT VALUES', t.name);
          ELSE
            EXECUTE format('INSERT INTO %s (%s) VALUES (%s)', t.name, names, given) USING i;
          END IF;
          made := made + 1;
        EXCEPTION WHEN OTHERS THEN
          NULL;
        END;
      END LOOP;
    END LOOP;
  END LOOP;
END
$pgcanon$;
