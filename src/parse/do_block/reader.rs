//! Reads the text of a PL/pgSQL block into steps.
//!
//! It knows the statements that change the flow (`src/pl/plpgsql/src/pl_gram.y`) and hands
//! everything else to the SQL parser. An `Err` is the reason why the block stays unknown, as
//! part of a sentence.

use std::ops::Range;

use super::super::lower::Lowered;
use super::super::rewrite::Rewritten;
use super::super::{expr, lower_statement, syntax};
use super::{Condition, Step};
use crate::model::{Expr, SourceId, Span};

/// The steps of a block whose text starts at `base` of a source.
pub(super) fn read(body: &str, base: usize, source: SourceId) -> Result<Vec<Step>, String> {
    let scanned = pg_query::scan(body).map_err(|_| "its code cannot be read".to_owned())?;
    let offset = |offset: i32| usize::try_from(offset).unwrap_or_default();
    let tokens: Vec<Range<usize>> = scanned
        .tokens
        .iter()
        .map(|token| offset(token.start)..offset(token.end))
        .filter(|range| {
            let text = body.get(range.clone()).unwrap_or_default();
            !text.starts_with("--") && !text.starts_with("/*")
        })
        .collect();
    let mut reader = Reader { body, tokens, at: 0, base, source };
    let block = reader.block()?;
    Ok(vec![block])
}

struct Reader<'t> {
    body: &'t str,
    tokens: Vec<Range<usize>>,
    at: usize,
    base: usize,
    source: SourceId,
}

