//! What pipelines run: the scripts of the action, the lines of the GitLab job, the hooks. They run
//! in a shell, with files where the services have theirs, also with inputs that try to be commands.

#![allow(
    clippy::disallowed_methods,
    clippy::format_collect,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests run programs, write files, and fail by panics"
)]
#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A checkout with the worked example, and the files of a service beside it.
struct Job {
    folder: TempDir,
}

/// What a script came to.
struct Ran {
    code: i32,
    printed: String,
    output: String,
    summary: String,
}

impl Job {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        fs::create_dir(folder.path().join("db")).unwrap();
        for file in ["schema.sql", "live.sql"] {
            fs::copy(root().join("canonical").join(file), folder.path().join("db").join(file))
                .unwrap();
        }
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn bash(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Ran {
        let program = Path::new(env!("CARGO_BIN_EXE_pgcanon")).parent().unwrap();
        let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
        let ran = Command::new("bash")
            .args(arguments)
            .current_dir(self.folder.path())
            .env("PATH", path)
            .env("GITHUB_OUTPUT", self.path("output"))
            .env("GITHUB_STEP_SUMMARY", self.path("summary"))
            .env("NO_COLOR", "1")
            .envs(environment.iter().copied())
            .output()
            .unwrap();
        let text = |name| fs::read_to_string(self.path(name)).unwrap_or_default();
        Ran {
            code: ran.status.code().unwrap(),
            printed: String::from_utf8(ran.stdout).unwrap()
                + &String::from_utf8(ran.stderr).unwrap(),
            output: text("output"),
            summary: text("summary"),
        }
    }

    fn compare(&self, environment: &[(&str, &str)]) -> Ran {
        let script = root().join("ci/github/compare.sh");
        self.bash(&[script.to_str().unwrap()], environment)
    }
}

const EXAMPLE: [(&str, &str); 2] =
    [("PGCANON_CANONICAL", "db/schema.sql"), ("PGCANON_LIVE", "db/live.sql")];

#[test]
fn the_action_annotates_and_says_what_it_found() {
    let job = Job::new();
    let files = [("PGCANON_SARIF_FILE", "d.sarif"), ("PGCANON_HTML_FILE", "d.html")];
    let ran = job.compare(&[&EXAMPLE[..], &files].concat());
    assert_eq!(ran.code, 1, "{}", ran.printed);
    assert_eq!(ran.output, "exit-code=1\nverdict=DRIFT\ndrifts=11\n");
    assert_eq!(ran.printed.matches("title=SCHEMA-DRIFT-").count(), 11, "{}", ran.printed);
    assert!(ran.printed.contains("::error file=db/schema.sql,line=321,"), "{}", ran.printed);
    assert!(ran.summary.starts_with("# Schema drift: DRIFT"), "{}", ran.summary);
    assert_eq!(ran.summary.matches("| SCHEMA-DRIFT-").count(), 11);
    let sarif: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(job.path("d.sarif")).unwrap()).unwrap();
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), 11);
    assert!(fs::read_to_string(job.path("d.html")).unwrap().contains("</html>"));
}

#[test]
fn the_action_passes_where_nothing_is_bad_enough() {
    let job = Job::new();
    let ran = job.compare(&[&EXAMPLE[..], &[("PGCANON_FAIL_ON", "never")]].concat());
    assert_eq!((ran.code, ran.output.as_str()), (0, "exit-code=0\nverdict=DRIFT\ndrifts=11\n"));
    let same = [("PGCANON_CANONICAL", "db/live.sql"), ("PGCANON_LIVE", "db/live.sql")];
    fs::remove_file(job.path("output")).unwrap();
    let ran = job.compare(&same);
    assert_eq!((ran.code, ran.output.as_str()), (0, "exit-code=0\nverdict=IN SYNC\ndrifts=0\n"));
}

#[test]
fn the_action_takes_its_sources_from_the_configuration() {
    let job = Job::new();
    job.write("pgcanon.yaml", "version: 1\ncanonical: [db/schema.sql]\nlive: [db/live.sql]\n");
    let ran = job.compare(&[("PGCANON_CANONICAL", ""), ("PGCANON_LIVE", "")]);
    assert_eq!(ran.code, 1, "{}", ran.printed);
    assert!(ran.output.contains("drifts=11"), "{}", ran.output);
}

#[test]
fn work_that_cannot_be_done_is_code_2() {
    let job = Job::new();
    job.write("db/broken.sql", "CREATE TABEL t (\n::error::forged\n);\n");
    let ran =
        job.compare(&[("PGCANON_CANONICAL", "db/broken.sql"), ("PGCANON_LIVE", "db/live.sql")]);
    assert_eq!((ran.code, ran.output.as_str()), (2, "exit-code=2\n"), "{}", ran.printed);
    // What it prints stands where no line is a command.
    let stop = ran.printed.find("::stop-commands::").unwrap();
    assert!(stop < ran.printed.find("syntax error").unwrap(), "{}", ran.printed);
}

