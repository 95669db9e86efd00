//! `CALL p(..)`, `SELECT f(..)`: what the routines of the source that they run do to the schema.
//!
//! In goes the statement, out comes nothing where no routine that it runs changes the schema,
//! and a problem where one may: `SELECT audit('orders')` makes triggers that no text shows.
//! Surprising: routines are looked for by name alone, and a function that is not in the source
//! is taken to change nothing; a procedure is not, as procedures are made to change something.

use std::collections::BTreeSet;

use pg_query::protobuf::{CallStmt, SelectStmt};

use super::coverage::IgnoreRule;
use super::interpreter::{Interpreter, Outcome, Statement};
use super::lower::{Lowered, Lowering};
use super::type_name;
use crate::model::{
    Entry, Ident, Name, ObjectId, Problem, ProblemCode, QualifiedName, Query, Routine, RoutineBody,
    Signature, Span, VisitMut, change_query,
};

/// `CALL procedure(..)`.
pub(super) fn call(stmt: &CallStmt, cx: Lowering<'_>) -> Lowered {
    match &stmt.funccall {
        Some(call) => {
            let names = vec![type_name::name(&call.funcname)];
            let hands_on = changes_schema(cx.text);
            Lowered::apply(Calls { names, procedure: true, hands_on })
        }
        None => Lowered::problem(dynamic("CALL", "it names no procedure")),
    }
}

/// A query that calls functions; none when it calls none that a source could have.
pub(super) fn select(stmt: &SelectStmt, cx: Lowering<'_>) -> Option<Lowered> {
    let mut query: Query = super::query::query(stmt);
    let mut called = Called(Vec::new());
    change_query(&mut query, &mut called);
    let Called(names) = called;
    let system = |name: &Name| name.namespace.as_ref().is_some_and(|own| *own == "pg_catalog");
    let only_system = names.iter().all(system);
    (!only_system).then(|| {
        let hands_on = changes_schema(cx.text);
        Lowered::apply(Calls { names, procedure: false, hands_on })
    })
}

struct Called(Vec<Name>);

impl VisitMut for Called {
    fn function(&mut self, name: &mut Name) {
        self.0.push(name.clone());
    }
}

struct Calls {
    names: Vec<Name>,
    procedure: bool,
    /// True when it may hand on a statement that changes the schema, to be run by `EXECUTE`.
    hands_on: bool,
}

impl Statement for Calls {
    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, _span: Span) -> Result<Outcome, Problem> {
        let mut waiting: Vec<(QualifiedName, Routine)> =
            self.names.iter().flat_map(|name| routines(cx, name)).collect();
        if self.procedure && waiting.is_empty() {
            return Err(dynamic("CALL", "the procedure is not in the source"));
        }
        let mut seen: BTreeSet<QualifiedName> =
            waiting.iter().map(|(name, _)| name.clone()).collect();
        while let Some((name, routine)) = waiting.pop() {
            let RoutineBody::Source(body) = &routine.body else { continue };
            let executes = words(body).any(|word| word.eq_ignore_ascii_case("execute"));
            if changes_schema(body) || (executes && self.hands_on) {
                let what = format!("a call of \"{}\"", name.name.as_str());
                return Err(dynamic(&what, "its code holds statements that change a schema"));
            }
            for word in words(body) {
                let called = Name { namespace: None, name: Ident::new(word.to_ascii_lowercase()) };
                let called = routines(cx, &called);
                waiting.extend(called.into_iter().filter(|(name, _)| seen.insert(name.clone())));
            }
        }
        Ok(Outcome::Ignored(IgnoreRule::Query))
    }
}

