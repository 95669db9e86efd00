//! table: not written yet.

use pg_query::protobuf;

use super::lower::{Lowered, Lowering};

pub(super) fn create(_stmt: &protobuf::CreateStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("CreateStmt")
}

pub(super) fn create_foreign(_stmt: &protobuf::CreateForeignTableStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("CreateForeignTableStmt")
}
