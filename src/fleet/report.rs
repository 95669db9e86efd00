//! Databases that drift the same way, as groups, and all that reports say.
//!
//! A [`Fleet`] goes in, a [`Report`] comes out. Order: drifts by severity, then by how many
//! databases have them, then by name; groups by verdict, severity and size. A group has the same
//! fingerprint as long as it is about the same drifts, whichever databases are in it; its letter
//! is its place in this report.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{At, Failure, Finding, Fleet, Key, Member, Part};
use crate::diff::{Severity, Verdict};

/// The declared side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Canonical {
    /// The names of its sources.
    pub sources: Vec<String>,
    /// How many objects it has.
    pub objects: usize,
    /// How many places of it were not understood.
    pub unknown: usize,
}

/// A fleet, ready to be written.
#[derive(Clone, Debug)]
pub struct Report {
    /// The declared side.
    pub canonical: Canonical,
    /// All drifts, each once.
    pub drifts: Vec<Finding>,
    /// For each drift, how many databases have it.
    pub spread: Vec<usize>,
    /// Databases with the same drifts.
    pub groups: Vec<Group>,
    /// All databases, in the order they were given.
    pub databases: Vec<Database>,
    /// Addresses of sources, by their names, that a terminal links to. Empty unless links are
    /// wanted.
    pub links: BTreeMap<String, String>,
    /// Where the drift of each number is in `drifts`.
    ranks: Vec<u32>,
}

/// Databases with the same verdict and the same drifts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// A letter; `in sync` or `unknown` when there is no drift.
    pub name: String,
    /// Of the verdict and the drifts.
    pub fingerprint: Key,
    /// What the comparisons prove.
    pub verdict: Verdict,
    /// The drifts, as places in the report's list.
    pub drifts: Vec<u32>,
    /// The databases, as places in the report's list.
    pub databases: Vec<usize>,
}

/// A database, or one tenant of it.
#[derive(Clone, Debug)]
pub struct Database {
    /// The source.
    pub source: String,
    /// Which group; none when it could not be compared.
    pub group: Option<usize>,
    names: Arc<BTreeMap<u32, String>>,
    result: Result<(Arc<Vec<Part>>, usize), Failure>,
}

/// How many differences of a fleet were left out, by reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeftOut<'r> {
    /// By decisions of the register.
    pub accepted: BTreeMap<&'r str, usize>,
    /// By the configuration.
    pub ignored: BTreeMap<&'r str, usize>,
    /// By rules.
    pub skipped: BTreeMap<&'r str, usize>,
}

impl LeftOut<'_> {
    /// A line for each reason; what a rule leaves out on one.
    pub(super) fn lines(&self) -> Vec<String> {
        let Self { accepted, ignored, skipped } = self;
        let mut lines = Vec::new();
        for (label, counts) in
            [("accepted by the register", accepted), ("ignored by configuration", ignored)]
        {
            lines.extend(counts.iter().map(|(why, count)| format!("{label}: {count}: {why}")));
        }
        let rules: Vec<String> =
            skipped.iter().map(|(rule, count)| format!("{count} {rule}")).collect();
        if !rules.is_empty() {
            lines.push(format!("not compared: {}", rules.join(", ")));
        }
        lines
    }
}

impl Database {
    /// The source, and the tenant's PostgreSQL schema behind a `#`.
    pub fn name(&self) -> String {
        match self.tenant() {
            Some(tenant) => format!("{}#{tenant}", self.source),
            None => self.source.clone(),
        }
    }

    /// The tenant's PostgreSQL schema.
    pub fn tenant(&self) -> Option<&str> {
        self.part().and_then(|part| part.tenant.as_deref())
    }

    /// What the comparison proves; none when it could not be compared.
    pub fn verdict(&self) -> Option<Verdict> {
        self.part().map(|part| part.verdict)
    }

    /// Why it could not be compared.
    pub fn failure(&self) -> Option<&Failure> {
        self.result.as_ref().err()
    }

    /// How many objects it has.
    pub fn objects(&self) -> usize {
        self.part().map_or(0, |part| part.objects)
    }

    /// How many places were not understood, and the first of them.
    pub fn unknown(&self) -> (usize, Option<&str>) {
        self.part().map_or((0, None), |part| (part.unknown, part.note.as_deref()))
    }

