//! What git knows about a file: the commit that is checked out.
//!
//! Runs the installed `git`, which only reads. Where there is none, or no repository,
//! nothing is known, and that is no problem.

use std::ffi::OsStr;
use std::path::Path;

use super::program;

/// The commit that is checked out where a file is, as 40 hex digits.
pub fn head(near: &Path) -> Option<String> {
    let text = ask(near, &["rev-parse", "--verify", "--quiet", "HEAD"])?;
    let commit = text.trim();
    let is_commit = commit.len() >= 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_commit.then(|| commit.to_owned())
}

/// The last commit that changed a file, and whether the file is as that commit left it; none
/// outside of a repository or if it is not tracked.
pub fn last_change(file: &Path) -> Option<(String, bool)> {
    let clean = is_committed(file)?;
    let name = file.file_name()?.to_str()?;
    let text = ask(file, &["log", "-1", "--format=%H", "--", name])?;
    let commit = text.trim();
    (!commit.is_empty()).then(|| (commit.to_owned(), clean))
}

/// Whether a file is as it was committed; none outside of a repository or if it is not tracked.
fn is_committed(file: &Path) -> Option<bool> {
    let name = file.file_name()?.to_str()?;
    ask(file, &["ls-files", "--error-unmatch", "--", name])?;
    let changes = ask(file, &["status", "--porcelain", "--", name])?;
    Some(changes.trim().is_empty())
}

/// Runs git in the directory of a file.
#[expect(clippy::disallowed_methods, reason = "this is where files are looked at")]
fn ask(near: &Path, arguments: &[&str]) -> Option<String> {
    let directory = if near.is_dir() { near } else { near.parent()? };
    let directory = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
    let at = [OsStr::new("-C"), directory.as_os_str()];
    let rest = arguments.iter().map(OsStr::new);
    let quiet = [("GIT_OPTIONAL_LOCKS", "0"), ("LC_ALL", "C")];
    let output =
        program::run(Path::new("git"), at.into_iter().chain(rest), &quiet, Vec::new()).ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
