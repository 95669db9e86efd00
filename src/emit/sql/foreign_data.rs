//! Foreign-data wrappers, servers and user mappings. Options are written in full, as
//! what is read back must be the same: the text may hold secrets.

use super::SqlWriter;
use crate::model::{ForeignDataWrapper, Ident, Server, UserMapping};

impl SqlWriter {
    /// `CREATE FOREIGN DATA WRAPPER`.
    pub fn create_foreign_data_wrapper(&mut self, name: &Ident, wrapper: &ForeignDataWrapper) {
        let ForeignDataWrapper { handler, validator, options } = wrapper;
        self.sql("CREATE FOREIGN DATA WRAPPER ").ident(name);
        if let Some(handler) = handler {
            self.sql(" HANDLER ").name(handler);
        }
        if let Some(validator) = validator {
            self.sql(" VALIDATOR ").name(validator);
        }
        self.foreign_options(options);
        self.sql(";\n");
    }

    /// `CREATE SERVER`.
    pub fn create_server(&mut self, name: &Ident, server: &Server) {
        let Server { wrapper, server_type, version, options } = server;
        self.sql("CREATE SERVER ").ident(name);
        if let Some(server_type) = server_type {
            self.sql(" TYPE ").string(server_type);
        }
        if let Some(version) = version {
            self.sql(" VERSION ").string(version);
        }
        self.sql(" FOREIGN DATA WRAPPER ").ident(wrapper);
        self.foreign_options(options);
        self.sql(";\n");
    }

    /// `CREATE USER MAPPING`.
    pub fn create_user_mapping(&mut self, (server, user): &(Ident, Ident), mapping: &UserMapping) {
        let UserMapping { options } = mapping;
        self.sql("CREATE USER MAPPING FOR ");
        self.mapped_user(user);
        self.sql(" SERVER ").ident(server);
        self.foreign_options(options);
        self.sql(";\n");
    }

    /// The user of a mapping.
    pub fn mapped_user(&mut self, user: &Ident) {
        match user.as_str() {
            // No role can be called so.
            "public" => self.push("PUBLIC"),
            "pg_current_user" => self.push("CURRENT_USER"),
            "pg_session_user" => self.push("SESSION_USER"),
            _role => self.ident(user),
        }
    }
}
