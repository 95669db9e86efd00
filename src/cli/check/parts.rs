//! The parts of `pgcanon check` beside the comparison: lint, lineage, invariants.
//!
//! The surprising thing: each is what the command of its name does, with the arguments that the
//! configuration stands for.

use std::path::PathBuf;

use pgcanon::diff::Severity;
use pgcanon::invariants::{self, Finding, Outcome as Came};
use pgcanon::lineage;
use pgcanon::lint;
use pgcanon::model::Pair;
use pgcanon::policy::{Config, NamedReport, ReportFormat, ReportOf};

use super::super::Outcome;
use super::super::console::Console;
use super::super::invariants::rules;
use super::super::lineage::{LineageArguments, read_graph};
use super::super::lint::{LintArguments, Linted, linted};
use super::super::project::Project;
use super::super::side::Side;
use super::{Lines, Refused};

/// Finds what is dangerous in the configured migrations.
pub(super) fn lint(
    project: &Project,
    config: &Config,
    least: Option<Severity>,
    lines: &mut Lines,
    console: &Console,
) -> Result<(), Refused> {
    let Some(settings) = &config.settings.lint else { return Ok(()) };
    let paths = |list: &[String]| list.iter().map(|path| project.path(path)).collect::<Vec<_>>();
    let arguments = LintArguments {
        paths: paths(&settings.paths),
        startup: paths(&settings.startup),
        changed_since: settings.changed_since.clone(),
        downgrade: settings.downgrade,
        idempotent: settings.idempotent,
        in_transaction: settings.in_transaction,
        ..LintArguments::default()
    };
    let Linted { outcome, sources, problems, skips } = linted(&arguments, project)?;
    let least = config.level(settings.level.as_ref()).unwrap_or(least);
    let counts = |finding: &&lint::Finding| {
        finding.waived.is_none() && least.is_some_and(|least| finding.rule.severity >= least)
    };
    let found: Vec<&lint::Finding> = outcome.findings.iter().filter(counts).collect();
    let fails = !found.is_empty() || !problems.is_empty();
    if skips && problems.is_empty() {
        lines.good("lint", "No candidate migrations detected; skipping.");
    } else {
        if fails {
            console.note(&lint::terminal(&outcome, &sources, false, console.style().color));
            console.problems(&problems, &sources);
        }
        let waived = outcome.findings.iter().filter(|finding| finding.waived.is_some()).count();
        let said = format!(
            "{} migrations: {} findings, {waived} waived, {} problems",
            outcome.migrations,
            outcome.findings.len() - waived,
            problems.len()
        );
        lines.add("lint", !fails, &said);
    }
    written(project, config, ReportOf::Lint, lines, console, |format| match format {
        ReportFormat::Json => lint::json(&outcome, &sources, fails),
        _text => lint::terminal(&outcome, &sources, true, false),
    });
    Ok(())
}

/// Checks the configured chain of revisions.
pub(super) fn lineage(
    project: &Project,
    config: &Config,
    lines: &mut Lines,
    console: &Console,
) -> Result<(), Refused> {
    let Some(settings) = &config.settings.lineage else { return Ok(()) };
    let directories = settings.directories(config.settings.alembic.as_ref());
    let arguments = LineageArguments {
        directories: directories.iter().map(|path| project.path(path)).collect::<Vec<PathBuf>>(),
        recursive: settings.recursive,
        expect_head: settings.expect_head.clone(),
        ..LineageArguments::default()
    };
    let graph = match read_graph(&arguments)? {
        Ok(graph) => graph,
        Err((sources, problems)) => {
            console.problems(&problems, &sources);
            lines.add("lineage", false, "a revision cannot be read");
            return Ok(());
        }
    };
    let (lineage, sources) = (&graph.lineage, &graph.sources);
    console.problems(&lineage.faults, sources);
    let heads: Vec<&str> = lineage.heads.iter().filter_map(|head| lineage.id(*head)).collect();
    let said = format!(
        "{} revisions, head {}, {} faults",
        lineage.revisions.len(),
        if heads.is_empty() { "none".to_owned() } else { heads.join(", ") },
        lineage.faults.len()
    );
    lines.add("lineage", lineage.is_sound(), &said);
    written(project, config, ReportOf::Lineage, lines, console, |format| match format {
        ReportFormat::Json => lineage::json(lineage, sources),
        _text => lineage::text(lineage),
    });
    Ok(())
}

/// Checks the rules on each side that is there.
pub(super) fn invariants(
    project: &Project,
    config: &Config,
    least: Option<Severity>,
    sides: Pair<Option<(&Side, &[String])>>,
    lines: &mut Lines,
    console: &Console,
) -> Result<(), Refused> {
    let mut all: Vec<(&str, Vec<Finding>)> = Vec::new();
    for (name, side) in [("canonical", sides.canonical), ("live", sides.live)] {
        let Some((side, inputs)) = side else { continue };
        let Some(rules) = rules(&[], inputs, project, side, console) else {
            lines.add("invariants", false, "the rules cannot be read");
            return Ok(());
        };
        all.push((name, invariants::check(&rules, &side.schema, &side.sources)));
    }
    // Rules in YAML beside a schema are not asked for in configurations without any.
    if all.iter().all(|(_, findings)| findings.iter().all(|f| f.outcome == Came::Prose)) {
        return Ok(());
    }
    for (name, findings) in &all {
        let of = |outcome| findings.iter().filter(move |finding| finding.outcome == outcome);
        let counts = |finding: &&Finding| least.is_some_and(|least| finding.severity >= least);
        let failing: Vec<&Finding> = of(Came::Fail).filter(counts).collect();
        if !failing.is_empty() {
            let shown: Vec<Finding> = failing.iter().map(|finding| (*finding).clone()).collect();
            console.note(&invariants::terminal(&shown));
        }
        let said = format!(
            "{name}: {} hold, {} fail, {} with nothing to look at",
            of(Came::Pass).count(),
            of(Came::Fail).count(),
            of(Came::Nothing).count()
        );
        lines.add("invariants", failing.is_empty(), &said);
    }
    written(project, config, ReportOf::Invariants, lines, console, |format| match format {
        ReportFormat::Json => format!("{:#}\n", invariants::json_of_sides(&all)),
        ReportFormat::Markdown => {
            let page = |(name, findings): &(&str, Vec<Finding>)| {
                format!("## {name}\n\n{}\n", invariants::markdown(findings))
            };
            all.iter().map(page).collect()
        }
        _text => {
            let page = |(name, findings): &(&str, Vec<Finding>)| {
                format!("{name}\n{}\n", invariants::terminal(findings))
            };
            all.iter().map(page).collect()
        }
    });
    Ok(())
}

/// Writes the configured reports of a part.
fn written(
    project: &Project,
    config: &Config,
    of: ReportOf,
    lines: &mut Lines,
    console: &Console,
    text: impl Fn(ReportFormat) -> String,
) {
    let own = |report: &&NamedReport| report.of == of;
    for report in config.settings.reports.iter().filter(own) {
        let path = project.path(&report.file);
        let good = console.write(&text(report.format), Some(&path)) == Outcome::Pass;
        lines.add("report", good, &path.display().to_string());
    }
}
