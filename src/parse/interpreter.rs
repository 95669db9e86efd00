//! Applies statements in order to the schema under construction.
//!
//! It plays the part of a PostgreSQL backend without data: it knows which names
//! are taken, chooses implicit names, and refuses what a server would refuse.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::coverage::IgnoreRule;
use super::declared::{self, Declared};
use super::objects::Objects;
use super::user_type::KnownLabels;
use crate::model::{
    Child, Dumped, Entry, Ident, Name, Object, ObjectId, Origin, Problem, ProblemCode, Publication,
    QualifiedName, SearchPath, Span, Table, TypeName, View,
};

/// What a statement came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The schema holds it.
    Modelled,
    /// It says nothing about the schema.
    Ignored(IgnoreRule),
}

/// What must exist before a statement can be applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// A table, view, sequence or index.
    Relation(Name),
    /// A table or view, if it is one that the source creates.
    Declared(Name),
    /// Any object.
    Object(super::address::Address),
    /// An object or a part of one that can have a comment or privileges.
    Annotated(pg_query::protobuf::ObjectType, super::address::Address),
}

/// A lowered statement: all that its text says, names still as written.
pub(super) trait Statement: Send {
    /// The namespace that it creates, when it is `CREATE SCHEMA`.
    fn declare_namespace(&self, _declared: &mut Declared) {}

    /// Names that the statement creates, so that earlier statements may use them.
    fn declare(&self, _declared: &mut Declared, _path: &SearchPath) {}

    /// What must exist before it can be applied.
    fn needs(&self) -> Vec<Need> {
        Vec::new()
    }

    /// The path that it sets, when it is `SET search_path`.
    fn sets_path(&self) -> Option<SearchPath> {
        None
    }

    /// Changes the schema.
    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem>;
}

/// What a name in the namespace of relations (`pg_class`) stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    /// A table, view, materialized view, sequence, index or composite type that is an object of its own.
    Object(ObjectId),
    /// The index of a constraint.
    ConstraintIndex(Child),
    /// The sequence of an identity column.
    IdentitySequence(Child),
}

/// Settings of the session that later statements inherit.
#[derive(Clone, Debug, Default)]
pub(super) struct Session {
    /// `SET SESSION AUTHORIZATION`, `SET ROLE`: the owner of what is created.
    pub role: Option<Ident>,
    /// `default_tablespace`.
    pub tablespace: Option<Ident>,
    /// `default_table_access_method`.
    pub access_method: Option<Ident>,
    /// `SET search_path` as written, for `SET search_path FROM CURRENT`; none for
    /// the path that a session starts with.
    pub search_path: Option<Vec<String>>,
    /// `PREPARE name AS SELECT ..`.
    pub prepared: BTreeMap<Ident, crate::model::Query>,
}

/// The schema under construction.
#[derive(Clone, Debug, Default)]
pub(super) struct Building {
    /// What there is so far.
    pub objects: Objects,
    /// Which PostgreSQL the dump is of.
    pub dumped: Option<Dumped>,
}

/// The schema under construction and the state of the session.
#[derive(Clone)]
pub(super) struct Interpreter<'d> {
    /// What there is so far.
    pub schema: Building,
    /// What there will be.
    pub declared: &'d Declared,
    /// The current `search_path`.
    pub path: SearchPath,
    /// Other settings.
    pub session: Session,
    /// Problems that do not stop a statement.
    pub warnings: Vec<Problem>,
    /// True once any table inherits from another or is a partition.
    pub has_heirs: bool,
    /// Indexes of partitioned tables made with `ON ONLY`: their parts on the
    /// partitions are attached one by one.
    pub only_indexes: HashSet<QualifiedName>,
    /// `ALTER INDEX parent ATTACH PARTITION part`, as (part, parent).
    pub attachments: Vec<(QualifiedName, QualifiedName)>,
    /// What the session has of its own.
    pub temporary: super::temporary::Temporary,
    /// The labels of the enum that was changed last.
    pub known_labels: KnownLabels,
    relations: HashMap<QualifiedName, Relation>,
    /// The sequences of identity columns by column.
    identities: BTreeMap<Child, QualifiedName>,
    constraint_names: HashSet<QualifiedName>,
    /// From which number on a chosen name may be free. Names are only taken: where one
    /// becomes free, this is forgotten.
    next_numbers: RefCell<HashMap<String, u32>>,
}

