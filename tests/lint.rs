//! `pgcanon lint` on migrations with and without dangerous statements, waivers, exit codes.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests run programs, write files, and fail by panics"
)]

mod program;

use std::fs;
use std::path::Path;
use std::process::Command;

use program::Run;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn run(directory: &Path, arguments: &[&str]) -> Run {
    program::run(directory, &[&["lint"], arguments].concat())
}

/// `line code` of each finding that is not waived.
fn found(directory: &Path, arguments: &[&str]) -> Vec<String> {
    let mut all = arguments.to_vec();
    all.extend(["--format", "json"]);
    let run = run(directory, &all);
    let value: serde_json::Value = serde_json::from_str(&run.out)
        .unwrap_or_else(|error| panic!("{error}: {}{}", run.out, run.err));
    let findings = value["findings"].as_array().unwrap().iter();
    let open = findings.filter(|finding| finding["waived_by"].is_null());
    open.map(|finding| format!("{} {}", finding["line"], finding["code"].as_str().unwrap()))
        .collect()
}

/// A text as a file of its own.
fn lint(name: &str, text: &str, arguments: &[&str]) -> Vec<String> {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join(name), text).unwrap();
    let mut all = vec![name];
    all.extend(arguments);
    found(place.path(), &all)
}

#[test]
fn what_only_looks_dangerous_is_no_finding() {
    let traps = run(root(), &["tests/lint/alembic/001_traps.py"]);
    assert_eq!(traps.code, Some(0), "{}{}", traps.out, traps.err);
    assert_eq!(traps.out, "");
}

#[test]
fn the_way_back_counts_on_request() {
    let back = found(root(), &["tests/lint/alembic/001_traps.py", "--downgrade"]);
    assert_eq!(back, Vec::<String>::new(), "what the same file creates may go");
    let other = found(root(), &["tests/lint/alembic/002_all.py", "--downgrade"]);
    assert!(other.iter().any(|finding| finding.ends_with("58 L-DROP-TABLE")), "{other:?}");
    let sql = found(root(), &["tests/lint/sql/004_goose.sql", "tests/lint/sql/005_x.down.sql"]);
    assert_eq!(sql, ["2 L-IN-TRANSACTION"]);
    let sql = found(
        root(),
        &["tests/lint/sql/004_goose.sql", "tests/lint/sql/005_x.down.sql", "--downgrade"],
    );
    assert_eq!(sql, ["2 L-IN-TRANSACTION", "4 L-DROP-TABLE", "1 L-DROP-TABLE"]);
}

#[test]
fn every_operation_of_alembic_has_its_rule() {
    let expected = [
        "14 L-DROP-TABLE",
        "16 L-DROP-COLUMN",
        "17 L-RENAME-COLUMN",
        "18 L-DROP-CONSTRAINT",
        "23 L-TRUNCATE",
        "26 L-DELETE-WITHOUT-WHERE",
        "29 L-NOT-ANALYSABLE",
        "30 L-NOT-ANALYSABLE",
        "34 L-RLS-OFF",
        "35 L-UPDATE-WITHOUT-WHERE",
        "36 L-ADD-NOT-NULL",
        "38 L-VOLATILE-DEFAULT",
        "41 L-ALTER-TYPE",
        "41 L-SET-NOT-NULL",
        "42 L-INDEX-BLOCKS",
        "43 L-IN-TRANSACTION",
        "46 L-DROP-TYPE",
        "50 L-RENAME-TABLE",
    ];
    let mut all = found(root(), &["tests/lint/alembic/002_all.py"]);
    // `"DROP TABLE " + TABLE` is known, as TABLE is given one literal only.
    let joined = all.iter().position(|finding| finding == "31 L-DROP-TABLE");
    all.remove(joined.expect("the name is read"));
    assert_eq!(all, expected);
}

