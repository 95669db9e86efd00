//! What statements change, one by one, for rules about migrations.
//!
//! The text of a script goes in; each statement comes out with what it creates, drops and
//! rewrites: `ALTER TABLE t DROP a, ADD b int NOT NULL` has two changes, each with its place.
//! Surprising: nothing is applied, so a statement says only what its own text says; a string or
//! the body of a function is no statement, while a `DO` block runs (`block`).

mod alter;
mod block;
mod statement;

use std::ops::Range;

use super::extent::skip_token;
use super::rewrite::Rewritten;
use super::split::{Piece, split};
use super::{lower, psql, syntax};
use crate::model::{Problem, TypeName};

/// A statement, or what cannot be read as one.
#[derive(Debug)]
pub struct Statement {
    /// Where it is, without its semicolon.
    pub range: Range<usize>,
    /// What it changes.
    pub changes: Vec<Change>,
    /// Why it cannot be read, and where.
    pub problem: Option<(Box<Problem>, Range<usize>)>,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which.
    pub what: What,
    /// The object, with dots.
    pub object: String,
    /// The table that it belongs to; of a table, itself.
    pub table: Option<String>,
    /// True when it is written so that a second run does no harm: `IF EXISTS`, `OR REPLACE`.
    pub guarded: bool,
    /// Where.
    pub range: Range<usize>,
}

