//! How bad a drift is, and why: one table, first row that fits.
//!
//! Ranked by what a drift endangers. Security comes first: who can read or
//! change rows that are not theirs. Then integrity: rows that should not exist, or
//! statements that fail. Then performance, then what only people see. The
//! direction matters: a policy that only the live side has lets more rows
//! through, a CHECK that only the live side has refuses more of them.

mod rows;

use super::drift::{Drift, DriftKind};
use super::{FacetKey, Value};
use crate::model::{Facet, Kind, ObjectId, Pair, Span};

/// How bad a drift is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing that works stops working.
    Low,
    /// Slower, or different in a corner.
    Moderate,
    /// Wrong rows, failing statements, or wider access in some cases.
    High,
    /// Access to rows that are not theirs, or data that cannot be trusted.
    Blocking,
}

impl Severity {
    /// All, worst first.
    pub const ALL: &'static [Severity] =
        &[Severity::Blocking, Severity::High, Severity::Moderate, Severity::Low];

    /// The word in reports.
    pub fn label(self) -> &'static str {
        match self {
            Self::Low => "LOW",
            Self::Moderate => "MODERATE",
            Self::High => "HIGH",
            Self::Blocking => "BLOCKING",
        }
    }
}

/// How bad a drift is and what it endangers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rating {
    /// How bad.
    pub severity: Severity,
    /// What can go wrong, as a sentence.
    pub impact: &'static str,
}

/// Which way a drift goes, seen from the canonical side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Declared, not there.
    Lost,
    /// There, not declared.
    Gained,
    /// On both sides, with another value or name.
    Altered,
    /// Any of the three.
    Any,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The kinds it is for; all when empty.
    kinds: &'static [Kind],
    /// The facets it is for; none for objects as a whole.
    facets: &'static [Facet],
    /// The option, grantee or other key; any when empty.
    key: &'static str,
    way: Way,
    severity: Severity,
    impact: &'static str,
}

impl Row {
    /// What the row is about, in words, for the documentation.
    pub fn subject(&self) -> String {
        let list = |labels: Vec<&str>, none: &str| {
            if labels.is_empty() { none.to_owned() } else { labels.join(", ") }
        };
        let kinds = list(self.kinds.iter().map(|kind| kind.label()).collect(), "any object");
        let facets = list(self.facets.iter().map(|facet| facet.label()).collect(), "");
        let way = match self.way {
            Way::Lost => "missing",
            Way::Gained => "extra",
            Way::Altered => "changed",
            Way::Any => "any difference",
        };
        let what = [facets.as_str(), self.key].join(" ");
        format!("{kinds}: {} {way}", what.trim()).replace(":  ", ": ")
    }

    /// The rating of the row.
    pub fn rating(&self) -> Rating {
        Rating { severity: self.severity, impact: self.impact }
    }
}

/// All rows in the order in which they are tried.
pub fn table() -> &'static [Row] {
    rows::ROWS
}

/// Rates another value of a facet.
pub(super) fn of_change(kind: Kind, facet: &FacetKey, values: Pair<Option<&Value>>) -> Rating {
    let way = match (values.canonical, values.live) {
        (Some(_), None) => Way::Lost,
        (None, Some(_)) => Way::Gained,
        (Some(_), Some(_)) | (None, None) => Way::Altered,
    };
    let key = facet.key.as_ref().map_or("", |key| key.as_str());
    rate(kind, Some(facet.facet), key, way)
}

/// A drift of an object as a whole, rated.
pub(super) fn drift(object: ObjectId, kind: DriftKind, spans: Pair<Option<Span>>) -> Drift {
    let way = match kind {
        DriftKind::Missing { .. } => Way::Lost,
        DriftKind::Extra { .. } => Way::Gained,
        DriftKind::Renamed { .. } | DriftKind::Changed { .. } => Way::Altered,
    };
    let Rating { severity, impact } = rate(object.kind(), None, "", way);
    Drift { object, kind, spans, severity, impact, undecided: false, candidates: Vec::new() }
}

fn rate(kind: Kind, facet: Option<Facet>, key: &str, way: Way) -> Rating {
    let fits = |row: &&Row| {
        (row.kinds.is_empty() || row.kinds.contains(&kind))
            && match facet {
                Some(facet) => row.facets.contains(&facet),
                None => row.facets.is_empty(),
            }
            && (row.key.is_empty() || row.key == key)
            && (row.way == Way::Any || row.way == way)
    };
    table().iter().find(fits).map_or(FALLBACK, Row::rating)
}

/// For what no row names. A test holds that no object as a whole ends here.
const FALLBACK: Rating =
    Rating { severity: Severity::Moderate, impact: "the object behaves in another way than declared" };
