//! `pgcanon reconcile`: the migration from what is there to what is declared, and back.

use std::collections::BTreeMap;
use std::path::Path;

use pgcanon::diff::{Diff, DiffOptions, diff};
use pgcanon::emit::report::Report;
use pgcanon::model::{ObjectId, Pair, Problem, ProblemCode};
use pgcanon::normalize::align;
use pgcanon::plan::{
    Causes, Migration, Plan, PlanOptions, Rename, Revision, RevisionFile, Script, ScriptOptions,
    alembic, heads, plan, sql,
};
use pgcanon::source::Source;

use super::Outcome;
use super::args::{Allow, Direction, Global, MigrationFormat, ReconcileArguments};
use super::console::Console;
use super::diff::{read_sides_and, sources};
use super::progress::Progress;
use super::side::Side;

/// Compares two sides and writes what makes the one the other.
pub(super) fn run(arguments: &ReconcileArguments, global: &Global, console: &Console) -> Outcome {
    let inputs = match sources("reconcile", &arguments.sources) {
        Ok(inputs) => inputs,
        Err(problem) => return console.problem(&problem),
    };
    let progress = Progress::start(console);
    progress.stage("reading both schemas");
    let renames: String = arguments.rename.iter().map(Rename::sql).collect();
    let after =
        (!renames.is_empty()).then(|| Source { name: "--rename".to_owned(), text: renames });
    let Some(mut sides) = read_sides_and(&inputs, Pair::default(), after, console) else {
        drop(progress);
        return Outcome::Failed;
    };
    if let Some(problem) = super::side::too_little(&sides) {
        drop(progress);
        return console.problem(&problem);
    }
    if let Some(problem) = wrong_rename(&sides.live) {
        drop(progress);
        return console.problem(&problem);
    }
    progress.stage("planning");
    align(Pair { canonical: &mut sides.canonical.schema, live: &mut sides.live.schema });
    let options = DiffOptions {
        owners: arguments.owners.into(),
        privileges: arguments.privileges.into(),
        column_order: false,
    };
    let schemas = sides.as_ref().map(|side| &side.schema);
    let found = diff(schemas, &options);
    let report = Report::new(&found, sides.as_ref().map(Side::as_report));
    let mut migration = plan(schemas, &found, PlanOptions { online: arguments.online });
    migration.renaming(&arguments.rename);
    if !arguments.with_secrets {
        migration.hide_secrets();
    }
    let options = ScriptOptions {
        allow_data_loss: arguments.allow.contains(&Allow::DataLoss),
        decision: arguments.decision.clone(),
        causes: Causes::new(causes(&found, &report), [schemas.canonical, schemas.live]),
    };
    let (first, second) = match arguments.direction {
        Direction::Up => (&migration.up, &migration.down),
        Direction::Down => (&migration.down, &migration.up),
    };
    let (script, back) = (sql(first, &options), sql(second, &options));
    drop(progress);
    sides.canonical.say_problems(global, console);
    sides.live.say_problems(global, console);
    let mut written = match arguments.format {
        MigrationFormat::Sql => console.write(&script.text, arguments.output.as_deref()),
        MigrationFormat::Alembic => revision(arguments, &migration, &options, console),
    };
    if let Some(file) = arguments.back.as_deref().filter(|_| written == Outcome::Pass) {
        written = console.write(&back.text, Some(file));
    }
    if written != Outcome::Pass {
        return written;
    }
    console.note(&summary(first, &script));
    let undecided = found.drifts.iter().any(|drift| drift.undecided);
    let is_complete = script.withheld == 0 && first.circles.is_empty() && !undecided;
    if is_complete { Outcome::Pass } else { Outcome::Drift }
}

/// A rename of what is not there, or to a name that is taken.
fn wrong_rename(live: &Side) -> Option<Problem> {
    let at = live.sources.iter().position(|source| source.name == "--rename")?;
    let is_there = |problem: &&Problem| {
        problem.span.is_some_and(|span| usize::try_from(span.source.0).is_ok_and(|n| n == at))
    };
    let problem = live.problems.iter().find(is_there)?;
    Some(Problem::new(ProblemCode::Usage, format!("--rename: {}", problem.message)))
}

/// Writes an Alembic revision that follows the head of the directory.
fn revision(
    arguments: &ReconcileArguments,
    migration: &Migration,
    options: &ScriptOptions,
    console: &Console,
) -> Outcome {
    let mut revision = Revision { down_revision: None, message: arguments.message.clone() };
    if let Some(directory) = &arguments.alembic_dir {
        match head(directory) {
            Ok(head) => revision.down_revision = head,
            Err(problem) => return console.problem(&problem),
        }
    }
    let RevisionFile { name, text } = alembic(migration, &revision, options);
    let file = arguments
        .output
        .clone()
        .or_else(|| arguments.alembic_dir.as_ref().map(|directory| directory.join(name)));
    console.write(&text, file.as_deref())
}

/// The only head of a directory of revisions; none when it has no revision.
#[expect(clippy::disallowed_methods, reason = "revisions are read here")]
pub(super) fn head(directory: &Path) -> Result<Option<String>, Problem> {
    let unreadable = |path: &Path, error: &std::io::Error| {
        Problem::new(ProblemCode::Usage, format!("cannot read {}: {error}", path.display()))
    };
    let entries = std::fs::read_dir(directory).map_err(|error| unreadable(directory, &error))?;
    let mut texts = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| unreadable(directory, &error))?.path();
        if path.extension().is_some_and(|extension| extension == "py") {
            texts.push(std::fs::read_to_string(&path).map_err(|error| unreadable(&path, &error))?);
        }
    }
    let mut heads = heads(texts.iter().map(String::as_str));
    if heads.len() > 1 {
        let message =
            format!("{} has {} heads: {}", directory.display(), heads.len(), heads.join(", "));
        return Err(
            Problem::new(ProblemCode::Usage, message).help("merge them first: alembic merge heads")
        );
    }
    Ok(heads.pop())
}

/// The ids of the drift table by object.
pub(super) fn causes(found: &Diff, report: &Report) -> BTreeMap<ObjectId, Vec<String>> {
    let mut causes: BTreeMap<ObjectId, Vec<String>> = BTreeMap::new();
    for (drift, row) in found.drifts.iter().zip(&report.rows) {
        causes.entry(drift.object.clone()).or_default().push(row.id.clone());
    }
    causes
}

fn summary(plan: &Plan, script: &Script) -> String {
    let mut text = match script.steps {
        0 => "nothing to do: the schemas agree\n".to_owned(),
        1 => "1 step\n".to_owned(),
        steps => format!("{steps} steps\n"),
    };
    if script.withheld > 0 {
        text.push_str(&format!(
            "PARTIAL: {} steps are only comments, as they would delete data or hold secrets; they say what writes them\n",
            script.withheld
        ));
    }
    if !plan.circles.is_empty() {
        text.push_str("PARTIAL: some steps wait for each other; look at their order\n");
    }
    text
}
