//! Facets of a sequence. Limits and start are facets only where they are not what
//! the type and the direction give anyway, so that another type is one drift.

use super::{Facets, Value};
use crate::model::{Facet, Sequence, TypeName};

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn facets(sequence: &Sequence, facets: &mut Facets) {
    let Sequence { data_type, start, increment, min, max, cache, cycle, owned_by, unlogged } =
        sequence;
    facets.put(Facet::DataType, data_type);
    facets.put(Facet::Increment, *increment);
    let (default_min, default_max) = limits(data_type, *increment);
    facets.put_some(Facet::MinValue, (*min != default_min).then_some(*min));
    facets.put_some(Facet::MaxValue, (*max != default_max).then_some(*max));
    let default_start = if *increment > 0 { *min } else { *max };
    facets.put_some(Facet::Start, (*start != default_start).then_some(*start));
    facets.put(Facet::Cache, *cache);
    facets.put_flag(Facet::Cycle, *cycle);
    if let Some((table, column)) = owned_by {
        facets.put(Facet::OwnedBy, Value::Phrase(vec![table.into(), column.into()]));
    }
    if *unlogged {
        facets.put(Facet::Persistence, Value::Keyword("UNLOGGED"));
    }
}

/// The facets of the sequence of an identity column. It belongs to its column, and
/// its type is that of the column unless something else is said.
pub(super) fn identity_facets(sequence: &Sequence, column: &TypeName, into: &mut Facets) {
    let mut own = Facets::default();
    facets(&Sequence { owned_by: None, ..sequence.clone() }, &mut own);
    let is_usual = sequence.data_type.name == column.name;
    own.0.retain(|key, _| !(is_usual && key.facet == Facet::DataType));
    into.0.append(&mut own.0);
}

/// The limits of a sequence for which none are said (`init_params`,
/// `src/backend/commands/sequence.c`).
fn limits(data_type: &TypeName, increment: i64) -> (i64, i64) {
    let (smallest, largest) = if data_type.is_builtin("int2") {
        (i64::from(i16::MIN), i64::from(i16::MAX))
    } else if data_type.is_builtin("int4") {
        (i64::from(i32::MIN), i64::from(i32::MAX))
    } else {
        (i64::MIN, i64::MAX)
    };
    if increment > 0 { (1, largest) } else { (smallest, -1) }
}
