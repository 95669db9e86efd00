//! Roles, their memberships and settings. Passwords are not known and not written.

use super::SqlWriter;
use crate::model::{Ident, Role};
use std::collections::BTreeMap;

impl SqlWriter {
    /// `CREATE ROLE`, with all attributes said.
    pub fn create_role(&mut self, name: &Ident, role: &Role) {
        let Role { attributes, member_of: _, settings: _said_once_all_roles_are_there } = role;
        self.role_attributes("CREATE ROLE ", name, attributes);
    }

    /// `CREATE ROLE r WITH ..`, `ALTER ROLE r WITH ..`.
    pub fn role_attributes(
        &mut self,
        command: &'static str,
        name: &Ident,
        attributes: &BTreeMap<Ident, Box<str>>,
    ) {
        self.sql(command).ident(name);
        self.sql(" WITH");
        for (attribute, value) in attributes {
            let on = **value == *"true";
            match attribute.as_str() {
                "superuser" => self.sql(if on { " SUPERUSER" } else { " NOSUPERUSER" }),
                "inherit" => self.sql(if on { " INHERIT" } else { " NOINHERIT" }),
                "createrole" => self.sql(if on { " CREATEROLE" } else { " NOCREATEROLE" }),
                "createdb" => self.sql(if on { " CREATEDB" } else { " NOCREATEDB" }),
                "canlogin" => self.sql(if on { " LOGIN" } else { " NOLOGIN" }),
                "isreplication" => self.sql(if on { " REPLICATION" } else { " NOREPLICATION" }),
                "bypassrls" => self.sql(if on { " BYPASSRLS" } else { " NOBYPASSRLS" }),
                "connectionlimit" => {
                    // Kept as digits; none is no limit.
                    self.sql(" CONNECTION LIMIT ").number(value.parse::<i32>().unwrap_or(-1))
                }
                _valid_until => self.sql(" VALID UNTIL ").string(value),
            };
        }
        self.sql(";\n");
    }

    /// Memberships and settings, once all roles are there.
    pub fn role_settings(&mut self, name: &Ident, role: &Role) {
        for (group, options) in &role.member_of {
            self.sql("GRANT ").ident(group);
            self.sql(" TO ").ident(name);
            let flag = |option: &str| options.contains(option);
            self.sql(if flag("admin") { " WITH ADMIN TRUE" } else { " WITH ADMIN FALSE" });
            self.sql(if flag("inherit") { ", INHERIT TRUE" } else { ", INHERIT FALSE" });
            self.sql(if flag("set") { ", SET TRUE;\n" } else { ", SET FALSE;\n" });
        }
        for ((database, setting), value) in &role.settings {
            self.sql("ALTER ROLE ").ident(name);
            if let Some(database) = database {
                self.sql(" IN DATABASE ").ident(database);
            }
            self.sql(" ");
            self.setting(setting, value);
            self.sql(";\n");
        }
    }
}
