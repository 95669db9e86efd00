//! What in a register contradicts itself or what it refers to.

use std::collections::BTreeMap;

use super::decide::holds;
use super::{Document, DriftId, DriftKey, Entry, Status};
use crate::model::{Date, Problem, ProblemCode};

/// What decisions may refer to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decisions {
    /// Where records of decisions are, as messages name it; none if nobody said.
    pub directory: Option<String>,
    /// The names of the files there.
    pub files: Vec<String>,
    /// What references look like, with `*` and `?`.
    pub pattern: Option<String>,
}

impl Decisions {
    /// Why a reference is not to be followed; none when it is.
    pub fn complaint(&self, reference: &str) -> Option<String> {
        if let Some(pattern) = &self.pattern
            && !crate::policy::fits(pattern, reference)
        {
            return Some(format!("\"{reference}\" is not written like {pattern}"));
        }
        let directory = self.directory.as_ref()?;
        let found = self.files.iter().any(|file| is_record(file, reference));
        (!found).then(|| format!("there is no {reference} in {directory}"))
    }
}

/// Whether a file holds the record: `ADR-015.md`, `adr-0015-title.md`, `0015-title.md`.
fn is_record(file: &str, reference: &str) -> bool {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem).to_ascii_lowercase();
    let reference = reference.rsplit('/').next().unwrap_or(reference).to_ascii_lowercase();
    let reference = reference.strip_suffix(".md").unwrap_or(&reference);
    let goes_on = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_alphanumeric());
    if stem.strip_prefix(reference).is_some_and(goes_on) {
        return true;
    }
    let split = |text: &str| -> Option<(String, u64)> {
        let at = text.find(|c: char| c.is_ascii_digit())?;
        let digits: String = text[at..].chars().take_while(char::is_ascii_digit).collect();
        let word = text[..at].trim_end_matches(['-', '_', ' ']).to_owned();
        Some((word, digits.parse().ok()?))
    };
    match (split(&stem), split(reference)) {
        (Some((word, number)), Some((other, wanted))) => {
            number == wanted && (word == other || word.is_empty())
        }
        _no_number => false,
    }
}

/// Whether a drift is accepted on a day: decided with a reason and an ADR that is there, and
/// not expired.
pub fn in_force(entry: &Entry, today: Date, decisions: &Decisions) -> bool {
    entry.status == Status::Accepted && why_not_accepted(entry, today, decisions).is_empty()
}

/// Everything that is wrong. Places are in source 0.
pub fn check(document: &Document, today: Date, decisions: &Decisions) -> Vec<Problem> {
    let register = &document.register;
    let mut problems = Vec::new();
    let mut ids: BTreeMap<DriftId, usize> = BTreeMap::new();
    let mut keys: BTreeMap<&DriftKey, usize> = BTreeMap::new();
    let place = |at: usize| document.places.get(at).copied().unwrap_or_default();
    for (at, entry) in register.entries.iter().enumerate() {
        let mut complain = |problem: Problem| problems.push(problem.at(place(at)));
        if let Some(first) = ids.insert(entry.id, at) {
            complain(
                Problem::new(ProblemCode::Register, format!("{} is given twice", entry.id))
                    .related("first here", place(first))
                    .help("pgcanon register merge gives the later one a new number"),
            );
        }
        if let Some(first) = keys.insert(&entry.key, at) {
            let message = format!("{} is about the same as another entry", entry.id);
            complain(
                Problem::new(ProblemCode::Register, message).related("first here", place(first)),
            );
        }
        if entry.id.0 > register.last_id {
            let message = format!("{} is above last_id, {}", entry.id, register.last_id);
            complain(
                Problem::new(ProblemCode::Register, message)
                    .help("set last_id to the highest number that was ever given"),
            );
        }
        for message in entry_complaints(entry, today, decisions) {
            complain(Problem::new(ProblemCode::Decision, format!("{}: {message}", entry.id)));
        }
    }
    problems
}

/// What is wrong about one entry and its decision.
fn entry_complaints(entry: &Entry, today: Date, decisions: &Decisions) -> Vec<String> {
    let mut found = Vec::new();
    if entry.resolved.is_some() != (entry.status == Status::Resolved) {
        found.push("status and resolved contradict each other".to_owned());
    }
    match (&entry.decision, entry.status) {
        (None, Status::Accepted | Status::Deferred) => {
            found.push(format!("{} without a decision", entry.status.label()));
        }
        (Some(_), Status::Accepted) => {
            found.extend(why_not_accepted(entry, today, decisions));
        }
        (Some(decision), _) => {
            found.extend(decision.adr.as_ref().and_then(|adr| decisions.complaint(adr)));
            if decision.reason.trim().is_empty() {
                found.push("the decision has no reason".to_owned());
            }
        }
        (None, _) => {}
    }
    found
}

/// Why an accepted drift is not accepted.
fn why_not_accepted(entry: &Entry, today: Date, decisions: &Decisions) -> Vec<String> {
    let mut found = Vec::new();
    let Some(decision) = &entry.decision else {
        return vec!["accepted without a decision".to_owned()];
    };
    if decision.reason.trim().is_empty() {
        found.push("accepted without a reason".to_owned());
    }
    match &decision.adr {
        None => found.push("accepted without an ADR".to_owned()),
        Some(adr) => found.extend(decisions.complaint(adr)),
    }
    if let Some(expires) = decision.expires.filter(|_| !holds(decision, today)) {
        found.push(format!("accepted until {expires}"));
    }
    found
}
