//! Changes the text of a register where it has to say something else.
//!
//! An entry is a block of lines, its keys stand at one indent. A changed key has its lines
//! replaced, a comment at its end stays; a new key is put where this module would write it. An
//! entry that is written in braces is written anew, as it has no lines of its own.

use std::collections::BTreeSet;

use super::{Decision, DriftKey, Entry, Register, Stamp};
use crate::emit::escape::yaml;

/// Where an entry stands in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// Its first line, from 1.
    pub first_line: usize,
    /// The column of its keys, from 0.
    pub indent: usize,
}

/// The keys of an entry, in the order in which they are written.
const KEYS: [&str; 15] = [
    "id",
    "object",
    "facet",
    "change",
    "severity",
    "status",
    "canonical",
    "live",
    "first_seen",
    "last_seen",
    "resolved",
    "owner",
    "migration",
    "decision",
    "notes",
];

/// The keys of a decision.
const DECISION_KEYS: [&str; 7] =
    ["reason", "adr", "approver", "expires", "allow_data_loss", "renamed_from", "of"];

/// What stands on top of a new register.
const HEAD: &str = "\
# Drifts between the declared schema and the one that is there, kept by pgcanon.
# Owners, decisions and notes are yours to edit, and comments stay. Numbers are never reused.
version: 1
";

/// The new text. `blocks` are the places of the entries of `before`.
pub(super) fn apply(text: &str, blocks: &[Block], before: &Register, after: &Register) -> String {
    if text.trim().is_empty() {
        return fresh(after);
    }
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let starts = starts(&lines, blocks);
    let first = starts.first().copied().unwrap_or(lines.len());
    let mut out = Output { text: String::with_capacity(text.len() + 1024), end };
    head(lines.get(..first).unwrap_or_default(), before, after, &mut out);
    // How entries are set off from each other, as the file does it.
    let dash = blocks.first().map_or(0, |block| block.indent.saturating_sub(2));
    let mut known = starts.iter().enumerate().map(|(at, start)| {
        let until = starts.get(at + 1).copied().unwrap_or(lines.len());
        (lines.get(*start..until).unwrap_or_default(), blocks.get(at), before.entries.get(at))
    });
    let keys: BTreeSet<&DriftKey> = before.entries.iter().map(|entry| &entry.key).collect();
    for entry in &after.entries {
        if !keys.contains(&entry.key) {
            out.new_entry(entry, dash);
        } else if let Some((lines, Some(block), Some(old))) = known.next() {
            out.entry(lines, *block, old, entry);
        }
    }
    out.text
}

/// A whole new register.
fn fresh(register: &Register) -> String {
    let mut out = Output { text: HEAD.to_owned(), end: "\n" };
    out.line(&format!("last_id: {}", register.last_id));
    if let Some(run) = &register.last_run {
        out.line(&format!("last_run: {}", stamp(run)));
    }
    out.line("drifts:");
    for entry in &register.entries {
        out.new_entry(entry, 0);
    }
    out.text
}

/// The line on which each entry starts, with the comments right above it.
fn starts(lines: &[&str], blocks: &[Block]) -> Vec<usize> {
    let mut starts = Vec::with_capacity(blocks.len());
    for block in blocks {
        let mut start = block.first_line.saturating_sub(1);
        let is_above = |line: &&str| {
            let trimmed = line.trim();
            trimmed.is_empty() || trimmed.starts_with('#')
        };
        while start > 0 && lines.get(start - 1).is_some_and(is_above) {
            start -= 1;
        }
        starts.push(start);
    }
    starts
}

/// Everything above the first entry.
fn head(lines: &[&str], before: &Register, after: &Register, out: &mut Output) {
    let has = |key: &str| lines.iter().any(|line| key_of(line, 0) == Some(key));
    for line in lines {
        match key_of(line, 0) {
            Some("last_id") => {
                if before.last_id == after.last_id {
                    out.raw(line);
                } else {
                    out.line(&replaced(line, "last_id", &after.last_id.to_string()));
                }
                if let Some(run) = after.last_run.as_ref().filter(|_| !has("last_run")) {
                    out.line(&format!("last_run: {}", stamp(run)));
                }
            }
            Some("last_run") if before.last_run != after.last_run => match &after.last_run {
                Some(run) => out.line(&replaced(line, "last_run", &stamp(run))),
                None => {}
            },
            Some("drifts") if after.entries.len() > before.entries.len() => out.line("drifts:"),
            Some(_) | None => out.raw(line),
        }
    }
    if !has("drifts") && !after.entries.is_empty() {
        out.line("drifts:");
    }
}

/// Text that grows by lines.
struct Output {
    text: String,
    end: &'static str,
}

impl Output {
    /// A line as it was.
    fn raw(&mut self, line: &str) {
        self.close();
        self.text.push_str(line);
    }

