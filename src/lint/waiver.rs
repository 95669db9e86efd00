//! Comments that allow what a rule finds: `CI:DESTRUCTIVE_OK - See ADR-015`.
//!
//! A waiver covers the statement on whose lines it stands, or the one right below it when its
//! lines hold nothing but comments.

use std::ops::Range;

use super::{Finding, Rule, rules};
use crate::model::{SourceId, Span};
use crate::register::Decisions;
use crate::source::LineIndex;

/// What a waiver starts with.
const MARK: &str = "CI:DESTRUCTIVE_OK";

/// The waivers of a file.
pub(super) struct Waivers {
    all: Vec<Waiver>,
    /// Lines that hold only comments, sorted.
    comment_lines: Vec<usize>,
}

struct Waiver {
    range: Range<usize>,
    line: usize,
    /// In SQL within a literal.
    inner: bool,
    reference: Option<String>,
    complaint: Option<(&'static Rule, String)>,
    used: bool,
}

impl Waivers {
    /// Finds them among the comments of a file; those in `inner` are of SQL within literals.
    pub fn new(
        text: &str,
        comments: &[Range<usize>],
        inner: &[Range<usize>],
        lines: &LineIndex<'_>,
        decisions: &Decisions,
    ) -> Self {
        let mut all = Vec::new();
        let mut comment_lines = Vec::new();
        let comments = comments.iter().map(|range| (range, false));
        let comments = comments.chain(inner.iter().map(|range| (range, true)));
        for (range, inner) in comments {
            let comment = text.get(range.clone()).unwrap_or_default();
            let (first, last) = (
                lines.position(range.start).line,
                lines.position(range.end.saturating_sub(1).max(range.start)).line,
            );
            for line in first..=last {
                let start = lines.start(line);
                let before = text.get(start..range.start.max(start)).unwrap_or_default();
                if line != first || before.trim().is_empty() {
                    comment_lines.push(line);
                }
            }
            let Some(at) = comment.find(MARK) else { continue };
            let rest = comment.get(at + MARK.len()..).unwrap_or_default();
            let reference = reference(rest.lines().next().unwrap_or_default());
            let complaint = complaint(reference.as_deref(), decisions);
            let line = lines.position(range.start + at).line;
            all.push(Waiver {
                range: range.clone(),
                line,
                inner,
                reference,
                complaint,
                used: false,
            });
        }
        comment_lines.sort_unstable();
        comment_lines.dedup();
        all.sort_by_key(|waiver| waiver.line);
        Self { all, comment_lines }
    }

    /// The decision that allows a statement on these lines. Without a good one it is not allowed,
    /// but the waiver is about something.
    pub fn allow(&mut self, first: usize, last: usize, around: bool) -> Option<String> {
        if self.all.is_empty() {
            return None;
        }
        let mut above = first;
        while above > 1 && self.comment_lines.binary_search(&(above - 1)).is_ok() {
            above -= 1;
        }
        let from = self.all.partition_point(|waiver| waiver.line < above);
        let to = self.all.partition_point(|waiver| waiver.line <= last);
        let mut decision = None;
        for waiver in self.all.get_mut(from..to).unwrap_or_default() {
            if around && waiver.inner {
                continue;
            }
            waiver.used = true;
            if waiver.complaint.is_none() {
                decision = decision.or_else(|| waiver.reference.clone());
            }
        }
        decision
    }

    /// What is wrong with the waivers themselves.
    pub fn findings(self, source: SourceId) -> Vec<Finding> {
        let mut found = Vec::new();
        for waiver in self.all {
            let span = Span::new(source, waiver.range.start, waiver.range.end);
            let finding = |rule, message| Finding { rule, message, span, waived: None };
            if let Some((rule, message)) = waiver.complaint {
                found.push(finding(rule, message));
            }
            if !waiver.used {
                let message = "the waiver stands on no statement that a rule is about".to_owned();
                found.push(finding(&rules::WAIVER_UNUSED, message));
            }
        }
        found
    }
}

/// The first word with a digit: `- See ADR-015.` → `ADR-015`; `ADR 15` is one word too.
fn reference(rest: &str) -> Option<String> {
    let ends = |c: char| c.is_whitespace() || ",;()[]".contains(c);
    let clean = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let words: Vec<String> = rest.split(ends).map(clean).filter(|word| !word.is_empty()).collect();
    let at = words.iter().position(|word| word.contains(|c: char| c.is_ascii_digit()))?;
    let word = words.get(at)?;
    let before = at.checked_sub(1).and_then(|before| words.get(before));
    match before {
        Some(before)
            if before.eq_ignore_ascii_case("adr") && word.bytes().all(|b| b.is_ascii_digit()) =>
        {
            Some(format!("{before}-{word}"))
        }
        _one_word => Some(word.clone()),
    }
}

fn complaint(reference: Option<&str>, decisions: &Decisions) -> Option<(&'static Rule, String)> {
    match reference {
        None => {
            let message = "the waiver names no decision".to_owned();
            Some((&rules::WAIVER_WITHOUT_DECISION, message))
        }
        Some(reference) => {
            let complaint = decisions.complaint(reference)?;
            Some((
                &rules::WAIVER_UNKNOWN_DECISION,
                format!("the waiver's decision is not to be found: {complaint}"),
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::reference;

    #[test]
    fn references_are_found_in_all_spellings() {
        for (text, expected) in [
            (" - See ADR-015", Some("ADR-015")),
            (" ADR-015.", Some("ADR-015")),
            (": see (ADR-015), 2026", Some("ADR-015")),
            (" ADR 15", Some("ADR-15")),
            (" docs/adr/0015-drop.md", Some("docs/adr/0015-drop.md")),
            (" - approved", None),
            ("", None),
        ] {
            assert_eq!(reference(text).as_deref(), expected, "{text}");
        }
    }
}
