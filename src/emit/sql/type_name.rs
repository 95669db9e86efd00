//! Writes types under the names of the SQL standard, as `format_type` does
//! (`src/backend/utils/adt/format_type.c`).
//!
//! `pg_catalog.bpchar` without a length is not `character`, which means
//! `character(1)`: it stays `bpchar`.

use smol_str::SmolStr;

use super::SqlWriter;
use super::ident::is_safe;
use crate::model::{Name, TypeName};

impl SqlWriter {
    /// A reference to a type.
    pub fn type_name(&mut self, ty: &TypeName) {
        let TypeName { name, modifiers, array, set_of, of_column } = ty;
        if *set_of {
            self.push("SETOF ");
        }
        if let Some(column) = of_column {
            self.name(name);
            self.push(".");
            self.ident(column);
            self.push("%TYPE");
        } else if !self.standard_type(name, modifiers) {
            self.plain_type(name, modifiers);
        }
        if *array {
            self.push("[]");
        }
    }

    /// The spelling of the SQL standard, when the type has one; else nothing is
    /// written and the answer is false.
    fn standard_type(&mut self, name: &Name, modifiers: &[SmolStr]) -> bool {
        if name.namespace.as_ref().is_none_or(|namespace| *namespace != "pg_catalog") {
            return false;
        }
        let (before, after) = match (name.name.as_str(), modifiers) {
            ("bool", []) => ("boolean", ""),
            ("int2", []) => ("smallint", ""),
            ("int4", []) => ("integer", ""),
            ("int8", []) => ("bigint", ""),
            ("float4", []) => ("real", ""),
            ("float8", []) => ("double precision", ""),
            ("json", []) => ("json", ""),
            ("numeric", _) => ("numeric", ""),
            ("varchar", modifiers) if are_lengths(modifiers) => ("character varying", ""),
            ("bpchar", modifiers @ [_]) if are_lengths(modifiers) => ("character", ""),
            ("bit", [_, ..]) => ("bit", ""),
            ("varbit", _) => ("bit varying", ""),
            ("time", modifiers) if are_lengths(modifiers) => ("time", " without time zone"),
            ("timetz", modifiers) if are_lengths(modifiers) => ("time", " with time zone"),
            ("timestamp", modifiers) if are_lengths(modifiers) => {
                ("timestamp", " without time zone")
            }
            ("timestamptz", modifiers) if are_lengths(modifiers) => {
                ("timestamp", " with time zone")
            }
            ("interval", modifiers) => return self.interval(modifiers),
            _ => return false,
        };
        self.push(before);
        self.modifiers(modifiers);
        self.push(after);
        true
    }

    /// `point '(1,2)'`, `interval '1' day`.
    pub(super) fn typed_string(&mut self, ty: &TypeName, text: &str) {
        let fields =
            ty.modifiers.first().filter(|fields| ty.is_builtin("interval") && !fields.is_empty());
        if let Some(fields) = fields {
            self.push("interval ");
            self.string(text);
            self.push(" ");
            self.push(fields);
            self.modifiers(ty.modifiers.iter().skip(1));
        } else {
            self.type_name(ty);
            self.push(" ");
            self.string(text);
        }
    }

    /// `interval day to second(3)`: the fields, empty for all, then the precision.
    fn interval(&mut self, modifiers: &[SmolStr]) -> bool {
        let precision = match modifiers {
            [] => None,
            [fields] if !fields.is_empty() && interval_mask(fields).is_some() => None,
            [fields, precision] if fields.is_empty() || fields.ends_with("second") => {
                if !is_length(precision) || interval_mask(fields).is_none() {
                    return false;
                }
                Some(precision)
            }
            _ => return false,
        };
        self.push("interval");
        if let Some(fields) = modifiers.first().filter(|fields| !fields.is_empty()) {
            self.push(" ");
            self.push(fields);
        }
        self.modifiers(precision);
        true
    }

    fn plain_type(&mut self, name: &Name, modifiers: &[SmolStr]) {
        match self.shown_namespace(name) {
            Some(_) => self.name(name),
            None => self.ident(&name.name),
        }
        match modifiers {
            [fields, rest @ ..]
                if name.is_builtin("interval") && interval_mask(fields).is_some() =>
            {
                let mask = interval_mask(fields).unwrap_or_default();
                let mask = SmolStr::new_static(mask);
                self.modifiers(std::iter::once(&mask).chain(rest));
            }
            _ => self.modifiers(modifiers),
        }
    }

    /// `(10,2)`: without a space, as `format_type` writes it.
    fn modifiers<'m>(&mut self, modifiers: impl IntoIterator<Item = &'m SmolStr>) {
        let mut separator = "(";
        for modifier in modifiers {
            self.push(separator);
            self.modifier(modifier);
            separator = ",";
        }
        if separator == "," {
            self.push(")");
        }
    }

    /// Numbers and words as they are, anything else as a string: the type's input
    /// function for modifiers sees no difference.
    fn modifier(&mut self, modifier: &str) {
        if is_number(modifier) || is_safe(modifier) {
            self.push(modifier);
        } else {
            self.string(modifier);
        }
    }
}

/// At most one modifier, and that a number without sign.
fn are_lengths(modifiers: &[SmolStr]) -> bool {
    match modifiers {
        [] => true,
        [length] => is_length(length),
        _ => false,
    }
}

fn is_length(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit()) && text.parse::<i32>().is_ok()
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// The number that the grammar makes of the fields of an interval (`src/include/utils/datetime.h`).
fn interval_mask(fields: &str) -> Option<&'static str> {
    Some(match fields {
        "" => "32767",
        "year" => "4",
        "month" => "2",
        "day" => "8",
        "hour" => "1024",
        "minute" => "2048",
        "second" => "4096",
        "year to month" => "6",
        "day to hour" => "1032",
        "day to minute" => "3080",
        "day to second" => "7176",
        "hour to minute" => "3072",
        "hour to second" => "7168",
        "minute to second" => "6144",
        _ => return None,
    })
}
