//! Event triggers.

use super::SqlWriter;
use crate::model::{Enabled, EventTrigger, Ident};

impl SqlWriter {
    /// `CREATE EVENT TRIGGER`, and when it fires if not always.
    pub fn create_event_trigger(&mut self, name: &Ident, trigger: &EventTrigger) {
        let EventTrigger { event, filters, function, enabled } = trigger;
        self.sql("CREATE EVENT TRIGGER ").ident(name);
        self.sql(" ON ").ident(event);
        for (at, (variable, values)) in filters.iter().enumerate() {
            self.sql(if at == 0 { " WHEN " } else { " AND " }).ident(variable);
            self.sql(" IN (");
            self.list(values, |writer, value| {
                writer.string(value);
            });
            self.sql(")");
        }
        self.sql(" EXECUTE FUNCTION ").name(function);
        self.sql("();\n");
        if *enabled != Enabled::Origin {
            self.event_trigger_enabled(name, *enabled);
        }
    }

    /// `ALTER EVENT TRIGGER e ENABLE | DISABLE ..`.
    pub fn event_trigger_enabled(&mut self, name: &Ident, enabled: Enabled) {
        self.sql("ALTER EVENT TRIGGER ").ident(name);
        self.sql(match enabled {
            Enabled::Origin => " ENABLE",
            Enabled::Always => " ENABLE ALWAYS",
            Enabled::Replica => " ENABLE REPLICA",
            Enabled::Disabled => " DISABLE",
        });
        self.sql(";\n");
    }
}
