//! What a `DO` block changes: each SQL statement in its code, whether or not its condition holds.
//!
//! Words that direct the flow are stepped over (`src/pl/plpgsql/src/pl_gram.y`), everything up
//! to the next semicolon is a statement: `IF a THEN DROP TABLE t; END IF;` drops a table.

use std::ops::Range;

use pg_query::NodeEnum;
use pg_query::protobuf::DoStmt;

use super::super::extent::skip_token;
use super::super::rewrite::Rewritten;
use super::statement::Written;
use super::{Change, What, alone, read};

/// First words of statements that are SQL and change something.
const VERBS: &[&str] = &[
    "alter", "create", "delete", "drop", "grant", "insert", "merge", "reindex", "truncate",
    "update", "vacuum", "with",
];

/// Blocks in blocks (`EXECUTE 'DO ..'`) are read this deep.
const DEEPEST: usize = 8;

/// The changes of a block, at their places.
pub(super) fn changes(stmt: &DoStmt, cx: &Written<'_>) -> Vec<Change> {
    let dynamic = |why: &str| vec![cx.whole(What::Dynamic(why.to_owned()), "")];
    let mut found = None;
    for arg in &stmt.args {
        let Some(NodeEnum::DefElem(option)) = &arg.node else { continue };
        let Some(NodeEnum::String(value)) = option.arg.as_ref().and_then(|arg| arg.node.as_ref())
        else {
            continue;
        };
        match option.defname.as_str() {
            "as" => found = Some((value.sval.as_str(), option.location)),
            "language" if value.sval != "plpgsql" => {
                return dynamic("a DO block is not in PL/pgSQL");
            }
            _the_language_we_read => {}
        }
    }
    let Some((body, location)) = found else { return dynamic("a DO block has no code") };
    let text = cx.text.text();
    let start = usize::try_from(location).unwrap_or_default();
    // Quotes within a body in plain quotes are doubled: then places are those of the whole.
    let at = text.get(start..).and_then(|rest| rest.find(body)).map(|at| start + at);
    let place = |range: Range<usize>| match at {
        Some(at) => {
            cx.base + cx.text.original(at + range.start)..cx.base + cx.text.original(at + range.end)
        }
        None => cx.range.clone(),
    };
    let mut all = Vec::new();
    read_block(body, &mut all, DEEPEST);
    all.into_iter().map(|change| Change { range: place(change.range.clone()), ..change }).collect()
}

fn read_block(body: &str, all: &mut Vec<Change>, depth: usize) {
    let tokens = tokens(body);
    let mut flow = Flow { body, tokens: &tokens, at: 0 };
    while let Some(range) = flow.statement() {
        let text = body.get(range.clone()).unwrap_or_default();
        let first = text
            .split(|c: char| !c.is_ascii_alphabetic())
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        if first == "execute" {
            execute(text, &range, all, depth);
        } else if VERBS.contains(&first.as_str()) {
            let statement = read(&Rewritten::of(text), 0..text.len());
            if statement.problem.is_some() {
                let why = "a statement of a DO block cannot be read".to_owned();
                all.push(alone(What::Dynamic(why), range.clone()));
            }
            let moved = statement.changes.into_iter().map(|change| {
                let inner = range.start + change.range.start..range.start + change.range.end;
                Change { range: inner, ..change }
            });
            all.extend(moved);
        }
    }
}

/// `EXECUTE 'literal'` runs the literal; anything else is only known when it runs.
fn execute(text: &str, range: &Range<usize>, all: &mut Vec<Change>, depth: usize) {
    let rest = text.get("execute".len()..).unwrap_or_default().trim();
    let value = super::super::fragment::expression(rest).ok().and_then(|value| match value {
        crate::model::Expr::Literal(crate::model::Literal::String(value)) => {
            Some(value.to_string())
        }
        _not_a_literal => None,
    });
    match (value, depth.checked_sub(1)) {
        (Some(sql), Some(_)) => {
            for statement in super::changes(&sql) {
                if statement.problem.is_some() {
                    all.push(alone(
                        What::Dynamic("EXECUTE runs what cannot be read".to_owned()),
                        range.clone(),
                    ));
                }
                all.extend(
                    statement
                        .changes
                        .into_iter()
                        .map(|change| Change { range: range.clone(), ..change }),
                );
            }
        }
        _not_known => {
            let why = "EXECUTE runs a statement that is put together when it runs".to_owned();
            all.push(alone(What::Dynamic(why), range.clone()));
        }
    }
}

/// Tokens without blanks and comments.
fn tokens(body: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < body.len() {
        let end = skip_token(body, at).max(at + 1);
        let token = body.get(at..end).unwrap_or_default();
        let is_blank =
            token.trim().is_empty() || token.starts_with("--") || token.starts_with("/*");
        if !is_blank {
            found.push(at..end);
        }
        at = end;
    }
    found
}

struct Flow<'t> {
    body: &'t str,
    tokens: &'t [Range<usize>],
    at: usize,
}

impl Flow<'_> {
    fn word(&self) -> Option<String> {
        let range = self.tokens.get(self.at)?;
        self.body.get(range.clone()).map(str::to_ascii_lowercase)
    }

    /// Steps over everything up to a word, and the word.
    fn skip_past(&mut self, end: &str) {
        while let Some(word) = self.word() {
            self.at += 1;
            if word == end {
                return;
            }
        }
    }

    /// The next statement up to its semicolon.
    fn statement(&mut self) -> Option<Range<usize>> {
        loop {
            match self.word()?.as_str() {
                "begin" | "else" | "loop" | "exception" | ";" => self.at += 1,
                "declare" => self.skip_past("begin"),
                "if" | "elsif" | "elseif" | "when" | "case" => self.skip_past("then"),
                "for" | "foreach" | "while" => self.skip_past("loop"),
                _a_statement => break,
            }
        }
        let start = self.tokens.get(self.at)?.start;
        let mut end = start;
        while let Some(range) = self.tokens.get(self.at) {
            self.at += 1;
            if self.body.get(range.clone()) == Some(";") {
                break;
            }
            end = range.end;
        }
        Some(start..end)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{What, changes};

    #[track_caller]
    fn check(code: &str, expected: &[&str]) {
        let text = format!("DO $$ {code} $$");
        let all = changes(&text).into_iter().flat_map(|statement| statement.changes);
        let said: Vec<String> = all
            .map(|change| match change.what {
                What::Dynamic(_) => "dynamic".to_owned(),
                _ => text[change.range].to_owned(),
            })
            .collect();
        assert_eq!(said, expected, "{code}");
    }

    #[test]
    fn statements_within_are_found_at_their_places() {
        check(
            "BEGIN IF a THEN DROP TABLE t; ELSE TRUNCATE u; END IF; END",
            &["DROP TABLE t", "TRUNCATE u"],
        );
        check("BEGIN FOR r IN SELECT 1 LOOP DELETE FROM t; END LOOP; END", &["DELETE FROM t"]);
        check("BEGIN EXECUTE 'DROP TABLE t'; END", &["EXECUTE 'DROP TABLE t'"]);
        check("BEGIN PERFORM 'DROP TABLE t'; -- DROP TABLE t\n END", &[]);
    }

    #[test]
    fn what_is_put_together_is_dynamic() {
        check("BEGIN EXECUTE format('DROP TABLE %I', t); END", &["dynamic"]);
        check("BEGIN EXECUTE 'DROP TABLE ' || t; END", &["dynamic"]);
    }
}
