//! Facets that every object can have: owner, comment, privileges, security labels.
//!
//! Privileges are one facet for each grantee, those in force by default included, so
//! that a `REVOKE` of a default shows as a change.

use std::collections::BTreeMap;

use super::value::Value;
use super::{FacetKey, Facets};
use crate::model::{Acl, AclClass, ColumnNote, Entry, Facet, Grantee, Ident, Privilege};

/// The facets beside those of the object itself.
/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn entry_facets(entry: &Entry, facets: &mut Facets) {
    let Entry { object, owner, comment, acl, labels, origin: _no_facet } = entry;
    facets.put_some(Facet::Owner, owner.as_ref());
    let default = || AclClass::of_object(object).map(Acl::default_of);
    let acl = acl.clone().or_else(default);
    annotation_facets(comment.as_deref(), acl.as_ref(), labels, facets);
}

/// Comment, privileges and security labels of an object or a column.
pub(super) fn annotation_facets(
    comment: Option<&str>,
    acl: Option<&Acl>,
    labels: &BTreeMap<Ident, Box<str>>,
    facets: &mut Facets,
) {
    facets.put_some(Facet::Comment, comment);
    for (grantee, privileges) in acl.into_iter().flat_map(|acl| &acl.grants) {
        let key = FacetKey { facet: Facet::Privileges, key: Some(grantee.key()) };
        facets.0.insert(key, privileges_value(privileges));
    }
    facets.put_map(Facet::SecurityLabel, labels, |label| Value::from(&**label));
}

/// What is said of columns of a view, which are no objects of their own: by column.
pub(super) fn note_facets(notes: &BTreeMap<Ident, ColumnNote>, facets: &mut Facets) {
    for (column, note) in notes {
        let ColumnNote { comment, acl, labels } = note;
        let mut put = |facet, value: Value| {
            facets.0.insert(FacetKey { facet, key: Some(column.clone()) }, value);
        };
        if let Some(comment) = comment {
            put(Facet::Comment, Value::from(&**comment));
        }
        if let Some(acl) = acl.as_ref().filter(|acl| !acl.grants.is_empty()) {
            put(Facet::Privileges, acl_value(acl));
        }
        if !labels.is_empty() {
            let label = |(provider, label): (&Ident, &Box<str>)| {
                Value::Phrase(vec![provider.into(), Value::from(&**label)])
            };
            put(Facet::SecurityLabel, Value::List(labels.iter().map(label).collect()));
        }
    }
}

/// All privileges as one value.
pub(super) fn acl_value(acl: &Acl) -> Value {
    let grant = |(grantee, privileges): (&Grantee, &BTreeMap<Privilege, bool>)| {
        Value::Phrase(vec![Value::from(&grantee.key()), privileges_value(privileges)])
    };
    Value::List(acl.grants.iter().map(grant).collect())
}

pub(super) fn privileges_value(privileges: &BTreeMap<Privilege, bool>) -> Value {
    let item = |(privilege, option): (&Privilege, &bool)| {
        let word = Value::Keyword(privilege.keyword());
        if *option { Value::Phrase(vec![word, Value::Keyword("WITH GRANT OPTION")]) } else { word }
    };
    Value::List(privileges.iter().map(item).collect())
}
