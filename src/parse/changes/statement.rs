//! The changes of one statement.

use std::ops::Range;

use pg_query::protobuf::{
    GrantStmt, ObjectType, ObjectWithArgs, RangeVar, RenameStmt, RoleSpecType, TransactionStmtKind,
};
use pg_query::{Node, NodeEnum};

use super::super::rewrite::Rewritten;
use super::super::type_name::string;
use super::{Change, What, alter, block};

/// The text of a statement and where it stands.
pub(super) struct Written<'t> {
    pub text: &'t Rewritten<'t>,
    pub base: usize,
    pub range: Range<usize>,
}

impl Written<'_> {
    /// A change at the place of the whole statement.
    pub fn whole(&self, what: What, object: impl Into<String>) -> Change {
        let range = self.range.clone();
        Change { what, object: object.into(), table: None, guarded: true, range }
    }
}

/// What a statement changes.
pub(super) fn changes(node: &NodeEnum, cx: &Written<'_>) -> Vec<Change> {
    use NodeEnum as N;
    let create = |kind, object: String, guarded| {
        vec![Change { guarded, ..cx.whole(What::Create(kind), object) }]
    };
    let dropped = |kind, object: &str, guarded| {
        vec![Change { guarded, ..cx.whole(What::Drop(kind), object) }]
    };
    match node {
        N::TransactionStmt(stmt) => match stmt.kind() {
            TransactionStmtKind::TransStmtBegin | TransactionStmtKind::TransStmtStart => {
                vec![cx.whole(What::Begin, "")]
            }
            TransactionStmtKind::TransStmtCommit
            | TransactionStmtKind::TransStmtRollback
            | TransactionStmtKind::TransStmtPrepare => vec![cx.whole(What::End, "")],
            _within => Vec::new(),
        },
        N::CreateStmt(stmt) => {
            let name = relation(stmt.relation.as_ref());
            let mut found = create("table", name.clone(), stmt.if_not_exists);
            found.iter_mut().for_each(|change| change.table = Some(name.clone()));
            found.extend(alter::columns(&name, &stmt.table_elts, cx));
            found
        }
        N::CreateForeignTableStmt(stmt) => {
            let base = stmt.base_stmt.as_ref();
            let name = relation(base.and_then(|base| base.relation.as_ref()));
            create("table", name, base.is_some_and(|base| base.if_not_exists))
        }
        N::CreateTableAsStmt(stmt) => {
            let into = stmt.into.as_ref().and_then(|into| into.rel.as_ref());
            let kind = if stmt.objtype() == ObjectType::ObjectMatview {
                "materialized view"
            } else {
                "table"
            };
            create(kind, relation(into), stmt.if_not_exists)
        }
        N::SelectStmt(stmt) => {
            let into = stmt.into_clause.as_ref().and_then(|into| into.rel.as_ref());
            let mut found = with(stmt.with_clause.as_ref(), cx);
            if into.is_some() {
                found.extend(create("table", relation(into), false));
            }
            found
        }
        N::InsertStmt(stmt) => with(stmt.with_clause.as_ref(), cx),
        N::MergeStmt(stmt) => with(stmt.with_clause.as_ref(), cx),
        N::DeleteStmt(stmt) => {
            let mut found = with(stmt.with_clause.as_ref(), cx);
            found.extend(rows(node, cx));
            found
        }
        N::UpdateStmt(stmt) => {
            let mut found = with(stmt.with_clause.as_ref(), cx);
            found.extend(rows(node, cx));
            found
        }
        N::TruncateStmt(stmt) => stmt
            .relations
            .iter()
            .map(|node| {
                let name = of_relation(node);
                Change { table: Some(name.clone()), ..cx.whole(What::Truncate, name) }
            })
            .collect(),
        N::IndexStmt(stmt) => {
            let table = relation(stmt.relation.as_ref());
            let name =
                if stmt.idxname.is_empty() { format!("on {table}") } else { stmt.idxname.clone() };
            let mut found = create("index", name.clone(), stmt.if_not_exists);
            let what = if stmt.concurrent {
                What::Alone("CREATE INDEX CONCURRENTLY")
            } else {
                What::BuildIndex
            };
            found.push(cx.whole(what, name));
            found.iter_mut().for_each(|change| change.table = Some(table.clone()));
            found
        }
        N::ReindexStmt(stmt) => {
            let concurrent = stmt.params.iter().any(|node| {
                matches!(&node.node, Some(N::DefElem(option)) if option.defname == "concurrently")
            });
            let table = relation(stmt.relation.as_ref());
            let name = if table.is_empty() { stmt.name.clone() } else { table };
            let what =
                if concurrent { What::Alone("REINDEX CONCURRENTLY") } else { What::BuildIndex };
            vec![Change { table: Some(name.clone()), ..cx.whole(what, name) }]
        }
        N::AlterTableStmt(stmt) => alter::table(stmt, cx),
        N::AlterDomainStmt(stmt) => alter::domain(stmt, cx),
        N::DropStmt(stmt) => drop(stmt, cx),
        N::DropdbStmt(stmt) => dropped("database", &stmt.dbname, stmt.missing_ok),
        N::DropRoleStmt(stmt) => stmt
            .roles
            .iter()
            .flat_map(|role| match &role.node {
                Some(N::RoleSpec(role)) => dropped("role", &role.rolename, stmt.missing_ok),
                _no_role => Vec::new(),
            })
            .collect(),
        N::DropTableSpaceStmt(stmt) => dropped("tablespace", &stmt.tablespacename, stmt.missing_ok),
        N::DropSubscriptionStmt(stmt) => dropped("subscription", &stmt.subname, stmt.missing_ok),
        N::DropOwnedStmt(_) => dropped("object", "of a role (DROP OWNED)", true),
        N::DropUserMappingStmt(stmt) => dropped("user mapping", &stmt.servername, stmt.missing_ok),
        N::RenameStmt(stmt) => rename(stmt, cx),
        N::AlterObjectSchemaStmt(stmt) => {
            let name = relation(stmt.relation.as_ref());
            if name.is_empty() {
                return Vec::new();
            }
            vec![Change {
                table: Some(name.clone()),
                guarded: stmt.missing_ok,
                ..cx.whole(What::RenameTable, name)
            }]
        }
        N::GrantStmt(stmt) => grant(stmt, cx),
        N::AlterDefaultPrivilegesStmt(stmt) => {
            let mut found = stmt.action.as_ref().map_or_else(Vec::new, |action| grant(action, cx));
            found.iter_mut().for_each(|change| change.object = "what is created later".to_owned());
            found
        }
        N::ViewStmt(stmt) => create("view", relation(stmt.view.as_ref()), stmt.replace),
        N::CreateFunctionStmt(stmt) => create("function", dotted(&stmt.funcname), stmt.replace),
        N::CreateTrigStmt(stmt) => {
            let table = relation(stmt.relation.as_ref());
            create("trigger", format!("{table}.{}", stmt.trigname), stmt.replace)
        }
        N::CreatePolicyStmt(stmt) => {
            let table = relation(stmt.table.as_ref());
            let mut found = create("policy", format!("{table}.{}", stmt.policy_name), false);
            found.iter_mut().for_each(|change| change.table = Some(table.clone()));
            found
        }
        N::CreateSeqStmt(stmt) => {
            create("sequence", relation(stmt.sequence.as_ref()), stmt.if_not_exists)
        }
        N::CreateSchemaStmt(stmt) => create("schema", stmt.schemaname.clone(), stmt.if_not_exists),
        N::CreateExtensionStmt(stmt) => {
            create("extension", stmt.extname.clone(), stmt.if_not_exists)
        }
        N::CreateEnumStmt(stmt) => create("type", dotted(&stmt.type_name), false),
        N::CreateRangeStmt(stmt) => create("type", dotted(&stmt.type_name), false),
        N::CompositeTypeStmt(stmt) => create("type", relation(stmt.typevar.as_ref()), false),
        N::CreateDomainStmt(stmt) => create("type", dotted(&stmt.domainname), false),
        N::DoStmt(stmt) => block::changes(stmt, cx),
        N::ExecuteStmt(_) => {
            vec![cx.whole(What::Dynamic("EXECUTE runs a prepared statement".into()), "")]
        }
        N::VacuumStmt(stmt) if stmt.is_vacuumcmd => vec![cx.whole(What::Alone("VACUUM"), "")],
        _says_nothing_about_a_rule => Vec::new(),
    }
}

