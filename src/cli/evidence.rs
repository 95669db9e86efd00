//! `pgcanon evidence`: a bundle written, or verified.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use pgcanon::baseline::sha256;
use pgcanon::diff::{Diff, DiffOptions};
use pgcanon::emit::escape::terminal;
use pgcanon::evidence::{
    Bundle, Compression, Files, Migration, Mismatch, Provenance, archive, bundle, differences,
    verify,
};
use pgcanon::model::{Date, Pair, Problem, ProblemCode};
use pgcanon::plan::{Causes, PlanOptions, ScriptOptions, plan, sql};
use pgcanon::register::Document;
use pgcanon::source::{Source, git, read_if_there};

use super::Outcome;
use super::args::Global;
use super::comparison::{Comparison, Refused};
use super::console::Console;
use super::diff::read_sides;
use super::governance::{BundleArguments, EvidenceArguments, EvidenceCommand};
use super::partial::{Filled, filled};
use super::planned::causes;
use super::project::{Project, reproducible_date};
use super::side::Side;

/// Writes or verifies a bundle.
pub(super) fn run(arguments: &EvidenceArguments, global: &Global, console: &Console) -> Outcome {
    let done = match &arguments.command {
        Some(EvidenceCommand::Verify { directory, bundle }) => verified(directory, bundle, console),
        None => written(&arguments.bundle, global, console),
    };
    done.unwrap_or_else(|refused| refused.say(console))
}

/// The files of a bundle; none when a side cannot be read, which was said.
fn made(
    arguments: &BundleArguments,
    as_of: Option<Date>,
    console: &Console,
    known: &Commits,
) -> Result<Option<Files>, Refused> {
    let Some(project) = Project::find(arguments.project.config.as_deref(), console) else {
        return Ok(None);
    };
    let inputs = project.sources("evidence", &arguments.sources)?;
    let Some(mut sides) = read_sides(&inputs, Pair::default(), console) else { return Ok(None) };
    let provenance = sides.as_ref().map(|side| provenance(side, known));
    for side in [&mut sides.canonical, &mut sides.live] {
        for source in &mut side.sources {
            source.name = portable(&source.name);
        }
    }
    let mut settings: Vec<Provenance> = Vec::new();
    settings.extend(project.config.as_ref().map(|config| of_source(&config.source, known)));
    let options = project.options(arguments.compare, false);
    let mut comparison = Comparison::of(&project, sides, &options);
    let register = project.register(arguments.register.as_deref());
    let mut day = as_of;
    if let Some(source) = read_if_there(&register, &register.display().to_string())? {
        let document = Document::read(source.clone())
            .map_err(|problem| Refused::in_source(problem, source.clone()))?;
        // Without a day of its own, a bundle is of the day of the last run.
        day = as_of.or(document.register.last_run.as_ref().map(|run| run.date));
        settings.push(of_source(&source, known));
        let fallback = day.unwrap_or_else(|| Date::from_unix(0));
        comparison.register(&project, &register, Some(fallback), false)?;
    } else if arguments.register.is_some() {
        let message = format!("there is no register {}", register.display());
        return Err(Problem::new(ProblemCode::Unreadable, message).into());
    }
    let transcript = match &arguments.transcript {
        None => None,
        Some(path) => {
            let name = path.display().to_string();
            let source = read_if_there(path, &name)?.ok_or_else(|| {
                Problem::new(ProblemCode::Unreadable, format!("there is no transcript {name}"))
            })?;
            settings.push(of_source(&source, known));
            Some(source.text)
        }
    };
    comparison.plan_hazards(&options);
    let migration = migration(&comparison, &options)?;
    let word = |choice: super::args::Choice| format!("{choice:?}").to_lowercase();
    let words = BTreeMap::from([
        ("owners".to_owned(), word(arguments.compare.owners)),
        ("privileges".to_owned(), word(arguments.compare.privileges)),
        ("comments".to_owned(), word(arguments.compare.comments)),
    ]);
    Ok(Some(bundle(&Bundle {
        sides: comparison.sides.as_ref().map(Side::as_report),
        diff: &comparison.diff,
        report: &comparison.report,
        passes: !comparison.fails(project.fail_on(None), project.strict(false)),
        provenance,
        settings,
        migration,
        transcript,
        as_of: day,
        options: words,
    })))
}

/// The migration that goes into the bundle, both ways.
fn migration(comparison: &Comparison, options: &DiffOptions) -> Result<Migration, Problem> {
    let rows = &comparison.report.rows;
    let filled = filled(comparison.sides.as_ref(), &comparison.diff, rows, options)?;
    let (schemas, diff, ids) = match &filled {
        Some(Filled { schemas, diff, report }) => (schemas.as_ref(), diff, causes(diff, report)),
        None => (
            comparison.sides.as_ref().map(|side| &side.schema),
            &comparison.diff,
            causes(&comparison.diff, &comparison.report),
        ),
    };
    let mut diff = Diff::clone(diff);
    comparison.applied.keep(&mut diff);
    let mut migration = plan(schemas, &diff, PlanOptions::default());
    migration.hide_secrets();
    let causes = Causes::new(ids, [schemas.canonical, schemas.live]);
    let script = ScriptOptions { causes, ..ScriptOptions::default() };
    Ok(Migration { up: sql(&migration.up, &script).text, down: sql(&migration.down, &script).text })
}