impl<'t> Reader<'t> {
    /// A token some places ahead; empty at the end.
    fn peek(&self, ahead: usize) -> &'t str {
        let range = self.tokens.get(self.at + ahead);
        range.and_then(|range| self.body.get(range.clone())).unwrap_or_default()
    }

    fn is(&self, word: &str) -> bool {
        self.peek(0).eq_ignore_ascii_case(word)
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.is(word);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, word: &str) -> Result<(), String> {
        if self.take(word) { Ok(()) } else { Err(format!("{word} was expected in its code")) }
    }

    fn is_at_end(&self) -> bool {
        self.at >= self.tokens.len()
    }

    /// The text up to one of the words, which is not taken. `CASE .. END` and parentheses
    /// within are skipped.
    fn until(&mut self, words: &[&str]) -> Result<Range<usize>, String> {
        let start = self.tokens.get(self.at).map_or(self.body.len(), |token| token.start);
        let mut depth = 0_usize;
        while !self.is_at_end() {
            if depth == 0 && words.iter().any(|word| self.is(word)) {
                let end = self.tokens.get(self.at).map_or(self.body.len(), |token| token.start);
                return Ok(start..end);
            }
            if self.is("(") || self.is("case") {
                depth += 1;
            } else if self.is(")") || (depth > 0 && self.is("end")) {
                depth = depth.saturating_sub(1);
            }
            self.at += 1;
        }
        Err(format!("{} was expected in its code", words.join(" or ")))
    }

    /// Skips a statement with its semicolon.
    fn skip(&mut self) -> Result<Step, String> {
        self.until(&[";"])?;
        self.expect(";")?;
        Ok(Step::Harmless)
    }

    /// `[<<label>>] [DECLARE ..] BEGIN steps [EXCEPTION ..] END [label] [;]`.
    fn block(&mut self) -> Result<Step, String> {
        self.label();
        if self.take("declare") {
            while !self.is_at_end() && !self.is("begin") {
                self.at += 1;
            }
        }
        self.expect("begin")?;
        let steps = self.steps(&["end", "exception"])?;
        let mut handlers = Vec::new();
        if self.take("exception") {
            while self.take("when") {
                let mut names = Vec::new();
                while !self.is_at_end() && !self.is("then") {
                    if !self.is("or") {
                        names.push(self.peek(0).to_ascii_lowercase());
                    }
                    self.at += 1;
                }
                self.expect("then")?;
                handlers.push((names, self.steps(&["when", "end"])?));
            }
        }
        self.expect("end")?;
        if !self.is(";") && !self.is_at_end() {
            self.at += 1;
        }
        self.take(";");
        Ok(Step::Block(steps, handlers))
    }

    /// `<<label>>`, which the scanner of SQL sees as one or two operators and a name.
    fn label(&mut self) {
        if self.peek(0).starts_with("<<") {
            while !self.is_at_end() && !self.peek(0).ends_with(">>") {
                self.at += 1;
            }
            self.at += 1;
        }
    }

    fn steps(&mut self, ends: &[&str]) -> Result<Vec<Step>, String> {
        let mut steps = Vec::new();
        while !ends.iter().any(|end| self.is(end)) {
            if self.is_at_end() {
                return Err("its code ends too early".to_owned());
            }
            steps.push(self.step()?);
        }
        Ok(steps)
    }

    fn step(&mut self) -> Result<Step, String> {
        let word = self.peek(0).to_ascii_lowercase();
        match word.as_str() {
            "begin" | "declare" => self.block(),
            "if" => self.branches(),
            "for" | "foreach" | "while" | "loop" => self.harmless_loop(),
            word if word.starts_with("<<") => {
                self.label();
                self.step()
            }
            "return" if self.peek(1) == ";" => {
                self.skip()?;
                Ok(Step::Return)
            }
            "raise" => self.raise(),
            "execute" => self.execute(),
            "perform" => self.perform(),
            "null" | "assert" | "get" | "fetch" | "move" | "close" | "open" | "exit"
            | "continue" | "select" | "with" | "insert" | "update" | "delete" | "merge"
            | "truncate" | "lock" | "notify" => self.skip(),
            "case" | "call" | "commit" | "rollback" | "return" | "do" => {
                Err(format!("{} is not followed", word.to_ascii_uppercase()))
            }
            _ if self.is_assignment() => self.skip(),
            _ => self.sql(),
        }
    }

    /// `a := ..`, `a.b[1] = ..`.
    fn is_assignment(&self) -> bool {
        let mut ahead = 1;
        while self.peek(ahead) == "." {
            ahead += 2;
        }
        matches!(self.peek(ahead), ":=" | "=" | "[")
            || (self.peek(ahead) == ":" && self.peek(ahead + 1) == "=")
    }

    /// `RAISE [level] ..`; without a level it is an exception.
    fn raise(&mut self) -> Result<Step, String> {
        let level = self.peek(1).to_ascii_lowercase();
        self.skip()?;
        let told = ["debug", "log", "info", "notice", "warning"].contains(&level.as_str());
        Ok(if told { Step::Harmless } else { Step::Raise })
    }

    /// `EXECUTE 'statement';`.
    fn execute(&mut self) -> Result<Step, String> {
        let literal = self.peek(1);
        if self.peek(2) != ";" || !literal.ends_with(['\'', '$']) {
            return Err("EXECUTE of a statement that is put together when it runs".to_owned());
        }
        let start = self.tokens.get(self.at + 1).map_or(0, |token| token.start);
        let text = constant(literal).ok_or("EXECUTE of a text that is not understood")?;
        self.skip()?;
        Ok(self.lowered(&text, start + super::opening(literal, 0)))
    }

    /// `PERFORM query;` is `SELECT query;`.
    fn perform(&mut self) -> Result<Step, String> {
        self.at += 1;
        let range = self.until(&[";"])?;
        self.expect(";")?;
        let query = format!("SELECT {}", self.body.get(range.clone()).unwrap_or_default());
        Ok(self.lowered(&query, range.start))
    }

    fn sql(&mut self) -> Result<Step, String> {
        let range = self.until(&[";"])?;
        self.expect(";")?;
        let text = self.body.get(range.clone()).unwrap_or_default().trim_end();
        Ok(self.lowered(text, range.start))
    }

    /// One statement, which starts at an offset of the body.
    fn lowered(&self, text: &str, start: usize) -> Step {
        let start = self.base + start;
        let span = Span::new(self.source, start, start + text.len());
        let statement = Rewritten::of(text);
        match lower_statement(&statement, start, self.source) {
            Lowered::Apply(statement) if statement.sets_path().is_some() => {
                Step::Wrong(super::unknown("it sets search_path").at(span))
            }
            Lowered::Apply(statement) => Step::Apply(statement, span),
            Lowered::Ignored(_) | Lowered::Reading(_, None) => Step::Harmless,
            Lowered::Transaction(_) => {
                Step::Wrong(super::unknown("it ends its transaction").at(span))
            }
            Lowered::Problem(problem) | Lowered::Reading(_, Some(problem)) => {
                Step::Wrong(problem.at(span))
            }
        }
    }

    /// `IF condition THEN .. [ELSIF ..] [ELSE ..] END IF;`.
    fn branches(&mut self) -> Result<Step, String> {
        let mut branches = Vec::new();
        while self.take("if") || self.take("elsif") || self.take("elseif") {
            let range = self.until(&["then"])?;
            self.expect("then")?;
            let text = self.body.get(range).unwrap_or_default();
            let shown = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let condition = Condition::When(condition(text), shown);
            branches.push((condition, self.steps(&["elsif", "elseif", "else", "end"])?));
        }
        if self.take("else") {
            branches.push((Condition::Else, self.steps(&["end"])?));
        }
        self.expect("end")?;
        self.expect("if")?;
        self.expect(";")?;
        // Whichever branch is taken, rows at most are changed.
        let harmless = branches.iter().all(|(_, steps)| is_harmless(steps));
        Ok(if harmless { Step::Harmless } else { Step::If(branches) })
    }

    /// A loop that changes no more than rows.
    fn harmless_loop(&mut self) -> Result<Step, String> {
        self.until(&["loop"])?;
        self.expect("loop")?;
        let steps = self.steps(&["end"])?;
        self.expect("end")?;
        self.expect("loop")?;
        self.skip()?;
        if is_harmless(&steps) { Ok(Step::Harmless) } else { Err("it has a loop".to_owned()) }
    }
}

