//! One schema as the planner sees it: its units, and what uses what.

use std::collections::{BTreeSet, HashMap};

use super::names::Names;
use super::unit::Unit;
use super::uses;
use crate::model::{
    Child, Column, Domain, Expr, Ident, Object, ObjectId, QualifiedName, RoutineBody, SearchPath,
    Table, Visit, walk_command, walk_query,
};
use crate::normalize::{NormalObject, NormalSchema};

/// A schema with its names and uses.
#[derive(Debug)]
pub(super) struct Side<'a> {
    pub schema: &'a NormalSchema,
    pub names: Names<'a>,
    uses: HashMap<Unit, BTreeSet<Unit>>,
    used_by: HashMap<Unit, Vec<Unit>>,
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
        Self { schema, names, uses, used_by }
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

    /// An object in the form that is written into a migration. A dump says what
    /// PostgreSQL itself says, names written out: another form would come out of the
    /// next dump with other aliases and casts, though it means the same. In what people
    /// write, names depend on the place, so that the normal form is written.
    pub fn shown(&self, id: &ObjectId) -> Option<&'a Object> {
        let object = self.schema.get(id)?;
        let as_written = self.is_dump() || self.shown_path(id).is_some();
        Some(if as_written { object.written() } else { object.object() })
    }

    /// The search path that a query or commands written by hand are read under: they keep
    /// the aliases that were given. Not where a `*` stands, which may mean more by now.
    pub fn shown_path(&self, id: &ObjectId) -> Option<SearchPath> {
        if self.is_dump() {
            return None;
        }
        let mut stars = Stars(false);
        let path = match self.schema.get(id)?.written() {
            Object::View(view) => {
                walk_query(&view.query.value, &mut stars);
                &view.query.path
            }
            Object::MaterializedView(view) => {
                walk_query(&view.query.value, &mut stars);
                &view.query.path
            }
            Object::Rule(rule) => {
                rule.actions.iter().for_each(|action| walk_command(&action.value, &mut stars));
                &rule.actions.first()?.path
            }
            Object::Routine(routine) => {
                let RoutineBody::Sql(commands) = &routine.body else { return None };
                commands.iter().for_each(|command| walk_command(&command.value, &mut stars));
                &commands.first()?.path
            }
            _without_query => return None,
        };
        (!stars.0).then(|| path.clone())
    }

    /// A column in that form.
    pub fn shown_column(&self, child: &Child) -> Option<&'a Column> {
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

/// Finds a `*` among columns.
struct Stars(bool);

impl Visit for Stars {
    fn expr(&mut self, expr: &Expr) -> bool {
        self.0 |= matches!(expr, Expr::Column(column) if column.star);
        true
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
