//! Facets of roles.

use std::collections::BTreeSet;

use super::{FacetKey, Facets, Value};
use crate::model::{Facet, Role};

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn facets(object: &Role, facets: &mut Facets) {
    let Role { attributes, member_of, settings } = object;
    facets.put_map(Facet::Attribute, attributes, |value| Value::from(&**value));
    let options = |options: &BTreeSet<Box<str>>| options.iter().map(|option| &**option).collect();
    facets.put_map(Facet::MemberOf, member_of, options);
    // Settings for all databases by name; those for one database stay together.
    let mut of_databases = Vec::new();
    for ((database, name), value) in settings {
        match database {
            None => {
                let key = FacetKey { facet: Facet::Setting, key: Some(name.clone()) };
                facets.0.insert(key, Value::from(&**value));
            }
            Some(database) => {
                let setting = vec![database.into(), name.into(), Value::from(&**value)];
                of_databases.push(Value::Phrase(setting));
            }
        }
    }
    facets.put_list(Facet::Setting, of_databases);
}
