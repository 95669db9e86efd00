//! `pgcanon prove` on a real server: what works is proven, and nothing stays behind.

#![allow(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panics"
)]

mod server;

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use server::Server;

fn prove(server: &Server, canonical: &Path, live: &Path) -> Output {
    let db = server.database();
    let mut command = program(server);
    command.arg("prove").args([canonical, live]).args(["--server", &db.url()]);
    command.output().unwrap()
}

/// The program with the clients of a server.
fn program(server: &Server) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pgcanon"));
    if let Some(program) = server.client("psql") {
        command.env("PGCANON_PSQL", program);
    }
    if let Some(program) = server.client("pg_dump") {
        command.env("PGCANON_PG_DUMP", program);
    }
    command
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

/// On a server of its own, since it looks at all databases.
#[test]
fn proves_what_works_and_leaves_nothing_behind() {
    let Some(shared) = Server::any() else { return };
    let server = &shared.start_another();
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

/// What is there: a renamed column, a list of values, row security.
const BEFORE: &str = "
    CREATE TABLE customers (id int PRIMARY KEY, tier text CHECK (tier IN ('free', 'pro')));
    CREATE TABLE orders (id serial PRIMARY KEY, customer int REFERENCES customers, state text,
      amount int, note text);
    ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
    CREATE POLICY p ON orders FOR SELECT TO prove_reader USING (id < 3);
    GRANT SELECT ON orders TO prove_reader;";
const AFTER: &str = "
    CREATE TABLE customers (id int PRIMARY KEY, tier text);
    ALTER TABLE customers ADD CONSTRAINT customers_tier_check CHECK (tier IN ('free', 'max')) NOT VALID;
    CREATE TABLE orders (id serial PRIMARY KEY, customer int REFERENCES customers, status text,
      amount bigint);
    ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
    CREATE POLICY p ON orders FOR SELECT TO prove_reader USING (id < 2);
    GRANT SELECT ON orders TO prove_reader;";

/// A folder with both sides, and the arguments that name them.
fn sides(canonical: &str, live: &str) -> (tempfile::TempDir, [String; 2]) {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let both = [file("canonical.sql", canonical), file("live.sql", live)];
    (folder, both)
}

#[test]
fn rows_are_counted_and_behaviour_is_tried() {
    let Some(server) = Server::any() else { return };
    server.roles(&["prove_reader"]);
    let (folder, both) = sides(AFTER, BEFORE);
    let seed = folder.path().join("seed.sql");
    std::fs::write(&seed, "INSERT INTO customers VALUES (100, 'free');").unwrap();
    let transcript = folder.path().join("proof.txt");
    let db = server.database();
    let mut command = program(server);
    command.arg("prove").args(&both).args([
        "--server",
        &db.url(),
        "--rename",
        "orders.state=status",
    ]);
    command.args(["--generate-rows", "4", "--seed"]).arg(&seed);
    command.arg("--transcript").arg(&transcript);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", text(&output));
    let proof = std::fs::read_to_string(&transcript).unwrap();
    for line in [
        "rows      9 in 2 tables",
        "CHECK of public.customers.tier: takes free, max; refuses pro",
        "CHECK of public.customers.tier: takes free, pro; refuses max",
        "role prove_reader sees of public.orders: 1 of 4 rows; before: 2 of 4 rows",
        "PROVEN: up, down and up again",
    ] {
        assert!(proof.contains(line), "{line}\n{proof}");
    }
}

#[test]
fn a_seed_that_does_not_fit_is_said() {
    let Some(server) = Server::any() else { return };
    let (folder, both) = sides("CREATE TABLE t (a int);", "CREATE TABLE t (a int, b int);");
    let seed = folder.path().join("seed.sql");
    std::fs::write(&seed, "INSERT INTO nothing VALUES (1);").unwrap();
    let db = server.database();
    let run = |seed: &Path| {
        let mut command = program(server);
        command.arg("prove").args(&both).args(["--server", &db.url(), "--seed"]).arg(seed);
        command.output().unwrap()
    };
    let output = run(&seed);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output));
    assert!(text(&output).contains("the seed: "), "{}", text(&output));
    let output = run(&folder.path().join("none.sql"));
    assert_eq!(output.status.code(), Some(2), "{}", text(&output));
    assert!(text(&output).contains("cannot read"), "{}", text(&output));
}

#[test]
fn a_server_of_its_own_comes_and_goes() {
    let Some(server) = Server::any() else { return };
    let Some(initdb) = server.client("initdb") else { return };
    let (folder, both) = sides("CREATE TABLE t (a int);", "CREATE TABLE t (a int, b int);");
    let output = program(server)
        .arg("prove")
        .args(&both)
        .env("PGCANON_INITDB", initdb)
        .env("TMPDIR", folder.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output));
    assert!(text(&output).contains("server    a temporary one"), "{}", text(&output));
    assert!(text(&output).contains("PROVEN"), "{}", text(&output));
}

/// Killed while the seed sleeps, it cannot drop anything itself.
#[test]
fn nothing_stays_behind_when_it_is_killed() {
    // A server of its own, as the databases of other tests come and go on the shared one.
    let Some(shared) = Server::any() else { return };
    let server = shared.start_another();
    let (folder, both) = sides("CREATE TABLE t (a int);", "CREATE TABLE t (a int, b int);");
    let seed = folder.path().join("seed.sql");
    std::fs::write(&seed, "SELECT pg_sleep(60);").unwrap();
    let db = server.database();
    let mut command = program(&server);
    command.arg("prove").args(&both).args(["--server", &db.url(), "--seed"]).arg(&seed);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let wait_for = |count: usize| {
        for _ in 0..300 {
            if left_behind(&server).len() == count {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("{:?} are there, {count} are expected", left_behind(&server));
    };
    wait_for(2);
    child.kill().unwrap();
    child.wait().unwrap();
    wait_for(0);
}
