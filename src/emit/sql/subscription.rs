//! Subscriptions. The connection is written in full and may hold a secret.

use super::SqlWriter;
use crate::model::{Ident, Subscription};

/// Options with their values up to PostgreSQL 17, which do not know all of them: only
/// said when they are not so.
const DEFAULTS: [(&str, &str); 9] = [
    ("binary", "false"),
    ("disable_on_error", "false"),
    ("failover", "false"),
    ("origin", "any"),
    ("password_required", "true"),
    ("run_as_owner", "false"),
    ("synchronous_commit", "off"),
    ("two_phase", "false"),
    ("slot_name", ""),
];

impl SqlWriter {
    /// `CREATE SUBSCRIPTION`, without connecting.
    pub fn create_subscription(&mut self, name: &Ident, subscription: &Subscription) {
        let Subscription { connection, publications, options } = subscription;
        self.sql("CREATE SUBSCRIPTION ").ident(name);
        self.sql(" CONNECTION ").string(connection).sql(" PUBLICATION ");
        self.list(publications, SqlWriter::ident);
        let mut said = options.clone();
        said.retain(|option, value| {
            let at_default =
                DEFAULTS.iter().any(|(known, default)| *option == *known && **value == **default);
            let own_slot = *option == "slot_name" && **value == *name.as_str();
            !at_default && !own_slot
        });
        said.insert(Ident::new("connect"), "false".into());
        self.with_options(&said);
        self.sql(";\n");
    }
}
