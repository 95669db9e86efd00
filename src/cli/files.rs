//! Writing several files that belong together: all of them, or none.
//!
//! Each text goes into a temporary file beside its place first; then all are moved there.

use std::path::{Path, PathBuf};

use pgcanon::model::{Problem, ProblemCode};

use super::Outcome;
use super::console::Console;

/// A text and where it goes; nowhere is standard output.
pub(super) type Output = (Option<PathBuf>, String);

/// Writes all files, then prints what goes to standard output.
pub(super) fn write_all(outputs: &[Output], console: &Console) -> Outcome {
    let files = outputs.iter().filter_map(|(path, text)| Some((path.as_deref()?, text.as_str())));
    if let Err(problem) = write_files(&files.collect::<Vec<_>>()) {
        return console.problem(&problem);
    }
    let mut outcome = Outcome::Pass;
    for (path, text) in outputs {
        if path.is_none() && outcome == Outcome::Pass {
            outcome = console.print(text);
        }
    }
    outcome
}

#[expect(clippy::disallowed_methods, reason = "files are written here")]
fn write_files(files: &[(&Path, &str)]) -> Result<(), Problem> {
    let failed = |path: &Path, error: &std::io::Error| {
        Problem::new(ProblemCode::Output, format!("cannot write {}: {error}", path.display()))
    };
    // What is no file (a pipe, a terminal) cannot be replaced.
    let is_plain = |path: &Path| std::fs::metadata(path).map_or(true, |found| found.is_file());
    let mut moved: Vec<(PathBuf, &Path)> = Vec::new();
    let mut result = Ok(());
    for (path, text) in files {
        let target = if is_plain(path) { beside(path) } else { path.to_path_buf() };
        result = std::fs::write(&target, text).map_err(|error| failed(path, &error));
        if target != *path {
            moved.push((target, path));
        }
        if result.is_err() {
            break;
        }
    }
    for (temporary, path) in &moved {
        if result.is_ok() {
            result = std::fs::rename(temporary, path).map_err(|error| failed(path, &error));
        }
        if result.is_err() {
            // It may not have been made.
            drop(std::fs::remove_file(temporary));
        }
    }
    result
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}.tmp", std::process::id()));
    path.with_file_name(name)
}

/// The names of the files of a directory, in order.
#[expect(clippy::disallowed_methods, reason = "the directory is read here")]
pub(super) fn names(directory: &Path) -> Result<Vec<String>, Problem> {
    let unreadable = |error: std::io::Error| {
        let message = format!("cannot read {}: {error}", directory.display());
        Problem::new(ProblemCode::Usage, message).help("make the directory first")
    };
    let mut names = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(unreadable)? {
        names.push(entry.map_err(unreadable)?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}
