//! The program as tests run it: in a folder with some files; out come its exit code and what it
//! printed.

#![allow(
    dead_code,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "each test uses a part; tests run programs and fail by panics"
)]

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// What came of a run.
pub struct Run {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// Runs the program in a folder.
pub fn run(directory: &Path, arguments: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pgcanon"));
    // What a developer's terminal says is no part of the test.
    for variable in ["NO_COLOR", "CLICOLOR_FORCE", "PGCANON_THREADS"] {
        command.env_remove(variable);
    }
    let output = command.args(arguments).current_dir(directory).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Run { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// A folder with these files, which is removed with the value.
pub fn place(files: &[(&str, &str)]) -> TempDir {
    let place = TempDir::new().unwrap();
    for (name, text) in files {
        let path = place.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    place
}
