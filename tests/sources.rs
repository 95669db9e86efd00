//! Chains of migrations and commits of git as sources.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests fail by panics"
)]

use std::path::Path;
use std::process::Command;

fn write(place: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        let path = place.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

#[track_caller]
fn run(place: &Path, code: i32, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_pgcanon"))
        .args(arguments)
        .current_dir(place)
        .output()
        .unwrap();
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{text}");
    text
}

fn git(place: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .args([
            "-c",
            "user.email=a@example.org",
            "-c",
            "user.name=a",
            "-c",
            "init.defaultBranch=main",
        ])
        .args(arguments)
        .current_dir(place)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

const SCHEMA: &str = "CREATE TABLE a (id integer PRIMARY KEY, name varchar(40) NOT NULL);\n\
                      CREATE INDEX a_name ON a (name);\nCREATE VIEW v AS SELECT id FROM a;\n";

#[test]
fn layouts_of_tools_lead_to_one_schema() {
    let layouts: [&[(&str, &str)]; 7] = [
        &[
            ("m/1_a.sql", "CREATE TABLE a (id integer PRIMARY KEY, nom text);"),
            (
                "m/2_b.sql",
                "ALTER TABLE a RENAME nom TO name; ALTER TABLE a ALTER name TYPE varchar(40), ALTER name SET NOT NULL; CREATE INDEX a_name ON a (name);",
            ),
            ("m/10_c.sql", "CREATE VIEW v AS SELECT id FROM a;"),
        ],
        &[
            ("m/V1__a.sql", "CREATE TABLE a (id integer PRIMARY KEY);"),
            (
                "m/V1.1__b.sql",
                "ALTER TABLE a ADD name varchar(40) NOT NULL; CREATE INDEX a_name ON a (name);",
            ),
            ("m/U1.1__b.sql", "DROP TABLE a;"),
            ("m/R__v.sql", "CREATE OR REPLACE VIEW v AS SELECT id FROM a;"),
        ],
        &[
            (
                "m/000001_a.up.sql",
                "CREATE TABLE a (id integer PRIMARY KEY, name varchar(40) NOT NULL);",
            ),
            ("m/000001_a.down.sql", "DROP TABLE a;"),
            (
                "m/000002_b.up.sql",
                "CREATE INDEX a_name ON a (name); CREATE VIEW v AS SELECT id FROM a;",
            ),
            ("m/000002_b.down.sql", "DROP VIEW v;"),
        ],
        &[
            (
                "db/migrations/2020_a.sql",
                "-- migrate:up\nCREATE TABLE a (id integer PRIMARY KEY, name varchar(40) NOT NULL);\n-- migrate:down\nDROP TABLE a;\n",
            ),
            (
                "db/migrations/2021_b.sql",
                "-- migrate:up transaction:false\nCREATE INDEX CONCURRENTLY a_name ON a (name);\nCREATE VIEW v AS SELECT id FROM a;\n-- migrate:down\nDROP VIEW v;",
            ),
        ],
        &[(
            "m/00001_a.sql",
            "-- +goose Up\n-- +goose StatementBegin\nCREATE TABLE a (id integer PRIMARY KEY, name varchar(40) NOT NULL);\n-- +goose StatementEnd\nCREATE INDEX a_name ON a (name);\nCREATE VIEW v AS SELECT id FROM a;\n-- +goose Down\nDROP TABLE a CASCADE;",
        )],
        &[
            (
                "m/2020-01-01-000000_a/up.sql",
                "CREATE TABLE a (id integer PRIMARY KEY, name varchar(40) NOT NULL);",
            ),
            ("m/2020-01-01-000000_a/down.sql", "DROP TABLE a;"),
            (
                "m/2020-02-01-000000_b/up.sql",
                "CREATE INDEX a_name ON a (name); CREATE VIEW v AS SELECT id FROM a;",
            ),
        ],
        &[
            (
                "prisma/migrations/20200101_a/migration.sql",
                "-- CreateTable\nCREATE TABLE \"a\" (\"id\" INTEGER NOT NULL, \"name\" VARCHAR(40) NOT NULL, CONSTRAINT \"a_pkey\" PRIMARY KEY (\"id\"));\nCREATE INDEX \"a_name\" ON \"a\"(\"name\");",
            ),
            ("prisma/migrations/20200102_b/migration.sql", "CREATE VIEW v AS SELECT id FROM a;"),
            ("prisma/migrations/migration_lock.toml", "provider = \"postgresql\""),
        ],
    ];
    for files in layouts {
        let place = tempfile::tempdir().unwrap();
        write(place.path(), files);
        write(place.path(), &[("schema.sql", SCHEMA)]);
        let root = files.first().unwrap().0.split('/').next().unwrap();
        let said = run(place.path(), 0, &["diff", "schema.sql", &format!("migrations:{root}")]);
        assert!(said.contains("IN SYNC"), "{said}");
    }
}

#[test]
fn a_step_that_fails_is_named() {
    let place = tempfile::tempdir().unwrap();
    write(
        place.path(),
        &[
            ("m/1.sql", "CREATE TABLE a ();"),
            ("m/2.sql", "\n\nALTER TABLE b ADD c int;"),
            ("s.sql", SCHEMA),
        ],
    );
    let said = run(place.path(), 2, &["diff", "s.sql", "migrations:m"]);
    assert!(said.contains("m/2.sql:3"), "{said}");
    run(place.path(), 2, &["diff", "s.sql", "migrations:nothing"]);
    run(place.path(), 2, &["diff", "s.sql", "git:HEAD:s.sql"]);
}

#[test]
fn two_moments_of_a_repository_compare() {
    let place = tempfile::tempdir().unwrap();
    let at = place.path();
    write(at, &[("db/schema.sql", SCHEMA), ("db/more/x.sql", "CREATE SCHEMA x;")]);
    git(at, &["init", "-q", "."]);
    git(at, &["add", "-A"]);
    git(at, &["commit", "-qm", "one"]);
    write(at, &[("db/schema.sql", &SCHEMA.replace("varchar(40)", "varchar(80)"))]);
    let said = run(at, 1, &["diff", "git:HEAD:db/schema.sql", "db/schema.sql"]);
    assert!(
        said.contains("git:HEAD:db/schema.sql:1") && said.contains("character varying(40)"),
        "{said}"
    );
    let said = run(at, 0, &["diff", "git:HEAD:db", "git:main:db"]);
    assert!(said.contains("IN SYNC"), "{said}");
    git(at, &["commit", "-qam", "wider"]);
    write(at, &[("db/schema.sql", "CREATE TABLE broken (")]);
    git(at, &["commit", "-qam", "broken"]);
    write(
        at,
        &[(
            "db/schema.sql",
            "CREATE TABLE a (id integer PRIMARY KEY, name varchar(80) NOT NULL);\n",
        )],
    );
    git(at, &["commit", "-qam", "fewer"]);
    let said = run(at, 0, &["history", "db/schema.sql"]);
    for part in [
        "first, ",
        "type: character varying(40) -> character varying(80)",
        "UNKNOWN: ",
        "index public.a_name removed",
        "view public.v removed",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    run(at, 2, &["history", "nothing.sql"]);
    for wrong in ["git:HEAD", "git:nothing:db", "git:HEAD:none.sql", "git:--help:x"] {
        run(at, 2, &["diff", wrong, "db"]);
    }
}
