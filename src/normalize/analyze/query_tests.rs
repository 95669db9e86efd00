//! Queries that PostgreSQL stores alike, and such as it does not.
#![allow(clippy::unwrap_used)]

use super::{Analyzer, Domains};
use crate::catalog::{
    Catalog, Column, FunctionEntry, Parameter, ParameterMode, RelationKind, TypeId,
};
use crate::model::{Command, Ident, Query, SearchPath};
use crate::parse::fragment;

/// The tables `a`, `b`, `app.c`; the functions `pair(int)` with two OUT parameters and
/// `list(int)`, which gives rows of `a`.
fn catalog() -> Catalog {
    let mut catalog = Catalog::new();
    let with_length = |name: &str, typmod| Column { typmod, ..Column::new(name, TypeId::VARCHAR) };
    let table = RelationKind::Table;
    let a = vec![
        Column::new("id", TypeId::INT4),
        Column::new("x", TypeId::TEXT),
        with_length("v", 24),
        Column::new("n", TypeId::NUMERIC),
        Column::new("d", TypeId::DATE),
        Column::new("ts", TypeId::TIMESTAMPTZ),
        Column::new("b_id", TypeId::INT4),
        Column::new("ok", TypeId::BOOL),
        Column::new("j", TypeId::JSONB),
        Column::new("tags", TypeId::TEXT_ARRAY),
    ];
    let b = vec![
        Column::new("id", TypeId::INT8),
        Column::new("name", TypeId::TEXT),
        Column::new("a_id", TypeId::INT4),
        Column::new("n", TypeId::INT4),
    ];
    catalog.add_relation("public", "a", table, a);
    catalog.add_relation("public", "b", table, b);
    let c = vec![Column::new("id", TypeId::INT4), Column::new("val", TypeId::TEXT)];
    catalog.add_relation("app", "c", table, c);
    let out = |name: &str, ty| Parameter { name: name.into(), ty, mode: ParameterMode::Out };
    let input = Parameter { name: "p".into(), ty: TypeId::INT4, mode: ParameterMode::In };
    catalog.add_function(FunctionEntry {
        parameters: [input, out("first", TypeId::TEXT), out("second", TypeId::INT8)].into(),
        ..FunctionEntry::new("public", "pair", [TypeId::INT4], TypeId::RECORD)
    });
    let row = catalog.type_named("public", "a").unwrap();
    catalog.add_function(FunctionEntry {
        returns_set: true,
        ..FunctionEntry::new("public", "list", [TypeId::INT4], row)
    });
    catalog
}

fn analyzed(text: &str) -> (Query, Vec<String>) {
    let (catalog, domains) = (catalog(), Domains::default());
    let mut analyzer = Analyzer::new(&catalog, &domains, &SearchPath::initial());
    let (query, _) = analyzer.query(&fragment::query(text).unwrap());
    (query, analyzer.undecided)
}

/// All are stored alike, and everything in them is known.
fn equal(texts: &[&str]) {
    let mut first = None;
    for text in texts {
        let (query, undecided) = analyzed(text);
        assert!(undecided.is_empty(), "{text}: {undecided:?}");
        let first = first.get_or_insert_with(|| query.clone());
        assert!(*first == query, "{}\n{text}\n\n{first:#?}\n{query:#?}", texts.first().unwrap());
    }
}

/// No two of these are stored alike.
fn differ(texts: &[&str]) {
    for (at, one) in texts.iter().enumerate() {
        for other in texts.iter().skip(at + 1) {
            assert_ne!(analyzed(one).0, analyzed(other).0, "{one}\n{other}");
        }
    }
}

