//! Constant expressions in the bounds of partitions, which the server evaluates when the
//! partition is created (`evaluate_expr`, `src/backend/optimizer/util/clauses.c`).
//!
//! Arithmetic of integers is done, and numbers become those of the key's type; what is left
//! stays as written and is compared so.

use crate::catalog::TypeId;
use crate::model::{Constant, Expr, Literal, Operation};
use crate::normalize::analyze::{Ty, Type, Typed};

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

/// A number that is to be one of another type, as a literal of that: `10.0` for a key of
/// double precision is read as `'10.0'` is. Integers are rounded half away from zero
/// (`numeric_int4` and its like, `src/backend/utils/adt/numeric.c`).
pub(super) fn as_number(typed: Typed, target: Option<&Ty>) -> Typed {
    let text = || {
        let target = target?.id;
        let Expr::Constant(constant) = &typed.expr else { return None };
        let text = constant.value.as_deref()?;
        let is = |names: &[&str]| names.iter().any(|name| constant.ty.is_builtin(name));
        let integers = [TypeId::INT2, TypeId::INT4, TypeId::INT8];
        let others = [TypeId::FLOAT4, TypeId::FLOAT8, TypeId::NUMERIC];
        if is(&["numeric"]) && integers.contains(&target) {
            rounded(text)
        } else if is(&["int2", "int4", "int8", "numeric"]) && others.contains(&target) {
            Some(text.to_owned())
        } else {
            None
        }
    };
    match text() {
        Some(text) => {
            let text = Expr::Literal(Literal::String(text.into()));
            Typed { expr: text, ty: Type::Literal }
        }
        None => typed,
    }
}

/// A value for a key of `character(n)`, which is filled up with blanks.
pub(super) fn padded(value: Expr, target: Option<&Ty>) -> Expr {
    let length = target.filter(|ty| ty.id == TypeId::BPCHAR).and_then(|ty| ty.modifiers.first());
    let length: Option<usize> = length.and_then(|length| length.parse().ok());
    let (Expr::Constant(mut constant), Some(length)) = (value.clone(), length) else {
        return value;
    };
    if let Some(text) = &constant.value {
        constant.value = Some(format!("{text:<length$}").into());
    }
    Expr::Constant(constant)
}

/// The nearest whole number of plain digits.
fn rounded(text: &str) -> Option<String> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let up = fraction.starts_with(|digit: char| digit >= '5');
    let value: i64 = whole.parse().ok()?;
    let step = if whole.starts_with('-') { -1 } else { 1 };
    Some(if up { value.checked_add(step)? } else { value }.to_string())
}

fn integer(expr: &Expr) -> Option<(i64, &crate::model::TypeName)> {
    let Expr::Constant(constant) = expr else { return None };
    let ty = &constant.ty;
    let is_integer = ["int2", "int4", "int8"].iter().any(|name| ty.is_builtin(name));
    let value = constant.value.as_ref()?.parse().ok()?;
    is_integer.then_some((value, ty))
}
