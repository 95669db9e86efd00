//! What a new name changes elsewhere.
//!
//! PostgreSQL keeps references by number; here they are names. Resolved ones are
//! replaced; in code, where names are as written, a name is replaced when it means the
//! renamed object under the path of that code, and is then qualified.

use super::interpreter::Interpreter;
use super::references::{Code, code, functions, relations, types};
use super::rename::{moved, relation_of};
use super::serial::quoted;
use super::session::split_list;
use crate::model::{
    Child, CommonTable, ConstraintDefinition, Expr, Grantee, Ident, IndexKey, Literal, Name,
    Object, ObjectId, Policy, Problem, ProblemCode, QualifiedName, Query, ReplicaIdentity,
    SearchPath, TypeName, VisitMut, With,
};

/// Changes everything that names a renamed object.
pub(super) fn follow(cx: &mut Interpreter<'_>, from: &ObjectId, to: &ObjectId) {
    use ObjectId as I;
    match (from, to) {
        (I::Table(old), I::Table(new))
        | (I::View(old), I::View(new))
        | (I::MaterializedView(old), I::MaterializedView(new)) => {
            move_children(cx, old, new);
            follow_name(cx, old, new, Named::Relation);
            follow_name(cx, old, new, Named::Type);
        }
        (I::Composite(old), I::Composite(new)) => follow_name(cx, old, new, Named::Type),
        (I::Sequence(old), I::Sequence(new)) => follow_name(cx, old, new, Named::Relation),
        (I::Index(old), I::Index(new)) => {
            if let Some(index) = cx.object::<crate::model::Index>(to) {
                let relation = index.relation.clone();
                follow_index(cx, &relation, &old.name, &new.name);
            }
        }
        (I::Constraint(old), I::Constraint(new)) if old.name != new.name => {
            follow_index(cx, &new.parent.clone(), &old.name, &new.name);
        }
        (I::Domain(old), I::Domain(new)) => {
            move_children(cx, old, new);
            follow_name(cx, old, new, Named::Type);
        }
        (I::Enum(old), I::Enum(new))
        | (I::Range(old), I::Range(new))
        | (I::BaseType(old), I::BaseType(new)) => follow_name(cx, old, new, Named::Type),
        (I::Routine(old), I::Routine(new)) | (I::Aggregate(old), I::Aggregate(new)) => {
            let overloaded = cx.schema.objects.naming(&old.name.name).iter().any(|id| {
                matches!(id, I::Routine(other) | I::Aggregate(other) if other.name == old.name)
            });
            let named = if overloaded { Named::Overloaded } else { Named::Function };
            follow_name(cx, &old.name, &new.name, named);
        }
        (I::Namespace(old), I::Namespace(new)) => follow_namespace(cx, old, new),
        (I::Role(old), I::Role(new)) => follow_role(cx, old, new),
        (I::Server(old), I::Server(new)) => follow_server(cx, old, new),
        (I::ForeignDataWrapper(old), I::ForeignDataWrapper(new)) => {
            for_each_object(cx, |object| match object {
                Object::Server(server) if server.wrapper == *old => server.wrapper = new.clone(),
                _another => {}
            });
        }
        (I::Language(old), I::Language(new)) => {
            for_each_object(cx, |object| match object {
                Object::Routine(routine) if routine.language == *old => {
                    routine.language = new.clone();
                }
                _another => {}
            });
        }
        (I::Collation(old), I::Collation(new)) => follow_name(cx, old, new, Named::Collation),
        _nothing_else_names_it => {}
    }
}

fn for_each_object(cx: &mut Interpreter<'_>, mut change: impl FnMut(&mut Object)) {
    cx.schema.objects.values_mut().for_each(|entry| change(&mut entry.object));
}

