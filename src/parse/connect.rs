//! `\connect`: statements after it are for another database.
//!
//! `pg_dump --create` connects once, from the database where it starts to the one
//! that it dumps. `pg_dumpall` connects to one database after the other; two
//! schemas in one source cannot be compared as one.

use std::collections::BTreeMap;

use super::coverage::IgnoreRule;
use super::extent::skip_token;
use super::interpreter::{Interpreter, Outcome, Session, Statement};
use super::psql::Command;
use super::split::Piece;
use crate::model::{Problem, ProblemCode, SearchPath, SourceId, Span};

/// A new session: settings of the old one are gone.
pub(super) struct Connect;

impl Statement for Connect {
    fn sets_path(&self) -> Option<SearchPath> {
        Some(SearchPath::initial())
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, _span: Span) -> Result<Outcome, Problem> {
        cx.path = SearchPath::initial();
        cx.session = Session::default();
        Ok(Outcome::Ignored(IgnoreRule::MetaCommand))
    }
}

/// The problem that a source creates objects in more than one database.
pub(super) fn several_databases(pieces: &[Piece], source: SourceId, text: &str) -> Option<Problem> {
    let mut current: Option<String> = None;
    // The first statement that creates something in each database.
    let mut creations: BTreeMap<Option<String>, Span> = BTreeMap::new();
    for piece in pieces {
        match piece {
            Piece::MetaCommand(range) => {
                let command = Command::new(text.get(range.clone()).unwrap_or_default());
                if let Some(database) = command.connects_to() {
                    current = Some(database);
                }
            }
            Piece::Statement { range, .. } if !creations.contains_key(&current) => {
                if creates_object(text.get(range.clone()).unwrap_or_default()) {
                    let span = Span::new(source, range.start, range.end);
                    creations.insert(current.clone(), span);
                }
            }
            Piece::Statement { .. }
            | Piece::CopyData { .. }
            | Piece::Problem(..)
            | Piece::Ignored(..) => {}
        }
    }
    let mut by_place: Vec<(&Option<String>, Span)> =
        creations.iter().map(|(name, span)| (name, *span)).collect();
    by_place.sort_by_key(|(_, span)| *span);
    let [(_, first), (_, second), ..] = by_place.as_slice() else {
        return None;
    };
    let names: Vec<String> = by_place.iter().map(|(name, _)| shown(name.as_deref())).collect();
    let message = format!("the source defines objects in several databases: {}", names.join(", "));
    Some(
        Problem::new(ProblemCode::Invalid, message)
            .at(*second)
            .related("objects of another database start here", *first)
            .help("dump one database with pg_dump --schema-only DATABASE, or cut its part out of the file"),
    )
}

fn shown(database: Option<&str>) -> String {
    database.map_or_else(
        || r"the one before the first \connect".to_owned(),
        |name| format!("\"{name}\""),
    )
}

/// True for a statement that creates something that belongs to one database.
fn creates_object(statement: &str) -> bool {
    let mut words = Vec::with_capacity(3);
    let mut at = 0;
    while at < statement.len() && words.len() < 3 {
        let next = skip_token(statement, at);
        let token = statement.get(at..next).unwrap_or_default();
        if token.starts_with(|c: char| c.is_ascii_alphabetic()) {
            words.push(token.to_ascii_uppercase());
        }
        at = next;
    }
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["CREATE", "USER", "MAPPING"] => true,
        ["CREATE", "ROLE" | "USER" | "GROUP" | "DATABASE" | "TABLESPACE", ..] => false,
        ["CREATE", ..] => true,
        _creates_nothing => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> Option<String> {
        let problem = several_databases(&super::super::split::split(text), SourceId(0), text)?;
        Some(format!("{} @ {}", problem.message, problem.span?.of(text)))
    }

    #[test]
    fn one_database_may_be_connected_to() {
        assert_eq!(
            problem(
                "CREATE ROLE r; CREATE DATABASE a;\n\\connect a\nCREATE TABLE t (); CREATE VIEW v AS SELECT 1"
            ),
            None
        );
        assert_eq!(problem("CREATE TABLE t ();\n\\connect - alice\nCREATE TABLE u ();"), None);
        assert_eq!(
            problem("\\connect template1\nSET x = 1;\n\\connect a\nCREATE TABLE t ();"),
            None
        );
    }

    #[test]
    fn two_databases_are_one_too_many() {
        let text = "\\connect a\nCREATE TABLE t ();\n\\connect \"b c\"\nCREATE USER MAPPING FOR u SERVER s;";
        let message = "the source defines objects in several databases: \"a\", \"b c\" @ CREATE USER MAPPING FOR u SERVER s";
        assert_eq!(problem(text).as_deref(), Some(message));
        let text = "CREATE TABLE t ();\n\\connect a\nCREATE TABLE u ();";
        let message = "the source defines objects in several databases: the one before the first \\connect, \"a\" @ CREATE TABLE u ()";
        assert_eq!(problem(text).as_deref(), Some(message));
    }
}
