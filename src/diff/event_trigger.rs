//! Facets of event triggers.

use std::collections::BTreeSet;

use super::Facets;
use super::trigger::enabled_value;
use crate::model::{EventTrigger, Facet};

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn facets(object: &EventTrigger, facets: &mut Facets) {
    let EventTrigger { event, filters, function, enabled } = object;
    facets.put(Facet::Event, event);
    let tags = |tags: &BTreeSet<Box<str>>| tags.iter().map(|tag| &**tag).collect();
    facets.put_map(Facet::Filter, filters, tags);
    facets.put(Facet::Function, function);
    facets.put(Facet::Enabled, enabled_value(*enabled));
}
