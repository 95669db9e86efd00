//! A directory of migrations, as the texts that lead from nothing to its schema.
//!
//! In goes a directory of plain numbered files or of one of the tools whose layout is known
//! (Flyway, golang-migrate, dbmate, goose, sqlx, diesel, Prisma, Supabase), out come the parts
//! that go up, in the order in which the tool runs them. What goes down is blanked out, not cut,
//! so that places stay those of the file.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::path::Path;

use super::directory::natural_name;
use super::{Source, Sources, directory};
use crate::model::{Problem, ProblemCode};

/// Reads a chain of migrations.
#[expect(clippy::disallowed_methods, reason = "this is where sources are read")]
pub(super) fn read(path: &Path, name: &str) -> Result<Sources, Vec<Problem>> {
    // The directory of a tool often holds seeds and settings beside the migrations.
    let inner = path.join("migrations");
    let path = if inner.is_dir() { &inner } else { path };
    if !path.is_dir() {
        let message = format!("cannot read {name}: it is no directory");
        return Err(vec![
            Problem::new(ProblemCode::Unreadable, message).help("write migrations:DIRECTORY"),
        ]);
    }
    let all = directory::read(path, &path.to_string_lossy())?;
    chain(all, name)
}

/// Orders files of migrations and leaves out what goes down.
pub(super) fn chain(all: Sources, name: &str) -> Result<Sources, Vec<Problem>> {
    let Sources { sources, mut skipped, warnings } = all;
    let steps: Vec<(Step, Source)> =
        sources.into_iter().map(|source| (Step::of(&source.name), source)).collect();
    let is_flyway = steps.iter().any(|(step, _)| step.is_flyway());
    let mut ups: Vec<(Step, Source)> = Vec::with_capacity(steps.len());
    for (step, source) in steps {
        if step.kind == Kind::Down || (is_flyway && !step.is_flyway()) {
            skipped.push(format!("{} (not a migration up)", source.name));
        } else {
            ups.push((step, source));
        }
    }
    ups.sort_by(|(one, _), (other, _)| one.cmp(other));
    let problems = twice(&ups);
    if !problems.is_empty() {
        return Err(problems);
    }
    leave_out_before_baseline(&mut ups, &mut skipped);
    let mut sources = Vec::with_capacity(ups.len());
    for (_, mut source) in ups {
        if let Some(text) = up_part(&source.text) {
            source.text = text;
        }
        sources.push(source);
    }
    if sources.is_empty() {
        let message = format!("{name} holds no migration that goes up");
        return Err(vec![Problem::new(ProblemCode::Empty, message)]);
    }
    Ok(Sources { sources, skipped, warnings })
}

/// What a file is in a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// Flyway's `B2__`: everything up to that version in one.
    Baseline,
    /// A step with a version.
    Versioned,
    /// Flyway's `R__`: after all versions.
    Repeatable,
    /// The way back.
    Down,
}

/// Where a file stands in a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Step {
    kind: Kind,
    /// Flyway's version; empty for others.
    version: Vec<u64>,
    /// The name that is ordered by: of the file, or of its directory.
    name: String,
}

impl Ord for Step {
    fn cmp(&self, other: &Self) -> Ordering {
        let late = |step: &Self| step.kind == Kind::Repeatable;
        let by_name =
            || natural_name(&self.name, &other.name).then_with(|| self.name.cmp(&other.name));
        late(self)
            .cmp(&late(other))
            .then_with(|| self.version.cmp(&other.version))
            .then(self.kind.cmp(&other.kind))
            .then_with(by_name)
    }
}

impl PartialOrd for Step {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Step {
    fn of(path: &str) -> Self {
        let mut parts = path.rsplit(['/', '\\']);
        let file = parts.next().unwrap_or(path).to_owned();
        let lower = file.to_ascii_lowercase();
        let folder = parts.next().unwrap_or_default().to_owned();
        let down = [".down.sql", "-down.sql", ".undo.sql"];
        if lower == "down.sql" || down.iter().any(|end| lower.ends_with(end)) {
            return Self { kind: Kind::Down, version: Vec::new(), name: file };
        }
        if ["up.sql", "migration.sql"].contains(&&*lower) {
            return Self { kind: Kind::Versioned, version: Vec::new(), name: folder };
        }
        match flyway(&file) {
            Some((kind, version)) => Self { kind, version, name: file },
            None => Self { kind: Kind::Versioned, version: Vec::new(), name: file },
        }
    }

