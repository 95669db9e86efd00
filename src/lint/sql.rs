//! SQL files: their statements, and which of them only lead back.

use std::ops::Range;

use super::Options;
use super::events::{Event, Events};
use crate::model::{SourceId, Span};
use crate::parse::changes::{changes, comments};
use crate::source::Source;

/// Reads a file.
pub(super) fn read(id: SourceId, source: &Source, options: &Options) -> Events {
    let text = source.text.as_str();
    let mut events = Events::new(id);
    events.has_order = true;
    if leads_back(&source.name) && !options.downgrade {
        events.back = 1;
        return events;
    }
    events.comments = comments(text);
    let sections = Sections::new(text, &events.comments);
    events.transaction = options.wrapped || sections.wrapped;
    for statement in changes(text) {
        if sections.leads_back(statement.range.start) && !options.downgrade {
            continue;
        }
        if let Some((problem, range)) = statement.problem {
            events.problems.push(problem.at(Span::new(id, range.start, range.end)));
        }
        events.list.extend(statement.changes.into_iter().map(|change| Event {
            change,
            statement: statement.range.clone(),
            around: None,
            autocommit: false,
        }));
    }
    if sections.back > 0 && !options.downgrade {
        events.back = sections.back;
        events.comments.retain(|comment| !sections.leads_back(comment.start));
    }
    events
}

/// Files that undo others: `7_x.down.sql`, `down.sql`, Flyway's `U7__x.sql`.
fn leads_back(name: &str) -> bool {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name).to_ascii_lowercase();
    let undo = file
        .strip_prefix('u')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()) && rest.contains("__"));
    file.ends_with(".down.sql") || file == "down.sql" || undo
}

/// Which parts lead back, by the marks of tools that keep both ways in one file.
struct Sections {
    /// Starts of sections, and whether they lead back.
    starts: Vec<(usize, bool)>,
    back: usize,
    /// The tool runs each file in a transaction.
    wrapped: bool,
}

impl Sections {
    fn new(text: &str, comments: &[Range<usize>]) -> Self {
        let mut sections = Self { starts: Vec::new(), back: 0, wrapped: false };
        let mut without = false;
        for comment in comments {
            let said = text.get(comment.clone()).unwrap_or_default();
            let Some(said) = said.strip_prefix("--") else { continue };
            let said = said.trim().to_ascii_lowercase();
            let mark = ["+goose", "+migrate"]
                .iter()
                .find_map(|tool| said.strip_prefix(tool))
                .map(str::trim);
            let mark = mark.or_else(|| said.strip_prefix("migrate:"));
            let Some(mark) = mark else { continue };
            let back = mark.starts_with("down");
            if back || mark.starts_with("up") {
                sections.starts.push((comment.start, back));
                sections.back += usize::from(back);
                sections.wrapped = true;
            }
            without |= mark.contains("transaction:false")
                || mark.contains("no transaction")
                || mark.contains("notransaction");
        }
        sections.wrapped &= !without;
        sections
    }

    fn leads_back(&self, at: usize) -> bool {
        let before = self.starts.partition_point(|(start, _)| *start <= at);
        before.checked_sub(1).and_then(|last| self.starts.get(last)).is_some_and(|(_, back)| *back)
    }
}

#[cfg(test)]
mod tests {
    use super::leads_back;

    #[test]
    fn files_that_undo_are_known_by_their_names() {
        for name in ["m/7_x.down.sql", "m/7/down.sql", "m/U7__x.sql"] {
            assert!(leads_back(name), "{name}");
        }
        for name in ["m/7_x.up.sql", "users.sql", "U__x.sql", "m/V7__down.sql"] {
            assert!(!leads_back(name), "{name}");
        }
    }
}
