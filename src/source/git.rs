//! What git knows: files as a commit has them, the commit that is checked out, the last change
//! of a file.
//!
//! Runs the installed `git`, which only reads. What is only good to know is none where there is
//! no git or no repository; a source that cannot be read is a problem.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::directory::natural_name;
use super::{Sources, migrations, program, text};
use crate::model::{Problem, ProblemCode};

/// Reads `REV:PATH`, a file or all `*.sql` of a directory as a commit has them; with
/// `migrations:` before the path, a chain of migrations. Paths start where the program runs.
pub(super) fn read(input: &str) -> Result<Sources, Vec<Problem>> {
    let wrong = |message: String| {
        vec![
            Problem::new(ProblemCode::Unreadable, message)
                .help("write git:REVISION:PATH, as git:main:db/schema.sql"),
        ]
    };
    let Some((revision, path)) = input.split_once(':') else {
        return Err(wrong(format!("git:{input} names no path")));
    };
    let (is_chain, path) = match path.strip_prefix("migrations:") {
        Some(path) => (true, path),
        None => (false, path),
    };
    if revision.is_empty() || revision.starts_with('-') || path.is_empty() {
        return Err(wrong(format!("git:{input} names no revision or no path")));
    }
    let relative = path.trim_start_matches("./").trim_end_matches('/');
    let object = format!("{revision}:./{relative}");
    let kind = show(&["cat-file", "-t", &object])
        .map_err(|said| wrong(format!("git has no {path} in {revision}: {said}")))?;
    if kind.trim_ascii() == b"blob" {
        let name = format!("git:{revision}:{path}");
        let bytes = show(&["cat-file", "blob", &object]).map_err(wrong)?;
        let source = text::decode(bytes, &name).map_err(|problem| vec![problem])?;
        return Ok(Sources { sources: vec![source], ..Sources::default() });
    }
    let all = tree(revision, relative)?;
    if is_chain { migrations::chain(all, path) } else { Ok(all) }
}

/// All `*.sql` below a directory of a commit, in natural order.
fn tree(revision: &str, path: &str) -> Result<Sources, Vec<Problem>> {
    let unreadable = |said: String| vec![Problem::new(ProblemCode::Unreadable, said)];
    let object = format!("{revision}:./{path}");
    let list = show(&["ls-tree", "-r", "-z", "--name-only", &object]).map_err(unreadable)?;
    let list = String::from_utf8_lossy(&list).into_owned();
    let mut names: Vec<&str> = list.split('\0').filter(|name| !name.is_empty()).collect();
    names.sort_by(|one, other| natural_name(one, other).then_with(|| one.cmp(other)));
    let mut all = Sources::default();
    let mut problems = Vec::new();
    for name in names {
        let cited = format!("git:{revision}:{path}/{name}");
        let is_sql = Path::new(name).extension().is_some_and(|end| end.eq_ignore_ascii_case("sql"));
        if !is_sql {
            all.skipped.push(cited);
            continue;
        }
        let bytes = show(&["cat-file", "blob", &format!("{revision}:./{path}/{name}")]);
        match bytes.map_err(|said| Problem::new(ProblemCode::Unreadable, said)) {
            Ok(bytes) => match text::decode(bytes, &cited) {
                Ok(source) => all.sources.push(source),
                Err(problem) if problem.code == ProblemCode::Empty => {
                    all.skipped.push(format!("{cited} (empty)"));
                }
                Err(problem) => problems.push(problem),
            },
            Err(problem) => problems.push(problem),
        }
    }
    if all.sources.is_empty() && problems.is_empty() {
        let message = format!("git:{revision}:{path} holds no *.sql file");
        problems.push(Problem::new(ProblemCode::Empty, message));
    }
    if problems.is_empty() { Ok(all) } else { Err(problems) }
}

/// One commit that changed a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its hash.
    pub hash: String,
    /// The day it was committed, `YYYY-MM-DD`.
    pub date: String,
    /// Its first line; from the repository, so not to be trusted.
    pub subject: String,
}

/// The commits that changed a path, the oldest first, from `since` on if it is given.
pub fn log(path: &str, since: Option<&str>) -> Result<Vec<Commit>, Problem> {
    let range = since.map(|since| format!("{since}..HEAD"));
    if since.is_some_and(|since| since.starts_with('-')) {
        return Err(Problem::new(ProblemCode::Usage, "a revision does not start with a dash"));
    }
    let mut arguments = vec!["log", "--reverse", "--format=%H%x09%cs%x09%s"];
    arguments.extend(range.as_deref());
    arguments.extend(["--", path]);
    let text = show(&arguments).map_err(|said| {
        Problem::new(ProblemCode::Unreadable, format!("git knows no history of {path}: {said}"))
            .help("run it in a repository of git, with a path whose commits are there")
    })?;
    let text = String::from_utf8_lossy(&text).into_owned();
    let commit = |line: &str| {
        let mut parts = line.splitn(3, '\t').map(str::to_owned);
        Some(Commit { hash: parts.next()?, date: parts.next()?, subject: parts.next()? })
    };
    Ok(text.lines().filter_map(commit).collect())
}

/// What git says, or why it does not.
fn show(arguments: &[&str]) -> Result<Vec<u8>, String> {
    let words = arguments.iter().map(OsStr::new);
    let output = program::run(Path::new("git"), words, &[("LC_ALL", "C")], Vec::new())
        .map_err(|problem| problem.message)?;
    if output.status.success() { Ok(output.stdout) } else { Err(program::complaint(&output)) }
}

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
