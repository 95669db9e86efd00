//! What becomes of a type's values in a column of some affinity.
//!
//! A type of PostgreSQL and an affinity go in; how bad it is and what follows come out, or
//! nothing. `numeric(10,2)` in a column of NUMERIC is a binary fraction: bad.

use super::Affinity;
use crate::diff::Severity::{self, High, Low, Moderate};
use crate::model::{Object, ObjectId, QualifiedName, TypeName};
use crate::normalize::NormalSchema;

/// Types by what SQLite does to their values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// `int2`, `int4`, `int8`.
    Integer,
    Boolean,
    /// `numeric` without digits after the point, of at most 18.
    Whole,
    /// Any other `numeric`, `money`.
    Exact,
    Float,
    Text,
    Uuid,
    /// Dates and times without a zone, intervals.
    Time,
    /// `timestamptz`, `timetz`.
    ZonedTime,
    Bytes,
    Enum,
    Json,
    /// Everything that SQLite only knows as text.
    Other,
}

/// The class of a type, below its domain.
pub(super) fn class(ty: &TypeName, schema: &NormalSchema) -> Class {
    if ty.array {
        return Class::Other;
    }
    if let Some(namespace) = &ty.name.namespace
        && *namespace != "pg_catalog"
    {
        let name = QualifiedName::new(namespace.as_str(), ty.name.name.as_str());
        if let Some(base) = base_of(&name, schema) {
            return class(base, schema);
        }
        if schema.get(&ObjectId::Enum(name)).is_some() {
            return Class::Enum;
        }
    }
    match ty.name.name.as_str() {
        "int2" | "int4" | "int8" | "oid" => Class::Integer,
        "bool" => Class::Boolean,
        "numeric" => match ty.modifiers.as_slice() {
            [precision] if is_at_most_18(precision) => Class::Whole,
            [precision, scale] if is_at_most_18(precision) && scale == "0" => Class::Whole,
            _fraction => Class::Exact,
        },
        "money" => Class::Exact,
        "float4" | "float8" => Class::Float,
        "text" | "varchar" | "bpchar" | "name" | "char" | "citext" => Class::Text,
        "uuid" => Class::Uuid,
        "timestamp" | "date" | "time" | "interval" => Class::Time,
        "timestamptz" | "timetz" => Class::ZonedTime,
        "bytea" => Class::Bytes,
        "json" | "jsonb" => Class::Json,
        _other => Class::Other,
    }
}

fn is_at_most_18(precision: &str) -> bool {
    precision.parse::<u32>().is_ok_and(|precision| precision <= 18)
}

/// The type under a domain.
pub(super) fn base_of<'s>(name: &QualifiedName, schema: &'s NormalSchema) -> Option<&'s TypeName> {
    match schema.get(&ObjectId::Domain(name.clone()))?.object() {
        Object::Domain(domain) => Some(&domain.base),
        _other => None,
    }
}

/// What is lost; none if nothing is.
pub(super) fn loss(class: Class, affinity: Affinity) -> Option<(Severity, &'static str)> {
    use Affinity::{Blob, Integer, Numeric, Real, Text};
    const DIGITS: &str = "text that looks like a number becomes one: '007' is 7, '1e3' is 1000";
    const AS_TEXT: &str = "numbers become text, which sorts and compares by character";
    const UNCHANGED: &str = "values are kept as they come, text and numbers side by side";
    Some(match (class, affinity) {
        (Class::Integer | Class::Boolean | Class::Whole, Text) => (High, AS_TEXT),
        (Class::Integer | Class::Whole, Real) => {
            (High, "integers become floating-point numbers, exact up to 2^53 only")
        }
        (Class::Boolean, Real) => (Moderate, "truth values become 0.0 and 1.0"),
        (Class::Integer | Class::Boolean | Class::Whole | Class::Float, Blob) => {
            (Moderate, UNCHANGED)
        }
        (Class::Integer | Class::Whole, Integer | Numeric) => return None,
        (Class::Boolean, Integer | Numeric) => {
            (Low, "there are no truth values: 0 and 1 stand for them, and other numbers are taken")
        }
        (Class::Exact, Integer | Numeric | Real) => {
            (High, "there are no exact decimals: digits beyond 15 are lost, 0.1 + 0.2 is not 0.3")
        }
        (Class::Exact, Text) => (Moderate, "digits are kept, but sort and compare as text"),
        (Class::Exact, Blob) => (Moderate, UNCHANGED),
        (Class::Float, Real) => return None,
        (Class::Float, Integer | Numeric) => {
            (Low, "whole numbers become integers, which divide as integers")
        }
        (Class::Float, Text) => (High, AS_TEXT),
        (Class::Text, Text) => return None,
        (Class::Text | Class::Enum, Blob) => (Low, UNCHANGED),
        (Class::Text | Class::Enum, Integer | Numeric | Real) => (High, DIGITS),
        (Class::Enum, Text) => return None,
        (Class::Uuid, Text | Blob) => {
            (Low, "any text or bytes are taken, and two spellings of one UUID are two values")
        }
        (Class::Uuid, Integer | Numeric | Real) => {
            (High, "text that looks like a number becomes one, as some UUIDs do: 1e100000-..")
        }
        (Class::Time, Text | Blob) => (Low, "any text is taken; ISO 8601 sorts as time does"),
        (Class::Time, Numeric) => {
            (Low, "any text is taken; a lone year or a number of seconds becomes a number")
        }
        (Class::ZonedTime, Text | Blob | Numeric) => (
            Moderate,
            "zones are not understood: two spellings of one moment differ and sort apart",
        ),
        (Class::Time | Class::ZonedTime, Integer | Real) => {
            (Moderate, "moments are numbers whose meaning is an agreement only")
        }
        (Class::Bytes, Blob) => return None,
        (Class::Bytes, Text | Integer | Numeric | Real) => {
            (Moderate, "bytes are kept, but text given for them becomes something else")
        }
        (Class::Json, Text | Blob) => {
            (Moderate, "any text is taken, and compared as text: key order and spaces count")
        }
        (Class::Json, Integer | Numeric | Real) => (High, DIGITS),
        (Class::Other, Text | Blob) => {
            (Moderate, "SQLite has no such type: any text is taken, compared as text")
        }
        (Class::Other, Integer | Numeric | Real) => (High, DIGITS),
    })
}