/// Gives the parts of a relation or domain, whose identity holds its name, the new one.
fn move_children(cx: &mut Interpreter<'_>, old: &QualifiedName, new: &QualifiedName) {
    for id in cx.children(old) {
        let child = |child: &Child| Child::new(new.clone(), child.name.clone());
        let to = match &id {
            ObjectId::Constraint(part) => {
                cx.take_constraint_name(new.sibling(part.name.clone()));
                ObjectId::Constraint(child(part))
            }
            ObjectId::Rule(part) => ObjectId::Rule(child(part)),
            ObjectId::Trigger(part) => ObjectId::Trigger(child(part)),
            ObjectId::Policy(part) => ObjectId::Policy(child(part)),
            _no_part => continue,
        };
        if let Some(entry) = cx.schema.objects.remove(&id) {
            cx.schema.objects.insert(to, entry);
        }
        if let ObjectId::Constraint(part) = &id {
            let index = old.sibling(part.name.clone());
            let is_own = matches!(
                cx.relation_at(&index),
                Some(super::interpreter::Relation::ConstraintIndex(owner)) if owner == part
            );
            if is_own && let Some(relation) = cx.free_relation_name(&index) {
                let relation = relation_of(relation, old, new);
                cx.take_relation_name(new.sibling(part.name.clone()), relation);
            }
        }
    }
    let Some(table) = cx.table(new) else { return };
    let sequences: Vec<QualifiedName> = table
        .columns
        .iter()
        .filter_map(|column| match &column.default {
            Some(crate::model::ColumnDefault::Identity { sequence_name, .. }) => {
                Some(sequence_name.clone())
            }
            _no_sequence => None,
        })
        .collect();
    for sequence in sequences {
        if let Some(relation) = cx.free_relation_name(&sequence) {
            let relation = relation_of(relation, old, new);
            cx.take_relation_name(sequence, relation);
        }
    }
}

/// `CLUSTER ON` and `REPLICA IDENTITY USING INDEX` name an index.
fn follow_index(cx: &mut Interpreter<'_>, relation: &QualifiedName, old: &Ident, new: &Ident) {
    if let Some((table, _)) = cx.table_mut(relation) {
        if table.cluster_on.as_ref() == Some(old) {
            table.cluster_on = Some(new.clone());
        }
        if table.replica_identity == ReplicaIdentity::Index(old.clone()) {
            table.replica_identity = ReplicaIdentity::Index(new.clone());
        }
    }
    let id = ObjectId::MaterializedView(relation.clone());
    if let Some((view, _)) = cx.object_mut::<crate::model::MaterializedView>(&id)
        && view.cluster_on.as_ref() == Some(old)
    {
        view.cluster_on = Some(new.clone());
    }
}

fn follow_role(cx: &mut Interpreter<'_>, old: &Ident, new: &Ident) {
    let change = |name: &mut Ident| {
        if name == old {
            *name = new.clone();
        }
    };
    let grantee = |grantee: Grantee| match grantee {
        Grantee::Role(role) if role == *old => Grantee::Role(new.clone()),
        other => other,
    };
    let acl = |acl: &mut crate::model::Acl| {
        let grants = std::mem::take(&mut acl.grants);
        acl.grants = grants.into_iter().map(|(who, what)| (grantee(who), what)).collect();
    };
    let objects = cx.schema.objects.take_all();
    for (mut id, mut entry) in objects {
        match &mut id {
            ObjectId::UserMapping((_, user)) => change(user),
            ObjectId::DefaultPrivileges(key) => key.role.iter_mut().for_each(change),
            _without_a_role => {}
        }
        entry.owner.iter_mut().for_each(change);
        entry.acl.iter_mut().for_each(acl);
        match &mut entry.object {
            Object::DefaultPrivileges(defaults) => acl(&mut defaults.acl),
            Object::Policy(policy) => {
                let Policy { roles, .. } = policy.as_mut();
                *roles = std::mem::take(roles).into_iter().map(grantee).collect();
            }
            Object::Role(role) => {
                if let Some(options) = role.member_of.remove(old) {
                    role.member_of.insert(new.clone(), options);
                }
            }
            Object::Table(table) => {
                let columns = table.columns.iter_mut();
                for details in columns.filter_map(|column| column.details.said_mut()) {
                    details.acl.iter_mut().for_each(acl);
                    details.sequence_note.acl.iter_mut().for_each(acl);
                }
            }
            Object::View(view) => {
                view.column_notes.values_mut().for_each(|note| note.acl.iter_mut().for_each(acl));
            }
            Object::MaterializedView(view) => {
                view.column_notes.values_mut().for_each(|note| note.acl.iter_mut().for_each(acl));
            }
            _without_a_role => {}
        }
        cx.schema.objects.insert(id, entry);
    }
}

fn follow_server(cx: &mut Interpreter<'_>, old: &Ident, new: &Ident) {
    let objects = cx.schema.objects.take_all();
    for (mut id, mut entry) in objects {
        if let ObjectId::UserMapping((server, _)) = &mut id
            && server == old
        {
            *server = new.clone();
        }
        if let Object::Table(table) = &mut entry.object
            && let Some(foreign) = &mut table.foreign
            && foreign.server == *old
        {
            foreign.server = new.clone();
        }
        cx.schema.objects.insert(id, entry);
    }
}

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    Relation,
    Type,
    Function,
    /// A function that has namesakes: which of them a call means takes analysis.
    Overloaded,
    Collation,
}

