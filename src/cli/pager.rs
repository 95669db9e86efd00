//! Long reports go through a pager, as those of git do.
//!
//! `PGCANON_PAGER`, then `PAGER`, then `less`; an empty one, or `cat`, is none. `less` gets
//! `-FRX` unless `LESS` says something else: it ends at once when all fits, keeps colors, and
//! leaves the text on the screen. Only for people: standard output is a terminal, and the text
//! is taller than it.

use std::io::Write;
use std::process::{Command, Stdio};

/// Shows a text; false when there is no pager, and the text is to be printed.
pub(super) fn show(text: &str) -> bool {
    let Some(program) = program() else { return false };
    // As git does (`prepare_pager_args`, pager.c): the variable may hold options.
    #[expect(clippy::disallowed_methods, reason = "a program is run here")]
    let mut command = Command::new("/bin/sh");
    command.args(["-c", &program]).stdin(Stdio::piped());
    for (name, value) in [("LESS", "FRX"), ("LV", "-c")] {
        if variable(name).is_none() {
            command.env(name, value);
        }
    }
    let Ok(mut child) = command.spawn() else { return false };
    if let Some(mut input) = child.stdin.take() {
        // Who leaves the pager has seen enough.
        drop(input.write_all(text.as_bytes()));
    }
    // The shell says 127 when there is no such program (POSIX, "Exit Status for Commands").
    child.wait().is_ok_and(|status| status.code() != Some(127))
}

/// The pager; none when none is wanted.
fn program() -> Option<String> {
    let wanted = variable("PGCANON_PAGER").or_else(|| variable("PAGER"));
    let program = wanted.unwrap_or_else(|| "less".to_owned());
    let is_none = program.trim().is_empty() || program.trim() == "cat";
    (!is_none).then_some(program)
}

/// A variable of the environment, also when it is empty.
#[expect(clippy::disallowed_methods, reason = "the environment is asked here")]
fn variable(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}
