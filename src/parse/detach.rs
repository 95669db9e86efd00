//! What a table keeps when it is a partition, or inherits, no longer.
//!
//! Until then what it has of its parents is said with them only. `DETACH PARTITION` leaves the
//! table the CHECK, NOT NULL and FOREIGN KEY constraints, the indexes and the keys, `NO INHERIT`
//! the CHECK and NOT NULL constraints; from there on they are its own
//! (`DetachPartitionFinalize`, `RemoveInheritance`, `src/backend/commands/tablecmds.c`).

use super::constraint::ConstraintDraft;
use super::interpreter::Interpreter;
use crate::model::{
    Constraint, ConstraintDefinition, Entry, Index, ObjectId, Place, Problem, QualifiedName,
    SearchPath, Span,
};

/// `NO INHERIT parent`.
pub(super) fn keep_inherited(
    cx: &mut Interpreter<'_>,
    table: &QualifiedName,
    parent: &QualifiedName,
) {
    for ancestor in ancestors(cx, parent) {
        keep_not_null(cx, table, &ancestor);
        for (id, constraint, span) in constraints(cx, &ancestor) {
            let check = matches!(
                constraint.definition,
                ConstraintDefinition::Check { no_inherit: false, .. }
            );
            if check {
                keep(cx, table, &id, constraint, span);
            }
        }
    }
}

/// `DROP CONSTRAINT` on ONLY a table: its children keep what they inherited.
pub(super) fn keep_checks_of_heirs(cx: &mut Interpreter<'_>, table: &QualifiedName, id: &ObjectId) {
    let Some(constraint) = cx.object::<Constraint>(id).cloned() else { return };
    let span = cx.schema.objects.get(id).map(|entry| entry.origin.span).unwrap_or_default();
    if let ConstraintDefinition::Check { no_inherit: false, .. } = constraint.definition {
        for child in cx.children_of(table) {
            keep(cx, &child, id, constraint.clone(), span);
        }
    }
}

/// `DETACH PARTITION`.
pub(super) fn keep_parts(
    cx: &mut Interpreter<'_>,
    table: &QualifiedName,
    parent: &QualifiedName,
) -> Result<(), Problem> {
    keep_inherited(cx, table, parent);
    for ancestor in ancestors(cx, parent) {
        for (id, constraint, span) in constraints(cx, &ancestor) {
            match constraint.definition {
                ConstraintDefinition::ForeignKey(_) => keep(cx, table, &id, constraint, span),
                ConstraintDefinition::PrimaryKey(_)
                | ConstraintDefinition::Unique(_)
                | ConstraintDefinition::Exclusion(_) => {
                    keep_key(cx, table, &id, constraint, span)?;
                }
                ConstraintDefinition::Check { .. } => {}
            }
        }
        keep_indexes(cx, table, &ancestor);
    }
    // Parts that were attached by their names are on their own again.
    let own: Vec<QualifiedName> = cx.attachments.iter().map(|(part, _)| part.clone()).collect();
    for part in own {
        if super::finish::is_index_of(cx, &part, table) {
            cx.attachments.retain(|(attached, _)| *attached != part);
        }
    }
    Ok(())
}

/// A table with all that it inherits from, nearest first.
pub(super) fn ancestors(cx: &Interpreter<'_>, table: &QualifiedName) -> Vec<QualifiedName> {
    let mut found = vec![table.clone()];
    let mut at = 0;
    while let Some(name) = found.get(at).cloned() {
        let above = cx.table(&name).into_iter().flat_map(|table| {
            table.inherits.iter().chain(table.partition_of.as_ref().map(|of| &of.parent))
        });
        let above: Vec<QualifiedName> = above.cloned().collect();
        // A circle, which PostgreSQL refuses, must not be walked for ever.
        above.into_iter().for_each(|name| {
            if !found.contains(&name) {
                found.push(name);
            }
        });
        at += 1;
    }
    found
}