#[test]
fn inputs_are_never_commands() {
    let job = Job::new();
    for hostile in [
        "$(touch owned)",
        "`touch owned`",
        "db/schema.sql; touch owned",
        "--output=owned",
        "x\" && touch owned && \"",
        "*",
    ] {
        for name in [
            "PGCANON_CANONICAL",
            "PGCANON_LIVE",
            "PGCANON_FAIL_ON",
            "PGCANON_CONFIG",
            "PGCANON_WORKING_DIRECTORY",
        ] {
            let mut environment = EXAMPLE.to_vec();
            environment.retain(|(there, _)| *there != name);
            environment.push((name, hostile));
            let ran = job.compare(&environment);
            assert!(ran.code != 0, "{name}={hostile}: {}", ran.printed);
            assert!(!job.path("owned").exists(), "{name}={hostile}");
        }
    }
    let action = fs::read_to_string(root().join("action.yml")).unwrap();
    for line in action.lines().filter(|line| line.trim_start().starts_with("run:")) {
        assert!(!line.contains("${{"), "an input is part of a script: {line}");
    }
}

#[test]
fn a_name_cannot_forge_an_annotation_or_leave_the_summary() {
    let job = Job::new();
    let name = "\"x\n::error::forged\n</details><script>\"";
    job.write("db/a.sql", &format!("CREATE TABLE {name} (a integer);"));
    job.write("db/b.sql", &format!("CREATE TABLE {name} (a bigint);"));
    let ran = job.compare(&[("PGCANON_CANONICAL", "db/a.sql"), ("PGCANON_LIVE", "db/b.sql")]);
    assert_eq!(ran.code, 1);
    assert!(!ran.printed.lines().any(|line| line.starts_with("::error::")), "{}", ran.printed);
    assert!(!ran.summary.contains("<script>") && !ran.summary.contains("</details><"));
}

#[test]
fn a_long_table_is_cut_to_what_a_summary_may_hold() {
    let job = Job::new();
    let tables = |kind: &str| -> String {
        (0..6_000).map(|n| format!("CREATE TABLE t{n} (a {kind});\n")).collect()
    };
    job.write("db/a.sql", &tables("integer"));
    job.write("db/b.sql", &tables("bigint"));
    let ran = job.compare(&[("PGCANON_CANONICAL", "db/a.sql"), ("PGCANON_LIVE", "db/b.sql")]);
    assert!(ran.output.contains("drifts=6000"), "{}", ran.output);
    assert!(ran.summary.len() < 1 << 20, "{}", ran.summary.len());
    let (opened, closed) = (ran.summary.matches("<details"), ran.summary.matches("</details>"));
    assert_eq!(opened.count(), closed.count());
}

/// The items of a list of YAML, each on a line of its own.
fn script_of(yaml: &str) -> String {
    let list = yaml.split_once("\n  script:\n").unwrap().1;
    let lines = list.lines().map_while(|line| line.strip_prefix("    - "));
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn the_job_of_gitlab_writes_its_artifacts() {
    let job = Job::new();
    let yaml = fs::read_to_string(root().join("ci/gitlab/pgcanon.yml")).unwrap();
    let script = format!("set -eo pipefail\n{}", script_of(&yaml));
    let environment = [&EXAMPLE[..], &[("PGCANON_FAIL_ON", "high")]].concat();
    let ran = job.bash(&["-c", &script], &environment);
    assert_eq!(ran.code, 1, "{}", ran.printed);
    let text = fs::read_to_string(job.path("gl-code-quality-report.json")).unwrap();
    let issues: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut prints = std::collections::BTreeSet::new();
    for issue in issues.as_array().unwrap() {
        // The fields that GitLab requires, as its manual lists them.
        assert!(!issue["description"].as_str().unwrap().is_empty());
        assert!(!issue["check_name"].as_str().unwrap().is_empty());
        assert!(prints.insert(issue["fingerprint"].as_str().unwrap().to_owned()));
        let severities = ["info", "minor", "major", "critical", "blocker"];
        assert!(severities.contains(&issue["severity"].as_str().unwrap()));
        let path = issue["location"]["path"].as_str().unwrap();
        assert!(job.path(path).exists() && !path.starts_with("./"), "{path}");
        assert!(issue["location"]["lines"]["begin"].as_u64().unwrap() > 0);
    }
    assert_eq!(prints.len(), 11);
    assert!(fs::read_to_string(job.path("pgcanon-junit.xml")).unwrap().contains("failures=\"11\""));
    for artifact in ["gl-code-quality-report.json", "pgcanon-junit.xml", "pgcanon.html"] {
        assert!(yaml.contains(&format!(": {artifact}")) || yaml.contains(&format!("[{artifact}]")));
    }
    let ran = job.bash(&["-c", &script], &[("PGCANON_CANONICAL", "$(touch owned)")]);
    assert!(ran.code == 2 && !job.path("owned").exists(), "{}", ran.printed);
}

#[test]
fn the_hooks_run() {
    let job = Job::new();
    let yaml = fs::read_to_string(root().join(".pre-commit-hooks.yaml")).unwrap();
    let entries: Vec<&str> =
        yaml.lines().filter_map(|line| line.trim_start().strip_prefix("entry: ")).collect();
    assert_eq!(entries.len(), 3);
    job.write("pgcanon.yaml", "version: 1\ncanonical: [db/schema.sql]\nlive: [db/live.sql]\n");
    job.write("db/001_drop.sql", "DROP TABLE users;\n");
    for entry in entries {
        let files = match entry {
            "pgcanon diff" => " db/schema.sql db/live.sql",
            "pgcanon lint" => " db/001_drop.sql",
            _whole => "",
        };
        let ran = job.bash(&["-c", &format!("{entry}{files}")], &[]);
        assert_eq!(ran.code, 1, "{entry}: {}", ran.printed);
    }
    assert!(!job.path("schema-drift.yaml").exists(), "a hook writes no register");
}
