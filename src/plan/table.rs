//! What can be altered of a table as a whole.

use super::detach::detached;
use super::planner::Planner;
use super::step::{Rank, Step};
use super::unit::Unit;
use crate::model::Hazard;
use crate::model::{Ident, ObjectId, QualifiedName, ReplicaIdentity, Table};

impl Planner<'_, '_> {
    /// The steps of a table that stays.
    pub(super) fn alter_table(&mut self, name: &QualifiedName, from: &Table, to: &Table) {
        self.parents(name, from, to);
        self.partition(name, from, to);
        self.row_security(name, from, to);
        self.storage(name, from, to);
        self.identities(name, from, to);
        let unit = Unit::Object(ObjectId::Table(name.clone()));
        if from.of_type != to.of_type {
            let step = Step::new(Rank::Settings, &unit, |w| {
                w.sql("ALTER TABLE ").qualified(name);
                match &to.of_type {
                    Some(of) => w.sql(" OF ").name(of),
                    None => {
                        w.sql(" NOT OF");
                    }
                }
                w.sql(";\n");
            });
            self.push(step);
        }
        if let (Some(from), Some(to)) = (&from.foreign, &to.foreign)
            && from.options != to.options
        {
            self.push(Step::new(Rank::Settings, &unit, |w| {
                w.sql("ALTER FOREIGN TABLE ").qualified(name);
                w.changed_foreign_options(&from.options, &to.options);
                w.sql(";\n");
            }));
        }
    }

    fn parents(&mut self, name: &QualifiedName, from: &Table, to: &Table) {
        let unit = Unit::Object(ObjectId::Table(name.clone()));
        let table = |parent: &QualifiedName| Unit::Object(ObjectId::Table(parent.clone()));
        for parent in &from.inherits {
            let is_gone = self.changes.is_gone(&table(parent));
            if !to.inherits.contains(parent) || is_gone {
                let step = Step::new(Rank::Drop, &unit, |w| {
                    w.sql("ALTER TABLE ").qualified(name);
                    w.sql(" NO INHERIT ").qualified(parent);
                    w.sql(";\n");
                });
                self.push(step.frees([&table(parent)]));
            }
        }
        for parent in &to.inherits {
            if !from.inherits.contains(parent) || self.changes.is_made(&table(parent)) {
                let needs = self.inherited_columns(name, parent);
                let step = Step::new(Rank::Constraint, &unit, |w| {
                    w.sql("ALTER TABLE ").qualified(name);
                    w.sql(" INHERIT ").qualified(parent);
                    w.sql(";\n");
                });
                self.push(step.needs([&table(parent)]).needs(&needs));
            }
        }
    }

    /// The columns that a table must have before it can join a parent.
    fn inherited_columns(&self, name: &QualifiedName, parent: &QualifiedName) -> Vec<Unit> {
        let columns = self.to().table(parent).map_or(&[][..], |table| &table.columns);
        columns
            .iter()
            .flat_map(|c| [Unit::column(name, &c.name), Unit::column(parent, &c.name)])
            .collect()
    }

    fn partition(&mut self, name: &QualifiedName, from: &Table, to: &Table) {
        let unit = Unit::Object(ObjectId::Table(name.clone()));
        let table = |parent: &QualifiedName| Unit::Object(ObjectId::Table(parent.clone()));
        let bound = |table: &Table| {
            table.partition_of.as_ref().map(|of| (of.parent.clone(), of.bound.clone()))
        };
        let is_same = bound(from) == bound(to);
        if let Some(of) = &from.partition_of
            && (!is_same || self.changes.is_gone(&table(&of.parent)))
        {
            let step = Step::new(Rank::Drop, &unit, |w| {
                w.sql("ALTER TABLE ").qualified(&of.parent);
                w.sql(" DETACH PARTITION ").qualified(name);
                w.sql(";\n");
            });
            let step = step.frees([&table(&of.parent)]).frees(&self.left_indexes(name));
            self.push(step.gives([&detached(name)]).hazard(Hazard::AccessExclusiveLock));
        }
        if let Some(of) = &to.partition_of
            && (!is_same || self.changes.is_made(&table(&of.parent)))
        {
            let needs = self.inherited_columns(name, &of.parent);
            let step = Step::new(Rank::Constraint, &unit, |w| {
                w.sql("ALTER TABLE ").qualified(&of.parent);
                w.sql(" ATTACH PARTITION ").qualified(name);
                w.partition_bound(&of.bound);
                w.sql(";\n");
            });
            let step = step.needs([&table(&of.parent)]).needs(&needs);
            self.push(step.hazard(Hazard::MayFail));
        }
    }

