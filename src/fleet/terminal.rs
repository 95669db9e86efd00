//! A fleet for a terminal: groups with their databases, then which group has which drift.

use std::collections::BTreeMap;

use super::{Finding, Group, Report};
use crate::diff::Verdict;
use crate::emit::escape::terminal;
use crate::emit::report::{TerminalStyle, link, paint, severity_color, verdict_color, wrap};

impl Report {
    /// The report for people at a terminal. With `all`, every database is named.
    pub fn terminal(&self, style: &TerminalStyle, all: bool) -> String {
        let mut out = String::new();
        if !self.drifts.is_empty() {
            matrix(self, style, &mut out);
            out.push('\n');
        }
        for group in &self.groups {
            self::group(self, group, style, all, &mut out);
        }
        failures(self, style, &mut out);
        summary(self, style, &mut out);
        out
    }

    /// `2000 databases: 1893 in sync, 104 with drift in 5 groups, 2 unknown, 1 not compared`.
    pub fn totals(&self) -> String {
        let mut parts = Vec::new();
        let with = |verdict| self.with_verdict(verdict);
        let groups = |verdict: Verdict| {
            let own = self.groups.iter().filter(|group| group.verdict == verdict);
            count(own.count(), "group", "groups")
        };
        if with(Verdict::Drift) > 0 {
            let groups = groups(Verdict::Drift);
            parts.push(format!("{} with drift in {groups}", with(Verdict::Drift)));
        }
        if with(Verdict::Unknown) > 0 {
            parts.push(format!("{} unknown", with(Verdict::Unknown)));
        }
        if with(Verdict::InSync) > 0 {
            let but = |database: &&super::Database| {
                database.verdict() == Some(Verdict::InSync) && database.accepted().next().is_some()
            };
            let but = match self.databases.iter().filter(but).count() {
                0 => String::new(),
                some => format!(" ({some} but for accepted drifts)"),
            };
            parts.push(format!("{} in sync{but}", with(Verdict::InSync)));
        }
        let failed = self.failures().count();
        if failed > 0 {
            parts.push(format!("{failed} not compared"));
        }
        format!("{}: {}", count(self.databases.len(), "database", "databases"), parts.join(", "))
    }

    /// The worst of all verdicts; unknown when something could not be compared.
    pub fn verdict(&self) -> Verdict {
        let worst = self.groups.iter().map(|group| group.verdict).max();
        let least = match (self.failures().next(), self.databases.is_empty()) {
            (None, false) => Verdict::InSync,
            (Some(_), _) | (None, true) => Verdict::Unknown,
        };
        worst.unwrap_or(Verdict::Unknown).max(least)
    }

    /// `3 drifts (1 HIGH, 2 LOW)`.
    pub fn group_counts(&self, group: &Group) -> String {
        let parts: Vec<String> = self
            .counts(group)
            .into_iter()
            .map(|(severity, count)| format!("{count} {}", severity.label()))
            .collect();
        match group.drifts.len() {
            0 => "no drift".to_owned(),
            1 => format!("1 drift ({})", parts.join(", ")),
            several => format!("{several} drifts ({})", parts.join(", ")),
        }
    }
}

/// `1 database`, `2 databases`.
pub(super) fn count(number: usize, one: &str, several: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        _ => format!("{number} {several}"),
    }
}

/// `table public.t: changed: owner`.
pub(super) fn title(drift: &Finding) -> String {
    format!("{}: {}", drift.title(), drift.drift_type())
}

/// At most so much of a live value is shown behind a title.
const LIVE: usize = 36;

/// Titles of all drifts, and whether another drift has the same.
fn titles(report: &Report) -> Vec<(String, bool)> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for drift in &report.drifts {
        *counts.entry(title(drift)).or_default() += 1;
    }
    let own = |drift: &Finding| {
        let title = title(drift);
        (terminal(&title), counts.get(&title).is_some_and(|count| *count > 1))
    };
    report.drifts.iter().map(own).collect()
}

/// A title in some columns. Where another drift has the same, the live value tells them apart,
/// from where it parts from the declared one.
fn named(drift: &Finding, title: &str, has_twin: bool, columns: usize) -> String {
    if !has_twin {
        return wrap::cut_middle(title, columns);
    }
    let most = (columns / 3).clamp(8, LIVE);
    let (canonical, live) = (terminal(&drift.canonical), terminal(&drift.live));
    let (_, live) = wrap::from_difference(&canonical, &live, most);
    let live = format!(": {}", wrap::cut(&live, most));
    let room = columns.saturating_sub(wrap::width(&live)).max(1);
    wrap::cut(&(wrap::cut_middle(title, room) + &live), columns)
}

