//! From the text of one expression, query, command or type to its model value:
//! for sources that hold SQL in pieces, such as canonical YAML.
//!
//! `a > 0` is an expression; `a > 0 FROM t` and `a, b` are not, although each
//! would be accepted after `SELECT`.

use pg_query::protobuf::ResTarget;
use pg_query::{Node, NodeEnum};

use super::expr::{bare_select, expr};
use super::type_name::type_name as lower_type;
use super::{command::command as lower_command, query::query as lower_query};
use crate::model::{Command, Expr, Query, TypeName};

/// Why a text is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FragmentError {
    /// The parser does not accept it; its message.
    #[error("{0}")]
    Syntax(String),
    /// It is SQL, but not one of what was asked for.
    #[error("expected one {0}")]
    NotOne(&'static str),
}

/// One expression.
pub fn expression(text: &str) -> Result<Expr, FragmentError> {
    let select = statement(&["SELECT ", text].concat(), "expression")?;
    bare_target(select).map(|node| expr(&node)).ok_or(FragmentError::NotOne("expression"))
}

/// One query: `SELECT`, `VALUES`, `TABLE`, `WITH`.
pub fn query(text: &str) -> Result<Query, FragmentError> {
    match statement(text, "query")? {
        Node { node: Some(NodeEnum::SelectStmt(select)) } => Ok(lower_query(&select)),
        _ => Err(FragmentError::NotOne("query")),
    }
}

/// One statement that a rule or an SQL-standard body may hold.
pub fn command(text: &str) -> Result<Command, FragmentError> {
    statement(text, "command").map(|node| lower_command(&node))
}

/// One type, with modifiers.
pub fn type_name(text: &str) -> Result<TypeName, FragmentError> {
    let select = statement(&["SELECT NULL::", text].concat(), "type")?;
    let Some(NodeEnum::TypeCast(cast)) = bare_target(select).and_then(|node| node.node) else {
        return Err(FragmentError::NotOne("type"));
    };
    let on_null = matches!(cast.arg.as_deref(), Some(Node { node: Some(NodeEnum::AConst(_)) }));
    let ty = cast.type_name.as_ref().filter(|_| on_null);
    ty.map(lower_type).ok_or(FragmentError::NotOne("type"))
}

/// One table constraint, without `CONSTRAINT name`.
pub fn constraint(text: &str) -> Result<(), FragmentError> {
    let wanted = "constraint";
    let Some(NodeEnum::AlterTableStmt(alter)) =
        statement(&["ALTER TABLE t ADD ", text].concat(), wanted)?.node
    else {
        return Err(FragmentError::NotOne(wanted));
    };
    let [Node { node: Some(NodeEnum::AlterTableCmd(command)) }] = alter.cmds.as_slice() else {
        return Err(FragmentError::NotOne(wanted));
    };
    match command.def.as_ref().and_then(|def| def.node.as_ref()) {
        Some(NodeEnum::Constraint(constraint)) if constraint.conname.is_empty() => Ok(()),
        _ => Err(FragmentError::NotOne(wanted)),
    }
}

/// The definition of one column, without its name; its type.
pub fn column(text: &str) -> Result<TypeName, FragmentError> {
    let wanted = "column";
    let node = statement(&["CREATE TABLE t (c ", text, "\n)"].concat(), wanted)?.node;
    let Some(NodeEnum::CreateStmt(mut table)) = node else {
        return Err(FragmentError::NotOne(wanted));
    };
    let bare = table.inh_relations.is_empty()
        && table.partspec.is_none()
        && table.options.is_empty()
        && table.tablespacename.is_empty()
        && table.access_method.is_empty();
    let element = table.table_elts.pop().filter(|_| bare && table.table_elts.is_empty());
    match element.and_then(|node| node.node) {
        Some(NodeEnum::ColumnDef(column)) => {
            column.type_name.as_ref().map(lower_type).ok_or(FragmentError::NotOne(wanted))
        }
        _ => Err(FragmentError::NotOne(wanted)),
    }
}

/// One key of an index, with its collation, operator class and order.
pub fn index_key(text: &str) -> Result<(), FragmentError> {
    let wanted = "index key";
    let node = statement(&["CREATE INDEX ON t (", text, "\n)"].concat(), wanted)?.node;
    let Some(NodeEnum::IndexStmt(index)) = node else { return Err(FragmentError::NotOne(wanted)) };
    let bare = index.index_including_params.is_empty()
        && index.options.is_empty()
        && index.where_clause.is_none()
        && index.table_space.is_empty();
    if bare && index.index_params.len() == 1 { Ok(()) } else { Err(FragmentError::NotOne(wanted)) }
}