/// Data-modifying statements of a `WITH`, which PostgreSQL allows at the top only.
fn with(clause: Option<&pg_query::protobuf::WithClause>, cx: &Written<'_>) -> Vec<Change> {
    let queries =
        clause.into_iter().flat_map(|clause| &clause.ctes).filter_map(|cte| match &cte.node {
            Some(NodeEnum::CommonTableExpr(cte)) => cte.ctequery.as_ref()?.node.as_ref(),
            _no_query => None,
        });
    queries.filter_map(|query| rows(query, cx)).collect()
}

/// `DELETE` and `UPDATE` of all rows.
fn rows(node: &NodeEnum, cx: &Written<'_>) -> Option<Change> {
    let (what, table, condition) = match node {
        // A join or a USING leaves rows out as well.
        NodeEnum::DeleteStmt(stmt) => (What::DeleteAll, &stmt.relation, &stmt.where_clause),
        NodeEnum::UpdateStmt(stmt) => (What::UpdateAll, &stmt.relation, &stmt.where_clause),
        _reads => return None,
    };
    let always = condition.as_ref().is_none_or(|condition| is_true(condition));
    let name = relation(table.as_ref());
    always.then(|| Change { table: Some(name.clone()), ..cx.whole(what, name) })
}

/// `true`, `1 = 1`.
fn is_true(node: &Node) -> bool {
    use pg_query::protobuf::a_const::Val;
    match &node.node {
        Some(NodeEnum::AConst(constant)) => {
            matches!(&constant.val, Some(Val::Boolval(value)) if value.boolval)
        }
        Some(NodeEnum::AExpr(expr)) => {
            let of =
                |node: &Option<Box<Node>>| match node.as_ref().and_then(|node| node.node.clone()) {
                    Some(NodeEnum::AConst(constant)) => constant.val,
                    _no_constant => None,
                };
            let is_equal = matches!(expr.name.as_slice(), [name] if string(name) == "=");
            let (left, right) = (of(&expr.lexpr), of(&expr.rexpr));
            is_equal && left.is_some() && left == right
        }
        _a_condition => false,
    }
}