#[test]
fn how_a_column_is_qualified_does_not_matter() {
    equal(&[
        "SELECT id, x FROM a",
        "SELECT a.id, a.x FROM public.a",
        "SELECT public.a.id, x AS x FROM a",
        "SELECT z.id, z.x FROM a AS z",
        "SELECT p AS id, q AS x FROM a AS z (p, q)",
    ]);
    equal(&[
        "SELECT x FROM a WHERE EXISTS (SELECT 1 FROM b WHERE a_id = a.id)",
        "SELECT x FROM a q WHERE EXISTS (SELECT 1 FROM b r WHERE r.a_id = q.id)",
    ]);
    // The inner table has a column of the name.
    differ(&[
        "SELECT x FROM a WHERE EXISTS (SELECT 1 FROM b WHERE a_id = id)",
        "SELECT x FROM a WHERE EXISTS (SELECT 1 FROM b WHERE a_id = a.id)",
    ]);
    differ(&[
        "SELECT s.id FROM a AS s JOIN a AS t ON s.id = t.b_id",
        "SELECT t.id FROM a AS s JOIN a AS t ON s.id = t.b_id",
        "SELECT s.id FROM a AS s JOIN a AS t ON t.id = s.b_id",
        "SELECT s.id FROM a AS s JOIN a AS t ON s.id = s.b_id",
        "SELECT s.id FROM a AS s, a AS t WHERE s.id = t.b_id",
    ]);
    differ(&[
        "SELECT id FROM a",
        "SELECT id AS b FROM a",
        "SELECT b_id AS id FROM a",
        "SELECT id FROM ONLY a",
    ]);
}

#[test]
fn stars_are_expanded() {
    equal(&[
        "SELECT * FROM b",
        "SELECT b.* FROM b",
        "SELECT (b).* FROM b",
        "SELECT id, name, a_id, n FROM b",
        "TABLE b",
    ]);
    equal(&[
        "SELECT * FROM b JOIN app.c USING (id)",
        "SELECT b.id, b.name, b.a_id, b.n, c.val FROM b JOIN app.c USING (id)",
    ]);
    equal(&[
        "SELECT * FROM app.c NATURAL FULL JOIN b",
        "SELECT id, c.val, b.name, b.a_id, b.n FROM app.c FULL JOIN b USING (id)",
    ]);
    equal(&[
        "SELECT j.* FROM (app.c JOIN b USING (id)) AS j",
        "SELECT id, val, name, a_id, n FROM (app.c JOIN b USING (id)) AS j",
    ]);
    differ(&["SELECT * FROM app.c", "SELECT id FROM app.c", "SELECT val, id FROM app.c"]);
}

#[test]
fn joins_keep_their_kind_their_condition_and_their_shape() {
    equal(
        &[
            "SELECT a.id FROM a JOIN b ON a.id = b.a_id",
            "SELECT a.id FROM a INNER JOIN b ON b.a_id IS NOT NULL AND false IS NULL OR a.id = b.a_id AND true IS NOT NULL",
        ][..1],
    );
    equal(&[
        "SELECT a.id FROM a LEFT JOIN b ON a.id = b.a_id",
        "SELECT a.id FROM (a LEFT OUTER JOIN b ON (a.id = b.a_id))",
        "SELECT q.id FROM a q LEFT JOIN b r(k, l, m) ON q.id = m",
    ]);
    differ(&[
        "SELECT a.id FROM a LEFT JOIN b ON a.id = b.a_id AND b.n > 0",
        "SELECT a.id FROM a LEFT JOIN b ON a.id = b.a_id WHERE b.n > 0",
        "SELECT a.id FROM a JOIN b ON a.id = b.a_id AND b.n > 0",
        "SELECT a.id FROM a RIGHT JOIN b ON a.id = b.a_id AND b.n > 0",
        "SELECT a.id FROM b LEFT JOIN a ON a.id = b.a_id AND b.n > 0",
    ]);
    differ(&[
        "SELECT 1 FROM a LEFT JOIN b ON a.id = b.a_id JOIN app.c ON c.id = a.id",
        "SELECT 1 FROM a LEFT JOIN (b JOIN app.c ON c.id = b.a_id) ON a.id = b.a_id",
    ]);
    // The merged column is not the one of either side.
    differ(&[
        "SELECT id FROM app.c FULL JOIN a USING (id)",
        "SELECT c.id FROM app.c FULL JOIN a USING (id)",
        "SELECT a.id FROM app.c FULL JOIN a USING (id)",
    ]);
    equal(&[
        "SELECT id FROM app.c LEFT JOIN a USING (id)",
        "SELECT c.id FROM app.c LEFT JOIN a USING (id)",
    ]);
    equal(&[
        "SELECT u.id FROM app.c JOIN a USING (id) AS u",
        "SELECT c.id FROM app.c JOIN a USING (id) AS u",
    ]);
}

