//! What a directory says about itself: `pgcanon.yaml`, and what it points to.

use std::path::{Path, PathBuf};

use pgcanon::diff::DiffOptions;
use pgcanon::model::{Date, Pair, Problem, ProblemCode};
use pgcanon::policy::Config;
use pgcanon::register::{Decisions, Stamp};
use pgcanon::source::{Source, git, read_if_there};

use super::args::{Choice, CompareArguments, FailOn, Sources};
use super::console::Console;
use super::diff::sources;

/// The name of the configuration.
const CONFIG: &str = "pgcanon.yaml";

/// A configuration, or none, and the directory that its paths start from.
#[derive(Debug)]
pub(super) struct Project {
    pub config: Option<Config>,
    pub directory: PathBuf,
}

impl Project {
    /// Reads the configuration that is named, or the one in the current directory if there is
    /// one. Says what is wrong with it.
    pub fn find(named: Option<&Path>, console: &Console) -> Option<Self> {
        let path = named.unwrap_or(Path::new(CONFIG));
        let name = path.display().to_string();
        let directory = path.parent().map(Path::to_owned).unwrap_or_default();
        let source = match read_if_there(path, &name) {
            Ok(Some(source)) => source,
            Ok(None) if named.is_none() => return Some(Self { config: None, directory }),
            Ok(None) => {
                let message = format!("there is no {name}");
                let problem = Problem::new(ProblemCode::Unreadable, message);
                console.problem(&problem.help(super::check::HOW_TO_BEGIN));
                return None;
            }
            Err(problem) => {
                console.problem(&problem);
                return None;
            }
        };
        match Config::read(source.clone()) {
            Ok(config) => Some(Self { config: Some(config), directory }),
            Err(problems) => {
                console.problems(&problems, &[source]);
                None
            }
        }
    }

    /// A path of the configuration, from where the program runs.
    pub fn path(&self, path: &str) -> PathBuf {
        if self.directory.as_os_str().is_empty() {
            PathBuf::from(path)
        } else {
            self.directory.join(path)
        }
    }

    /// The sources of both sides: those that are given, or those of the configuration.
    pub fn sources(&self, command: &str, given: &Sources) -> Result<Pair<Vec<String>>, Problem> {
        let is_given =
            !given.both.is_empty() || !given.canonical.is_empty() || !given.live.is_empty();
        let Some(config) = self.config.as_ref().filter(|_| !is_given) else {
            return sources(command, given);
        };
        let of = |list: &[String], side: &str| -> Result<Vec<String>, Problem> {
            if list.is_empty() {
                let message = format!("{} says no source of the {side} side", config.source.name);
                return Err(Problem::new(ProblemCode::Usage, message).help(format!(
                    "add \"{side}: [FILE]\" to it, or name the sources: pgcanon {command} CANONICAL LIVE"
                )));
            }
            Ok(list.iter().map(|input| self.input(input)).collect())
        };
        let canonical = of(&config.settings.canonical, "canonical")?;
        Ok(Pair { canonical, live: of(&config.settings.live, "live")? })
    }

    /// The sources of the declared side alone.
    pub fn canonical(&self, given: &[String]) -> Result<Vec<String>, Problem> {
        if !given.is_empty() {
            return Ok(given.to_vec());
        }
        let list = self.config.as_ref().map(|config| config.settings.canonical.as_slice());
        match list {
            Some(list) if !list.is_empty() => {
                Ok(list.iter().map(|input| self.input(input)).collect())
            }
            Some(_) | None => {
                Err(Problem::new(ProblemCode::Usage, "the declared schema is missing")
                    .help("name its sources, or write them into pgcanon.yaml: canonical: [FILE]"))
            }
        }
    }

    /// A source of the configuration: a path is relative to it, a database is not.
    fn input(&self, input: &str) -> String {
        for prefix in ["migrations:", "alembic:", "sqlite:"] {
            if let Some(path) = input.strip_prefix(prefix) {
                return format!("{prefix}{}", self.path(path).display());
            }
        }
        let is_path = input != "-"
            && !input.starts_with("git:")
            && !input.contains("://")
            && !input.contains('=');
        if is_path { self.path(input).display().to_string() } else { input.to_owned() }
    }

    /// The register: as given, as configured, or `schema-drift.yaml`.
    pub fn register(&self, given: Option<&Path>) -> PathBuf {
        let configured =
            self.config.as_ref().and_then(|config| config.settings.register.as_deref());
        match given {
            // The option without a file.
            Some(path) if path != Path::new("-") => path.to_owned(),
            Some(_) | None => self.path(configured.unwrap_or("schema-drift.yaml")),
        }
    }

