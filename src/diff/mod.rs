//! What differs between two schemas: one merge over two sorted maps, then facet by facet.
//!
//! The cheap pass comes first: objects that are equal as values are left alone.
//! Only for those that are not, both sides are taken apart into facets.

mod aggregate;
mod align;
mod collation;
mod constraint;
mod entry;
mod event_trigger;
mod extension;
mod facets;
mod foreign_data;
mod index;
mod language;
mod namespace;
mod operator;
mod policy;
mod privileges;
mod publication;
mod role;
mod routine;
mod rule;
mod sequence;
mod statistics;
mod table;
mod text_search;
mod trigger;
mod user_type;
mod value;
mod view;

pub use align::align;
pub use facets::{FacetKey, Facets};
pub use value::Value;

use crate::model::Object;

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
            text_search::text_search_configuration(object, facets)
        }
        Object::Statistics(object) => statistics::facets(object, facets),
        Object::EventTrigger(object) => event_trigger::facets(object, facets),
        Object::ForeignDataWrapper(object) => foreign_data::foreign_data_wrapper(object, facets),
        Object::Server(object) => foreign_data::server(object, facets),
        Object::UserMapping(object) => foreign_data::user_mapping(object, facets),
        Object::Publication(object) => publication::publication(object, facets),
        Object::Subscription(object) => publication::subscription(object, facets),
        Object::DefaultPrivileges(object) => privileges::facets(object, facets),
    }
}
