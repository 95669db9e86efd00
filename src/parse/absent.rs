//! What to make of a statement about an object that no statement creates.
//!
//! A dump also says privileges, owners and comments of objects that belong to an
//! extension or to the system, when they were changed. Those objects are not part of
//! the schema; anything else that is not there is a mistake.

use pg_query::protobuf::ObjectType;

use super::address::Address;
use super::coverage::IgnoreRule;
use super::interpreter::{Interpreter, Outcome};
use crate::catalog::Catalog;
use crate::model::{Extension, Ident, Name, ObjectId, Problem, ProblemCode};

/// Objects that are outside of the schema of a database by their kind.
pub(super) fn outside(kind: ObjectType) -> Option<IgnoreRule> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the parser's enum")]
    match kind {
        ObjectType::ObjectDatabase
        | ObjectType::ObjectTablespace
        | ObjectType::ObjectParameterAcl => Some(IgnoreRule::Cluster),
        ObjectType::ObjectLargeobject => Some(IgnoreRule::LargeObject),
        _inside => None,
    }
}

/// The outcome of a statement about an object that was not found.
pub(super) fn absent(cx: &Interpreter<'_>, address: &Address) -> Result<Outcome, Problem> {
    if let Address::Global(make, name) = address {
        return global(cx, make(name.clone()), address);
    }
    let namespaces: Vec<Ident> = match name_of(address).and_then(|name| name.namespace.clone()) {
        Some(namespace) => vec![namespace],
        None => cx.path.lookup().collect(),
    };
    if let [namespace] = namespaces.as_slice()
        && outside_namespace(namespace)
    {
        return Ok(Outcome::Ignored(IgnoreRule::SystemObject));
    }
    if is_built_in(address) {
        return Ok(Outcome::Ignored(IgnoreRule::SystemObject));
    }
    let has_extension = cx.schema.objects.values().any(|entry| {
        let extension = <&Extension>::try_from(&entry.object);
        extension.is_ok_and(|extension| {
            extension.namespace.as_ref().is_none_or(|namespace| namespaces.contains(namespace))
        })
    });
    if has_extension {
        Ok(Outcome::Ignored(IgnoreRule::ExtensionMember))
    } else {
        Err(missing(address))
    }
}

fn global(cx: &Interpreter<'_>, id: ObjectId, address: &Address) -> Result<Outcome, Problem> {
    let ignored = |rule| Ok(Outcome::Ignored(rule));
    match &id {
        // Roles are made in another file than the database is (`pg_dumpall --globals-only`).
        ObjectId::Role(_) => ignored(IgnoreRule::Cluster),
        ObjectId::Namespace(name) if outside_namespace(name) => ignored(IgnoreRule::SystemObject),
        ObjectId::Language(name)
            if ["plpgsql", "sql", "c", "internal"].contains(&name.as_str()) =>
        {
            ignored(IgnoreRule::SystemObject)
        }
        // pg_dump leaves out the extension that every database has.
        ObjectId::Extension(name) if *name == "plpgsql" => ignored(IgnoreRule::SystemObject),
        ObjectId::Language(_)
        | ObjectId::ForeignDataWrapper(_)
        | ObjectId::AccessMethod(_)
        | ObjectId::EventTrigger(_)
            if cx.schema.objects.keys().any(|id| matches!(id, ObjectId::Extension(_))) =>
        {
            ignored(IgnoreRule::ExtensionMember)
        }
        _other => Err(missing(address)),
    }
}

/// True for the schemas of the system.
pub(super) fn outside_namespace(namespace: &Ident) -> bool {
    namespace.as_str().starts_with("pg_") || *namespace == "information_schema"
}

/// True for an unqualified name of the system: `pg_catalog` is looked through first.
fn is_built_in(address: &Address) -> bool {
    let Some(Name { namespace: None, name }) = name_of(address) else { return false };
    let catalog = Catalog::default();
    match address {
        Address::Relation(_) | Address::Column(..) => {
            catalog.relations(name.as_str()).any(|found| found.schema == "pg_catalog")
        }
        Address::Routine(..) => {
            catalog.functions(name.as_str()).any(|found| found.schema == "pg_catalog")
        }
        _others_say_their_schema => false,
    }
}

fn name_of(address: &Address) -> Option<&Name> {
    match address {
        Address::Relation(name)
        | Address::Column(name, _)
        | Address::Child(_, name, _)
        | Address::Routine(name, _)
        | Address::Operator(name, _, _)
        | Address::Member(_, _, name)
        | Address::Named(_, name) => Some(name),
        Address::Type(ty)
        | Address::DomainConstraint(ty, _)
        | Address::Cast(ty, _)
        | Address::Transform(ty, _) => Some(&ty.name),
        Address::Global(..) | Address::Outside => None,
    }
}

/// The problem that something named does not exist.
pub(super) fn missing(address: &Address) -> Problem {
    Problem::new(ProblemCode::Missing, format!("{} does not exist", address.shown()))
        .help("pgcanon reads the whole source before it says so: nothing in it creates this object")
}

#[cfg(test)]
mod tests {
    use super::super::testing::problems;
    use crate::model::ProblemCode;

    #[test]
    fn names_of_the_system_need_no_schema() {
        assert_eq!(
            problems("GRANT SELECT ON pg_proc TO r; GRANT SELECT (rolname) ON pg_authid TO r;"),
            []
        );
        assert_eq!(problems("REVOKE ALL ON FUNCTION pg_reload_conf() FROM r;"), []);
        assert_eq!(problems("GRANT SELECT ON pg_nothing TO r;"), [ProblemCode::Missing]);
    }
}