    /// Drifts that may stay, by decision.
    pub fn accepted(&self) -> impl Iterator<Item = (&str, usize)> {
        let all = self.part().into_iter().flat_map(|part| &part.accepted);
        all.map(|(decision, count)| (decision.as_str(), *count))
    }

    /// How many drifts the configuration leaves out, by reason.
    pub fn ignored(&self) -> impl Iterator<Item = (&str, usize)> {
        let all = self.part().into_iter().flat_map(|part| &part.ignored);
        all.map(|(reason, count)| (reason.as_str(), *count))
    }

    /// How many differences a rule leaves out, by rule.
    pub fn skipped(&self) -> impl Iterator<Item = (&str, usize)> {
        let all = self.part().into_iter().flat_map(|part| &part.skipped);
        all.map(|(reason, count)| (reason.as_str(), *count))
    }

    fn part(&self) -> Option<&Part> {
        let (parts, at) = self.result.as_ref().ok()?;
        parts.get(*at)
    }
}

impl Report {
    /// The drifts of a database, as places in the report's list, with the lines that say them.
    pub fn found<'a>(
        &'a self,
        database: &'a Database,
    ) -> impl Iterator<Item = (u32, Option<String>)> + 'a {
        let found = database.part().into_iter().flat_map(|part| &part.found);
        let mut all: Vec<(u32, Option<At>)> = found
            .filter_map(|found| Some((*self.ranks.get(found.drift as usize)?, found.at)))
            .collect();
        all.sort_by_key(|(rank, _)| *rank);
        all.into_iter().map(|(rank, at)| {
            let place = at.and_then(|At { source, line, nearby }| {
                let place = format!("{}:{line}", database.names.get(&source)?);
                Some(if nearby { format!("({place})") } else { place })
            });
            (rank, place)
        })
    }

    /// The drift at a place of the list.
    pub fn drift(&self, at: u32) -> Option<&Finding> {
        self.drifts.get(at as usize)
    }

    /// The databases that could not be compared, with the reasons.
    pub fn failures(&self) -> impl Iterator<Item = (&Database, &Failure)> {
        self.databases.iter().filter_map(|database| Some((database, database.failure()?)))
    }

    /// How many databases have a verdict.
    pub fn with_verdict(&self, verdict: Verdict) -> usize {
        self.databases.iter().filter(|database| database.verdict() == Some(verdict)).count()
    }

    /// How many drifts a group has of each severity, worst first.
    pub fn counts(&self, group: &Group) -> Vec<(Severity, usize)> {
        let mut counts: BTreeMap<Severity, usize> = BTreeMap::new();
        for drift in group.drifts.iter().filter_map(|at| self.drift(*at)) {
            *counts.entry(drift.severity).or_default() += 1;
        }
        counts.into_iter().rev().collect()
    }

    /// How many differences were left out, by reason: by decisions of the register, by the
    /// configuration, and by rules.
    pub fn left_out(&self) -> LeftOut<'_> {
        let mut all = LeftOut::default();
        let add = |counts: &mut BTreeMap<_, usize>, (reason, count)| {
            *counts.entry(reason).or_default() += count;
        };
        for database in &self.databases {
            database.accepted().for_each(|one| add(&mut all.accepted, one));
            database.ignored().for_each(|one| add(&mut all.ignored, one));
            database.skipped().for_each(|one| add(&mut all.skipped, one));
        }
        all
    }

    /// Whether any database drifts at or above a severity; with `strict`, what is undecided or
    /// unknown counts as well.
    pub fn fails(&self, least: Option<Severity>, strict: bool) -> bool {
        let counts = |drift: &Finding| {
            (!drift.undecided || strict) && least.is_some_and(|least| drift.severity >= least)
        };
        self.drifts.iter().any(counts) || (strict && self.with_verdict(Verdict::Unknown) > 0)
    }
}

/// Makes the report.
pub(super) fn report(fleet: Fleet, canonical: Canonical) -> Report {
    let Fleet { findings, numbers: _, known: _, members } = fleet;
    let mut databases = Vec::with_capacity(members.len());
    for member in members.into_values() {
        let Member { name, names, result } = member;
        let names = Arc::new(names);
        let database = |result| {
            let (source, names) = (name.clone(), Arc::clone(&names));
            Database { source, group: None, names, result }
        };
        match result {
            Ok(parts) => {
                databases.extend((0..parts.len()).map(|at| database(Ok((Arc::clone(&parts), at)))));
            }
            Err(failure) => databases.push(database(Err(failure))),
        }
    }
    let (drifts, spread, ranks) = ranked(findings, &databases);
    let links = BTreeMap::new();
    let groups = Vec::new();
    let mut report = Report { canonical, drifts, spread, groups, databases, links, ranks };
    report.groups = self::groups(&report);
    for (at, group) in report.groups.iter().enumerate() {
        for member in &group.databases {
            if let Some(database) = report.databases.get_mut(*member) {
                database.group = Some(at);
            }
        }
    }
    report
}

