//! `GRANT`, `REVOKE` of privileges.
//!
//! Each is replayed on the list that is in force, which starts as the default of the
//! kind (`acldefault`, `src/backend/utils/adt/acl.c`): after `REVOKE ALL ON FUNCTION f()
//! FROM PUBLIC` PUBLIC is missing where it stood by default. A list that comes out as
//! the default is none. Who granted is not kept: a dump prints it for no one but the owner.

use pg_query::NodeEnum;
use pg_query::protobuf::{AccessPriv, GrantStmt, GrantTargetType, Node, ObjectType};

use super::absent::{absent, outside};
use super::address::{Address, address};
use super::annotation::{Annotated, annotated};
use super::interpreter::{Interpreter, Need, Outcome, Statement};
use super::lower::{Lowered, Lowering};
use super::role::grantees;
use super::type_name::{idents, string};
use crate::model::{
    Acl, AclClass, ColumnDefault, Entry, Facet, Grantee, Ident, NormalRule, Object, ObjectId,
    Privilege, Problem, ProblemCode, RoutineKind, Span,
};

/// `GRANT` and `REVOKE` of privileges on objects.
pub(super) fn grant(stmt: &GrantStmt, _cx: Lowering<'_>) -> Lowered {
    let kind = stmt.objtype();
    if let Some(rule) = outside(kind) {
        return Lowered::Ignored(rule);
    }
    let Some(change) = Change::lower(stmt) else { return Lowered::unsupported("this privilege") };
    let targets = match stmt.targtype() {
        GrantTargetType::AclTargetAllInSchema => {
            Targets::AllInSchema(stmt.objects.iter().map(|node| Ident::new(string(node))).collect())
        }
        GrantTargetType::AclTargetObject | GrantTargetType::Undefined => {
            let objects: Option<Vec<Address>> =
                stmt.objects.iter().map(|node| address(kind, node)).collect();
            match objects {
                Some(objects) => Targets::Objects(objects),
                None => return Lowered::unsupported("the object of this GRANT or REVOKE"),
            }
        }
        GrantTargetType::AclTargetDefaults => return Lowered::unsupported("this GRANT or REVOKE"),
    };
    Lowered::apply(Grant { kind, targets, change })
}

/// What is granted or revoked, to or from whom.
#[derive(Clone)]
pub(super) struct Change {
    grant: bool,
    /// None for `ALL`.
    privileges: Option<Vec<Privilege>>,
    /// Privileges on columns; none for `ALL (columns)`.
    columns: Vec<(Option<Privilege>, Vec<Ident>)>,
    pub grantees: Vec<Grantee>,
    /// `WITH GRANT OPTION`, `GRANT OPTION FOR`.
    option: bool,
}

impl Change {
    /// Reads it from the statement; none when a privilege is not known.
    pub fn lower(stmt: &GrantStmt) -> Option<Self> {
        let mut change = Self {
            grant: stmt.is_grant,
            privileges: (!stmt.privileges.is_empty()).then(Vec::new),
            columns: Vec::new(),
            grantees: grantees(&stmt.grantees),
            option: stmt.grant_option,
        };
        for item in stmt.privileges.iter().filter_map(access) {
            let privilege = match item.priv_name.as_str() {
                "" | "all" => None,
                name => Some(privilege(name)?),
            };
            if !item.cols.is_empty() {
                change.columns.push((privilege, idents(&item.cols)));
            } else if let Some(privilege) = privilege {
                change.privileges.get_or_insert_default().push(privilege);
            } else {
                change.privileges = None;
            }
        }
        Some(change)
    }

    /// Applies it to a list; `owner` is the owner of the object, when known.
    pub fn apply(
        &self,
        acl: &mut Acl,
        privileges: &[Privilege],
        owner: Option<&Ident>,
        session: Option<&Ident>,
    ) {
        for grantee in &self.grantees {
            let grantee = resolve(grantee, owner, session);
            if self.grant {
                acl.grant(&grantee, privileges, self.option);
            } else {
                acl.revoke(&grantee, privileges, self.option);
            }
        }
    }

    /// The privileges on an object of a class.
    pub fn on(&self, class: AclClass) -> Vec<Privilege> {
        match &self.privileges {
            None => class.rights().to_vec(),
            Some(privileges) => privileges.clone(),
        }
    }
}

fn access(node: &Node) -> Option<&AccessPriv> {
    match node.node.as_ref()? {
        NodeEnum::AccessPriv(item) => Some(item),
        _the_grammar_puts_nothing_else_there => None,
    }
}

