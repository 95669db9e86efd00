//! What can only be known once all statements are applied.
//!
//! - The columns that a foreign key references, when they are not written: those of
//!   the primary key of its target, which may be added long after.
//! - The parts that an index of a partitioned table has on its partitions.
//! - CHECK constraints of partitions that their partitioned table has as well: a dump
//!   repeats them, a person does not, and PostgreSQL does not let them differ.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::interpreter::Interpreter;
use crate::model::{
    AttachedIndex, Child, ColumnDefault, ColumnRef, Constraint, ConstraintDefinition, Entry, Expr,
    Facet, Ident, Index, IndexKey, Key, NormalRule, Object, ObjectId, Place, QualifiedName, Table,
};

/// Runs all passes.
pub(super) fn finish(cx: &mut Interpreter<'_>) {
    cx.drop_temporary();
    super::owner::finish(cx);
    super::privileges::finish(cx);
    complete_foreign_keys(cx);
    if cx.schema.dumped.is_some_and(|dumped| dumped.server <= 14) {
        log_sequences_like_their_tables(cx);
    }
    let partitions = Partitions::of(cx);
    if !partitions.parents.is_empty() {
        drop_inherited_checks(cx, &partitions);
        attach_written_parts(cx);
        imply_parts(cx, &partitions);
        inherit_not_null(cx, &partitions);
    }
}

/// `SET LOGGED` and `SET UNLOGGED` hold for the sequences of a table as well
/// (`ATPrepChangePersistence`, `src/backend/commands/tablecmds.c`).
pub(super) fn set_persistence_of_sequences(
    cx: &mut Interpreter<'_>,
    tables: &BTreeSet<QualifiedName>,
    unlogged: bool,
) {
    for entry in cx.schema.objects.values_mut() {
        if let Object::Sequence(sequence) = &mut entry.object
            && sequence.owned_by.as_ref().is_some_and(|(table, _)| tables.contains(table))
        {
            sequence.unlogged = unlogged;
        }
    }
    for name in tables {
        let columns = cx.table_mut(name).map(|(table, _)| &mut table.columns);
        for column in columns.into_iter().flatten() {
            if let Some(ColumnDefault::Identity { sequence, .. }) = &mut column.default {
                sequence.unlogged = unlogged;
            }
        }
    }
}

/// Up to PostgreSQL 14 no sequence is unlogged; restored in a later one, those of unlogged
/// tables are.
fn log_sequences_like_their_tables(cx: &mut Interpreter<'_>) {
    let unlogged = |entry: &Entry| matches!(&entry.object, Object::Table(table) if table.unlogged);
    let tables: BTreeSet<QualifiedName> = cx
        .schema
        .objects
        .iter()
        .filter(|(_, entry)| unlogged(entry))
        .filter_map(|(id, _)| id.qualified_name().cloned())
        .collect();
    set_persistence_of_sequences(cx, &tables, true);
}

/// A foreign key without a list of columns references the primary key, in key order
/// (`transformFkeyGetPrimaryKey`, `src/backend/commands/tablecmds.c`).
fn complete_foreign_keys(cx: &mut Interpreter<'_>) {
    let primary = |(id, entry): (&ObjectId, &Entry)| match (id, &entry.object) {
        (ObjectId::Constraint(child), Object::Constraint(constraint)) => {
            match &constraint.definition {
                ConstraintDefinition::PrimaryKey(key) => {
                    Some((child.parent.clone(), key.columns.clone()))
                }
                ConstraintDefinition::Check { .. }
                | ConstraintDefinition::Unique(_)
                | ConstraintDefinition::ForeignKey(_)
                | ConstraintDefinition::Exclusion(_) => None,
            }
        }
        _another_object => None,
    };
    let keys: HashMap<QualifiedName, Vec<Ident>> =
        cx.schema.objects.iter().filter_map(primary).collect();
    for entry in cx.schema.objects.values_mut() {
        let Object::Constraint(constraint) = &mut entry.object else {
            continue;
        };
        let ConstraintDefinition::ForeignKey(key) = &mut constraint.definition else {
            continue;
        };
        if key.target_columns.is_empty()
            && let Some(columns) = keys.get(&key.target)
        {
            key.target_columns.clone_from(columns);
            entry.origin.apply(NormalRule::ForeignKeyColumns);
        }
    }
}

