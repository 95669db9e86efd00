//! Where text comes from: files, directories, standard input, `pg_dump`, `pg_restore`.
//!
//! The arguments of one side go in, its texts come out, in order, or all the
//! problems that stand in the way. Together with `cli` this is the only place
//! that reads files, the environment or the output of programs.

mod archive;
mod cluster;
mod conninfo;
mod database;
mod directory;
mod file;
mod files;
pub mod git;
mod guarded;
mod lines;
mod migrations;
mod program;
mod scratch;
mod text;
mod versions;
mod watchdog;
mod yaml;

pub use files::{Files, by_nature, files, read_files};
pub use guarded::{Guarded, read_if_there};
pub use lines::{LineIndex, Position};
pub use scratch::{Scratch, Server};
pub use versions::versions;
pub use yaml::{from_plain_yaml, from_yaml, place};

use crate::model::{Problem, ProblemCode};

/// One text to read, with the name that reports cite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The path or other name, as the user gave it; never with a password.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// What was read for one side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    /// The texts, in the order in which they are applied.
    pub sources: Vec<Source>,
    /// Files of directories that were left out.
    pub skipped: Vec<String>,
}

/// Reads the inputs of one side: paths of files and directories, `-` for standard
/// input, `postgres://..` or `service=..` for a database, `migrations:DIR` for a chain of
/// migrations, `git:REV:PATH` for a file or directory as a commit has it. All problems are found,
/// not only the first; they have no place in a text, as there is none.
pub fn read(inputs: &[String]) -> Result<Sources, Vec<Problem>> {
    let mut all = Sources::default();
    let mut problems = Vec::new();
    for input in inputs {
        match read_one(input) {
            Ok(mut own) => {
                all.sources.append(&mut own.sources);
                all.skipped.append(&mut own.skipped);
            }
            Err(mut own) => problems.append(&mut own),
        }
    }
    if problems.is_empty() { Ok(all) } else { Err(problems) }
}

/// The name of an input for messages and reports: itself, without a password.
pub fn display_name(input: &str) -> String {
    match conninfo::parse(input) {
        Some(database) => database.shown,
        None if input == "-" => "<stdin>".to_owned(),
        None => input.to_owned(),
    }
}

/// True for an input that is a path: neither standard input nor a database, `git:` or
/// `migrations:`.
pub fn is_path(input: &str) -> bool {
    let is_other = ["migrations:", "git:"].iter().any(|start| input.starts_with(start));
    input != "-" && !is_other && conninfo::parse(input).is_none()
}

#[expect(clippy::disallowed_methods, reason = "this is where sources are read")]
fn read_one(input: &str) -> Result<Sources, Vec<Problem>> {
    if input == "-" {
        return one(file::stdin());
    }
    if let Some(directory) = input.strip_prefix("migrations:") {
        return migrations::read(std::path::Path::new(directory), directory);
    }
    if let Some(rest) = input.strip_prefix("git:") {
        return git::read(rest);
    }
    let path = std::path::Path::new(input);
    if let Some(database) = conninfo::parse(input) {
        return one(database::dump(&database));
    }
    if !path.is_dir() {
        return one(file::read(path, input));
    }
    if archive::is_directory_archive(path) {
        return one(archive::restore_path(path, input));
    }
    directory::read(path, input)
}

fn one(source: Result<Source, Problem>) -> Result<Sources, Vec<Problem>> {
    source
        .map(|source| Sources { sources: vec![source], skipped: Vec::new() })
        .map_err(|problem| vec![problem])
}

/// The problem that something cannot be read, with the reason of the system.
fn unreadable(name: &str, error: &std::io::Error) -> Problem {
    let problem = Problem::new(ProblemCode::Unreadable, format!("cannot read {name}: {error}"));
    if error.kind() == std::io::ErrorKind::NotFound {
        problem.help("a source is a file, a directory, - for standard input, postgres://.., migrations:DIR or git:REV:PATH")
    } else if error.kind() == std::io::ErrorKind::PermissionDenied {
        problem.help("give this user the right to read it")
    } else {
        problem
    }
}