    fn is_flyway(&self) -> bool {
        !self.version.is_empty() || self.kind == Kind::Repeatable
    }
}

/// `V1.2__name.sql`, `U1.2__name.sql`, `B1.2__name.sql`, `R__name.sql`
/// (<https://documentation.red-gate.com/flyway>, "Naming migrations").
fn flyway(file: &str) -> Option<(Kind, Vec<u64>)> {
    let (head, _) = file.split_once("__")?;
    let mut rest = head.chars();
    let kind = match rest.next()? {
        'V' => Kind::Versioned,
        'B' => Kind::Baseline,
        'U' => Kind::Down,
        'R' if head.len() == 1 => return Some((Kind::Repeatable, Vec::new())),
        _other => return None,
    };
    let numbers: Option<Vec<u64>> =
        rest.as_str().split(['.', '_']).map(|part| part.parse().ok()).collect();
    // 1 and 1.0 are one version.
    let mut numbers = numbers?;
    while numbers.len() > 1 && numbers.last() == Some(&0) {
        numbers.pop();
    }
    Some((kind, numbers))
}

/// Two steps of one version, which each tool refuses.
fn twice(steps: &[(Step, Source)]) -> Vec<Problem> {
    let mut seen: BTreeMap<(Kind, Vec<u64>, String), &str> = BTreeMap::new();
    let mut problems = Vec::new();
    for (step, source) in steps {
        let is_numbered = source.name.to_ascii_lowercase().ends_with(".up.sql");
        let number = step.name.split('_').next().unwrap_or_default().to_owned();
        let key = match step.kind {
            Kind::Versioned | Kind::Baseline if step.is_flyway() => {
                (step.kind, step.version.clone(), String::new())
            }
            Kind::Versioned if is_numbered => {
                (step.kind, Vec::new(), number.trim_start_matches('0').to_owned())
            }
            Kind::Versioned | Kind::Baseline | Kind::Repeatable | Kind::Down => continue,
        };
        if let Some(first) = seen.insert(key, &source.name) {
            let message = format!("{first} and {} are one version", source.name);
            problems.push(
                Problem::new(ProblemCode::Duplicate, message)
                    .help("their tool refuses that as well; give one of them another number"),
            );
        }
    }
    problems
}

/// A new database starts with Flyway's latest baseline.
fn leave_out_before_baseline(steps: &mut Vec<(Step, Source)>, skipped: &mut Vec<String>) {
    let baselines = steps.iter().filter(|(step, _)| step.kind == Kind::Baseline);
    let Some(latest) = baselines.map(|(step, _)| step.version.clone()).max() else { return };
    steps.retain(|(step, source)| {
        let stays = match step.kind {
            Kind::Baseline => step.version == latest,
            Kind::Versioned => step.version > latest,
            Kind::Repeatable | Kind::Down => true,
        };
        if !stays {
            skipped.push(format!("{} (before the baseline)", source.name));
        }
        stays
    });
}

/// The text with what goes down blanked out; none if nothing in it does. dbmate writes
/// `-- migrate:up` and `-- migrate:down`, goose `-- +goose Up` and `-- +goose Down`.
fn up_part(text: &str) -> Option<String> {
    let is_mark = |line: &str| mark(line).is_some();
    if !text.lines().any(is_mark) {
        return None;
    }
    let mut up = false;
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        if let Some(starts_up) = mark(line) {
            up = starts_up;
        }
        if up {
            out.push_str(line);
        } else {
            let blank = |byte: u8| if byte == b'\n' || byte == b'\r' { byte.into() } else { ' ' };
            out.extend(line.bytes().map(blank));
        }
    }
    Some(out)
}

/// Whether a line starts what goes up or what goes down.
fn mark(line: &str) -> Option<bool> {
    let words = line.trim().strip_prefix("--")?.trim().to_ascii_lowercase();
    let mut words = words.split_whitespace();
    match (words.next()?, words.next()) {
        ("migrate:up", _) | ("+goose" | "+migrate", Some("up")) => Some(true),
        ("migrate:down", _) | ("+goose" | "+migrate", Some("down")) => Some(false),
        _other => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn order(files: &[&str], expected: &[&str]) {
        let source =
            |name: &&str| Source { name: (*name).to_owned(), text: "SELECT 1;".to_owned() };
        let all = Sources { sources: files.iter().map(source).collect(), ..Sources::default() };
        let read = chain(all, "m").expect("a chain");
        let names: Vec<&str> = read.sources.iter().map(|source| source.name.as_str()).collect();
        assert_eq!(names, expected);
        assert_eq!(names.len() + read.skipped.len(), files.len());
    }

    #[test]
    fn each_tool_has_its_order() {
        order(&["m/10_b.sql", "m/9_a.sql"], &["m/9_a.sql", "m/10_b.sql"]);
        order(
            &["R__views.sql", "V10__c.sql", "V2.1__b.sql", "V2__a.sql", "U2__a.sql", "notes.sql"],
            &["V2__a.sql", "V2.1__b.sql", "V10__c.sql", "R__views.sql"],
        );
        order(&["V1__a.sql", "B3__b.sql", "V3__c.sql", "V4__d.sql"], &["B3__b.sql", "V4__d.sql"]);
        order(
            &["000002_b.up.sql", "000001_a.down.sql", "000001_a.up.sql"],
            &["000001_a.up.sql", "000002_b.up.sql"],
        );
        order(
            &[
                "2021-02-01-000000_b/up.sql",
                "2021-02-01-000000_b/down.sql",
                "2020-01-01-000000_a/up.sql",
            ],
            &["2020-01-01-000000_a/up.sql", "2021-02-01-000000_b/up.sql"],
        );
        order(
            &["20220101_x/migration.sql", "20210101_y/migration.sql"],
            &["20210101_y/migration.sql", "20220101_x/migration.sql"],
        );
    }

    #[test]
    fn one_version_twice_is_refused() {
        let check = |files: &[&str]| {
            let source = |name: &&str| Source { name: (*name).to_owned(), text: String::new() };
            let all = Sources { sources: files.iter().map(source).collect(), ..Sources::default() };
            assert!(chain(all, "m").is_err(), "{files:?}");
        };
        check(&["V1__a.sql", "V1.0__b.sql"]);
        check(&["001_a.up.sql", "1_b.up.sql"]);
    }

    #[test]
    fn what_goes_down_is_blank_and_keeps_its_lines() {
        let text = "-- migrate:up\nCREATE TABLE t ();\n-- migrate:down\nDROP TABLE t; -- é\n";
        let up = up_part(text).expect("marks");
        assert_eq!(up.len(), text.len());
        assert!(up.contains("CREATE") && !up.contains("DROP"));
        assert_eq!(up.lines().count(), text.lines().count());
        assert_eq!(up_part("CREATE TABLE t ();"), None);
        let goose = "-- +goose Up\n-- +goose StatementBegin\nA;\n-- +goose StatementEnd\n-- +goose Down\nB;\n";
        assert!(up_part(goose).is_some_and(|up| up.contains("A;") && !up.contains("B;")));
    }
}