#[test]
fn keys_are_the_expressions_that_they_mean() {
    equal(&[
        "SELECT x, count(*) FROM a GROUP BY x ORDER BY count(*) DESC, x",
        "SELECT x, count(*) FROM a GROUP BY 1 ORDER BY 2 DESC NULLS FIRST, 1 ASC NULLS LAST",
        "SELECT x, count(*) AS count FROM a GROUP BY a.x ORDER BY count DESC, x, x DESC",
    ]);
    // ORDER BY prefers the output name, GROUP BY the column.
    equal(&["SELECT -id AS n FROM a ORDER BY n", "SELECT -id AS n FROM a ORDER BY -id"]);
    differ(&["SELECT -id AS n FROM a ORDER BY n", "SELECT -id AS n FROM a ORDER BY a.n"]);
    equal(&["SELECT count(*) AS n FROM a GROUP BY n", "SELECT count(*) AS n FROM a GROUP BY a.n"]);
    equal(&[
        "SELECT DISTINCT ON (x, id) x, id FROM a ORDER BY id, x",
        "SELECT DISTINCT ON (id, x) x, id FROM a ORDER BY 2, 1",
    ]);
    differ(&[
        "SELECT DISTINCT ON (x) x, id FROM a",
        "SELECT DISTINCT x, id FROM a",
        "SELECT x, id FROM a",
        "SELECT DISTINCT ON (x) x, id FROM a ORDER BY x",
        "SELECT DISTINCT ON (x) x, id FROM a ORDER BY x DESC",
        "SELECT DISTINCT ON (x) x, id FROM a ORDER BY x NULLS FIRST",
    ]);
    equal(&["SELECT x FROM a GROUP BY (x, id), x", "SELECT x FROM a GROUP BY x, id"]);
    differ(&[
        "SELECT x FROM a GROUP BY x, id",
        "SELECT x FROM a GROUP BY ROLLUP (x, id)",
        "SELECT x FROM a GROUP BY CUBE (x, id)",
        "SELECT x FROM a GROUP BY GROUPING SETS (x, id)",
        "SELECT x FROM a GROUP BY ROLLUP ((x, id))",
    ]);
    equal(
        &[
            "SELECT (SELECT max(n) FROM b WHERE a_id = a.id) FROM a GROUP BY 1",
            "SELECT (SELECT max(q.n) FROM b q WHERE q.a_id = a.id) FROM a GROUP BY (SELECT max(n) FROM b WHERE a_id = a.id)",
        ][..1],
    );
}

#[test]
fn literals_take_the_type_that_is_left_for_them() {
    equal(&["SELECT 'x' AS l FROM a", "SELECT 'x'::text AS l FROM a"]);
    equal(&["SELECT v FROM a UNION SELECT 'x'", "SELECT v FROM a UNION SELECT 'x'::varchar AS w"]);
    differ(&["SELECT v FROM a UNION SELECT 'x'", "SELECT v FROM a UNION SELECT 'x'::text"]);
    equal(&[
        "SELECT 1 AS one UNION ALL SELECT id FROM b ORDER BY one",
        "SELECT 1 AS one UNION ALL SELECT b.id FROM b ORDER BY 1",
    ]);
    differ(&[
        "SELECT id FROM a UNION SELECT id FROM b",
        "SELECT id FROM a UNION ALL SELECT id FROM b",
        "SELECT id FROM a EXCEPT SELECT id FROM b",
        "SELECT id FROM b UNION SELECT id FROM a",
    ]);
    differ(&[
        "SELECT 1 AS k UNION SELECT 2 UNION ALL SELECT 3",
        "SELECT 1 AS k UNION (SELECT 2 UNION ALL SELECT 3)",
        "SELECT 1 AS k UNION ALL SELECT 2 UNION SELECT 3",
    ]);
}

#[test]
fn subqueries_compare_through_the_operator_found() {
    equal(&[
        "SELECT x FROM a WHERE v IN (SELECT name FROM b)",
        "SELECT x FROM a WHERE v = ANY (SELECT name FROM b)",
        "SELECT x FROM a WHERE v::text IN (SELECT b.name FROM b)",
    ]);
    equal(&[
        "SELECT x FROM a WHERE (id, x) NOT IN (SELECT a_id, name FROM b)",
        "SELECT x FROM a WHERE NOT ((id, x) = ANY (SELECT b.a_id, b.name FROM b))",
    ]);
    differ(&[
        "SELECT x FROM a WHERE id IN (SELECT a_id FROM b)",
        "SELECT x FROM a WHERE id = ALL (SELECT a_id FROM b)",
        "SELECT x FROM a WHERE id < ANY (SELECT a_id FROM b)",
        "SELECT x FROM a WHERE id = (SELECT a_id FROM b)",
        "SELECT x FROM a WHERE id NOT IN (SELECT a_id FROM b)",
        "SELECT x FROM a WHERE id <> ALL (SELECT a_id FROM b)",
    ]);
}

