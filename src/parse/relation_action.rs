//! The commands of `ALTER TABLE` applied to what is no table: views, materialized
//! views, indexes, sequences, and the indexes of constraints.

use super::alter_table::{Action, not_for};
use super::interpreter::Interpreter;
use crate::model::{
    Child, ColumnDefault, Constraint, ConstraintDefinition, Facet, Ident, Index, MaterializedView,
    Name, ObjectId, Place, Problem, QualifiedName, Sequence, Span,
};

/// Applies one command to a relation that is no table.
pub(super) fn apply(
    cx: &mut Interpreter<'_>,
    id: &ObjectId,
    action: Action,
    span: Span,
) -> Result<(), Problem> {
    if let Action::Owner(owner) = &action {
        return super::owner::set_owner(cx, id, owner, span);
    }
    match id {
        ObjectId::View(name) => view(cx, id, name, action, span),
        ObjectId::MaterializedView(name) => materialized_view(cx, id, name, action, span),
        ObjectId::Index(name) => index(cx, id, name, action, span),
        ObjectId::Sequence(name) => sequence(cx, id, name, &action, span),
        _no_other_relation_is_altered_so => match id.qualified_name() {
            Some(name) => Err(not_for(id.kind().label(), name)),
            None => Ok(()),
        },
    }
}

fn view(
    cx: &mut Interpreter<'_>,
    id: &ObjectId,
    name: &QualifiedName,
    action: Action,
    span: Span,
) -> Result<(), Problem> {
    match action {
        Action::ColumnDefault { column, default } => {
            super::view::alter_column_default(cx, name, &column, default, span)
        }
        Action::Options { set, reset } => options(cx, id, &set, &reset, span),
        Action::Rule { name: rule, enabled } => {
            super::rule::set_enabled(cx, name, &rule, enabled, span)
        }
        Action::Trigger { name: trigger, enabled } => {
            super::table_action::set_trigger(cx, name, &trigger, enabled, true, span)
        }
        Action::ReplicaIdentity(_) | Action::Nothing => Ok(()),
        _other => Err(not_for("a view", name)),
    }
}

fn options(
    cx: &mut Interpreter<'_>,
    id: &ObjectId,
    set: &std::collections::BTreeMap<Ident, Box<str>>,
    reset: &[Ident],
    span: Span,
) -> Result<(), Problem> {
    for (name, value) in set {
        super::view::set_option(cx, id, name, value, span)?;
    }
    for name in reset {
        super::view::reset_option(cx, id, name);
    }
    Ok(())
}

fn materialized_view(
    cx: &mut Interpreter<'_>,
    id: &ObjectId,
    name: &QualifiedName,
    action: Action,
    span: Span,
) -> Result<(), Problem> {
    let mut column_option = |column: &Ident, attribute: &str, value: Option<&str>| {
        super::view::set_column_option(cx, name, column, attribute, value, span)
    };
    match &action {
        Action::Options { set, reset } => return options(cx, id, set, reset, span),
        Action::Statistics { column, target, .. } => {
            let target = target.map(|target| target.to_string());
            return column_option(column, "statistics", target.as_deref());
        }
        Action::Storage { column, storage } => {
            return column_option(column, "storage", Some(storage.as_str()));
        }
        Action::Compression { column, method } => {
            return column_option(column, "compression", method.as_ref().map(Ident::as_str));
        }
        Action::ColumnOptions { column, set, reset } => {
            for (option, value) in set {
                column_option(column, option.as_str(), Some(value))?;
            }
            for option in reset {
                column_option(column, option.as_str(), None)?;
            }
            return Ok(());
        }
        _about_the_view_itself => {}
    }
    let Some((view, origin)) = cx.object_mut::<MaterializedView>(id) else {
        return Ok(());
    };
    let facet = match action {
        Action::Tablespace(space) => {
            view.tablespace = Some(space).filter(|space| *space != "pg_default");
            Facet::Tablespace
        }
        Action::AccessMethod(method) => {
            view.access_method = method.filter(|method| *method != "heap");
            Facet::AccessMethod
        }
        Action::ClusterOn(index) => {
            view.cluster_on = index;
            Facet::ClusterOn
        }
        Action::ReplicaIdentity(_) | Action::Nothing => return Ok(()),
        _other => return Err(not_for("a materialized view", name)),
    };
    origin.record(Place::facet(facet), span);
    Ok(())
}

