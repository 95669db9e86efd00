//! Where a project keeps what Alembic needs: its configuration, its script directory, the
//! directories of its revisions.
//!
//! A path goes in: of `alembic.ini`, of the directory that holds it or `pyproject.toml`, or of
//! the script directory below that. Nothing is run. Surprising: paths in the configuration
//! start where Alembic is run. That is the directory of the configuration, or else the first
//! one above it where the script directory is found.

use std::path::{Path, PathBuf};

use super::ini::Ini;
use crate::model::Problem;
use crate::source::{file, unreadable};

/// What a configuration says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// Where Alembic is run.
    pub directory: PathBuf,
    /// Where the configuration is: `%(here)s`.
    pub(super) here: PathBuf,
    /// The directories of revisions; empty when the configuration does not say them in a way
    /// that can be read without running Python.
    pub versions: Vec<PathBuf>,
    /// Whether revisions stand in folders of these, too.
    pub recursive: bool,
    /// The text of `alembic.ini`; none where `pyproject.toml` says all.
    pub(super) ini: Option<String>,
    /// `postgresql+asyncpg` of the configured URL.
    pub(super) scheme: Option<String>,
}

impl Project {
    /// Finds the project at a path; none if there is no configuration of Alembic.
    ///
    /// # Errors
    /// A configuration that is there cannot be read.
    #[expect(clippy::disallowed_methods, reason = "this is where sources are read")]
    pub fn find(path: &Path) -> Result<Option<Self>, Problem> {
        if path.is_file() {
            let directory = path.parent().unwrap_or(Path::new(""));
            return Self::read(directory, path).map(Some);
        }
        // The script directory stands below the configuration.
        let above = path.join("env.py").is_file().then(|| path.join(".."));
        for directory in std::iter::once(path.to_owned()).chain(above) {
            for name in ["alembic.ini", "pyproject.toml"] {
                let file = directory.join(name);
                if file.is_file() {
                    let project = Self::read(&directory, &file)?;
                    if name == "alembic.ini" || !project.versions.is_empty() {
                        return Ok(Some(project));
                    }
                }
            }
        }
        Ok(None)
    }

    #[expect(clippy::disallowed_methods, reason = "this is where sources are read")]
    fn read(directory: &Path, file: &Path) -> Result<Self, Problem> {
        let name = file.display().to_string();
        let text = file::read(file, &name)?.text;
        let directory = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
        let own = std::fs::canonicalize(directory).map_err(|error| unreadable(&name, &error))?;
        let here = own.to_string_lossy().into_owned();
        let is_toml = file.extension().is_some_and(|end| end.eq_ignore_ascii_case("toml"));
        let ini = if is_toml { Ini::read(&of_toml(&text), &here) } else { Ini::read(&text, &here) };
        let get = |key: &str| ini.get("alembic", key).filter(|value| !value.is_empty());
        let location = get("script_location");
        let is_there = |directory: &&Path| {
            location
                .as_deref()
                .and_then(|value| script(directory, value))
                .is_some_and(|s| s.is_dir())
        };
        let directory = own.ancestors().find(is_there).unwrap_or(&own).to_owned();
        let script = location.as_deref().and_then(|value| script(&directory, value));
        let versions = match get("version_locations") {
            Some(list) => {
                let separator = get("path_separator").or_else(|| get("version_path_separator"));
                let parts = split(&list, separator.as_deref());
                parts.iter().map(|part| directory.join(part)).collect()
            }
            None => script.iter().map(|script| script.join("versions")).collect(),
        };
        let recursive = get("recursive_version_locations")
            .is_some_and(|value| ["true", "1", "yes", "on"].contains(&&*value.to_lowercase()));
        let url = get("sqlalchemy.url");
        let scheme = url.and_then(|url| url.split_once("://").map(|(scheme, _)| scheme.to_owned()));
        let scheme = scheme.filter(|scheme| scheme.starts_with("postgres"));
        let ini = (!is_toml).then_some(text);
        Ok(Self { directory, here: own, versions, recursive, ini, scheme })
    }
}

