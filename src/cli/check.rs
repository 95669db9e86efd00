//! `pgcanon check`: everything that the configuration names, in one run for CI.

mod parts;

use std::fmt::Write;
use std::path::Path;

use pgcanon::diff::Severity;
use pgcanon::emit::report::TerminalStyle;
use pgcanon::model::{Pair, Problem, ProblemCode};
use pgcanon::policy::{Config, NamedReport, ReportFormat, ReportOf};
use pgcanon::register::{Document, check};
use pgcanon::source::read_if_there;

use super::Outcome;
use super::args::{CompareArguments, Global, Sources};
use super::comparison::{Comparison, Refused, register_path};
use super::console::Console;
use super::governance::{CheckArguments, ConfigArguments, ConfigCommand};
use super::progress::Progress;
use super::project::{Project, today};
use super::side::Side;

/// The least that a configuration says.
pub(super) const HOW_TO_BEGIN: &str = "write one, for example: version: 1, canonical: [schema.sql], live: [live.sql], each on a line \
     of its own; pgcanon schema config describes the rest";

/// Checks everything.
pub(super) fn run(arguments: &CheckArguments, global: &Global, console: &Console) -> Outcome {
    let Some(project) = Project::find(arguments.project.config.as_deref(), console) else {
        return Outcome::Failed;
    };
    let Some(config) = &project.config else {
        let problem = Problem::new(ProblemCode::Config, "there is no pgcanon.yaml here");
        return console
            .problem(&problem.help(format!("{HOW_TO_BEGIN}, or name one: --config FILE")));
    };
    checked(arguments, &project, config, global, console)
        .unwrap_or_else(|refused| refused.say(console))
}

fn checked(
    arguments: &CheckArguments,
    project: &Project,
    config: &Config,
    global: &Global,
    console: &Console,
) -> Result<Outcome, Refused> {
    let mut lines = Lines::default();
    let least = project.fail_on(arguments.fail_on);
    let settings = &config.settings;
    let others =
        settings.lint.is_some() || settings.lineage.is_some() || settings.invariants.is_some();
    let mut table = String::new();
    if settings.live.is_empty() && others {
        alone(project, config, least, &mut lines, global, console)?;
    } else {
        let none = Sources { both: Vec::new(), canonical: Vec::new(), live: Vec::new() };
        let inputs = project.sources("check", &none)?;
        let Some(comparison) =
            compared(arguments, project, &inputs, least, &mut lines, global, console)?
        else {
            return Ok(Outcome::Failed);
        };
        table = comparison.report.terminal(&console.style());
        table.push('\n');
        let Pair { canonical, live } = &comparison.sides;
        let sides = Pair {
            canonical: Some((canonical, inputs.canonical.as_slice())),
            live: Some((live, inputs.live.as_slice())),
        };
        parts::invariants(project, config, least, sides, &mut lines, console)?;
        std::mem::forget(comparison);
    }
    parts::lint(project, config, least, &mut lines, console)?;
    parts::lineage(project, config, &mut lines, console)?;
    table.push_str(&lines.text);
    table.push_str(if lines.fails { "FAIL\n" } else { "PASS\n" });
    let printed = console.print(&table);
    let outcome = if lines.fails { Outcome::Drift } else { Outcome::Pass };
    Ok(if printed == Outcome::Pass { outcome } else { printed })
}

/// Without a side that is there, what can be checked of the declared one.
fn alone(
    project: &Project,
    config: &Config,
    least: Option<Severity>,
    lines: &mut Lines,
    global: &Global,
    console: &Console,
) -> Result<(), Refused> {
    lines.good("drift", "not compared: the configuration says no live source");
    let settings = &config.settings;
    if settings.invariants.is_none() || settings.canonical.is_empty() {
        return Ok(());
    }
    let inputs = project.canonical(&[])?;
    match Side::read(&inputs, None) {
        Ok(side) => {
            side.say_problems(global, console);
            let sides = Pair { canonical: Some((&side, inputs.as_slice())), live: None };
            parts::invariants(project, config, least, sides, lines, console)
        }
        Err(unusable) => {
            console.problems(&unusable.problems, &unusable.sources);
            lines.add("invariants", false, "the declared schema cannot be read");
            Ok(())
        }
    }
}

