//! Select lists: `*`, `t.*`, `(x).*` and output names (`parse_target.c`).

use super::range::{is_open, open_column, value};
use super::{Analyzer, ScopeColumn, Type, Typed};
use crate::model::output_column;
use crate::model::{Access, ColumnRef, Expr, Ident, NormalRule, Target};

/// An output column of a query.
#[derive(Clone, Debug)]
pub(super) struct Output {
    /// Its name; empty for a star that could not be expanded.
    pub name: Ident,
    /// Its value.
    pub value: Typed,
}

impl Output {
    /// What is seen of it from outside. A literal that is still open is a matter of inside.
    pub(super) fn column(&self) -> ScopeColumn {
        ScopeColumn { name: self.name.clone(), ty: self.value.ty.clone(), expr: None }
    }

    /// A column that is put out as it is.
    pub(super) fn of_column(column: &ScopeColumn) -> Self {
        Self { name: column.name.clone(), value: value(column) }
    }

    /// The target without its name.
    pub(super) fn into_target(self) -> Target {
        Target { expr: self.value.expr, alias: None }
    }
}

impl Analyzer<'_> {
    /// A select list, stars expanded (`transformTargetList`).
    pub(super) fn targets(&mut self, targets: &[Target]) -> Vec<Output> {
        let mut outputs = Vec::new();
        for target in targets {
            match self.star(&target.expr) {
                Some(columns) => outputs.extend(columns),
                None => {
                    let name = match &target.alias {
                        Some(alias) => alias.clone(),
                        None => Ident::new(output_column(&target.expr)),
                    };
                    outputs.push(Output { name, value: self.expr(&target.expr) });
                }
            }
        }
        outputs
    }

    /// A list of expressions in which `t.*` stands for its columns (`transformExpressionList`).
    pub(super) fn expression_list(&mut self, exprs: &[Expr]) -> Vec<Typed> {
        let mut values = Vec::new();
        for expr in exprs {
            match self.star(expr) {
                Some(columns) => values.extend(columns.into_iter().map(|column| column.value)),
                None => values.push(self.expr(expr)),
            }
        }
        values
    }

    /// The columns that a star stands for; `None` for any other expression.
    fn star(&mut self, expr: &Expr) -> Option<Vec<Output>> {
        match expr {
            Expr::Column(column) if column.star => Some(self.star_of_items(column)),
            Expr::Indirection(arg, steps) => match steps.split_last() {
                Some((Access::Star, [])) => Some(self.star_of_value(arg, expr)),
                Some((Access::Star, before)) => {
                    let arg = Expr::Indirection(arg.clone(), before.to_vec());
                    Some(self.star_of_value(&arg, expr))
                }
                _no_star => None,
            },
            _other => None,
        }
    }

    /// `*` and `t.*` (`ExpandColumnRefStar`).
    fn star_of_items(&mut self, star: &ColumnRef) -> Vec<Output> {
        let columns: Option<Vec<ScopeColumn>> = match star.parts.as_slice() {
            [] => self.scopes.last().map(|scope| {
                let visible = scope.items.iter().filter(|item| item.columns_visible);
                visible.flat_map(|item| self.seen(item)).collect()
            }),
            [item] => self.item(None, item).map(|item| self.seen(item)),
            [namespace, item] => self.item(Some(namespace), item).map(|item| self.seen(item)),
            _with_database => None,
        };
        match columns {
            Some(columns) if !is_open(&columns) => {
                self.apply(NormalRule::Star);
                columns.iter().map(Output::of_column).collect()
            }
            _not_known => {
                self.give_up("the columns that * stands for are not known");
                vec![unexpanded(Expr::Column(star.clone()))]
            }
        }
    }

    /// The columns of an item, each with the expression that it stands for.
    fn seen(&self, item: &super::ScopeItem) -> Vec<ScopeColumn> {
        let parts = |column: &ScopeColumn| {
            item.normal_name.iter().chain([&column.name]).cloned().collect::<Vec<_>>()
        };
        let with_expr = |column: &ScopeColumn| match &column.expr {
            None if !column.name.is_empty() => {
                let expr = Expr::Column(ColumnRef { parts: parts(column), star: false });
                ScopeColumn { expr: Some(expr), ..column.clone() }
            }
            _given => column.clone(),
        };
        item.columns.iter().map(with_expr).collect()
    }

    /// `(x).*` (`ExpandRowReference`): the fields of one value.
    fn star_of_value(&mut self, arg: &Expr, written: &Expr) -> Vec<Output> {
        let typed = self.expr(arg);
        // `(t).*` of an item of FROM is `t.*`.
        if let (Expr::Column(whole), Expr::Column(written)) = (&typed.expr, arg)
            && whole.star
            && !written.parts.is_empty()
        {
            return self.star_of_items(&ColumnRef { parts: written.parts.clone(), star: true });
        }
        let fields: Option<Vec<Output>> = match &typed.ty {
            Type::Known(ty) => self.catalog.relation_of_type(self.base(ty).id).map(|relation| {
                let field = |column: &crate::catalog::Column| {
                    let name = Ident::new(&column.name);
                    let step = Access::Field(name.clone());
                    let expr = Expr::Indirection(Box::new(typed.expr.clone()), vec![step]);
                    Output { name, value: Typed::known(expr, self.column_type(column)) }
                };
                self.catalog.columns(relation).map(field).collect()
            }),
            Type::Literal | Type::Undecided => None,
        };
        if fields.is_some() {
            self.apply(NormalRule::Star);
        }
        fields.unwrap_or_else(|| {
            self.give_up("the fields that * stands for are not known");
            vec![unexpanded(written.clone())]
        })
    }
}

fn unexpanded(expr: Expr) -> Output {
    Output { name: open_column().name, value: Typed::undecided(expr) }
}
