//! Facets: sequence.

use super::Facets;
use crate::model::Sequence;

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn facets(_object: &Sequence, _facets: &mut Facets) {}