#[test]
fn common_tables_are_seen_before_relations() {
    equal(&[
        "WITH b AS (SELECT id AS k FROM a) SELECT k FROM b",
        "WITH q (k) AS (SELECT id FROM a) SELECT q.k FROM q",
    ]);
    differ(&[
        "WITH q AS (SELECT id FROM a) SELECT id FROM q",
        "WITH q AS MATERIALIZED (SELECT id FROM a) SELECT id FROM q",
        "WITH q AS NOT MATERIALIZED (SELECT id FROM a) SELECT id FROM q",
        "SELECT id FROM a",
        "SELECT id FROM (SELECT id FROM a) q",
    ]);
    equal(&[
        "WITH RECURSIVE r AS (SELECT id, 1 AS depth FROM a WHERE b_id IS NULL \
         UNION ALL SELECT a.id, depth + 1 FROM a JOIN r ON a.b_id = r.id) SELECT * FROM r",
        "WITH RECURSIVE r(id, d) AS (SELECT a.id, 1 FROM a WHERE (a.b_id IS NULL) \
         UNION ALL SELECT a_1.id, (r_1.d + 1) FROM (a a_1 JOIN r r_1 ON ((a_1.b_id = r_1.id)))) \
         SELECT id, d AS depth FROM r",
    ]);
    equal(&[
        "WITH RECURSIVE p AS (SELECT * FROM q), q AS (SELECT 1 AS z) SELECT * FROM p",
        "WITH RECURSIVE q AS (SELECT 1 AS z), p AS (SELECT q.z FROM q) SELECT z FROM p",
    ]);
}

#[test]
fn functions_in_from_have_columns() {
    equal(
        &[
            "SELECT t FROM a, unnest(tags) t",
            "SELECT t.t FROM a, LATERAL unnest(a.tags) t(t)",
            "SELECT unnest AS t FROM a CROSS JOIN unnest(a.tags) WHERE true",
        ][..2],
    );
    equal(&[
        "SELECT key, value FROM a, jsonb_each(j)",
        "SELECT e.key, e.value FROM a, LATERAL jsonb_each(a.j) e(key, value)",
    ]);
    equal(&[
        "SELECT * FROM pair(1)",
        "SELECT first, second FROM public.pair(1) AS p",
        "SELECT p.f AS first, p.s AS second FROM public.pair(1) p(f, s)",
    ]);
    equal(&["SELECT x, id FROM list(1)", "SELECT l.x, l.id FROM list(1) l"]);
    equal(&[
        "SELECT * FROM unnest(ARRAY[1], ARRAY['q']) WITH ORDINALITY u(a, b, c)",
        "SELECT a, b, c FROM ROWS FROM (unnest(ARRAY[1]), unnest(ARRAY['q'])) WITH ORDINALITY AS u(a, b, c)",
    ]);
    equal(&[
        "SELECT q.n FROM jsonb_to_recordset('[]') AS q(n int, t text)",
        "SELECT n FROM jsonb_to_recordset('[]'::jsonb) r(n integer, z text)",
    ]);
    differ(&[
        "SELECT q.n FROM jsonb_to_recordset('[]') AS q(n int, t text)",
        "SELECT q.n FROM jsonb_to_recordset('[]') AS q(t text, n int)",
        "SELECT q.n FROM jsonb_to_recordset('[]') AS q(n bigint, t text)",
    ]);
    differ(&["SELECT p.first AS o FROM pair(1) p", "SELECT p.second AS o FROM pair(1) p"]);
    equal(&[
        "SELECT value FROM a, jsonb_array_elements(j)",
        "SELECT e.value FROM a, LATERAL jsonb_array_elements(a.j) e(value)",
    ]);
    equal(&[
        "SELECT g FROM generate_series(1, 3) g",
        "SELECT q.q AS g FROM generate_series(1, 3) q(q)",
    ]);
}

