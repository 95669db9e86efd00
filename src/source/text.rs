//! From bytes to text: UTF-8 or a problem that says what the bytes are instead.

use super::Source;
use crate::model::{Problem, ProblemCode};

/// How much is looked at to guess what a file is.
const HEAD: usize = 8192;

/// The text of a source. A byte order mark stays; splitting skips it.
pub(super) fn decode(bytes: Vec<u8>, name: &str) -> Result<Source, Problem> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Problem::new(ProblemCode::Empty, format!("{name} is empty"))
            .help("a dump that failed leaves an empty file behind"));
    }
    let head = bytes.get(..HEAD).unwrap_or(&bytes);
    if let Some((what, help)) = binary(head) {
        return Err(Problem::new(
            ProblemCode::Unreadable,
            format!("{name} is {what}, not SQL text"),
        )
        .help(help));
    }
    if let Some(encoding) = utf16(head) {
        return Err(Problem::new(ProblemCode::NotUtf8, format!("{name} is in {encoding}, not UTF-8"))
            .help(format!("convert it: iconv -f {encoding} -t UTF-8; PowerShell's > writes UTF-16, pg_dump --file=FILE does not")));
    }
    if head.contains(&0) {
        return Err(Problem::new(
            ProblemCode::Unreadable,
            format!("{name} is binary, not SQL text"),
        )
        .help("give SQL text or an archive of pg_dump"));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Source { name: name.to_owned(), text }),
        Err(error) => Err(not_utf8(error.as_bytes(), error.utf8_error().valid_up_to(), name)),
    }
}

/// Formats that are known by their first bytes, and what to do about them.
fn binary(head: &[u8]) -> Option<(&'static str, &'static str)> {
    let formats: [(&[u8], _, _); 9] = [
        (
            b"\x1f\x8b",
            "compressed with gzip",
            "decompress it on the way: gunzip -c FILE | pgcanon .. -",
        ),
        (
            b"\x28\xb5\x2f\xfd",
            "compressed with zstd",
            "decompress it on the way: zstd -dc FILE | pgcanon .. -",
        ),
        (
            b"\xfd7zXZ\0",
            "compressed with xz",
            "decompress it on the way: xz -dc FILE | pgcanon .. -",
        ),
        (
            b"BZh",
            "compressed with bzip2",
            "decompress it on the way: bzip2 -dc FILE | pgcanon .. -",
        ),
        (
            b"\x04\x22\x4d\x18",
            "compressed with lz4",
            "decompress it on the way: lz4 -dc FILE | pgcanon .. -",
        ),
        (b"PK\x03\x04", "a ZIP archive", "decompress it on the way: unzip -p FILE | pgcanon .. -"),
        (b"SQLite format 3\0", "a SQLite database", "only schemas of PostgreSQL are compared"),
        (b"\x7fELF", "a program", "give SQL text or an archive of pg_dump"),
        (b"%PDF", "a PDF document", "give SQL text or an archive of pg_dump"),
    ];
    let known =
        |(magic, what, help): (&[u8], _, _)| head.starts_with(magic).then_some((what, help));
    formats.into_iter().find_map(known)
}

/// UTF-16 or UTF-32 by its byte order mark, or by the zero byte of every ASCII character.
fn utf16(head: &[u8]) -> Option<&'static str> {
    if head.starts_with(b"\xff\xfe\0\0") {
        return Some("UTF-32LE");
    }
    if head.starts_with(b"\xff\xfe") {
        return Some("UTF-16LE");
    }
    if head.starts_with(b"\xfe\xff") {
        return Some("UTF-16BE");
    }
    let zeros =
        |parity: usize| head.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
    let most = head.len() * 2 / 5;
    match (zeros(0), zeros(1)) {
        (_, odd) if odd > most => Some("UTF-16LE"),
        (even, _) if even > most => Some("UTF-16BE"),
        _neither => None,
    }
}