/// Replaces a name in all objects.
fn follow_name(cx: &mut Interpreter<'_>, old: &QualifiedName, new: &QualifiedName, named: Named) {
    let mut uncertain = Vec::new();
    for id in cx.schema.objects.naming(&old.name) {
        // It is out of the schema while it is changed: only names of relations are asked.
        let Some(mut entry) = cx.schema.objects.remove(&id) else { continue };
        let mut names = Names {
            cx,
            old,
            new,
            named,
            path: SearchPath::empty(),
            queries: Vec::new(),
            uncertain: false,
        };
        if named == Named::Relation {
            relations(&mut entry.object, &mut |name| {
                if name == old {
                    name.clone_from(new);
                }
            });
        }
        types(&mut entry.object, &mut |ty| names.ty(ty));
        functions(&mut entry.object, &mut |name| names.function(name));
        if named == Named::Collation {
            collations(&mut entry.object, &mut |name| names.replace(name));
        }
        code(&mut entry.object, &mut |code, path| names.code(code, path));
        if names.uncertain {
            uncertain.push((super::address::describe(&id), entry.origin.span));
        }
        cx.schema.objects.insert(id, entry);
    }
    if named == Named::Type {
        rekey_types(cx, old, new);
    }
    for (what, span) in uncertain {
        let message =
            format!("whether {what} uses what was renamed takes the analysis of its overloads");
        cx.warnings.push(Problem::new(ProblemCode::NotModelled, message).at(span));
    }
}

/// Types are part of the identity of routines, operators, casts and transforms.
fn rekey_types(cx: &mut Interpreter<'_>, old: &QualifiedName, new: &QualifiedName) {
    let change = |ty: &mut TypeName| {
        if ty.name == Name::from(old.clone()) {
            ty.name = new.clone().into();
        }
    };
    for mut id in cx.schema.objects.naming(&old.name) {
        let Some(entry) = cx.schema.objects.remove(&id) else { continue };
        match &mut id {
            ObjectId::Routine(signature) | ObjectId::Aggregate(signature) => {
                signature.args.iter_mut().for_each(change);
            }
            ObjectId::Operator(signature) => {
                signature.left.iter_mut().chain(&mut signature.right).for_each(|ty| change(ty));
            }
            ObjectId::Cast((source, target)) => {
                [source, target].into_iter().for_each(|ty| change(ty));
            }
            ObjectId::Transform((ty, _)) => change(ty),
            _without_types => {}
        }
        cx.schema.objects.insert(id, entry);
    }
}

fn collations(object: &mut Object, f: &mut dyn FnMut(&mut Name)) {
    match object {
        Object::Table(table) => table
            .columns
            .iter_mut()
            .filter_map(|column| column.details.said_mut())
            .for_each(|details| details.collation.iter_mut().for_each(&mut *f)),
        Object::Domain(domain) => domain.collation.iter_mut().for_each(f),
        Object::Composite(composite) => {
            composite
                .attributes
                .iter_mut()
                .for_each(|attribute| attribute.collation.iter_mut().for_each(&mut *f));
        }
        Object::Index(index) => {
            index.keys.iter_mut().for_each(|key| key_collation(key, &mut *f));
        }
        Object::Constraint(constraint) => {
            if let ConstraintDefinition::Exclusion(exclusion) = &mut constraint.definition {
                exclusion.elements.iter_mut().for_each(|(key, _)| key_collation(key, &mut *f));
            }
        }
        _without_collations => {}
    }
}

fn key_collation(key: &mut IndexKey, f: &mut dyn FnMut(&mut Name)) {
    if let Some(details) = key.details.said_mut() {
        details.collation.iter_mut().for_each(f);
    }
}

/// Replaces one name in code.
struct Names<'a> {
    cx: &'a Interpreter<'a>,
    old: &'a QualifiedName,
    new: &'a QualifiedName,
    named: Named,
    path: SearchPath,
    /// The names of the queries in `WITH` around, which hide relations.
    queries: Vec<Vec<Ident>>,
    uncertain: bool,
}

