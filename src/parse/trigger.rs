//! trigger: not written yet.

use pg_query::protobuf;

use super::lower::{Lowered, Lowering};

pub(super) fn create(_stmt: &protobuf::CreateTrigStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("CreateTrigStmt")
}
#[derive(Debug)]
pub(super) enum Triggers {
    Named(crate::model::Ident),
    All,
    User,
}
pub(super) fn set_enabled(
    _: &mut super::interpreter::Interpreter<'_>,
    _: &crate::model::QualifiedName,
    _: &Triggers,
    _: crate::model::Enabled,
    _: bool,
    _: crate::model::Span,
) -> Result<(), crate::model::Problem> {
    Ok(())
}
