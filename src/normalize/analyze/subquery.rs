//! Subqueries in expressions (`transformSubLink`, `src/backend/parser/parse_expr.c`).
//!
//! `x IN (SELECT ..)` is `x = ANY (SELECT ..)`. The operator is resolved against the
//! columns of the subquery; of the casts that this needs, only those on the left are in
//! the elaborated form: those on the right follow from the operator.

use super::query::Literals;
use super::range::open_column;
use super::{Analyzer, ScopeColumn, Ty, Type, Typed};
use crate::catalog::TypeId;
use crate::model::{Expr, Name, NormalRule, Query, Subquery, SubqueryKind};

impl Analyzer<'_> {
    /// A subquery in an expression.
    pub fn subquery(&mut self, subquery: &Subquery) -> Typed {
        let (query, columns) = self.nested(&subquery.query, Literals::Text);
        let made =
            |kind: SubqueryKind, query: Query| Expr::Subquery(Box::new(Subquery { kind, query }));
        match &subquery.kind {
            SubqueryKind::Exists => Typed::plain(made(SubqueryKind::Exists, query), TypeId::BOOL),
            SubqueryKind::Scalar => {
                let ty = self.column_of(&columns);
                Typed { expr: made(SubqueryKind::Scalar, query), ty }
            }
            SubqueryKind::Array => {
                let ty = match self.column_of(&columns) {
                    Type::Known(ty) => self.array_type(&ty),
                    Type::Literal | Type::Undecided => Type::Undecided,
                };
                Typed { expr: made(SubqueryKind::Array, query), ty }
            }
            SubqueryKind::AnyAll { left, operator, all } => {
                if operator.is_none() {
                    self.apply(NormalRule::InSubquery);
                }
                let operator = operator.clone().unwrap_or_else(|| Name::bare("="));
                let (left, operator) = self.compared_with(left, &operator, &columns);
                let kind = SubqueryKind::AnyAll { left, operator: Some(operator), all: *all };
                Typed::plain(made(kind, query), TypeId::BOOL)
            }
        }
    }

    /// `get_promoted_array_type`: arrays of arrays are arrays.
    fn array_type(&self, element: &Ty) -> Type {
        if self.catalog.element_of(element.id).is_some() {
            return Type::Known(element.clone());
        }
        match self.catalog.array_of(element.id) {
            Some(id) => Type::Known(Ty { id, modifiers: element.modifiers.clone() }),
            None => Type::Undecided,
        }
    }

    /// The left side and the operator (`make_row_comparison_op`): a row is compared column
    /// by column.
    fn compared_with(
        &mut self,
        left: &Expr,
        operator: &Name,
        columns: &[ScopeColumn],
    ) -> (Expr, Name) {
        if let Expr::Row(items) = left {
            let lefts = self.expression_list(items);
            if lefts.len() != columns.len() {
                self.give_up("a row compared with a subquery that is not known to be as wide");
                return (
                    Expr::Row(lefts.into_iter().map(|left| left.expr).collect()),
                    operator.clone(),
                );
            }
            let mut names: Vec<Name> = Vec::new();
            let mut exprs = Vec::new();
            for (left, column) in lefts.into_iter().zip(columns) {
                let (expr, name) = self.compared_one(left, operator, column);
                exprs.push(expr);
                names.push(name);
            }
            // All come from one family; what differs is only where each is found.
            let first = names.first().cloned().unwrap_or_else(|| operator.clone());
            let same = names.iter().all(|name| *name == first);
            if !same {
                self.give_up("a row comparison by operators of different namespaces");
            }
            return (Expr::Row(exprs), if same { first } else { operator.clone() });
        }
        let value = self.expr(left);
        match columns {
            [column] => self.compared_one(value, operator, column),
            _several => {
                self.give_up("a subquery that is not known to have one column");
                (value.expr, operator.clone())
            }
        }
    }

    fn compared_one(&mut self, left: Typed, operator: &Name, column: &ScopeColumn) -> (Expr, Name) {
        // Stands for the value of the subquery, as the parameter does that PostgreSQL makes.
        let right = Typed { expr: Expr::Default, ty: column.ty.clone() };
        if column.name.is_empty() && column.ty == open_column().ty {
            self.give_up("a comparison with a column that is not known");
        }
        let compared = self.operation(operator, Some(left), right);
        match compared.expr {
            Expr::Operator(operation) => {
                let left = operation.left.unwrap_or(Expr::Default);
                (left, operation.operator)
            }
            other => {
                self.give_up("a comparison with a subquery");
                (other, operator.clone())
            }
        }
    }
}
