//! Logical replication: subscriptions.

use std::collections::{BTreeMap, BTreeSet};

use super::Ident;

/// A subscription.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Subscription {
    /// `CONNECTION`; may hold secrets, which are only shown as digests.
    pub connection: Box<str>,
    /// `PUBLICATION ..`.
    pub publications: BTreeSet<Ident>,
    /// `WITH (..)`, defaults filled in.
    pub options: BTreeMap<Ident, Box<str>>,
}
