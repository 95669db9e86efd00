//! event_trigger: not written yet.

use pg_query::protobuf;

use super::lower::{Lowered, Lowering};

pub(super) fn create(_stmt: &protobuf::CreateEventTrigStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("CreateEventTrigStmt")
}

pub(super) fn alter(_stmt: &protobuf::AlterEventTrigStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("AlterEventTrigStmt")
}
