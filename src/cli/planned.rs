//! From two sides to the migration between them, as `reconcile` and `prove` have it.
//!
//! In, the sources and the options of planning; out, both sides, their drifts, and a
//! migration of the drifts that are meant. Surprising: the live side is read as if the
//! renames of `--rename` had happened, so that the drifts are those that remain.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use pgcanon::diff::{Diff, DiffOptions, DriftKind};
use pgcanon::emit::report::{Report, Row, object_name, same_id};
use pgcanon::model::{Date, ObjectId, Pair, Problem, ProblemCode};
use pgcanon::plan::{Causes, Migration, PlanOptions, Rename, contradiction, plan};
use pgcanon::policy::Applied;
use pgcanon::register::{
    Decisions, Document, DriftId, DriftKey, Entry, Status, in_force, is_about,
};
use pgcanon::source::Source;

use super::args::{PlanArguments, Selection, Sources};
use super::comparison::{differences, sighting};
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
    /// Those of the arguments and of the register.
    pub renames: Vec<Rename>,
    pub causes: Causes,
    /// Drifts whose steps may delete data, by decisions of the register.
    pub decided: BTreeMap<String, String>,
    /// The drifts that the migration ends.
    pub chosen: Vec<String>,
    /// Drifts that were not asked for and come along, as others depend on them.
    pub along: Vec<String>,
    /// Drifts that the migration leaves as they are.
    pub left: usize,
    /// How many of these may stay by a decision of the register.
    pub accepted: usize,
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
    let usage = |message: String| Problem::new(ProblemCode::Usage, format!("{RENAMES}: {message}"));
    let inputs = sources(command, inputs)?;
    let document = match arguments.register.as_deref().map(super::register::read) {
        Some(Ok(document)) => Some(document),
        Some(Err(refused)) => {
            refused.say(console);
            return Err(None);
        }
        None => None,
    };
    let mut renames = arguments.rename.clone();
    if let Some(document) = &document {
        decided_renames(document, &mut renames, today(None)?)
            .map_err(|message| Some(Problem::new(ProblemCode::Decision, message)))?;
    }
    if let Some(message) = contradiction(&renames) {
        return Err(Some(usage(message)));
    }
    progress.stage("reading both schemas");
    let statements: String = renames.iter().map(Rename::sql).collect();
    let after =
        (!statements.is_empty()).then(|| Source { name: RENAMES.to_owned(), text: statements });
    let mut sides = read_sides_and(&inputs, Pair::default(), after, false, console).ok_or(None)?;
    if let Some(problem) = wrong_rename(&sides.live) {
        return Err(Some(problem));
    }
    for rename in &renames {
        if let Some(message) = rename.against(&sides.canonical.schema) {
            let help = "a rename leads to a name that is declared, from one that is not";
            return Err(Some(usage(message).help(help)));
        }
    }
    progress.stage("planning");
    let project = Project::find(None, console).ok_or(None)?;
    let options = project.options(arguments.compare, false);
    let (mut found, mut report, applied) = compared(&project, &mut sides, &options)?;
    applied.keep(&mut found);
    let schemas = sides.as_ref().map(|side| &side.schema);
    let mut decided = BTreeMap::new();
    let mut renamed = Renamed::default();
    let mut accepted = BTreeSet::new();
    if let (Some(path), Some(document)) = (&arguments.register, &document) {
        renamed = Renamed::new(&renames, document);
        number(&mut report, &found, (path, document), &renamed)?;
        decided = data_loss(document, today(None)?, &project.decisions());
        accepted = may_stay(document, &report, today(None)?, &project.decisions());
    }
    let mut migration = plan(schemas, &found, PlanOptions { online: arguments.online });
    let mut causes = causes(&found, &report);
    renamed.add_to(&mut causes);
    let causes = Causes::new(causes, [schemas.canonical, schemas.live]);
    let (mut along, mut left) = (Vec::new(), applied.ignored.len());
    let mut chosen: Vec<String> = report.rows.iter().map(|row| row.id.clone()).collect();
    // What is accepted is only planned for where it is named.
    let is_named = |id: &String| arguments.selection.only.iter().any(|only| same_id(only, id));
    accepted.retain(|id| !is_named(id));
    if !arguments.selection.is_all() || !accepted.is_empty() {
        let mut ids = renamed.selected(&arguments.selection, |selection| {
            selection.ids(&found, &report, &causes, schemas)
        })?;
        ids.retain(|id| !accepted.contains(id));
        along = migration.select(&causes, &ids);
        left += report.rows.len().saturating_sub(ids.len() + along.len());
        chosen.retain(|id| ids.contains(id) || along.contains(id));
    }
    // Renames are always done: what is compared is what they leave.
    chosen.extend(renamed.ids());
    chosen.sort();
    chosen.dedup();
    migration.renaming(&renames);
    let accepted = accepted.difference(&along.iter().cloned().collect()).count();
    Ok(Planned { sides, found, migration, renames, causes, decided, chosen, along, left, accepted })
}