impl Names<'_> {
    fn code(&mut self, code: Code<'_>, path: &SearchPath) {
        self.path.clone_from(path);
        self.queries.clear();
        code.change(self);
    }

    /// True when the name means the renamed object.
    fn means(&self, name: &Name) -> bool {
        if name.name != self.old.name {
            return false;
        }
        let exists = |candidate: &QualifiedName| candidate == self.old || self.is_there(candidate);
        super::declared::find(name, &self.path, exists).as_ref() == Some(self.old)
    }

    fn is_there(&self, candidate: &QualifiedName) -> bool {
        match self.named {
            Named::Relation => self.cx.relation_exists(candidate),
            Named::Type => self.cx.declared.types.contains(candidate),
            // All functions of the path compete: the nearest with that name is likely meant.
            Named::Function | Named::Overloaded | Named::Collation => false,
        }
    }

    fn replace(&mut self, name: &mut Name) {
        if self.means(name) {
            if self.named == Named::Overloaded {
                self.uncertain = true;
            } else {
                *name = self.new.clone().into();
            }
        }
    }

    /// The text of a `regclass`.
    fn replace_text(&mut self, expr: &mut Expr) {
        let Expr::Literal(Literal::String(text)) = expr else { return };
        let mut parts = text.split('.');
        let name = match (parts.next(), parts.next(), parts.next()) {
            (Some(name), None, _) => Name { namespace: None, name: unquoted(name) },
            (Some(namespace), Some(name), None) => {
                Name { namespace: Some(unquoted(namespace)), name: unquoted(name) }
            }
            _dots_in_quotes => return,
        };
        if self.means(&name) {
            let new =
                [quoted(self.new.namespace.as_str()), quoted(self.new.name.as_str())].join(".");
            *text = new.into();
        }
    }
}

fn unquoted(part: &str) -> Ident {
    split_list(part).first().map(Ident::new).unwrap_or_default()
}

impl VisitMut for Names<'_> {
    fn enter_query(&mut self, query: &Query) {
        let names = |with: &With| {
            with.queries.iter().map(|CommonTable { name, .. }| name.clone()).collect()
        };
        self.queries.push(query.with.as_ref().map(names).unwrap_or_default());
    }

    fn enter_command(&mut self, command: &crate::model::Command) {
        use crate::model::Command;
        let with = match command {
            Command::Insert(insert) => insert.with.as_ref(),
            Command::Update(update) => update.with.as_ref(),
            Command::Delete(delete) => delete.with.as_ref(),
            Command::Merge(merge) => merge.with.as_ref(),
            Command::Query(_)
            | Command::Notify { .. }
            | Command::Return(_)
            | Command::Opaque(_) => None,
        };
        let names = |with: &With| {
            with.queries.iter().map(|CommonTable { name, .. }| name.clone()).collect()
        };
        self.queries.push(with.map(names).unwrap_or_default());
    }

    fn leave(&mut self) {
        self.queries.pop();
    }

    fn relation(&mut self, name: &mut Name) {
        let hidden = name.namespace.is_none()
            && self.queries.iter().flatten().any(|query| *query == name.name);
        if self.named == Named::Relation && !hidden {
            self.replace(name);
        }
    }

    fn ty(&mut self, ty: &mut TypeName) {
        if self.named == Named::Type {
            self.replace(&mut ty.name);
        }
    }

    fn function(&mut self, name: &mut Name) {
        if matches!(self.named, Named::Function | Named::Overloaded) {
            self.replace(name);
        }
    }

    fn expr(&mut self, expr: &mut Expr) {
        match (expr, self.named) {
            (Expr::Collate(collate), Named::Collation) => self.replace(&mut collate.collation),
            (Expr::Cast(cast), Named::Relation) if cast.ty.name.name == "regclass" => {
                self.replace_text(&mut cast.arg);
            }
            (Expr::Call(call), Named::Relation)
                if ["nextval", "currval", "setval"].contains(&call.name.name.as_str()) =>
            {
                if let Some(argument) = call.args.first_mut() {
                    self.replace_text(&mut argument.value);
                }
            }
            // `t.a`: the table is named in its columns, unless it has an alias.
            (Expr::Column(column), Named::Relation) => {
                let star = usize::from(!column.star);
                let Some(end) = column.parts.len().checked_sub(star) else { return };
                let qualifier = column.parts.get(..end).unwrap_or_default();
                let renamed = match qualifier {
                    [table] if *table == self.old.name => 1,
                    [namespace, table]
                        if *namespace == self.old.namespace && *table == self.old.name =>
                    {
                        2
                    }
                    _another => return,
                };
                if renamed == 2
                    && let Some(namespace) = column.parts.first_mut()
                {
                    namespace.clone_from(&self.new.namespace);
                }
                if let Some(table) = column.parts.get_mut(renamed - 1) {
                    table.clone_from(&self.new.name);
                }
            }
            _without_names => {}
        }
    }
}

