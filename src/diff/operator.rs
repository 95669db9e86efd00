//! Facets of operators and of what is built of them: classes, families, casts,
//! transforms, and of conversions.

use super::{Facets, Value};
use crate::model::{
    CastContext, CastDefinition, CastMethod, Conversion, Facet, FamilyMember, Operator,
    OperatorClass, OperatorFamily, Signature, Transform,
};

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn operator(object: &Operator, facets: &mut Facets) {
    let Operator { function, commutator, negator, restrict, join, hashes, merges } = object;
    facets.put(Facet::Function, function);
    facets.put_some(Facet::Commutator, commutator.as_ref());
    facets.put_some(Facet::Negator, negator.as_ref());
    facets.put_some(Facet::Restrict, restrict.as_ref());
    facets.put_some(Facet::Join, join.as_ref());
    facets.put_flag(Facet::Hashes, *hashes);
    facets.put_flag(Facet::Merges, *merges);
}

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn operator_class(object: &OperatorClass, facets: &mut Facets) {
    let OperatorClass { ty, default, family, storage, members } = object;
    facets.put(Facet::Type, ty);
    facets.put_flag(Facet::Default, *default);
    facets.put(Facet::Family, family);
    facets.put_some(Facet::Storage, storage.as_ref());
    facets.put_list(Facet::Members, members.iter().map(member));
}

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn operator_family(object: &OperatorFamily, facets: &mut Facets) {
    let OperatorFamily { members } = object;
    facets.put_list(Facet::Members, members.iter().map(member));
}

/// `OPERATOR 1 < (int4, int8)`, `FUNCTION 1 (int4, int8) f (int4, int8)`.
fn member(member: &FamilyMember) -> Value {
    match member {
        FamilyMember::Operator { strategy, operator, types, order_by } => {
            let mut parts = vec![
                Value::Keyword("OPERATOR"),
                (*strategy).into(),
                operator.into(),
                types.iter().collect(),
            ];
            if let Some(family) = order_by {
                parts.extend([Value::Keyword("FOR ORDER BY"), family.into()]);
            }
            Value::Phrase(parts)
        }
        FamilyMember::Function { number, types, function, args } => Value::Phrase(vec![
            Value::Keyword("FUNCTION"),
            (*number).into(),
            types.iter().collect(),
            function.into(),
            args.iter().collect(),
        ]),
    }
}

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn cast(object: &CastDefinition, facets: &mut Facets) {
    let CastDefinition { method, context } = object;
    facets.put(
        Facet::Method,
        match method {
            CastMethod::Function(function) => signature(function),
            CastMethod::Binary => Value::Keyword("WITHOUT FUNCTION"),
            CastMethod::InOut => Value::Keyword("WITH INOUT"),
        },
    );
    facets.put(
        Facet::Context,
        Value::Keyword(match context {
            CastContext::Explicit => "EXPLICIT",
            CastContext::Assignment => "ASSIGNMENT",
            CastContext::Implicit => "IMPLICIT",
        }),
    );
}

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn transform(object: &Transform, facets: &mut Facets) {
    let Transform { from_sql, to_sql } = object;
    facets.put_some(Facet::FromSql, from_sql.as_ref().map(signature));
    facets.put_some(Facet::ToSql, to_sql.as_ref().map(signature));
}

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn conversion(object: &Conversion, facets: &mut Facets) {
    let Conversion { default, source, destination, function } = object;
    facets.put_flag(Facet::Default, *default);
    facets.put(Facet::SourceEncoding, &**source);
    facets.put(Facet::DestinationEncoding, &**destination);
    facets.put(Facet::Function, function);
}

fn signature(function: &Signature) -> Value {
    let Signature { name, args } = function;
    Value::Phrase(vec![name.into(), args.iter().collect()])
}
