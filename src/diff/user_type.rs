//! Facets of the types that a schema defines.
//!
//! The order of labels and attributes is part of what the type means, so each list
//! is one facet: one change of it is one drift.

use super::{FacetKey, Facets, Value, column};
use crate::model::{Attribute, AttributeValue, BaseType, Composite, Domain, Enum, Facet, Range};

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn enum_type(object: &Enum, facets: &mut Facets) {
    let Enum { labels } = object;
    facets.put(Facet::Labels, labels.iter().map(|label| &**label).collect::<Value>());
}

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn domain(object: &Domain, facets: &mut Facets) {
    let Domain { base, collation, default, not_null } = object;
    facets.put(Facet::BaseType, base);
    facets.put_some(Facet::Collation, collation.as_ref());
    facets.put_some(Facet::Default, default.as_ref().map(|default| &default.expr));
    if let Some(not_null) = not_null {
        column::not_null_facets(not_null, facets);
    }
}

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn composite(object: &Composite, facets: &mut Facets) {
    let Composite { attributes } = object;
    let mut columns = Vec::with_capacity(attributes.len());
    for Attribute { name, ty, collation, comment } in attributes {
        let mut parts = vec![name.into(), ty.into()];
        if let Some(collation) = collation {
            parts.extend([Value::Keyword("COLLATE"), collation.into()]);
        }
        columns.push(Value::Phrase(parts));
        if let Some(comment) = comment {
            let key = FacetKey { facet: Facet::Comment, key: Some(name.clone()) };
            facets.0.insert(key, (&**comment).into());
        }
    }
    facets.put(Facet::Columns, Value::List(columns));
}

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn range(object: &Range, facets: &mut Facets) {
    let Range { subtype, opclass, collation, canonical, subtype_diff, multirange } = object;
    facets.put(Facet::Subtype, subtype);
    facets.put_some(Facet::OperatorClass, opclass.as_ref());
    facets.put_some(Facet::Collation, collation.as_ref());
    facets.put_some(Facet::Canonical, canonical.as_ref());
    facets.put_some(Facet::SubtypeDiff, subtype_diff.as_ref());
    facets.put(Facet::Multirange, multirange);
}

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn base_type(object: &BaseType, facets: &mut Facets) {
    let BaseType { shell, attributes } = object;
    facets.put_flag(Facet::Shell, *shell);
    facets.put_map(Facet::Attribute, attributes, attribute);
}

/// The value of an attribute of a base type or aggregate.
pub(super) fn attribute(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::Name(name) => name.into(),
        AttributeValue::Type(ty) => ty.into(),
        AttributeValue::Text(text) => (&**text).into(),
    }
}