    /// The lock file.
    pub fn lock(&self, given: Option<&Path>) -> PathBuf {
        let configured = self.config.as_ref().and_then(|config| config.settings.lock.as_deref());
        given.map_or_else(|| self.path(configured.unwrap_or("pgcanon.lock")), Path::to_owned)
    }

    /// The head of the configured Alembic directory; none if there is none.
    pub fn migration_head(&self) -> Result<Option<String>, Problem> {
        let directory = self.config.as_ref().and_then(|config| config.settings.alembic.as_deref());
        directory
            .map(|directory| super::reconcile::head(&self.path(directory)))
            .transpose()
            .map(Option::flatten)
    }

    /// Where decisions are, and which there are.
    #[expect(clippy::disallowed_methods, reason = "the directory of decisions is read here")]
    pub fn decisions(&self) -> Decisions {
        let Some(config) = &self.config else { return Decisions::default() };
        let settings = &config.settings.decisions;
        let mut files = Vec::new();
        if let Some(directory) = &settings.directory {
            let entries = std::fs::read_dir(self.path(directory)).into_iter().flatten().flatten();
            files.extend(entries.map(|entry| entry.file_name().to_string_lossy().into_owned()));
            files.sort();
        }
        Decisions {
            directory: settings.directory.clone(),
            files,
            pattern: settings.pattern.clone(),
        }
    }

    /// What to compare: what the command line says, then what the configuration says.
    pub fn options(
        &self,
        CompareArguments { owners, privileges, comments }: CompareArguments,
        column_order: bool,
    ) -> DiffOptions {
        let settings = self.config.as_ref().map(|config| &config.settings);
        let choice = |given: Choice, word: Option<&str>| match (given, word) {
            (Choice::Auto, Some("compare")) => Choice::Compare,
            (Choice::Auto, Some("ignore")) => Choice::Ignore,
            (given, _) => given,
        };
        let word =
            |value: Option<&serde_saphyr::Spanned<String>>| value.map(|word| word.value.clone());
        let said =
            |get: fn(&pgcanon::policy::Settings) -> Option<&serde_saphyr::Spanned<String>>| {
                settings.and_then(|settings| word(get(settings)))
            };
        DiffOptions {
            owners: choice(owners, said(|s| s.owners.as_ref()).as_deref()).into(),
            privileges: choice(privileges, said(|s| s.privileges.as_ref()).as_deref()).into(),
            comments: choice(comments, said(|s| s.comments.as_ref()).as_deref()).into(),
            column_order: column_order || settings.is_some_and(|settings| settings.column_order),
        }
    }

    /// From which severity on a run fails.
    pub fn fail_on(&self, given: Option<FailOn>) -> Option<pgcanon::diff::Severity> {
        match (given, self.config.as_ref().and_then(Config::fail_on)) {
            (Some(given), _) => given.severity(),
            (None, Some(configured)) => configured,
            (None, None) => FailOn::Low.severity(),
        }
    }

    /// Whether what is not understood fails a run.
    pub fn strict(&self, given: bool) -> bool {
        given || self.config.as_ref().is_some_and(|config| config.settings.strict)
    }

    /// The configuration's text, for problems with places in it.
    pub fn config_sources(&self) -> Vec<Source> {
        self.config.iter().map(|config| config.source.clone()).collect()
    }
}

/// The day: as given, by `SOURCE_DATE_EPOCH`, or by the clock.
#[expect(clippy::disallowed_methods, reason = "the clock is asked here")]
pub(super) fn today(given: Option<Date>) -> Result<Date, Problem> {
    if let Some(date) = given.map(Ok).or_else(|| reproducible_date().transpose()) {
        return date;
    }
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let seconds = now.map_or(0, |time| i64::try_from(time.as_secs()).unwrap_or(0));
    Ok(Date::from_unix(seconds))
}

/// The day of `SOURCE_DATE_EPOCH` (<https://reproducible-builds.org/specs/source-date-epoch/>).
#[expect(clippy::disallowed_methods, reason = "the environment is asked here")]
pub(super) fn reproducible_date() -> Result<Option<Date>, Problem> {
    let Some(value) = std::env::var_os("SOURCE_DATE_EPOCH").filter(|value| !value.is_empty())
    else {
        return Ok(None);
    };
    let seconds = value.to_str().and_then(|text| text.parse::<i64>().ok());
    match seconds {
        Some(seconds) => Ok(Some(Date::from_unix(seconds))),
        None => {
            Err(Problem::new(ProblemCode::Usage, "SOURCE_DATE_EPOCH is not a number of seconds"))
        }
    }
}

/// The day, and the commit that is checked out where a file is.
pub(super) fn stamp(near: &Path, given: Option<Date>) -> Result<Stamp, Problem> {
    Ok(Stamp { date: today(given)?, commit: git::head(near) })
}
