//! The objects under construction, with an index of the words that each holds.
//!
//! `DROP .. CASCADE`, `RENAME` and the like ask which objects name another one. Looking at
//! all of them each time is quadratic in a file of many such statements. In goes every
//! change of the map, out come the objects that could name something. Surprising: the
//! words of an object are found by hashing it, as `Hash` is derived and so sees every
//! string of it, whatever is added to the model.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{Hash, Hasher};
use std::ops::Deref;

use crate::model::{Entry, Ident, Object, ObjectId};

/// A map of objects that notes what was changed since it was last indexed.
#[derive(Clone, Debug, Default)]
pub(super) struct Objects {
    map: BTreeMap<ObjectId, Box<Entry>>,
    /// None until somebody asks: most sources drop and rename nothing.
    index: RefCell<Option<Index>>,
    /// How often something was changed, or could have been.
    changes: u64,
}

/// Which objects hold which word. What an object held once may still be listed.
#[derive(Clone, Debug, Default)]
struct Index {
    ids: Vec<ObjectId>,
    numbers: HashMap<ObjectId, usize>,
    holders: HashMap<u64, Vec<usize>>,
    known: HashSet<(u64, usize)>,
    changed: HashSet<ObjectId>,
}

impl Deref for Objects {
    type Target = BTreeMap<ObjectId, Box<Entry>>;
    fn deref(&self) -> &Self::Target {
        &self.map
    }
}

impl Objects {
    /// The objects that may name `name` in their identity, definition or code, in order:
    /// all that do, and perhaps others.
    pub fn naming(&self, name: &Ident) -> Vec<ObjectId> {
        let Some(word) = longest_word(name.as_str()) else {
            return self.map.keys().cloned().collect();
        };
        let mut index = self.index.borrow_mut();
        let index = index.get_or_insert_with(|| Index {
            changed: self.map.keys().cloned().collect(),
            ..Index::default()
        });
        index.update(&self.map);
        let numbers = index.holders.get(&word).into_iter().flatten();
        let mut ids: Vec<ObjectId> = numbers
            .filter_map(|number| index.ids.get(*number))
            .filter(|id| self.map.contains_key(id))
            .cloned()
            .collect();
        ids.sort_unstable();
        ids
    }

    /// The same with what they are.
    pub fn entries_naming(&self, name: &Ident) -> impl Iterator<Item = (&ObjectId, &Entry)> {
        self.naming(name).into_iter().filter_map(|id| self.get_key_value(&id))
    }

    /// A number that is another one after every change.
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// An object to be changed.
    pub fn get_mut(&mut self, id: &ObjectId) -> Option<&mut Entry> {
        self.note(id);
        self.map.get_mut(id).map(|entry| &mut **entry)
    }

    /// Adds or replaces an object.
    pub fn insert(&mut self, id: ObjectId, entry: impl Into<Box<Entry>>) -> Option<Box<Entry>> {
        self.note(&id);
        self.map.insert(id, entry.into())
    }

    /// Takes an object out.
    pub fn remove(&mut self, id: &ObjectId) -> Option<Entry> {
        self.changes += 1;
        self.map.remove(id).map(|entry| *entry)
    }

    /// All objects in order.
    pub fn iter(&self) -> impl Iterator<Item = (&ObjectId, &Entry)> {
        self.map.iter().map(|(id, entry)| (id, &**entry))
    }

    /// What all objects are, in order.
    pub fn values(&self) -> impl Iterator<Item = &Entry> {
        self.map.values().map(|entry| &**entry)
    }

    /// An object with its identity as it is kept here.
    pub fn get_key_value(&self, id: &ObjectId) -> Option<(&ObjectId, &Entry)> {
        self.map.get_key_value(id).map(|(id, entry)| (id, &**entry))
    }

    /// Takes all objects out, to be put back under other names.
    pub fn take_all(&mut self) -> BTreeMap<ObjectId, Box<Entry>> {
        *self.index.get_mut() = None;
        self.changes += 1;
        std::mem::take(&mut self.map)
    }

    /// All objects, to be changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut Entry> {
        self.into_iter().map(|(_, entry)| &mut **entry)
    }

    /// The plain map, without memory that was only needed while it changed.
    pub fn into_map(self) -> BTreeMap<ObjectId, Box<Entry>> {
        let Self { mut map, index, changes: _ } = self;
        drop(index);
        for entry in map.values_mut() {
            entry.origin.parts.shrink_to_fit();
            if let Object::Table(table) = &mut entry.object {
                table.columns.shrink_to_fit();
                table.columns.iter_mut().for_each(|column| column.details.tidy());
            }
        }
        map
    }

    fn note(&mut self, id: &ObjectId) {
        self.changes += 1;
        if let Some(index) = self.index.get_mut()
            && !index.changed.contains(id)
        {
            index.changed.insert(id.clone());
        }
    }
}

