//! Connects revisions, and finds what is wrong with the graph. Linear, apart from sorting.

use std::collections::{BTreeMap, BTreeSet};

use super::{Lineage, Said};
use crate::model::{Problem, ProblemCode};

/// What an id may not hold (`alembic.script.revision`).
const ILLEGAL: [char; 3] = ['@', '-', '+'];

/// Fills in all that follows from the revisions.
pub(super) fn connect(lineage: &mut Lineage) {
    let mut faults = Vec::new();
    let by_id = ids(lineage, &mut faults);
    let by_label = labels(lineage, &by_id, &mut faults);
    let mut has_children = vec![false; lineage.revisions.len()];
    for revision in &lineage.revisions {
        let mut parents = Vec::new();
        for parent in &revision.parents {
            if let Some(at) = by_id.get(parent.word.as_str()) {
                if !parents.contains(at) {
                    parents.push(*at);
                }
                if let Some(has) = has_children.get_mut(*at) {
                    *has = true;
                }
            } else {
                faults.push(missing("comes after", &revision.id, parent));
            }
        }
        let mut dependencies = Vec::new();
        for wanted in &revision.depends_on {
            match resolve(&wanted.word, &by_id, &by_label).as_slice() {
                [] => faults.push(missing("depends on", &revision.id, wanted)),
                [one] => dependencies.push(*one),
                _several => faults.push(
                    fault(wanted, format!("\"{}\" is the beginning of several ids", wanted.word))
                        .help("write the whole id"),
                ),
            }
        }
        lineage.parents.push(parents);
        lineage.dependencies.push(dependencies);
    }
    let own: BTreeSet<usize> = by_id.values().copied().collect();
    let is_own = |at: &usize| own.contains(at);
    let all = || (0..lineage.revisions.len()).filter(is_own);
    let parents =
        |at: usize| lineage.revisions.get(at).map_or(0, |revision| revision.parents.len());
    let heads: Vec<usize> = all().filter(|at| has_children.get(*at) == Some(&false)).collect();
    let bases: Vec<usize> = all().filter(|at| parents(*at) == 0).collect();
    let merges: Vec<usize> = all().filter(|at| parents(*at) > 1).collect();
    (lineage.heads, lineage.bases, lineage.merges) = (heads, bases, merges);
    faults.extend(several_heads(lineage));
    lineage.order = order(lineage);
    circles(lineage, &mut faults);
    lineage.faults.append(&mut faults);
}

fn fault(place: &Said, message: String) -> Problem {
    Problem::new(ProblemCode::Lineage, message).at(place.span)
}

fn missing(verb: &str, revision: &Said, wanted: &Said) -> Problem {
    let message = format!("revision {} {verb} {}, which is not there", revision.word, wanted.word);
    fault(wanted, message).help("was its file deleted, or is it in another version directory?")
}

/// The first revision of each id.
fn ids(lineage: &Lineage, faults: &mut Vec<Problem>) -> BTreeMap<String, usize> {
    let mut by_id: BTreeMap<String, usize> = BTreeMap::new();
    for (at, revision) in lineage.revisions.iter().enumerate() {
        let id = &revision.id;
        if id.word.is_empty() || id.word.contains(ILLEGAL) {
            faults.push(
                fault(id, format!("\"{}\" cannot be an id of Alembic", id.word))
                    .help("an id is not empty and holds no @, - and +"),
            );
        }
        match by_id.get(&id.word).and_then(|first| lineage.revisions.get(*first)) {
            Some(first) => faults.push(
                fault(id, format!("two revisions have the id {}", id.word))
                    .related("the first of them", first.id.span)
                    .help("give one of them another id, or remove the copy"),
            ),
            None => {
                by_id.insert(id.word.clone(), at);
            }
        }
    }
    by_id
}

fn labels(
    lineage: &Lineage,
    by_id: &BTreeMap<String, usize>,
    faults: &mut Vec<Problem>,
) -> BTreeMap<String, usize> {
    let mut by_label: BTreeMap<String, usize> = BTreeMap::new();
    for (at, revision) in lineage.revisions.iter().enumerate() {
        for label in &revision.labels {
            let taken = by_label.get(&label.word).or_else(|| by_id.get(&label.word));
            if let Some(first) = taken.and_then(|first| lineage.revisions.get(*first)) {
                faults.push(
                    fault(label, format!("the label {} is taken", label.word))
                        .related("by this revision", first.id.span),
                );
            } else {
                by_label.insert(label.word.clone(), at);
            }
        }
    }
    by_label
}

