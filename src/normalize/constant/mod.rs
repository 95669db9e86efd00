//! Literals in the form in which the server prints them.
//!
//! In goes a type, its modifier and the text of a literal; out comes what the
//! type's output function would print after its input function read the text
//! (`src/backend/utils/adt/`), with `TimeZone = 'UTC'`, `IntervalStyle =
//! 'postgres'`, `bytea_output = 'hex'` and `extra_float_digits = 1`:
//!
//! ```
//! use pgcanon::normalize::constant::{Canonical, ConstantType, canonical};
//!
//! let interval = canonical(&ConstantType::Interval, None, "1 week 1.5 days");
//! assert_eq!(interval, Canonical::Value("8 days 12:00:00".into()));
//! assert_eq!(canonical(&ConstantType::Int4, None, "0x1F"), Canonical::Value("31".into()));
//! assert_eq!(canonical(&ConstantType::Int4, None, "one"), Canonical::Invalid);
//! assert_eq!(canonical(&ConstantType::Timestamptz, None, "now"), Canonical::Undecided);
//! ```
//!
//! Invariant: two texts with the same `Value` are the same value to the server.
//! Whatever depends on a setting, a locale, the clock, the time zone database or
//! the server's version is `Undecided`, and the caller compares the texts.
//! The database encoding is taken to be UTF-8.

mod array;
mod binary;
mod boolean;
mod calendar;
mod character;
mod datetime;
mod float;
mod fold;
mod geometry;
mod identifier;
mod integer;
mod interval;
mod interval_iso;
mod json;
mod jsonb;
mod jsonpath;
mod length;
mod network;
mod numeric;
mod range;
mod record;
mod scan;
mod text_search;
mod tsquery;
mod types;

pub use fold::fold_cast;
pub use length::coerce_length;
pub use types::{ConstantField, ConstantType, RangeType, Typmod};

/// The deepest nesting of types (an array of composites of arrays …) and of JSON
/// that is followed; beyond it a literal is undecided.
const MAX_DEPTH: u32 = 256;

/// What is known of a literal.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Canonical {
    /// The text that the server would print for it.
    Value(Box<str>),
    /// Not a value of the type: the server would raise an error.
    Invalid,
    /// Depends on what is not in the schema text: compare as written.
    Undecided,
}

/// Why a literal has no output form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refusal {
    Invalid,
    Undecided,
}

/// The output form inside this module, so that `?` can be used.
type Output = Result<String, Refusal>;

impl From<Output> for Canonical {
    fn from(output: Output) -> Self {
        match output {
            Ok(text) => Self::Value(text.into_boxed_str()),
            Err(Refusal::Invalid) => Self::Invalid,
            Err(Refusal::Undecided) => Self::Undecided,
        }
    }
}

/// The output form of the literal `text` of type `ty`.
///
/// The modifier is applied as the type's *input function* applies it: rounding for
/// numbers and times, and for character and bit strings the rules of assignment
/// (an error when more than blanks would be cut). The rules of an explicit cast
/// are those of [`coerce_length`].
pub fn canonical(ty: &ConstantType<'_>, typmod: Option<Typmod>, text: &str) -> Canonical {
    output(ty, typmod, text, 0).into()
}

/// [`canonical`] at some depth of nested types.
fn output(ty: &ConstantType<'_>, typmod: Option<Typmod>, text: &str, depth: u32) -> Output {
    // A literal cannot hold a zero byte.
    if depth > MAX_DEPTH || text.contains('\0') {
        return Err(Refusal::Undecided);
    }
    match *ty {
        ConstantType::Int2 => integer::int2(text),
        ConstantType::Int4 => integer::int4(text),
        ConstantType::Int8 => integer::int8(text),
        ConstantType::Oid => integer::oid(text),
        ConstantType::Xid => integer::xid(text),
        ConstantType::Float4 => float::float4(text),
        ConstantType::Float8 => float::float8(text),
        ConstantType::Numeric => numeric::numeric(text, typmod),
        ConstantType::Bool => boolean::boolean(text),
        ConstantType::Text => Ok(text.to_owned()),
        ConstantType::Varchar => character::varchar(text, typmod),
        ConstantType::Bpchar => character::bpchar(text, typmod),
        ConstantType::Name => Ok(character::name(text)),
        ConstantType::Char => character::single_byte(text),
        ConstantType::Bytea => binary::bytea(text),
        ConstantType::Bit => binary::bit(text, typmod),
        ConstantType::Varbit => binary::varbit(text, typmod),
        ConstantType::Date => datetime::date(text),
        ConstantType::Time => datetime::time(text, typmod),
        ConstantType::Timetz => datetime::timetz(text, typmod),
        ConstantType::Timestamp => datetime::timestamp(text, typmod),
        ConstantType::Timestamptz => datetime::timestamptz(text, typmod),
        ConstantType::Interval => interval::interval(text, typmod),
        ConstantType::Uuid => identifier::uuid(text),
        ConstantType::PgLsn => identifier::pg_lsn(text),
        ConstantType::Tid => identifier::tid(text),
        ConstantType::Json => json::json(text),
        ConstantType::Jsonb => jsonb::jsonb(text),
        ConstantType::Jsonpath => jsonpath::jsonpath(text),
        ConstantType::Inet => network::inet(text),
        ConstantType::Cidr => network::cidr(text),
        ConstantType::Macaddr => network::macaddr(text),
        ConstantType::Macaddr8 => network::macaddr8(text),
        ConstantType::Point => geometry::point(text),
        ConstantType::Line => geometry::line(text),
        ConstantType::Lseg => geometry::lseg(text),
        ConstantType::Box => geometry::rectangle(text),
        ConstantType::Path => geometry::path(text),
        ConstantType::Polygon => geometry::polygon(text),
        ConstantType::Circle => geometry::circle(text),
        ConstantType::Tsvector => text_search::tsvector(text),
        ConstantType::Tsquery => tsquery::tsquery(text),
        ConstantType::Enum(labels) => identifier::label(text, labels),
        ConstantType::Array(element) => array::array(element, typmod, text, depth),
        ConstantType::Range(range) => range::range(range, text, depth),
        ConstantType::Multirange(range) => range::multirange(range, text, depth),
        ConstantType::Composite(fields) => record::record(fields, text, depth),
        ConstantType::Money | ConstantType::Xml | ConstantType::Other => Err(Refusal::Undecided),
    }
}
