//! Ranges and multiranges: `[1,5]` over int4 to `[1,6)`, `{[3,4),[1,3)}` to `{[1,4)}`.
//!
//! `src/backend/utils/adt/rangetypes.c, range_in, make_range, int4range_canonical` and
//! `multirangetypes.c, multirange_in, multirange_canonicalize`. A range without a value in it is
//! `empty`. Only subtypes whose order is known here are decided.

use std::cmp::Ordering;

use super::record::{push_quoted, take_quoted};
use super::scan::Cursor;
use super::types::{ConstantType, RangeType};
use super::{Output, Refusal, datetime, float, numeric, output};

pub(super) fn range(ty: RangeType<'_>, text: &str, depth: u32) -> Output {
    let mut cursor = Cursor::new(text);
    let range = take_range(ty, &mut cursor, depth)?;
    cursor.skip_space();
    if !cursor.is_done() {
        return Err(Refusal::Invalid);
    }
    Ok(print(range.as_ref()))
}

pub(super) fn multirange(ty: RangeType<'_>, text: &str, depth: u32) -> Output {
    let mut cursor = Cursor::new(text);
    cursor.skip_space();
    if !cursor.eat(b'{') {
        return Err(Refusal::Invalid);
    }
    cursor.skip_space();
    let mut ranges = Vec::new();
    if !cursor.eat(b'}') {
        loop {
            // How wrong ranges are found in a multirange is the server's business.
            ranges.extend(take_range(ty, &mut cursor, depth).map_err(|_| Refusal::Undecided)?);
            cursor.skip_space();
            if cursor.eat(b'}') {
                break;
            }
            if !cursor.eat(b',') {
                return Err(Refusal::Undecided);
            }
        }
    }
    cursor.skip_space();
    if !cursor.is_done() {
        return Err(Refusal::Undecided);
    }
    let merged = merge(ty.subtype, ranges)?;
    let texts: Vec<String> = merged.iter().map(|range| print(Some(range))).collect();
    Ok(format!("{{{}}}", texts.join(",")))
}

/// A bound in output form; none is unbounded, and then never inclusive.
#[derive(Clone)]
struct Bound {
    value: Option<String>,
    inclusive: bool,
}

/// A range that is not empty.
#[derive(Clone)]
struct Bounds {
    lower: Bound,
    upper: Bound,
}

/// Reads a range; none is the empty one.
fn take_range(
    ty: RangeType<'_>,
    cursor: &mut Cursor<'_>,
    depth: u32,
) -> Result<Option<Bounds>, Refusal> {
    cursor.skip_space();
    if cursor.eat_word("empty") {
        return Ok(None);
    }
    let lower_inclusive = cursor.eat(b'[');
    if !lower_inclusive && !cursor.eat(b'(') {
        return Err(Refusal::Invalid);
    }
    let take_bound = |cursor: &mut Cursor<'_>| {
        let text = take_quoted(cursor, b",)]")?;
        text.map(|text| output(ty.subtype, None, &text, depth + 1)).transpose()
    };
    let lower = take_bound(cursor)?;
    if !cursor.eat(b',') {
        return Err(Refusal::Invalid);
    }
    let upper = take_bound(cursor)?;
    let upper_inclusive = cursor.eat(b']');
    if !upper_inclusive && !cursor.eat(b')') {
        return Err(Refusal::Invalid);
    }
    let lower = Bound { inclusive: lower_inclusive && lower.is_some(), value: lower };
    let upper = Bound { inclusive: upper_inclusive && upper.is_some(), value: upper };
    let Some(range) = not_empty(ty.subtype, Bounds { lower, upper })? else { return Ok(None) };
    if !ty.discrete {
        return Ok(Some(range));
    }
    let canonical = Bounds {
        lower: make_lower(ty.subtype, range.lower)?,
        upper: make_upper(ty.subtype, range.upper)?,
    };
    not_empty(ty.subtype, canonical)
}

/// None when there is no value between the bounds; bounds in the wrong order are an error.
fn not_empty(subtype: &ConstantType<'_>, range: Bounds) -> Result<Option<Bounds>, Refusal> {
    let (Some(lower), Some(upper)) = (&range.lower.value, &range.upper.value) else {
        return Ok(Some(range));
    };
    match compare(subtype, lower, upper)? {
        Ordering::Less => Ok(Some(range)),
        Ordering::Equal => Ok((range.lower.inclusive && range.upper.inclusive).then_some(range)),
        Ordering::Greater => Err(Refusal::Invalid),
    }
}

/// A lower bound of a discrete type includes its value.
fn make_lower(subtype: &ConstantType<'_>, bound: Bound) -> Result<Bound, Refusal> {
    match &bound.value {
        Some(value) if !bound.inclusive => next_bound(subtype, value, bound.inclusive, true),
        _ => Ok(bound),
    }
}

