//! What is known so far, as a file: a run that was killed goes on where it was.
//!
//! Results are kept by the content of the dump, not by its name, and only as long as the
//! declared schema and the options are the same (`run`). What could not be compared is not
//! kept: it is tried again. The format is pgcanon's own; another version starts anew.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::written::Written;
use super::{At, Fleet, Found, Key, Part};
use crate::diff::Verdict;

/// The version of the format.
const VERSION: u32 = 2;

/// Why a text cannot be used.
#[derive(Debug)]
pub struct NotAState(String);

impl fmt::Display for NotAState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotAState {}

#[derive(Serialize, Deserialize)]
struct State {
    #[serde(rename = "pgcanon_fleet_state")]
    version: u32,
    run: String,
    drifts: Vec<Written>,
    results: BTreeMap<String, Vec<Result>>,
}

#[derive(Serialize, Deserialize)]
struct Result {
    tenant: Option<String>,
    verdict: String,
    objects: usize,
    /// Drift, source, line, nearby.
    found: Vec<(u32, Option<(u32, u32, bool)>)>,
    accepted: BTreeMap<String, usize>,
    ignored: BTreeMap<String, usize>,
    skipped: BTreeMap<String, usize>,
    unknown: usize,
    note: Option<String>,
}

impl Fleet {
    /// What is known, as text.
    pub fn save(&self, run: Key) -> String {
        let parts = |parts: &Arc<Vec<Part>>| parts.iter().map(Result::of).collect();
        let state = State {
            version: VERSION,
            run: run.to_string(),
            drifts: self.findings.iter().map(Written::of).collect(),
            results: self.known.iter().map(|(key, all)| (key.to_string(), parts(all))).collect(),
        };
        // Plain data is always written.
        serde_json::to_string(&state).unwrap_or_default() + "\n"
    }

    /// A fleet that knows what a text says of this run. None when it is of another run: with
    /// another declared schema, other options, or another version.
    ///
    /// # Errors
    /// The text is something else.
    pub fn load(text: &str, run: Key) -> std::result::Result<Option<Self>, NotAState> {
        let wrong = |error: &dyn fmt::Display| NotAState(error.to_string());
        let value: serde_json::Value = serde_json::from_str(text).map_err(|error| wrong(&error))?;
        let version = value.get("pgcanon_fleet_state").and_then(serde_json::Value::as_u64);
        let is_of_run =
            value.get("run").and_then(serde_json::Value::as_str) == Some(run.to_string().as_str());
        match version {
            None => return Err(NotAState("it holds something else".to_owned())),
            Some(version) if version != u64::from(VERSION) || !is_of_run => return Ok(None),
            Some(_) => {}
        }
        let state: State = serde_json::from_value(value).map_err(|error| wrong(&error))?;
        let damaged = || NotAState("a part of it cannot be read".to_owned());
        let mut fleet = Self::default();
        for drift in state.drifts {
            let finding = drift.finding().ok_or_else(damaged)?;
            let next = u32::try_from(fleet.findings.len()).map_err(|error| wrong(&error))?;
            fleet.numbers.insert(finding.key, next);
            fleet.findings.push(finding);
        }
        let drifts = fleet.findings.len();
        for (key, results) in state.results {
            let key = Key::read(&key).ok_or_else(damaged)?;
            let parts: Option<Vec<Part>> =
                results.into_iter().map(|result| result.part(drifts)).collect();
            fleet.known.insert(key, Arc::new(parts.ok_or_else(damaged)?));
        }
        Ok(Some(fleet))
    }
}

impl Result {
    fn of(part: &Part) -> Self {
        let Part { tenant, verdict, objects, found, accepted, ignored, skipped, unknown, note } =
            part.clone();
        let place = |at: At| (at.source, at.line, at.nearby);
        Self {
            tenant,
            verdict: verdict.label().to_owned(),
            objects,
            found: found.into_iter().map(|found| (found.drift, found.at.map(place))).collect(),
            accepted,
            ignored,
            skipped,
            unknown,
            note,
        }
    }

    fn part(self, drifts: usize) -> Option<Part> {
        let verdicts = [Verdict::InSync, Verdict::Unknown, Verdict::Drift];
        let verdict = verdicts.into_iter().find(|verdict| verdict.label() == self.verdict)?;
        let at = |(source, line, nearby): (u32, u32, bool)| At { source, line, nearby };
        let found: Vec<Found> = self
            .found
            .into_iter()
            .map(|(drift, place)| Found { drift, at: place.map(at) })
            .collect();
        let is_there = found.iter().all(|found| (found.drift as usize) < drifts);
        is_there.then_some(Part {
            tenant: self.tenant,
            verdict,
            objects: self.objects,
            found,
            accepted: self.accepted,
            ignored: self.ignored,
            skipped: self.skipped,
            unknown: self.unknown,
            note: self.note,
        })
    }
}
