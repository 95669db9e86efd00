//! The chain, run for real in a scratch database and dumped.
//!
//! A place for scratch databases goes in, the dump of one comes out; the database is dropped
//! whatever happens. The surprising thing: before anything is migrated, `alembic current`, which
//! only reads, has to be seen connecting to the scratch database. A project may take its URL
//! from anywhere, and must not migrate the database that it happens to name.

use std::time::Duration;

use super::super::scratch::{Scratch, Server};
use super::command::{Command, Folder, environment};
use super::{Allowed, Project, complaint, named};
use crate::model::{Problem, ProblemCode};
use crate::source::Source;

/// Counters of sessions are written when a session ends, and read a moment later.
const TRIES: u32 = 30;
const TICK: Duration = Duration::from_millis(100);

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
    let place = scratch.place();
    let folder = Folder::new()?;
    let ini = folder.configuration(project, &place)?;
    let with = |options: &str| environment(project, &place, &allowed.variables, options);

    let before = sessions(&scratch)?;
    let read_only = with("-c default_transaction_read_only=on")?;
    let output = command.run(project, &ini, &["current"], &read_only)?;
    if !connected(&scratch, before)? {
        let said = scratch.redact(&complaint(&output));
        let message = if output.status.success() {
            format!("{name} does not connect to the scratch database, so it was not run")
        } else {
            format!("{name} does not connect to the scratch database, so it was not run: {said}")
        };
        return Err(Problem::new(ProblemCode::Program, message).help(
            "the project takes its URL from elsewhere than sqlalchemy.url: name the variable of the environment with --alembic-env NAME, or --alembic-env 'NAME=text with {host} {port} {user} {dbname}'",
        ));
    }
    let output = command.run(project, &ini, &["upgrade", "heads"], &with("")?)?;
    if !output.status.success() {
        let said = scratch.redact(&complaint(&output));
        let message = format!("{} upgrade heads failed for {name}: {said}", command.shown());
        return Err(Problem::new(ProblemCode::Program, message)
            .help("roles and extensions that the chain names have to be there on the server"));
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

fn connected(scratch: &Scratch<'_>, before: u64) -> Result<bool, Problem> {
    for _ in 0..TRIES {
        if sessions(scratch)? > before {
            return Ok(true);
        }
        std::thread::sleep(TICK);
    }
    Ok(false)
}
