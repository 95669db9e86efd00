//! What becomes of each unit: made, dropped, altered in place, or rebuilt because
//! PostgreSQL cannot alter it or something it uses.
//!
//! First each difference by itself (`way.rs`), then the closure: a view over a column
//! that gets another type is dropped before and made again after, and so is what uses the
//! view.

use std::collections::{BTreeMap, BTreeSet};

use super::detach::{self, Kept};
use super::graph::units_of;
use super::side::Side;
use super::unit::Unit;
use super::way::{self, Way};
use crate::diff::{Diff, DriftKind};
use crate::model::{Child, Column, ColumnDefault, Facet, Kind, Object, ObjectId, Sequence, Table};
use crate::normalize::NormalSchema;

/// What becomes of a unit that does not stay as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Change {
    Create,
    Drop,
    /// Changed where it stands.
    Alter,
    /// A column gets another type.
    Retype,
    /// A type is replaced by one of the same name, and columns move over.
    Swap,
    /// Dropped and made again.
    Rebuild,
}

impl Change {
    /// True when it is gone for a while or for good.
    fn is_gone(self) -> bool {
        matches!(self, Self::Drop | Self::Rebuild)
    }
}

/// All changes, and what differs of each object by itself.
#[derive(Debug, Default)]
pub(super) struct Changes {
    units: BTreeMap<Unit, Change>,
    /// Facets that differ, by object or column.
    pub facets: BTreeMap<ObjectId, BTreeSet<Facet>>,
    /// Constraints and indexes that only get another name: from, to.
    pub renames: Vec<(ObjectId, ObjectId)>,
    /// Indexes and keys of partitions that are detached.
    pub kept: Vec<Kept>,
}

/// Both sides of the migration.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sides<'s, 'a> {
    pub from: &'s Side<'a>,
    pub to: &'s Side<'a>,
}

impl Sides<'_, '_> {
    /// False when a side is a dump of a server that has no MAINTAIN (before PostgreSQL 17).
    pub fn knows_maintain(&self) -> bool {
        [self.from, self.to]
            .iter()
            .all(|side| side.schema.dumped().is_none_or(|dumped| dumped.server >= 17))
    }
}

impl Changes {
    /// Decides for all units. `up` says that `to` is the canonical side of the diff.
    pub fn new(sides: Sides<'_, '_>, diff: &Diff, up: bool) -> Self {
        let mut changes = Self::default();
        changes.facets_of(diff);
        let left_out = left_out(diff);
        changes.one_sided(sides, &left_out);
        changes.renamed(diff, up);
        changes.kept_by_partitions(sides);
        changes.different(sides);
        changes.close(sides);
        changes
    }

    /// What becomes of a unit; none when it stays.
    pub fn of(&self, unit: &Unit) -> Option<Change> {
        self.units.get(unit).copied()
    }

    /// What becomes of an object.
    pub fn of_object(&self, id: &ObjectId) -> Option<Change> {
        self.of(&Unit::from(id))
    }

    /// True when it is made anew.
    pub fn is_made(&self, unit: &Unit) -> bool {
        matches!(self.of(unit), Some(Change::Create | Change::Rebuild))
    }

    /// True when what is there goes away.
    pub fn is_gone(&self, unit: &Unit) -> bool {
        self.of(unit).is_some_and(Change::is_gone)
    }