fn is_harmless(steps: &[Step]) -> bool {
    steps.iter().all(|step| match step {
        Step::Harmless => true,
        Step::Block(steps, handlers) => {
            is_harmless(steps) && handlers.iter().all(|(_, steps)| is_harmless(steps))
        }
        Step::Apply(..) | Step::Wrong(_) | Step::If(_) | Step::Return | Step::Raise => false,
    })
}

/// The expression of a condition; none when it is not understood.
fn condition(text: &str) -> Option<Expr> {
    selected(text, |node| expr::required(Some(node)))
}

/// The text of a string constant.
fn constant(literal: &str) -> Option<String> {
    use pg_query::NodeEnum as N;
    use pg_query::protobuf::a_const::Val;
    selected(literal, |node| match &node.node {
        Some(N::AConst(constant)) => match &constant.val {
            Some(Val::Sval(text)) => Some(text.sval.clone()),
            _no_string => None,
        },
        _no_constant => None,
    })?
}

/// What `read` makes of the only target of `SELECT text`.
fn selected<T>(text: &str, read: impl FnOnce(&pg_query::protobuf::Node) -> T) -> Option<T> {
    use pg_query::NodeEnum as N;
    let query = format!("SELECT ({text})");
    let statement = Rewritten::of(&query);
    let tree = syntax::parse(&statement).ok()?.tree;
    let [only] = tree.stmts.as_slice() else { return None };
    let Some(N::SelectStmt(select)) = only.stmt.as_ref()?.node.as_ref() else { return None };
    let [target] = select.target_list.as_slice() else { return None };
    let Some(N::ResTarget(target)) = target.node.as_ref() else { return None };
    target.val.as_deref().map(read)
}
