//! Rules as they are written.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_saphyr::Spanned;

use crate::diff::Severity;
use crate::model::{Problem, ProblemCode};
use crate::source::{Source, from_yaml, place};
use crate::yaml;

/// One or several words.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(untagged)]
pub(super) enum Words {
    /// None.
    #[default]
    None,
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl Words {
    /// All of them.
    pub fn all(&self) -> &[String] {
        match self {
            Self::None => &[],
            Self::One(word) => std::slice::from_ref(word),
            Self::Many(words) => words,
        }
    }
}

/// Which tables a rule is about: all that is said has to fit.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Selector {
    /// Their names, with `*` and `?`.
    #[serde(default)]
    pub name: Words,
    /// A column that they have.
    #[serde(default)]
    pub has_column: Option<String>,
    /// Names that are left out.
    #[serde(default)]
    pub except: Words,
}

/// A rule.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    #[serde(default, rename = "rule")]
    pub(super) what: Option<String>,
    #[serde(default)]
    pub(super) id: Option<String>,
    #[serde(default)]
    pub(super) description: Option<String>,
    #[serde(default)]
    pub(super) severity: Option<String>,
    #[serde(default)]
    pub(super) table: Option<String>,
    #[serde(default)]
    pub(super) tables: Option<Selector>,
    #[serde(default)]
    pub(super) column: Option<String>,
    #[serde(default, rename = "type")]
    pub(super) ty: Option<String>,
    #[serde(default)]
    pub(super) not_null: Option<bool>,
    #[serde(default)]
    pub(super) unique: Option<bool>,
    #[serde(default)]
    pub(super) default: Option<String>,
    #[serde(default)]
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) columns: Vec<String>,
    #[serde(default)]
    pub(super) include: Option<Vec<String>>,
    #[serde(default)]
    pub(super) values: Vec<String>,
    #[serde(default)]
    pub(super) forced: Option<bool>,
    #[serde(default)]
    pub(super) policy: Option<bool>,
    #[serde(default)]
    pub(super) kind: Option<String>,
    #[serde(default)]
    pub(super) pattern: Words,
    #[serde(default)]
    pub(super) never: Vec<String>,
}

/// Each kind of rule with what it cannot do without.
const KINDS: &[(&str, &[&str])] = &[
    ("column", &["table", "column"]),
    ("index", &["table", "columns"]),
    ("values", &["table", "column", "values"]),
    ("row_security", &[]),
    ("foreign_keys_indexed", &[]),
    ("names", &["kind", "pattern"]),
    ("one_name", &["name", "never"]),
];

/// Rules of one file.
#[derive(Clone, Debug, Default)]
pub struct Rules(pub Vec<Rule>);

/// What a file says of rules; the rest is read elsewhere.
#[derive(Deserialize)]
struct File {
    #[serde(default)]
    invariants: Option<Vec<Spanned<Rule>>>,
    #[serde(default)]
    validation_rules: Option<BTreeMap<String, Spanned<Rule>>>,
}

/// Reads the rules of a file, or says all that is wrong with them. Places are in source 0.
pub fn read(source: &Source) -> Result<Rules, Vec<Problem>> {
    let bare = source.text.trim_start_matches('\u{feff}');
    let file = Source { name: source.name.clone(), text: bare.to_owned() };
    let File { invariants, validation_rules } =
        from_yaml(&file).map_err(|problem| vec![problem])?;
    let mut problems = Vec::new();
    let mut rules = Vec::new();
    for rule in invariants.into_iter().flatten() {
        problems.extend(wrong(&rule.value, true).map(|p| p.at(place(&file, rule.referenced))));
        rules.push(rule.value);
    }
    for (name, rule) in validation_rules.into_iter().flatten() {
        problems.extend(wrong(&rule.value, false).map(|p| p.at(place(&file, rule.referenced))));
        rules.push(Rule { id: Some(name), ..rule.value });
    }
    if problems.is_empty() { Ok(Rules(rules)) } else { Err(problems) }
}

fn wrong(rule: &Rule, checked: bool) -> Option<Problem> {
    let problem = |message: String, help: String| {
        Some(Problem::new(ProblemCode::Invariant, message).help(help))
    };
    if let Some(word) = &rule.severity
        && yaml::severity(word).is_none()
    {
        let help = "BLOCKING, HIGH, MODERATE, LOW".to_owned();
        return problem(format!("there is no severity \"{word}\""), help);
    }
    let kinds: Vec<&str> = KINDS.iter().map(|(kind, _)| *kind).collect();
    let Some(word) = &rule.what else {
        let help = format!("rule: one of {}", kinds.join(", "));
        return if checked {
            problem("an invariant without a rule".to_owned(), help)
        } else {
            None
        };
    };
    let Some((_, needed)) = KINDS.iter().find(|(kind, _)| kind == word) else {
        return problem(format!("there is no rule \"{word}\""), kinds.join(", "));
    };
    let has = |key: &&&str| match **key {
        "table" => rule.table.is_some() || rule.tables.is_some(),
        "column" => rule.column.is_some(),
        "columns" => !rule.columns.is_empty(),
        "values" => !rule.values.is_empty(),
        "kind" => rule.kind.is_some(),
        "pattern" => !rule.pattern.all().is_empty(),
        "name" => rule.name.is_some(),
        _never => !rule.never.is_empty(),
    };
    let missing = needed.iter().find(|key| !has(key))?;
    problem(format!("the rule {word} says no {missing}"), format!("needed: {}", needed.join(", ")))
}

impl Rule {
    /// How bad it is when it fails.
    pub(super) fn severity(&self) -> Severity {
        self.severity.as_deref().and_then(yaml::severity).unwrap_or(Severity::High)
    }

    /// Its name.
    pub(super) fn title(&self) -> String {
        let kind = self.what.as_deref().unwrap_or("prose");
        self.id.clone().unwrap_or_else(|| kind.to_owned())
    }
}
