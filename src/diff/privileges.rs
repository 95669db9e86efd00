//! Facets: privileges.

use super::Facets;
use crate::model::DefaultPrivileges;

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn facets(_object: &DefaultPrivileges, _facets: &mut Facets) {}