fn painted(text: &str, code: &str, style: &TerminalStyle) -> String {
    if style.color { paint(text, code) } else { text.to_owned() }
}

/// A line for each drift, a column for each group that has one, as many as there is room for.
fn matrix(report: &Report, style: &TerminalStyle, out: &mut String) {
    let drifting: Vec<&Group> =
        report.groups.iter().filter(|group| !group.drifts.is_empty()).collect();
    let titles = titles(report);
    let width = |(title, has_twin): &(String, bool)| {
        wrap::width(title) + if *has_twin { 2 + LIVE } else { 0 }
    };
    let widest = titles.iter().map(width).max().unwrap_or(0);
    // Severity, databases, and the gaps.
    let fixed = 8 + 2 + 2 + 9 + 2;
    let room = style.width.saturating_sub(fixed);
    let letters: usize = drifting.iter().map(|group| group.name.len() + 1).sum();
    let name_width = widest.clamp(5, room.saturating_sub(letters).max(room * 2 / 3).max(20));
    let mut left = room.saturating_sub(name_width);
    let shown: Vec<&Group> = drifting
        .iter()
        .copied()
        .take_while(|group| {
            let fits = left > group.name.len();
            left = left.saturating_sub(group.name.len() + 1);
            fits
        })
        .collect();
    let head: Vec<&str> = shown.iter().map(|group| group.name.as_str()).collect();
    let line =
        format!("Severity  {}  Databases  {}", wrap::fit("Drift", name_width), head.join(" "));
    out.push_str(line.trim_end());
    out.push_str(&format!("\n{}\n", "─".repeat(wrap::width(line.trim_end()))));
    for (at, (drift, (title, has_twin))) in report.drifts.iter().zip(&titles).enumerate() {
        let severity = drift.severity.label();
        let pad = " ".repeat(8_usize.saturating_sub(severity.len()));
        let severity = painted(severity, severity_color(drift.severity), style);
        let declared = drift.declared.as_deref().and_then(|place| address(report, place));
        let name = named(drift, title, *has_twin, name_width);
        let blank = " ".repeat(name_width.saturating_sub(wrap::width(&name)));
        let name = declared.map_or_else(|| name.clone(), |to| link::to(&name, &to)) + &blank;
        let count = report.spread.get(at).copied().unwrap_or(0);
        let has = |group: &&Group| {
            let found = u32::try_from(at).is_ok_and(|at| group.drifts.binary_search(&at).is_ok());
            wrap::fit(if found { "●" } else { "·" }, group.name.len())
        };
        let cells: Vec<String> = shown.iter().map(has).collect();
        let line = format!("{severity}{pad}  {name}  {count:>9}  {}", cells.join(" "));
        out.push_str(line.trim_end());
        out.push('\n');
    }
    let hidden = drifting.len() - shown.len();
    if hidden > 0 {
        out.push_str(&format!(
            "Not enough room for {hidden} more groups: --format csv, html and json have all\n"
        ));
    }
}

fn group(report: &Report, group: &Group, style: &TerminalStyle, all: bool, out: &mut String) {
    let databases = count(group.databases.len(), "database", "databases");
    let verdict = group.verdict.label();
    let head = if group.drifts.is_empty() {
        format!("{verdict}: {databases}")
    } else {
        let drifts = report.group_counts(group);
        let fingerprint = group.fingerprint.short();
        format!("Group {}: {databases}, {verdict}, {drifts}, {fingerprint}", group.name)
    };
    wrapped(&head, group.verdict, style, out);
    let names = group.databases.iter().filter_map(|at| report.databases.get(*at));
    let names = names.map(|database| {
        let (unknown, note) = database.unknown();
        let note = note.map(|note| format!(": {note}")).unwrap_or_default();
        let mut said = Vec::new();
        let accepted = database.accepted().map(|(_, count)| count).sum::<usize>();
        if accepted > 0 {
            said.push(format!("{accepted} accepted"));
        }
        if unknown > 0 {
            said.push(format!("{unknown} not understood{note}"));
        }
        let said = if said.is_empty() { String::new() } else { format!(" ({})", said.join(", ")) };
        let address = report.links.get(&database.source).map(String::as_str);
        Listed { name: terminal(&database.name()), said: terminal(&said), address }
    });
    list(names, group.databases.len(), style, all, out);
    out.push('\n');
}

