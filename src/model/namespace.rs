//! Namespaces, extensions, languages, access methods, roles: objects with few attributes.

use std::collections::{BTreeMap, BTreeSet};

use super::{Ident, Name};

/// A namespace (`CREATE SCHEMA`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Namespace {
    /// Made by the database itself (`public`) and not by a statement.
    pub implicit: bool,
}

/// An extension.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Extension {
    /// `WITH SCHEMA`.
    pub namespace: Option<Ident>,
    /// `VERSION`; a dump never says it.
    pub version: Option<Box<str>>,
}

/// A procedural language.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Language {
    /// `TRUSTED`.
    pub trusted: bool,
    /// `HANDLER`.
    pub handler: Option<Name>,
    /// `INLINE`.
    pub inline: Option<Name>,
    /// `VALIDATOR`.
    pub validator: Option<Name>,
}

/// An access method.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccessMethod {
    /// `TYPE TABLE` when true, `TYPE INDEX` when false.
    pub table: bool,
    /// `HANDLER`.
    pub handler: Name,
}

/// A role, as `pg_dumpall` prints it. Passwords are never kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Role {
    /// `SUPERUSER`, `LOGIN`, `CONNECTION LIMIT` and the like, by name.
    pub attributes: BTreeMap<Ident, Box<str>>,
    /// The roles it is a member of, with the options of the membership.
    pub member_of: BTreeMap<Ident, BTreeSet<Box<str>>>,
    /// `ALTER ROLE .. SET name = value`, per database (none for all).
    pub settings: BTreeMap<(Option<Ident>, Ident), Box<str>>,
}
