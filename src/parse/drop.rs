//! drop: not written yet.

use pg_query::protobuf;

use super::lower::{Lowered, Lowering};

pub(super) fn drop(_stmt: &protobuf::DropStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("DropStmt")
}
