//! What a schema in YAML says about each object, and so what it does not say.
//!
//! The surprising thing: an object that is not listed here is said in full, as in SQL.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::Severity;
use crate::model::{Facet, ObjectId, SourceId, Span};

/// What all YAML sources of one side say.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// For each source in YAML, how far its word goes.
    pub sources: BTreeMap<SourceId, Extent>,
    /// True when some source of the side is SQL, or lists all there is.
    pub complete: bool,
    /// What is said of an object or a column.
    pub objects: BTreeMap<ObjectId, Stated>,
    /// Constraints and indexes without a name of their own.
    pub unnamed: BTreeSet<ObjectId>,
    /// How bad drifts of elements with that tag are.
    pub categories: BTreeMap<String, Category>,
    /// Tags with their places.
    pub tags: Vec<(String, Span)>,
}

/// How far the word of a source goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// What it does not say is not claimed.
    Said,
    /// What it does not say is PostgreSQL's default, as in SQL: `exact: true`.
    Exact,
}

/// What is said of an object or a column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stated {
    /// The facets that are said; none where all are.
    pub facets: Option<BTreeSet<Facet>>,
    /// The tag.
    pub invariant: Option<String>,
    /// What needs it.
    pub required_for: Vec<String>,
    /// For a constraint that is said with a column: that column.
    pub of_column: Option<ObjectId>,
}

/// How bad a drift of elements with a tag is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// How bad.
    pub severity: Severity,
    /// What it endangers.
    pub impact: Option<String>,
}

impl Said {
    /// True when the side holds something that says only a part.
    pub fn is_partial(&self) -> bool {
        self.sources.values().any(|extent| *extent == Extent::Said)
    }
}
