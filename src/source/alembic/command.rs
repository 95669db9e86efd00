//! How Alembic is called: the program, its configuration, its environment.
//!
//! The surprising thing: the project's `alembic.ini` is never changed. A copy in a folder that
//! only we may enter names the same directories and another database; a password stands in no
//! argument and in no file, only in `PGPASSWORD`.

use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::atomic::{AtomicU32, Ordering};

use super::super::conninfo::Place;
use super::super::program;
use super::{Project, ini, words};
use crate::model::{Problem, ProblemCode};

/// Names of variables that projects often take their database from.
const VARIABLES: &[&str] = &[
    "DATABASE_URL",
    "DATABASE_URI",
    "DB_URL",
    "DB_URI",
    "SQLALCHEMY_DATABASE_URI",
    "SQLALCHEMY_DATABASE_URL",
    "SQLALCHEMY_URL",
    "ALEMBIC_DATABASE_URL",
    "POSTGRES_URL",
    "POSTGRES_URI",
    "POSTGRES_DSN",
    "PG_DSN",
];

/// Sections that `logging.config.fileConfig` asks for, which templates of `env.py` call.
const LOGGING: &str = "[loggers]\nkeys = root\n[handlers]\nkeys =\n[formatters]\nkeys =\n\
    [logger_root]\nlevel = WARNING\nhandlers =\n";

/// The program that is Alembic, with its first arguments.
#[derive(Debug)]
pub(super) struct Command {
    program: PathBuf,
    arguments: Vec<String>,
}

impl Command {
    /// Reads what the user gave; `alembic` if nothing.
    #[expect(clippy::disallowed_methods, reason = "this is where programs are looked for")]
    pub fn new(given: Option<&str>) -> Result<Self, Problem> {
        let mut words = split(given.unwrap_or("alembic")).into_iter();
        let Some(first) = words.next() else {
            return Err(Problem::new(ProblemCode::Usage, "--alembic-command names no program"));
        };
        let mut arguments: Vec<String> = words.collect();
        let mut program = PathBuf::from(&first);
        if program.components().count() > 1 || program.is_dir() {
            // Alembic runs in the directory of the project, paths start where we run.
            program = std::path::absolute(&program).unwrap_or(program);
        }
        if program.is_dir() {
            let inner = |name: &str| program.join("bin").join(name);
            program = [inner("alembic"), inner("python")]
                .into_iter()
                .find(|path| path.is_file())
                .ok_or_else(|| {
                let message = format!("{first} is no virtual environment: there is no bin/python");
                Problem::new(ProblemCode::Usage, message)
            })?;
        }
        let name = program.file_name().map(|name| name.to_string_lossy().into_owned());
        if arguments.is_empty() && name.is_some_and(|name| name.starts_with("python")) {
            arguments.extend(["-m", "alembic"].map(str::to_owned));
        }
        Ok(Self { program, arguments })
    }

    /// The command for messages.
    pub fn shown(&self) -> String {
        let mut words = vec![self.program.display().to_string()];
        words.extend(self.arguments.iter().cloned());
        words.join(" ")
    }

    /// Runs a command of Alembic in the project.
    pub fn run(
        &self,
        project: &Project,
        ini: &Path,
        command: &[&str],
        environment: &[(String, String)],
    ) -> Result<Output, Problem> {
        let ini = ini.to_string_lossy().into_owned();
        let first: Vec<&str> = self.arguments.iter().map(String::as_str).collect();
        let all = [&first, &["-c", ini.as_str()][..], command].concat();
        let environment: Vec<(&str, &str)> =
            environment.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        program::run_in(Some(&project.directory), &self.program, words(&all), &environment, Vec::new())
            .map_err(|problem| {
                problem.help("--alembic-command names the program: venv/bin/alembic, venv/bin/python, or 'poetry run alembic'")
            })
    }
}

