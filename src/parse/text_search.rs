//! text_search: not written yet.

use pg_query::protobuf;

use super::lower::{Lowered, Lowering};

pub(super) fn alter_dictionary(
    _stmt: &protobuf::AlterTsDictionaryStmt,
    _cx: Lowering<'_>,
) -> Lowered {
    Lowered::unsupported("AlterTsDictionaryStmt")
}

pub(super) fn alter_configuration(
    _stmt: &protobuf::AlterTsConfigurationStmt,
    _cx: Lowering<'_>,
) -> Lowered {
    Lowered::unsupported("AlterTsConfigurationStmt")
}

pub(super) fn create(_stmt: &protobuf::DefineStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("DefineStmt")
}
