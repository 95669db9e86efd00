//! What can be altered of sequences, foreign data, publications, roles and the like.

use std::collections::BTreeMap;

use super::planner::Planner;
use super::said::{Grants, grants, known};
use super::step::{Rank, Step};
use super::unit::Unit;
use crate::model::Hazard;
use crate::model::{
    Acl, DefaultPrivilegesKey, ForeignDataWrapper, Ident, Object, ObjectId, Publication,
    QualifiedName, Role, Sequence, Server, Subscription, TextSearchConfiguration,
    TextSearchDictionary, UserMapping,
};

impl Planner<'_, '_> {
    pub(super) fn alter_other(&mut self, id: &ObjectId, from: &Object, to: &Object) {
        match (id, from, to) {
            (
                ObjectId::ForeignDataWrapper(name),
                Object::ForeignDataWrapper(from),
                Object::ForeignDataWrapper(to),
            ) => self.alter_wrapper(name, from, to),
            (ObjectId::Server(name), Object::Server(from), Object::Server(to)) => {
                self.alter_server(name, from, to);
            }
            (ObjectId::UserMapping(key), Object::UserMapping(from), Object::UserMapping(to)) => {
                self.alter_user_mapping(key, from, to);
            }
            (ObjectId::Publication(name), Object::Publication(from), Object::Publication(to)) => {
                self.alter_publication(name, from, to);
            }
            (
                ObjectId::Subscription(name),
                Object::Subscription(from),
                Object::Subscription(to),
            ) => self.alter_subscription(name, from, to),
            (ObjectId::Role(name), Object::Role(from), Object::Role(to)) => {
                self.alter_role(name, from, to);
            }
            (ObjectId::Extension(name), _, Object::Extension(to)) => {
                if let Some(namespace) = &to.namespace {
                    self.replace(id, Rank::Extension, |w| {
                        w.sql("ALTER EXTENSION ").ident(name);
                        w.sql(" SET SCHEMA ").ident(namespace);
                        w.sql(";\n");
                    });
                }
            }
            (
                ObjectId::TextSearchDictionary(name),
                Object::TextSearchDictionary(from),
                Object::TextSearchDictionary(to),
            ) => self.alter_dictionary(name, from, to),
            (
                ObjectId::TextSearchConfiguration(name),
                Object::TextSearchConfiguration(from),
                Object::TextSearchConfiguration(to),
            ) => self.alter_configuration(name, from, to),
            (
                ObjectId::DefaultPrivileges(key),
                Object::DefaultPrivileges(from),
                Object::DefaultPrivileges(to),
            ) => self.default_privileges(key, &from.acl, &to.acl),
            _nothing_to_alter => {}
        }
    }

    pub(super) fn alter_sequence(&mut self, name: &QualifiedName, from: &Sequence, to: &Sequence) {
        let unit = Unit::Object(ObjectId::Sequence(name.clone()));
        let step = Step::new(Rank::Sequence, &unit, |w| {
            w.changed_sequence(name, from, to);
            if from.unlogged != to.unlogged {
                w.sql("ALTER SEQUENCE ").qualified(name);
                w.sql(if to.unlogged { " SET UNLOGGED;\n" } else { " SET LOGGED;\n" });
            }
        });
        self.push(step);
        if from.owned_by == to.owned_by {
            return;
        }
        if let Some((table, column)) = &from.owned_by {
            // Before the column goes, and the sequence with it.
            let step = Step::new(Rank::Drop, &unit, |w| {
                w.sql("ALTER SEQUENCE ").qualified(name);
                w.sql(" OWNED BY NONE;\n");
            });
            self.push(step.frees([&Unit::column(table, column)]));
        }
        self.own_sequence(name, to);
    }

    fn alter_wrapper(&mut self, name: &Ident, from: &ForeignDataWrapper, to: &ForeignDataWrapper) {
        self.replace(&ObjectId::ForeignDataWrapper(name.clone()), Rank::ForeignData, |w| {
            w.sql("ALTER FOREIGN DATA WRAPPER ").ident(name);
            if from.handler != to.handler {
                match &to.handler {
                    Some(handler) => w.sql(" HANDLER ").name(handler),
                    None => {
                        w.sql(" NO HANDLER");
                    }
                }
            }
            if from.validator != to.validator {
                match &to.validator {
                    Some(validator) => w.sql(" VALIDATOR ").name(validator),
                    None => {
                        w.sql(" NO VALIDATOR");
                    }
                }
            }
            w.changed_foreign_options(&from.options, &to.options);
            w.sql(";\n");
        });
    }

