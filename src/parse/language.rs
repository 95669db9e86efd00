//! language: not written yet.

use pg_query::protobuf;

use super::lower::{Lowered, Lowering};

pub(super) fn create(_stmt: &protobuf::CreatePLangStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("CreatePLangStmt")
}

pub(super) fn create_access_method(_stmt: &protobuf::CreateAmStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("CreateAmStmt")
}
