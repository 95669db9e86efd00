//! Where comments, privileges and security labels of an object are kept.
//!
//! Most objects have an [`Entry`] for them. Columns, NOT NULL constraints and the
//! sequences of identity columns are parts of another object and keep theirs there.

use pg_query::protobuf::ObjectType;

use super::address::Address;
use super::interpreter::{Interpreter, Relation};
use super::names::{make_object_name, not_null_column};
use crate::model::{
    Acl, AclClass, Child, Composite, Constraint, Domain, Entry, Facet, Grantee, Ident, NotNull,
    Object, ObjectId, Place, Problem, ProblemCode, Span, Table,
};

/// What a comment, a privilege or a label is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Annotated {
    /// An object with an entry of its own.
    Object(ObjectId),
    /// A column of a table, view or materialized view, or an attribute.
    Column(ObjectId, Ident),
    /// The NOT NULL constraint of a column of a table.
    NotNull(ObjectId, Ident),
    /// The NOT NULL constraint of a domain.
    DomainNotNull(ObjectId),
    /// The sequence of an identity column.
    IdentitySequence(ObjectId, Ident),
    /// The index of a constraint.
    ConstraintIndex(Child),
}

/// What an address means, when it exists.
pub(super) fn annotated(
    cx: &Interpreter<'_>,
    kind: ObjectType,
    address: &Address,
) -> Option<Annotated> {
    match address {
        Address::Relation(name) => match cx.find_relation(name)?.1 {
            Relation::Object(id) => Some(Annotated::Object(id.clone())),
            Relation::ConstraintIndex(child) => Some(Annotated::ConstraintIndex(child.clone())),
            Relation::IdentitySequence(child) => {
                let table = ObjectId::Table(child.parent.clone());
                Some(Annotated::IdentitySequence(table, child.name.clone()))
            }
        },
        Address::Column(relation, column) => {
            let (_, id) = cx.relation(relation).ok()?;
            has_column(cx, &id, column).then(|| Annotated::Column(id, column.clone()))
        }
        Address::Child(_, relation, name) if kind == ObjectType::ObjectTabconstraint => {
            let own = address.find(cx).map(Annotated::Object);
            own.or_else(|| {
                let (table, id) = cx.relation(relation).ok()?;
                let column = not_null_column(cx.table(&table)?, &table, name)?;
                Some(Annotated::NotNull(id, column))
            })
        }
        Address::DomainConstraint(ty, name) => {
            address.find(cx).map(Annotated::Object).or_else(|| {
                let id = cx.find_type(&ty.name)?;
                let domain = cx.object::<Domain>(&id)?;
                let implicit =
                    make_object_name(id.qualified_name()?.name.as_str(), None, "not_null");
                let not_null = domain.not_null.as_ref()?;
                let found = not_null.name.as_deref().unwrap_or(&implicit) == name;
                found.then_some(Annotated::DomainNotNull(id))
            })
        }
        other => other.find(cx).map(Annotated::Object),
    }
}

/// True when the relation has the column; views are not asked, as their columns are
/// only known after analysis.
fn has_column(cx: &Interpreter<'_>, id: &ObjectId, column: &Ident) -> bool {
    match cx.schema.objects.get(id).map(|entry| &entry.object) {
        Some(Object::Table(table)) => table.column(column).is_some(),
        Some(Object::Composite(ty)) => {
            ty.attributes.iter().any(|attribute| attribute.name == *column)
        }
        Some(Object::View(_) | Object::MaterializedView(_)) => true,
        _other_relations_have_no_columns => false,
    }
}

/// What is kept of an object, to be changed.
pub(super) struct Notes<'s> {
    /// The comment.
    pub comment: &'s mut Option<Box<str>>,
    /// Privileges and labels, for what can have them.
    pub rights: Option<Rights<'s>>,
}

/// Privileges and labels, to be changed.
pub(super) struct Rights<'s> {
    /// Privileges; `None` when they are the default.
    pub acl: &'s mut Option<Acl>,
    /// Security labels by provider.
    pub labels: &'s mut std::collections::BTreeMap<Ident, Box<str>>,
}

impl Annotated {
    /// The object whose entry holds the notes.
    pub fn holder(&self) -> ObjectId {
        match self {
            Self::Object(id)
            | Self::Column(id, _)
            | Self::NotNull(id, _)
            | Self::DomainNotNull(id)
            | Self::IdentitySequence(id, _) => id.clone(),
            Self::ConstraintIndex(child) => ObjectId::Constraint(child.clone()),
        }
    }

