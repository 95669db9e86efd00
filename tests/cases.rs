//! Runs every folder of `tests/cases/<kind>/<name>` as one test.
//!
//! A case is `canonical.sql`, `live.sql` and `expected.txt`: the verdict, one line for
//! each drift and one for each rule that left something out. The first line of
//! `canonical.sql` says what the case specifies. `UPDATE_CASES=1` writes
//! `expected.txt` instead of comparing with it; read the change before committing it.
//!
//! For every case these laws hold as well: nothing drifts from itself, swapping the
//! sides swaps missing and extra, normalizing twice is normalizing once, and the
//! number of threads changes nothing.

#![allow(clippy::disallowed_methods, reason = "tests read files and run programs")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use libtest_mimic::{Arguments, Failed, Trial};
use pgcanon::diff::{Diff, DiffOptions, DriftKind, diff};
use pgcanon::emit::report::{Evidence, Report, Side};
use pgcanon::model::{Object, ObjectId, Pair, Problem};
use pgcanon::normalize::{NormalSchema, align, normalize};
use pgcanon::parse::{Coverage, parse};
use pgcanon::source::Source;

fn main() {
    let arguments = Arguments::from_args();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let trials = folders(&root)
        .iter()
        .flat_map(|kind| folders(kind))
        .map(|case| {
            let name = case.strip_prefix(&root).unwrap_or(&case).display().to_string();
            Trial::test(name, move || run(&case))
        })
        .collect();
    libtest_mimic::run(&arguments, trials).exit();
}

