//! `pgcanon fleet`: one declared schema against many databases.
//!
//! The sources of a fleet are listed here, and what came of them is written; `work` compares
//! them. A source that cannot be compared is a row of the report and does not keep the others
//! from it.

mod accepted;
mod work;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use pgcanon::fleet::{Canonical, Fleet, Key, Report};
use pgcanon::model::{Ident, ObjectId, Problem, ProblemCode};
use pgcanon::normalize::NormalSchema;
use pgcanon::parse::tenant;
use pgcanon::policy::fits;
use pgcanon::source::{Guarded, display_name, read_if_there};

use super::Outcome;
use super::alembic::is_chain;
use super::args::{CompareArguments, FailOn, Global, ProjectArguments};
use super::console::Console;
use super::glob::expand;
use super::hyperlinks::addresses;
use super::project::Project;
use super::side::{Reading, Side, Unusable};
use accepted::Accepted;
use work::{Tenants, Work};

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct FleetArguments {
    /// What is declared: a file, a directory of *.sql files, YAML
    #[arg(value_name = "CANONICAL")]
    pub canonical: String,
    /// The databases, each a source as of `pgcanon diff`. A path may hold `*`, `?`, and `**` for
    /// any directories
    #[arg(value_name = "SOURCE", required_unless_present = "from")]
    pub sources: Vec<String>,
    /// A file with one source a line: paths, patterns, or connections; - for standard input
    #[arg(long, value_name = "FILE")]
    pub from: Option<String>,

    /// Compare each schema of a database that fits this pattern, as if it were named like the
    /// declared one; the rest of the database is compared with the rest of what is declared
    #[arg(long, value_name = "PATTERN", help_heading = "What to compare")]
    pub tenant_schemas: Option<String>,
    /// Which declared schema tenants are compared with; the only one if not given
    #[arg(
        long,
        value_name = "NAME",
        requires = "tenant_schemas",
        help_heading = "What to compare"
    )]
    pub tenant_canonical: Option<String>,
    /// Report another order of the same columns
    #[arg(long, help_heading = "What to compare")]
    pub column_order: bool,
    #[command(flatten)]
    pub compare: CompareArguments,

    /// Do not hold against a database what the register accepts; schema-drift.yaml if no file
    /// is named. It is only read
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = "-", help_heading = "Register")]
    pub register: Option<PathBuf>,
    #[command(flatten)]
    pub project: ProjectArguments,

    /// Keep results in this file, and go on from it: what did not change is not compared again
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,

    /// How to print the report
    #[arg(long, value_enum, default_value_t = FleetFormat::Table, help_heading = "Output")]
    pub format: FleetFormat,
    /// Name every database of a group in the table
    #[arg(long, help_heading = "Output")]
    pub all: bool,
    /// Write the report to a file
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,

    /// End with code 1 from this severity on; low if neither this nor the configuration says it
    #[arg(long, value_enum, value_name = "SEVERITY", help_heading = "Verdict")]
    pub fail_on: Option<FailOn>,
    /// End with code 1 also when something was not understood or not decided
    #[arg(long, help_heading = "Verdict")]
    pub strict: bool,
}

const EXAMPLES: &str = "\
Examples:
  pgcanon fleet schema.sql 'dumps/*.sql'
  pgcanon fleet schema/ --from databases.txt --state fleet.json
  pgcanon fleet schema.sql live.sql --tenant-schemas 'tenant_*'
  pgcanon fleet schema.sql 'dumps/**/*.sql' --format csv --output matrix.csv
  pgcanon fleet schema.sql 'dumps/*.sql' --register --format html --output fleet.html

What a decision of the register accepts (pgcanon register accept) is counted and listed, and
holds nothing against a database.

Databases with the same drifts are a group. Its fingerprint stays the same between runs, its
letter is its place in the report. With --state a run that was killed goes on where it was.

Exit codes: 0 pass, 1 a database drifts at or above --fail-on (or is UNKNOWN with --strict),
2 a database could not be compared; the others are in the report.";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FleetFormat {
    /// Drifts × groups, then the databases of each group
    Table,
    Markdown,
    /// See `pgcanon schema fleet`
    Json,
    /// Databases × drifts
    Csv,
    /// One page for browsers that needs no network
    Html,
}

