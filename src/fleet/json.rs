//! A fleet as JSON. Its schema is part of the program (`pgcanon schema fleet`).

use serde_json::{Map, Value, json};

use super::written::Written;
use super::{Database, Failure, Finding, Group, Report};
use crate::diff::Verdict;

/// The version of the format. It grows when a reader of the one before could fail.
pub const VERSION: u32 = 1;

/// The JSON Schema of the format.
pub const JSON_SCHEMA: &str = include_str!("schema/fleet-1.json");

impl Report {
    /// The report as JSON, by [`JSON_SCHEMA`].
    pub fn json(&self) -> Value {
        let drifts = self.drifts.iter().zip(&self.spread);
        json!({
            "version": VERSION,
            "verdict": self.verdict().label(),
            "canonical": {
                "sources": self.canonical.sources,
                "objects": self.canonical.objects,
                "unknown": self.canonical.unknown,
            },
            "totals": {
                "databases": self.databases.len(),
                "in_sync": self.with_verdict(Verdict::InSync),
                "drift": self.with_verdict(Verdict::Drift),
                "unknown": self.with_verdict(Verdict::Unknown),
                "not_compared": self.failures().count(),
            },
            "drifts": drifts.map(|(drift, spread)| self::drift(drift, *spread)).collect::<Vec<_>>(),
            "groups": self.groups.iter().map(|group| self.group_as_json(group)).collect::<Vec<_>>(),
            "databases": self.databases.iter().map(|one| self.database_as_json(one)).collect::<Vec<_>>(),
        })
    }

    fn group_as_json(&self, group: &Group) -> Value {
        let counts: Map<String, Value> = self
            .counts(group)
            .into_iter()
            .map(|(severity, count)| (severity.label().to_owned(), json!(count)))
            .collect();
        let drifts = group.drifts.iter().filter_map(|at| self.drift(*at));
        let databases = group.databases.iter().filter_map(|at| self.databases.get(*at));
        json!({
            "name": group.name,
            "fingerprint": group.fingerprint.to_string(),
            "verdict": group.verdict.label(),
            "counts": counts,
            "drifts": drifts.map(|drift| drift.key.to_string()).collect::<Vec<_>>(),
            "databases": databases.map(Database::name).collect::<Vec<_>>(),
        })
    }

    fn database_as_json(&self, database: &Database) -> Value {
        let evidence: Map<String, Value> = self
            .found(database)
            .filter_map(|(at, place)| Some((self.drift(at)?.key.to_string(), json!(place))))
            .collect();
        let (unknown, note) = database.unknown();
        let counts = |counts: &mut dyn Iterator<Item = (&str, usize)>| -> Map<String, Value> {
            counts.map(|(reason, count)| (reason.to_owned(), json!(count))).collect()
        };
        json!({
            "name": database.name(),
            "source": database.source,
            "tenant": database.tenant(),
            "verdict": database.verdict().map_or("NOT COMPARED", Verdict::label),
            "group": database.group.and_then(|at| self.groups.get(at)).map(|group| &group.name),
            "objects": database.objects(),
            "evidence": evidence,
            "accepted": counts(&mut database.accepted()),
            "ignored": counts(&mut database.ignored()),
            "skipped": counts(&mut database.skipped()),
            "unknown": unknown,
            "note": note,
            "problem": database.failure().map(problem),
        })
    }
}

fn drift(drift: &Finding, spread: usize) -> Value {
    // Plain data is always written.
    let mut value = serde_json::to_value(Written::of(drift)).unwrap_or_default();
    if let Some(object) = value.as_object_mut() {
        object.insert("databases".to_owned(), json!(spread));
    }
    value
}

fn problem(failure: &Failure) -> Value {
    let Failure { code, message, place, help, more } = failure;
    json!({ "code": code, "message": message, "place": place, "help": help, "more": more })
}
