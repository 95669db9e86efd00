//! rule: not written yet.

use pg_query::protobuf;

use super::lower::{Lowered, Lowering};

pub(super) fn create(_stmt: &protobuf::RuleStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("RuleStmt")
}
