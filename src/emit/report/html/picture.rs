//! The tables that drift and the foreign keys between them, as SVG.
//!
//! Tables stand in a grid in the order of the report; a key is a line from the table that has it
//! to the one it refers to. It is a picture of where to look, not of the schema: tables that do
//! not drift are left out, and of many tables only the worst are shown.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::super::wrap;
use super::{Report, Side, class, text};
use crate::diff::Severity;
use crate::emit::escape::terminal;
use crate::model::{ConstraintDefinition, Object, ObjectId, Pair};

/// With more tables than this a picture shows nothing: the worst are drawn.
const MOST: usize = 40;
const WIDTH: usize = 230;
const HEIGHT: usize = 54;
const GAP: usize = 46;
const COLUMNS: usize = 4;
/// About as much of a name as fits into a box, which clips the rest.
const COLUMNS_OF_TEXT: usize = 29;

/// A table of the picture.
struct Shown {
    name: String,
    first_id: String,
    drifts: usize,
    worst: Severity,
}

/// Draws it; empty when there is nothing to draw or too much.
pub(super) fn draw(report: &Report, sides: Pair<Side<'_>>) -> String {
    let keys = keys(sides);
    let mut tables: Vec<Shown> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let names = table_names(sides);
    let holders = holders(report, sides);
    for row in &report.rows {
        let holder = holders.get(&row.title()).filter(|name| names.contains(*name)).cloned();
        let Some(name) = holder.or_else(|| table_of(&row.object, &names)) else { continue };
        let at = *places.entry(name.clone()).or_insert_with(|| {
            let first_id = row.id.clone();
            tables.push(Shown { name, first_id, drifts: 0, worst: Severity::Low });
            tables.len() - 1
        });
        if let Some(table) = tables.get_mut(at) {
            table.drifts += 1;
            table.worst = table.worst.max(row.severity);
        }
    }
    // A key that only one side has shows both its ends.
    let ends = keys.iter().filter(|(_, on_both)| !**on_both);
    for name in ends.flat_map(|((from, to), _)| [from, to]) {
        places.entry(name.clone()).or_insert_with(|| {
            let name = name.clone();
            tables.push(Shown { name, first_id: String::new(), drifts: 0, worst: Severity::Low });
            tables.len() - 1
        });
    }
    if tables.is_empty() {
        return String::new();
    }
    let all = tables.len();
    if all > MOST {
        tables.sort_by_key(|table| std::cmp::Reverse((table.worst, table.drifts)));
        tables.truncate(MOST);
        places = tables.iter().map(|table| table.name.clone()).zip(0..).collect();
    }
    let rows = tables.len().div_ceil(COLUMNS);
    let columns = tables.len().min(COLUMNS);
    let (width, height) = (columns * (WIDTH + GAP) + GAP, rows * (HEIGHT + GAP) + GAP);
    let mut out = format!(
        "<div class=\"picture\" tabindex=\"0\" role=\"region\" aria-label=\"Picture of the tables that drift\">\
         <svg width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"group\" aria-label=\"{all} tables, each a link to its first drift\">\
         <defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path class=\"tip\" d=\"M0 0L8 4L0 8z\"/></marker></defs>\n",
    );
    for ((from, to), on_both) in &keys {
        if let (Some(from), Some(to)) = (places.get(from), places.get(to))
            && from != to
        {
            line(*from, *to, *on_both, &mut out);
        }
    }
    for (at, table) in tables.iter().enumerate() {
        boxed(at, table, &mut out);
    }
    out.push_str("</svg></div>\n<p class=\"soft\">");
    if all > MOST {
        out.push_str(&format!("The {MOST} worst of {all} tables. "));
    }
    out.push_str("A dashed line is a foreign key that only one side has.</p>\n");
    out
}

/// The names of all tables, as reports show them.
fn table_names(sides: Pair<Side<'_>>) -> BTreeSet<String> {
    let is_table = |id: &&ObjectId| matches!(id, ObjectId::Table(_));
    let ids = [sides.canonical.schema, sides.live.schema].into_iter().flatten().map(|(id, _)| id);
    ids.filter(is_table).map(super::super::object_name).collect()
}

/// The relations of what is named beside them, as indexes are, by title.
fn holders(report: &Report, sides: Pair<Side<'_>>) -> BTreeMap<String, String> {
    let wanted: BTreeSet<String> = report.rows.iter().map(super::Row::title).collect();
    let mut found = BTreeMap::new();
    for (id, object) in [sides.canonical.schema, sides.live.schema].into_iter().flatten() {
        let Some(holder) = crate::diff::container(id, object.object()) else { continue };
        let title = format!("{} {}", id.kind().label(), super::super::object_name(id));
        if wanted.contains(&title) {
            let holder = ObjectId::Table(holder.clone());
            found.insert(title, super::super::object_name(&holder));
        }
    }
    found
}

