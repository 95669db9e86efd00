//! Whether `CREATE OR REPLACE VIEW` can turn one view into another: its columns must stay
//! in place with name, type and collation, and more may follow (`checkViewColumns`,
//! `src/backend/commands/view.c`).
//!
//! The type of a column is derived where that is simple: columns of tables and views,
//! casts, constants. Where it is not, the same expression over columns of the same types
//! has the same type. What cannot be shown to stay makes the answer no, which costs a
//! rebuild and never a failure.

use std::collections::BTreeMap;

use super::changes::Sides;
use super::side::Side;
use crate::model::{
    Expr, FromItem, Ident, Name, Object, Query, QueryBody, Select, Target, TypeName, View,
};

/// Views over views are followed so far.
const DEPTH: usize = 8;

/// What a column of a view is: its type with modifiers, and its collation when it has one.
type Shape = (TypeName, Option<Name>);

/// True when the columns of the first view are the first columns of the second.
pub(super) fn can_replace(from: &View, to: &View, sides: Sides<'_, '_>) -> bool {
    let (Some(old), Some(new)) = (select(&from.query.value), select(&to.query.value)) else {
        return false;
    };
    let names = (names(old, &from.columns), names(new, &to.columns));
    let (Some(old_names), Some(new_names)) = names else { return false };
    if old_names.len() > new_names.len()
        || !old_names.iter().eq(new_names.iter().take(old_names.len()))
    {
        return false;
    }
    let scopes = (Scope::new(old, sides.from, DEPTH), Scope::new(new, sides.to, DEPTH));
    let same = |(old, new): (&Target, &Target)| match (
        scopes.0.shape(&old.expr),
        scopes.1.shape(&new.expr),
    ) {
        (Some(old), Some(new)) => old == new,
        (None, None) => old.expr == new.expr && scopes.0.same_columns(&scopes.1, &old.expr),
        _one_only => false,
    };
    old.targets.iter().zip(&new.targets).all(same)
}

/// The select that decides names and, but for set operations, types.
fn select(query: &Query) -> Option<&Select> {
    match &*query.body {
        QueryBody::Select(select) => Some(select),
        QueryBody::Values(_) | QueryBody::SetOperation { .. } => None,
    }
}

/// The names of the columns; none when one cannot be told.
fn names(select: &Select, list: &[Ident]) -> Option<Vec<Ident>> {
    let name = |(at, target): (usize, &Target)| {
        if let Some(name) = list.get(at) {
            return Some(name.clone());
        }
        match (&target.alias, &target.expr) {
            (Some(alias), _) => Some(alias.clone()),
            (None, Expr::Column(column)) if !column.star => column.parts.last().cloned(),
            (None, Expr::Call(call)) => Some(call.name.name.clone()),
            _not_told => None,
        }
    };
    select.targets.iter().enumerate().map(name).collect()
}

/// What the columns of the tables in `FROM` are, by alias.
struct Scope {
    columns: BTreeMap<Ident, BTreeMap<Ident, Shape>>,
}

impl Scope {
    fn new(select: &Select, side: &Side<'_>, depth: usize) -> Self {
        let mut scope = Self { columns: BTreeMap::new() };
        for item in &select.from {
            scope.add(item, side, depth);
        }
        scope
    }

    fn add(&mut self, item: &FromItem, side: &Side<'_>, depth: usize) {
        match item {
            FromItem::Relation { name, alias, .. } => {
                if alias.as_ref().is_some_and(|alias| !alias.columns.is_empty()) {
                    return;
                }
                let columns = relation_columns(name, side, depth);
                let alias = alias.as_ref().map_or(&name.name, |alias| &alias.name);
                if let Some(columns) = columns {
                    self.columns.insert(alias.clone(), columns);
                }
            }
            FromItem::Join(join) if join.alias.is_none() => {
                self.add(&join.left, side, depth);
                self.add(&join.right, side, depth);
            }
            _not_followed => {}
        }
    }

    /// What an expression gives.
    fn shape(&self, expr: &Expr) -> Option<Shape> {
        match expr {
            Expr::Column(column) => match column.parts.as_slice() {
                [alias, name] => self.columns.get(alias)?.get(name).cloned(),
                [name] => {
                    let mut all = self.columns.values().filter_map(|columns| columns.get(name));
                    let only = all.next()?;
                    all.next().is_none().then(|| only.clone())
                }
                _longer => None,
            },
            Expr::Cast(cast) => Some((cast.ty.clone(), None)),
            Expr::Constant(constant) => Some((constant.ty.clone(), None)),
            Expr::IsNull { .. }
            | Expr::IsBool { .. }
            | Expr::And(_)
            | Expr::Or(_)
            | Expr::Not(_)
            | Expr::IsDistinct(_)
            | Expr::AnyAll(_) => Some((TypeName::builtin("bool"), None)),
            _not_simple => None,
        }
    }

    /// True when all columns of the expression are known and alike in both scopes.
    fn same_columns(&self, other: &Self, expr: &Expr) -> bool {
        let mut same = true;
        expr.for_each_column(&mut |column| {
            let column = Expr::Column(column.clone());
            let shape = self.shape(&column);
            same &= shape.is_some() && shape == other.shape(&column);
        });
        same
    }
}

fn relation_columns(name: &Name, side: &Side<'_>, depth: usize) -> Option<BTreeMap<Ident, Shape>> {
    let id = side.names.relation(name, None)?;
    match side.object(id)? {
        Object::Table(table) => {
            let column = |column: &crate::model::Column| {
                (column.name.clone(), (column.ty.clone(), column.details.collation.clone()))
            };
            Some(table.columns.iter().map(column).collect())
        }
        Object::View(view) if depth > 0 => {
            let select = select(&view.query.value)?;
            let names = names(select, &view.columns)?;
            let scope = Scope::new(select, side, depth - 1);
            let shapes = select.targets.iter().map(|target| scope.shape(&target.expr));
            Some(names.into_iter().zip(shapes).filter_map(|(n, s)| Some((n, s?))).collect())
        }
        _not_followed => None,
    }
}
