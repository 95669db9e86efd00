//! `CREATE POLICY`, `ALTER POLICY`.
//!
//! A list of roles with PUBLIC in it is PUBLIC (`policy_role_list_to_array`,
//! `src/backend/commands/policy.c`).

use std::collections::BTreeSet;

use pg_query::protobuf::{AlterPolicyStmt, CreatePolicyStmt, Node};

use super::address::Address;
use super::expr::optional;
use super::interpreter::{Interpreter, Need, Outcome, Statement};
use super::lower::{Lowered, Lowering};
use super::role::grantees;
use super::type_name::range_var;
use crate::model::{
    Child, Expr, Expression, Facet, Grantee, Ident, Name, ObjectId, Place, Policy, PolicyCommand,
    Problem, Span,
};

/// `CREATE POLICY`.
pub(super) fn create(stmt: &CreatePolicyStmt, _cx: Lowering<'_>) -> Lowered {
    let Some(table) = &stmt.table else { return Lowered::unsupported("a policy without a table") };
    let command = match stmt.cmd_name.as_str() {
        "all" => PolicyCommand::All,
        "select" => PolicyCommand::Select,
        "insert" => PolicyCommand::Insert,
        "update" => PolicyCommand::Update,
        "delete" => PolicyCommand::Delete,
        _unknown => return Lowered::unsupported("the command of this policy"),
    };
    Lowered::apply(CreatePolicy {
        table: range_var(table),
        name: Ident::new(&stmt.policy_name),
        permissive: stmt.permissive,
        command,
        roles: roles(&stmt.roles),
        using: optional(stmt.qual.as_deref()),
        with_check: optional(stmt.with_check.as_deref()),
    })
}

/// `ALTER POLICY .. TO .. USING .. WITH CHECK ..`.
pub(super) fn alter(stmt: &AlterPolicyStmt, _cx: Lowering<'_>) -> Lowered {
    let Some(table) = &stmt.table else { return Lowered::unsupported("a policy without a table") };
    Lowered::apply(AlterPolicy {
        table: range_var(table),
        name: Ident::new(&stmt.policy_name),
        roles: roles(&stmt.roles),
        using: optional(stmt.qual.as_deref()),
        with_check: optional(stmt.with_check.as_deref()),
    })
}

fn roles(nodes: &[Node]) -> BTreeSet<Grantee> {
    let roles: BTreeSet<Grantee> = grantees(nodes).into_iter().collect();
    if roles.contains(&Grantee::Public) { BTreeSet::from([Grantee::Public]) } else { roles }
}

struct CreatePolicy {
    table: Name,
    name: Ident,
    permissive: bool,
    command: PolicyCommand,
    roles: BTreeSet<Grantee>,
    using: Option<Expr>,
    with_check: Option<Expr>,
}

impl Statement for CreatePolicy {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Relation(self.table.clone())]
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let (table, _) = cx.relation(&self.table)?;
        let path = cx.path.clone();
        let expression = |expr| Expression { expr, path: path.clone() };
        let policy = Policy {
            permissive: self.permissive,
            command: self.command,
            roles: if self.roles.is_empty() {
                BTreeSet::from([Grantee::Public])
            } else {
                self.roles
            },
            using: self.using.map(expression),
            with_check: self.with_check.map(expression),
        };
        cx.create(ObjectId::Policy(Child::new(table, self.name)), policy, span, false)
    }
}

struct AlterPolicy {
    table: Name,
    name: Ident,
    roles: BTreeSet<Grantee>,
    using: Option<Expr>,
    with_check: Option<Expr>,
}

impl Statement for AlterPolicy {
    fn needs(&self) -> Vec<Need> {
        let (table, name) = (self.table.clone(), self.name.clone());
        vec![Need::Object(Address::Child(ObjectId::Policy, table, name))]
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let (table, _) = cx.relation(&self.table)?;
        let path = cx.path.clone();
        let id = ObjectId::Policy(Child::new(table, self.name.clone()));
        let Some((policy, origin)) = cx.object_mut::<Policy>(&id) else {
            return Err(super::interpreter::missing(
                "policy",
                &Name { namespace: None, name: self.name },
            ));
        };
        let expression = |expr| Expression { expr, path: path.clone() };
        if !self.roles.is_empty() {
            policy.roles = self.roles;
            origin.record(Place::facet(Facet::Roles), span);
        }
        if let Some(expr) = self.using {
            policy.using = Some(expression(expr));
            origin.record(Place::facet(Facet::Using), span);
        }
        if let Some(expr) = self.with_check {
            policy.with_check = Some(expression(expr));
            origin.record(Place::facet(Facet::WithCheck), span);
        }
        Ok(Outcome::Modelled)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{differ, same};

    #[test]
    fn public_stands_for_all_roles() {
        same(
            "CREATE TABLE t (a int); CREATE POLICY p ON t TO r, PUBLIC USING (a > 0);",
            "CREATE POLICY p ON t USING (a > 0); CREATE TABLE t (a int);",
        );
        differ(
            "CREATE TABLE t (); CREATE POLICY p ON t TO CURRENT_USER USING (true);",
            "CREATE TABLE t (); CREATE POLICY p ON t TO r USING (true);",
        );
    }

    #[test]
    fn alter_changes_only_what_it_says() {
        same(
            "CREATE TABLE t (); CREATE POLICY p ON t FOR UPDATE TO r USING (true) WITH CHECK (false); ALTER POLICY p ON t TO q WITH CHECK (true);",
            "CREATE TABLE t (); CREATE POLICY p ON t FOR UPDATE TO q USING (true) WITH CHECK (true);",
        );
    }
}
