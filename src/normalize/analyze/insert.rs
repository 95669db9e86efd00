//! `INSERT` (`transformInsertStmt`, `src/backend/parser/analyze.c`).

use super::from::item;
use super::query::Literals;
use super::{Analyzer, ScopeColumn, ScopeItem, Type, Typed};
use crate::model::{
    Access, Command, ConflictElement, Expr, Ident, Insert, NormalRule, OnConflict, Query, QueryBody,
};

impl Analyzer<'_> {
    /// `INSERT`: columns filled in, values in the types of the columns.
    pub(super) fn insert(&mut self, insert: &Insert) -> (Command, Vec<ScopeColumn>) {
        let with = insert.with.as_ref().map(|with| self.with(with));
        let (target, whole) = self.command_target(&insert.target);
        let (source, columns) = match &insert.source {
            None => (None, Vec::new()),
            Some(query) => {
                let (query, columns) = self.insert_source(query, &insert.columns, &whole);
                (Some(query), columns)
            }
        };
        // Only now is the relation visible.
        self.show(whole.clone());
        let on_conflict =
            insert.on_conflict.as_ref().map(|conflict| self.on_conflict(conflict, &whole));
        self.unhide(vec![whole.clone()]);
        let (returning, outputs) = self.returning(&insert.returning, &whole);
        let insert = Insert {
            with,
            target,
            columns,
            overriding_system: insert.overriding_system,
            source,
            on_conflict,
            returning,
        };
        (Command::Insert(Box::new(insert)), outputs)
    }

    /// The rows and the columns that they are for.
    fn insert_source(
        &mut self,
        query: &Query,
        columns: &[(Ident, Vec<Access>)],
        target: &ScopeItem,
    ) -> (Query, Vec<(Ident, Vec<Access>)>) {
        if let QueryBody::Values(rows) = &*query.body
            && *query == Query::of(QueryBody::Values(rows.clone()))
        {
            self.enter();
            let rows: Vec<Vec<Typed>> = rows.iter().map(|row| self.expression_list(row)).collect();
            self.leave();
            let width = rows.first().map_or(0, Vec::len);
            let columns = self.insert_columns(columns, target, width);
            let mut result = Vec::new();
            for row in rows {
                let values = row.into_iter().enumerate();
                let values =
                    values.map(|(number, value)| self.assigned(value, columns.get(number), target));
                result.push(values.collect());
            }
            return (Query::of(QueryBody::Values(result)), columns);
        }
        let (mut query, outputs) = self.nested(query, Literals::Open);
        let columns = self.insert_columns(columns, target, outputs.len());
        // Literals take the type of their column; other values are converted outside of the query.
        if let QueryBody::Select(select) = &mut *query.body {
            let pairs = select.targets.iter_mut().zip(&outputs).zip(&columns);
            for ((value, output), column) in pairs {
                if output.ty == Type::Literal {
                    let literal = Typed { expr: value.expr.clone(), ty: Type::Literal };
                    value.expr = self.assigned(literal, Some(column), target);
                }
            }
        }
        (query, columns)
    }

    /// The columns of an INSERT: the first ones of the relation when none are written
    /// (`checkInsertTargets`).
    pub(super) fn insert_columns(
        &mut self,
        columns: &[(Ident, Vec<Access>)],
        target: &ScopeItem,
        width: usize,
    ) -> Vec<(Ident, Vec<Access>)> {
        if columns.is_empty() {
            self.apply(NormalRule::InsertColumns);
            let names = target.columns.iter().filter(|column| !column.name.is_empty());
            return names.take(width).map(|column| (column.name.clone(), Vec::new())).collect();
        }
        columns.iter().map(|(name, access)| (name.clone(), self.target_access(access))).collect()
    }

    /// `ON CONFLICT` (`transformOnConflictArbiter`, `transformOnConflictClause`).
    fn on_conflict(&mut self, conflict: &OnConflict, target: &ScopeItem) -> OnConflict {
        let elements =
            conflict.elements.iter().map(|element| self.conflict_element(element)).collect();
        let target_filter = conflict.target_filter.as_ref().map(|filter| self.condition(filter));
        let normal = Ident::new("excluded");
        let columns =
            target.columns.iter().map(|column| ScopeColumn { expr: None, ..column.clone() });
        let columns = columns.collect();
        let excluded =
            ScopeItem { row_type: target.row_type, ..item(Some(&normal), &normal, columns) };
        self.show(excluded);
        let set = conflict.set.as_ref().map(|set| self.assignments(set, target));
        let filter = conflict.filter.as_ref().map(|filter| self.condition(filter));
        OnConflict { constraint: conflict.constraint.clone(), elements, target_filter, set, filter }
    }

    fn conflict_element(&mut self, element: &ConflictElement) -> ConflictElement {
        let typed = self.expr(&element.expr);
        let typed = self.finish_literal(typed);
        let default = typed.id().and_then(|id| self.catalog.default_opclass("btree", id));
        let default = default.map(|class| (class.schema.clone(), class.name.clone()));
        let opclass = element.opclass.as_ref().map(|name| {
            let found = self.namespaces(name).into_iter().find(|namespace| {
                self.catalog.opclass(namespace.as_str(), name.name.as_str(), "btree").is_some()
            });
            crate::model::Name {
                namespace: found.or_else(|| name.namespace.clone()),
                name: name.name.clone(),
            }
        });
        let is_default = |name: &crate::model::Name| {
            default.as_ref().is_some_and(|(schema, class)| {
                name.namespace.as_ref().is_some_and(|n| *n == *schema.as_str())
                    && name.name == *class.as_str()
            })
        };
        let collation = element.collation.as_ref().map(|name| self.collation_name(name));
        let expr: Expr = typed.expr;
        ConflictElement {
            expr,
            collation: collation.filter(|name| !name.is_builtin("default")),
            opclass: opclass.filter(|name| !is_default(name)),
        }
    }
}
