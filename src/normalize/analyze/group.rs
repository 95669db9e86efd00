//! `ORDER BY`, `GROUP BY`, `DISTINCT ON` and locking (`src/backend/parser/parse_clause.c`).
//!
//! A key may be an expression, an output name or an output number; all become the
//! expression. `ORDER BY name` prefers the output column of that name, `GROUP BY name`
//! the input column (`findTargetlistEntrySQL92`).

use std::collections::HashSet;

use super::range::is_open;
use super::target::Output;
use super::{Analyzer, Typed};
use crate::model::{
    Distinct, Expr, FromItem, Grouping, Ident, Literal, Locking, Name, NormalRule, Query, Select,
    SortKey,
};

/// Where a key stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Clause {
    Order,
    Group,
}

impl Analyzer<'_> {
    /// `ORDER BY`; a key that is there already is dropped (`addTargetToSortList`).
    pub(super) fn order_by(&mut self, keys: &[SortKey], outputs: &[Output]) -> Vec<SortKey> {
        let mut result: Vec<SortKey> = Vec::new();
        for key in keys {
            let expr = self.key(&key.expr, outputs, Clause::Order);
            if result.iter().any(|other| other.expr == expr) {
                self.apply(NormalRule::RepeatedKey);
                continue;
            }
            let key = self.plain_sort_key(key);
            result.push(SortKey { expr, ..key });
        }
        result
    }

    /// `DISTINCT ON`: the keys that are sorted by come first, in the order of the sort
    /// (`transformDistinctOnClause`).
    pub(super) fn distinct_on(
        &mut self,
        keys: &[Expr],
        outputs: &[Output],
        order_by: &[SortKey],
    ) -> Vec<Expr> {
        let mut rest: Vec<Expr> = Vec::new();
        for key in keys {
            let key = self.key(key, outputs, Clause::Order);
            if !rest.contains(&key) {
                rest.push(key);
            }
        }
        let sorted = order_by.iter().map(|key| &key.expr).filter(|expr| rest.contains(expr));
        let mut result: Vec<Expr> = sorted.cloned().collect();
        rest.retain(|key| !result.contains(key));
        result.extend(rest);
        result
    }

    fn key(&mut self, key: &Expr, outputs: &[Output], clause: Clause) -> Expr {
        let typed = self.output_key(key, outputs, clause).unwrap_or_else(|| self.expr(key));
        self.finish_literal(typed).expr
    }

    /// The output columns that are sorted, grouped or compared by: a literal among them is text
    /// at once, whatever a set operation around says (`addTargetToSortList`,
    /// `addTargetToGroupList`).
    pub(super) fn keyed_outputs(
        &self,
        query: &Query,
        select: &Select,
        outputs: &[Output],
    ) -> HashSet<usize> {
        let number = |(expr, clause): (&Expr, Clause)| self.output_number(expr, outputs, clause);
        let mut keys: Vec<(&Expr, Clause)> =
            query.order_by.iter().map(|key| (&key.expr, Clause::Order)).collect();
        match &select.distinct {
            Distinct::No => {}
            Distinct::Yes => return (0..outputs.len()).collect(),
            Distinct::On(on) => keys.extend(on.iter().map(|key| (key, Clause::Order))),
        }
        select.group_by.iter().for_each(|item| grouped(item, &mut keys));
        keys.into_iter().filter_map(number).collect()
    }

    /// The number, from 0 on, of the output column that a name or number means.
    fn output_number(&self, key: &Expr, outputs: &[Output], clause: Clause) -> Option<usize> {
        if let Expr::Literal(Literal::Integer(number)) = key {
            return usize::try_from(*number).ok()?.checked_sub(1);
        }
        let Expr::Column(column) = key else { return None };
        let ([name], false) = (column.parts.as_slice(), column.star) else { return None };
        if clause == Clause::Group && self.is_input_column(name) {
            return None;
        }
        outputs.iter().position(|output| output.name == *name)
    }

    /// The output column that a name or number means.
    fn output_key(&mut self, key: &Expr, outputs: &[Output], clause: Clause) -> Option<Typed> {
        let at = self.output_number(key, outputs, clause)?;
        if let Expr::Literal(Literal::Integer(_)) = key {
            let complete = outputs.iter().take(at + 1).all(|output| !output.name.is_empty());
            if !complete {
                self.give_up("an output number beyond a star that is not known");
            }
            self.apply(NormalRule::OutputKey);
            return outputs.get(at).filter(|_| complete).map(|output| output.value.clone());
        }
        self.apply(NormalRule::OutputKey);
        outputs.get(at).map(|output| output.value.clone())
    }

    /// True when a name is that of a column of this level, or may be.
    fn is_input_column(&self, name: &Ident) -> bool {
        let items = self.scopes.last().into_iter().flat_map(|scope| &scope.items);
        let mut visible = items.filter(|item| item.columns_visible);
        visible.any(|item| {
            is_open(&item.columns) || item.columns.iter().any(|column| column.name == *name)
        })
    }

    /// `GROUP BY` (`transformGroupClause`): lists outside of grouping sets are flat, nested
    /// `GROUPING SETS` too, and what is there already is dropped.
    pub(super) fn group_by(&mut self, items: &[Grouping], outputs: &[Output]) -> Vec<Grouping> {
        let mut result = Vec::new();
        for item in items {
            self.top_grouping(item, outputs, &mut result);
        }
        if result.is_empty() && !items.is_empty() {
            // Nothing but `()`.
            result.push(Grouping::Empty);
        }
        result
    }

    fn top_grouping(&mut self, item: &Grouping, outputs: &[Output], result: &mut Vec<Grouping>) {
        match item {
            Grouping::List(items) => {
                items.iter().for_each(|item| self.top_grouping(item, outputs, result));
            }
            Grouping::Empty => {}
            Grouping::Expr(_) | Grouping::Rollup(_) | Grouping::Cube(_) | Grouping::Sets(_) => {
                let item = self.grouping(item, outputs);
                let plain = matches!(item, Grouping::Expr(_));
                if plain && result.contains(&item) {
                    self.apply(NormalRule::RepeatedKey);
                } else {
                    result.push(item);
                }
            }
        }
    }

    fn grouping(&mut self, item: &Grouping, outputs: &[Output]) -> Grouping {
        let mut each = |items: &[Grouping]| -> Vec<Grouping> {
            items.iter().map(|item| self.grouping(item, outputs)).collect()
        };
        match item {
            Grouping::Expr(expr) => Grouping::Expr(self.key(expr, outputs, Clause::Group)),
            Grouping::Empty => Grouping::Empty,
            Grouping::List(items) => {
                let mut flat: Vec<Grouping> = Vec::new();
                for item in each(items) {
                    let new = match item {
                        Grouping::List(inner) => inner,
                        other => vec![other],
                    };
                    for item in new {
                        if !flat.contains(&item) {
                            flat.push(item);
                        }
                    }
                }
                Grouping::List(flat)
            }
            Grouping::Rollup(items) => Grouping::Rollup(each(items)),
            Grouping::Cube(items) => Grouping::Cube(each(items)),
            Grouping::Sets(items) => {
                let nested = |item: Grouping| match item {
                    Grouping::Sets(inner) => inner,
                    other => vec![other],
                };
                Grouping::Sets(each(items).into_iter().flat_map(nested).collect())
            }
        }
    }

    /// `FOR UPDATE` is stored for each relation and subquery that it locks, the strongest
    /// for each (`transformLockingClause`, `applyLockingClause`).
    pub(super) fn locking(&mut self, clauses: &[Locking], from: &[FromItem]) -> Vec<Locking> {
        let mut result: Vec<Locking> = Vec::new();
        for clause in clauses {
            let items = if clause.of.is_empty() {
                let mut items = Vec::new();
                from.iter().for_each(|item| lockable(item, &mut items));
                items
            } else {
                clause.of.iter().map(|name| self.locked(name)).collect()
            };
            for item in items {
                match result.iter_mut().find(|other| other.of == [item.clone()]) {
                    Some(other) => {
                        other.strength = other.strength.max(clause.strength);
                        other.wait = other.wait.max(clause.wait);
                    }
                    None => result.push(Locking { of: vec![item], ..clause.clone() }),
                }
            }
        }
        result.sort_by(|one, other| one.of.cmp(&other.of));
        result
    }

    fn locked(&mut self, name: &Name) -> Name {
        let items = self.scopes.last().into_iter().flat_map(|scope| &scope.items);
        let normal = items
            .filter(|item| item.name.as_ref() == Some(&name.name))
            .find_map(|item| item.normal_name.clone());
        match normal {
            Some(name) => Name { namespace: None, name },
            None => {
                self.give_up(format!("locked relation {} is not known", name.name.as_str()));
                name.clone()
            }
        }
    }
}

