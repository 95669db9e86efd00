//! Roles, as `pg_dumpall` prints them, and references to roles.
//!
//! A file of a database names roles that another file makes, so that statements about
//! a role that is not there are left out, not wrong. Passwords are never kept.

use std::collections::BTreeSet;

use pg_query::NodeEnum;
use pg_query::protobuf::{
    AlterRoleSetStmt, AlterRoleStmt, CreateRoleStmt, DefElem, DropRoleStmt, GrantRoleStmt, Node,
    RoleSpec, RoleSpecType, RoleStmtType,
};

use super::IgnoreRule;
use super::def_elem::list;
use super::define;
use super::interpreter::{Interpreter, Need, Outcome, Statement};
use super::lower::{Lowered, Lowering, unsupported};
use super::routine::setting::{Setting, list as names, setting};
use super::type_name::ident;
use crate::model::{Facet, Grantee, Ident, ObjectId, Place, Problem, Role, Span};

/// Whom a role specification means.
pub(super) fn grantee(spec: &RoleSpec) -> Grantee {
    match spec.roletype() {
        RoleSpecType::RolespecPublic => Grantee::Public,
        RoleSpecType::RolespecCurrentRole | RoleSpecType::RolespecCurrentUser => {
            Grantee::CurrentUser
        }
        RoleSpecType::RolespecSessionUser => Grantee::SessionUser,
        RoleSpecType::RolespecCstring | RoleSpecType::Undefined => {
            Grantee::Role(Ident::new(&spec.rolename))
        }
    }
}

/// Whom the nodes of a list mean.
pub(super) fn grantees(nodes: &[Node]) -> Vec<Grantee> {
    let spec = |node: &Node| match node.node.as_ref()? {
        NodeEnum::RoleSpec(spec) => Some(grantee(spec)),
        _the_grammar_puts_nothing_else_there => None,
    };
    nodes.iter().filter_map(spec).collect()
}

/// The roles among them; `CURRENT_USER` is none that is known.
fn roles(nodes: &[Node]) -> Vec<Ident> {
    let role = |grantee| match grantee {
        Grantee::Role(role) => Some(role),
        Grantee::Public | Grantee::Owner | Grantee::CurrentUser | Grantee::SessionUser => None,
    };
    grantees(nodes).into_iter().filter_map(role).collect()
}

/// Attributes with their defaults (`CreateRole`, `src/backend/commands/user.c`).
const DEFAULTS: [(&str, &str); 8] = [
    ("bypassrls", "false"),
    ("connectionlimit", "-1"),
    ("createdb", "false"),
    ("createrole", "false"),
    ("inherit", "true"),
    ("canlogin", "false"),
    ("isreplication", "false"),
    ("superuser", "false"),
];

/// `CREATE ROLE`, `CREATE USER`, `CREATE GROUP`.
pub(super) fn create(stmt: &CreateRoleStmt, _cx: Lowering<'_>) -> Lowered {
    let change = match Change::lower(&stmt.options) {
        Ok(change) => change,
        Err(problem) => return Lowered::problem(problem),
    };
    let login = stmt.stmt_type() == RoleStmtType::RolestmtUser;
    Lowered::apply(CreateRole { name: Ident::new(&stmt.role), login, change })
}

/// `ALTER ROLE .. WITH ..`; `ALTER GROUP .. ADD | DROP USER`.
pub(super) fn alter(stmt: &AlterRoleStmt, _cx: Lowering<'_>) -> Lowered {
    let Some(Grantee::Role(name)) = stmt.role.as_ref().map(grantee) else {
        return Lowered::Ignored(IgnoreRule::Cluster);
    };
    match Change::lower(&stmt.options) {
        Ok(mut change) => {
            change.remove_members = stmt.action < 0;
            Lowered::apply(AlterRole { name, change })
        }
        Err(problem) => Lowered::problem(problem),
    }
}

/// What `WITH ..` says of a role.
#[derive(Default)]
struct Change {
    attributes: Vec<(Ident, Box<str>)>,
    member_of: Vec<Ident>,
    members: Vec<Ident>,
    admins: Vec<Ident>,
    /// `ALTER GROUP .. DROP USER`.
    remove_members: bool,
}

impl Change {
    fn lower(options: &[Node]) -> Result<Self, Problem> {
        let mut change = Self::default();
        for option in define::elements(options) {
            match option.defname.as_str() {
                // Secret, and not part of what roles may do.
                "password" | "sysid" => {}
                "addroleto" => change.member_of = roles(list(option)),
                "rolemembers" => change.members = roles(list(option)),
                "adminmembers" => change.admins = roles(list(option)),
                "validUntil" => change.attribute(option, define::text(option)),
                name if DEFAULTS.iter().any(|(known, _)| *known == name) => {
                    change.attribute(option, define::text(option));
                }
                name => return Err(unsupported(&format!("the attribute \"{name}\" of a role"))),
            }
        }
        Ok(change)
    }

