//! A normalized schema as SQL that psql can load.
//!
//! The same schema always gives the same text, whatever order its source had. What
//! needs something else comes after it: see `order.rs`.

mod executable;
mod needs;
mod order;
mod yaml;

use std::collections::HashMap;

use crate::emit::report::object_name;
use crate::emit::sql::{SqlWriter, Style};
use crate::model::{
    Child, Column, Constraint, ConstraintDefinition, Entry, Ident, Kind, Object, ObjectId,
    QualifiedName, Table,
};
use crate::normalize::{NormalObject, NormalSchema};
use executable::{Names, executable, under};
use needs::{Need, needs};
use order::Item;
pub(crate) use order::Rank as CreationRank;
use order::Rank;

/// What comes before everything else: all names are written out, bodies are checked
/// when they run.
const HEADER: &str = "SELECT pg_catalog.set_config('search_path', '', false);\n\
                      SET check_function_bodies = false;\n\n";

pub use yaml::yaml;

/// The schema as a script.
pub fn sql(schema: &NormalSchema) -> String {
    let mut out = HEADER.to_owned();
    with_items(schema, &mut |item| out.push_str(&item.text));
    out
}

/// Hands over all statements in the order in which they run.
fn with_items(schema: &NormalSchema, take: &mut dyn FnMut(&Item<'_>)) {
    let mut items = Vec::new();
    let context = Context { schema, partitions: partitions(schema), names: Names::of(schema) };
    let forms: Vec<_> =
        schema.iter().map(|(id, object)| (id, object, executable(object))).collect();
    for (id, object, form) in &forms {
        items_of(id, object, form, &context, &mut items);
    }
    for item in order::order(items) {
        take(&item);
    }
}

/// What the statements of an object depend on besides the object.
struct Context<'a> {
    schema: &'a NormalSchema,
    partitions: Partitions<'a>,
    names: Names<'a>,
}

/// The direct partitions of each partitioned table.
type Partitions<'a> = HashMap<&'a QualifiedName, Vec<&'a QualifiedName>>;

fn partitions(schema: &NormalSchema) -> Partitions<'_> {
    let mut partitions = Partitions::new();
    for (id, object) in schema {
        if let (ObjectId::Table(name), Object::Table(table)) = (id, object.object())
            && let Some(of) = &table.partition_of
        {
            partitions.entry(&of.parent).or_default().push(name);
        }
    }
    partitions
}

