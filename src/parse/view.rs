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
pub(super) fn alter_column_default(
    _: &mut super::interpreter::Interpreter<'_>,
    _: &crate::model::QualifiedName,
    _: &crate::model::Ident,
    _: Option<crate::model::Expr>,
    _: crate::model::Span,
) -> Result<(), crate::model::Problem> {
    Ok(())
}
pub(super) fn set_option(
    _: &mut super::interpreter::Interpreter<'_>,
    _: &crate::model::ObjectId,
    _: &crate::model::Ident,
    _: &str,
    _: crate::model::Span,
) -> Result<(), crate::model::Problem> {
    Ok(())
}
pub(super) fn reset_option(
    _: &mut super::interpreter::Interpreter<'_>,
    _: &crate::model::ObjectId,
    _: &crate::model::Ident,
) {
}
pub(super) fn set_column_option(
    _: &mut super::interpreter::Interpreter<'_>,
    _: &crate::model::QualifiedName,
    _: &crate::model::Ident,
    _: &str,
    _: Option<&str>,
    _: crate::model::Span,
) -> Result<(), crate::model::Problem> {
    Ok(())
}
