//! What a new name of a column changes elsewhere: keys, indexes, the columns of other
//! objects, and code, as far as it is certain that the column is meant there.

use super::column_scope::{ColumnRename, Known};
use super::interpreter::Interpreter;
use super::references::code;
use super::rename::rename_attribute;
use crate::model::{
    Child, ConstraintDefinition, Facet, Ident, Object, ObjectId, Place, Problem, ProblemCode,
    QualifiedName, Span,
};

/// A column of a relation, or an attribute, gets another name.
pub(super) fn follow_column(
    cx: &mut Interpreter<'_>,
    id: &ObjectId,
    from: &Ident,
    to: &Ident,
    span: Span,
) -> Result<(), Problem> {
    match id {
        ObjectId::Table(name) => {
            let mut tables = vec![name.clone()];
            tables.extend(cx.heirs(name));
            for table in &tables {
                super::freeze::freeze_over(cx, table, span);
            }
            for table in tables {
                rename_table_column(cx, &table, from, to, span)?;
            }
        }
        ObjectId::View(name) | ObjectId::MaterializedView(name) => {
            super::freeze::freeze_over(cx, name, span);
            super::freeze::freeze(cx, id);
            let known = Known::new(cx, name, from);
            rename_view_column(cx, id, from, to)?;
            follow_in_others(cx, name, from, to, &known, span);
        }
        _composite => rename_attribute(cx, id, from, to),
    }
    Ok(())
}

fn rename_table_column(
    cx: &mut Interpreter<'_>,
    name: &QualifiedName,
    from: &Ident,
    to: &Ident,
    span: Span,
) -> Result<(), Problem> {
    let known = Known::new(cx, name, from);
    let Some((table, origin)) = cx.table_mut(name) else { return Ok(()) };
    if table.column(to).is_some() {
        let message = format!("column \"{}\" already exists", to.as_str());
        return Err(Problem::new(ProblemCode::Duplicate, message));
    }
    if let Some(column) = table.column_mut(from) {
        column.name = to.clone();
    }
    for (place, _) in &mut origin.parts {
        if place.part.as_ref() == Some(from) {
            place.part = Some(to.clone());
        }
    }
    origin.record(Place { part: Some(to.clone()), facet: None::<Facet> }, span);
    let renamed = Child::new(name.clone(), to.clone());
    cx.follow_identity_column(&Child::new(name.clone(), from.clone()), renamed);
    follow_in_others(cx, name, from, to, &known, span);
    Ok(())
}

/// Renames a column of a relation in the objects that name the relation.
fn follow_in_others(
    cx: &mut Interpreter<'_>,
    name: &QualifiedName,
    from: &Ident,
    to: &Ident,
    known: &Known,
    span: Span,
) {
    let mut uncertain = Vec::new();
    for id in cx.schema.objects.naming(&name.name) {
        // A view does not read from itself.
        if matches!(id, ObjectId::View(_) | ObjectId::MaterializedView(_))
            && id.qualified_name() == Some(name)
        {
            continue;
        }
        // It is out of the schema while it is changed, as nothing in it names itself.
        let Some(mut entry) = cx.schema.objects.remove(&id) else { continue };
        rename_in_object(&id, &mut entry.object, name, from, to);
        let mut columns = ColumnRename::new(cx, known, &id, name, from, to);
        // What the whole object is on is in scope in its expressions.
        columns.begin(&entry.object);
        code(&mut entry.object, &mut |code, path| columns.code(code, path));
        if columns.uncertain {
            uncertain.push((super::address::describe(&id), entry.origin.span));
        }
        cx.schema.objects.insert(id, entry);
    }
    for (what, place) in uncertain {
        let message = format!(
            "whether {what} uses column \"{}\" of {} under its old name cannot be told offline",
            from.as_str(),
            super::interpreter::shown(&name.clone().into()),
        );
        let problem =
            Problem::new(ProblemCode::NotModelled, message).at(place).related("renamed here", span);
        cx.warnings
            .push(problem.help("qualify the column, or write the new name in a source of its own"));
    }
}