/// What a dependency names: an id, a label, `label@head`, the beginning of an id.
fn resolve(
    word: &str,
    by_id: &BTreeMap<String, usize>,
    by_label: &BTreeMap<String, usize>,
) -> Vec<usize> {
    let label = word.split_once('@').map_or(word, |(label, _)| label);
    if let Some(at) = by_id.get(word).or_else(|| by_label.get(label)) {
        return vec![*at];
    }
    let begins = by_id.range(word.to_owned()..).take_while(|(id, _)| id.starts_with(word));
    begins.filter(|_| !word.is_empty()).take(2).map(|(_, at)| *at).collect()
}

/// The fault that there are several heads; none if there are not.
pub(super) fn several_heads(lineage: &Lineage) -> Option<Problem> {
    if lineage.heads.len() < 2 {
        return None;
    }
    let mut ids: Vec<&str> = lineage.heads.iter().filter_map(|at| lineage.id(*at)).collect();
    ids.sort_unstable();
    let shown = ids.get(..10).unwrap_or(&ids).join(", ");
    let more = if ids.len() > 10 { ", .." } else { "" };
    let message = format!("there are {} heads: {shown}{more}", ids.len());
    let problem = Problem::new(ProblemCode::Lineage, message);
    Some(problem.help("merge them: alembic merge heads -m \"merge\""))
}

/// Children before parents, a branch in one piece; what is in a circle or before one last.
fn order(lineage: &Lineage) -> Vec<usize> {
    let count = lineage.revisions.len();
    let mut children = vec![0_usize; count];
    for parent in lineage.parents.iter().flatten() {
        if let Some(number) = children.get_mut(*parent) {
            *number += 1;
        }
    }
    let mut open: Vec<usize> =
        (0..count).rev().filter(|at| children.get(*at) == Some(&0)).collect();
    let mut done = vec![false; count];
    let mut order = Vec::with_capacity(count);
    while let Some(at) = open.pop() {
        order.push(at);
        if let Some(done) = done.get_mut(at) {
            *done = true;
        }
        for parent in lineage.parents.get(at).into_iter().flatten().rev() {
            if let Some(number) = children.get_mut(*parent) {
                *number -= 1;
                if *number == 0 {
                    open.push(*parent);
                }
            }
        }
    }
    order.extend((0..count).filter(|at| done.get(*at) == Some(&false)));
    order
}

/// Circles of parents and dependencies: what is left when everything that leads nowhere is
/// taken away from both ends, followed from its first revision on.
fn circles(lineage: &Lineage, faults: &mut Vec<Problem>) {
    let next = |at: usize| {
        let of = |list: &'_ [Vec<usize>]| list.get(at).cloned().unwrap_or_default();
        let mut all = of(&lineage.parents);
        all.extend(of(&lineage.dependencies));
        all
    };
    let count = lineage.revisions.len();
    // 0: not seen, 1: on the path, 2: done.
    let mut state = vec![0_u8; count];
    for start in 0..count {
        if state.get(start) != Some(&0) {
            continue;
        }
        let mut path: Vec<(usize, Vec<usize>)> = vec![(start, next(start))];
        set(&mut state, start, 1);
        while let Some((at, waiting)) = path.last_mut() {
            let at = *at;
            match waiting.pop() {
                Some(to) if state.get(to) == Some(&0) => {
                    set(&mut state, to, 1);
                    path.push((to, next(to)));
                }
                Some(to) if state.get(to) == Some(&1) => {
                    let from = path.iter().position(|(on, _)| *on == to).unwrap_or(0);
                    let around = path.get(from..).unwrap_or_default();
                    faults.push(circle(lineage, around.iter().map(|(at, _)| *at)));
                }
                Some(_) => {}
                None => {
                    set(&mut state, at, 2);
                    path.pop();
                }
            }
        }
    }
}

fn set(state: &mut [u8], at: usize, value: u8) {
    if let Some(place) = state.get_mut(at) {
        *place = value;
    }
}

fn circle(lineage: &Lineage, around: impl Iterator<Item = usize>) -> Problem {
    let around: Vec<usize> = around.collect();
    let ids: Vec<&str> = around.iter().take(12).filter_map(|at| lineage.id(*at)).collect();
    let first = ids.first().copied().unwrap_or_default();
    let dots = if around.len() > ids.len() { " -> .." } else { "" };
    let message = format!("revisions go in a circle: {}{dots} -> {first}", ids.join(" -> "));
    let mut problem = Problem::new(ProblemCode::Lineage, message)
        .help("one of them must come after another revision, or after none");
    let place = around.first().and_then(|at| lineage.revisions.get(*at));
    if let Some(revision) = place {
        let said = revision.parents.first().unwrap_or(&revision.id);
        problem = problem.at(said.span);
    }
    problem
}
