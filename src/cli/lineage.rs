//! `pgcanon lineage`: the graph of Alembic's revisions, and whether it is one chain.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use pgcanon::lineage::{self, Lineage};
use pgcanon::model::{Problem, ProblemCode};
use pgcanon::source::{Files, Project, Source, files, read_files, versions};

use super::Outcome;
use super::console::Console;

#[derive(Debug, Default, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct LineageArguments {
    /// Version directories, the directory that holds `versions`, or that of `alembic.ini`
    #[arg(value_name = "DIR", required = true)]
    pub directories: Vec<PathBuf>,
    /// Look into their folders as well (`recursive_version_locations` of Alembic)
    #[arg(long)]
    pub recursive: bool,
    /// How to draw it
    #[arg(long, value_enum, default_value_t = Drawing::Text)]
    pub format: Drawing,
    /// Write the drawing to a file
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Fail unless this is the only head: its id, the beginning of it, or a label
    #[arg(long, value_name = "REV")]
    pub expect_head: Option<String>,
    /// Fail unless this database is at the head: postgres://.. or key=value pairs
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    /// The table of Alembic in it
    #[arg(
        long,
        value_name = "[SCHEMA.]TABLE",
        default_value = "alembic_version",
        requires = "database"
    )]
    pub version_table: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Drawing {
    /// A line for each revision
    #[default]
    Text,
    Mermaid,
    Dot,
    Json,
}

const EXAMPLES: &str = "\
Examples:
  pgcanon lineage alembic/versions
  pgcanon lineage alembic --expect-head 3f2a --format mermaid
  pgcanon lineage alembic --database postgres://app@localhost/app

Revision files are read, never run.

Exit codes: 0 one chain with one head, 1 something is wrong with it or the database is not at
its head, 2 the work could not be done.";

/// Reads, draws and checks.
pub(super) fn run(arguments: &LineageArguments, console: &Console) -> Outcome {
    let Graph { lineage, sources, folders } = match read_graph(arguments) {
        Ok(Ok(graph)) => graph,
        Ok(Err((sources, problems))) => {
            console.problems(&problems, &sources);
            return Outcome::Failed;
        }
        Err(problem) => return console.problem(&problem),
    };
    let drawing = match arguments.format {
        Drawing::Text => lineage::text(&lineage),
        Drawing::Mermaid => lineage::mermaid(&lineage),
        Drawing::Dot => lineage::dot(&lineage),
        Drawing::Json => lineage::json(&lineage, &sources),
    };
    let written = console.write(&drawing, arguments.output.as_deref());
    if written != Outcome::Pass {
        return written;
    }
    console.problems(&lineage.faults, &sources);
    console.note(&summary(&lineage, folders));
    let at_head = match &arguments.database {
        Some(url) => match database(url, arguments, &lineage, console) {
            Ok(at_head) => at_head,
            Err(problem) => return console.problem(&problem),
        },
        None => true,
    };
    if lineage.is_sound() && at_head { Outcome::Pass } else { Outcome::Drift }
}

/// A graph, with what it was read from.
pub(super) struct Graph {
    pub lineage: Lineage,
    pub sources: Vec<Source>,
    /// How many folders were not entered.
    pub folders: usize,
}

/// What of the sources cannot be read.
type Unreadable = (Vec<Source>, Vec<Problem>);

/// Reads the graph and compares its head with the one that is expected.
///
/// # Errors
/// A directory cannot be read or holds no revision.
pub(super) fn read_graph(
    arguments: &LineageArguments,
) -> Result<Result<Graph, Unreadable>, Problem> {
    let found = find(arguments)?;
    let (sources, problems) = read_files(&found.wanted);
    if !problems.is_empty() {
        return Ok(Err((sources, problems)));
    }
    let mut lineage = lineage::read(&sources);
    if lineage.revisions.is_empty() && lineage.faults.is_empty() {
        let problem = Problem::new(ProblemCode::Empty, "there is no revision of Alembic here");
        let help = "a revision is a *.py file with revision and down_revision; name the directory that holds them, or that of alembic.ini";
        return Err(problem.help(help));
    }
    if let Some(expected) = &arguments.expect_head {
        lineage.faults.extend(lineage.unexpected(expected));
    }
    Ok(Ok(Graph { lineage, sources, folders: found.folders.len() }))
}