fn index(
    cx: &mut Interpreter<'_>,
    id: &ObjectId,
    name: &QualifiedName,
    action: Action,
    span: Span,
) -> Result<(), Problem> {
    if let Action::AttachPartition { partition, .. } = &action {
        return attach(cx, name, partition);
    }
    let Some((index, origin)) = cx.object_mut::<Index>(id) else {
        return Ok(());
    };
    let facet = match action {
        Action::Options { set, reset } => {
            index.options.extend(set);
            index.options.retain(|name, _| !reset.contains(name));
            Facet::Option
        }
        Action::Tablespace(space) => {
            index.tablespace = Some(space).filter(|space| *space != "pg_default");
            Facet::Tablespace
        }
        Action::Statistics { column, number, target } => {
            let number = number.or_else(|| index_column(index, &column));
            if let Some(number) = number {
                match target {
                    Some(target) => index.statistics.insert(number, target),
                    None => index.statistics.remove(&number),
                };
            }
            Facet::StatisticsTarget
        }
        Action::Nothing => return Ok(()),
        _other => return Err(not_for("an index", name)),
    };
    origin.record(Place::facet(facet), span);
    Ok(())
}

/// The number of an index column by its name.
fn index_column(index: &Index, column: &Ident) -> Option<i16> {
    let names = super::index::key_names(&index.keys, &index.include);
    let at = names.iter().position(|name| *name == column.as_str())?;
    i16::try_from(at + 1).ok()
}

fn attach(cx: &mut Interpreter<'_>, parent: &QualifiedName, part: &Name) -> Result<(), Problem> {
    let Some((part_name, _)) = cx.find_relation(part) else {
        return Err(super::interpreter::missing("index", part));
    };
    cx.attachments.push((part_name, parent.clone()));
    Ok(())
}

fn sequence(
    cx: &mut Interpreter<'_>,
    id: &ObjectId,
    name: &QualifiedName,
    action: &Action,
    span: Span,
) -> Result<(), Problem> {
    let Some((sequence, origin)) = cx.object_mut::<Sequence>(id) else {
        return Ok(());
    };
    match action {
        Action::Logged(logged) => {
            sequence.unlogged = !logged;
            origin.record(Place::facet(Facet::Persistence), span);
            Ok(())
        }
        Action::Nothing => Ok(()),
        _other => Err(not_for("a sequence", name)),
    }
}

/// A command on the index of a constraint.
pub(super) fn constraint_index(
    cx: &mut Interpreter<'_>,
    child: &Child,
    index: &QualifiedName,
    (action, span): (&Action, Span),
) -> Result<(), Problem> {
    if let Action::AttachPartition { partition, .. } = action {
        return attach(cx, index, partition);
    }
    let id = ObjectId::Constraint(child.clone());
    let Some((constraint, origin)) = cx.object_mut::<Constraint>(&id) else {
        return Ok(());
    };
    let (options, tablespace) = match &mut constraint.definition {
        ConstraintDefinition::PrimaryKey(key) | ConstraintDefinition::Unique(key) => {
            (&mut key.options, &mut key.tablespace)
        }
        ConstraintDefinition::Exclusion(exclusion) => {
            (&mut exclusion.options, &mut exclusion.tablespace)
        }
        ConstraintDefinition::Check { .. } | ConstraintDefinition::ForeignKey(_) => return Ok(()),
    };
    match action {
        Action::Options { set, reset } => {
            options.extend(set.clone());
            options.retain(|name, _| !reset.contains(name));
            for name in set.keys().chain(reset) {
                origin.record(Place::part_facet(name, Facet::Option), span);
            }
        }
        Action::Tablespace(space) => {
            *tablespace = Some(space.clone()).filter(|space| *space != "pg_default");
            origin.record(Place::facet(Facet::Tablespace), span);
        }
        Action::Nothing | Action::Owner(_) => {}
        _other => return Err(not_for("the index of a constraint", index)),
    }
    Ok(())
}

/// A command on the sequence of an identity column.
pub(super) fn identity_sequence(
    cx: &mut Interpreter<'_>,
    child: &Child,
    action: &Action,
) -> Result<(), Problem> {
    let Some((table, _)) = cx.table_mut(&child.parent) else {
        return Ok(());
    };
    let Some(column) = table.column_mut(&child.name) else {
        return Ok(());
    };
    let Some(ColumnDefault::Identity { sequence, .. }) = &mut column.default else {
        return Ok(());
    };
    match action {
        Action::Logged(logged) => sequence.unlogged = !logged,
        // Its owner is that of the table.
        Action::Owner(_) | Action::Nothing => {}
        _other => return Err(not_for("the sequence of an identity column", &child.parent)),
    }
    Ok(())
}
