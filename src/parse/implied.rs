//! Parts of indexes and keys of partitioned tables that PostgreSQL makes on the partitions:
//! they are no objects here until a statement names one.
//!
//! ```sql
//! CREATE TABLE p (a int PRIMARY KEY) PARTITION BY LIST (a);
//! CREATE TABLE p1 PARTITION OF p DEFAULT;
//! COMMENT ON INDEX p1_pkey IS 'made with the partition';
//! ```
//!
//! In goes the name, out comes whether it is now that of an object. In a dump every part is
//! written out already.

use super::address::Address;
use super::interpreter::{Interpreter, Need};
use crate::model::{
    Child, Constraint, ConstraintDefinition, Entry, Index, Name, ObjectId, QualifiedName, Span,
};

/// Makes the part that a statement needs an object.
pub(super) fn write_out_needed(cx: &mut Interpreter<'_>, need: &Need) -> bool {
    match need {
        Need::Relation(name) => write_out_index(cx, name),
        Need::Object(address) | Need::Annotated(_, address) => write_out(cx, address),
        Need::Declared(_) => false,
    }
}

/// Makes the part that an address means an object.
pub(super) fn write_out(cx: &mut Interpreter<'_>, address: &Address) -> bool {
    match address {
        Address::Relation(name) => write_out_index(cx, name),
        Address::Child(_, relation, name) => {
            let Ok((table, _)) = cx.relation(relation) else { return false };
            let name = table.sibling(name.clone());
            part_of(cx, &table, &name).is_some_and(|part| put(cx, name, part))
        }
        _no_part_of_a_table => false,
    }
}

fn write_out_index(cx: &mut Interpreter<'_>, name: &Name) -> bool {
    let full = cx.creation_name(name);
    let is_made = cx.declared.relations.contains(&full) || cx.find_relation(name).is_some();
    if !cx.has_heirs || is_made {
        return false;
    }
    let is_of = |(id, entry): (&ObjectId, &Entry)| {
        let table = <&crate::model::Table>::try_from(&entry.object).ok()?;
        let partition = id.qualified_name()?;
        let near = partition.namespace == full.namespace && table.partition_of.is_some();
        near.then(|| partition.clone())
    };
    let partitions: Vec<QualifiedName> = cx.schema.objects.iter().filter_map(is_of).collect();
    for partition in partitions {
        if let Some(part) = part_of(cx, &partition, &full) {
            return put(cx, full, part);
        }
    }
    false
}

/// A part that is not written out.
enum Part {
    Key(QualifiedName, Constraint, Span),
    Index(Index, Span),
}

fn put(cx: &mut Interpreter<'_>, name: QualifiedName, part: Part) -> bool {
    match part {
        Part::Key(partition, constraint, span) => {
            let child = Child::new(partition, name.name.clone());
            cx.put(ObjectId::Constraint(child.clone()), Entry::new(constraint.into(), span));
            let relation = super::interpreter::Relation::ConstraintIndex(child);
            cx.take_relation_name(name, relation);
        }
        Part::Index(index, span) => {
            cx.put(ObjectId::Index(name), Entry::new(index.into(), span));
        }
    }
    true
}

/// The part of that name on a partition: of the key or index of what it is a partition of.
fn part_of(cx: &Interpreter<'_>, partition: &QualifiedName, name: &QualifiedName) -> Option<Part> {
    if cx.schema.dumped.is_some() {
        return None;
    }
    cx.table(partition)?.partition_of.as_ref()?;
    for above in super::detach::ancestors(cx, partition).into_iter().skip(1) {
        for id in cx.children(&above) {
            if let Some(part) = key_part(cx, partition, &id, name) {
                return Some(part);
            }
        }
        for (id, entry) in cx.schema.objects.entries_naming(&above.name) {
            let Ok(index) = <&Index>::try_from(&entry.object) else { continue };
            let on_only = id.qualified_name().is_some_and(|own| cx.only_indexes.contains(own));
            if index.relation != above || on_only {
                continue;
            }
            let mut index = Index { relation: partition.clone(), ..index.clone() };
            index.partitions.clear();
            index.statistics.clear();
            if super::index::choose_name(cx, &index) == name.name {
                return Some(Part::Index(index, entry.origin.span));
            }
        }
    }
    None
}

fn key_part(
    cx: &Interpreter<'_>,
    partition: &QualifiedName,
    of: &ObjectId,
    name: &QualifiedName,
) -> Option<Part> {
    let ObjectId::Constraint(child) = of else { return None };
    let mut constraint = cx.object::<Constraint>(of)?.clone();
    let index = child.parent.sibling(child.name.clone());
    let (ConstraintDefinition::PrimaryKey(key) | ConstraintDefinition::Unique(key)) =
        &mut constraint.definition
    else {
        return None;
    };
    key.partitions.clear();
    constraint.index_comment = None;
    let chosen = super::constraint::choose(cx, partition, &constraint.definition);
    let span = cx.schema.objects.get(of)?.origin.span;
    let found = chosen == name.name && !cx.only_indexes.contains(&index);
    found.then(|| Part::Key(partition.clone(), constraint, span))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{differ, problems, same};
    use crate::model::ProblemCode;

    const TABLES: &str = "CREATE TABLE p (a int, b int, PRIMARY KEY (a)) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p DEFAULT; CREATE INDEX ON p (b);";

    #[test]
    fn a_part_is_an_object_once_it_is_named() {
        let own = "CREATE TABLE p (a int, b int) PARTITION BY LIST (a); CREATE TABLE p1 (a int NOT NULL, b int, CONSTRAINT x PRIMARY KEY (a)); CREATE INDEX y ON p1 (b); COMMENT ON INDEX y IS 'i'; ALTER TABLE p ADD PRIMARY KEY (a); ALTER TABLE p ATTACH PARTITION p1 DEFAULT; CREATE INDEX ON p (b);";
        let renamed = "ALTER INDEX p1_pkey RENAME TO x; ALTER INDEX p1_b_idx RENAME TO y; COMMENT ON INDEX y IS 'i';";
        same(&[TABLES, renamed].concat(), own);
        differ(&[TABLES, renamed].concat(), TABLES);
        differ(
            &[TABLES, "COMMENT ON CONSTRAINT p1_pkey ON p1 IS 'c';"].concat(),
            &[TABLES, "COMMENT ON INDEX p1_pkey IS 'c';"].concat(),
        );
    }

    #[test]
    fn what_has_no_such_part_is_a_mistake() {
        assert_eq!(
            problems(&[TABLES, "ALTER INDEX p1_c_idx RENAME TO y;"].concat()),
            [ProblemCode::Missing]
        );
        assert_eq!(
            problems(&[TABLES, "COMMENT ON INDEX p2_pkey IS 'c';"].concat()),
            [ProblemCode::Missing]
        );
    }
}
