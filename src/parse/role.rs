//! role: not written yet.

use pg_query::protobuf;

use super::lower::{Lowered, Lowering};

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

/// The role that a specification names.
pub(super) fn grantee(_role: &protobuf::RoleSpec) -> crate::model::Grantee {
    crate::model::Grantee::CurrentUser
}
