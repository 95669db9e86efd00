//! One running PostgreSQL cluster in a temporary folder, which never outlives this process.
//!
//! In: an [`Installation`]. Out: a [`Cluster`] that accepts connections on a Unix socket.
//! Surprising: the server is not our child. A small shell is, which waits for its standard
//! input to close, and then stops the server and removes the folder. We hold the other end of
//! that pipe, and the kernel closes it however we end: on return, by a panic, by `kill -9`.

use std::fs;
use std::io::{Read as _, Seek as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::installation::{Installation, is_root};

/// The port is only a part of the socket's file name: each cluster has a folder of its own.
pub const PORT: &str = "5432";
pub const SUPERUSER: &str = "postgres";

/// A machine with a busy disk may need long for `initdb`.
const START_TIMEOUT: Duration = Duration::from_secs(120);

/// Arguments: the cluster's folder, the bin folder, the settings.
///
/// `QUIT` is the immediate shutdown: nothing is worth saving, and shared memory is released.
/// A server that stops by itself ends the shell as well.
const SUPERVISOR: &str = r#"
folder=$1 bin=$2 settings=$3
exec 3<&0 </dev/null
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

/// The user that runs the server when the tests run as root.
#[derive(Debug, Clone, Copy)]
pub struct Account {
    pub uid: u32,
    pub gid: u32,
}

impl Account {
    /// `None` when the tests run as an ordinary user, who can run a server too.
    pub fn for_server() -> Option<Self> {
        if !is_root() {
            return None;
        }
        let passwd = fs::read_to_string("/etc/passwd").expect("/etc/passwd can be read");
        let of = |name: &str| {
            let line = passwd.lines().find(|line| line.split(':').next() == Some(name))?;
            let mut ids = line.split(':').skip(2).map(|field| field.parse().ok());
            Some(Self { uid: ids.next()??, gid: ids.next()?? })
        };
        let account = ["nobody", "postgres", "daemon"].into_iter().find_map(of);
        Some(account.expect("/etc/passwd has nobody, postgres or daemon to run a server as"))
    }

    pub fn apply(self, command: &mut Command) {
        command.uid(self.uid).gid(self.gid);
    }
}

/// Stops, and removes its files, when it is dropped or this process ends.
pub struct Cluster {
    folder: PathBuf,
    supervisor: Child,
    /// Open as long as the cluster shall run.
    lifeline: Option<ChildStdin>,
}

impl Cluster {
    /// Panics with the server's log when it does not start.
    pub fn start(installation: &Installation, account: Option<Account>) -> Self {
        let folder = new_folder(account);
        let mut log = tempfile::tempfile().expect("a temporary file can be made");
        let output = || Stdio::from(log.try_clone().expect("a file handle can be copied"));

        let mut command = Command::new("sh");
        command.arg("-c").arg(SUPERVISOR).arg("pgcanon-test-server");
        command.arg(&folder).arg(&installation.bin).arg(settings(installation.major));
        command.stdin(Stdio::piped()).stdout(output()).stderr(output());
        // In a process group of its own Ctrl-C does not reach it before it has cleaned up.
        command.process_group(0);
        forget_connection_settings(&mut command);
        if let Some(account) = account {
            account.apply(&mut command);
        }
        let mut supervisor = command.spawn().expect("sh can be started");
        let lifeline = supervisor.stdin.take();
        let mut cluster = Self { folder, supervisor, lifeline };

        if let Err(reason) = cluster.wait_until_ready() {
            let mut text = String::new();
            log.rewind().expect("a file can be rewound");
            log.read_to_string(&mut text).expect("the server's log is text");
            panic!("PostgreSQL of {}: {reason}\n{text}", installation.bin.display());
        }
        cluster
    }

    /// Where the socket is; what clients call the host.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The process id of the server.
    pub fn pid(&self) -> u32 {
        let text = fs::read_to_string(self.pid_file()).unwrap_or_default();
        let first = text.lines().next().and_then(|line| line.trim().parse().ok());
        first.expect("a running server writes its process id")
    }

    fn pid_file(&self) -> PathBuf {
        self.folder.join("data/postmaster.pid")
    }

    /// The last line of `postmaster.pid` tells the state; reading it needs no client program.
    fn wait_until_ready(&mut self) -> Result<(), String> {
        let deadline = Instant::now() + START_TIMEOUT;
        while Instant::now() < deadline {
            if let Ok(Some(status)) = self.supervisor.try_wait() {
                return Err(format!("did not start ({status})"));
            }
            let state = fs::read_to_string(self.pid_file()).unwrap_or_default();
            if state.lines().nth(7).is_some_and(|line| line.trim() == "ready") {
                return Ok(());
            }
            sleep(Duration::from_millis(20));
        }
        Err(format!("was not ready after {START_TIMEOUT:?}"))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.lifeline.take());
        // Both fail only when there is nothing left to do.
        let _ = self.supervisor.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Settings of the developer's machine must not send a test to another server.
pub fn forget_connection_settings(command: &mut Command) {
    let inherited = std::env::vars_os().map(|(name, _)| name);
    for name in inherited.filter(|name| name.to_string_lossy().starts_with("PG")) {
        command.env_remove(name);
    }
    command.env("LC_ALL", "C").env("PGCLIENTENCODING", "UTF8");
}

fn new_folder(account: Option<Account>) -> PathBuf {
    // A socket's path may have 107 bytes, and other users cannot enter root's own TMPDIR.
    let mut parent = std::env::temp_dir();
    if account.is_some() || parent.as_os_str().len() > 60 {
        parent = "/tmp".into();
    }
    let folder = tempfile::Builder::new().prefix("pgcanon-").tempdir_in(parent);
    let folder = folder.expect("a temporary folder can be made").keep();
    if let Some(Account { uid, gid }) = account {
        std::os::unix::fs::chown(&folder, Some(uid), Some(gid)).expect("root can give files away");
    }
    folder
}

/// Fast, alone, and with room for schemas of tens of thousands of tables.
fn settings(major: u32) -> String {
    let mut settings = String::from(
        "listen_addresses = ''
        port = 5432
        unix_socket_permissions = 0777
        fsync = off
        synchronous_commit = off
        full_page_writes = off
        autovacuum = off
        jit = off
        shared_buffers = 32MB
        max_connections = 60
        max_locks_per_transaction = 2048
        ",
    );
    if major >= 15 {
        // `CREATE TABLESPACE … LOCATION ''`, without a folder for it.
        settings.push_str("allow_in_place_tablespaces = on\n");
    }
    if major >= 18 {
        // Saves three worker processes for each cluster.
        settings.push_str("io_method = sync\n");
    }
    settings
}