/// The drifts to plan for, without what the configuration leaves out. A side that says only a
/// part is filled from the other one.
fn compared(
    project: &Project,
    sides: &mut Pair<Side>,
    options: &DiffOptions,
) -> Result<(Diff, Report, Applied), Problem> {
    let (found, applied) = differences(project, sides, options);
    let report = Report::new(&found, sides.as_ref().map(Side::as_report));
    match filled(sides.as_ref(), &found, &report.rows, options)? {
        Some(Filled { schemas, diff, report }) => {
            sides.canonical.schema = schemas.canonical;
            sides.live.schema = schemas.live;
            Ok((diff, report, applied))
        }
        None => Ok((found, report, applied)),
    }
}

/// Adds the renames that are decided in the register and still to be done.
///
/// # Errors
/// A decision that cannot be meant.
fn decided_renames(
    document: &Document,
    renames: &mut Vec<Rename>,
    today: Date,
) -> Result<(), String> {
    for entry in &document.register.entries {
        let Some(decision) = &entry.decision else { continue };
        let holds = decision.expires.is_none_or(|expires| today < expires);
        let is_done = entry.status == Status::Resolved || entry.change != "missing";
        if let Some(from) = decision.renamed_from.as_ref().filter(|_| holds && !is_done) {
            let rename = super::register::renamed(entry, from)?;
            if !renames.contains(&rename) {
                renames.push(rename);
            }
        }
    }
    Ok(())
}

/// The drifts of the register that renames end: of the name after, and of the one before.
#[derive(Default)]
struct Renamed {
    drifts: Vec<((ObjectId, ObjectId), Vec<String>)>,
}

impl Renamed {
    fn new(renames: &[Rename], document: &Document) -> Self {
        let of = |rename: &Rename| {
            let (old, new) = rename.names();
            let is_open =
                |entry: &&Entry| entry.status != Status::Resolved && entry.key.facet.is_none();
            let entries = || document.register.entries.iter().filter(is_open);
            let of = |id: &ObjectId| entries().find(|entry| is_title(&entry.key.object, id));
            let ids = [of(&new), of(&old)].into_iter().flatten();
            let ids = ids.map(|entry| entry.id.to_string()).collect();
            ((old, new), ids)
        };
        Self { drifts: renames.iter().map(of).collect() }
    }

    /// The drift of a rename whose new name an object has, or hangs on.
    fn id_of(&self, object: &ObjectId) -> Option<&String> {
        let is_of = |new: &ObjectId| {
            let parent = object.parent().zip(new.qualified_name());
            object == new || parent.is_some_and(|(parent, new)| parent == new)
        };
        self.drifts.iter().find(|((_, new), _)| is_of(new)).and_then(|(_, ids)| ids.first())
    }

    fn ids(&self) -> impl Iterator<Item = String> {
        self.drifts.iter().flat_map(|(_, ids)| ids).cloned()
    }

    fn add_to(&self, causes: &mut BTreeMap<ObjectId, Vec<String>>) {
        for ((old, new), ids) in &self.drifts {
            let mut ids = ids.clone();
            ids.sort();
            for id in [old, new] {
                causes.entry(id.clone()).or_insert_with(|| ids.clone());
            }
        }
    }