    /// All changes in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Unit, Change)> {
        self.units.iter().map(|(unit, change)| (unit, *change))
    }

    fn facets_of(&mut self, diff: &Diff) {
        for drift in &diff.drifts {
            if let Some(key) = drift.facet() {
                self.facets.entry(drift.object.clone()).or_default().insert(key.facet);
            }
        }
    }

    fn one_sided(&mut self, sides: Sides<'_, '_>, left_out: &BTreeSet<&ObjectId>) {
        let left_out = with_parts(sides, left_out);
        let is_left_out = |unit: &Unit| match unit {
            Unit::Object(ObjectId::Namespace(name)) if *name == "public" => true,
            Unit::Object(ObjectId::Column(child)) | Unit::Default(child) => {
                left_out.contains(&ObjectId::Column(child.clone()))
                    || left_out.contains(&ObjectId::Table(child.parent.clone()))
            }
            Unit::Object(id) => left_out.contains(id),
            Unit::Old(_) => false,
        };
        for (one, other, change) in
            [(sides.from, sides.to, Change::Drop), (sides.to, sides.from, Change::Create)]
        {
            let alone = units_beyond(one.schema, other.schema);
            let alone = alone.into_iter().filter(|unit| !is_left_out(unit));
            self.units.extend(alone.map(|unit| (unit, change)));
        }
    }

    fn renamed(&mut self, diff: &Diff, up: bool) {
        for drift in &diff.drifts {
            let DriftKind::Renamed { live } = &drift.kind else { continue };
            let (from, to) = if up { (live, &drift.object) } else { (&drift.object, live) };
            self.units.remove(&Unit::from(from));
            self.units.remove(&Unit::from(to));
            self.renames.push((from.clone(), to.clone()));
        }
    }

    /// What a detached partition keeps need not be made.
    fn kept_by_partitions(&mut self, sides: Sides<'_, '_>) {
        self.kept = detach::kept(sides);
        for kept in &self.kept {
            let Some(target) = &kept.target else { continue };
            self.units.remove(&Unit::from(target));
            if *target != kept.id {
                self.renames.push((kept.id.clone(), target.clone()));
            }
        }
    }

    fn different(&mut self, sides: Sides<'_, '_>) {
        let differing: Vec<(ObjectId, BTreeSet<Facet>)> =
            self.facets.iter().map(|(id, facets)| (id.clone(), facets.clone())).collect();
        for (id, facets) in differing {
            let unit = Unit::from(&id);
            if !sides.from.has(&unit) || !sides.to.has(&unit) {
                continue;
            }
            if let ObjectId::Column(child) = &id {
                self.default_of(child, sides);
            }
            let change = match way::way(&id, &facets, sides) {
                Way::Nothing => continue,
                Way::Alter => Change::Alter,
                Way::Retype => Change::Retype,
                Way::Swap => Change::Swap,
                Way::Rebuild => Change::Rebuild,
            };
            self.units.insert(unit, change);
        }
    }

    /// The plain default of a column that both sides have.
    fn default_of(&mut self, child: &Child, sides: Sides<'_, '_>) {
        let of = |side: &Side<'_>| match side.column(child).and_then(|c| c.default.clone()) {
            Some(ColumnDefault::Expression(expression)) => Some(expression.expr),
            _no_plain_default => None,
        };
        let (from, to) = (of(sides.from), of(sides.to));
        if from.is_some() && to.is_some() && from != to {
            self.units.insert(Unit::Default(child.clone()), Change::Alter);
        }
    }

    /// Follows what is gone or gets another type to all that uses it.
    fn close(&mut self, sides: Sides<'_, '_>) {
        let mut work: Vec<Unit> = self.units.keys().cloned().collect();
        while let Some(unit) = work.pop() {
            let Some(change) = self.of(&unit) else { continue };
            if change == Change::Rebuild || change == Change::Swap {
                self.close_parts(&unit, sides, &mut work);
            }
            if change.is_gone() {
                self.close_sequences(&unit, sides, &mut work);
            }
            for user in sides.from.used_by(&unit) {
                let next = self.next(&unit, change, user, sides);
                if let Some(next) = next.filter(|next| self.of(user) != Some(*next)) {
                    self.units.insert(user.clone(), next);
                    work.push(user.clone());
                }
            }
        }
        let renames = std::mem::take(&mut self.renames);
        let is_free = |(from, _): &(ObjectId, ObjectId)| self.of_object(from).is_none();
        let (kept, rebuilt): (Vec<_>, Vec<_>) = renames.into_iter().partition(is_free);
        self.renames = kept;
        for (from, to) in rebuilt {
            self.units.insert(Unit::from(&from), Change::Drop);
            self.units.insert(Unit::from(&to), Change::Create);
        }
    }

    /// What is dropped with its relation is made again with it.
    fn close_parts(&mut self, unit: &Unit, sides: Sides<'_, '_>, work: &mut Vec<Unit>) {
        let Unit::Object(id) = unit else { return };
        let Some(name) = id.qualified_name().filter(|_| is_container(id.kind())) else { return };
        for part in sides.from.parts(name) {
            let is_kept = !matches!(self.of(&part), Some(Change::Drop | Change::Rebuild));
            if is_kept && sides.to.has(&part) {
                self.units.insert(part.clone(), Change::Rebuild);
                work.push(part);
            } else if is_kept {
                // Renamed: the closing of renames makes it anew.
                self.units.insert(part.clone(), Change::Drop);
                work.push(part);
            }
        }
    }

    /// A sequence goes with the column that owns it.
    fn close_sequences(&mut self, unit: &Unit, sides: Sides<'_, '_>, work: &mut Vec<Unit>) {
        let Unit::Object(ObjectId::Column(child)) = unit else { return };
        let owner = Some((child.parent.clone(), child.name.clone()));
        for part in sides.from.names.parts(&child.parent) {
            let owned = |side: &Side<'_>| {
                let sequence = side.object(part).and_then(|o| <&Sequence>::try_from(o).ok());
                sequence.is_some_and(|sequence| sequence.owned_by == owner)
            };
            let unit = Unit::from(*part);
            if owned(sides.from) && owned(sides.to) && !self.is_gone(&unit) {
                self.units.insert(unit.clone(), Change::Rebuild);
                work.push(unit);
            }
        }
    }

    /// What a change of a unit means for one that uses it.
    fn next(
        &self,
        unit: &Unit,
        change: Change,
        user: &Unit,
        sides: Sides<'_, '_>,
    ) -> Option<Change> {
        let own = self.of(user);
        if matches!(own, Some(Change::Drop | Change::Rebuild | Change::Create)) {
            return None;
        }
        let rebuild = if sides.to.has(user) { Change::Rebuild } else { Change::Drop };
        let still_used = sides.to.is_use(user, unit);
        let is_altered = own == Some(Change::Alter) && !still_used;
        match change {
            Change::Create | Change::Alter => None,
            Change::Drop | Change::Rebuild if is_altered => None,
            // A type that goes away: the column has another one by then.
            Change::Drop if own == Some(Change::Retype) => None,
            // A change of owner or parent of a table is no reason to lose its rows.
            Change::Drop | Change::Rebuild if is_lasting(unit, user) => {
                (own != Some(Change::Alter)).then_some(Change::Alter)
            }
            Change::Drop | Change::Rebuild => Some(rebuild),
            Change::Retype => match user {
                Unit::Object(id) if is_bound_to_type(id, sides) && !is_altered => Some(rebuild),
                _follows_by_itself => None,
            },
            Change::Swap => match user {
                Unit::Object(ObjectId::Column(child)) => {
                    let column = sides.from.column(child)?;
                    let is_generated =
                        matches!(column.default, Some(ColumnDefault::Generated { .. }));
                    let next = if is_generated { Change::Rebuild } else { Change::Retype };
                    (own != Some(next)).then_some(next)
                }
                Unit::Object(ObjectId::Domain(_) | ObjectId::Composite(_)) => {
                    (own != Some(Change::Swap)).then_some(Change::Swap)
                }
                _other => (!is_altered || still_used).then_some(rebuild),
            },
        }
    }
}

