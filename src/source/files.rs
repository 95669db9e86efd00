//! Files of one kind below directories, for what reads each on its own: migrations, revisions.
//!
//! Paths go in, files come out in a steady order. Hidden files and folders, and those that hold
//! what programs made (`node_modules`, `__pycache__`), are left out.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::{Source, directory, file, unreadable};
use crate::model::{Problem, ProblemCode};

/// Folders whose files nobody wrote.
const MADE: &[&str] = &["__pycache__", "node_modules", "site-packages", "target"];

/// What is below a directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// Files with one of the extensions, in order of their paths.
    pub wanted: Vec<PathBuf>,
    /// Folders that were not entered.
    pub folders: Vec<PathBuf>,
}

/// Finds the files of a directory whose extension is one of `extensions`, at any depth if
/// `deep`. A path that is no directory is the only file.
///
/// # Errors
/// A directory cannot be read.
#[expect(clippy::disallowed_methods, reason = "this is where sources are read")]
pub fn files(path: &Path, extensions: &[&str], deep: bool) -> Result<Files, Problem> {
    let mut found = Files::default();
    if !path.is_dir() {
        found.wanted.push(path.to_owned());
        return Ok(found);
    }
    let mut waiting = vec![path.to_owned()];
    let mut entered = BTreeSet::new();
    while let Some(directory) = waiting.pop() {
        let new = std::fs::canonicalize(&directory).is_ok_and(|real| entered.insert(real));
        if !new {
            continue;
        }
        let wrong = |error: &std::io::Error| unreadable(&directory.to_string_lossy(), error);
        for entry in std::fs::read_dir(&directory).map_err(|error| wrong(&error))? {
            let entry = entry.map_err(|error| wrong(&error))?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with('.') || MADE.contains(&name.as_ref()) {
                continue;
            }
            let path = entry.path();
            let is_wanted = path.extension().is_some_and(|extension| {
                extensions.iter().any(|wanted| extension.eq_ignore_ascii_case(wanted))
            });
            if path.is_dir() {
                if deep { &mut waiting } else { &mut found.folders }.push(path);
            } else if is_wanted {
                found.wanted.push(path);
            }
        }
    }
    found.wanted.sort();
    found.folders.sort();
    Ok(found)
}

/// Sorts paths as people count: `2_b.sql` before `10_a.sql`.
pub fn by_nature(paths: &mut [PathBuf]) {
    paths.sort_by(|a, b| directory::natural(a, b));
}

/// Reads files side by side. Empty ones are left out; the second list holds what cannot be read.
pub fn read_files(paths: &[PathBuf]) -> (Vec<Source>, Vec<Problem>) {
    let read = |path: &PathBuf| file::read(path, &path.to_string_lossy());
    let all: Vec<Result<Source, Problem>> = paths.par_iter().map(read).collect();
    let mut sources = Vec::new();
    let mut problems = Vec::new();
    for result in all {
        match result {
            Ok(source) => sources.push(source),
            Err(problem) if problem.code == ProblemCode::Empty => {}
            Err(problem) => problems.push(problem),
        }
    }
    (sources, problems)
}