fn constraints(cx: &Interpreter<'_>, table: &QualifiedName) -> Vec<(ObjectId, Constraint, Span)> {
    let own = cx.children(table).into_iter().filter_map(|id| {
        let constraint = cx.object::<Constraint>(&id)?.clone();
        let span = cx.schema.objects.get(&id)?.origin.span;
        Some((id, constraint, span))
    });
    own.collect()
}

fn keep_not_null(cx: &mut Interpreter<'_>, table: &QualifiedName, parent: &QualifiedName) {
    let columns = cx.table(parent).map(|table| table.columns.clone()).unwrap_or_default();
    for column in columns {
        let Some(not_null) = column.not_null.filter(|not_null| !not_null.no_inherit) else {
            continue;
        };
        cx.set_not_null(table, &column.name);
        // What the table itself says has a name of its own.
        let place = Place::part(&column.name);
        let entry = cx.schema.objects.get(&ObjectId::Table(table.clone()));
        if entry.is_some_and(|entry| entry.origin.parts.iter().any(|(own, _)| *own == place)) {
            continue;
        }
        let own = cx.table_mut(table).and_then(|(table, _)| table.column_mut(&column.name));
        if let Some(own) = own.and_then(|column| column.not_null.as_mut())
            && own.name.is_none()
        {
            own.name = not_null.name;
        }
    }
}

/// A constraint of the same name; none when there is one already.
fn keep(
    cx: &mut Interpreter<'_>,
    table: &QualifiedName,
    id: &ObjectId,
    constraint: Constraint,
    span: Span,
) {
    let ObjectId::Constraint(child) = id else { return };
    let own = crate::model::Child::new(table.clone(), child.name.clone());
    let own = ObjectId::Constraint(own);
    if !cx.schema.objects.contains_key(&own) {
        cx.put(own, Entry::new(constraint.into(), span));
    }
}

/// A key under a name of its own, unless the table has had one that does.
fn keep_key(
    cx: &mut Interpreter<'_>,
    table: &QualifiedName,
    id: &ObjectId,
    mut constraint: Constraint,
    span: Span,
) -> Result<(), Problem> {
    let on_only = id
        .parent()
        .zip(id.name())
        .is_some_and(|(parent, name)| cx.only_indexes.contains(&parent.sibling(name.name)));
    let there = constraints(cx, table);
    if on_only || there.iter().any(|(_, own, _)| super::finish::same_constraint(own, &constraint)) {
        return Ok(());
    }
    let mut path = SearchPath::empty();
    constraint.index_comment = None;
    match &mut constraint.definition {
        ConstraintDefinition::PrimaryKey(key) | ConstraintDefinition::Unique(key) => {
            key.partitions.clear();
        }
        ConstraintDefinition::Exclusion(exclusion) => path = exclusion.path.clone(),
        ConstraintDefinition::Check { .. } | ConstraintDefinition::ForeignKey(_) => {}
    }
    let draft = ConstraintDraft { name: None, constraint, target: None, using_index: None, span };
    let outer = std::mem::replace(&mut cx.path, path);
    let added = super::table::add_constraint(cx, table, draft, false);
    cx.path = outer;
    added.map(|_| ())
}

