//! `-- INVARIANT: auth_critical` in SQL: the tag of a column or table.
//!
//! It stands beside the column, or above it among lines that are comments. Above a table it is
//! the tag of the table.

use super::said::Said;
use crate::model::{Child, Object, ObjectId, Place, Schema, SourceId, Span};
use crate::source::{LineIndex, Source};

/// Reads the tags of all tables that are said in SQL.
pub(super) fn add(sources: &[Source], schema: &Schema, said: &mut Said) {
    for (at, source) in sources.iter().enumerate() {
        if super::is_yaml(source) || !source.text.contains("INVARIANT") {
            continue;
        }
        let id = SourceId(u32::try_from(at).unwrap_or(u32::MAX));
        let text = Text { lines: LineIndex::new(&source.text) };
        let mut found = Vec::new();
        for (object, entry) in &schema.objects {
            let Object::Table(table) = &entry.object else { continue };
            if entry.origin.span.source != id || entry.origin.span == Span::default() {
                continue;
            }
            found.extend(text.above(entry.origin.span).map(|tag| (object.clone(), tag)));
            let Some(name) = object.qualified_name() else { continue };
            for column in &table.columns {
                let span = entry.origin.of(&Place::part(&column.name));
                if span == entry.origin.span || span.source != id {
                    continue;
                }
                let tag = text.beside(span).or_else(|| text.above(span));
                let child = Child::new(name.clone(), column.name.clone());
                found.extend(tag.map(|tag| (ObjectId::Column(child), tag)));
            }
        }
        for (object, (tag, span)) in found {
            said.tags.push((tag.clone(), Span { source: id, ..span }));
            let stated = said.objects.entry(object).or_default();
            stated.invariant.get_or_insert(tag);
        }
    }
}

struct Text<'a> {
    lines: LineIndex<'a>,
}

impl Text<'_> {
    /// The tag in the comment at the end of the line that a column ends on.
    fn beside(&self, span: Span) -> Option<(String, Span)> {
        let line = self.lines.position((span.end as usize).saturating_sub(1)).line;
        let start = self.lines.start(line);
        let text = self.lines.line(line);
        let from = (span.end as usize).checked_sub(start)?;
        let rest = text.get(from..)?;
        let dashes = from + rest.find("--")?;
        self.tag(line, dashes)
    }

    /// The tag in the comments right above a line.
    fn above(&self, span: Span) -> Option<(String, Span)> {
        let first = self.lines.position(span.start as usize).line;
        let is_comment = |line: &usize| self.lines.line(*line).trim_start().starts_with("--");
        let mut comments = (1..first).rev().take_while(is_comment);
        comments.find_map(|line| self.tag(line, 0))
    }

    /// The word after `INVARIANT:` in what follows a byte of a line.
    fn tag(&self, line: usize, from: usize) -> Option<(String, Span)> {
        let text = self.lines.line(line);
        let comment = text.get(from..)?;
        let at = comment.find("INVARIANT")?;
        let rest = comment.get(at + "INVARIANT".len()..)?;
        let rest = rest.trim_start().strip_prefix(':')?.trim_start();
        let end = rest.find(|c: char| !(c.is_alphanumeric() || "_-.".contains(c)));
        let word = rest.get(..end.unwrap_or(rest.len()))?.trim_end_matches('.');
        let offset = self.lines.start(line) + text.len() - rest.len();
        let span = Span::new(SourceId(0), offset, offset + word.len());
        (!word.is_empty() && word != "null").then(|| (word.to_owned(), span))
    }
}