#[test]
fn sql_is_read_action_by_action() {
    let expected = [
        "5 L-DROP-TABLE",
        "5 L-DROP-TABLE",
        "6 L-DROP-SCHEMA",
        "7 L-DROP-COLUMN",
        "9 L-ADD-NOT-NULL",
        "10 L-SET-NOT-NULL",
        "11 L-ALTER-TYPE",
        "12 L-CONSTRAINT-VALIDATES",
        "14 L-RLS-OFF",
        "16 L-IN-TRANSACTION",
        "19 L-DROP-POLICY",
        "22 L-GRANT-PUBLIC",
        "23 L-RENAME-COLUMN",
        "24 L-UPDATE-WITHOUT-WHERE",
        "25 L-DELETE-WITHOUT-WHERE",
    ];
    assert_eq!(found(root(), &["tests/lint/sql/001_all.sql"]), expected);
}

#[test]
fn types_are_known_from_earlier_files() {
    let all = ["tests/lint/sql/002_types.sql", "tests/lint/sql/003_types.sql"];
    assert_eq!(found(root(), &all), ["2 L-ALTER-TYPE"]);
    let alone = found(root(), &["tests/lint/sql/003_types.sql"]);
    assert_eq!(alone.first().map(String::as_str), Some("1 L-ALTER-TYPE"));
}

#[test]
fn waivers_need_a_decision_that_is_there() {
    let file = "tests/lint/alembic/003_waived.py";
    let with = found(root(), &[file, "--decisions", "tests/lint/adr"]);
    let expected = [
        "15 L-DROP-TABLE",
        "15 L-WAIVER-WITHOUT-DECISION",
        "16 L-DROP-TABLE",
        "16 L-WAIVER-UNKNOWN-DECISION",
        "20 L-DROP-TABLE",
        "22 L-WAIVER-UNUSED",
        "24 L-DROP-COLUMN",
    ];
    assert_eq!(with, expected);
    let shown = run(root(), &[file, "--decisions", "tests/lint/adr", "--show-waived"]);
    assert_eq!(shown.out.matches("waived by ADR-015").count(), 3, "{}", shown.out);
    assert!(shown.err.contains("3 waived"), "{}", shown.err);
    // Nobody said where decisions are: any reference will do.
    let without = found(root(), &[file]);
    assert!(!without.iter().any(|finding| finding.contains("UNKNOWN")), "{without:?}");
}

#[test]
fn severities_decide_about_the_exit_code() {
    let file = "tests/lint/sql/003_types.sql";
    assert_eq!(run(root(), &[file]).code, Some(1));
    assert_eq!(run(root(), &[file, "--fail-on", "blocking"]).code, Some(0));
    assert_eq!(run(root(), &[file, "--fail-on", "high"]).code, Some(1));
    assert_eq!(run(root(), &["no/such/dir"]).code, Some(2));
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("a.sql"), "SELECT 1;\nCREATE TABEL t ();\n").unwrap();
    fs::write(place.path().join("b.py"), "def upgrade(:\n    pass\n").unwrap();
    let sql = run(place.path(), &["a.sql"]);
    assert!(sql.code == Some(2) && sql.err.contains("a.sql:2"), "{}", sql.err);
    let python = run(place.path(), &["b.py"]);
    assert!(python.code == Some(2) && python.err.contains("b.py:1"), "{}", python.err);
}

#[test]
fn places_are_said_with_their_line() {
    let shown = run(root(), &["tests/lint/alembic/002_all.py"]);
    assert!(
        shown.out.contains("tests/lint/alembic/002_all.py:23:17: BLOCKING L-TRUNCATE"),
        "{}",
        shown.out
    );
    assert!(shown.out.contains("    23 |                 TRUNCATE orders;"), "{}", shown.out);
}

#[test]
fn optional_rules_are_off_by_default() {
    let text = "CREATE TABLE a (b int);\nCREATE TABLE IF NOT EXISTS c (b int);\n";
    assert_eq!(lint("a.sql", text, &[]), Vec::<String>::new());
    assert_eq!(lint("a.sql", text, &["--idempotent"]), ["1 L-NOT-IDEMPOTENT"]);
    let text = "CREATE INDEX CONCURRENTLY i ON t (a);\n";
    assert_eq!(lint("a.sql", text, &[]), Vec::<String>::new());
    assert_eq!(lint("a.sql", text, &["--in-transaction"]), ["1 L-IN-TRANSACTION"]);
    let app = "Base.metadata.create_all(engine)\nawait c.run_sync(Base.metadata.create_all)\n# x.create_all(y)\n";
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("main.py"), app).unwrap();
    assert_eq!(found(place.path(), &["--startup", "."]), ["1 L-CREATE-ALL", "2 L-CREATE-ALL"]);
}

