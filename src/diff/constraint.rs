//! Facets of a constraint.

use super::{FacetKey, Facets, Value, index};
use crate::model::{
    Constraint, ConstraintDefinition, Exclusion, Facet, ForeignKey, Ident, Key, ReferentialAction,
};

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn facets(constraint: &Constraint, facets: &mut Facets) {
    let Constraint {
        definition,
        deferrable,
        initially_deferred,
        validated,
        enforced,
        index_comment,
    } = constraint;
    facets.put(Facet::ConstraintType, Value::Keyword(type_keyword(definition)));
    match definition {
        ConstraintDefinition::Check { expression, no_inherit } => {
            facets.put(Facet::Expression, &expression.expr);
            facets.put_flag(Facet::NoInherit, *no_inherit);
        }
        ConstraintDefinition::PrimaryKey(key) | ConstraintDefinition::Unique(key) => {
            key_facets(key, facets);
        }
        ConstraintDefinition::ForeignKey(key) => foreign_key_facets(key, facets),
        ConstraintDefinition::Exclusion(exclusion) => exclusion_facets(exclusion, facets),
    }
    facets.put_flag(Facet::Deferrable, *deferrable);
    facets.put_flag(Facet::InitiallyDeferred, *initially_deferred);
    facets.put_some(Facet::Validated, (!*validated).then_some(Value::Keyword("NOT VALID")));
    facets.put_some(Facet::Enforced, (!*enforced).then_some(Value::Keyword("NOT ENFORCED")));
    if let Some(comment) = index_comment {
        let key = FacetKey { facet: Facet::Comment, key: Some(Ident::new(INDEX)) };
        facets.0.insert(key, (&**comment).into());
    }
}

/// What a facet of the index of a constraint is named by.
const INDEX: &str = "index";

/// The whole constraint as one phrase, for when the two sides have nothing in common.
pub(super) fn definition(constraint: &Constraint) -> Value {
    let keyword = Value::Keyword(type_keyword(&constraint.definition));
    let names = |names: &[Ident]| Value::List(names.iter().map(Value::from).collect());
    Value::Phrase(match &constraint.definition {
        ConstraintDefinition::Check { expression, no_inherit: _ } => {
            vec![keyword, Value::List(vec![(&expression.expr).into()])]
        }
        ConstraintDefinition::PrimaryKey(key) | ConstraintDefinition::Unique(key) => {
            vec![keyword, names(&key.columns)]
        }
        ConstraintDefinition::ForeignKey(key) => {
            vec![keyword, names(&key.columns), Value::Keyword("REFERENCES"), references(key)]
        }
        ConstraintDefinition::Exclusion(exclusion) => vec![keyword, elements(exclusion)],
    })
}

fn type_keyword(definition: &ConstraintDefinition) -> &'static str {
    match definition {
        ConstraintDefinition::Check { .. } => "CHECK",
        ConstraintDefinition::PrimaryKey(_) => "PRIMARY KEY",
        ConstraintDefinition::Unique(_) => "UNIQUE",
        ConstraintDefinition::ForeignKey(_) => "FOREIGN KEY",
        ConstraintDefinition::Exclusion(_) => "EXCLUDE",
    }
}

fn key_facets(key: &Key, facets: &mut Facets) {
    let Key {
        columns,
        include,
        nulls_not_distinct,
        without_overlaps,
        options,
        tablespace,
        partitions,
    } = key;
    facets.put_list(Facet::Columns, columns);
    facets.put_list(Facet::Include, include);
    facets.put_flag(Facet::NullsNotDistinct, *nulls_not_distinct);
    facets.put_flag(Facet::WithoutOverlaps, *without_overlaps);
    facets.put_map(Facet::Option, options, |value| (&**value).into());
    facets.put_some(Facet::Tablespace, tablespace.as_ref());
    index::partition_facets(partitions, facets);
}

fn foreign_key_facets(key: &ForeignKey, facets: &mut Facets) {
    let ForeignKey {
        columns,
        period,
        target: _,
        target_columns: _both_in_references,
        match_full,
        on_update,
        on_delete,
        delete_columns,
    } = key;
    facets.put_list(Facet::Columns, columns);
    facets.put_flag(Facet::Period, *period);
    facets.put(Facet::References, references(key));
    if *match_full {
        facets.put(Facet::Match, Value::Keyword("FULL"));
    }
    facets.put(Facet::OnUpdate, Value::Keyword(action_keyword(*on_update)));
    let action = Value::Keyword(action_keyword(*on_delete));
    let on_delete = if delete_columns.is_empty() {
        action
    } else {
        Value::Phrase(vec![action, delete_columns.iter().collect()])
    };
    facets.put(Facet::OnDelete, on_delete);
}

/// `s.t (a, b)`.
fn references(key: &ForeignKey) -> Value {
    Value::Phrase(vec![(&key.target).into(), key.target_columns.iter().collect()])
}

fn action_keyword(action: ReferentialAction) -> &'static str {
    match action {
        ReferentialAction::NoAction => "NO ACTION",
        ReferentialAction::Restrict => "RESTRICT",
        ReferentialAction::Cascade => "CASCADE",
        ReferentialAction::SetNull => "SET NULL",
        ReferentialAction::SetDefault => "SET DEFAULT",
    }
}

fn exclusion_facets(exclusion: &Exclusion, facets: &mut Facets) {
    let Exclusion { method, elements: _, include, predicate, options, tablespace, path: _erased } =
        exclusion;
    facets.put(Facet::Method, method);
    facets.put(Facet::Elements, elements(exclusion));
    facets.put_list(Facet::Include, include);
    facets.put_some(Facet::Predicate, predicate.as_ref());
    facets.put_map(Facet::Option, options, |value| (&**value).into());
    facets.put_some(Facet::Tablespace, tablespace.as_ref());
}

/// `room WITH =, during WITH &&`.
fn elements(exclusion: &Exclusion) -> Value {
    let element = |(key, operator): &(crate::model::IndexKey, crate::model::Name)| {
        Value::Phrase(vec![index::key(key), Value::Keyword("WITH"), operator.into()])
    };
    Value::List(exclusion.elements.iter().map(element).collect())
}