impl<'d> Interpreter<'d> {
    /// An empty database with its `public` schema.
    pub fn new(declared: &'d Declared) -> Self {
        let mut schema = Building::default();
        let public = crate::model::Namespace { implicit: true };
        schema.objects.insert(
            ObjectId::Namespace(Ident::new("public")),
            Entry::new(public.into(), Span::default()),
        );
        Self {
            schema,
            declared,
            path: SearchPath::initial(),
            session: Session::default(),
            warnings: Vec::new(),
            has_heirs: false,
            only_indexes: HashSet::new(),
            attachments: Vec::new(),
            temporary: super::temporary::Temporary::default(),
            known_labels: KnownLabels::default(),
            relations: HashMap::new(),
            identities: BTreeMap::new(),
            constraint_names: HashSet::new(),
            next_numbers: RefCell::default(),
        }
    }

    // Names.

    /// The full name of an object to be created.
    pub fn creation_name(&self, name: &Name) -> QualifiedName {
        // A schema that is named after the role of the session is only known now.
        let first = self.path.0.first().filter(|_| name.namespace.is_none());
        let first = first.filter(|first| {
            self.schema.objects.contains_key(&ObjectId::Namespace((*first).clone()))
        });
        match first {
            Some(namespace) => {
                QualifiedName { namespace: namespace.clone(), name: name.name.clone() }
            }
            None => self.declared.creation_name(name, &self.path),
        }
    }

    /// The relation that a name means now.
    pub fn find_relation(&self, name: &Name) -> Option<(QualifiedName, &Relation)> {
        let exists = |name: &QualifiedName| self.relations.contains_key(name);
        let own = self.temporary_name(name).filter(exists);
        let found = own.or_else(|| declared::find(name, &self.path, exists))?;
        let relation = self.relations.get(&found)?;
        Some((found, relation))
    }

    /// The relation that a name means now, or the problem that there is none.
    pub fn relation(&self, name: &Name) -> Result<(QualifiedName, ObjectId), Problem> {
        match self.find_relation(name) {
            Some((name, Relation::Object(id))) => Ok((name, id.clone())),
            Some((_, Relation::ConstraintIndex(_) | Relation::IdentitySequence(_))) | None => {
                Err(missing("relation", name))
            }
        }
    }

    /// What a name in the namespace of relations stands for.
    pub fn relation_at(&self, name: &QualifiedName) -> Option<&Relation> {
        self.relations.get(name)
    }

    /// The relation that a name means, in what exists or will exist; the first
    /// namespace of the path when neither is known.
    pub fn resolve_relation(&self, name: &Name) -> QualifiedName {
        let own = self.temporary_name(name).filter(|name| self.relations.contains_key(name));
        own.or_else(|| {
            declared::find(name, &self.path, |name| {
                self.relations.contains_key(name) || self.declared.relations.contains(name)
            })
        })
        .unwrap_or_else(|| self.creation_name(name))
    }

    /// The type with its namespace when the type is known; arrays by their
    /// internal name (`_int4`) become arrays of the element.
    pub fn resolve_type(&self, ty: &TypeName) -> TypeName {
        let own = self.temporary_name(&ty.name).filter(|name| self.relations.contains_key(name));
        match own {
            Some(own) => TypeName { name: own.into(), ..ty.clone() },
            None => self.declared.resolve_type(ty, &self.path),
        }
    }

    /// Chooses a name for a relation, a constraint or both that is not taken
    /// (`ChooseRelationName`, `src/backend/commands/indexcmds.c`;
    /// `ChooseConstraintName`, `src/backend/catalog/pg_constraint.c`).
    pub fn choose_name(
        &self,
        namespace: &Ident,
        name1: &str,
        name2: Option<&str>,
        label: &str,
        is_taken: impl Fn(&QualifiedName) -> bool,
    ) -> Ident {
        /// Few names are tried that often; their numbers are remembered.
        const MANY: u32 = 16;
        let key = || [namespace.as_str(), name1, name2.unwrap_or_default(), label].join("\0");
        let mut number = 0_u32;
        loop {
            if number == MANY {
                let next = self.next_numbers.borrow().get(&key()).copied();
                number = next.unwrap_or(number);
            }
            let suffix = if number == 0 { label.to_owned() } else { format!("{label}{number}") };
            let name = super::names::make_object_name(name1, name2, &suffix);
            let candidate = QualifiedName { namespace: namespace.clone(), name };
            if !is_taken(&candidate) {
                if number >= MANY {
                    self.next_numbers.borrow_mut().insert(key(), number);
                }
                return candidate.name;
            }
            number += 1;
        }
    }

