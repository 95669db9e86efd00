-- The values that a CHECK lets into a column: status IN ('a', 'b').
SELECT json_build_array(n.nspname, r.relname, a.attname,
  (SELECT array_agg(replace(m[1], '''''', ''''))
   FROM regexp_matches(pg_get_constraintdef(k.oid), '''((?:[^'']|'''')*)''', 'g') AS m))
FROM pg_constraint k JOIN pg_class r ON r.oid = k.conrelid
  JOIN pg_namespace n ON n.oid = r.relnamespace
  JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = k.conkey[1]
  JOIN pg_type y ON y.oid = a.atttypid
WHERE k.contype = 'c' AND cardinality(k.conkey) = 1 AND y.typcategory IN ('S', 'E')
  AND pg_get_constraintdef(k.oid)
    ~ '^CHECK \(+[^ ]+(::text)?\)?(::text)? = ANY \(+ARRAY\[[^()]*\]\)?(::[a-z ]+\[\])?\)+( NO INHERIT)?( NOT VALID)?$'
ORDER BY n.nspname, r.relname, a.attname;