fn privilege(name: &str) -> Option<Privilege> {
    Some(match name {
        "select" => Privilege::Select,
        "insert" => Privilege::Insert,
        "update" => Privilege::Update,
        "delete" => Privilege::Delete,
        "truncate" => Privilege::Truncate,
        "references" => Privilege::References,
        "trigger" => Privilege::Trigger,
        "maintain" => Privilege::Maintain,
        "usage" => Privilege::Usage,
        "create" => Privilege::Create,
        "connect" => Privilege::Connect,
        "temporary" | "temp" => Privilege::Temporary,
        "execute" => Privilege::Execute,
        "set" => Privilege::Set,
        "alter system" => Privilege::AlterSystem,
        _unknown => return None,
    })
}

/// The grantee on an object whose owner is known, in a session whose role is known.
pub(super) fn resolve(
    grantee: &Grantee,
    owner: Option<&Ident>,
    session: Option<&Ident>,
) -> Grantee {
    let role = match grantee {
        Grantee::Role(role) => role,
        Grantee::CurrentUser | Grantee::SessionUser => match session {
            Some(role) => role,
            None => return grantee.clone(),
        },
        Grantee::Public | Grantee::Owner => return grantee.clone(),
    };
    if owner == Some(role) { Grantee::Owner } else { Grantee::Role(role.clone()) }
}

enum Targets {
    Objects(Vec<Address>),
    AllInSchema(Vec<Ident>),
}

struct Grant {
    kind: ObjectType,
    targets: Targets,
    change: Change,
}

impl Statement for Grant {
    fn needs(&self) -> Vec<Need> {
        match &self.targets {
            Targets::Objects(objects) => {
                objects.iter().map(|address| Need::Annotated(self.kind, address.clone())).collect()
            }
            Targets::AllInSchema(_) => Vec::new(),
        }
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let mut outcome = Ok(Outcome::Modelled);
        match &self.targets {
            Targets::AllInSchema(namespaces) => {
                for target in all_in_schema(cx, self.kind, namespaces) {
                    change(cx, &target, &self.change, span)?;
                }
            }
            Targets::Objects(objects) => {
                for address in objects {
                    match annotated(cx, self.kind, address) {
                        Some(target) => change(cx, &target, &self.change, span)?,
                        None => outcome = absent(cx, address),
                    }
                }
            }
        }
        outcome
    }
}

/// Grants or revokes on one object and its columns.
fn change(
    cx: &mut Interpreter<'_>,
    target: &Annotated,
    change: &Change,
    span: Span,
) -> Result<(), Problem> {
    let Some(class) = target.class(cx) else {
        return Err(Problem::new(ProblemCode::Invalid, "this kind of object has no privileges"));
    };
    // On a sequence TABLE may be said, with the privileges of sequences counting
    // (`ExecGrant_Relation`, `src/backend/catalog/aclchk.c`).
    let mut privileges = change.on(class);
    privileges.retain(|privilege| class.rights().contains(privilege));
    if change.privileges.as_ref().is_none_or(|all| !all.is_empty()) {
        on_list(cx, target, change, &privileges, span)?;
    }
    let Annotated::Object(id) = target else { return Ok(()) };
    for (privilege, columns) in &change.columns {
        let rights = privilege.map_or_else(|| AclClass::Column.rights().to_vec(), |one| vec![one]);
        for column in columns {
            let column = Annotated::Column(id.clone(), column.clone());
            on_list(cx, &column, change, &rights, span)?;
        }
    }
    if !change.grant && class == AclClass::Table {
        // A REVOKE from the table is one from its columns, too (the same function).
        privileges.retain(|privilege| AclClass::Column.rights().contains(privilege));
        for column in columns_with_rights(cx, id) {
            on_list(cx, &Annotated::Column(id.clone(), column), change, &privileges, span)?;
        }
    }
    Ok(())
}

fn on_list(
    cx: &mut Interpreter<'_>,
    target: &Annotated,
    change: &Change,
    privileges: &[Privilege],
    span: Span,
) -> Result<(), Problem> {
    let Some(class) = target.class(cx) else { return Ok(()) };
    let holder = target.holder();
    let is_public = is_public(&holder);
    let default = if is_public { Acl::default_of_public(false) } else { Acl::default_of(class) };
    // The superuser that `initdb` makes, mostly `postgres`, is taken for the role that runs
    // a text which names none: a superuser's own privileges change nothing. `public` was
    // there before, and belongs to `pg_database_owner`.
    let unnamed = || Some(Ident::new("postgres"));
    let owner = cx.schema.objects.get(&holder).and_then(|entry| entry.owner.clone());
    let owner = if is_public { owner } else { owner.or_else(unnamed) };
    let session = cx.session.role.clone().or_else(unnamed);
    let Some(rights) = target.notes(cx)?.rights else { return Ok(()) };
    let mut acl = rights.acl.take().unwrap_or_else(|| default.clone());
    change.apply(&mut acl, privileges, owner.as_ref(), session.as_ref());
    // What is said of `public` is kept even when it is the default, as that depends on
    // the version (`diff::align`).
    let is_default = acl == default && !is_public;
    *rights.acl = (!is_default).then_some(acl);
    if is_default && let Some(entry) = cx.schema.objects.get_mut(&holder) {
        entry.origin.apply(NormalRule::DefaultPrivileges);
    }
    for grantee in &change.grantees {
        let grantee = resolve(grantee, owner.as_ref(), session.as_ref());
        target.record(cx, Facet::Privileges, Some(&grantee), span);
    }
    Ok(())
}