fn drop(stmt: &pg_query::protobuf::DropStmt, cx: &Written<'_>) -> Vec<Change> {
    let kind = match stmt.remove_type() {
        ObjectType::ObjectTable => "table",
        ObjectType::ObjectForeignTable => "foreign table",
        ObjectType::ObjectView => "view",
        ObjectType::ObjectMatview => "materialized view",
        ObjectType::ObjectIndex => "index",
        ObjectType::ObjectSequence => "sequence",
        ObjectType::ObjectSchema => "schema",
        ObjectType::ObjectType => "type",
        ObjectType::ObjectDomain => "domain",
        ObjectType::ObjectFunction => "function",
        ObjectType::ObjectProcedure => "procedure",
        ObjectType::ObjectRoutine => "routine",
        ObjectType::ObjectAggregate => "aggregate",
        ObjectType::ObjectTrigger => "trigger",
        ObjectType::ObjectPolicy => "policy",
        ObjectType::ObjectRule => "rule",
        ObjectType::ObjectExtension => "extension",
        _another_kind => "object",
    };
    let of_table = matches!(kind, "trigger" | "policy" | "rule");
    let mut found = Vec::new();
    for object in &stmt.objects {
        let parts = parts(object);
        let table = match parts.split_last() {
            Some((_, table)) if of_table => Some(table.join(".")),
            _own if matches!(kind, "table" | "foreign table") => Some(parts.join(".")),
            _no_table => None,
        };
        let whole = Change {
            guarded: stmt.missing_ok,
            table,
            ..cx.whole(What::Drop(kind), parts.join("."))
        };
        found.push(whole);
    }
    if stmt.concurrent {
        found.push(cx.whole(What::Alone("DROP INDEX CONCURRENTLY"), ""));
    }
    found
}