    fn alter_server(&mut self, name: &Ident, from: &Server, to: &Server) {
        self.replace(&ObjectId::Server(name.clone()), Rank::ForeignData, |w| {
            w.sql("ALTER SERVER ").ident(name);
            if let Some(version) = to.version.as_ref().filter(|_| from.version != to.version) {
                w.sql(" VERSION ").string(version);
            }
            w.changed_foreign_options(&from.options, &to.options);
            w.sql(";\n");
        });
    }

    fn alter_user_mapping(&mut self, key: &(Ident, Ident), from: &UserMapping, to: &UserMapping) {
        let (server, user) = key;
        self.replace(&ObjectId::UserMapping(key.clone()), Rank::ForeignData, |w| {
            w.sql("ALTER USER MAPPING FOR ");
            w.mapped_user(user);
            w.sql(" SERVER ").ident(server);
            w.changed_foreign_options(&from.options, &to.options);
            w.sql(";\n");
        });
    }

    fn alter_publication(&mut self, name: &Ident, from: &Publication, to: &Publication) {
        let plain = |publication: &Publication| {
            let filter = |table: &crate::model::PublishedTable| {
                (table.columns.clone(), table.filter.as_ref().map(|filter| filter.expr.clone()))
            };
            let tables: Vec<_> = publication
                .tables
                .iter()
                .map(|(name, table)| (name.clone(), filter(table)))
                .collect();
            (tables, publication.namespaces.clone())
        };
        let is_empty = to.tables.is_empty() && to.namespaces.is_empty();
        let id = ObjectId::Publication(name.clone());
        let rank = if is_empty { Rank::Drop } else { Rank::Database };
        self.replace(&id, rank, |w| {
            if plain(from) == plain(to) {
                return;
            }
            w.sql("ALTER PUBLICATION ").ident(name);
            if is_empty {
                w.sql(" DROP ");
                w.published_names(from);
            } else {
                w.sql(" SET ");
                w.published(to);
            }
            w.sql(";\n");
        });
        let mut options = to.options.clone();
        options.retain(|option, value| from.options.get(option) != Some(value));
        let unit = Unit::from(&id);
        self.push(Step::new(Rank::Database, &unit, |w| {
            if !options.is_empty() {
                w.sql("ALTER PUBLICATION ").ident(name);
                w.sql(" SET (").options(&options);
                w.sql(");\n");
            }
        }));
    }

    fn alter_subscription(&mut self, name: &Ident, from: &Subscription, to: &Subscription) {
        let unit = Unit::Object(ObjectId::Subscription(name.clone()));
        self.push(Step::new(Rank::Database, &unit, |w| {
            if from.connection != to.connection {
                w.sql("ALTER SUBSCRIPTION ").ident(name);
                w.sql(" CONNECTION ").string(&to.connection).sql(";\n");
            }
            if from.publications != to.publications {
                w.sql("ALTER SUBSCRIPTION ").ident(name);
                w.sql(" SET PUBLICATION ");
                w.list(&to.publications, crate::emit::sql::SqlWriter::ident);
                w.sql(" WITH (refresh = false);\n");
            }
            let mut options = to.options.clone();
            options.retain(|option, value| from.options.get(option) != Some(value));
            if !options.is_empty() {
                w.sql("ALTER SUBSCRIPTION ").ident(name);
                w.sql(" SET (").options(&options);
                w.sql(");\n");
            }
        }));
    }

