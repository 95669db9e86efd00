//! What git knows about a file: the commit that is checked out.
//!
//! Runs the installed `git`, which only reads. Where there is none, or no repository,
//! nothing is known, and that is no problem.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::program;
use crate::model::{Problem, ProblemCode};

/// The commit that is checked out where a file is, as 40 hex digits.
pub fn head(near: &Path) -> Option<String> {
    let text = ask(near, &["rev-parse", "--verify", "--quiet", "HEAD"])?;
    let commit = text.trim();
    let is_commit = commit.len() >= 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_commit.then(|| commit.to_owned())
}

/// Whether a file is as it was committed; none outside of a repository or if it is not tracked.
pub fn is_committed(file: &Path) -> Option<bool> {
    let name = file.file_name()?.to_str()?;
    ask(file, &["ls-files", "--error-unmatch", "--", name])?;
    let changes = ask(file, &["status", "--porcelain", "--", name])?;
    Some(changes.trim().is_empty())
}

/// Files that are there and differ from a commit or its common ancestor with what is checked
/// out, and those that git does not know yet; below these paths, or everywhere.
///
/// # Errors
/// There is no repository, or no such commit.
pub fn changed_since(reference: &str, paths: &[PathBuf]) -> Result<Vec<PathBuf>, Problem> {
    let here = Path::new(".");
    let problem = |message: String| Problem::new(ProblemCode::Usage, message);
    let top = ask(here, &["rev-parse", "--show-cdup"])
        .ok_or_else(|| problem("this is no git repository, or git is not installed".to_owned()))?;
    let commit = format!("{reference}^{{commit}}");
    let commit = ask(here, &["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])
        .and_then(|text| text.lines().last().map(str::to_owned))
        .ok_or_else(|| {
            problem(format!("git knows no commit {reference}"))
                .help("fetch it first: a checkout of CI often holds one commit only")
        })?;
    let base = ask(here, &["merge-base", &commit, "HEAD"]);
    let base = base.as_deref().map_or(commit.as_str(), str::trim);
    let top = PathBuf::from(top.trim());
    let mut arguments =
        vec!["diff", "--name-only", "-z", "--no-renames", "--diff-filter=ACMRT", base, "--"];
    let places: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    arguments.extend(places.iter().map(String::as_str));
    let changed = ask(here, &arguments).ok_or_else(|| problem("git diff failed".to_owned()))?;
    let mut new = vec!["ls-files", "-z", "--others", "--exclude-standard", "--"];
    new.extend(places.iter().map(String::as_str));
    let new = ask(here, &new).ok_or_else(|| problem("git ls-files failed".to_owned()))?;
    let names = |text: &str| -> Vec<String> {
        text.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect()
    };
    let mut found: Vec<PathBuf> = names(&changed).iter().map(|name| top.join(name)).collect();
    found.extend(names(&new).iter().map(PathBuf::from));
    Ok(found)
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