#[test]
fn a_table_that_may_be_there_already_is_not_new() {
    let text = "CREATE TABLE IF NOT EXISTS t (a int);\nDROP TABLE t;\n";
    assert_eq!(lint("a.sql", text, &[]), ["2 L-DROP-TABLE"]);
    let text = "CREATE TABLE scratch.t (a int);\nALTER TABLE app.t DROP COLUMN a;\nDROP TABLE scratch.t;\n";
    assert_eq!(lint("a.sql", text, &[]), ["2 L-DROP-COLUMN"]);
}

#[test]
fn hostile_files_are_no_crash() {
    let deep = format!(
        "def upgrade():\n    op.execute({}'DROP TABLE t'{})\n",
        "(".repeat(30_000),
        ")".repeat(30_000)
    );
    assert_eq!(lint("a.py", &deep, &[]), ["2 L-NOT-ANALYSABLE"]);
    let names = "def upgrade():\n    op.drop_table('\\x1b[2J\\u202e')\n";
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("a.py"), names).unwrap();
    let shown = run(place.path(), &["a.py"]);
    assert!(
        shown.code == Some(1) && !shown.out.contains('\u{1b}') && !shown.out.contains('\u{202e}')
    );
    let circle = "a = b\nb = a\ndef upgrade():\n    op.execute(a)\n    upgrade()\n";
    assert_eq!(lint("a.py", circle, &[]), ["4 L-NOT-ANALYSABLE"]);
}

#[test]
fn operations_in_other_hands_are_not_analysable() {
    let text = "from alembic import op as o\nimport help\n\n\ndef upgrade():\n    getattr(o, 'drop_table')('t')\n    drop = o.drop_table\n    help.tidy(o)\n    o.f('x')\n    own(o)\n\n\ndef own(op):\n    o.drop_table('u')\n";
    let expected =
        ["6 L-NOT-ANALYSABLE", "7 L-NOT-ANALYSABLE", "8 L-NOT-ANALYSABLE", "14 L-DROP-TABLE"];
    assert_eq!(lint("a.py", text, &[]), expected);
}

#[test]
fn branches_for_other_databases_are_left_out_and_counted() {
    let text = "from alembic import op\n\n\ndef upgrade():\n    name = op.get_bind().dialect.name\n    if name == 'sqlite':\n        op.drop_table('a')\n    elif name in ('mysql', 'mariadb'):\n        op.drop_table('b')\n    elif name == 'postgresql':\n        op.drop_table('c')\n    else:\n        op.drop_table('d')\n    if name != 'postgresql':\n        op.drop_table('e')\n    if name == 'sqlite' or x:\n        op.drop_table('f')\n";
    let expected = ["11 L-DROP-TABLE", "17 L-DROP-TABLE"];
    assert_eq!(lint("a.py", text, &[]), expected);
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("a.py"), text).unwrap();
    let shown = run(place.path(), &["a.py"]);
    assert!(shown.err.contains("4 blocks for other databases left out"), "{}", shown.err);
}

#[test]
fn what_comes_after_the_branch_for_postgresql_is_for_others() {
    let branches = |condition: &str| {
        let text = format!(
            "from alembic import op\n\n\ndef upgrade():\n    name = op.get_bind().dialect.name\n    if {condition}:\n        op.drop_table('a')\n    elif x:\n        op.drop_table('b')\n    else:\n        op.drop_table('c')\n"
        );
        lint("a.py", &text, &[])
    };
    assert_eq!(branches("name == 'postgresql'"), ["7 L-DROP-TABLE"]);
    assert_eq!(branches("name in ('postgresql', 'sqlite')"), ["7 L-DROP-TABLE"]);
    assert_eq!(branches("name != 'sqlite'"), ["7 L-DROP-TABLE"]);
    assert_eq!(branches("name not in ('sqlite', 'mysql')"), ["7 L-DROP-TABLE"]);
    assert_eq!(branches("name not in ('postgresql',)"), ["9 L-DROP-TABLE", "11 L-DROP-TABLE"]);
    let all = ["7 L-DROP-TABLE", "9 L-DROP-TABLE", "11 L-DROP-TABLE"];
    assert_eq!(branches("name == other"), all);
    assert_eq!(branches("name == 'postgresql' and x"), all);
}