fn not_utf8(bytes: &[u8], at: usize, name: &str) -> Problem {
    let before = bytes.get(..at).unwrap_or_default();
    let line = memchr::memchr_iter(b'\n', before).count() + 1;
    let line_start =
        before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    let in_line = String::from_utf8_lossy(before.get(line_start..).unwrap_or_default());
    let column = in_line.chars().count() + 1;
    let byte = bytes.get(at).copied().unwrap_or_default();
    let message = format!(
        "{name} is not valid UTF-8: byte 0x{byte:02X} at line {line}, column {column} (offset {at})"
    );
    let help = match declared_encoding(before) {
        Some(encoding) => format!("it says client_encoding = '{encoding}': dump with --encoding=UTF8, or convert it with iconv and change that line"),
        // The bytes of most Western text in an encoding of one byte a character.
        None if is_cut_off(bytes, at) => "the last character is cut off: is the file complete?".to_owned(),
        None if byte >= 0xa0 => "it may be Latin-1 or Windows-1252: convert it with iconv -f WINDOWS-1252 -t UTF-8, or dump with --encoding=UTF8".to_owned(),
        None => "dump with --encoding=UTF8, or convert it with iconv -f ENCODING -t UTF-8".to_owned(),
    };
    Problem::new(ProblemCode::NotUtf8, message).help(help)
}

/// True when a character starts well but the text ends within it.
fn is_cut_off(bytes: &[u8], at: usize) -> bool {
    let rest = bytes.get(at..).unwrap_or_default();
    std::str::from_utf8(rest)
        .is_err_and(|error| error.valid_up_to() == 0 && error.error_len().is_none())
}

/// The encoding that a `SET client_encoding` before the place names.
fn declared_encoding(before: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(before.get(..HEAD).unwrap_or(before));
    let (_, rest) = head.split_once("client_encoding")?;
    let value = rest.split('\'').nth(1)?;
    let plain = value.len() < 30
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    let utf8 = value.eq_ignore_ascii_case("utf8") || value.eq_ignore_ascii_case("utf-8");
    (plain && !utf8).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], code: ProblemCode, expected: &str) {
        let problem = decode(bytes.to_vec(), "a.sql").expect_err("a problem");
        let said = format!("{}; {}", problem.message, problem.help.unwrap_or_default());
        assert_eq!(problem.code, code, "{said}");
        assert!(said.contains(expected), "{said}");
    }

    #[test]
    fn says_what_bytes_are_when_they_are_no_text() {
        check(b" \n", ProblemCode::Empty, "a.sql is empty");
        check(b"", ProblemCode::Empty, "a.sql is empty");
        check(b"\x1f\x8b\x08\0\0", ProblemCode::Unreadable, "gunzip -c");
        check(b"SELECT\0\x01\x02\x03 1 and much more of it", ProblemCode::Unreadable, "binary");
        check(b"\xff\xfeS\0E\0", ProblemCode::NotUtf8, "UTF-16LE");
        check(b"\0S\0E\0L\0E\0C\0T", ProblemCode::NotUtf8, "UTF-16BE");
    }

    #[test]
    fn says_where_text_is_not_utf8() {
        check(
            b"--\n\nSELECT '\xc3\xa9t\xe9';",
            ProblemCode::NotUtf8,
            "byte 0xE9 at line 3, column 11 (offset 15)",
        );
        check(b"SELECT '\xe9';", ProblemCode::NotUtf8, "WINDOWS-1252");
        check(
            b"SET client_encoding = 'LATIN9';\nSELECT '\xe9';",
            ProblemCode::NotUtf8,
            "client_encoding = 'LATIN9'",
        );
        check(b"SELECT '\xc3", ProblemCode::NotUtf8, "cut off");
    }

    #[test]
    fn text_is_kept_as_it_is() {
        let text = "\u{feff}SELECT 'é';\r\n";
        assert_eq!(
            decode(text.as_bytes().to_vec(), "a.sql").map(|source| source.text).ok().as_deref(),
            Some(text)
        );
    }
}
