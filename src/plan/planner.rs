//! From changes to steps: what is dropped and what is made. What is altered where it
//! stands is in `alter.rs` and the files of the kinds.

use std::collections::BTreeSet;

use super::changes::{Change, Changes, Sides, is_container};
use super::circle::{self, Circles};
use super::policy;
use super::side::Side;
use super::step::{Rank, Step};
use super::unit::Unit;
use crate::emit::normalized;
use crate::emit::sql::SqlWriter;
use crate::model::Hazard;
use crate::model::{Child, Column, ColumnDefault, Kind, Object, ObjectId, QualifiedName, Sequence};
use crate::model::{DefaultPrivileges, DefaultPrivilegesKey, SearchPath};
use crate::normalize::NormalObject;

/// Collects the steps of one direction.
pub(super) struct Planner<'p, 'a> {
    pub sides: Sides<'p, 'a>,
    pub changes: &'p Changes,
    circles: Circles,
    pub online: bool,
    /// Of the side that is left.
    pub default_privileges: Vec<(&'a DefaultPrivilegesKey, &'a DefaultPrivileges)>,
    pub steps: Vec<Step>,
}

impl<'p, 'a> Planner<'p, 'a> {
    /// All steps, not yet in order.
    pub fn steps(sides: Sides<'p, 'a>, changes: &'p Changes, online: bool) -> Vec<Step> {
        let mut planner = Self {
            sides,
            changes,
            circles: Circles::new(sides, changes),
            default_privileges: default_privileges(sides.from),
            online,
            steps: Vec::new(),
        };
        for (unit, change) in changes.iter() {
            match change {
                Change::Create => planner.create(unit),
                Change::Drop => planner.drop(unit),
                Change::Rebuild => {
                    let is_replaced =
                        matches!(unit, Unit::Object(id) if planner.replace_online(id));
                    if !is_replaced {
                        planner.drop(unit);
                        planner.create(unit);
                    }
                }
                Change::Alter => planner.alter(unit),
                Change::Retype => planner.retype(unit),
                Change::Swap => planner.swap(unit),
            }
        }
        for (from, to) in &changes.renames {
            planner.rename(from, to);
        }
        planner.drop_kept();
        planner.options_of_new_parts();
        planner.all_said();
        planner.settings_again();
        planner.close_tables();
        planner.steps
    }

    /// Adds a step that has something to say.
    pub fn push(&mut self, step: Step) {
        if !step.sql.is_empty() {
            self.steps.push(step);
        }
    }

    /// The side that is left.
    pub fn from(&self) -> &'p Side<'a> {
        self.sides.from
    }

    /// The side that is reached.
    pub fn to(&self) -> &'p Side<'a> {
        self.sides.to
    }

    // ---- what goes away ----

    fn drop(&mut self, unit: &Unit) {
        match unit {
            Unit::Object(ObjectId::Column(child)) => self.drop_column(child),
            Unit::Object(id) => self.drop_object(id),
            Unit::Default(child) => self.drop_default(child),
            Unit::Old(_) => {}
        }
    }

