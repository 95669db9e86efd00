//! `pgcanon diff`.

use std::fmt::Write;

use pgcanon::diff::{Diff, DiffOptions, Verdict, diff};
use pgcanon::emit::escape::terminal;
use pgcanon::emit::report::{Report, explain};
use pgcanon::model::{Pair, Problem, ProblemCode};
use pgcanon::normalize::align;
use pgcanon::source::{LineIndex, Source};

use super::Outcome;
use super::args::{DiffArguments, Format, Global, Sources};
use super::console::Console;
use super::progress::Progress;
use super::side::{Side, Unusable};

/// Compares two sides and prints what differs.
pub(super) fn run(arguments: &DiffArguments, global: &Global, console: &Console) -> Outcome {
    let inputs = match sources("diff", &arguments.sources) {
        Ok(inputs) => inputs,
        Err(problem) => return console.problem(&problem),
    };
    let progress = Progress::start(console);
    progress.stage("reading both schemas");
    let names = Pair {
        canonical: arguments.name_canonical.as_deref(),
        live: arguments.name_live.as_deref(),
    };
    let traced = arguments.explain.is_some();
    let Some(mut sides) = read_sides_and(&inputs, names, None, traced, console) else {
        drop(progress);
        return Outcome::Failed;
    };
    progress.stage("comparing");
    align(Pair { canonical: &mut sides.canonical.schema, live: &mut sides.live.schema });
    let options = DiffOptions {
        owners: arguments.owners.into(),
        privileges: arguments.privileges.into(),
        column_order: arguments.column_order,
    };
    let diff = diff(sides.as_ref().map(|side| &side.schema), &options);
    let report = Report::new(&diff, sides.as_ref().map(Side::as_report));
    let text = render(arguments, &diff, &report, &sides, console);
    drop(progress);
    sides.canonical.say_problems(global, console);
    sides.live.say_problems(global, console);
    let written = match text {
        Ok(text) => console.write(&text, arguments.output.as_deref()),
        Err(problem) => console.problem(&problem),
    };
    let outcome =
        if written == Outcome::Pass { verdict(arguments, &diff, report.verdict) } else { written };
    // The process ends here; taking both schemas apart piece by piece would only take time.
    std::mem::forget((diff, sides, report));
    outcome
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
    let (canonical, live) = rayon::join(
        || Side::read_as(&inputs.canonical, names.canonical, None, traced),
        || Side::read_as(&inputs.live, names.live, after_live, traced),
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
    diff: &Diff,
    report: &Report,
    sides: &Pair<Side>,
    console: &Console,
) -> Result<String, Problem> {
    let mut style = console.style();
    // Escape sequences do not belong into files.
    style.color &= arguments.output.is_none();
    let mut text = match (&arguments.explain, arguments.format) {
        (Some(id), _) => {
            let all: Vec<&str> = report.rows.iter().map(|row| row.id.as_str()).collect();
            let ids = if id.eq_ignore_ascii_case("all") { all } else { vec![id.as_str()] };
            let explained =
                ids.iter().map(|id| explain(diff, sides.as_ref().map(Side::as_report), id, &style));
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

fn verdict(arguments: &DiffArguments, diff: &Diff, verdict: Verdict) -> Outcome {
    let fails = |drift: &pgcanon::diff::Drift| {
        let counts = !drift.undecided || arguments.strict;
        counts && arguments.fail_on.severity().is_some_and(|least| drift.severity >= least)
    };
    if diff.drifts.iter().any(fails) || (arguments.strict && verdict == Verdict::Unknown) {
        Outcome::Drift
    } else {
        Outcome::Pass
    }
}
