//! Facets of views and materialized views: query, options, what is said of columns.

use std::collections::BTreeMap;

use super::{FacetKey, Facets, Value, acl};
use crate::model::{
    Acl, ColumnDefault, ColumnNote, Facet, Grantee, Ident, MaterializedView, Privilege, Scoped, View,
};

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn view(object: &View, facets: &mut Facets) {
    let View { query, columns, options, defaults, column_notes } = object;
    let Scoped { value, path: _read_under_it } = query;
    facets.put(Facet::Query, value);
    facets.put_list(Facet::Columns, columns);
    facets.put_map(Facet::Option, options, |value| Value::from(&**value));
    facets.put_map(Facet::Default, defaults, |default| match default {
        ColumnDefault::Expression(expression) => Value::from(&expression.expr),
        // `ALTER VIEW` sets plain defaults only; anything else still has to differ.
        ColumnDefault::Generated { expression, .. } => Value::from(&expression.expr),
        ColumnDefault::Identity { sequence_name, .. } => Value::from(sequence_name),
    });
    note_facets(column_notes, facets);
}

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn materialized_view(object: &MaterializedView, facets: &mut Facets) {
    let MaterializedView {
        query,
        columns,
        options,
        access_method,
        tablespace,
        cluster_on,
        column_options,
        column_notes,
    } = object;
    let Scoped { value, path: _read_under_it } = query;
    facets.put(Facet::Query, value);
    facets.put_list(Facet::Columns, columns);
    facets.put_map(Facet::Option, options, |value| Value::from(&**value));
    facets.put_some(Facet::AccessMethod, access_method.as_ref());
    facets.put_some(Facet::Tablespace, tablespace.as_ref());
    facets.put_some(Facet::ClusterOn, cluster_on.as_ref());
    let settings = column_options.iter().map(|((column, attribute), value)| {
        Value::Phrase(vec![column.into(), attribute.into(), Value::from(&**value)])
    });
    facets.put_list(Facet::Attribute, settings);
    note_facets(column_notes, facets);
}

/// What is said of columns of a view, which are no objects of their own: by column.
fn note_facets(notes: &BTreeMap<Ident, ColumnNote>, facets: &mut Facets) {
    for (column, note) in notes {
        let ColumnNote { comment, acl, labels } = note;
        let mut put = |facet, value: Value| {
            facets.0.insert(FacetKey { facet, key: Some(column.clone()) }, value);
        };
        if let Some(comment) = comment {
            put(Facet::Comment, Value::from(&**comment));
        }
        if let Some(acl) = acl.as_ref().filter(|acl| !acl.grants.is_empty()) {
            put(Facet::Privileges, acl_value(acl));
        }
        if !labels.is_empty() {
            let label = |(provider, label): (&Ident, &Box<str>)| {
                Value::Phrase(vec![provider.into(), Value::from(&**label)])
            };
            put(Facet::SecurityLabel, Value::List(labels.iter().map(label).collect()));
        }
    }
}

/// All privileges as one value.
fn acl_value(acl: &Acl) -> Value {
    let grant = |(grantee, privileges): (&Grantee, &BTreeMap<Privilege, bool>)| {
        Value::Phrase(vec![Value::from(&grantee.key()), acl::privileges_value(privileges)])
    };
    Value::List(acl.grants.iter().map(grant).collect())
}
