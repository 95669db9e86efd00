//! aggregate: not written yet.

use pg_query::protobuf;

use super::lower::{Lowered, Lowering};

pub(super) fn create(_stmt: &protobuf::DefineStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("DefineStmt")
}
