//! A few lines of a source around a place, safe to be shown.
//!
//! Sources are untrusted: characters that could control a terminal are replaced,
//! and long lines are cut to what stands near the place, as a line may be as long
//! as the source.

use std::ops::Range;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::escape;
use crate::model::Span;
use crate::source::{LineIndex, Position, Source};

/// Lines shown before and after a place.
const CONTEXT: usize = 1;
/// Lines of the place itself.
const MOST_LINES: usize = 4;
/// A longer line is cut.
const LONGEST_LINE: usize = 200;
/// How much of a cut line stands before the place.
const BEFORE: usize = 60;

/// The lines, with the part that is meant.
#[derive(Debug)]
pub(super) struct Excerpt {
    name: String,
    text: String,
    label: Range<usize>,
    first_line: usize,
    position: Position,
}

impl Excerpt {
    /// Takes the lines around a span of a source.
    pub fn new(source: &Source, lines: &LineIndex<'_>, span: Span) -> Self {
        let start = (span.start as usize).min(source.text.len());
        let end = (span.end as usize).clamp(start, source.text.len());
        let position = lines.position(start);
        let last_of_place = lines.position(end.saturating_sub(1).max(start)).line;
        let last_labelled = last_of_place.min(position.line + MOST_LINES - 1);
        let first_line = position.line.saturating_sub(CONTEXT).max(1);
        let last_line = (last_labelled + CONTEXT).min(lines.lines());
        let mut text = String::new();
        let mut label = None;
        for number in first_line..=last_line {
            let line = lines.line(number);
            let offset = lines.start(number);
            let within = |at: usize| at.saturating_sub(offset).min(line.len());
            let labelled = (position.line..=last_labelled).contains(&number);
            let near = if labelled { within(start)..within(end) } else { 0..0 };
            let shown = push_line(&mut text, line, &near);
            if labelled {
                let from = label.map_or(shown.start, |range: Range<usize>| range.start);
                label = Some(from..shown.end);
            }
        }
        let name = escape::terminal(&source.name);
        Self { name, text, label: label.unwrap_or(0..0), first_line, position }
    }

    /// The place within the lines.
    pub fn label(&self) -> SourceSpan {
        (self.label.start, self.label.len()).into()
    }
}

/// Adds a line, cut when it is long. Returns where `near` went, at least one
/// character of it if there is one.
fn push_line(text: &mut String, line: &str, near: &Range<usize>) -> Range<usize> {
    let (from, to) = if line.len() <= LONGEST_LINE {
        (0, line.len())
    } else {
        let from = boundary(line, near.start.saturating_sub(BEFORE));
        (from, boundary(line, from + LONGEST_LINE))
    };
    if from > 0 {
        text.push('…');
    }
    let mut push = |part: Range<usize>| {
        text.extend(line.get(part).unwrap_or_default().chars().map(harmless));
        text.len()
    };
    let middle = boundary(line, near.start.clamp(from, to));
    let one = line.get(middle..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    let end = boundary(line, near.end.max(middle + one).clamp(middle, to));
    let start = push(from..middle);
    let label = start..push(middle..end);
    push(end..to);
    if to < line.len() {
        text.push('…');
    }
    text.push('\n');
    label
}

/// The last start of a character up to an offset.
fn boundary(line: &str, offset: usize) -> usize {
    let mut at = offset.min(line.len());
    while !line.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn harmless(character: char) -> char {
    let plain = character == '\t' || !escape::is_hidden(character);
    if plain { character } else { '\u{fffd}' }
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let inner = self.text.read_span(span, before, after)?;
        // Without context, the place itself is asked for: its column counts what was cut.
        let (line, column) = if before == 0 && after == 0 {
            (self.position.line - 1, self.position.column - 1)
        } else {
            (inner.line() + self.first_line - 1, inner.column())
        };
        let name = self.name.clone();
        let contents = MietteSpanContents::new_named(
            name,
            inner.data(),
            *inner.span(),
            line,
            column,
            inner.line_count(),
        );
        Ok(Box::new(contents))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SourceId;

    fn excerpt(text: &str, part: &str) -> (String, String) {
        let source = Source { name: "a.sql".to_owned(), text: text.to_owned() };
        let start = text.find(part).expect("the part");
        let span = Span::new(SourceId(0), start, start + part.len());
        let excerpt = Excerpt::new(&source, &LineIndex::new(text), span);
        let label = excerpt.text[excerpt.label.clone()].to_owned();
        (excerpt.text, label)
    }

    #[test]
    fn shows_the_lines_around_a_place() {
        let (text, label) = excerpt("one\ntwo\nthree here\nfour\nfive\n", "here");
        assert_eq!((text.as_str(), label.as_str()), ("two\nthree here\nfour\n", "here"));
    }

    #[test]
    fn cuts_long_lines_and_long_places() {
        let long = format!("{}éHERE{}", "x".repeat(1_000_000), "y".repeat(1_000_000));
        let (text, label) = excerpt(&long, "HERE");
        assert_eq!(label, "HERE");
        assert!(text.len() < 300 && text.starts_with('…') && text.ends_with("…\n"), "{text}");
        let many = "line\n".repeat(100);
        assert_eq!(excerpt(&many, &many).1.lines().count(), MOST_LINES);
    }

    #[test]
    fn text_cannot_control_the_terminal() {
        let (text, label) = excerpt("a \u{1b}[31m\u{202e} b", "b");
        assert_eq!((text.as_str(), label.as_str()), ("a \u{fffd}[31m\u{fffd} b\n", "b"));
    }

    #[test]
    fn a_place_at_the_end_is_shown() {
        let source = Source { name: "a".to_owned(), text: "SELECT".to_owned() };
        let excerpt =
            Excerpt::new(&source, &LineIndex::new(&source.text), Span::new(SourceId(0), 6, 6));
        assert_eq!(excerpt.label, 6..6);
    }
}
