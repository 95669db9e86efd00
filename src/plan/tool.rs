//! A migration as files in the layout of a migration tool: Flyway, golang-migrate, dbmate,
//! sqlx, goose.
//!
//! In, a migration, the names of the files that a directory has, and a tool; out, the files
//! to add. Surprising: one migration can be several versions. A statement that cannot run in
//! a transaction stands in a file of its own, as most tools send a file to the server as one
//! text, and several statements in one text are a transaction to PostgreSQL
//! (`exec_simple_query`, `src/backend/tcop/postgres.c`).

use super::alembic::{one_line, slug};
use super::script::{Parts, ScriptOptions, parts};
use super::tool_version::{Version, next};
use super::{Migration, Plan, Transaction};

/// A migration tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// `V2__name.sql`, `U2__name.sql`, and `.conf` beside them.
    Flyway,
    /// `000002_name.up.sql`, `000002_name.down.sql`.
    GolangMigrate,
    /// `00000000000002_name.sql` with `-- migrate:up` and `-- migrate:down`.
    Dbmate,
    /// `0002_name.up.sql`, `0002_name.down.sql`.
    Sqlx,
    /// `00002_name.sql` with `-- +goose Up` and `-- +goose Down`.
    Goose,
}

/// A file to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolFile {
    /// Its name within the directory.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// What files are named after.
#[derive(Clone, Debug, Default)]
pub struct Naming<'n> {
    /// The names that the directory has.
    pub existing: &'n [String],
    /// The first version to write; the one after those that are there if not given.
    pub version: Option<u64>,
    /// What the migration does, in a few words.
    pub message: &'n str,
}

/// Writes the files of both directions; none when there is nothing to do.
///
/// # Errors
/// There is no such version, or a statement holds what the tool would take for its own.
pub fn files(
    migration: &Migration,
    tool: Tool,
    naming: &Naming<'_>,
    options: &ScriptOptions,
) -> Result<Vec<ToolFile>, String> {
    let (up, down) = (segments(&migration.up, options), segments(&migration.down, options));
    if let Some(line) = up.iter().chain(&down).find_map(|one| taken_as_own(tool, one)) {
        return Err(format!(
            "a statement has the line \"{}\", which the tool would take for its own",
            one_line(&line)
        ));
    }
    let pairs = pairs(up, down);
    let mut version = next(tool, naming)?;
    let mut files = Vec::new();
    for (up, down) in &pairs {
        write(tool, &version, naming.message, (up.as_ref(), down.as_ref()), &mut files);
        version = version.after().ok_or("there is no version after the last one")?;
    }
    Ok(files)
}

/// Statements that stand in one file.
struct Segment {
    /// One statement that cannot run in a transaction.
    alone: bool,
    comments: String,
    statements: Vec<String>,
}

impl Segment {
    fn new(alone: bool) -> Self {
        Self { alone, comments: String::new(), statements: Vec::new() }
    }

    fn add(&mut self, part: &Parts) {
        for range in crate::parse::statements(&part.sql) {
            let statement = part.sql.get(range).unwrap_or_default().trim_end();
            let comments = std::mem::take(&mut self.comments);
            self.statements.push(format!("{comments}{};\n", statement.trim_end_matches(';')));
        }
    }
}

/// Names are written out; functions may name what is made later.
const OPEN: &str = "SET LOCAL check_function_bodies = false;\n";

/// Tools keep their own table in the same transaction, by a name without schema.
const CLOSE: &str = "SET LOCAL search_path TO DEFAULT;\n";

