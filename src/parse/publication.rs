//! publication: not written yet.

use pg_query::protobuf;

use super::lower::{Lowered, Lowering};

pub(super) fn create(_stmt: &protobuf::CreatePublicationStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("CreatePublicationStmt")
}

pub(super) fn alter(_stmt: &protobuf::AlterPublicationStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::unsupported("AlterPublicationStmt")
}

pub(super) fn create_subscription(
    _stmt: &protobuf::CreateSubscriptionStmt,
    _cx: Lowering<'_>,
) -> Lowered {
    Lowered::unsupported("CreateSubscriptionStmt")
}

pub(super) fn alter_subscription(
    _stmt: &protobuf::AlterSubscriptionStmt,
    _cx: Lowering<'_>,
) -> Lowered {
    Lowered::unsupported("AlterSubscriptionStmt")
}

pub(super) fn drop_subscription(
    _stmt: &protobuf::DropSubscriptionStmt,
    _cx: Lowering<'_>,
) -> Lowered {
    Lowered::unsupported("DropSubscriptionStmt")
}
