//! Which units that go away wait for each other.
//!
//! What is part of a table goes with the table, in one statement. Where a part uses
//! something that uses the table (a policy over a view of the table, foreign keys both
//! ways) the part has to go first, by a statement of its own. Found as strongly connected
//! components (Tarjan) over what goes away, each container with its parts as one node.

use std::collections::HashMap;

use super::changes::{Change, Changes, Sides};
use super::unit::Unit;
use crate::diff::container;
use crate::model::{Object, ObjectId};

/// The component of each node that goes away.
#[derive(Debug, Default)]
pub(super) struct Circles {
    components: HashMap<Unit, usize>,
}

impl Circles {
    /// Looks over all that goes away.
    pub fn new(sides: Sides<'_, '_>, changes: &Changes) -> Self {
        let mut nodes: Vec<Unit> = Vec::new();
        let mut numbers: HashMap<Unit, usize> = HashMap::new();
        let mut edges: Vec<Vec<usize>> = Vec::new();
        let gone: Vec<&Unit> = changes
            .iter()
            .filter(|(unit, _)| changes.is_gone(unit))
            .map(|(unit, _)| unit)
            .collect();
        let mut number = |unit: Unit, edges: &mut Vec<Vec<usize>>| {
            *numbers.entry(unit.clone()).or_insert_with(|| {
                nodes.push(unit);
                edges.push(Vec::new());
                edges.len() - 1
            })
        };
        for unit in gone {
            let own = number(node(unit, sides, changes), &mut edges);
            for used in sides.from.uses(unit).filter(|used| changes.is_gone(used)) {
                let other = number(node(used, sides, changes), &mut edges);
                if let Some(list) = edges.get_mut(own).filter(|_| own != other) {
                    list.push(other);
                }
            }
        }
        let components = components(&edges);
        Self { components: nodes.into_iter().zip(components).collect() }
    }

    /// True when a part uses something that waits for what the part goes with.
    pub fn is_in_circle(
        &self,
        unit: &Unit,
        holder: &Unit,
        sides: Sides<'_, '_>,
        changes: &Changes,
    ) -> bool {
        let own = self.components.get(holder);
        own.is_some()
            && sides.from.uses(unit).any(|used| {
                let other = node(used, sides, changes);
                other != *holder && self.components.get(&other) == own
            })
    }
}

/// What a unit goes with: the outermost that goes.
fn node(unit: &Unit, sides: Sides<'_, '_>, changes: &Changes) -> Unit {
    holder(unit, sides, changes).unwrap_or_else(|| unit.clone())
}

/// The relation, type or column that takes a unit with it when it is dropped.
pub(super) fn holder(unit: &Unit, sides: Sides<'_, '_>, changes: &Changes) -> Option<Unit> {
    let is_gone = |holder: &Unit| {
        matches!(changes.of(holder), Some(Change::Drop | Change::Rebuild | Change::Swap))
    };
    match unit {
        Unit::Object(ObjectId::Column(child)) => {
            let table = Unit::Object(ObjectId::Table(child.parent.clone()));
            is_gone(&table).then_some(table)
        }
        Unit::Default(child) => {
            let table = Unit::Object(ObjectId::Table(child.parent.clone()));
            let column = Unit::Object(ObjectId::Column(child.clone()));
            [table, column].into_iter().find(is_gone)
        }
        Unit::Object(id) => {
            let object = sides.from.object(id)?;
            let name = container(id, object)?;
            let column = match object {
                Object::Sequence(sequence) => sequence.owned_by.as_ref(),
                _no_sequence => None,
            };
            let column = column.map(|(table, column)| Unit::column(table, column));
            [
                ObjectId::Table(name.clone()),
                ObjectId::View(name.clone()),
                ObjectId::MaterializedView(name.clone()),
                ObjectId::Domain(name.clone()),
            ]
            .iter()
            .map(Unit::from)
            .chain(column)
            .find(is_gone)
        }
        Unit::Old(_) => None,
    }
}

/// The component of each node, by number.
fn components(edges: &[Vec<usize>]) -> Vec<usize> {
    const NONE: usize = usize::MAX;
    let mut index = vec![NONE; edges.len()];
    let mut low = vec![NONE; edges.len()];
    let mut component = vec![NONE; edges.len()];
    let (mut next, mut count) = (0, 0);
    let mut stack: Vec<usize> = Vec::new();
    for start in 0..edges.len() {
        if index.get(start) != Some(&NONE) {
            continue;
        }
        // Each frame: a node, and how many of its edges are followed.
        let mut frames: Vec<(usize, usize)> = vec![(start, 0)];
        while let Some((node, followed)) = frames.pop() {
            if followed == 0 {
                set(&mut index, node, next);
                set(&mut low, node, next);
                next += 1;
                stack.push(node);
            }
            let list = edges.get(node).map_or(&[][..], Vec::as_slice);
            if let Some(other) = list.get(followed).copied() {
                frames.push((node, followed + 1));
                if get(&index, other) == NONE {
                    frames.push((other, 0));
                } else if get(&component, other) == NONE {
                    let lowest = get(&low, node).min(get(&index, other));
                    set(&mut low, node, lowest);
                }
                continue;
            }
            if get(&low, node) == get(&index, node) {
                while let Some(member) = stack.pop() {
                    set(&mut component, member, count);
                    if member == node {
                        break;
                    }
                }
                count += 1;
            }
            if let Some((parent, _)) = frames.last().copied() {
                let lowest = get(&low, parent).min(get(&low, node));
                set(&mut low, parent, lowest);
            }
        }
    }
    component
}

fn get(values: &[usize], at: usize) -> usize {
    values.get(at).copied().unwrap_or(usize::MAX)
}

fn set(values: &mut [usize], at: usize, value: usize) {
    if let Some(place) = values.get_mut(at) {
        *place = value;
    }
}

#[cfg(test)]
mod tests {
    use super::components;

    #[test]
    fn nodes_that_reach_each_other_are_one_component() {
        let of = components(&[vec![1], vec![2], vec![0], vec![0, 4], vec![]]);
        assert_eq!(of[0], of[1]);
        assert_eq!(of[1], of[2]);
        assert_ne!(of[3], of[0]);
        assert_ne!(of[4], of[3]);
    }
}
