//! What commands of psql leave behind while it reads a file: variables and branches.
//!
//! In, commands in order; out, the values of variables and whether psql passes over what
//! stands there (manual, psql, "Meta-Commands" and "SQL Interpolation"; `exec_command_if`
//! and `exec_command_set`, `src/bin/psql/command.c`). Nothing is run: a value that comes from
//! a program, a person or the server is not known, nor is a condition that depends on it.
//! Surprising: variables are those of `psql -f FILE` without `-v`. Once `\gset` has run, any
//! variable may be set.

use std::collections::BTreeMap;
use std::ops::Range;

use super::psql::Command;
use super::split::{Piece, split};

/// Variables that psql sets itself before it reads a file (`EstablishVariableSpace`,
/// `src/bin/psql/startup.c`, `SyncVariables`, `src/bin/psql/command.c`) and while it runs it
/// (`SetResultVariables`, `src/bin/psql/common.c`): they are there, with values that only psql
/// knows.
const OWN: &[&str] = &[
    "AUTOCOMMIT",
    "COMP_KEYWORD_CASE",
    "DBNAME",
    "ECHO",
    "ECHO_HIDDEN",
    "ENCODING",
    "ERROR",
    "FETCH_COUNT",
    "HIDE_TABLEAM",
    "HIDE_TOAST_COMPRESSION",
    "HISTCONTROL",
    "HISTSIZE",
    "HOST",
    "IGNOREEOF",
    "LAST_ERROR_MESSAGE",
    "LAST_ERROR_SQLSTATE",
    "ON_ERROR_ROLLBACK",
    "ON_ERROR_STOP",
    "PIPELINE_COMMAND_COUNT",
    "PIPELINE_RESULT_COUNT",
    "PIPELINE_SYNC_COUNT",
    "PORT",
    "PROMPT1",
    "PROMPT2",
    "PROMPT3",
    "QUIET",
    "ROW_COUNT",
    "SERVER_VERSION_NAME",
    "SERVER_VERSION_NUM",
    "SERVICE",
    "SERVICEFILE",
    "SHELL_ERROR",
    "SHELL_EXIT_CODE",
    "SHOW_ALL_RESULTS",
    "SHOW_CONTEXT",
    "SINGLELINE",
    "SINGLESTEP",
    "SQLSTATE",
    "USER",
    "VERBOSITY",
    "VERSION",
    "VERSION_NAME",
    "VERSION_NUM",
    "WATCH_INTERVAL",
];

/// Variables and open branches.
#[derive(Debug, Default)]
pub(super) struct State {
    /// The value of each variable that is set; none when it is not known.
    variables: BTreeMap<String, Option<String>>,
    /// `\gset` has set variables by the names of columns, which are not known here.
    any_may_be_set: bool,
    /// The `\if` that are open, from the outermost.
    branches: Vec<(Branch, Range<usize>)>,
}

/// Where psql is between `\if` and `\endif`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Branch {
    /// In the branch that applies.
    Taken,
    /// Before the branch that applies.
    Before,
    /// After it, or all of it is passed over.
    After,
    /// The condition is not known.
    Unknown,
}

impl State {
    /// False where psql passes over statements and commands.
    pub fn is_active(&self) -> bool {
        self.branches.iter().all(|(branch, _)| matches!(branch, Branch::Taken | Branch::Unknown))
    }

    /// The outermost `\if` that is open.
    pub fn open_branch(&self) -> Option<Range<usize>> {
        self.branches.first().map(|(_, place)| place.clone())
    }

    /// A variable that the file sets, with its value if that is known.
    pub fn variable(&self, name: &str) -> Option<Option<&str>> {
        self.variables.get(name).map(Option::as_deref)
    }

    /// True for a variable that may be set by what is not in the file.
    fn may_be_set(&self, name: &str) -> bool {
        self.any_may_be_set || OWN.contains(&name)
    }

    /// Runs a command. True when all that it means is known by now.
    pub fn run(&mut self, command: Command<'_>, place: Range<usize>) -> bool {
        match command.name() {
            "if" => {
                let branch =
                    if self.is_active() { self.branch(command.arguments()) } else { Branch::After };
                self.branches.push((branch, place));
                branch != Branch::Unknown
            }
            "elif" | "else" => self.next(command),
            "endif" => self.branches.pop().is_some(),
            _other if !self.is_active() => true,
            "set" => {
                self.set(command.arguments());
                true
            }
            "unset" => {
                self.variables.remove(command.arguments());
                true
            }
            "getenv" => self.set_unknown(command.arguments().split_whitespace().next()),
            "prompt" => self.set_unknown(command.arguments().split_whitespace().last()),
            "gset" => {
                // It may set again what the file has set.
                self.variables.values_mut().for_each(|value| *value = None);
                self.any_may_be_set = true;
                false
            }
            _sets_nothing => false,
        }
    }

    fn set_unknown(&mut self, name: Option<&str>) -> bool {
        self.variables.extend(name.map(|name| (name.to_owned(), None)));
        false
    }

