//! routine: not written yet.

use pg_query::protobuf;

use super::lower::{Lowered, Lowering};

pub(super) fn create(_stmt: &protobuf::CreateFunctionStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("CreateFunctionStmt")
}

pub(super) fn alter(_stmt: &protobuf::AlterFunctionStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("AlterFunctionStmt")
}
