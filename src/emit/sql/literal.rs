//! Writes literals, constants, bodies between dollar signs, and comments.
//!
//! A string with a backslash becomes `E'..'`, so that it means the same whatever
//! `standard_conforming_strings` says. Line breaks stay as they are.

use super::SqlWriter;
use crate::model::{Constant, Literal};

impl SqlWriter {
    /// A string literal.
    pub fn string(&mut self, text: &str) -> &mut Self {
        if text.contains('\\') {
            self.push("E'");
            for character in text.chars() {
                if matches!(character, '\\' | '\'') {
                    self.push_char(character);
                }
                self.push_char(character);
            }
        } else {
            self.push("'");
            self.push_doubling(text, '\'');
        }
        self.push("'");
        self
    }

    /// A literal as written.
    pub fn literal(&mut self, literal: &Literal) {
        match literal {
            Literal::Null => self.push("NULL"),
            Literal::Bool(true) => self.push("TRUE"),
            Literal::Bool(false) => self.push("FALSE"),
            Literal::Integer(value) => {
                self.number(*value);
            }
            Literal::Number(digits) => self.push(digits),
            Literal::String(text) => {
                self.string(text);
            }
            Literal::Bits(bits) => self.bits(bits),
        }
    }

    /// `B'..'` or `X'..'` from the digits behind their letter.
    fn bits(&mut self, bits: &str) {
        let hexadecimal = bits.starts_with(['x', 'X']);
        self.push(if hexadecimal { "X'" } else { "B'" });
        self.push_doubling(bits.get(1..).unwrap_or_default(), '\'');
        self.push("'");
    }

    /// A constant: bare when its type is the one that PostgreSQL would give the bare
    /// spelling (`get_const_expr`, `src/backend/utils/adt/ruleutils.c`), else `'..'::type`.
    pub fn constant(&mut self, constant: &Constant) {
        let Constant { ty, value } = constant;
        if is_bare(constant) {
            self.push(match value.as_deref() {
                Some("t") => "TRUE",
                Some("f") => "FALSE",
                Some(digits) => digits,
                None => "NULL",
            });
            return;
        }
        match value {
            Some(value) => {
                self.string(value);
            }
            None => self.push("NULL"),
        }
        self.push("::");
        self.type_name(ty);
    }

    /// A function body or other long text between dollar signs, with a tag that does
    /// not occur in it.
    pub fn dollar_quoted(&mut self, body: &str) {
        let tag = dollar_tag(body);
        for part in ["$", &tag, "$", body, "$", &tag, "$"] {
            self.push(part);
        }
    }

    /// A comment to the end of the line. Whatever could end it early or mislead a
    /// reader (line breaks, other control characters, `*/`) is replaced.
    pub fn comment(&mut self, text: &str) {
        self.push("-- ");
        for character in text.replace("*/", "* /").chars() {
            let harmless = !character.is_control() && !matches!(character, '\u{2028}' | '\u{2029}');
            self.push_char(if harmless { character } else { ' ' });
        }
        self.new_line();
    }
}

/// True for a boolean, and for `integer` and `numeric` constants without sign that
/// the parser would give that very type.
pub(super) fn is_bare(constant: &Constant) -> bool {
    let Constant { ty, value: Some(value) } = constant else { return false };
    if !ty.modifiers.is_empty() || ty.set_of {
        return false;
    }
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if ty.is_builtin("bool") {
        matches!(value.as_str(), "t" | "f")
    } else if ty.is_builtin("int4") {
        digits(value) && value.parse::<i32>().is_ok()
    } else if ty.is_builtin("numeric") {
        value.split_once('.').is_some_and(|(whole, fraction)| digits(whole) && digits(fraction))
    } else {
        false
    }
}

/// A tag such that neither the body nor its end together with the closing delimiter
/// can be read as a delimiter (`xdolq`, `src/backend/parser/scan.l`).
fn dollar_tag(body: &str) -> String {
    if !body.contains("$$") && !body.ends_with('$') {
        return String::new();
    }
    let mut tag = String::from("body");
    while body.contains(&["$", &tag].concat()) {
        tag.push('_');
    }
    tag
}
