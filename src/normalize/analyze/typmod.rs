//! Type modifiers: from the number in the catalogs to the text in parentheses.

use smol_str::{SmolStr, format_smolstr};

use crate::catalog::{Catalog, TypeId};

/// `VARHDRSZ`, which modifiers of lengths include.
const HEADER: i32 = 4;

/// What stands in the parentheses after the type's name; nothing for -1 and for modifiers
/// of types that are not built in.
pub(super) fn modifiers(catalog: &Catalog, id: TypeId, typmod: i32) -> Vec<SmolStr> {
    if typmod < 0 {
        return Vec::new();
    }
    let element = catalog.element_of(id).unwrap_or(id);
    let one = |number: i32| vec![format_smolstr!("{number}")];
    match element {
        TypeId::VARCHAR | TypeId::BPCHAR => one(typmod - HEADER),
        TypeId::BIT
        | TypeId::VARBIT
        | TypeId::TIME
        | TypeId::TIMETZ
        | TypeId::TIMESTAMP
        | TypeId::TIMESTAMPTZ => one(typmod),
        TypeId::NUMERIC => {
            // `numeric_typmod_scale`, `src/backend/utils/adt/numeric.c`: eleven bits with sign.
            let packed = typmod - HEADER;
            let scale = ((packed & 0x7ff) ^ 1024) - 1024;
            vec![format_smolstr!("{}", (packed >> 16) & 0xffff), format_smolstr!("{scale}")]
        }
        TypeId::INTERVAL => interval(typmod),
        _other => Vec::new(),
    }
}

/// `intervaltypmodout`, `src/backend/utils/adt/timestamp.c`.
fn interval(typmod: i32) -> Vec<SmolStr> {
    let (fields, precision) = ((typmod >> 16) & 0x7fff, typmod & 0xffff);
    let bit = |place: i32| 1 << place;
    let (month, year, day, hour, minute, second) =
        (bit(1), bit(2), bit(3), bit(10), bit(11), bit(12));
    let named = [
        (year, "year"),
        (month, "month"),
        (day, "day"),
        (hour, "hour"),
        (minute, "minute"),
        (second, "second"),
        (year | month, "year to month"),
        (day | hour, "day to hour"),
        (day | hour | minute, "day to minute"),
        (day | hour | minute | second, "day to second"),
        (hour | minute, "hour to minute"),
        (hour | minute | second, "hour to second"),
        (minute | second, "minute to second"),
    ];
    let name = named.iter().find(|(bits, _)| *bits == fields).map_or("", |(_, name)| name);
    let mut modifiers = vec![SmolStr::new_static(name)];
    if precision != 0xffff {
        modifiers.push(format_smolstr!("{precision}"));
    }
    modifiers
}
