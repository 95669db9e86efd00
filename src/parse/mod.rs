//! From text to a [`Schema`]: statements are split, parsed and lowered in
//! parallel, then applied in order by an interpreter of DDL.
//!
//! Parsing never fails whole: it returns the schema that could be read and the
//! [`Problem`]s with what could not. Every statement is counted once, as
//! modelled, as ignored by a named rule, or as a problem.

#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "the parser's enums have hundreds of variants; each wildcard is named for what it leaves"
)]

mod absent;
mod address;
mod advice;
mod aggregate;
mod alter_table;
mod annotation;
mod attach;
mod call;
pub mod changes;
mod collation;
mod column;
mod column_scope;
pub(crate) mod command;
mod comment;
mod connect;
mod constraint;
mod coverage;
mod declared;
mod def_elem;
mod default_privileges;
mod define;
mod dependents;
mod detach;
mod do_block;
mod drop;
mod event_trigger;
pub(crate) mod expr;
mod extension;
mod extent;
mod finish;
mod follow;
mod follow_column;
mod foreign_data;
pub mod fragment;
mod freeze;
mod from;
mod implied;
mod index;
mod interpreter;
mod json;
mod language;
mod like;
mod lower;
mod names;
mod namespace;
mod objects;
mod operator;
mod owned;
mod owner;
mod partition;
mod partition_check;
mod policy;
mod privileges;
mod psql;
mod psql_state;
mod publication;
mod query;
mod references;
mod relation_action;
mod rename;
mod resolve;
mod retype;
mod rewrite;
mod role;
mod routine;
mod rule;
mod sequence;
mod serial;
mod session;
mod split;
mod statistics;
mod subscription;
mod syntax;
mod table;
mod table_action;
mod table_as;
mod table_constraint;
mod temporary;
pub mod tenant;
#[cfg(test)]
pub(crate) mod testing;
mod text_search;
mod trigger;
pub(crate) mod type_name;
mod user_type;
mod view;
mod xml;

pub use coverage::{Coverage, IgnoreRule};

use rayon::prelude::*;

use crate::model::{Problem, Schema, SearchPath, SourceId, Span};
use crate::source::Source;
use declared::Declared;
use interpreter::{Interpreter, Need, Outcome, Statement};
use lower::{Lowered, Lowering, Transaction};
use rewrite::Rewritten;
use split::Piece;

/// What came of reading one side.
#[derive(Debug, Default)]
pub struct Parsed {
    /// What the sources say.
    pub schema: Schema,
    /// What was not understood or is wrong, in source order.
    pub problems: Vec<Problem>,
    /// What became of each statement.
    pub coverage: Coverage,
}

/// Where the statements of a text are, in order: neither commands of psql nor rows of
/// `COPY` are among them.
pub fn statements(text: &str) -> Vec<std::ops::Range<usize>> {
    let statement = |piece: Piece| match piece {
        Piece::Statement { range, .. } => Some(range),
        Piece::MetaCommand(_)
        | Piece::CopyData { .. }
        | Piece::Problem(..)
        | Piece::Ignored(..) => None,
    };
    split::split(text).into_iter().filter_map(statement).collect()
}

/// Reads the sources of one side, in order, as one schema.
///
/// Runs on the current rayon pool, whose threads need a large stack
/// ([`crate::run_with_stack`]): statements may nest as deeply as PostgreSQL's own
/// parser allows.
pub fn parse(sources: &[Source]) -> Parsed {
    let mut parsed = Parsed::default();
    let mut pieces = Vec::new();
    let mut old = std::collections::BTreeSet::new();
    for (index, source) in sources.iter().enumerate() {
        let id = SourceId(u32::try_from(index).unwrap_or(u32::MAX));
        let own = split::split(&source.text);
        if syntax::is_of_older_server(&source.text) {
            old.insert(id);
        }
        parsed.problems.extend(connect::several_databases(&own, id, &source.text));
        pieces.extend(own.into_iter().map(|piece| (id, piece)));
    }
    if !parsed.problems.is_empty() {
        // Two schemas read as one would only be full of duplicates.
        return parsed;
    }
    let text = |id: SourceId| sources.get(id.0 as usize).map_or("", |source| source.text.as_str());
    let mut statements: Vec<(Span, Lowered)> = pieces
        .par_iter()
        .filter_map(|(id, piece)| lower_piece(*id, piece, text(*id), old.contains(id)))
        .collect();
    for (_, piece) in &pieces {
        if let Piece::CopyData { rows } = piece {
            parsed.coverage.copy_rows += rows;
        }
    }
    drop(pieces);
    parsed.coverage.statements = statements.len();
    parsed.schema.dumped = sources.iter().find_map(|source| session::dumped(&source.text));
    undo_rolled_back(&mut statements);
    session::settle_readings(&mut statements, |span| {
        text(span.source).get(span.start as usize..span.end as usize).unwrap_or_default()
    });
    apply_all(statements, &mut parsed);
    parsed.problems.sort_by_key(|problem| problem.span);
    parsed
}

