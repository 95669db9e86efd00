//! Type modifiers: from the text in parentheses to the number in the catalogs, where the
//! type is built in. The types of extensions have functions for it that nobody has here.

use smol_str::SmolStr;

use crate::catalog::{Catalog, TypeId};

/// `VARHDRSZ`, which modifiers of lengths include.
const HEADER: i32 = 4;

/// The number for modifiers; -1 for none and for types that are not built in.
pub(super) fn encode(id: TypeId, modifiers: &[SmolStr], catalog: &Catalog) -> i32 {
    let number = |at: usize| modifiers.get(at).and_then(|text| text.parse::<i32>().ok());
    let known = match catalog.element_of(id).unwrap_or(id) {
        TypeId::VARCHAR | TypeId::BPCHAR => number(0).and_then(|length| length.checked_add(HEADER)),
        TypeId::BIT
        | TypeId::VARBIT
        | TypeId::TIME
        | TypeId::TIMETZ
        | TypeId::TIMESTAMP
        | TypeId::TIMESTAMPTZ => number(0),
        // `make_numeric_typmod`, `src/backend/utils/adt/numeric.c`.
        TypeId::NUMERIC => number(0).map(|precision| {
            let scale = number(1).unwrap_or(0);
            (((precision & 0xffff) << 16) | (scale & 0x7ff)).wrapping_add(HEADER)
        }),
        TypeId::INTERVAL => modifiers.first().and_then(|fields| interval(fields, number(1))),
        _another_type => None,
    };
    known.unwrap_or(-1)
}

/// `intervaltypmodin`, `src/backend/utils/adt/timestamp.c`.
fn interval(fields: &str, precision: Option<i32>) -> Option<i32> {
    const ALL: i32 = 0x7fff;
    let bit = |field: &str| {
        Some(match field {
            "month" => 1 << 1,
            "year" => 1 << 2,
            "day" => 1 << 3,
            "hour" => 1 << 10,
            "minute" => 1 << 11,
            "second" => 1 << 12,
            _unknown => return None,
        })
    };
    let order = ["year", "month", "day", "hour", "minute", "second"];
    let mask = match fields.split_once(" to ") {
        None if fields.is_empty() => ALL,
        None => bit(fields)?,
        Some((first, last)) => {
            let place = |field: &str| order.iter().position(|own| *own == field);
            let range = order.get(place(first)?..=place(last)?)?;
            range.iter().filter_map(|field| bit(field)).fold(0, |mask, bit| mask | bit)
        }
    };
    Some((mask << 16) | precision.unwrap_or(0xffff))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(id: TypeId, modifiers: &[&str]) -> i32 {
        let modifiers: Vec<SmolStr> = modifiers.iter().map(SmolStr::new).collect();
        encode(id, &modifiers, &Catalog::new())
    }

    #[test]
    fn numbers_are_those_of_pg_attribute() {
        assert_eq!(encoded(TypeId::VARCHAR, &["20"]), 24);
        assert_eq!(encoded(TypeId::NUMERIC, &["10", "2"]), 655_366);
        assert_eq!(encoded(TypeId::NUMERIC, &["10", "-2"]), 657_410);
        assert_eq!(encoded(TypeId::TIMESTAMPTZ, &["3"]), 3);
        assert_eq!(encoded(TypeId::INTERVAL, &["day to second", "3"]), 470_286_339);
        assert_eq!(encoded(TypeId::INT4, &[]), -1);
    }
}