#[test]
fn values_are_a_range_table_entry() {
    equal(&[
        "VALUES (1, 'a'), (2, 'b') ORDER BY 2",
        "VALUES (1, 'a'::text), (2, 'b'::text) ORDER BY column2",
        "SELECT column1, column2 FROM (VALUES (1, 'a'), (2, 'b')) \"*VALUES*\" ORDER BY column2",
    ]);
    equal(&[
        "SELECT k FROM (VALUES (1), (2.5)) v(k)",
        "SELECT v.k FROM (VALUES (1::numeric), (2.5)) v(k)",
    ]);
    differ(&["VALUES (1), (2)", "VALUES (2), (1)", "VALUES (1)"]);
}

#[test]
fn windows_are_written_out() {
    equal(&[
        "SELECT sum(id) OVER w AS s FROM a WINDOW w AS (PARTITION BY x ORDER BY id)",
        "SELECT sum(id) OVER (PARTITION BY a.x ORDER BY a.id) AS s FROM a",
        "SELECT sum(id) OVER (v ORDER BY id) AS s FROM a WINDOW v AS (PARTITION BY x)",
    ]);
    differ(&[
        "SELECT sum(id) OVER (PARTITION BY x) AS s FROM a",
        "SELECT sum(id) OVER (ORDER BY x) AS s FROM a",
        "SELECT sum(id) OVER (PARTITION BY x ROWS 2 PRECEDING) AS s FROM a",
        "SELECT sum(id) OVER () AS s FROM a",
    ]);
    equal(&[
        "SELECT sum(id) OVER (ORDER BY ts RANGE '1 day' PRECEDING) AS s FROM a",
        "SELECT sum(id) OVER (ORDER BY ts RANGE BETWEEN '1 day'::interval PRECEDING AND CURRENT ROW) AS s FROM a",
    ]);
}

#[test]
fn locks_are_kept_for_each_relation() {
    equal(&["SELECT x FROM a FOR UPDATE", "SELECT x FROM a q FOR UPDATE OF q"]);
    equal(&["SELECT 1 FROM a, b FOR SHARE", "SELECT 1 FROM a, b FOR SHARE OF b FOR SHARE OF a"]);
    differ(&[
        "SELECT 1 FROM a, b FOR SHARE",
        "SELECT 1 FROM a, b FOR SHARE OF b",
        "SELECT 1 FROM a, b FOR UPDATE",
        "SELECT 1 FROM a, b FOR SHARE NOWAIT",
        "SELECT 1 FROM a, b",
    ]);
}

#[test]
fn rows_show_the_names_of_their_columns() {
    equal(&[
        "SELECT to_jsonb(b) FROM b",
        "SELECT to_jsonb(b.*) FROM b",
        "SELECT to_jsonb(q) FROM b q",
    ]);
    // The names are the keys of the object.
    differ(&[
        "SELECT to_jsonb(s) AS o FROM (SELECT id, n FROM b) s",
        "SELECT to_jsonb(s) AS o FROM (SELECT id, n FROM b) s(id, m)",
    ]);
    equal(&[
        "SELECT to_jsonb(s) AS o FROM (SELECT id AS p, n AS q FROM b) s",
        "SELECT to_jsonb(t.*) AS o FROM (SELECT id, n FROM b) t(p, q)",
    ]);
    equal(&["SELECT (b).name FROM b", "SELECT b.name FROM b"]);
}

#[test]
fn counts_and_samples() {
    equal(&[
        "SELECT x FROM a LIMIT 10 OFFSET 2",
        "SELECT x FROM a OFFSET 2 ROWS FETCH NEXT 10 ROWS ONLY",
        "SELECT x FROM a LIMIT (10)::bigint OFFSET 2",
    ]);
    differ(&[
        "SELECT x FROM a LIMIT 10",
        "SELECT x FROM a OFFSET 10",
        "SELECT x FROM a LIMIT 11",
        "SELECT x FROM a ORDER BY x LIMIT 10",
        "SELECT x FROM a ORDER BY x FETCH FIRST 10 ROWS WITH TIES",
    ]);
    equal(&[
        "SELECT x FROM a TABLESAMPLE system (10)",
        "SELECT x FROM a TABLESAMPLE pg_catalog.system (10::real)",
    ]);
}

#[test]
fn what_is_not_known_is_not_resolved_past() {
    // `id` may be a column of the unknown relation.
    let (query, undecided) =
        analyzed("SELECT x FROM a WHERE EXISTS (SELECT 1 FROM nowhere WHERE id = 1)");
    assert!(!undecided.is_empty());
    assert_ne!(
        query,
        analyzed("SELECT x FROM a WHERE EXISTS (SELECT 1 FROM nowhere WHERE a.id = 1)").0
    );
}

