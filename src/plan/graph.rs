//! Which unit of a schema uses which, both ways.
//!
//! In, the objects of a schema; out, their units under numbers and the edges between these
//! (`uses.rs` finds them, on all processors). A schema of 10,000 tables has a quarter of a
//! million units and four times as many edges: as numbers in two flat lists they take a few
//! megabytes and less time than the comparison.

use std::hash::RandomState;

use indexmap::IndexSet;
use rayon::prelude::*;

use super::names::Names;
use super::unit::Unit;
use super::uses;
use crate::model::{ColumnDefault, Object, ObjectId, Table};
use crate::normalize::{NormalObject, NormalSchema};

/// The units of a schema and what uses what.
#[derive(Debug, Default)]
pub(super) struct Graph {
    /// Those of the schema first, then what they use that is not part of it.
    units: IndexSet<Unit, RandomState>,
    /// How many are of the schema.
    own: usize,
    uses: Edges,
    used_by: Edges,
}

impl Graph {
    /// Looks over the schema once.
    pub fn new(schema: &NormalSchema, names: &Names<'_>) -> Self {
        let objects: Vec<(&ObjectId, &NormalObject)> = schema.iter().collect();
        let mut units = IndexSet::with_capacity_and_hasher(
            objects.len().saturating_mul(4),
            RandomState::default(),
        );
        for (id, object) in &objects {
            units.extend(units_of(id, object.object()));
        }
        let own = units.len();
        let found: Vec<Vec<Vec<Used>>> = objects
            .par_iter()
            .map(|(id, object)| {
                let all = uses_of(id, object.object(), names);
                all.into_iter().map(|uses| numbered(uses, &units)).collect()
            })
            .collect();
        let mut uses = Edges::default();
        for of_unit in found.into_iter().flatten() {
            uses.add(of_unit.into_iter().map(|used| match used {
                Used::Known(number) => number,
                Used::Foreign(unit) => number(units.insert_full(*unit).0),
            }));
        }
        let used_by = uses.reversed(units.len());
        Self { units, own, uses, used_by }
    }

    /// True when the schema has it.
    pub fn has(&self, unit: &Unit) -> bool {
        self.units.get_index_of(unit).is_some_and(|at| at < self.own)
    }

    /// What a unit uses.
    pub fn uses(&self, unit: &Unit) -> impl Iterator<Item = &Unit> {
        self.along(&self.uses, unit)
    }

    /// What uses a unit.
    pub fn used_by(&self, unit: &Unit) -> impl Iterator<Item = &Unit> {
        self.along(&self.used_by, unit)
    }

    /// True when the first unit uses the second.
    pub fn is_use(&self, user: &Unit, used: &Unit) -> bool {
        let at = |unit: &Unit| self.units.get_index_of(unit);
        match (at(user), at(used)) {
            (Some(user), Some(used)) => self.uses.of(user).contains(&number(used)),
            _one_is_unknown => false,
        }
    }

    fn along<'g>(
        &'g self,
        edges: &'g Edges,
        unit: &Unit,
    ) -> impl Iterator<Item = &'g Unit> + use<'g> {
        let of = self.units.get_index_of(unit).map_or(&[][..], |at| edges.of(at));
        of.iter().filter_map(|number| self.units.get_index(*number as usize))
    }
}

/// The units of an object: itself, and the columns of a table each with its default.
pub(super) fn units_of(id: &ObjectId, object: &Object) -> Vec<Unit> {
    let mut units = vec![Unit::from(id)];
    if let (ObjectId::Table(name), Object::Table(table)) = (id, object) {
        units.reserve(table.columns.len().saturating_mul(2));
        for column in &table.columns {
            units.push(Unit::column(name, &column.name));
            if matches!(column.default, Some(ColumnDefault::Expression(_))) {
                units.push(Unit::default(name, &column.name));
            }
        }
    }
    units
}

/// What each unit of an object uses, in the order of [`units_of`].
fn uses_of(id: &ObjectId, object: &Object, names: &Names<'_>) -> Vec<Vec<Unit>> {
    let mut all = vec![uses::of_object(id, object, names)];
    if let (ObjectId::Table(name), Object::Table(table)) = (id, object) {
        let Table { columns, .. } = &**table;
        for column in columns {
            all.push(uses::of_column(name, column, names));
            all.extend(uses::of_default(name, column, names));
        }
    }
    all
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Used {
    Known(u32),
    /// Of no object of the schema; there are few of these.
    Foreign(Box<Unit>),
}

/// Each once, in the order of their numbers.
fn numbered(uses: Vec<Unit>, units: &IndexSet<Unit, RandomState>) -> Vec<Used> {
    let of = |unit: Unit| match units.get_index_of(&unit) {
        Some(at) => Used::Known(number(at)),
        None => Used::Foreign(Box::new(unit)),
    };
    // Not in place: a unit takes six times the room of its number.
    let mut numbers = Vec::with_capacity(uses.len());
    numbers.extend(uses.into_iter().map(of));
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// A schema of more than four thousand million units fits no memory.
fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Lists of numbers, one after the other.
#[derive(Debug, Default)]
struct Edges {
    /// Where the list of each number ends.
    ends: Vec<usize>,
    to: Vec<u32>,
}

impl Edges {
    fn add(&mut self, list: impl Iterator<Item = u32>) {
        self.to.extend(list);
        self.ends.push(self.to.len());
    }

    fn of(&self, at: usize) -> &[u32] {
        let end = |at: usize| self.ends.get(at).copied();
        let start = at.checked_sub(1).map_or(Some(0), end);
        match (start, end(at)) {
            (Some(start), Some(end)) => self.to.get(start..end).unwrap_or_default(),
            _no_such_list => &[],
        }
    }

    /// The same edges from their other ends; each list in the order of what it came from.
    fn reversed(&self, len: usize) -> Self {
        let mut counts = vec![0_usize; len];
        for to in &self.to {
            if let Some(count) = counts.get_mut(*to as usize) {
                *count += 1;
            }
        }
        let mut sum = 0;
        // Where the next one of each list goes; at last, where the list ends.
        let mut next: Vec<usize> = counts
            .iter()
            .map(|count| {
                sum += count;
                sum - count
            })
            .collect();
        let mut to = vec![0; self.to.len()];
        for from in 0..self.ends.len() {
            for used in self.of(from) {
                let Some(place) = next.get_mut(*used as usize) else { continue };
                if let Some(slot) = to.get_mut(*place) {
                    *slot = number(from);
                }
                *place += 1;
            }
        }
        Self { ends: next, to }
    }
}

#[cfg(test)]
mod tests {
    use super::Edges;

    #[test]
    fn edges_reversed_lead_back() {
        let mut edges = Edges::default();
        edges.add([1, 2].into_iter());
        edges.add([].into_iter());
        edges.add([1, 3].into_iter());
        let back = edges.reversed(4);
        assert!(back.of(0).is_empty());
        assert_eq!(back.of(1), [0, 2]);
        assert_eq!(back.of(2), [0]);
        assert_eq!(back.of(3), [2]);
        assert!(back.of(4).is_empty());
    }
}
