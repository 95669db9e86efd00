//! The configuration as it is written.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_saphyr::Spanned;

use crate::diff::Severity;
use crate::model::{Facet, Kind, Problem, ProblemCode, Span};
use crate::source::{Source, from_yaml, place};
use crate::yaml::Category;

/// The JSON Schema of the file, for editors.
pub const JSON_SCHEMA: &str = include_str!("schema/config-1.json");

/// A configuration with the text it was read from.
#[derive(Clone, Debug)]
pub struct Config {
    /// Its text.
    pub source: Source,
    /// What it says.
    pub settings: Settings,
}

/// What a configuration says. Paths are relative to the file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The version of the format.
    pub version: u32,
    /// The sources of the declared side.
    #[serde(default)]
    pub canonical: Vec<String>,
    /// The sources of the side that is there.
    #[serde(default)]
    pub live: Vec<String>,
    /// The drift register.
    #[serde(default)]
    pub register: Option<String>,
    /// The lock file of the baseline.
    #[serde(default)]
    pub lock: Option<String>,
    /// The directory of Alembic's revisions.
    #[serde(default)]
    pub alembic: Option<String>,
    /// From which severity on a run fails; `never` for none.
    #[serde(default)]
    pub fail_on: Option<Spanned<String>>,
    /// Whether what is not understood or decided fails a run.
    #[serde(default)]
    pub strict: bool,
    /// Whether owners are compared: `auto`, `compare`, `ignore`.
    #[serde(default)]
    pub owners: Option<Spanned<String>>,
    /// Whether privileges are compared.
    #[serde(default)]
    pub privileges: Option<Spanned<String>>,
    /// Whether comments are compared.
    #[serde(default)]
    pub comments: Option<Spanned<String>>,
    /// Whether the order of columns is compared.
    #[serde(default)]
    pub column_order: bool,
    /// Where decisions are recorded.
    #[serde(default)]
    pub decisions: DecisionSettings,
    /// What is left out.
    #[serde(default)]
    pub ignore: Vec<Spanned<IgnoreRule>>,
    /// How bad what is.
    #[serde(default)]
    pub severities: Vec<Spanned<SeverityRule>>,
    /// How bad drifts of elements are that have the tag.
    #[serde(default)]
    pub invariant_categories: BTreeMap<String, Spanned<CategorySetting>>,
    /// What has to hold on any side; read by [`crate::invariants`].
    #[serde(default)]
    pub invariants: Option<serde::de::IgnoredAny>,
    /// Who takes care of which schema.
    #[serde(default)]
    pub ownership: Vec<Ownership>,
    /// Reports that `pgcanon check` writes.
    #[serde(default)]
    pub reports: Vec<NamedReport>,
    /// What `pgcanon check` looks for in migrations.
    #[serde(default)]
    pub lint: Option<LintSettings>,
    /// The chain of revisions that `pgcanon check` checks.
    #[serde(default)]
    pub lineage: Option<LineageSettings>,
}

/// What `pgcanon check` looks for in migrations: the arguments of `pgcanon lint`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LintSettings {
    /// Migrations, or directories of them.
    pub paths: Vec<String>,
    /// From which severity on a finding fails the run; `fail_on` if not said.
    #[serde(default, alias = "fail_on")]
    pub level: Option<Spanned<String>>,
    /// Only files that changed since this commit or branch.
    #[serde(default)]
    pub changed_since: Option<String>,
    /// Application code that must not make tables when it starts.
    #[serde(default)]
    pub startup: Vec<String>,
    /// Also the way back.
    #[serde(default)]
    pub downgrade: bool,
    /// Also statements that fail when they run twice.
    #[serde(default)]
    pub idempotent: bool,
    /// SQL files run in a transaction, although they do not say so.
    #[serde(default)]
    pub in_transaction: bool,
}

