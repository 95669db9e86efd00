//! Drawings of the graph: text with a lane for each branch, Mermaid, DOT, JSON.
//!
//! ```text
//! *   d4  merge  (head)
//! |\
//! | * c3
//! * | b2
//! |/
//! *   a1  (base)
//! ```

use std::fmt::Write;

use serde_json::json;

use super::Lineage;
use crate::emit::escape;
use crate::source::{LineIndex, Source};

/// Lanes beyond this one are not drawn.
const WIDEST: usize = 24;
/// Messages are cut.
const LONGEST: usize = 60;

/// The chain from its heads to its bases, one revision a line.
pub fn text(lineage: &Lineage) -> String {
    let mut out = String::new();
    let mut lanes: Vec<Option<usize>> = Vec::new();
    for at in &lineage.order {
        let own = lane(&mut lanes, *at);
        join(&mut lanes, *at, own, &mut out);
        let parents = lineage.parents.get(*at).map_or(&[][..], Vec::as_slice);
        let mut cells: Vec<char> =
            lanes.iter().map(|lane| if lane.is_some() { '|' } else { ' ' }).collect();
        if let Some(cell) = cells.get_mut(own) {
            *cell = '*';
        }
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{}  {}", drawn(&cells), described(lineage, *at));
        if let Some(place) = lanes.get_mut(own) {
            *place = parents.first().copied();
        }
        for parent in parents.iter().skip(1) {
            split(&mut lanes, *parent, own, &mut out);
        }
        while lanes.last() == Some(&None) {
            lanes.pop();
        }
    }
    out
}

/// The lane in which a revision is waited for, or a new one.
fn lane(lanes: &mut Vec<Option<usize>>, at: usize) -> usize {
    if let Some(found) = lanes.iter().position(|lane| *lane == Some(at)) {
        return found;
    }
    let free = lanes.iter().position(Option::is_none).unwrap_or(lanes.len());
    if free == lanes.len() {
        lanes.push(None);
    }
    if let Some(place) = lanes.get_mut(free) {
        *place = Some(at);
    }
    free
}

/// Other lanes that wait for the same revision end here.
fn join(lanes: &mut [Option<usize>], at: usize, own: usize, out: &mut String) {
    let others: Vec<usize> = lanes
        .iter()
        .enumerate()
        .filter(|(number, lane)| *number != own && **lane == Some(at))
        .map(|(number, _)| number)
        .collect();
    if others.is_empty() {
        return;
    }
    let cells: Vec<char> = lanes
        .iter()
        .enumerate()
        .map(|(number, lane)| match lane {
            Some(_) if others.contains(&number) => '/',
            Some(_) => '|',
            None => ' ',
        })
        .collect();
    let _ = writeln!(out, "{}", drawn(&cells).trim_end());
    for other in others {
        if let Some(place) = lanes.get_mut(other) {
            *place = None;
        }
    }
}

/// A further parent gets a lane of its own, unless one waits for it already.
fn split(lanes: &mut Vec<Option<usize>>, parent: usize, own: usize, out: &mut String) {
    if lanes.contains(&Some(parent)) {
        return;
    }
    let new = lane(lanes, parent);
    let cells: Vec<char> = lanes
        .iter()
        .enumerate()
        .map(|(number, lane)| match lane {
            Some(_) if number == new => {
                if new > own {
                    '\\'
                } else {
                    '/'
                }
            }
            Some(_) => '|',
            None => ' ',
        })
        .collect();
    let _ = writeln!(out, "{}", drawn(&cells).trim_end());
}

fn drawn(cells: &[char]) -> String {
    let mut out = String::new();
    for (number, cell) in cells.iter().enumerate() {
        if number >= WIDEST && *cell != '*' {
            continue;
        }
        if number >= WIDEST {
            out.push_str(".. ");
        }
        out.push(*cell);
        out.push(' ');
    }
    out.pop();
    out
}

fn described(lineage: &Lineage, at: usize) -> String {
    let Some(revision) = lineage.revisions.get(at) else { return String::new() };
    let mut out = escape::terminal(&revision.id.word);
    if !revision.message.is_empty() {
        let _ = write!(out, "  {}", shortened(&revision.message));
    }
    let said = |words: &[super::Said]| {
        let words: Vec<String> = words.iter().map(|said| escape::terminal(&said.word)).collect();
        words.join(", ")
    };
    let mut notes = Vec::new();
    if lineage.heads.contains(&at) {
        notes.push("head".to_owned());
    }
    if revision.parents.is_empty() {
        notes.push("base".to_owned());
    }
    if !revision.labels.is_empty() {
        notes.push(format!("branch {}", said(&revision.labels)));
    }
    if !revision.depends_on.is_empty() {
        notes.push(format!("depends on {}", said(&revision.depends_on)));
    }
    if !notes.is_empty() {
        let _ = write!(out, "  ({})", notes.join("; "));
    }
    out
}

