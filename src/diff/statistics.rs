//! Facets: statistics.

use super::Facets;
use crate::model::Statistics;

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn facets(_object: &Statistics, _facets: &mut Facets) {}