/// The chain of revisions that `pgcanon check` checks: the arguments of `pgcanon lineage`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineageSettings {
    /// A directory of revisions, or that of `alembic.ini`; the one of `alembic` if not said.
    #[serde(default)]
    pub dir: Option<String>,
    /// Several of them.
    #[serde(default)]
    pub dirs: Vec<String>,
    /// Whether their folders hold revisions, too.
    #[serde(default)]
    pub recursive: bool,
    /// The only head that there may be.
    #[serde(default, alias = "expect-head")]
    pub expect_head: Option<String>,
}

impl LineageSettings {
    /// All directories; `alembic` is that of the configuration.
    pub fn directories(&self, alembic: Option<&String>) -> Vec<String> {
        let own: Vec<String> = self.dir.iter().chain(&self.dirs).cloned().collect();
        if own.is_empty() { alembic.into_iter().cloned().collect() } else { own }
    }
}

/// Where architecture decisions are recorded.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionSettings {
    /// The directory of their files.
    #[serde(default)]
    pub directory: Option<String>,
    /// What a reference looks like: `ADR-*`.
    #[serde(default)]
    pub pattern: Option<String>,
}

/// Which drifts a rule is about: all that is said has to fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pattern {
    /// The kind of the object, in PostgreSQL's word.
    pub kind: Option<String>,
    /// The name of the object, with `*` and `?`.
    pub name: Option<String>,
    /// The facet that differs, with `*` and `?`; `object` for the object as a whole.
    pub facet: Option<String>,
    /// `missing`, `extra`, `renamed`, `changed`.
    pub change: Option<String>,
}

/// What is left out, and why.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IgnoreRule {
    #[serde(default)]
    kind: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    facet: Option<String>,
    #[serde(default)]
    change: Option<String>,
    /// Why.
    pub reason: String,
}

/// How bad some drifts are.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeverityRule {
    #[serde(default)]
    kind: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    facet: Option<String>,
    #[serde(default)]
    change: Option<String>,
    /// `BLOCKING`, `HIGH`, `MODERATE`, `LOW`.
    severity: String,
}

/// How bad drifts of elements with a tag are.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategorySetting {
    /// `BLOCKING`, `HIGH`, `MODERATE`, `LOW`.
    pub severity: String,
    /// What the elements have in common.
    #[serde(default)]
    pub description: Option<String>,
    /// What a drift endangers.
    #[serde(default)]
    pub impact: Option<String>,
}

/// Who takes care of a schema.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ownership {
    /// The schema, with `*` and `?`.
    pub schema: String,
    /// Who.
    pub owner: String,
}

/// A report that is written to a file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedReport {
    /// Of what.
    #[serde(default)]
    pub of: ReportOf,
    /// In which format.
    pub format: ReportFormat,
    /// Where to.
    pub file: String,
}

/// What a report is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReportOf {
    /// The comparison.
    #[default]
    Drift,
    /// What is dangerous in migrations.
    Lint,
    /// The chain of revisions.
    Lineage,
    /// The invariants.
    Invariants,
}

impl ReportOf {
    /// The formats that there are.
    fn formats(self) -> Option<&'static [ReportFormat]> {
        match self {
            Self::Drift => None,
            Self::Lint | Self::Lineage => Some(&[ReportFormat::Table, ReportFormat::Json]),
            Self::Invariants => {
                Some(&[ReportFormat::Table, ReportFormat::Markdown, ReportFormat::Json])
            }
        }
    }

    /// Whether the configuration has what the report is of.
    fn is_configured(self, settings: &Settings) -> bool {
        match self {
            Self::Drift | Self::Invariants => true,
            Self::Lint => settings.lint.is_some(),
            Self::Lineage => settings.lineage.is_some(),
        }
    }
}

