//! Directories: all `*.sql` below them, in natural order of their paths.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{Sources, file, unreadable};
use crate::model::{Problem, ProblemCode};

/// Reads a directory as one schema. Files whose name starts with a dot are
/// hidden; files that are no SQL are listed in [`Sources::skipped`].
pub(super) fn read(path: &Path, name: &str) -> Result<Sources, Vec<Problem>> {
    let Found { mut sql, mut other, mut problems } = walk(path);
    sql.sort_by(|a, b| natural(a, b));
    other.sort_by(|a, b| natural(a, b));
    let mut sources = Sources::default();
    for path in &sql {
        match file::read(path, &path.to_string_lossy()) {
            Ok(source) => sources.sources.push(source),
            // One of many may be empty; a side without any statement is found later.
            Err(problem) if problem.code == ProblemCode::Empty => {
                sources.skipped.push(format!("{} (empty)", path.display()));
            }
            Err(problem) => problems.push(problem),
        }
    }
    sources.skipped.extend(other.iter().map(|path| path.display().to_string()));
    if sources.sources.is_empty() && problems.is_empty() {
        problems.push(nothing(name, sources.skipped.len()));
    }
    if problems.is_empty() { Ok(sources) } else { Err(problems) }
}

#[derive(Default)]
struct Found {
    sql: Vec<PathBuf>,
    other: Vec<PathBuf>,
    problems: Vec<Problem>,
}

/// Finds files at any depth. Links are followed, each directory is entered once.
#[expect(clippy::disallowed_methods, reason = "this is where sources are read")]
fn walk(root: &Path) -> Found {
    let mut found = Found::default();
    let mut waiting = vec![root.to_path_buf()];
    let mut entered = BTreeSet::new();
    while let Some(directory) = waiting.pop() {
        let new = std::fs::canonicalize(&directory).is_ok_and(|real| entered.insert(real));
        if !new {
            continue;
        }
        let entries = match std::fs::read_dir(&directory) {
            Ok(entries) => entries,
            Err(error) => {
                found.problems.push(unreadable(&directory.to_string_lossy(), &error));
                continue;
            }
        };
        for entry in entries {
            match entry {
                Ok(entry) if entry.file_name().as_encoded_bytes().starts_with(b".") => {}
                Ok(entry) => {
                    let path = entry.path();
                    let is_sql =
                        path.extension().is_some_and(|ext| ext.eq_ignore_ascii_case("sql"));
                    if path.is_dir() {
                        waiting.push(path);
                    } else if is_sql {
                        found.sql.push(path);
                    } else {
                        found.other.push(path);
                    }
                }
                Err(error) => found.problems.push(unreadable(&directory.to_string_lossy(), &error)),
            }
        }
    }
    found
}

fn nothing(name: &str, others: usize) -> Problem {
    let files = if others == 0 {
        "it is empty".to_owned()
    } else {
        format!("it holds {others} other files")
    };
    Problem::new(ProblemCode::Empty, format!("the directory {name} holds no *.sql file; {files}"))
        .help("name the files if their names do not end with .sql")
}

/// Component by component; numbers within names by their value: `2_b.sql` before `10_a.sql`.
fn natural(a: &Path, b: &Path) -> Ordering {
    let parts = |path: &Path| -> Vec<String> {
        path.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect()
    };
    let (parts_a, parts_b) = (parts(a), parts(b));
    for (one, other) in parts_a.iter().zip(&parts_b) {
        let order = natural_name(one, other);
        if order != Ordering::Equal {
            return order;
        }
    }
    parts_a.len().cmp(&parts_b.len()).then_with(|| a.cmp(b))
}

pub(super) fn natural_name(mut a: &str, mut b: &str) -> Ordering {
    loop {
        let (number_a, number_b) = (number(a), number(b));
        let order = if number_a.is_empty() || number_b.is_empty() {
            let (first_a, first_b) = (a.chars().next(), b.chars().next());
            if first_a.is_none() && first_b.is_none() {
                return Ordering::Equal;
            }
            a = a.get(first_a.map_or(0, char::len_utf8)..).unwrap_or_default();
            b = b.get(first_b.map_or(0, char::len_utf8)..).unwrap_or_default();
            first_a.cmp(&first_b)
        } else {
            a = a.get(number_a.len()..).unwrap_or_default();
            b = b.get(number_b.len()..).unwrap_or_default();
            let (value_a, value_b) =
                (number_a.trim_start_matches('0'), number_b.trim_start_matches('0'));
            value_a.len().cmp(&value_b.len()).then_with(|| value_a.cmp(value_b))
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// The digits at the start of a text.
fn number(text: &str) -> &str {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    text.get(..digits).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_sort_by_value_and_directories_stay_together() {
        let mut paths = [
            "d/10_a.sql",
            "d/2_b.sql",
            "d-x/1.sql",
            "d/02_a.sql",
            "d/a/1.sql",
            "c.sql",
            "d/V9__x.sql",
            "d/V10__a.sql",
        ]
        .map(PathBuf::from);
        paths.sort_by(|a, b| natural(a, b));
        let sorted: Vec<_> = paths.iter().map(|path| path.to_string_lossy()).collect();
        assert_eq!(
            sorted,
            [
                "c.sql",
                "d/02_a.sql",
                "d/2_b.sql",
                "d/10_a.sql",
                "d/V9__x.sql",
                "d/V10__a.sql",
                "d/a/1.sql",
                "d-x/1.sql"
            ]
        );
    }
}
