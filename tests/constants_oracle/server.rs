//! A temporary server, started from `initdb` and stopped on drop.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub struct Server {
    bin: PathBuf,
    folder: tempfile::TempDir,
    pub version: u32,
}

/// The socket's name; every server has a folder of its own.
const PORT: &str = "54320";

impl Server {
    pub fn start() -> Option<Self> {
        let bin = find_binaries()?;
        let folder = tempfile::Builder::new().prefix("pgc").tempdir_in("/tmp").ok()?;
        let version = Command::new(bin.join("postgres")).arg("--version").output().ok()?;
        let version = String::from_utf8_lossy(&version.stdout).into_owned();
        let version =
            version.split_whitespace().find_map(|word| word.split('.').next()?.parse().ok())?;
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(folder.path()));
        }
        let server = Self { bin, folder, version };
        let data = server.folder.path().join("data");
        run(server.as_user("initdb").arg("-D").arg(&data).args([
            "-U",
            "postgres",
            "-A",
            "trust",
            "--no-locale",
            "-E",
            "UTF8",
            "-N",
        ]));
        let options = format!(
            "-k {} -p {PORT} -c listen_addresses= -c fsync=off -c TimeZone=UTC",
            server.folder.path().display()
        );
        run(server
            .as_user("pg_ctl")
            .arg("-D")
            .arg(&data)
            .arg("-l")
            .arg(server.folder.path().join("log"))
            .args(["-w", "-o", &options, "start"]));
        Some(server)
    }

    /// What each expression prints, or none where it is an error.
    pub fn evaluate(&self, expressions: &[String]) -> Vec<Option<String>> {
        let mut script = String::new();
        for (at, expression) in expressions.iter().enumerate() {
            let _ = writeln!(
                script,
                "SELECT '#{at} ' || pg_catalog.encode(pg_catalog.convert_to(pg_catalog.format('%s', {expression}), 'UTF8'), 'hex');"
            );
        }
        let output = self.run(&script);
        let mut printed = vec![None; expressions.len()];
        for line in output.lines() {
            let Some((at, hex)) = line.strip_prefix('#').and_then(|line| line.split_once(' '))
            else {
                continue;
            };
            let bytes = (0..hex.len())
                .step_by(2)
                .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
                .collect();
            printed[at.parse::<usize>().unwrap()] = Some(String::from_utf8(bytes).unwrap());
        }
        printed
    }

    /// Runs a script; statements that fail are skipped.
    pub fn run(&self, script: &str) -> String {
        let mut psql = Command::new(self.bin.join("psql"))
            .args(["-X", "-q", "-A", "-t", "-U", "postgres", "-p", PORT, "-h"])
            .arg(self.folder.path())
            .arg("postgres")
            .env("PGCLIENTENCODING", "UTF8")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut input = psql.stdin.take().unwrap();
        let script = script.to_owned();
        let writer = std::thread::spawn(move || input.write_all(script.as_bytes()));
        let output = psql.wait_with_output().unwrap();
        writer.join().unwrap().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    /// Servers refuse to run as root.
    fn as_user(&self, program: &str) -> Command {
        let path = self.bin.join(program);
        if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(path).current_dir("/");
            command
        } else {
            Command::new(path)
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let data = self.folder.path().join("data");
        run(self.as_user("pg_ctl").arg("-D").arg(data).args(["-m", "immediate", "stop"]));
    }
}

fn run(command: &mut Command) {
    let output = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(output.is_ok_and(|status| status.success()), "{command:?} failed");
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n")
}

fn find_binaries() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("PGCANON_TEST_PG") {
        return Some(PathBuf::from(path));
    }
    let mut versions: Vec<(u32, PathBuf)> = Path::new("/usr/lib/postgresql")
        .read_dir()
        .ok()?
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let version = path.file_name()?.to_str()?.parse().ok()?;
            path.join("bin/initdb").exists().then(|| (version, path.join("bin")))
        })
        .collect();
    versions.sort();
    versions.pop().map(|(_, path)| path)
}
