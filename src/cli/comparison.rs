//! Two sides compared under a configuration and a register: what `diff`, `check` and
//! `evidence` have in common.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use pgcanon::diff::{Diff, DiffOptions, Drift, Severity, Verdict, diff};
use pgcanon::emit::report::{Report, facet_label, object_name};
use pgcanon::model::{Date, Pair, Problem};
use pgcanon::normalize::align;
use pgcanon::plan::hazards;
use pgcanon::policy::{Applied, Config, apply};
use pgcanon::register::{
    Decision, Decisions, Document, DriftId, DriftKey, Entry, Recorded, Run, Sighting, Status,
    in_force, record,
};
use pgcanon::source::{Guarded, read_if_there};
use pgcanon::yaml;

use super::args::Global;
use super::console::Console;
use super::diff::read_sides;
use super::partial::filled;
use super::project::{Project, stamp};
use super::side::Side;

/// Of more drifts the hazards are not worked out.
const MOST_PLANNED: usize = 20_000;

/// Two sides, compared.
#[derive(Debug)]
pub(super) struct Comparison {
    pub sides: Pair<Side>,
    pub diff: Diff,
    pub applied: Applied,
    pub report: Report,
    /// For each drift, whether it may stay.
    pub accepted: Vec<bool>,
}

impl Comparison {
    /// Reads and compares; says what makes it impossible.
    pub fn new(
        project: &Project,
        inputs: &Pair<Vec<String>>,
        names: Pair<Option<&str>>,
        options: &DiffOptions,
        console: &Console,
    ) -> Option<Self> {
        let sides = read_sides(inputs, names, console)?;
        Some(Self::of(project, sides, options))
    }

    /// Compares what was read.
    pub fn of(project: &Project, mut sides: Pair<Side>, options: &DiffOptions) -> Self {
        let (diff, applied) = differences(project, &mut sides, options);
        let shown = sides.as_ref().map(Side::as_report);
        let mut report = Report::new(&diff, shown);
        let ignored: Vec<_> =
            applied.ignored.iter().map(|ignored| (&ignored.drift, &*ignored.reason)).collect();
        report.ignore(&ignored, shown);
        let accepted = vec![false; report.rows.len()];
        Self { sides, diff, applied, report, accepted }
    }

    /// Works out what ending each drift would endanger. Nothing is said of it when that would
    /// take long, or when no migration can be planned.
    pub fn plan_hazards(&mut self, options: &DiffOptions) {
        if self.report.rows.is_empty() || self.report.rows.len() > MOST_PLANNED {
            return;
        }
        let Ok(filled) = filled(self.sides.as_ref(), &self.diff, &self.report.rows, options) else {
            return;
        };
        let whole = (self.sides.as_ref().map(|side| &side.schema), &self.diff);
        let (schemas, diff) =
            filled.as_ref().map_or(whole, |filled| (filled.schemas.as_ref(), &filled.diff));
        let mut diff = Diff::clone(diff);
        self.applied.keep(&mut diff);
        let found = hazards(schemas, &diff);
        let key = |drift: &Drift| (drift.object.clone(), drift.facet().cloned());
        let mut found: BTreeMap<_, _> = diff.drifts.iter().map(key).zip(found).collect();
        // What stays as it is, as a side says only a part, endangers nothing.
        for (row, drift) in self.report.rows.iter_mut().zip(&self.diff.drifts) {
            row.hazards = Some(found.remove(&key(drift)).unwrap_or_default());
        }
    }

    /// Says what was not understood on either side, and which rules fit nothing.
    pub fn say_problems(&self, project: &Project, global: &Global, console: &Console) {
        self.sides.canonical.say_problems(global, console);
        self.sides.live.say_problems(global, console);
        if !global.quiet && !self.applied.unused.is_empty() {
            console.problems(&self.applied.unused, &project.config_sources());
        }
    }