/// Gives all objects of a namespace the new one.
fn follow_namespace(cx: &mut Interpreter<'_>, old: &Ident, new: &Ident) {
    let objects = cx.schema.objects.take_all();
    for (id, mut entry) in objects {
        let to = match id {
            // Renamed by itself.
            ObjectId::Namespace(_) => id,
            id => in_namespace(id, &mut entry.object, old, new),
        };
        cx.schema.objects.insert(to, entry);
    }
    cx.rename_namespace(old, new);
}

/// Changes one object to what it is when a namespace has another name; gives its identity.
pub(super) fn in_namespace(
    id: ObjectId,
    object: &mut Object,
    old: &Ident,
    new: &Ident,
) -> ObjectId {
    let change = |namespace: &mut Ident| {
        if namespace == old {
            *namespace = new.clone();
        }
    };
    relations(object, &mut |name| change(&mut name.namespace));
    types(object, &mut |ty| ty.name.namespace.iter_mut().for_each(change));
    functions(object, &mut |name| name.namespace.iter_mut().for_each(change));
    collations(object, &mut |name| name.namespace.iter_mut().for_each(change));
    code(object, &mut |code, _| code.change(&mut Namespaces { old, new }));
    match object {
        Object::Extension(extension) => extension.namespace.iter_mut().for_each(change),
        Object::Publication(publication) => {
            if publication.namespaces.remove(old) {
                publication.namespaces.insert(new.clone());
            }
        }
        _another => {}
    }
    let of_type = |ty: &mut TypeName| ty.name.namespace.iter_mut().for_each(change);
    let is_there = super::tenant::namespace(&id) == Some(old);
    let mut id = match id {
        ObjectId::Namespace(name) if name == *old => ObjectId::Namespace(new.clone()),
        id if is_there => moved(&id, new).unwrap_or(id),
        id => id,
    };
    match &mut id {
        ObjectId::Routine(signature) | ObjectId::Aggregate(signature) => {
            signature.args.iter_mut().for_each(of_type);
        }
        ObjectId::Operator(signature) => {
            let operands = signature.left.iter_mut().chain(&mut signature.right);
            operands.for_each(|ty| of_type(ty));
        }
        ObjectId::Cast((source, target)) => {
            of_type(source);
            of_type(target);
        }
        ObjectId::Transform((ty, _)) => of_type(ty),
        _without_types => {}
    }
    id
}

/// Replaces the namespace of qualified names. What was found by the path is found no
/// more under its old name, so that it stays as written.
struct Namespaces<'a> {
    old: &'a Ident,
    new: &'a Ident,
}

impl Namespaces<'_> {
    fn change(&self, name: &mut Name) {
        if name.namespace.as_ref() == Some(self.old) {
            name.namespace = Some(self.new.clone());
        }
    }
}

impl VisitMut for Namespaces<'_> {
    fn relation(&mut self, name: &mut Name) {
        self.change(name);
    }

    fn ty(&mut self, ty: &mut TypeName) {
        self.change(&mut ty.name);
    }

    fn function(&mut self, name: &mut Name) {
        self.change(name);
    }

    fn expr(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Collate(collate) => self.change(&mut collate.collation),
            Expr::Operator(operation) => self.change(&mut operation.operator),
            Expr::AnyAll(any) => self.change(&mut any.operator),
            Expr::Column(column) if column.parts.len() + usize::from(column.star) >= 3 => {
                if let Some(namespace) =
                    column.parts.first_mut().filter(|namespace| *namespace == self.old)
                {
                    namespace.clone_from(self.new);
                }
            }
            Expr::Literal(Literal::String(text)) => {
                let before = [quoted(self.old.as_str()), ".".to_owned()].concat();
                if let Some(rest) = text.strip_prefix(&before) {
                    let renamed = [quoted(self.new.as_str()).as_str(), ".", rest].concat();
                    // Only a regclass would be changed by the server; a text that looks
                    // like one is as good as always one.
                    *text = renamed.into();
                }
            }
            _without_names => {}
        }
    }
}