/// Compares a fleet and prints what differs.
pub(super) fn run(arguments: &FleetArguments, global: &Global, console: &Console) -> Outcome {
    let Some(project) = Project::find(arguments.project.config.as_deref(), console) else {
        return Outcome::Failed;
    };
    let inputs = match inputs(arguments) {
        Ok(inputs) => inputs,
        Err(problem) => return console.problem(&problem),
    };
    let accepted = Accepted::read(&project, arguments.register.as_deref(), arguments.project.as_of);
    let accepted = match accepted {
        Ok(accepted) => accepted,
        Err(refused) => return refused.say(console),
    };
    let declared = std::slice::from_ref(&arguments.canonical);
    let beside_chain = declared.iter().chain(&inputs).any(|input| is_chain(input));
    let reading = Reading { traced: false, beside_chain };
    let canonical = match Side::read_as(declared, None, None, reading) {
        Ok(canonical) => canonical,
        Err(Unusable { sources, problems }) => {
            console.problems(&problems, &sources);
            return Outcome::Failed;
        }
    };
    canonical.say_problems(global, console);
    let options = project.options(arguments.compare, arguments.column_order);
    let tenants = match tenants(arguments, &canonical.schema) {
        Ok(tenants) => tenants,
        Err(problem) => return console.problem(&problem),
    };
    let shown = Canonical {
        sources: canonical.sources.iter().map(|source| source.name.clone()).collect(),
        objects: canonical.schema.len(),
        unknown: Work::unknown(&canonical),
    };
    let work = Work { project: &project, canonical, options, tenants, accepted, beside_chain };
    let run = run_key(&work);
    let fleet = match known(arguments.state.as_deref(), run, console) {
        Ok(fleet) => fleet,
        Err(problem) => return console.problem(&problem),
    };
    let state = arguments.state.as_deref().map(|path| (path, run));
    let done = match work.all(&inputs, fleet, state, console) {
        Ok(done) => done,
        Err(problem) => return console.problem(&problem),
    };
    if !global.quiet && !done.unused.is_empty() {
        console.problems(&done.unused, &project.config_sources());
    }
    // That code of a project ran is never left unsaid.
    let is_said = |problem: &&Problem| global.verbose || problem.code == ProblemCode::ChainRun;
    let mut warnings: Vec<Problem> = done.warnings.iter().filter(is_said).cloned().collect();
    warnings.sort_by(|one, other| one.message.cmp(&other.message));
    if !global.quiet && !warnings.is_empty() {
        console.problems(&warnings, &[]);
    }
    if done.recalled > 0 {
        let results = match done.recalled {
            1 => "1 result is known and was",
            count => &format!("{count} results are known and were"),
        };
        console.note(&format!("{results} not compared again\n"));
    }
    let mut report = done.fleet.report(shown);
    if console.hyperlinks() && arguments.output.is_none() {
        let databases = report.databases.iter().map(|database| &database.source);
        report.links = addresses(databases.chain(&report.canonical.sources));
    }
    finish(arguments, &report, &project, console)
}

/// Writes the report and says what could not be compared.
fn finish(
    arguments: &FleetArguments,
    report: &Report,
    project: &Project,
    console: &Console,
) -> Outcome {
    let mut style = console.style();
    style.color &= arguments.output.is_none();
    let text = match arguments.format {
        FleetFormat::Table => report.terminal(&style, arguments.all),
        FleetFormat::Markdown => report.markdown(),
        FleetFormat::Json => format!("{:#}\n", report.json()),
        FleetFormat::Csv => report.csv(),
        FleetFormat::Html => report.html(),
    };
    let written = match (arguments.format, &arguments.output) {
        (FleetFormat::Table, None) => console.show(&text),
        (_, file) => console.write(&text, file.as_deref()),
    };
    let failed = report.failures().count();
    if failed > 0 {
        let message = match failed {
            1 => "1 database could not be compared".to_owned(),
            _ => format!("{failed} databases could not be compared"),
        };
        let problem = Problem::new(ProblemCode::Unreadable, message)
            .help("the report names them with the reasons; the verdict is about the others");
        return console.problem(&problem);
    }
    let least = project.fail_on(arguments.fail_on);
    let fails = report.fails(least, project.strict(arguments.strict));
    let verdict = if fails { Outcome::Drift } else { Outcome::Pass };
    if written == Outcome::Pass { verdict } else { written }
}

