//! Casts between types that can be carried out on a constant without losing anything.
//!
//! `DEFAULT 0` and `DEFAULT '0'` on a bigint column are stored differently (a cast of an integer
//! constant, and a bigint constant) and mean the same. Here are only casts that are immutable and
//! exact, so that the cast of the constant and the folded constant are equal in every use.

use super::character;
use super::datetime;
use super::float::print_float8;
use super::types::ConstantType;

/// Integers up to this are exact in double precision.
const FLOAT8_EXACT: i64 = 1 << 53;

/// The output form, in type `to`, of the constant `canonical_text` of type `from`; none when the
/// cast is not one of those that can be folded. Both types are without a modifier.
pub fn fold_cast(
    from: &ConstantType<'_>,
    to: &ConstantType<'_>,
    canonical_text: &str,
) -> Option<Box<str>> {
    use ConstantType as T;
    let same = || Some(Box::from(canonical_text));
    match (*from, *to) {
        // Every value of a narrower integer type is one of a wider one, and prints alike in
        // numeric, where it has scale 0.
        (T::Int2, T::Int4 | T::Int8 | T::Numeric)
        | (T::Int4, T::Int8 | T::Numeric)
        | (T::Int8, T::Numeric)
        | (T::Text | T::Name, T::Varchar)
        | (T::Varchar | T::Name, T::Text)
        | (T::Bit, T::Varbit) => same(),
        (T::Int2 | T::Int4 | T::Int8, T::Float8) => {
            let value: i64 = canonical_text.parse().ok()?;
            if value.checked_abs()? > FLOAT8_EXACT {
                return None;
            }
            #[expect(clippy::cast_precision_loss, reason = "exact up to 2^53")]
            let value = value as f64;
            Some(print_float8(value).into())
        }
        // Exact in binary, though it prints longer: 0.1 is 0.10000000149011612.
        (T::Float4, T::Float8) => {
            let value: f32 = canonical_text.parse().ok()?;
            if value.is_finite() { Some(print_float8(value.into()).into()) } else { same() }
        }
        // Blanks at the end of a `character` are not part of its text.
        (T::Bpchar, T::Text | T::Varchar) => Some(canonical_text.trim_end_matches(' ').into()),
        // Midnight of that day.
        (T::Date, T::Timestamp) => Some(datetime::timestamp(canonical_text, None).ok()?.into()),
        (T::Text | T::Varchar, T::Name) => Some(character::name(canonical_text).into()),
        (left, right) if left == right => same(),
        _ => None,
    }
}