    fn drop_object(&mut self, id: &ObjectId) {
        let Some(object) = self.from().object(id) else { return };
        let unit = Unit::from(id);
        if let ObjectId::DefaultPrivileges(key) = id {
            return self.drop_default_privileges(key, object);
        }
        if self.goes_with_another(&unit) {
            return;
        }
        let mut gone = vec![unit.clone()];
        if let Some(name) = id.qualified_name().filter(|_| is_container(id.kind())) {
            gone.extend(self.from().parts(name));
        }
        let is_domain = self.from().is_of_domain(id);
        let rank = match (id.kind(), object) {
            (Kind::Extension | Kind::Namespace | Kind::Role, _) => Rank::DropLast,
            (_, Object::Policy(policy)) => self.policy_drop_rank(id, policy),
            _other => Rank::Drop,
        };
        let own: Vec<Unit> = gone
            .iter()
            .filter(|part| **part == unit || self.goes_with_another(part))
            .cloned()
            .collect();
        let frees = self.uses_of(&own);
        let frees: Vec<&Unit> = frees.iter().filter(|used| !gone.contains(used)).collect();
        let mut step = Step::new(rank, &unit, |w| drop_statement(w, id, object, is_domain))
            .frees(frees)
            .takes(&gone);
        if let ObjectId::Index(name) = id
            && self.drops_online(object)
            && self.changes.of(&unit) == Some(Change::Drop)
        {
            step = Step::new(rank, &unit, |w| {
                w.sql("DROP INDEX CONCURRENTLY ").qualified(name);
                w.sql(";\n");
            })
            .frees(step.frees.iter())
            .takes(&gone)
            .alone()
            .hazard(Hazard::NonTransactional);
        }
        if loses_data(object) {
            step = step.hazard(Hazard::DataLoss);
        }
        if matches!(object, Object::Policy(_)) {
            step = step.hazard(Hazard::SecurityChange);
        }
        self.push(step);
    }

    /// True when a statement for another unit drops it too.
    fn goes_with_another(&self, unit: &Unit) -> bool {
        let holder = circle::holder(unit, self.sides, self.changes);
        holder.is_some_and(|holder| {
            !self.circles.is_in_circle(unit, &holder, self.sides, self.changes)
        })
    }

    /// What some units use together, themselves left out.
    pub fn uses_of(&self, units: &[Unit]) -> Vec<Unit> {
        let own: BTreeSet<&Unit> = units.iter().collect();
        let all: BTreeSet<&Unit> = units.iter().flat_map(|unit| self.from().uses(unit)).collect();
        all.difference(&own).map(|unit| (*unit).clone()).collect()
    }

    fn drop_column(&mut self, child: &Child) {
        let unit = Unit::Object(ObjectId::Column(child.clone()));
        if self.table_is_gone(&child.parent) || self.follows_parent(child, &unit) {
            return;
        }
        let gone = [unit.clone(), Unit::Default(child.clone())];
        let frees = self.uses_of(&gone);
        let is_computed = self
            .from()
            .column(child)
            .is_some_and(|column| matches!(column.default, Some(ColumnDefault::Generated { .. })));
        let mut step = Step::new(Rank::Drop, &unit, |w| {
            w.sql("ALTER TABLE ").qualified(&child.parent);
            w.sql(" DROP COLUMN ").ident(&child.name);
            w.sql(";\n");
        })
        .frees(&frees)
        .takes(&gone);
        // Its owned sequence goes with it.
        for id in self.sequences_of(child) {
            step = step.takes(&[Unit::Object(id)]);
        }
        self.push(if is_computed { step } else { step.hazard(Hazard::DataLoss) });
    }

    /// Sequences that a column owns, that of an identity column included.
    pub fn sequences_of(&self, child: &Child) -> Vec<ObjectId> {
        let mut found = Vec::new();
        for part in self.from().names.parts(&child.parent) {
            if let Some(Object::Sequence(sequence)) = self.from().object(part)
                && sequence.owned_by.as_ref().is_some_and(|(_, column)| *column == child.name)
            {
                found.push((*part).clone());
            }
        }
        if let Some(Column {
            default: Some(ColumnDefault::Identity { sequence_name, .. }), ..
        }) = self.from().column(child)
        {
            found.push(ObjectId::Sequence(sequence_name.clone()));
        }
        found
    }

    fn drop_default(&mut self, child: &Child) {
        let column = Unit::Object(ObjectId::Column(child.clone()));
        let unit = Unit::Default(child.clone());
        let is_done =
            self.changes.of(&column) == Some(Change::Retype) || self.goes_with_another(&unit);
        if is_done {
            return;
        }
        let frees = self.uses_of(std::slice::from_ref(&unit));
        let step = Step::new(Rank::Drop, &unit, |w| {
            w.alter_column(&child.parent, &child.name).sql("DROP DEFAULT;\n");
        });
        self.push(step.frees(&frees).takes([&unit]));
    }

