//! Joins: `USING`, `NATURAL`, merged columns and aliases (`transformFromClauseItem`,
//! `buildMergedJoinVar`, `src/backend/parser/parse_clause.c`).
//!
//! A join with `USING` keeps that mark and gets the condition it stands for as well.
//! References to its merged columns become what PostgreSQL takes for them: the left
//! column, the right one, or COALESCE of both.

use super::from::item;
use super::range::{Ranged, is_open, names, rename, value};
use super::{Analyzer, ScopeColumn, ScopeItem};
use crate::model::{Alias, Expr, FromItem, Ident, Join, JoinKind, Name, NormalRule};

impl Analyzer<'_> {
    /// A join.
    pub(super) fn from_join(&mut self, join: &Join) -> Ranged {
        let left = self.from_item(&join.left);
        // The right side sees the left one where it is lateral.
        let before = self.scopes.last().map_or(0, |scope| scope.items.len());
        left.visible.iter().cloned().for_each(|item| self.show(item));
        let right = self.from_item(&join.right);
        if let Some(scope) = self.scopes.last_mut() {
            scope.items.truncate(before);
        }
        let open = is_open(&left.whole.columns) || is_open(&right.whole.columns);
        let undecided = join.natural && open;
        if undecided {
            self.give_up("the columns of a NATURAL JOIN are not known");
        }
        if join.natural || !join.using.is_empty() {
            self.apply(NormalRule::Using);
        }
        let using =
            if join.natural { common_names(&left.whole, &right.whole) } else { join.using.clone() };
        let (merged, conditions) = self.merge(&using, join.kind, &left.whole, &right.whole);
        let mut visible: Vec<ScopeItem> = left.visible.into_iter().chain(right.visible).collect();
        let on = match &join.on {
            Some(on) => {
                // Only the two sides are visible here, and what is outside of this level.
                let outer = self.hide();
                self.unhide(visible.clone());
                let on = self.condition(on);
                self.unhide(outer);
                Some(on)
            }
            None if conditions.len() > 1 => Some(Expr::And(conditions)),
            None => conditions.into_iter().next(),
        };
        let rest = |side: &ScopeItem| {
            let kept = |column: &&ScopeColumn| !using.contains(&column.name);
            side.columns.iter().filter(kept).cloned().collect::<Vec<_>>()
        };
        let mut columns = merged.clone();
        columns.extend(rest(&left.whole));
        columns.extend(rest(&right.whole));
        rename(&mut columns, join.alias.as_ref());
        let mut result = Join {
            kind: join.kind,
            natural: undecided,
            left: left.item,
            right: right.item,
            on,
            using,
            using_alias: None,
            alias: None,
        };
        match &join.alias {
            // An alias hides the two sides.
            Some(_) => visible.clear(),
            None => visible.iter_mut().for_each(|item| item.columns_visible = false),
        }
        if let Some(alias) = &join.using_alias {
            let normal = self.next_item();
            visible
                .push(ScopeItem { columns_visible: false, ..item(Some(alias), &normal, merged) });
            result.using_alias = Some(normal);
        }
        let whole = match &join.alias {
            Some(alias) => {
                let normal = self.next_item();
                result.alias = Some(Alias { name: normal.clone(), columns: names(&columns) });
                item(Some(&alias.name), &normal, columns)
            }
            None => ScopeItem { normal_name: None, ..item(None, &Ident::default(), columns) },
        };
        visible.push(whole.clone());
        Ranged { item: FromItem::Join(Box::new(result)), whole, visible }
    }

    /// The merged columns and the condition for each.
    fn merge(
        &mut self,
        using: &[Ident],
        kind: JoinKind,
        left: &ScopeItem,
        right: &ScopeItem,
    ) -> (Vec<ScopeColumn>, Vec<Expr>) {
        let mut merged = Vec::new();
        let mut conditions = Vec::new();
        for name in using {
            let found = |side: &ScopeItem| {
                side.columns.iter().find(|column| column.name == *name).map(value)
            };
            let (Some(left), Some(right)) = (found(left), found(right)) else {
                self.give_up(format!("column {} of a join with USING is not known", name.as_str()));
                let ty = super::Type::Undecided;
                merged.push(ScopeColumn { name: name.clone(), ty, expr: None });
                continue;
            };
            let equal = self.operation(&Name::bare("="), Some(left.clone()), right.clone());
            conditions.push(self.coerce_boolean(equal));
            let (coerced, ty) = self.common_type(vec![left.clone(), right.clone()]);
            let is_common = |id: Option<crate::catalog::TypeId>| match (&ty, id) {
                (super::Type::Known(ty), Some(id)) => ty.id == id,
                _not_known => false,
            };
            let mut sides = coerced.clone().into_iter();
            let expr = match kind {
                JoinKind::Inner if is_common(left.id()) => Some(left.expr),
                JoinKind::Inner if is_common(right.id()) => Some(right.expr),
                JoinKind::Inner | JoinKind::Left => sides.next(),
                JoinKind::Right => sides.nth(1),
                JoinKind::Full => Some(Expr::Coalesce(coerced)),
            };
            merged.push(ScopeColumn { name: name.clone(), ty, expr });
        }
        (merged, conditions)
    }
}

/// The columns of a NATURAL join: those of the left side that the right one has too.
fn common_names(left: &ScopeItem, right: &ScopeItem) -> Vec<Ident> {
    let shared = |column: &&ScopeColumn| {
        !column.name.is_empty() && right.columns.iter().any(|other| other.name == column.name)
    };
    left.columns.iter().filter(shared).map(|column| column.name.clone()).collect()
}
