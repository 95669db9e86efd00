//! Temporary relations: what a session creates for itself, which is no part of the schema.
//!
//! ```sql
//! CREATE TEMP TABLE t (a int);
//! CREATE INDEX ON t (a);          -- of the temporary one, though there may be a public.t
//! CREATE VIEW v AS TABLE t;       -- temporary as well
//! ```
//!
//! They live in the namespace `pg_temp` while statements are applied, as a server has them
//! in one of its own, and are gone at the end. Surprising: an unqualified relation is looked
//! for there first, before `pg_catalog`, but a function never is
//! (`src/backend/catalog/namespace.c`, `recomputeNamespacePath`).

use pg_query::protobuf::{DiscardMode, DiscardStmt, RangeVar};

use super::coverage::IgnoreRule;
use super::interpreter::{Interpreter, Outcome, Statement};
use super::lower::Lowered;
use super::type_name::range_var;
use crate::model::{
    FromItem, Ident, Name, ObjectId, Problem, QualifiedName, Query, SearchPath, Span, Visit,
    walk_query,
};

const NAMESPACE: &str = "pg_temp";

/// What a session has of its own.
#[derive(Clone, Debug, Default)]
pub(super) struct Temporary {
    /// True once there was anything temporary: most sources have nothing.
    pub any: bool,
    /// What goes with the end of the transaction (`ON COMMIT DROP`).
    until_commit: Vec<ObjectId>,
}

/// The name of a relation to be created, in `pg_temp` when it is temporary.
pub(super) fn created_name(relation: &RangeVar) -> Name {
    let mut name = range_var(relation);
    if relation.relpersistence == "t" {
        name.namespace = Some(Ident::new(NAMESPACE));
    }
    name
}

/// True for what is created in `pg_temp`.
pub(super) fn is_temporary(name: &Name) -> bool {
    name.namespace.as_ref().is_some_and(|namespace| *namespace == NAMESPACE)
}

/// True for objects in `pg_temp` and their parts.
pub(super) fn is_of_session(id: &ObjectId) -> bool {
    id.namespace().is_some_and(|namespace| *namespace == NAMESPACE)
}

/// A relation of the session.
pub(super) fn qualified(name: &Ident) -> QualifiedName {
    QualifiedName { namespace: Ident::new(NAMESPACE), name: name.clone() }
}

/// What a statement came to that created something.
pub(super) fn made(id: &ObjectId) -> Outcome {
    if is_of_session(id) { Outcome::Ignored(IgnoreRule::Temporary) } else { Outcome::Modelled }
}

impl Interpreter<'_> {
    /// Where a name is looked for before the path: nowhere unless it may be that of a
    /// temporary relation.
    pub fn temporary_name(&self, name: &Name) -> Option<QualifiedName> {
        let implied = self.temporary.any
            && name.namespace.is_none()
            && !self.path.0.iter().any(|namespace| *namespace == NAMESPACE);
        implied.then(|| qualified(&name.name))
    }

    /// Makes room for a temporary relation where another session, or an earlier transaction,
    /// had one of that name: each file may be run by itself.
    pub fn replace_temporary(&mut self, id: &ObjectId, span: Span) {
        let Some(old) = self.clash(id).filter(|_| is_of_session(id)) else { return };
        if old.source != span.source || self.temporary.until_commit.contains(id) {
            self.remove(id);
        }
    }

    /// Notes what goes with the end of the transaction.
    pub fn drop_on_commit(&mut self, id: ObjectId) {
        self.temporary.until_commit.push(id);
    }

    /// `COMMIT`.
    pub fn commit(&mut self) {
        for id in std::mem::take(&mut self.temporary.until_commit) {
            self.remove(&id);
        }
    }

    /// The end of the session: all that is temporary goes.
    pub fn drop_temporary(&mut self) {
        if !self.temporary.any {
            return;
        }
        let all: Vec<ObjectId> =
            self.schema.objects.keys().filter(|id| is_of_session(id)).cloned().collect();
        for id in all {
            // A function of its row type goes as well.
            super::drop::drop_object(self, &id, true, Span::default());
        }
    }

    /// True when a query reads from a temporary relation, which makes a view of it temporary
    /// (`isQueryUsingTempRelation`, `src/backend/parser/parse_relation.c`).
    pub fn reads_temporary(&self, query: &Query) -> bool {
        if !self.temporary.any {
            return false;
        }
        relations_read(query).iter().any(|name| {
            self.find_relation(name).is_some_and(|(found, _)| found.namespace == NAMESPACE)
        })
    }

    /// The path, with `pg_temp` where it is looked into.
    pub fn path_with_temporary(&self) -> SearchPath {
        let named = self.path.0.iter().any(|namespace| *namespace == NAMESPACE);
        if named || !self.temporary.any {
            return self.path.clone();
        }
        let own = std::iter::once(Ident::new(NAMESPACE));
        SearchPath(own.chain(self.path.0.iter().cloned()).collect())
    }
}

