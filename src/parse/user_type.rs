//! user_type: not written yet.

use pg_query::protobuf;

use super::lower::{Lowered, Lowering};

pub(super) fn create_enum(_stmt: &protobuf::CreateEnumStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("CreateEnumStmt")
}

pub(super) fn alter_enum(_stmt: &protobuf::AlterEnumStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("AlterEnumStmt")
}

pub(super) fn create_domain(_stmt: &protobuf::CreateDomainStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("CreateDomainStmt")
}

pub(super) fn alter_domain(_stmt: &protobuf::AlterDomainStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("AlterDomainStmt")
}

pub(super) fn create_composite(_stmt: &protobuf::CompositeTypeStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("CompositeTypeStmt")
}

pub(super) fn create_range(_stmt: &protobuf::CreateRangeStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("CreateRangeStmt")
}

pub(super) fn alter_type(_stmt: &protobuf::AlterTypeStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("AlterTypeStmt")
}

pub(super) fn create_base(_stmt: &protobuf::DefineStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("DefineStmt")
}

/// `ALTER TYPE .. ADD ATTRIBUTE` and its like.
pub(super) fn alter_attributes(_stmt: &protobuf::AlterTableStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("ALTER TYPE .. ATTRIBUTE")
}
