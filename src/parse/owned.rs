//! `REASSIGN OWNED`, `DROP OWNED`: what belongs to a role.
//!
//! Owners are those that the text says: what nobody is said to own belongs to the role that
//! runs it. `DROP OWNED` also takes from the role what it may do, its default privileges,
//! its user mappings and its place in policies (`shdepDropOwned`, `shdepReassignOwned`,
//! `src/backend/catalog/pg_shdepend.c`).

use pg_query::protobuf::{DropBehavior, DropOwnedStmt, ReassignOwnedStmt};

use super::drop::drop_object;
use super::interpreter::{Interpreter, Outcome, Statement};
use super::lower::{Lowered, Lowering};
use super::owner::{has_owner, set_owner};
use super::role::{grantee, grantees};
use crate::model::{
    Acl, AclClass, DefaultPrivileges, Facet, Grantee, Ident, Object, ObjectId, Place, Policy,
    Problem, ProblemCode, Sequence, Span,
};

/// `REASSIGN OWNED BY role, .. TO role`.
pub(super) fn reassign(stmt: &ReassignOwnedStmt, _cx: Lowering<'_>) -> Lowered {
    match &stmt.newrole {
        Some(to) => Lowered::apply(ReassignOwned { roles: grantees(&stmt.roles), to: grantee(to) }),
        None => Lowered::unsupported("REASSIGN OWNED to nobody"),
    }
}

/// `DROP OWNED BY role, .. [CASCADE | RESTRICT]`.
pub(super) fn drop_owned(stmt: &DropOwnedStmt, _cx: Lowering<'_>) -> Lowered {
    let cascade = stmt.behavior() == DropBehavior::DropCascade;
    Lowered::apply(DropOwned { roles: grantees(&stmt.roles), cascade })
}

struct ReassignOwned {
    roles: Vec<Grantee>,
    to: Grantee,
}

impl Statement for ReassignOwned {
    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        for role in named(cx, &self.roles)? {
            // Its default privileges and user mappings stay with it.
            for id in owned(cx, &role).into_iter().filter(|id| has_owner(id.kind())) {
                set_owner(cx, &id, &self.to, span)?;
            }
        }
        Ok(Outcome::Modelled)
    }
}

struct DropOwned {
    roles: Vec<Grantee>,
    cascade: bool,
}

impl Statement for DropOwned {
    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let roles = named(cx, &self.roles)?;
        for role in &roles {
            revoke_all(cx, role, span);
            leave_policies(cx, role, span);
        }
        for role in &roles {
            for id in owned(cx, role) {
                drop_object(cx, &id, self.cascade, span);
            }
        }
        Ok(Outcome::Modelled)
    }
}

/// The roles by their names. What belongs to the role that runs a text which names none is
/// known to nobody.
fn named(cx: &Interpreter<'_>, roles: &[Grantee]) -> Result<Vec<Ident>, Problem> {
    let name = |grantee: &Grantee| match grantee {
        Grantee::Role(role) => Some(role.clone()),
        Grantee::CurrentUser | Grantee::SessionUser => cx.session.role.clone(),
        Grantee::Public | Grantee::Owner => None,
    };
    roles
        .iter()
        .map(|role| {
            name(role).ok_or_else(|| {
                let message = "what belongs to the role that runs the text is not known offline";
                Problem::new(ProblemCode::NotModelled, message).help("name the role")
            })
        })
        .collect()
}

/// What belongs to a role: objects, and with them its default privileges and user mappings.
/// A sequence of a column belongs to the owner of the table.
fn owned(cx: &Interpreter<'_>, role: &Ident) -> Vec<ObjectId> {
    let owner = |id: &ObjectId| cx.schema.objects.get(id).and_then(|entry| entry.owner.as_ref());
    let belongs = |id: &ObjectId| match id {
        ObjectId::DefaultPrivileges(key) => key.role.as_ref() == Some(role),
        ObjectId::UserMapping((_, user)) => user == role,
        ObjectId::Sequence(_) => {
            let table = cx.object::<Sequence>(id).and_then(|own| own.owned_by.as_ref());
            let table = table.map(|(table, _)| ObjectId::Table(table.clone()));
            owner(table.as_ref().unwrap_or(id)) == Some(role)
        }
        other => owner(other) == Some(role),
    };
    cx.schema.objects.keys().filter(|id| belongs(id)).cloned().collect()
}

