//! Facets: index.

use super::Facets;
use crate::model::Index;

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn facets(_object: &Index, _facets: &mut Facets) {}
