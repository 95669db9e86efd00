//! One schema as the planner sees it: its units, and what uses what.

use std::collections::{BTreeSet, HashMap};

use super::names::Names;
use super::shown;
use super::unit::Unit;
use super::uses;
use crate::model::{
    Child, Column, Domain, Ident, Object, ObjectId, QualifiedName, SearchPath, Table,
};
use crate::normalize::{NormalObject, NormalSchema};

/// A schema with its names and uses.
#[derive(Debug)]
pub(super) struct Side<'a> {
    pub schema: &'a NormalSchema,
    pub names: Names<'a>,
    uses: HashMap<Unit, BTreeSet<Unit>>,
    used_by: HashMap<Unit, Vec<Unit>>,
    shown: HashMap<ObjectId, (Object, SearchPath)>,
}

impl<'a> Side<'a> {
    /// Looks over the schema once.
    pub fn new(schema: &'a NormalSchema) -> Self {
        let names = Names::new(schema);
        let mut uses = HashMap::new();
        for (id, object) in schema {
            uses.insert(Unit::from(id), uses::of_object(id, object.object(), &names));
            let (ObjectId::Table(name), Object::Table(table)) = (id, object.object()) else {
                continue;
            };
            for column in &table.columns {
                let of = uses::of_column(name, column, &names);
                uses.insert(Unit::column(name, &column.name), of);
                if let Some(of) = uses::of_default(name, column, &names) {
                    uses.insert(Unit::default(name, &column.name), of);
                }
            }
        }
        let mut used_by: HashMap<Unit, Vec<Unit>> = HashMap::new();
        let pairs: BTreeSet<(&Unit, &Unit)> = schema_order(&uses);
        for (used, user) in pairs {
            used_by.entry(used.clone()).or_default().push(user.clone());
        }
        let mut written = HashMap::new();
        if schema.dumped().is_none() {
            for (id, object) in schema {
                written.extend(shown::of(object).map(|shown| (id.clone(), shown)));
            }
        }
        Self { schema, names, uses, used_by, shown: written }
    }

    /// True when the schema has it.
    pub fn has(&self, unit: &Unit) -> bool {
        self.uses.contains_key(unit)
    }

    /// What a unit uses.
    pub fn uses(&self, unit: &Unit) -> impl Iterator<Item = &Unit> {
        self.uses.get(unit).into_iter().flatten()
    }

    /// True when the first unit uses the second.
    pub fn is_use(&self, user: &Unit, used: &Unit) -> bool {
        self.uses.get(user).is_some_and(|uses| uses.contains(used))
    }

    /// What uses a unit.
    pub fn used_by(&self, unit: &Unit) -> &[Unit] {
        self.used_by.get(unit).map_or(&[], Vec::as_slice)
    }

    /// An object.
    pub fn object(&self, id: &ObjectId) -> Option<&'a Object> {
        self.schema.get(id).map(NormalObject::object)
    }

    /// An object in the form that is written into a migration: see [`shown`].
    pub fn shown(&self, id: &ObjectId) -> Option<&Object> {
        if let Some((object, _)) = self.shown.get(id) {
            return Some(object);
        }
        let object = self.schema.get(id)?;
        Some(if self.is_dump() { object.written() } else { object.object() })
    }

    /// The search path that it has to be read under, when that is not the empty one.
    pub fn shown_path(&self, id: &ObjectId) -> Option<SearchPath> {
        self.shown.get(id).map(|(_, path)| path.clone())
    }

    /// A column in that form.
    pub fn shown_column(&self, child: &Child) -> Option<&Column> {
        let object = self.shown(&ObjectId::Table(child.parent.clone()))?;
        <&Table>::try_from(object).ok()?.column(&child.name)
    }

    fn is_dump(&self) -> bool {
        self.schema.dumped().is_some()
    }

    /// A table.
    pub fn table(&self, name: &QualifiedName) -> Option<&'a Table> {
        self.names.table(name)
    }

    /// A column of a table.
    pub fn column(&self, child: &Child) -> Option<&'a Column> {
        self.table(&child.parent)?.column(&child.name)
    }

    /// A domain.
    pub fn domain(&self, name: &QualifiedName) -> Option<&'a Domain> {
        <&Domain>::try_from(self.object(&ObjectId::Domain(name.clone()))?).ok()
    }

    /// True for the constraint of a domain.
    pub fn is_of_domain(&self, id: &ObjectId) -> bool {
        matches!(id, ObjectId::Constraint(child) if self.domain(&child.parent).is_some())
    }

    /// All units in order: objects, each table with its columns and defaults.
    pub fn units(&self) -> Vec<Unit> {
        let mut units = Vec::new();
        for (id, object) in self.schema {
            units.push(Unit::from(id));
            let (ObjectId::Table(name), Object::Table(table)) = (id, object.object()) else {
                continue;
            };
            for column in &table.columns {
                units.push(Unit::column(name, &column.name));
                let default = Unit::default(name, &column.name);
                if self.has(&default) {
                    units.push(default);
                }
            }
        }
        units
    }

    /// Columns and their defaults, constraints, indexes and so on of a relation or domain.
    pub fn parts(&self, container: &QualifiedName) -> Vec<Unit> {
        let mut units: Vec<Unit> =
            self.names.parts(container).iter().map(|id| Unit::from(*id)).collect();
        let columns = self.table(container).map_or(&[][..], |table| &table.columns);
        let of =
            |column: &Ident| [Unit::column(container, column), Unit::default(container, column)];
        units.extend(columns.iter().flat_map(|column| of(&column.name)));
        units.retain(|unit| self.has(unit));
        units
    }
}

/// Pairs of used and user, in an order that does not depend on hashing.
#[expect(clippy::iter_over_hash_type, reason = "the set sorts them")]
fn schema_order(uses: &HashMap<Unit, BTreeSet<Unit>>) -> BTreeSet<(&Unit, &Unit)> {
    let mut pairs = BTreeSet::new();
    for (user, all) in uses {
        pairs.extend(all.iter().map(|used| (used, user)));
    }
    pairs
}
