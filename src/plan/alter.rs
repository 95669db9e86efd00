//! What is altered where it stands, by kind.

use super::planner::Planner;
use super::step::{Rank, Step};
use super::unit::Unit;
use crate::emit::sql::SqlWriter;
use crate::model::Hazard;
use crate::model::{Ident, Index, MaterializedView, Object, ObjectId, QualifiedName, View};
use std::collections::BTreeMap;

impl Planner<'_, '_> {
    /// The steps of a unit that is altered.
    pub(super) fn alter(&mut self, unit: &Unit) {
        match unit {
            Unit::Default(child) => {
                let column = Unit::Object(ObjectId::Column(child.clone()));
                if self.changes.of(&column) != Some(super::changes::Change::Retype)
                    && !self.changes.is_made(&column)
                {
                    self.change_default(child);
                }
            }
            Unit::Object(ObjectId::Column(child)) => self.alter_column(child),
            Unit::Object(id) => self.alter_object(id),
            Unit::Old(_) => {}
        }
    }

    fn alter_object(&mut self, id: &ObjectId) {
        let (Some(from), Some(to)) = (self.from().object(id), self.to().object(id)) else {
            return;
        };
        match (id, from, to) {
            (ObjectId::Table(name), Object::Table(from), Object::Table(to)) => {
                self.alter_table(name, from, to);
            }
            (ObjectId::Constraint(child), Object::Constraint(from), Object::Constraint(to)) => {
                let is_domain = self.from().is_of_domain(id);
                self.alter_constraint(child, from, to, is_domain);
            }
            (ObjectId::Index(name), Object::Index(from), Object::Index(to)) => {
                self.alter_index(name, from, to);
            }
            (ObjectId::View(name), Object::View(from), Object::View(to)) => {
                self.alter_view(name, from, to);
            }
            (
                ObjectId::MaterializedView(name),
                Object::MaterializedView(from),
                Object::MaterializedView(to),
            ) => self.alter_materialized_view(name, from, to),
            (ObjectId::Enum(name), Object::Enum(from), Object::Enum(to)) => {
                self.alter_enum(name, from, to);
            }
            (ObjectId::Domain(name), Object::Domain(from), Object::Domain(to)) => {
                self.alter_domain(name, from, to);
            }
            (ObjectId::Composite(name), Object::Composite(from), Object::Composite(to)) => {
                self.alter_composite(name, from, to);
            }
            (ObjectId::Sequence(name), Object::Sequence(from), Object::Sequence(to)) => {
                self.alter_sequence(name, from, to);
            }
            (ObjectId::Routine(signature), _, Object::Routine(_)) => {
                let Some(Object::Routine(to)) = self.to().shown(id) else { return };
                self.replace(id, Rank::Routine, |w| w.create_routine(signature, to, true));
                let wants = super::uses::of_body(
                    id,
                    self.to().object(id).unwrap_or(from),
                    &self.to().names,
                );
                if let Some(step) = self.steps.last_mut() {
                    step.wants = wants;
                }
            }
            (ObjectId::Policy(child), _, Object::Policy(_)) => {
                let Some(Object::Policy(to)) = self.to().shown(id) else { return };
                self.replace(id, Rank::OnTable, |w| w.alter_policy(child, to));
            }
            (ObjectId::Trigger(child), _, Object::Trigger(to)) => {
                self.replace(id, Rank::OnTable, |w| w.trigger_enabled(child, to.enabled));
            }
            (ObjectId::Rule(child), _, Object::Rule(to)) => {
                self.replace(id, Rank::OnTable, |w| w.rule_enabled(child, to.enabled));
            }
            (ObjectId::EventTrigger(name), _, Object::EventTrigger(to)) => {
                self.replace(id, Rank::Database, |w| w.event_trigger_enabled(name, to.enabled));
            }
            (ObjectId::Statistics(name), _, Object::Statistics(to)) => {
                self.replace(id, Rank::OnTable, |w| {
                    w.sql("ALTER STATISTICS ").qualified(name);
                    w.sql(" SET STATISTICS ").number(to.target.unwrap_or(-1)).sql(";\n");
                });
            }
            _other => self.alter_other(id, from, to),
        }
    }

    /// One step that turns what is there into what is wanted.
    pub(super) fn replace(
        &mut self,
        id: &ObjectId,
        rank: Rank,
        write: impl FnOnce(&mut SqlWriter),
    ) {
        let unit = Unit::from(id);
        let needs: Vec<Unit> = self.to().uses(&unit).cloned().collect();
        let frees = self.uses_of(std::slice::from_ref(&unit));
        let path = self.to().shown_path(id);
        let mut step =
            Step::new(rank, &unit, write).needs(&needs).frees(&frees).gives([&unit]).under(path);
        if matches!(id, ObjectId::Policy(_)) {
            step = step.hazard(Hazard::SecurityChange);
        }
        self.push(step);
    }

    fn alter_view(&mut self, name: &QualifiedName, from: &View, to: &View) {
        let id = ObjectId::View(name.clone());
        let is_replaced = from.query.value != to.query.value || from.columns != to.columns;
        let shown = self.to().shown(&id).and_then(|object| <&View>::try_from(object).ok());
        self.replace(&id, Rank::View, |w| {
            if is_replaced {
                w.create_view(name, shown.unwrap_or(to), true);
            } else {
                w.changed_options("ALTER VIEW ", name, &from.options, &to.options);
                w.view_defaults(name, to);
            }
            for column in from.defaults.keys().filter(|c| !to.defaults.contains_key(*c)) {
                w.sql("ALTER VIEW ").qualified(name);
                w.sql(" ALTER COLUMN ").ident(column);
                w.sql(" DROP DEFAULT;\n");
            }
        });
    }

