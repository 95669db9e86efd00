//! Facets of extended statistics.

use super::Facets;
use crate::model::{Facet, Statistics};

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn facets(object: &Statistics, facets: &mut Facets) {
    let Statistics { relation, kinds, columns, expressions, target, path: _read_under_it } = object;
    facets.put(Facet::Relation, relation);
    facets.put_list(Facet::Kinds, kinds);
    facets.put_list(Facet::Columns, columns);
    facets.put_list(Facet::Expression, expressions);
    facets.put_some(Facet::StatisticsTarget, *target);
}