/// Whole statements, none of which makes text of what follows.
pub fn statements(text: &str) -> Result<(), FragmentError> {
    let tree =
        pg_query::parse(text, 0).map_err(|error| FragmentError::Syntax(error.to_string()))?;
    let nodes = tree.protobuf.stmts.iter().filter_map(|statement| statement.stmt.as_ref());
    let mut nodes = nodes.filter_map(|node| node.node.as_ref());
    // The rows of COPY would be what comes after it.
    if nodes.any(|node| matches!(node, NodeEnum::CopyStmt(_))) {
        return Err(FragmentError::NotOne("statement of a schema"));
    }
    Ok(())
}

fn statement(text: &str, wanted: &'static str) -> Result<Node, FragmentError> {
    let tree =
        pg_query::parse(text, 0).map_err(|error| FragmentError::Syntax(error.to_string()))?;
    let mut statements = tree.protobuf.stmts.into_iter();
    match (statements.next().and_then(|statement| statement.stmt), statements.next()) {
        (Some(node), None) => Ok(*node),
        _ => Err(FragmentError::NotOne(wanted)),
    }
}

/// The value of a `SELECT` that has one target without a name, and nothing else.
fn bare_target(statement: Node) -> Option<Node> {
    let Some(NodeEnum::SelectStmt(mut select)) = statement.node else { return None };
    let mut targets = std::mem::take(&mut select.target_list);
    let (Some(Node { node: Some(NodeEnum::ResTarget(target)) }), None) =
        (targets.pop(), targets.pop())
    else {
        return None;
    };
    let ResTarget { name, indirection, val, .. } = *target;
    let bare = *select == bare_select() && name.is_empty() && indirection.is_empty();
    if bare { val.map(|value| *value) } else { None }
}

#[cfg(test)]
#[allow(clippy::panic, reason = "a test")]
mod tests {
    use super::*;
    use crate::model::{Like, LikeKind, Literal, QueryBody};

    #[test]
    fn takes_one_expression_and_nothing_more() {
        assert_eq!(expression("-1").ok(), Some(Expr::Literal(Literal::Integer(-1))));
        let not_one = Err(FragmentError::NotOne("expression"));
        for text in ["1, 2", "1 AS a", "1 FROM t", "1; SELECT 2", "DISTINCT 1", "1 LIMIT 1"] {
            assert_eq!(expression(text), not_one, "{text}");
        }
        assert!(matches!(expression("1 +"), Err(FragmentError::Syntax(_))));
    }

    #[test]
    fn takes_the_escape_out_of_the_pattern() {
        let Ok(Expr::Like(like)) = expression("a NOT SIMILAR TO 'b' ESCAPE 'c'") else {
            panic!("not a LIKE");
        };
        let Like { kind, escape, negated, .. } = *like;
        assert_eq!(kind, LikeKind::SimilarTo);
        assert_eq!(escape, Some(Expr::Literal(Literal::String("c".into()))));
        assert!(negated);
    }

    #[test]
    fn reads_modifiers_as_text() {
        let modifiers = |text| type_name(text).map(|ty| ty.modifiers);
        assert_eq!(modifiers("numeric(10, -2)"), Ok(vec!["10".into(), "-2".into()]));
        assert_eq!(
            modifiers("interval day to second(3)"),
            Ok(vec!["day to second".into(), "3".into()])
        );
        assert_eq!(modifiers("interval(3)"), Ok(vec!["".into(), "3".into()]));
        assert_eq!(modifiers("geometry(Point, 4326)[]"), Ok(vec!["point".into(), "4326".into()]));
        assert_eq!(type_name("int + 1"), Err(FragmentError::NotOne("type")));
    }

    #[test]
    fn keeps_what_surrounds_each_part_of_a_union() {
        let Ok(whole) = query("(SELECT 1 LIMIT 1) UNION SELECT 2 UNION ALL VALUES (3) ORDER BY 1")
        else {
            panic!("not a query");
        };
        assert_eq!(whole.order_by.len(), 1);
        let QueryBody::SetOperation { all: true, left, .. } = *whole.body else {
            panic!("not a UNION ALL")
        };
        let QueryBody::SetOperation { all: false, left, .. } = *left.body else {
            panic!("not a UNION")
        };
        assert!(left.limit.is_some());
    }
}
