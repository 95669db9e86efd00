//! What came of a comparison: drifts, what was left out, and the verdict.

use std::borrow::Cow;

use super::{FacetKey, Severity, Value};
use crate::model::{Kind, ObjectId, Pair, Span};

/// The result of comparing two schemas.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diff {
    /// All drifts, in the order of objects and facets.
    pub drifts: Vec<Drift>,
    /// What differs or might, and was left out by a rule; in the same order.
    pub skipped: Vec<Skipped>,
    /// How many objects (columns not counted) each side has.
    pub objects: Pair<usize>,
}

impl Diff {
    /// What the comparison proves. `complete` is false when a part of either
    /// source was not understood: then nothing found does not mean nothing there.
    pub fn verdict(&self, complete: bool) -> Verdict {
        if self.drifts.iter().any(|drift| !drift.undecided) {
            Verdict::Drift
        } else if complete && self.drifts.is_empty() {
            Verdict::InSync
        } else {
            Verdict::Unknown
        }
    }

    /// The worst severity among the drifts.
    pub fn worst(&self) -> Option<Severity> {
        self.drifts.iter().map(|drift| drift.severity).max()
    }
}

/// What a comparison proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// All was compared and nothing differs.
    InSync,
    /// Nothing is proven to differ, but not all could be compared.
    Unknown,
    /// Something differs.
    Drift,
}

impl Verdict {
    /// The word in reports.
    pub fn label(self) -> &'static str {
        match self {
            Self::InSync => "IN SYNC",
            Self::Unknown => "UNKNOWN",
            Self::Drift => "DRIFT",
        }
    }
}

/// One difference. Object and facet are its identity: two drifts of one
/// comparison never share them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// The object; for a rename, its canonical identity.
    pub object: ObjectId,
    /// What differs about it.
    pub kind: DriftKind,
    /// Where each side says it; none where a side says nothing.
    pub spans: Pair<Option<Span>>,
    /// How bad it is.
    pub severity: Severity,
    /// What it endangers, as a sentence.
    pub impact: Cow<'static, str>,
    /// True for what is there and a source that says only a part does not mention: it stays.
    pub preserve: bool,
    /// A side could not be understood in full, so that it may be no difference at all.
    pub undecided: bool,
    /// For what is missing or extra: what it may have been renamed to or from, best first.
    pub candidates: Vec<Candidate>,
}

impl Drift {
    /// The facet that differs, when it is not the object as a whole.
    pub fn facet(&self) -> Option<&FacetKey> {
        match &self.kind {
            DriftKind::Changed { facet, .. } => Some(facet),
            DriftKind::Missing { .. } | DriftKind::Extra { .. } | DriftKind::Renamed { .. } => None,
        }
    }
}

/// What differs about an object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DriftKind {
    /// Declared but not there.
    Missing {
        /// What is missing with it: its indexes, constraints and so on.
        with: Vec<(Kind, usize)>,
    },
    /// There but not declared.
    Extra {
        /// What is extra with it.
        with: Vec<(Kind, usize)>,
    },
    /// The same content under another name (constraints and indexes only).
    Renamed {
        /// Its identity on the live side.
        live: ObjectId,
    },
    /// One facet differs.
    Changed {
        /// Which one.
        facet: FacetKey,
        /// Its value on both sides; none where it is absent.
        values: Pair<Option<Value>>,
    },
}

impl DriftKind {
    /// The word in reports.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "missing",
            Self::Extra { .. } => "extra",
            Self::Renamed { .. } => "renamed",
            Self::Changed { .. } => "changed",
        }
    }
}

/// What something missing or extra may be called on the other side.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// The object of the other side.
    pub object: ObjectId,
    /// How alike the two are, in percent.
    pub score: u8,
}

/// Something that differs or might, and was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// By which rule.
    pub reason: SkipReason,
    /// About which object.
    pub object: ObjectId,
    /// Which facet of it; none for the object as a whole.
    pub facet: Option<FacetKey>,
    /// Where each side says it.
    pub spans: Pair<Option<Span>>,
}

macro_rules! skip_reasons {
    ($($(#[doc = $doc:literal])+ $reason:ident = $label:literal,)+) => {
        /// Why a difference is no drift. Each rule can be named in a report.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum SkipReason {
            $($(#[doc = $doc])+ $reason,)+
        }

        impl SkipReason {
            /// All rules.
            pub const ALL: &'static [SkipReason] = &[$(SkipReason::$reason,)+];

            /// The rule in reports.
            pub fn label(self) -> &'static str {
                match self { $(Self::$reason => $label,)+ }
            }
        }
    };
}

skip_reasons! {
    /// Owners are ignored by option.
    OwnersIgnored = "owners ignored by option",
    /// One side holds no owner statement at all (`pg_dump --no-owner`), or none for this object.
    OwnerNotSaid = "owner said on one side only",
    /// Privileges are ignored by option.
    PrivilegesIgnored = "privileges ignored by option",
    /// One side is a dump that says no owner and no privilege (`pg_dump --no-owner --no-privileges`).
    PrivilegesNotSaid = "privileges not in a dump without owners",
    /// A rule of the configuration leaves it out: no migration touches it.
    IgnoredByRule = "ignored by configuration",
    /// Comments are ignored by option.
    CommentsIgnored = "comments ignored by option",
    /// One side holds no role at all: `pg_dump` never writes one, `pg_dumpall` does.
    RolesNotSaid = "roles said on one side only",
    /// `pg_dump` writes the comment that an extension brings; nobody declared it.
    ExtensionComment = "comment of an extension",
    /// The comment that `initdb` gives to `public`, `plpgsql` and the like.
    StandardComment = "standard comment",
    /// Versions of extensions are not compared: a dump never says them.
    ExtensionVersion = "version of an extension",
    /// `CREATE EXTENSION` without `SCHEMA` leaves the schema to the extension.
    ExtensionSchema = "schema of an extension not declared",
    /// `plpgsql` is in every database, said or not; so is `public`, of which a dump that has
    /// nothing in it says nothing.
    ImplicitObject = "in every database",
    /// Up to PostgreSQL 17 a NOT NULL constraint has no name; only one that is
    /// declared is compared, and only when the other side has one.
    NotNullName = "name of a NOT NULL not declared",
    /// Written the same on both sides, under the same path: it means something else only
    /// because of another drift.
    FollowsChange = "follows another change",
    /// A reference by name to an index or constraint that is reported as renamed.
    FollowsRename = "follows a rename",
    /// A schema in YAML that is not exact claims only what it says.
    NotSaid = "not said in YAML",
    /// Column order is compared only when asked for.
    ColumnOrder = "column order",
}
