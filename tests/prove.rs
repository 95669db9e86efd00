//! `pgcanon prove` on a real server: what works is proven, and nothing stays behind.

#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests fail by panics")]

mod server;

use std::path::Path;
use std::process::{Command, Output};

use server::Server;

fn prove(server: &Server, canonical: &Path, live: &Path) -> Output {
    let db = server.database();
    let mut command = Command::new(env!("CARGO_BIN_EXE_pgcanon"));
    command.arg("prove").args([canonical, live]).args(["--server", &db.url()]);
    if let Some(program) = server.client("psql") {
        command.env("PGCANON_PSQL", program);
    }
    if let Some(program) = server.client("pg_dump") {
        command.env("PGCANON_PG_DUMP", program);
    }
    command.output().unwrap()
}

fn left_behind(server: &Server) -> Vec<Vec<String>> {
    let db = server.database();
    db.query(
        "SELECT datname FROM pg_database \
         WHERE datname LIKE 'pgcanon_canonical_%' OR datname LIKE 'pgcanon_live_%'",
    )
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

/// Queries of every kind of object, with stars over what is no table.
const QUERIES: &str = "
    CREATE TABLE a (id int PRIMARY KEY, name text);
    CREATE TABLE b (x int);
    CREATE VIEW v AS SELECT * FROM (SELECT id, name n FROM a) s;
    CREATE VIEW w AS WITH q AS (SELECT * FROM a) SELECT q.*, f.x FROM q, generate_series(1, 3) f(x);
    CREATE VIEW j AS SELECT a.*, other.name AS again FROM a JOIN a other USING (id);
    CREATE MATERIALIZED VIEW m AS SELECT * FROM v UNION SELECT * FROM a;
    CREATE FUNCTION f(i int) RETURNS SETOF int BEGIN ATOMIC SELECT id FROM (SELECT * FROM a) z WHERE id = i; END;
    CREATE POLICY p ON a USING (EXISTS (SELECT * FROM (SELECT id FROM a) z WHERE z.id = a.id));
    CREATE RULE r AS ON DELETE TO b WHERE (SELECT count(*) FROM a) > 1 DO INSTEAD NOTHING;";

/// One test for all, since they look at all databases of one server.
#[test]
fn proves_what_works_and_leaves_nothing_behind() {
    let Some(server) = Server::any() else { return };
    server.roles(&["app_rw", "app_ro", "auditor", "app_migrator"]);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("canonical");
    let output = prove(server, &root.join("schema.sql"), &root.join("live.sql"));
    assert!(output.status.success(), "{}", text(&output));
    assert!(text(&output).contains("PROVEN: up, down and up again"), "{}", text(&output));
    assert!(left_behind(server).is_empty());

    let folder = tempfile::tempdir().unwrap();
    let queries = folder.path().join("queries.sql");
    std::fs::write(&queries, QUERIES).unwrap();
    let empty = folder.path().join("empty.sql");
    std::fs::write(&empty, "CREATE TABLE a (id int PRIMARY KEY);").unwrap();
    let output = prove(server, &queries, &empty);
    assert!(output.status.success(), "{}", text(&output));
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    // The statements of a file are run, its commands of psql are not.
    let mark = folder.path().join("mark");
    let hostile = format!("\\! touch {}\nCREATE TABLE t (a int);\n", mark.display());
    let canonical = file("canonical.sql", "CREATE TABLE t (a int, b text NOT NULL DEFAULT 'x');");
    let output = prove(server, &canonical, &file("hostile.sql", &hostile));
    assert!(!mark.exists(), "{}", text(&output));

    let refused =
        file("refused.sql", "CREATE TABLE t (a int); GRANT SELECT ON t TO no_such_role_here;");
    let output = prove(server, &canonical, &refused);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output));
    assert!(text(&output).contains("no_such_role_here"), "{}", text(&output));
    assert!(left_behind(server).is_empty());
}
