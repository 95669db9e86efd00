//! Makes untrusted text harmless for the place it is shown in.

/// Text for a terminal or a log: control characters, ANSI escapes and characters
/// that reorder or hide text become visible as `\u{1b}`.
pub fn terminal(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            _ if is_hidden(character) => shown.extend(character.escape_unicode()),
            _ => shown.push(character),
        }
    }
    shown
}

/// Text as a scalar of YAML 1.2 on one line: plain where no reader can take it for anything
/// else than this text, in double quotes otherwise.
pub fn yaml(text: &str) -> String {
    const WORDS: [&str; 14] = [
        "true",
        "false",
        "null",
        "yes",
        "no",
        "on",
        "off",
        "y",
        "n",
        "nan",
        "inf",
        "infinity",
        "none",
        "undefined",
    ];
    let starts = text.chars().next().is_some_and(|first| first.is_ascii_alphabetic());
    let plain = |c: char| c.is_ascii_alphanumeric() || " _./()+-".contains(c);
    let is_word = WORDS.iter().any(|word| text.eq_ignore_ascii_case(word));
    if starts && !is_word && text.chars().all(plain) && !text.ends_with(' ') {
        return text.to_owned();
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            _ if is_hidden(character) && u32::from(character) > 0xFFFF => {
                quoted.push_str(&format!("\\U{:08X}", u32::from(character)));
            }
            _ if is_hidden(character) => {
                quoted.push_str(&format!("\\u{:04X}", u32::from(character)));
            }
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

/// Bytes as two hex digits each.
pub fn hex(bytes: &[u8]) -> String {
    let digits = |byte: &u8| [byte >> 4, byte & 15].map(|digit| char::from_digit(digit.into(), 16));
    bytes.iter().flat_map(digits).flatten().collect()
}

/// Control characters, and format characters that change the order of text or
/// take no room (Unicode TR 36 and TR 9).
pub(super) fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            u32::from(character),
            0x00AD
                | 0x061C
                | 0x180E
                | 0x200B..=0x200F
                | 0x2028..=0x202E
                | 0x2060..=0x206F
                | 0xFEFF
                | 0xFFF9..=0xFFFB
                | 0xE0000..=0xE007F
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yaml_reads_back_as_the_same_text() {
        for text in [
            "",
            "a",
            "a b",
            "a ",
            " a",
            "a: b",
            "a #b",
            "#a",
            "yes",
            "NULL",
            "1",
            "1e3",
            "- a",
            "it's",
            "\"q\"",
            "back\\slash",
            "two\nlines",
            "\u{202e}",
            "\u{e0041}",
            "\u{7f}é€",
            "{a}",
            "[a]",
            "*a",
            "&a",
            "!a",
            "%a",
            "@a",
            "`a`",
            "|",
            ">",
            "a,b",
            "table public.\"A b\"",
        ] {
            let document = format!("key: {}\n", yaml(text));
            let read: std::collections::BTreeMap<String, String> =
                serde_saphyr::from_str(&document).expect(&document);
            assert_eq!(read.get("key").map(String::as_str), Some(text), "{document}");
        }
        assert_eq!(yaml("table public.t"), "table public.t");
    }
}
