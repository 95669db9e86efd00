//! Walking over the nodes of an expression, its subqueries included.

use super::{
    Access, Assignment, ColumnRef, Command, Distinct, Expr, FrameBound, FromItem, Grouping, Json,
    JsonAggregate, JsonBehavior, JsonTable, JsonTableColumn, JsonValue, MergeAction, Query,
    QueryBody, Returning, Select, SortKey, SubqueryKind, Window, With,
};

/// Receives nodes before their children.
pub trait Visit {
    /// An expression; return false to leave its children out.
    fn expr(&mut self, _expr: &Expr) -> bool {
        true
    }

    /// An item of `FROM`; return false to leave its children out.
    fn from_item(&mut self, _item: &FromItem) -> bool {
        true
    }

    /// A query; return false to leave its children out.
    fn query(&mut self, _query: &Query) -> bool {
        true
    }
}

struct Columns<'f>(&'f mut dyn FnMut(&ColumnRef));

impl Visit for Columns<'_> {
    fn expr(&mut self, expr: &Expr) -> bool {
        if let Expr::Column(column) = expr {
            (self.0)(column);
        }
        true
    }
}

impl Expr {
    /// Calls `f` for each column reference, those in subqueries included.
    pub fn for_each_column(&self, f: &mut dyn FnMut(&ColumnRef)) {
        walk_expr(self, &mut Columns(f));
    }
}

fn all<'a>(exprs: impl IntoIterator<Item = &'a Expr>, v: &mut dyn Visit) {
    for expr in exprs {
        walk_expr(expr, v);
    }
}

/// Visits an expression and all below it.
pub fn walk_expr(expr: &Expr, v: &mut dyn Visit) {
    if !v.expr(expr) {
        return;
    }
    match expr {
        Expr::Literal(_)
        | Expr::Constant(_)
        | Expr::Column(_)
        | Expr::Parameter(_)
        | Expr::SqlValue(..)
        | Expr::Default
        | Expr::CurrentOf(_)
        | Expr::MergeAction
        | Expr::Opaque(_) => {}
        Expr::And(args)
        | Expr::Or(args)
        | Expr::Coalesce(args)
        | Expr::Greatest(args)
        | Expr::Least(args)
        | Expr::Row(args)
        | Expr::Array(args)
        | Expr::Grouping(args) => all(args, v),
        Expr::Not(arg)
        | Expr::IsNull { arg, .. }
        | Expr::IsBool { arg, .. }
        | Expr::MultiAssign { source: arg, .. } => walk_expr(arg, v),
        Expr::Call(call) => {
            all(call.args.iter().map(|arg| &arg.value), v);
            walk_keys(&call.order_by, v);
            all(&call.filter, v);
            walk_window(call.over.as_ref(), v);
        }
        Expr::Operator(operation) => {
            all(&operation.left, v);
            walk_expr(&operation.right, v);
        }
        Expr::Collate(collate) => walk_expr(&collate.arg, v),
        Expr::Cast(cast) => walk_expr(&cast.arg, v),
        Expr::Case(case) => {
            all(&case.arg, v);
            for (condition, result) in &case.branches {
                walk_expr(condition, v);
                walk_expr(result, v);
            }
            all(&case.otherwise, v);
        }
        Expr::NullIf(args) => all(args.as_ref(), v),
        Expr::IsDistinct(test) => all([&test.left, &test.right], v),
        Expr::In(list) => {
            walk_expr(&list.arg, v);
            all(&list.items, v);
        }
        Expr::Between(between) => all([&between.arg, &between.low, &between.high], v),
        Expr::Like(like) => {
            all([&like.arg, &like.pattern], v);
            all(&like.escape, v);
        }
        Expr::AnyAll(any) => all([&any.left, &any.array], v),
        Expr::Indirection(arg, steps) => {
            walk_expr(arg, v);
            walk_accesses(steps, v);
        }
        Expr::Subquery(subquery) => {
            if let SubqueryKind::AnyAll { left, .. } = &subquery.kind {
                walk_expr(left, v);
            }
            walk_query(&subquery.query, v);
        }
        Expr::Json(json) => walk_json(json, v),
        Expr::Xml(xml) => {
            all(xml.named.iter().map(|(_, value)| value), v);
            all(&xml.args, v);
        }
    }
}