/// Which table is a partition of which, parents before their partitions.
struct Partitions {
    /// (partition, partitioned table), nearest to the root first.
    parents: Vec<(QualifiedName, QualifiedName)>,
    /// The partitions of each partitioned table, by name.
    children: HashMap<QualifiedName, Vec<QualifiedName>>,
}

impl Partitions {
    fn of(cx: &Interpreter<'_>) -> Self {
        let partition = |(id, entry): (&ObjectId, &Entry)| {
            let table = <&Table>::try_from(&entry.object).ok()?;
            Some((id.qualified_name()?.clone(), table.partition_of.as_ref()?.parent.clone()))
        };
        let of: BTreeMap<QualifiedName, QualifiedName> =
            cx.schema.objects.iter().filter_map(partition).collect();
        let depth = |name: &QualifiedName| {
            let up = std::iter::successors(Some(name), |name| of.get(*name));
            // A circle, which PostgreSQL refuses, must not be walked for ever.
            up.take(of.len() + 1).count()
        };
        let mut parents: Vec<_> =
            of.iter().map(|(part, parent)| (part.clone(), parent.clone())).collect();
        parents.sort_by_cached_key(|(partition, _)| depth(partition));
        let mut children: HashMap<QualifiedName, Vec<QualifiedName>> = HashMap::new();
        for (partition, parent) in &of {
            children.entry(parent.clone()).or_default().push(partition.clone());
        }
        Self { parents, children }
    }

    /// All partitions below a table, nearest first.
    fn below(&self, table: &QualifiedName) -> Vec<&QualifiedName> {
        let mut below: Vec<&QualifiedName> = Vec::new();
        let mut known: std::collections::HashSet<&QualifiedName> = [table].into();
        let children = |name: &QualifiedName| self.children.get(name).into_iter().flatten();
        let mut level: Vec<&QualifiedName> = children(table).collect();
        while !level.is_empty() {
            level.retain(|partition| known.insert(*partition));
            level.sort_unstable();
            below.extend(&level);
            level = level.iter().flat_map(|partition| children(partition)).collect();
        }
        below
    }
}

/// A partition has the CHECK constraints of its partitioned table, under their names.
fn drop_inherited_checks(cx: &mut Interpreter<'_>, partitions: &Partitions) {
    // From the leaves up: what a partition gives away, its own partitions gave away before.
    for (partition, parent) in partitions.parents.iter().rev() {
        for id in cx.children(partition) {
            let ObjectId::Constraint(child) = &id else {
                continue;
            };
            let Some(own) = cx.object::<Constraint>(&id) else {
                continue;
            };
            let ConstraintDefinition::Check { no_inherit: false, .. } = own.definition else {
                continue;
            };
            let of_parent = ObjectId::Constraint(Child::new(parent.clone(), child.name.clone()));
            let inherited = cx.object::<Constraint>(&of_parent).is_some_and(|above| {
                matches!(above.definition, ConstraintDefinition::Check { no_inherit: false, .. })
            });
            let plain = cx.schema.objects.get(&id).is_some_and(|entry| entry.comment.is_none());
            if inherited && plain {
                cx.remove(&id);
                cx.apply(partition, NormalRule::PartitionParts);
            }
        }
    }
}

/// `ALTER INDEX .. ATTACH PARTITION`: the part becomes part of the index.
fn attach_written_parts(cx: &mut Interpreter<'_>) {
    let attachments = std::mem::take(&mut cx.attachments);
    let parent_of: HashMap<&QualifiedName, &QualifiedName> =
        attachments.iter().map(|(part, parent)| (part, parent)).collect();
    for (part, parent) in &attachments {
        let Some((partition, attached)) = take_part(cx, part) else {
            continue;
        };
        let said = index_id(cx, part).and_then(|id| Some(cx.schema.objects.get(&id)?.origin.span));
        // The part of a part: all of them belong to the index at the root.
        let up = std::iter::successors(Some(parent), |name| parent_of.get(name).copied());
        let roots: Vec<QualifiedName> = up.take(attachments.len() + 1).cloned().collect();
        for above in roots {
            let attached = attached_to(cx, &above, &attached);
            with_parts(cx, &above, |parts| {
                parts.insert(partition.clone(), attached);
            });
            if let Some(id) = index_id(cx, &above)
                && let (Some(entry), Some(span)) = (cx.schema.objects.get_mut(&id), said)
            {
                entry.origin.record(Place::part_facet(&partition.key(), Facet::AttachedTo), span);
            }
        }
    }
    // What was itself a part is no object any more.
    let is_kept = |(part, parent): &&(QualifiedName, QualifiedName)| {
        index_id(cx, part).is_some_and(|id| is_key_beside(cx, &id, parent))
    };
    let kept: BTreeSet<QualifiedName> =
        attachments.iter().filter(is_kept).map(|(part, _)| part.clone()).collect();
    for (part, _) in attachments.iter().filter(|(part, _)| !kept.contains(part)) {
        if let Some(id) = index_id(cx, part)
            && cx.schema.objects.get(&id).is_some_and(|entry| !is_spoken_of(entry))
        {
            cx.remove(&id);
        }
    }
}

