//! Parses one statement, and says exactly where it is wrong.
//!
//! `libpg_query` gives the message of PostgreSQL without its position, only with
//! the text of the offending token. The parser reads from left to right with one
//! token of lookahead and stops at the first it cannot use; so the place is the
//! end of the shortest prefix that fails with the same message, and bisecting
//! over the places where that token stands finds it.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use pg_query::protobuf::ParseResult;

use super::advice::advice;
use super::extent::{is_word, skip_token};
use super::rewrite::Rewritten;
use crate::model::{Problem, ProblemCode};

/// A statement that was read, with the text that its locations are in.
#[derive(Debug)]
pub(super) struct Readable<'t> {
    pub tree: ParseResult,
    pub text: Rewritten<'t>,
}

/// A statement that cannot be read, and where in the statement of the source.
#[derive(Debug)]
pub(super) struct Unreadable {
    pub problem: Problem,
    pub range: Range<usize>,
}

/// Parses one statement.
pub(super) fn parse<'t>(statement: &Rewritten<'t>) -> Result<Readable<'t>, Box<Unreadable>> {
    let message = match tree(statement.text()) {
        Ok(tree) => {
            return Ok(Readable { tree, text: statement.clone() });
        }
        Err(message) => message,
    };
    if let Some(quoted) = quote_new_keywords(statement, &message)
        && let Ok(tree) = tree(quoted.text())
    {
        return Ok(Readable { tree, text: quoted });
    }
    let found = locate(statement.text(), &message);
    let problem = problem(statement.text(), &message, &found);
    let range = statement.original(found.start)..statement.original(found.end);
    Err(Box::new(Unreadable { problem, range }))
}

/// The tree, or the message of PostgreSQL.
fn tree(text: &str) -> Result<ParseResult, String> {
    // The dependency holds a few assertions; one that fails must not end the process.
    match catch_unwind(AssertUnwindSafe(|| pg_query::parse(text, 0))) {
        Ok(Ok(result)) => Ok(result.protobuf),
        Ok(Err(pg_query::Error::Parse(message))) => Err(message),
        Ok(Err(pg_query::Error::Decode(_))) => Err(STACK_DEPTH.to_owned()),
        Ok(Err(pg_query::Error::Conversion(_))) => Err(NUL.to_owned()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_panic) => Err(PANIC.to_owned()),
    }
}

const STACK_DEPTH: &str = "stack depth limit exceeded";

/// How messages of the parser begin that the depth of a statement causes: the
/// limits of its stack, of its grammar's stack, and of the tree it can hand over.
const TOO_DEEP: &[&str] = &[STACK_DEPTH, "memory exhausted", "parse tree is nested too deeply"];
const NUL: &str = "the text holds a zero byte";
const PANIC: &str = "the parser failed";
const AT_OR_NEAR: &str = " at or near \"";
const AT_END: &str = " at end of input";

/// Words that later servers reserve, so that older ones print them unquoted as
/// names of columns (`src/include/parser/kwlist.h`: `system_user` since 16).
const NEW_KEYWORDS: &[&str] = &["system_user"];

fn quote_new_keywords<'t>(statement: &Rewritten<'t>, message: &str) -> Option<Rewritten<'t>> {
    is_new_keyword(token_of(message)?)
        .then(|| statement.with_quoted(&new_keywords(statement.text())))
}