/// Views, policies, rules and routines whose code uses a column of a table.
pub(super) fn users_of_column(
    cx: &mut Interpreter<'_>,
    name: &QualifiedName,
    column: &Ident,
    span: Span,
) -> Vec<ObjectId> {
    // `*` means the columns that were there when it was written.
    super::freeze::freeze_over(cx, name, span);
    // What would change if the column got a name that nothing can have.
    let other = Ident::new("\0");
    let known = Known::new(cx, name, column);
    let mut found = Vec::new();
    for id in cx.schema.objects.naming(&name.name) {
        let has_column = match &id {
            ObjectId::View(view) | ObjectId::MaterializedView(view) => view != name,
            ObjectId::Policy(_)
            | ObjectId::Rule(_)
            | ObjectId::Trigger(_)
            | ObjectId::Routine(_) => true,
            _with_the_column_or_its_table => false,
        };
        let Some(entry) = cx.schema.objects.get(&id).filter(|_| has_column) else { continue };
        let mut object = entry.object.clone();
        rename_in_object(&id, &mut object, name, column, &other);
        let mut columns = ColumnRename::new(cx, &known, &id, name, column, &other);
        columns.begin(&object);
        code(&mut object, &mut |code, path| columns.code(code, path));
        if columns.uncertain {
            let message = format!(
                "whether {} uses column \"{}\" of {} cannot be told offline",
                super::address::describe(&id),
                column.as_str(),
                super::interpreter::shown(&name.clone().into()),
            );
            let place = entry.origin.span;
            let problem = Problem::new(ProblemCode::NotModelled, message).at(place);
            cx.warnings.push(problem.related("dropped here", span).help("qualify the column"));
        } else if object != entry.object {
            found.push(id);
        }
    }
    found
}

/// Replaces a column of a table where it is named outside of code.
fn rename_in_object(
    id: &ObjectId,
    object: &mut Object,
    table: &QualifiedName,
    from: &Ident,
    to: &Ident,
) {
    let change = |column: &mut Ident| {
        if column == from {
            *column = to.clone();
        }
    };
    let set = |columns: &mut std::collections::BTreeSet<Ident>| {
        if columns.remove(from) {
            columns.insert(to.clone());
        }
    };
    let own = id.parent() == Some(table);
    match object {
        Object::Constraint(constraint) => match &mut constraint.definition {
            ConstraintDefinition::PrimaryKey(key) | ConstraintDefinition::Unique(key) if own => {
                key.columns.iter_mut().chain(&mut key.include).for_each(change);
            }
            ConstraintDefinition::ForeignKey(key) => {
                if own {
                    key.columns.iter_mut().chain(&mut key.delete_columns).for_each(change);
                }
                if key.target == *table {
                    key.target_columns.iter_mut().for_each(change);
                }
            }
            ConstraintDefinition::Exclusion(exclusion) if own => {
                exclusion.include.iter_mut().for_each(change);
            }
            ConstraintDefinition::PrimaryKey(_)
            | ConstraintDefinition::Unique(_)
            | ConstraintDefinition::Exclusion(_)
            | ConstraintDefinition::Check { .. } => {}
        },
        Object::Index(index) if index.relation == *table => {
            index.include.iter_mut().for_each(change);
        }
        Object::Statistics(statistics) if statistics.relation == *table => {
            set(&mut statistics.columns);
        }
        Object::Trigger(trigger) if own => set(&mut trigger.update_columns),
        Object::Sequence(sequence) => {
            if let Some((owner, column)) = &mut sequence.owned_by
                && owner == table
            {
                change(column);
            }
        }
        Object::Publication(publication) => {
            if let Some(published) = publication.tables.get_mut(table) {
                set(&mut published.columns);
            }
        }
        _names_no_columns => {}
    }
}

/// A column of a view: its output gets an alias.
fn rename_view_column(
    cx: &mut Interpreter<'_>,
    id: &ObjectId,
    from: &Ident,
    to: &Ident,
) -> Result<(), Problem> {
    let not_known = || {
        Problem::new(
            ProblemCode::NotModelled,
            "which output column of the view is renamed takes analysis",
        )
        .help("create the view with its new column names")
    };
    let (query, columns, notes, defaults) =
        match cx.schema.objects.get_mut(id).map(|entry| &mut entry.object) {
            Some(Object::View(view)) => (
                &mut view.query.value,
                &mut view.columns,
                &mut view.column_notes,
                Some(&mut view.defaults),
            ),
            Some(Object::MaterializedView(view)) => {
                (&mut view.query.value, &mut view.columns, &mut view.column_notes, None)
            }
            _another => return Ok(()),
        };
    if columns.is_empty() && matches!(query.body.as_ref(), crate::model::QueryBody::Values(_)) {
        // No item of a list of rows can be given a name.
        *columns = super::column_scope::outputs(query).unwrap_or_default();
    }
    if let Some(column) = columns.iter_mut().find(|column| *column == from) {
        *column = to.clone();
    } else if !super::view::rename_output(query, from, to) {
        return Err(not_known());
    }
    if let Some(note) = notes.remove(from) {
        notes.insert(to.clone(), note);
    }
    if let Some(defaults) = defaults
        && let Some(default) = defaults.remove(from)
    {
        defaults.insert(to.clone(), default);
    }
    Ok(())
}