fn keep_indexes(cx: &mut Interpreter<'_>, table: &QualifiedName, parent: &QualifiedName) {
    let of = |cx: &Interpreter<'_>, relation: &QualifiedName| -> Vec<(ObjectId, Index, Span)> {
        let entries = cx.schema.objects.entries_naming(&relation.name);
        let own = entries.filter_map(|(id, entry)| {
            let index = <&Index>::try_from(&entry.object).ok()?;
            (index.relation == *relation).then(|| (id.clone(), index.clone(), entry.origin.span))
        });
        own.collect()
    };
    let own = of(cx, table);
    for (id, mut index, span) in of(cx, parent) {
        let on_only = id.qualified_name().is_some_and(|name| cx.only_indexes.contains(name));
        if on_only || own.iter().any(|(_, own, _)| super::finish::same_index(own, &index)) {
            continue;
        }
        index.relation = table.clone();
        index.partitions.clear();
        index.statistics.clear();
        let name = table.sibling(super::index::choose_name(cx, &index));
        cx.put(ObjectId::Index(name), Entry::new(index.into(), span));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{differ, same};

    const PARENT: &str = "CREATE TABLE p (a int CONSTRAINT nn NOT NULL, b int, c int, CONSTRAINT k CHECK (b > 0)); CREATE TABLE h () INHERITS (p);";

    #[test]
    fn what_is_dropped_from_only_a_table_stays_with_its_children() {
        same(
            &[PARENT, "ALTER TABLE ONLY p DROP CONSTRAINT k; ALTER TABLE ONLY p DROP COLUMN c;"]
                .concat(),
            "CREATE TABLE p (a int CONSTRAINT nn NOT NULL, b int); CREATE TABLE h (c int, CONSTRAINT k CHECK (b > 0)) INHERITS (p);",
        );
        same(
            &[PARENT, "ALTER TABLE ONLY p DROP CONSTRAINT nn;"].concat(),
            "CREATE TABLE p (a int, b int, c int, CONSTRAINT k CHECK (b > 0)); CREATE TABLE h (CONSTRAINT nn NOT NULL a) INHERITS (p);",
        );
        differ(
            &[PARENT, "ALTER TABLE ONLY p DROP CONSTRAINT k;"].concat(),
            &[PARENT, "ALTER TABLE p DROP CONSTRAINT k;"].concat(),
        );
    }

    #[test]
    fn a_column_of_two_parents_goes_with_the_last() {
        let two = "CREATE TABLE p (b int, a int); CREATE TABLE q (a int); CREATE TABLE h () INHERITS (p, q);";
        same(
            &[two, "ALTER TABLE p DROP COLUMN a;"].concat(),
            "CREATE TABLE p (b int); CREATE TABLE q (a int); CREATE TABLE h () INHERITS (p, q);",
        );
        same(
            &[two, "ALTER TABLE p DROP COLUMN a; ALTER TABLE q DROP COLUMN a;"].concat(),
            "CREATE TABLE p (b int); CREATE TABLE q (); CREATE TABLE h () INHERITS (p, q);",
        );
    }

    #[test]
    fn children_get_not_null_with_the_key_and_keep_their_own() {
        same(
            &[PARENT, "ALTER TABLE p ADD PRIMARY KEY (b);"].concat(),
            &[
                PARENT,
                "ALTER TABLE h ALTER b SET NOT NULL; ALTER TABLE ONLY p ADD PRIMARY KEY (b);",
            ]
            .concat(),
        );
        same(
            "CREATE TABLE p (a int); CREATE TABLE h (a int CONSTRAINT own NOT NULL) INHERITS (p); ALTER TABLE p ADD CONSTRAINT nn NOT NULL a NOT VALID;",
            "CREATE TABLE p (a int); ALTER TABLE p ADD CONSTRAINT nn NOT NULL a NOT VALID; CREATE TABLE h (a int CONSTRAINT own NOT NULL) INHERITS (p);",
        );
        differ(
            "CREATE TABLE p (a int); CREATE TABLE h () INHERITS (p); ALTER TABLE p ADD CONSTRAINT nn NOT NULL a NOT VALID;",
            "CREATE TABLE p (a int); ALTER TABLE p ADD CONSTRAINT nn NOT NULL a NOT VALID; CREATE TABLE h () INHERITS (p);",
        );
    }

    #[test]
    fn not_null_constraints_are_altered_by_name() {
        let before = "CREATE TABLE p (a int NOT NULL NO INHERIT); CREATE TABLE h () INHERITS (p);";
        same(
            &[before, "ALTER TABLE p ALTER CONSTRAINT p_a_not_null INHERIT;"].concat(),
            "CREATE TABLE p (a int NOT NULL); CREATE TABLE h () INHERITS (p);",
        );
        same(
            "CREATE TABLE p (a int NOT NULL); CREATE TABLE c (LIKE p); ALTER TABLE c DROP CONSTRAINT p_a_not_null;",
            "CREATE TABLE p (a int NOT NULL); CREATE TABLE c (a int);",
        );
    }
}
