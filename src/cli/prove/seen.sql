-- How many rows of tables with row security each role sees.
SET client_min_messages = error;
CREATE TEMP TABLE pgcanon_seen
  (namespace text, relation text, role text, kept boolean, policies int, seen text, total int);
DO $pgcanon$
DECLARE
  t record;
  total int;
  seen text;
BEGIN
  FOR t IN
    SELECT n.nspname, r.relname, r.oid::regclass::text AS name, u.rolname,
      r.relrowsecurity AND NOT u.rolbypassrls
        AND (r.relforcerowsecurity OR NOT pg_has_role(u.oid, r.relowner, 'USAGE')) AS kept,
      (SELECT count(*)::int FROM pg_policy p WHERE p.polrelid = r.oid AND p.polpermissive
         AND p.polcmd IN ('*', 'r') AND EXISTS (SELECT FROM unnest(p.polroles) AS o(role)
           WHERE o.role = 0 OR pg_has_role(u.oid, o.role, 'USAGE'))) AS policies
    FROM pg_class r JOIN pg_namespace n ON n.oid = r.relnamespace
      JOIN pg_roles u ON NOT u.rolsuper AND (
        EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = r.oid AND u.oid = ANY (p.polroles))
        OR EXISTS (SELECT FROM aclexplode(r.relacl) g WHERE g.grantee = u.oid))
    WHERE r.relkind IN ('r', 'p')
      AND (r.relrowsecurity OR EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = r.oid))
  LOOP
    EXECUTE format('SELECT count(*) FROM %s', t.name) INTO total;
    BEGIN
      EXECUTE format('SET LOCAL ROLE %I', t.rolname);
      EXECUTE format('SELECT count(*) FROM %s', t.name) INTO seen;
      RESET ROLE;
    EXCEPTION WHEN OTHERS THEN
      seen := SQLERRM;
    END;
    INSERT INTO pgcanon_seen
      VALUES (t.nspname, t.relname, t.rolname, t.kept, t.policies, seen, total);
  END LOOP;
END
$pgcanon$;
SELECT json_build_array(namespace, relation, role, kept, policies, seen, total) FROM pgcanon_seen
ORDER BY namespace, relation, role;
