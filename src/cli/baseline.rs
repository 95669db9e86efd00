//! `pgcanon baseline`: the declared schema, locked and checked.

use std::path::Path;

use pgcanon::baseline::{Baseline, Changes, read, text};
use pgcanon::emit::escape::terminal;
use pgcanon::model::{Pair, Problem, ProblemCode};
use pgcanon::source::{Guarded, read_if_there};

use super::Outcome;
use super::args::{CompareArguments, Global};
use super::comparison::{Comparison, Refused};
use super::console::Console;
use super::governance::{BaselineArguments, BaselineCommand};
use super::project::{Project, today};
use super::side::{Side, Unusable};

/// Runs a command on the baseline.
pub(super) fn run(arguments: &BaselineArguments, global: &Global, console: &Console) -> Outcome {
    let Some(project) = Project::find(arguments.project.config.as_deref(), console) else {
        return Outcome::Failed;
    };
    let path = project.lock(arguments.lock.as_deref());
    let done = match &arguments.command {
        BaselineCommand::Lock { canonical, head } => {
            lock(&path, canonical, head.as_ref(), arguments, &project, console)
        }
        BaselineCommand::Check { canonical, bytes } => {
            check(&path, canonical, *bytes, &project, console)
        }
        BaselineCommand::Parity { live, canonical, fail_on } => {
            let inputs = project
                .canonical(canonical)
                .map(|canonical| Pair { canonical, live: vec![live.clone()] });
            inputs.map_err(Refused::from).and_then(|inputs| {
                let least = project.fail_on(*fail_on);
                parity(&inputs, least, &project, global, console)
            })
        }
        BaselineCommand::Statement => {
            locked(&path).map(|baseline| console.print(&baseline.statement()))
        }
    };
    done.unwrap_or_else(|refused| refused.say(console))
}

/// The declared schema as it is now; none when it cannot be read, which was said.
fn now(
    canonical: &[String],
    project: &Project,
    console: &Console,
) -> Result<Option<Baseline>, Refused> {
    let inputs = project.canonical(canonical)?;
    let side = match Side::read(&inputs, None) {
        Ok(side) => side,
        Err(Unusable { sources, problems }) => {
            console.problems(&problems, &sources);
            return Ok(None);
        }
    };
    if !side.as_report().is_complete() {
        console.problems(&side.problems, &side.sources);
        return Err(Problem::new(
            ProblemCode::Baseline,
            "a part of the declared schema was not understood, so there is no fingerprint of it",
        )
        .into());
    }
    let sources = side.secret.as_ref().unwrap_or(&side.sources);
    Ok(Some(Baseline::of(&side.schema, sources)))
}

fn locked(path: &Path) -> Result<Baseline, Refused> {
    let name = path.display().to_string();
    let source = read_if_there(path, &name)?.ok_or_else(|| {
        Problem::new(ProblemCode::Unreadable, format!("there is no lock file {name}"))
            .help("pgcanon baseline lock writes it")
    })?;
    read(&source).map_err(|problem| Refused::in_source(problem, source))
}

fn lock(
    path: &Path,
    canonical: &[String],
    head: Option<&String>,
    arguments: &BaselineArguments,
    project: &Project,
    console: &Console,
) -> Result<Outcome, Refused> {
    let Some(mut baseline) = now(canonical, project, console)? else {
        return Ok(Outcome::Failed);
    };
    baseline.date = Some(today(arguments.project.as_of)?);
    baseline.head = match head {
        Some(head) => Some(head.clone()),
        None => project.migration_head()?,
    };
    Guarded::open(path)?.replace(&text(&baseline))?;
    let name = terminal(&path.display().to_string());
    console.note(&format!("{} objects are locked in {name}\n", baseline.objects.len()));
    Ok(console.print(&format!("{}\n", baseline.fingerprint())))
}

fn check(
    path: &Path,
    canonical: &[String],
    bytes: bool,
    project: &Project,
    console: &Console,
) -> Result<Outcome, Refused> {
    let locked = locked(path)?;
    let Some(now) = now(canonical, project, console)? else { return Ok(Outcome::Failed) };
    let changes = locked.changes(&now);
    let mut out = said(&changes);
    let head = project.migration_head()?;
    let other_head = locked.head.is_some() && head.is_some() && locked.head != head;
    if other_head {
        let word = |head: &Option<String>| terminal(head.as_deref().unwrap_or("none"));
        out.push_str(&format!(
            "head of the migrations: {}, locked: {}\n",
            word(&head),
            word(&locked.head)
        ));
    }
    let fails = !changes.mean_the_same() || other_head || (bytes && !changes.texts.is_empty());
    if fails && locked.tool != now.tool {
        out.push_str(&format!(
            "it was locked by pgcanon {}, this is {}: lock it again to see whether only that differs\n",
            terminal(&locked.tool),
            now.tool
        ));
    }
    out.push_str(if fails { "CHANGED: lock it again when this is meant\n" } else { "UNCHANGED\n" });
    let printed = console.print(&out);
    Ok(if printed == Outcome::Pass && fails { Outcome::Drift } else { printed })
}

/// A line for everything that changed.
fn said(changes: &Changes) -> String {
    let Changes { added, removed, changed, texts } = changes;
    let mut out = String::new();
    for (label, names) in [("added", added), ("removed", removed), ("changed", changed)] {
        for name in names {
            out.push_str(&format!("{label:<8} {}\n", terminal(name)));
        }
    }
    for name in texts {
        out.push_str(&format!("text     {}\n", terminal(name)));
    }
    out
}

/// Whether a database may be stamped as being at the baseline.
fn parity(
    inputs: &Pair<Vec<String>>,
    least: Option<pgcanon::diff::Severity>,
    project: &Project,
    global: &Global,
    console: &Console,
) -> Result<Outcome, Refused> {
    let options = project.options(CompareArguments::default(), false);
    let Some(comparison) = Comparison::new(project, inputs, Pair::default(), &options, console)
    else {
        return Ok(Outcome::Failed);
    };
    comparison.say_problems(project, global, console);
    // What was not understood may hide a difference, so it is no parity.
    let mut comparison = comparison;
    // What a schema in YAML does not speak of is no difference to it.
    let stays = comparison.diff.drifts.iter().map(|drift| drift.preserve);
    comparison.accepted.iter_mut().zip(stays).for_each(|(accepted, stays)| *accepted |= stays);
    let stops = comparison.fails(least, true);
    let mut out = comparison.report.terminal(&console.style());
    out.push_str(if stops {
        "\nNOT AT PARITY: reconcile what is listed first (pgcanon reconcile), then stamp it\n"
    } else {
        "\nAT PARITY: it may be stamped\n"
    });
    let printed = console.print(&out);
    Ok(if printed == Outcome::Pass && stops { Outcome::Drift } else { printed })
}
