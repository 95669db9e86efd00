//! Facets of an index.

use std::collections::BTreeMap;

use super::{FacetKey, Facets, Value};
use crate::model::{AttachedIndex, Facet, Ident, Index, IndexKey, KeyDetails, QualifiedName};

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn facets(index: &Index, facets: &mut Facets) {
    let Index {
        relation,
        method,
        unique,
        nulls_not_distinct,
        keys,
        include,
        predicate,
        options,
        tablespace,
        partitions,
        statistics,
        path: _erased,
    } = index;
    facets.put(Facet::Relation, relation);
    facets.put(Facet::Method, method);
    facets.put_flag(Facet::Unique, *unique);
    facets.put_flag(Facet::NullsNotDistinct, *nulls_not_distinct);
    facets.put(Facet::Keys, Value::List(keys.iter().map(key).collect()));
    facets.put_list(Facet::Include, include);
    facets.put_some(Facet::Predicate, predicate.as_ref());
    facets.put_map(Facet::Option, options, |value| (&**value).into());
    facets.put_some(Facet::Tablespace, tablespace.as_ref());
    partition_facets(partitions, facets);
    for (number, target) in statistics {
        let key = Some(Ident::new(number.to_string()));
        facets.0.insert(FacetKey { facet: Facet::StatisticsTarget, key }, (*target).into());
    }
}

/// One facet for each partition that has its part of the index.
pub(super) fn partition_facets(
    partitions: &BTreeMap<QualifiedName, AttachedIndex>,
    facets: &mut Facets,
) {
    for (partition, attached) in partitions {
        let AttachedIndex { options, tablespace, other, name: _says_nothing } = attached;
        let mut parts = vec![Value::Keyword("attached")];
        if !options.is_empty() {
            parts.push(options_value(options));
        }
        if let Some(tablespace) = tablespace {
            parts.extend([Value::Keyword("TABLESPACE"), tablespace.into()]);
        }
        if let Some(other) = other {
            let mut facets = Facets::default();
            self::facets(other, &mut facets);
            parts.extend(facets.0.into_values());
        }
        let key = Some(partition.key());
        facets.0.insert(FacetKey { facet: Facet::AttachedTo, key }, Value::Phrase(parts));
    }
}

/// A key as it is written: `lower(a) COLLATE c opclass (x = 1) DESC NULLS LAST`.
pub(super) fn key(key: &IndexKey) -> Value {
    let IndexKey { expr, descending, nulls_first, details } = key;
    let KeyDetails { collation, opclass, opclass_options } = &**details;
    let mut parts = vec![Value::from(expr)];
    if let Some(collation) = collation {
        parts.extend([Value::Keyword("COLLATE"), collation.into()]);
    }
    if let Some(opclass) = opclass {
        parts.push(opclass.into());
    }
    if !opclass_options.is_empty() {
        parts.push(options_value(opclass_options));
    }
    if *descending {
        parts.push(Value::Keyword("DESC"));
    }
    if nulls_first != descending {
        parts.push(Value::Keyword(if *nulls_first { "NULLS FIRST" } else { "NULLS LAST" }));
    }
    match (parts.len(), parts.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            parts.extend(last);
            Value::Phrase(parts)
        }
    }
}

/// `a = 'x', b = 'y'`.
fn options_value(options: &BTreeMap<Ident, Box<str>>) -> Value {
    let option = |(name, value): (&Ident, &Box<str>)| {
        Value::Phrase(vec![name.into(), Value::Keyword("="), (&**value).into()])
    };
    Value::List(options.iter().map(option).collect())
}
