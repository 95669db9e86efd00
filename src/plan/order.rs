//! The order of steps: by rank, and within that as they were made, unless a step has to
//! wait for another.
//!
//! - what needs something comes after what gives it;
//! - what takes something away comes after what frees it, and before what gives the same
//!   again or another thing of its name.
//!
//! Ready steps wait in a heap (Kahn), so the order is total and stable. In a circle the
//! first of those that are left goes, and the circle is named.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap};

use super::step::{Rank, Step};
use super::unit::Unit;
use crate::model::{Child, Ident, ObjectId, Signature};

/// Sorts the steps; also says which had to go before what they wait for.
pub(super) fn order(steps: Vec<Step>) -> (Vec<Step>, Vec<Unit>) {
    let waits = Waits::new(&steps);
    let mut hard = counts(&waits.must, steps.len());
    let mut soft = counts(&waits.wish, steps.len());
    let keys: Vec<(Rank, usize)> = steps.iter().enumerate().map(|(at, s)| (s.rank, at)).collect();
    let is_zero = |counts: &[usize], at: usize| counts.get(at) == Some(&0);
    let mut rest: BTreeSet<(Rank, usize)> = keys.iter().copied().collect();
    let mut ready: BinaryHeap<Reverse<(Rank, usize)>> = keys
        .iter()
        .filter(|(_, at)| is_zero(&hard, *at) && is_zero(&soft, *at))
        .map(|key| Reverse(*key))
        .collect();
    let mut sequence = Vec::with_capacity(steps.len());
    let mut circles = Vec::new();
    while let Some(first) = rest.first().copied() {
        let next = match ready.pop() {
            Some(Reverse(key)) => key,
            // Wishes are given up first.
            None => rest.iter().find(|(_, at)| is_zero(&hard, *at)).copied().unwrap_or_else(|| {
                circles.extend(steps.get(first.1).map(|step| step.unit.clone()));
                first
            }),
        };
        if !rest.remove(&next) {
            continue;
        }
        sequence.push(next.1);
        for (after, counts) in [(&waits.must, &mut hard), (&waits.wish, &mut soft)] {
            for later in after.get(next.1).into_iter().flatten() {
                if let Some(count) = counts.get_mut(*later) {
                    *count = count.saturating_sub(1);
                }
            }
        }
        for later in [&waits.must, &waits.wish].into_iter().filter_map(|a| a.get(next.1)).flatten()
        {
            if is_zero(&hard, *later)
                && is_zero(&soft, *later)
                && let Some(key) = keys.get(*later)
            {
                ready.push(Reverse(*key));
            }
        }
    }
    let mut steps: Vec<Option<Step>> = steps.into_iter().map(Some).collect();
    (sequence.into_iter().filter_map(|at| steps.get_mut(at)?.take()).collect(), circles)
}

/// How many steps each one waits for.
fn counts(after: &[BTreeSet<usize>], len: usize) -> Vec<usize> {
    let mut open = vec![0; len];
    for later in after.iter().flatten() {
        if let Some(count) = open.get_mut(*later) {
            *count += 1;
        }
    }
    open
}

/// For each step the steps that wait for it.
struct Waits {
    must: Vec<BTreeSet<usize>>,
    wish: Vec<BTreeSet<usize>>,
}

impl Waits {
    fn new(steps: &[Step]) -> Self {
        let mut givers: HashMap<&Unit, Vec<usize>> = HashMap::new();
        let mut takers: HashMap<&Unit, Vec<usize>> = HashMap::new();
        let mut named: HashMap<Place<'_>, Vec<usize>> = HashMap::new();
        for (at, step) in steps.iter().enumerate() {
            for unit in &step.gives {
                givers.entry(unit).or_default().push(at);
            }
            for unit in &step.takes {
                takers.entry(unit).or_default().push(at);
                for place in places(unit) {
                    named.entry(place).or_default().push(at);
                }
            }
        }
        let edge = |after: &mut Vec<BTreeSet<usize>>, first: usize, second: usize| {
            if let Some(waiting) = after.get_mut(first).filter(|_| first != second) {
                waiting.insert(second);
            }
        };
        let mut must: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); steps.len()];
        let mut wish = must.clone();
        for (at, step) in steps.iter().enumerate() {
            for giver in step.needs.iter().filter_map(|unit| givers.get(unit)).flatten() {
                edge(&mut must, *giver, at);
            }
            for giver in step.wants.iter().filter_map(|unit| givers.get(unit)).flatten() {
                edge(&mut wish, *giver, at);
            }
            for taker in step.frees.iter().filter_map(|unit| takers.get(unit)).flatten() {
                edge(&mut must, at, *taker);
            }
            for taker in step.gives.iter().filter_map(|unit| takers.get(unit)).flatten() {
                edge(&mut must, *taker, at);
            }
            for taker in step.gives.iter().flat_map(places).filter_map(|p| named.get(&p)).flatten()
            {
                edge(&mut must, *taker, at);
            }
        }
        Self { must, wish }
    }
}

/// A place that one thing only can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Place<'a> {
    /// Tables, views, sequences, indexes, types: tables are types too.
    Relation(&'a Ident, &'a Ident),
    Routine(&'a Signature),
    Child(&'a Child),
}

pub(super) fn places(unit: &Unit) -> Vec<Place<'_>> {
    let Unit::Object(id) = unit else { return Vec::new() };
    match id {
        ObjectId::Constraint(child) => {
            // The index of a key has the name of the constraint.
            vec![Place::Child(child), Place::Relation(&child.parent.namespace, &child.name)]
        }
        ObjectId::Routine(signature) | ObjectId::Aggregate(signature) => {
            vec![Place::Routine(signature)]
        }
        ObjectId::Table(name)
        | ObjectId::View(name)
        | ObjectId::MaterializedView(name)
        | ObjectId::Sequence(name)
        | ObjectId::Index(name)
        | ObjectId::Enum(name)
        | ObjectId::Domain(name)
        | ObjectId::Composite(name)
        | ObjectId::Range(name)
        | ObjectId::BaseType(name) => vec![Place::Relation(&name.namespace, &name.name)],
        _alone => Vec::new(),
    }
}
