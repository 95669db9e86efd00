//! Scratch databases on a server, through the installed `psql` and `pg_dump`.
//!
//! A connection string goes in; SQL runs in databases that are made here and nowhere
//! else. What is created is dropped when its value goes, whatever happened before. The
//! surprising thing: `psql` runs no command of its own from a text, as `\restrict` comes
//! first where it is known and texts hold statements only.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use super::cluster::Cluster;
use super::conninfo::{self, Database, Place};
use super::watchdog::Watchdog;
use super::{Source, database, program};
use crate::model::{Problem, ProblemCode};

/// A server that scratch databases can be made on.
#[derive(Debug)]
pub struct Server {
    database: Database,
    psql: PathBuf,
    /// Order matters: a server of our own stops last.
    watchdog: Watchdog,
    cluster: Option<Cluster>,
}

impl Server {
    /// The server of a connection string, whose database is only connected to in order to
    /// create and drop others.
    ///
    /// # Errors
    /// The string is none, or `psql` is not installed.
    pub fn new(url: &str) -> Result<Self, Problem> {
        let Some(database) = conninfo::parse(url) else {
            return Err(Problem::new(ProblemCode::Usage, "the server is no connection string")
                .help(
                    "postgres://user@host:port/postgres, or pairs like host=/tmp user=postgres",
                ));
        };
        let Some(psql) = program::find("psql", "PGCANON_PSQL") else {
            let message = "running SQL on a server needs psql, which is not installed";
            return Err(Problem::new(ProblemCode::Program, message)
                .help("install the PostgreSQL client, or set PGCANON_PSQL to the program"));
        };
        let watchdog = Watchdog::start(&psql, &database)?;
        Ok(Self { database, psql, watchdog, cluster: None })
    }

    /// A server of our own, which stops with this value or with this process.
    ///
    /// # Errors
    /// PostgreSQL is not installed, or its server does not start.
    pub fn temporary() -> Result<Self, Problem> {
        let cluster = Cluster::start()?;
        let server = Self::new(&cluster.url())?;
        Ok(Self { cluster: Some(cluster), ..server })
    }

    /// True for a server of our own, which has nothing but what it is given.
    pub fn is_temporary(&self) -> bool {
        self.cluster.is_some()
    }

    /// The server for messages, without a password.
    pub fn shown(&self) -> &str {
        if self.is_temporary() { "a temporary one" } else { &self.database.shown }
    }

    /// Creates an empty database of a name that nobody else uses.
    ///
    /// # Errors
    /// What the server says.
    pub fn create(&self, purpose: &str) -> Result<Scratch<'_>, Problem> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("pgcanon_{purpose}_{}_{number}", std::process::id());
        self.watchdog.watch(&name);
        self.run(&self.database, &format!("CREATE DATABASE {name} TEMPLATE template0;"))?;
        Ok(Scratch { server: self, database: self.database.with_name(&name), name })
    }

    fn run(&self, database: &Database, sql: &str) -> Result<String, Problem> {
        let connection = format!("--dbname={}", database.conninfo);
        let options = [
            "--no-psqlrc",
            "--quiet",
            "--no-align",
            "--tuples-only",
            "--no-password",
            "--set=ON_ERROR_STOP=1",
            "--file=-",
            &connection,
        ];
        let mut environment = vec![("PGOPTIONS", "-c client_min_messages=warning")];
        if let Some(password) = &database.password {
            environment.push(("PGPASSWORD", password.as_str()));
        }
        let input = sql.as_bytes().to_vec();
        let output = program::run(&self.psql, options.map(OsStr::new), &environment, input)?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let said = database.redact(&program::complaint(&output));
        Err(Problem::new(ProblemCode::Program, said))
    }
}

/// A database that is dropped when this goes.
#[derive(Debug)]
pub struct Scratch<'server> {
    server: &'server Server,
    database: Database,
    name: String,
}

impl Scratch<'_> {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Runs statements; the first that fails ends it.
    ///
    /// # Errors
    /// What the server says of it, with its line.
    pub fn run(&self, sql: &str) -> Result<(), Problem> {
        self.server.run(&self.database, sql).map(drop)
    }

    /// Runs statements and returns the lines of what they print.
    ///
    /// # Errors
    /// What the server says of it, with its line.
    pub fn lines(&self, sql: &str) -> Result<Vec<String>, Problem> {
        let text = self.server.run(&self.database, sql)?;
        Ok(text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect())
    }

    /// What `pg_dump --schema-only` writes of it.
    ///
    /// # Errors
    /// `pg_dump` is not installed or fails.
    pub fn dump(&self) -> Result<Source, Problem> {
        database::dump(&self.database, &[])
    }

    /// The same without owners, which are whoever made the objects here.
    pub(super) fn dump_without_owners(&self) -> Result<Source, Problem> {
        database::dump(&self.database, &["--no-owner"])
    }

    /// How others connect to it.
    pub(super) fn place(&self) -> Place {
        self.database.place()
    }

    /// A text without the password that leads to it.
    pub(super) fn redact(&self, text: &str) -> String {
        self.database.redact(text)
    }

    /// Asks the server something without connecting to this database.
    pub(super) fn ask_server(&self, sql: &str) -> Result<Vec<String>, Problem> {
        let text = self.server.run(&self.server.database, sql)?;
        Ok(text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect())
    }
}

impl Drop for Scratch<'_> {
    fn drop(&mut self) {
        // Nothing can be done about a server that is gone.
        drop(
            self.server
                .run(&self.server.database, &format!("DROP DATABASE {} WITH (FORCE);", self.name)),
        );
    }
}
