//! Real PostgreSQL servers for tests: `mod server;`, then
//!
//! ```ignore
//! for server in Server::all() {
//!     let db = server.database();
//!     db.load("CREATE TABLE t (a int)").unwrap();
//!     assert!(db.dump(&[]).contains("CREATE TABLE public.t"));
//! }
//! ```
//!
//! Each test process starts at most one cluster of each major version on the machine, when it
//! is first asked for, and shares it among its tests; databases keep tests apart. Roles and
//! tablespaces belong to the cluster, so that tests should give them names of their own.
//! Surprising: without a server [`Server::all`] is empty and [`Server::any`] is `None`. They
//! say so on stderr, and fail instead when `PGCANON_REQUIRE_SERVER=1`. How servers are found is
//! told in `installation.rs`, and why none stays behind in `cluster.rs`.

#![allow(dead_code, reason = "every test binary uses a part of this module")]
#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a harness that cannot do its work fails the test that asked for it"
)]

mod cluster;
mod installation;

use std::fmt;
use std::io::{Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use cluster::{Account, Cluster, PORT, SUPERUSER};
use installation::{Installation, say};

/// A running server of one major version.
pub struct Server {
    installation: Installation,
    cluster: Cluster,
}

impl Server {
    /// One server for each major version found, newest first; starts what does not run yet.
    pub fn all() -> Vec<&'static Self> {
        let slots = Slot::all();
        // Together, because most of the time of `initdb` is spent waiting.
        std::thread::scope(|scope| {
            let starts: Vec<_> = slots.iter().map(|slot| scope.spawn(|| slot.server())).collect();
            starts.into_iter().map(|start| start.join().expect("the server starts")).collect()
        })
    }

    /// The newest server found; starts only that one.
    pub fn any() -> Option<&'static Self> {
        Slot::all().first().map(Slot::server)
    }

    /// The server of this major version, if there is one; starts only that one.
    pub fn of_major(major: u32) -> Option<&'static Self> {
        let mut slots = Slot::all().iter();
        let slot = slots.find(|slot| slot.installation.major == major);
        if slot.is_none() {
            let test = test_name();
            say(&format!("SKIPPED {test}: no PostgreSQL {major} was found"));
        }
        slot.map(Slot::server)
    }

    /// A second server, not shared with other tests, which stops when it is dropped.
    pub fn start_another(&self) -> Self {
        Self::start(self.installation.clone())
    }

    fn start(installation: Installation) -> Self {
        let cluster = Cluster::start(&installation, Account::for_server());
        Self { installation, cluster }
    }

    /// Such as 15.
    pub fn major(&self) -> u32 {
        self.installation.major
    }

    /// The process id of the server.
    pub fn pid(&self) -> u32 {
        self.cluster.pid()
    }

    /// The folder of the server's socket: what clients call the host. The port is 5432, and
    /// `postgres` the superuser.
    pub fn host(&self) -> &Path {
        self.cluster.folder()
    }

    /// A client program that came with this server's `pg_dump`, such as `pg_restore`.
    pub fn client(&self, name: &str) -> Option<PathBuf> {
        let path = self.installation.pg_dump.with_file_name(name);
        path.exists().then_some(path)
    }

    /// An empty database of its own, from `template0`.
    pub fn database(&self) -> Database<'_> {
        static COUNT: AtomicU32 = AtomicU32::new(1);
        let name = format!("test_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        self.administer(&format!("CREATE DATABASE {name} TEMPLATE template0"));
        Database { server: self, name }
    }

    /// Creates those of the cluster's roles that are not there yet.
    pub fn roles(&self, names: &[&str]) {
        let create = |name: &&str| {
            // Another test may create it at the same time.
            format!(
                "DO $do$ BEGIN CREATE ROLE \"{}\"; EXCEPTION \
                 WHEN duplicate_object OR unique_violation THEN NULL; END $do$;",
                name.replace('"', "\"\"")
            )
        };
        self.administer(&names.iter().map(create).collect::<String>());
    }

    fn administer(&self, sql: &str) {
        let output = self.psql("postgres", sql, &[]);
        assert!(output.status.success(), "{sql}\n{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Runs a client program on a database of this server.
    fn run(&self, program: &Path, database: &str, args: &[&str], stdin: Stdio) -> Output {
        let mut command = Command::new(program);
        cluster::forget_connection_settings(&mut command);
        command.arg("--host").arg(self.host()).args(["--port", PORT, "--username", SUPERUSER]);
        command.args(["--dbname", database, "--no-password"]).args(args).stdin(stdin);
        command.output().unwrap_or_else(|error| panic!("{}: {error}", program.display()))
    }

    fn psql(&self, database: &str, sql: &str, args: &[&str]) -> Output {
        // From a file, because a pipe that nobody reads would block on long output.
        let mut script = tempfile::tempfile().expect("a temporary file can be made");
        script.write_all(sql.as_bytes()).expect("a temporary file can be written");
        script.rewind().expect("a file can be rewound");
        let quiet = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=-"];
        let args = [&quiet, args].concat();
        self.run(&self.installation.psql, database, &args, script.into())
    }
}

/// A database for one test, dropped at its end.
pub struct Database<'server> {
    server: &'server Server,
    name: String,
}