    /// All names in the namespace of relations, in no order that means anything.
    pub fn relations(&self) -> impl Iterator<Item = (&QualifiedName, &Relation)> {
        self.relations.iter()
    }

    /// True when a relation of that name exists.
    pub fn relation_exists(&self, name: &QualifiedName) -> bool {
        self.relations.contains_key(name)
    }

    /// True when a constraint of that name exists anywhere in the namespace.
    pub fn constraint_exists(&self, name: &QualifiedName) -> bool {
        self.constraint_names.contains(name)
    }

    /// Notes the name of a constraint as taken.
    pub fn take_constraint_name(&mut self, name: QualifiedName) {
        self.constraint_names.insert(name);
    }

    /// Notes a name in the namespace of relations as taken.
    pub fn take_relation_name(&mut self, name: QualifiedName, relation: Relation) {
        if let Relation::IdentitySequence(column) = &relation {
            self.identities.insert(column.clone(), name.clone());
        }
        self.relations.insert(name, relation);
    }

    /// Frees a name in the namespace of relations.
    pub fn free_relation_name(&mut self, name: &QualifiedName) -> Option<Relation> {
        self.next_numbers.get_mut().clear();
        let relation = self.relations.remove(name)?;
        if let Relation::IdentitySequence(column) = &relation {
            self.identities.remove(column);
        }
        Some(relation)
    }

    /// Frees the name of the sequence of an identity column.
    pub fn free_identity_sequence(&mut self, column: &Child) {
        self.next_numbers.get_mut().clear();
        if let Some(sequence) = self.identities.remove(column) {
            self.relations.remove(&sequence);
        }
    }

    // Objects.

    /// Adds an object. `if_not_exists` makes one that is there already no error.
    pub fn create(
        &mut self,
        id: ObjectId,
        object: impl Into<Object>,
        span: Span,
        if_not_exists: bool,
    ) -> Result<Outcome, Problem> {
        if let Some(existing) = self.clash(&id) {
            if if_not_exists {
                return Ok(Outcome::Ignored(IgnoreRule::NoEffect));
            }
            return Err(duplicate(&id, existing));
        }
        self.put(id, Entry::new(object.into(), span));
        Ok(Outcome::Modelled)
    }

    /// Adds or replaces an object (`CREATE OR REPLACE`); what is said of the
    /// old one (owner, comment, privileges) stays.
    pub fn create_or_replace(&mut self, id: ObjectId, object: impl Into<Object>, span: Span) {
        let object = object.into();
        if let Some(entry) = self.schema.objects.get_mut(&id) {
            entry.object = object;
            entry.origin = Origin::at(span);
        } else {
            self.put(id, Entry::new(object, span));
        }
    }

    /// Adds an entry and takes its name.
    pub fn put(&mut self, id: ObjectId, mut entry: Entry) {
        if entry.owner.is_none() && super::owner::has_owner(id.kind()) {
            entry.owner.clone_from(&self.session.role);
        }
        self.temporary.any |= super::temporary::is_of_session(&id);
        if let Some(name) = relation_name(&id) {
            self.relations.insert(name.clone(), Relation::Object(id.clone()));
        }
        if let ObjectId::Constraint(child) = &id {
            self.constraint_names.insert(child.parent.sibling(child.name.clone()));
        }
        match &mut entry.object {
            Object::Table(table) => {
                self.has_heirs |= !table.inherits.is_empty() || table.partition_of.is_some();
                // Most of the memory of a schema is its columns.
                table.columns.shrink_to_fit();
            }
            Object::Index(index) => index.keys.shrink_to_fit(),
            _is_small => {}
        }
        super::default_privileges::apply_defaults(self, &id, &mut entry);
        self.schema.objects.insert(id, entry);
    }

    /// Where an object that would clash with `id` is said.
    pub fn clash(&self, id: &ObjectId) -> Option<Span> {
        if let Some(entry) = self.schema.objects.get(id) {
            return Some(entry.origin.span);
        }
        let name = relation_name(id)?;
        let span = |id: &ObjectId| self.schema.objects.get(id).map(|entry| entry.origin.span);
        match self.relations.get(name)? {
            Relation::Object(id) => span(id),
            Relation::ConstraintIndex(child) => span(&ObjectId::Constraint(child.clone())),
            Relation::IdentitySequence(child) => span(&ObjectId::Table(child.parent.clone())),
        }
    }