/// True for an index or a key with a comment, which only an object can have.
fn is_spoken_of(entry: &Entry) -> bool {
    let of_index = |constraint: &Constraint| constraint.index_comment.is_some();
    entry.comment.is_some() || <&Constraint>::try_from(&entry.object).is_ok_and(of_index)
}

/// True for a key whose index is part of a plain one: it is a constraint besides.
fn is_key_beside(cx: &Interpreter<'_>, part: &ObjectId, parent: &QualifiedName) -> bool {
    matches!(part, ObjectId::Constraint(_))
        && matches!(index_id(cx, parent), Some(ObjectId::Index(_)))
}

/// The object that an index is or belongs to.
fn index_id(cx: &Interpreter<'_>, name: &QualifiedName) -> Option<ObjectId> {
    use super::interpreter::Relation;
    match cx.relation_at(name)? {
        Relation::Object(id @ ObjectId::Index(_)) => Some(id.clone()),
        Relation::ConstraintIndex(child) => Some(ObjectId::Constraint(child.clone())),
        Relation::Object(_) | Relation::IdentitySequence(_) => None,
    }
}

/// True when the name is that of an index of the table, or of one of its keys.
pub(super) fn is_index_of(
    cx: &Interpreter<'_>,
    index: &QualifiedName,
    table: &QualifiedName,
) -> bool {
    let definition = index_id(cx, index).and_then(|id| definition(cx, &id));
    definition.is_some_and(|index| index.relation == *table)
}

/// The partition that a part is on, and what can differ between parts.
fn take_part(cx: &Interpreter<'_>, part: &QualifiedName) -> Option<(QualifiedName, AttachedIndex)> {
    let id = index_id(cx, part)?;
    let definition = definition(cx, &id)?;
    let mut attached =
        AttachedIndex::made_with(&definition.options, definition.tablespace.as_ref())
            .named(&part.name);
    let relation = definition.relation.clone();
    attached.other = Some(Box::new(definition));
    Some((relation, attached))
}

/// The part without its definition where that is the one of the index above.
fn attached_to(
    cx: &Interpreter<'_>,
    above: &QualifiedName,
    attached: &AttachedIndex,
) -> AttachedIndex {
    let above = index_id(cx, above).and_then(|id| definition(cx, &id));
    let other =
        attached.other.as_deref().filter(|own| above.is_some_and(|above| !same_index(own, &above)));
    AttachedIndex { other: other.cloned().map(Box::new), ..attached.clone() }
}

/// What an index or the index of a key does; the parts left out.
fn definition(cx: &Interpreter<'_>, id: &ObjectId) -> Option<Index> {
    if let Some(index) = cx.object::<Index>(id) {
        return Some(Index {
            partitions: BTreeMap::new(),
            statistics: BTreeMap::new(),
            ..index.clone()
        });
    }
    let key = key_of(cx.object::<Constraint>(id)?)?;
    let column = |column: &Ident| {
        IndexKey::new(Expr::Column(ColumnRef { parts: vec![column.clone()], star: false }))
    };
    Some(Index {
        relation: id.parent()?.clone(),
        method: Ident::new("btree"),
        unique: true,
        nulls_not_distinct: key.nulls_not_distinct,
        keys: key.columns.iter().map(column).collect(),
        include: key.include.clone(),
        predicate: None,
        options: key.options.clone(),
        tablespace: key.tablespace.clone(),
        partitions: BTreeMap::new(),
        statistics: BTreeMap::new(),
        path: crate::model::SearchPath::empty(),
    })
}

