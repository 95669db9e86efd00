//! Facets of subscriptions. The connection may hold a password, so it is not shown.

use super::{Facets, Value};
use crate::model::{Facet, Subscription};

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn facets(object: &Subscription, facets: &mut Facets) {
    let Subscription { connection, publications, options } = object;
    facets.put(Facet::Connection, Value::Secret(connection.clone()));
    facets.put_list(Facet::Publications, publications);
    facets.put_map(Facet::Option, options, |value| Value::from(&**value));
}
