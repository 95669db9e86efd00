//! Facets of namespaces: they have none but those of every object.

use super::Facets;
use crate::model::Namespace;

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn facets(object: &Namespace, _facets: &mut Facets) {
    // Who made it is not what it is.
    let Namespace { implicit: _ } = object;
}
