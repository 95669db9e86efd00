//! Facets: extension.

use super::Facets;
use crate::model::Extension;

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn facets(_object: &Extension, _facets: &mut Facets) {}
