//! Tables, views, and what hangs on them with its own scope: triggers and rules.

use super::{Elaborator, assigned, normal};
use crate::catalog::{TypeId, TypeKind};
use crate::model::{
    BoundValue, Column, ColumnDefault, Expr, Expression, Facet, Ident, MaterializedView,
    NormalRule, PartitionBound, PartitionKey, PartitionOf, PartitionStrategy, Place, QualifiedName,
    Query, Rule, RuleEvent, Scoped, SearchPath, Table, Trigger, View,
};
use crate::normalize::Found;
use crate::normalize::analyze::{Scope, Ty};

impl Elaborator<'_, '_> {
    pub(super) fn table(&mut self, name: &QualifiedName, table: &Table) -> Option<Table> {
        let says = |column: &Column| match &column.default {
            Some(ColumnDefault::Expression(_) | ColumnDefault::Generated { .. }) => true,
            Some(ColumnDefault::Identity { .. }) | None => false,
        };
        let of_type = |column: &Column| {
            column.details.collation.is_some() || column.details.storage.is_some()
        };
        if !table.columns.iter().any(|column| says(column) || of_type(column))
            && table.partition_by.is_none()
            && table.partition_of.is_none()
        {
            return None;
        }
        let mut normal = table.clone();
        for column in &mut normal.columns {
            column.default = self.column_default(name, column);
            let said = column.details.collation.is_some();
            self.forget_what_the_type_says(column);
            if said && column.details.collation.is_none() {
                let place = Place::part(&column.name);
                self.found.note_one(&place, NormalRule::DefaultCollation);
            }
        }
        normal.partition_by = table.partition_by.as_ref().map(|key| self.partition_key(name, key));
        normal.partition_of =
            table.partition_of.as_ref().map(|partition| self.partition(partition));
        Some(normal)
    }

    /// The collation and the storage of its type are not said of a column
    /// (`dumpTableSchema`, `src/bin/pg_dump/pg_dump.c`).
    fn forget_what_the_type_says(&self, column: &mut Column) {
        if column.details.collation.is_none() && column.details.storage.is_none() {
            return;
        }
        let Some(ty) = self.context.ty(&column.ty) else { return };
        let entry = self.context.catalog.ty(ty.id);
        let details = column.details.to_mut();
        details.collation.take_if(|collation| {
            let namespace = collation.namespace.as_ref().map(Ident::as_str);
            entry.collation.as_ref().is_some_and(|own| {
                collation.name == *own.name.as_str() && namespace == Some(own.schema.as_str())
            })
        });
        details.storage.take_if(|storage| Some(storage.as_str()) == self.storage_of(ty.id));
    }

