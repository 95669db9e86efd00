//! Privileges as facets: one for each grantee.
//!
//! No list at all means the default of the kind (`acldefault`,
//! `src/backend/utils/adt/acl.c`): the owner may do everything, and everybody may
//! execute routines and use types and languages. So a `REVOKE` from PUBLIC is a
//! facet that is gone, though no statement says it on the other side.

use std::collections::BTreeMap;

use super::{FacetKey, Facets, Value};
use crate::model::{Acl, AclClass, Facet, Grantee, Kind, Privilege};

/// The facets of a list of privileges.
pub(super) fn facets(class: AclClass, acl: Option<&Acl>, facets: &mut Facets) {
    let default;
    let acl = if let Some(acl) = acl {
        acl
    } else {
        default = Acl::default_of(class);
        &default
    };
    for (grantee, privileges) in &acl.grants {
        if privileges.is_empty() || is_owner_default(class, grantee, privileges) {
            continue;
        }
        let key = FacetKey { facet: Facet::Privileges, key: Some(grantee.key()) };
        facets.0.insert(key, privileges_value(privileges));
    }
    if !acl.grants.contains_key(&Grantee::Owner) && class != AclClass::Column {
        // An owner without any privilege is as unusual as one with less than all.
        let key = FacetKey { facet: Facet::Privileges, key: Some(Grantee::Owner.key()) };
        facets.0.insert(key, Value::List(Vec::new()));
    }
}

/// `SELECT, INSERT WITH GRANT OPTION`.
pub(super) fn privileges_value(privileges: &BTreeMap<Privilege, bool>) -> Value {
    let value = |(privilege, grantable): (&Privilege, &bool)| {
        let keyword = Value::Keyword(privilege.keyword());
        if *grantable {
            Value::Phrase(vec![keyword, Value::Keyword("WITH GRANT OPTION")])
        } else {
            keyword
        }
    };
    Value::List(privileges.iter().map(value).collect())
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
    let usual = Acl::default_of(class);
    *grantee == Grantee::Owner
        && usual.grants.get(grantee).is_some_and(|usual| usual.keys().eq(privileges.keys()))
}