fn segments(plan: &Plan, options: &ScriptOptions) -> Vec<Segment> {
    let mut all: Vec<Segment> = Vec::new();
    let mut open = false;
    let parts = parts(plan, options);
    for (at, part) in parts.iter().enumerate() {
        let alone = part.transaction == Transaction::Alone && part.runs;
        if alone {
            let mut whole = Segment::new(true);
            whole.comments.clone_from(&part.comments);
            whole.add(part);
            // Each statement is a file.
            all.extend(
                whole
                    .statements
                    .into_iter()
                    .map(|statement| Segment { statements: vec![statement], ..Segment::new(true) }),
            );
            open = false;
            continue;
        }
        if !open {
            let mut first = Segment::new(false);
            first.statements.push(OPEN.to_owned());
            all.push(first);
        }
        if let Some(segment) = all.last_mut() {
            segment.comments.push_str(&part.comments);
            if part.runs {
                segment.add(part);
            } else {
                let lines = part.sql.lines().map(|line| format!("--   {line}\n"));
                segment.comments.extend(lines);
            }
        }
        let next = parts.get(at + 1).map(|next| next.transaction);
        let ends =
            part.transaction == Transaction::CommitAfter && next != Some(Transaction::CommitAfter);
        open = !ends;
    }
    let has_path = plan.steps.iter().any(|step| step.path.is_some());
    for segment in all.iter_mut().filter(|segment| !segment.alone && has_path) {
        segment.statements.push(CLOSE.to_owned());
    }
    // A file of comments only still says what is left out, when it is all there is.
    let is_only = all.len() == 1;
    all.retain(|one| one.alone || is_only || one.statements.len() > 1);
    all
}

/// Sets files of the way up beside those of the way down, which run from the last to the
/// first: those of one transactionality share a version.
fn pairs(up: Vec<Segment>, down: Vec<Segment>) -> Vec<(Option<Segment>, Option<Segment>)> {
    let mut down = down.into_iter().rev().peekable();
    let mut all = Vec::new();
    for up in up {
        let other = down.next_if(|down| down.alone == up.alone);
        all.push((Some(up), other));
    }
    all.extend(down.map(|down| (None, Some(down))));
    all
}

type Ways<'s> = (Option<&'s Segment>, Option<&'s Segment>);

fn write(tool: Tool, version: &Version, message: &str, ways: Ways<'_>, files: &mut Vec<ToolFile>) {
    let words = slug(message);
    let words = if words.is_empty() { "reconcile".to_owned() } else { words };
    let (up, down) = ways;
    let alone = up.is_some_and(|one| one.alone) || down.is_some_and(|one| one.alone);
    let mut file = |name: String, text: String| files.push(ToolFile { name, text });
    let headline = format!("-- {}\n\n", one_line(message));
    let body = |way: Option<&Segment>| body(tool, way);
    match tool {
        Tool::Flyway => {
            for (letter, way) in [("V", up), ("U", down)] {
                let name = format!("{letter}{version}__{words}.sql");
                let text = format!("{headline}{}", body(way));
                let mut settings = String::new();
                if way.is_some_and(|one| one.alone) {
                    settings.push_str("executeInTransaction=false\n");
                }
                if text.contains("${") {
                    settings.push_str("placeholderReplacement=false\n");
                }
                if !settings.is_empty() {
                    file(format!("{name}.conf"), settings);
                }
                file(name, text);
            }
        }
        Tool::GolangMigrate | Tool::Sqlx => {
            for (suffix, way) in [("up", up), ("down", down)] {
                let is_alone = way.is_some_and(|one| one.alone);
                // sqlx looks for it at the start of the file.
                let mark = if is_alone && tool == Tool::Sqlx { "-- no-transaction\n" } else { "" };
                let text = format!("{mark}{headline}{}", body(way));
                file(format!("{version}_{words}.{suffix}.sql"), text);
            }
        }
        Tool::Dbmate => {
            let mark = |way: Option<&Segment>| {
                if way.is_some_and(|one| one.alone) { " transaction:false" } else { "" }
            };
            let text = format!(
                "-- migrate:up{}\n{headline}{}\n-- migrate:down{}\n\n{}",
                mark(up),
                body(up),
                mark(down),
                body(down)
            );
            file(format!("{version}_{words}.sql"), text);
        }
        Tool::Goose => {
            let mark = if alone { "-- +goose NO TRANSACTION\n" } else { "" };
            let text = format!(
                "{mark}-- +goose Up\n{headline}{}\n-- +goose Down\n\n{}",
                body(up),
                body(down)
            );
            file(format!("{version}_{words}.sql"), text);
        }
    }
}