/// An upper bound excludes it.
fn make_upper(subtype: &ConstantType<'_>, bound: Bound) -> Result<Bound, Refusal> {
    match &bound.value {
        Some(value) if bound.inclusive => next_bound(subtype, value, bound.inclusive, false),
        _ => Ok(bound),
    }
}

/// The next value with the other kind of bound; infinite dates stay as they are.
fn next_bound(
    subtype: &ConstantType<'_>,
    value: &str,
    was: bool,
    inclusive: bool,
) -> Result<Bound, Refusal> {
    let next = match *subtype {
        ConstantType::Int4 => {
            value.parse::<i32>().ok().and_then(|value| value.checked_add(1)).map(|v| v.to_string())
        }
        ConstantType::Int8 => {
            value.parse::<i64>().ok().and_then(|value| value.checked_add(1)).map(|v| v.to_string())
        }
        ConstantType::Date => match datetime::date_key(value) {
            Some(i64::MIN | i64::MAX) => {
                return Ok(Bound { value: Some(value.to_owned()), inclusive: was });
            }
            days => days.and_then(|days| datetime::print_day(days + 1)),
        },
        _ => return Err(Refusal::Undecided),
    };
    Ok(Bound { value: Some(next.ok_or(Refusal::Invalid)?), inclusive })
}

/// The order of two values in output form, where the type's order is known.
fn compare(subtype: &ConstantType<'_>, left: &str, right: &str) -> Result<Ordering, Refusal> {
    let integer = |text: &str| text.parse::<i64>().ok();
    let keys = |key: fn(&str) -> Option<i64>| Some(key(left)?.cmp(&key(right)?));
    let order = match *subtype {
        ConstantType::Int2 | ConstantType::Int4 | ConstantType::Int8 => {
            Some(integer(left).cmp(&integer(right)))
        }
        ConstantType::Date => keys(datetime::date_key),
        ConstantType::Timestamp | ConstantType::Timestamptz => keys(datetime::timestamp_key),
        ConstantType::Numeric if left != "NaN" && right != "NaN" => numeric::compare(left, right),
        ConstantType::Float4 | ConstantType::Float8 => float::compare(left, right),
        // NaN is above everything.
        ConstantType::Numeric => Some((left == "NaN").cmp(&(right == "NaN"))),
        _ => None,
    };
    order.ok_or(Refusal::Undecided)
}

/// Sorts ranges and joins those that overlap or touch.
fn merge(subtype: &ConstantType<'_>, mut ranges: Vec<Bounds>) -> Result<Vec<Bounds>, Refusal> {
    let mut failure = None;
    ranges.sort_by(|left, right| {
        compare_lower(subtype, &left.lower, &right.lower).unwrap_or_else(|refusal| {
            failure = Some(refusal);
            Ordering::Equal
        })
    });
    if let Some(refusal) = failure {
        return Err(refusal);
    }
    let mut merged: Vec<Bounds> = Vec::new();
    for range in ranges {
        match merged.last_mut() {
            Some(last) if touches(subtype, &last.upper, &range.lower)? => {
                if compare_upper(subtype, &last.upper, &range.upper)? == Ordering::Less {
                    last.upper = range.upper;
                }
            }
            _ => merged.push(range),
        }
    }
    Ok(merged)
}

fn compare_lower(
    subtype: &ConstantType<'_>,
    left: &Bound,
    right: &Bound,
) -> Result<Ordering, Refusal> {
    Ok(match (&left.value, &right.value) {
        (Some(a), Some(b)) => compare(subtype, a, b)?.then(right.inclusive.cmp(&left.inclusive)),
        (left, right) => left.is_some().cmp(&right.is_some()),
    })
}

fn compare_upper(
    subtype: &ConstantType<'_>,
    left: &Bound,
    right: &Bound,
) -> Result<Ordering, Refusal> {
    Ok(match (&left.value, &right.value) {
        (Some(a), Some(b)) => compare(subtype, a, b)?.then(left.inclusive.cmp(&right.inclusive)),
        (left, right) => left.is_none().cmp(&right.is_none()),
    })
}

/// Whether nothing lies between an upper bound and the lower bound of a later range.
fn touches(subtype: &ConstantType<'_>, upper: &Bound, lower: &Bound) -> Result<bool, Refusal> {
    let (Some(end), Some(start)) = (&upper.value, &lower.value) else { return Ok(true) };
    Ok(match compare(subtype, end, start)? {
        Ordering::Greater => true,
        Ordering::Equal => upper.inclusive || lower.inclusive,
        Ordering::Less => false,
    })
}

fn print(range: Option<&Bounds>) -> String {
    let Some(Bounds { lower, upper }) = range else { return "empty".to_owned() };
    let mut text = String::from(if lower.inclusive { "[" } else { "(" });
    if let Some(value) = &lower.value {
        push_quoted(value, b"()[],", &mut text);
    }
    text.push(',');
    if let Some(value) = &upper.value {
        push_quoted(value, b"()[],", &mut text);
    }
    text.push(if upper.inclusive { ']' } else { ')' });
    text
}