    /// `typstorage`; none for base types of the schema's own.
    fn storage_of(&self, id: TypeId) -> Option<&'static str> {
        let entry = self.context.catalog.ty(self.context.catalog.base_type(id));
        if entry.length != -1 {
            return Some("plain");
        }
        let builtin = entry.schema == "pg_catalog";
        match entry.name.as_str() {
            "inet" | "cidr" | "numeric" if builtin => Some("main"),
            "int2vector" | "oidvector" | "gtsvector" | "tsquery" if builtin => Some("plain"),
            _another_type => {
                let own_base = entry.kind == TypeKind::Base && !builtin && !entry.is_array();
                (!own_base).then_some("extended")
            }
        }
    }

    fn column_default(&mut self, table: &QualifiedName, column: &Column) -> Option<ColumnDefault> {
        let ty = self.context.ty(&column.ty);
        match column.default.as_ref()? {
            ColumnDefault::Expression(written) => {
                let place = Place::part_facet(&column.name, Facet::Default);
                self.default(&place, ty.as_ref(), written).map(ColumnDefault::Expression)
            }
            ColumnDefault::Generated { expression, stored } => {
                let mut analyzer = self.analyzer(&expression.path);
                analyzer.scopes.push(self.columns_of(table));
                let place = Place::part_facet(&column.name, Facet::Generated);
                let expr = self.part(&place, analyzer, |analyzer| {
                    let typed = analyzer.expr(&expression.expr);
                    assigned(analyzer, typed, ty.as_ref())
                });
                Some(ColumnDefault::Generated { expression: normal(expr), stored: *stored })
            }
            identity @ ColumnDefault::Identity { .. } => Some(identity.clone()),
        }
    }

    fn partition_key(&mut self, table: &QualifiedName, key: &PartitionKey) -> PartitionKey {
        let method = Ident::new(match key.strategy {
            PartitionStrategy::Hash => "hash",
            PartitionStrategy::List | PartitionStrategy::Range => "btree",
        });
        let keys = self.keys(Facet::PartitionKey, table, &method, &key.keys, &key.path);
        PartitionKey { keys, path: SearchPath::empty(), strategy: key.strategy }
    }

    /// The bound as values of the types of the key (`transformPartitionBoundValue`,
    /// `src/backend/parser/parse_utilcmd.c`).
    fn partition(&mut self, partition: &PartitionOf) -> PartitionOf {
        let types = self.key_types(&partition.parent);
        if !matches!(partition.bound, PartitionBound::Default | PartitionBound::Hash { .. }) {
            let place = Place::facet(Facet::PartitionBound);
            self.found.note_one(&place, NormalRule::PartitionBound);
        }
        let mut value = |at: usize, written: &Expr| {
            let analyzer = self.analyzer(&partition.path);
            let ty = types.get(at).cloned().flatten();
            self.part(&Place::facet(Facet::PartitionBound), analyzer, |analyzer| {
                let mut typed = analyzer.expr(written);
                typed.expr = super::bound::evaluated(typed.expr);
                let typed = super::bound::as_number(typed, ty.as_ref());
                let value =
                    super::bound::padded(assigned(analyzer, typed, ty.as_ref()), ty.as_ref());
                if !matches!(value, Expr::Constant(_)) {
                    analyzer.give_up("the bound is an expression that the server evaluates");
                }
                value
            })
        };
        let mut side = |values: &[BoundValue]| -> Vec<BoundValue> {
            let each = values.iter().enumerate().map(|(at, bound)| match bound {
                BoundValue::Expr(expr) => BoundValue::Expr(value(at, expr)),
                BoundValue::MinValue | BoundValue::MaxValue => bound.clone(),
            });
            each.collect()
        };
        let bound = match &partition.bound {
            PartitionBound::Range { from, to } => {
                PartitionBound::Range { from: side(from), to: side(to) }
            }
            PartitionBound::List(values) => {
                let mut values: Vec<Expr> = values.iter().map(|item| value(0, item)).collect();
                values.sort();
                values.dedup();
                PartitionBound::List(values)
            }
            PartitionBound::Default | PartitionBound::Hash { .. } => partition.bound.clone(),
        };
        PartitionOf { parent: partition.parent.clone(), bound, path: SearchPath::empty() }
    }

    /// The types of the partition key of a table.
    fn key_types(&mut self, table: &QualifiedName) -> Vec<Option<Ty>> {
        let key = self.context.table(table).and_then(|table| table.partition_by.as_ref());
        let Some(key) = key else { return Vec::new() };
        let mut ignored = Found::default();
        // What is not known of the key is listed with the partitioned table.
        let mut on = Elaborator { context: self.context, found: &mut ignored };
        let method = Ident::new("btree");
        let types = key.keys.iter().map(|item| {
            let (_, ty) = on.key(Facet::PartitionKey, table, &method, item, &key.path);
            ty
        });
        types.collect()
    }

    pub(super) fn view(&mut self, name: &QualifiedName, view: &View) -> View {
        let (query, columns) = self.view_query(name, &view.query, &view.columns);
        let mut defaults = view.defaults.clone();
        for (column, default) in &mut defaults {
            if let ColumnDefault::Expression(written) = default {
                let ty = self.context.column(name, column).map(|(ty, _)| ty);
                let place = Place::part_facet(column, Facet::Default);
                if let Some(expression) = self.default(&place, ty.as_ref(), written) {
                    *written = expression;
                }
            }
        }
        View { query, columns, defaults, ..view.clone() }
    }

    pub(super) fn materialized_view(
        &mut self,
        name: &QualifiedName,
        view: &MaterializedView,
    ) -> MaterializedView {
        let (query, columns) = self.view_query(name, &view.query, &view.columns);
        MaterializedView { query, columns, ..view.clone() }
    }

    /// The query as it was analysed before, with the names of its columns.
    fn view_query(
        &mut self,
        name: &QualifiedName,
        written: &Scoped<Query>,
        columns: &[Ident],
    ) -> (Scoped<Query>, Vec<Ident>) {
        let Some(view) = self.context.views.get(name) else {
            return (written.clone(), columns.to_vec());
        };
        self.found.note(&Place::facet(Facet::Query), view.applied);
        self.give_up(&Place::facet(Facet::Query), view.undecided.clone());
        let names = view.columns.iter().map(|column| column.name.clone());
        let names = if view.keeps_names { names.collect() } else { Vec::new() };
        (Scoped { value: view.query.clone(), path: SearchPath::empty() }, names)
    }

    pub(super) fn trigger(
        &mut self,
        relation: &QualifiedName,
        trigger: &Trigger,
    ) -> Option<Trigger> {
        let written = trigger.condition.as_ref()?;
        let scope = self.old_and_new(relation, &["old", "new"], true);
        let condition = Some(self.condition_in(Facet::Condition, scope, written));
        Some(Trigger { condition, ..trigger.clone() })
    }

    pub(super) fn rule(&mut self, relation: &QualifiedName, rule: &Rule) -> Rule {
        let rows: &[&str] = match rule.event {
            RuleEvent::Select => &[],
            RuleEvent::Insert => &["new"],
            RuleEvent::Update => &["old", "new"],
            RuleEvent::Delete => &["old"],
        };
        // In the condition a column needs no name of a row, in the actions it does
        // (`transformRuleStmt`, `src/backend/parser/parse_utilcmd.c`).
        let condition = rule.condition.as_ref().map(|written| {
            let scope = self.old_and_new(relation, rows, true);
            self.condition_in(Facet::Condition, scope, written)
        });
        let scope = self.old_and_new(relation, rows, false);
        let actions = rule.actions.iter().map(|action| {
            let mut analyzer = self.analyzer(&action.path);
            analyzer.scopes.push(scope.clone());
            let value = self.part(&Place::facet(Facet::Actions), analyzer, |analyzer| {
                analyzer.command(&action.value)
            });
            Scoped { value, path: SearchPath::empty() }
        });
        let actions = actions.collect();
        Rule { condition, actions, ..rule.clone() }
    }

    /// The rows of a trigger or rule (`addNSItemToQuery` in `src/backend/commands/trigger.c`,
    /// `parse_utilcmd.c`).
    fn old_and_new(&self, relation: &QualifiedName, rows: &[&str], columns_visible: bool) -> Scope {
        let item = |name: &&str| {
            let mut item = self.item(relation, Ident::new(name));
            item.columns_visible = columns_visible;
            item
        };
        Scope { items: rows.iter().map(item).collect() }
    }

    fn condition_in(&mut self, facet: Facet, scope: Scope, written: &Expression) -> Expression {
        let mut analyzer = self.analyzer(&written.path);
        analyzer.scopes.push(scope);
        let expr = self.part(&Place::facet(facet), analyzer, |analyzer| {
            let typed = analyzer.expr(&written.expr);
            analyzer.coerce_boolean(typed)
        });
        normal(expr)
    }
}
