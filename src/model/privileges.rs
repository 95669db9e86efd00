//! Privileges: who may do what with an object (`src/backend/utils/adt/acl.c`).

use std::collections::BTreeMap;

use super::{Ident, Object};

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

impl Grantee {
    /// The grantee as a key of reports. Those that are no roles have keys that no role
    /// can have: PUBLIC is `public`, the owner `pg_owner`, as PostgreSQL reserves both
    /// (`IsReservedName`, `src/backend/catalog/catalog.c`).
    pub fn key(&self) -> Ident {
        match self {
            Self::Public => Ident::new("public"),
            Self::Owner => Ident::new("pg_owner"),
            Self::Role(name) => name.clone(),
            Self::CurrentUser => Ident::new("pg_current_user"),
            Self::SessionUser => Ident::new("pg_session_user"),
        }
    }
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

impl AclClass {
    /// The class of an object; none when it has no privileges of its own.
    pub fn of_object(object: &Object) -> Option<Self> {
        match object {
            Object::Table(_) | Object::View(_) | Object::MaterializedView(_) => Some(Self::Table),
            Object::Sequence(_) => Some(Self::Sequence),
            Object::Routine(_) | Object::Aggregate(_) => Some(Self::Routine),
            Object::Enum(_)
            | Object::Domain(_)
            | Object::Composite(_)
            | Object::Range(_)
            | Object::BaseType(_) => Some(Self::Type),
            Object::Namespace(_) => Some(Self::Namespace),
            Object::Language(_) => Some(Self::Language),
            Object::ForeignDataWrapper(_) => Some(Self::ForeignDataWrapper),
            Object::Server(_) => Some(Self::Server),
            Object::Role(_)
            | Object::Extension(_)
            | Object::AccessMethod(_)
            | Object::Collation(_)
            | Object::Conversion(_)
            | Object::Constraint(_)
            | Object::Index(_)
            | Object::Rule(_)
            | Object::Trigger(_)
            | Object::Policy(_)
            | Object::Operator(_)
            | Object::OperatorClass(_)
            | Object::OperatorFamily(_)
            | Object::Cast(_)
            | Object::Transform(_)
            | Object::TextSearchFunctions(_)
            | Object::TextSearchDictionary(_)
            | Object::TextSearchConfiguration(_)
            | Object::Statistics(_)
            | Object::EventTrigger(_)
            | Object::UserMapping(_)
            | Object::Publication(_)
            | Object::Subscription(_)
            | Object::DefaultPrivileges(_) => None,
        }
    }

    /// All privileges on an object of the class, which `ALL` means.
    pub fn rights(self) -> &'static [Privilege] {
        use Privilege as P;
        match self {
            Self::Table => &[
                P::Select,
                P::Insert,
                P::Update,
                P::Delete,
                P::Truncate,
                P::References,
                P::Trigger,
                P::Maintain,
            ],
            Self::Column => &[P::Select, P::Insert, P::Update, P::References],
            Self::Sequence => &[P::Select, P::Update, P::Usage],
            Self::Routine => &[P::Execute],
            Self::Type | Self::Language | Self::ForeignDataWrapper | Self::Server => &[P::Usage],
            Self::Namespace => &[P::Usage, P::Create],
            Self::LargeObject => &[P::Select, P::Update],
        }
    }
}

/// The privileges on one object: for each grantee what it may do, and whether it may pass it on.
///
/// The owner's are without grant option, as an owner always has that.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Acl {
    /// True in the map: `WITH GRANT OPTION`.
    pub grants: BTreeMap<Grantee, BTreeMap<Privilege, bool>>,
}

impl Acl {
    /// What is in force when nothing is said: the owner may do all, and PUBLIC may
    /// execute functions and use types and languages (`acldefault`,
    /// `src/backend/utils/adt/acl.c`). On the schema `public` everybody has USAGE
    /// besides: see [`Acl::default_of_public`].
    pub fn default_of(class: AclClass) -> Self {
        let mut acl = Self::default();
        let public: &[Privilege] = match class {
            AclClass::Column => return acl,
            AclClass::Routine => &[Privilege::Execute],
            AclClass::Type | AclClass::Language => &[Privilege::Usage],
            AclClass::Table
            | AclClass::Sequence
            | AclClass::Namespace
            | AclClass::ForeignDataWrapper
            | AclClass::Server
            | AclClass::LargeObject => &[],
        };
        acl.grant(&Grantee::Owner, class.rights(), false);
        acl.grant(&Grantee::Public, public, false);
        acl
    }

    /// What is in force on the schema `public` of a new database: PUBLIC has USAGE,
    /// and up to PostgreSQL 14 also CREATE (release notes of 15).
    pub fn default_of_public(create: bool) -> Self {
        let mut acl = Self::default_of(AclClass::Namespace);
        let rights = if create { AclClass::Namespace.rights() } else { &[Privilege::Usage] };
        acl.grant(&Grantee::Public, rights, false);
        acl
    }

    /// Adds privileges. A grant option that is there stays.
    pub fn grant(&mut self, grantee: &Grantee, privileges: &[Privilege], option: bool) {
        if privileges.is_empty() {
            return;
        }
        let option = option && *grantee != Grantee::Owner;
        let held = self.grants.entry(grantee.clone()).or_default();
        for privilege in privileges {
            *held.entry(*privilege).or_default() |= option;
        }
    }

    /// Takes privileges away, or only the right to pass them on.
    pub fn revoke(&mut self, grantee: &Grantee, privileges: &[Privilege], only_option: bool) {
        let Some(held) = self.grants.get_mut(grantee) else { return };
        for privilege in privileges {
            if only_option {
                if let Some(option) = held.get_mut(privilege) {
                    *option = false;
                }
            } else {
                held.remove(privilege);
            }
        }
        if held.is_empty() {
            self.grants.remove(grantee);
        }
    }

    /// Adds all that another list holds (`aclmerge`, `src/backend/utils/adt/acl.c`).
    pub fn merge(&mut self, other: &Self) {
        for (grantee, privileges) in &other.grants {
            for (privilege, option) in privileges {
                self.grant(grantee, &[*privilege], *option);
            }
        }
    }

    /// Counts what is granted to a role as the owner's, once that role is the owner.
    pub fn fold_owner(&mut self, owner: &Ident) {
        if let Some(held) = self.grants.remove(&Grantee::Role(owner.clone())) {
            let privileges: Vec<Privilege> = held.into_keys().collect();
            self.grant(&Grantee::Owner, &privileges, false);
        }
    }
}

/// `ALTER DEFAULT PRIVILEGES`: what newly created objects get.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct DefaultPrivileges {
    /// For the whole database the resulting list, in a schema what is added to it.
    pub acl: Acl,
}
