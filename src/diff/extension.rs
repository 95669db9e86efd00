//! Facets of extensions.

use super::{Facets, Value};
use crate::model::{Extension, Facet};

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn facets(object: &Extension, facets: &mut Facets) {
    let Extension { namespace, version } = object;
    facets.put_some(Facet::Namespace, namespace.as_ref());
    facets.put_some(Facet::Version, version.as_ref().map(|version| Value::from(&**version)));
}
