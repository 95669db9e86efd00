//! Rows that a migration should keep: their number and what is in them, before and after.
//!
//! In, a scratch database with rows; out, its counts and checksums, and what of them is lost
//! after a migration. Surprising: a column counts only while it keeps its name and type, and
//! a table or column that the migration deletes on purpose does not count at all.

use std::collections::{BTreeMap, BTreeSet};

use pgcanon::emit::escape::terminal;
use pgcanon::model::{Child, ObjectId, Problem, QualifiedName};
use pgcanon::plan::{Hazard, Plan, Rename};
use pgcanon::source::Scratch;

const FILL: &str = include_str!("fill.sql");
const SUMS: &str = include_str!("sums.sql");

/// Makes up to so many rows in each table.
pub(super) fn fill(scratch: &Scratch<'_>, rows: u32) -> Result<(), Problem> {
    scratch.run(&FILL.replace("$ROWS$", &rows.to_string()))
}

/// Counts and checksums of a database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sums {
    rows: BTreeMap<QualifiedName, u64>,
    /// The type and the checksum of each column.
    columns: BTreeMap<Child, (String, String)>,
}

impl Sums {
    /// Counts.
    pub fn of(scratch: &Scratch<'_>) -> Result<Self, Problem> {
        let mut sums = Self::default();
        for line in scratch.lines(SUMS)? {
            let found: Option<[Option<String>; 5]> = serde_json::from_str(&line).ok();
            let Some([Some(namespace), Some(relation), attribute, ty, Some(value)]) = found else {
                continue;
            };
            let table = QualifiedName::new(&namespace, &relation);
            match attribute.zip(ty) {
                Some((attribute, ty)) => {
                    let column = Child::new(table, attribute.as_str().into());
                    sums.columns.insert(column, (ty, value));
                }
                None => {
                    sums.rows.insert(table, value.parse().unwrap_or(0));
                }
            }
        }
        Ok(sums)
    }

    /// All rows, and the tables that have some.
    pub fn total(&self) -> (u64, usize) {
        (self.rows.values().sum(), self.rows.values().filter(|rows| **rows > 0).count())
    }

    /// The same with the names that things have after renames.
    pub fn renamed(mut self, renames: &[Rename]) -> Self {
        for rename in renames {
            match rename.names() {
                (ObjectId::Column(old), ObjectId::Column(new)) => {
                    if let Some(sum) = self.columns.remove(&old) {
                        self.columns.insert(new, sum);
                    }
                }
                (ObjectId::Table(old), ObjectId::Table(new)) => self.rename_table(&old, &new),
                _no_rows => {}
            }
        }
        self
    }

    fn rename_table(&mut self, old: &QualifiedName, new: &QualifiedName) {
        if let Some(rows) = self.rows.remove(old) {
            self.rows.insert(new.clone(), rows);
        }
        let columns = std::mem::take(&mut self.columns);
        let rename = |(mut column, sum): (Child, (String, String))| {
            if column.parent == *old {
                column.parent = new.clone();
            }
            (column, sum)
        };
        self.columns = columns.into_iter().map(rename).collect();
    }

    /// Leaves out what a plan deletes on purpose. Says what that is.
    pub fn without_deleted(&mut self, plan: &Plan) -> Vec<String> {
        let deleted: BTreeSet<ObjectId> = plan
            .steps
            .iter()
            .filter(|step| step.hazards.contains(&Hazard::DataLoss))
            .map(|step| step.unit.object())
            .collect();
        let mut said = Vec::new();
        self.rows.retain(|table, rows| {
            let is_deleted = deleted.contains(&ObjectId::Table(table.clone()));
            if is_deleted && *rows > 0 {
                let name = pgcanon::emit::report::object_name(&ObjectId::Table(table.clone()));
                said.push(terminal(&format!("table {name}: {rows} rows are deleted on purpose")));
            }
            !is_deleted
        });
        let rows = &self.rows;
        self.columns.retain(|column, _| {
            rows.contains_key(&column.parent)
                && !deleted.contains(&ObjectId::Column(column.clone()))
        });
        said
    }

    /// Keeps only what the other has too: what was taken away has nothing to keep.
    pub fn within(&mut self, other: &Self) {
        self.rows.retain(|table, _| other.rows.contains_key(table));
        self.columns.retain(|column, (ty, _)| {
            other.columns.get(column).is_some_and(|(other, _)| other == ty)
        });
    }

    /// What of these is not in the other, a line each.
    pub fn lost_in(&self, after: &Self) -> Vec<String> {
        let mut lost = Vec::new();
        for (table, rows) in &self.rows {
            let name = pgcanon::emit::report::object_name(&ObjectId::Table(table.clone()));
            match after.rows.get(table) {
                Some(left) if left == rows => {}
                Some(left) => lost.push(format!("table {name}: {rows} rows before, {left} after")),
                None => lost.push(format!("table {name}: gone with {rows} rows")),
            }
        }
        for (column, (ty, sum)) in &self.columns {
            let other = after.columns.get(column);
            if let Some((other_type, other)) = other
                && other_type == ty
                && other != sum
            {
                let id = ObjectId::Column(column.clone());
                let name = pgcanon::emit::report::object_name(&id);
                lost.push(format!("column {name}: other values than before"));
            }
        }
        lost.iter().map(|line| terminal(line)).collect()
    }
}
