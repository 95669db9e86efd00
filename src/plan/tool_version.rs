//! The version that comes after those of a directory of migrations.
//!
//! In, a tool and the names of files; out, the next version, as wide as the others are.
//! No clock is asked: the same directory gives the same names.

use std::fmt;

use super::tool::{Naming, Tool};

/// A version: numbers with dots between them (only Flyway has more than one).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Version {
    parts: Vec<u64>,
    /// Leading zeros fill it up.
    width: usize,
}

impl Version {
    /// The one after this; none after the last.
    pub fn after(&self) -> Option<Self> {
        let mut version = self.clone();
        let last = version.parts.last_mut()?;
        *last = last.checked_add(1)?;
        Some(version)
    }

    /// As Flyway compares: part by part, a missing one is zero.
    fn is_after(&self, other: &Self) -> bool {
        let part = |version: &Self, at: usize| version.parts.get(at).copied().unwrap_or(0);
        let length = self.parts.len().max(other.parts.len());
        let order = (0..length).map(|at| part(self, at).cmp(&part(other, at)));
        order.reduce(std::cmp::Ordering::then) == Some(std::cmp::Ordering::Greater)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, part) in self.parts.iter().enumerate() {
            let dot = if at == 0 { "" } else { "." };
            write!(f, "{dot}{part:0width$}", width = if at == 0 { self.width } else { 0 })?;
        }
        Ok(())
    }
}

/// The first version to write.
pub(super) fn next(tool: Tool, naming: &Naming<'_>) -> Result<Version, String> {
    let mut last: Option<Version> = None;
    for found in naming.existing.iter().filter_map(|name| of_file(tool, name)) {
        if last.as_ref().is_none_or(|last| found.is_after(last)) {
            last = Some(found);
        }
    }
    let width = last.as_ref().map_or(usual_width(tool), |last| last.width);
    match (naming.version, last) {
        (None, None) => Ok(Version { parts: vec![1], width }),
        (None, Some(last)) => {
            last.after().ok_or_else(|| format!("there is no version after {last}"))
        }
        (Some(number), last) => {
            let version = Version { parts: vec![number], width };
            match last.filter(|last| !version.is_after(last)) {
                Some(last) => {
                    Err(format!("version {version} does not come after {last}, which is there"))
                }
                None => Ok(version),
            }
        }
    }
}

/// What the tools' own commands write.
fn usual_width(tool: Tool) -> usize {
    match tool {
        Tool::Flyway => 1,
        Tool::GolangMigrate => 6,
        // A time: year to second.
        Tool::Dbmate => 14,
        Tool::Sqlx => 4,
        Tool::Goose => 5,
    }
}

/// The version in the name of a file; none for files of other kinds.
fn of_file(tool: Tool, name: &str) -> Option<Version> {
    let stem = match tool {
        Tool::Goose => name.strip_suffix(".sql").or_else(|| name.strip_suffix(".go"))?,
        Tool::Flyway => name,
        Tool::GolangMigrate | Tool::Dbmate | Tool::Sqlx => name.strip_suffix(".sql")?,
    };
    let text = if tool == Tool::Flyway {
        // Baselines and undo scripts count as well; repeatable ones have no version.
        let rest = stem.strip_prefix(['V', 'U', 'B'])?;
        rest.split_once("__").map(|(version, _)| version)?
    } else {
        let digits = stem.find(|c: char| !c.is_ascii_digit()).unwrap_or(stem.len());
        stem.get(..digits)?
    };
    let parts: Vec<&str> = text.split(['.', '_']).collect();
    let numbers: Option<Vec<u64>> = parts.iter().map(|part| part.parse().ok()).collect();
    Some(Version { parts: numbers?, width: parts.first()?.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(tool: Tool, existing: &[&str]) -> String {
        let existing: Vec<String> = existing.iter().map(|name| (*name).to_owned()).collect();
        let naming = Naming { existing: &existing, version: None, message: "" };
        next(tool, &naming).map_or_else(|error| error, |version| version.to_string())
    }

    #[test]
    fn the_next_version_is_as_wide_as_the_last() {
        assert_eq!(after(Tool::Flyway, &["V9__a.sql", "V10__b.sql", "R__view.sql"]), "11");
        assert_eq!(after(Tool::Flyway, &["V1.2__a.sql", "V1_10__b.sql"]), "1.11");
        assert_eq!(after(Tool::Dbmate, &["20240131235959_a.sql"]), "20240131235960");
        assert_eq!(after(Tool::Goose, &["00009_a.go", "x.sql"]), "00010");
        assert_eq!(after(Tool::Sqlx, &[]), "0001");
        assert!(after(Tool::Sqlx, &["18446744073709551615_a.sql"]).contains("no version after"));
    }

    #[test]
    fn a_version_that_is_taken_is_refused() {
        let existing = ["000007_x.up.sql".to_owned()];
        let of = |number| {
            let naming = Naming { existing: &existing, version: Some(number), message: "" };
            next(Tool::GolangMigrate, &naming).map(|version| version.to_string())
        };
        assert!(of(7).is_err());
        assert_eq!(of(20), Ok("000020".to_owned()));
    }
}