/// Writes a bundle.
fn written(
    arguments: &BundleArguments,
    global: &Global,
    console: &Console,
) -> Result<Outcome, Refused> {
    let target = match (&arguments.out, &arguments.archive) {
        (Some(directory), _) => Target::Directory(directory.clone()),
        (None, Some(file)) => Target::archive(file)?,
        (None, None) => {
            return Err(Problem::new(ProblemCode::Usage, "where to write the evidence is missing")
                .help("--out DIR, or --archive FILE.tar.gz")
                .into());
        }
    };
    let as_of = arguments.project.as_of.map_or_else(reproducible_date, |day| Ok(Some(day)))?;
    let Some(files) = made(arguments, as_of, console, &Commits::default())? else {
        return Ok(Outcome::Failed);
    };
    target.write(&files)?;
    if !global.quiet {
        let manifest = files.get("manifest.json").map(|bytes| sha256(bytes)).unwrap_or_default();
        console.note(&format!("{} files; SHA-256 of manifest.json: {manifest}\n", files.len()));
    }
    Ok(Outcome::Pass)
}

/// Verifies a bundle.
fn verified(
    directory: &Path,
    arguments: &BundleArguments,
    console: &Console,
) -> Result<Outcome, Refused> {
    let files = read_directory(directory)?;
    let mut found = verify(&files);
    let sources = &arguments.sources;
    let given =
        !sources.both.is_empty() || !sources.canonical.is_empty() || !sources.live.is_empty();
    let mut again = "";
    if given {
        let as_of = arguments.project.as_of.or_else(|| day_of(&files));
        let Some(other) = made(arguments, as_of, console, &commits_of(&files))? else {
            return Ok(Outcome::Failed);
        };
        found.extend(differences(&files, &other));
        again = ", and the sources give the same again";
    }
    if found.is_empty() {
        return Ok(console.print(&format!(
            "VERIFIED: {} files are those of the manifest{again}\n",
            files.len()
        )));
    }
    let lines: Vec<String> = found
        .iter()
        .map(Mismatch::to_string)
        .map(|line| format!("{}\n", terminal(&line)))
        .collect();
    let files = if found.len() == 1 { "1 file" } else { &format!("{} files", found.len()) };
    let printed = console.print(&format!("{}NOT VERIFIED: {files}\n", lines.concat()));
    Ok(if printed == Outcome::Pass { Outcome::Drift } else { printed })
}

/// The day of a bundle.
fn day_of(files: &Files) -> Option<Date> {
    let manifest: serde_json::Value = serde_json::from_slice(files.get("manifest.json")?).ok()?;
    manifest.get("as_of").and_then(serde_json::Value::as_str).and_then(Date::parse)
}

/// Where a bundle goes.
enum Target {
    Directory(PathBuf),
    Archive(PathBuf, Compression),
}

impl Target {
    fn archive(file: &Path) -> Result<Self, Refused> {
        let name = file.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        let compression = if [".tar.gz", ".tgz"].iter().any(|end| name.ends_with(end)) {
            Compression::Gzip
        } else if file.extension().is_some_and(|end| end.eq_ignore_ascii_case("tar")) {
            Compression::None
        } else {
            let message = format!("{name}: an archive is called .tar.gz, .tgz or .tar");
            return Err(Problem::new(ProblemCode::Usage, message).into());
        };
        Ok(Self::Archive(file.to_owned(), compression))
    }

    #[expect(clippy::disallowed_methods, reason = "bundles are written here")]
    fn write(&self, files: &Files) -> Result<(), Refused> {
        let failed = |path: &Path, error: std::io::Error| -> Refused {
            let message = format!("cannot write {}: {error}", path.display());
            Problem::new(ProblemCode::Output, message).into()
        };
        match self {
            Self::Archive(file, compression) => {
                let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let stem = name.split(".t").next().unwrap_or("evidence").to_owned();
                let bytes =
                    archive(files, &stem, *compression).map_err(|error| failed(file, error))?;
                let beside = file.with_file_name(format!(".{name}.new"));
                std::fs::write(&beside, bytes)
                    .and_then(|()| std::fs::rename(&beside, file))
                    .map_err(|error| failed(file, error))
            }
            Self::Directory(directory) => {
                replace_directory(directory, files).map_err(|error| failed(directory, error))
            }
        }
    }
}