impl FromIterator<(ObjectId, Box<Entry>)> for Objects {
    fn from_iter<I: IntoIterator<Item = (ObjectId, Box<Entry>)>>(objects: I) -> Self {
        Self { map: objects.into_iter().collect(), index: RefCell::default(), changes: 0 }
    }
}

impl IntoIterator for Objects {
    type Item = (ObjectId, Box<Entry>);
    type IntoIter = std::collections::btree_map::IntoIter<ObjectId, Box<Entry>>;
    fn into_iter(self) -> Self::IntoIter {
        self.map.into_iter()
    }
}

impl<'a> IntoIterator for &'a Objects {
    type Item = (&'a ObjectId, &'a Box<Entry>);
    type IntoIter = std::collections::btree_map::Iter<'a, ObjectId, Box<Entry>>;
    fn into_iter(self) -> Self::IntoIter {
        self.map.iter()
    }
}

impl<'a> IntoIterator for &'a mut Objects {
    type Item = (&'a ObjectId, &'a mut Box<Entry>);
    type IntoIter = std::collections::btree_map::IterMut<'a, ObjectId, Box<Entry>>;
    fn into_iter(self) -> Self::IntoIter {
        *self.index.get_mut() = None;
        self.changes += 1;
        self.map.iter_mut()
    }
}

impl Index {
    fn update(&mut self, map: &BTreeMap<ObjectId, Box<Entry>>) {
        #[expect(clippy::iter_over_hash_type, reason = "an index has no order")]
        for id in std::mem::take(&mut self.changed) {
            let Some(entry) = map.get(&id) else { continue };
            let number = *self.numbers.entry(id.clone()).or_insert_with(|| {
                self.ids.push(id.clone());
                self.ids.len() - 1
            });
            let mut note = |word| {
                if self.known.insert((word, number)) {
                    self.holders.entry(word).or_default().push(number);
                }
            };
            let mut words = Words(&mut note);
            id.hash(&mut words);
            entry.object.hash(&mut words);
        }
    }
}

/// A hasher that cuts the strings it is given into words.
struct Words<'f>(&'f mut dyn FnMut(u64));

macro_rules! numbers_are_no_words {
    ($($write:ident($ty:ty),)+) => {
        $(fn $write(&mut self, _number: $ty) {})+
    };
}

impl Hasher for Words<'_> {
    fn write(&mut self, text: &[u8]) {
        words(text).map(number).for_each(&mut *self.0);
    }

    fn finish(&self) -> u64 {
        0
    }

    numbers_are_no_words! {
        write_u8(u8), write_u16(u16), write_u32(u32), write_u64(u64), write_usize(usize),
        write_i8(i8), write_i16(i16), write_i32(i32), write_i64(i64), write_isize(isize),
    }
}

/// The words of a text. What is not ASCII belongs to none: how it is folded depends on
/// the database.
fn words(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| !is_word(*byte)).filter(|word| !word.is_empty())
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// A word without regard to case, as a number: the hash FNV-1a.
fn number(word: &[u8]) -> u64 {
    word.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The word by which a name is looked for; none when it has none.
fn longest_word(name: &str) -> Option<u64> {
    words(name.as_bytes()).max_by_key(|word| word.len()).map(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::testing::read;

    fn objects(text: &str) -> Objects {
        read(text).schema.objects.into_iter().collect()
    }

    /// The kinds of the objects that may name it.
    #[track_caller]
    fn naming(objects: &Objects, name: &str) -> Vec<&'static str> {
        objects.naming(&Ident::new(name)).iter().map(|id| id.kind().label()).collect()
    }

    #[test]
    fn whatever_holds_the_name_is_found_and_nothing_else() {
        let objects = objects(
            "CREATE TYPE mood AS ENUM ('x');
            CREATE SEQUENCE \"S q\";
            CREATE TABLE t (a mood, b int DEFAULT nextval('public.\"S q\"'));
            CREATE TABLE u (a int REFERENCES t (b), b mood);
            CREATE VIEW v AS SELECT 1 FROM (SELECT a FROM u) AS x;
            CREATE VIEW w AS SELECT 1 AS a;",
        );
        assert_eq!(naming(&objects, "mood"), ["enum", "table", "table"]);
        assert_eq!(naming(&objects, "S q"), ["sequence", "table"]);
        assert_eq!(naming(&objects, "u"), ["table", "constraint", "view"]);
        assert_eq!(objects.naming(&Ident::new("ä")).len(), objects.len());
    }

    #[test]
    fn changes_are_seen() {
        let mut all = objects("CREATE TABLE t (a int); CREATE VIEW v AS SELECT 1 FROM t;");
        assert_eq!(naming(&all, "t").len(), 2);
        for (id, entry) in objects("CREATE VIEW v AS SELECT 1 FROM s, t; CREATE TABLE z (t int);") {
            all.insert(id, entry);
        }
        assert_eq!(naming(&all, "s"), ["view"]);
        assert_eq!(naming(&all, "t").len(), 3);
        let view = all.naming(&Ident::new("s")).remove(0);
        all.remove(&view);
        assert_eq!(naming(&all, "t").len(), 2);
    }
}