fn body(tool: Tool, way: Option<&Segment>) -> String {
    let Some(segment) = way else {
        return "-- Nothing: the versions beside this one do it.\nSELECT 1;\n".to_owned();
    };
    let mut text = String::new();
    // The only one that sends files as they are.
    let wraps = tool == Tool::GolangMigrate && !segment.alone;
    text.push_str(if wraps { "BEGIN;\n\n" } else { "" });
    for statement in &segment.statements {
        if tool == Tool::Goose {
            text.push_str("-- +goose StatementBegin\n");
        }
        text.push_str(statement);
        if tool == Tool::Goose {
            text.push_str("-- +goose StatementEnd\n");
        }
        text.push('\n');
    }
    text.push_str(&segment.comments);
    text.push_str(if wraps { "COMMIT;\n" } else { "" });
    text
}

/// A line of a statement, in a body or a literal, that the tool reads as an instruction.
fn taken_as_own(tool: Tool, segment: &Segment) -> Option<String> {
    let word = match tool {
        Tool::Dbmate => "migrate:",
        Tool::Goose => "+goose",
        Tool::Flyway | Tool::GolangMigrate | Tool::Sqlx => return None,
    };
    let is_own = |line: &&str| {
        let comment = line.trim_start().strip_prefix("--");
        comment.is_some_and(|rest| rest.trim_start().to_lowercase().starts_with(word))
    };
    let texts = segment.statements.iter().chain([&segment.comments]);
    texts.flat_map(|text| text.lines()).find(is_own).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ObjectId, QualifiedName};
    use crate::plan::{Rank, Step, Unit};

    fn step(sql: &'static str) -> Step {
        let id = ObjectId::Table(QualifiedName::new("public", "t"));
        Step::new(Rank::Table, &Unit::Object(id), |w| {
            w.sql(sql);
        })
    }

    fn migration() -> Migration {
        let plan = |steps| Plan { steps, circles: Vec::new() };
        Migration {
            up: plan(vec![
                step("ALTER TABLE t ADD a int;\n"),
                step("CREATE INDEX CONCURRENTLY i ON t (a);\n").alone(),
            ]),
            down: plan(vec![step("DROP INDEX i;\nALTER TABLE t DROP a;\n")]),
        }
    }

    fn written(tool: Tool, existing: &[&str]) -> Vec<ToolFile> {
        let existing: Vec<String> = existing.iter().map(|name| (*name).to_owned()).collect();
        let naming = Naming { existing: &existing, version: None, message: "Add a" };
        files(&migration(), tool, &naming, &ScriptOptions::default()).unwrap_or_default()
    }

    fn names(tool: Tool, existing: &[&str]) -> Vec<String> {
        written(tool, existing).into_iter().map(|file| file.name).collect()
    }

    #[test]
    fn what_cannot_run_in_a_transaction_is_a_version_of_its_own() {
        assert_eq!(
            names(Tool::GolangMigrate, &["000007_x.up.sql", "readme.md"]),
            [
                "000008_add_a.up.sql",
                "000008_add_a.down.sql",
                "000009_add_a.up.sql",
                "000009_add_a.down.sql"
            ]
        );
        assert_eq!(
            names(Tool::Flyway, &[]),
            [
                "V1__add_a.sql",
                "U1__add_a.sql",
                "V2__add_a.sql.conf",
                "V2__add_a.sql",
                "U2__add_a.sql"
            ]
        );
        let sqlx = written(Tool::Sqlx, &[]);
        let starts: Vec<bool> =
            sqlx.iter().map(|file| file.text.starts_with("-- no-transaction\n")).collect();
        assert_eq!(starts, [false, false, true, false]);
        let goose: Vec<bool> = written(Tool::Goose, &[])
            .iter()
            .map(|file| file.text.starts_with("-- +goose NO TRANSACTION\n"))
            .collect();
        assert_eq!(goose, [false, true]);
    }

    #[test]
    fn what_a_tool_would_take_for_its_own_is_refused() {
        let mut migration = migration();
        migration.up.steps.push(step("SELECT '\n-- migrate:down\n';\n"));
        let of = |tool| files(&migration, tool, &Naming::default(), &ScriptOptions::default());
        assert!(of(Tool::Dbmate).is_err());
        assert!(of(Tool::Goose).is_ok());
    }
}
