//! The changes of `ALTER TABLE`, action by action, and of columns that are new.

use pg_query::protobuf::{
    AlterDomainStmt, AlterTableCmd, AlterTableStmt, AlterTableType as Do, ColumnDef, ConstrType,
    Constraint, ObjectType,
};
use pg_query::{Node, NodeEnum};

use super::super::expr::expr;
use super::super::extent::element_end;
use super::super::type_name::type_name;
use super::statement::{Written, relation};
use super::{Change, What};
use crate::catalog::{Catalog, Volatility};
use crate::model::{Expr, TypeName, Visit, walk_expr};

/// `ALTER TABLE`, and the same of views, indexes, types.
pub(super) fn table(stmt: &AlterTableStmt, cx: &Written<'_>) -> Vec<Change> {
    let name = relation(stmt.relation.as_ref());
    let places = places(stmt.cmds.len(), cx);
    let is_table =
        matches!(stmt.objtype(), ObjectType::ObjectTable | ObjectType::ObjectForeignTable);
    let mut found = Vec::new();
    for (number, node) in stmt.cmds.iter().enumerate() {
        let Some(NodeEnum::AlterTableCmd(cmd)) = &node.node else { continue };
        let mut own = action(&name, cmd, is_table, cx);
        for change in &mut own {
            change.table = Some(name.clone());
            change.guarded &= cmd.missing_ok || stmt.missing_ok;
            if let Some(place) = places.get(number) {
                change.range = place.clone();
            }
        }
        found.extend(own);
    }
    found
}

/// Where each action is: the elements of the list that the statement ends with.
fn places(count: usize, cx: &Written<'_>) -> Vec<std::ops::Range<usize>> {
    let text = cx.text.text();
    let mut places = Vec::new();
    let mut start = 0;
    while start < text.len() && places.len() <= count {
        let end = element_end(text, start);
        let rest = text.get(end..).unwrap_or_default();
        let original = |at: usize| cx.base + cx.text.original(at);
        places.push(original(start)..original(end));
        let Some(comma) = rest.find(',') else { break };
        let after = text.get(end + comma + 1..).unwrap_or_default();
        start = end + comma + 1 + (after.len() - after.trim_start().len());
    }
    if places.len() == count { places } else { Vec::new() }
}

fn action(table: &str, cmd: &AlterTableCmd, is_table: bool, cx: &Written<'_>) -> Vec<Change> {
    let of =
        |what| vec![Change { guarded: true, ..cx.whole(what, format!("{table}.{}", cmd.name)) }];
    let own = |what| vec![cx.whole(what, table)];
    let def = cmd.def.as_ref().and_then(|def| def.node.as_ref());
    match (cmd.subtype(), def) {
        (Do::AtDropColumn, _) => of(What::DropColumn),
        (Do::AtDropConstraint, _) => of(What::DropConstraint),
        (Do::AtSetNotNull, _) if is_table => of(What::SetNotNull),
        (Do::AtDisableRowSecurity, _) => own(What::OpenRows("DISABLE ROW LEVEL SECURITY")),
        (Do::AtNoForceRowSecurity, _) => own(What::OpenRows("NO FORCE ROW LEVEL SECURITY")),
        (Do::AtAlterColumnType, Some(NodeEnum::ColumnDef(column))) if is_table => {
            let to = column.type_name.as_ref().map(type_name);
            of(What::AlterType { from: None, to, converted: column.raw_default.is_some() })
        }
        (Do::AtAddColumn, Some(NodeEnum::ColumnDef(column))) if is_table => {
            add_column(table, column, cx)
        }
        (Do::AtAddConstraint, Some(NodeEnum::Constraint(constraint))) => {
            constraint_of(table, constraint, cx).into_iter().collect()
        }
        (Do::AtDetachPartition, Some(NodeEnum::PartitionCmd(partition)))
            if partition.concurrent =>
        {
            own(What::Alone("DETACH PARTITION CONCURRENTLY"))
        }
        _no_rule_is_about_it => Vec::new(),
    }
}

/// The columns of a new table, for their types.
pub(super) fn columns(table: &str, elements: &[Node], cx: &Written<'_>) -> Vec<Change> {
    let columns = elements.iter().filter_map(|node| match &node.node {
        Some(NodeEnum::ColumnDef(column)) => Some(column),
        _no_column => None,
    });
    columns
        .map(|column| Change {
            table: Some(table.to_owned()),
            ..cx.whole(
                What::AddColumn(column.type_name.as_ref().map(type_name)),
                format!("{table}.{}", column.colname),
            )
        })
        .collect()
}