    fn line(&mut self, line: &str) {
        self.close();
        self.text.push_str(line);
        self.text.push_str(self.end);
    }

    /// The last line of a file may have no end.
    fn close(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push_str(self.end);
        }
    }

    /// An entry that was not there.
    fn new_entry(&mut self, entry: &Entry, dash: usize) {
        self.line("");
        self.block(entry, dash);
    }

    fn block(&mut self, entry: &Entry, dash: usize) {
        let mut lead = format!("{}- ", " ".repeat(dash));
        for key in KEYS {
            for line in said(entry, key) {
                self.line(&format!("{lead}{line}"));
                lead = " ".repeat(dash + 2);
            }
        }
    }

    /// An entry that was there.
    fn entry(&mut self, lines: &[&str], block: Block, before: &Entry, after: &Entry) {
        let changed: Vec<&str> =
            KEYS.into_iter().filter(|key| said(before, key) != said(after, key)).collect();
        if changed.is_empty() {
            lines.iter().for_each(|line| self.raw(line));
            return;
        }
        let is_above = |line: &&&str| line.trim().is_empty() || line.trim().starts_with('#');
        let above = lines.iter().take_while(is_above).count();
        let (above, body) = lines.split_at(above);
        above.iter().for_each(|line| self.raw(line));
        if body.first().is_some_and(|line| line.trim_start_matches([' ', '-']).starts_with('{')) {
            self.block(after, block.indent.saturating_sub(2));
            return;
        }
        let old = |key: &str| said(before, key);
        let new = |key: &str| said(after, key);
        self.mapping(body, block.indent, &KEYS, &old, &new);
    }

    /// The lines of a mapping, changed keys anew. `old` and `new` say how a key is written.
    fn mapping(
        &mut self,
        body: &[&str],
        indent: usize,
        keys: &[&str],
        old: Said<'_>,
        new: Said<'_>,
    ) {
        let parts = parts(body, indent);
        let there: Vec<&str> = parts.iter().filter_map(|part| part.key).collect();
        let is_changed = |key: &str| keys.contains(&key) && old(key) != new(key);
        let mut missing: Vec<&str> =
            keys.iter().copied().filter(|key| is_changed(key) && !there.contains(key)).collect();
        let pad = " ".repeat(indent);
        for (at, part) in parts.iter().enumerate() {
            let first = body.first().filter(|_| at == 0).and_then(|line| line.get(..indent));
            match part.key {
                Some("decision") if is_changed("decision") && part.is_block(new) => {
                    self.decision(part, old, new);
                }
                Some(key) if is_changed(key) => {
                    let comment = part.lines.first().map_or("", |line| comment_of(line));
                    for (number, line) in new(key).iter().enumerate() {
                        let (lead, comment) = if number == 0 {
                            (first.unwrap_or(&pad), comment)
                        } else {
                            (&*pad, "")
                        };
                        self.line(&format!("{lead}{line}{comment}"));
                    }
                    part.below().for_each(|line| self.raw(line));
                }
                Some(_) | None => part.lines.iter().for_each(|line| self.raw(line)),
            }
            // What is new follows the last key that stands before it.
            let place = |key: &str| keys.iter().position(|other| *other == key).unwrap_or(0);
            let follows = |key: &&str| {
                let last = keys.iter().take(place(key)).rev().find(|key| there.contains(key));
                part.key.is_some() && part.key == last.copied()
            };
            for key in missing.extract_if(.., |key| follows(&&**key)) {
                new(key).iter().for_each(|line| self.line(&format!("{pad}{line}")));
            }
        }
    }

    /// A decision whose keys have lines of their own.
    fn decision(&mut self, part: &Part<'_>, old: Said<'_>, new: Said<'_>) {
        let Some((first, rest)) = part.lines.split_first() else { return };
        self.raw(first);
        let (own, below) = rest.split_at(rest.len() - part.below().count());
        let is_key = |line: &&&str| !line.trim().is_empty() && !line.trim().starts_with('#');
        let indent = own.iter().find(is_key).map_or(2, |line| line.len() - line.trim_start().len());
        let within = |lines: Vec<String>, key: &str| -> Vec<String> {
            let lead = format!("  {key}: ");
            lines
                .iter()
                .filter(|line| line.starts_with(&lead))
                .map(|line| line.trim_start().to_owned())
                .collect()
        };
        let old = |key: &str| within(old("decision"), key);
        let new = |key: &str| within(new("decision"), key);
        self.mapping(own, indent, &DECISION_KEYS, &old, &new);
        below.iter().for_each(|line| self.raw(line));
    }
}

/// How a key is written.
type Said<'a> = &'a dyn Fn(&str) -> Vec<String>;

/// A key of an entry with all lines that belong to it.
struct Part<'a> {
    key: Option<&'a str>,
    lines: Vec<&'a str>,
}