    pub fn table_is_gone(&self, table: &QualifiedName) -> bool {
        self.changes.is_gone(&Unit::Object(ObjectId::Table(table.clone())))
    }

    pub fn table_is_made(&self, table: &QualifiedName) -> bool {
        self.changes.is_made(&Unit::Object(ObjectId::Table(table.clone())))
    }

    /// True when the same is done to a parent of the table, from where it reaches the table.
    pub fn follows_parent(&self, child: &Child, unit: &Unit) -> bool {
        let change = self.changes.of(unit);
        let parents = |side: &Side<'_>| -> BTreeSet<QualifiedName> {
            let Some(table) = side.table(&child.parent) else { return BTreeSet::new() };
            let partitioned = table.partition_of.iter().map(|of| of.parent.clone());
            table.inherits.iter().cloned().chain(partitioned).collect()
        };
        parents(self.from()).intersection(&parents(self.to())).any(|parent| {
            let above = Unit::column(parent, &child.name);
            self.changes.of(&above) == change && !self.table_is_made(parent)
        })
    }

    // ---- what is made ----

    fn create(&mut self, unit: &Unit) {
        match unit {
            Unit::Object(ObjectId::Column(child)) => self.add_column(child),
            Unit::Object(id) => self.create_object(id),
            Unit::Default(child) => {
                let column = Unit::Object(ObjectId::Column(child.clone()));
                let with_column = self.changes.is_made(&column)
                    && !self.table_is_made(&child.parent)
                    || self.changes.of(&column) == Some(Change::Retype);
                if !with_column {
                    self.set_default(child);
                }
            }
            Unit::Old(_) => {}
        }
    }

    /// `SET DEFAULT`.
    pub fn set_default(&mut self, child: &Child) {
        let Some(column) = self.to().shown_column(child) else { return };
        let unit = Unit::Default(child.clone());
        let needs: Vec<Unit> = self.to().uses(&unit).cloned().collect();
        let step = Step::new(Rank::Defaults, &unit, |w| w.column_default(&child.parent, column))
            .under(self.to().shown_path(&ObjectId::Table(child.parent.clone())));
        self.push(step.needs(&needs).gives([&unit]));
    }

    fn add_column(&mut self, child: &Child) {
        let unit = Unit::Object(ObjectId::Column(child.clone()));
        let Some(column) = self.to().shown_column(child) else { return };
        if self.table_is_made(&child.parent) || self.follows_parent(child, &unit) {
            return;
        }
        let default = Unit::Default(child.clone());
        let needs: Vec<Unit> =
            self.to().uses(&unit).chain(self.to().uses(&default)).cloned().collect();
        let mut gives = vec![unit.clone(), default.clone()];
        if let Some(ColumnDefault::Identity { sequence_name, .. }) = &column.default {
            gives.push(Unit::Object(ObjectId::Sequence(sequence_name.clone())));
        }
        let mut step = Step::new(Rank::Column, &unit, |w| {
            w.sql("ALTER TABLE ").qualified(&child.parent);
            w.sql(" ADD COLUMN ");
            w.column_with_default(column);
            w.sql(";\n");
        })
        .needs(needs.iter().filter(|need| **need != unit))
        .gives(&gives)
        .under(self.to().shown_path(&ObjectId::Table(child.parent.clone())).filter(|_| {
            // Nothing else of a column depends on the path.
            matches!(
                column.default,
                Some(ColumnDefault::Expression(_) | ColumnDefault::Generated { .. })
            )
        }));
        if column.not_null.is_some() && column.default.is_none() {
            step = step.hazard(Hazard::NeedsBackfill);
        }
        if matches!(
            column.default,
            Some(ColumnDefault::Generated { stored: true, .. } | ColumnDefault::Identity { .. })
        ) {
            step = step.hazard(Hazard::TableRewrite);
        }
        self.push(step);
        self.push(
            Step::new(Rank::Attributes, &unit, |w| w.column_attributes(&child.parent, column))
                .needs([&unit]),
        );
        let id = ObjectId::Table(child.parent.clone());
        if let Some(table) = self.to().schema.get(&id) {
            self.push(
                Step::new(Rank::Said, &unit, |w| {
                    normalized::said_of_column(w, (&id, table.entry()), &child.parent, column);
                })
                .needs([&unit]),
            );
        }
    }

    fn create_object(&mut self, id: &ObjectId) {
        let Some(normal) = self.to().schema.get(id) else { return };
        let unit = Unit::from(id);
        let needs: Vec<Unit> = self.to().uses(&unit).cloned().collect();
        let Some(object) = self.to().shown(id) else { return };
        let is_domain = self.to().is_of_domain(id);
        let path = self.to().shown_path(id);
        let made = |rank: Rank, write: &dyn Fn(&mut SqlWriter)| {
            Step::new(rank, &unit, write).needs(&needs).gives([&unit]).under(path.clone())
        };
        match (id, object) {
            // They are made with the domain, before anything has values of it.
            (ObjectId::Constraint(child), _) if is_domain && self.domain_is_made(&child.parent) => {
            }
            (ObjectId::Domain(name), Object::Domain(_)) => {
                let needs = self.domain_needs(name);
                let step = made(Rank::Type, &|w| {
                    normalized::create_as(w, id, object, normal.entry());
                    self.domain_constraints(w, name);
                });
                self.push(step.needs(&needs).under(self.domain_path(name)));
            }
            (ObjectId::Index(name), Object::Index(index))
                if self.create_index_online(name, index) => {}
            (ObjectId::Constraint(child), Object::Constraint(constraint))
                if !is_domain && self.add_constraint_online(child, constraint) => {}
            (ObjectId::Constraint(child), Object::Constraint(constraint)) => {
                let rank = normalized::constraint_rank(constraint).into();
                let mut step = made(rank, &|w| w.add_constraint(child, constraint, is_domain));
                if constraint.validated {
                    step = step.hazard(Hazard::MayFail);
                }
                self.push(step);
            }
            (ObjectId::Role(name), Object::Role(role)) => {
                self.push(made(Rank::Role, &|w| {
                    normalized::create_as(w, id, object, normal.entry());
                }));
                self.after(&unit, Rank::Settings, |w| w.role_settings(name, role));
            }
            (ObjectId::MaterializedView(name), Object::MaterializedView(view)) => {
                self.push(made(Rank::View, &|w| {
                    normalized::create_as(w, id, object, normal.entry());
                }));
                self.after(&unit, Rank::Settings, |w| w.materialized_view_settings(name, view));
            }
            (ObjectId::BaseType(name), Object::BaseType(base)) if !base.shell => {
                self.push(Step::new(Rank::Shell, &unit, |w| w.create_shell(name)));
                self.push(made(Rank::Type, &|w| {
                    normalized::create_as(w, id, object, normal.entry());
                }));
            }
            (ObjectId::Table(name), Object::Table(table)) => {
                self.create_table(name, table, object, normal);
            }
            (ObjectId::Sequence(name), Object::Sequence(sequence)) => {
                self.push(made(Rank::Sequence, &|w| {
                    normalized::create_as(w, id, object, normal.entry());
                }));
                self.own_sequence(name, sequence);
            }
            _other => {
                let rank = policy::create_rank(object);
                let rank = rank.unwrap_or_else(|| normalized::rank(id.kind()).into());
                let mut step = made(rank, &|w| {
                    normalized::create_as(w, id, object, normal.entry());
                });
                if matches!(object, Object::Index(_)) {
                    step = step.hazard(Hazard::IndexBuild);
                }
                step.wants = super::uses::of_body(id, object, &self.to().names);
                self.push(step);
            }
        }
        self.push(
            Step::new(Rank::Said, &unit, |w| normalized::said(w, id, normal.entry(), is_domain))
                .needs([&unit]),
        );
        self.over_default_privileges(id, normal.entry());
    }

    fn domain_is_made(&self, name: &QualifiedName) -> bool {
        let unit = Unit::Object(ObjectId::Domain(name.clone()));
        self.changes.is_made(&unit) || self.changes.of(&unit) == Some(Change::Swap)
    }

    /// What the constraints of a domain need.
    pub fn domain_needs(&self, name: &QualifiedName) -> Vec<Unit> {
        let own = Unit::Object(ObjectId::Domain(name.clone()));
        let parts = self.to().parts(name);
        let needs = parts.iter().flat_map(|part| self.to().uses(part));
        needs.filter(|need| **need != own).cloned().collect()
    }

    /// The path that a new domain and its constraints are written for.
    pub fn domain_path(&self, name: &QualifiedName) -> Option<SearchPath> {
        let own = self.to().shown_path(&ObjectId::Domain(name.clone()));
        own.or_else(|| self.to().names.parts(name).iter().find_map(|id| self.to().shown_path(id)))
    }

    /// The constraints of a new domain.
    pub fn domain_constraints(&self, w: &mut SqlWriter, name: &QualifiedName) {
        let path = self.domain_path(name);
        for id in self.to().names.parts(name) {
            let as_shown = self.to().shown_path(id) == path;
            let object = if as_shown { self.to().shown(id) } else { self.to().object(id) };
            if let (ObjectId::Constraint(child), Some(Object::Constraint(constraint))) =
                (id, object)
            {
                w.add_constraint(child, constraint, true);
            }
        }
    }

    /// `OWNED BY`, once the column is there.
    pub fn own_sequence(&mut self, name: &QualifiedName, sequence: &Sequence) {
        let unit = Unit::Object(ObjectId::Sequence(name.clone()));
        if let Some((table, column)) = &sequence.owned_by {
            let of = Unit::column(table, column);
            self.push(
                Step::new(Rank::Defaults, &unit, |w| w.sequence_owner(name, sequence))
                    .needs([&unit, &of]),
            );
        }
    }

    fn create_table(
        &mut self,
        name: &QualifiedName,
        table: &crate::model::Table,
        object: &Object,
        normal: &NormalObject,
    ) {
        let id = ObjectId::Table(name.clone());
        let unit = Unit::from(&id);
        let mut gives = vec![unit.clone()];
        gives.extend(table.columns.iter().map(|column| Unit::column(name, &column.name)));
        let own: BTreeSet<Unit> = gives.iter().cloned().collect();
        for column in &table.columns {
            if let Some(ColumnDefault::Identity { sequence_name, .. }) = &column.default {
                gives.push(Unit::Object(ObjectId::Sequence(sequence_name.clone())));
            }
        }
        let needs: BTreeSet<Unit> =
            own.iter().flat_map(|unit| self.to().uses(unit)).cloned().collect();
        let needs: Vec<&Unit> = needs.difference(&own).collect();
        let is_generated =
            |column: &Column| matches!(column.default, Some(ColumnDefault::Generated { .. }));
        let path = self.to().shown_path(&id).filter(|_| table.columns.iter().any(is_generated));
        self.push(
            Step::new(Rank::Table, &unit, |w| {
                normalized::create_as(w, &id, object, normal.entry());
            })
            .needs(needs)
            .gives(&gives)
            .under(path),
        );
        self.after(&unit, Rank::Attributes, |w| w.table_attributes(name, table));
        self.table_settings(name, table, &unit);
    }

    /// Row security at once, what names an index when that is there.
    fn table_settings(&mut self, name: &QualifiedName, table: &crate::model::Table, unit: &Unit) {
        let keys: Vec<Unit> = self.index_units(name, table);
        self.push(
            Step::new(Rank::Settings, unit, |w| w.table_settings(name, table))
                .needs([unit])
                .needs(&keys),
        );
    }

    /// The indexes that the settings of a table name: objects, or indexes of constraints.
    pub fn index_units(&self, name: &QualifiedName, table: &crate::model::Table) -> Vec<Unit> {
        let mut named: Vec<&crate::model::Ident> = table.cluster_on.iter().collect();
        if let crate::model::ReplicaIdentity::Index(index) = &table.replica_identity {
            named.push(index);
        }
        let of = |index: &crate::model::Ident| {
            [
                Unit::Object(ObjectId::Index(name.sibling(index.clone()))),
                Unit::Object(ObjectId::Constraint(Child::new(name.clone(), index.clone()))),
            ]
        };
        named.into_iter().flat_map(of).collect()
    }

    /// A step about a unit once that is there.
    pub fn after(&mut self, unit: &Unit, rank: Rank, write: impl FnOnce(&mut SqlWriter)) {
        self.push(Step::new(rank, unit, write).needs([unit]));
    }

    /// A constraint or index under another name.
    fn rename(&mut self, from: &ObjectId, to: &ObjectId) {
        let unit = Unit::from(to);
        let is_domain = self.from().is_of_domain(from);
        let step = Step::new(Rank::Attributes, &unit, |w| match (from, to) {
            (ObjectId::Constraint(from), ObjectId::Constraint(to)) => {
                w.sql(if is_domain { "ALTER DOMAIN " } else { "ALTER TABLE " });
                w.qualified(&from.parent);
                w.sql(" RENAME CONSTRAINT ").ident(&from.name);
                w.sql(" TO ").ident(&to.name);
                w.sql(";\n");
            }
            (ObjectId::Index(from), ObjectId::Index(to)) => {
                w.sql("ALTER INDEX ").qualified(from);
                w.sql(" RENAME TO ").ident(&to.name);
                w.sql(";\n");
            }
            _no_other_kind => {}
        });
        self.push(step.takes([&Unit::from(from)]).gives([&unit]));
    }
}

