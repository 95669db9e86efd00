//! Facets: event_trigger.

use super::Facets;
use crate::model::EventTrigger;

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn facets(_object: &EventTrigger, _facets: &mut Facets) {}