/// All statements that an object needs.
fn items_of<'a>(
    id: &'a ObjectId,
    object: &'a NormalObject,
    form: &'a Object,
    context: &Context<'a>,
    items: &mut Vec<Item<'a>>,
) {
    let Context { schema, partitions, names } = context;
    let is_domain = match id {
        ObjectId::Constraint(child) => {
            schema.get(&ObjectId::Domain(child.parent.clone())).is_some()
        }
        _other => false,
    };
    let mut add = |rank: Rank, needs: Vec<Need<'a>>, write: &dyn Fn(&mut SqlWriter)| {
        let mut writer = SqlWriter::new(Style::LINES);
        write(&mut writer);
        let text = writer.finish();
        if !text.is_empty() {
            items.push(Item { rank, id, needs, text });
        }
    };
    match (id, form) {
        (ObjectId::Constraint(child), Object::Constraint(constraint)) => {
            let rank = constraint_rank(constraint);
            let write = |w: &mut SqlWriter| w.add_constraint(child, constraint, is_domain);
            add(rank, needs(form), &write);
        }
        (ObjectId::Index(name), Object::Index(index)) => {
            let all = partitions.get(&index.relation).map(Vec::as_slice).unwrap_or_default();
            let has_part = |partition: &&QualifiedName| index.partitions.contains_key(*partition);
            let attached: Vec<&QualifiedName> = all.iter().copied().filter(has_part).collect();
            add(Rank::Index, needs(form), &|w| {
                if attached.len() == all.len() {
                    w.create_index(name, index);
                } else {
                    w.create_index_only(name, index, &attached);
                }
            });
        }
        (ObjectId::Namespace(name), _) if *name == "public" => {}
        (ObjectId::Role(name), Object::Role(role)) => {
            add(Rank::Role, Vec::new(), &|w| create_as(w, id, form, object.entry()));
            add(Rank::Settings, Vec::new(), &|w| w.role_settings(name, role));
        }
        (ObjectId::MaterializedView(name), Object::MaterializedView(view)) => {
            let needs = needs(form);
            let path = names.path_for(form, &needs);
            add(Rank::View, needs, &|w| under(w, path, |w| create_as(w, id, form, object.entry())));
            add(Rank::Settings, Vec::new(), &|w| w.materialized_view_settings(name, view));
        }
        (ObjectId::BaseType(name), Object::BaseType(base)) if !base.shell => {
            add(Rank::Shell, Vec::new(), &|w| w.create_shell(name));
            add(Rank::Type, needs(form), &|w| create_as(w, id, form, object.entry()));
        }
        (ObjectId::Table(name), Object::Table(table)) => {
            add(Rank::Table, needs(form), &|w| create_as(w, id, form, object.entry()));
            add(Rank::Attributes, Vec::new(), &|w| w.table_attributes(name, table));
            add(Rank::Defaults, needs::defaults(table), &|w| defaults(w, name, table));
            add(Rank::Settings, Vec::new(), &|w| w.table_settings(name, table));
        }
        (ObjectId::Sequence(name), Object::Sequence(sequence)) => {
            add(Rank::Sequence, Vec::new(), &|w| create_as(w, id, form, object.entry()));
            add(Rank::Defaults, Vec::new(), &|w| w.sequence_owner(name, sequence));
        }
        _other => {
            let needs = needs(form);
            let path = names.path_for(form, &needs);
            add(rank(id.kind()), needs, &|w| {
                under(w, path, |w| create_as(w, id, form, object.entry()));
            });
        }
    }
    add(Rank::Said, Vec::new(), &|w| said(w, id, object.entry(), is_domain));
}

/// The statement that creates the object, or a comment that it cannot be written.
/// In the form given, with its owner.
pub(crate) fn create_as(writer: &mut SqlWriter, id: &ObjectId, object: &Object, entry: &Entry) {
    if writer.create(id, object) {
        writer.owner(id, entry);
    } else {
        let text = format!("not written: {} {}", id.kind().label(), object_name(id));
        writer.comment(&text);
    }
}

fn defaults(writer: &mut SqlWriter, name: &QualifiedName, table: &Table) {
    for column in &table.columns {
        writer.column_default(name, column);
    }
}

/// Owner, privileges, comments: of the object and of its columns.
pub(crate) fn said(writer: &mut SqlWriter, id: &ObjectId, entry: &Entry, is_domain: bool) {
    writer.said(id, entry, is_domain);
    match (id, &entry.object) {
        (ObjectId::Table(name), Object::Table(table)) => {
            for column in &table.columns {
                said_of_column(writer, (id, entry), name, column);
            }
        }
        (ObjectId::View(name), Object::View(view)) => {
            for (column, note) in &view.column_notes {
                note_of_column(writer, (id, entry), name, column, note);
            }
        }
        (ObjectId::MaterializedView(name), Object::MaterializedView(view)) => {
            for (column, note) in &view.column_notes {
                note_of_column(writer, (id, entry), name, column, note);
            }
        }
        (ObjectId::Composite(name), Object::Composite(composite)) => {
            for attribute in &composite.attributes {
                let on = |w: &mut SqlWriter| column_reference(w, name, &attribute.name);
                writer.comment_on(on, attribute.comment.as_deref());
            }
        }
        (ObjectId::Constraint(child), Object::Constraint(constraint)) => {
            let on = |w: &mut SqlWriter| index_reference(w, child);
            writer.comment_on(on, constraint.index_comment.as_deref());
        }
        _no_columns => {}
    }
}