/// Compares both sides; none when one cannot be read, which was said.
fn compared(
    arguments: &CheckArguments,
    project: &Project,
    inputs: &Pair<Vec<String>>,
    least: Option<Severity>,
    lines: &mut Lines,
    global: &Global,
    console: &Console,
) -> Result<Option<Comparison>, Refused> {
    let progress = Progress::start(console);
    progress.stage("reading and comparing both schemas");
    let options = project.options(CompareArguments::default(), false);
    let Some(mut comparison) = Comparison::new(project, inputs, Pair::default(), &options, console)
    else {
        return Ok(None);
    };
    if let Some(path) = register_path(project, None) {
        let recorded =
            comparison.register(project, &path, arguments.project.as_of, !arguments.read_only)?;
        if let Some(recorded) = recorded {
            let (new, reopened, resolved) =
                (recorded.new.len(), recorded.reopened.len(), recorded.resolved.len());
            lines.good("register", &format!("{new} new, {reopened} reopened, {resolved} resolved"));
        }
        register(&path, arguments, project, lines, console)?;
    }
    let fails = comparison.fails(least, project.strict(false));
    let accepted = comparison.accepted.iter().filter(|accepted| **accepted).count();
    let said = format!(
        "{}: {} drifts, {accepted} accepted, {} ignored",
        comparison.report.verdict.label(),
        comparison.report.rows.len(),
        comparison.report.ignored.len()
    );
    lines.add("drift", !fails, &said);
    baseline(project, &comparison, lines)?;
    if configured(project).any(|named| named.format.has_hazards()) {
        comparison.plan_hazards(&options);
    }
    reports(project, &comparison, lines, console)?;
    drop(progress);
    comparison.say_problems(project, global, console);
    Ok(Some(comparison))
}

/// The summary, a line for each part.
#[derive(Default)]
struct Lines {
    text: String,
    fails: bool,
}

impl Lines {
    fn good(&mut self, part: &str, said: &str) {
        self.add(part, true, said);
    }

    fn add(&mut self, part: &str, passes: bool, said: &str) {
        let word = if passes { "pass" } else { "FAIL" };
        self.fails |= !passes;
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "{part:<10} {word}  {}", pgcanon::emit::escape::terminal(said));
    }
}

/// What in the register contradicts itself.
fn register(
    path: &Path,
    arguments: &CheckArguments,
    project: &Project,
    lines: &mut Lines,
    console: &Console,
) -> Result<(), Refused> {
    let name = path.display().to_string();
    let Some(source) = read_if_there(path, &name)? else { return Ok(()) };
    let document =
        Document::read(source.clone()).map_err(|problem| Refused::in_source(problem, source))?;
    let problems = check(&document, today(arguments.project.as_of)?, &project.decisions());
    if !problems.is_empty() {
        console.problems(&problems, std::slice::from_ref(document.source()));
        lines.add("register", false, &format!("{} contradictions in {name}", problems.len()));
    }
    Ok(())
}