/// The words of a command; quotes keep spaces.
fn split(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in text.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// What Alembic and the project are told of the database: for libpq, and by the names that
/// projects use.
pub(super) fn environment(
    project: &Project,
    place: &Place,
    variables: &[String],
    options: &str,
) -> Result<Vec<(String, String)>, Problem> {
    let mut all: Vec<(String, String)> = [
        ("PGHOST", place.host.as_str()),
        ("PGPORT", place.port.as_str()),
        ("PGUSER", place.user.as_str()),
        ("PGDATABASE", place.name.as_str()),
        ("PGOPTIONS", options),
        ("PYTHONDONTWRITEBYTECODE", "1"),
    ]
    .into_iter()
    .filter(|(name, value)| !value.is_empty() || *name == "PGOPTIONS")
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .collect();
    if let Some(password) = &place.password {
        all.push(("PGPASSWORD".to_owned(), password.clone()));
    }
    all.extend(VARIABLES.iter().map(|name| ((*name).to_owned(), url(project, place, Some(name)))));
    for variable in variables {
        let (name, text) = variable.split_once('=').unwrap_or((variable, "{url}"));
        if name.is_empty() {
            let message = format!("--alembic-env {variable} names no variable");
            return Err(
                Problem::new(ProblemCode::Usage, message).help("NAME, or NAME=text with {url}")
            );
        }
        let text = text
            .replace("{url}", &url(project, place, Some(name)))
            .replace("{host}", &place.host)
            .replace("{port}", &place.port)
            .replace("{user}", &place.user)
            .replace("{dbname}", &place.name);
        all.push((name.to_owned(), text));
    }
    Ok(all)
}

/// The database as a URL of SQLAlchemy, with the driver that a variable names now, or that of
/// `alembic.ini`.
#[expect(clippy::disallowed_methods, reason = "the environment of the project is asked here")]
fn url(project: &Project, place: &Place, variable: Option<&str>) -> String {
    let now = variable.and_then(|name| std::env::var(name).ok());
    let now = now.and_then(|url| url.split_once("://").map(|(scheme, _)| scheme.to_owned()));
    let scheme =
        now.filter(|scheme| scheme.starts_with("postgres")).or_else(|| project.scheme.clone());
    place.url(scheme.as_deref().unwrap_or("postgresql"))
}

/// A database that is not there: a socket in a folder that has none.
pub(super) fn host_of_nothing(folder: &Folder) -> Place {
    Place {
        host: folder.path.display().to_string(),
        port: "1".to_owned(),
        user: "nobody".to_owned(),
        name: "pgcanon_offline".to_owned(),
        ..Place::default()
    }
}

/// A folder that only we may enter, gone with its value.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Makes one.
    #[expect(clippy::disallowed_methods, reason = "programs are given files here")]
    pub fn new() -> Result<Self, Problem> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("pgcanon-alembic-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::DirBuilder::new().mode(0o700).create(&path).map_err(|error| {
            let message = format!("cannot make a folder for Alembic: {error}");
            Problem::new(ProblemCode::Program, message)
        })?;
        Ok(Self { path })
    }

    /// A copy of the project's configuration with another database.
    #[expect(clippy::disallowed_methods, reason = "programs are given files here")]
    pub fn configuration(&self, project: &Project, place: &Place) -> Result<PathBuf, Problem> {
        let here = project.here.to_string_lossy().into_owned();
        let original = project.ini.as_deref().unwrap_or(LOGGING);
        let file = self.path.join("alembic.ini");
        let text = ini::moved(original, &here, &url(project, place, None));
        std::fs::write(&file, text).map_err(|error| {
            let message = format!("cannot write {}: {error}", file.display());
            Problem::new(ProblemCode::Program, message)
        })?;
        Ok(file)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder that is left behind holds no secret.
        drop(std::fs::remove_dir_all(&self.path));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_words() {
        assert_eq!(split("poetry  run alembic"), ["poetry", "run", "alembic"]);
        assert_eq!(split("'/a b/alembic' -x \"t=1 2\""), ["/a b/alembic", "-x", "t=1 2"]);
        let python = Command::new(Some("python3.12")).expect("a command");
        assert_eq!(python.shown(), "python3.12 -m alembic");
        assert_eq!(Command::new(None).expect("a command").shown(), "alembic");
        assert!(Command::new(Some(" ")).is_err());
    }
}
