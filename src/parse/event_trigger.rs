//! `CREATE EVENT TRIGGER`, `ALTER EVENT TRIGGER .. ENABLE | DISABLE`.
//!
//! Command tags are stored in upper case (`filter_list_to_array`,
//! `src/backend/commands/event_trigger.c`).

use std::collections::{BTreeMap, BTreeSet};

use pg_query::protobuf::{AlterEventTrigStmt, CreateEventTrigStmt};

use super::address::Address;
use super::interpreter::{Interpreter, Need, Outcome, Statement, missing};
use super::lower::{Lowered, Lowering};
use super::type_name::{name, string};
use super::{def_elem, define};
use crate::model::{Enabled, EventTrigger, Facet, Ident, Name, ObjectId, Place, Problem, Span};

/// `CREATE EVENT TRIGGER`.
pub(super) fn create(stmt: &CreateEventTrigStmt, _cx: Lowering<'_>) -> Lowered {
    let mut filters: BTreeMap<Ident, BTreeSet<Box<str>>> = BTreeMap::new();
    for element in define::elements(&stmt.whenclause) {
        let values =
            def_elem::list(element).iter().map(|node| string(node).to_ascii_uppercase().into());
        filters.entry(Ident::new(&element.defname)).or_default().extend(values);
    }
    let event = Ident::new(&stmt.eventname);
    let function = name(&stmt.funcname);
    let trigger = EventTrigger { event, filters, function, enabled: Enabled::Origin };
    Lowered::apply(CreateEventTrigger { name: Ident::new(&stmt.trigname), trigger })
}

/// `ALTER EVENT TRIGGER name ENABLE [ALWAYS | REPLICA] | DISABLE`.
pub(super) fn alter(stmt: &AlterEventTrigStmt, _cx: Lowering<'_>) -> Lowered {
    let enabled = match stmt.tgenabled.as_str() {
        "O" => Enabled::Origin,
        "A" => Enabled::Always,
        "R" => Enabled::Replica,
        "D" => Enabled::Disabled,
        _unknown => return Lowered::unsupported("this state of an event trigger"),
    };
    Lowered::apply(AlterEventTrigger { name: Ident::new(&stmt.trigname), enabled })
}

struct CreateEventTrigger {
    name: Ident,
    trigger: EventTrigger,
}

impl Statement for CreateEventTrigger {
    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let id = ObjectId::EventTrigger(self.name);
        let mut trigger = self.trigger;
        trigger.function = super::trigger::trigger_function(cx, &trigger.function);
        cx.create(id, trigger, span, false)
    }
}

struct AlterEventTrigger {
    name: Ident,
    enabled: Enabled,
}

impl Statement for AlterEventTrigger {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Object(Address::Global(ObjectId::EventTrigger, self.name.clone()))]
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let id = ObjectId::EventTrigger(self.name.clone());
        let Some((trigger, origin)) = cx.object_mut::<EventTrigger>(&id) else {
            return Err(missing("event trigger", &Name { namespace: None, name: self.name }));
        };
        trigger.enabled = self.enabled;
        origin.record(Place::facet(Facet::Enabled), span);
        Ok(Outcome::Modelled)
    }
}