    /// Whether the run fails.
    pub fn fails(&self, least: Option<Severity>, strict: bool) -> bool {
        let drifts = self.diff.drifts.iter().zip(&self.accepted);
        let fails = |(drift, accepted): (&Drift, &bool)| {
            let counts = (!drift.undecided || strict) && !accepted;
            counts && least.is_some_and(|least| drift.severity >= least)
        };
        drifts.into_iter().any(fails) || (strict && self.report.verdict == Verdict::Unknown)
    }

    /// Gives each drift its number and status. With `write`, new ones are entered and the
    /// register is written; else only what is there already is used.
    pub fn register(
        &mut self,
        project: &Project,
        path: &Path,
        as_of: Option<Date>,
        write: bool,
    ) -> Result<Option<Recorded>, Refused> {
        let name = path.display().to_string();
        let guard = write.then(|| Guarded::open(path)).transpose()?;
        let source = match &guard {
            Some(guard) => guard.read()?,
            None => read_if_there(path, &name)?,
        };
        if source.is_none() && !write {
            return Ok(None);
        }
        let mut document = match source {
            Some(source) => Document::read(source.clone())
                .map_err(|problem| Refused::in_source(problem, source))?,
            None => Document::new(&name),
        };
        let run = Run {
            stamp: stamp(path, as_of)?,
            complete: self.sides.canonical.as_report().is_complete()
                && self.sides.live.as_report().is_complete(),
            left_out: self.left_out(),
        };
        let before = document.register.clone();
        let found: Vec<Sighting> = self.report.rows.iter().map(sighting).collect();
        let recorded = record(&mut document.register, &found, &run);
        own(project, &recorded.new, &mut document);
        if let Some(guard) = &guard {
            let text = document.text(&before)?;
            if text != document.source().text {
                guard.replace(&text)?;
            }
        }
        drop(guard);
        self.number(&recorded, &document, run.stamp.date, &project.decisions());
        if !write {
            let unknown = |id: &str| recorded.new.iter().any(|new| new.to_string() == id);
            let rows = self.report.rows.iter_mut().filter(|row| unknown(&row.id));
            rows.for_each(|row| "unregistered".clone_into(&mut row.status));
        }
        Ok(Some(recorded))
    }

    /// What a rule leaves out and may still be there.
    fn left_out(&self) -> BTreeSet<DriftKey> {
        let skipped =
            self.diff.skipped.iter().map(|skipped| (&skipped.object, skipped.facet.as_ref()));
        let ignored = self.applied.ignored.iter().map(|i| (&i.drift.object, i.drift.facet()));
        let key =
            |(object, facet): (&pgcanon::model::ObjectId, Option<&pgcanon::diff::FacetKey>)| {
                DriftKey {
                    object: format!("{} {}", object.kind().label(), object_name(object)),
                    facet: facet.map(facet_label),
                }
            };
        skipped.chain(ignored).map(key).collect()
    }

    fn number(
        &mut self,
        recorded: &Recorded,
        document: &Document,
        today: Date,
        decisions: &Decisions,
    ) {
        let entries: BTreeMap<DriftId, &Entry> =
            document.register.entries.iter().map(|entry| (entry.id, entry)).collect();
        for ((row, id), accepted) in
            self.report.rows.iter_mut().zip(&recorded.ids).zip(&mut self.accepted)
        {
            row.id = id.to_string();
            let Some(entry) = entries.get(id) else { continue };
            *accepted = in_force(entry, today, decisions);
            let undecided = row.status == "undecided" && entry.status == Status::Open;
            if !undecided {
                row.status = match (entry.status, *accepted) {
                    (Status::Accepted, false) => "expired".to_owned(),
                    (status, _) => status.label().to_owned(),
                };
            }
            row.owner.clone_from(&entry.owner);
            row.history = Some(history(entry));
            row.decision = entry.decision.as_ref().map(words);
        }
        self.report.provisional = false;
    }
}

/// A decision on one line.
pub(super) fn words(decision: &Decision) -> String {
    let adr = decision.adr.as_ref().map(|adr| format!("{adr}: ")).unwrap_or_default();
    let until = decision.expires.map(|day| format!(" (until {day})")).unwrap_or_default();
    format!("{adr}{}{until}", decision.reason)
}

