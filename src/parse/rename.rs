//! rename: not written yet.

use pg_query::protobuf;

use super::lower::{Lowered, Lowering};

pub(super) fn rename(_stmt: &protobuf::RenameStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("RenameStmt")
}

pub(super) fn set_schema(_stmt: &protobuf::AlterObjectSchemaStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("AlterObjectSchemaStmt")
}

/// Changes everything that names a renamed object.
pub(super) fn follow(
    _cx: &mut super::interpreter::Interpreter<'_>,
    _from: &crate::model::ObjectId,
    _to: &crate::model::ObjectId,
) {
}
