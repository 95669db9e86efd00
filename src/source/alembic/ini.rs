//! Files as Python's `configparser` reads them, as far as `alembic.ini` needs it.
//!
//! Text goes in; sections, keys and values come out, with `%(here)s` and other keys put in where
//! they are used. Surprising: a line that is indented goes on with the value above it, a comment
//! starts a line and never ends one
//! (<https://docs.python.org/3/library/configparser.html>, "Supported INI File Structure").

use std::collections::BTreeMap;
use std::fmt::Write;

/// How deep values may refer to values (`MAX_INTERPOLATION_DEPTH`, Lib/configparser.py).
const DEEPEST: usize = 10;

/// A file, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Ini {
    sections: BTreeMap<String, BTreeMap<String, String>>,
    here: String,
}

impl Ini {
    /// Reads a text whose `%(here)s` is this directory.
    pub fn read(text: &str, here: &str) -> Self {
        let mut ini = Self { sections: BTreeMap::new(), here: here.to_owned() };
        for line in lines(text) {
            match line {
                Line::Section(name) => {
                    ini.sections.entry(name.to_owned()).or_default();
                }
                Line::Option { section, key, value } => {
                    let options = ini.sections.entry(section.to_owned()).or_default();
                    options.insert(key, value.to_owned());
                }
                Line::More { section, key, value } => {
                    let options = ini.sections.entry(section.to_owned()).or_default();
                    let before = options.entry(key).or_default();
                    before.push('\n');
                    before.push_str(value);
                }
                Line::Other => {}
            }
        }
        ini
    }

    /// A value of a section with all that it refers to.
    pub fn get(&self, section: &str, key: &str) -> Option<String> {
        let raw = self.raw(section, key)?;
        Some(self.filled(section, raw, DEEPEST))
    }

    fn raw(&self, section: &str, key: &str) -> Option<&str> {
        let of = |name: &str| self.sections.get(name).and_then(|options| options.get(key));
        of(section).or_else(|| of("DEFAULT")).map(|value| value.trim())
    }

    fn filled(&self, section: &str, raw: &str, depth: usize) -> String {
        let mut out = String::new();
        let mut rest = raw;
        while let Some((before, after)) = rest.split_once('%') {
            out.push_str(before);
            if let Some(after) = after.strip_prefix('%') {
                out.push('%');
                rest = after;
            } else if let Some((name, after)) =
                after.strip_prefix('(').and_then(|after| after.split_once(")s"))
            {
                let name = name.to_lowercase();
                match self.raw(section, &name) {
                    _ if name == "here" => out.push_str(&self.here),
                    Some(value) if depth > 0 => {
                        out.push_str(&self.filled(section, value, depth - 1));
                    }
                    Some(_) | None => {}
                }
                rest = after;
            } else {
                out.push('%');
                rest = after;
            }
        }
        out.push_str(rest);
        out
    }
}

/// The text with `%(here)s` written out and another database in it, for a file that stands
/// elsewhere.
pub(super) fn moved(text: &str, here: &str, url: &str) -> String {
    let here = here.replace('%', "%%");
    let url = url.replace('%', "%%");
    let mut out = String::new();
    let mut said = false;
    let mut dropping = false;
    for (line, read) in text.lines().zip(lines(text)) {
        match &read {
            Line::Option { key, .. } => dropping = key == "sqlalchemy.url",
            Line::Section(_) => dropping = false,
            Line::More { .. } | Line::Other => {}
        }
        if dropping && !matches!(read, Line::Other) {
            if matches!(read, Line::Option { .. }) {
                let _ = writeln!(out, "sqlalchemy.url = {url}");
            }
            continue;
        }
        let _ = writeln!(out, "{}", line.replace("%(here)s", &here));
        if matches!(read, Line::Section("alembic")) {
            said = true;
            let has = Ini::read(text, "").raw("alembic", "sqlalchemy.url").is_some();
            if !has {
                let _ = writeln!(out, "sqlalchemy.url = {url}");
            }
        }
    }
    if !said {
        let _ = writeln!(out, "[alembic]\nsqlalchemy.url = {url}");
    }
    out
}

/// What a line is.
#[derive(Debug)]
enum Line<'t> {
    Section(&'t str),
    Option {
        section: &'t str,
        key: String,
        value: &'t str,
    },
    /// The value above goes on.
    More {
        section: &'t str,
        key: String,
        value: &'t str,
    },
    /// Blank, a comment, or nothing that can be read.
    Other,
}

/// Each line of a text, read.
fn lines(text: &str) -> Vec<Line<'_>> {
    let mut section = "";
    let mut open: Option<String> = None;
    let mut all = Vec::new();
    for line in text.trim_start_matches('\u{feff}').lines() {
        let trimmed = line.trim();
        let is_comment = trimmed.starts_with(['#', ';']);
        let read = if trimmed.is_empty() || is_comment {
            Line::Other
        } else if line.starts_with([' ', '\t']) && open.is_some() {
            Line::More { section, key: open.clone().unwrap_or_default(), value: trimmed }
        } else if let Some(name) = trimmed.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            section = name.0;
            open = None;
            Line::Section(section)
        } else if let Some(at) = trimmed.find(['=', ':']) {
            let (key, value) = trimmed.split_at_checked(at).unwrap_or((trimmed, ""));
            let key = key.trim().to_lowercase();
            let value = value.get(1..).unwrap_or_default().trim();
            open = Some(key.clone());
            Line::Option { section, key, value }
        } else {
            Line::Other
        };
        all.push(read);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
# a comment
[alembic]
script_location = %(here)s/mig
; another
version_locations =
    %(here)s/one
    %(base)s/two
base: lib
percent = 100%%
sqlalchemy.url = driver://user:pass@localhost/db
    and more
[loggers]
keys = root
";

    #[test]
    fn values_are_read_as_python_reads_them() {
        let ini = Ini::read(TEXT, "/x");
        let get = |key| ini.get("alembic", key).unwrap_or_default();
        assert_eq!(get("script_location"), "/x/mig");
        assert_eq!(get("version_locations"), "/x/one\nlib/two");
        assert_eq!(get("percent"), "100%");
        assert_eq!(ini.get("alembic", "nothing"), None);
        let circle = Ini::read("[a]\nx = %(y)s\ny = %(x)s\n", "");
        assert_eq!(circle.get("a", "x").as_deref(), Some(""));
    }

    #[test]
    fn a_moved_file_names_another_database_and_the_same_directories() {
        let text = moved(TEXT, "/a%b", "postgresql://u@/d?host=%2Ftmp");
        let ini = Ini::read(&text, "/elsewhere");
        let get = |key| ini.get("alembic", key).unwrap_or_default();
        assert_eq!(get("script_location"), "/a%b/mig");
        assert_eq!(get("version_locations"), "/a%b/one\nlib/two");
        assert_eq!(get("sqlalchemy.url"), "postgresql://u@/d?host=%2Ftmp");
        assert_eq!(ini.get("loggers", "keys").as_deref(), Some("root"));
        assert!(!text.contains("pass@") && !text.contains("and more"));
        let alone = Ini::read(&moved("", "/x", "postgresql://h/d"), "");
        assert_eq!(alone.get("alembic", "sqlalchemy.url").as_deref(), Some("postgresql://h/d"));
        let without = moved("[alembic]\nscript_location = m\n[x]\n", "/x", "u://h");
        let without = Ini::read(&without, "");
        assert_eq!(without.get("alembic", "sqlalchemy.url").as_deref(), Some("u://h"));
    }
}