#[test]
fn operations_that_are_imported_by_name_are_operations() {
    let text = "from alembic.op import drop_table, execute as run, batch_alter_table\n\n\ndef upgrade():\n    drop_table('a')\n    run('DROP TABLE b')\n    with batch_alter_table('c') as batch:\n        batch.drop_column('d')\n    for each in (drop_table,):\n        each('e')\n";
    let expected = ["5 L-DROP-TABLE", "6 L-DROP-TABLE", "8 L-DROP-COLUMN", "9 L-NOT-ANALYSABLE"];
    assert_eq!(lint("a.py", text, &[]), expected);
    let all = "from alembic.op import *\n\n\ndef upgrade():\n    drop_column('a', 'b')\n    print('DROP TABLE x')\n    execute('TRUNCATE a')\n";
    assert_eq!(lint("a.py", all, &[]), ["5 L-DROP-COLUMN", "7 L-TRUNCATE"]);
    let other = "import alembic.op as o\nfrom mine import drop_table\n\n\ndef upgrade():\n    o.drop_table('a')\n    drop_table('b')\n";
    assert_eq!(lint("a.py", other, &[]), ["6 L-DROP-TABLE"]);
    let within = "def upgrade():\n    from alembic.op import drop_table\n    drop_table('a')\n";
    assert_eq!(lint("a.py", within, &["--downgrade"]).len(), 1);
}

#[test]
fn only_what_changed_is_looked_at() {
    let place = tempfile::tempdir().unwrap();
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.current_dir(place.path()).args([
            "-c",
            "user.name=t",
            "-c",
            "user.email=t@example.org",
        ]);
        assert!(command.args(arguments).output().unwrap().status.success(), "{arguments:?}");
    };
    fs::create_dir(place.path().join("m")).unwrap();
    fs::write(place.path().join("m/1.sql"), "DROP TABLE a;\n").unwrap();
    git(&["init", "-q", "-b", "main"]);
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "one"]);
    let nothing = run(place.path(), &["--changed-since", "main"]);
    assert_eq!(nothing.code, Some(0), "{}", nothing.err);
    assert_eq!(nothing.out, "No candidate migrations detected; skipping.\n");
    fs::write(place.path().join("m/2.sql"), "DROP TABLE b;\n").unwrap();
    fs::write(place.path().join("note.py"), "x = 1\n").unwrap();
    assert_eq!(found(place.path(), &["--changed-since", "main"]), ["1 L-DROP-TABLE"]);
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "two"]);
    let below = run(&place.path().join("m"), &[".", "--changed-since", "HEAD~1"]);
    assert!(below.code == Some(1) && below.out.contains("2.sql:1"), "{}{}", below.out, below.err);
    let unknown = run(place.path(), &["--changed-since", "no-such-branch"]);
    assert!(unknown.code == Some(2) && unknown.err.contains("cli::usage"), "{}", unknown.err);
}

#[test]
fn every_rule_has_its_page() {
    let mut pages: Vec<String> = fs::read_dir(root().join("docs/lints"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    pages.sort();
    let mut rules: Vec<String> =
        pgcanon::lint::ALL.iter().map(|rule| format!("{}.md", rule.code)).collect();
    rules.sort();
    assert_eq!(pages, rules);
    for rule in pgcanon::lint::ALL {
        let page = fs::read_to_string(root().join(format!("docs/lints/{}.md", rule.code))).unwrap();
        assert!(page.starts_with(&format!("# {}\n", rule.code)), "{page}");
        for head in ["## What", "## Why", "## What to do", "## How to waive"] {
            assert!(page.contains(&format!("\n{head}\n\n")), "{}: {head}", rule.code);
        }
    }
}
