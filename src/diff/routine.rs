//! Facets: routine.

use super::Facets;
use crate::model::Routine;

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn facets(_object: &Routine, _facets: &mut Facets) {}