/// The statement of a dump of a server that did not know the new keywords: where
/// they stand, they are names, even where today's grammar would read them otherwise.
pub(super) fn of_older_server(statement: Rewritten<'_>) -> Rewritten<'_> {
    let words = new_keywords(statement.text());
    if words.is_empty() { statement } else { statement.with_quoted(&words) }
}

/// True for a dump whose header names a server before 16.
pub(super) fn is_of_older_server(text: &str) -> bool {
    const HEADER: &str = "\n-- Dumped from database version ";
    const LONGEST: usize = 1000;
    let head = text.as_bytes().get(..LONGEST).unwrap_or(text.as_bytes());
    let found = memchr::memmem::find(head, HEADER.as_bytes());
    let version = found
        .and_then(|at| text.get(at + HEADER.len()..)?.split(|c: char| !c.is_ascii_digit()).next());
    version.and_then(|version| version.parse::<u32>().ok()).is_some_and(|major| major < 16)
}

fn is_new_keyword(word: &str) -> bool {
    NEW_KEYWORDS.iter().any(|keyword| word.eq_ignore_ascii_case(keyword))
}

fn new_keywords(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let may_hold = |keyword: &&str| {
        [(*keyword).to_owned(), keyword.to_ascii_uppercase()]
            .iter()
            .any(|word| memchr::memmem::find(bytes, word.as_bytes()).is_some())
    };
    if !NEW_KEYWORDS.iter().any(may_hold) {
        return Vec::new();
    }
    tokens(text, 0).filter(|range| text.get(range.clone()).is_some_and(is_new_keyword)).collect()
}

/// The text of the token that a message names.
fn token_of(message: &str) -> Option<&str> {
    message.split_once(AT_OR_NEAR)?.1.strip_suffix('"')
}

fn is_too_deep(message: &str) -> bool {
    TOO_DEEP.iter().any(|beginning| message.starts_with(beginning))
}

/// Where the parser gave up.
fn locate(text: &str, message: &str) -> Range<usize> {
    if message == NUL {
        let at = text.find('\0').unwrap_or_default();
        return at..at + 1;
    }
    if message.ends_with(AT_END) {
        return text.len()..text.len();
    }
    if message == PANIC || (is_too_deep(message) && token_of(message).is_none()) {
        return 0..text.len();
    }
    let candidates: Vec<Range<usize>> = match token_of(message) {
        Some(token) => {
            let stands_at = |range: Range<usize>| stands_at(text, range.start, token);
            tokens(text, 0).filter_map(stands_at).collect()
        }
        // Messages of grammar actions do not say where: any token may end the phrase.
        None => tokens(text, 0).collect(),
    };
    shortest_failing(text, message, &candidates).unwrap_or(0..text.len())
}

/// The first candidate up to which the text fails with the same message. Steps
/// double and then halve, so that the work is a few times that of parsing up to
/// the place, not of parsing everything many times.
fn shortest_failing(
    text: &str,
    message: &str,
    candidates: &[Range<usize>],
) -> Option<Range<usize>> {
    // The scanner looks one token ahead at words like WITH (`base_yylex`,
    // src/backend/parser/parser.c), so that token is kept.
    let fails_at =
        |end: usize| tree(text.get(..end).unwrap_or(text)).is_err_and(|own| own == message);
    let fails = |index: usize| {
        candidates.get(index).is_some_and(|range| {
            fails_at(tokens(text, range.end).next().map_or(text.len(), |next| next.end))
        })
    };
    let last = candidates.len().checked_sub(1)?;
    let (mut below, mut step) = (0, 1_usize);
    let mut above = loop {
        let index = (below + step - 1).min(last);
        if fails(index) {
            break index;
        }
        if index == last {
            return None;
        }
        below = index + 1;
        step *= 2;
    };
    while below < above {
        let middle = below + (above - below) / 2;
        if fails(middle) {
            above = middle;
        } else {
            below = middle + 1;
        }
    }
    // The token that was kept may itself be the one.
    let next =
        candidates.get(above + 1).filter(|_| !fails_at(candidates.get(above).map_or(0, |c| c.end)));
    next.or(candidates.get(above)).cloned()
}

/// The tokens from `at` on, without blanks and comments.
fn tokens(text: &str, mut at: usize) -> impl Iterator<Item = Range<usize>> {
    std::iter::from_fn(move || {
        while at < text.len() {
            let start = at;
            at = skip_token(text, at).min(text.len());
            let token = text.get(start..at).unwrap_or("?");
            if !token.starts_with(char::is_whitespace)
                && !token.starts_with("--")
                && !token.starts_with("/*")
            {
                return Some(start..at);
            }
        }
        None
    })
}

/// The place of a whole token.
fn stands_at(text: &str, start: usize, token: &str) -> Option<Range<usize>> {
    let rest = text.get(start..)?.strip_prefix(token)?;
    let word = |byte: Option<&u8>| byte.is_some_and(|byte| is_word(*byte) || *byte == b'$');
    let cut = word(token.as_bytes().last()) && word(rest.as_bytes().first());
    (!cut).then_some(start..start + token.len())
}

fn problem(text: &str, message: &str, found: &Range<usize>) -> Problem {
    if is_too_deep(message) {
        return Problem::new(ProblemCode::TooDeep, "the statement is nested too deeply for the parser of PostgreSQL")
            .help("split the expression or query into smaller ones, or write long chains as lists: a IN (1, 2)");
    }
    if message == PANIC {
        return Problem::new(ProblemCode::Unsupported, "the parser failed on this statement")
            .help("this is an error of pgcanon's parser, not of the statement; please report it");
    }
    let advice = advice(text, message, found);
    let code = advice.code.unwrap_or(ProblemCode::Syntax);
    let problem = Problem::new(code, advice.message.unwrap_or_else(|| shortened(message)));
    match advice.help {
        Some(help) => problem.help(help),
        None => problem,
    }
}

/// The message of PostgreSQL with a long token cut.
fn shortened(message: &str) -> String {
    const LONGEST: usize = 60;
    let Some(token) = token_of(message) else {
        return message.to_owned();
    };
    let head = message.split_once(AT_OR_NEAR).map_or("", |(head, _)| head);
    let cut: String = token.chars().take(LONGEST).collect();
    let more = if cut.len() < token.len() { "…" } else { "" };
    format!("{head}{AT_OR_NEAR}{cut}{more}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> (Problem, Range<usize>) {
        let wrong = *parse(&Rewritten::of(text)).expect_err("a syntax error");
        (wrong.problem, wrong.range)
    }

    /// The text with `«»` around the token that cannot be used.
    #[track_caller]
    fn check(marked: &str) {
        let text = marked.replace(['«', '»'], "");
        let (problem, range) = error(&text);
        let shown =
            format!("{}«{}»{}", &text[..range.start], &text[range.clone()], &text[range.end..]);
        assert_eq!(shown, marked, "{problem:?}");
    }

    #[test]
    fn the_place_is_the_first_token_that_cannot_be_used() {
        check("CREATE TABLE t (a int)«)»");
        check("CREATE TABLE t (a int, b int, «,» c int)");
        check("CREATE TABLE t (a int,«)»");
        check("«CREAT» TABLE t (a int)");
        check("CREATE TABLE t (a int) -- ) \n«)» ");
        check("SELECT a FROM t WHERE b = 'where' AND «WHERE» c");
        check("CREATE TABLE «user» (a int)");
        check("ALTER TABLE t ADD COLUMN a int NOT NULL «a» int");
        check("SELECT 1 FROM a a «a» a");
        check("SELECT f(timestamp with time zone '2000-01-01', a «with» b)");
        check("SELECT 1 FROM «\"\"»");
        check("SELECT «1a»");
        check("SELECT 'a' «'b'»");
        check("CREATE TABLE t (a int, PRIMARY«)»");
    }

    #[test]
    fn a_statement_that_is_cut_off_is_wrong_at_its_end() {
        check("CREATE TABLE t (a int«»");
        check("CREATE TABLE«»");
    }

    #[test]
    fn messages_of_grammar_actions_are_placed_as_well() {
        let text = "CREATE VIEW v AS SELECT 1 FROM a.b.c.d";
        let (problem, range) = error(text);
        assert_eq!(problem.message, "improper qualified name (too many dotted names): a.b.c.d");
        assert_eq!(&text[range], "d");
        let text = "CREATE TABLE t (a float(60), b int)";
        let (problem, range) = error(text);
        assert_eq!(problem.message, "precision for type float must be less than 54 bits");
        assert!(text[..range.end].ends_with("float(60)"), "{range:?}");
    }

    #[test]
    fn columns_of_older_servers_may_have_names_that_are_reserved_now() {
        let text = "CREATE TABLE t (system_user text, CHECK (SYSTEM_USER <> ''))";
        let readable = parse(&Rewritten::of(text)).expect("a tree");
        assert_eq!(
            readable.text.text(),
            r#"CREATE TABLE t ("system_user" text, CHECK ("system_user" <> ''))"#
        );
    }

    #[test]
    fn dumps_of_older_servers_have_no_new_keywords() {
        let text = "--\n-- PostgreSQL database dump\n--\n\n-- Dumped from database version 15.14\n";
        assert!(is_of_older_server(text));
        assert!(!is_of_older_server(&text.replace("15.14", "16.1")));
        assert!(!is_of_older_server("CREATE TABLE t ();"));
        let statement = Rewritten::of("CREATE INDEX i ON t (system_user, 'system_user')");
        let quoted = of_older_server(statement);
        assert_eq!(quoted.text(), "CREATE INDEX i ON t (\"system_user\", 'system_user')");
    }

    #[test]
    fn the_place_is_found_in_text_that_was_rewritten() {
        let text = r"SELECT 'a\'', 'b' FROM FROM";
        let rewritten = Rewritten::of_source(text, 0, &[], &[7, 14]);
        let wrong = parse(&rewritten).expect_err("a syntax error");
        assert_eq!(wrong.range, 23..27);
    }

    #[test]
    fn deep_statements_are_no_syntax_errors() {
        crate::run_with_stack(Some(1), || {
            let parentheses = format!("SELECT {}1{}", "(".repeat(100_000), ")".repeat(100_000));
            let (problem, range) = error(&parentheses);
            assert_eq!(problem.code, ProblemCode::TooDeep);
            assert_eq!(&parentheses[range], "(");
            let chain = format!("SELECT 1{}", " + 1".repeat(20_000));
            assert_eq!(error(&chain).0.code, ProblemCode::TooDeep);
        });
    }

    #[test]
    fn a_zero_byte_is_found() {
        assert_eq!(error("SELECT \0 1").1, 7..8);
    }

    #[test]
    fn a_place_far_into_a_long_statement_is_found_quickly() {
        let text = format!("SELECT ARRAY[{}1, , 2]", "1, ".repeat(200_000));
        let (_, range) = error(&text);
        assert_eq!(range.start, text.len() - 4);
    }
}
