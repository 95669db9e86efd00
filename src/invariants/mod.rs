//! What has to hold on any side, whatever is declared there: rules in, results with evidence
//! out.
//!
//! Rules stand under `invariants:` of `pgcanon.yaml` or of a schema in YAML. The surprising
//! thing: a rule that finds nothing to look at has not passed; it says so.

mod check;
mod probe;
mod report;
mod rule;

pub use check::check;
pub use report::{json, json_of_sides, markdown, terminal};
pub use rule::{Rule, Rules, read};

use crate::diff::Severity;

/// The JSON Schema of what [`json`] writes.
pub const JSON_SCHEMA: &str = include_str!("schema/invariants-1.json");

/// What came of one rule on one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The name of the rule.
    pub rule: String,
    /// How bad it is when it fails.
    pub severity: Severity,
    /// What came of it.
    pub outcome: Outcome,
    /// The object.
    pub object: String,
    /// What holds or does not, as a sentence.
    pub message: String,
    /// Where the side says it, or where it would be: source and line.
    pub evidence: Option<(String, usize)>,
}

/// What came of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It does not hold.
    Fail,
    /// There is nothing that it is about.
    Nothing,
    /// It is said for people only.
    Prose,
    /// It holds.
    Pass,
}

impl Outcome {
    /// The word in reports.
    pub fn label(self) -> &'static str {
        match self {
            Self::Fail => "FAIL",
            Self::Nothing => "NOTHING",
            Self::Prose => "PROSE",
            Self::Pass => "PASS",
        }
    }
}
