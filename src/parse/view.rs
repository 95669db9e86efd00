//! view: not written yet.

use pg_query::protobuf;

use super::lower::{Lowered, Lowering};

pub(super) fn create_table_as(_stmt: &protobuf::CreateTableAsStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("CreateTableAsStmt")
}

pub(super) fn create(_stmt: &protobuf::ViewStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("ViewStmt")
}

pub(super) fn select_into(_stmt: &protobuf::SelectStmt) -> Lowered {
    Lowered::unsupported("SELECT INTO")
}
