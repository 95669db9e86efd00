//! The lines of a built-in file, found by name and read only then.
//!
//! A schema names a few dozen of the 3,400 built-in functions. Finding where each name's
//! lines begin costs a tenth of understanding them all, so only that is done at first.

use std::sync::OnceLock;

use super::read::lines;

/// The entries of one file, which is sorted by name.
pub(super) struct Shelf<T> {
    groups: Vec<Group<T>>,
    read: fn(&'static str) -> Option<T>,
}

/// The lines that begin with one name, and their entries once somebody has asked.
struct Group<T> {
    name: &'static str,
    lines: &'static str,
    entries: OnceLock<Box<[T]>>,
}

impl<T> Shelf<T> {
    pub(super) fn new(text: &'static str, read: fn(&'static str) -> Option<T>) -> Self {
        let mut groups: Vec<Group<T>> = Vec::with_capacity(text.len() / 50);
        let mut place = text.find('\n').map_or(text.len(), |end| end + 1);
        let mut start = place;
        let mut current = "";
        for line in lines(text) {
            let name = bare_name(line);
            if name != current {
                groups.extend(Group::new(current, text.get(start..place)));
                (start, current) = (place, name);
            }
            place += line.len() + 1;
        }
        groups.extend(Group::new(current, text.get(start..)));
        Self { groups, read }
    }

    /// The entries with this name.
    pub(super) fn named(&self, name: &str) -> &[T] {
        let found = self.groups.binary_search_by_key(&name, |group| group.name);
        let group = found.ok().and_then(|index| self.groups.get(index));
        group.map_or(&[], |group| group.entries(self.read))
    }

    /// All entries, in the order of the file. Reads it whole.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.groups.iter().flat_map(|group| group.entries(self.read))
    }
}

impl<T> Group<T> {
    /// None for no lines.
    fn new(name: &'static str, lines: Option<&'static str>) -> Option<Self> {
        let lines = lines.filter(|lines| !lines.is_empty())?;
        Some(Self { name, lines, entries: OnceLock::new() })
    }

    fn entries(&self, read: fn(&'static str) -> Option<T>) -> &[T] {
        self.entries.get_or_init(|| self.lines.lines().filter_map(read).collect())
    }
}

/// The first field without its schema.
fn bare_name(line: &'static str) -> &'static str {
    let name = line.split_once('\t').map_or(line, |(name, _)| name);
    name.split_once('.').map_or(name, |(_, bare)| bare)
}
