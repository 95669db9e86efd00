//! rule: not written yet.

use pg_query::protobuf;

use super::lower::{Lowered, Lowering};

pub(super) fn create(_stmt: &protobuf::RuleStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("RuleStmt")
}
pub(super) fn set_enabled(
    _: &mut super::interpreter::Interpreter<'_>,
    _: &crate::model::QualifiedName,
    _: &crate::model::Ident,
    _: crate::model::Enabled,
    _: crate::model::Span,
) -> Result<(), crate::model::Problem> {
    Ok(())
}
