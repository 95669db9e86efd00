//! What the names written in the data files mean.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use smol_str::SmolStr;

use super::Catalog;
use super::entries::ObjectName;
use super::types::TypeId;

/// What the names in a data file mean: `int4`, `information_schema.yes_or_no`, `@citext.citext`.
pub(super) struct Scope<'a> {
    /// Types of the file itself, as written.
    pub(super) types: TypeNames,
    /// For an extension, the catalog it is loaded into; `None` for the built-in files.
    pub(super) catalog: Option<&'a Catalog>,
    /// For an extension, where it and those it needs are: `@citext` is `public`.
    pub(super) homes: Vec<(&'static str, SmolStr)>,
}

impl Scope<'_> {
    pub(super) fn name(&self, written: &'static str) -> ObjectName {
        let (schema, name) = split(written);
        ObjectName { schema: self.schema(schema), name: SmolStr::new_static(name) }
    }

    fn schema(&self, written: &'static str) -> SmolStr {
        written
            .strip_prefix('@')
            .and_then(|extension| self.homes.iter().find(|(name, _)| *name == extension))
            .map_or(SmolStr::new_static(written), |(_, schema)| schema.clone())
    }

    pub(super) fn type_id(&self, written: &'static str) -> Option<TypeId> {
        self.types.get(written).copied().or_else(|| {
            let name = self.name(written);
            self.catalog?.type_named(&name.schema, &name.name)
        })
    }

    pub(super) fn type_ids(&self, written: &'static str) -> Option<Box<[TypeId]>> {
        if written.is_empty() {
            return Some(Box::default());
        }
        let mut types = Vec::with_capacity(written.split(',').count());
        for name in written.split(',') {
            types.push(self.type_id(name)?);
        }
        Some(types.into_boxed_slice())
    }

    pub(super) fn optional_name(&self, written: &'static str) -> Option<ObjectName> {
        (!written.is_empty()).then(|| self.name(written))
    }
}

/// The types of a data file by the name written there.
pub(super) type TypeNames = HashMap<&'static str, TypeId, BuildHasherDefault<NameHasher>>;

/// A hash for short names that come with the program, where nobody picks collisions.
#[derive(Default)]
pub(super) struct NameHasher(u64);

impl Hasher for NameHasher {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let word = chunk.iter().fold(0_u64, |word, byte| word << 8 | u64::from(*byte));
            self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
        }
    }

    fn finish(&self) -> u64 {
        // The table takes its slot from the low bits and its tag from the high ones.
        self.0 ^ self.0 >> 32
    }
}

/// `schema.name`, where a bare name is one of `pg_catalog`.
pub(super) fn split(written: &'static str) -> (&'static str, &'static str) {
    written.split_once('.').unwrap_or(("pg_catalog", written))
}
