//! A chain of Alembic's revisions as a source: `alembic:DIR`.
//!
//! A project goes in; the SQL of `alembic upgrade heads --sql` comes out, or, where the chain
//! reads the database while it migrates and a scratch database is allowed, the dump of one that
//! the chain made. Surprising: both run code of the project, so nothing happens unless the user
//! of this process said so ([`Allowed`]); no file of the project and no configuration of pgcanon
//! can (docs/adr/0010-code-of-projects-runs-when-asked.md).

mod command;
mod ini;
mod online;
mod project;

pub use project::Project;

use std::ffi::OsStr;
use std::path::Path;
use std::process::Output;

use super::{Source, Sources, program, text};
use crate::model::{Problem, ProblemCode};
use command::{Command, Folder, host_of_nothing};

/// What the user of this process lets it run for sources of Alembic.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    /// The program and its first arguments: `venv/bin/alembic`, `python3.12`, `poetry run alembic`,
    /// or the directory of a virtual environment.
    pub command: Option<String>,
    /// Where scratch databases may be made: a connection string, or `temporary` for a server of
    /// our own.
    pub scratch: Option<String>,
    /// Variables of the environment that the project takes its database from: `NAME`, or
    /// `NAME=text with {url}, {host}, {port}, {user}, {dbname}`.
    pub variables: Vec<String>,
}

/// Reads the chain of the project at a path.
pub(super) fn read(path: &str, allowed: &Allowed) -> Result<Sources, Vec<Problem>> {
    chain(path, allowed).map_err(|problem| vec![problem])
}

fn chain(path: &str, allowed: &Allowed) -> Result<Sources, Problem> {
    let name = format!("alembic:{path}");
    let Some(project) = Project::find(Path::new(path))? else {
        let message = format!("{path} is no project of Alembic: there is no alembic.ini");
        return Err(Problem::new(ProblemCode::Unreadable, message).help(
            "name the directory that holds alembic.ini or pyproject.toml with [tool.alembic], or the file",
        ));
    };
    if allowed.command.is_none() && allowed.scratch.is_none() {
        let message = format!(
            "reading {name} runs code of that project (env.py and the revisions), which was not allowed"
        );
        return Err(Problem::new(ProblemCode::NotAllowed, message).help(
            "--alembic-command venv/bin/alembic runs it offline, without a database; --scratch temporary also in a scratch database. pgcanon lineage reads revisions without running them",
        ));
    }
    let command = Command::new(allowed.command.as_deref())?;
    let output = offline(&project, &command, allowed)?;
    if output.status.success() {
        let source = text::decode(output.stdout, &name)?;
        return Ok(Sources { sources: vec![source], ..Sources::default() });
    }
    let said = complaint(&project, &output);
    let Some(place) = &allowed.scratch else {
        let message = format!("{} upgrade heads --sql failed in {path}: {said}", command.shown());
        return Err(Problem::new(ProblemCode::Program, message).help(help(&said)));
    };
    let source = online::run(&project, &command, place, allowed, &name)?;
    let message = format!(
        "{name} was run in a scratch database, as its SQL cannot be had without one: {said}"
    );
    let warnings = vec![Problem::new(ProblemCode::ChainRun, message)];
    Ok(Sources { sources: vec![source], warnings, ..Sources::default() })
}

/// What the chain would run. Should code of the project ask for a database all the same, it is
/// told of one that cannot be reached.
fn offline(project: &Project, command: &Command, allowed: &Allowed) -> Result<Output, Problem> {
    let folder = Folder::new()?;
    let nowhere = host_of_nothing(&folder);
    let ini = folder.configuration(project, &nowhere)?;
    let environment = command::environment(project, &nowhere, &allowed.variables, "")?;
    command.run(project, &ini, &["upgrade", "heads", "--sql"], &environment)
}

/// What a program says of its failure: of a traceback, the error and the last line of the project
/// that led there; else the last lines. Alembic writes its own errors to standard output.
fn complaint(project: &Project, output: &Output) -> String {
    const LINES: usize = 8;
    let said = String::from_utf8_lossy(&output.stderr);
    let printed = String::from_utf8_lossy(&output.stdout);
    let (before, trace) =
        said.rsplit_once("Traceback (most recent call last):").unwrap_or((&said, ""));
    let frames = || trace.lines().filter_map(|line| frame(project, line));
    let own = frames().rfind(|frame| frame.is_revision).or_else(|| frames().next_back());
    let error =
        trace.lines().filter(|line| !line.starts_with([' ', '\t']) && !line.trim().is_empty());
    let mut lines: Vec<String> = error.take(LINES).map(|line| line.trim().to_owned()).collect();
    if lines.is_empty() {
        let is_log = |line: &&str| !line.starts_with("INFO ") && !line.starts_with("DEBUG ");
        let all = before.lines().map(str::trim).filter(|line| !line.is_empty()).filter(is_log);
        let failed = printed.lines().filter(|line| line.trim_start().starts_with("FAILED:"));
        lines.extend(all.chain(failed).map(str::to_owned));
        lines.drain(..lines.len().saturating_sub(LINES));
    }
    lines.extend(own.map(|frame| frame.shown));
    if lines.is_empty() { program::complaint(output) } else { lines.join("; ") }
}

/// A line of a traceback within the project.
struct Frame {
    /// `at env/versions/a1.py, line 5, in upgrade`.
    shown: String,
    is_revision: bool,
}

fn frame(project: &Project, line: &str) -> Option<Frame> {
    let rest = line.trim().strip_prefix("File \"")?;
    let (path, place) = rest.split_once('"')?;
    let path = Path::new(path);
    let below = path.strip_prefix(&project.directory).ok()?;
    // Packages that are installed below the project are not its own.
    let is_package = below.components().any(|part| part.as_os_str() == "site-packages");
    let is_revision = project.versions.iter().any(|versions| path.starts_with(versions));
    (!is_package).then(|| Frame { shown: format!("at {}{place}", below.display()), is_revision })
}

/// What to do about the usual failures.
fn help(said: &str) -> &'static str {
    if said.contains("No module named") || said.contains("ModuleNotFoundError") {
        "name the interpreter or virtual environment that the project is installed in: --alembic-command DIR/bin/python"
    } else if said.contains("UndefinedTable") || said.contains("NoSuchTable") {
        "the chain starts from tables that something else makes: it is not the whole schema"
    } else if said.contains("Can't load plugin") || said.contains("Could not parse") {
        "the project takes its URL from elsewhere: name the variable with --alembic-env NAME"
    } else {
        "most chains read the database while they migrate: --scratch temporary (or a server's URL) runs this one in a scratch database"
    }
}

/// Arguments as the system takes them.
fn words<'a>(list: &'a [&'a str]) -> impl Iterator<Item = &'a OsStr> {
    list.iter().map(|word| OsStr::new(*word))
}

/// The source of a dump.
fn named(dump: Source, name: &str) -> Source {
    Source { name: name.to_owned(), ..dump }
}
