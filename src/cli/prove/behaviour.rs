//! What a database does, beside what its dump says: values that a CHECK lets in, rows that
//! row security shows.
//!
//! In, a scratch database before and after a migration; out, lines for the transcript and
//! whether it behaves as declared. Surprising: values are tried on a copy of the table that
//! has its CHECKs and nothing else, so that no valid row has to be made up.

use std::collections::{BTreeMap, BTreeSet};

use pgcanon::emit::escape::terminal;
use pgcanon::emit::report::object_name;
use pgcanon::emit::sql::{SqlWriter, Style};
use pgcanon::model::{Child, ObjectId, Pair, Problem, QualifiedName};
use pgcanon::source::Scratch;

const LISTS: &str = include_str!("lists.sql");
const PROBE: &str = include_str!("probe.sql");
const SEEN: &str = include_str!("seen.sql");

/// The values that columns take by a CHECK.
pub(super) type Lists = BTreeMap<Child, BTreeSet<String>>;

/// Reads them from a database.
pub(super) fn lists(scratch: &Scratch<'_>) -> Result<Lists, Problem> {
    let mut lists = Lists::new();
    for line in scratch.lines(LISTS)? {
        let found: Option<(String, String, String, Option<BTreeSet<String>>)> =
            serde_json::from_str(&line).ok();
        if let Some((namespace, relation, column, Some(values))) = found {
            lists.entry(child(&namespace, &relation, &column)).or_default().extend(values);
        }
    }
    Ok(lists)
}

fn child(namespace: &str, relation: &str, column: &str) -> Child {
    Child::new(QualifiedName::new(namespace, relation), column.into())
}

/// The columns whose lists differ, with all values that either side has.
pub(super) fn changed(lists: Pair<&Lists>) -> Lists {
    let mut changed = Lists::new();
    for (column, canonical) in lists.canonical {
        if let Some(live) = lists.live.get(column).filter(|live| *live != canonical) {
            changed.insert(column.clone(), canonical.union(live).cloned().collect());
        }
    }
    changed
}

/// Tries values. Adds a line for each column; false when one does not do as the list says.
pub(super) fn probe(
    scratch: &Scratch<'_>,
    values: &Lists,
    wanted: &Lists,
    said: &mut Vec<String>,
) -> Result<bool, Problem> {
    if values.is_empty() {
        return Ok(true);
    }
    let probes: Vec<[&str; 4]> = values
        .iter()
        .flat_map(|(column, values)| {
            values.iter().map(|value| {
                let table = &column.parent;
                [table.namespace.as_str(), table.name.as_str(), column.name.as_str(), value]
            })
        })
        .collect();
    let mut writer = SqlWriter::new(Style::LINES);
    writer.string(&serde_json::json!(probes).to_string());
    let mut taken: BTreeMap<Child, [Vec<String>; 2]> = BTreeMap::new();
    let mut holds = true;
    for line in scratch.lines(&PROBE.replace("$PROBES$", &writer.finish()))? {
        let found: Option<(String, String, String, String, bool)> =
            serde_json::from_str(&line).ok();
        let Some((namespace, relation, column, value, is_taken)) = found else { continue };
        let column = child(&namespace, &relation, &column);
        let is_wanted = wanted.get(&column).is_some_and(|list| list.contains(&value));
        let entry = taken.entry(column).or_default();
        let [accepted, refused] = entry;
        let note = if is_wanted == is_taken { "" } else { " (UNEXPECTED)" };
        holds &= is_wanted == is_taken;
        let list = if is_taken { accepted } else { refused };
        list.push(format!("{value}{note}"));
    }
    for (column, [accepted, refused]) in taken {
        let name = object_name(&ObjectId::Column(column));
        let line = format!(
            "CHECK of {name}: takes {}; refuses {}",
            accepted.join(", "),
            if refused.is_empty() { "none of the others".to_owned() } else { refused.join(", ") }
        );
        said.push(terminal(&line));
    }
    Ok(holds)
}

/// What a role sees of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sight {
    /// Row security applies to the role.
    kept: bool,
    /// How many policies let it see rows.
    policies: u32,
    /// How many rows, or why none.
    seen: String,
    total: u64,
}

/// What each role sees, by table and role.
pub(super) type Sights = BTreeMap<(QualifiedName, String), Sight>;

/// Looks at all tables with row security as each role.
pub(super) fn sights(scratch: &Scratch<'_>) -> Result<Sights, Problem> {
    let mut sights = Sights::new();
    for line in scratch.lines(SEEN)? {
        let found: Option<(String, String, String, bool, u32, String, u64)> =
            serde_json::from_str(&line).ok();
        if let Some((namespace, relation, role, kept, policies, seen, total)) = found {
            let table = QualifiedName::new(&namespace, &relation);
            sights.insert((table, role), Sight { kept, policies, seen, total });
        }
    }
    Ok(sights)
}

/// Says what changed; false when a role sees rows that no policy shows it.
pub(super) fn compare(before: &Sights, after: &Sights, said: &mut Vec<String>) -> bool {
    let mut holds = true;
    let all: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    for key in all {
        let (table, role) = key;
        let text = |sights: &Sights| {
            sights.get(key).map_or("not under row security".to_owned(), |sight| {
                match sight.seen.parse::<u64>() {
                    Ok(seen) => format!("{seen} of {} rows", sight.total),
                    Err(_) => format!("nothing ({})", sight.seen),
                }
            })
        };
        let is_wider = after.get(key).is_some_and(|sight| {
            sight.kept && sight.policies == 0 && sight.seen.parse::<u64>().is_ok_and(|n| n > 0)
        });
        holds &= !is_wider;
        let (old, new) = (text(before), text(after));
        if old != new || is_wider {
            let name = object_name(&ObjectId::Table(table.clone()));
            let wider = if is_wider { " (NO POLICY ALLOWS IT)" } else { "" };
            let line = format!("role {role} sees of {name}: {new}; before: {old}{wider}");
            said.push(terminal(&line));
        }
    }
    holds
}
