//! Registers of two branches made one, as a merge driver of git.
//!
//! Drifts are matched by what they are about. A number that both branches gave to different
//! drifts stays with ours; the other drift gets the next one. What only one branch changed is
//! taken from it; where both changed the same thing, ours stays and it is said.

use std::collections::{BTreeMap, BTreeSet};

use super::record::insert;
use super::{DriftId, DriftKey, Entry, Register};

/// What came of a merge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// Numbers of theirs that were taken, with the new ones.
    pub renumbered: Vec<(DriftId, DriftId)>,
    /// What both branches changed differently: the entry and what of it.
    pub conflicts: Vec<(DriftId, &'static str)>,
}

/// Merges `theirs` into `ours`.
pub fn merge(base: &Register, ours: &mut Register, theirs: &Register) -> Merged {
    let mut merged = Merged::default();
    let of_base: BTreeMap<&DriftKey, &Entry> =
        base.entries.iter().map(|entry| (&entry.key, entry)).collect();
    let own: BTreeMap<DriftKey, usize> =
        ours.entries.iter().enumerate().map(|(at, entry)| (entry.key.clone(), at)).collect();
    let mut taken: BTreeSet<DriftId> = ours.entries.iter().map(|entry| entry.id).collect();
    ours.last_id = ours.last_id.max(theirs.last_id);
    let mut new = Vec::new();
    for entry in &theirs.entries {
        let mine = own.get(&entry.key).and_then(|at| ours.entries.get_mut(*at));
        if let Some(mine) = mine {
            both(of_base.get(&entry.key).copied(), mine, entry, &mut merged);
            continue;
        }
        let mut entry = entry.clone();
        if !taken.insert(entry.id) {
            ours.last_id += 1;
            let id = DriftId(ours.last_id);
            merged.renumbered.push((entry.id, id));
            entry.id = id;
            taken.insert(id);
        }
        new.push(entry);
    }
    insert(&mut ours.entries, new);
    let later = theirs
        .last_run
        .as_ref()
        .filter(|run| ours.last_run.as_ref().is_none_or(|own| own.date < run.date));
    if let Some(run) = later {
        ours.last_run = Some(run.clone());
    }
    merged
}

/// Gives numbers that are there twice anew: the first in the file keeps it.
pub fn renumber(register: &mut Register) -> Vec<(DriftId, DriftId)> {
    let mut taken = BTreeSet::new();
    let highest = register.entries.iter().map(|entry| entry.id.0).max().unwrap_or(0);
    register.last_id = register.last_id.max(highest);
    let mut renumbered = Vec::new();
    for entry in &mut register.entries {
        if !taken.insert(entry.id) {
            register.last_id += 1;
            let id = DriftId(register.last_id);
            renumbered.push((entry.id, id));
            entry.id = id;
        }
    }
    renumbered
}

/// Takes over what only they changed.
fn both(base: Option<&Entry>, ours: &mut Entry, theirs: &Entry, merged: &mut Merged) {
    let id = ours.id;
    let mut conflicts = Vec::new();
    macro_rules! field {
        ($name:ident) => {
            let base = base.map(|base| &base.$name);
            let they_changed = ours.$name != theirs.$name && base != Some(&theirs.$name);
            if they_changed && base == Some(&ours.$name) {
                ours.$name = theirs.$name.clone();
            } else if they_changed {
                conflicts.push((id, stringify!($name)));
            }
        };
    }
    field!(status);
    field!(owner);
    field!(migration);
    field!(decision);
    field!(notes);
    field!(resolved);
    field!(last_seen);
    if theirs.first_seen.date < ours.first_seen.date {
        ours.first_seen = theirs.first_seen.clone();
    }
    // What was seen, and when, is settled by the next run; what people said is not.
    conflicts.retain(|(_, name)| !["resolved", "last_seen"].contains(name));
    merged.conflicts.append(&mut conflicts);
}
