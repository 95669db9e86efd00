//! `pgcanon reconcile`: the migration from what is there to what is declared, and back.

use std::path::Path;

use pgcanon::model::{Problem, ProblemCode};
use pgcanon::plan::{
    Migration, Naming, Plan, Revision, RevisionFile, Script, ScriptOptions, Tool, alembic, files,
    json, sql,
};

use super::Outcome;
use super::args::{Allow, Direction, Global, MigrationFormat, ReconcileArguments};
use super::console::Console;
use super::files::{Output, names, write_all};
use super::planned::{Planned, planned};
use super::progress::Progress;

/// Compares two sides and writes what makes the one the other.
pub(super) fn run(arguments: &ReconcileArguments, global: &Global, console: &Console) -> Outcome {
    let progress = Progress::start(console);
    let planned = planned("reconcile", &arguments.sources, &arguments.plan, &progress, console);
    drop(progress);
    let Planned {
        sides,
        found,
        mut migration,
        renames: _,
        causes,
        decided,
        chosen,
        along,
        left,
        accepted,
    } = match planned {
        Ok(planned) => planned,
        Err(Some(problem)) => return console.problem(&problem),
        Err(None) => return Outcome::Failed,
    };
    if !arguments.with_secrets {
        migration.hide_secrets();
    }
    let options = ScriptOptions {
        allow_data_loss: arguments.allow.contains(&Allow::DataLoss),
        decided,
        decision: arguments.decision.clone(),
        causes,
    };
    let first = match arguments.direction {
        Direction::Up => &migration.up,
        Direction::Down => &migration.down,
    };
    let script = sql(first, &options);
    sides.canonical.say_problems(global, console);
    sides.live.say_problems(global, console);
    let outputs = match outputs(arguments, &migration, &options, &along) {
        Ok(outputs) => outputs,
        Err(problem) => return console.problem(&problem),
    };
    let written = write_all(&outputs, console);
    if written != Outcome::Pass {
        return written;
    }
    let file = outputs.first().and_then(|(file, _)| file.as_deref());
    if let (Some(register), Some(file)) = (&arguments.plan.register, file)
        && arguments.direction == Direction::Up
        && let Err(refused) = super::register::reconciling(register, &chosen, file)
    {
        return refused.say(console);
    }
    console.note(&summary(first, &script, &along, left, accepted));
    let undecided = found.drifts.iter().any(|drift| drift.undecided);
    let is_complete = script.withheld == 0 && first.circles.is_empty() && !undecided;
    // The program ends here: nothing needs to be taken apart piece by piece.
    std::mem::forget((sides, found, options.causes));
    if is_complete { Outcome::Pass } else { Outcome::Drift }
}

/// All texts that are asked for, and where they go.
fn outputs(
    arguments: &ReconcileArguments,
    migration: &Migration,
    options: &ScriptOptions,
    along: &[String],
) -> Result<Vec<Output>, Problem> {
    let (first, second) = match arguments.direction {
        Direction::Up => (&migration.up, &migration.down),
        Direction::Down => (&migration.down, &migration.up),
    };
    if let Some(tool) = arguments.format.tool() {
        return tool_files(arguments, tool, migration, options);
    }
    if arguments.out.is_some() || arguments.migration_version.is_some() {
        let message = "--out and --migration-version belong to the formats of migration tools";
        return Err(Problem::new(ProblemCode::Usage, message)
            .help("--format flyway, golang-migrate, dbmate, sqlx or goose"));
    }
    let mut outputs = vec![match arguments.format {
        MigrationFormat::Alembic => revision(arguments, migration, options)?,
        MigrationFormat::Json => {
            (arguments.output.clone(), format!("{:#}\n", json(migration, options, along)))
        }
        _script => (arguments.output.clone(), sql(first, options).text),
    }];
    if let Some(file) = &arguments.back {
        outputs.push((Some(file.clone()), sql(second, options).text));
    }
    Ok(outputs)
}

/// The files of a migration tool, after those of its directory.
fn tool_files(
    arguments: &ReconcileArguments,
    tool: Tool,
    migration: &Migration,
    options: &ScriptOptions,
) -> Result<Vec<Output>, Problem> {
    let usage = |message: &str| Problem::new(ProblemCode::Usage, message);
    let Some(directory) = &arguments.out else {
        return Err(usage("the format needs a directory").help("give it with --out DIR"));
    };
    if arguments.output.is_some() || arguments.back.is_some() {
        return Err(usage("the format writes files into --out DIR, of both directions")
            .help("leave --output and --back out"));
    }
    let existing = names(directory)?;
    let naming = Naming {
        existing: &existing,
        version: arguments.migration_version,
        message: &arguments.message,
    };
    let files = files(migration, tool, &naming, options).map_err(|error| usage(&error))?;
    Ok(files.into_iter().map(|file| (Some(directory.join(file.name)), file.text)).collect())
}

/// An Alembic revision that follows the head of the directory.
fn revision(
    arguments: &ReconcileArguments,
    migration: &Migration,
    options: &ScriptOptions,
) -> Result<Output, Problem> {
    let mut revision = Revision { down_revision: None, message: arguments.message.clone() };
    if let Some(directory) = &arguments.alembic_dir {
        revision.down_revision = head(directory)?;
    }
    let RevisionFile { name, text } = alembic(migration, &revision, options);
    let file = arguments
        .output
        .clone()
        .or_else(|| arguments.alembic_dir.as_ref().map(|directory| directory.join(name)));
    Ok((file, text))
}

/// The only head of a directory of revisions; none when it has no revision.
pub(super) fn head(directory: &Path) -> Result<Option<String>, Problem> {
    super::lineage::head(directory)
}

fn summary(plan: &Plan, script: &Script, along: &[String], left: usize, accepted: usize) -> String {
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
        let other =
            if left == 1 { "1 other drift is" } else { &format!("{left} other drifts are") };
        let of_these = match accepted {
            0 => String::new(),
            accepted if accepted == left => ", accepted in the register".to_owned(),
            accepted => format!(", {accepted} of them accepted in the register"),
        };
        text.push_str(&format!("{other} left as before{of_these}\n"));
    }
    if script.withheld > 0 {
        let steps = match script.withheld {
            1 => "1 step is only a comment, as it",
            steps => &format!("{steps} steps are only comments, as they"),
        };
        text.push_str(&format!(
            "PARTIAL: {steps} would delete data or hold secrets; the comment says what writes it\n"
        ));
    }
    if !plan.circles.is_empty() {
        text.push_str("PARTIAL: some steps wait for each other; look at their order\n");
    }
    text
}
