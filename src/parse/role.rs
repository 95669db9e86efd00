//! role: not written yet.

use pg_query::NodeEnum;
use pg_query::protobuf::{self, Node, RoleSpec, RoleSpecType};

use super::lower::{Lowered, Lowering};
use crate::model::{Grantee, Ident};

pub(super) fn create(_stmt: &protobuf::CreateRoleStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("CreateRoleStmt")
}

pub(super) fn alter(_stmt: &protobuf::AlterRoleStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("AlterRoleStmt")
}

pub(super) fn alter_setting(_stmt: &protobuf::AlterRoleSetStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("AlterRoleSetStmt")
}

pub(super) fn drop(_stmt: &protobuf::DropRoleStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("DropRoleStmt")
}

pub(super) fn grant(_stmt: &protobuf::GrantRoleStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("GrantRoleStmt")
}

/// Whom a role specification means.
pub(super) fn grantee(spec: &RoleSpec) -> Grantee {
    match spec.roletype() {
        RoleSpecType::RolespecPublic => Grantee::Public,
        RoleSpecType::RolespecCurrentRole | RoleSpecType::RolespecCurrentUser => {
            Grantee::CurrentUser
        }
        RoleSpecType::RolespecSessionUser => Grantee::SessionUser,
        RoleSpecType::RolespecCstring | RoleSpecType::Undefined => {
            Grantee::Role(Ident::new(&spec.rolename))
        }
    }
}

/// Whom the nodes of a list mean.
pub(super) fn grantees(nodes: &[Node]) -> Vec<Grantee> {
    let spec = |node: &Node| match node.node.as_ref()? {
        NodeEnum::RoleSpec(spec) => Some(grantee(spec)),
        _the_grammar_puts_nothing_else_there => None,
    };
    nodes.iter().filter_map(spec).collect()
}
