//! `pgcanon reconcile`: the migration from what is there to what is declared, and back.

use std::path::Path;

use pgcanon::model::{Problem, ProblemCode};
use pgcanon::plan::{
    Migration, Plan, Revision, RevisionFile, Script, ScriptOptions, alembic, heads, sql,
};

use super::Outcome;
use super::args::{Allow, Direction, Global, MigrationFormat, ReconcileArguments};
use super::console::Console;
use super::planned::{Planned, planned};
use super::progress::Progress;

/// Compares two sides and writes what makes the one the other.
pub(super) fn run(arguments: &ReconcileArguments, global: &Global, console: &Console) -> Outcome {
    let progress = Progress::start(console);
    let planned = planned("reconcile", &arguments.sources, &arguments.plan, &progress, console);
    drop(progress);
    let Planned { sides, found, migration, causes, along, left, .. } = match planned {
        Ok(planned) => planned,
        Err(Some(problem)) => return console.problem(&problem),
        Err(None) => return Outcome::Failed,
    };
    let options = ScriptOptions {
        allow_data_loss: arguments.allow.contains(&Allow::DataLoss),
        decision: arguments.decision.clone(),
        causes,
    };
    let (first, second) = match arguments.direction {
        Direction::Up => (&migration.up, &migration.down),
        Direction::Down => (&migration.down, &migration.up),
    };
    let (script, back) = (sql(first, &options), sql(second, &options));
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
    console.note(&summary(first, &script, &along, left));
    let undecided = found.drifts.iter().any(|drift| drift.undecided);
    let is_complete = script.withheld == 0 && first.circles.is_empty() && !undecided;
    if is_complete { Outcome::Pass } else { Outcome::Drift }
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
fn head(directory: &Path) -> Result<Option<String>, Problem> {
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

fn summary(plan: &Plan, script: &Script, along: &[String], left: usize) -> String {
    let mut text = match script.steps {
        0 if left > 0 => "nothing to do for what was chosen\n".to_owned(),
        0 => "nothing to do: the schemas agree\n".to_owned(),
        1 => "1 step\n".to_owned(),
        steps => format!("{steps} steps\n"),
    };
    if !along.is_empty() {
        text.push_str(&format!(
            "taken along, as what was chosen depends on it: {}\n",
            along.join(", ")
        ));
    }
    if left > 0 {
        text.push_str(&format!("{left} other drifts are left as they are\n"));
    }
    if script.withheld > 0 {
        text.push_str(&format!(
            "PARTIAL: {} steps are only comments, as data would be lost; --allow data-loss writes them\n",
            script.withheld
        ));
    }
    if !plan.circles.is_empty() {
        text.push_str("PARTIAL: some steps wait for each other; look at their order\n");
    }
    text
}
