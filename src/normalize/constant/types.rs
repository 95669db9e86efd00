//! The types whose literals have an output form, and their modifiers.
//!
//! A modifier is kept as the server keeps it in `pg_attribute.atttypmod`, so that
//! `varchar(3)` is 7 and `numeric(5,2)` is 327686; [`Typmod::from_modifiers`] makes
//! it from the numbers written in the schema.

/// A type of a literal. `Copy`, so that types can be nested by reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the variants are the types' names in pg_type")]
pub enum ConstantType<'a> {
    Int2,
    Int4,
    Int8,
    Oid,
    Xid,
    Float4,
    Float8,
    Numeric,
    Bool,
    Text,
    Varchar,
    /// `character(n)`, and `bpchar` without a length.
    Bpchar,
    Name,
    /// `"char"`, the one-byte type.
    Char,
    Bytea,
    Bit,
    Varbit,
    Date,
    Time,
    Timetz,
    Timestamp,
    Timestamptz,
    Interval,
    Uuid,
    Json,
    Jsonb,
    Jsonpath,
    Inet,
    Cidr,
    Macaddr,
    Macaddr8,
    Point,
    Line,
    Lseg,
    Box,
    Path,
    Polygon,
    Circle,
    Tsvector,
    Tsquery,
    PgLsn,
    Tid,
    /// Undecided: the locale decides (`lc_monetary`).
    Money,
    /// Undecided: xml is kept as text, and nothing here checks it.
    Xml,
    /// An enum with its labels.
    Enum(&'a [&'a str]),
    /// An array of any number of dimensions over this element type.
    Array(&'a ConstantType<'a>),
    Range(RangeType<'a>),
    Multirange(RangeType<'a>),
    /// A composite type with its fields in order.
    Composite(&'a [ConstantField<'a>]),
    /// A type that is not known here: always undecided.
    Other,
}

/// A field of a composite type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ConstantField<'a> {
    /// The field's type.
    pub ty: ConstantType<'a>,
    /// Its modifier.
    pub typmod: Option<Typmod>,
}

/// A range type with the default ordering of its subtype. A range type with
/// another operator class or collation is [`ConstantType::Other`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RangeType<'a> {
    /// The type of the bounds.
    pub subtype: &'a ConstantType<'a>,
    /// Whether the type has the canonical function of `int4range`, `int8range` or
    /// `daterange`, which puts a range in the form `[lower,upper)`. A range type made by a
    /// user over the same subtype has it only when it says so.
    pub discrete: bool,
}

/// A type modifier in the server's encoding (never -1; none is `None`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Typmod(i32);

/// The four bytes of a length word that character types and numeric add to modifiers.
const VARHDRSZ: i32 = 4;
const INTERVAL_FULL_PRECISION: i32 = 0xFFFF;
const MAX_TIME_PRECISION: i32 = 6;

impl Typmod {
    /// From `pg_attribute.atttypmod`; -1 is none.
    pub fn from_catalog(atttypmod: i32) -> Option<Self> {
        (atttypmod >= 0).then_some(Self(atttypmod))
    }

    /// From the numbers in the parentheses of a type name, as the grammar gives them, as
    /// the types' `typmodin` functions do. For interval the first is the mask of fields,
    /// the second the precision. Array types take the modifier of their element.
    ///
    /// `None` when the type takes no modifier or the numbers are out of range.
    pub fn from_modifiers(ty: &ConstantType<'_>, modifiers: &[i32]) -> Option<Self> {
        match (*ty, modifiers) {
            (ConstantType::Array(element), _) => Self::from_modifiers(element, modifiers),
            (ConstantType::Varchar | ConstantType::Bpchar, &[length])
                if (1..=10_485_760).contains(&length) =>
            {
                Some(Self(length + VARHDRSZ))
            }
            (ConstantType::Bit | ConstantType::Varbit, &[length]) if length >= 1 => {
                Some(Self(length))
            }
            (ConstantType::Numeric, &[precision]) => Self::numeric(precision, 0),
            (ConstantType::Numeric, &[precision, scale]) => Self::numeric(precision, scale),
            (
                ConstantType::Time
                | ConstantType::Timetz
                | ConstantType::Timestamp
                | ConstantType::Timestamptz,
                &[precision],
            ) if precision >= 0 => Some(Self(precision.min(MAX_TIME_PRECISION))),
            (ConstantType::Interval, &[fields]) if (0..=0x7FFF).contains(&fields) => {
                Some(Self((fields << 16) | INTERVAL_FULL_PRECISION))
            }
            (ConstantType::Interval, &[fields, precision])
                if (0..=0x7FFF).contains(&fields) && precision >= 0 =>
            {
                let precision = if precision == INTERVAL_FULL_PRECISION {
                    precision
                } else {
                    precision.min(MAX_TIME_PRECISION)
                };
                Some(Self((fields << 16) | precision))
            }
            _ => None,
        }
    }

    fn numeric(precision: i32, scale: i32) -> Option<Self> {
        ((1..=1000).contains(&precision) && (-1000..=1000).contains(&scale))
            .then(|| Self(((precision << 16) | (scale & 0x7FF)) + VARHDRSZ))
    }

    /// As in `pg_attribute.atttypmod`.
    pub fn catalog(self) -> i32 {
        self.0
    }

    /// Characters of `varchar(n)` and `character(n)`.
    pub(super) fn characters(self) -> Option<usize> {
        usize::try_from(self.0 - VARHDRSZ).ok().filter(|&length| length > 0)
    }