    fn attribute(&mut self, option: &DefElem, value: Option<String>) {
        let value = value.unwrap_or_else(|| "true".to_owned());
        self.attributes.push((Ident::new(&option.defname), value.into()));
    }

    fn apply(self, cx: &mut Interpreter<'_>, name: &Ident, span: Span) {
        if let Some((role, origin)) = cx.object_mut::<Role>(&ObjectId::Role(name.clone())) {
            for (attribute, value) in self.attributes {
                origin.record(Place::part_facet(&attribute, Facet::Attribute), span);
                role.attributes.insert(attribute, value);
            }
        }
        for group in &self.member_of {
            join(cx, group, name, &Membership::default(), span);
        }
        for member in &self.members {
            if self.remove_members {
                leave(cx, name, member);
            } else {
                join(cx, name, member, &Membership::default(), span);
            }
        }
        for admin in &self.admins {
            join(cx, name, admin, &Membership { admin: Some(true), ..Membership::default() }, span);
        }
    }
}

struct CreateRole {
    name: Ident,
    login: bool,
    change: Change,
}

impl Statement for CreateRole {
    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let mut role = Role::default();
        role.attributes =
            DEFAULTS.iter().map(|(name, value)| (Ident::new(name), Box::from(*value))).collect();
        if self.login {
            role.attributes.insert(Ident::new("canlogin"), "true".into());
        }
        let outcome = cx.create(ObjectId::Role(self.name.clone()), role, span, false)?;
        self.change.apply(cx, &self.name, span);
        Ok(outcome)
    }
}

struct AlterRole {
    name: Ident,
    change: Change,
}

impl Statement for AlterRole {
    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        if !cx.schema.objects.contains_key(&ObjectId::Role(self.name.clone())) {
            return Ok(Outcome::Ignored(IgnoreRule::Cluster));
        }
        self.change.apply(cx, &self.name, span);
        Ok(Outcome::Modelled)
    }
}

/// `ALTER ROLE .. [IN DATABASE d] SET name = value | RESET ..`.
pub(super) fn alter_setting(stmt: &AlterRoleSetStmt, _cx: Lowering<'_>) -> Lowered {
    let (Some(Grantee::Role(name)), Some(set)) = (stmt.role.as_ref().map(grantee), &stmt.setstmt)
    else {
        return Lowered::Ignored(IgnoreRule::Cluster);
    };
    match setting(set) {
        Ok(setting) => {
            Lowered::apply(AlterRoleSetting { name, database: ident(&stmt.database), setting })
        }
        Err(problem) => Lowered::problem(problem),
    }
}

struct AlterRoleSetting {
    name: Ident,
    database: Option<Ident>,
    setting: Setting,
}

impl Statement for AlterRoleSetting {
    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let path: Vec<&str> = cx.path.0.iter().map(Ident::as_str).collect();
        let current = names(&path);
        let Some((role, origin)) = cx.object_mut::<Role>(&ObjectId::Role(self.name)) else {
            return Ok(Outcome::Ignored(IgnoreRule::Cluster));
        };
        let database = self.database;
        let (name, value) = match self.setting {
            Setting::Set(name, value) => (name, value),
            Setting::CurrentPath => (Ident::new("search_path"), current.into()),
            Setting::Reset(name) => {
                role.settings.remove(&(database, name));
                return Ok(Outcome::Modelled);
            }
            Setting::ResetAll => {
                role.settings.retain(|(of, _), _| *of != database);
                return Ok(Outcome::Modelled);
            }
        };
        origin.record(Place::part_facet(&name, Facet::Setting), span);
        role.settings.insert((database, name), value);
        Ok(Outcome::Modelled)
    }
}

/// `DROP ROLE`.
pub(super) fn drop(stmt: &DropRoleStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::apply(DropRole { names: roles(&stmt.roles) })
}

struct DropRole {
    names: Vec<Ident>,
}

impl Statement for DropRole {
    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, _span: Span) -> Result<Outcome, Problem> {
        let mut outcome = Outcome::Ignored(IgnoreRule::Cluster);
        for name in self.names {
            if cx.remove(&ObjectId::Role(name.clone())).is_some() {
                outcome = Outcome::Modelled;
            }
            for entry in cx.schema.objects.values_mut() {
                if let Ok(role) = <&mut Role>::try_from(&mut entry.object) {
                    role.member_of.remove(&name);
                }
            }
        }
        Ok(outcome)
    }
}