impl Database<'_> {
    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn server(&self) -> &Server {
        self.server
    }

    /// `postgres://…` through the socket; needs no password.
    pub fn url(&self) -> String {
        let host = self.server.host().display();
        format!("postgres:///{}?host={host}&port={PORT}&user={SUPERUSER}", self.name)
    }

    /// Runs a script, in one `psql`, up to its first error.
    pub fn load(&self, sql: &str) -> Result<(), LoadError> {
        let output = self.server.psql(&self.name, sql, &[]);
        if output.status.success() {
            return Ok(());
        }
        Err(LoadError { messages: String::from_utf8_lossy(&output.stderr).into_owned() })
    }

    /// Runs a script to its end and returns psql's messages: empty when there was no error.
    pub fn try_load(&self, sql: &str) -> String {
        let output = self.server.psql(&self.name, sql, &["--set=ON_ERROR_STOP=0"]);
        String::from_utf8_lossy(&output.stderr).into_owned()
    }

    /// `pg_dump --schema-only` with further arguments, as plain SQL.
    ///
    /// Where `pg_dump` writes `\restrict`, its key is always the same, so that two dumps of
    /// equal databases are equal texts.
    pub fn dump(&self, args: &[&str]) -> String {
        let mut all = args.to_vec();
        if knows_restrict_key(&self.server.installation.pg_dump) {
            all.insert(0, "--restrict-key=pgcanon");
        }
        String::from_utf8(self.dump_bytes(&all)).expect("a plain dump is UTF-8")
    }

    /// `pg_dump --schema-only` for `--format=custom` and the like.
    pub fn dump_bytes(&self, args: &[&str]) -> Vec<u8> {
        let pg_dump = &self.server.installation.pg_dump;
        let args = [&["--schema-only"], args].concat();
        let output = self.server.run(pg_dump, &self.name, &args, Stdio::null());
        let messages = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "pg_dump of version {}: {messages}", self.server.major());
        output.stdout
    }

    /// The rows of a query; a null is an empty string. Fails the test when the query fails.
    pub fn query(&self, sql: &str) -> Vec<Vec<String>> {
        // The unit and record separators of ASCII do not occur in what tests ask for.
        let format = ["--no-align", "--tuples-only", "--field-separator=\x1f"];
        let args = [&format[..], &["--record-separator=\x1e"]].concat();
        let output = self.server.psql(&self.name, sql, &args);
        assert!(output.status.success(), "{sql}\n{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).expect("the client encoding is UTF-8");
        let rows = text.trim_end_matches('\n').split('\x1e').filter(|row| !row.is_empty());
        rows.map(|row| row.split('\x1f').map(str::to_owned).collect()).collect()
    }
}

impl Drop for Database<'_> {
    fn drop(&mut self) {
        // Not worth a second panic; the cluster goes away with the process.
        let _ = self.server.psql("postgres", &format!("DROP DATABASE {} (FORCE)", self.name), &[]);
    }
}

/// A script that the server did not accept.
#[derive(Debug)]
pub struct LoadError {
    /// What psql said, with the line of the script: `psql:<stdin>:3: ERROR:  …`.
    pub messages: String,
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.messages.trim_end())
    }
}

impl std::error::Error for LoadError {}

/// A server that this process may start, once.
struct Slot {
    installation: Installation,
    server: OnceLock<Server>,
}

impl Slot {
    fn all() -> &'static [Self] {
        static ALL: OnceLock<Vec<Slot>> = OnceLock::new();
        let all = ALL.get_or_init(|| {
            let found = installation::find(Account::for_server());
            let slot = |installation| Slot { installation, server: OnceLock::new() };
            found.into_iter().map(slot).collect()
        });
        if all.is_empty() {
            let what = "no PostgreSQL server was found: install one (make test does), or name \
                        its bin folder in PGCANON_TEST_PG";
            let required = std::env::var("PGCANON_REQUIRE_SERVER").is_ok_and(|value| value == "1");
            assert!(!required, "{what}");
            say(&format!("SKIPPED {}: {what}", test_name()));
        }
        all
    }

    fn server(&self) -> &Server {
        self.server.get_or_init(|| Server::start(self.installation.clone()))
    }
}

/// The test runner names its threads so.
fn test_name() -> String {
    let thread = std::thread::current();
    thread.name().unwrap_or("a test").to_owned()
}

/// Minor versions of 2025-08 and later have it.
fn knows_restrict_key(pg_dump: &Path) -> bool {
    let help = Command::new(pg_dump).arg("--help").output();
    help.is_ok_and(|help| String::from_utf8_lossy(&help.stdout).contains("--restrict-key"))
}
