//! Changing the names in expressions, queries and commands, wherever they stand.
//!
//! The visitor is told when a query or command begins and ends, so that it can keep
//! track of what a bare name means there. An expression is visited before what is in it.

use super::{
    Access, Assignment, Command, CommandTarget, Distinct, Expr, FrameBound, FromItem, Grouping,
    Ident, Join, Json, JsonAggregate, JsonBehavior, JsonOutput, JsonTable, JsonTableColumn,
    JsonValue, MergeAction, Name, OnConflict, Query, QueryBody, Returning, Select, SortKey,
    SubqueryKind, Target, TypeName, Window, With,
};

/// What is called for each name, and where names change their meaning.
pub trait VisitMut {
    /// A query begins; its `FROM` is what bare columns mean until it ends.
    fn enter_query(&mut self, _query: &Query) {}

    /// A command other than a query begins.
    fn enter_command(&mut self, _command: &Command) {}

    /// A `SELECT`, before what is in it.
    fn select(&mut self, _select: &mut Select) {}

    /// The query or command ends.
    fn leave(&mut self) {}

    /// An expression.
    fn expr(&mut self, _expr: &mut Expr) {}

    /// A type.
    fn ty(&mut self, _ty: &mut TypeName) {}

    /// The name of a relation or of a query in `WITH`.
    fn relation(&mut self, _name: &mut Name) {}

    /// The name of a function.
    fn function(&mut self, _name: &mut Name) {}

    /// An item of a select list or of `RETURNING`.
    fn target(&mut self, _target: &mut Target) {}

    /// A key of a query's own `ORDER BY`; return false to leave it as it is.
    fn sort_key(&mut self, _key: &mut SortKey) -> bool {
        true
    }

    /// A join.
    fn join(&mut self, _join: &Join) {}

    /// A column that `INSERT` or `UPDATE` names, of the relation that the command changes.
    fn changed_column(&mut self, _column: &mut Ident) {}
}

fn all<'a>(exprs: impl IntoIterator<Item = &'a mut Expr>, v: &mut dyn VisitMut) {
    for expr in exprs {
        change_expr(expr, v);
    }
}

/// Visits an expression and all below it.
pub fn change_expr(expr: &mut Expr, v: &mut dyn VisitMut) {
    v.expr(expr);
    match expr {
        Expr::Literal(_)
        | Expr::Column(_)
        | Expr::Parameter(_)
        | Expr::SqlValue(..)
        | Expr::Default
        | Expr::CurrentOf(_)
        | Expr::MergeAction
        | Expr::Opaque(_) => {}
        Expr::Constant(constant) => v.ty(&mut constant.ty),
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
        | Expr::MultiAssign { source: arg, .. } => change_expr(arg, v),
        Expr::Call(call) => {
            v.function(&mut call.name);
            all(call.args.iter_mut().map(|arg| &mut arg.value), v);
            change_keys(&mut call.order_by, v);
            all(&mut call.filter, v);
            change_window(call.over.as_mut(), v);
        }
        Expr::Operator(operation) => {
            all(&mut operation.left, v);
            change_expr(&mut operation.right, v);
        }
        Expr::Collate(collate) => change_expr(&mut collate.arg, v),
        Expr::Cast(cast) => {
            v.ty(&mut cast.ty);
            change_expr(&mut cast.arg, v);
        }
        Expr::Case(case) => {
            all(&mut case.arg, v);
            for (condition, result) in &mut case.branches {
                change_expr(condition, v);
                change_expr(result, v);
            }
            all(&mut case.otherwise, v);
        }
        Expr::NullIf(args) => all(args.as_mut(), v),
        Expr::IsDistinct(test) => all([&mut test.left, &mut test.right], v),
        Expr::In(list) => {
            change_expr(&mut list.arg, v);
            all(&mut list.items, v);
        }
        Expr::Between(between) => {
            all([&mut between.arg, &mut between.low, &mut between.high], v);
        }
        Expr::Like(like) => {
            all([&mut like.arg, &mut like.pattern], v);
            all(&mut like.escape, v);
        }
        Expr::AnyAll(any) => all([&mut any.left, &mut any.array], v),
        Expr::Indirection(arg, steps) => {
            change_expr(arg, v);
            change_accesses(steps, v);
        }
        Expr::Subquery(subquery) => {
            if let SubqueryKind::AnyAll { left, .. } = &mut subquery.kind {
                change_expr(left, v);
            }
            change_query(&mut subquery.query, v);
        }
        Expr::Json(json) => change_json(json, v),
        Expr::Xml(xml) => {
            all(xml.named.iter_mut().map(|(_, value)| value), v);
            all(&mut xml.args, v);
            xml.ty.iter_mut().for_each(|ty| v.ty(ty));
        }
    }
}

