//! Facets of a collation: its options.

use super::Facets;
use crate::model::{Collation, Facet};

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn facets(object: &Collation, facets: &mut Facets) {
    let Collation { options } = object;
    facets.put_map(Facet::Option, options, |value| (&**value).into());
}