fn is_public(id: &ObjectId) -> bool {
    matches!(id, ObjectId::Namespace(name) if *name == "public")
}

/// The columns of a relation that have privileges of their own.
fn columns_with_rights(cx: &Interpreter<'_>, id: &ObjectId) -> Vec<Ident> {
    let notes = match cx.schema.objects.get(id).map(|entry| &entry.object) {
        Some(Object::Table(table)) => {
            let own = table.columns.iter().filter(|column| column.details.acl.is_some());
            return own.map(|column| column.name.clone()).collect();
        }
        Some(Object::View(view)) => &view.column_notes,
        Some(Object::MaterializedView(view)) => &view.column_notes,
        _other_relations_have_no_columns => return Vec::new(),
    };
    let own = notes.iter().filter(|(_, note)| note.acl.is_some());
    own.map(|(column, _)| column.clone()).collect()
}

/// What `ALL TABLES IN SCHEMA` and its like mean (`objectsInSchemaToOids`,
/// `src/backend/catalog/aclchk.c`).
fn all_in_schema(cx: &Interpreter<'_>, kind: ObjectType, namespaces: &[Ident]) -> Vec<Annotated> {
    let mut targets = Vec::new();
    for (id, entry) in &cx.schema.objects {
        if !id.namespace().is_some_and(|namespace| namespaces.contains(namespace)) {
            continue;
        }
        let procedure = match &entry.object {
            Object::Routine(routine) => routine.kind == RoutineKind::Procedure,
            _no_routine => false,
        };
        #[expect(clippy::wildcard_enum_match_arm, reason = "the parser's enum")]
        let meant = match kind {
            ObjectType::ObjectTable => {
                matches!(id, ObjectId::Table(_) | ObjectId::View(_) | ObjectId::MaterializedView(_))
            }
            ObjectType::ObjectSequence => matches!(id, ObjectId::Sequence(_)),
            ObjectType::ObjectFunction => {
                matches!(id, ObjectId::Routine(_) | ObjectId::Aggregate(_)) && !procedure
            }
            ObjectType::ObjectProcedure => procedure,
            ObjectType::ObjectRoutine => {
                matches!(id, ObjectId::Routine(_) | ObjectId::Aggregate(_))
            }
            _no_other_kind_is_granted_so => false,
        };
        if meant {
            targets.push(Annotated::Object(id.clone()));
        }
        if let (ObjectType::ObjectSequence, Object::Table(table)) = (kind, &entry.object) {
            let identity = table
                .columns
                .iter()
                .filter(|column| matches!(column.default, Some(ColumnDefault::Identity { .. })));
            targets.extend(
                identity.map(|column| Annotated::IdentitySequence(id.clone(), column.name.clone())),
            );
        }
    }
    targets
}

/// Counts what is granted to the role that owns an object as the owner's, whichever
/// was said first; `OWNER TO` hands the owner's privileges on (`aclnewowner`).
pub(super) fn finish(cx: &mut Interpreter<'_>) {
    for (id, entry) in &mut cx.schema.objects {
        let class = AclClass::of_object(&entry.object).filter(|_| !is_public(id));
        if let (Some(owner), Some(acl)) = (&entry.owner, &mut entry.acl) {
            acl.fold_owner(owner);
        }
        if class.is_some_and(|class| entry.acl.as_ref() == Some(&Acl::default_of(class))) {
            entry.acl = None;
            entry.origin.apply(NormalRule::DefaultPrivileges);
        }
        let owner = entry.owner.clone();
        part_lists(&mut entry.object, &mut |acl, class| {
            if let (Some(owner), Some(acl)) = (&owner, acl.as_mut()) {
                acl.fold_owner(owner);
            }
            if acl.as_ref() == Some(&Acl::default_of(class)) {
                *acl = None;
            }
        });
    }
}

/// Calls `f` for the privileges on an object and on its columns.
pub(super) fn lists(entry: &mut Entry, f: &mut dyn FnMut(&mut Option<Acl>, AclClass)) {
    if let Some(class) = AclClass::of_object(&entry.object) {
        f(&mut entry.acl, class);
    }
    part_lists(&mut entry.object, f);
}

