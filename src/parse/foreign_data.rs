//! foreign_data: not written yet.

use pg_query::protobuf;

use super::lower::{Lowered, Lowering};

pub(super) fn create_wrapper(_stmt: &protobuf::CreateFdwStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("CreateFdwStmt")
}

pub(super) fn alter_wrapper(_stmt: &protobuf::AlterFdwStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("AlterFdwStmt")
}

pub(super) fn create_server(
    _stmt: &protobuf::CreateForeignServerStmt,
    _cx: Lowering<'_>,
) -> Lowered {
    Lowered::unsupported("CreateForeignServerStmt")
}

pub(super) fn alter_server(_stmt: &protobuf::AlterForeignServerStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("AlterForeignServerStmt")
}

pub(super) fn create_user_mapping(
    _stmt: &protobuf::CreateUserMappingStmt,
    _cx: Lowering<'_>,
) -> Lowered {
    Lowered::unsupported("CreateUserMappingStmt")
}

pub(super) fn alter_user_mapping(
    _stmt: &protobuf::AlterUserMappingStmt,
    _cx: Lowering<'_>,
) -> Lowered {
    Lowered::unsupported("AlterUserMappingStmt")
}

pub(super) fn drop_user_mapping(
    _stmt: &protobuf::DropUserMappingStmt,
    _cx: Lowering<'_>,
) -> Lowered {
    Lowered::unsupported("DropUserMappingStmt")
}