/// `INDEX s.i`, the index of a constraint.
pub(crate) fn index_reference(writer: &mut SqlWriter, constraint: &Child) {
    writer.sql("INDEX ").qualified(&constraint.parent.sibling(constraint.name.clone()));
}

pub(crate) fn said_of_column(
    writer: &mut SqlWriter,
    (id, entry): (&ObjectId, &Entry),
    table: &QualifiedName,
    column: &Column,
) {
    let on = |w: &mut SqlWriter| column_reference(w, table, &column.name);
    writer.comment_on(on, column.comment.as_deref());
    writer.labels_on(on, &column.details.labels);
    if let Some(acl) = &column.details.acl {
        let owner = entry.owner.as_ref();
        writer.column_privileges(id, &entry.object, &column.name, acl, owner);
    }
    let Some(not_null) = &column.not_null else { return };
    if let Some(name) = &not_null.name {
        let id = ObjectId::Constraint(Child::new(table.clone(), Ident::clone(name)));
        let on = |w: &mut SqlWriter| w.reference(&id, &entry.object, false);
        writer.comment_on(on, not_null.comment.as_deref());
    }
}

fn note_of_column(
    writer: &mut SqlWriter,
    (id, entry): (&ObjectId, &Entry),
    view: &QualifiedName,
    column: &Ident,
    note: &crate::model::ColumnNote,
) {
    let on = |w: &mut SqlWriter| column_reference(w, view, column);
    writer.comment_on(on, note.comment.as_deref());
    writer.labels_on(on, &note.labels);
    if let Some(acl) = &note.acl {
        writer.column_privileges(id, &entry.object, column, acl, entry.owner.as_ref());
    }
}

/// `COLUMN s.t.c`.
pub(crate) fn column_reference(writer: &mut SqlWriter, relation: &QualifiedName, column: &Ident) {
    writer.sql("COLUMN ").qualified(relation);
    writer.sql(".").ident(column);
}

/// Keys first: foreign keys and views may rely on them.
pub(crate) fn constraint_rank(constraint: &Constraint) -> Rank {
    match constraint.definition {
        ConstraintDefinition::Check { .. }
        | ConstraintDefinition::PrimaryKey(_)
        | ConstraintDefinition::Unique(_)
        | ConstraintDefinition::Exclusion(_) => Rank::Constraint,
        ConstraintDefinition::ForeignKey(_) => Rank::ForeignKey,
    }
}

/// Where the creation of a kind stands when nothing else decides.
pub(crate) fn rank(kind: Kind) -> Rank {
    match kind {
        Kind::Role => Rank::Role,
        Kind::Namespace => Rank::Namespace,
        Kind::Extension => Rank::Extension,
        Kind::Collation | Kind::Conversion => Rank::Shell,
        Kind::Enum | Kind::Domain | Kind::Composite | Kind::Range | Kind::BaseType => Rank::Type,
        Kind::Sequence => Rank::Sequence,
        Kind::ForeignDataWrapper | Kind::Server | Kind::UserMapping => Rank::ForeignData,
        Kind::Language
        | Kind::AccessMethod
        | Kind::Routine
        | Kind::Aggregate
        | Kind::Operator
        | Kind::OperatorFamily
        | Kind::OperatorClass
        | Kind::Cast
        | Kind::Transform
        | Kind::TextSearchParser
        | Kind::TextSearchTemplate
        | Kind::TextSearchDictionary
        | Kind::TextSearchConfiguration => Rank::Routine,
        Kind::Table | Kind::Column => Rank::Table,
        Kind::Constraint => Rank::Constraint,
        Kind::View | Kind::MaterializedView => Rank::View,
        Kind::Index => Rank::Index,
        Kind::Rule | Kind::Trigger | Kind::Policy | Kind::Statistics => Rank::OnTable,
        Kind::Publication | Kind::Subscription | Kind::EventTrigger => Rank::Database,
        Kind::DefaultPrivileges => Rank::Last,
    }
}
