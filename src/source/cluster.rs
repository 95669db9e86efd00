//! A PostgreSQL server of our own, for as long as this process lives.
//!
//! In: nothing but the programs that are installed. Out: a server in a temporary folder,
//! reached through a socket there. Surprising: the server is not our child. A small shell is,
//! which waits for its standard input to close, then stops the server and removes the folder;
//! the kernel closes the pipe however we end, also by Ctrl-C or `kill -9`.

use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::program;
use crate::model::{Problem, ProblemCode};

/// A machine with a busy disk may need long for `initdb`.
const PATIENCE: u32 = 120_000;
const TICK: u32 = 20;

/// Arguments: the folder, that of the programs, the settings. `QUIT` is the immediate
/// shutdown: nothing is worth saving.
const SUPERVISOR: &str = r#"
folder=$1 bin=$2 settings=$3
exec 3<&0 </dev/null >"$folder/log" 2>&1
cd / && umask 077
"$bin/initdb" --pgdata="$folder/data" --username=postgres --auth=trust --encoding=UTF8 \
    --locale=C --no-sync || exit 1
printf '%s' "$settings" >> "$folder/data/postgresql.conf" || exit 1
"$bin/postgres" -D "$folder/data" -k "$folder" 3<&- &
server=$!
{ read -r _ <&3; kill -QUIT $server; } &
watchdog=$!
exec 3<&-
wait $server
kill $watchdog
rm -rf "$folder"
"#;

/// Fast, alone, and with room for schemas of tens of thousands of tables.
const SETTINGS: &str = "listen_addresses = ''\nport = 5432\nfsync = off\n\
    unix_socket_permissions = 0777\nsynchronous_commit = off\nfull_page_writes = off\n\
    autovacuum = off\njit = off\nmax_locks_per_transaction = 2048\n";

/// Stops, and its files go, when it is dropped or this process ends.
#[derive(Debug)]
pub(super) struct Cluster {
    folder: PathBuf,
    supervisor: Child,
    /// Open as long as the server shall run.
    lifeline: Option<ChildStdin>,
}

impl Cluster {
    /// Starts the newest server that is installed.
    pub fn start() -> Result<Self, Problem> {
        let Some(initdb) = program::find("initdb", "PGCANON_INITDB") else {
            return Err(Problem::new(
                ProblemCode::Program,
                "proving needs a server, and none is installed here",
            )
            .help("give one with --server, install PostgreSQL, or set PGCANON_INITDB"));
        };
        let (folder, account) = new_folder()?;
        let supervisor = supervise(&initdb, &folder, account);
        let mut supervisor = supervisor.inspect_err(|_| remove(&folder))?;
        let lifeline = supervisor.stdin.take();
        let mut cluster = Self { folder, supervisor, lifeline };
        cluster.wait()?;
        Ok(cluster)
    }

    /// How clients reach it.
    pub fn url(&self) -> String {
        format!("host={} port=5432 user=postgres dbname=postgres", self.folder.display())
    }

    /// The last line of `postmaster.pid` tells the state
    /// (`src/include/utils/pidfile.h`); reading it needs no client program.
    fn wait(&mut self) -> Result<(), Problem> {
        let mut waited = 0;
        while waited < PATIENCE {
            let state = read(&self.folder.join("data/postmaster.pid"));
            if state.lines().nth(7).is_some_and(|line| line.trim() == "ready") {
                return Ok(());
            }
            if let Ok(Some(_)) = self.supervisor.try_wait() {
                break;
            }
            std::thread::sleep(Duration::from_millis(TICK.into()));
            waited += TICK;
        }
        let log = read(&self.folder.join("log"));
        let said: Vec<&str> = log.lines().rev().take(4).collect();
        let said: Vec<&str> = said.into_iter().rev().collect();
        let message = format!("a server of our own does not start: {}", said.join("; "));
        Err(Problem::new(ProblemCode::Program, message).help("give one with --server"))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.lifeline.take());
        // It only fails when there is nothing left to do.
        drop(self.supervisor.wait());
        remove(&self.folder);
    }
}

#[expect(clippy::disallowed_methods, reason = "this is where programs are run")]
fn supervise(initdb: &Path, folder: &Path, account: Option<Account>) -> Result<Child, Problem> {
    let mut command = Command::new("sh");
    let bin = initdb.parent().unwrap_or(Path::new("."));
    command.args(["-c", SUPERVISOR, "pgcanon-server"]).arg(folder).arg(bin).arg(SETTINGS);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    // In a process group of its own Ctrl-C does not reach it before it has cleaned up.
    command.process_group(0);
    command.env("LC_ALL", "C");
    if let Some(account) = account {
        command.uid(account.uid).gid(account.gid);
    }
    command.spawn().map_err(|error| {
        Problem::new(ProblemCode::Program, format!("cannot start a server: {error}"))
    })
}

/// Who runs the server when we are root, which PostgreSQL refuses to run as.
#[derive(Clone, Copy, Debug)]
struct Account {
    uid: u32,
    gid: u32,
}

/// A folder for the server and its socket, whose path may have 107 bytes.
#[expect(clippy::disallowed_methods, reason = "this is where programs are run")]
fn new_folder() -> Result<(PathBuf, Option<Account>), Problem> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let failed = |error: std::io::Error| {
        let message = format!("cannot make a folder for a server: {error}");
        Problem::new(ProblemCode::Program, message)
    };
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let parent = std::env::temp_dir();
    let parent = if parent.as_os_str().len() > 60 { PathBuf::from("/tmp") } else { parent };
    let name = |parent: &Path| parent.join(format!("pgcanon-{}-{number}", std::process::id()));
    let make = |folder: &Path| std::fs::DirBuilder::new().mode(0o700).create(folder);
    let mut folder = name(&parent);
    make(&folder).map_err(failed)?;
    let is_root = std::fs::metadata(&folder).map_err(failed)?.uid() == 0;
    let account = is_root.then(account).flatten();
    if let Some(account) = account {
        // Others cannot enter a folder that root has for itself.
        if parent != Path::new("/tmp") {
            remove(&folder);
            folder = name(Path::new("/tmp"));
            make(&folder).map_err(failed)?;
        }
        std::os::unix::fs::chown(&folder, Some(account.uid), Some(account.gid)).map_err(failed)?;
    }
    Ok((folder, account))
}

/// An ordinary user of the system.
fn account() -> Option<Account> {
    let users = read(Path::new("/etc/passwd"));
    let of = |name: &str| {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut ids = line.split(':').skip(2).map(|field| field.parse().ok());
        Some(Account { uid: ids.next()??, gid: ids.next()?? })
    };
    ["nobody", "postgres", "daemon"].into_iter().find_map(of)
}

#[expect(clippy::disallowed_methods, reason = "files of the server are read here")]
fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

fn remove(folder: &Path) {
    // The supervisor may have done it.
    drop(std::fs::remove_dir_all(folder));
}
