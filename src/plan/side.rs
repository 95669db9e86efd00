//! One schema as the planner sees it: its units, and what uses what.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::graph::Graph;
use super::names::Names;
use super::shown;
use super::unit::Unit;
use crate::model::{
    Child, Column, Domain, Ident, Object, ObjectId, QualifiedName, SearchPath, Table,
};
use crate::normalize::{NormalObject, NormalSchema};

/// A schema with its names and uses.
#[derive(Debug)]
pub(super) struct Side<'a> {
    pub schema: &'a NormalSchema,
    pub names: Names<'a>,
    graph: Graph,
    /// What is written of objects that a person wrote, once it is asked for.
    shown: HashMap<&'a ObjectId, OnceLock<Option<(Object, SearchPath)>>>,
}

impl<'a> Side<'a> {
    /// Looks over the schema once.
    pub fn new(schema: &'a NormalSchema) -> Self {
        let names = Names::new(schema);
        let graph = Graph::new(schema, &names);
        let by_hand = schema.iter().filter(|_| schema.dumped().is_none());
        let shown = by_hand.map(|(id, _)| (id, OnceLock::new())).collect();
        Self { schema, names, graph, shown }
    }

    /// True when the schema has it.
    pub fn has(&self, unit: &Unit) -> bool {
        self.graph.has(unit)
    }

    /// What a unit uses.
    pub fn uses(&self, unit: &Unit) -> impl Iterator<Item = &Unit> {
        self.graph.uses(unit)
    }

    /// True when the first unit uses the second.
    pub fn is_use(&self, user: &Unit, used: &Unit) -> bool {
        self.graph.is_use(user, used)
    }

    /// What uses a unit.
    pub fn used_by(&self, unit: &Unit) -> impl Iterator<Item = &Unit> {
        self.graph.used_by(unit)
    }

    /// An object.
    pub fn object(&self, id: &ObjectId) -> Option<&'a Object> {
        self.schema.get(id).map(NormalObject::object)
    }

    /// An object in the form that is written into a migration: see [`shown`].
    pub fn shown(&self, id: &ObjectId) -> Option<&Object> {
        if let Some((object, _)) = self.by_hand(id) {
            return Some(object);
        }
        let object = self.schema.get(id)?;
        Some(if self.is_dump() { object.written() } else { object.object() })
    }

    /// The search path that it has to be read under, when that is not the empty one.
    pub fn shown_path(&self, id: &ObjectId) -> Option<SearchPath> {
        self.by_hand(id).map(|(_, path)| path.clone())
    }

    fn by_hand(&self, id: &ObjectId) -> Option<&(Object, SearchPath)> {
        let form = || self.schema.get(id).and_then(shown::of);
        self.shown.get(id)?.get_or_init(form).as_ref()
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