/// All sources of the fleet, each once, in the order given.
fn inputs(arguments: &FleetArguments) -> Result<Vec<String>, Problem> {
    let mut listed = Vec::new();
    if let Some(file) = &arguments.from {
        let mut sources =
            pgcanon::source::read(std::slice::from_ref(file), super::alembic::allowed())
                .map_err(|problems| first(problems, file))?;
        let text = sources.sources.pop().map(|source| source.text).unwrap_or_default();
        let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
        listed.extend(
            lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned),
        );
    }
    let mut inputs = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for input in arguments.sources.iter().chain(&listed) {
        for source in expand(input)? {
            if seen.insert(source.clone()) {
                inputs.push(source);
            }
        }
    }
    if inputs.is_empty() {
        return Err(Problem::new(ProblemCode::Usage, "no database is named")
            .help("pgcanon fleet CANONICAL 'dumps/*.sql'"));
    }
    let all = inputs.iter().chain([&arguments.canonical]).chain(&arguments.from);
    if all.filter(|input| *input == "-").count() > 1 {
        return Err(Problem::new(ProblemCode::Usage, "standard input (-) can be read only once"));
    }
    Ok(inputs)
}

fn first(problems: Vec<Problem>, file: &str) -> Problem {
    let unknown = || {
        let message = format!("cannot read {}", display_name(file));
        Problem::new(ProblemCode::Unreadable, message)
    };
    problems.into_iter().next().unwrap_or_else(unknown)
}

/// Which schemas are tenants, and which declared one they are compared with.
fn tenants(
    arguments: &FleetArguments,
    canonical: &NormalSchema,
) -> Result<Option<Tenants>, Problem> {
    let Some(pattern) = &arguments.tenant_schemas else { return Ok(None) };
    let tenants =
        |name: &Ident| Ok(Some(Tenants { pattern: pattern.clone(), canonical: name.clone() }));
    // Every database has the schema public, said or not.
    let public = ObjectId::Namespace(Ident::new("public"));
    let said = canonical.iter().map(|(id, _)| id).filter(|id| **id != public);
    let mut names: Vec<&Ident> = said.filter_map(tenant::namespace).collect();
    names.sort();
    names.dedup();
    if let Some(name) = &arguments.tenant_canonical {
        return match names.iter().find(|own| own.as_str() == name) {
            Some(own) => tenants(own),
            None => Err(Problem::new(
                ProblemCode::Usage,
                format!("{} declares no schema \"{name}\"", arguments.canonical),
            )),
        };
    }
    let fitting: Vec<&Ident> =
        names.iter().copied().filter(|name| fits(pattern, name.as_str())).collect();
    match (names.as_slice(), fitting.as_slice()) {
        ([only], _) | (_, [only]) => tenants(only),
        _none_or_several => {
            let message = format!(
                "{} declares {} schemas, and it is not clear which of them tenants have",
                arguments.canonical,
                names.len()
            );
            Err(Problem::new(ProblemCode::Usage, message).help("name it: --tenant-canonical NAME"))
        }
    }
}

/// What results depend on besides the database.
fn run_key(work: &Work<'_>) -> Key {
    let Work { project, canonical, options, tenants, accepted, beside_chain } = work;
    let version = env!("CARGO_PKG_VERSION");
    let options = format!("{version} {options:?} {tenants:?} {accepted:?} {beside_chain}");
    let config = project.config.as_ref().map(|config| config.source.text.as_str());
    // Secrets of the declared side are values too.
    let sources = canonical.secret.as_ref().unwrap_or(&canonical.sources);
    let texts = sources.iter().flat_map(|source| [source.name.as_str(), source.text.as_str()]);
    Key::of([options.as_str(), config.unwrap_or_default()].into_iter().chain(texts))
}

/// What an earlier run left; nothing when there is none, or when it was about something else.
fn known(path: Option<&Path>, run: Key, console: &Console) -> Result<Fleet, Problem> {
    let Some(path) = path else { return Ok(Fleet::default()) };
    let name = path.display().to_string();
    // Found out before hours of work, not after.
    drop(Guarded::open(path)?);
    let Some(source) = read_if_there(path, &name)? else { return Ok(Fleet::default()) };
    match Fleet::load(&source.text, run) {
        Ok(Some(fleet)) => Ok(fleet),
        Ok(None) => {
            console.note("the state is of another schema or of other options: all is compared\n");
            Ok(Fleet::default())
        }
        Err(error) => {
            let message = format!("{name} is not a state of pgcanon fleet: {error}");
            Err(Problem::new(ProblemCode::Unreadable, message)
                .help("name another file, or remove this one"))
        }
    }
}
