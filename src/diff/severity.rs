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

impl Way {
    fn label(self) -> &'static str {
        match self {
            Self::Lost => "missing",
            Self::Gained => "extra",
            Self::Altered => "changed",
            Self::Any => "any difference",
        }
    }
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
        let way = self.way.label();
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
    Drift {
        object,
        kind,
        spans,
        severity,
        impact: impact.into(),
        preserve: false,
        undecided: false,
        candidates: Vec::new(),
    }
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
const FALLBACK: Rating = Rating {
    severity: Severity::Moderate,
    impact: "the object behaves in another way than declared",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_object_is_rated_as_a_whole() {
        for kind in Kind::ALL {
            for way in [Way::Lost, Way::Gained] {
                assert_ne!(rate(*kind, None, "", way), FALLBACK, "{} {way:?}", kind.label());
            }
        }
    }

    #[test]
    fn no_row_is_hidden_by_rows_before_it() {
        let mut seen = std::collections::BTreeSet::new();
        for row in table() {
            let kinds: Vec<Kind> =
                if row.kinds.is_empty() { Kind::ALL.to_vec() } else { row.kinds.to_vec() };
            let facets: Vec<Option<Facet>> = match row.facets {
                [] => vec![None],
                facets => facets.iter().copied().map(Some).collect(),
            };
            let ways = match row.way {
                Way::Any => vec![Way::Lost, Way::Gained, Way::Altered],
                one => vec![one],
            };
            let mut adds = false;
            for kind in &kinds {
                for facet in &facets {
                    for way in &ways {
                        adds |= seen.insert((*kind, *facet, row.key, way.label()));
                    }
                }
            }
            assert!(adds, "{}", row.subject());
        }
    }

    #[test]
    fn security_is_rated_above_all() {
        let rating = |kind, facet, key, way| rate(kind, Some(facet), key, way).severity;
        use Severity::{Blocking, High, Low};
        assert_eq!(rating(Kind::Policy, Facet::Using, "", Way::Altered), Blocking);
        assert_eq!(rating(Kind::View, Facet::Option, "security_invoker", Way::Lost), Blocking);
        assert_eq!(rating(Kind::Table, Facet::Privileges, "public", Way::Gained), Blocking);
        assert_eq!(rating(Kind::Table, Facet::Privileges, "app", Way::Gained), High);
        assert_eq!(rating(Kind::Policy, Facet::Comment, "", Way::Altered), Low);
    }
}
