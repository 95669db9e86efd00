//! `ALTER DEFAULT PRIVILEGES`, and what new objects get by it.
//!
//! For the whole database a list takes the place of the default of the kind; in a schema
//! it is added to that (`get_user_default_acl`, `src/backend/catalog/aclchk.c`).

use pg_query::protobuf::{AlterDefaultPrivilegesStmt, ObjectType};

use super::annotation::Annotated;
use super::interpreter::{Interpreter, Outcome, Statement};
use super::lower::{Lowered, Lowering};
use super::privileges::{Change, resolve};
use super::role::grantees;
use super::type_name::idents;
use super::{def_elem, define};
use crate::model::{
    Acl, AclClass, DefaultPrivileges, DefaultPrivilegesKey, Entry, Facet, Grantee, Ident, ObjectId,
    Problem, Span,
};

/// `ALTER DEFAULT PRIVILEGES`.
pub(super) fn alter_defaults(stmt: &AlterDefaultPrivilegesStmt, _cx: Lowering<'_>) -> Lowered {
    let Some(action) = &stmt.action else {
        return Lowered::unsupported("ALTER DEFAULT PRIVILEGES");
    };
    #[expect(clippy::wildcard_enum_match_arm, reason = "the parser's enum")]
    let class = match action.objtype() {
        ObjectType::ObjectTable => AclClass::Table,
        ObjectType::ObjectSequence => AclClass::Sequence,
        ObjectType::ObjectFunction => AclClass::Routine,
        ObjectType::ObjectType => AclClass::Type,
        ObjectType::ObjectSchema => AclClass::Namespace,
        ObjectType::ObjectLargeobject => AclClass::LargeObject,
        _unknown => return Lowered::unsupported("default privileges of this kind of object"),
    };
    let Some(change) = Change::lower(action) else { return Lowered::unsupported("this privilege") };
    let (mut roles, mut namespaces) = (Vec::new(), Vec::new());
    for option in define::elements(&stmt.options) {
        match option.defname.as_str() {
            "roles" => roles = grantees(def_elem::list(option)),
            "schemas" => namespaces = idents(def_elem::list(option)),
            _unknown => return Lowered::unsupported("this option of ALTER DEFAULT PRIVILEGES"),
        }
    }
    Lowered::apply(AlterDefaults { class, roles, namespaces, change })
}

struct AlterDefaults {
    class: AclClass,
    roles: Vec<Grantee>,
    namespaces: Vec<Ident>,
    change: Change,
}

impl Statement for AlterDefaults {
    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let session = cx.session.role.clone();
        let role = |grantee: &Grantee| match grantee {
            Grantee::Role(role) => Some(role.clone()),
            Grantee::CurrentUser | Grantee::SessionUser | Grantee::Public | Grantee::Owner => {
                session.clone()
            }
        };
        let roles: Vec<Option<Ident>> = if self.roles.is_empty() {
            vec![session.clone()]
        } else {
            self.roles.iter().map(role).collect()
        };
        let namespaces: Vec<Option<Ident>> = if self.namespaces.is_empty() {
            vec![None]
        } else {
            self.namespaces.iter().cloned().map(Some).collect()
        };
        for role in &roles {
            for namespace in &namespaces {
                let (role, namespace) = (role.clone(), namespace.clone());
                let key = DefaultPrivilegesKey { role, namespace, class: self.class };
                alter_default(cx, key, &self.change, span);
            }
        }
        Ok(Outcome::Modelled)
    }
}

/// Changes one list of default privileges; one that is like no list is removed
/// (`SetDefaultACL`, `src/backend/catalog/aclchk.c`).
fn alter_default(cx: &mut Interpreter<'_>, key: DefaultPrivilegesKey, change: &Change, span: Span) {
    let base = base(&key);
    let (class, role) = (key.class, key.role.clone());
    let id = ObjectId::DefaultPrivileges(key);
    let mut acl =
        cx.object::<DefaultPrivileges>(&id).map_or_else(|| base.clone(), |old| old.acl.clone());
    let privileges = change.on(class);
    change.apply(&mut acl, &privileges, role.as_ref(), cx.session.role.as_ref());
    if acl == base {
        cx.remove(&id);
        return;
    }
    match cx.object_mut::<DefaultPrivileges>(&id) {
        Some((old, _)) => old.acl = acl,
        None => cx.put(id.clone(), Entry::new(DefaultPrivileges { acl }.into(), span)),
    }
    for grantee in &change.grantees {
        let grantee = resolve(grantee, role.as_ref(), cx.session.role.as_ref());
        Annotated::Object(id.clone()).record(cx, Facet::Privileges, Some(&grantee), span);
    }
}

/// What is in force where nothing is said.
pub(super) fn base(key: &DefaultPrivilegesKey) -> Acl {
    match key.namespace {
        Some(_) => Acl::default(),
        None => Acl::default_of(key.class),
    }
}

/// Gives a new object the default privileges in force for the role that creates it
/// (`get_user_default_acl`, `src/backend/catalog/aclchk.c`).
pub(super) fn apply_defaults(cx: &Interpreter<'_>, id: &ObjectId, entry: &mut Entry) {
    let Some(class) = AclClass::of_object(&entry.object) else { return };
    let list = |namespace: Option<Ident>| {
        let key = DefaultPrivilegesKey { role: cx.session.role.clone(), namespace, class };
        cx.object::<DefaultPrivileges>(&ObjectId::DefaultPrivileges(key)).map(|list| &list.acl)
    };
    let global = list(None);
    let own = id.namespace().and_then(|namespace| list(Some(namespace.clone())));
    if global.is_none() && own.is_none() {
        return;
    }
    let default = Acl::default_of(class);
    let mut acl = global.cloned().unwrap_or_else(|| default.clone());
    if let Some(own) = own {
        acl.merge(own);
    }
    if acl != default {
        entry.acl = Some(acl);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::same;

    #[test]
    fn default_privileges_are_given_to_what_the_role_creates() {
        same(
            "SET ROLE o; ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO r; CREATE VIEW v AS SELECT 1;",
            "ALTER DEFAULT PRIVILEGES FOR ROLE o IN SCHEMA public GRANT SELECT ON TABLES TO r; SET ROLE o; CREATE VIEW v AS SELECT 1; GRANT SELECT ON v TO r;",
        );
        same(
            "ALTER DEFAULT PRIVILEGES FOR ROLE o GRANT SELECT ON TABLES TO r; CREATE VIEW v AS SELECT 1; ALTER DEFAULT PRIVILEGES FOR ROLE o REVOKE SELECT ON TABLES FROM r;",
            "CREATE VIEW v AS SELECT 1;",
        );
    }
}
