//! Any object as the statement that creates it, and what is said of it besides.
//!
//! `CREATE` makes what other objects need to exist; defaults, constraints and the
//! like are statements of their own (see `emit::normalized` for their order).

use super::SqlWriter;
use crate::model::{Object, ObjectId};

impl SqlWriter {
    /// The statement that creates an object. False when this writer does not know
    /// how: then nothing is written.
    #[must_use]
    pub fn create(&mut self, id: &ObjectId, object: &Object) -> bool {
        match (id, object) {
            (ObjectId::Role(name), Object::Role(it)) => self.create_role(name, it),
            (ObjectId::Namespace(name), Object::Namespace(_)) => self.create_namespace(name),
            (ObjectId::Extension(name), Object::Extension(it)) => self.create_extension(name, it),
            (ObjectId::View(name), Object::View(it)) => self.create_view(name, it, false),
            (ObjectId::MaterializedView(name), Object::MaterializedView(it)) => {
                self.create_materialized_view(name, it);
            }
            (ObjectId::Rule(child), Object::Rule(it)) => self.create_rule(child, it),
            (ObjectId::Trigger(child), Object::Trigger(it)) => self.create_trigger(child, it),
            (ObjectId::Policy(child), Object::Policy(it)) => self.create_policy(child, it),
            (ObjectId::Statistics(name), Object::Statistics(it)) => {
                self.create_statistics(name, it);
            }
            (ObjectId::EventTrigger(name), Object::EventTrigger(it)) => {
                self.create_event_trigger(name, it);
            }
            (ObjectId::ForeignDataWrapper(name), Object::ForeignDataWrapper(it)) => {
                self.create_foreign_data_wrapper(name, it);
            }
            (ObjectId::Server(name), Object::Server(it)) => self.create_server(name, it),
            (ObjectId::UserMapping(key), Object::UserMapping(it)) => {
                self.create_user_mapping(key, it);
            }
            (ObjectId::Publication(name), Object::Publication(it)) => {
                self.create_publication(name, it);
            }
            (ObjectId::Subscription(name), Object::Subscription(it)) => {
                self.create_subscription(name, it);
            }
            (ObjectId::DefaultPrivileges(key), Object::DefaultPrivileges(it)) => {
                self.create_default_privileges(key, it);
            }
            (ObjectId::Language(name), Object::Language(it)) => self.create_language(name, it),
            (ObjectId::AccessMethod(name), Object::AccessMethod(it)) => {
                self.create_access_method(name, it);
            }
            (ObjectId::Collation(name), Object::Collation(it)) => self.create_collation(name, it),
            (ObjectId::Conversion(name), Object::Conversion(it)) => {
                self.create_conversion(name, it);
            }
            (ObjectId::Enum(name), Object::Enum(it)) => self.create_enum(name, it),
            (ObjectId::Domain(name), Object::Domain(it)) => self.create_domain(name, it),
            (ObjectId::Composite(name), Object::Composite(it)) => self.create_composite(name, it),
            (ObjectId::Range(name), Object::Range(it)) => self.create_range(name, it),
            (ObjectId::BaseType(name), Object::BaseType(it)) => self.create_base_type(name, it),
            (ObjectId::Sequence(name), Object::Sequence(it)) => self.create_sequence(name, it),
            (ObjectId::Table(name), Object::Table(it)) => self.create_table(name, it),
            (ObjectId::Index(name), Object::Index(it)) => self.create_index(name, it),
            (ObjectId::Routine(signature), Object::Routine(it)) => {
                self.create_routine(signature, it, false);
            }
            (ObjectId::Aggregate(signature), Object::Aggregate(it)) => {
                self.create_aggregate(signature, it);
            }
            (ObjectId::Operator(signature), Object::Operator(it)) => {
                self.create_operator(signature, it);
            }
            (ObjectId::OperatorClass(member), Object::OperatorClass(it)) => {
                self.create_operator_class(member, it);
            }
            (ObjectId::OperatorFamily(member), Object::OperatorFamily(it)) => {
                self.create_operator_family(member, it);
            }
            (ObjectId::Cast(types), Object::Cast(it)) => self.create_cast(types, it),
            (ObjectId::Transform(of), Object::Transform(it)) => self.create_transform(of, it),
            (ObjectId::TextSearchParser(name), Object::TextSearchFunctions(it)) => {
                self.create_text_search_functions(name, it, true);
            }
            (ObjectId::TextSearchTemplate(name), Object::TextSearchFunctions(it)) => {
                self.create_text_search_functions(name, it, false);
            }
            (ObjectId::TextSearchDictionary(name), Object::TextSearchDictionary(it)) => {
                self.create_text_search_dictionary(name, it);
            }
            (ObjectId::TextSearchConfiguration(name), Object::TextSearchConfiguration(it)) => {
                self.create_text_search_configuration(name, it);
            }
            _not_written_yet => return false,
        }
        true
    }
}
