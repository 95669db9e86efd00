//! sequence: not written yet.

use pg_query::protobuf;

use super::lower::{Lowered, Lowering};

pub(super) fn create(_stmt: &protobuf::CreateSeqStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("CreateSeqStmt")
}

pub(super) fn alter(_stmt: &protobuf::AlterSeqStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("AlterSeqStmt")
}
