//! One declared schema against many databases: which drift the same way, and where.
//!
//! Each comparison comes in as [`Compared`], in any order and from any thread; a [`Report`] comes
//! out that depends on neither. The surprising thing: nothing of a database is kept but numbers.
//! A drift that a thousand databases have is kept once ([`Finding`]), told apart by its
//! identity and the values of both sides in full; of each database stay the numbers of its drifts
//! and their lines.

mod csv;
mod finding;
mod html;
mod json;
mod key;
mod markdown;
mod report;
mod state;
mod terminal;
mod written;

pub use finding::{Finding, Found, compared};
pub use json::{JSON_SCHEMA, VERSION};
pub use key::Key;
pub use report::{Canonical, Database, Group, LeftOut, Report};
pub use state::NotAState;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diff::Verdict;
use crate::model::Problem;
use crate::source::{LineIndex, Source};

/// What came of one comparison.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The tenant's PostgreSQL schema, when it is about one of a database.
    pub tenant: Option<String>,
    /// What the comparison proves.
    pub verdict: Verdict,
    /// How many objects the database has.
    pub objects: usize,
    /// The drifts, each with the place in the database's sources.
    pub drifts: Vec<(Finding, Option<At>)>,
    /// Drifts that may stay, by the decisions that say so, each with how many.
    pub accepted: BTreeMap<String, usize>,
    /// How many drifts the configuration leaves out, by reason.
    pub ignored: BTreeMap<String, usize>,
    /// How many differences a rule leaves out, by rule.
    pub skipped: BTreeMap<String, usize>,
    /// How many places were not understood.
    pub unknown: usize,
    /// The first of them.
    pub note: Option<String>,
}

/// A line in one of the sources of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At {
    /// Which source.
    pub source: u32,
    /// The line.
    pub line: u32,
    /// True when the database does not say it, and this is what it would be part of.
    pub nearby: bool,
}

/// [`Compared`] with drifts by their numbers.
#[derive(Clone, Debug)]
struct Part {
    tenant: Option<String>,
    verdict: Verdict,
    objects: usize,
    found: Vec<Found>,
    accepted: BTreeMap<String, usize>,
    ignored: BTreeMap<String, usize>,
    skipped: BTreeMap<String, usize>,
    unknown: usize,
    note: Option<String>,
}

/// Why a database could not be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The code of the problem.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// Where, as `file:line`.
    pub place: Option<String>,
    /// What to do.
    pub help: Option<String>,
    /// How many problems there are besides.
    pub more: usize,
}

impl Failure {
    /// Of the worst problem; `sources` are what places are in.
    pub fn of(problems: &[Problem], sources: &[Source]) -> Option<Self> {
        let worst = problems.iter().rev().max_by_key(|problem| problem.code.gravity())?;
        let place = worst.span.and_then(|span| {
            let source = sources.get(span.source.0 as usize)?;
            let line = LineIndex::new(&source.text).position(span.start as usize).line;
            Some(format!("{}:{line}", source.name))
        });
        Some(Self {
            code: worst.code.as_str(),
            message: crate::emit::redact::shown(&worst.message).into_owned(),
            place,
            help: worst.help.as_deref().map(str::to_owned),
            more: problems.len() - 1,
        })
    }
}

/// One source of a fleet and what came of it.
#[derive(Clone, Debug)]
struct Member {
    name: String,
    /// The names of its sources that places are in.
    names: BTreeMap<u32, String>,
    result: Result<Arc<Vec<Part>>, Failure>,
}

/// Results, as they come in.
#[derive(Clone, Debug, Default)]
pub struct Fleet {
    findings: Vec<Finding>,
    numbers: BTreeMap<Key, u32>,
    /// What is known of sources, by their content.
    known: BTreeMap<Key, Arc<Vec<Part>>>,
    members: BTreeMap<usize, Member>,
}

impl Fleet {
    /// Takes what is known of a source with this content as the result of the source at this
    /// place of the list. False when nothing is known.
    pub fn recall(&mut self, at: usize, name: &str, content: Key, sources: &[Source]) -> bool {
        let Some(parts) = self.known.get(&content).cloned() else { return false };
        self.put(at, name, sources, parts);
        true
    }

    /// Adds the results of the source at this place of the list.
    pub fn add(
        &mut self,
        at: usize,
        name: &str,
        content: Key,
        sources: &[Source],
        results: Vec<Compared>,
    ) {
        let parts = results.into_iter().map(|result| self.part(result)).collect();
        let parts: Arc<Vec<Part>> = Arc::new(parts);
        self.known.insert(content, Arc::clone(&parts));
        self.put(at, name, sources, parts);
    }

    /// Adds a source that could not be compared.
    pub fn fail(&mut self, at: usize, name: &str, failure: Failure) {
        let member = Member { name: name.to_owned(), names: BTreeMap::new(), result: Err(failure) };
        self.members.insert(at, member);
    }

    /// How many sources are done.
    pub fn done(&self) -> usize {
        self.members.len()
    }

    /// All that is known, for people.
    pub fn report(self, canonical: Canonical) -> Report {
        report::report(self, canonical)
    }

    /// Forgets what is known of contents that no source has any more.
    pub fn forget_unused(&mut self) {
        let used: std::collections::BTreeSet<*const Vec<Part>> = self
            .members
            .values()
            .filter_map(|member| member.result.as_ref().ok().map(Arc::as_ptr))
            .collect();
        self.known.retain(|_, parts| used.contains(&Arc::as_ptr(parts)));
    }

    fn put(&mut self, at: usize, name: &str, sources: &[Source], parts: Arc<Vec<Part>>) {
        let places = parts.iter().flat_map(|part| &part.found).filter_map(|found| found.at);
        let name_of = |at: At| Some((at.source, sources.get(at.source as usize)?.name.clone()));
        let names = places.filter_map(name_of).collect();
        self.members.insert(at, Member { name: name.to_owned(), names, result: Ok(parts) });
    }

    fn part(&mut self, result: Compared) -> Part {
        let Compared {
            tenant,
            verdict,
            objects,
            drifts,
            accepted,
            ignored,
            skipped,
            unknown,
            note,
        } = result;
        let found = drifts
            .into_iter()
            .map(|(finding, at)| Found { drift: self.number(finding), at })
            .collect();
        Part { tenant, verdict, objects, found, accepted, ignored, skipped, unknown, note }
    }

    fn number(&mut self, finding: Finding) -> u32 {
        let next = u32::try_from(self.findings.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(finding.key).or_insert(next);
        if number == next {
            self.findings.push(finding);
        }
        number
    }
}
