//! Examples in pages: `console` blocks are run in a shell, and print what follows each `$` line.
//!
//! A page is one session of a shell, in a folder that holds a copy of `canonical/`; standard
//! error is shown as well. A block marked `console server` is left alone where no PostgreSQL is.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{all_pages, hold, read, root};

/// Ends what a command prints.
const END: char = '\u{1e}';

#[test]
fn examples_print_what_they_say() {
    let mut count = 0;
    for page in all_pages() {
        let text = read(&page);
        let pieces = pieces(&text);
        let commands = pieces.iter().filter(|piece| matches!(piece, Piece::Command { .. })).count();
        if commands > 0 {
            count += commands;
            hold(&page, &with(&pieces, &session(&pieces)));
        }
    }
    assert!(count > 20, "only {count} commands are seen");
}

#[test]
fn commands_that_are_only_named_have_these_arguments() {
    let folder = tempfile::TempDir::new().unwrap();
    let mut wrong = Vec::new();
    let mut count = 0;
    for page in all_pages() {
        let text = read(&page);
        let blocks = text.split("\n```sh\n").skip(1).filter_map(|rest| rest.split("\n```").next());
        for line in blocks.flat_map(str::lines).filter(|line| line.starts_with("pgcanon ")) {
            count += 1;
            let words = line.split(" #").next().unwrap();
            let program = format!("'{}'", env!("CARGO_BIN_EXE_pgcanon"));
            let ran = Command::new("bash")
                .args(["-c", &words.replacen("pgcanon", &program, 1)])
                .current_dir(folder.path())
                .env("PGCANON_PG_DUMP", "/bin/false")
                .stdin(Stdio::null())
                .output()
                .unwrap();
            // The sources are not there; what the arguments are is looked at before.
            if String::from_utf8_lossy(&ran.stderr).contains("try '--help'") {
                wrong.push(format!("{}: {line}", page.display()));
            }
        }
    }
    assert!(count > 30, "only {count} commands are seen");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A page in pieces.
#[derive(Debug, PartialEq, Eq)]
enum Piece<'text> {
    /// A line that is no example, or what an example prints that is not run.
    Text(&'text str),
    /// `$ command`; it needs a server, or not.
    Command { line: &'text str, runs: bool },
    /// A line of what the last command prints.
    Printed { runs: bool, line: &'text str },
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let has_server = has_server();
    // Its fence, which is longer where one of three is printed, and whether it is run.
    let mut block: Option<(&str, bool)> = None;
    text.lines()
        .map(|line| match (block, line.strip_prefix("$ ")) {
            (None, _) => {
                block = match line.split_once("console") {
                    Some((fence @ ("```" | "````"), "")) => Some((fence, true)),
                    Some((fence @ ("```" | "````"), " server")) => Some((fence, has_server)),
                    _other => None,
                };
                Piece::Text(line)
            }
            (Some((fence, _)), _) if line == fence => {
                block = None;
                Piece::Text(line)
            }
            (Some((_, runs)), Some(command)) => Piece::Command { line: command, runs },
            (Some((_, runs)), None) => Piece::Printed { runs, line },
        })
        .collect()
}

fn has_server() -> bool {
    let found = Path::new("/usr/lib/postgresql").read_dir().is_ok_and(|mut all| {
        all.any(|version| version.is_ok_and(|version| version.path().join("bin/initdb").exists()))
    });
    assert!(
        found || std::env::var_os("PGCANON_REQUIRE_SERVER").is_none(),
        "examples need an installed PostgreSQL"
    );
    found
}

/// Runs the commands and returns what each of them prints.
fn session(pieces: &[Piece<'_>]) -> Vec<String> {
    let folder = tempfile::TempDir::new().unwrap();
    copy(&root().join("canonical"), &folder.path().join("canonical"));
    let program = Path::new(env!("CARGO_BIN_EXE_pgcanon")).parent().unwrap();
    let paths = std::env::var("PATH").unwrap();
    let mut script = "exec 2>&1\n".to_owned();
    for piece in pieces {
        if let Piece::Command { line, runs: true } = piece {
            // The next command may ask for the exit code of this one.
            writeln!(script, "{line}\ncode=$?; printf '\\036'; (exit $code)").unwrap();
        }
    }
    let output = Command::new("bash")
        .args(["-c", &script])
        .current_dir(folder.path())
        .env("PATH", format!("{}:{paths}", program.display()))
        .env("SOURCE_DATE_EPOCH", "1795219200")
        .env("NO_COLOR", "1")
        .env("COLUMNS", "100")
        .env("LC_ALL", "C.UTF-8")
        .env_remove("PGCANON_THREADS")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let mut printed: Vec<String> = text.split(END).map(str::to_owned).collect();
    assert_eq!(printed.pop().as_deref(), Some(""), "{text}");
    printed
}

/// The page with what its commands print now.
fn with(pieces: &[Piece<'_>], printed: &[String]) -> String {
    let mut printed = printed.iter();
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(line) | Piece::Printed { runs: false, line } => {
                out.push_str(line);
                out.push('\n');
            }
            Piece::Command { line, runs } => {
                writeln!(out, "$ {line}").unwrap();
                if *runs {
                    let lines = printed.next().expect("as many outputs as commands").lines();
                    lines.for_each(|line| writeln!(out, "{}", line.trim_end()).unwrap());
                }
            }
            Piece::Printed { runs: true, .. } => {}
        }
    }
    out
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path: PathBuf = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}
