//! The parts of indexes and keys where partitions come and go.
//!
//! In, both sides; out, what a partition keeps when it is detached, and storage parameters
//! of the parts that PostgreSQL makes with a new partition.
//!
//! While it is attached they are parts of the indexes of its parent and no objects
//! (`docs/adr/0004-indexes-of-partitions.md`); after `DETACH PARTITION` they stand alone
//! under their names (`ATExecDetachPartition`, `src/backend/commands/tablecmds.c`). Those that
//! the target has need not be made; the others go.

use super::changes::Sides;
use super::planner::Planner;
use super::side::Side;
use super::step::{Rank, Step};
use super::unit::Unit;
use crate::model::{
    AttachedIndex, Child, Constraint, ConstraintDefinition, Index, Object, ObjectId, QualifiedName,
};

/// An index or key that a detached partition has.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    /// The partition.
    pub partition: QualifiedName,
    /// The index or key that it was a part of.
    pub above: ObjectId,
    /// What it is once it stands alone.
    pub id: ObjectId,
    /// The same in the target, if the target has it.
    pub target: Option<ObjectId>,
}

/// All of them.
pub(super) fn kept(sides: Sides<'_, '_>) -> Vec<Kept> {
    let mut all: Vec<Kept> = Vec::new();
    for (above, object) in sides.from.schema {
        let parts = match object.object() {
            Object::Index(index) => &index.partitions,
            Object::Constraint(constraint) => match key_parts(constraint) {
                Some(parts) => parts,
                None => continue,
            },
            _no_index => continue,
        };
        for (partition, part) in parts {
            let Some(name) = part.name.0.as_ref().filter(|_| is_detached(partition, sides)) else {
                continue;
            };
            let alone = standing_alone(object.object(), partition, part);
            let id = match above {
                ObjectId::Constraint(_) => {
                    ObjectId::Constraint(Child::new(partition.clone(), name.clone()))
                }
                _index => ObjectId::Index(partition.sibling(name.clone())),
            };
            let taken = |id: &ObjectId| all.iter().any(|kept| kept.target.as_ref() == Some(id));
            let target = alone.and_then(|alone| find(&alone, partition, &id, sides.to, &taken));
            all.push(Kept { partition: partition.clone(), above: above.clone(), id, target });
        }
    }
    all
}

/// True when a table is a partition, and stays as a table of its own.
fn is_detached(name: &QualifiedName, sides: Sides<'_, '_>) -> bool {
    let is_partition = |side: &Side<'_>| side.table(name).map(|table| table.partition_of.is_some());
    is_partition(sides.from) == Some(true) && is_partition(sides.to) == Some(false)
}

fn key_parts(
    constraint: &Constraint,
) -> Option<&std::collections::BTreeMap<QualifiedName, AttachedIndex>> {
    match &constraint.definition {
        ConstraintDefinition::PrimaryKey(key) | ConstraintDefinition::Unique(key) => {
            Some(&key.partitions)
        }
        ConstraintDefinition::Check { .. }
        | ConstraintDefinition::ForeignKey(_)
        | ConstraintDefinition::Exclusion(_) => None,
    }
}

/// The part as an object, without what it may have parts of.
fn standing_alone(
    object: &Object,
    partition: &QualifiedName,
    part: &AttachedIndex,
) -> Option<Object> {
    let mut alone = plain(object)?;
    match &mut alone {
        Object::Index(index) => {
            index.relation = partition.clone();
            index.options.clone_from(&part.options);
            index.tablespace.clone_from(&part.tablespace);
        }
        Object::Constraint(constraint) => {
            if let ConstraintDefinition::PrimaryKey(key) | ConstraintDefinition::Unique(key) =
                &mut constraint.definition
            {
                key.options.clone_from(&part.options);
                key.tablespace.clone_from(&part.tablespace);
            }
        }
        _no_index => return None,
    }
    Some(alone)
}

