//! alter_table: not written yet.

use pg_query::protobuf;

use super::lower::{Lowered, Lowering};

pub(super) fn alter(_stmt: &protobuf::AlterTableStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("AlterTableStmt")
}
