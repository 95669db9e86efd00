//! Drops scratch databases when this process ends before it has done so itself.
//!
//! In, the names of databases before they are made; out, nothing as long as all goes well.
//! As with a server of our own a small shell waits for the end of a pipe, which the kernel
//! closes however we end; unless it was told that all is done, it drops what it knows of.

use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Mutex;

use super::conninfo::Database;
use crate::model::{Problem, ProblemCode};

/// Arguments: `psql`, the connection string. A database that is just being made is there a
/// moment later, hence the second try.
const SCRIPT: &str = r#"
psql=$1 connection=$2 names=
cd /
while read -r name; do
    [ "$name" = done ] && exit 0
    names="$names $name"
done
for try in 1 2; do
    for name in $names; do
        "$psql" --no-psqlrc --quiet --no-password --dbname="$connection" \
            --command="DROP DATABASE IF EXISTS $name WITH (FORCE)"
    done
    [ "$try" = 2 ] || sleep 1
done
"#;

/// The shell that waits.
#[derive(Debug)]
pub(super) struct Watchdog {
    child: Child,
    names: Mutex<Option<ChildStdin>>,
}

impl Watchdog {
    /// Starts to wait.
    #[expect(clippy::disallowed_methods, reason = "this is where programs are run")]
    pub fn start(psql: &Path, database: &Database) -> Result<Self, Problem> {
        let mut command = Command::new("sh");
        command.args(["-c", SCRIPT, "pgcanon-watchdog"]).arg(psql).arg(&database.conninfo);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        // Ctrl-C is for us, not for what cleans up after us.
        command.process_group(0);
        if let Some(password) = &database.password {
            command.env("PGPASSWORD", password);
        }
        let mut child = command.spawn().map_err(|error| {
            Problem::new(ProblemCode::Program, format!("cannot start sh: {error}"))
        })?;
        let names = Mutex::new(child.stdin.take());
        Ok(Self { child, names })
    }

    /// Tells of a database that is about to be made.
    pub fn watch(&self, name: &str) {
        self.say(name);
    }

    fn say(&self, line: &str) {
        if let Ok(mut names) = self.names.lock()
            && let Some(pipe) = names.as_mut()
        {
            // A shell that is gone cleans nothing up; dropping does.
            drop(writeln!(pipe, "{line}"));
        }
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        self.say("done");
        if let Ok(mut names) = self.names.lock() {
            drop(names.take());
        }
        drop(self.child.wait());
    }
}
