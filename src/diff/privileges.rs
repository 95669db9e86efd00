//! Facets of default privileges: one for each grantee.

use super::{FacetKey, Facets, entry};
use crate::model::{DefaultPrivileges, Facet};

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn facets(object: &DefaultPrivileges, facets: &mut Facets) {
    let DefaultPrivileges { acl } = object;
    for (grantee, privileges) in &acl.grants {
        let key = FacetKey { facet: Facet::Privileges, key: Some(grantee.key()) };
        facets.0.insert(key, entry::privileges_value(privileges));
    }
}
