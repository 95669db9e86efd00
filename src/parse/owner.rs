//! owner: not written yet.

use pg_query::protobuf;

use super::lower::{Lowered, Lowering};

pub(super) fn reassign(_stmt: &protobuf::ReassignOwnedStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("ReassignOwnedStmt")
}

pub(super) fn drop_owned(_stmt: &protobuf::DropOwnedStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("DropOwnedStmt")
}

pub(super) fn alter(_stmt: &protobuf::AlterOwnerStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("AlterOwnerStmt")
}

/// True for the kinds of object that have an owner.
pub(super) fn has_owner(_kind: crate::model::Kind) -> bool {
    false
}

/// `OWNER TO`.
pub(super) fn set_owner(
    _cx: &mut super::interpreter::Interpreter<'_>,
    _id: &crate::model::ObjectId,
    _owner: &crate::model::Grantee,
    _span: crate::model::Span,
) -> Result<(), crate::model::Problem> {
    Ok(())
}