fn walk_accesses(steps: &[Access], v: &mut dyn Visit) {
    for step in steps {
        match step {
            Access::Field(_) | Access::Star => {}
            Access::Index(index) => walk_expr(index, v),
            Access::Slice(lower, upper) => all(lower.iter().chain(upper), v),
        }
    }
}

fn walk_keys(keys: &[SortKey], v: &mut dyn Visit) {
    all(keys.iter().map(|key| &key.expr), v);
}

fn walk_window(window: Option<&Window>, v: &mut dyn Visit) {
    let Some(window) = window else { return };
    all(&window.partition_by, v);
    walk_keys(&window.order_by, v);
    if let Some(frame) = &window.frame {
        for bound in std::iter::once(&frame.start).chain(&frame.end) {
            match bound {
                FrameBound::Preceding(offset) | FrameBound::Following(offset) => {
                    walk_expr(offset, v);
                }
                FrameBound::UnboundedPreceding
                | FrameBound::CurrentRow
                | FrameBound::UnboundedFollowing => {}
            }
        }
    }
}

/// Visits a query and all below it.
pub fn walk_query(query: &Query, v: &mut dyn Visit) {
    if !v.query(query) {
        return;
    }
    walk_with(query.with.as_ref(), v);
    match query.body.as_ref() {
        QueryBody::Select(select) => walk_select(select, v),
        QueryBody::Values(rows) => rows.iter().for_each(|row| all(row, v)),
        QueryBody::SetOperation { left, right, .. } => {
            walk_query(left, v);
            walk_query(right, v);
        }
    }
    walk_keys(&query.order_by, v);
    all(query.limit.iter().chain(&query.offset), v);
}

fn walk_with(with: Option<&With>, v: &mut dyn Visit) {
    for table in with.iter().flat_map(|with| &with.queries) {
        walk_command(&table.command, v);
        if let Some(cycle) = &table.cycle {
            all([&cycle.value, &cycle.default], v);
        }
    }
}

fn walk_select(select: &Select, v: &mut dyn Visit) {
    if let Distinct::On(keys) = &select.distinct {
        all(keys, v);
    }
    all(select.targets.iter().map(|target| &target.expr), v);
    select.from.iter().for_each(|item| walk_from(item, v));
    all(&select.filter, v);
    select.group_by.iter().for_each(|grouping| walk_grouping(grouping, v));
    all(&select.having, v);
    for (_, window) in &select.windows {
        walk_window(Some(window), v);
    }
}

fn walk_grouping(grouping: &Grouping, v: &mut dyn Visit) {
    match grouping {
        Grouping::Expr(expr) => walk_expr(expr, v),
        Grouping::Empty => {}
        Grouping::List(items)
        | Grouping::Rollup(items)
        | Grouping::Cube(items)
        | Grouping::Sets(items) => {
            items.iter().for_each(|item| walk_grouping(item, v));
        }
    }
}

fn walk_from(item: &FromItem, v: &mut dyn Visit) {
    if !v.from_item(item) {
        return;
    }
    match item {
        FromItem::Relation { sample, .. } => {
            if let Some(sample) = sample {
                all(sample.args.iter().chain(&sample.repeatable), v);
            }
        }
        FromItem::Subquery { query, .. } => walk_query(query, v),
        FromItem::Functions(functions) => {
            all(functions.functions.iter().map(|(call, _)| call), v);
        }
        FromItem::Join(join) => {
            walk_from(&join.left, v);
            walk_from(&join.right, v);
            all(&join.on, v);
        }
        FromItem::XmlTable(table) => {
            all(table.namespaces.iter().map(|(_, uri)| uri), v);
            all([&table.row, &table.document], v);
            all(
                table.columns.iter().flat_map(|column| column.path.iter().chain(&column.default)),
                v,
            );
        }
        FromItem::JsonTable(table) => walk_json_table(table, v),
    }
}

