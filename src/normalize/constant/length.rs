//! Length coercion of a value of a type to the same type with a modifier.
//!
//! `src/backend/utils/adt/varchar.c, varchar, bpchar`, `varbit.c, bit, varbit`, `numeric.c, numeric`,
//! `timestamp.c`. An explicit cast cuts strings; an assignment raises an error, except when only
//! blanks would go. Numbers and times are rounded either way.

use super::types::{ConstantType, Typmod};
use super::{Canonical, Output, binary, canonical, character};

/// The value that `text`, in output form, has after a cast to `ty` with `typmod`.
pub fn coerce_length(
    ty: &ConstantType<'_>,
    typmod: Option<Typmod>,
    text: &str,
    explicit: bool,
) -> Canonical {
    let Some(modifier) = typmod.filter(|_| explicit) else { return canonical(ty, typmod, text) };
    let cut: Option<Output> = match *ty {
        ConstantType::Varchar => Some(Ok(character::cut_varchar(text, typmod))),
        ConstantType::Bpchar => {
            Some(character::bpchar(&character::cut_varchar(text, typmod), typmod))
        }
        ConstantType::Bit => modifier.bits().map(|length| binary::cut_bit(text, length)),
        ConstantType::Varbit => modifier.bits().map(|length| binary::cut_varbit(text, length)),
        // The elements would have to be cut one by one.
        ConstantType::Array(_) => return Canonical::Undecided,
        _ => None,
    };
    cut.map_or_else(|| canonical(ty, typmod, text), Canonical::from)
}
