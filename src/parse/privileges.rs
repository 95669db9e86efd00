//! privileges: not written yet.

use pg_query::protobuf;

use super::lower::{Lowered, Lowering};

pub(super) fn grant(_stmt: &protobuf::GrantStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("GrantStmt")
}

pub(super) fn alter_defaults(
    _stmt: &protobuf::AlterDefaultPrivilegesStmt,
    _cx: Lowering<'_>,
) -> Lowered {
    Lowered::unsupported("AlterDefaultPrivilegesStmt")
}

/// Gives a new object the default privileges in force (`get_user_default_acl`).
pub(super) fn apply_defaults(
    _cx: &super::interpreter::Interpreter<'_>,
    _id: &crate::model::ObjectId,
    _entry: &mut crate::model::Entry,
) {
}