/// A database in a list.
struct Listed<'r> {
    name: String,
    /// What is said of it behind the name.
    said: String,
    /// Where the name leads to.
    address: Option<&'r str>,
}

/// A text in lines, its verdict in color.
fn wrapped(text: &str, verdict: Verdict, style: &TerminalStyle, out: &mut String) {
    let label = verdict.label();
    let color = painted(label, verdict_color(verdict), style);
    // A label of two words may be broken; then it has no color.
    for line in wrap::wrap(text, style.width.max(20)) {
        out.push_str(&line.replacen(label, &color, 1));
        out.push('\n');
    }
}

/// Names, as many as fit into three lines.
fn list<'r>(
    names: impl Iterator<Item = Listed<'r>>,
    count: usize,
    style: &TerminalStyle,
    all: bool,
    out: &mut String,
) {
    let columns = style.width.saturating_sub(2).max(20);
    let room = if all { usize::MAX } else { columns * 3 - 20 };
    let mut text = String::new();
    let mut shown = 0;
    let mut addresses = BTreeMap::new();
    for Listed { name, said, address } in names {
        if shown > 0 && wrap::width(&text) + wrap::width(&name) + wrap::width(&said) + 2 > room {
            break;
        }
        if shown > 0 {
            text.push_str(", ");
        }
        text.push_str(&name);
        text.push_str(&said);
        shown += 1;
        addresses.extend(address.map(|address| (name, address)));
    }
    if shown < count {
        text.push_str(&format!(", and {} more", count - shown));
    }
    for line in wrap::wrap(&text, columns) {
        out.push_str(&format!("  {}\n", linked(&line, &addresses)));
    }
}

/// A line of a list with its names as links. A name that is broken, or that has a comma within,
/// is none: links are made last, as they take no room.
fn linked(line: &str, addresses: &BTreeMap<String, &str>) -> String {
    if addresses.is_empty() {
        return line.to_owned();
    }
    let part = |part: &str| {
        let name = part.split(" (").next().unwrap_or_default().trim_end_matches(',');
        let rest = part.get(name.len()..).unwrap_or_default();
        addresses.get(name).map_or_else(|| part.to_owned(), |to| link::to(name, to) + rest)
    };
    line.split(", ").map(part).collect::<Vec<_>>().join(", ")
}

/// The address of a place, `file:12` or `(file:12)`.
fn address(report: &Report, place: &str) -> Option<String> {
    let bare = place.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(place);
    let (source, line) = bare.rsplit_once(':')?;
    report.links.get(source).map(|address| format!("{address}#{line}"))
}

fn failures(report: &Report, style: &TerminalStyle, out: &mut String) {
    let mut failures = report.failures().peekable();
    if failures.peek().is_none() {
        return;
    }
    out.push_str(&painted("NOT COMPARED", "1;31", style));
    out.push('\n');
    for (database, failure) in failures {
        let text = format!("{}: {}", database.name(), reason(failure));
        for line in wrap::wrap(&terminal(&text), style.width.saturating_sub(2).max(20)) {
            out.push_str(&format!("  {line}\n"));
        }
    }
    out.push('\n');
}

/// Why a database could not be compared, on one line.
pub(super) fn reason(failure: &super::Failure) -> String {
    let super::Failure { code, message, place, help: _, more } = failure;
    let place = place.as_ref().map(|place| format!(" ({place})")).unwrap_or_default();
    let more = if *more > 0 { format!(", and {more} more") } else { String::new() };
    format!("{message}{place} [{code}]{more}")
}

fn summary(report: &Report, style: &TerminalStyle, out: &mut String) {
    let verdict = report.verdict();
    wrapped(&format!("{}: {}", verdict.label(), report.totals()), verdict, style, out);
    let mut lines = vec![format!(
        "canonical: {}: {} objects",
        report.canonical.sources.join(", "),
        report.canonical.objects
    )];
    lines.extend(report.left_out().lines());
    for line in lines {
        for part in wrap::wrap(&terminal(&line), style.width.max(20)) {
            out.push_str(&format!("{part}\n"));
        }
    }
}
