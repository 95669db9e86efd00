//! Programs of PostgreSQL on this machine: finding the newest, running it.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::model::{Problem, ProblemCode};

/// The newest installed version of a program, as a newer `pg_dump` reads older
/// servers but not the other way round. `variable` overrides the choice.
#[expect(clippy::disallowed_methods, reason = "this is where programs are looked for")]
pub(super) fn find(name: &str, variable: &str) -> Option<PathBuf> {
    if let Some(path) = std::env::var_os(variable).filter(|path| !path.is_empty()) {
        return Some(path.into());
    }
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    let mut candidates: Vec<PathBuf> = std::env::split_paths(&on_path).collect();
    // Debian and Red Hat keep the programs of each version outside of PATH.
    candidates.extend(versioned_directories(Path::new("/usr/lib/postgresql"), "bin"));
    candidates.extend(versioned_directories(Path::new("/usr/pgsql"), "bin"));
    let mut seen = BTreeSet::new();
    let real = |path: PathBuf| std::fs::canonicalize(path).ok();
    let programs = candidates.into_iter().map(|directory| directory.join(name));
    let new = programs
        .filter(|path| path.is_file() && real(path.clone()).is_some_and(|real| seen.insert(real)));
    let versions = new.filter_map(|path| Some((version(&path)?, path)));
    // The first of equals on PATH wins.
    versions.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, path)| path)
}

#[expect(clippy::disallowed_methods, reason = "this is where programs are looked for")]
fn versioned_directories(root: &Path, inner: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root).into_iter().flatten().flatten();
    let mut directories: Vec<PathBuf> = entries.map(|entry| entry.path().join(inner)).collect();
    directories.sort();
    directories
}

/// Major and minor version.
#[expect(clippy::disallowed_methods, reason = "this is where programs are run")]
fn version(program: &Path) -> Option<(u32, u32)> {
    let output = Command::new(program).arg("--version").stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let number =
        text.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    let mut parts =
        number.split(|c: char| !c.is_ascii_digit()).map(|part| part.parse().unwrap_or(0));
    Some((parts.next()?, parts.next().unwrap_or(0)))
}

/// Runs a program to its end, with bytes for its standard input.
pub(super) fn run<'a>(
    program: &Path,
    arguments: impl IntoIterator<Item = &'a OsStr>,
    environment: &[(&str, &str)],
    input: Vec<u8>,
) -> Result<Output, Problem> {
    run_in(None, program, arguments, environment, input)
}

/// The same in a directory.
#[expect(clippy::disallowed_methods, reason = "this is where programs are run")]
pub(super) fn run_in<'a>(
    directory: Option<&Path>,
    program: &Path,
    arguments: impl IntoIterator<Item = &'a OsStr>,
    environment: &[(&str, &str)],
    input: Vec<u8>,
) -> Result<Output, Problem> {
    let failed = |error: std::io::Error| {
        Problem::new(ProblemCode::Program, format!("cannot run {}: {error}", program.display()))
    };
    let mut command = Command::new(program);
    if let Some(directory) = directory {
        command.current_dir(directory);
    }
    let mut child = command
        .args(arguments)
        .envs(environment.iter().copied())
        .stdin(if input.is_empty() { Stdio::null() } else { Stdio::piped() })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    // Written beside the reading of output, as either can fill its pipe first. A
    // program that ends early says why on its standard error.
    let writer = child
        .stdin
        .take()
        .map(|mut stdin| std::thread::spawn(move || drop(stdin.write_all(&input))));
    let output = child.wait_with_output().map_err(failed);
    if let Some(writer) = writer {
        drop(writer.join());
    }
    output
}

/// The first lines of what a program says on standard error.
pub(super) fn complaint(output: &Output) -> String {
    const LINES: usize = 8;
    let text = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> =
        text.lines().map(str::trim).filter(|line| !line.is_empty()).take(LINES).collect();
    if lines.is_empty() { format!("it ended with {}", output.status) } else { lines.join("; ") }
}
