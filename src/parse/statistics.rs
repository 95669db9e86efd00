//! statistics: not written yet.

use pg_query::protobuf;

use super::lower::{Lowered, Lowering};

pub(super) fn create(_stmt: &protobuf::CreateStatsStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("CreateStatsStmt")
}

pub(super) fn alter(_stmt: &protobuf::AlterStatsStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("AlterStatsStmt")
}

/// The name PostgreSQL chooses for extended statistics.
pub(super) fn choose_name(
    _cx: &super::interpreter::Interpreter<'_>,
    statistics: &crate::model::Statistics,
) -> crate::model::QualifiedName {
    statistics.relation.clone()
}