fn change_accesses(steps: &mut [Access], v: &mut dyn VisitMut) {
    for step in steps {
        match step {
            Access::Field(_) | Access::Star => {}
            Access::Index(index) => change_expr(index, v),
            Access::Slice(lower, upper) => all(lower.iter_mut().chain(upper), v),
        }
    }
}

fn change_keys(keys: &mut [SortKey], v: &mut dyn VisitMut) {
    all(keys.iter_mut().map(|key| &mut key.expr), v);
}

fn change_window(window: Option<&mut Window>, v: &mut dyn VisitMut) {
    let Some(window) = window else { return };
    all(&mut window.partition_by, v);
    change_keys(&mut window.order_by, v);
    if let Some(frame) = &mut window.frame {
        for bound in std::iter::once(&mut frame.start).chain(&mut frame.end) {
            match bound {
                FrameBound::Preceding(offset) | FrameBound::Following(offset) => {
                    change_expr(offset, v);
                }
                FrameBound::UnboundedPreceding
                | FrameBound::CurrentRow
                | FrameBound::UnboundedFollowing => {}
            }
        }
    }
}

/// Visits a query and all below it.
pub fn change_query(query: &mut Query, v: &mut dyn VisitMut) {
    v.enter_query(query);
    change_with(query.with.as_mut(), v);
    match query.body.as_mut() {
        QueryBody::Select(select) => change_select(select, v),
        QueryBody::Values(rows) => rows.iter_mut().for_each(|row| all(row, v)),
        QueryBody::SetOperation { left, right, .. } => {
            change_query(left, v);
            change_query(right, v);
        }
    }
    for key in &mut query.order_by {
        if v.sort_key(key) {
            change_expr(&mut key.expr, v);
        }
    }
    all(query.limit.iter_mut().chain(&mut query.offset), v);
    v.leave();
}

fn change_with(with: Option<&mut With>, v: &mut dyn VisitMut) {
    for table in with.into_iter().flat_map(|with| &mut with.queries) {
        change_command(&mut table.command, v);
        if let Some(cycle) = &mut table.cycle {
            all([&mut cycle.value, &mut cycle.default], v);
        }
    }
}

fn change_targets(targets: &mut [Target], v: &mut dyn VisitMut) {
    for target in targets {
        v.target(target);
        change_expr(&mut target.expr, v);
    }
}

fn change_select(select: &mut Select, v: &mut dyn VisitMut) {
    v.select(select);
    if let Distinct::On(keys) = &mut select.distinct {
        all(keys, v);
    }
    change_targets(&mut select.targets, v);
    select.from.iter_mut().for_each(|item| change_from(item, v));
    all(&mut select.filter, v);
    select.group_by.iter_mut().for_each(|grouping| change_grouping(grouping, v));
    all(&mut select.having, v);
    for (_, window) in &mut select.windows {
        change_window(Some(window), v);
    }
}

