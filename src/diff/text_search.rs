//! Facets of text search objects.

use super::{Facets, Value};
use crate::model::{Facet, TextSearchConfiguration, TextSearchDictionary, TextSearchFunctions};

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn text_search_functions(object: &TextSearchFunctions, facets: &mut Facets) {
    let TextSearchFunctions { functions } = object;
    facets.put_map(Facet::Function, functions, Value::from);
}

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn text_search_dictionary(object: &TextSearchDictionary, facets: &mut Facets) {
    let TextSearchDictionary { template, options } = object;
    facets.put(Facet::Template, template);
    facets.put_map(Facet::Option, options, |value| (&**value).into());
}

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn text_search_configuration(object: &TextSearchConfiguration, facets: &mut Facets) {
    let TextSearchConfiguration { parser, copied, mappings } = object;
    facets.put(Facet::Parser, parser);
    facets.put_some(Facet::From, copied.as_ref());
    facets.put_map(Facet::Mapping, mappings, |dictionaries| dictionaries.iter().collect());
}
