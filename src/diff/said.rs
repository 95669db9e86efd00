//! Facets that any object can have: owner, comment, privileges, security labels.

use super::{Facets, acl};
use crate::model::{Facet, ObjectId};
use crate::normalize::NormalObject;

/// What is said of an object besides its own definition.
pub(super) fn facets(id: &ObjectId, object: &NormalObject) -> Facets {
    let mut facets = Facets::default();
    facets.put_some(Facet::Owner, object.owner());
    facets.put_some(Facet::Comment, object.comment());
    facets.put_map(Facet::SecurityLabel, object.labels(), |label| (&**label).into());
    if let Some(class) = acl::class(id.kind()) {
        acl::facets(class, object.acl(), &mut facets);
    }
    facets
}
