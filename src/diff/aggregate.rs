//! Facets of an aggregate.

use super::{Facets, Value, routine, user_type};
use crate::model::{Aggregate, Facet};

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn facets(object: &Aggregate, facets: &mut Facets) {
    let Aggregate { parameters, direct, attributes } = object;
    routine::parameters(parameters, facets);
    if let Some(direct) = direct {
        let (before, after) = parameters.split_at((*direct).min(parameters.len()));
        let list = |part| Value::List(routine::parameter_list(part));
        let phrase = vec![list(before), Value::Keyword("ORDER BY"), list(after)];
        facets.put(Facet::Parameters, Value::Phrase(phrase));
    }
    facets.put_map(Facet::Attribute, attributes, user_type::attribute);
}