/// Parses and lowers one piece of a source.
/// `old`: the source is a dump of a server that knows fewer keywords.
fn lower_piece(source: SourceId, piece: &Piece, text: &str, old: bool) -> Option<(Span, Lowered)> {
    match piece {
        Piece::Statement { range, variables, escaped } => {
            let statement = text.get(range.clone())?;
            let span = Span::new(source, range.start, range.end);
            let mut readable = Rewritten::of_source(statement, range.start, variables, escaped);
            if old {
                readable = syntax::of_older_server(readable);
            }
            Some((span, lower_statement(&readable, range.start, source)))
        }
        Piece::MetaCommand(range) => {
            let span = Span::new(source, range.start, range.end);
            Some((span, psql::Command::new(text.get(range.clone())?).lower()))
        }
        Piece::Problem(problem, range) => {
            let span = Span::new(source, range.start, range.end);
            Some((span, Lowered::problem(Problem::clone(problem))))
        }
        Piece::Ignored(range, rule) => {
            Some((Span::new(source, range.start, range.end), Lowered::Ignored(*rule)))
        }
        Piece::CopyData { .. } => None,
    }
}

fn lower_statement(statement: &Rewritten<'_>, base: usize, source: SourceId) -> Lowered {
    match syntax::parse(statement) {
        Ok(syntax::Readable { tree, text: readable }) => {
            let cx = Lowering { text: readable.text(), base, source, rewritten: &readable };
            match tree.stmts.first().and_then(|raw| raw.stmt.as_ref()) {
                Some(node) => lower::lower(node, cx),
                None => Lowered::Ignored(IgnoreRule::Query),
            }
        }
        Err(wrong) => {
            let syntax::Unreadable { problem, range } = *wrong;
            let span = Span::new(source, base + range.start, base + range.end);
            Lowered::problem(problem.at(span))
        }
    }
}

/// Marks what a `ROLLBACK` undoes, so that it is never applied.
fn undo_rolled_back(statements: &mut [(Span, Lowered)]) {
    let mut open: Vec<(Option<String>, usize)> = Vec::new();
    let mut undone: Vec<std::ops::Range<usize>> = Vec::new();
    for (index, (_, lowered)) in statements.iter().enumerate() {
        let Lowered::Transaction(transaction) = lowered else {
            continue;
        };
        match transaction {
            Transaction::Begin => open = vec![(None, index)],
            Transaction::Commit => open.clear(),
            Transaction::Rollback => {
                if let Some((_, begin)) = open.first() {
                    undone.push(begin + 1..index);
                }
                open.clear();
            }
            Transaction::Savepoint(name) => open.push((Some(name.clone()), index)),
            Transaction::RollbackTo(name) => {
                let named = |(open, _): &(Option<String>, usize)| open.as_ref() == Some(name);
                if let Some(at) = open.iter().rposition(named) {
                    undone.extend(open.get(at).map(|(_, savepoint)| savepoint + 1..index));
                    open.truncate(at + 1);
                }
            }
            Transaction::Other => {}
        }
    }
    for range in undone {
        for (_, lowered) in statements.get_mut(range).unwrap_or_default() {
            if !matches!(lowered, Lowered::Transaction(_)) {
                *lowered = Lowered::Ignored(IgnoreRule::RolledBack);
            }
        }
    }
}

/// Collects what is declared, with the path in force at each statement.
fn declare_all(statements: &[(Span, Lowered)]) -> Declared {
    let mut declared = Declared::default();
    let mut path = SearchPath::initial();
    // Namespaces first: where a new object lands depends on which of them exist.
    for (_, lowered) in statements {
        if let Lowered::Apply(statement) = lowered {
            statement.declare_namespace(&mut declared);
        }
    }
    for (_, lowered) in statements {
        if let Lowered::Apply(statement) = lowered {
            if let Some(new_path) = statement.sets_path() {
                path = new_path;
            }
            statement.declare(&mut declared, &path);
        }
    }
    declared
}

