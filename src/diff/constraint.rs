//! Facets: constraint.

use super::Facets;
use crate::model::Constraint;

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn facets(_object: &Constraint, _facets: &mut Facets) {}
