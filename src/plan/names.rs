//! Names of a schema, looked up as references use them.
//!
//! Tables, views and sequences share a name space; so do types, to which every table
//! adds its row type (`src/backend/catalog/namespace.c`). Routines and operators are
//! found by name and number of arguments: a use too many only moves a step or rebuilds
//! an object that did not need it, a use too few makes the migration fail.

use std::collections::{BTreeSet, HashMap};

use crate::diff::container;
use crate::model::{
    ConstraintDefinition, Ident, Name, Object, ObjectId, QualifiedName, SearchPath, Signature,
    Table,
};
use crate::normalize::NormalSchema;

type ByName<'a, T> = HashMap<QualifiedName, T>;

/// The names of one schema.
#[derive(Debug, Default)]
pub(super) struct Names<'a> {
    relations: ByName<'a, &'a ObjectId>,
    types: ByName<'a, &'a ObjectId>,
    routines: ByName<'a, Vec<(&'a ObjectId, usize)>>,
    operators: ByName<'a, Vec<&'a ObjectId>>,
    others: ByName<'a, Vec<&'a ObjectId>>,
    tables: HashMap<&'a QualifiedName, &'a Table>,
    keys: HashMap<&'a QualifiedName, Vec<(&'a ObjectId, BTreeSet<&'a Ident>)>>,
    parts: HashMap<&'a QualifiedName, Vec<&'a ObjectId>>,
}

impl<'a> Names<'a> {
    /// Looks over the schema once.
    pub fn new(schema: &'a NormalSchema) -> Self {
        let mut names = Self::default();
        for (id, object) in schema {
            names.add(id, object.object());
        }
        names
    }

    fn add(&mut self, id: &'a ObjectId, object: &'a Object) {
        if let Some(container) = container(id, object) {
            self.parts.entry(container).or_default().push(id);
        }
        self.add_key(id, object);
        match (id, object) {
            (ObjectId::Table(name), Object::Table(table)) => {
                self.tables.insert(name, table);
                self.relations.insert(name.clone(), id);
                self.types.insert(name.clone(), id);
            }
            (ObjectId::View(name) | ObjectId::MaterializedView(name), _) => {
                self.relations.insert(name.clone(), id);
                self.types.insert(name.clone(), id);
            }
            (ObjectId::Sequence(name), _) => {
                self.relations.insert(name.clone(), id);
            }
            (ObjectId::Range(name), Object::Range(range)) => {
                self.types.insert(range.multirange.clone(), id);
                self.types.insert(name.clone(), id);
            }
            (
                ObjectId::Enum(name)
                | ObjectId::Domain(name)
                | ObjectId::Composite(name)
                | ObjectId::BaseType(name),
                _,
            ) => {
                self.types.insert(name.clone(), id);
            }
            (ObjectId::Routine(signature) | ObjectId::Aggregate(signature), _) => {
                let entry = self.routines.entry(signature.name.clone()).or_default();
                entry.push((id, signature.args.len()));
            }
            (ObjectId::Operator(signature), _) => {
                self.operators.entry(signature.name.clone()).or_default().push(id);
            }
            (_, _) => {
                if let Some(name) = id.qualified_name() {
                    self.others.entry(name.clone()).or_default().push(id);
                }
            }
        }
    }

    fn add_key(&mut self, id: &'a ObjectId, object: &'a Object) {
        match object {
            Object::Constraint(constraint) => {
                if let (
                    Some(parent),
                    ConstraintDefinition::PrimaryKey(key) | ConstraintDefinition::Unique(key),
                ) = (id.parent(), &constraint.definition)
                {
                    let columns = key.columns.iter().collect();
                    self.keys.entry(parent).or_default().push((id, columns));
                }
            }
            Object::Index(index) if index.unique => {
                let column = |key: &'a crate::model::IndexKey| match &key.expr {
                    crate::model::Expr::Column(column) => column.parts.last(),
                    _expression => None,
                };
                let columns = index.keys.iter().filter_map(column).collect();
                self.keys.entry(&index.relation).or_default().push((id, columns));
            }
            _no_key => {}
        }
    }

    /// The table, view or sequence of that name.
    pub fn relation(&self, name: &Name, path: Option<&SearchPath>) -> Option<&'a ObjectId> {
        find(&self.relations, name, path).copied()
    }

    /// The type of that name.
    pub fn ty(&self, name: &Name, path: Option<&SearchPath>) -> Option<&'a ObjectId> {
        find(&self.types, name, path).copied()
    }

    /// The routines that a call with so many arguments may mean; `None` when not known.
    pub fn routines(
        &self,
        name: &Name,
        args: Option<usize>,
        path: Option<&SearchPath>,
    ) -> Vec<&'a ObjectId> {
        let Some(all) = find(&self.routines, name, path) else { return Vec::new() };
        let exact: Vec<&'a ObjectId> =
            all.iter().filter(|(_, count)| args == Some(*count)).map(|(id, _)| *id).collect();
        if exact.is_empty() { all.iter().map(|(id, _)| *id).collect() } else { exact }
    }

    /// The routine or aggregate of exactly that signature.
    pub fn routine(&self, signature: &Signature) -> Option<&'a ObjectId> {
        let all = self.routines.get(&signature.name)?;
        all.iter().map(|(id, _)| *id).find(|id| match id {
            ObjectId::Routine(own) | ObjectId::Aggregate(own) => own == signature,
            _no_routine => false,
        })
    }

    /// The operators of that name.
    pub fn operators(&self, name: &Name, path: Option<&SearchPath>) -> Vec<&'a ObjectId> {
        find(&self.operators, name, path).cloned().unwrap_or_default()
    }

    /// Collations, operator classes, text search objects of that name.
    pub fn others(&self, name: &Name, path: Option<&SearchPath>) -> Vec<&'a ObjectId> {
        find(&self.others, name, path).cloned().unwrap_or_default()
    }

    /// The table of that name.
    pub fn table(&self, name: &QualifiedName) -> Option<&'a Table> {
        self.tables.get(name).copied()
    }

    /// Keys of a table: constraints and unique indexes with their columns.
    pub fn keys(&self, table: &QualifiedName) -> &[(&'a ObjectId, BTreeSet<&'a Ident>)] {
        self.keys.get(table).map_or(&[], Vec::as_slice)
    }

    /// What goes with a relation or domain when it is dropped.
    pub fn parts(&self, container: &QualifiedName) -> &[&'a ObjectId] {
        self.parts.get(container).map_or(&[], Vec::as_slice)
    }
}

fn find<'m, T>(
    map: &'m HashMap<QualifiedName, T>,
    name: &Name,
    path: Option<&SearchPath>,
) -> Option<&'m T> {
    let of = |namespace| QualifiedName { namespace, name: name.name.clone() };
    match &name.namespace {
        Some(namespace) => map.get(&of(namespace.clone())),
        None => path?.lookup().find_map(|namespace| map.get(&of(namespace))),
    }
}