/// The Python files of all directories: those that a configuration of Alembic names, or
/// `versions` below one that has no revision itself.
fn find(arguments: &LineageArguments) -> Result<Files, Problem> {
    let mut found = Files::default();
    for directory in &arguments.directories {
        if let Some(project) = Project::find(directory)?
            && !project.versions.is_empty()
        {
            for versions in &project.versions {
                let own = files(versions, &["py"], arguments.recursive || project.recursive)?;
                found.wanted.extend(own.wanted.into_iter().map(near));
                found.folders.extend(own.folders);
            }
            continue;
        }
        let mut own = files(directory, &["py"], arguments.recursive)?;
        let versions = directory.join("versions");
        if !arguments.recursive && own.folders.contains(&versions) {
            own = files(&versions, &["py"], false)?;
        }
        found.wanted.extend(own.wanted);
        found.folders.extend(own.folders);
    }
    found.wanted.sort();
    found.wanted.dedup();
    Ok(found)
}

/// A path as somebody would write it here.
#[expect(clippy::disallowed_methods, reason = "paths start where the program runs")]
fn near(path: PathBuf) -> PathBuf {
    let here = std::env::current_dir().and_then(std::fs::canonicalize);
    let below = here.ok().and_then(|here| path.strip_prefix(here).map(PathBuf::from).ok());
    below.unwrap_or(path)
}

fn summary(lineage: &Lineage, folders: usize) -> String {
    let count = |number: usize, word: &str| {
        format!("{number} {word}{}", if number == 1 { "" } else { "s" })
    };
    let mut text = format!(
        "{}, {}, {}, {}, {}",
        count(lineage.revisions.len(), "revision"),
        count(lineage.heads.len(), "head"),
        count(lineage.bases.len(), "base"),
        count(lineage.merges.len(), "merge"),
        count(lineage.faults.len(), "fault"),
    );
    if !lineage.others.is_empty() {
        text.push_str(&format!("; {} no revisions", count(lineage.others.len(), "other file")));
    }
    if folders > 0 {
        text.push_str(&format!("; {} not entered (--recursive)", count(folders, "folder")));
    }
    text.push('\n');
    text
}

/// Whether a database is at the head. Says where it is.
fn database(
    url: &str,
    arguments: &LineageArguments,
    lineage: &Lineage,
    console: &Console,
) -> Result<bool, Problem> {
    let current = versions(url, &arguments.version_table)?;
    let unknown: Vec<&String> = current.iter().filter(|id| lineage.exactly(id).is_none()).collect();
    let said = |text: &str| pgcanon::emit::escape::terminal(text);
    for id in &unknown {
        console.note(&format!("the database is at {}, which no revision is\n", said(id)));
    }
    if !unknown.is_empty() {
        return Ok(false);
    }
    let mut heads: Vec<&str> = lineage.heads.iter().filter_map(|at| lineage.id(*at)).collect();
    let mut at: Vec<&str> = current.iter().map(String::as_str).collect();
    heads.sort_unstable();
    at.sort_unstable();
    if heads == at {
        console.note(&format!("the database is at the head, {}\n", said(&at.join(", "))));
        return Ok(true);
    }
    let pending = lineage.pending(&current);
    let place = if at.is_empty() {
        "before the first revision".to_owned()
    } else {
        format!("at {}", said(&at.join(", ")))
    };
    console.note(&format!("the database is {place}: {pending} revisions are not applied\n"));
    Ok(false)
}

/// The only head of a directory of revisions; none when it has no revision.
///
/// # Errors
/// The directory cannot be read, or its graph has several heads or is wrong.
pub(super) fn head(directory: &std::path::Path) -> Result<Option<String>, Problem> {
    let (sources, problems) = read_files(&files(directory, &["py"], false)?.wanted);
    if let Some(problem) = problems.into_iter().next() {
        return Err(problem);
    }
    let lineage = lineage::read(&sources);
    let wrong = lineage.faults.first().map(|fault| {
        let message = format!("{}: {}", directory.display(), located(fault, &sources));
        let problem = Problem::new(ProblemCode::Usage, message);
        let help = fault.help.clone().unwrap_or_default();
        problem.help(help)
    });
    match wrong {
        Some(problem) => Err(problem),
        None => Ok(lineage.head().map(|head| head.id.word.clone())),
    }
}

fn located(fault: &Problem, sources: &[Source]) -> String {
    let source = fault.span.and_then(|span| sources.get(span.source.0 as usize));
    source.map_or_else(
        || fault.message.clone(),
        |source| format!("{} ({})", fault.message, source.name),
    )
}