fn change_grouping(grouping: &mut Grouping, v: &mut dyn VisitMut) {
    match grouping {
        Grouping::Expr(expr) => change_expr(expr, v),
        Grouping::Empty => {}
        Grouping::List(items)
        | Grouping::Rollup(items)
        | Grouping::Cube(items)
        | Grouping::Sets(items) => items.iter_mut().for_each(|item| change_grouping(item, v)),
    }
}

fn change_from(item: &mut FromItem, v: &mut dyn VisitMut) {
    match item {
        FromItem::Relation { name, sample, .. } => {
            v.relation(name);
            if let Some(sample) = sample {
                all(sample.args.iter_mut().chain(&mut sample.repeatable), v);
            }
        }
        FromItem::Subquery { query, .. } => change_query(query, v),
        FromItem::Functions(functions) => {
            for (call, columns) in &mut functions.functions {
                change_expr(call, v);
                columns.iter_mut().for_each(|column| v.ty(&mut column.ty));
            }
            functions.columns.iter_mut().for_each(|column| v.ty(&mut column.ty));
        }
        FromItem::Join(join) => {
            v.join(join);
            change_from(&mut join.left, v);
            change_from(&mut join.right, v);
            all(&mut join.on, v);
        }
        FromItem::XmlTable(table) => {
            all(table.namespaces.iter_mut().map(|(_, uri)| uri), v);
            all([&mut table.row, &mut table.document], v);
            for column in &mut table.columns {
                column.ty.iter_mut().for_each(|ty| v.ty(ty));
                all(column.path.iter_mut().chain(&mut column.default), v);
            }
        }
        FromItem::JsonTable(table) => change_json_table(table, v),
    }
}

/// Visits a command and all below it.
pub fn change_command(command: &mut Command, v: &mut dyn VisitMut) {
    if let Command::Query(query) = command {
        return change_query(query, v);
    }
    v.enter_command(command);
    match command {
        Command::Query(_) | Command::Notify { .. } | Command::Opaque(_) => {}
        Command::Insert(insert) => {
            change_with(insert.with.as_mut(), v);
            change_command_target(&mut insert.target, v);
            for (column, steps) in &mut insert.columns {
                v.changed_column(column);
                change_accesses(steps, v);
            }
            if let Some(source) = &mut insert.source {
                change_query(source, v);
            }
            if let Some(conflict) = &mut insert.on_conflict {
                change_conflict(conflict, v);
            }
            change_returning(&mut insert.returning, v);
        }
        Command::Update(update) => {
            change_with(update.with.as_mut(), v);
            change_command_target(&mut update.target, v);
            change_assignments(&mut update.set, v);
            update.from.iter_mut().for_each(|item| change_from(item, v));
            all(&mut update.filter, v);
            change_returning(&mut update.returning, v);
        }
        Command::Delete(delete) => {
            change_with(delete.with.as_mut(), v);
            change_command_target(&mut delete.target, v);
            delete.using.iter_mut().for_each(|item| change_from(item, v));
            all(&mut delete.filter, v);
            change_returning(&mut delete.returning, v);
        }
        Command::Merge(merge) => {
            change_with(merge.with.as_mut(), v);
            change_command_target(&mut merge.target, v);
            change_from(&mut merge.source, v);
            change_expr(&mut merge.on, v);
            for branch in &mut merge.branches {
                all(&mut branch.condition, v);
                match &mut branch.action {
                    MergeAction::Nothing | MergeAction::Delete => {}
                    MergeAction::Update(set) => change_assignments(set, v),
                    MergeAction::Insert { columns, values, .. } => {
                        columns.iter_mut().for_each(|(column, _)| v.changed_column(column));
                        all(values, v);
                    }
                }
            }
            change_returning(&mut merge.returning, v);
        }
        Command::Return(expr) => change_expr(expr, v),
    }
    v.leave();
}

fn change_command_target(target: &mut CommandTarget, v: &mut dyn VisitMut) {
    v.relation(&mut target.relation);
}

