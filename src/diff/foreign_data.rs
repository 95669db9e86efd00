//! Facets of foreign-data wrappers, servers and user mappings.

use std::collections::BTreeMap;

use super::{Facets, Value};
use crate::model::{Facet, ForeignDataWrapper, Ident, Server, UserMapping};

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn foreign_data_wrapper(object: &ForeignDataWrapper, facets: &mut Facets) {
    let ForeignDataWrapper { handler, validator, options } = object;
    facets.put_some(Facet::Handler, handler.as_ref());
    facets.put_some(Facet::Validator, validator.as_ref());
    put_options(options, facets);
}

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn server(object: &Server, facets: &mut Facets) {
    let Server { wrapper, server_type, version, options } = object;
    facets.put(Facet::Wrapper, wrapper);
    facets.put_some(Facet::ServerType, server_type.as_deref());
    facets.put_some(Facet::Version, version.as_deref());
    put_options(options, facets);
}

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn user_mapping(object: &UserMapping, facets: &mut Facets) {
    let UserMapping { options } = object;
    put_options(options, facets);
}

fn put_options(options: &BTreeMap<Ident, Box<str>>, facets: &mut Facets) {
    for (name, value) in options {
        let value = if is_secret_option(name.as_str()) {
            Value::Secret(value.clone())
        } else {
            Value::from(&**value)
        };
        facets.0.insert(
            super::FacetKey { facet: Facet::ForeignOption, key: Some(name.clone()) },
            value,
        );
    }
}

/// True for options whose value must not be shown; rather one too many than one too few.
pub fn is_secret_option(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let words = ["pass", "pwd", "secret", "token", "key", "credential", "private", "auth"];
    words.iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_shown() {
        let mut options = BTreeMap::new();
        options.insert(Ident::new("sslPassword"), Box::from("hidden"));
        options.insert(Ident::new("user"), Box::from("u"));
        let mut facets = Facets::default();
        user_mapping(&UserMapping { options }, &mut facets);
        let values: Vec<Value> = facets.0.into_values().collect();
        assert_eq!(values, [Value::Secret("hidden".into()), Value::from("u")]);
    }
}
