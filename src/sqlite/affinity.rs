//! The five rules by which a declared type gives its column an affinity.
//!
//! `VARCHAR(20)` → TEXT, `DECIMAL(10,2)` → NUMERIC. Order matters: `CHARINT` is INTEGER, as the
//! first rule that fits counts (<https://www.sqlite.org/datatype3.html>, "Determination Of Column
//! Affinity").

/// What a column likes its values to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Affinity {
    /// Like NUMERIC; a CAST to it takes integers only.
    Integer,
    /// Numbers become text.
    Text,
    /// Nothing is changed. The documents once called it NONE.
    Blob,
    /// Integers become floating-point numbers.
    Real,
    /// Text that looks like a number becomes one, an integer if that loses nothing.
    Numeric,
}

impl Affinity {
    /// By the five rules, in order.
    pub fn of(declared: &str) -> Self {
        let upper = declared.to_ascii_uppercase();
        let has = |parts: &[&str]| parts.iter().any(|part| upper.contains(part));
        if has(&["INT"]) {
            Self::Integer
        } else if has(&["CHAR", "CLOB", "TEXT"]) {
            Self::Text
        } else if has(&["BLOB"]) || upper.trim().is_empty() {
            Self::Blob
        } else if has(&["REAL", "FLOA", "DOUB"]) {
            Self::Real
        } else {
            Self::Numeric
        }
    }

    /// Its name in the documents.
    pub fn label(self) -> &'static str {
        match self {
            Self::Integer => "INTEGER",
            Self::Text => "TEXT",
            Self::Blob => "BLOB",
            Self::Real => "REAL",
            Self::Numeric => "NUMERIC",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rule_that_fits_counts() {
        let check =
            |declared: &str, expected| assert_eq!(Affinity::of(declared), expected, "{declared}");
        check("UNSIGNED BIG INT", Affinity::Integer);
        check("FLOATING POINT", Affinity::Integer);
        check("CHARINT", Affinity::Integer);
        check("varying character(255)", Affinity::Text);
        check("CLOB", Affinity::Text);
        check("", Affinity::Blob);
        check("DOUBLE PRECISION", Affinity::Real);
        check("DECIMAL(10,5)", Affinity::Numeric);
        check("BOOLEAN", Affinity::Numeric);
        check("DATETIME", Affinity::Numeric);
        check("STRING", Affinity::Numeric);
        check("UUID", Affinity::Numeric);
    }
}