    /// The class of its privileges.
    pub fn class(&self, cx: &Interpreter<'_>) -> Option<AclClass> {
        match self {
            Self::Object(id) => AclClass::of_object(&cx.schema.objects.get(id)?.object),
            Self::Column(..) => Some(AclClass::Column),
            Self::IdentitySequence(..) => Some(AclClass::Sequence),
            Self::NotNull(..) | Self::DomainNotNull(_) | Self::ConstraintIndex(_) => None,
        }
    }

    /// Where the place of a facet of it is recorded.
    pub fn place(&self, facet: Facet, key: Option<&Grantee>) -> Place {
        match (self, key) {
            (Self::Object(_), Some(grantee)) => Place::part_facet(&grantee.key(), facet),
            (Self::Object(_) | Self::DomainNotNull(_), _) => Place::facet(facet),
            (Self::ConstraintIndex(_), _) => Place::part_facet(&Ident::new("index"), facet),
            (
                Self::Column(_, column)
                | Self::NotNull(_, column)
                | Self::IdentitySequence(_, column),
                _,
            ) => Place::part_facet(column, facet),
        }
    }

    /// The notes; a problem when they are not modelled.
    pub fn notes<'s>(&self, cx: &'s mut Interpreter<'_>) -> Result<Notes<'s>, Problem> {
        let modelled = match self {
            Self::Object(id) => cx.schema.objects.get_mut(id).map(of_entry),
            Self::Column(id, column) => column_notes(cx, id, column),
            Self::NotNull(id, column) => {
                let table = cx.object_mut::<Table>(id).map(|(table, _)| table);
                let column = table.and_then(|table| table.column_mut(column));
                column.and_then(|column| not_null_notes(column.not_null.as_mut()))
            }
            Self::DomainNotNull(id) => {
                let domain = cx.object_mut::<Domain>(id).map(|(domain, _)| domain);
                domain.and_then(|domain| not_null_notes(domain.not_null.as_mut()))
            }
            Self::IdentitySequence(id, column) => {
                let table = cx.object_mut::<Table>(id).map(|(table, _)| table);
                let column = table.and_then(|table| table.column_mut(column));
                column.map(|column| {
                    let note = &mut column.details.to_mut().sequence_note;
                    let rights = Rights { acl: &mut note.acl, labels: &mut note.labels };
                    Notes { comment: &mut note.comment, rights: Some(rights) }
                })
            }
            Self::ConstraintIndex(_) => {
                let constraint = cx.object_mut::<Constraint>(&self.holder());
                constraint.map(|(constraint, _)| Notes {
                    comment: &mut constraint.index_comment,
                    rights: None,
                })
            }
        };
        modelled.ok_or_else(|| {
            Problem::new(
                ProblemCode::NotModelled,
                "what is said of this part of an object is not modelled",
            )
        })
    }

    /// Records where something is said of it.
    pub fn record(
        &self,
        cx: &mut Interpreter<'_>,
        facet: Facet,
        key: Option<&Grantee>,
        span: Span,
    ) {
        let place = self.place(facet, key);
        if let Some(entry) = cx.schema.objects.get_mut(&self.holder()) {
            entry.origin.record(place, span);
        }
    }
}

fn of_entry(entry: &mut Entry) -> Notes<'_> {
    let rights = Rights { acl: &mut entry.acl, labels: &mut entry.labels };
    Notes { comment: &mut entry.comment, rights: Some(rights) }
}

fn not_null_notes(not_null: Option<&mut NotNull>) -> Option<Notes<'_>> {
    not_null.map(|not_null| Notes { comment: &mut not_null.comment, rights: None })
}

fn column_notes<'s>(cx: &'s mut Interpreter<'_>, id: &ObjectId, name: &Ident) -> Option<Notes<'s>> {
    match id {
        ObjectId::Table(_) => {
            let column = cx.object_mut::<Table>(id)?.0.column_mut(name)?;
            let details = column.details.to_mut();
            let rights = Rights { acl: &mut details.acl, labels: &mut details.labels };
            Some(Notes { comment: &mut column.comment, rights: Some(rights) })
        }
        ObjectId::Composite(_) => {
            let mut attributes = cx.object_mut::<Composite>(id)?.0.attributes.iter_mut();
            let attribute = attributes.find(|attribute| attribute.name == *name)?;
            Some(Notes { comment: &mut attribute.comment, rights: None })
        }
        _a_view => {
            let note = super::view::column_note(cx, id, name)?;
            let rights = Rights { acl: &mut note.acl, labels: &mut note.labels };
            Some(Notes { comment: &mut note.comment, rights: Some(rights) })
        }
    }
}
