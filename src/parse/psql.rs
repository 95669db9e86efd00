//! Commands of psql in a source: which of them change what the file says.
//!
//! `pg_dump` writes `\connect`, `\restrict` and `\unrestrict`; people write more.
//! Commands that only change what psql shows are ignored; those that bring in
//! other text (`\i`, `\gexec`) or leave some out (`\q`) are problems. Variables and
//! `\if` are followed in `psql_state.rs` as far as they are known.

use super::coverage::IgnoreRule;
use super::extent::is_word;
use super::lower::Lowered;
use crate::model::{Problem, ProblemCode};

/// A command with its arguments, as written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Command<'t> {
    name: &'t str,
    arguments: &'t str,
}

/// Where a command that starts with the backslash at `start` ends: at the end of
/// the line, or before the next backslash outside of quotes (manual, psql,
/// "Meta-Commands"); `\\` belongs to the command that it ends.
pub(super) fn command_end(text: &str, start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    let line = rest.split(['\n', '\r']).next().unwrap_or_default();
    if Command::new(line).takes_whole_line() {
        return start + line.len();
    }
    let mut quote = None;
    let mut bytes = line.bytes().enumerate().skip(1 + Command::new(line).name.len()).peekable();
    while let Some((at, byte)) = bytes.next() {
        match quote {
            Some(b'\'') if byte == b'\\' => {
                bytes.next();
            }
            Some(open) if byte == open => quote = None,
            None if matches!(byte, b'\'' | b'"' | b'`') => quote = Some(byte),
            None if byte == b'\\' => {
                let separator = matches!(bytes.peek(), Some((_, b'\\')));
                return start + at + if separator { 2 } else { 0 };
            }
            _part_of_an_argument => {}
        }
    }
    start + line.len()
}

impl<'t> Command<'t> {
    /// Reads a command from its backslash on.
    pub fn new(text: &'t str) -> Self {
        let text = text.strip_prefix('\\').unwrap_or(text);
        let letters = text.bytes().take_while(|byte| is_word(*byte)).count();
        let length = text.chars().next().map_or(0, char::len_utf8).max(letters);
        let (name, arguments) = text.split_at_checked(length).unwrap_or((text, ""));
        Self { name, arguments: arguments.strip_suffix("\\\\").unwrap_or(arguments).trim() }
    }

    /// The name without its backslash.
    pub fn name(self) -> &'t str {
        self.name
    }

    /// What follows the name.
    pub fn arguments(self) -> &'t str {
        self.arguments
    }

    /// True for commands that send the statement before them.
    pub fn ends_statement(self) -> bool {
        matches!(self.name, "g" | "gx" | "gexec" | "gset" | "gdesc" | "crosstabview" | "watch")
    }

    /// True for `\copy .. from stdin`, whose rows follow.
    pub fn copies_from_stdin(self) -> bool {
        let mut words = self.arguments.split_whitespace();
        self.name == "copy"
            && words.any(|word| word.eq_ignore_ascii_case("from"))
            && words.next().is_some_and(|word| word.eq_ignore_ascii_case("stdin"))
    }

    /// The database that `\connect` names; none for another user or host only.
    pub fn connects_to(self) -> Option<String> {
        if !self.is_connect() {
            return None;
        }
        let rest = self
            .arguments
            .trim_start_matches("-reuse-previous=on")
            .trim_start_matches("-reuse-previous=off");
        let name = first_argument(rest.trim_start());
        if name.is_empty() || name == "-" { None } else { Some(database(&name)) }
    }

    fn is_connect(self) -> bool {
        matches!(self.name, "c" | "connect")
    }

    fn takes_whole_line(self) -> bool {
        matches!(self.name, "copy" | "!" | "h" | "help" | "ef" | "ev" | "sf" | "sv")
    }

    /// What the command means for the schema.
    pub fn lower(self) -> Lowered {
        let name = self.name;
        let ignored = Lowered::Ignored(IgnoreRule::MetaCommand);
        let problem = |message: String, help: &str| {
            Lowered::problem(Problem::new(ProblemCode::MetaCommand, message).help(help))
        };
        match name {
            "restrict" | "unrestrict" | "echo" | "qecho" | "warn" | "set" | "unset" | "getenv"
            | "setenv" | "prompt" | "pset" | "timing" | "x" | "a" | "t" | "f" | "H" | "C" | "T"
            | "html" | "o" | "out" | "errverbose" | "conninfo" | "copyright" | "h" | "help"
            | "?" | "p" | "print" | "s" | "sf" | "sv" | "z" | "l" | "list" | "." | "g" | "gx"
            | "gset" | "crosstabview" | "elif" | "else" | "endif" | "cd" => ignored,
            describe if describe.starts_with('d') => ignored,
            "encoding" => self.encoding(),
            "c" | "connect" => Lowered::apply(super::connect::Connect),
            "copy" | "lo_import" | "lo_unlink" | "lo_export" | "lo_list" => {
                Lowered::Ignored(IgnoreRule::Data)
            }
            "i" | "ir" | "include" | "include_relative" => {
                let file = first_argument(self.arguments);
                problem(
                    format!(
                        r#"\{name} reads another file, "{file}", which pgcanon does not follow"#
                    ),
                    "give all files instead, in their order: --canonical a.sql --canonical b.sql, or a directory",
                )
            }
            "gexec" => problem(
                r"\gexec runs the result of a query, which is not known offline".to_owned(),
                "write the statements out, or dump a database where the file has been run",
            ),
            "if" => problem(
                r"\if depends on what is only known when psql runs".to_owned(),
                "resolve the condition in the file, or dump a database where it has been run",
            ),
            "q" | "quit" => problem(
                format!(r"\{name} ends the file here, though more may follow"),
                "remove it with what follows",
            ),
            _any_other => problem(
                format!(r"the psql command \{name} is not known to leave the schema as it is"),
                "remove it from the file, or dump a database where the file has been run",
            ),
        }
    }

    fn encoding(self) -> Lowered {
        let value = first_argument(self.arguments);
        if value.is_empty()
            || ["utf8", "utf-8", "unicode"].contains(&value.to_ascii_lowercase().as_str())
        {
            return Lowered::Ignored(IgnoreRule::MetaCommand);
        }
        let message =
            format!(r#"\encoding says that the source is in "{value}", pgcanon reads UTF-8"#);
        Lowered::problem(
            Problem::new(ProblemCode::Encoding, message)
                .help("convert the file with iconv and remove this line"),
        )
    }
}

