//! The laws with names that mean something else when they are not quoted: keywords,
//! capitals, quotes, line breaks.
//!
//! Every name in the statements and expressions of the other laws is replaced by one
//! of them, in quotes.

use pg_query::protobuf::Token;

use super::{assert_all, command_law, commands, expr_law, expressions};

const HOSTILE: &[&str] = &[
    "a b",
    "A",
    "a.b",
    "a\"b",
    "\"",
    "'",
    "a'b",
    "\\",
    "a\nb",
    "\r\n",
    "\t",
    "--",
    "/*",
    "*/",
    ";",
    "$$",
    "$1",
    "a$b",
    "1a",
    "é",
    "É",
    "日本語",
    "😀",
    "\u{202e}abc",
    "\u{a0}",
    " ",
    "%TYPE",
    "(",
    "::int",
    "DROP TABLE t; --",
    "\\! ls",
    "U&",
    "E'",
    "x'",
    "pg_catalog",
    "public",
    "63 bytes long, which is the most that an identifier may hold...",
];

fn keywords() -> Vec<&'static str> {
    let file = include_str!("../../../../tests/roundtrip/keywords.txt");
    file.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split(' ').next())
        .collect()
}

/// The text with each plain name in it replaced by the next of `names`, in quotes.
fn renamed<'n>(text: &str, names: &mut impl Iterator<Item = &'n str>) -> String {
    let mut result = String::new();
    let mut done = 0;
    for token in pg_query::scan_tokens(text).unwrap_or_default() {
        let (Ok(start), Ok(end)) = (usize::try_from(token.start), usize::try_from(token.end))
        else {
            continue;
        };
        // The name of an encoding is one of a few words.
        let encoding = text.get(start..end) == Some("UTF8");
        if token.token() == Token::Ident
            && !encoding
            && let Some(name) = names.next()
        {
            result.push_str(text.get(done..start).unwrap_or_default());
            result.push('"');
            result.push_str(&name.replace('"', "\"\""));
            result.push('"');
            done = end;
        }
    }
    result.push_str(text.get(done..).unwrap_or_default());
    result
}

/// Each text with each name in turn in each place, or with every `step`-th of them.
fn law(names: &[&str], step: usize) {
    let mut results = Vec::new();
    for offset in (0..names.len()).step_by(step) {
        let mut cycle = names.iter().copied().cycle().skip(offset);
        for text in expressions() {
            results.push(expr_law(&renamed(&text, &mut cycle)));
        }
        for text in commands() {
            results.push(command_law(&renamed(&text, &mut cycle)));
        }
    }
    assert_all(results, 1_000);
}

#[test]
fn keywords_read_back_as_names() {
    law(&keywords(), 97);
}

#[test]
fn hostile_names_read_back() {
    law(HOSTILE, 5);
}

/// Minutes: each keyword in each place.
#[test]
#[ignore = "takes minutes"]
fn keywords_read_back_as_names_everywhere() {
    law(&keywords(), 1);
}

#[test]
fn the_list_of_reserved_words_is_that_of_the_scanner() {
    use pg_query::protobuf::KeywordKind;
    for word in keywords() {
        let tokens = pg_query::scan_tokens(word).unwrap_or_default();
        let reserved =
            tokens.iter().all(|token| token.keyword_kind() != KeywordKind::UnreservedKeyword);
        assert_eq!(!super::super::ident::is_safe(word), reserved, "{word}");
    }
}