fn rename(stmt: &RenameStmt, cx: &Written<'_>) -> Vec<Change> {
    let table = relation(stmt.relation.as_ref());
    let change = |what, object: String| Change {
        table: Some(table.clone()),
        guarded: stmt.missing_ok,
        ..cx.whole(what, object)
    };
    match stmt.rename_type() {
        ObjectType::ObjectColumn | ObjectType::ObjectAttribute => {
            vec![change(What::RenameColumn, format!("{table}.{}", stmt.subname))]
        }
        ObjectType::ObjectTable
        | ObjectType::ObjectForeignTable
        | ObjectType::ObjectView
        | ObjectType::ObjectMatview => vec![change(What::RenameTable, table.clone())],
        ObjectType::ObjectType | ObjectType::ObjectDomain | ObjectType::ObjectSchema => {
            let object = stmt.object.as_ref().map(|object| parts(object).join("."));
            let object =
                object.filter(|object| !object.is_empty()).unwrap_or_else(|| stmt.subname.clone());
            vec![change(What::RenameTable, object)]
        }
        _names_that_queries_do_not_use => Vec::new(),
    }
}

fn grant(stmt: &GrantStmt, cx: &Written<'_>) -> Vec<Change> {
    let is_public = |node: &Node| matches!(&node.node, Some(NodeEnum::RoleSpec(role)) if role.roletype() == RoleSpecType::RolespecPublic);
    if !stmt.is_grant || !stmt.grantees.iter().any(is_public) {
        return Vec::new();
    }
    let objects: Vec<String> = stmt.objects.iter().map(|object| parts(object).join(".")).collect();
    vec![cx.whole(What::GrantPublic, objects.join(", "))]
}

/// A relation's name with its schema.
pub(super) fn relation(range_var: Option<&RangeVar>) -> String {
    let Some(name) = range_var else { return String::new() };
    if name.schemaname.is_empty() {
        name.relname.clone()
    } else {
        format!("{}.{}", name.schemaname, name.relname)
    }
}

fn of_relation(node: &Node) -> String {
    match &node.node {
        Some(NodeEnum::RangeVar(name)) => relation(Some(name)),
        _no_relation => String::new(),
    }
}

fn dotted(nodes: &[Node]) -> String {
    nodes.iter().map(string).collect::<Vec<_>>().join(".")
}

/// The parts of a name in any of the shapes that the grammar gives it.
fn parts(node: &Node) -> Vec<String> {
    let strings = |nodes: &[Node]| nodes.iter().map(|node| string(node).to_owned()).collect();
    match &node.node {
        Some(NodeEnum::List(list)) => strings(&list.items),
        Some(NodeEnum::String(name)) => vec![name.sval.clone()],
        Some(NodeEnum::TypeName(name)) => strings(&name.names),
        Some(NodeEnum::RangeVar(name)) => vec![relation(Some(name))],
        Some(NodeEnum::ObjectWithArgs(object)) => {
            let object: &ObjectWithArgs = object;
            strings(&object.objname)
        }
        _another_shape => vec![],
    }
}
