//! Keys, checks, foreign keys and indexes: which of the canonical ones SQLite holds.
//!
//! The surprising thing: names do not count. A UNIQUE index of SQLite holds a UNIQUE constraint,
//! and a check holds another one that PostgreSQL would store alike.

use std::collections::BTreeSet;

use super::gaps::{Finder, title};
use super::{ForeignKey, Table};
use crate::diff::Severity::{High, Low, Moderate};
use crate::emit::sql::inline_expr;
use crate::model::{
    self, Constraint, ConstraintDefinition, Ident, Object, ObjectId, QualifiedName,
    ReferentialAction, Span,
};
use crate::normalize::NormalObject;

impl Finder<'_> {
    /// What becomes of the constraints of a table.
    pub(super) fn constraints(&mut self, name: &QualifiedName, number: usize, own: &Table) {
        let all: Vec<(&ObjectId, &NormalObject)> = self
            .canonical
            .iter()
            .filter(|(id, _)| matches!(id, ObjectId::Constraint(child) if child.parent == *name))
            .collect();
        for (id, object) in all {
            let Object::Constraint(constraint) = object.object() else { continue };
            let at = [Some(object.origin().span), Some(own.span)];
            self.constraint(id, constraint, number, own, at);
        }
    }

    fn constraint(
        &mut self,
        id: &ObjectId,
        constraint: &Constraint,
        number: usize,
        own: &Table,
        at: [Option<Span>; 2],
    ) {
        match &constraint.definition {
            ConstraintDefinition::PrimaryKey(key) => {
                if !same_set(&key.columns, &own.primary_key) {
                    let has = if own.primary_key.is_empty() {
                        "none".to_owned()
                    } else {
                        own.primary_key.join(", ")
                    };
                    let meaning = "rows are told apart by something else";
                    self.add("primary key", title(id), High, list(&key.columns), has, meaning, at);
                }
            }
            ConstraintDefinition::Unique(key) => {
                if !self.is_unique(&key.columns, own) {
                    let meaning = "rows that say the same are taken";
                    self.add("unique", title(id), High, list(&key.columns), "nothing", meaning, at);
                } else if key.nulls_not_distinct {
                    let meaning = "SQLite takes any number of rows with NULL";
                    self.add(
                        "unique",
                        title(id),
                        Moderate,
                        "NULLS NOT DISTINCT",
                        "NULLs differ",
                        meaning,
                        at,
                    );
                }
            }
            ConstraintDefinition::Check { expression, .. } => {
                let reads = &self.expressions.checks;
                let checks = || (0..own.checks.len()).map(|at| reads.get(&(number, at)));
                if checks().flatten().any(|check| *check == expression.expr) {
                    return;
                }
                let unread = own.checks.iter().zip(checks()).find(|(_, read)| read.is_none());
                let declared = inline_expr(&expression.expr);
                match unread.map(|(check, _)| check.clone()) {
                    Some(check) => {
                        let meaning = "a check of SQLite is written in a way that PostgreSQL does not read: it may be this one";
                        let at = [at.first().copied().flatten(), Some(check.span)];
                        self.add("check", title(id), Moderate, declared, check.text, meaning, at);
                    }
                    None => {
                        let meaning = "rows that break it are taken";
                        self.add("check", title(id), High, declared, "nothing", meaning, at);
                    }
                }
            }
            ConstraintDefinition::ForeignKey(key) => self.foreign_key(id, key, constraint, own, at),
            ConstraintDefinition::Exclusion(_) => {
                let meaning = "SQLite has no exclusion constraints; a trigger would have to look";
                self.add("exclusion", title(id), High, "EXCLUDE", "nothing", meaning, at);
            }
        }
    }

    fn foreign_key(
        &mut self,
        id: &ObjectId,
        key: &model::ForeignKey,
        constraint: &Constraint,
        own: &Table,
        at: [Option<Span>; 2],
    ) {
        let target = |other: &ForeignKey| {
            let number = self
                .database
                .tables
                .iter()
                .position(|t| t.name.eq_ignore_ascii_case(&other.target));
            number.and_then(|number| self.tables.get(&number)) == Some(&key.target)
        };
        let columns = |other: &ForeignKey| {
            let to = &other.target_columns;
            same_list(&key.columns, &other.columns)
                && (to.is_empty() || same_list(&key.target_columns, to))
        };
        let found = own.foreign_keys.iter().find(|other| target(other) && columns(other)).cloned();
        let declared = format!(
            "({}) -> {} ({})",
            list(&key.columns),
            key.target.name.as_str(),
            list(&key.target_columns)
        );
        let Some(found) = found else {
            let meaning = "rows may refer to what is not there";
            self.add("foreign key", title(id), High, declared, "nothing", meaning, at);
            return;
        };
        let at = [at.first().copied().flatten(), Some(found.span)];
        for (aspect, wanted, has) in [
            ("on delete", key.on_delete, &found.on_delete),
            ("on update", key.on_update, &found.on_update),
        ] {
            let wanted = action(wanted);
            let has = if has.is_empty() { "NO ACTION" } else { has.as_str() };
            if wanted != has {
                let meaning = "what happens to rows that refer to it is another thing";
                self.add(aspect, title(id), Moderate, wanted, has, meaning, at);
            }
        }
        if constraint.deferrable && constraint.initially_deferred && !found.deferred {
            let meaning = "it is checked at each statement, not at the end of the transaction";
            self.add(
                "deferred",
                title(id),
                Moderate,
                "INITIALLY DEFERRED",
                "immediate",
                meaning,
                at,
            );
        }
    }

    /// Whether SQLite keeps these columns unique, by whatever means.
    fn is_unique(&self, columns: &[Ident], own: &Table) -> bool {
        let by_index = self.database.indexes.iter().any(|index| {
            let keys: Option<Vec<String>> =
                index.keys.iter().map(|key| key.column.clone()).collect();
            index.unique
                && index.predicate.is_none()
                && index.table.eq_ignore_ascii_case(&own.name)
                && keys.is_some_and(|keys| same_set(columns, &keys))
        });
        by_index
            || same_set(columns, &own.primary_key)
            || own.uniques.iter().any(|unique| same_set(columns, unique))
    }

    /// What becomes of its indexes.
    pub(super) fn indexes(&mut self, name: &QualifiedName, own: &Table) {
        let all: Vec<(&ObjectId, &NormalObject)> = self
            .canonical
            .iter()
            .filter(|(_, object)| matches!(object.object(), Object::Index(index) if index.relation == *name))
            .collect();
        for (id, object) in all {
            let Object::Index(index) = object.object() else { continue };
            let at = [Some(object.origin().span), Some(own.span)];
            let keys = |index: &model::Index| {
                index.keys.iter().map(|key| (key.expr.clone(), key.descending)).collect::<Vec<_>>()
            };
            let serves = |other: &&model::Index| {
                other.relation == *name
                    && keys(other) == keys(index)
                    && (other.unique || !index.unique)
                    && other.predicate == index.predicate
            };
            if self.expressions.indexes.values().any(|other| serves(&other)) {
                if !index.include.is_empty() {
                    let meaning = "queries read the table as well";
                    self.add(
                        "include",
                        title(id),
                        Low,
                        list(&index.include),
                        "nothing",
                        meaning,
                        at,
                    );
                }
                continue;
            }
            let columns: Option<Vec<Ident>> = index
                .keys
                .iter()
                .map(|key| match &key.expr {
                    model::Expr::Column(column) if !column.star => column.parts.last().cloned(),
                    _expression => None,
                })
                .collect();
            let plain = index.predicate.is_none();
            if index.unique
                && plain
                && columns.as_ref().is_some_and(|columns| self.is_unique(columns, own))
            {
                continue;
            }
            let said: Vec<String> = index.keys.iter().map(|key| inline_expr(&key.expr)).collect();
            let declared = format!("{} ({})", index.method.as_str(), said.join(", "));
            if index.unique {
                let meaning = "rows that say the same are taken";
                self.add("unique", title(id), High, declared, "nothing", meaning, at);
            } else if index.method != "btree" {
                let meaning = "SQLite has no such indexes: queries read the whole table";
                self.add("index", title(id), Moderate, declared, "nothing", meaning, at);
            } else {
                let meaning = "queries read the whole table";
                self.add("index", title(id), Moderate, declared, "nothing", meaning, at);
            }
        }
    }
}

fn list(columns: &[Ident]) -> String {
    columns.iter().map(Ident::as_str).collect::<Vec<_>>().join(", ")
}

fn same_list(columns: &[Ident], other: &[String]) -> bool {
    columns.len() == other.len()
        && columns.iter().zip(other).all(|(one, other)| one.as_str().eq_ignore_ascii_case(other))
}

fn same_set(columns: &[Ident], other: &[String]) -> bool {
    let set = |all: &mut dyn Iterator<Item = &str>| {
        all.map(str::to_ascii_lowercase).collect::<BTreeSet<_>>()
    };
    !other.is_empty()
        && set(&mut columns.iter().map(Ident::as_str)) == set(&mut other.iter().map(String::as_str))
}

fn action(action: ReferentialAction) -> &'static str {
    match action {
        ReferentialAction::NoAction => "NO ACTION",
        ReferentialAction::Restrict => "RESTRICT",
        ReferentialAction::Cascade => "CASCADE",
        ReferentialAction::SetNull => "SET NULL",
        ReferentialAction::SetDefault => "SET DEFAULT",
    }
}
