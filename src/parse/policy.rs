//! policy: not written yet.

use pg_query::protobuf;

use super::lower::{Lowered, Lowering};

pub(super) fn create(_stmt: &protobuf::CreatePolicyStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("CreatePolicyStmt")
}

pub(super) fn alter(_stmt: &protobuf::AlterPolicyStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("AlterPolicyStmt")
}
