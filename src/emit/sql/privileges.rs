//! Default privileges.

use super::SqlWriter;
use crate::model::{Acl, AclClass, DefaultPrivileges, DefaultPrivilegesKey, Grantee, Privilege};

impl SqlWriter {
    /// `ALTER DEFAULT PRIVILEGES`: from the default to the list.
    pub fn create_default_privileges(
        &mut self,
        key: &DefaultPrivilegesKey,
        defaults: &DefaultPrivileges,
    ) {
        let DefaultPrivileges { acl } = defaults;
        let base = match key.namespace {
            Some(_) => Acl::default(),
            None => Acl::default_of(key.class),
        };
        for (grantee, held) in &base.grants {
            if acl.grants.get(grantee) != Some(held) {
                self.default_privileges_head(key);
                self.sql(" REVOKE ALL ON ").sql(class_word(key.class)).sql(" FROM ");
                self.default_grantee(grantee, key);
                self.sql(";\n");
            }
        }
        for (grantee, held) in &acl.grants {
            if base.grants.get(grantee) == Some(held) {
                continue;
            }
            for option in [false, true] {
                let has =
                    |(privilege, own): (&Privilege, &bool)| (*own == option).then_some(*privilege);
                let privileges: Vec<Privilege> = held.iter().filter_map(has).collect();
                if privileges.is_empty() {
                    continue;
                }
                self.default_privileges_head(key);
                self.sql(" GRANT ");
                self.list(privileges, |writer, privilege| {
                    writer.sql(privilege.keyword());
                });
                self.sql(" ON ").sql(class_word(key.class)).sql(" TO ");
                self.default_grantee(grantee, key);
                self.sql(if option { " WITH GRANT OPTION;\n" } else { ";\n" });
            }
        }
    }

    /// `ALTER DEFAULT PRIVILEGES FOR ROLE r IN SCHEMA s`.
    pub fn default_privileges_head(&mut self, key: &DefaultPrivilegesKey) {
        self.sql("ALTER DEFAULT PRIVILEGES");
        if let Some(role) = &key.role {
            self.sql(" FOR ROLE ").ident(role);
        }
        if let Some(namespace) = &key.namespace {
            self.sql(" IN SCHEMA ").ident(namespace);
        }
    }

    fn default_grantee(&mut self, grantee: &Grantee, key: &DefaultPrivilegesKey) {
        self.grantee(grantee, key.role.as_ref());
    }
}

/// The word for a class of objects there.
pub(crate) fn class_word(class: AclClass) -> &'static str {
    match class {
        AclClass::Table | AclClass::Column => "TABLES",
        AclClass::Sequence => "SEQUENCES",
        AclClass::Routine => "FUNCTIONS",
        AclClass::Type => "TYPES",
        AclClass::LargeObject => "LARGE OBJECTS",
        // The rest have no default privileges; schemas have.
        AclClass::Namespace
        | AclClass::Language
        | AclClass::ForeignDataWrapper
        | AclClass::Server => "SCHEMAS",
    }
}
