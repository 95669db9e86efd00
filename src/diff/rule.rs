//! Facets of rules.

use super::Facets;
use super::trigger::enabled_value;
use super::value::Value;
use crate::model::{Facet, Rule, RuleEvent};

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn facets(object: &Rule, facets: &mut Facets) {
    let Rule { event, instead, condition, actions, enabled } = object;
    facets.put(
        Facet::Event,
        Value::Keyword(match event {
            RuleEvent::Select => "SELECT",
            RuleEvent::Insert => "INSERT",
            RuleEvent::Update => "UPDATE",
            RuleEvent::Delete => "DELETE",
        }),
    );
    facets.put_flag(Facet::Instead, *instead);
    facets.put_some(Facet::Condition, condition.as_ref().map(|condition| &condition.expr));
    facets.put_list(Facet::Actions, actions.iter().map(|action| &action.value));
    facets.put(Facet::Enabled, enabled_value(*enabled));
}