/// The table that an object is, or is a part of.
fn table_of(object: &str, names: &BTreeSet<String>) -> Option<String> {
    if names.contains(object) {
        return Some(object.to_owned());
    }
    // A quoted name may hold dots.
    let mut parents = object.rmatch_indices('.').filter_map(|(at, _)| object.get(..at));
    parents.find(|parent| names.contains(*parent)).map(str::to_owned)
}

/// Foreign keys from table to table, and whether both sides have one.
fn keys(sides: Pair<Side<'_>>) -> BTreeMap<(String, String), bool> {
    let of = |side: Side<'_>| -> BTreeSet<(String, String)> {
        let key = |(id, object): (&ObjectId, &crate::normalize::NormalObject)| match (
            id,
            object.object(),
        ) {
            (ObjectId::Constraint(child), Object::Constraint(constraint)) => {
                match &constraint.definition {
                    ConstraintDefinition::ForeignKey(key) => {
                        let table = |name: &crate::model::QualifiedName| {
                            super::super::object_name(&ObjectId::Table(name.clone()))
                        };
                        Some((table(&child.parent), table(&key.target)))
                    }
                    _other => None,
                }
            }
            _other => None,
        };
        side.schema.into_iter().filter_map(key).collect()
    };
    let Pair { canonical, live } = sides.map(of);
    let all = canonical.union(&live).cloned();
    all.map(|key| (key.clone(), canonical.contains(&key) && live.contains(&key))).collect()
}

fn corner(at: usize) -> (usize, usize) {
    (GAP + (at % COLUMNS) * (WIDTH + GAP), GAP + (at / COLUMNS) * (HEIGHT + GAP))
}

fn boxed(at: usize, table: &Shown, out: &mut String) {
    let (x, y) = corner(at);
    let Shown { name, first_id, drifts, worst } = table;
    let short = wrap::cut_start(&terminal(name), COLUMNS_OF_TEXT);
    let said = match drifts {
        0 => "no drift of its own".to_owned(),
        1 => format!("1 drift, {}", worst.label()),
        several => format!("{several} drifts, {}", worst.label()),
    };
    let (class, link) = match drifts {
        0 => ("", "#drifts".to_owned()),
        _some => (class(*worst), format!("#{}", text(first_id))),
    };
    out.push_str(&format!(
        "<a href=\"{link}\"><title>{}</title><rect class=\"box {class}\" x=\"{x}\" y=\"{y}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" rx=\"6\"/>\
         <svg x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{HEIGHT}\"><text x=\"10\" y=\"22\">{}</text><text class=\"soft\" x=\"10\" y=\"42\">{said}</text></svg></a>\n",
        text(name),
        WIDTH - 6,
        text(&short),
    ));
}

/// From the border of one box to that of another, around the rows between.
fn line(from: usize, to: usize, on_both: bool, out: &mut String) {
    let ((x1, y1), (x2, y2)) = (corner(from), corner(to));
    let middle = |x: usize| x + WIDTH / 2;
    let right = x1 < x2;
    let side = |x: usize, right: bool| if right { x + WIDTH } else { x };
    let (start, end) = match y1.cmp(&y2) {
        Ordering::Equal => {
            ((side(x1, right), y1 + HEIGHT / 2), (side(x2, !right), y2 + HEIGHT / 2))
        }
        Ordering::Less => ((middle(x1), y1 + HEIGHT), (middle(x2), y2)),
        Ordering::Greater => ((middle(x1), y1), (middle(x2), y2 + HEIGHT)),
    };
    let class = if on_both { "key" } else { "key drifted" };
    // Beyond the next box, a line in one row goes below it.
    let far = y1 == y2 && x1.abs_diff(x2) > WIDTH + GAP;
    let path = if far {
        let low = y1 + HEIGHT + GAP / 2;
        format!(
            "M{} {}C{} {low} {} {low} {} {}",
            middle(x1),
            y1 + HEIGHT,
            middle(x1),
            middle(x2),
            middle(x2),
            y2 + HEIGHT
        )
    } else {
        format!("M{} {}L{} {}", start.0, start.1, end.0, end.1)
    };
    out.push_str(&format!("<path class=\"{class}\" marker-end=\"url(#tip)\" d=\"{path}\"/>\n"));
}