/// The lock file, if there is one.
fn baseline(project: &Project, comparison: &Comparison, lines: &mut Lines) -> Result<(), Refused> {
    let path = project.lock(None);
    let Some(source) = read_if_there(&path, &path.display().to_string())? else { return Ok(()) };
    let locked =
        pgcanon::baseline::read(&source).map_err(|problem| Refused::in_source(problem, source))?;
    // As it was read, not as it was aligned with the other side.
    let names = comparison.report.sources.canonical.clone();
    let side = Side::read(&names, None);
    let Ok(side) = side else {
        lines.add("baseline", false, "the declared schema cannot be read again");
        return Ok(());
    };
    let sources = side.secret.as_ref().unwrap_or(&side.sources);
    let changes = locked.changes(&pgcanon::baseline::Baseline::of(&side.schema, sources));
    let said = format!(
        "{} added, {} removed, {} changed since it was locked",
        changes.added.len(),
        changes.removed.len(),
        changes.changed.len()
    );
    lines.add("baseline", changes.mean_the_same(), &said);
    Ok(())
}

/// The configured reports about drifts.
fn configured(project: &Project) -> impl Iterator<Item = &NamedReport> {
    let reports = project.config.iter().flat_map(|config| &config.settings.reports);
    reports.filter(|report| report.of == ReportOf::Drift)
}

/// Writes the configured reports.
fn reports(
    project: &Project,
    comparison: &Comparison,
    lines: &mut Lines,
    console: &Console,
) -> Result<(), Refused> {
    for named in configured(project) {
        let report = &comparison.report;
        let text = match named.format {
            ReportFormat::Table => report.terminal(&TerminalStyle { width: 120, color: false }),
            ReportFormat::Markdown => report.markdown(),
            ReportFormat::Json => format!("{:#}\n", report.json()),
            ReportFormat::Csv => report.csv(),
            ReportFormat::Html => report.html(comparison.sides.as_ref().map(Side::as_report)),
            ReportFormat::Sarif => format!("{:#}\n", report.sarif()),
            ReportFormat::Junit => report.junit(),
            ReportFormat::Gitlab => format!("{:#}\n", report.gitlab()),
            ReportFormat::Github => report.github(),
        };
        let path = project.path(&named.file);
        let written = console.write(&text, Some(&path)) == Outcome::Pass;
        let said = path.display().to_string();
        lines.add("report", written, &said);
    }
    Ok(())
}

/// `pgcanon config check`.
pub(super) fn config(arguments: &ConfigArguments, console: &Console) -> Outcome {
    let ConfigCommand::Check { file } = &arguments.command;
    let Some(project) = Project::find(Some(file), console) else { return Outcome::Failed };
    let mut problems = Vec::new();
    if let Some(config) = &project.config {
        problems = dead_paths(&project, config);
    }
    if !problems.is_empty() {
        console.problems(&problems, &project.config_sources());
        return Outcome::Failed;
    }
    console.print(&format!(
        "{} is valid\n",
        pgcanon::emit::escape::terminal(&file.display().to_string())
    ))
}

/// Paths of the configuration that lead nowhere.
#[expect(clippy::disallowed_methods, reason = "paths of the configuration are looked at here")]
fn dead_paths(project: &Project, config: &Config) -> Vec<Problem> {
    let settings = &config.settings;
    let is_path = |input: &&String| {
        *input != "-"
            && !input.starts_with("git:")
            && !input.contains("://")
            && !input.contains('=')
    };
    let sources = settings.canonical.iter().chain(&settings.live).filter(is_path);
    let lint = settings.lint.iter().flat_map(|lint| lint.paths.iter().chain(&lint.startup));
    let lineage = settings.lineage.iter().flat_map(|l| l.dir.iter().chain(&l.dirs));
    let directories = settings.decisions.directory.iter().chain(&settings.alembic);
    let directories = directories.chain(lint).chain(lineage);
    let bare = |path: &str| {
        let prefixes = ["migrations:", "alembic:", "sqlite:"];
        let bare = prefixes.iter().find_map(|prefix| path.strip_prefix(prefix));
        project.path(bare.unwrap_or(path))
    };
    let dead = sources.chain(directories).filter(|path| !bare(path).exists());
    dead.map(|path| {
        Problem::new(ProblemCode::Config, format!("{}: there is no {path}", config.source.name))
            .help("paths are relative to the configuration")
    })
    .collect()
}