/// What the register knows of a drift beside the decision.
fn history(entry: &Entry) -> String {
    let commit = entry.first_seen.commit.as_ref();
    let commit = commit.map(|commit| format!(" at {commit}")).unwrap_or_default();
    let mut said = format!("first seen {}{commit}", entry.first_seen.date);
    if let Some(migration) = &entry.migration {
        said.push_str(&format!("; migration {migration}"));
    }
    if let Some(notes) = &entry.notes {
        said.push_str(&format!("; noted: {}", notes.trim()));
    }
    said
}

/// What differs, and what the configuration leaves out of it.
pub(super) fn differences(
    project: &Project,
    sides: &mut Pair<Side>,
    options: &DiffOptions,
) -> (Diff, Applied) {
    borrow(sides);
    align(Pair { canonical: &mut sides.canonical.schema, live: &mut sides.live.schema });
    let mut diff = diff(sides.as_ref().map(|side| &side.schema), options);
    let categories = project.config.as_ref().map(Config::categories).unwrap_or_default();
    let unexplained = yaml::judge(
        sides.as_ref().map(|side| &side.said),
        &categories,
        sides.as_ref().map(|side| &side.schema),
        &mut diff,
    );
    sides.canonical.problems.extend(unexplained.canonical);
    sides.live.problems.extend(unexplained.live);
    let applied = project.config.as_ref().map(|config| apply(config, &mut diff));
    (diff, applied.unwrap_or_default())
}

/// A problem, with the text that its place is in.
#[derive(Debug)]
pub(super) struct Refused {
    pub problem: Problem,
    pub source: Option<pgcanon::source::Source>,
}

impl Refused {
    /// A problem with a place in a source.
    pub fn in_source(problem: Problem, source: pgcanon::source::Source) -> Self {
        Self { problem, source: Some(source) }
    }

    /// Shows it.
    pub fn say(&self, console: &Console) -> super::Outcome {
        match &self.source {
            Some(source) => {
                console.problems(std::slice::from_ref(&self.problem), std::slice::from_ref(source));
                super::Outcome::Failed
            }
            None => console.problem(&self.problem),
        }
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self { problem, source: None }
    }
}

/// Reads a side that says only a part among what the other has besides.
pub(super) fn borrow(sides: &mut Pair<Side>) {
    let Pair { canonical, live } = sides;
    if canonical.said.is_partial() {
        canonical.schema = std::mem::take(&mut canonical.schema).among(&live.schema);
    }
    if live.said.is_partial() {
        live.schema = std::mem::take(&mut live.schema).among(&canonical.schema);
    }
}

/// New drifts get the owner of their schema.
fn own(project: &Project, new: &[DriftId], document: &mut Document) {
    let Some(config) = &project.config else { return };
    let new: BTreeSet<DriftId> = new.iter().copied().collect();
    for entry in document.register.entries.iter_mut().filter(|entry| new.contains(&entry.id)) {
        let name = entry.key.object.rsplit(' ').next().unwrap_or_default();
        entry.owner = config.owner_of(name).map(str::to_owned);
    }
}

/// A row of the drift table as the register takes it.
pub(super) fn sighting(row: &pgcanon::emit::report::Row) -> Sighting {
    Sighting {
        key: DriftKey { object: row.title(), facet: row.facet.clone() },
        change: row.change.to_owned(),
        severity: row.severity.label().to_owned(),
        canonical: row.canonical.clone(),
        live: row.live.clone(),
    }
}

/// Where the register of a run is, if there is to be one: asked for, or configured.
pub(super) fn register_path(project: &Project, given: Option<&PathBuf>) -> Option<PathBuf> {
    let configured =
        project.config.as_ref().is_some_and(|config| config.settings.register.is_some());
    (given.is_some() || configured).then(|| project.register(given.map(PathBuf::as_path)))
}
