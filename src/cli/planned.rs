//! From two sides to the migration between them, as `reconcile` and `prove` have it.
//!
//! In, the sources and the options of planning; out, both sides, their drifts, and a
//! migration of the drifts that are meant. Surprising: the live side is read as if the
//! renames of `--rename` had happened, so that the drifts are those that remain.

use std::collections::BTreeMap;
use std::path::Path;

use pgcanon::diff::{Diff, DiffOptions, DriftKind, diff};
use pgcanon::emit::report::Report;
use pgcanon::model::{ObjectId, Pair, Problem, ProblemCode};
use pgcanon::normalize::align;
use pgcanon::plan::{Causes, Migration, PlanOptions, Rename, contradiction, plan};
use pgcanon::register::{DriftId, DriftKey, Entry};
use pgcanon::source::Source;
use pgcanon::yaml::judge;

use super::args::{PlanArguments, Sources};
use super::comparison::{Refused, borrow};
use super::console::Console;
use super::diff::{read_sides_and, sources};
use super::partial::{Filled, filled};
use super::progress::Progress;
use super::project::{Project, today};
use super::side::Side;

/// The name of the source that renames the live side.
pub(super) const RENAMES: &str = "--rename";

/// A migration and what it comes from.
pub(super) struct Planned {
    pub sides: Pair<Side>,
    pub found: Diff,
    pub migration: Migration,
    pub causes: Causes,
    /// Drifts whose steps may delete data, by decisions of the register.
    pub decided: BTreeMap<String, String>,
    /// The drifts that the migration ends.
    pub chosen: Vec<String>,
    /// Drifts that were not asked for and come along, as others depend on them.
    pub along: Vec<String>,
    /// Drifts that the migration leaves as they are.
    pub left: usize,
}

/// Reads, compares and plans.
///
/// # Errors
/// The problem in the way; none when the problems of a side were said already.
pub(super) fn planned(
    command: &str,
    inputs: &Sources,
    arguments: &PlanArguments,
    progress: &Progress,
    console: &Console,
) -> Result<Planned, Option<Problem>> {
    let usage = |message: String| Problem::new(ProblemCode::Usage, format!("--rename: {message}"));
    let inputs = sources(command, inputs)?;
    if let Some(message) = contradiction(&arguments.rename) {
        return Err(Some(usage(message)));
    }
    progress.stage("reading both schemas");
    let renames: String = arguments.rename.iter().map(Rename::sql).collect();
    let after = (!renames.is_empty()).then(|| Source { name: RENAMES.to_owned(), text: renames });
    let mut sides = read_sides_and(&inputs, Pair::default(), after, false, console).ok_or(None)?;
    if let Some(problem) = wrong_rename(&sides.live) {
        return Err(Some(problem));
    }
    for rename in &arguments.rename {
        if let Some(message) = rename.against(&sides.canonical.schema) {
            let help = "a rename leads to a name that is declared, from one that is not";
            return Err(Some(usage(message).help(help)));
        }
    }
    progress.stage("planning");
    borrow(&mut sides);
    align(Pair { canonical: &mut sides.canonical.schema, live: &mut sides.live.schema });
    let options = DiffOptions {
        owners: arguments.owners.into(),
        privileges: arguments.privileges.into(),
        column_order: false,
    };
    let (found, mut report) = compared(&mut sides, &options)?;
    let schemas = sides.as_ref().map(|side| &side.schema);
    let mut decided = BTreeMap::new();
    if let Some(path) = &arguments.register {
        match number(&mut report, path, console) {
            Ok(decisions) => decided = decisions,
            Err(refused) => {
                refused.say(console);
                return Err(None);
            }
        }
    }
    let mut migration = plan(schemas, &found, PlanOptions { online: arguments.online });
    let causes = Causes::new(causes(&found, &report), [schemas.canonical, schemas.live]);
    let (mut along, mut left) = (Vec::new(), 0);
    let mut chosen: Vec<String> = report.rows.iter().map(|row| row.id.clone()).collect();
    if !arguments.selection.is_all() {
        let ids = arguments.selection.ids(&found, &report, &causes, schemas)?;
        along = migration.select(&causes, &ids);
        left = report.rows.len().saturating_sub(ids.len() + along.len());
        chosen.retain(|id| ids.contains(id) || along.contains(id));
    }
    migration.renaming(&arguments.rename);
    Ok(Planned { sides, found, migration, causes, decided, chosen, along, left })
}

