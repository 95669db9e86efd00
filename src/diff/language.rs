//! Facets of languages and access methods.

use super::{Facets, Value};
use crate::model::{AccessMethod, Facet, Language};

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn language(object: &Language, facets: &mut Facets) {
    let Language { trusted, handler, inline, validator } = object;
    facets.put_flag(Facet::Trusted, *trusted);
    facets.put_some(Facet::Handler, handler.as_ref());
    facets.put_some(Facet::Inline, inline.as_ref());
    facets.put_some(Facet::Validator, validator.as_ref());
}

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn access_method(object: &AccessMethod, facets: &mut Facets) {
    let AccessMethod { table, handler } = object;
    facets.put(Facet::Type, Value::Keyword(if *table { "TABLE" } else { "INDEX" }));
    facets.put(Facet::Handler, handler);
}
