//! Facets: role.

use super::Facets;
use crate::model::Role;

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn facets(_object: &Role, _facets: &mut Facets) {}
