//! Facets: collation.

use super::Facets;
use crate::model::Collation;

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn facets(_object: &Collation, _facets: &mut Facets) {}