    /// An object to be changed.
    pub fn entry_mut(&mut self, id: &ObjectId) -> Result<&mut Entry, Problem> {
        self.schema
            .objects
            .get_mut(id)
            .ok_or_else(|| Problem::new(ProblemCode::Missing, "the object does not exist"))
    }

    /// An object and its places, by its type.
    pub fn object_mut<T>(&mut self, id: &ObjectId) -> Option<(&mut T, &mut Origin)>
    where
        for<'a> &'a mut T: TryFrom<&'a mut Object>,
    {
        let entry = self.schema.objects.get_mut(id)?;
        let object = <&mut T>::try_from(&mut entry.object).ok()?;
        Some((object, &mut entry.origin))
    }

    /// An object by its type.
    pub fn object<T>(&self, id: &ObjectId) -> Option<&T>
    where
        for<'a> &'a T: TryFrom<&'a Object>,
    {
        <&T>::try_from(&self.schema.objects.get(id)?.object).ok()
    }

    /// A table to be changed.
    pub fn table_mut(&mut self, name: &QualifiedName) -> Option<(&mut Table, &mut Origin)> {
        self.object_mut(&ObjectId::Table(name.clone()))
    }

    /// A table.
    pub fn table(&self, name: &QualifiedName) -> Option<&Table> {
        self.object(&ObjectId::Table(name.clone()))
    }

    /// A view.
    pub fn view(&self, name: &QualifiedName) -> Option<&View> {
        self.object(&ObjectId::View(name.clone()))
    }

    /// The objects that are part of a relation, type or domain: its
    /// constraints, rules, triggers and policies.
    pub fn children(&self, parent: &QualifiedName) -> Vec<ObjectId> {
        let mut ids = Vec::new();
        let first =
            |make: fn(Child) -> ObjectId| make(Child::new(parent.clone(), Ident::default()));
        for make in [ObjectId::Constraint, ObjectId::Rule, ObjectId::Trigger, ObjectId::Policy] {
            let range = self.schema.objects.range(first(make)..);
            let own = range
                .map(|(id, _)| id)
                .take_while(|id| id.kind() == first(make).kind() && id.parent() == Some(parent));
            ids.extend(own.cloned());
        }
        ids
    }

    /// Removes an object with its parts, as `DROP .. CASCADE` does for what is
    /// part of it. Indexes and owned sequences go with their table.
    pub fn remove(&mut self, id: &ObjectId) -> Option<Entry> {
        let entry = self.schema.objects.remove(id)?;
        self.next_numbers.get_mut().clear();
        if let Some(name) = relation_name(id) {
            self.relations.remove(name);
        }
        match id {
            ObjectId::Constraint(child) => {
                self.constraint_names.remove(&child.parent.sibling(child.name.clone()));
                let index = child.parent.sibling(child.name.clone());
                if self.relations.get(&index) == Some(&Relation::ConstraintIndex(child.clone())) {
                    self.relations.remove(&index);
                }
            }
            ObjectId::Table(name)
            | ObjectId::View(name)
            | ObjectId::MaterializedView(name)
            | ObjectId::Domain(name) => self.remove_parts(name),
            _other_kinds_have_no_parts => {}
        }
        Some(entry)
    }

    fn remove_parts(&mut self, name: &QualifiedName) {
        for child in self.children(name) {
            self.remove(&child);
        }
        let hangs_on = |(id, entry): (&ObjectId, &Entry)| {
            let part = match &entry.object {
                Object::Index(index) => index.relation == *name,
                Object::Statistics(statistics) => statistics.relation == *name,
                Object::Sequence(sequence) => {
                    sequence.owned_by.as_ref().is_some_and(|(table, _)| table == name)
                }
                _other_objects_are_no_parts => false,
            };
            part.then(|| id.clone())
        };
        let naming = self.schema.objects.naming(&name.name);
        let parts: Vec<ObjectId> = naming
            .iter()
            .filter_map(|id| self.schema.objects.get_key_value(id))
            .filter_map(hangs_on)
            .collect();
        for part in parts {
            self.remove(&part);
        }
        let first = Child::new(name.clone(), Ident::default());
        let columns = self.identities.range(first..).map(|(column, _)| column);
        let columns: Vec<Child> =
            columns.take_while(|column| column.parent == *name).cloned().collect();
        for column in columns {
            self.free_identity_sequence(&column);
        }
        for id in naming.iter().filter(|id| matches!(id, ObjectId::Publication(_))) {
            if let Some((publication, _)) = self.object_mut::<Publication>(id) {
                publication.tables.remove(name);
            }
        }
    }

