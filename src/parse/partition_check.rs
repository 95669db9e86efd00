//! The CHECK constraint that `DETACH PARTITION .. CONCURRENTLY` leaves on the table: until
//! everybody sees that it is none any more, no other rows may come in
//! (`DetachAddConstraintIfNeeded`, `src/backend/commands/tablecmds.c`).
//!
//! ```sql
//! CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
//! ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY; -- CHECK (a IS NOT NULL AND a >= 0 AND a < 10)
//! ```
//!
//! Told for partitions by one column, of a range or one value; of any other it is said that it
//! is not known.

use super::constraint::ConstraintDraft;
use super::interpreter::Interpreter;
use crate::model::{
    BoundValue, Cast, ColumnRef, Constraint, ConstraintDefinition, Expr, Expression, Literal, Name,
    ObjectId, Operation, PartitionBound, PartitionStrategy, Problem, ProblemCode, QualifiedName,
    Span,
};

/// Adds the constraint to a partition that is about to be detached.
pub(super) fn add(
    cx: &mut Interpreter<'_>,
    partition: &QualifiedName,
    span: Span,
) -> Result<(), Problem> {
    let has_checks = cx.children(partition).iter().any(|id| is_check(cx, id));
    let Some((expr, path)) = condition(cx, partition).filter(|_| !has_checks) else {
        let message = "which constraint DETACH PARTITION CONCURRENTLY leaves is not known offline";
        let problem = Problem::new(ProblemCode::NotModelled, message).at(span);
        cx.warnings.push(
            problem
                .help("declare the table with that constraint, or detach it without CONCURRENTLY"),
        );
        return Ok(());
    };
    let definition =
        ConstraintDefinition::Check { expression: Expression { expr, path }, no_inherit: false };
    let constraint = Constraint {
        definition,
        deferrable: false,
        initially_deferred: false,
        validated: true,
        enforced: true,
        index_comment: None,
    };
    let draft = ConstraintDraft { name: None, constraint, target: None, using_index: None, span };
    super::table::add_constraint(cx, partition, draft, false).map(|_| ())
}

fn is_check(cx: &Interpreter<'_>, id: &ObjectId) -> bool {
    cx.object::<Constraint>(id).is_some_and(|constraint| {
        matches!(constraint.definition, ConstraintDefinition::Check { .. })
    })
}

/// What holds for the rows of a partition (`get_qual_from_partbound`,
/// `src/backend/partitioning/partbounds.c`).
fn condition(
    cx: &Interpreter<'_>,
    partition: &QualifiedName,
) -> Option<(Expr, crate::model::SearchPath)> {
    let of = cx.table(partition)?.partition_of.as_ref()?;
    let parent = cx.table(&of.parent)?;
    let key = parent.partition_by.as_ref().filter(|_| parent.partition_of.is_none())?;
    let [item] = key.keys.as_slice() else { return None };
    let Expr::Column(column) = &item.expr else { return None };
    let mut ty = parent.column(column.parts.last()?)?.ty.clone();
    if ty.is_builtin("varchar") {
        ty.modifiers.clear();
    } else if !ty.modifiers.is_empty() && !ty.is_builtin("numeric") {
        return None;
    }
    let value = |expr: &Expr| Expr::Cast(Box::new(Cast { arg: expr.clone(), ty: ty.clone() }));
    let column = || Expr::Column(ColumnRef { parts: column.parts.clone(), star: false });
    let is_null = |negated| Expr::IsNull { arg: Box::new(column()), negated };
    let expr = match (&of.bound, key.strategy) {
        (PartitionBound::Range { from, to }, PartitionStrategy::Range) => {
            let side = |bounds: &[BoundValue], operator: &str| match bounds.first() {
                Some(BoundValue::Expr(bound)) => Some(Expr::Operator(Box::new(Operation {
                    operator: Name::bare(operator),
                    left: Some(column()),
                    right: value(bound),
                }))),
                Some(BoundValue::MinValue | BoundValue::MaxValue) | None => None,
            };
            let mut all = vec![is_null(true)];
            all.extend(side(from, ">="));
            all.extend(side(to, "<"));
            Expr::And(all)
        }
        (PartitionBound::List(values), PartitionStrategy::List) => {
            let null = |expr: &&Expr| matches!(expr, Expr::Literal(Literal::Null));
            let others: Vec<Expr> = values.iter().filter(|expr| !null(expr)).map(value).collect();
            let has_null = values.len() > others.len();
            let is_one = match others.into_iter().next() {
                None => return Some((is_null(false), of.path.clone())),
                // Several are stored as the text of an array.
                Some(_) if values.len() > usize::from(has_null) + 1 => return None,
                Some(right) => equals(column(), right),
            };
            if has_null {
                Expr::Or(vec![is_null(false), is_one])
            } else {
                Expr::And(vec![is_null(true), is_one])
            }
        }
        _default_or_hash => return None,
    };
    Some((expr, of.path.clone()))
}

fn equals(left: Expr, right: Expr) -> Expr {
    let operator = Name::bare("=");
    Expr::Operator(Box::new(Operation { operator, left: Some(left), right }))
}
