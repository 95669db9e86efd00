//! How tightly each expression binds, after the table of operator precedences in
//! `src/backend/parser/gram.y`: an operand goes into parentheses when it binds less
//! tightly than its place demands.
//!
//! `OPERATOR(s.*)` binds like any named operator, not like `*`.

use super::SqlWriter;
use super::literal::is_bare;
use crate::model::{
    AnyAll, Call, Expr, Json, Literal, Name, Operation, Subquery, SubqueryKind, XmlKind,
};

/// A level of the table, loosest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// Not an operand at all: text whose structure is not known.
    Anything,
    /// `OR`.
    Or,
    /// `AND`.
    And,
    /// `NOT`.
    Not,
    /// `IS NULL`, `IS DISTINCT FROM`, ..
    Is,
    /// `<`, `=`, ..
    Comparison,
    /// `BETWEEN`, `IN`, `LIKE`, ..
    Like,
    /// Any operator that has no place of its own.
    Operator,
    /// `+`, `-`.
    Sum,
    /// `*`, `/`, `%`.
    Product,
    /// `^`.
    Power,
    /// `AT TIME ZONE`.
    At,
    /// `COLLATE`.
    Collate,
    /// `-x`.
    Sign,
    /// `x::t`.
    Cast,
    /// What needs no parentheses anywhere (`c_expr`).
    Primary,
}

impl Level {
    /// The next tighter one: what the right operand of a left-associative operator needs.
    pub(super) fn tighter(self) -> Self {
        match self {
            Self::Anything => Self::Or,
            Self::Or => Self::And,
            Self::And => Self::Not,
            Self::Not => Self::Is,
            Self::Is => Self::Comparison,
            Self::Comparison => Self::Like,
            Self::Like => Self::Operator,
            Self::Operator => Self::Sum,
            Self::Sum => Self::Product,
            Self::Product => Self::Power,
            Self::Power => Self::At,
            Self::At => Self::Collate,
            Self::Collate => Self::Sign,
            Self::Sign => Self::Cast,
            Self::Cast | Self::Primary => Self::Primary,
        }
    }
}

impl SqlWriter {
    /// How tightly the expression binds as this writer spells it.
    pub(super) fn level(&self, expr: &Expr) -> Level {
        match expr {
            Expr::Literal(literal) => literal_level(literal),
            Expr::Constant(constant) => {
                if is_bare(constant) {
                    Level::Primary
                } else {
                    Level::Cast
                }
            }
            Expr::Call(call) => call_level(call),
            Expr::Operator(operation) => self.operation_level(operation),
            Expr::And(operands) => self.junction_level(operands, Level::And),
            Expr::Or(operands) => self.junction_level(operands, Level::Or),
            Expr::Not(operand) => {
                if not_in(operand).is_some() {
                    Level::Like
                } else {
                    Level::Not
                }
            }
            Expr::Cast(_) => Level::Cast,
            Expr::Collate(..) => Level::Collate,
            Expr::IsNull { .. } | Expr::IsBool { .. } | Expr::IsDistinct(_) => Level::Is,
            Expr::In(_) | Expr::Between(_) | Expr::Like(_) => Level::Like,
            Expr::AnyAll(any_all) => {
                let AnyAll { operator, .. } = any_all.as_ref();
                self.infix_level(operator)
            }
            Expr::Subquery(subquery) => self.subquery_level(subquery),
            Expr::Json(json) => match json.as_ref() {
                Json::IsJson { .. } => Level::Is,
                Json::Object { .. }
                | Json::Array { .. }
                | Json::ArrayQuery { .. }
                | Json::ObjectAgg { .. }
                | Json::ArrayAgg { .. }
                | Json::Parse { .. }
                | Json::Scalar(_)
                | Json::Serialize { .. }
                | Json::Function(_) => Level::Primary,
            },
            Expr::Xml(xml) if xml.kind == XmlKind::IsDocument => Level::Is,
            Expr::Default | Expr::CurrentOf(_) | Expr::MultiAssign { .. } | Expr::Opaque(_) => {
                Level::Anything
            }
            Expr::Column(_)
            | Expr::Parameter(_)
            | Expr::Case(_)
            | Expr::Coalesce(_)
            | Expr::Greatest(_)
            | Expr::Least(_)
            | Expr::NullIf(_)
            | Expr::Row(_)
            | Expr::Array(_)
            | Expr::Indirection(..)
            | Expr::SqlValue(..)
            | Expr::Grouping(_)
            | Expr::MergeAction
            | Expr::Xml(_) => Level::Primary,
        }
    }

    fn operation_level(&self, operation: &Operation) -> Level {
        let Operation { operator, left, .. } = operation;
        let sign = left.is_none()
            && self.shown_namespace(operator).is_none()
            && matches!(operator.name.as_str(), "+" | "-");
        match left {
            _ if sign => Level::Sign,
            Some(_) => self.infix_level(operator),
            None => Level::Operator,
        }
    }

    /// The level of an operator between two operands.
    pub(super) fn infix_level(&self, operator: &Name) -> Level {
        if self.shown_namespace(operator).is_some() {
            return Level::Operator;
        }
        match operator.name.as_str() {
            "<" | ">" | "=" | "<=" | ">=" | "<>" => Level::Comparison,
            "+" | "-" => Level::Sum,
            "*" | "/" | "%" => Level::Product,
            "^" => Level::Power,
            _ => Level::Operator,
        }
    }

    /// One operand alone is written without `AND` or `OR`, none as a constant.
    fn junction_level(&self, operands: &[Expr], several: Level) -> Level {
        match operands {
            [] => Level::Primary,
            [only] => self.level(only),
            _ => several,
        }
    }

    fn subquery_level(&self, subquery: &Subquery) -> Level {
        match &subquery.kind {
            SubqueryKind::Exists | SubqueryKind::Scalar | SubqueryKind::Array => Level::Primary,
            SubqueryKind::AnyAll { operator: None, .. } => Level::Like,
            SubqueryKind::AnyAll { operator: Some(operator), .. } => self.infix_level(operator),
        }
    }
}

/// A negative number is a sign and a number: `-1::text` is `-(1::text)`.
fn literal_level(literal: &Literal) -> Level {
    let negative = match literal {
        Literal::Integer(value) => *value < 0,
        Literal::Number(digits) => digits.starts_with('-'),
        Literal::Null | Literal::Bool(_) | Literal::String(_) | Literal::Bits(_) => false,
    };
    if negative { Level::Sign } else { Level::Primary }
}

fn call_level(call: &Call) -> Level {
    if !call.sql_syntax {
        return Level::Primary;
    }
    match call.name.name.as_str() {
        "timezone" => Level::At,
        "overlaps" | "is_normalized" => Level::Is,
        _ => Level::Primary,
    }
}

/// The subquery of `NOT (x IN (SELECT ..))`, which is written `x NOT IN (SELECT ..)`.
pub(super) fn not_in(operand: &Expr) -> Option<&Subquery> {
    if let Expr::Subquery(subquery) = operand
        && let SubqueryKind::AnyAll { operator: None, all: false, .. } = subquery.kind
    {
        Some(subquery)
    } else {
        None
    }
}