fn shortened(message: &str) -> String {
    let cut: String = message.chars().take(LONGEST).collect();
    let dots = if cut.len() < message.len() { ".." } else { "" };
    format!("{}{dots}", escape::terminal(&cut))
}

/// A flow chart of Mermaid.
pub fn mermaid(lineage: &Lineage) -> String {
    let mut out = String::from("flowchart BT\n");
    for (at, revision) in lineage.revisions.iter().enumerate() {
        let label = label(&revision.id.word, &revision.message, "<br/>", |text| {
            let mut safe = String::new();
            for c in text.chars() {
                if c.is_alphanumeric() || " _.,:/()-".contains(c) {
                    safe.push(c);
                } else {
                    let _ = write!(safe, "#{};", u32::from(c));
                }
            }
            safe
        });
        let _ = writeln!(out, "    r{at}[\"{label}\"]");
    }
    edges(lineage, |from, to, depends| {
        let arrow = if depends { "-.->" } else { "-->" };
        let _ = writeln!(out, "    r{from} {arrow} r{to}");
    });
    out
}

/// A graph of Graphviz.
pub fn dot(lineage: &Lineage) -> String {
    let mut out = String::from("digraph revisions {\n    rankdir=BT;\n    node [shape=box];\n");
    for (at, revision) in lineage.revisions.iter().enumerate() {
        let label = label(&revision.id.word, &revision.message, "\\n", |text| {
            escape::terminal(text).replace('\\', "\\\\").replace('"', "\\\"")
        });
        let bold = if lineage.heads.contains(&at) { ", style=bold" } else { "" };
        let _ = writeln!(out, "    r{at} [label=\"{label}\"{bold}];");
    }
    edges(lineage, |from, to, depends| {
        let dashed = if depends { " [style=dashed]" } else { "" };
        let _ = writeln!(out, "    r{from} -> r{to}{dashed};");
    });
    out.push_str("}\n");
    out
}

fn label(id: &str, message: &str, newline: &str, safe: impl Fn(&str) -> String) -> String {
    if message.is_empty() {
        return safe(id);
    }
    let cut: String = message.chars().take(LONGEST).collect();
    format!("{}{newline}{}", safe(id), safe(&cut))
}

/// From each parent to its child, then from each dependency.
fn edges(lineage: &Lineage, mut edge: impl FnMut(usize, usize, bool)) {
    for (lists, depends) in [(&lineage.parents, false), (&lineage.dependencies, true)] {
        for (child, parents) in lists.iter().enumerate() {
            parents.iter().for_each(|parent| edge(*parent, child, depends));
        }
    }
}

/// The graph as data.
pub fn json(lineage: &Lineage, sources: &[Source]) -> String {
    let ids =
        |list: &[usize]| -> Vec<&str> { list.iter().filter_map(|at| lineage.id(*at)).collect() };
    let words = |list: &[super::Said]| -> Vec<String> {
        list.iter().map(|said| said.word.clone()).collect()
    };
    let place = |span: crate::model::Span| {
        sources.get(span.source.0 as usize).map(|source| {
            let line = LineIndex::new(&source.text).position(span.start as usize).line;
            (source.name.clone(), line)
        })
    };
    let revisions: Vec<serde_json::Value> = lineage
        .order
        .iter()
        .filter_map(|at| lineage.revisions.get(*at))
        .map(|revision| {
            let place = place(revision.id.span);
            json!({
                "revision": revision.id.word,
                "down_revision": words(&revision.parents),
                "branch_labels": words(&revision.labels),
                "depends_on": words(&revision.depends_on),
                "message": revision.message,
                "file": place.as_ref().map(|(file, _)| file.clone()),
                "line": place.as_ref().map(|(_, line)| *line),
            })
        })
        .collect();
    let faults: Vec<serde_json::Value> = lineage
        .faults
        .iter()
        .map(|fault| {
            let place = fault.span.and_then(place);
            json!({
                "message": fault.message,
                "file": place.as_ref().map(|(file, _)| file.clone()),
                "line": place.as_ref().map(|(_, line)| *line),
            })
        })
        .collect();
    let value = json!({
        "version": 1,
        "sound": lineage.is_sound(),
        "heads": ids(&lineage.heads),
        "bases": ids(&lineage.bases),
        "merges": ids(&lineage.merges),
        "revisions": revisions,
        "faults": faults,
    });
    let mut text = serde_json::to_string_pretty(&value).unwrap_or_default();
    text.push('\n');
    text
}