/// Without parts, statistics and the path, which say nothing of what it does.
fn plain(object: &Object) -> Option<Object> {
    match object {
        Object::Index(index) => {
            let mut index = Index::clone(index);
            index.partitions.clear();
            index.statistics.clear();
            index.path = crate::model::SearchPath::empty();
            Some(index.into())
        }
        Object::Constraint(constraint) => {
            let mut constraint = Constraint::clone(constraint);
            if let ConstraintDefinition::PrimaryKey(key) | ConstraintDefinition::Unique(key) =
                &mut constraint.definition
            {
                key.partitions.clear();
            }
            Some(constraint.into())
        }
        _no_index => None,
    }
}

/// The same index in the target: best under the same name.
fn find(
    alone: &Object,
    partition: &QualifiedName,
    id: &ObjectId,
    to: &Side<'_>,
    taken: &dyn Fn(&ObjectId) -> bool,
) -> Option<ObjectId> {
    let is_same = |other: &&ObjectId| {
        let object = to.object(other).and_then(plain);
        other.kind() == id.kind() && !taken(other) && object.as_ref() == Some(alone)
    };
    let parts = to.names.parts(partition);
    let same: Vec<&&ObjectId> = parts.iter().filter(|other| is_same(other)).collect();
    let own = same.iter().find(|other| ***other == id);
    own.or(same.first()).map(|other| (**other).clone())
}

/// What a statement that detaches is waited for by.
pub(super) fn detached(partition: &QualifiedName) -> Unit {
    Unit::Old(ObjectId::Table(partition.clone()))
}

impl Planner<'_, '_> {
    /// Drops what the target does not have.
    pub(super) fn drop_kept(&mut self) {
        let gone: Vec<Kept> =
            self.changes.kept.iter().filter(|kept| kept.target.is_none()).cloned().collect();
        for kept in gone {
            let unit = Unit::Object(ObjectId::Table(kept.partition.clone()));
            let step = Step::new(Rank::Drop, &unit, |w| match &kept.id {
                ObjectId::Constraint(child) => {
                    w.sql("ALTER TABLE ").qualified(&child.parent);
                    w.sql(" DROP CONSTRAINT ").ident(&child.name);
                    w.sql(";\n");
                }
                id => {
                    w.sql("DROP INDEX ");
                    id.qualified_name().into_iter().for_each(|name| w.qualified(name));
                    w.sql(";\n");
                }
            });
            self.push(step.needs([&detached(&kept.partition)]).takes([&Unit::from(&kept.id)]));
        }
    }

    /// The indexes of its parents that a partition is about to leave.
    pub(super) fn left_indexes(&self, partition: &QualifiedName) -> Vec<Unit> {
        let of = self.changes.kept.iter().filter(|kept| kept.partition == *partition);
        of.map(|kept| Unit::from(&kept.above)).collect()
    }

    /// The parts that are made with a new partition have the storage parameters of the index
    /// they are part of (`DefineIndex`, `src/backend/commands/indexcmds.c`); those that have
    /// others get them after. Their names were chosen by PostgreSQL, hence `IF EXISTS`.
    pub(super) fn options_of_new_parts(&mut self) {
        let mut steps = Vec::new();
        for (above, object) in self.to().schema {
            let Object::Index(index) = object.object() else { continue };
            let own = AttachedIndex::made_with(&index.options, index.tablespace.as_ref());
            let unit = Unit::from(above);
            if self.changes.is_made(&unit) || !self.from().has(&unit) {
                // It is made together with its parts.
                continue;
            }
            for (partition, part) in index.partitions.iter().filter(|(_, part)| **part != own) {
                let Some(name) = part.name.0.as_ref().filter(|_| self.table_is_made(partition))
                else {
                    continue;
                };
                let name = partition.sibling(name.clone());
                let table = Unit::Object(ObjectId::Table(partition.clone()));
                let step = Step::new(Rank::Settings, &table, |w| {
                    if !part.options.is_empty() {
                        w.sql("ALTER INDEX IF EXISTS ").qualified(&name);
                        w.sql(" SET (").options(&part.options);
                        w.sql(");\n");
                    }
                });
                steps.push(step.needs([&table]));
            }
        }
        steps.into_iter().for_each(|step| self.push(step));
    }
}