/// The drifts to plan for. A side that says only a part is filled from the other one.
fn compared(sides: &mut Pair<Side>, options: &DiffOptions) -> Result<(Diff, Report), Problem> {
    let mut found = diff(sides.as_ref().map(|side| &side.schema), options);
    if sides.canonical.said.is_partial() || sides.live.said.is_partial() {
        let (said, schemas) =
            (sides.as_ref().map(|side| &side.said), sides.as_ref().map(|side| &side.schema));
        judge(said, &BTreeMap::new(), schemas, &mut found);
    }
    let report = Report::new(&found, sides.as_ref().map(Side::as_report));
    match filled(sides.as_ref(), &found, &report.rows, options)? {
        Some(Filled { schemas, diff, report }) => {
            sides.canonical.schema = schemas.canonical;
            sides.live.schema = schemas.live;
            Ok((diff, report))
        }
        None => Ok((found, report)),
    }
}

/// Gives the rows the numbers of the register, which has to have them. Gives back which of them
/// may cost data, and by which decision.
fn number(
    report: &mut Report,
    path: &Path,
    console: &Console,
) -> Result<BTreeMap<String, String>, Refused> {
    let document = super::register::read(path)?;
    let records = Project::find(None, console).map(|project| project.decisions());
    let records = records.unwrap_or_default();
    let today = today(None)?;
    let entries = document.register.entries.iter().map(|entry| (&entry.key, entry.id));
    let known: BTreeMap<&DriftKey, DriftId> = entries.collect();
    for row in &mut report.rows {
        let key = DriftKey { object: row.title(), facet: row.facet.clone() };
        let Some(id) = known.get(&key) else {
            let message = format!("{} does not have the drift of {}", path.display(), row.title());
            return Err(Problem::new(ProblemCode::Usage, message)
                .help("enter what is there now first: pgcanon diff CANONICAL LIVE --register")
                .into());
        };
        row.id = id.to_string();
    }
    let decision = |entry: &Entry| {
        let decision = entry.decision.as_ref().filter(|decision| decision.allow_data_loss)?;
        let adr = decision.adr.clone().filter(|adr| records.complaint(adr).is_none())?;
        let holds = decision.expires.is_none_or(|expires| today < expires);
        holds.then(|| (entry.id.to_string(), adr))
    };
    Ok(document.register.entries.iter().filter_map(decision).collect())
}

/// A rename of what is not there, or to a name that is taken.
fn wrong_rename(live: &Side) -> Option<Problem> {
    let at = live.sources.iter().position(|source| source.name == RENAMES)?;
    let is_there = |problem: &&Problem| {
        problem.span.is_some_and(|span| usize::try_from(span.source.0).is_ok_and(|n| n == at))
    };
    let problem = live.problems.iter().find(is_there)?;
    Some(Problem::new(ProblemCode::Usage, format!("--rename: {}", problem.message)))
}

/// The ids of the drift table by object.
pub(super) fn causes(found: &Diff, report: &Report) -> BTreeMap<ObjectId, Vec<String>> {
    let mut causes: BTreeMap<ObjectId, Vec<String>> = BTreeMap::new();
    for (drift, row) in found.drifts.iter().zip(&report.rows) {
        causes.entry(drift.object.clone()).or_default().push(row.id.clone());
        if let DriftKind::Renamed { live } = &drift.kind {
            causes.entry(live.clone()).or_default().push(row.id.clone());
        }
    }
    causes
}
