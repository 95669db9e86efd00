//! operator: not written yet.

use pg_query::protobuf;

use super::lower::{Lowered, Lowering};

pub(super) fn alter(_stmt: &protobuf::AlterOperatorStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("AlterOperatorStmt")
}

pub(super) fn create_class(_stmt: &protobuf::CreateOpClassStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("CreateOpClassStmt")
}

pub(super) fn create_family(_stmt: &protobuf::CreateOpFamilyStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("CreateOpFamilyStmt")
}

pub(super) fn alter_family(_stmt: &protobuf::AlterOpFamilyStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("AlterOpFamilyStmt")
}

pub(super) fn create_cast(_stmt: &protobuf::CreateCastStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("CreateCastStmt")
}

pub(super) fn create_transform(
    _stmt: &protobuf::CreateTransformStmt,
    _cx: Lowering<'_>,
) -> Lowered {
    Lowered::unsupported("CreateTransformStmt")
}

pub(super) fn create_conversion(
    _stmt: &protobuf::CreateConversionStmt,
    _cx: Lowering<'_>,
) -> Lowered {
    Lowered::unsupported("CreateConversionStmt")
}

pub(super) fn create(_stmt: &protobuf::DefineStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("DefineStmt")
}
