//! Facets: policy.

use super::Facets;
use crate::model::Policy;

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn facets(_object: &Policy, _facets: &mut Facets) {}
