//! Facets of views and materialized views: query, options, what is said of columns.

use super::{Facets, Value, entry};
use crate::model::{ColumnDefault, Facet, MaterializedView, Scoped, View};

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
    entry::note_facets(column_notes, facets);
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
    entry::note_facets(column_notes, facets);
}
