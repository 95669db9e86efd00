//! Part of a migration: the steps of chosen drifts, and the steps without which these
//! cannot run or would leave something torn down.
//!
//! In, a migration and the ids of drifts; out, the migration without the other steps, and
//! the drifts that had to come along. Surprising: both directions are chosen together, as
//! the way down has to bring back exactly what the way up changed. A column needs its type
//! on the way up; nothing needs that the type is dropped on the way down.

use std::borrow::Borrow;
use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;

use super::order::{Place, places};
use super::script::Causes;
use super::{Migration, Plan, Step, Unit};
use crate::model::ObjectId;

impl Migration {
    /// Keeps the steps of some drifts and what they depend on. Returns the drifts that come
    /// along, in order.
    pub fn select(&mut self, causes: &Causes, ids: &BTreeSet<String>) -> Vec<String> {
        let mut chosen = Chosen { ids: ids.clone(), objects: BTreeSet::new() };
        loop {
            let before = (chosen.ids.len(), chosen.objects.len());
            let ways = [&self.up, &self.down].map(|plan| Ways::new(&plan.steps, causes));
            let kept = ways.map(|ways| ways.close(&mut chosen));
            if before != (chosen.ids.len(), chosen.objects.len()) {
                continue;
            }
            let [up, down] = kept;
            keep(&mut self.up, &up);
            keep(&mut self.down, &down);
            return chosen.ids.difference(ids).cloned().collect();
        }
    }
}

/// What is in the part: drifts, and objects that no drift is about.
struct Chosen {
    ids: BTreeSet<String>,
    objects: BTreeSet<ObjectId>,
}

fn keep(plan: &mut Plan, kept: &BTreeSet<usize>) {
    let mut at = 0;
    plan.steps.retain(|_| {
        at += 1;
        kept.contains(&(at - 1))
    });
    let units: BTreeSet<&Unit> = plan.steps.iter().map(|step| &step.unit).collect();
    plan.circles.retain(|unit| units.contains(unit));
}

/// The steps of one direction by what they give, take, free and need.
struct Ways<'p> {
    steps: &'p [Step],
    causes: Vec<Vec<&'p str>>,
    givers: HashMap<&'p Unit, Vec<usize>>,
    takers: HashMap<&'p Unit, Vec<usize>>,
    freers: HashMap<&'p Unit, Vec<usize>>,
    needers: HashMap<&'p Unit, Vec<usize>>,
    /// Takers, by the place that becomes free.
    places: HashMap<Place<'p>, Vec<usize>>,
    by_id: HashMap<&'p str, Vec<usize>>,
    by_object: HashMap<ObjectId, Vec<usize>>,
}

impl<'p> Ways<'p> {
    fn new(steps: &'p [Step], causes: &'p Causes) -> Self {
        let causes: Vec<Vec<&str>> =
            steps.iter().map(|step| causes.own(&step.unit.object())).collect();
        let all = |of: fn(&Step) -> &BTreeSet<Unit>| by(steps.iter().map(of));
        let ids = causes.iter().map(|ids| ids.iter().copied());
        Self {
            steps,
            givers: all(|step| &step.gives),
            takers: all(|step| &step.takes),
            freers: all(|step| &step.frees),
            needers: all(|step| &step.needs),
            places: by(steps.iter().map(|step| step.takes.iter().flat_map(places))),
            by_id: by(ids),
            by_object: by(steps.iter().map(|step| [step.unit.object()])),
            causes,
        }
    }

    /// All steps of what is chosen, and what follows from them.
    fn close(&self, chosen: &mut Chosen) -> BTreeSet<usize> {
        let mut work: Vec<usize> = Vec::new();
        work.extend(chosen.ids.iter().flat_map(|id| at(&self.by_id, id.as_str())));
        work.extend(chosen.objects.iter().flat_map(|id| at(&self.by_object, id)));
        let mut kept = BTreeSet::new();
        while let Some(number) = work.pop() {
            if !kept.insert(number) {
                continue;
            }
            let Some(step) = self.steps.get(number) else { continue };
            work.extend(self.follow(step));
            let ids = self.causes.get(number).into_iter().flatten();
            for id in ids {
                if chosen.ids.insert((*id).to_owned()) {
                    work.extend(at(&self.by_id, id));
                }
            }
            let object = step.unit.object();
            work.extend(at(&self.by_object, &object));
            chosen.objects.insert(object);
        }
        kept
    }

    /// The steps that a step cannot do without, or that put right what it undoes.
    fn follow(&self, step: &Step) -> Vec<usize> {
        let mut found = Vec::new();
        for unit in step.needs.iter().chain(&step.wants) {
            found.extend(at(&self.givers, unit));
        }
        for unit in &step.takes {
            // What used it goes before, and what is only torn down is made again.
            found.extend(at(&self.freers, unit));
            found.extend(at(&self.givers, unit));
        }
        for unit in &step.gives {
            found.extend(at(&self.takers, unit));
            found.extend(places(unit).iter().flat_map(|place| at(&self.places, place)));
            // What hangs on it and is no drift by itself: the index of a new column.
            // What is set on it is lost when it is made again.
            let is_again = self.takers.contains_key(unit);
            let is_set = |at: usize| self.steps.get(at).is_some_and(|step| step.gives.is_empty());
            let is_own = |at: usize| self.causes.get(at).is_none_or(Vec::is_empty);
            let needers = at(&self.needers, unit);
            found.extend(needers.filter(|at| is_own(*at) || is_again && is_set(*at)));
        }
        found
    }
}

fn by<K: Eq + Hash>(
    steps: impl Iterator<Item = impl IntoIterator<Item = K>>,
) -> HashMap<K, Vec<usize>> {
    let mut map: HashMap<K, Vec<usize>> = HashMap::new();
    for (number, keys) in steps.enumerate() {
        keys.into_iter().for_each(|key| map.entry(key).or_default().push(number));
    }
    map
}

fn at<'m, K: Eq + Hash + Borrow<Q>, Q: Eq + Hash + ?Sized>(
    map: &'m HashMap<K, Vec<usize>>,
    key: &Q,
) -> impl Iterator<Item = usize> + 'm {
    map.get(key).into_iter().flatten().copied()
}
