//! `pgcanon diff`.

use std::fmt::Write;

use pgcanon::emit::escape::terminal;
use pgcanon::emit::report::{Report, explain};
use pgcanon::model::{Pair, Problem, ProblemCode};
use pgcanon::register::{DriftId, Recorded};
use pgcanon::source::{LineIndex, Source};

use super::Outcome;
use super::args::{DiffArguments, Format, Global, Sources};
use super::comparison::Comparison;
use super::console::Console;
use super::hyperlinks::addresses;
use super::progress::Progress;
use super::project::Project;
use super::side::{Reading, Side, Unusable};

/// Compares two sides and prints what differs.
pub(super) fn run(arguments: &DiffArguments, global: &Global, console: &Console) -> Outcome {
    let Some(project) = Project::find(arguments.project.config.as_deref(), console) else {
        return Outcome::Failed;
    };
    let inputs = match project.sources("diff", &arguments.sources) {
        Ok(inputs) => inputs,
        Err(problem) => return console.problem(&problem),
    };
    let progress = Progress::start(console);
    progress.stage("reading and comparing both schemas");
    let names = Pair {
        canonical: arguments.name_canonical.as_deref(),
        live: arguments.name_live.as_deref(),
    };
    let options = project.options(arguments.compare, arguments.column_order);
    // Which rules were applied is only said where a drift is explained.
    let traced = arguments.explain.is_some();
    let Some(sides) = read_sides_and(&inputs, names, None, traced, console) else {
        drop(progress);
        return Outcome::Failed;
    };
    let mut comparison = Comparison::of(&project, sides, &options);
    let mut recorded = None;
    if let Some(path) = &arguments.register {
        let path = project.register(Some(path));
        let write = !arguments.read_only;
        match comparison.register(&project, &path, arguments.project.as_of, write) {
            Ok(done) => recorded = done,
            Err(refused) => {
                drop(progress);
                return refused.say(console);
            }
        }
    }
    if console.hyperlinks() && arguments.output.is_none() {
        let sources = comparison.report.sources.as_ref();
        comparison.report.links = addresses(sources.canonical.iter().chain(sources.live));
    }
    let is_table = matches!(arguments.format, Format::Table | Format::Csv);
    if arguments.explain.is_some() || !is_table {
        progress.stage("working out what ending the drifts would endanger");
        comparison.plan_hazards(&options);
    }
    let text = render(arguments, &comparison, console);
    drop(progress);
    comparison.say_problems(&project, global, console);
    let written = match text {
        Ok(text) if arguments.output.is_none() && is_for_people(arguments) => console.show(&text),
        Ok(text) => console.write(&text, arguments.output.as_deref()),
        Err(problem) => console.problem(&problem),
    };
    if let Some(recorded) = recorded {
        console.note(&news(&recorded));
    }
    let least = project.fail_on(arguments.fail_on);
    let fails = comparison.fails(least, project.strict(arguments.strict));
    let verdict = if fails { Outcome::Drift } else { Outcome::Pass };
    let outcome = if written == Outcome::Pass { verdict } else { written };
    // The process ends here; taking both schemas apart piece by piece would only take time.
    std::mem::forget(comparison);
    outcome
}

/// True for what is made for a terminal.
fn is_for_people(arguments: &DiffArguments) -> bool {
    arguments.explain.is_some() || arguments.format == Format::Table
}

/// What is new in the register.
fn news(recorded: &Recorded) -> String {
    let list = |label: &str, ids: &[DriftId]| match ids {
        [] => String::new(),
        [only] => format!("{label}: {only}\n"),
        [first, .., last] => format!("{label}: {} drifts, {first} to {last}\n", ids.len()),
    };
    [
        list("new in the register", &recorded.new),
        list("reopened", &recorded.reopened),
        list("resolved", &recorded.resolved),
    ]
    .concat()
}

/// Reads both sides at once; says why one cannot be used.
pub(super) fn read_sides(
    inputs: &Pair<Vec<String>>,
    names: Pair<Option<&str>>,
    console: &Console,
) -> Option<Pair<Side>> {
    read_sides_and(inputs, names, None, false, console)
}

/// The same with statements that follow what is read of the live side, and with the rules
/// noted that were applied.
pub(super) fn read_sides_and(
    inputs: &Pair<Vec<String>>,
    names: Pair<Option<&str>>,
    after_live: Option<Source>,
    traced: bool,
    console: &Console,
) -> Option<Pair<Side>> {
    let mut all = inputs.canonical.iter().chain(&inputs.live);
    let beside_chain = all.any(|input| super::alembic::is_chain(input));
    let reading = Reading { traced, beside_chain };
    let (canonical, live) = rayon::join(
        || Side::read_as(&inputs.canonical, names.canonical, None, reading),
        || Side::read_as(&inputs.live, names.live, after_live, reading),
    );
    match (canonical, live) {
        (Ok(canonical), Ok(live)) => Some(Pair { canonical, live }),
        (canonical, live) => {
            let unusable = [canonical.err(), live.err()];
            for Unusable { sources, problems } in unusable.into_iter().flatten() {
                console.problems(&problems, &sources);
            }
            None
        }
    }
}

