//! Roles for a temporary server, where there are none.
//!
//! In: both sides. Out: `CREATE ROLE` for each role that an owner, a privilege or a policy names.
//! They can do nothing: what is proven is the schema, and who may log in is none of it.

use std::collections::BTreeSet;

use pgcanon::emit::sql::{SqlWriter, Style};
use pgcanon::model::{Acl, Grantee, Ident, Object, ObjectId, Pair};
use pgcanon::normalize::NormalSchema;

/// The name of the superuser of a temporary server.
const SUPERUSER: &str = "postgres";

/// The statements; empty when no role is named.
pub(super) fn create(sides: Pair<&NormalSchema>) -> String {
    let mut named = BTreeSet::new();
    let mut declared = BTreeSet::new();
    for (id, object) in [sides.canonical, sides.live].into_iter().flatten() {
        named.extend(object.owner().cloned());
        named.extend(object.acl().into_iter().flat_map(grantees));
        match object.object() {
            Object::Policy(policy) => named.extend(policy.roles.iter().filter_map(role)),
            Object::DefaultPrivileges(default) => named.extend(grantees(&default.acl)),
            _other => {}
        }
        match id {
            ObjectId::Role(name) => drop(declared.insert(name.clone())),
            ObjectId::DefaultPrivileges(key) => named.extend(key.role.clone()),
            _other => {}
        }
    }
    let is_ours = |role: &&Ident| {
        // No role can be made whose name starts so (IsReservedName, src/backend/catalog/catalog.c).
        let is_built_in = role.as_str() == SUPERUSER || role.as_str().starts_with("pg_");
        !is_built_in && !declared.contains(*role)
    };
    named.iter().filter(is_ours).map(statement).collect()
}

fn grantees(acl: &Acl) -> impl Iterator<Item = Ident> {
    acl.grants.keys().filter_map(role)
}

fn role(grantee: &Grantee) -> Option<Ident> {
    match grantee {
        Grantee::Role(name) => Some(name.clone()),
        _nobody_by_name => None,
    }
}

fn statement(role: &Ident) -> String {
    let mut writer = SqlWriter::new(Style::LINES);
    writer.ident(role);
    format!("CREATE ROLE {};\n", writer.finish())
}
