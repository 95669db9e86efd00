//! The matrix as CSV (RFC 4180): a record for each database, a column for each drift.
//!
//! A cell is the place in the database that shows the drift, `x` where there is none, empty where
//! there is no drift.

use super::Report;
use super::terminal::{reason, title};
use crate::diff::Severity;
use crate::emit::report::csv::field;

impl Report {
    /// Databases × drifts.
    pub fn csv(&self) -> String {
        let mut out = String::new();
        let heads = ["Database", "Verdict", "Group", "Fingerprint", "Problem", "Accepted"];
        let heads = heads.map(str::to_owned);
        let severities = Severity::ALL.iter().map(|severity| severity.label().to_owned());
        let titles =
            self.drifts.iter().map(|drift| format!("{} ({})", title(drift), drift.key.short()));
        record(heads.into_iter().chain(severities).chain(titles), &mut out);
        for database in &self.databases {
            let group = database.group.and_then(|at| self.groups.get(at));
            let problem = match (database.failure(), database.unknown().1) {
                (Some(failure), _) => reason(failure),
                (None, note) => note.unwrap_or_default().to_owned(),
            };
            let mut cells = vec![
                database.name(),
                database.verdict().map_or("NOT COMPARED", |verdict| verdict.label()).to_owned(),
                group.map(|group| group.name.clone()).unwrap_or_default(),
                group.map(|group| group.fingerprint.short()).unwrap_or_default(),
                problem,
                match database.verdict() {
                    Some(_) => {
                        database.accepted().map(|(_, count)| count).sum::<usize>().to_string()
                    }
                    None => String::new(),
                },
            ];
            let counts = group.map(|group| self.counts(group)).unwrap_or_default();
            for severity in Severity::ALL {
                let count = counts.iter().find(|(own, _)| own == severity);
                cells.push(match group {
                    Some(_) => count.map_or(0, |(_, count)| *count).to_string(),
                    None => String::new(),
                });
            }
            let mut next = 0;
            for (drift, place) in self.found(database) {
                cells.extend((next..drift).map(|_| String::new()));
                cells.push(place.unwrap_or_else(|| "x".to_owned()));
                next = drift + 1;
            }
            let last = u32::try_from(self.drifts.len()).unwrap_or(u32::MAX);
            cells.extend((next..last).map(|_| String::new()));
            record(cells.into_iter(), &mut out);
        }
        out
    }
}

fn record(cells: impl Iterator<Item = String>, out: &mut String) {
    let cells: Vec<String> = cells.map(|cell| field(&cell)).collect();
    out.push_str(&cells.join(","));
    out.push_str("\r\n");
}
