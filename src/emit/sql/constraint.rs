//! Constraints, as `ALTER TABLE .. ADD CONSTRAINT`.

use super::SqlWriter;
use crate::model::{
    AttachedIndex, Child, Constraint, ConstraintDefinition, Exclusion, ForeignKey, Key,
    ReferentialAction,
};

impl SqlWriter {
    /// `ALTER TABLE t ADD CONSTRAINT c ..`, also for its children, as without `ONLY`.
    pub fn add_constraint(&mut self, child: &Child, constraint: &Constraint, is_domain: bool) {
        self.key_parts(constraint);
        self.sql(if is_domain { "ALTER DOMAIN " } else { "ALTER TABLE " }).qualified(&child.parent);
        self.sql(" ADD CONSTRAINT ").ident(&child.name);
        self.sql(" ");
        self.constraint(constraint);
        self.sql(";\n");
    }

    /// The keys of partitions whose storage is their own: they are taken as the parts.
    fn key_parts(&mut self, constraint: &Constraint) {
        use ConstraintDefinition::{PrimaryKey, Unique};
        let (PrimaryKey(key) | Unique(key)) = &constraint.definition else { return };
        for (partition, part) in &key.partitions {
            let AttachedIndex { options, tablespace, other: _, name: _ } = part;
            if (options, tablespace) == (&key.options, &key.tablespace) {
                continue;
            }
            let own =
                Key { options: options.clone(), tablespace: tablespace.clone(), ..key.clone() };
            let definition = match &constraint.definition {
                PrimaryKey(_) => PrimaryKey(own),
                _unique => Unique(own),
            };
            self.sql("ALTER TABLE ").qualified(partition);
            self.sql(" ADD ");
            self.constraint(&Constraint { definition, ..constraint.clone() });
            self.sql(";\n");
        }
    }

    /// What a constraint demands, without its name.
    pub fn constraint(&mut self, constraint: &Constraint) {
        let Constraint {
            definition,
            deferrable,
            initially_deferred,
            validated,
            enforced,
            index_comment: _said_by_itself,
        } = constraint;
        match definition {
            ConstraintDefinition::Check { expression, no_inherit } => {
                self.sql("CHECK (").expr(&expression.expr);
                self.sql(if *no_inherit { ") NO INHERIT" } else { ")" });
            }
            ConstraintDefinition::PrimaryKey(key) => {
                self.sql("PRIMARY KEY ");
                self.key(key);
            }
            ConstraintDefinition::Unique(key) => {
                self.sql("UNIQUE ");
                if key.nulls_not_distinct {
                    self.sql("NULLS NOT DISTINCT ");
                }
                self.key(key);
            }
            ConstraintDefinition::ForeignKey(key) => self.foreign_key(key),
            ConstraintDefinition::Exclusion(exclusion) => self.exclusion(exclusion),
        }
        if *deferrable {
            self.sql(" DEFERRABLE");
        }
        if *initially_deferred {
            self.sql(" INITIALLY DEFERRED");
        }
        match (enforced, validated) {
            (false, _) => self.sql(" NOT ENFORCED"),
            (true, false) => self.sql(" NOT VALID"),
            (true, true) => self,
        };
    }

    fn key(&mut self, key: &Key) {
        let Key {
            columns,
            include,
            nulls_not_distinct: _said_before,
            without_overlaps,
            options,
            tablespace,
            partitions: _made_with_it,
        } = key;
        self.sql("(").idents(columns);
        self.sql(if *without_overlaps { " WITHOUT OVERLAPS)" } else { ")" });
        if !include.is_empty() {
            self.sql(" INCLUDE (").idents(include);
            self.sql(")");
        }
        self.with_options(options);
        if let Some(tablespace) = tablespace {
            self.sql(" USING INDEX TABLESPACE ").ident(tablespace);
        }
    }

    fn foreign_key(&mut self, key: &ForeignKey) {
        let ForeignKey {
            columns,
            period,
            target,
            target_columns,
            match_full,
            on_update,
            on_delete,
            delete_columns,
        } = key;
        self.sql("FOREIGN KEY (");
        self.period_columns(columns, *period);
        self.sql(") REFERENCES ").qualified(target);
        if !target_columns.is_empty() {
            self.sql(" (");
            self.period_columns(target_columns, *period);
            self.sql(")");
        }
        if *match_full {
            self.sql(" MATCH FULL");
        }
        self.action(" ON UPDATE ", *on_update);
        self.action(" ON DELETE ", *on_delete);
        if !delete_columns.is_empty() {
            self.sql(" (").idents(delete_columns);
            self.sql(")");
        }
    }

    /// The columns; with `PERIOD` before the last.
    fn period_columns(&mut self, columns: &[crate::model::Ident], period: bool) {
        let last = columns.len().saturating_sub(1);
        self.list(columns.iter().enumerate(), |writer, (at, column)| {
            if period && at == last {
                writer.sql("PERIOD ");
            }
            writer.ident(column);
        });
    }

    fn action(&mut self, event: &'static str, action: ReferentialAction) {
        let action = match action {
            ReferentialAction::NoAction => return,
            ReferentialAction::Restrict => "RESTRICT",
            ReferentialAction::Cascade => "CASCADE",
            ReferentialAction::SetNull => "SET NULL",
            ReferentialAction::SetDefault => "SET DEFAULT",
        };
        self.sql(event).sql(action);
    }

    fn exclusion(&mut self, exclusion: &Exclusion) {
        let Exclusion { method, elements, include, predicate, options, tablespace, path: _erased } =
            exclusion;
        self.sql("EXCLUDE USING ").ident(method);
        self.sql(" (");
        self.list(elements, |writer, (key, operator)| {
            writer.index_key(key);
            writer.sql(" WITH ").operator(operator);
        });
        self.sql(")");
        if !include.is_empty() {
            self.sql(" INCLUDE (").idents(include);
            self.sql(")");
        }
        self.with_options(options);
        if let Some(tablespace) = tablespace {
            self.sql(" USING INDEX TABLESPACE ").ident(tablespace);
        }
        if let Some(predicate) = predicate {
            self.sql(" WHERE (").expr(predicate);
            self.sql(")");
        }
    }
}