/// The relations that a query reads from, as written.
pub(super) fn relations_read(query: &Query) -> Vec<Name> {
    let mut read = Read::default();
    walk_query(query, &mut read);
    let Read { mut relations, common } = read;
    relations.retain(|name| name.namespace.is_some() || !common.contains(&name.name));
    relations
}

/// The names that stand in `FROM`, and those that `WITH` defines.
#[derive(Default)]
struct Read {
    relations: Vec<Name>,
    common: Vec<Ident>,
}

impl Visit for Read {
    fn from_item(&mut self, item: &FromItem) -> bool {
        if let FromItem::Relation { name, .. } = item {
            self.relations.push(name.clone());
        }
        true
    }

    fn query(&mut self, query: &Query) -> bool {
        let queries = query.with.iter().flat_map(|with| &with.queries);
        self.common.extend(queries.map(|common| common.name.clone()));
        true
    }
}

/// `DISCARD`.
pub(super) fn discard(stmt: &DiscardStmt) -> Lowered {
    match stmt.target() {
        DiscardMode::DiscardAll | DiscardMode::DiscardTemp => Lowered::apply(Discard),
        DiscardMode::DiscardPlans | DiscardMode::DiscardSequences | DiscardMode::Undefined => {
            Lowered::Ignored(IgnoreRule::Setting)
        }
    }
}

struct Discard;

impl Statement for Discard {
    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, _span: Span) -> Result<Outcome, Problem> {
        cx.drop_temporary();
        Ok(Outcome::Ignored(IgnoreRule::Setting))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{problems, same};
    use crate::model::ProblemCode;

    #[test]
    fn what_is_done_to_a_temporary_table_is_no_part_of_the_schema() {
        same(
            "CREATE TABLE t (a int); CREATE TEMP TABLE t (b serial PRIMARY KEY CHECK (b > 0));
             CREATE INDEX ON t (b); ALTER TABLE t ADD c text; COMMENT ON TABLE t IS 'x';
             CREATE VIEW v AS SELECT b FROM t; CREATE TEMP SEQUENCE s; ALTER SEQUENCE s CYCLE;
             CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
             CREATE TEMP TABLE w (a int); CREATE FUNCTION g(w) RETURNS int LANGUAGE sql AS 'SELECT 1';
             DROP TABLE t CASCADE; ALTER TABLE t ADD d int;",
            "CREATE TABLE t (a int, d int);",
        );
    }

    #[test]
    fn a_view_of_other_relations_is_kept() {
        same(
            "CREATE TABLE t (a int); CREATE TEMP TABLE u (a int);
             CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM public.t;
             CREATE VIEW x AS WITH u AS (SELECT 1 AS a) SELECT a FROM u;",
            "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t;
             CREATE VIEW w AS SELECT a FROM public.t;
             CREATE VIEW x AS WITH u AS (SELECT 1 AS a) SELECT a FROM u;",
        );
    }

    #[test]
    fn it_ends_with_its_transaction_or_session() {
        same(
            "BEGIN; CREATE TEMP TABLE t (a int) ON COMMIT DROP; COMMIT; CREATE TABLE t (b int);
             CREATE INDEX ON t (b);",
            "CREATE TABLE t (b int); CREATE INDEX ON t (b);",
        );
        same(
            "CREATE TEMP TABLE t (a int); DISCARD TEMP; CREATE TABLE t (b int); ALTER TABLE t ADD c int;",
            "CREATE TABLE t (b int, c int);",
        );
        same("CREATE TEMP TABLE t (a int); DISCARD PLANS; ALTER TABLE t ADD c int;", "");
    }

    #[test]
    fn a_path_may_name_it() {
        same(
            "CREATE TEMP TABLE t (a int); CREATE TABLE public.t (b int);
             SET search_path = public, pg_temp; ALTER TABLE t ADD c int;",
            "CREATE TABLE t (b int, c int);",
        );
    }

    #[test]
    fn two_of_a_name_are_one_too_many() {
        let twice = "CREATE TEMP TABLE t (a int); CREATE TEMP TABLE t (a int);";
        assert_eq!(problems(twice), [ProblemCode::Duplicate]);
        assert_eq!(problems("CREATE TABLE t (a int); CREATE TEMP TABLE t (a int);"), []);
    }
}
