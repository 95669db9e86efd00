//! Privileges as facets: one for each grantee.
//!
//! No list at all means the default of the kind (`acldefault`,
//! `src/backend/utils/adt/acl.c`): the owner may do everything, and everybody may
//! execute routines and use types and languages. So a `REVOKE` from PUBLIC is a
//! facet that is gone, though no statement says it on the other side.

use std::collections::BTreeMap;

use super::{FacetKey, Facets, Value};
use crate::model::{Acl, AclClass, Facet, Grantee, Ident, Kind, Privilege};

/// The facets of a list of privileges.
pub(super) fn facets(class: AclClass, acl: Option<&Acl>, facets: &mut Facets) {
    let default;
    let acl = if let Some(acl) = acl {
        acl
    } else {
        default = default_acl(class);
        &default
    };
    for (grantee, privileges) in &acl.grants {
        if privileges.is_empty() || is_owner_default(class, grantee, privileges) {
            continue;
        }
        let key = FacetKey { facet: Facet::Privileges, key: Some(grantee_key(grantee)) };
        facets.0.insert(key, privileges_value(privileges));
    }
    if !acl.grants.contains_key(&Grantee::Owner) && class != AclClass::Column {
        // An owner without any privilege is as unusual as one with less than all.
        let key = FacetKey { facet: Facet::Privileges, key: Some(grantee_key(&Grantee::Owner)) };
        facets.0.insert(key, Value::List(Vec::new()));
    }
}

/// `SELECT, INSERT WITH GRANT OPTION`.
pub(super) fn privileges_value(privileges: &BTreeMap<Privilege, bool>) -> Value {
    let value = |(privilege, grantable): (&Privilege, &bool)| {
        let keyword = Value::Keyword(privilege_keyword(*privilege));
        if *grantable {
            Value::Phrase(vec![keyword, Value::Keyword("WITH GRANT OPTION")])
        } else {
            keyword
        }
    };
    Value::List(privileges.iter().map(value).collect())
}

/// The name of a grantee in a facet. No role can be called `public`, and no
/// role name can begin with `pg_` unless it is a system role, so the keys of the
/// special grantees stand for nothing else.
pub(super) fn grantee_key(grantee: &Grantee) -> Ident {
    match grantee {
        Grantee::Public => Ident::new("public"),
        Grantee::Owner => Ident::new("(owner)"),
        Grantee::Role(name) => name.clone(),
        Grantee::CurrentUser => Ident::new("(current user)"),
        Grantee::SessionUser => Ident::new("(session user)"),
    }
}

/// The class of privileges that objects of a kind have.
pub(super) fn class(kind: Kind) -> Option<AclClass> {
    match kind {
        Kind::Table | Kind::View | Kind::MaterializedView => Some(AclClass::Table),
        Kind::Column => Some(AclClass::Column),
        Kind::Sequence => Some(AclClass::Sequence),
        Kind::Routine | Kind::Aggregate => Some(AclClass::Routine),
        Kind::Enum | Kind::Domain | Kind::Composite | Kind::Range | Kind::BaseType => {
            Some(AclClass::Type)
        }
        Kind::Namespace => Some(AclClass::Namespace),
        Kind::Language => Some(AclClass::Language),
        Kind::ForeignDataWrapper => Some(AclClass::ForeignDataWrapper),
        Kind::Server => Some(AclClass::Server),
        Kind::Role
        | Kind::Extension
        | Kind::AccessMethod
        | Kind::Collation
        | Kind::Conversion
        | Kind::Constraint
        | Kind::Index
        | Kind::Rule
        | Kind::Trigger
        | Kind::Policy
        | Kind::Operator
        | Kind::OperatorClass
        | Kind::OperatorFamily
        | Kind::Cast
        | Kind::Transform
        | Kind::TextSearchParser
        | Kind::TextSearchTemplate
        | Kind::TextSearchDictionary
        | Kind::TextSearchConfiguration
        | Kind::Statistics
        | Kind::EventTrigger
        | Kind::UserMapping
        | Kind::Publication
        | Kind::Subscription
        | Kind::DefaultPrivileges => None,
    }
}

/// The owner's usual privileges are not worth a facet.
fn is_owner_default(
    class: AclClass,
    grantee: &Grantee,
    privileges: &BTreeMap<Privilege, bool>,
) -> bool {
    let usual = default_acl(class);
    *grantee == Grantee::Owner
        && usual.grants.get(grantee).is_some_and(|usual| usual.keys().eq(privileges.keys()))
}

/// `acldefault`.
fn default_acl(class: AclClass) -> Acl {
    let all = |list: &[Privilege]| list.iter().map(|privilege| (*privilege, false)).collect();
    let mut grants = BTreeMap::new();
    grants.insert(Grantee::Owner, all(all_privileges(class)));
    let everybody: &[Privilege] = match class {
        AclClass::Routine => &[Privilege::Execute],
        AclClass::Type | AclClass::Language => &[Privilege::Usage],
        AclClass::Table
        | AclClass::Column
        | AclClass::Sequence
        | AclClass::Namespace
        | AclClass::ForeignDataWrapper
        | AclClass::Server
        | AclClass::LargeObject => &[],
    };
    if !everybody.is_empty() {
        grants.insert(Grantee::Public, all(everybody));
    }
    if class == AclClass::Column {
        grants.clear();
    }
    Acl { grants }
}

/// `ACL_ALL_RIGHTS_*` (`src/include/utils/acl.h`).
fn all_privileges(class: AclClass) -> &'static [Privilege] {
    use Privilege as P;
    match class {
        AclClass::Table => &[
            P::Select,
            P::Insert,
            P::Update,
            P::Delete,
            P::Truncate,
            P::References,
            P::Trigger,
            P::Maintain,
        ],
        AclClass::Column => &[P::Select, P::Insert, P::Update, P::References],
        AclClass::Sequence => &[P::Select, P::Update, P::Usage],
        AclClass::Routine => &[P::Execute],
        AclClass::Type | AclClass::Language | AclClass::ForeignDataWrapper | AclClass::Server => {
            &[P::Usage]
        }
        AclClass::Namespace => &[P::Usage, P::Create],
        AclClass::LargeObject => &[P::Select, P::Update],
    }
}

fn privilege_keyword(privilege: Privilege) -> &'static str {
    match privilege {
        Privilege::Select => "SELECT",
        Privilege::Insert => "INSERT",
        Privilege::Update => "UPDATE",
        Privilege::Delete => "DELETE",
        Privilege::Truncate => "TRUNCATE",
        Privilege::References => "REFERENCES",
        Privilege::Trigger => "TRIGGER",
        Privilege::Maintain => "MAINTAIN",
        Privilege::Usage => "USAGE",
        Privilege::Create => "CREATE",
        Privilege::Connect => "CONNECT",
        Privilege::Temporary => "TEMPORARY",
        Privilege::Execute => "EXECUTE",
        Privilege::Set => "SET",
        Privilege::AlterSystem => "ALTER SYSTEM",
    }
}
