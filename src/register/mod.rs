//! The drift register: which drift has which `SCHEMA-DRIFT-###`, since when, and who decided
//! what about it.
//!
//! A register is a YAML file that people edit, too. [`Document`] is its text together with what
//! it says: it changes only the lines that say something else afterwards. [`record`] takes the
//! drifts of a comparison into it, [`check`] finds what contradicts itself.
//!
//! An entry is found by object and facet alone: never by its number, its place in a file or the
//! order of a run. Entries are never removed, and numbers are never given twice.

mod check;
mod decide;
mod document;
mod edit;
mod merge;
mod record;

use std::fmt;

use serde::Deserialize;

use crate::model::Date;

pub use check::{Decisions, check, in_force};
pub use decide::{Change, NoSuchEntry, decide};
pub use document::{Document, JSON_SCHEMA};
pub use merge::{Merged, merge, renumber};
pub use record::{Recorded, Run, Sighting, is_about, record};

/// All that a register says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Register {
    /// The highest number that was ever given.
    pub last_id: u32,
    /// When drifts were last recorded.
    pub last_run: Option<Stamp>,
    /// All drifts that were ever seen, in the order of the file.
    pub entries: Vec<Entry>,
}

impl Register {
    /// The entry with an ID.
    pub fn entry(&self, id: DriftId) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == id)
    }

    /// When a drift was last there: for one that is not resolved, at the last run.
    pub fn last_seen<'a>(&'a self, entry: &'a Entry) -> &'a Stamp {
        let resolved = entry.status == Status::Resolved;
        let run = self.last_run.as_ref().filter(|_| !resolved);
        entry.last_seen.as_ref().or(run).unwrap_or(&entry.first_seen)
    }
}

/// `SCHEMA-DRIFT-007`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DriftId(pub u32);

impl DriftId {
    /// Reads an ID as people type it: `SCHEMA-DRIFT-007`, `schema-drift-7`, `7`.
    pub fn parse(text: &str) -> Option<Self> {
        let upper = text.to_ascii_uppercase();
        let digits = upper.strip_prefix("SCHEMA-DRIFT-").unwrap_or(&upper);
        let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse().ok().filter(|number| plain && *number > 0).map(Self)
    }
}

impl fmt::Display for DriftId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SCHEMA-DRIFT-{:03}", self.0)
    }
}

impl<'de> Deserialize<'de> for DriftId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        let id = text.starts_with("SCHEMA-DRIFT-").then(|| Self::parse(&text)).flatten();
        id.ok_or_else(|| serde::de::Error::custom("an ID is written SCHEMA-DRIFT-001"))
    }
}

/// What a drift is about, and thereby which drift it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DriftKey {
    /// The object with its kind: `column public.orders.state`.
    pub object: String,
    /// What differs about it; none for the object as a whole.
    pub facet: Option<String>,
}

/// A day, and the commit that was checked out.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stamp {
    /// The day.
    pub date: Date,
    /// The commit, where there is a repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
}

/// One drift, for as long as the register exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number.
    pub id: DriftId,
    /// What it is about.
    pub key: DriftKey,
    /// `missing`, `extra`, `renamed`, `changed`.
    pub change: String,
    /// How bad, when it was last there.
    pub severity: String,
    /// What became of it.
    pub status: Status,
    /// What was declared, when it was last there.
    pub canonical: String,
    /// What was there.
    pub live: String,
    /// When it was first seen.
    pub first_seen: Stamp,
    /// When it was last seen; only written once it is gone, as until then it is the last run.
    pub last_seen: Option<Stamp>,
    /// When it was gone.
    pub resolved: Option<Stamp>,
    /// Who takes care of it.
    pub owner: Option<String>,
    /// The migration that was written for it.
    pub migration: Option<String>,
    /// What was decided about it.
    pub decision: Option<Decision>,
    /// What people have to say about it.
    pub notes: Option<String>,
}

/// What became of a drift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It is there and nothing is decided.
    Open,
    /// It may stay, by a decision.
    Accepted,
    /// It will be dealt with later.
    Deferred,
    /// A migration was written that ends it.
    Reconciling,
    /// It is gone.
    Resolved,
    /// It was gone and is there again, or is another one than was accepted.
    Reopened,
}

impl Status {
    /// All of them.
    pub const ALL: &'static [Status] = &[
        Self::Open,
        Self::Accepted,
        Self::Deferred,
        Self::Reconciling,
        Self::Resolved,
        Self::Reopened,
    ];

    /// The word in files and reports.
    pub fn label(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Accepted => "accepted",
            Self::Deferred => "deferred",
            Self::Reconciling => "reconciling",
            Self::Resolved => "resolved",
            Self::Reopened => "reopened",
        }
    }
}

/// What was decided about a drift.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Why.
    pub reason: String,
    /// The architecture decision that says so.
    #[serde(default)]
    pub adr: Option<String>,
    /// Who approved it.
    #[serde(default)]
    pub approver: Option<String>,
    /// The day from which on it does not hold any more.
    #[serde(default)]
    pub expires: Option<Date>,
    /// Whether a migration that ends the drift may delete data.
    #[serde(default)]
    pub allow_data_loss: bool,
    /// What the object is called where it is missing: migrations rename it then.
    #[serde(default)]
    pub renamed_from: Option<String>,
    /// A digest of the difference that it is about: it does not hold for another one.
    #[serde(default)]
    pub of: Option<String>,
}