fn key_of(constraint: &Constraint) -> Option<&Key> {
    match &constraint.definition {
        ConstraintDefinition::PrimaryKey(key) | ConstraintDefinition::Unique(key) => Some(key),
        ConstraintDefinition::Check { .. }
        | ConstraintDefinition::ForeignKey(_)
        | ConstraintDefinition::Exclusion(_) => None,
    }
}

/// Changes the parts of an index or of a key.
fn with_parts(
    cx: &mut Interpreter<'_>,
    name: &QualifiedName,
    change: impl FnOnce(&mut BTreeMap<QualifiedName, AttachedIndex>),
) {
    let Some(id) = index_id(cx, name) else { return };
    if let Some((index, _)) = cx.object_mut::<Index>(&id) {
        change(&mut index.partitions);
    } else if let Some((constraint, _)) = cx.object_mut::<Constraint>(&id)
        && let ConstraintDefinition::PrimaryKey(key) | ConstraintDefinition::Unique(key) =
            &mut constraint.definition
    {
        change(&mut key.partitions);
    }
}

/// An index made without ONLY has a part on every partition: PostgreSQL makes it, or
/// takes an equal index that is there (`DefineIndex`, `src/backend/commands/indexcmds.c`).
fn imply_parts(cx: &mut Interpreter<'_>, partitions: &Partitions) {
    let roots: BTreeSet<&QualifiedName> =
        partitions.parents.iter().map(|(_, parent)| parent).collect();
    let mut parents: Vec<&QualifiedName> = roots.into_iter().collect();
    let places = partitions.parents.iter().enumerate().map(|(at, (part, _))| (part, at + 1));
    let order: HashMap<&QualifiedName, usize> = places.collect();
    parents.sort_by_key(|name| order.get(name).copied().unwrap_or(0));
    let mut indexes_of: HashMap<QualifiedName, Vec<ObjectId>> = HashMap::new();
    for (id, entry) in &cx.schema.objects {
        if let Object::Index(index) = &entry.object {
            indexes_of.entry(index.relation.clone()).or_default().push(id.clone());
        }
    }
    for parent in parents {
        let below = partitions.below(parent);
        for id in indexes_of.get(parent).into_iter().flatten() {
            let Some(index) = cx.object::<Index>(id).cloned() else {
                continue;
            };
            if id.qualified_name().is_some_and(|name| cx.only_indexes.contains(name)) {
                continue;
            }
            for partition in &below {
                let equal =
                    indexes_of.get(*partition).into_iter().flatten().find(|own| {
                        cx.object::<Index>(own).is_some_and(|own| same_index(own, &index))
                    });
                let attached = equal.cloned().and_then(|own| take_equal(cx, &own));
                let attached = attached.or_else(|| part_of_key(cx, partition, &index));
                let attached = attached.unwrap_or_else(|| {
                    let part = Index { relation: (*partition).clone(), ..index.clone() };
                    AttachedIndex::made_with(&index.options, index.tablespace.as_ref())
                        .named(&super::index::choose_name(cx, &part))
                });
                with_parts(cx, id.qualified_name().unwrap_or(parent), |parts| {
                    parts.insert((*partition).clone(), attached);
                });
                if let Some(entry) = cx.schema.objects.get_mut(id) {
                    entry.origin.apply(NormalRule::PartitionParts);
                }
            }
        }
        imply_key_parts(cx, parent, &below);
    }
}

/// The index of an equal key of a partition as the part; the key stays.
fn part_of_key(
    cx: &Interpreter<'_>,
    partition: &QualifiedName,
    of_parent: &Index,
) -> Option<AttachedIndex> {
    let equal = |id: &ObjectId| {
        let (ObjectId::Constraint(child), Some(own)) = (id, definition(cx, id)) else {
            return None;
        };
        let named = AttachedIndex::made_with(&own.options, own.tablespace.as_ref());
        same_index(&own, of_parent).then(|| named.named(&child.name))
    };
    cx.children(partition).iter().find_map(equal)
}