/// The drifts that databases have, in the order of reports; how many have each; and where the
/// drift of each number went.
fn ranked(findings: Vec<Finding>, databases: &[Database]) -> (Vec<Finding>, Vec<usize>, Vec<u32>) {
    let mut spread = vec![0_usize; findings.len()];
    for found in databases.iter().filter_map(Database::part).flat_map(|part| &part.found) {
        if let Some(count) = spread.get_mut(found.drift as usize) {
            *count += 1;
        }
    }
    let mut ranks = vec![u32::MAX; findings.len()];
    let all = findings.into_iter().zip(spread).enumerate();
    let mut used: Vec<(usize, (Finding, usize))> =
        all.filter(|(_, (_, spread))| *spread > 0).collect();
    used.sort_by(|(_, (one, in_one)), (_, (other, in_other))| {
        let order = |finding: &Finding, spread: usize| (finding.severity, spread);
        order(other, *in_other).cmp(&order(one, *in_one)).then_with(|| {
            let name = |finding: &Finding| {
                (finding.kind, finding.object.clone(), finding.facet.clone(), finding.key)
            };
            name(one).cmp(&name(other))
        })
    });
    for (rank, (number, _)) in used.iter().enumerate() {
        if let Some(place) = ranks.get_mut(*number) {
            *place = u32::try_from(rank).unwrap_or(u32::MAX);
        }
    }
    let (drifts, spread) = used.into_iter().map(|(_, both)| both).unzip();
    (drifts, spread, ranks)
}

fn groups(report: &Report) -> Vec<Group> {
    let mut members: BTreeMap<(Verdict, Vec<u32>), Vec<usize>> = BTreeMap::new();
    for (at, database) in report.databases.iter().enumerate() {
        if let Some(verdict) = database.verdict() {
            let drifts = report.found(database).map(|(drift, _)| drift).collect();
            members.entry((verdict, drifts)).or_default().push(at);
        }
    }
    let group = |((verdict, drifts), databases): ((Verdict, Vec<u32>), Vec<usize>)| {
        let found = drifts.iter().filter_map(|at| report.drift(*at));
        let mut keys: Vec<String> = found.map(|drift| drift.key.to_string()).collect();
        keys.sort();
        let parts = std::iter::once(verdict.label()).chain(keys.iter().map(String::as_str));
        Group { name: String::new(), fingerprint: Key::of(parts), verdict, drifts, databases }
    };
    let mut groups: Vec<Group> = members.into_iter().map(group).collect();
    let worst = |group: &Group| {
        group.drifts.first().and_then(|at| report.drift(*at)).map(|drift| drift.severity)
    };
    groups.sort_by(|one, other| {
        let order = |group: &Group| (group.verdict, worst(group), group.databases.len());
        order(other).cmp(&order(one)).then_with(|| one.fingerprint.cmp(&other.fingerprint))
    });
    let mut letters = 0;
    for group in &mut groups {
        group.name = match (group.drifts.is_empty(), group.verdict) {
            (true, Verdict::InSync) => "in sync".to_owned(),
            (true, Verdict::Unknown | Verdict::Drift) => "unknown".to_owned(),
            (false, _) => {
                letters += 1;
                letter(letters)
            }
        };
    }
    groups
}

/// `A` to `Z`, then `AA` and so on, as spreadsheets name columns.
fn letter(mut number: usize) -> String {
    let mut letters = Vec::new();
    while number > 0 {
        number -= 1;
        letters.push(char::from(b'A' + u8::try_from(number % 26).unwrap_or_default()));
        number /= 26;
    }
    letters.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::letter;

    #[test]
    fn letters_count_as_columns_of_spreadsheets() {
        assert_eq!(
            [1, 26, 27, 52, 53, 702, 703].map(letter),
            ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
        );
    }
}