/// The script directory: a path, or `package:path:more` (`_resolve_package_path` of
/// `alembic.util.pyfiles`).
#[expect(clippy::disallowed_methods, reason = "this is where sources are read")]
fn script(directory: &Path, value: &str) -> Option<PathBuf> {
    if Path::new(value).is_absolute() || !value.contains(':') {
        return Some(directory.join(value));
    }
    let mut parts = value.split(':');
    let package = parts.next().unwrap_or_default().replace('.', "/");
    let within = Path::new(&package).join(parts.collect::<PathBuf>());
    let roots = [directory.to_owned(), directory.join("src")];
    roots.into_iter().map(|root| root.join(&within)).find(|path| path.is_dir())
}

/// The parts of a list of paths, as `get_version_locations_list` of Alembic has it. Without a
/// separator, spaces and commas part them.
fn split<'t>(list: &'t str, separator: Option<&str>) -> Vec<&'t str> {
    // `os  # Use os.pathsep`, as templates of older versions had it.
    let word = separator.and_then(|separator| separator.split_whitespace().next());
    let parts: Vec<&str> = match word {
        Some("space") => list.split(' ').collect(),
        Some("newline") => list.split('\n').collect(),
        Some("os" | ":") => list.split(':').collect(),
        Some(";") => list.split(';').collect(),
        Some(_) | None => list.split([' ', ',', '\n']).collect(),
    };
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// `[tool.alembic]` of `pyproject.toml` as a section of an INI file: strings, and lists of them
/// with their items on lines of their own.
fn of_toml(text: &str) -> String {
    let mut out = String::from("[alembic]\n");
    let mut within = false;
    let mut open: Option<String> = None;
    for line in text.lines() {
        let line = line.trim();
        if let Some(key) = &open {
            let items = quoted(line);
            out.extend(items.iter().map(|item| format!("    {item}\n")));
            if line.contains(']') {
                let is_list = key == "version_locations";
                open = None;
                if is_list {
                    out.push_str("path_separator = newline\n");
                }
            }
            continue;
        }
        if line.starts_with('[') {
            within = line == "[tool.alembic]";
            continue;
        }
        let Some((key, value)) = line.split_once('=').filter(|_| within) else { continue };
        let (key, value) = (key.trim().trim_matches('"'), value.trim());
        let items = quoted(value);
        match items.as_slice() {
            _ if value.starts_with('[') => {
                out.push_str(&format!("{key} =\n"));
                out.extend(items.iter().map(|item| format!("    {item}\n")));
                if !value.contains(']') {
                    open = Some(key.to_owned());
                } else if key == "version_locations" {
                    out.push_str("path_separator = newline\n");
                }
            }
            [item] => out.push_str(&format!("{key} = {item}\n")),
            _no_string => out.push_str(&format!("{key} = {value}\n")),
        }
    }
    out
}

/// The strings of a line.
fn quoted(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some(start) = rest.find(['"', '\'']) {
        let quote =
            if rest.get(start..).is_some_and(|at| at.starts_with('"')) { '"' } else { '\'' };
        if rest.get(..start).is_some_and(|before| before.contains('#')) {
            break;
        }
        let after = rest.get(start + 1..).unwrap_or_default();
        let Some((item, next)) = after.split_once(quote) else { break };
        found.push(item);
        rest = next;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_paths_are_split_as_alembic_splits_them() {
        let check = |list, separator, expected: &[&str]| {
            assert_eq!(split(list, separator), expected, "{list:?} {separator:?}");
        };
        check("a b, c", None, &["a", "b", "c"]);
        check("/a b:/c", Some("os"), &["/a b", "/c"]);
        check("/a b:/c", Some("os  # Use os.pathsep"), &["/a b", "/c"]);
        check("a;b", Some(";"), &["a", "b"]);
        check("\na b\nc", Some("newline"), &["a b", "c"]);
        check("a b", Some("space"), &["a", "b"]);
    }

    #[test]
    fn pyproject_says_the_same() {
        let text = "[project]\nname = \"x\"\n[tool.alembic]\nscript_location = \"%(here)s/m\" # x\n\
                    version_locations = [\n  \"%(here)s/a b\", # one\n  'c',\n]\n\
                    recursive_version_locations = true\n[tool.other]\nscript_location = \"no\"\n";
        let ini = Ini::read(&of_toml(text), "/x");
        let get = |key| ini.get("alembic", key).unwrap_or_default();
        assert_eq!(get("script_location"), "/x/m");
        let list = get("version_locations");
        assert_eq!(split(&list, Some(&*get("path_separator"))), ["/x/a b", "c"]);
        assert_eq!(get("recursive_version_locations"), "true");
    }
}