/// The folders in a folder, sorted.
fn folders(root: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn run(case: &Path) -> Result<(), Failed> {
    let (sources, expected) = read(case)?;
    let one = in_pool(1, || compare(&sources))?;
    let several = in_pool(4, || compare(&sources))?;
    if one != several {
        return Err(
            format!("the number of threads changes the result:\n{one}\nbut\n{several}").into()
        );
    }
    in_pool(2, || laws(&sources))??;
    let path = case.join("expected.txt");
    if std::env::var_os("UPDATE_CASES").is_some() {
        return std::fs::write(&path, one).map_err(Failed::from);
    }
    if expected.as_deref() == Some(one.as_str()) {
        return Ok(());
    }
    let expected = expected.unwrap_or_default();
    let diff = similar::TextDiff::from_lines(&expected, &one);
    let diff = diff.unified_diff().header("expected.txt", "found").to_string();
    Err(format!("{}\n{diff}", case.display()).into())
}

/// The two sources of a case and what is expected of them.
fn read(case: &Path) -> Result<(Pair<Source>, Option<String>), Failed> {
    let source = |name: &str| -> Result<Source, Failed> {
        let text = std::fs::read_to_string(case.join(name))
            .map_err(|error| format!("{}: {error}", case.join(name).display()))?;
        Ok(Source { name: name.to_owned(), text })
    };
    let sources = Pair { canonical: source("canonical.sql")?, live: source("live.sql")? };
    if !sources.canonical.text.starts_with("-- ") {
        return Err("the first line of canonical.sql does not say what is specified".into());
    }
    Ok((sources, std::fs::read_to_string(case.join("expected.txt")).ok()))
}

/// Runs in a pool of that many threads, each with room for deep statements.
fn in_pool<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> Result<T, Failed> {
    let builder = rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(64 << 20);
    Ok(builder.build()?.install(work))
}

/// One side, read and normalized.
struct Read {
    schema: NormalSchema,
    coverage: Coverage,
    problems: Vec<Problem>,
}

fn read_sides(sources: &Pair<Source>) -> Pair<Read> {
    let parsed = sources.as_ref().map(|source| parse(std::slice::from_ref(source)));
    let rest = parsed.as_ref().map(|side| (side.coverage.clone(), side.problems.clone()));
    let mut schemas = parsed.map(|side| normalize(side.schema));
    align(Pair { canonical: &mut schemas.canonical, live: &mut schemas.live });
    schemas.zip(rest).map(|(schema, (coverage, problems))| Read { schema, coverage, problems })
}

/// What the comparison says, line by line.
fn compare(sources: &Pair<Source>) -> String {
    let read = read_sides(sources);
    let found = diff(read.as_ref().map(|side| &side.schema), &DiffOptions::default());
    let sides = read.as_ref().zip(sources.as_ref()).map(|(read, source)| Side {
        sources: std::slice::from_ref(source),
        schema: &read.schema,
        coverage: &read.coverage,
        problems: &read.problems,
    });
    let report = Report::new(&found, sides);
    let mut out = format!("{}\n", report.verdict.label());
    for row in &report.rows {
        let Pair { canonical, live } = row.evidence.as_ref().map(place);
        let (title, drift, severity) = (row.title(), row.drift_type(), row.severity.label());
        let _ = write!(
            out,
            "{title} | {drift} | {} | {} | {severity} | {canonical} | {live}",
            row.canonical, row.live
        );
        for (other, score) in &row.candidates {
            let _ = write!(out, " | {other} {score} %");
        }
        out.push('\n');
    }
    for (reason, count) in &report.skipped {
        let _ = writeln!(out, "not compared: {count} {}", reason.label());
    }
    for (label, read) in [("canonical", &read.canonical), ("live", &read.live)] {
        for problem in &read.problems {
            let _ = writeln!(out, "{label}: {}: {}", problem.code.as_str(), problem.message);
        }
    }
    out
}

/// A line; in parentheses when it is that of the object around.
fn place(evidence: &Option<Evidence>) -> String {
    match evidence {
        Some(Evidence { line, nearby: true, .. }) => format!("({line})"),
        Some(Evidence { line, .. }) => line.to_string(),
        None => "-".to_owned(),
    }
}

fn laws(sources: &Pair<Source>) -> Result<(), Failed> {
    let sides = read_sides(sources).map(|read| read.schema);
    let options = DiffOptions::default();
    for (label, side) in [("canonical", &sides.canonical), ("live", &sides.live)] {
        let own = diff(Pair { canonical: side, live: side }, &options);
        if !own.drifts.is_empty() {
            return Err(format!("{label} drifts from itself: {:#?}", own.drifts).into());
        }
    }
    let (there, back) = (diff(sides.as_ref(), &options), diff(sides.as_ref().swap(), &options));
    let (there, back) = (findings(&there, false), findings(&back, true));
    if there != back {
        return Err(format!(
            "swapping the sides does not swap missing and extra:\n{there:#?}\nbut\n{back:#?}"
        )
        .into());
    }
    let before = sides.as_ref().map(objects);
    let after = sides.map(|side| objects(&normalize(side.into_schema())));
    if before != after {
        return Err("normalizing twice is not normalizing once".into());
    }
    Ok(())
}

fn objects(schema: &NormalSchema) -> Vec<(ObjectId, Object)> {
    schema.iter().map(|(id, object)| (id.clone(), object.object().clone())).collect()
}

/// All that was found or left out, in words; as seen from the other side when swapped.
fn findings(diff: &Diff, swapped: bool) -> BTreeSet<String> {
    let drifts = diff.drifts.iter().map(|drift| match &drift.kind {
        DriftKind::Missing { with } if swapped => format!("extra {:?} {with:?}", drift.object),
        DriftKind::Extra { with } if swapped => format!("missing {:?} {with:?}", drift.object),
        DriftKind::Missing { with } => format!("missing {:?} {with:?}", drift.object),
        DriftKind::Extra { with } => format!("extra {:?} {with:?}", drift.object),
        DriftKind::Renamed { live } if swapped => format!("{live:?} is {:?}", drift.object),
        DriftKind::Renamed { live } => format!("{:?} is {live:?}", drift.object),
        DriftKind::Changed { facet, .. } => format!("{:?} {facet:?}", drift.object),
    });
    // What one direction leaves out the other may report: a declared comment on an
    // extension is compared, an undeclared one is not.
    let skipped = diff.skipped.iter().map(|skip| match &skip.facet {
        Some(facet) => format!("{:?} {facet:?}", skip.object),
        None => format!("left out {:?}", skip.object),
    });
    drifts.chain(skipped).collect()
}
