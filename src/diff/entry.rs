//! Facets that every object can have: owner, comment, privileges, security labels.
//!
//! Privileges are one facet for each grantee, those in force by default included, so
//! that a `REVOKE` of a default shows as a change.

use std::collections::BTreeMap;

use super::value::Value;
use super::{FacetKey, Facets};
use crate::model::{Acl, ColumnNote, Facet, Grantee, Ident, Privilege};

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