fn default_privileges<'a>(
    side: &Side<'a>,
) -> Vec<(&'a DefaultPrivilegesKey, &'a DefaultPrivileges)> {
    let of = |(id, object): (&'a ObjectId, &'a NormalObject)| match (id, object.object()) {
        (ObjectId::DefaultPrivileges(key), Object::DefaultPrivileges(defaults)) => {
            Some((key, &**defaults))
        }
        _other => None,
    };
    side.schema.iter().filter_map(of).collect()
}

/// What holds values that nothing else has.
fn loses_data(object: &Object) -> bool {
    match object {
        Object::Table(table) => table.foreign.is_none(),
        Object::Sequence(_) => true,
        _rebuilt_from_its_definition => false,
    }
}

fn drop_statement(w: &mut SqlWriter, id: &ObjectId, object: &Object, is_domain: bool) {
    match id {
        ObjectId::Constraint(child) => {
            w.sql(if is_domain { "ALTER DOMAIN " } else { "ALTER TABLE " });
            w.qualified(&child.parent);
            w.sql(" DROP CONSTRAINT ").ident(&child.name);
        }
        ObjectId::UserMapping((server, user)) => {
            w.sql("DROP USER MAPPING FOR ");
            w.mapped_user(user);
            w.sql(" SERVER ").ident(server);
        }
        _by_reference => {
            w.sql("DROP ").reference(id, object, is_domain);
            // Its functions need it and it needs them.
            if matches!(object, Object::BaseType(base) if !base.shell) {
                w.sql(" CASCADE");
            }
        }
    }
    w.sql(";\n");
}
