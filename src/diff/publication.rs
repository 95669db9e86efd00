//! Facets of publications.

use super::{FacetKey, Facets, Value};
use crate::model::{Facet, Publication, PublishedTable};

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn facets(object: &Publication, facets: &mut Facets) {
    let Publication { all_tables, namespaces, tables, options } = object;
    facets.put_flag(Facet::AllTables, *all_tables);
    facets.put_list(Facet::Namespaces, namespaces);
    let table = |(name, table): (_, &PublishedTable)| {
        let PublishedTable { columns, filter } = table;
        let mut phrase = vec![Value::from(name)];
        if !columns.is_empty() {
            phrase.push(Value::List(columns.iter().map(Value::from).collect()));
        }
        if let Some(filter) = filter {
            phrase.extend([Value::Keyword("WHERE"), Value::from(&filter.expr)]);
        }
        Value::Phrase(phrase)
    };
    facets.put_list(Facet::Tables, tables.iter().map(table));
    for (name, value) in options {
        facets.0.insert(
            FacetKey { facet: Facet::Option, key: Some(name.clone()) },
            Value::from(&**value),
        );
    }
}