/// What a statement does to an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Makes an object of this kind.
    Create(&'static str),
    /// Removes an object of this kind.
    Drop(&'static str),
    /// Removes a column.
    DropColumn,
    /// Removes a constraint.
    DropConstraint,
    /// Removes all rows.
    Truncate,
    /// Removes rows without a condition.
    DeleteAll,
    /// Changes rows without a condition.
    UpdateAll,
    /// Adds a column that is harmless.
    AddColumn(Option<TypeName>),
    /// Adds a column that is `NOT NULL` and has no default.
    AddNotNull,
    /// Adds a column whose value differs from row to row; why.
    VolatileDefault(&'static str),
    /// Makes a column `NOT NULL`.
    SetNotNull,
    /// Gives a column another type.
    AlterType {
        /// The type it had, where that is said.
        from: Option<TypeName>,
        /// The type it gets.
        to: Option<TypeName>,
        /// `USING`.
        converted: bool,
    },
    /// Builds an index while writes wait.
    BuildIndex,
    /// Adds a constraint and reads the whole table to check it.
    Validate(&'static str),
    /// Adds a constraint and builds its index while everything waits.
    BuildKey(&'static str),
    /// Gives a table, view or type another name or schema.
    RenameTable,
    /// Gives a column another name.
    RenameColumn,
    /// Switches row-level security off, or for the owner.
    OpenRows(&'static str),
    /// Grants to everybody.
    GrantPublic,
    /// Cannot run in a transaction.
    Alone(&'static str),
    /// `BEGIN`.
    Begin,
    /// `COMMIT`, `ROLLBACK`.
    End,
    /// Runs what is not known: why.
    Dynamic(String),
}

/// Reads a script. Never fails whole.
pub fn changes(text: &str) -> Vec<Statement> {
    split(text).into_iter().filter_map(|piece| read_piece(text, piece)).collect()
}

fn read_piece(text: &str, piece: Piece) -> Option<Statement> {
    match piece {
        Piece::Statement { range, variables, escaped } => {
            let written = text.get(range.clone())?;
            let readable = Rewritten::of_source(written, range.start, &variables, &escaped);
            Some(read(&readable, range))
        }
        Piece::MetaCommand(range) => match psql::Command::new(text.get(range.clone())?).lower() {
            lower::Lowered::Problem(problem) => {
                let what = What::Dynamic(problem.message);
                Some(Statement {
                    range: range.clone(),
                    changes: vec![alone(what, range)],
                    problem: None,
                })
            }
            _harmless => None,
        },
        Piece::Problem(problem, range) => Some(Statement {
            range: range.clone(),
            changes: Vec::new(),
            problem: Some((problem, range)),
        }),
        Piece::CopyData { .. } | Piece::Ignored(..) => None,
    }
}

/// Reads one statement, which starts at `range.start`.
fn read(readable: &Rewritten<'_>, range: Range<usize>) -> Statement {
    match syntax::parse(readable) {
        Ok(syntax::Readable { tree, text }) => {
            let node = tree.stmts.first().and_then(|raw| raw.stmt.as_ref());
            let found = node.and_then(|node| node.node.as_ref());
            let changes = found.map_or_else(Vec::new, |node| {
                statement::changes(
                    node,
                    &statement::Written { text: &text, base: range.start, range: range.clone() },
                )
            });
            Statement { range, changes, problem: None }
        }
        Err(wrong) => {
            let syntax::Unreadable { problem, range: at } = *wrong;
            let at = range.start + at.start..range.start + at.end;
            Statement { range, changes: Vec::new(), problem: Some((Box::new(problem), at)) }
        }
    }
}

/// Where the comments of a script are; text in quotes is none.
pub fn comments(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let end = skip_token(text, at).max(at + 1);
        let token = text.get(at..end).unwrap_or_default();
        if token.starts_with("--") || token.starts_with("/*") {
            found.push(at..end);
        }
        at = end;
    }
    found
}

/// Whether an expression, as text, may have another value for each row; true for what is none.
pub fn is_volatile(expression: &str) -> bool {
    super::fragment::expression(expression).map_or(true, |value| alter::is_volatile(&value))
}

/// A change without an object.
fn alone(what: What, range: Range<usize>) -> Change {
    Change { what, object: String::new(), table: None, guarded: true, range }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each change as `What object @ first word of its place`.
    fn said(text: &str) -> Vec<String> {
        let all = changes(text).into_iter().flat_map(|statement| statement.changes);
        all.map(|change| {
            let what = format!("{:?}", change.what);
            let what = what.split(['(', ' ']).next().unwrap_or_default().to_owned();
            let place = text.get(change.range).unwrap_or_default();
            format!("{what} {} @ {}", change.object, place.split_whitespace().next().unwrap_or(""))
        })
        .collect()
    }

    #[test]
    fn each_action_has_its_place() {
        assert_eq!(
            said(
                "ALTER TABLE s.t DROP a, ADD b int NOT NULL,\n ALTER c TYPE text, DROP CONSTRAINT k"
            ),
            [
                "DropColumn s.t.a @ ALTER",
                "AddColumn s.t.b @ ADD",
                "AddNotNull s.t.b @ ADD",
                "AlterType s.t.c @ ALTER",
                "DropConstraint s.t.k @ DROP"
            ]
        );
    }

    #[test]
    fn strings_comments_and_bodies_do_nothing() {
        assert!(said("SELECT 'DROP TABLE t'; -- DROP TABLE t\n/* DROP TABLE t; */").is_empty());
        assert_eq!(
            said("CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ DROP TABLE t $$"),
            ["Create f @ CREATE"]
        );
    }

    #[test]
    fn rows_are_only_safe_with_a_condition() {
        assert_eq!(said("DELETE FROM t"), ["DeleteAll t @ DELETE"]);
        assert!(said("DELETE FROM t WHERE a = 1; UPDATE t SET a = 1 WHERE b").is_empty());
        assert_eq!(said("WITH d AS (DELETE FROM t RETURNING *) SELECT 1"), ["DeleteAll t @ WITH"]);
        assert_eq!(said("DELETE FROM t WHERE true"), ["DeleteAll t @ DELETE"]);
    }

    #[test]
    fn deep_statements_are_problems() {
        crate::run_with_stack(Some(1), || {
            let text = format!("SELECT {}1{}", "(".repeat(100_000), ")".repeat(100_000));
            assert!(changes(&text).iter().all(|statement| statement.problem.is_some()));
        });
    }
}
