//! Facets of triggers.

use super::Facets;
use super::value::Value;
use crate::model::{Enabled, Facet, Trigger, TriggerEvent, TriggerTiming};

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn facets(object: &Trigger, facets: &mut Facets) {
    let Trigger {
        timing,
        events,
        update_columns,
        row,
        old_table,
        new_table,
        condition,
        function,
        arguments,
        constraint,
        from,
        deferrable,
        initially_deferred,
        enabled,
    } = object;
    facets.put(
        Facet::Timing,
        Value::Keyword(match timing {
            TriggerTiming::Before => "BEFORE",
            TriggerTiming::After => "AFTER",
            TriggerTiming::InsteadOf => "INSTEAD OF",
        }),
    );
    let event = |event: &TriggerEvent| {
        Value::Keyword(match event {
            TriggerEvent::Insert => "INSERT",
            TriggerEvent::Delete => "DELETE",
            TriggerEvent::Update => "UPDATE",
            TriggerEvent::Truncate => "TRUNCATE",
        })
    };
    facets.put_list(Facet::Events, events.iter().map(event));
    facets.put_list(Facet::UpdateColumns, update_columns);
    facets.put(Facet::Level, Value::Keyword(if *row { "ROW" } else { "STATEMENT" }));
    facets.put_some(Facet::OldTable, old_table.as_ref());
    facets.put_some(Facet::NewTable, new_table.as_ref());
    facets.put_some(Facet::Condition, condition.as_ref().map(|condition| &condition.expr));
    facets.put(Facet::Function, function);
    facets.put_list(Facet::Arguments, arguments.iter().map(|argument| &**argument));
    facets.put_flag(Facet::ConstraintTrigger, *constraint);
    facets.put_some(Facet::From, from.as_ref());
    facets.put_flag(Facet::Deferrable, *deferrable);
    facets.put_flag(Facet::InitiallyDeferred, *initially_deferred);
    facets.put(Facet::Enabled, enabled_value(*enabled));
}

/// When a trigger or rule fires.
pub(super) fn enabled_value(enabled: Enabled) -> Value {
    Value::Keyword(match enabled {
        Enabled::Origin => "ENABLE",
        Enabled::Always => "ENABLE ALWAYS",
        Enabled::Replica => "ENABLE REPLICA",
        Enabled::Disabled => "DISABLE",
    })
}
