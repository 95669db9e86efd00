//! What can be normalized without knowing what expressions mean.
//!
//! | written | normal | forced by |
//! | --- | --- | --- |
//! | `CREATE SCHEMA public` | the `public` that every database has | `initdb` |
//! | `DEFAULT NULL` | no default | `AddRelationNewConstraints`, `src/backend/catalog/heap.c` |
//! | `COLLATE "default"` | no collation | `DEFAULT_COLLATION_OID` is that of every collatable type |
//! | `FOR VALUES IN ('b', 'a', 'b')` | sorted, each once | `create_list_bounds`, `src/backend/partitioning/partbounds.c` |

//!
//! These are spellings of one thing, so the object is rewritten in place: what
//! is called "as written" afterwards is without them.

use std::collections::HashSet;

use crate::model::{
    Cast, ColumnDefault, Domain, Entry, Expr, Expression, Facet, IndexKey, Literal, Name,
    NormalRule, Object, ObjectId, Origin, PartitionBound, Place, QualifiedName, Schema, Table,
    TypeName,
};

/// The domains of a schema: `DEFAULT NULL` on a column of a domain overrides the
/// default of the domain, so there it has to stay.
pub(super) fn domains(schema: &Schema) -> HashSet<QualifiedName> {
    let name = |id: &ObjectId| match id.kind() {
        crate::model::Kind::Domain => id.qualified_name().cloned(),
        _other => None,
    };
    schema.objects.keys().filter_map(name).collect()
}

/// See the table above.
pub(super) fn rewrite(entry: &mut Entry, domains: &HashSet<QualifiedName>) {
    let Entry { object, origin, .. } = entry;
    match object {
        Object::Namespace(namespace) => namespace.implicit = false,
        Object::Table(table) => rewrite_table(table, origin, domains),
        Object::Domain(domain) => rewrite_domain(domain, origin, domains),
        Object::Composite(composite) => {
            for attribute in &mut composite.attributes {
                drop_default_collation(&mut attribute.collation, origin);
            }
        }
        Object::Range(range) => drop_default_collation(&mut range.collation, origin),
        Object::Index(index) => rewrite_keys(&mut index.keys, origin),
        Object::View(_)
        | Object::MaterializedView(_)
        | Object::Constraint(_)
        | Object::Role(_)
        | Object::Extension(_)
        | Object::Language(_)
        | Object::AccessMethod(_)
        | Object::Collation(_)
        | Object::Conversion(_)
        | Object::Enum(_)
        | Object::BaseType(_)
        | Object::Sequence(_)
        | Object::Rule(_)
        | Object::Trigger(_)
        | Object::Policy(_)
        | Object::Routine(_)
        | Object::Aggregate(_)
        | Object::Operator(_)
        | Object::OperatorClass(_)
        | Object::OperatorFamily(_)
        | Object::Cast(_)
        | Object::Transform(_)
        | Object::TextSearchFunctions(_)
        | Object::TextSearchDictionary(_)
        | Object::TextSearchConfiguration(_)
        | Object::Statistics(_)
        | Object::EventTrigger(_)
        | Object::ForeignDataWrapper(_)
        | Object::Server(_)
        | Object::UserMapping(_)
        | Object::Publication(_)
        | Object::Subscription(_)
        | Object::DefaultPrivileges(_) => {}
    }
}

fn rewrite_table(table: &mut Table, origin: &mut Origin, domains: &HashSet<QualifiedName>) {
    for column in &mut table.columns {
        if let Some(details) = column.details.said_mut() {
            drop_default_collation(&mut details.collation, origin);
        }
        if is_null_default(column.default.as_ref()) && !may_be_domain(&column.ty, domains) {
            column.default = None;
            let place = Place::part_facet(&column.name, Facet::Default);
            origin.apply_to(place, NormalRule::DefaultNull);
        }
    }
    if let Some(PartitionBound::List(values)) =
        table.partition_of.as_mut().map(|partition| &mut partition.bound)
    {
        let written = values.clone();
        values.sort();
        values.dedup();
        if *values != written {
            origin.apply_to(Place::facet(Facet::PartitionBound), NormalRule::PartitionBound);
        }
    }
    if let Some(key) = &mut table.partition_by {
        rewrite_keys(&mut key.keys, origin);
    }
}

fn rewrite_domain(domain: &mut Domain, origin: &mut Origin, domains: &HashSet<QualifiedName>) {
    drop_default_collation(&mut domain.collation, origin);
    let is_null = domain.default.as_ref().is_some_and(|default| is_null(&default.expr));
    if is_null && !may_be_domain(&domain.base, domains) {
        domain.default = None;
        origin.apply_to(Place::facet(Facet::Default), NormalRule::DefaultNull);
    }
}

/// True unless the type is built in or known to be no domain. A type of an
/// extension may be one.
fn may_be_domain(ty: &TypeName, domains: &HashSet<QualifiedName>) -> bool {
    match &ty.name.namespace {
        Some(namespace) if *namespace == "pg_catalog" => false,
        Some(namespace) => {
            let name = QualifiedName { namespace: namespace.clone(), name: ty.name.name.clone() };
            !ty.array && domains.contains(&name)
        }
        None => !ty.array,
    }
}

fn rewrite_keys(keys: &mut [IndexKey], origin: &mut Origin) {
    for key in keys {
        if let Some(details) = key.details.said_mut() {
            drop_default_collation(&mut details.collation, origin);
        }
    }
}

/// `COLLATE "default"`.
fn drop_default_collation(collation: &mut Option<Name>, origin: &mut Origin) {
    let is_default = |name: &Name| {
        name.name == "default" && name.namespace.as_ref().is_none_or(|n| *n == "pg_catalog")
    };
    if collation.as_ref().is_some_and(is_default) {
        *collation = None;
        origin.apply(NormalRule::DefaultCollation);
    }
}

fn is_null_default(default: Option<&ColumnDefault>) -> bool {
    match default {
        Some(ColumnDefault::Expression(Expression { expr, path: _ })) => is_null(expr),
        Some(ColumnDefault::Generated { .. } | ColumnDefault::Identity { .. }) | None => false,
    }
}

/// `NULL`, and `NULL::character varying`, as which PostgreSQL keeps the NULL of a
/// column whose type has a modifier. A cast to another type may be one to a
/// domain, which may refuse NULL.
fn is_null(expr: &Expr) -> bool {
    if let Expr::Cast(cast) = expr {
        let Cast { arg, ty } = &**cast;
        return ty.name.namespace.as_ref().is_some_and(|n| *n == "pg_catalog") && is_null(arg);
    }
    *expr == Expr::Literal(Literal::Null)
}
