//! From what files do to findings: which rule is about a change, and what excuses it.

use std::collections::BTreeMap;

use super::events::{Event, Events};
use super::rewrite::rewrites;
use super::waiver::Waivers;
use super::{Finding, Options, Rule, rules};
use crate::model::{Problem, Span, TypeName};
use crate::parse::changes::{Change, What};
use crate::source::LineIndex;

/// Knows what earlier files made.
pub(super) struct Judge<'o> {
    options: &'o Options,
    /// Types of columns, as `table.column`.
    types: BTreeMap<String, TypeName>,
}

/// What one file has made so far, and will make.
#[derive(Default)]
struct Made {
    /// Kind and name of what was created before the change that is looked at, and that name
    /// after a dot when it has a schema; true where it was surely not there before.
    created: BTreeMap<(&'static str, String), bool>,
    /// How many creations of a kind and name are still to come.
    to_come: BTreeMap<(&'static str, String), usize>,
}

impl Made {
    /// Whether the file made it. `surely`: it was not made `IF NOT EXISTS`.
    fn made(&self, kind: &'static str, name: &str, surely: bool) -> bool {
        let has =
            |name: String| self.created.get(&(kind, name)).is_some_and(|sure| *sure || !surely);
        // A name without schema may be the same object as one with.
        let other = if name.contains('.') { short(name) } else { format!(".{name}") };
        has(name.to_owned()) || has(other)
    }

    fn make(&mut self, kind: &'static str, name: &str, surely: bool) {
        self.created.insert((kind, name.to_owned()), surely);
        if name.contains('.') {
            self.created.insert((kind, format!(".{}", short(name))), surely);
        }
    }
}

impl<'o> Judge<'o> {
    pub fn new(options: &'o Options) -> Self {
        Self { options, types: BTreeMap::new() }
    }

    /// The findings of a file.
    pub fn file(&mut self, events: Events, text: &str) -> (Vec<Finding>, Vec<Problem>) {
        let lines = LineIndex::new(text);
        let mut waivers =
            Waivers::new(text, &events.comments, &events.inner, &lines, &self.options.decisions);
        let mut made = Made::default();
        for event in &events.list {
            if let What::Create(kind) = event.change.what {
                *made.to_come.entry((group(kind), last(&event.change))).or_default() += 1;
            }
        }
        let mut transaction = events.transaction;
        let mut findings = Vec::new();
        for event in &events.list {
            let change = &event.change;
            match &change.what {
                What::Begin => transaction = true,
                What::End => transaction = false,
                _no_transaction => {}
            }
            let within = transaction && !event.autocommit;
            let found = self.judge(change, &made, within);
            self.remember(change, &mut made, events.has_order);
            let mut all: Vec<(&'static Rule, String)> = found.into_iter().collect();
            if self.options.idempotent && !change.guarded {
                let message = format!("{} fails when it runs twice", object(change));
                all.push((&rules::NOT_IDEMPOTENT, message));
            }
            for (rule, message) in all {
                let waived = allowed(event, &lines, &mut waivers);
                let span = Span::new(events.source, change.range.start, change.range.end);
                findings.push(Finding { rule, message, span, waived });
            }
        }
        findings.extend(waivers.findings(events.source));
        (findings, events.problems)
    }

    fn remember(&mut self, change: &Change, made: &mut Made, has_order: bool) {
        match &change.what {
            What::Create(kind) => {
                let key = (group(kind), last(change));
                if let Some(number) = made.to_come.get_mut(&key) {
                    *number = number.saturating_sub(1);
                }
                made.make(group(kind), &change.object, !change.guarded);
            }
            What::AddColumn(Some(ty)) if has_order => {
                self.types.insert(change.object.clone(), ty.clone());
            }
            What::AlterType { to: Some(ty), .. } if has_order => {
                self.types.insert(change.object.clone(), ty.clone());
            }
            What::RenameTable | What::RenameColumn | What::DropColumn | What::Drop("table") => {
                let gone = &change.object;
                let below = format!("{gone}.");
                self.types.retain(|column, _| column != gone && !column.starts_with(&below));
            }
            _nothing_to_know => {}
        }
    }

    fn judge(&self, change: &Change, made: &Made, within: bool) -> Option<(&'static Rule, String)> {
        let name = object(change);
        let table = change.table.as_deref().unwrap_or_default();
        let destroys = matches!(
            change.what,
            What::DropColumn
                | What::DropConstraint
                | What::Truncate
                | What::DeleteAll
                | What::OpenRows(_)
        );
        let new = !table.is_empty() && made.made("table", table, destroys);
        match &change.what {
            What::Dynamic(why) => {
                return Some((
                    &rules::NOT_ANALYSABLE,
                    format!("what runs here is not known: {why}"),
                ));
            }
            What::GrantPublic => {
                return Some((
                    &rules::GRANT_PUBLIC,
                    format!("everybody gets a privilege on {name}"),
                ));
            }
            What::Alone(what) if within => {
                return Some((
                    &rules::IN_TRANSACTION,
                    format!("{what} cannot run in a transaction, where this runs"),
                ));
            }
            What::Drop(kind) => return drop(kind, change, made, &name),
            _about_a_table if new => return None,
            _judged_below => {}
        }
        let (rule, message): (&'static Rule, String) = match &change.what {
            What::DropColumn => (&rules::DROP_COLUMN, format!("drops column {name}")),
            What::DropConstraint => (&rules::DROP_CONSTRAINT, format!("drops constraint {name}")),
            What::Truncate => (&rules::TRUNCATE, format!("removes all rows of {name}")),
            What::DeleteAll => (&rules::DELETE_ALL, format!("deletes all rows of {name}")),
            What::UpdateAll => (&rules::UPDATE_ALL, format!("changes all rows of {name} at once")),
            What::AddNotNull => (
                &rules::ADD_NOT_NULL,
                format!("adds {name} NOT NULL without a default, which fails when there are rows"),
            ),
            What::VolatileDefault(why) => {
                (&rules::VOLATILE_DEFAULT, format!("adds {name} and rewrites the table: {why}"))
            }
            What::SetNotNull => (
                &rules::SET_NOT_NULL,
                format!("makes {name} NOT NULL, reading the whole table while it is locked"),
            ),
            What::AlterType { from, to, converted } => {
                let known = from.as_ref().or_else(|| self.types.get(&change.object));
                match (known, to) {
                    (Some(from), Some(to)) if !converted && !rewrites(from, to) => return None,
                    (Some(_), Some(_)) => (
                        &rules::ALTER_TYPE,
                        format!("changes the type of {name}, rewriting or reading the whole table"),
                    ),
                    _not_known => (
                        &rules::ALTER_TYPE,
                        format!(
                            "changes the type of {name}, which rewrites the table unless it only widens; the old type is not said here"
                        ),
                    ),
                }
            }
            What::BuildIndex => (
                &rules::INDEX_BLOCKS,
                format!("builds index {name} of {table}, where writes wait meanwhile"),
            ),
            What::Validate(kind) => (
                &rules::CONSTRAINT_VALIDATES,
                format!("adds {kind} on {name} and reads the whole table while writes wait"),
            ),
            What::BuildKey(kind) => (
                &rules::CONSTRAINT_BUILDS,
                format!("adds {kind} on {name} and builds its index while everything waits"),
            ),
            What::RenameTable => (
                &rules::RENAME_TABLE,
                format!("renames or moves {name}, which code that runs now still uses"),
            ),
            What::RenameColumn => (
                &rules::RENAME_COLUMN,
                format!("renames {name}, which code that runs now still uses"),
            ),
            What::OpenRows(what) => (&rules::RLS_OFF, format!("{what} on {name}")),
            What::Create(_) | What::AddColumn(_) | What::Alone(_) | What::Begin | What::End => {
                return None;
            }
            What::Drop(_) | What::GrantPublic | What::Dynamic(_) => return None,
        };
        Some((rule, message))
    }
}

/// What is dropped, unless the same file made it, or makes it again where that loses nothing.
fn drop(
    kind: &'static str,
    change: &Change,
    made: &Made,
    name: &str,
) -> Option<(&'static Rule, String)> {
    let key = (group(kind), last(change));
    if made.made(group(kind), &change.object, true) {
        return None;
    }
    let replaced = matches!(group(kind), "view" | "function" | "trigger" | "policy" | "rule");
    if replaced && made.to_come.get(&key).is_some_and(|number| *number > 0) {
        return None;
    }
    let rule = match group(kind) {
        "table" => &rules::DROP_TABLE,
        "schema" => &rules::DROP_SCHEMA,
        "index" => &rules::DROP_INDEX,
        "view" => &rules::DROP_VIEW,
        "type" => &rules::DROP_TYPE,
        "function" => &rules::DROP_FUNCTION,
        "policy" => &rules::DROP_POLICY,
        _another_kind => &rules::DROP_OBJECT,
    };
    Some((rule, format!("drops {kind} {name}")))
}

/// Kinds that one rule is about.
fn group(kind: &'static str) -> &'static str {
    match kind {
        "foreign table" => "table",
        "materialized view" => "view",
        "domain" => "type",
        "procedure" | "routine" | "aggregate" => "function",
        "database" => "schema",
        own => own,
    }
}

/// A name without its schema, as it may be left out in one place and said in another.
fn short(name: &str) -> String {
    name.rsplit('.').next().unwrap_or(name).to_owned()
}

/// The name that a creation and a drop of one object have in common.
fn last(change: &Change) -> String {
    match &change.what {
        What::Create("trigger" | "policy" | "rule") | What::Drop("trigger" | "policy" | "rule") => {
            let mut parts = change.object.rsplit('.');
            let (name, table) =
                (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            format!("{table}.{name}")
        }
        _own_name => short(&change.object),
    }
}

fn object(change: &Change) -> String {
    if change.object.is_empty() { "it".to_owned() } else { change.object.clone() }
}

/// The decision that allows an event, by comments at the SQL or around it.
fn allowed(event: &Event, lines: &LineIndex<'_>, waivers: &mut Waivers) -> Option<String> {
    let mut decision = None;
    let places = std::iter::once((&event.statement, false));
    for (range, around) in places.chain(event.around.iter().map(|range| (range, true))) {
        let first = lines.position(range.start).line;
        let last = lines.position(range.end.saturating_sub(1).max(range.start)).line;
        decision = decision.or(waivers.allow(first, last, around));
    }
    decision
}
