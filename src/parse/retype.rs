//! Expressions over a column whose type changes: they are stored with the types that their
//! literals had, and are read anew with those (`ATPostAlterTypeParse`,
//! `src/backend/commands/tablecmds.c`).
//!
//! ```sql
//! CREATE TABLE t (a date CHECK (a > '2024-01-01'));
//! ALTER TABLE t ALTER a TYPE timestamp;      -- CHECK (a > '2024-01-01'::date)
//! ```
//!
//! What the analysis cannot tell stays as written.

use super::interpreter::Interpreter;
use super::references::{Code, code};
use crate::model::{
    Distinct, Entry, Expr, FromItem, Ident, Object, ObjectId, QualifiedName, Query, QueryBody,
    Schema, Scoped, SearchPath, Select, Table, Target, VisitMut, change_expr,
};
use crate::normalize::elaborated;

/// Writes out the types of literals in the constraints, indexes and statistics of a table
/// that use a column.
pub(super) fn write_types(cx: &mut Interpreter<'_>, table: &QualifiedName, column: &Ident) {
    if cx.schema.dumped.is_some() {
        return;
    }
    let uses = |(id, entry): (&ObjectId, &Entry)| {
        let own = match &entry.object {
            Object::Constraint(_) => id.parent() == Some(table),
            Object::Index(index) => index.relation == *table,
            Object::Statistics(statistics) => statistics.relation == *table,
            _without_code_of_the_table => false,
        };
        let mut used = false;
        if own {
            code(&mut entry.object.clone(), &mut |code, _| used |= mentions(&code, column));
        }
        used.then(|| id.clone())
    };
    let naming = cx.schema.objects.entries_naming(&table.name);
    let ids: Vec<ObjectId> = naming.filter_map(uses).collect();
    if ids.is_empty() {
        return;
    }
    let schema = what_tells_types(cx, table);
    for id in ids {
        let Some(entry) = cx.schema.objects.get_mut(&id) else { continue };
        code(&mut entry.object, &mut |code, path| {
            if mentions(&code, column)
                && let Code::Expr(expr) = code
                && let Some(typed) = typed(&schema, table, expr, path)
            {
                *expr = typed;
            }
        });
    }
}

/// True for an expression over the column that is more than it.
fn mentions(code: &Code<'_>, column: &Ident) -> bool {
    let Code::Expr(expr) = code else { return false };
    let mut found = false;
    expr.for_each_column(&mut |reference| found |= reference.parts.last() == Some(column));
    found && !matches!(expr, Expr::Column(_))
}

/// The expression as it is stored.
fn typed(schema: &Schema, table: &QualifiedName, expr: &Expr, path: &SearchPath) -> Option<Expr> {
    let from =
        FromItem::Relation { name: table.clone().into(), only: true, alias: None, sample: None };
    let select = Select {
        distinct: Distinct::No,
        targets: vec![Target { expr: expr.clone(), alias: None }],
        from: vec![from],
        filter: None,
        group_by: Vec::new(),
        group_distinct: false,
        having: None,
        windows: Vec::new(),
    };
    let query = Scoped { value: Query::of(QueryBody::Select(select)), path: path.clone() };
    let QueryBody::Select(mut select) = *elaborated(schema.clone(), &query)?.body else {
        return None;
    };
    let mut expr = select.targets.pop()?.expr;
    change_expr(&mut expr, &mut Bare);
    Some(expr)
}

/// Columns without the name of the one table.
struct Bare;

impl VisitMut for Bare {
    fn expr(&mut self, expr: &mut Expr) {
        if let Expr::Column(column) = expr
            && let Some(last) = column.parts.pop()
        {
            column.parts = vec![last];
        }
    }
}

/// The table alone, and what is no relation and tells a type.
fn what_tells_types(cx: &Interpreter<'_>, table: &QualifiedName) -> Schema {
    let id = ObjectId::Table(table.clone());
    let mut schema = super::table_as::what_tells_types(cx, |own| *own == id);
    if let Some(entry) = schema.objects.get_mut(&id)
        && let Ok(alone) = <&mut Table>::try_from(&mut entry.object)
    {
        // Its parents are not there, and its columns are.
        alone.inherits.clear();
        alone.partition_of = None;
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::super::testing::{differ, same};

    #[test]
    fn only_what_uses_the_column_is_read_anew() {
        let dates = "CREATE TABLE t (a date CONSTRAINT k CHECK (a > '2024-01-01'), b int);";
        differ(
            &[dates, "ALTER TABLE t ALTER a TYPE timestamp;"].concat(),
            &dates.replace("a date", "a timestamp"),
        );
        same(
            &[dates, "ALTER TABLE t ALTER b TYPE bigint;"].concat(),
            &dates.replace("b int", "b bigint"),
        );
    }
}