    /// Bits of `bit(n)` and `varbit(n)`.
    pub(super) fn bits(self) -> Option<usize> {
        usize::try_from(self.0).ok().filter(|&length| length > 0)
    }

    /// Precision and scale of `numeric(p,s)`; the scale has 11 bits and a sign.
    pub(super) fn precision_and_scale(self) -> Option<(i32, i32)> {
        let raw = self.0.checked_sub(VARHDRSZ).filter(|&raw| raw >= 0)?;
        Some(((raw >> 16) & 0xFFFF, ((raw & 0x7FF) ^ 1024) - 1024))
    }

    /// Digits of the fraction of a second of time and timestamp types.
    pub(super) fn second_digits(self) -> u32 {
        u32::try_from(self.0.clamp(0, MAX_TIME_PRECISION)).unwrap_or_default()
    }

    /// The mask of fields of an interval.
    pub(super) fn interval_fields(self) -> i32 {
        (self.0 >> 16) & 0x7FFF
    }

    /// Digits of the fraction of a second of an interval, when limited.
    pub(super) fn interval_digits(self) -> Option<u32> {
        let digits = self.0 & 0xFFFF;
        (digits <= MAX_TIME_PRECISION).then(|| u32::try_from(digits).unwrap_or_default())
    }
}

/// The ranges of the catalogue.
const INT4_RANGE: RangeType<'static> = RangeType { subtype: &ConstantType::Int4, discrete: true };
const INT8_RANGE: RangeType<'static> = RangeType { subtype: &ConstantType::Int8, discrete: true };
const DATE_RANGE: RangeType<'static> = RangeType { subtype: &ConstantType::Date, discrete: true };
const NUMERIC_RANGE: RangeType<'static> =
    RangeType { subtype: &ConstantType::Numeric, discrete: false };
const TIMESTAMP_RANGE: RangeType<'static> =
    RangeType { subtype: &ConstantType::Timestamp, discrete: false };
const TIMESTAMPTZ_RANGE: RangeType<'static> =
    RangeType { subtype: &ConstantType::Timestamptz, discrete: false };

/// Types by their name in `pg_catalog.pg_type`.
static BUILTIN: &[(&str, ConstantType<'static>)] = &[
    ("int2", ConstantType::Int2),
    ("int4", ConstantType::Int4),
    ("int8", ConstantType::Int8),
    ("oid", ConstantType::Oid),
    ("xid", ConstantType::Xid),
    ("float4", ConstantType::Float4),
    ("float8", ConstantType::Float8),
    ("numeric", ConstantType::Numeric),
    ("bool", ConstantType::Bool),
    ("text", ConstantType::Text),
    ("varchar", ConstantType::Varchar),
    ("bpchar", ConstantType::Bpchar),
    ("name", ConstantType::Name),
    ("char", ConstantType::Char),
    ("bytea", ConstantType::Bytea),
    ("bit", ConstantType::Bit),
    ("varbit", ConstantType::Varbit),
    ("date", ConstantType::Date),
    ("time", ConstantType::Time),
    ("timetz", ConstantType::Timetz),
    ("timestamp", ConstantType::Timestamp),
    ("timestamptz", ConstantType::Timestamptz),
    ("interval", ConstantType::Interval),
    ("uuid", ConstantType::Uuid),
    ("json", ConstantType::Json),
    ("jsonb", ConstantType::Jsonb),
    ("jsonpath", ConstantType::Jsonpath),
    ("inet", ConstantType::Inet),
    ("cidr", ConstantType::Cidr),
    ("macaddr", ConstantType::Macaddr),
    ("macaddr8", ConstantType::Macaddr8),
    ("point", ConstantType::Point),
    ("line", ConstantType::Line),
    ("lseg", ConstantType::Lseg),
    ("box", ConstantType::Box),
    ("path", ConstantType::Path),
    ("polygon", ConstantType::Polygon),
    ("circle", ConstantType::Circle),
    ("tsvector", ConstantType::Tsvector),
    ("tsquery", ConstantType::Tsquery),
    ("pg_lsn", ConstantType::PgLsn),
    ("tid", ConstantType::Tid),
    ("money", ConstantType::Money),
    ("xml", ConstantType::Xml),
    ("int4range", ConstantType::Range(INT4_RANGE)),
    ("int8range", ConstantType::Range(INT8_RANGE)),
    ("daterange", ConstantType::Range(DATE_RANGE)),
    ("numrange", ConstantType::Range(NUMERIC_RANGE)),
    ("tsrange", ConstantType::Range(TIMESTAMP_RANGE)),
    ("tstzrange", ConstantType::Range(TIMESTAMPTZ_RANGE)),
    ("int4multirange", ConstantType::Multirange(INT4_RANGE)),
    ("int8multirange", ConstantType::Multirange(INT8_RANGE)),
    ("datemultirange", ConstantType::Multirange(DATE_RANGE)),
    ("nummultirange", ConstantType::Multirange(NUMERIC_RANGE)),
    ("tsmultirange", ConstantType::Multirange(TIMESTAMP_RANGE)),
    ("tstzmultirange", ConstantType::Multirange(TIMESTAMPTZ_RANGE)),
];

impl ConstantType<'static> {
    /// The type with this name in `pg_catalog.pg_type` (`int4`, `_int4`, `int4range`, …),
    /// or `Other`.
    pub fn builtin(name: &str) -> Self {
        let find = |name: &str| BUILTIN.iter().find(|(known, _)| *known == name).map(|(_, ty)| ty);
        match name.strip_prefix('_') {
            Some(element) => find(element).map_or(Self::Other, ConstantType::Array),
            None => find(name).copied().unwrap_or(Self::Other),
        }
    }
}
