//! Finds the PostgreSQL installations of this machine.
//!
//! In: the environment, the checkout's `.pg/` folder, the usual places. Out: one
//! [`Installation`] per major version, newest first. Surprising: an installation may be
//! spread over several folders, because packages exist that hold a server without clients.
//! Such a server is given as `BINDIR,PG_DUMP` and uses the newest `psql` found anywhere.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::cluster::Account;

/// Bin folders to use first, separated by colons, each optionally `BINDIR,PG_DUMP`.
const PLACES: &str = "PGCANON_TEST_PG";
/// Major versions to use, separated by commas; every version when unset.
const MAJORS: &str = "PGCANON_TEST_MAJORS";
/// The same as [`PLACES`], one a line, written by `make servers`.
const FETCHED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/.pg/servers.txt");

/// A server and the client programs that go with it.
#[derive(Debug, Clone)]
pub struct Installation {
    pub major: u32,
    /// Where `initdb` and `postgres` are.
    pub bin: PathBuf,
    /// Of the same major version, or newer.
    pub pg_dump: PathBuf,
    pub psql: PathBuf,
}

/// Every usable installation, newest first. Says on stderr what it leaves out and why.
pub fn find(account: Option<Account>) -> Vec<Installation> {
    let wanted = wanted_majors();
    let candidates = candidates();
    let newest_psql = newest_psql(&candidates);

    let mut found = BTreeMap::new();
    for candidate in candidates {
        match inspect(&candidate, newest_psql.as_deref(), account) {
            // The first place that has a version wins, so that the environment can override.
            Ok(one) if wanted.is_empty() || wanted.contains(&one.major) => {
                found.entry(one.major).or_insert(one);
            }
            Ok(_) => {}
            Err(reason) => say(&format!("leaving out {}: {reason}", candidate.bin.display())),
        }
    }
    found.into_values().rev().collect()
}

/// Prints a line that the test runner does not capture, so that it is seen in every run.
pub fn say(line: &str) {
    // A closed stderr is no reason to fail a test.
    let _ = writeln!(std::io::stderr(), "server harness: {line}");
}

struct Candidate {
    bin: PathBuf,
    pg_dump: Option<PathBuf>,
}

impl Candidate {
    /// From `BINDIR` or `BINDIR,PG_DUMP`.
    fn parse(text: &str) -> Self {
        match text.trim().split_once(',') {
            Some((bin, pg_dump)) => Self { bin: bin.into(), pg_dump: Some(pg_dump.into()) },
            None => Self { bin: text.trim().into(), pg_dump: None },
        }
    }
}

fn candidates() -> Vec<Candidate> {
    let mut all = Vec::new();
    let named = std::env::var(PLACES).unwrap_or_default();
    all.extend(named.split(':').filter(|place| !place.trim().is_empty()).map(Candidate::parse));

    let fetched = fs::read_to_string(FETCHED).unwrap_or_default();
    all.extend(fetched.lines().filter(|line| !line.trim().is_empty()).map(Candidate::parse));

    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let debian = debian.map(|entry| entry.path().join("bin"));
    let mut places: Vec<PathBuf> = debian.chain(pg_config_bin()).collect();
    // Left-overs of removed packages are folders without a server.
    places.retain(|bin| bin.join("postgres").exists());
    places.sort();
    places.dedup();
    all.extend(places.into_iter().map(|bin| Candidate { bin, pg_dump: None }));
    all
}

fn pg_config_bin() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().ok()?;
    let bin = String::from_utf8(output.stdout).ok()?;
    Some(bin.trim().into()).filter(|_| output.status.success())
}

fn inspect(
    candidate: &Candidate,
    newest_psql: Option<&Path>,
    account: Option<Account>,
) -> Result<Installation, String> {
    let bin = candidate.bin.clone();
    let major = major(&bin.join("postgres"), account)?;
    major_of_initdb(&bin, account)?;

    let pg_dump = candidate.pg_dump.clone().unwrap_or_else(|| bin.join("pg_dump"));
    let dump_major = self::major(&pg_dump, None)?;
    if dump_major < major {
        return Err(format!("pg_dump {dump_major} cannot dump a server of version {major}"));
    }

    let own_psql = Some(bin.join("psql")).filter(|psql| psql.exists());
    let psql = own_psql.or_else(|| newest_psql.map(Path::to_owned));
    let psql = psql.ok_or("there is no psql on this machine")?;
    Ok(Installation { major, bin, pg_dump, psql })
}

fn major_of_initdb(bin: &Path, account: Option<Account>) -> Result<u32, String> {
    major(&bin.join("initdb"), account)
}

/// The major version that `program --version` tells, run as the account that will run it.
fn major(program: &Path, account: Option<Account>) -> Result<u32, String> {
    let mut command = Command::new(program);
    if let Some(account) = account {
        account.apply(&mut command);
    }
    let output = command.arg("--version").current_dir("/").output().map_err(|error| {
        let user = account.map_or(String::new(), |account| format!(" as user id {}", account.uid));
        format!("cannot run {}{user}: {error}", program.display())
    })?;
    // `postgres (PostgreSQL) 18.6 (Debian 18.6-3)`, `pg_dump (PostgreSQL) 19beta1`
    let text = String::from_utf8_lossy(&output.stdout);
    let version = text.split_once("(PostgreSQL) ").map_or("", |(_, version)| version);
    let digits = version.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
    digits.parse().map_err(|_| {
        let complaint = String::from_utf8_lossy(&output.stderr);
        format!("{} --version says {text:?} {complaint}", program.display())
    })
}

fn newest_psql(candidates: &[Candidate]) -> Option<PathBuf> {
    let beside_servers = candidates.iter().map(|candidate| candidate.bin.join("psql"));
    let all = beside_servers.chain([PathBuf::from("psql")]);
    all.filter_map(|psql| Some((major(&psql, None).ok()?, psql))).max().map(|(_, psql)| psql)
}

fn wanted_majors() -> Vec<u32> {
    let text = std::env::var(MAJORS).unwrap_or_default();
    text.split(',').filter_map(|major| major.trim().parse().ok()).collect()
}

/// Whether this process is root, which PostgreSQL servers refuse to run as.
pub fn is_root() -> bool {
    // A new temporary file belongs to the effective user: the portable way without libc.
    let file = tempfile::tempfile().expect("a temporary file can be made");
    file.metadata().expect("a temporary file has metadata").uid() == 0
}
