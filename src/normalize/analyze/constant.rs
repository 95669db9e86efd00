//! Literals that became constants of a type, in the type's output form.

use smol_str::SmolStr;

use super::types::numbers;
use super::{Analyzer, Ty};
use crate::catalog::{TypeId, TypeKind};
use crate::model::{Constant, Expr, Ident, Literal, Name, NormalRule};
use crate::normalize::constant::{
    Canonical, ConstantField, ConstantType, RangeType, Typmod, canonical, coerce_length, fold_cast,
};

impl Analyzer<'_> {
    /// A constant of a type; `None` is NULL. The text is that of a literal.
    pub(in crate::normalize) fn constant(&self, text: Option<&str>, ty: &Ty) -> Expr {
        let plain = Ty::plain(ty.id);
        let value = text.map(|text| self.output_form(text, ty));
        Expr::Constant(Box::new(Constant { ty: self.type_name(&plain), value }))
    }

    /// The text that the server would print for a literal of the type; the text as it
    /// is when that cannot be known.
    fn output_form(&self, text: &str, ty: &Ty) -> SmolStr {
        if let Some(name) = self.object_name(text, ty.id) {
            return name;
        }
        let canonical = self.with_constant_type(ty.id, 0, &mut |constant| {
            // Interval fields change how the text is read; other modifiers come later.
            let typmod = match constant {
                ConstantType::Interval => interval_typmod(ty),
                _other_types => None,
            };
            canonical(&constant, typmod, text)
        });
        match canonical {
            Canonical::Value(value) => {
                if *value != *text {
                    self.apply(NormalRule::ConstantForm);
                }
                value.into()
            }
            Canonical::Invalid | Canonical::Undecided => text.into(),
        }
    }

    /// The constant after a length coercion, when that can be known.
    pub(super) fn constant_with_length(
        &self,
        constant: &Constant,
        ty: &Ty,
        explicit: bool,
    ) -> Option<SmolStr> {
        let text = constant.value.as_ref()?;
        let fields_only = ty.modifiers.len() == 1;
        if ty.id == TypeId::INTERVAL && fields_only && interval_typmod(ty).is_some() {
            // The fields were minded when the literal was read.
            return Some(text.clone());
        }
        let modifiers = numbers(&ty.modifiers)?;
        let canonical =
            self.with_constant_type(ty.id, 0, &mut |constant| match Typmod::from_modifiers(
                &constant, &modifiers,
            ) {
                Some(typmod) => coerce_length(&constant, Some(typmod), text, explicit),
                None => Canonical::Undecided,
            });
        match canonical {
            Canonical::Value(value) => Some(value.into()),
            Canonical::Invalid | Canonical::Undecided => None,
        }
    }

    /// A constant cast to another type without loss, when PostgreSQL's result is known.
    pub(super) fn folded(&self, constant: &Constant, from: TypeId, to: TypeId) -> Option<Expr> {
        let ty = self.plain_name(to);
        let Some(text) = &constant.value else {
            // A domain may refuse NULL, so the cast to it stays.
            if self.base_id(to) != to {
                return None;
            }
            return Some(Expr::Constant(Box::new(Constant { ty, value: None })));
        };
        let mut folded = None;
        self.with_constant_type(from, 0, &mut |from| {
            self.with_constant_type(to, 0, &mut |to| {
                folded = fold_cast(&from, &to, text);
                Canonical::Undecided
            })
        });
        let value = Some(folded?.into());
        Some(Expr::Constant(Box::new(Constant { ty, value })))
    }

    /// Calls `f` with what `normalize::constant` knows of a type.
    fn with_constant_type(
        &self,
        id: TypeId,
        depth: u32,
        f: &mut dyn FnMut(ConstantType<'_>) -> Canonical,
    ) -> Canonical {
        if depth > 8 {
            return Canonical::Undecided;
        }
        if let Some(element) = self.catalog.element_of(id) {
            return self.with_constant_type(element, depth + 1, &mut |element| {
                f(ConstantType::Array(&element))
            });
        }
        let entry = self.catalog.ty(id);
        match entry.kind {
            TypeKind::Range { subtype, custom, .. } => {
                let discrete =
                    [TypeId::INT4RANGE, TypeId::INT8RANGE, TypeId::DATERANGE].contains(&id);
                if custom {
                    return Canonical::Undecided;
                }
                return self.with_constant_type(subtype, depth + 1, &mut |subtype| {
                    f(ConstantType::Range(RangeType { subtype: &subtype, discrete }))
                });
            }
            TypeKind::Multirange { range } => {
                return self.with_constant_type(range, depth + 1, &mut |range| match range {
                    ConstantType::Range(range) => f(ConstantType::Multirange(range)),
                    _no_range => Canonical::Undecided,
                });
            }
            // The label is its own output form; that it exists is not our question.
            TypeKind::Enum => return f(ConstantType::Text),
            TypeKind::Base => {}
            TypeKind::Composite => {
                let Some(relation) = self.catalog.relation_of_type(id) else {
                    return Canonical::Undecided;
                };
                let fields: Vec<Ty> =
                    self.catalog.columns(relation).map(|column| self.column_type(column)).collect();
                return self.with_fields(&fields, &[], depth + 1, f);
            }
            TypeKind::Domain { .. } | TypeKind::Pseudo => return Canonical::Undecided,
        }
        if entry.schema != "pg_catalog" {
            return Canonical::Undecided;
        }
        builtin(&entry.name).map_or(Canonical::Undecided, f)
    }

    /// Calls `f` with a composite type: of the fields in `known`, then of those in `fields`.
    fn with_fields(
        &self,
        fields: &[Ty],
        known: &[ConstantField<'_>],
        depth: u32,
        f: &mut dyn FnMut(ConstantType<'_>) -> Canonical,
    ) -> Canonical {
        let Some((first, rest)) = fields.split_first() else {
            return f(ConstantType::Composite(known));
        };
        // A value that a domain refuses is no value of ours to judge.
        let first = self.base(first);
        self.with_constant_type(first.id, depth, &mut |ty| {
            let typmod = if first.modifiers.is_empty() {
                None
            } else {
                let numbers = numbers(&first.modifiers);
                let typmod = numbers.and_then(|numbers| Typmod::from_modifiers(&ty, &numbers));
                if typmod.is_none() {
                    return Canonical::Undecided;
                }
                typmod
            };
            let mut known = known.to_vec();
            known.push(ConstantField { ty, typmod });
            self.with_fields(rest, &known, depth, f)
        })
    }

    /// The qualified name that a constant of a reg* type stands for.
    fn object_name(&self, text: &str, ty: TypeId) -> Option<SmolStr> {
        let name = split_name(text)?;
        let find = |exists: &dyn Fn(&Ident) -> bool| -> Option<Ident> {
            self.namespaces(&name).into_iter().find(exists)
        };
        let own = name.name.as_str();
        let namespace = match ty {
            TypeId::REGCLASS => {
                find(&|namespace| self.catalog.relation(namespace.as_str(), own).is_some())
            }
            TypeId::REGTYPE => {
                find(&|namespace| self.catalog.type_named(namespace.as_str(), own).is_some())
            }
            TypeId::REGPROC => find(&|namespace| {
                self.catalog.functions(own).any(|function| *namespace == *function.schema.as_str())
            }),
            TypeId::REGCONFIG => {
                let kind = crate::catalog::NameKind::TextSearchConfiguration;
                find(&|namespace| self.catalog.name(kind, namespace.as_str(), own).is_some())
            }
            TypeId::REGDICTIONARY => {
                let kind = crate::catalog::NameKind::TextSearchDictionary;
                find(&|namespace| self.catalog.name(kind, namespace.as_str(), own).is_some())
            }
            _another_type => return None,
        };
        match namespace.or(name.namespace) {
            Some(namespace) => {
                Some(format!("{}.{}", quoted(namespace.as_str()), quoted(own)).into())
            }
            None => Some(quoted(own).into()),
        }
    }
}

/// `a.b` with quotes as in SQL, folded (`stringToQualifiedNameList`).
fn split_name(text: &str) -> Option<Name> {
    let mut parts: Vec<String> = Vec::new();
    let mut chars = text.trim().chars().peekable();
    loop {
        let mut part = String::new();
        if chars.peek() == Some(&'"') {
            chars.next();
            loop {
                match chars.next()? {
                    '"' if chars.peek() == Some(&'"') => {
                        chars.next();
                        part.push('"');
                    }
                    '"' => break,
                    other => part.push(other),
                }
            }
        } else {
            while let Some(c) = chars.next_if(|c| *c != '.') {
                part.push(c.to_ascii_lowercase());
            }
            // A number is an OID; blanks and parentheses are no plain name.
            let plain = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
            if part.is_empty()
                || part.starts_with(|c: char| c.is_ascii_digit())
                || !part.chars().all(plain)
            {
                return None;
            }
        }
        parts.push(part);
        match chars.next() {
            None => break,
            Some('.') => {}
            Some(_) => return None,
        }
    }
    match parts.as_slice() {
        [name] => Some(Name::bare(name)),
        [namespace, name] => Some(Name::qualified(namespace, name)),
        _a_database_too => None,
    }
}

/// A name in the text of a constant: quoted unless it is plain. The same on both
/// sides, so that keywords need no quotes here.
fn quoted(name: &str) -> String {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    let starts = name.bytes().next().is_some_and(|b| b.is_ascii_lowercase() || b == b'_');
    if starts && name.bytes().all(plain) {
        return name.to_owned();
    }
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The typmod of an interval type from its modifiers: the words of its fields, then
/// the precision (`intervaltypmodin`, `src/backend/utils/adt/timestamp.c`).
fn interval_typmod(ty: &Ty) -> Option<Typmod> {
    let fields = ty.modifiers.first()?;
    let mask = interval_mask(fields)?;
    let precision: Option<i32> = ty.modifiers.get(1).and_then(|precision| precision.parse().ok());
    let modifiers: Vec<i32> = std::iter::once(mask).chain(precision).collect();
    Typmod::from_modifiers(&ConstantType::Interval, &modifiers)
}

/// The bits of `INTERVAL_MASK` (`src/include/utils/timestamp.h`, `datetime.h`).
fn interval_mask(fields: &str) -> Option<i32> {
    const MONTH: i32 = 1 << 1;
    const YEAR: i32 = 1 << 2;
    const DAY: i32 = 1 << 3;
    const HOUR: i32 = 1 << 10;
    const MINUTE: i32 = 1 << 11;
    const SECOND: i32 = 1 << 12;
    Some(match fields {
        "" => 0x7FFF,
        "year" => YEAR,
        "month" => MONTH,
        "day" => DAY,
        "hour" => HOUR,
        "minute" => MINUTE,
        "second" => SECOND,
        "year to month" => YEAR | MONTH,
        "day to hour" => DAY | HOUR,
        "day to minute" => DAY | HOUR | MINUTE,
        "day to second" => DAY | HOUR | MINUTE | SECOND,
        "hour to minute" => HOUR | MINUTE,
        "hour to second" => HOUR | MINUTE | SECOND,
        "minute to second" => MINUTE | SECOND,
        _unknown => return None,
    })
}

fn builtin(name: &str) -> Option<ConstantType<'static>> {
    use ConstantType as C;
    Some(match name {
        "int2" => C::Int2,
        "int4" => C::Int4,
        "int8" => C::Int8,
        "oid" => C::Oid,
        "xid" => C::Xid,
        "float4" => C::Float4,
        "float8" => C::Float8,
        "numeric" => C::Numeric,
        "bool" => C::Bool,
        "text" => C::Text,
        "varchar" => C::Varchar,
        "bpchar" => C::Bpchar,
        "name" => C::Name,
        "char" => C::Char,
        "bytea" => C::Bytea,
        "bit" => C::Bit,
        "varbit" => C::Varbit,
        "date" => C::Date,
        "time" => C::Time,
        "timetz" => C::Timetz,
        "timestamp" => C::Timestamp,
        "timestamptz" => C::Timestamptz,
        "interval" => C::Interval,
        "uuid" => C::Uuid,
        "json" => C::Json,
        "jsonb" => C::Jsonb,
        "jsonpath" => C::Jsonpath,
        "inet" => C::Inet,
        "cidr" => C::Cidr,
        "macaddr" => C::Macaddr,
        "macaddr8" => C::Macaddr8,
        "point" => C::Point,
        "line" => C::Line,
        "lseg" => C::Lseg,
        "box" => C::Box,
        "path" => C::Path,
        "polygon" => C::Polygon,
        "circle" => C::Circle,
        "tsvector" => C::Tsvector,
        "tsquery" => C::Tsquery,
        "pg_lsn" => C::PgLsn,
        "tid" => C::Tid,
        "money" => C::Money,
        "xml" => C::Xml,
        _another => return None,
    })
}

impl Analyzer<'_> {
    /// A literal as a constant or, for strings and NULL, as what its context will make of it
    /// (`make_const`, `src/backend/parser/parse_node.c`).
    pub(super) fn literal(&self, literal: &Literal) -> super::Typed {
        use super::{Type, Typed};
        let known =
            |text: &str, id: TypeId| Typed::plain(self.constant(Some(text), &Ty::plain(id)), id);
        match literal {
            Literal::Null | Literal::String(_) => {
                Typed { expr: Expr::Literal(literal.clone()), ty: Type::Literal }
            }
            Literal::Bool(value) => known(if *value { "t" } else { "f" }, TypeId::BOOL),
            Literal::Integer(value) => known(&value.to_string(), TypeId::INT4),
            Literal::Number(text) => {
                let digits = text.replace('_', "");
                let id = if digits.parse::<i64>().is_ok() { TypeId::INT8 } else { TypeId::NUMERIC };
                known(text, id)
            }
            Literal::Bits(text) => known(text, TypeId::BIT),
        }
    }
}