/// Calls `f` for the privileges on the columns of an object and on their sequences.
fn part_lists(object: &mut Object, f: &mut dyn FnMut(&mut Option<Acl>, AclClass)) {
    let notes = match object {
        Object::Table(table) => {
            let columns = table.columns.iter_mut();
            for details in columns.filter_map(|column| column.details.said_mut()) {
                f(&mut details.acl, AclClass::Column);
                f(&mut details.sequence_note.acl, AclClass::Sequence);
            }
            return;
        }
        Object::View(view) => &mut view.column_notes,
        Object::MaterializedView(view) => &mut view.column_notes,
        _without_columns => return,
    };
    notes.values_mut().for_each(|note| f(&mut note.acl, AclClass::Column));
    super::view::tidy_notes(notes);
}

#[cfg(test)]
mod tests {
    use super::super::testing::{differ, problems, same, schema};
    use crate::model::{Grantee, Ident, ObjectId, Privilege, ProblemCode};

    const VIEW: &str = "CREATE VIEW v AS SELECT 1 AS a, 2 AS b;";

    #[track_caller]
    fn check(one: &str, other: &str) {
        same(&[VIEW, one].concat(), &[VIEW, other].concat());
    }

    #[test]
    fn what_comes_out_as_the_default_is_none() {
        check("GRANT SELECT ON v TO r; REVOKE ALL ON v FROM r;", "");
        check("REVOKE SELECT ON v FROM PUBLIC;", "");
        check(
            "GRANT SELECT, INSERT ON v TO r; REVOKE INSERT ON v FROM r;",
            "GRANT SELECT ON v TO r;",
        );
    }

    #[test]
    fn a_revoked_default_is_said() {
        let view = schema(&[VIEW, "ALTER VIEW v OWNER TO o; REVOKE INSERT ON v FROM o;"].concat());
        let id = ObjectId::View(crate::model::QualifiedName::new("public", "v"));
        let acl = view.objects.get(&id).and_then(|entry| entry.acl.clone()).unwrap_or_default();
        let owner = acl.grants.get(&Grantee::Owner).cloned().unwrap_or_default();
        assert!(!owner.contains_key(&Privilege::Insert) && owner.contains_key(&Privilege::Select));
    }

    #[test]
    fn the_owner_is_the_owner_whenever_it_is_said() {
        check(
            "GRANT SELECT ON v TO o WITH GRANT OPTION; ALTER VIEW v OWNER TO o;",
            "ALTER VIEW v OWNER TO o;",
        );
        check(
            "SET ROLE o; GRANT SELECT ON v TO CURRENT_USER; ALTER VIEW v OWNER TO CURRENT_ROLE;",
            "ALTER VIEW v OWNER TO o;",
        );
    }

    #[test]
    fn a_text_without_roles_is_run_by_the_superuser() {
        check("GRANT SELECT ON v TO postgres;", "");
        check("GRANT SELECT ON v TO CURRENT_USER;", "");
        check(
            "REVOKE DELETE ON v FROM postgres;",
            "REVOKE ALL ON v FROM postgres; GRANT SELECT, INSERT, UPDATE, TRUNCATE, REFERENCES, TRIGGER, MAINTAIN ON v TO postgres;",
        );
        let owned = [VIEW, "ALTER VIEW v OWNER TO o;"].concat();
        differ(&[&owned, "GRANT SELECT ON v TO postgres;"].concat(), &owned);
    }

    #[test]
    fn grant_option_can_be_taken_alone() {
        check(
            "GRANT SELECT, UPDATE ON v TO r WITH GRANT OPTION; REVOKE GRANT OPTION FOR UPDATE ON v FROM r;",
            "GRANT UPDATE ON v TO r; GRANT SELECT ON v TO r WITH GRANT OPTION;",
        );
    }

    #[test]
    fn columns_have_their_own_and_lose_them_with_the_table() {
        check(
            "GRANT SELECT (a), UPDATE (a, b) ON v TO r; REVOKE UPDATE ON v FROM r;",
            "GRANT SELECT (a) ON v TO r;",
        );
        differ(
            &[VIEW, "GRANT SELECT (a, b) ON v TO r;"].concat(),
            &[VIEW, "GRANT SELECT ON v TO r;"].concat(),
        );
    }

    #[test]
    fn all_means_each_in_the_schema() {
        check(
            "GRANT SELECT ON ALL TABLES IN SCHEMA public TO r;",
            "GRANT SELECT ON public.v TO r;",
        );
    }

    #[test]
    fn a_mistake_is_told_from_what_an_extension_owns() {
        assert_eq!(
            problems("GRANT EXECUTE ON FUNCTION armor(bytea) TO r;"),
            [ProblemCode::Missing]
        );
        assert_eq!(problems("REVOKE ALL ON FUNCTION pg_catalog.pg_reload_conf() FROM r;"), []);
        assert!(schema("").objects.contains_key(&ObjectId::Namespace(Ident::new("public"))));
    }
}