/// Which sources belong to which side.
pub(super) fn sources(command: &str, arguments: &Sources) -> Result<Pair<Vec<String>>, Problem> {
    let usage = |message: &str| {
        Err(Problem::new(ProblemCode::Usage, message).help(format!(
            "pgcanon {command} CANONICAL LIVE, or --canonical and --live for several sources of a side",
        )))
    };
    let flags = Pair { canonical: arguments.canonical.clone(), live: arguments.live.clone() };
    let given = (flags.canonical.is_empty(), flags.live.is_empty(), arguments.both.as_slice());
    let inputs = match given {
        (true, true, [canonical, live]) => {
            Pair { canonical: vec![canonical.clone()], live: vec![live.clone()] }
        }
        (true, false, [canonical]) => Pair { canonical: vec![canonical.clone()], live: flags.live },
        (false, true, [live]) => Pair { canonical: flags.canonical, live: vec![live.clone()] },
        (false, false, []) => flags,
        (true, true, []) => {
            return usage("two schemas are needed: what is declared, and what is there");
        }
        (true, true, [_only]) => {
            return usage("one schema is given, a second one to compare it with is missing");
        }
        (false, true, []) => return usage("the side that is there is missing"),
        (true, false, []) => return usage("the declared side is missing"),
        _too_many => return usage("a side is given twice, by its place and by its option"),
    };
    let stdin = inputs.canonical.iter().chain(&inputs.live).filter(|input| *input == "-").count();
    if stdin > 1 { usage("standard input (-) can be read only once") } else { Ok(inputs) }
}

fn render(
    arguments: &DiffArguments,
    comparison: &Comparison,
    console: &Console,
) -> Result<String, Problem> {
    let Comparison { sides, diff, report, .. } = comparison;
    let mut style = console.style();
    // Escape sequences do not belong into files.
    style.color &= arguments.output.is_none();
    let mut text = match (&arguments.explain, arguments.format) {
        (Some(id), _) => {
            let all: Vec<&str> = report.rows.iter().map(|row| row.id.as_str()).collect();
            let ids = if id.eq_ignore_ascii_case("all") { all } else { vec![id.as_str()] };
            let explained = ids
                .iter()
                .map(|id| explain(diff, sides.as_ref().map(Side::as_report), report, id, &style));
            let texts: Result<Vec<String>, _> = explained.collect();
            let usage = |error: pgcanon::emit::report::ExplainError| {
                Problem::new(ProblemCode::Usage, error.to_string())
            };
            texts.map_err(usage)?.join("\n")
        }
        (None, Format::Table) => report.terminal(&style),
        (None, Format::Markdown) => report.markdown(),
        (None, Format::Json) => format!("{:#}\n", report.json()),
        (None, Format::Csv) => report.csv(),
        (None, Format::Html) => report.html(sides.as_ref().map(Side::as_report)),
        (None, Format::Sarif) => format!("{:#}\n", report.sarif()),
        (None, Format::Junit) => report.junit(),
        (None, Format::Gitlab) => format!("{:#}\n", report.gitlab()),
        (None, Format::Github) => report.github(),
    };
    if arguments.list_ignored && arguments.format == Format::Table {
        list_ignored(report, sides, &mut text);
    }
    Ok(text)
}

/// Every statement and difference that a rule leaves out, with its place.
fn list_ignored(report: &Report, sides: &Pair<Side>, out: &mut String) {
    // Writing to a string cannot fail.
    let mut line = |text: String| {
        let _ = writeln!(out, "{text}");
    };
    line("\nIgnored statements:".to_owned());
    for side in [&sides.canonical, &sides.live] {
        let lines: Vec<LineIndex<'_>> =
            side.sources.iter().map(|source| LineIndex::new(&source.text)).collect();
        for (rule, spans) in &side.coverage.ignored {
            for span in spans {
                let at = span.source.0 as usize;
                let (Some(source), Some(lines)) = (side.sources.get(at), lines.get(at)) else {
                    continue;
                };
                let place = format!("{}:{}", source.name, lines.position(span.start as usize).line);
                let first = span.of(&source.text).lines().next().unwrap_or_default();
                let first: String = first.chars().take(60).collect();
                line(format!("  {}  {}  {}", terminal(&place), rule.label(), terminal(&first)));
            }
        }
    }
    if !report.ignored.is_empty() {
        line("\nIgnored by configuration:".to_owned());
        for ignored in &report.ignored {
            let row = &ignored.row;
            let text = format!("  {}: {}  {}", row.title(), row.drift_type(), ignored.reason);
            line(terminal(&text));
        }
    }
    line("\nIgnored differences:".to_owned());
    for row in &report.skipped_rows {
        let facet = row.facet.as_deref().map(|facet| format!(": {facet}")).unwrap_or_default();
        let places = [&row.evidence.canonical, &row.evidence.live];
        let places: Vec<String> =
            places.into_iter().flatten().map(pgcanon::emit::report::Evidence::label).collect();
        line(format!(
            "  {}{}  {}  {}",
            terminal(&row.object),
            terminal(&facet),
            row.reason.label(),
            terminal(&places.join(", "))
        ));
    }
}
