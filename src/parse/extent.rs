//! Where an element of a statement ends. The parse tree only says where it starts.

/// The end of the element of a list that starts at `start`: before the next
/// comma, closing parenthesis or semicolon of its level, blanks and comments
/// before it left out.
pub(super) fn element_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    let mut end = start;
    let mut at = start;
    while let Some(&byte) = bytes.get(at) {
        let next = skip_token(text, at);
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' if depth == 0 => break,
            b')' | b']' => depth -= 1,
            b',' | b';' if depth == 0 => break,
            _part_of_the_element => {}
        }
        let comment =
            text.get(at..next).is_some_and(|t| t.starts_with("--") || t.starts_with("/*"));
        if !byte.is_ascii_whitespace() && !comment {
            end = next;
        }
        at = next;
    }
    end
}

/// The end of the token, blank or comment at `at`; always further than `at`.
/// Strings, quoted identifiers, dollar quotes and comments are one token;
/// anything else is one byte, or one word.
pub(super) fn skip_token(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let byte = |offset: usize| bytes.get(at + offset).copied();
    match byte(0) {
        Some(b'\'') => {
            let escapes = at > 0
                && matches!(bytes.get(at - 1), Some(b'e' | b'E'))
                && !at.checked_sub(2).and_then(|i| bytes.get(i)).is_some_and(|b| is_word(*b));
            skip_quoted(bytes, at, b'\'', escapes)
        }
        Some(b'"') => skip_quoted(bytes, at, b'"', false),
        Some(b'$') => skip_dollar_quote(text, at).unwrap_or(at + 1),
        Some(b'-') if byte(1) == Some(b'-') => {
            text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |n| at + n)
        }
        Some(b'/') if byte(1) == Some(b'*') => skip_block_comment(bytes, at),
        Some(b) if is_word(b) => {
            let mut end = at + 1;
            while bytes.get(end).is_some_and(|b| is_word(*b) || *b == b'$') {
                end += 1;
            }
            // The quote after E belongs to its string, seen from the quote.
            end
        }
        Some(_) => at + 1,
        None => at + 1,
    }
}

/// True for a byte of an identifier or number.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

fn skip_quoted(bytes: &[u8], at: usize, quote: u8, escapes: bool) -> usize {
    let mut i = at + 1;
    while let Some(&byte) = bytes.get(i) {
        if byte == b'\\' && escapes {
            i += 2;
        } else if byte == quote {
            if bytes.get(i + 1) == Some(&quote) {
                i += 2;
            } else {
                return i + 1;
            }
        } else {
            i += 1;
        }
    }
    bytes.len()
}

fn skip_dollar_quote(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at + 1..)?;
    let tag_len = rest.find('$')?;
    let tag = rest.get(..tag_len)?;
    let starts_well = tag.bytes().next().is_none_or(|b| is_word(b) && !b.is_ascii_digit());
    if !starts_well || !tag.bytes().all(is_word) {
        return None;
    }
    let delimiter = text.get(at..at + tag_len + 2)?;
    let body = at + delimiter.len();
    Some(text.get(body..)?.find(delimiter).map_or(text.len(), |n| body + n + delimiter.len()))
}

fn skip_block_comment(bytes: &[u8], at: usize) -> usize {
    let mut depth = 0_usize;
    let mut i = at;
    while i < bytes.len() {
        match (bytes.get(i), bytes.get(i + 1)) {
            (Some(b'/'), Some(b'*')) => {
                depth += 1;
                i += 2;
            }
            (Some(b'*'), Some(b'/')) => {
                depth -= 1;
                i += 2;
                if depth == 0 {
                    return i;
                }
            }
            _inside => i += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, element: &str) {
        assert_eq!(&text[..element_end(text, 0)], element);
    }

    #[test]
    fn an_element_ends_at_the_comma_of_its_level() {
        check("a numeric(10,2) DEFAULT f(1, ','), b int", "a numeric(10,2) DEFAULT f(1, ',')");
        check("a int -- why, because\n , b int", "a int");
        check("a text DEFAULT $$x,)$$)", "a text DEFAULT $$x,)$$");
        check("a text DEFAULT E'\\',' )", "a text DEFAULT E'\\','");
    }
}
