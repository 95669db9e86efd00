//! Row security: at no step a role sees rows that it sees on neither side.

use std::collections::BTreeSet;

use super::{Place, loaded};
use crate::server::{Database, Server};

/// Pairs of policies over the same ten rows; `n` says which.
const SIDES: &[(&str, &str)] = &[
    // Switched on with its policies, and off.
    ("", "ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (n < 3);"),
    // Another condition, another command, another role.
    (
        "ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (n < 3);",
        "ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t FOR SELECT TO pgcanon_reader USING (n = 7);",
    ),
    // A restrictive policy that becomes permissive: rebuilt.
    (
        "ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY a ON t USING (n < 5); CREATE POLICY b ON t AS RESTRICTIVE USING (n > 2);",
        "ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY a ON t USING (n < 2); CREATE POLICY b ON t AS PERMISSIVE USING (n > 8);",
    ),
    // The restrictive one goes while the permissive one narrows.
    (
        "ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY a ON t USING (true); CREATE POLICY b ON t AS RESTRICTIVE USING (n < 3);",
        "ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY a ON t USING (n = 1);",
    ),
    // Policies are there and switched off; others are there and switched on.
    (
        "CREATE POLICY a ON t USING (true);",
        "ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY b ON t USING (n = 4);",
    ),
    // The column of a policy gets another type, so that the policy is rebuilt.
    (
        "ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY a ON t USING (n < 5); CREATE POLICY b ON t AS RESTRICTIVE USING (n < 4);",
        "ALTER TABLE t ALTER n TYPE bigint; ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY a ON t USING (n < 5); CREATE POLICY b ON t AS RESTRICTIVE USING (n < 4);",
    ),
];

const TABLE: &str = "CREATE TABLE t (n int NOT NULL); GRANT SELECT ON t TO pgcanon_reader;";

fn seen(db: &Database<'_>) -> BTreeSet<String> {
    let rows = db.query("SET ROLE pgcanon_reader; SELECT n FROM t;");
    rows.into_iter().flatten().collect()
}

#[test]
fn no_step_shows_more_than_both_sides() {
    let Some(server) = Server::any() else { return };
    server.roles(&["pgcanon_reader"]);
    for (number, (one, other)) in SIDES.iter().enumerate() {
        let (one, other) = (format!("{TABLE}{one}"), format!("{TABLE}{other}"));
        for (canonical, live) in [(&one, &other), (&other, &one)] {
            let place = Place::new(canonical, live);
            let plan = place.text(&["--format", "json"]);
            let plan: serde_json::Value = serde_json::from_str(&plan).unwrap();
            let (db, _) = loaded(server, live);
            let (target, _) = loaded(server, canonical);
            for db in [&db, &target] {
                db.load("INSERT INTO t SELECT generate_series(0, 9);").unwrap();
            }
            let allowed: BTreeSet<String> = seen(&db).union(&seen(&target)).cloned().collect();
            for step in plan["up"]["steps"].as_array().unwrap() {
                let sql = step["sql"].as_str().unwrap();
                let path: Vec<&str> = step["search_path"]
                    .as_array()
                    .map(|names| names.iter().map(|name| name.as_str().unwrap()).collect())
                    .unwrap_or_default();
                let path = format!("SET search_path = {};\n", path.join(", "));
                let sql = if path.contains("= ;") { sql.to_owned() } else { path + sql };
                db.load(&sql).unwrap_or_else(|error| panic!("{number}: {error}\n{sql}"));
                let now = seen(&db);
                let wider: Vec<_> = now.difference(&allowed).collect();
                assert!(wider.is_empty(), "{number}: {wider:?} after {sql}\nof {plan:#}");
            }
            assert_eq!(seen(&db), seen(&target), "{number}");
        }
    }
}