    /// On before anything else changes, off after: no state in between shows more rows.
    fn row_security(&mut self, name: &QualifiedName, from: &Table, to: &Table) {
        let unit = Unit::Object(ObjectId::Table(name.clone()));
        let mut say = |on: bool, action: &'static str| {
            let rank = if on { Rank::Protect } else { Rank::Unprotect };
            let step = Step::new(rank, &unit, |w| {
                w.sql("ALTER TABLE ").qualified(name);
                w.sql(action);
            });
            self.push(step.hazard(Hazard::SecurityChange));
        };
        match (from.row_security, to.row_security) {
            (false, true) => say(true, " ENABLE ROW LEVEL SECURITY;\n"),
            (true, false) => say(false, " DISABLE ROW LEVEL SECURITY;\n"),
            _same => {}
        }
        match (from.force_row_security, to.force_row_security) {
            (false, true) => say(true, " FORCE ROW LEVEL SECURITY;\n"),
            (true, false) => say(false, " NO FORCE ROW LEVEL SECURITY;\n"),
            _same => {}
        }
    }

    fn storage(&mut self, name: &QualifiedName, from: &Table, to: &Table) {
        let unit = Unit::Object(ObjectId::Table(name.clone()));
        if from.unlogged != to.unlogged {
            let step = Step::new(Rank::Settings, &unit, |w| {
                w.sql("ALTER TABLE ").qualified(name);
                w.sql(if to.unlogged { " SET UNLOGGED;\n" } else { " SET LOGGED;\n" });
            });
            self.push(step.hazard(Hazard::TableRewrite));
        }
        if from.access_method != to.access_method {
            let step = Step::new(Rank::Settings, &unit, |w| {
                w.sql("ALTER TABLE ").qualified(name);
                w.sql(" SET ACCESS METHOD ");
                let heap = Ident::new("heap");
                w.ident(to.access_method.as_ref().unwrap_or(&heap));
                w.sql(";\n");
            });
            let needs: Vec<Unit> = to
                .access_method
                .iter()
                .map(|method| Unit::Object(ObjectId::AccessMethod(method.clone())))
                .collect();
            let frees: Vec<Unit> = from
                .access_method
                .iter()
                .map(|method| Unit::Object(ObjectId::AccessMethod(method.clone())))
                .collect();
            self.push(step.needs(&needs).frees(&frees).hazard(Hazard::TableRewrite));
        }
        self.push(Step::new(Rank::Settings, &unit, |w| {
            if from.tablespace != to.tablespace {
                w.set_tablespace("ALTER TABLE ", name, to.tablespace.as_ref());
            }
            w.changed_options("ALTER TABLE ", name, &from.options, &to.options);
        }));
    }

    /// Replica identity and CLUSTER ON.
    fn identities(&mut self, name: &QualifiedName, from: &Table, to: &Table) {
        let unit = Unit::Object(ObjectId::Table(name.clone()));
        let keys = self.index_units(name, to);
        if from.cluster_on.is_some() && to.cluster_on.is_none() {
            self.push(Step::new(Rank::Drop, &unit, |w| {
                w.sql("ALTER TABLE ").qualified(name);
                w.sql(" SET WITHOUT CLUSTER;\n");
            }));
        }
        if from.replica_identity != to.replica_identity
            && to.replica_identity == ReplicaIdentity::Default
        {
            self.push(Step::new(Rank::Settings, &unit, |w| {
                w.alter_table(name).sql("REPLICA IDENTITY DEFAULT;\n");
            }));
        }
        let mut changed = Table::empty();
        if from.cluster_on != to.cluster_on {
            changed.cluster_on = to.cluster_on.clone();
        }
        if from.replica_identity != to.replica_identity {
            changed.replica_identity = to.replica_identity.clone();
        }
        self.push(
            Step::new(Rank::Settings, &unit, |w| w.table_settings(name, &changed)).needs(&keys),
        );
    }

    /// Settings that were lost with an index that was rebuilt are said again.
    pub(super) fn settings_again(&mut self) {
        let mut again: Vec<(QualifiedName, Table)> = Vec::new();
        for (unit, _) in self.changes.iter() {
            let (Unit::Object(id), true) = (unit, self.changes.is_made(unit)) else { continue };
            let (name, index) = match (id, self.to().object(id)) {
                (ObjectId::Index(own), Some(crate::model::Object::Index(index))) => {
                    (&index.relation, &own.name)
                }
                (ObjectId::Constraint(child), _) => (&child.parent, &child.name),
                _no_index => continue,
            };
            let sides = (self.from().table(name), self.to().table(name));
            let (Some(from), Some(to)) = sides else { continue };
            if self.table_is_made(name) {
                continue;
            }
            let mut changed = Table::empty();
            if to.cluster_on.as_ref() == Some(index) && from.cluster_on == to.cluster_on {
                changed.cluster_on = Some(index.clone());
            }
            if to.replica_identity == ReplicaIdentity::Index(index.clone())
                && from.replica_identity == to.replica_identity
            {
                changed.replica_identity = to.replica_identity.clone();
            }
            if changed != Table::empty() {
                again.push((name.clone(), changed));
            }
        }
        for (name, changed) in again {
            let unit = Unit::Object(ObjectId::Table(name.clone()));
            let keys = self.index_units(&name, &changed);
            self.push(
                Step::new(Rank::Settings, &unit, |w| w.table_settings(&name, &changed))
                    .needs(&keys),
            );
        }
    }
}
