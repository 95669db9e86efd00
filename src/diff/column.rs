//! Facets of a column.

use super::{FacetKey, Facets, Value, acl, sequence};
use crate::model::{
    AclClass, Column, ColumnDefault, ColumnDetails, ColumnNote, Facet, Ident, NotNull,
};

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn facets(column: &Column) -> Facets {
    let Column { name: _is_the_identity, ty, default, not_null, inherited, comment, details } =
        column;
    let ColumnDetails {
        collation,
        storage,
        compression,
        statistics,
        options,
        foreign_options,
        acl,
        labels,
        sequence_note,
    } = &**details;
    let mut facets = Facets::default();
    facets.put(Facet::Type, ty);
    facets.put_some(Facet::Collation, collation.as_ref());
    if let Some(default) = default {
        default_facets(column, default, &mut facets);
    }
    if let Some(not_null) = not_null {
        not_null_facets(not_null, &mut facets);
    }
    facets.put_some(Facet::Storage, storage.as_ref());
    facets.put_some(Facet::Compression, compression.as_ref());
    facets.put_some(Facet::StatisticsTarget, *statistics);
    facets.put_map(Facet::Option, options, |value| (&**value).into());
    facets.put_map(Facet::ForeignOption, foreign_options, |value| (&**value).into());
    facets.put_flag(Facet::Inherited, *inherited);
    facets.put_some(Facet::Comment, comment.as_deref());
    acl::facets(AclClass::Column, acl.as_ref(), &mut facets);
    facets.put_map(Facet::SecurityLabel, labels, |value| (&**value).into());
    sequence_note_facets(sequence_note, &mut facets);
    facets
}

/// What is said of the sequence of an identity column.
fn sequence_note_facets(note: &ColumnNote, facets: &mut Facets) {
    let ColumnNote { comment, acl, labels } = note;
    let mut own = Facets::default();
    own.put_some(Facet::Comment, comment.as_deref());
    acl::facets(AclClass::Sequence, acl.as_ref(), &mut own);
    own.put_map(Facet::SecurityLabel, labels, |value| (&**value).into());
    for (FacetKey { facet, key }, value) in own.0 {
        let of =
            key.map_or_else(|| "sequence".to_owned(), |key| format!("sequence {}", key.as_str()));
        facets.0.insert(FacetKey { facet, key: Some(Ident::new(of)) }, value);
    }
}

fn default_facets(column: &Column, default: &ColumnDefault, facets: &mut Facets) {
    match default {
        ColumnDefault::Expression(expression) => facets.put(Facet::Default, &expression.expr),
        ColumnDefault::Generated { expression, stored } => {
            let kind = Value::Keyword(if *stored { "STORED" } else { "VIRTUAL" });
            facets.put(Facet::Generated, Value::Phrase(vec![(&expression.expr).into(), kind]));
        }
        ColumnDefault::Identity { always, sequence_name, sequence } => {
            let kind = Value::Keyword(if *always { "ALWAYS" } else { "BY DEFAULT" });
            facets.put(Facet::Identity, kind);
            let key = FacetKey { facet: Facet::Identity, key: Some(Ident::new("sequence name")) };
            facets.0.insert(key, sequence_name.into());
            sequence::identity_facets(sequence, &column.ty, facets);
        }
    }
}

pub(super) fn not_null_facets(not_null: &NotNull, facets: &mut Facets) {
    let NotNull { name, no_inherit, not_valid, comment } = not_null;
    facets.put(Facet::NotNull, true);
    facets.put_some(Facet::NotNullName, name.as_deref());
    facets.put_flag(Facet::NotNullNoInherit, *no_inherit);
    if *not_valid {
        facets.put(Facet::NotNullValidated, Value::Keyword("NOT VALID"));
    }
    if let Some(comment) = comment {
        let key = FacetKey { facet: Facet::Comment, key: Some(Ident::new("not null")) };
        facets.0.insert(key, (&**comment).into());
    }
}