    fn alter_role(&mut self, name: &Ident, from: &Role, to: &Role) {
        let unit = Unit::Object(ObjectId::Role(name.clone()));
        let step = Step::new(Rank::Role, &unit, |w| {
            if from.attributes != to.attributes {
                w.role_attributes("ALTER ROLE ", name, &to.attributes);
            }
        });
        self.push(step.hazard(Hazard::PrivilegeChange));
        let step = Step::new(Rank::Settings, &unit, |w| {
            for group in from.member_of.keys().filter(|g| !to.member_of.contains_key(*g)) {
                w.sql("REVOKE ").ident(group);
                w.sql(" FROM ").ident(name);
                w.sql(";\n");
            }
            for (database, setting) in
                from.settings.keys().filter(|s| !to.settings.contains_key(*s))
            {
                w.sql("ALTER ROLE ").ident(name);
                if let Some(database) = database {
                    w.sql(" IN DATABASE ").ident(database);
                }
                w.sql(" RESET ").ident_among_keywords(setting);
                w.sql(";\n");
            }
            let mut changed = to.clone();
            changed.member_of.retain(|group, options| from.member_of.get(group) != Some(options));
            changed.settings.retain(|setting, value| from.settings.get(setting) != Some(value));
            w.role_settings(name, &changed);
        });
        self.push(step.hazard(Hazard::PrivilegeChange));
    }

    fn alter_dictionary(
        &mut self,
        name: &QualifiedName,
        from: &TextSearchDictionary,
        to: &TextSearchDictionary,
    ) {
        self.replace(&ObjectId::TextSearchDictionary(name.clone()), Rank::Routine, |w| {
            let all: BTreeMap<&Ident, Option<&str>> = from
                .options
                .keys()
                .map(|key| (key, None))
                .chain(to.options.iter().map(|(key, value)| (key, Some(&**value))))
                .collect();
            w.sql("ALTER TEXT SEARCH DICTIONARY ").qualified(name);
            w.sql(" (");
            w.list(all, |w, (key, value)| {
                w.ident(key);
                if let Some(value) = value {
                    w.sql(" = ").string(value);
                }
            });
            w.sql(");\n");
        });
    }

    fn alter_configuration(
        &mut self,
        name: &QualifiedName,
        from: &TextSearchConfiguration,
        to: &TextSearchConfiguration,
    ) {
        let id = ObjectId::TextSearchConfiguration(name.clone());
        self.replace(&id, Rank::Routine, |w| {
            for token in from.mappings.keys().filter(|token| !to.mappings.contains_key(*token)) {
                w.sql("ALTER TEXT SEARCH CONFIGURATION ").qualified(name);
                w.sql(" DROP MAPPING FOR ").ident(token);
                w.sql(";\n");
            }
            for (token, dictionaries) in &to.mappings {
                let known = from.mappings.get(token);
                if known == Some(dictionaries) {
                    continue;
                }
                w.sql("ALTER TEXT SEARCH CONFIGURATION ").qualified(name);
                w.sql(if known.is_some() { " ALTER" } else { " ADD" });
                w.sql(" MAPPING FOR ").ident(token);
                w.sql(" WITH ");
                w.list(dictionaries, crate::emit::sql::SqlWriter::name);
                w.sql(";\n");
            }
        });
    }

    pub(super) fn drop_default_privileges(&mut self, key: &DefaultPrivilegesKey, object: &Object) {
        let Object::DefaultPrivileges(from) = object else { return };
        self.default_privileges(key, &from.acl, &base(key));
    }

    /// From one list of default privileges to another.
    fn default_privileges(&mut self, key: &DefaultPrivilegesKey, from: &Acl, to: &Acl) {
        let id = ObjectId::DefaultPrivileges(key.clone());
        let unit = Unit::from(&id);
        let frees = self.uses_of(std::slice::from_ref(&unit));
        let maintain = self.sides.knows_maintain();
        let plain = |acl: &Acl| known(acl.clone(), maintain);
        let Grants { revoked, granted } = grants(&plain(from), &plain(to));
        let step = Step::new(Rank::Last, &unit, |w| {
            for grant in &revoked {
                w.change_default_privileges(key, grant, true);
            }
            for grant in &granted {
                w.change_default_privileges(key, grant, false);
            }
        });
        self.push(step.frees(&frees).hazard(Hazard::PrivilegeChange));
    }
}

/// What is in force without any default privileges.
fn base(key: &DefaultPrivilegesKey) -> Acl {
    match key.namespace {
        Some(_) => Acl::default(),
        None => Acl::default_of(key.class),
    }
}