impl<'a> Part<'a> {
    /// True when the keys of the value have lines of their own, and still will.
    fn is_block(&self, new: Said<'_>) -> bool {
        let first = self.lines.first().map_or("", |line| line.trim());
        let value = first.split_once(':').map_or("", |(_, value)| value.trim());
        !new("decision").is_empty() && (value.is_empty() || value.starts_with('#'))
    }

    /// Blank lines and comments below the value, which stay when it is written anew.
    fn below(&self) -> impl Iterator<Item = &'a str> {
        let keeps = |line: &&&str| line.trim().is_empty() || line.trim_start().starts_with('#');
        let count = self.lines.iter().skip(1).rev().take_while(keeps).count();
        let from = self.lines.len() - count;
        self.lines.get(from..).unwrap_or_default().to_vec().into_iter()
    }
}

fn parts<'a>(body: &[&'a str], indent: usize) -> Vec<Part<'a>> {
    let mut parts: Vec<Part<'a>> = Vec::new();
    for (number, line) in body.iter().enumerate() {
        // The first line may have the dash of the list in its indent.
        let (text, blank) =
            if number == 0 { (line.get(indent..).unwrap_or_default(), 0) } else { (*line, indent) };
        match (key_of(text, blank), parts.last_mut()) {
            (None, Some(part)) => part.lines.push(line),
            (key, _) => parts.push(Part { key, lines: vec![line] }),
        }
    }
    parts
}

/// The key that a line starts with, if it stands at that indent.
fn key_of(line: &str, indent: usize) -> Option<&str> {
    let (blank, rest) = line.split_at_checked(indent)?;
    let blank = blank.bytes().all(|byte| byte == b' ');
    let (key, value) = rest.split_once(':')?;
    let is_key =
        !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    let ends = value.is_empty() || value.starts_with([' ', '\n', '\r', '\t']);
    (blank && is_key && ends).then_some(key)
}

/// A line of a key with another value, its comment kept.
fn replaced(line: &str, key: &str, value: &str) -> String {
    format!("{key}: {value}{}", comment_of(line))
}

/// The comment at the end of a line, with the blank before it.
fn comment_of(line: &str) -> &str {
    let line = line.trim_end();
    let mut quote = None;
    let mut previous = ' ';
    for (at, character) in line.char_indices() {
        match (quote, character) {
            (None, '"' | '\'') if previous == ' ' => quote = Some(character),
            (None, '#') if previous == ' ' => {
                return line.get(at.saturating_sub(1)..).unwrap_or_default();
            }
            (Some(open), _) if character == open && previous != '\\' => quote = None,
            _inside => {}
        }
        previous = character;
    }
    ""
}

/// How a key is written, without its indent on the first line; nothing if it says nothing.
fn said(entry: &Entry, key: &str) -> Vec<String> {
    let text = |value: &str| vec![format!("{key}: {}", yaml(value))];
    let some = |value: &Option<String>| value.as_deref().map(text).unwrap_or_default();
    let moment = |value: &Option<Stamp>| {
        value.as_ref().map(|value| format!("{key}: {}", stamp(value))).into_iter().collect()
    };
    match key {
        "id" => vec![format!("id: {}", entry.id)],
        "object" => text(&entry.key.object),
        "facet" => some(&entry.key.facet),
        "change" => text(&entry.change),
        "severity" => text(&entry.severity),
        "status" => text(entry.status.label()),
        "canonical" => text(&entry.canonical),
        "live" => text(&entry.live),
        "first_seen" => vec![format!("first_seen: {}", stamp(&entry.first_seen))],
        "last_seen" => moment(&entry.last_seen),
        "resolved" => moment(&entry.resolved),
        "owner" => some(&entry.owner),
        "migration" => some(&entry.migration),
        "decision" => entry.decision.as_ref().map(decision).unwrap_or_default(),
        "notes" => some(&entry.notes),
        _no_other => Vec::new(),
    }
}

fn decision(decision: &Decision) -> Vec<String> {
    let Decision { reason, adr, approver, expires, allow_data_loss, renamed_from, of } = decision;
    let mut lines = vec!["decision:".to_owned(), format!("  reason: {}", yaml(reason))];
    let mut add = |key: &str, value: Option<String>| {
        lines.extend(value.map(|value| format!("  {key}: {value}")));
    };
    add("adr", adr.as_deref().map(yaml));
    add("approver", approver.as_deref().map(yaml));
    add("expires", expires.map(|day| day.to_string()));
    add("allow_data_loss", allow_data_loss.then(|| "true".to_owned()));
    add("renamed_from", renamed_from.as_deref().map(yaml));
    add("of", of.as_deref().map(yaml));
    lines
}

/// `{date: 2026-11-21, commit: 82df957..}`.
fn stamp(stamp: &Stamp) -> String {
    match &stamp.commit {
        Some(commit) => format!("{{date: {}, commit: {}}}", stamp.date, yaml(commit)),
        None => format!("{{date: {}}}", stamp.date),
    }
}
