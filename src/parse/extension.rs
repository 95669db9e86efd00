//! extension: not written yet.

use pg_query::protobuf;

use super::lower::{Lowered, Lowering};

pub(super) fn create(_stmt: &protobuf::CreateExtensionStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("CreateExtensionStmt")
}

pub(super) fn alter(_stmt: &protobuf::AlterExtensionStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("AlterExtensionStmt")
}

pub(super) fn alter_contents(
    _stmt: &protobuf::AlterExtensionContentsStmt,
    _cx: Lowering<'_>,
) -> Lowered {
    Lowered::unsupported("AlterExtensionContentsStmt")
}

pub(super) fn depends(_stmt: &protobuf::AlterObjectDependsStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("AlterObjectDependsStmt")
}