    /// `\elif` and `\else`.
    fn next(&mut self, command: Command<'_>) -> bool {
        let Some((own, place)) = self.branches.pop() else { return false };
        let branch = match own {
            Branch::Unknown => Branch::Unknown,
            Branch::Taken | Branch::After => Branch::After,
            Branch::Before if command.name() == "else" => Branch::Taken,
            Branch::Before => self.branch(command.arguments()),
        };
        self.branches.push((branch, place));
        branch != Branch::Unknown
    }

    fn branch(&self, condition: &str) -> Branch {
        match self.words(condition).as_deref() {
            Some([value]) => match boolean(value) {
                Some(true) => Branch::Taken,
                Some(false) => Branch::Before,
                None => Branch::Unknown,
            },
            _not_one_known_word => Branch::Unknown,
        }
    }

    /// `\set name value ..`: the values one after the other, without blanks between.
    fn set(&mut self, arguments: &str) {
        let (name, rest) =
            arguments.split_once(|c: char| c.is_ascii_whitespace()).unwrap_or((arguments, ""));
        if !name.is_empty() {
            let value = self.words(rest).map(|words| words.concat());
            self.variables.insert(name.to_owned(), value);
        }
    }

    /// The arguments of a command; none when one is not known.
    fn words(&self, text: &str) -> Option<Vec<String>> {
        let mut words = Vec::new();
        let mut rest = text.trim_start();
        while !rest.is_empty() {
            let (word, after) = self.word(rest)?;
            words.push(word);
            rest = after.trim_start();
        }
        Some(words)
    }

    /// The first argument, and what follows it (`src/bin/psql/psqlscanslash.l`).
    fn word<'t>(&self, text: &'t str) -> Option<(String, &'t str)> {
        let mut word = String::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next().filter(|c| !c.is_ascii_whitespace()) {
            let after = rest.get(first.len_utf8()..).unwrap_or_default();
            rest = match first {
                '\'' => string(after, &mut word)?,
                '"' => {
                    let end = after.find('"')?;
                    word.push_str(rest.get(..end + 2)?);
                    after.get(end + 1..)?
                }
                '`' => return None,
                ':' => self.colon(after, &mut word)?,
                other => {
                    word.push(other);
                    after
                }
            };
        }
        Some((word, rest))
    }

    /// What follows a colon: `name`, `'name'`, `"name"`, `{?name}`, or nothing of the kind.
    fn colon<'t>(&self, text: &'t str, word: &mut String) -> Option<&'t str> {
        let opening = text.chars().next().filter(|c| matches!(c, '\'' | '"' | '{'));
        let start = match opening {
            Some('{') if text.starts_with("{?") => 2,
            Some('{') => 0,
            Some(_quote) => 1,
            None => 0,
        };
        let inner = text.get(start..)?;
        let length = inner.bytes().take_while(|byte| super::extent::is_word(*byte)).count();
        let (name, after) = inner.split_at_checked(length)?;
        let closing = opening.map(|c| if c == '{' { '}' } else { c });
        let after = match closing {
            Some(closing) => after.strip_prefix(closing),
            None => Some(after),
        };
        let (false, Some(after)) = (name.is_empty(), after) else {
            word.push(':');
            return Some(text);
        };
        match (opening, self.variables.get(name)) {
            (_, None) if self.may_be_set(name) => return None,
            (Some('{'), found) => word.push_str(if found.is_some() { "TRUE" } else { "FALSE" }),
            (_, Some(None)) => return None,
            (opening, Some(Some(value))) => {
                word.push_str(&in_statement(value, opening.and_then(|c| u8::try_from(c).ok()))?);
            }
            // A variable that is not set stays as it is.
            (_, None) => {
                word.push(':');
                return Some(text);
            }
        }
        Some(after)
    }
}

/// A quoted string of an argument, from behind its opening quote; what follows it.
fn string<'t>(text: &'t str, word: &mut String) -> Option<&'t str> {
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '\'' if chars.next_if(|(_, next)| *next == '\'').is_some() => word.push('\''),
            '\'' => return text.get(at + 1..),
            '\\' => match chars.next()?.1 {
                'n' => word.push('\n'),
                't' => word.push('\t'),
                'r' => word.push('\r'),
                'b' => word.push('\u{8}'),
                'f' => word.push('\u{c}'),
                // By number: that nobody writes in a name.
                'x' | '0'..='7' => return None,
                other => word.push(other),
            },
            other => word.push(other),
        }
    }
    None
}

/// What stands in a statement for `:name`, `:'name'` or `:"name"`; none when it would change
/// where the statement ends or have variables of its own.
pub(super) fn in_statement(value: &str, quote: Option<u8>) -> Option<String> {
    match quote {
        Some(b'\'') if value.contains('\\') => {
            Some(format!(" E'{}'", value.replace('\\', "\\\\").replace('\'', "''")))
        }
        Some(b'\'') => Some(format!("'{}'", value.replace('\'', "''"))),
        Some(_double) => Some(format!("\"{}\"", value.replace('"', "\"\""))),
        None => is_plain(value).then(|| value.to_owned()),
    }
}