/// The expressions that are grouped by.
fn grouped<'g>(item: &'g Grouping, keys: &mut Vec<(&'g Expr, Clause)>) {
    match item {
        Grouping::Expr(expr) => keys.push((expr, Clause::Group)),
        Grouping::Empty => {}
        Grouping::List(items)
        | Grouping::Rollup(items)
        | Grouping::Cube(items)
        | Grouping::Sets(items) => items.iter().for_each(|item| grouped(item, keys)),
    }
}

/// The relations and subqueries among items, those in joins included. Common tables have
/// no namespace and are not locked.
fn lockable(item: &FromItem, result: &mut Vec<Name>) {
    match item {
        FromItem::Relation { name, alias, .. } => {
            let known = name.namespace.is_some();
            let alias =
                alias.as_ref().map(|alias| Name { namespace: None, name: alias.name.clone() });
            result.extend(alias.filter(|_| known));
        }
        FromItem::Subquery { alias, .. } => {
            result.extend(
                alias.as_ref().map(|alias| Name { namespace: None, name: alias.name.clone() }),
            );
        }
        FromItem::Join(join) => {
            lockable(&join.left, result);
            lockable(&join.right, result);
        }
        FromItem::Functions(_) | FromItem::XmlTable(_) | FromItem::JsonTable(_) => {}
    }
}