/// The units of one schema that the other does not have. Both are sorted: they are walked
/// side by side.
fn units_beyond(one: &NormalSchema, other: &NormalSchema) -> Vec<Unit> {
    let mut beyond = Vec::new();
    let mut others = other.iter().peekable();
    for (id, object) in one {
        while others.next_if(|(at, _)| *at < id).is_some() {}
        match others.next_if(|(at, _)| *at == id) {
            None => beyond.extend(units_of(id, object.object())),
            Some((_, other)) => {
                let (object, other) = (object.object(), other.object());
                if let (Object::Table(table), Object::Table(twin)) = (object, other)
                    && !has_same_units(table, twin)
                {
                    let of_twin: BTreeSet<Unit> = units_of(id, other).into_iter().collect();
                    let own = units_of(id, object);
                    beyond.extend(own.into_iter().filter(|unit| !of_twin.contains(unit)));
                }
            }
        }
    }
    beyond
}

/// True when the columns have the same names, in the same order, and the same have defaults.
fn has_same_units(one: &Table, other: &Table) -> bool {
    let is_plain = |column: &Column| matches!(column.default, Some(ColumnDefault::Expression(_)));
    one.columns.len() == other.columns.len()
        && one
            .columns
            .iter()
            .zip(&other.columns)
            .all(|(one, other)| one.name == other.name && is_plain(one) == is_plain(other))
}

