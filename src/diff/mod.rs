//! What differs between two schemas: one merge over two sorted maps, then facet by facet.
//!
//! The cheap pass comes first: objects that are equal as values are left alone.
//! Only for those that are not, both sides are taken apart into facets.

mod acl;
mod aggregate;
mod collation;
mod column;
mod compare;
mod constraint;
mod drift;
mod entry;
mod event_trigger;
mod extension;
mod facets;
mod follow;
mod foreign_data;
mod index;
mod language;
mod merge;
mod namespace;
mod operator;
mod options;
mod policy;
mod privileges;
mod publication;
mod rename;
mod role;
mod routine;
mod rule;
mod said;
mod sequence;
mod severity;
mod skip;
mod statistics;
mod subscription;
mod table;
#[cfg(test)]
mod tests;
mod text_search;
mod trigger;
mod user_type;
mod value;
mod view;
mod whole;

pub use drift::{Candidate, Diff, Drift, DriftKind, SkipReason, Skipped, Verdict};
pub use facets::{FacetKey, Facets};
pub use foreign_data::is_secret_option;
pub use options::{Compare, DiffOptions};
pub use severity::{Rating, Severity, table as severity_table};
pub use value::Value;
pub(crate) use whole::container;

use rayon::prelude::*;

use crate::model::{Object, ObjectId, Pair, Table};
use crate::normalize::{NormalObject, NormalSchema};
use compare::Findings;

/// Compares two schemas. The result does not depend on the number of threads.
pub fn diff(sides: Pair<&NormalSchema>, options: &DiffOptions) -> Diff {
    let rules = skip::Rules::new(sides, *options);
    let merged = merge::merge(sides);
    let compared = merged
        .unequal
        .par_iter()
        .fold(Findings::default, |mut findings, (id, pair)| {
            compare::compare(id, *pair, &rules, &mut findings);
            findings
        })
        .reduce(Findings::default, Findings::join);
    let wholes = whole::one_sided(merged.only, &rules);
    let renamed = wholes.renamed;
    let mut findings = compared.join(wholes.findings);
    rename::follow(&renamed, &mut findings);
    whole::fold_sequences(sides, &mut findings.drifts);
    rename::find_candidates(sides, &mut findings.drifts);
    follow::persistence(sides, &mut findings);
    follow::leave_out(&mut findings);
    let Findings { mut drifts, mut skipped, following: _left_out } = findings;
    drifts.sort_by(|one, other| (&one.object, one.facet()).cmp(&(&other.object, other.facet())));
    skipped.sort_by(|one, other| {
        (&one.object, &one.facet, one.reason).cmp(&(&other.object, &other.facet, other.reason))
    });
    Diff { drifts, skipped, objects: sides.map(NormalSchema::len) }
}

/// The facets of an object or a column of a schema, for showing it whole.
pub fn facets_of(schema: &NormalSchema, id: &ObjectId) -> Option<Facets> {
    if let ObjectId::Column(child) = id {
        let table: &Table =
            schema.get(&ObjectId::Table(child.parent.clone()))?.object().try_into().ok()?;
        return table.column(&child.name).map(column::facets);
    }
    let mut facets = Facets::default();
    object_facets(schema.get(id)?.object(), &mut facets);
    Some(facets)
}

/// Owner, comment, privileges and security labels of an object.
pub fn annotations_of(id: &ObjectId, object: &NormalObject) -> Facets {
    said::facets(id, object)
}

/// Takes an object apart into its facets.
fn object_facets(object: &Object, facets: &mut Facets) {
    match object {
        Object::Role(object) => role::facets(object, facets),
        Object::Namespace(object) => namespace::facets(object, facets),
        Object::Extension(object) => extension::facets(object, facets),
        Object::Language(object) => language::language(object, facets),
        Object::AccessMethod(object) => language::access_method(object, facets),
        Object::Collation(object) => collation::facets(object, facets),
        Object::Conversion(object) => operator::conversion(object, facets),
        Object::Enum(object) => user_type::enum_type(object, facets),
        Object::Domain(object) => user_type::domain(object, facets),
        Object::Composite(object) => user_type::composite(object, facets),
        Object::Range(object) => user_type::range(object, facets),
        Object::BaseType(object) => user_type::base_type(object, facets),
        Object::Sequence(object) => sequence::facets(object, facets),
        Object::Table(object) => table::facets(object, facets),
        Object::Constraint(object) => constraint::facets(object, facets),
        Object::Index(object) => index::facets(object, facets),
        Object::View(object) => view::view(object, facets),
        Object::MaterializedView(object) => view::materialized_view(object, facets),
        Object::Rule(object) => rule::facets(object, facets),
        Object::Trigger(object) => trigger::facets(object, facets),
        Object::Policy(object) => policy::facets(object, facets),
        Object::Routine(object) => routine::facets(object, facets),
        Object::Aggregate(object) => aggregate::facets(object, facets),
        Object::Operator(object) => operator::operator(object, facets),
        Object::OperatorClass(object) => operator::operator_class(object, facets),
        Object::OperatorFamily(object) => operator::operator_family(object, facets),
        Object::Cast(object) => operator::cast(object, facets),
        Object::Transform(object) => operator::transform(object, facets),
        Object::TextSearchFunctions(object) => text_search::text_search_functions(object, facets),
        Object::TextSearchDictionary(object) => text_search::text_search_dictionary(object, facets),
        Object::TextSearchConfiguration(object) => {
            text_search::text_search_configuration(object, facets);
        }
        Object::Statistics(object) => statistics::facets(object, facets),
        Object::EventTrigger(object) => event_trigger::facets(object, facets),
        Object::ForeignDataWrapper(object) => foreign_data::foreign_data_wrapper(object, facets),
        Object::Server(object) => foreign_data::server(object, facets),
        Object::UserMapping(object) => foreign_data::user_mapping(object, facets),
        Object::Publication(object) => publication::facets(object, facets),
        Object::Subscription(object) => subscription::facets(object, facets),
        Object::DefaultPrivileges(object) => privileges::facets(object, facets),
    }
}
