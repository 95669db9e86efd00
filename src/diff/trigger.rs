//! Facets: trigger.

use super::Facets;
use crate::model::Trigger;

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn facets(_object: &Trigger, _facets: &mut Facets) {}