fn change_conflict(conflict: &mut OnConflict, v: &mut dyn VisitMut) {
    all(conflict.elements.iter_mut().map(|element| &mut element.expr), v);
    all(conflict.target_filter.iter_mut().chain(&mut conflict.filter), v);
    change_assignments(conflict.set.as_deref_mut().unwrap_or_default(), v);
}

fn change_assignments(set: &mut [Assignment], v: &mut dyn VisitMut) {
    for assignment in set {
        v.changed_column(&mut assignment.column);
        change_accesses(&mut assignment.access, v);
        change_expr(&mut assignment.value, v);
    }
}

fn change_returning(returning: &mut Returning, v: &mut dyn VisitMut) {
    change_targets(&mut returning.targets, v);
}

fn change_output(output: Option<&mut JsonOutput>, v: &mut dyn VisitMut) {
    if let Some(output) = output {
        v.ty(&mut output.ty);
    }
}

fn change_json(json: &mut Json, v: &mut dyn VisitMut) {
    match json {
        Json::Object { pairs, output, .. } => {
            all(pairs.iter_mut().flat_map(|(key, value)| [key, &mut value.expr]), v);
            change_output(output.as_mut(), v);
        }
        Json::Array { items, output, .. } => {
            all(items.iter_mut().map(|item| &mut item.expr), v);
            change_output(output.as_mut(), v);
        }
        Json::ArrayQuery { query, output, .. } => {
            change_query(query, v);
            change_output(output.as_mut(), v);
        }
        Json::ObjectAgg { key, value, aggregate, .. } => {
            all([key, &mut value.expr], v);
            change_aggregate(aggregate, v);
        }
        Json::ArrayAgg { value, aggregate, .. } => {
            change_expr(&mut value.expr, v);
            change_aggregate(aggregate, v);
        }
        Json::Parse { value, .. } => change_expr(&mut value.expr, v),
        Json::Serialize { value, output } => {
            change_expr(&mut value.expr, v);
            change_output(output.as_mut(), v);
        }
        Json::Scalar(arg) | Json::IsJson { arg, .. } => change_expr(arg, v),
        Json::Function(function) => {
            all([&mut function.context.expr, &mut function.path], v);
            change_passing(&mut function.passing, v);
            change_output(function.output.as_mut(), v);
            change_behaviors(function.on_empty.iter_mut().chain(&mut function.on_error), v);
        }
    }
}

fn change_aggregate(aggregate: &mut JsonAggregate, v: &mut dyn VisitMut) {
    change_keys(&mut aggregate.order_by, v);
    all(&mut aggregate.filter, v);
    change_window(aggregate.over.as_mut(), v);
    change_output(aggregate.output.as_mut(), v);
}

fn change_passing(passing: &mut [(Ident, JsonValue)], v: &mut dyn VisitMut) {
    all(passing.iter_mut().map(|(_, value)| &mut value.expr), v);
}

fn change_behaviors<'a>(
    behaviors: impl Iterator<Item = &'a mut JsonBehavior>,
    v: &mut dyn VisitMut,
) {
    for behavior in behaviors {
        if let JsonBehavior::Default(value) = behavior {
            change_expr(value, v);
        }
    }
}

fn change_json_table(table: &mut JsonTable, v: &mut dyn VisitMut) {
    all([&mut table.context.expr, &mut table.path], v);
    change_passing(&mut table.passing, v);
    change_behaviors(table.on_error.iter_mut(), v);
    change_json_columns(&mut table.columns, v);
}

fn change_json_columns(columns: &mut [JsonTableColumn], v: &mut dyn VisitMut) {
    for column in columns {
        match column {
            JsonTableColumn::Ordinality(_) => {}
            JsonTableColumn::Regular { ty, path, on_empty, on_error, .. } => {
                v.ty(ty);
                all(path, v);
                change_behaviors(on_empty.iter_mut().chain(on_error), v);
            }
            JsonTableColumn::Nested { path, columns, .. } => {
                change_expr(path, v);
                change_json_columns(columns, v);
            }
        }
    }
}