/// The format of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReportFormat {
    /// The table, 120 columns wide.
    Table,
    /// Markdown.
    Markdown,
    /// JSON, by `pgcanon schema drift`.
    Json,
    /// CSV.
    Csv,
    /// A page for browsers.
    Html,
    /// SARIF 2.1.0.
    Sarif,
    /// JUnit XML.
    Junit,
    /// GitLab's code quality report.
    Gitlab,
    /// Annotations of GitHub's workflows.
    Github,
}

impl ReportFormat {
    /// True when it says what ending a drift would endanger.
    pub fn has_hazards(self) -> bool {
        !matches!(self, Self::Table | Self::Csv)
    }
}

impl IgnoreRule {
    /// What it is about.
    pub fn pattern(&self) -> Pattern {
        let Self { kind, name, facet, change, reason: _ } = self.clone();
        Pattern { kind, name, facet, change }
    }
}

impl SeverityRule {
    /// What it is about.
    pub fn pattern(&self) -> Pattern {
        let Self { kind, name, facet, change, severity: _ } = self.clone();
        Pattern { kind, name, facet, change }
    }

    /// How bad; none when the word is not known, which reading refuses.
    pub fn severity(&self) -> Option<Severity> {
        severity(&self.severity)
    }
}

impl Config {
    /// Reads a configuration, or says all that is wrong with it. Places are in source 0.
    pub fn read(source: Source) -> Result<Self, Vec<Problem>> {
        let settings: Settings = from_yaml(&source).map_err(|problem| vec![problem])?;
        let problems = wrong(&source, &settings);
        if problems.is_empty() { Ok(Self { source, settings }) } else { Err(problems) }
    }

    /// From which severity on a run fails; the outer none if it is not said, the inner for never.
    pub fn fail_on(&self) -> Option<Option<Severity>> {
        let word = self.settings.fail_on.as_ref()?;
        Some(severity(&word.value))
    }

    /// How bad drifts of elements are that have the tag.
    pub fn categories(&self) -> BTreeMap<String, Category> {
        let category = |(name, setting): (&String, &Spanned<CategorySetting>)| {
            let severity = severity(&setting.value.severity)?;
            Some((name.clone(), Category { severity, impact: setting.value.impact.clone() }))
        };
        self.settings.invariant_categories.iter().filter_map(category).collect()
    }

    /// A severity or `never`; the outer none if it is not said.
    pub fn level(&self, word: Option<&Spanned<String>>) -> Option<Option<Severity>> {
        word.map(|word| severity(&word.value))
    }

    /// The place of a value.
    pub fn place<T>(&self, value: &Spanned<T>) -> Span {
        place(&self.source, value.referenced)
    }

    /// Who takes care of the object with that name, by its schema.
    pub fn owner_of(&self, object: &str) -> Option<&str> {
        let schema = object.split('.').next().unwrap_or(object);
        let rule = self.settings.ownership.iter().find(|rule| super::fits(&rule.schema, schema))?;
        Some(&rule.owner)
    }
}

fn severity(word: &str) -> Option<Severity> {
    Severity::ALL.iter().copied().find(|severity| severity.label().eq_ignore_ascii_case(word))
}

