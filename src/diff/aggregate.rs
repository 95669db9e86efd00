//! Facets: aggregate.

use super::Facets;
use crate::model::Aggregate;

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn facets(_object: &Aggregate, _facets: &mut Facets) {}
