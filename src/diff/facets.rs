//! An object taken apart into facets, for comparing and for reports.

use std::collections::BTreeMap;

use super::Value;
use crate::model::{Facet, Ident};

/// Which facet of an object, and for facets that are maps (options, privileges
/// by grantee, settings) which key of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FacetKey {
    /// The facet.
    pub facet: Facet,
    /// The option, grantee, setting or label provider.
    pub key: Option<Ident>,
}

/// The facets of one object. A facet that is not there is absent: `None` in a drift.
#[derive(Clone, Debug, Default)]
pub struct Facets(pub BTreeMap<FacetKey, Value>);

impl Facets {
    /// Adds a facet that is always there.
    pub fn put(&mut self, facet: Facet, value: impl Into<Value>) {
        self.0.insert(FacetKey { facet, key: None }, value.into());
    }

    /// Adds a facet when it is there.
    pub fn put_some(&mut self, facet: Facet, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.put(facet, value);
        }
    }

    /// Adds a flag when it is set; unset flags are absent.
    pub fn put_flag(&mut self, facet: Facet, flag: bool) {
        if flag {
            self.put(facet, true);
        }
    }

    /// Adds one facet for each entry of a map.
    pub fn put_map<'a, V: 'a>(
        &mut self,
        facet: Facet,
        map: &'a BTreeMap<Ident, V>,
        value: impl Fn(&'a V) -> Value,
    ) {
        for (key, item) in map {
            self.0.insert(FacetKey { facet, key: Some(key.clone()) }, value(item));
        }
    }

    /// Adds a list when it is not empty; empty lists are absent.
    pub fn put_list<T>(&mut self, facet: Facet, items: impl IntoIterator<Item = T>)
    where
        Value: From<T>,
    {
        let list: Vec<Value> = items.into_iter().map(Value::from).collect();
        if !list.is_empty() {
            self.put(facet, Value::List(list));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::QualifiedName;

    #[test]
    fn long_names_that_begin_alike_have_different_keys() {
        let long = "x".repeat(60);
        let key = |end: &str| QualifiedName::new("public", format!("{long}{end}")).key();
        assert_ne!(key("a"), key("b"));
        assert_eq!(QualifiedName::new("public", "t").key(), Ident::new("public.t"));
    }
}
