//! What people decide about a drift, entered by command.

use super::{Decision, DriftId, Entry, Register, Stamp, Status};
use crate::model::Date;

/// A change of an entry by a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It may stay.
    Accept(Decision),
    /// It will be dealt with later.
    Defer(Decision),
    /// It is to end, which may delete data if the decision says so.
    End(Decision),
    /// Somebody takes care of it.
    Assign(String),
    /// It is gone. If it is seen again, it is reopened.
    Resolve {
        /// When.
        at: Stamp,
        /// Why, for the notes.
        reason: Option<String>,
    },
    /// A migration was written that ends it.
    Reconcile {
        /// The file.
        migration: String,
    },
}

/// There is no entry with that ID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the register has no {0}")]
pub struct NoSuchEntry(pub DriftId);

/// Enters a decision.
pub fn decide(register: &mut Register, id: DriftId, change: Change) -> Result<(), NoSuchEntry> {
    let last_run = register.last_run.clone();
    let entry = register.entries.iter_mut().find(|entry| entry.id == id).ok_or(NoSuchEntry(id))?;
    match change {
        Change::Accept(mut decision) => {
            decision.of = Some(digest(entry));
            entry.decision = Some(decision);
            entry.status = Status::Accepted;
        }
        Change::Defer(decision) => {
            entry.decision = Some(decision);
            entry.status = Status::Deferred;
        }
        Change::End(mut decision) => {
            decision.of = Some(digest(entry));
            entry.decision = Some(decision);
            if matches!(entry.status, Status::Accepted | Status::Deferred) {
                entry.status = Status::Open;
            }
        }
        Change::Assign(owner) => entry.owner = Some(owner),
        Change::Resolve { at, reason } => {
            entry.last_seen = Some(last_run.unwrap_or_else(|| entry.first_seen.clone()));
            entry.resolved = Some(at);
            entry.status = Status::Resolved;
            if let Some(reason) = reason {
                let notes = entry.notes.take().map(|notes| format!("{}\n", notes.trim_end()));
                entry.notes = Some(format!("{}{reason}", notes.unwrap_or_default()));
            }
        }
        Change::Reconcile { migration } => {
            entry.migration = Some(migration);
            if entry.status != Status::Accepted {
                entry.status = Status::Reconciling;
            }
        }
    }
    Ok(())
}

/// The difference that an entry is about now.
fn digest(entry: &Entry) -> String {
    super::Sighting {
        key: entry.key.clone(),
        change: entry.change.clone(),
        severity: entry.severity.clone(),
        canonical: entry.canonical.clone(),
        live: entry.live.clone(),
    }
    .digest()
}

/// True when a decision holds on a day.
pub(super) fn holds(decision: &Decision, today: Date) -> bool {
    decision.expires.is_none_or(|expires| today < expires)
}