    /// What is selected besides the renames, which are done in any case.
    fn selected(
        &self,
        selection: &Selection,
        ids: impl Fn(&Selection) -> Result<BTreeSet<String>, Problem>,
    ) -> Result<BTreeSet<String>, Problem> {
        let own: BTreeSet<String> = self.ids().collect();
        let is_rename = |only: &String| own.iter().any(|id| same_id(only, id));
        let rest: Vec<String> =
            selection.only.iter().filter(|only| !is_rename(only)).cloned().collect();
        if rest.is_empty() && !selection.only.is_empty() {
            return Ok(BTreeSet::new());
        }
        ids(&Selection { only: rest, ..selection.clone() })
    }
}

/// True when reports name an object so, whatever kind of type or view it is.
fn is_title(title: &str, id: &ObjectId) -> bool {
    let is_column = matches!(id, ObjectId::Column(_));
    title
        .strip_suffix(&object_name(id))
        .is_some_and(|kind| kind.ends_with(' ') && (kind == "column ") == is_column)
}

/// Gives the rows the numbers of the register, which has to have them.
fn number(
    report: &mut Report,
    found: &Diff,
    (path, document): (&Path, &Document),
    renamed: &Renamed,
) -> Result<(), Problem> {
    let entries = document.register.entries.iter().map(|entry| (&entry.key, entry.id));
    let known: BTreeMap<&DriftKey, DriftId> = entries.collect();
    for (row, drift) in report.rows.iter_mut().zip(&found.drifts) {
        let key = DriftKey { object: row.title(), facet: row.facet.clone() };
        let own = known.get(&key).map(DriftId::to_string);
        // What else differs of a renamed object shows only once it has its name.
        let Some(id) = own.or_else(|| renamed.id_of(&drift.object).cloned()) else {
            let message = format!("{} does not have the drift of {}", path.display(), row.title());
            return Err(Problem::new(ProblemCode::Usage, message)
                .help("enter what is there now first: pgcanon diff CANONICAL LIVE --register"));
        };
        row.id = id;
    }
    Ok(())
}

/// The drifts that a decision of the register lets stay: one about the same difference, in
/// force today.
fn may_stay(
    document: &Document,
    report: &Report,
    today: Date,
    records: &Decisions,
) -> BTreeSet<String> {
    let rows: BTreeMap<&str, &Row> = report.rows.iter().map(|row| (row.id.as_str(), row)).collect();
    let stays = |entry: &&Entry| {
        let row = rows.get(entry.id.to_string().as_str()).copied();
        let both = row.zip(entry.decision.as_ref());
        let same = both.is_some_and(|(row, decision)| is_about(decision, &sighting(row)));
        same && in_force(entry, today, records)
    };
    let entries = document.register.entries.iter().filter(stays);
    entries.map(|entry| entry.id.to_string()).collect()
}

/// The drifts that may cost data, and by which decision.
fn data_loss(document: &Document, today: Date, records: &Decisions) -> BTreeMap<String, String> {
    let decision = |entry: &Entry| {
        let decision = entry.decision.as_ref().filter(|decision| decision.allow_data_loss)?;
        let adr = decision.adr.clone().filter(|adr| records.complaint(adr).is_none())?;
        let holds = decision.expires.is_none_or(|expires| today < expires);
        holds.then(|| (entry.id.to_string(), adr))
    };
    document.register.entries.iter().filter_map(decision).collect()
}

/// A rename of what is not there, or to a name that is taken.
fn wrong_rename(live: &Side) -> Option<Problem> {
    let at = live.sources.iter().position(|source| source.name == RENAMES)?;
    let is_there = |problem: &&Problem| {
        problem.span.is_some_and(|span| usize::try_from(span.source.0).is_ok_and(|n| n == at))
    };
    let problem = live.problems.iter().find(is_there)?;
    Some(Problem::new(ProblemCode::Usage, format!("{RENAMES}: {}", problem.message)))
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
