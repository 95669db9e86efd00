//! Foreign-data wrappers, servers and user mappings.

use std::collections::BTreeMap;

use super::{Ident, Name};

/// A foreign-data wrapper.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ForeignDataWrapper {
    /// `HANDLER`.
    pub handler: Option<Name>,
    /// `VALIDATOR`.
    pub validator: Option<Name>,
    /// `OPTIONS (..)`.
    pub options: BTreeMap<Ident, Box<str>>,
}

/// A foreign server.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Server {
    /// `FOREIGN DATA WRAPPER`.
    pub wrapper: Ident,
    /// `TYPE`.
    pub server_type: Option<Box<str>>,
    /// `VERSION`.
    pub version: Option<Box<str>>,
    /// `OPTIONS (..)`.
    pub options: BTreeMap<Ident, Box<str>>,
}

/// A user mapping; server and user are its identity.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct UserMapping {
    /// `OPTIONS (..)`; may hold secrets, which are only shown as digests.
    pub options: BTreeMap<Ident, Box<str>>,
}
