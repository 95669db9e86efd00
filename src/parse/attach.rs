//! What a table gives up when it becomes a partition: foreign keys that its partitioned table
//! has as well. From there on they are parts of that one's and are said with it only
//! (`tryAttachPartitionForeignKey`, `src/backend/commands/tablecmds.c`).
//!
//! A dump says what there is, not what becomes of it: there nothing is given up.

use super::interpreter::Interpreter;
use crate::model::{
    Child, Constraint, ConstraintDefinition, ForeignKey, Ident, ObjectId, QualifiedName,
};

/// `ATTACH PARTITION`: the foreign keys of the partitioned table and of what is above it.
pub(super) fn take_over(
    cx: &mut Interpreter<'_>,
    partition: &QualifiedName,
    parent: &QualifiedName,
) {
    for ancestor in super::detach::ancestors(cx, parent) {
        for id in foreign_keys(cx, &ancestor) {
            if let Some(key) = cx.object::<Constraint>(&id).cloned() {
                give_up(cx, partition, &key);
            }
        }
    }
}

/// A foreign key that a partitioned table gets when it has its partitions.
pub(super) fn take_over_key(cx: &mut Interpreter<'_>, child: &Child) {
    let id = ObjectId::Constraint(child.clone());
    let partitioned = cx.table(&child.parent).is_some_and(|table| table.partition_by.is_some());
    let Some(key) = cx.object::<Constraint>(&id).filter(|_| partitioned).cloned() else { return };
    if matches!(key.definition, ConstraintDefinition::ForeignKey(_)) {
        for partition in cx.children_of(&child.parent) {
            give_up(cx, &partition, &key);
        }
    }
}

/// Takes one equal key from the partition, or else from each partition of that.
fn give_up(cx: &mut Interpreter<'_>, partition: &QualifiedName, of_parent: &Constraint) {
    if cx.schema.dumped.is_some() {
        return;
    }
    let same =
        |id: &ObjectId| cx.object::<Constraint>(id).is_some_and(|own| is_same(cx, own, of_parent));
    if let Some(own) = foreign_keys(cx, partition).into_iter().find(same) {
        cx.remove(&own);
        return;
    }
    for below in cx.children_of(partition) {
        give_up(cx, &below, of_parent);
    }
}

fn foreign_keys(cx: &Interpreter<'_>, table: &QualifiedName) -> Vec<ObjectId> {
    let mut ids = cx.children(table);
    ids.retain(|id| {
        cx.object::<Constraint>(id).is_some_and(|constraint| {
            matches!(constraint.definition, ConstraintDefinition::ForeignKey(_))
        })
    });
    ids
}

/// Equal but for its name and whether it is validated, which it is if it must.
fn is_same(cx: &Interpreter<'_>, own: &Constraint, other: &Constraint) -> bool {
    let (ConstraintDefinition::ForeignKey(own_key), ConstraintDefinition::ForeignKey(other_key)) =
        (&own.definition, &other.definition)
    else {
        return false;
    };
    let complete =
        |key: &ForeignKey| ForeignKey { target_columns: target_columns(cx, key), ..key.clone() };
    own.deferrable == other.deferrable
        && own.initially_deferred == other.initially_deferred
        && own.enforced == other.enforced
        && complete(own_key) == complete(other_key)
}

/// The columns that are meant: of the primary key when none are written.
fn target_columns(cx: &Interpreter<'_>, key: &ForeignKey) -> Vec<Ident> {
    let primary = |id: ObjectId| match &cx.object::<Constraint>(&id)?.definition {
        ConstraintDefinition::PrimaryKey(primary) => Some(primary.columns.clone()),
        ConstraintDefinition::Unique(_)
        | ConstraintDefinition::ForeignKey(_)
        | ConstraintDefinition::Exclusion(_)
        | ConstraintDefinition::Check { .. } => None,
    };
    if !key.target_columns.is_empty() {
        return key.target_columns.clone();
    }
    cx.children(&key.target).into_iter().find_map(primary).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{differ, same};

    const TABLES: &str = "CREATE TABLE k (a int PRIMARY KEY); CREATE TABLE p (a int, b int) PARTITION BY LIST (b); CREATE TABLE p1 (a int, b int);";
    const KEY: &str = "ALTER TABLE p ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES k;";
    const ATTACH: &str = "ALTER TABLE p ATTACH PARTITION p1 DEFAULT;";

    #[test]
    fn an_equal_key_is_part_of_that_of_the_partitioned_table() {
        let own = "ALTER TABLE p1 ADD CONSTRAINT own FOREIGN KEY (a) REFERENCES k (a);";
        let without = [TABLES, KEY, ATTACH].concat();
        same(&[TABLES, KEY, own, ATTACH].concat(), &without);
        same(&[TABLES, own, ATTACH, KEY].concat(), &without);
        same(
            &[TABLES, KEY, ATTACH, "ALTER TABLE p DETACH PARTITION p1;", ATTACH].concat(),
            &without,
        );
    }

    #[test]
    fn another_key_stays() {
        let own =
            "ALTER TABLE p1 ADD CONSTRAINT own FOREIGN KEY (a) REFERENCES k ON DELETE CASCADE;";
        differ(&[TABLES, KEY, own, ATTACH].concat(), &[TABLES, KEY, ATTACH].concat());
        let made_with_it =
            "CREATE TABLE p2 PARTITION OF p (FOREIGN KEY (a) REFERENCES k) FOR VALUES IN (1);";
        let made_without = "CREATE TABLE p2 PARTITION OF p FOR VALUES IN (1);";
        differ(&[TABLES, KEY, made_with_it].concat(), &[TABLES, KEY, made_without].concat());
    }
}
