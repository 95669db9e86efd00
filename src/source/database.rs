//! A database, through the installed `pg_dump`.

use std::ffi::OsStr;

use super::conninfo::Database;
use super::{Source, program, text};
use crate::model::{Problem, ProblemCode};

/// Dumps the schema of a database, with further options of `pg_dump`.
pub(super) fn dump(database: &Database, further: &[&str]) -> Result<Source, Problem> {
    let name = &database.shown;
    if database.has_ssl_password {
        return Err(Problem::new(
            ProblemCode::Program,
            format!("{name}: sslpassword cannot be given to pg_dump in secret"),
        )
        .help("use a connection service file (service=..) that holds it"));
    }
    let Some(pg_dump) = program::find("pg_dump", "PGCANON_PG_DUMP") else {
        return Err(Problem::new(ProblemCode::Program, "reading a database needs pg_dump, which is not installed")
            .help("install the PostgreSQL client, set PGCANON_PG_DUMP to the program, or give a dump made elsewhere"));
    };
    let connection = format!("--dbname={}", database.conninfo);
    let options = [
        "--schema-only",
        "--encoding=UTF8",
        "--no-password",
        "--lock-wait-timeout=60s",
        connection.as_str(),
    ];
    let options = [&options, further].concat();
    let mut environment = vec![];
    if let Some(password) = &database.password {
        environment.push(("PGPASSWORD", password.as_str()));
    }
    let output =
        program::run(&pg_dump, options.into_iter().map(OsStr::new), &environment, Vec::new())
            .map_err(|mut problem| {
                problem.message = database.redact(&problem.message);
                problem
            })?;
    if !output.status.success() {
        let said = database.redact(&program::complaint(&output));
        let problem =
            Problem::new(ProblemCode::Program, format!("pg_dump of {name} failed: {said}"));
        return Err(match help(&said) {
            Some(help) => problem.help(help),
            None => problem,
        });
    }
    text::decode(output.stdout, name)
}

/// What to do about the usual failures.
fn help(said: &str) -> Option<&'static str> {
    if said.contains("server version mismatch") {
        Some(
            "install a pg_dump that is at least as new as the server, or point PGCANON_PG_DUMP at one",
        )
    } else if said.contains("password") || said.contains("fe_sendauth") {
        Some(
            "give the password by PGPASSWORD or ~/.pgpass, or in the URL with special characters as %XX",
        )
    } else if said.contains("permission denied") {
        Some("dump as a role that may read all objects")
    } else if said.contains("could not translate host name")
        || said.contains("connection to server")
    {
        Some("is the server up and reachable from here? Try: psql with the same connection string")
    } else {
        None
    }
}
