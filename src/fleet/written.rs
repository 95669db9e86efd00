//! A drift of a fleet as JSON holds it: in reports, and in the state that a run goes on from.

use serde::{Deserialize, Serialize};

use super::{Finding, Key};
use crate::diff::Severity;
use crate::model::Kind;

/// A drift, its identity, kind and severity as words.
#[derive(Serialize, Deserialize)]
pub(super) struct Written {
    key: String,
    kind: String,
    object: String,
    change: String,
    facet: Option<String>,
    canonical: String,
    live: String,
    severity: String,
    impact: String,
    resolution: String,
    undecided: bool,
    evidence: Option<String>,
}

impl Written {
    pub(super) fn of(finding: &Finding) -> Self {
        let Finding {
            key,
            kind,
            object,
            change,
            facet,
            canonical,
            live,
            severity,
            impact,
            resolution,
            undecided,
            declared,
        } = finding.clone();
        Self {
            key: key.to_string(),
            kind: kind.label().to_owned(),
            object,
            change,
            facet,
            canonical,
            live,
            severity: severity.label().to_owned(),
            impact,
            resolution,
            undecided,
            evidence: declared,
        }
    }

    /// None when a word is none of ours.
    pub(super) fn finding(self) -> Option<Finding> {
        let kind = Kind::ALL.iter().find(|kind| kind.label() == self.kind);
        let severity = Severity::ALL.iter().find(|level| level.label() == self.severity);
        Some(Finding {
            key: Key::read(&self.key)?,
            kind: *kind?,
            object: self.object,
            change: self.change,
            facet: self.facet,
            canonical: self.canonical,
            live: self.live,
            severity: *severity?,
            impact: self.impact,
            resolution: self.resolution,
            undecided: self.undecided,
            declared: self.evidence,
        })
    }
}