/// Parents of tables can be left and joined.
fn is_lasting(unit: &Unit, user: &Unit) -> bool {
    matches!((unit, user), (Unit::Object(ObjectId::Table(_)), Unit::Object(ObjectId::Table(_))))
}

/// What PostgreSQL refuses to leave there while a column it uses gets another type
/// (`RememberAllDependentForRebuilding`, `src/backend/commands/tablecmds.c`).
fn is_bound_to_type(id: &ObjectId, sides: Sides<'_, '_>) -> bool {
    match id {
        ObjectId::View(_)
        | ObjectId::MaterializedView(_)
        | ObjectId::Rule(_)
        | ObjectId::Trigger(_)
        | ObjectId::Policy(_)
        | ObjectId::Routine(_)
        | ObjectId::Publication(_) => true,
        ObjectId::Column(child) => sides
            .from
            .column(child)
            .is_some_and(|column| matches!(column.default, Some(ColumnDefault::Generated { .. }))),
        ObjectId::Constraint(_) => is_between_retyped(id, sides),
        _follows => false,
    }
}

/// A foreign key compares columns of two tables, which cannot get another type at once.
fn is_between_retyped(id: &ObjectId, sides: Sides<'_, '_>) -> bool {
    use crate::model::{Constraint, ConstraintDefinition};
    let constraint = sides.from.object(id).and_then(|object| <&Constraint>::try_from(object).ok());
    let (Some(constraint), Some(parent)) = (constraint, id.parent()) else { return false };
    let ConstraintDefinition::ForeignKey(key) = &constraint.definition else { return false };
    let retyped = |table: &crate::model::QualifiedName, column: &crate::model::Ident| {
        let child = Child::new(table.clone(), column.clone());
        let of = |side: &Side<'_>| side.column(&child).map(|column| column.ty.clone());
        of(sides.from) != of(sides.to)
    };
    key.columns
        .iter()
        .zip(&key.target_columns)
        .any(|(own, other)| retyped(parent, own) && retyped(&key.target, other))
}

pub(super) fn is_container(kind: Kind) -> bool {
    matches!(kind, Kind::Table | Kind::View | Kind::MaterializedView | Kind::Domain)
}

/// What is left out as a whole, with the indexes, constraints and so on that hang on it.
fn with_parts(sides: Sides<'_, '_>, left_out: &BTreeSet<&ObjectId>) -> BTreeSet<ObjectId> {
    let mut all: BTreeSet<ObjectId> = left_out.iter().map(|id| (*id).clone()).collect();
    for id in left_out {
        let Some(name) = id.qualified_name().filter(|_| is_container(id.kind())) else { continue };
        for side in [sides.from, sides.to] {
            all.extend(side.names.parts(name).iter().map(|part| (*part).clone()));
        }
    }
    all
}

fn left_out(diff: &Diff) -> BTreeSet<&ObjectId> {
    diff.skipped.iter().filter(|skip| skip.facet.is_none()).map(|skip| &skip.object).collect()
}
