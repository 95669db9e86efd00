//! Entries that one catalog owns, on top of the ones that are built in.

use std::collections::HashMap;

use smol_str::SmolStr;

use super::entries::{FunctionEntry, NameEntry, OpclassEntry, OperatorEntry, RelationEntry};
use super::types::TypeEntry;

/// An entry that is looked up by name.
pub(super) trait Named {
    fn schema(&self) -> &SmolStr;
    fn name(&self) -> &SmolStr;
}

macro_rules! named {
    ($($entry:ty),*) => {
        $(impl Named for $entry {
            fn schema(&self) -> &SmolStr {
                &self.schema
            }

            fn name(&self) -> &SmolStr {
                &self.name
            }
        })*
    };
}

named!(TypeEntry, FunctionEntry, OperatorEntry, OpclassEntry, RelationEntry, NameEntry);

/// Entries in the order they were added, with an index by name.
#[derive(Clone, Debug)]
pub(super) struct Layer<T> {
    entries: Vec<T>,
    by_name: HashMap<SmolStr, Vec<usize>>,
}

impl<T> Default for Layer<T> {
    fn default() -> Self {
        Self { entries: Vec::new(), by_name: HashMap::new() }
    }
}

impl<T: Named + 'static> Layer<T> {
    /// The entries with this name: those of `builtin`, then the own ones.
    pub(super) fn named<'a>(
        &'a self,
        builtin: &'static [T],
        name: &str,
    ) -> impl Iterator<Item = &'a T> {
        let own = self.by_name.get(name).into_iter().flatten();
        builtin.iter().chain(own.filter_map(|index| self.entries.get(*index)))
    }

    /// The own entry with this name in this schema.
    pub(super) fn find(&self, schema: &str, name: &str) -> Option<&T> {
        self.named(&[], name).find(|entry| entry.schema() == schema)
    }

    /// Adds an entry and returns its index.
    pub(super) fn push(&mut self, entry: T) -> usize {
        let index = self.entries.len();
        self.by_name.entry(entry.name().clone()).or_default().push(index);
        self.entries.push(entry);
        index
    }

    /// Replaces an entry, which may then have another name.
    pub(super) fn set(&mut self, index: usize, entry: T) {
        let Some(slot) = self.entries.get_mut(index) else {
            return;
        };
        if slot.name() != entry.name() {
            if let Some(indexes) = self.by_name.get_mut(slot.name()) {
                indexes.retain(|other| *other != index);
            }
            self.by_name.entry(entry.name().clone()).or_default().push(index);
        }
        *slot = entry;
    }

    pub(super) fn get(&self, index: usize) -> Option<&T> {
        self.entries.get(index)
    }

    pub(super) fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        self.entries.get_mut(index)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.entries.iter()
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }
}