    fn alter_materialized_view(
        &mut self,
        name: &QualifiedName,
        from: &MaterializedView,
        to: &MaterializedView,
    ) {
        let id = ObjectId::MaterializedView(name.clone());
        let unit = Unit::from(&id);
        self.push(Step::new(Rank::Settings, &unit, |w| {
            const ALTER: &str = "ALTER MATERIALIZED VIEW ";
            w.changed_options(ALTER, name, &from.options, &to.options);
            if from.tablespace != to.tablespace {
                w.set_tablespace(ALTER, name, to.tablespace.as_ref());
            }
            for (key, _) in
                from.column_options.iter().filter(|(key, _)| !to.column_options.contains_key(*key))
            {
                w.reset_materialized_column(name, key);
            }
            let mut changed = to.clone();
            changed.column_options.retain(|key, value| from.column_options.get(key) != Some(value));
            w.materialized_view_columns(name, &changed);
            if from.cluster_on.is_some() && to.cluster_on.is_none() {
                w.sql(ALTER).qualified(name);
                w.sql(" SET WITHOUT CLUSTER;\n");
            }
        }));
        if from.cluster_on != to.cluster_on {
            let index = to
                .cluster_on
                .iter()
                .map(|index| Unit::Object(ObjectId::Index(name.sibling(index.clone()))));
            let index: Vec<Unit> = index.collect();
            self.push(
                Step::new(Rank::Settings, &unit, |w| w.materialized_view_settings(name, to))
                    .needs(&index),
            );
        }
    }

    fn alter_index(&mut self, name: &QualifiedName, from: &Index, to: &Index) {
        let unit = Unit::Object(ObjectId::Index(name.clone()));
        self.push(Step::new(Rank::Index, &unit, |w| {
            w.changed_options("ALTER INDEX ", name, &from.options, &to.options);
            if from.tablespace != to.tablespace {
                w.set_tablespace("ALTER INDEX ", name, to.tablespace.as_ref());
            }
            let numbers: std::collections::BTreeSet<&i16> =
                from.statistics.keys().chain(to.statistics.keys()).collect();
            for number in numbers {
                let target = to.statistics.get(number);
                if target != from.statistics.get(number) {
                    w.sql("ALTER INDEX ").qualified(name);
                    w.sql(" ALTER COLUMN ").number(*number);
                    w.sql(" SET STATISTICS ").number(target.copied().unwrap_or(-1)).sql(";\n");
                }
            }
        }));
    }
}

impl SqlWriter {
    /// `SET (..)` for what is new or another, `RESET (..)` for what is gone.
    pub(super) fn changed_options(
        &mut self,
        alter: &'static str,
        name: &QualifiedName,
        from: &BTreeMap<Ident, Box<str>>,
        to: &BTreeMap<Ident, Box<str>>,
    ) {
        let gone: Vec<&Ident> = from.keys().filter(|key| !to.contains_key(*key)).collect();
        if !gone.is_empty() {
            self.sql(alter).qualified(name);
            self.sql(" RESET (");
            self.list(gone, SqlWriter::option_name);
            self.sql(");\n");
        }
        let mut set = to.clone();
        set.retain(|key, value| from.get(key) != Some(value));
        if !set.is_empty() {
            self.sql(alter).qualified(name);
            self.sql(" SET (");
            self.options(&set);
            self.sql(");\n");
        }
    }

    /// `SET TABLESPACE t`; the default one when none is said.
    pub(super) fn set_tablespace(
        &mut self,
        alter: &'static str,
        name: &QualifiedName,
        tablespace: Option<&Ident>,
    ) {
        self.sql(alter).qualified(name);
        self.sql(" SET TABLESPACE ");
        match tablespace {
            Some(tablespace) => self.ident(tablespace),
            None => self.ident(&Ident::new("pg_default")),
        }
        self.sql(";\n");
    }

    /// ` OPTIONS (ADD a 'x', SET b 'y', DROP c)`, when options differ.
    pub(super) fn changed_foreign_options(
        &mut self,
        from: &BTreeMap<Ident, Box<str>>,
        to: &BTreeMap<Ident, Box<str>>,
    ) {
        let all: std::collections::BTreeSet<&Ident> = from.keys().chain(to.keys()).collect();
        let changed: Vec<&Ident> =
            all.into_iter().filter(|key| from.get(*key) != to.get(*key)).collect();
        if changed.is_empty() {
            return;
        }
        self.sql(" OPTIONS (");
        self.list(changed, |w, key| match (from.get(key), to.get(key)) {
            (_, None) => {
                w.sql("DROP ").ident(key);
            }
            (known, Some(value)) => {
                w.sql(if known.is_some() { "SET " } else { "ADD " }).ident(key);
                w.sql(" ").string(value);
            }
        });
        self.sql(")");
    }

    fn reset_materialized_column(&mut self, name: &QualifiedName, key: &(Ident, Ident)) {
        let (column, attribute) = key;
        self.sql("ALTER MATERIALIZED VIEW ").qualified(name);
        self.sql(" ALTER COLUMN ").ident(column);
        match attribute.as_str() {
            "storage" => self.sql(" SET STORAGE EXTENDED;\n"),
            "compression" => self.sql(" SET COMPRESSION DEFAULT;\n"),
            "statistics" => self.sql(" SET STATISTICS -1;\n"),
            _option => {
                self.sql(" RESET (").ident(attribute);
                self.sql(");\n")
            }
        };
    }
}
