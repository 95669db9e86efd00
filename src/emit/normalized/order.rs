//! The order of statements: by rank, and within that by identity, unless something
//! needs what would come later.
//!
//! Ready statements wait in a heap, so the order is total and stable, and the cost
//! near-linear. In a circle (two views that need each other cannot be, but two
//! functions can) the statement of the lowest rank goes first.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap};

use super::needs::Need;
use crate::model::{ObjectId, QualifiedName};

/// Where a statement stands when nothing else decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Rank {
    Role,
    Namespace,
    Extension,
    /// Shells of types, collations, conversions: they need nothing.
    Shell,
    Type,
    Sequence,
    ForeignData,
    Routine,
    Table,
    /// Storage and statistics of columns.
    Attributes,
    /// Defaults of columns, owners of sequences.
    Defaults,
    Constraint,
    View,
    Index,
    ForeignKey,
    /// Rules, triggers, policies, extended statistics.
    OnTable,
    /// Row security, replica identity, CLUSTER ON.
    Settings,
    Database,
    /// Default privileges, so that they do not apply to what the script makes.
    Last,
    /// Owners, privileges, comments.
    Said,
}

/// One or more statements that stand together.
#[derive(Debug)]
pub(super) struct Item<'a> {
    pub rank: Rank,
    /// The object that they are about.
    pub id: &'a ObjectId,
    /// What must be there before.
    pub needs: Vec<Need<'a>>,
    pub text: String,
}

impl Item<'_> {
    /// True when it makes what others need.
    fn provides(&self) -> bool {
        !matches!(self.rank, Rank::Attributes | Rank::Defaults | Rank::Settings | Rank::Said)
    }
}

/// Sorts the items.
pub(super) fn order(items: Vec<Item<'_>>) -> Vec<Item<'_>> {
    let after = waiting_for(&items);
    let mut open: Vec<usize> = vec![0; items.len()];
    for later in after.iter().flatten() {
        if let Some(count) = open.get_mut(*later) {
            *count += 1;
        }
    }
    let keys: Vec<(Rank, usize)> = items.iter().enumerate().map(|(at, i)| (i.rank, at)).collect();
    let mut rest: BTreeSet<(Rank, usize)> = keys.iter().copied().collect();
    let mut ready: BinaryHeap<Reverse<(Rank, usize)>> =
        keys.iter().filter(|(_, at)| open.get(*at) == Some(&0)).map(|key| Reverse(*key)).collect();
    let mut sequence = Vec::with_capacity(items.len());
    while let Some(first) = rest.first().copied() {
        // Nothing is ready in a circle: then the first of the rest goes.
        let next = ready.pop().map_or(first, |Reverse(key)| key);
        if !rest.remove(&next) {
            continue;
        }
        sequence.push(next.1);
        for later in after.get(next.1).into_iter().flatten() {
            let (Some(count), Some(key)) = (open.get_mut(*later), keys.get(*later)) else {
                continue;
            };
            *count = count.saturating_sub(1);
            if *count == 0 {
                ready.push(Reverse(*key));
            }
        }
    }
    let mut items: Vec<Option<Item<'_>>> = items.into_iter().map(Some).collect();
    sequence.into_iter().filter_map(|at| items.get_mut(at)?.take()).collect()
}

/// For each item the items that have to wait for it.
fn waiting_for(items: &[Item<'_>]) -> Vec<Vec<usize>> {
    let mut providers: HashMap<&QualifiedName, Vec<usize>> = HashMap::new();
    for (at, item) in items.iter().enumerate() {
        if let Some(name) = item.id.qualified_name().filter(|_| item.provides()) {
            providers.entry(name).or_default().push(at);
        }
    }
    let mut after: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); items.len()];
    for (at, item) in items.iter().enumerate() {
        for provider in item.needs.iter().flat_map(|need| need.resolve(&providers)) {
            let is_self = items.get(provider).is_some_and(|other| other.id == item.id);
            // The functions of a base type need its shell only.
            let is_shelled = item.rank == Rank::Routine
                && items.get(provider).is_some_and(|other| {
                    other.rank == Rank::Type && matches!(other.id, ObjectId::BaseType(_))
                });
            if let Some(waiting) = after.get_mut(provider).filter(|_| !is_self && !is_shelled) {
                waiting.insert(at);
            }
        }
    }
    after.into_iter().map(|waiting| waiting.into_iter().collect()).collect()
}