/// What serde does not find.
fn wrong(source: &Source, settings: &Settings) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut complain = |location, message: String, help: String| {
        let problem = Problem::new(ProblemCode::Config, message).help(help);
        problems.push(problem.at(place(source, location)));
    };
    let levels = "BLOCKING, HIGH, MODERATE, LOW";
    let level = settings.lint.as_ref().and_then(|lint| lint.level.as_ref());
    for word in settings.fail_on.iter().chain(level) {
        if severity(&word.value).is_none() && !word.value.eq_ignore_ascii_case("never") {
            complain(
                word.referenced,
                format!("there is no severity \"{}\"", word.value),
                format!("{levels} or never"),
            );
        }
    }
    for word in [&settings.owners, &settings.privileges, &settings.comments].into_iter().flatten() {
        if !["auto", "compare", "ignore"].contains(&&*word.value) {
            let message = format!("\"{}\" is not known", word.value);
            complain(word.referenced, message, "auto, compare or ignore".to_owned());
        }
    }
    for rule in &settings.ignore {
        if rule.value.reason.trim().is_empty() {
            complain(
                rule.referenced,
                "an ignore rule without a reason".to_owned(),
                "say why it may be left out: reason: ..".to_owned(),
            );
        }
        unknown_words(&rule.value.pattern(), |message, help| {
            complain(rule.referenced, message, help);
        });
        if rule.value.pattern() == Pattern::default() {
            complain(
                rule.referenced,
                "an ignore rule that fits everything".to_owned(),
                "say what it is about: kind, name, facet or change".to_owned(),
            );
        }
    }
    for category in settings.invariant_categories.values() {
        if severity(&category.value.severity).is_none() {
            let message = format!("there is no severity \"{}\"", category.value.severity);
            complain(category.referenced, message, levels.to_owned());
        }
    }
    for rule in &settings.severities {
        if rule.value.severity().is_none() {
            let message = format!("there is no severity \"{}\"", rule.value.severity);
            complain(rule.referenced, message, levels.to_owned());
        }
        unknown_words(&rule.value.pattern(), |message, help| {
            complain(rule.referenced, message, help);
        });
    }
    problems.extend(wrong_parts(settings));
    if settings.version != 1 {
        let message = format!("{} is of version {}", source.name, settings.version);
        problems
            .push(Problem::new(ProblemCode::Config, message).help("this pgcanon knows version 1"));
    }
    problems
}

/// What the parts beside the comparison lack, and reports that cannot be written.
fn wrong_parts(settings: &Settings) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut complain = |message: String, help: &str| {
        problems.push(Problem::new(ProblemCode::Config, message).help(help));
    };
    if settings.lint.as_ref().is_some_and(|lint| lint.paths.is_empty()) {
        complain("lint names no paths".to_owned(), "lint: {paths: [migrations]}");
    }
    let lineage = settings.lineage.as_ref();
    if lineage.is_some_and(|lineage| lineage.directories(settings.alembic.as_ref()).is_empty()) {
        complain("lineage names no directory".to_owned(), "lineage: {dir: alembic/versions}");
    }
    for report in &settings.reports {
        let known = report.of.formats().is_none_or(|formats| formats.contains(&report.format));
        if !known {
            let message = format!("{}: there is no such format of that report", report.file);
            complain(message, "lint and lineage: table, json; invariants: table, markdown, json");
        } else if !report.of.is_configured(settings) {
            let message = format!("{} is a report of what is not configured", report.file);
            complain(message, "say what it is of: lint: {..}, lineage: {..}");
        }
    }
    problems
}

/// Words of a pattern that nothing can fit.
fn unknown_words(pattern: &Pattern, mut complain: impl FnMut(String, String)) {
    if let Some(kind) = &pattern.kind {
        let kinds: Vec<&str> = Kind::ALL.iter().map(|kind| kind.label()).collect();
        if !kinds.contains(&kind.as_str()) {
            let message = format!("there is no kind of object \"{kind}\"");
            complain(message, format!("one of: {}", kinds.join(", ")));
        }
    }
    if let Some(change) = &pattern.change {
        let changes = ["missing", "extra", "renamed", "changed"];
        if !changes.contains(&change.as_str()) {
            complain(format!("there is no change \"{change}\""), changes.join(", "));
        }
    }
    if let Some(facet) = pattern.facet.as_ref().filter(|facet| !facet.contains(['*', '?'])) {
        let starts = |label: &str| facet == label || facet.starts_with(&format!("{label} "));
        let known = facet == "object" || Facet::ALL.iter().any(|other| starts(other.label()));
        if !known {
            let message = format!("there is no facet \"{facet}\"");
            complain(
                message,
                "the drift table names it after the colon; object is the object as a whole"
                    .to_owned(),
            );
        }
    }
}
