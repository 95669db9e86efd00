//! Paths with `*`, `?` and `**`, for shells that did not expand them, and for more files than
//! fit on a command line.
//!
//! A source goes in, the paths that fit come out, in the order in which people count. What is
//! there under exactly this name is that; hidden names are only found by a pattern that starts
//! with a dot, as in a shell.

use std::path::{Component, Path, PathBuf};

use pgcanon::model::{Problem, ProblemCode};
use pgcanon::policy::fits;
use pgcanon::source::{by_nature, is_path};

/// The sources that an argument stands for; itself when it is no pattern.
#[expect(clippy::disallowed_methods, reason = "directories are read here")]
pub(super) fn expand(input: &str) -> Result<Vec<String>, Problem> {
    if !is_path(input) || !is_pattern(input) || Path::new(input).exists() {
        return Ok(vec![input.to_owned()]);
    }
    let mut found = vec![PathBuf::new()];
    for component in Path::new(input).components() {
        let mut next = Vec::new();
        for base in found {
            match component {
                Component::Normal(name) if name == "**" => directories(base, &mut next)?,
                Component::Normal(name) if is_pattern(&name.to_string_lossy()) => {
                    let pattern = name.to_string_lossy();
                    let own = names(&base)?.into_iter();
                    let own = own.filter(|name| {
                        let hidden = name.starts_with('.') && !pattern.starts_with('.');
                        !hidden && fits(&pattern, name)
                    });
                    next.extend(own.map(|name| base.join(name)));
                }
                other => next.push(base.join(other)),
            }
        }
        found = next;
    }
    found.retain(|path| path.exists());
    by_nature(&mut found);
    found.dedup();
    if found.is_empty() {
        return Err(Problem::new(ProblemCode::Unreadable, format!("nothing fits {input}"))
            .help("* stands for any characters of a name, ** for any directories"));
    }
    Ok(found.into_iter().map(|path| path.to_string_lossy().into_owned()).collect())
}

fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?'])
}

/// A directory and all below it; links are not followed, so that this ends.
fn directories(base: PathBuf, found: &mut Vec<PathBuf>) -> Result<(), Problem> {
    let mut waiting = vec![base];
    while let Some(directory) = waiting.pop() {
        let below = names(&directory)?.into_iter().filter(|name| !name.starts_with('.'));
        let below = below.map(|name| directory.join(name));
        waiting
            .extend(below.filter(|path| path.symlink_metadata().is_ok_and(|found| found.is_dir())));
        found.push(directory);
    }
    Ok(())
}

/// The names in a directory; none in what is no directory.
#[expect(clippy::disallowed_methods, reason = "directories are read here")]
fn names(directory: &Path) -> Result<Vec<String>, Problem> {
    let here = Path::new(".");
    let directory = if directory.as_os_str().is_empty() { here } else { directory };
    if !directory.is_dir() {
        return Ok(Vec::new());
    }
    let wrong = |error: std::io::Error| {
        let message = format!("cannot read {}: {error}", directory.display());
        Problem::new(ProblemCode::Unreadable, message)
    };
    let entries = std::fs::read_dir(directory).map_err(wrong)?;
    entries
        .map(|entry| Ok(entry.map_err(wrong)?.file_name().to_string_lossy().into_owned()))
        .collect()
}