/// Writes a bundle beside its place first, so that there is never half of one.
#[expect(clippy::disallowed_methods, reason = "bundles are written here")]
fn replace_directory(directory: &Path, files: &Files) -> std::io::Result<()> {
    let name = directory
        .file_name()
        .map_or_else(|| "evidence".into(), |name| name.to_string_lossy().into_owned());
    let beside = directory.with_file_name(format!(".{name}.new"));
    let old = directory.with_file_name(format!(".{name}.old"));
    let exists = directory.exists();
    if exists {
        let is_bundle = directory.join("manifest.json").is_file();
        let is_empty = std::fs::read_dir(directory)?.next().is_none();
        if !is_bundle && !is_empty {
            let message = "the directory holds something that is no bundle";
            return Err(std::io::Error::other(message));
        }
    }
    for left in [&beside, &old] {
        if left.exists() {
            std::fs::remove_dir_all(left)?;
        }
    }
    for (path, bytes) in files {
        let file = beside.join(path);
        if let Some(parent) = file.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(file, bytes)?;
    }
    if exists {
        std::fs::rename(directory, &old)?;
    }
    std::fs::rename(&beside, directory)?;
    if exists { std::fs::remove_dir_all(&old) } else { Ok(()) }
}

/// All files below a directory, by their paths with `/`. Links are not followed.
#[expect(clippy::disallowed_methods, reason = "bundles are read here")]
fn read_directory(directory: &Path) -> Result<Files, Refused> {
    let failed = |path: &Path, error: &std::io::Error| {
        Problem::new(ProblemCode::Unreadable, format!("cannot read {}: {error}", path.display()))
    };
    let mut files = Files::new();
    let mut open = vec![(directory.to_owned(), String::new())];
    while let Some((folder, prefix)) = open.pop() {
        let entries = std::fs::read_dir(&folder).map_err(|error| failed(&folder, &error))?;
        for entry in entries {
            let entry = entry.map_err(|error| failed(&folder, &error))?;
            let path = entry.path();
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            let kind = entry.file_type().map_err(|error| failed(&path, &error))?;
            if kind.is_dir() {
                open.push((path, format!("{name}/")));
            } else {
                let bytes = if kind.is_file() { std::fs::read(&path) } else { Ok(Vec::new()) };
                files.insert(name, bytes.map_err(|error| failed(&path, &error))?);
            }
        }
    }
    Ok(files)
}

/// Where the texts of a side come from.
fn provenance(side: &Side, known: &Commits) -> Vec<Provenance> {
    let sources = side.secret.as_ref().unwrap_or(&side.sources);
    sources.iter().map(|source| of_source(source, known)).collect()
}

/// The commits that a bundle names, by the checksums of its inputs. Who verifies a bundle may
/// have its inputs without their repository.
type Commits = BTreeMap<String, Option<(String, bool)>>;

/// The commits of a bundle that is verified.
fn commits_of(files: &Files) -> Commits {
    let manifest = files.get("manifest.json").map(|bytes| serde_json::from_slice(bytes));
    let manifest: serde_json::Value = manifest.and_then(Result::ok).unwrap_or_default();
    let lists =
        ["canonical", "live", "settings"].map(|side| manifest.pointer(&format!("/inputs/{side}")));
    let inputs = lists.into_iter().flatten().filter_map(serde_json::Value::as_array).flatten();
    let commit = |input: &serde_json::Value| {
        let commit = input.pointer("/git/commit").and_then(serde_json::Value::as_str);
        let clean = input.pointer("/git/clean").and_then(serde_json::Value::as_bool);
        let hash = input.get("sha256").and_then(serde_json::Value::as_str)?;
        Some((hash.to_owned(), commit.map(|commit| (commit.to_owned(), clean == Some(true)))))
    };
    inputs.filter_map(commit).collect()
}

#[expect(clippy::disallowed_methods, reason = "whether a source is a file is asked here")]
fn of_source(source: &Source, known: &Commits) -> Provenance {
    let path = Path::new(&source.name);
    let commit = path.is_file().then(|| git::last_change(path)).flatten();
    let hash = sha256(source.text.as_bytes());
    let commit = known.get(&hash).cloned().unwrap_or(commit);
    let starts = ["-- Dumped from ", "-- Dumped by "];
    let head = source.text.lines().take(40);
    let dump = head.filter(|line| starts.iter().any(|start| line.starts_with(start)));
    Provenance {
        name: portable(&source.name),
        sha256: hash,
        commit,
        dump: dump.map(|line| line.trim_start_matches("-- ").to_owned()).collect(),
    }
}

/// A name that says nothing about the machine: relative to the current directory, or the last
/// part of a path that is not below it.
#[expect(clippy::disallowed_methods, reason = "the environment is asked here")]
fn portable(name: &str) -> String {
    let path = Path::new(name);
    if !path.is_absolute() {
        return name.strip_prefix("./").unwrap_or(name).to_owned();
    }
    let here = std::env::current_dir().ok();
    let below = here.as_ref().and_then(|here| path.strip_prefix(here).ok());
    let last = || path.file_name().map(Path::new);
    below.or_else(last).map_or_else(|| name.to_owned(), |path| path.display().to_string())
}