fn add_column(table: &str, column: &ColumnDef, cx: &Written<'_>) -> Vec<Change> {
    let name = format!("{table}.{}", column.colname);
    let change = |what| Change { guarded: true, ..cx.whole(what, name.clone()) };
    let ty = column.type_name.as_ref().map(type_name);
    let constraints: Vec<&Constraint> =
        column.constraints.iter().filter_map(as_constraint).collect();
    let has =
        |wanted: ConstrType| constraints.iter().any(|constraint| constraint.contype() == wanted);
    let default =
        constraints.iter().find(|constraint| constraint.contype() == ConstrType::ConstrDefault);
    let default = default.and_then(|default| default.raw_expr.as_deref()).map(expr);
    let default = default.filter(|default| !is_null(default));
    let mut found = vec![change(What::AddColumn(ty.clone()))];
    let fills = if ty.as_ref().is_some_and(is_serial) {
        Some("a serial takes a number for each row")
    } else if has(ConstrType::ConstrIdentity) {
        Some("an identity takes a number for each row")
    } else if constraints.iter().any(|constraint| {
        constraint.contype() == ConstrType::ConstrGenerated && constraint.generated_kind != "v"
    }) {
        Some("a stored generated column is computed for each row")
    } else if default.as_ref().is_some_and(is_volatile) {
        Some("its default is computed for each row")
    } else {
        None
    };
    let is_generated = has(ConstrType::ConstrGenerated);
    found.extend(fills.map(|why| change(What::VolatileDefault(why))));
    let required = has(ConstrType::ConstrNotnull) || has(ConstrType::ConstrPrimary);
    if required && fills.is_none() && default.is_none() && !is_generated {
        found.push(change(What::AddNotNull));
    }
    found.extend(constraints.iter().filter_map(|constraint| constraint_of(table, constraint, cx)));
    found
}

/// What adding a constraint to a table with rows does.
fn constraint_of(table: &str, constraint: &Constraint, cx: &Written<'_>) -> Option<Change> {
    let validates = !constraint.skip_validation;
    let what = match constraint.contype() {
        ConstrType::ConstrCheck if validates => What::Validate("CHECK"),
        ConstrType::ConstrForeign if validates => What::Validate("FOREIGN KEY"),
        ConstrType::ConstrPrimary if constraint.indexname.is_empty() => {
            What::BuildKey("PRIMARY KEY")
        }
        ConstrType::ConstrUnique if constraint.indexname.is_empty() => What::BuildKey("UNIQUE"),
        ConstrType::ConstrExclusion => What::BuildKey("EXCLUDE"),
        _costs_nothing => return None,
    };
    let name = if constraint.conname.is_empty() {
        table.to_owned()
    } else {
        format!("{table}.{}", constraint.conname)
    };
    Some(Change { guarded: false, ..cx.whole(what, name) })
}

fn as_constraint(node: &Node) -> Option<&Constraint> {
    match &node.node {
        Some(NodeEnum::Constraint(constraint)) => Some(constraint),
        _no_constraint => None,
    }
}

/// `ALTER DOMAIN`.
pub(super) fn domain(stmt: &AlterDomainStmt, cx: &Written<'_>) -> Vec<Change> {
    let name =
        stmt.type_name.iter().map(super::super::type_name::string).collect::<Vec<_>>().join(".");
    let constraint = stmt.def.as_deref().and_then(as_constraint);
    let what = match (stmt.subtype.as_str(), constraint) {
        ("X", _) => What::DropConstraint,
        ("O", _) => What::SetNotNull,
        ("C", Some(constraint)) if !constraint.skip_validation => What::Validate("CHECK"),
        _harmless => return Vec::new(),
    };
    vec![Change { guarded: stmt.missing_ok, ..cx.whole(what, name) }]
}

fn is_serial(ty: &TypeName) -> bool {
    let names = ["serial", "serial2", "serial4", "serial8", "bigserial", "smallserial"];
    names.iter().any(|name| ty.name.name == **name)
}

fn is_null(default: &Expr) -> bool {
    matches!(default, Expr::Literal(crate::model::Literal::Null))
}

/// Whether an expression may have another value for each row: a function does that PostgreSQL
/// calls volatile, or that nobody knows.
pub(super) fn is_volatile(default: &Expr) -> bool {
    struct Calls(Catalog, bool);
    impl Visit for Calls {
        fn expr(&mut self, expr: &Expr) -> bool {
            if let Expr::Call(call) = expr {
                let mut known = self.0.functions(call.name.name.as_str()).peekable();
                let unknown = known.peek().is_none();
                self.1 |=
                    unknown || known.any(|function| function.volatility == Volatility::Volatile);
            }
            !self.1
        }
    }
    let mut calls = Calls(Catalog::new(), false);
    walk_expr(default, &mut calls);
    calls.1
}
