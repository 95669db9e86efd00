//! Privileges: who may do what with an object (`src/backend/utils/adt/acl.c`).

use std::collections::BTreeMap;

use super::Ident;

/// Whom a privilege is granted to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grantee {
    /// Everybody.
    Public,
    /// The owner of the object, whoever that is.
    Owner,
    /// A role by name.
    Role(Ident),
    /// `CURRENT_USER`, `CURRENT_ROLE`.
    CurrentUser,
    /// `SESSION_USER`.
    SessionUser,
}

/// What is granted (`ACL_ALL_RIGHTS_*`, `src/include/utils/acl.h`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as in SQL")]
pub enum Privilege {
    Select,
    Insert,
    Update,
    Delete,
    Truncate,
    References,
    Trigger,
    Maintain,
    Usage,
    Create,
    Connect,
    Temporary,
    Execute,
    Set,
    AlterSystem,
}

impl Privilege {
    /// The privilege as SQL says it.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::Select => "SELECT",
            Self::Insert => "INSERT",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
            Self::Truncate => "TRUNCATE",
            Self::References => "REFERENCES",
            Self::Trigger => "TRIGGER",
            Self::Maintain => "MAINTAIN",
            Self::Usage => "USAGE",
            Self::Create => "CREATE",
            Self::Connect => "CONNECT",
            Self::Temporary => "TEMPORARY",
            Self::Execute => "EXECUTE",
            Self::Set => "SET",
            Self::AlterSystem => "ALTER SYSTEM",
        }
    }
}

/// What kind of object privileges are on: decides which there are and which are the default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as in SQL")]
pub enum AclClass {
    Table,
    Column,
    Sequence,
    Routine,
    Type,
    Namespace,
    Language,
    ForeignDataWrapper,
    Server,
    LargeObject,
}

/// The privileges on one object: for each grantee what it may do, and whether it may pass it on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Acl {
    /// True in the map: `WITH GRANT OPTION`.
    pub grants: BTreeMap<Grantee, BTreeMap<Privilege, bool>>,
}

/// `ALTER DEFAULT PRIVILEGES`: what newly created objects get.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct DefaultPrivileges {
    /// The resulting list.
    pub acl: Acl,
}