/// Takes all privileges from a role, also what it would get on new objects.
fn revoke_all(cx: &mut Interpreter<'_>, role: &Ident, span: Span) {
    let grantee = Grantee::Role(role.clone());
    let mut empty = Vec::new();
    for (id, entry) in cx.objects_mut() {
        let mut touched = false;
        super::privileges::lists(entry, &mut |acl: &mut Option<Acl>, _class: AclClass| {
            touched |= acl.as_mut().is_some_and(|acl| acl.grants.remove(&grantee).is_some());
        });
        if let (ObjectId::DefaultPrivileges(key), Object::DefaultPrivileges(defaults)) =
            (id, &mut entry.object)
        {
            let DefaultPrivileges { acl } = &mut **defaults;
            touched |= acl.grants.remove(&grantee).is_some();
            if touched && *acl == super::default_privileges::base(key) {
                empty.push(id.clone());
            }
        }
        if touched {
            entry.origin.record(Place::facet(Facet::Privileges), span);
        }
    }
    for id in empty {
        cx.remove(&id);
    }
}

/// Takes a role out of policies; one that is for nobody else goes
/// (`RemoveRoleFromObjectPolicy`, `src/backend/commands/policy.c`).
fn leave_policies(cx: &mut Interpreter<'_>, role: &Ident, span: Span) {
    let grantee = Grantee::Role(role.clone());
    let of_role = |id: &&ObjectId| {
        cx.object::<Policy>(id).is_some_and(|policy| policy.roles.contains(&grantee))
    };
    let policies: Vec<ObjectId> = cx.schema.objects.keys().filter(of_role).cloned().collect();
    for id in policies {
        let Some((policy, origin)) = cx.object_mut::<Policy>(&id) else { continue };
        policy.roles.remove(&grantee);
        if policy.roles.is_empty() {
            cx.remove(&id);
        } else {
            origin.record(Place::facet(Facet::Roles), span);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{differ, problems, same};
    use crate::model::ProblemCode;

    #[test]
    fn drop_owned_takes_objects_privileges_and_policies() {
        same(
            "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; ALTER TABLE t OWNER TO r;
            CREATE TABLE u (a serial); GRANT SELECT, UPDATE (a) ON u TO r, s;
            CREATE POLICY p ON u TO r USING (true); CREATE POLICY q ON u TO r, s USING (true);
            ALTER DEFAULT PRIVILEGES FOR ROLE r GRANT SELECT ON TABLES TO s;
            ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT INSERT ON TABLES TO r;
            DROP OWNED BY r CASCADE;",
            "CREATE TABLE u (a serial); GRANT SELECT, UPDATE (a) ON u TO s; CREATE POLICY q ON u TO s USING (true);",
        );
        same(
            "CREATE TABLE t (a serial); ALTER TABLE t OWNER TO r; DROP OWNED BY r; CREATE TABLE t (b int);",
            "CREATE TABLE t (b int);",
        );
        differ(
            "CREATE TABLE t (a int); ALTER TABLE t OWNER TO r; DROP OWNED BY s;",
            "CREATE TABLE u (a int);",
        );
    }

    #[test]
    fn reassign_owned_changes_owners_alone() {
        let before = "CREATE TABLE t (a int); ALTER TABLE t OWNER TO r; CREATE VIEW v AS SELECT 1; ALTER VIEW v OWNER TO q; ALTER DEFAULT PRIVILEGES FOR ROLE r GRANT SELECT ON TABLES TO s;";
        same(
            &[before, "REASSIGN OWNED BY r TO s;"].concat(),
            &[before, "ALTER TABLE t OWNER TO s;"].concat(),
        );
        differ(&[before, "REASSIGN OWNED BY r TO s;"].concat(), before);
    }

    #[test]
    fn what_belongs_to_whom_runs_the_text_is_not_known() {
        assert_eq!(problems("DROP OWNED BY CURRENT_USER;"), [ProblemCode::NotModelled]);
        assert_eq!(problems("SET ROLE r; DROP OWNED BY CURRENT_USER;"), []);
    }
}
