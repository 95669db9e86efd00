//! Rules.

use super::SqlWriter;
use super::trigger::enabled_words;
use crate::model::{Child, Enabled, Rule, RuleEvent};

impl SqlWriter {
    /// `CREATE RULE`, and when it fires if not always.
    pub fn create_rule(&mut self, child: &Child, rule: &Rule) {
        let Rule { event, instead, condition, actions, enabled } = rule;
        self.sql("CREATE RULE ").ident(&child.name);
        self.sql(match event {
            RuleEvent::Select => " AS ON SELECT TO ",
            RuleEvent::Insert => " AS ON INSERT TO ",
            RuleEvent::Update => " AS ON UPDATE TO ",
            RuleEvent::Delete => " AS ON DELETE TO ",
        });
        self.qualified(&child.parent);
        if let Some(condition) = condition {
            self.sql(" WHERE ").expr(&condition.expr);
        }
        self.sql(if *instead { " DO INSTEAD " } else { " DO ALSO " });
        match actions.as_slice() {
            [] => {
                self.sql("NOTHING");
            }
            [action] => self.command(&action.value),
            several => {
                self.sql("(");
                for (at, action) in several.iter().enumerate() {
                    if at > 0 {
                        self.sql("; ");
                    }
                    self.command(&action.value);
                }
                self.sql(")");
            }
        }
        self.sql(";\n");
        if *enabled != Enabled::Origin {
            self.rule_enabled(child, *enabled);
        }
    }

    /// `ALTER TABLE t ENABLE | DISABLE .. RULE x`.
    pub fn rule_enabled(&mut self, child: &Child, enabled: Enabled) {
        self.sql("ALTER TABLE ").qualified(&child.parent);
        self.sql(enabled_words(enabled)).sql("RULE ").ident(&child.name);
        self.sql(";\n");
    }
}