/// Takes an equal index of a partition as the part, unless something is said of it.
fn take_equal(cx: &mut Interpreter<'_>, own: &ObjectId) -> Option<AttachedIndex> {
    let index = cx.object::<Index>(own)?;
    let attached = AttachedIndex::made_with(&index.options, index.tablespace.as_ref());
    let attached = own.qualified_name().map_or(attached.clone(), |name| attached.named(&name.name));
    if !is_spoken_of(cx.schema.objects.get(own)?) {
        cx.remove(own);
    }
    Some(attached)
}

/// True when an index of a partition does for that of its partitioned table
/// (`CompareIndexInfo`, `src/backend/catalog/index.c`).
pub(super) fn same_index(own: &Index, of_parent: &Index) -> bool {
    let key = |key: &IndexKey| {
        (
            key.expr.clone(),
            key.details.collation.clone(),
            key.details.opclass.clone(),
            key.descending,
            key.nulls_first,
        )
    };
    own.method == of_parent.method
        && own.unique == of_parent.unique
        && own.nulls_not_distinct == of_parent.nulls_not_distinct
        && own.include == of_parent.include
        && own.predicate == of_parent.predicate
        && own.keys.iter().map(key).eq(of_parent.keys.iter().map(key))
}

/// The same for primary keys and unique constraints.
fn imply_key_parts(cx: &mut Interpreter<'_>, parent: &QualifiedName, below: &[&QualifiedName]) {
    for id in cx.children(parent) {
        let ObjectId::Constraint(child) = &id else {
            continue;
        };
        let index = parent.sibling(child.name.clone());
        if cx.only_indexes.contains(&index) {
            continue;
        }
        let Some(constraint) = cx.object::<Constraint>(&id).cloned() else {
            continue;
        };
        let Some(key) = key_of(&constraint) else {
            continue;
        };
        for partition in below {
            let equal = cx.children(partition).into_iter().find(|own| {
                cx.object::<Constraint>(own).is_some_and(|own| same_constraint(own, &constraint))
            });
            let own = equal.as_ref().and_then(|own| cx.object::<Constraint>(own)).and_then(key_of);
            let attached = {
                let storage = own.unwrap_or(key);
                let name = equal.as_ref().and_then(|id| match id {
                    ObjectId::Constraint(child) => Some(child.name.clone()),
                    _no_key => None,
                });
                let name = name.unwrap_or_else(|| {
                    super::constraint::choose(cx, partition, &constraint.definition)
                });
                AttachedIndex::made_with(&storage.options, storage.tablespace.as_ref()).named(&name)
            };
            let entry = equal.as_ref().and_then(|id| cx.schema.objects.get(id));
            if let (Some(equal), false) = (&equal, entry.is_some_and(|entry| is_spoken_of(entry))) {
                cx.remove(equal);
            }
            with_parts(cx, &index, |parts| {
                parts.insert((*partition).clone(), attached);
            });
            if let Some(entry) = cx.schema.objects.get_mut(&id) {
                entry.origin.apply(NormalRule::PartitionParts);
            }
        }
    }
}

pub(super) fn same_constraint(own: &Constraint, of_parent: &Constraint) -> bool {
    use ConstraintDefinition::{PrimaryKey, Unique};
    let columns = |key: &Key| (key.columns.clone(), key.include.clone(), key.nulls_not_distinct);
    match (&own.definition, &of_parent.definition) {
        (PrimaryKey(own), PrimaryKey(above)) | (Unique(own), Unique(above)) => {
            columns(own) == columns(above)
        }
        _different_kinds => false,
    }
}

/// NOT NULL of a partitioned table holds for its partitions.
fn inherit_not_null(cx: &mut Interpreter<'_>, partitions: &Partitions) {
    for (partition, parent) in &partitions.parents {
        let Some(table) = cx.table(parent) else {
            continue;
        };
        let not_null = |column: &&crate::model::Column| {
            column.not_null.as_ref().is_some_and(|not_null| !not_null.no_inherit)
        };
        let columns: Vec<Ident> =
            table.columns.iter().filter(not_null).map(|column| column.name.clone()).collect();
        for column in columns {
            cx.set_not_null(partition, &column);
            cx.apply(partition, NormalRule::PartitionParts);
        }
        // A partition's NOT NULL constraints have names that nobody chose.
        if let Some((table, _)) = cx.table_mut(partition) {
            for column in &mut table.columns {
                column.inherited = false;
                if let Some(not_null) = &mut column.not_null {
                    not_null.name = None;
                }
            }
        }
    }
}
