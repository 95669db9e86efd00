//! Statements that change how the text after them is read.

use super::super::extent::skip_token;

/// True for `COPY .. FROM stdin ..`; its words stand outside of parentheses.
pub(super) fn copies_from_stdin(statement: &str) -> bool {
    let mut depth = 0_usize;
    let mut after_from = false;
    let mut at = 0;
    while at < statement.len() {
        let next = skip_token(statement, at);
        let token = statement.get(at..next).unwrap_or_default();
        at = next;
        match token.as_bytes() {
            [b'('] => depth += 1,
            [b')'] => depth = depth.saturating_sub(1),
            [b'-', b'-', ..] | [b'/', b'*', ..] => {}
            _word if depth > 0 || token.trim().is_empty() => {}
            _word if after_from => return token.eq_ignore_ascii_case("stdin"),
            _word => after_from = token.eq_ignore_ascii_case("from"),
        }
    }
    false
}

/// What a `SET` or `SELECT set_config(..)` makes of `standard_conforming_strings`.
pub(super) fn conforming_strings(statement: &str) -> Option<bool> {
    const NAME: &str = "standard_conforming_strings";
    const LONGEST: usize = 400;
    if statement.len() > LONGEST {
        return None;
    }
    let lower = statement.to_ascii_lowercase();
    let (head, value) = lower.split_once(NAME)?;
    if head.starts_with("select") && !head.contains("set_config") {
        return None;
    }
    // `= off`, `TO 'off'`, `', 'off', false)`; DEFAULT and RESET are on.
    let is_separator = |c: char| !(c.is_ascii_alphanumeric());
    let word = value.split(is_separator).find(|word| !word.is_empty() && *word != "to");
    let word = if head.starts_with("reset") { "default" } else { word? };
    Some(!matches!(word, "off" | "of" | "false" | "fals" | "fal" | "fa" | "f" | "no" | "n" | "0"))
}