/// True for what is read as one piece of a statement, or nothing.
fn is_plain(value: &str) -> bool {
    let is_word = |byte: u8| super::extent::is_word(byte) || matches!(byte, b'.' | b' ' | b',');
    if value.bytes().all(is_word) {
        return true;
    }
    let has_comment = value.contains("--") || value.contains("/*");
    let balance = value.matches('(').count() == value.matches(')').count();
    match split(value).as_slice() {
        [Piece::Statement { range, .. }] => {
            balance && !has_comment && !value.contains(':') && value.trim().len() == range.len()
        }
        _several_or_none => false,
    }
}

/// A boolean of psql: the first letters of a word will do (`ParseVariableBool`,
/// `src/bin/psql/variables.c`).
fn boolean(text: &str) -> Option<bool> {
    let text = text.to_ascii_lowercase();
    let is_start = |word: &str, least: usize| text.len() >= least && word.starts_with(&text);
    match text.as_str() {
        "1" => Some(true),
        "0" => Some(false),
        _any if is_start("true", 1) || is_start("yes", 1) || is_start("on", 2) => Some(true),
        _any if is_start("false", 1) || is_start("no", 1) || is_start("off", 2) => Some(false),
        _neither => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(commands: &[&str]) -> State {
        let mut state = State::default();
        for command in commands {
            state.run(Command::new(command), 0..1);
        }
        state
    }

    #[test]
    fn values_are_read_as_psql_reads_them() {
        let value = |command: &str| {
            let state = after(&[r"\set known k", r"\getenv env HOME", command]);
            state.variables.get("v").cloned().flatten()
        };
        assert_eq!(value(r"\set v a b  c").as_deref(), Some("abc"));
        assert_eq!(value(r"\set v 'a b'").as_deref(), Some("a b"));
        assert_eq!(value(r"\set v 'it''s' \\").as_deref(), Some("it's"));
        assert_eq!(value(r"\set v 'a\nb\\'x").as_deref(), Some("a\nb\\x"));
        assert_eq!(value(r#"\set v "A b"c"#).as_deref(), Some("\"A b\"c"));
        assert_eq!(value(r"\set v").as_deref(), Some(""));
        assert_eq!(value(r"\set v :known:'known':unknown").as_deref(), Some("k'k':unknown"));
        assert_eq!(value(r"\set v `date`"), None);
        assert_eq!(value(r"\set v :env"), None);
        assert_eq!(value(r"\set v 'open"), None);
        // What psql sets itself is not unset, and not known.
        assert_eq!(value(r"\set v :USER"), None);
        assert_eq!(value(r"\set v :'DBNAME'"), None);
    }

    #[test]
    fn the_first_branch_that_applies_is_taken() {
        let active = |commands: &[&str]| after(commands).is_active();
        assert!(active(&[r"\if true"]) && active(&[r"\if 1"]) && active(&[r"\if ye"]));
        assert!(!active(&[r"\if false"]) && !active(&[r"\if of"]) && !active(&[r"\if 0"]));
        assert!(active(&[r"\if false", r"\else"]));
        assert!(active(&[r"\if false", r"\elif on"]));
        assert!(!active(&[r"\if true", r"\elif true"]));
        assert!(!active(&[r"\if false", r"\if true"]));
        assert!(!active(&[r"\if false", r"\if true", r"\else"]));
        assert!(active(&[r"\if false", r"\if true", r"\endif", r"\endif"]));
        assert!(!active(&[r"\if :{?a}"]) && active(&[r"\set a", r"\if :{?a}"]));
        assert!(active(&[r"\if false", r"\set a", r"\endif", r"\if :{?a}", r"\else"]));
        assert!(State::default().run(Command::new(r"\if :{?mine}"), 0..1));
        assert!(!State::default().run(Command::new(r"\if :{?SERVER_VERSION_NUM}"), 0..1));
        let mut asked = after(&[r"\set mine x", r"\gset"]);
        assert!(!asked.run(Command::new(r"\if :{?other}"), 0..1));
        assert_eq!(asked.variable("mine"), Some(None));
        // Not known: both branches are read, and the command is a problem.
        assert!(active(&[r"\gset", r"\if :is_new"]));
        assert!(!State::default().run(Command::new(r"\if :is_new"), 0..1));
    }

    #[test]
    fn only_pieces_of_a_statement_stand_in_one() {
        for plain in ["t", "a.b", "'x'", "(a, b)", "", "numeric(10,2)", "$$a;b$$"] {
            assert!(is_plain(plain), "{plain}");
        }
        for not in ["a; b", "a;", "(", "'x", "a -- b", "/* a", r"\echo", ":x", "$$a"] {
            assert!(!is_plain(not), "{not}");
        }
    }
}
