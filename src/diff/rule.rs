//! Facets: rule.

use super::Facets;
use crate::model::Rule;

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn facets(_object: &Rule, _facets: &mut Facets) {}
