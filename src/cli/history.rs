//! `pgcanon history`: what each commit changed about the schema that a path declares.
//!
//! Each commit is compared with the one before it that changed the path: what the commit says
//! is the canonical side. A commit whose files cannot be read is said to be that, and the next
//! one is compared with the last that could be.

use pgcanon::diff::{DiffOptions, diff};
use pgcanon::emit::escape::terminal;
use pgcanon::emit::report::Report;
use pgcanon::model::{Pair, Problem, ProblemCode};
use pgcanon::normalize::align;
use pgcanon::source::git::{self, Commit};
use rayon::prelude::*;
use serde_json::{Value, json};

use super::Outcome;
use super::console::Console;
use super::governance::HistoryArguments;
use super::side::Side;

/// Lists what each commit changed.
pub(super) fn run(arguments: &HistoryArguments, console: &Console) -> Outcome {
    let commits = match git::log(&arguments.path, arguments.since.as_deref()) {
        Ok(commits) => commits,
        Err(problem) => return console.problem(&problem),
    };
    if commits.is_empty() {
        let message = format!("no commit changed {}", arguments.path);
        return console.problem(&Problem::new(ProblemCode::Usage, message));
    }
    let read = |commit: &Commit| {
        let input = format!("git:{}:{}", commit.hash, arguments.path);
        Side::read(&[input], None).map_err(|unusable| {
            unusable.problems.first().map_or_else(String::new, |problem| problem.message.clone())
        })
    };
    let mut steps = Vec::with_capacity(commits.len());
    let mut before: Option<Side> = None;
    // A few at a time, as each is a whole schema.
    for some in commits.chunks(16) {
        let sides: Vec<Result<Side, String>> = some.par_iter().map(read).collect();
        for (commit, side) in some.iter().zip(sides) {
            steps.push(match side {
                Err(said) => Step { commit, found: Found::Unreadable(said) },
                Ok(side) => {
                    let found = match before.take() {
                        None => Found::First(side.schema.len()),
                        Some(before) => changes(before, &side),
                    };
                    before = Some(side);
                    Step { commit, found }
                }
            });
        }
    }
    if arguments.json {
        let list: Vec<Value> = steps.iter().map(Step::json).collect();
        return console.print(&format!("{:#}\n", json!({ "version": 1, "commits": list })));
    }
    console.print(&steps.iter().map(Step::text).collect::<Vec<_>>().concat())
}

/// What one commit did.
struct Step<'a> {
    commit: &'a Commit,
    found: Found,
}

enum Found {
    /// The first one, with so many objects.
    First(usize),
    /// It cannot be read, and why.
    Unreadable(String),
    /// What it changed.
    Changed(Box<Report>),
}

/// What the later of two moments changed.
fn changes(before: Side, after: &Side) -> Found {
    let after =
        match Side::of(after.secret.clone().unwrap_or_else(|| after.sources.clone()), Vec::new()) {
            Ok(side) => side,
            Err(_) => return Found::Unreadable("it cannot be read again".to_owned()),
        };
    let mut sides = Pair { canonical: after, live: before };
    align(Pair { canonical: &mut sides.canonical.schema, live: &mut sides.live.schema });
    let found = diff(sides.as_ref().map(|side| &side.schema), &DiffOptions::default());
    Found::Changed(Box::new(Report::new(&found, sides.as_ref().map(Side::as_report))))
}

impl Step<'_> {
    fn text(&self) -> String {
        let Commit { hash, date, subject } = self.commit;
        let short = hash.get(..10).unwrap_or(hash);
        let mut out = format!("{short}  {date}  {}\n", terminal(subject));
        match &self.found {
            Found::First(objects) => out.push_str(&format!("  first, {objects} objects\n")),
            Found::Unreadable(said) => out.push_str(&format!("  UNKNOWN: {}\n", terminal(said))),
            Found::Changed(report) if report.rows.is_empty() => {
                out.push_str(&format!("  {}\n", report.verdict.label()));
            }
            Found::Changed(report) => {
                for row in &report.rows {
                    // Seen from the commit: what is missing before is new.
                    let change = match row.change {
                        "missing" => "added".to_owned(),
                        "extra" => "removed".to_owned(),
                        _other => {
                            format!("{}: {} -> {}", row.drift_type(), row.live, row.canonical)
                        }
                    };
                    out.push_str(&format!("  {} {}\n", terminal(&row.title()), terminal(&change)));
                }
            }
        }
        out
    }

    fn json(&self) -> Value {
        let Commit { hash, date, subject } = self.commit;
        let (verdict, changes) = match &self.found {
            Found::First(_) => ("FIRST", Vec::new()),
            Found::Unreadable(_) => ("UNKNOWN", Vec::new()),
            Found::Changed(report) => {
                let change = |row: &pgcanon::emit::report::Row| {
                    json!({
                        "object": row.title(), "facet": row.facet, "change": row.change,
                        "before": row.live, "after": row.canonical, "severity": row.severity.label(),
                    })
                };
                (report.verdict.label(), report.rows.iter().map(change).collect())
            }
        };
        json!({ "commit": hash, "date": date, "subject": subject, "verdict": verdict, "changes": changes })
    }
}
