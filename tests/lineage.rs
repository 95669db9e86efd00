//! `pgcanon lineage` on chains of Alembic: what is found, what is drawn, exit codes.

#![allow(
    clippy::disallowed_methods,
    clippy::format_collect,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests run programs, write files, and fail by panics"
)]

use std::fs;
use std::path::Path;
use std::process::Command;

struct Run {
    code: Option<i32>,
    out: String,
    err: String,
}

fn run(arguments: &[&str]) -> Run {
    run_in(Path::new(env!("CARGO_MANIFEST_DIR")), arguments, &[])
}

fn run_in(directory: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_pgcanon"))
        .arg("lineage")
        .args(arguments)
        .current_dir(directory)
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Run { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

const SOUND: &str = "tests/lineage/sound";
const BROKEN: &str = "tests/lineage/broken";

#[test]
fn a_chain_with_a_merge_has_one_head() {
    let found = run(&[SOUND]);
    assert_eq!(found.code, Some(0), "{}{}", found.out, found.err);
    assert!(found.err.contains("4 revisions, 1 head, 1 base, 1 merge, 0 faults"), "{}", found.err);
    let drawn = "\
*  d4cc5566  merge both  (head)
| \\
*   |  b2aa1122  add an address
|   *  c3bb3344  keep an audit trail  (depends on b2aa)
|   /
*  a1f0c2d3e4b5  create accounts  (base; branch core)
";
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(words(&found.out), words(drawn), "{}", found.out);
}

#[test]
fn every_fault_is_named_at_its_place() {
    let found = run(&[BROKEN]);
    assert_eq!(found.code, Some(1), "{}{}", found.out, found.err);
    for said in [
        "two revisions have the id aaaa",
        "a_copy.py:2",
        "revision cccc comes after gone, which is not there",
        "c.py:3",
        "the label x is taken",
        "revisions go in a circle: eeee -> ffff -> eeee",
        "there are 2 heads: bbbb, cccc",
        "revision cannot be told without running the file",
        "g.py:3",
        "tool.py is no revision",
    ] {
        assert!(found.err.contains(said), "{said} is not in\n{}", found.err);
    }
}

#[test]
fn the_expected_head_may_be_shortened() {
    assert_eq!(run(&[SOUND, "--expect-head", "d4cc"]).code, Some(0));
    assert_eq!(run(&[SOUND, "--expect-head", "d4cc5566"]).code, Some(0));
    let other = run(&[SOUND, "--expect-head", "b2aa"]);
    assert_eq!(other.code, Some(1));
    assert!(other.err.contains("expected to be b2aa1122, but it is d4cc5566"), "{}", other.err);
    assert_eq!(run(&[SOUND, "--expect-head", "zz"]).code, Some(1));
}

#[test]
fn drawings_name_all_edges() {
    let json = run(&[SOUND, "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(value["heads"][0], "d4cc5566");
    assert_eq!(value["revisions"][0]["down_revision"][1], "c3bb3344");
    assert_eq!(value["sound"], true);
    let mermaid = run(&[SOUND, "--format", "mermaid"]).out;
    assert!(mermaid.starts_with("flowchart BT\n"), "{mermaid}");
    assert_eq!((mermaid.matches(" --> ").count(), mermaid.matches(" -.-> ").count()), (4, 1));
    let dot = run(&[SOUND, "--format", "dot"]).out;
    assert_eq!(dot.matches(" -> ").count(), 5, "{dot}");
}

#[test]
fn several_directories_are_one_graph() {
    let place = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = place.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("one/versions/a.py", "revision = 'a'\ndown_revision = None\n");
    write("one/env.py", "target = None\n");
    write("two/b.py", "revision = 'b'\ndown_revision = 'a'\n");
    assert_eq!(run_in(place.path(), &["one", "two"], &[]).code, Some(0));
    let alone = run_in(place.path(), &["two"], &[]);
    assert_eq!(alone.code, Some(1));
    assert!(alone.err.contains("comes after a, which is not there"), "{}", alone.err);
    assert_eq!(run_in(place.path(), &["three"], &[]).code, Some(2));
    fs::create_dir(place.path().join("empty")).unwrap();
    assert_eq!(run_in(place.path(), &["empty"], &[]).code, Some(2));
}

#[test]
fn the_configuration_of_alembic_says_where_revisions_are() {
    let place = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = place.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("env/versions/a.py", "revision = 'a'\ndown_revision = None\n");
    write("other place/b.py", "revision = 'b'\ndown_revision = 'a'\n");
    write("other place/deep/c.py", "revision = 'c'\ndown_revision = 'b'\n");
    let head = |ini: &str, head: &str| {
        write("alembic.ini", ini);
        for target in [".", "alembic.ini"] {
            let found = run_in(place.path(), &[target, "--expect-head", head], &[]);
            assert_eq!(found.code, Some(0), "{ini}\n{}{}", found.out, found.err);
        }
    };
    head("[alembic]\nscript_location = env\n", "a");
    head("[alembic]\nscript_location = %(here)s/env\n", "a");
    let two = "script_location = env\nversion_locations = env/versions:%(here)s/other place\n";
    head(&format!("[alembic]\nversion_path_separator = :\n{two}"), "b");
    head(&format!("[alembic]\npath_separator = os\n{two}"), "b");
    head(
        &format!("[alembic]\npath_separator = os\nrecursive_version_locations = true\n{two}"),
        "c",
    );
    let lines = "script_location = env\npath_separator = newline\nversion_locations =\n    %(here)s/env/versions\n    other place\n";
    head(&format!("[alembic]\n{lines}"), "b");
    fs::remove_file(place.path().join("alembic.ini")).unwrap();
    write(
        "pyproject.toml",
        "[tool.alembic]\nscript_location = \"%(here)s/env\"\nversion_locations = [\"%(here)s/env/versions\", \"%(here)s/other place\"]\n",
    );
    let found = run_in(place.path(), &[".", "--expect-head", "b"], &[]);
    assert_eq!(found.code, Some(0), "{}{}", found.out, found.err);
    // The script directory leads to the configuration above it.
    write("env/env.py", "");
    let found = run_in(place.path(), &["env", "--expect-head", "b"], &[]);
    assert_eq!(found.code, Some(0), "{}{}", found.out, found.err);
}

#[test]
fn names_cannot_control_the_terminal() {
    let place = tempfile::tempdir().unwrap();
    let text = "\"\"\"\\x1b[31m\"];\"\"\"\nrevision = 'a\\x1b[2J\"]'\ndown_revision = None\n";
    fs::write(place.path().join("a.py"), text).unwrap();
    for format in ["text", "dot", "mermaid", "json"] {
        let found = run_in(place.path(), &[".", "--format", format], &[]);
        assert!(!found.out.contains('\u{1b}') && !found.err.contains('\u{1b}'), "{}", found.out);
    }
}

#[test]
fn deep_and_broken_files_are_no_crash() {
    let place = tempfile::tempdir().unwrap();
    let deep = format!(
        "revision = {}'a'{}\ndown_revision = None\n",
        "(".repeat(30_000),
        ")".repeat(30_000)
    );
    fs::write(place.path().join("a.py"), deep).unwrap();
    fs::write(place.path().join("b.py"), "revision = 'b\ndown_revision = (((\n").unwrap();
    let doubled = "revision = 'x'\nx0 = 'ab'\n".to_owned()
        + &(1..60).map(|n| format!("x{n} = x{} + x{}\n", n - 1, n - 1)).collect::<String>()
        + "down_revision = x59\n";
    fs::write(place.path().join("c.py"), doubled).unwrap();
    assert_eq!(run_in(place.path(), &["."], &[]).code, Some(1));
}

#[test]
fn thousands_of_revisions_are_read_in_a_moment() {
    let place = tempfile::tempdir().unwrap();
    for number in 0..3000 {
        let down = if number == 0 { "None".to_owned() } else { format!("'r{:05}'", number - 1) };
        let body = "    op.execute('SELECT 1')\n".repeat(40);
        let text = format!(
            "\"\"\"step {number}\"\"\"\nfrom alembic import op\nrevision = 'r{number:05}'\ndown_revision = {down}\n\n\ndef upgrade():\n{body}"
        );
        fs::write(place.path().join(format!("r{number:05}.py")), text).unwrap();
    }
    let start = std::time::Instant::now();
    let found = run_in(place.path(), &[".", "--expect-head", "r02999"], &[]);
    let took = start.elapsed();
    assert_eq!(found.code, Some(0), "{}", found.err);
    assert!(took.as_secs() < 20, "{took:?}");
}

#[cfg(unix)]
#[test]
fn a_database_is_compared_without_its_password_in_arguments() {
    use std::os::unix::fs::PermissionsExt;
    let place = tempfile::tempdir().unwrap();
    let at = |version: &str| {
        let script = place.path().join("psql");
        let body = format!(
            "#!/bin/sh\necho \"$@\" > \"$(dirname \"$0\")/arguments\"\n[ \"$PGPASSWORD\" = 'se@cret' ] || exit 3\n{version}\n"
        );
        fs::write(&script, body).unwrap();
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
        let url = "postgres://app:se%40cret@localhost/app";
        let psql = script.display().to_string();
        run_in(
            Path::new(env!("CARGO_MANIFEST_DIR")),
            &[SOUND, "--database", url],
            &[("PGCANON_PSQL", &psql)],
        )
    };
    let head = at("echo d4cc5566");
    assert_eq!(head.code, Some(0), "{}", head.err);
    assert!(head.err.contains("at the head, d4cc5566"), "{}", head.err);
    let arguments = fs::read_to_string(place.path().join("arguments")).unwrap();
    assert!(arguments.contains("app@localhost") && !arguments.contains("cret"), "{arguments}");
    let behind = at("echo b2aa1122");
    assert_eq!(behind.code, Some(1));
    assert!(behind.err.contains("2 revisions are not applied"), "{}", behind.err);
    let strange = at("echo ffff");
    assert!(strange.err.contains("ffff, which no revision is") && strange.code == Some(1));
    let failed = at("echo 'no table for se@cret' >&2; exit 1");
    assert_eq!(failed.code, Some(2));
    assert!(!failed.err.contains("se@cret"), "{}", failed.err);
}
