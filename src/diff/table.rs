//! Facets: table.

use super::Facets;
use crate::model::Table;

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn facets(_object: &Table, _facets: &mut Facets) {}
