//! comment: not written yet.

use pg_query::protobuf;

use super::lower::{Lowered, Lowering};

pub(super) fn comment(_stmt: &protobuf::CommentStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("CommentStmt")
}

pub(super) fn security_label(_stmt: &protobuf::SecLabelStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("SecLabelStmt")
}
