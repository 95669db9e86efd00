//! Constant expressions in the bounds of partitions, which the server evaluates when the
//! partition is created (`evaluate_expr`, `src/backend/optimizer/util/clauses.c`).
//!
//! Only arithmetic of integers and casts between types of numbers are done; what is left stays
//! as written and is compared so.

use crate::model::{Cast, Constant, Expr, Literal, Operation, TypeName};
use crate::normalize::analyze::Analyzer;

/// The value of a cast of a number to another type of numbers; anything else as it is.
///
/// `numeric_float8` and its like go through the text (`src/backend/utils/adt/numeric.c`); what
/// would have to be rounded is left alone.
pub(super) fn of_number(analyzer: &Analyzer<'_>, expr: Expr) -> Expr {
    const INTEGERS: &[&str] = &["int2", "int4", "int8"];
    const OTHERS: &[&str] = &["numeric", "float4", "float8"];
    let is_of = |ty: &TypeName, names: &[&str]| {
        ty.modifiers.is_empty() && names.iter().any(|name| ty.is_builtin(name))
    };
    let value = |cast: &Cast| {
        let (text, exact) = match &cast.arg {
            Expr::Literal(Literal::Integer(number)) => (number.to_string(), true),
            Expr::Literal(Literal::Number(text)) => (text.to_string(), false),
            Expr::Constant(constant) => {
                let exact = is_of(&constant.ty, INTEGERS);
                let known = exact || is_of(&constant.ty, &["numeric"]);
                (constant.value.as_ref().filter(|_| known)?.to_string(), exact)
            }
            _no_number => return None,
        };
        let to = is_of(&cast.ty, OTHERS) || (exact && is_of(&cast.ty, INTEGERS));
        let ty = analyzer.resolve_type(&cast.ty).filter(|_| to)?;
        Some(analyzer.constant(Some(&text), &ty))
    };
    match &expr {
        Expr::Cast(cast) => value(cast).unwrap_or(expr),
        _no_cast => expr,
    }
}

/// The value of integer arithmetic; anything else as it is.
pub(super) fn evaluated(expr: Expr) -> Expr {
    match expr {
        Expr::Operator(operation) => operator(*operation),
        other => other,
    }
}

fn operator(operation: Operation) -> Expr {
    let Operation { operator, left, right } = operation;
    let (left, right) = (left.map(evaluated), evaluated(right));
    let value = || {
        let (right, ty) = integer(&right)?;
        let builtin = |name: &str| operator.is_builtin(name);
        let value = match &left {
            None if builtin("-") => right.checked_neg()?,
            None => return None,
            Some(left) => {
                let (left, left_ty) = integer(left)?;
                if left_ty != ty {
                    return None;
                }
                if builtin("+") {
                    left.checked_add(right)?
                } else if builtin("-") {
                    left.checked_sub(right)?
                } else if builtin("*") {
                    left.checked_mul(right)?
                } else if builtin("/") {
                    left.checked_div(right)?
                } else {
                    return None;
                }
            }
        };
        let fits = match ty.name.name.as_str() {
            "int2" => i16::try_from(value).is_ok(),
            "int4" => i32::try_from(value).is_ok(),
            _int8 => true,
        };
        let value = Some(value.to_string().into());
        fits.then(|| Expr::Constant(Box::new(Constant { ty: ty.clone(), value })))
    };
    match value() {
        Some(constant) => constant,
        None => Expr::Operator(Box::new(Operation { operator, left, right })),
    }
}

fn integer(expr: &Expr) -> Option<(i64, &TypeName)> {
    let Expr::Constant(constant) = expr else { return None };
    let ty = &constant.ty;
    let is_integer = ["int2", "int4", "int8"].iter().any(|name| ty.is_builtin(name));
    let value = constant.value.as_ref()?.parse().ok()?;
    is_integer.then_some((value, ty))
}