fn command(text: &str) -> (Command, Vec<String>) {
    let (catalog, domains) = (catalog(), Domains::default());
    let mut analyzer = Analyzer::new(&catalog, &domains, &SearchPath::initial());
    analyzer.enter();
    let row = catalog.relation("public", "b").unwrap();
    for name in ["new", "old"] {
        let name = Ident::new(name);
        let columns = analyzer.relation_columns(row, &name);
        let item = super::from::item(Some(&name), &name, columns);
        analyzer.show(super::ScopeItem { columns_visible: false, row_type: row.row_type, ..item });
    }
    let command = analyzer.command(&fragment::command(text).unwrap());
    (command, analyzer.undecided)
}

fn equal_commands(texts: &[&str]) {
    let mut first = None;
    for text in texts {
        let (command, undecided) = command(text);
        assert!(undecided.is_empty(), "{text}: {undecided:?}");
        let first = first.get_or_insert_with(|| command.clone());
        assert!(*first == command, "{text}\n{first:#?}\n{command:#?}");
    }
}

fn differing_commands(texts: &[&str]) {
    for (at, one) in texts.iter().enumerate() {
        for other in texts.iter().skip(at + 1) {
            assert_ne!(command(one).0, command(other).0, "{one}\n{other}");
        }
    }
}

#[test]
fn commands_of_rules() {
    equal_commands(&[
        "INSERT INTO app.c VALUES (new.a_id, 'x')",
        "INSERT INTO app.c (id, val) VALUES (new.a_id, 'x'::text)",
    ]);
    equal_commands(&[
        "INSERT INTO b VALUES (new.*)",
        "INSERT INTO b (id, name, a_id, n) VALUES (new.id, new.name, new.a_id, new.n)",
    ]);
    equal_commands(&[
        "INSERT INTO app.c SELECT n, 'q' FROM b",
        "INSERT INTO app.c (id, val) SELECT b_1.n, 'q' FROM public.b b_1",
    ]);
    differing_commands(&[
        "INSERT INTO app.c VALUES (new.a_id, 'x')",
        "INSERT INTO app.c VALUES (old.a_id, 'x')",
        "INSERT INTO app.c VALUES (new.a_id)",
        "INSERT INTO app.c (id) VALUES (new.n)",
        "INSERT INTO app.c VALUES (new.a_id, DEFAULT)",
    ]);
    equal_commands(&[
        "UPDATE app.c SET (id, val) = (new.n, 'x') WHERE id = old.n",
        "UPDATE app.c SET id = new.n, val = 'x'::text WHERE (c.id = old.n)",
        "UPDATE app.c t SET id = new.n, val = 'x' WHERE t.id = old.n",
    ]);
    differing_commands(&[
        "UPDATE app.c SET val = 'x' WHERE id = old.n",
        "UPDATE app.c SET val = 'x' WHERE id = new.n",
        "UPDATE app.c SET val = 'x' WHERE id = n",
        "UPDATE app.c SET val = 'x'",
        "DELETE FROM app.c WHERE id = old.n",
    ]);
    equal_commands(&[
        "INSERT INTO app.c VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET val = excluded.val WHERE c.id > 0",
        "INSERT INTO app.c AS t (id, val) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET val = excluded.val WHERE t.id > 0",
    ]);
    differing_commands(&[
        "INSERT INTO app.c VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET val = excluded.val",
        "INSERT INTO app.c VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET val = c.val",
        "INSERT INTO app.c VALUES (1, 'x') ON CONFLICT (id) DO NOTHING",
        "INSERT INTO app.c VALUES (1, 'x') ON CONFLICT DO NOTHING",
    ]);
    equal_commands(&[
        "DELETE FROM b WHERE id = old.id RETURNING *",
        "DELETE FROM b q WHERE q.id = old.id RETURNING q.id, q.name, q.a_id, q.n",
    ]);
    equal_commands(&[
        "MERGE INTO app.c USING b ON c.id = b.n WHEN MATCHED THEN UPDATE SET val = name \
         WHEN NOT MATCHED THEN INSERT VALUES (n, 'x')",
        "MERGE INTO app.c t USING b s ON t.id = s.n WHEN MATCHED THEN UPDATE SET val = s.name \
         WHEN NOT MATCHED BY TARGET THEN INSERT (id, val) VALUES (s.n, 'x'::text)",
    ]);
}
