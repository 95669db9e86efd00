//! The chain, run for real in a scratch database and dumped.
//!
//! A place for scratch databases goes in, the dump of one comes out; the database is dropped
//! whatever happens. The surprising thing: before anything is migrated, `alembic current`, which
//! only reads, has to be seen connecting to the scratch database. A project may take its URL
//! from anywhere, and must not migrate the database that it happens to name.

use std::path::PathBuf;
use std::time::Duration;

use super::super::scratch::{Scratch, Server};
use super::command::{Command, Folder, environment};
use super::{Allowed, Project, complaint, help, named};
use crate::model::{Problem, ProblemCode};
use crate::source::Source;

/// Counters of sessions are written when a session ends, and read a moment later.
const TRIES: u32 = 30;
const TICK: Duration = Duration::from_millis(100);
/// What projects talk to PostgreSQL with.
const DRIVERS: [&str; 4] =
    ["postgresql", "postgresql+psycopg2", "postgresql+psycopg", "postgresql+asyncpg"];

/// Runs the chain.
pub(super) fn run(
    project: &Project,
    command: &Command,
    place: &str,
    allowed: &Allowed,
    name: &str,
) -> Result<Source, Problem> {
    let server = match place {
        "temporary" => Server::temporary().map_err(|problem| Problem {
            help: Some("give a server with --scratch URL, or install PostgreSQL".to_owned()),
            ..problem
        })?,
        url => Server::new(url)?,
    };
    let scratch = server.create("alembic")?;
    let folder = Folder::new()?;
    let (project, ini) = connecting(project, command, &scratch, &folder, allowed, name)?;
    let environment = environment(&project, &scratch.place(), &allowed.variables, "")?;
    let output = command.run(&project, &ini, &["upgrade", "heads"], &environment)?;
    if !output.status.success() {
        let said = scratch.redact(&complaint(&project, &output));
        let message = format!("{} upgrade heads failed for {name}: {said}", command.shown());
        let is_known = said.contains("UndefinedTable") || said.contains("No module named");
        let roles = "roles and extensions that the chain names have to be there on the server";
        return Err(Problem::new(ProblemCode::Program, message).help(if is_known {
            help(&said)
        } else {
            roles
        }));
    }
    if scratch.lines(VERSIONS)?.is_empty() {
        let message = format!("{name} ran, but left no version in the scratch database");
        return Err(Problem::new(ProblemCode::Program, message).help(
            "does env.py commit? context.begin_transaction() has to be around run_migrations()",
        ));
    }
    let dump = scratch.dump_without_owners()?;
    Ok(named(dump, name))
}

/// The project as it connects to the scratch database, with its configuration. Where it does not
/// say by which driver, those that are common are tried: which one a URL without means depends
/// on the version of SQLAlchemy.
fn connecting(
    project: &Project,
    command: &Command,
    scratch: &Scratch<'_>,
    folder: &Folder,
    allowed: &Allowed,
    name: &str,
) -> Result<(Project, PathBuf), Problem> {
    let place = scratch.place();
    let schemes = match &project.scheme {
        Some(scheme) => vec![scheme.as_str()],
        None => DRIVERS.to_vec(),
    };
    let mut first = None;
    for scheme in schemes {
        let project = Project { scheme: Some(scheme.to_owned()), ..project.clone() };
        let ini = folder.configuration(&project, &place)?;
        let read_only = "-c default_transaction_read_only=on";
        let environment = environment(&project, &place, &allowed.variables, read_only)?;
        let before = sessions(scratch)?;
        let output = command.run(&project, &ini, &["current"], &environment)?;
        if connected(scratch, before, output.status.success())? {
            return Ok((project, ini));
        }
        let said = complaint(&project, &output);
        let drivers = ["'psycopg'", "'psycopg2'", "'asyncpg'", "'pg8000'"];
        let lacks_driver =
            drivers.iter().any(|name| said.contains(&format!("No module named {name}")));
        let first = first.get_or_insert(output);
        if first.status.success() || !lacks_driver {
            break;
        }
    }
    let said = first.filter(|output| !output.status.success());
    let said = said.map(|output| format!(": {}", scratch.redact(&complaint(project, &output))));
    let message = format!(
        "{name} does not connect to the scratch database, so it was not run{}",
        said.unwrap_or_default()
    );
    if message.contains("No module named") {
        let help = help(&message);
        return Err(Problem::new(ProblemCode::Program, message).help(help));
    }
    Err(Problem::new(ProblemCode::Program, message).help(
        "the project takes its URL from elsewhere than sqlalchemy.url: name the variable of the environment with --alembic-env NAME, or --alembic-env 'NAME=text with {host} {port} {user} {dbname}'",
    ))
}

/// Tables that hold versions, as Alembic makes them (`_version` of
/// `alembic.runtime.migration.MigrationContext`).
const VERSIONS: &str = "SELECT c.oid::regclass FROM pg_catalog.pg_class c \
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = 'version_num' \
    WHERE c.relkind = 'r' AND c.relnatts = 1;\n";

/// How many sessions the database has had
/// (manual, "The Cumulative Statistics System", `pg_stat_database`).
fn sessions(scratch: &Scratch<'_>) -> Result<u64, Problem> {
    let sql = format!(
        "SELECT coalesce(sessions, 0) FROM pg_catalog.pg_stat_database WHERE datname = '{}';\n",
        scratch.name()
    );
    let lines = scratch.ask_server(&sql).map_err(|problem| {
        let help = "PostgreSQL counts sessions since version 14, an older server cannot be used";
        problem.help(help)
    })?;
    Ok(lines.first().and_then(|line| line.trim().parse().ok()).unwrap_or(0))
}

/// Whether there was a session since. After a failure it is not waited for as long.
fn connected(scratch: &Scratch<'_>, before: u64, went_well: bool) -> Result<bool, Problem> {
    for _ in 0..if went_well { TRIES } else { TRIES / 3 } {
        if sessions(scratch)? > before {
            return Ok(true);
        }
        std::thread::sleep(TICK);
    }
    Ok(false)
}
