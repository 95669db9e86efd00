//! Facets: namespace.

use super::Facets;
use crate::model::Namespace;

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn facets(_object: &Namespace, _facets: &mut Facets) {}