/// Visits a command and all below it.
pub fn walk_command(command: &Command, v: &mut dyn Visit) {
    match command {
        Command::Query(query) => walk_query(query, v),
        Command::Insert(insert) => {
            walk_with(insert.with.as_ref(), v);
            insert.columns.iter().for_each(|(_, steps)| walk_accesses(steps, v));
            if let Some(source) = &insert.source {
                walk_query(source, v);
            }
            if let Some(conflict) = &insert.on_conflict {
                all(conflict.elements.iter().map(|element| &element.expr), v);
                all(conflict.target_filter.iter().chain(&conflict.filter), v);
                walk_assignments(conflict.set.as_deref().unwrap_or_default(), v);
            }
            walk_returning(&insert.returning, v);
        }
        Command::Update(update) => {
            walk_with(update.with.as_ref(), v);
            walk_assignments(&update.set, v);
            update.from.iter().for_each(|item| walk_from(item, v));
            all(&update.filter, v);
            walk_returning(&update.returning, v);
        }
        Command::Delete(delete) => {
            walk_with(delete.with.as_ref(), v);
            delete.using.iter().for_each(|item| walk_from(item, v));
            all(&delete.filter, v);
            walk_returning(&delete.returning, v);
        }
        Command::Merge(merge) => {
            walk_with(merge.with.as_ref(), v);
            walk_from(&merge.source, v);
            walk_expr(&merge.on, v);
            for branch in &merge.branches {
                all(&branch.condition, v);
                match &branch.action {
                    MergeAction::Nothing | MergeAction::Delete => {}
                    MergeAction::Update(set) => walk_assignments(set, v),
                    MergeAction::Insert { values, .. } => all(values, v),
                }
            }
            walk_returning(&merge.returning, v);
        }
        Command::Notify { .. } | Command::Opaque(_) => {}
        Command::Return(expr) => walk_expr(expr, v),
    }
}

fn walk_assignments(set: &[Assignment], v: &mut dyn Visit) {
    for assignment in set {
        walk_accesses(&assignment.access, v);
        walk_expr(&assignment.value, v);
    }
}

fn walk_returning(returning: &Returning, v: &mut dyn Visit) {
    all(returning.targets.iter().map(|target| &target.expr), v);
}

fn walk_json(json: &Json, v: &mut dyn Visit) {
    match json {
        Json::Object { pairs, .. } => {
            all(pairs.iter().flat_map(|(key, value)| [key, &value.expr]), v);
        }
        Json::Array { items, .. } => all(items.iter().map(|item| &item.expr), v),
        Json::ArrayQuery { query, .. } => walk_query(query, v),
        Json::ObjectAgg { key, value, aggregate, .. } => {
            all([key, &value.expr], v);
            walk_aggregate(aggregate, v);
        }
        Json::ArrayAgg { value, aggregate, .. } => {
            walk_expr(&value.expr, v);
            walk_aggregate(aggregate, v);
        }
        Json::Parse { value, .. } | Json::Serialize { value, .. } => walk_expr(&value.expr, v),
        Json::Scalar(arg) | Json::IsJson { arg, .. } => walk_expr(arg, v),
        Json::Function(function) => {
            all([&function.context.expr, &function.path], v);
            walk_passing(&function.passing, v);
            walk_behaviors(function.on_empty.iter().chain(&function.on_error), v);
        }
    }
}

fn walk_aggregate(aggregate: &JsonAggregate, v: &mut dyn Visit) {
    walk_keys(&aggregate.order_by, v);
    all(&aggregate.filter, v);
    walk_window(aggregate.over.as_ref(), v);
}

fn walk_passing(passing: &[(super::Ident, JsonValue)], v: &mut dyn Visit) {
    all(passing.iter().map(|(_, value)| &value.expr), v);
}

fn walk_behaviors<'a>(behaviors: impl Iterator<Item = &'a JsonBehavior>, v: &mut dyn Visit) {
    for behavior in behaviors {
        if let JsonBehavior::Default(value) = behavior {
            walk_expr(value, v);
        }
    }
}

fn walk_json_table(table: &JsonTable, v: &mut dyn Visit) {
    all([&table.context.expr, &table.path], v);
    walk_passing(&table.passing, v);
    walk_behaviors(table.on_error.iter(), v);
    walk_json_columns(&table.columns, v);
}

fn walk_json_columns(columns: &[JsonTableColumn], v: &mut dyn Visit) {
    for column in columns {
        match column {
            JsonTableColumn::Ordinality(_) => {}
            JsonTableColumn::Regular { path, on_empty, on_error, .. } => {
                all(path, v);
                walk_behaviors(on_empty.iter().chain(on_error), v);
            }
            JsonTableColumn::Nested { path, columns, .. } => {
                walk_expr(path, v);
                walk_json_columns(columns, v);
            }
        }
    }
}
