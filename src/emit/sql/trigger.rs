//! Triggers.

use super::SqlWriter;
use crate::model::{Child, Enabled, Ident, Trigger, TriggerEvent, TriggerTiming};

impl SqlWriter {
    /// `CREATE TRIGGER`, and when it fires if not always.
    pub fn create_trigger(&mut self, child: &Child, trigger: &Trigger) {
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
        } = trigger;
        self.sql(if *constraint { "CREATE CONSTRAINT TRIGGER " } else { "CREATE TRIGGER " });
        self.ident(&child.name);
        self.sql(match timing {
            TriggerTiming::Before => " BEFORE ",
            TriggerTiming::After => " AFTER ",
            TriggerTiming::InsteadOf => " INSTEAD OF ",
        });
        for (at, event) in events.iter().enumerate() {
            if at > 0 {
                self.sql(" OR ");
            }
            self.trigger_event(*event, update_columns);
        }
        self.sql(" ON ").qualified(&child.parent);
        if let Some(from) = from {
            self.sql(" FROM ").qualified(from);
        }
        if *constraint {
            self.sql(if *deferrable { " DEFERRABLE" } else { " NOT DEFERRABLE" });
            self.sql(if *initially_deferred {
                " INITIALLY DEFERRED"
            } else {
                " INITIALLY IMMEDIATE"
            });
        }
        self.transition_tables(old_table.as_ref(), new_table.as_ref());
        self.sql(if *row { " FOR EACH ROW" } else { " FOR EACH STATEMENT" });
        if let Some(condition) = condition {
            self.sql(" WHEN (").expr(&condition.expr).sql(")");
        }
        self.sql(" EXECUTE FUNCTION ").name(function);
        self.sql("(");
        self.list(arguments, |writer, argument| {
            writer.string(argument);
        });
        self.sql(");\n");
        if *enabled != Enabled::Origin {
            self.trigger_enabled(child, *enabled);
        }
    }

    /// `ALTER TABLE t ENABLE | DISABLE .. TRIGGER x`.
    pub fn trigger_enabled(&mut self, child: &Child, enabled: Enabled) {
        self.sql("ALTER TABLE ").qualified(&child.parent);
        self.sql(enabled_words(enabled)).sql("TRIGGER ").ident(&child.name);
        self.sql(";\n");
    }

    fn trigger_event(&mut self, event: TriggerEvent, columns: &std::collections::BTreeSet<Ident>) {
        self.sql(match event {
            TriggerEvent::Insert => "INSERT",
            TriggerEvent::Delete => "DELETE",
            TriggerEvent::Update => "UPDATE",
            TriggerEvent::Truncate => "TRUNCATE",
        });
        if event == TriggerEvent::Update && !columns.is_empty() {
            self.sql(" OF ");
            self.list(columns, SqlWriter::ident);
        }
    }

    fn transition_tables(&mut self, old: Option<&Ident>, new: Option<&Ident>) {
        if old.is_some() || new.is_some() {
            self.sql(" REFERENCING");
        }
        if let Some(old) = old {
            self.sql(" OLD TABLE AS ").ident(old);
        }
        if let Some(new) = new {
            self.sql(" NEW TABLE AS ").ident(new);
        }
    }
}

/// The words of `ALTER TABLE` before `TRIGGER` and `RULE`.
pub(super) fn enabled_words(enabled: Enabled) -> &'static str {
    match enabled {
        Enabled::Origin => " ENABLE ",
        Enabled::Always => " ENABLE ALWAYS ",
        Enabled::Replica => " ENABLE REPLICA ",
        Enabled::Disabled => " DISABLE ",
    }
}