/// `GRANT role TO role`, `REVOKE role FROM role`.
pub(super) fn grant(stmt: &GrantRoleStmt, _cx: Lowering<'_>) -> Lowered {
    let group = |node: &Node| match node.node.as_ref()? {
        NodeEnum::AccessPriv(role) => Some(Ident::new(&role.priv_name)),
        _the_grammar_puts_nothing_else_there => None,
    };
    let mut membership = Membership::default();
    for option in define::elements(&stmt.opt) {
        let flag = define::flag(option);
        match option.defname.as_str() {
            "admin" => membership.admin = flag,
            "inherit" => membership.inherit = flag,
            "set" => membership.set = flag,
            _unknown => return Lowered::unsupported("this option of a membership"),
        }
    }
    Lowered::apply(GrantRole {
        groups: stmt.granted_roles.iter().filter_map(group).collect(),
        members: roles(&stmt.grantee_roles),
        grant: stmt.is_grant,
        only_option: !stmt.opt.is_empty(),
        membership,
    })
}

/// The options of a membership, where they are said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Membership {
    admin: Option<bool>,
    inherit: Option<bool>,
    set: Option<bool>,
}

struct GrantRole {
    groups: Vec<Ident>,
    members: Vec<Ident>,
    grant: bool,
    /// `REVOKE ADMIN OPTION FOR`.
    only_option: bool,
    membership: Membership,
}

impl Statement for GrantRole {
    fn needs(&self) -> Vec<Need> {
        Vec::new()
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let mut known = false;
        for member in &self.members {
            known |= cx.schema.objects.contains_key(&ObjectId::Role(member.clone()));
            for group in &self.groups {
                match (self.grant, self.only_option) {
                    (true, _) => join(cx, group, member, &self.membership, span),
                    (false, false) => leave(cx, group, member),
                    (false, true) => {
                        let off = |said: Option<bool>| said.map(|_| false);
                        let membership = Membership {
                            admin: off(self.membership.admin),
                            inherit: off(self.membership.inherit),
                            set: off(self.membership.set),
                        };
                        join(cx, group, member, &membership, span);
                    }
                }
            }
        }
        Ok(if known { Outcome::Modelled } else { Outcome::Ignored(IgnoreRule::Cluster) })
    }
}

/// Makes a role a member of another, or changes the options of its membership. What is
/// not said is as for a new one: no ADMIN, SET, and INHERIT as the role itself has it
/// (`AddRoleMems`, `src/backend/commands/user.c`).
fn join(cx: &mut Interpreter<'_>, group: &Ident, member: &Ident, said: &Membership, span: Span) {
    let Some((role, origin)) = cx.object_mut::<Role>(&ObjectId::Role(member.clone())) else {
        return;
    };
    let inherits =
        role.attributes.get(&Ident::new("inherit")).is_none_or(|value| **value == *"true");
    let old = role.member_of.get(group);
    let in_force = |name: &str, said: Option<bool>, default: bool| {
        said.unwrap_or_else(|| old.map_or(default, |options| options.contains(name)))
    };
    let options = [
        ("admin", in_force("admin", said.admin, false)),
        ("inherit", in_force("inherit", said.inherit, inherits)),
        ("set", in_force("set", said.set, true)),
    ];
    let options: BTreeSet<Box<str>> =
        options.into_iter().filter(|(_, on)| *on).map(|(name, _)| Box::from(name)).collect();
    origin.record(Place::part_facet(group, Facet::MemberOf), span);
    role.member_of.insert(group.clone(), options);
}

fn leave(cx: &mut Interpreter<'_>, group: &Ident, member: &Ident) {
    if let Some((role, _)) = cx.object_mut::<Role>(&ObjectId::Role(member.clone())) {
        role.member_of.remove(group);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{differ, same};

    #[test]
    fn defaults_and_passwords_do_not_count() {
        same(
            "CREATE USER u PASSWORD 'one';",
            "CREATE ROLE u; ALTER ROLE u WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS PASSWORD 'two';",
        );
        differ("CREATE ROLE u LOGIN;", "CREATE ROLE u LOGIN SUPERUSER;");
    }

    #[test]
    fn memberships_have_their_options() {
        same(
            "CREATE ROLE g; CREATE ROLE m IN ROLE g;",
            "CREATE ROLE g; CREATE ROLE m; GRANT g TO m WITH INHERIT TRUE GRANTED BY postgres;",
        );
        differ(
            "CREATE ROLE g; CREATE ROLE m IN ROLE g;",
            "CREATE ROLE g; CREATE ROLE m; GRANT g TO m WITH ADMIN OPTION;",
        );
    }
}
