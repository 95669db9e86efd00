//! `CREATE TYPE` of every sort, `CREATE DOMAIN`, and what alters them: in, the
//! parser's tree; out, statements that make or change a type.
//!
//! All types of a namespace, and the row types of its relations, share one space of
//! names: an enum cannot be called like a table.

mod base;
mod composite;
mod domain;
mod enumeration;
mod range;

#[cfg(test)]
#[allow(clippy::panic, clippy::string_slice, reason = "tests")]
mod tests;

pub(super) use base::{alter as alter_type, create as create_base};
pub(super) use composite::{alter as alter_attributes, create as create_composite};
pub(super) use domain::{alter as alter_domain, create as create_domain};
pub(super) use enumeration::{KnownLabels, alter as alter_enum, create as create_enum};
pub(super) use range::create as create_range;

use super::address::Address;
use super::interpreter::{Interpreter, Need, Outcome, duplicate, missing};
use crate::model::{BaseType, Name, Object, ObjectId, Problem, QualifiedName, Span, TypeName};

/// The need that a type exists.
fn need_type(name: &Name) -> Need {
    let ty = TypeName { name: name.clone(), ..TypeName::default() };
    Need::Object(Address::Type(ty))
}

/// Adds a type whose name no other type has; a shell type makes room for it
/// (`TypeCreate`, `src/backend/catalog/pg_type.c`).
fn create_type(
    cx: &mut Interpreter<'_>,
    make: fn(QualifiedName) -> ObjectId,
    name: &QualifiedName,
    object: impl Into<Object>,
    span: Span,
) -> Result<Outcome, Problem> {
    let own_name = Name::from(name.clone());
    if let Some(existing) = cx.find_type(&own_name) {
        let shell = cx.object::<BaseType>(&existing).is_some_and(|ty| ty.shell);
        if !shell {
            let first = cx.entry_mut(&existing)?.origin.span;
            return Err(duplicate(&existing, first));
        }
        let id = make(name.clone());
        if let Some(mut entry) = cx.remove(&existing) {
            entry.object = object.into();
            entry.origin.span = span;
            cx.put(id, entry);
        }
        return Ok(Outcome::Modelled);
    }
    cx.create(make(name.clone()), object, span, false)
}

/// The type of one kind that a statement alters.
fn existing_type(
    cx: &Interpreter<'_>,
    name: &Name,
    what: &str,
    is_kind: fn(&ObjectId) -> bool,
) -> Result<ObjectId, Problem> {
    cx.find_type(name).filter(is_kind).ok_or_else(|| missing(what, name))
}