/// The problem of a variable that the file does not set.
pub(super) fn unset_variable(name: &str) -> Problem {
    Problem::new(
        ProblemCode::MetaCommand,
        format!(r#"the variable "{name}" of psql has no value here"#),
    )
    .help(format!(r"psql gets it from its command line; set it in the file: \set {name} VALUE"))
}

/// The problem of a variable whose value cannot stand in the statement.
pub(super) fn variable(name: &str) -> Problem {
    Problem::new(
        ProblemCode::MetaCommand,
        format!(r#"the value of psql's variable "{name}" is not known"#),
    )
    .help("it comes from outside of the file, or would end the statement: write the value here")
}

/// An argument without the quotes around it.
fn first_argument(arguments: &str) -> String {
    let Some(quote) = arguments.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
        return arguments.split_whitespace().next().unwrap_or_default().to_owned();
    };
    let mut value = String::new();
    let mut chars = arguments.chars().skip(1).peekable();
    while let Some(c) = chars.next() {
        if c == quote && chars.next_if_eq(&quote).is_none() {
            break;
        }
        value.push(c);
    }
    value
}

/// The database of a connection string `dbname='x'` or URL; other text is the name itself.
fn database(name: &str) -> String {
    if let Some((_, value)) = name.split_once("dbname=") {
        let value = value.trim_start();
        let end = if value.starts_with('\'') { '\'' } else { ' ' };
        let mut found = String::new();
        let mut chars = value.trim_start_matches('\'').chars();
        while let Some(c) = chars.next() {
            match c {
                '\\' => found.extend(chars.next()),
                c if c == end => break,
                c => found.push(c),
            }
        }
        return found;
    }
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_ends_at_its_line_or_at_the_next_command() {
        let end = |text: &str| text[..command_end(text, 0)].to_owned();
        assert_eq!(end("\\echo hello\nSELECT"), r"\echo hello");
        assert_eq!(end("\\echo hello\r\nSELECT"), r"\echo hello");
        assert_eq!(end(r"\x \\ SELECT 1"), r"\x \\");
        assert_eq!(end(r"\echo a \echo b"), r"\echo a ");
        assert_eq!(end(r"\echo 'a\'\b' c"), r"\echo 'a\'\b' c");
        assert_eq!(end(r"\copy t from 'C:\x'"), r"\copy t from 'C:\x'");
        assert_eq!(end(r"\."), r"\.");
        assert_eq!(end(r"\"), r"\");
        assert_eq!(end("\\é x"), "\\é x");
    }

    #[test]
    fn the_database_of_connect() {
        let database = |text| Command::new(text).connects_to();
        assert_eq!(database(r"\connect app").as_deref(), Some("app"));
        assert_eq!(database(r#"\c "my app" alice"#).as_deref(), Some("my app"));
        let quoted = r#"\connect -reuse-previous=on "dbname='a\'b""c'""#;
        assert_eq!(database(quoted).as_deref(), Some(r#"a'b"c"#));
        assert_eq!(database(r"\connect - alice"), None);
        assert_eq!(database(r"\echo app"), None);
    }
}
