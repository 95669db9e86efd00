//! Takes the drifts of a comparison into the register.
//!
//! What is there keeps its number or gets the next one; what is gone is resolved, but only if
//! the comparison could have seen it: a part that was not understood, or a rule that leaves a
//! difference out, resolves nothing.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::{Decision, DriftId, DriftKey, Entry, Register, Stamp, Status};
use crate::emit::escape::hex;

/// A drift as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// What it is about.
    pub key: DriftKey,
    /// `missing`, `extra`, `renamed`, `changed`.
    pub change: String,
    /// How bad it is.
    pub severity: String,
    /// What is declared.
    pub canonical: String,
    /// What is there.
    pub live: String,
}

impl Sighting {
    /// A digest of the difference: another one between the same two things has another digest.
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for part in [&self.change, &self.canonical, &self.live] {
            hash.update(part.len().to_le_bytes());
            hash.update(part.as_bytes());
        }
        hex(hash.finalize().get(..8).unwrap_or_default())
    }
}

/// Whether what was decided is about this difference, and not about another one between the
/// same two things. What was written by hand is about any until it is first recorded.
pub fn is_about(decision: &Decision, found: &Sighting) -> bool {
    decision.of.as_ref().is_none_or(|of| *of == found.digest())
}

/// When and how drifts were looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// When.
    pub stamp: Stamp,
    /// False when a part of a side was not understood: then nothing is gone for sure.
    pub complete: bool,
    /// What was left out by a rule, and may still be there.
    pub left_out: BTreeSet<DriftKey>,
}

/// What became of a drift that was found, or of the register by it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// The number of each drift, in the order in which they were given.
    pub ids: Vec<DriftId>,
    /// Drifts that were not known.
    pub new: Vec<DriftId>,
    /// Drifts that are gone.
    pub resolved: Vec<DriftId>,
    /// Drifts that are there again, or are others than were accepted.
    pub reopened: Vec<DriftId>,
}

/// Records what was found.
pub fn record(register: &mut Register, found: &[Sighting], run: &Run) -> Recorded {
    let previous = register.last_run.clone();
    let known: BTreeMap<DriftKey, usize> =
        register.entries.iter().enumerate().map(|(at, entry)| (entry.key.clone(), at)).collect();
    let highest = register.entries.iter().map(|entry| entry.id.0).max().unwrap_or(0);
    register.last_id = register.last_id.max(highest);
    let mut recorded = Recorded::default();
    let mut new = Vec::new();
    let mut seen = BTreeSet::new();
    for sighting in found {
        if let Some(entry) = known.get(&sighting.key).and_then(|at| register.entries.get_mut(*at)) {
            if see(entry, sighting) {
                recorded.reopened.push(entry.id);
            }
            seen.insert(&sighting.key);
            recorded.ids.push(entry.id);
        } else {
            register.last_id += 1;
            let id = DriftId(register.last_id);
            new.push(first_sight(id, sighting, &run.stamp));
            recorded.ids.push(id);
            recorded.new.push(id);
        }
    }
    for entry in &mut register.entries {
        let gone = !seen.contains(&entry.key) && !run.left_out.contains(&entry.key);
        if gone && run.complete && entry.status != Status::Resolved {
            entry.last_seen = Some(previous.clone().unwrap_or_else(|| entry.first_seen.clone()));
            entry.resolved = Some(run.stamp.clone());
            entry.status = Status::Resolved;
            recorded.resolved.push(entry.id);
        }
    }
    insert(&mut register.entries, new);
    register.last_run = Some(run.stamp.clone());
    recorded
}

/// A known drift is there. True when it is open again by that.
fn see(entry: &mut Entry, sighting: &Sighting) -> bool {
    let Sighting { key: _the_same, change, severity, canonical, live } = sighting;
    let digest = sighting.digest();
    let mut reopened = entry.status == Status::Resolved;
    if entry.status == Status::Accepted
        && let Some(decision) = &mut entry.decision
    {
        // A decision that was written by hand is about what is there when it is first read.
        reopened |= decision.of.get_or_insert_with(|| digest.clone()) != &digest;
    }
    // Nor may another difference be ended at the cost of data.
    if let Some(decision) = &mut entry.decision
        && decision.allow_data_loss
        && decision.of.get_or_insert_with(|| digest.clone()) != &digest
    {
        decision.allow_data_loss = false;
    }
    if reopened {
        entry.status = Status::Reopened;
        entry.resolved = None;
        entry.last_seen = None;
    }
    entry.change.clone_from(change);
    entry.severity.clone_from(severity);
    entry.canonical.clone_from(canonical);
    entry.live.clone_from(live);
    reopened
}

fn first_sight(id: DriftId, sighting: &Sighting, stamp: &Stamp) -> Entry {
    let Sighting { key, change, severity, canonical, live } = sighting.clone();
    Entry {
        id,
        key,
        change,
        severity,
        status: Status::Open,
        canonical,
        live,
        first_seen: stamp.clone(),
        last_seen: None,
        resolved: None,
        owner: None,
        migration: None,
        decision: None,
        notes: None,
    }
}

/// Puts new entries where they belong by what they are about, so that two branches rarely
/// change the same lines. What is there keeps its order, whatever it is.
pub(super) fn insert(entries: &mut Vec<Entry>, mut new: Vec<Entry>) {
    new.sort_by(|one, other| one.key.cmp(&other.key));
    let mut merged = Vec::with_capacity(entries.len() + new.len());
    let mut new = new.into_iter().peekable();
    for entry in entries.drain(..) {
        while let Some(next) = new.next_if(|next| next.key < entry.key) {
            merged.push(next);
        }
        merged.push(entry);
    }
    merged.extend(new);
    *entries = merged;
}