    /// Gives an object another identity, with its parts and all that names it.
    pub fn rename(&mut self, from: &ObjectId, to: ObjectId) -> Result<(), Problem> {
        if let Some(existing) = self.clash(&to) {
            return Err(duplicate(&to, existing));
        }
        self.next_numbers.get_mut().clear();
        let Some(entry) = self.schema.objects.remove(from) else {
            return Err(Problem::new(ProblemCode::Missing, "the object does not exist"));
        };
        if let (Some(old), Some(new)) = (relation_name(from), relation_name(&to)) {
            self.relations.remove(old);
            self.relations.insert(new.clone(), Relation::Object(to.clone()));
        }
        if let (ObjectId::Constraint(old), ObjectId::Constraint(new)) = (from, &to) {
            let (old_name, new_name) =
                (old.parent.sibling(old.name.clone()), new.parent.sibling(new.name.clone()));
            self.constraint_names.remove(&old_name);
            self.constraint_names.insert(new_name.clone());
            if self.relations.get(&old_name) == Some(&Relation::ConstraintIndex(old.clone())) {
                self.relations.remove(&old_name);
                self.relations.insert(new_name, Relation::ConstraintIndex(new.clone()));
            }
        }
        self.schema.objects.insert(to.clone(), entry);
        super::rename::follow(self, from, &to);
        Ok(())
    }

    /// Gives every name in a namespace the new one.
    pub fn rename_namespace(&mut self, from: &Ident, to: &Ident) {
        let change = |mut name: QualifiedName| {
            if name.namespace == *from {
                name.namespace.clone_from(to);
            }
            name
        };
        let child = |child: Child| Child::new(change(child.parent), child.name);
        let relations = std::mem::take(&mut self.relations);
        let relations = relations.into_iter().map(|(name, relation)| {
            let relation = match relation {
                Relation::Object(id) if id.namespace() == Some(from) => {
                    Relation::Object(super::rename::moved(&id, to).unwrap_or(id))
                }
                Relation::Object(id) => Relation::Object(id),
                Relation::ConstraintIndex(owner) => Relation::ConstraintIndex(child(owner)),
                Relation::IdentitySequence(owner) => Relation::IdentitySequence(child(owner)),
            };
            (change(name), relation)
        });
        self.relations = relations.collect();
        let identities = std::mem::take(&mut self.identities);
        let identities = identities.into_iter().map(|(column, name)| (child(column), change(name)));
        self.identities = identities.collect();
        let constraints = std::mem::take(&mut self.constraint_names);
        self.constraint_names = constraints.into_iter().map(change).collect();
    }

    /// Gives the sequence of an identity column to the column's new name.
    pub fn follow_identity_column(&mut self, from: &Child, to: Child) {
        if let Some(sequence) = self.identities.get(from).cloned()
            && self.free_relation_name(&sequence).is_some()
        {
            self.take_relation_name(sequence, Relation::IdentitySequence(to));
        }
    }

    /// All objects by identity, for passes over the whole schema.
    pub fn objects_mut(&mut self) -> &mut Objects {
        &mut self.schema.objects
    }
}

/// The name that an object takes in the namespace of relations.
pub(super) fn relation_name(id: &ObjectId) -> Option<&QualifiedName> {
    match id {
        ObjectId::Table(name)
        | ObjectId::View(name)
        | ObjectId::MaterializedView(name)
        | ObjectId::Sequence(name)
        | ObjectId::Index(name)
        | ObjectId::Composite(name) => Some(name),
        _other_kinds_have_namespaces_of_their_own => None,
    }
}

/// The problem that something named does not exist.
pub(super) fn missing(what: &str, name: &Name) -> Problem {
    Problem::new(ProblemCode::Missing, format!("{what} {} does not exist", shown(name)))
        .help("pgcanon reads the whole source before it says so: nothing in it creates this object")
}

/// The problem that an object exists twice.
pub(super) fn duplicate(id: &ObjectId, first: Span) -> Problem {
    let name = super::address::describe(id);
    Problem::new(ProblemCode::Duplicate, format!("{name} already exists"))
        .related("first created here", first)
        .help("remove one of the two, or use IF NOT EXISTS or OR REPLACE if both are meant")
}

/// A name for a message. Messages are escaped when they are shown.
pub(super) fn shown(name: &Name) -> String {
    match &name.namespace {
        Some(namespace) => format!("\"{}.{}\"", namespace.as_str(), name.name.as_str()),
        None => format!("\"{}\"", name.name.as_str()),
    }
}
