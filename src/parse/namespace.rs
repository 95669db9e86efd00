//! `CREATE SCHEMA`, with what it may hold.
//!
//! `CREATE SCHEMA s CREATE TABLE t ..` creates `s.t`: each element is a statement of its
//! own, with `s` in front of the path and the schema's owner as the role
//! (`CreateSchemaCommand`, `src/backend/commands/schemacmds.c`). Elements may stand in
//! any order there.

use pg_query::protobuf::CreateSchemaStmt;

use super::absent::outside_namespace;
use super::coverage::IgnoreRule;
use super::declared::Declared;
use super::interpreter::{Interpreter, Outcome, Statement};
use super::lower::{Lowered, Lowering, lower, unsupported};
use super::role::grantee;
use crate::model::{Acl, AclClass, Grantee, Ident, Namespace, ObjectId, Problem, SearchPath, Span};

/// `CREATE SCHEMA [IF NOT EXISTS] [name] [AUTHORIZATION role] [elements]`.
pub(super) fn create(stmt: &CreateSchemaStmt, cx: Lowering<'_>) -> Lowered {
    let owner = stmt.authrole.as_ref().map(grantee);
    let name = match (&owner, stmt.schemaname.as_str()) {
        (Some(Grantee::Role(role)), "") => role.clone(),
        // The name is known when it is applied, in a session whose role is.
        (_, "") => Ident::default(),
        (_, name) => Ident::new(name),
    };
    let mut elements = Vec::new();
    for node in &stmt.schema_elts {
        match lower(node, cx) {
            Lowered::Apply(statement) => elements.push(statement),
            Lowered::Problem(problem) => return Lowered::Problem(problem),
            Lowered::Ignored(_) | Lowered::Reading(..) | Lowered::Transaction(_) => {}
        }
    }
    Lowered::apply(CreateSchema { name, owner, if_not_exists: stmt.if_not_exists, elements })
}

struct CreateSchema {
    name: Ident,
    owner: Option<Grantee>,
    if_not_exists: bool,
    elements: Vec<Box<dyn Statement>>,
}

impl CreateSchema {
    /// The path inside of the statement.
    fn path(&self, outer: &SearchPath) -> SearchPath {
        let outer = outer.0.iter().filter(|name| **name != self.name);
        SearchPath(std::iter::once(&self.name).chain(outer).cloned().collect())
    }
}

impl Statement for CreateSchema {
    fn declare_namespace(&self, declared: &mut Declared) {
        if !self.name.as_str().is_empty() {
            declared.namespaces.insert(self.name.clone());
        }
    }

    fn declare(&self, declared: &mut Declared, path: &SearchPath) {
        let path = self.path(path);
        for element in &self.elements {
            element.declare(declared, &path);
        }
    }

    fn apply(
        mut self: Box<Self>,
        cx: &mut Interpreter<'_>,
        span: Span,
    ) -> Result<Outcome, Problem> {
        if self.name.as_str().is_empty() {
            let Some(role) = cx.session.role.clone() else {
                return Err(unsupported("a schema named after the current role"));
            };
            self.name = role;
        }
        let id = ObjectId::Namespace(self.name.clone());
        let inner = self.path(&cx.path);
        if outside_namespace(&self.name) {
            return Ok(Outcome::Ignored(IgnoreRule::SystemObject));
        }
        let is_public = self.name == "public";
        let implicit = cx.object::<Namespace>(&id).is_some_and(|namespace| namespace.implicit);
        if is_public && implicit {
            // It is there from the start; a source may create it all the same.
            cx.create_or_replace(id.clone(), Namespace { implicit: true }, span);
        } else {
            let outcome =
                cx.create(id.clone(), Namespace { implicit: is_public }, span, self.if_not_exists)?;
            if outcome != Outcome::Modelled {
                return Ok(outcome);
            }
            if is_public {
                // Created anew it has no privileges for PUBLIC.
                cx.entry_mut(&id)?.acl = Some(Acl::default_of(AclClass::Namespace));
            }
        }
        if let Some(owner) = &self.owner {
            super::owner::set_owner(cx, &id, owner, span)?;
        }
        let role = match self.owner {
            Some(Grantee::Role(role)) => Some(role),
            _unknown => cx.session.role.clone(),
        };
        let (path, role) =
            (std::mem::replace(&mut cx.path, inner), std::mem::replace(&mut cx.session.role, role));
        let result = apply_elements(cx, self.elements, span);
        cx.path = path;
        cx.session.role = role;
        result.map(|()| Outcome::Modelled)
    }
}

/// Applies the elements, those first whose needs are met.
fn apply_elements(
    cx: &mut Interpreter<'_>,
    mut elements: Vec<Box<dyn Statement>>,
    span: Span,
) -> Result<(), Problem> {
    loop {
        let before = elements.len();
        let mut waiting = Vec::new();
        for element in elements {
            if element.needs().iter().all(|need| super::is_met(need, cx)) {
                element.apply(cx, span)?;
            } else {
                waiting.push(element);
            }
        }
        elements = waiting;
        if elements.is_empty() || elements.len() == before {
            break;
        }
    }
    for element in elements {
        element.apply(cx, span)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{problems, same};
    use crate::model::ProblemCode;

    #[test]
    fn a_schema_may_be_named_after_the_role_of_the_session() {
        same(
            "SET ROLE r; CREATE SCHEMA AUTHORIZATION CURRENT_ROLE CREATE VIEW v AS SELECT 1;",
            "CREATE SCHEMA r AUTHORIZATION r; SET ROLE r; SET search_path = r, public; CREATE VIEW v AS SELECT 1;",
        );
        let unnamed = problems("CREATE SCHEMA AUTHORIZATION CURRENT_ROLE;");
        assert_eq!(unnamed, [ProblemCode::Unsupported]);
    }

    #[test]
    fn elements_are_created_in_the_schema() {
        same(
            "CREATE SCHEMA s AUTHORIZATION o CREATE VIEW v AS SELECT 1 GRANT SELECT ON v TO r;",
            "CREATE SCHEMA s; ALTER SCHEMA s OWNER TO o; SET ROLE o; CREATE VIEW s.v AS SELECT 1; GRANT SELECT ON s.v TO r; RESET ROLE; SET search_path = s, public; CREATE OR REPLACE VIEW s.v AS SELECT 1;",
        );
    }
}
