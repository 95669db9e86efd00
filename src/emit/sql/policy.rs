//! Row-level security policies.

use super::SqlWriter;
use crate::model::{Child, Expression, Grantee, Policy, PolicyCommand};
use std::collections::BTreeSet;

impl SqlWriter {
    /// `CREATE POLICY`, with all its clauses said.
    pub fn create_policy(&mut self, child: &Child, policy: &Policy) {
        let Policy { permissive, command, roles, using, with_check } = policy;
        self.sql("CREATE POLICY ").ident(&child.name);
        self.sql(" ON ").qualified(&child.parent);
        self.sql(if *permissive { " AS PERMISSIVE FOR " } else { " AS RESTRICTIVE FOR " });
        self.sql(match command {
            PolicyCommand::All => "ALL",
            PolicyCommand::Select => "SELECT",
            PolicyCommand::Insert => "INSERT",
            PolicyCommand::Update => "UPDATE",
            PolicyCommand::Delete => "DELETE",
        });
        self.policy_terms(roles, using.as_ref(), with_check.as_ref());
    }

    /// `ALTER POLICY`, with roles and conditions said.
    pub fn alter_policy(&mut self, child: &Child, policy: &Policy) {
        self.sql("ALTER POLICY ").ident(&child.name);
        self.sql(" ON ").qualified(&child.parent);
        let (using, check) = (policy.using.as_ref(), policy.with_check.as_ref());
        self.policy_terms(&policy.roles, using, check);
    }

    fn policy_terms(
        &mut self,
        roles: &BTreeSet<Grantee>,
        using: Option<&Expression>,
        with_check: Option<&Expression>,
    ) {
        self.sql(" TO ");
        self.list(roles, |writer, role| writer.grantee(role, None));
        if let Some(using) = using {
            self.sql(" USING (").expr(&using.expr).sql(")");
        }
        if let Some(check) = with_check {
            self.sql(" WITH CHECK (").expr(&check.expr).sql(")");
        }
        self.sql(";\n");
    }
}