/// Applies all statements in order; those that come before what they need wait.
fn apply_all(statements: Vec<(Span, Lowered)>, parsed: &mut Parsed) {
    let declared = declare_all(&statements);
    let mut cx = Interpreter::new(&declared);
    cx.schema.dumped = parsed.schema.dumped;
    let mut waiting: Vec<(Span, Box<dyn Statement>, SearchPath)> = Vec::new();
    for (span, lowered) in statements {
        match lowered {
            Lowered::Apply(statement) => {
                if is_ready(&*statement, &mut cx) {
                    apply(statement, span, &mut cx, parsed);
                } else {
                    waiting.push((span, statement, cx.path.clone()));
                }
            }
            Lowered::Ignored(rule) => parsed.coverage.ignore(rule, span),
            Lowered::Reading(..) => parsed.coverage.ignore(IgnoreRule::Setting, span),
            Lowered::Transaction(transaction) => {
                if transaction == Transaction::Commit {
                    cx.commit();
                }
                parsed.coverage.ignore(IgnoreRule::Transaction, span);
            }
            Lowered::Problem(problem) => fail(*problem, span, parsed),
        }
    }
    apply_waiting(waiting, &mut cx, parsed);
    finish::finish(&mut cx);
    parsed.problems.append(&mut cx.warnings);
    parsed.schema.objects = cx.schema.objects.into_map();
}

/// Applies what had to wait, as often as that makes something else possible.
fn apply_waiting(
    mut waiting: Vec<(Span, Box<dyn Statement>, SearchPath)>,
    cx: &mut Interpreter<'_>,
    parsed: &mut Parsed,
) {
    loop {
        let before = waiting.len();
        let mut still = Vec::new();
        for (span, statement, path) in waiting {
            cx.path.clone_from(&path);
            if is_ready(&*statement, cx) {
                apply(statement, span, cx, parsed);
            } else {
                still.push((span, statement, path));
            }
        }
        waiting = still;
        if waiting.is_empty() || waiting.len() == before {
            break;
        }
    }
    for (span, statement, path) in waiting {
        cx.path = path;
        apply(statement, span, cx, parsed);
    }
}

/// True when all that a statement needs is there; parts of indexes are made so.
fn is_ready(statement: &dyn Statement, cx: &mut Interpreter<'_>) -> bool {
    let needs = statement.needs();
    needs.iter().all(|need| is_met(need, cx) || implied::write_out_needed(cx, need))
}

fn is_met(need: &Need, cx: &Interpreter<'_>) -> bool {
    match need {
        Need::Relation(name) => cx.find_relation(name).is_some(),
        Need::Declared(name) => {
            cx.find_relation(name).is_some() || cx.declared.relation(name, &cx.path).is_none()
        }
        Need::Object(address) => address.find(cx).is_some(),
        Need::Annotated(kind, address) => annotation::annotated(cx, *kind, address).is_some(),
    }
}

fn is_temporary(need: &Need, cx: &Interpreter<'_>) -> bool {
    let id = match need {
        Need::Relation(name) => {
            return cx
                .find_relation(name)
                .is_some_and(|(name, _)| temporary::is_temporary(&name.into()));
        }
        // What is made from it may be permanent.
        Need::Declared(_) => None,
        Need::Object(address) => address.find(cx),
        Need::Annotated(_, address) => address.find(cx),
    };
    id.is_some_and(|id| temporary::is_of_session(&id))
}

fn apply(statement: Box<dyn Statement>, span: Span, cx: &mut Interpreter<'_>, parsed: &mut Parsed) {
    let is_of_session =
        cx.temporary.any && statement.needs().iter().any(|need| is_temporary(need, cx));
    match statement.apply(cx, span) {
        // What becomes of it says nothing about the schema, whether it is understood or not.
        Ok(_) | Err(_) if is_of_session => parsed.coverage.ignore(IgnoreRule::Temporary, span),
        Ok(Outcome::Modelled) => parsed.coverage.modelled += 1,
        Ok(Outcome::Ignored(rule)) => parsed.coverage.ignore(rule, span),
        Err(problem) => fail(problem, span, parsed),
    }
}

fn fail(problem: Problem, span: Span, parsed: &mut Parsed) {
    parsed.coverage.unknown += 1;
    parsed.problems.push(problem.at(span));
}
