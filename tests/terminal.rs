//! The program at a terminal: pager, links, help; names that would break a screen.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "tests run programs, write files, and fail by panics"
)]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_pgcanon");

/// Two schemas that differ in many objects, and in one with a hostile name.
fn schemas() -> TempDir {
    let directory = TempDir::new().unwrap();
    let table = |at: usize| format!("CREATE TABLE public.t{at} (a integer);\n");
    let canonical: String = (0..60).map(table).collect();
    let live = "CREATE TABLE public.\"漢字\u{1b}]0;x\u{7}\u{202e}\" (a integer);\n";
    fs::write(directory.path().join("a b.sql"), canonical).unwrap();
    fs::write(directory.path().join("live.sql"), live).unwrap();
    directory
}

/// What a terminal of 24 lines gets to see, by script(1); none where that is not installed.
fn at_terminal(directory: &Path, call: &str, environment: &[(&str, &str)]) -> Option<String> {
    let mut command = Command::new("script");
    let call = format!("stty rows 24 cols 100; {PROGRAM} {call}");
    command.args(["-qec", &call, "/dev/null"]).current_dir(directory);
    command.stdin(Stdio::null()).env("TERM", "xterm-256color");
    for name in ["PAGER", "PGCANON_PAGER", "LESS", "VTE_VERSION", "CI", "TMUX", "STY"] {
        command.env_remove(name);
    }
    command.env("NO_COLOR", "1");
    command.envs(environment.iter().copied());
    let output = command.output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn run(directory: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(PROGRAM);
    let output = command.args(arguments).current_dir(directory).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_long_report_goes_through_the_pager_and_a_short_one_does_not() {
    let place = schemas();
    let pager = [("PAGER", "sed 's/^/PAGED /'")];
    let Some(long) = at_terminal(place.path(), "diff 'a b.sql' live.sql", &pager) else { return };
    assert!(long.contains("PAGED DRIFT: 61 drifts"), "{long}");
    let all = |call: &str| at_terminal(place.path(), call, &pager).unwrap();
    assert!(!all("diff 'a b.sql' live.sql --no-pager").contains("PAGED"));
    assert!(!all("diff live.sql live.sql").contains("PAGED"));
    assert!(!all("diff 'a b.sql' live.sql --format json").contains("PAGED"));
    assert!(!all("diff 'a b.sql' live.sql | head -100").contains("PAGED"));
    assert!(all("fleet 'a b.sql' live.sql").contains("PAGED DRIFT: 1 database"));
}

#[test]
fn pgcanon_pager_comes_first_and_no_pager_is_no_harm() {
    let place = schemas();
    let seen =
        |pagers: &[(&str, &str)]| at_terminal(place.path(), "diff 'a b.sql' live.sql", pagers);
    let Some(own) = seen(&[("PAGER", "sed s/^/B/"), ("PGCANON_PAGER", "sed s/^/A/")]) else {
        return;
    };
    assert!(own.contains("ADRIFT:"), "{own}");
    for pager in ["", "cat", "no-such-pager-anywhere"] {
        let text = seen(&[("PAGER", pager)]).unwrap();
        assert!(text.contains("\nDRIFT: 61 drifts"), "{pager}: {text}");
    }
    // A pager that is left at once.
    let text = seen(&[("PAGER", "head -1")]).unwrap();
    assert!(!text.contains("panic"), "{text}");
}

#[test]
fn a_reader_that_has_gone_is_no_failure() {
    let place = schemas();
    let call = format!(
        "{PROGRAM} diff 'a b.sql' live.sql --format html | head -1; echo ${{PIPESTATUS[0]}}"
    );
    let Ok(output) = Command::new("bash").args(["-c", &call]).current_dir(place.path()).output()
    else {
        return;
    };
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.trim_end().ends_with('1'), "{text}");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn places_are_links_where_they_are_wanted() {
    let place = schemas();
    let always = ["diff", "a b.sql", "live.sql", "--hyperlinks", "always"];
    let (_, linked, _) = run(place.path(), &always);
    let file = fs::canonicalize(place.path()).unwrap().display().to_string();
    let link = format!("\u{1b}]8;;file://{file}/a%20b.sql#1\u{1b}\\a b.sql:1\u{1b}]8;;\u{1b}\\");
    assert!(linked.contains(&link), "{linked}");
    // Without links the text is the same.
    let (_, plain, _) = run(place.path(), &["diff", "a b.sql", "live.sql"]);
    assert!(!plain.contains('\u{1b}'), "{plain}");
    let mut rest = linked.as_str();
    let mut without = String::new();
    while let Some((before, after)) = rest.split_once("\u{1b}]8;;") {
        without.push_str(before);
        rest = after.split_once("\u{1b}\\").unwrap().1;
    }
    without.push_str(rest);
    assert_eq!(without, plain);
    // A name that is no file is no link.
    let named = [&always[..], &["--name-live", "app@production"]].concat();
    assert!(!run(place.path(), &named).1.contains("production#"));
    let Some(known) =
        at_terminal(place.path(), "diff 'a b.sql' live.sql --no-pager", &[("VTE_VERSION", "6003")])
    else {
        return;
    };
    assert!(known.contains("\u{1b}]8;;file://"), "{known}");
    let unknown = at_terminal(place.path(), "diff 'a b.sql' live.sql --no-pager", &[]).unwrap();
    assert!(!unknown.contains("\u{1b}]8;;"), "{unknown}");
}

#[test]
fn hostile_names_do_not_reach_the_screen() {
    let place = schemas();
    for arguments in [
        &["diff", "a b.sql", "live.sql"][..],
        &["fleet", "a b.sql", "live.sql"],
        &["diff", "a b.sql", "live.sql", "--explain", "all"],
        &["reconcile", "a b.sql", "live.sql", "--object", "public.漢字x\u{1b}]0;x\u{7}\u{202e}"],
    ] {
        let (_, out, err) = run(place.path(), arguments);
        for text in [&out, &err] {
            assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{arguments:?}: {text}");
        }
    }
}

#[test]
fn nothing_asked_for_says_what_to_do_next() {
    let place = schemas();
    let (code, out, err) = run(place.path(), &[]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(out.lines().count() <= 24 && out.lines().all(|line| line.len() <= 88), "{out}");
    for wanted in ["pg_dump --schema-only", "pgcanon diff", "pgcanon reconcile", "--help"] {
        assert!(out.contains(wanted), "{out}");
    }
}

#[test]
fn what_is_missing_is_shown_by_an_example() {
    let place = schemas();
    for (arguments, example) in [
        (&["fleet"][..], "pgcanon fleet schema.sql 'dumps/*.sql'"),
        (&["register", "accept"], "pgcanon register accept 4 --adr"),
        (&["diff", "a b.sql", "live.sql", "live.sql"], "pgcanon diff schema.sql live.sql"),
        (&["schema.sql", "live.sql"], "pgcanon diff schema.sql LIVE"),
        (&["check"], "canonical: [schema.sql]"),
        (&["config", "check"], "canonical: [schema.sql]"),
    ] {
        let (code, _, err) = run(place.path(), arguments);
        assert_eq!(code, Some(2), "{arguments:?}");
        assert!(err.contains(example), "{arguments:?}: {err}");
    }
    // A drift may be called by its number alone.
    let explained = ["diff", "a b.sql", "live.sql", "--explain", "1"];
    let (_, out, err) = run(place.path(), &explained);
    assert!(out.starts_with("SCHEMA-DRIFT-001"), "{out}{err}");
}

#[test]
fn slips_get_suggestions() {
    let place = schemas();
    for (arguments, suggestion) in [
        (&["dif", "a b.sql", "live.sql"][..], "diff"),
        (&["diff", "a b.sql", "live.sql", "--formt", "json"], "--format"),
        (&["diff", "a b.sql", "live.sql", "--format", "jsn"], "json"),
        (&["reconcile", "a b.sql", "live.sql", "--object", "public.t7x"], "did you mean public.t7"),
        (&["reconcile", "a b.sql", "live.sql", "--schema", "publc"], "did you mean public?"),
    ] {
        let (code, _, err) = run(place.path(), arguments);
        assert_eq!(code, Some(2), "{err}");
        assert!(err.contains(suggestion), "{arguments:?}: {err}");
    }
}

#[test]
fn manual_pages_are_readable_by_man() {
    let place = schemas();
    let (code, _, err) = run(place.path(), &["manual", "share/man1"]);
    assert_eq!(code, Some(0), "{err}");
    let page = fs::read_to_string(place.path().join("share/man1/pgcanon-fleet.1")).unwrap();
    assert!(page.contains(".SH EXAMPLES") && page.contains("dumps/*.sql"), "{page}");
    let all: Vec<_> = fs::read_dir(place.path().join("share/man1")).unwrap().flatten().collect();
    assert!(all.len() >= 15, "{all:?}");
    for entry in all {
        let mut man = Command::new("man");
        man.arg("--warnings").arg("-l").arg(entry.path()).env("MANPAGER", "cat");
        let Ok(output) = man.stdin(Stdio::null()).output() else { return };
        let warnings = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!warnings.contains("warning"), "{:?}: {warnings}", entry.path());
    }
}