/// The routines of the source with that name, in any namespace when it names none.
fn routines(cx: &Interpreter<'_>, name: &Name) -> Vec<(QualifiedName, Routine)> {
    let of = |namespace: &Ident| {
        let own = QualifiedName { namespace: namespace.clone(), name: name.name.clone() };
        let first = ObjectId::Routine(Signature { name: own.clone(), args: Vec::new() });
        let all = cx.schema.objects.range(first..);
        let same = all.take_while(
            |(id, _)| matches!(id, ObjectId::Routine(signature) if signature.name == own),
        );
        let routine = |entry: &Entry| <&Routine>::try_from(&entry.object).ok().cloned();
        same.filter_map(|(_, entry)| Some((own.clone(), routine(entry)?))).collect::<Vec<_>>()
    };
    if let Some(namespace) = &name.namespace {
        return of(namespace);
    }
    let first = ObjectId::Namespace(Ident::default());
    let namespaces = cx.schema.objects.range(first..).map_while(|(id, _)| match id {
        ObjectId::Namespace(name) => Some(name),
        _no_more => None,
    });
    namespaces.flat_map(of).collect()
}

/// True when a text holds a word with which statements that change the schema begin; strings
/// are searched, too, as they may be run. What is run and stands in neither the body nor the
/// call, as it comes from rows, is taken to change nothing. Temporary relations are gone with the session.
fn changes_schema(body: &str) -> bool {
    const CHANGES: [&str; 7] =
        ["create", "alter", "drop", "grant", "revoke", "comment", "reassign"];
    let mut words = words(body).peekable();
    while let Some(word) = words.next() {
        let next = words.peek().copied().unwrap_or_default();
        let is = |word: &str, other: &str| word.eq_ignore_ascii_case(other);
        let harmless = is(word, "comment") && !is(next, "on")
            || is(word, "create") && (is(next, "temp") || is(next, "temporary"));
        if !harmless && CHANGES.iter().any(|change| is(word, change)) {
            return true;
        }
    }
    false
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.split(move |c| !is_word(c)).filter(|word| !word.is_empty())
}

fn dynamic(what: &str, reason: &str) -> Problem {
    Problem::new(
        ProblemCode::Dynamic,
        format!("what {what} does to the schema cannot be known offline: {reason}"),
    )
    .help("write the statements out, or dump a database where it has been run")
}

#[cfg(test)]
mod tests {
    use super::super::testing::{problems, read};
    use crate::model::ProblemCode;
    use crate::parse::IgnoreRule;

    const LOG: &str = "CREATE TABLE t (a int); CREATE PROCEDURE log(x int) LANGUAGE sql AS 'INSERT INTO t VALUES (x)';";
    const MAKE: &str = "CREATE FUNCTION make(x text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('CREATE TABLE %I ()', x); END $$;";

    #[track_caller]
    fn check(text: &str, expected: &[ProblemCode]) {
        assert_eq!(problems(text), expected, "{text}");
    }

    #[test]
    fn what_only_changes_rows_is_no_problem() {
        check(&[LOG, "CALL log(1);"].concat(), &[]);
        let twice = "CREATE FUNCTION twice(x int) RETURNS int LANGUAGE sql AS 'SELECT 2 * x';";
        check(&[twice, "SELECT twice(a) FROM generate_series(1, 2) AS a;"].concat(), &[]);
        let run = "CREATE FUNCTION run(x text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE x; END $$;";
        check(&[run, "SELECT run('ANALYZE');"].concat(), &[]);
        check(&[run, "SELECT run('DROP TABLE t');"].concat(), &[ProblemCode::Dynamic]);
        let parsed = read("SELECT pg_catalog.now();");
        assert_eq!(parsed.coverage.ignored[&IgnoreRule::Query].len(), 1);
    }

    #[test]
    fn what_may_change_the_schema_is_said() {
        check("CALL p();", &[ProblemCode::Dynamic]);
        check(&[MAKE, "SELECT make('u');"].concat(), &[ProblemCode::Dynamic]);
        check(&[MAKE, "SELECT 1 FROM t, make('u');"].concat(), &[ProblemCode::Dynamic]);
        let nested = "CREATE PROCEDURE make_it() LANGUAGE plpgsql AS $$ BEGIN PERFORM make('u'); END $$; CALL make_it();";
        check(&[MAKE, nested].concat(), &[ProblemCode::Dynamic]);
    }
}
