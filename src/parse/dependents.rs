//! What depends on an object by name, for `DROP .. CASCADE`.

use super::interpreter::Interpreter;
use super::references::{Code, code, functions, types};
use super::serial::quoted;
use crate::model::{
    AclClass, CastMethod, ConstraintDefinition, Expr, Ident, Literal, Name, Object, ObjectId,
    Problem, ProblemCode, QualifiedName, SearchPath, Span, Table, TypeName, VisitMut,
};

/// Something that goes with an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Dependent {
    /// A whole object.
    Object(ObjectId),
    /// The default of a column or domain.
    Default(ObjectId, Ident),
    /// A column or attribute.
    Column(ObjectId, Ident),
}

/// What goes with an object: with `cascade` all that depends on it, else only what
/// cannot be without it.
pub(super) fn dependents(
    cx: &mut Interpreter<'_>,
    id: &ObjectId,
    cascade: bool,
    span: Span,
) -> Vec<Dependent> {
    use ObjectId as I;
    let mut found = match id {
        I::Table(name) => partitions(cx, name),
        I::Server(_) | I::ForeignDataWrapper(_) if !cascade => Vec::new(),
        // Families and classes are made for their method (`DefineOpClass`,
        // `src/backend/commands/opclasscmds.c`).
        I::AccessMethod(name) => of_method(cx, name, cascade),
        I::Role(_) => return Vec::new(),
        _without_partitions => Vec::new(),
    };
    if !cascade {
        return found;
    }
    match id {
        I::Namespace(namespace) => {
            let inside = cx.schema.objects.keys().filter(|id| match id {
                I::DefaultPrivileges(key) => key.namespace.as_ref() == Some(namespace),
                other => other.qualified_name().is_some_and(|name| name.namespace == *namespace),
            });
            found.extend(inside.cloned().map(Dependent::Object));
        }
        I::Table(name) | I::View(name) | I::MaterializedView(name) => {
            found.extend(of_relation(cx, name));
            found.extend(in_code(cx, Used::Relation(name)));
            found.extend(of_type(cx, name));
        }
        I::Sequence(name) => found.extend(in_code(cx, Used::Sequence(name))),
        I::Enum(name)
        | I::Domain(name)
        | I::Composite(name)
        | I::Range(name)
        | I::BaseType(name) => {
            found.extend(of_type(cx, name));
            found.extend(in_code(cx, Used::Type(name)));
        }
        I::Routine(signature) | I::Aggregate(signature) => {
            let namesakes = cx.schema.objects.naming(&signature.name.name);
            let overloads = namesakes.iter().filter(|id| {
                matches!(id, I::Routine(other) | I::Aggregate(other) if other.name == signature.name)
            });
            let alone = overloads.count() == 1;
            let code = in_code(cx, Used::Function(&signature.name));
            if alone {
                found.extend(code);
            } else if !code.is_empty() {
                let message =
                    "which objects use this function and not one of its namesakes takes analysis";
                cx.warnings.push(Problem::new(ProblemCode::NotModelled, message).at(span));
            }
            found.extend(by_function(cx, &signature.name, &signature.args));
        }
        I::Server(name) => found.extend(of_server(cx, name)),
        I::ForeignDataWrapper(name) => {
            let servers = cx.schema.objects.entries_naming(name).filter(|(_, entry)| {
                matches!(&entry.object, Object::Server(server) if server.wrapper == *name)
            });
            found.extend(servers.map(|(id, _)| Dependent::Object(id.clone())));
        }
        I::Language(name) => {
            let routines = cx.schema.objects.entries_naming(name).filter(|(_, entry)| {
                matches!(&entry.object, Object::Routine(routine) if routine.language == *name)
            });
            found.extend(routines.map(|(id, _)| Dependent::Object(id.clone())));
        }
        I::Constraint(child) => found.extend(keys_on(cx, child, id)),
        I::Extension(_) => {
            let message = "what goes with an extension is not known offline";
            cx.warnings.push(Problem::new(ProblemCode::NotModelled, message).at(span));
        }
        _nothing_depends_on_it_by_name => {}
    }
    found
}

fn partitions(cx: &Interpreter<'_>, name: &QualifiedName) -> Vec<Dependent> {
    let parts = cx.schema.objects.entries_naming(&name.name).filter(|(_, entry)| {
        matches!(&entry.object, Object::Table(table) if table.partition_of.as_ref().is_some_and(|of| of.parent == *name))
    });
    parts.map(|(id, _)| Dependent::Object(id.clone())).collect()
}

/// Operator families and classes of an access method; with `cascade` what is stored by it.
fn of_method(cx: &Interpreter<'_>, name: &Ident, cascade: bool) -> Vec<Dependent> {
    let naming = cx.schema.objects.entries_naming(name);
    let found = naming.filter(|(id, entry)| match (id, &entry.object) {
        (ObjectId::OperatorClass(member) | ObjectId::OperatorFamily(member), _) => {
            member.method == *name
        }
        (_, Object::Index(index)) => cascade && index.method == *name,
        (_, Object::Table(table)) => cascade && table.access_method.as_ref() == Some(name),
        _another => false,
    });
    found.map(|(id, _)| Dependent::Object(id.clone())).collect()
}

/// Heirs and foreign keys.
fn of_relation(cx: &Interpreter<'_>, name: &QualifiedName) -> Vec<Dependent> {
    let depends = |object: &Object| match object {
        Object::Table(table) => table.inherits.contains(name),
        Object::Constraint(constraint) => {
            matches!(&constraint.definition, ConstraintDefinition::ForeignKey(key) if key.target == *name)
        }
        _another => false,
    };
    let naming = cx.schema.objects.entries_naming(&name.name);
    let found = naming.filter(|(_, entry)| depends(&entry.object));
    found.map(|(id, _)| Dependent::Object(id.clone())).collect()
}

/// Foreign keys that need a key: those that reference exactly its columns.
fn keys_on(cx: &Interpreter<'_>, child: &crate::model::Child, id: &ObjectId) -> Vec<Dependent> {
    let Some(constraint) = cx.object::<crate::model::Constraint>(id) else { return Vec::new() };
    let columns = match &constraint.definition {
        ConstraintDefinition::PrimaryKey(key) | ConstraintDefinition::Unique(key) => &key.columns,
        ConstraintDefinition::Check { .. }
        | ConstraintDefinition::ForeignKey(_)
        | ConstraintDefinition::Exclusion(_) => return Vec::new(),
    };
    let needs = |object: &Object| match object {
        Object::Constraint(constraint) => match &constraint.definition {
            ConstraintDefinition::ForeignKey(key) => {
                key.target == child.parent
                    && (key.target_columns.is_empty() || key.target_columns == *columns)
            }
            ConstraintDefinition::PrimaryKey(_)
            | ConstraintDefinition::Unique(_)
            | ConstraintDefinition::Check { .. }
            | ConstraintDefinition::Exclusion(_) => false,
        },
        _another => false,
    };
    let naming = cx.schema.objects.entries_naming(&child.parent.name);
    let found = naming.filter(|(_, entry)| needs(&entry.object));
    found.map(|(id, _)| Dependent::Object(id.clone())).collect()
}

/// Columns, attributes, domains, routines and casts of a type.
fn of_type(cx: &Interpreter<'_>, name: &QualifiedName) -> Vec<Dependent> {
    let is_it = |ty: &TypeName| ty.name == Name::from(name.clone());
    let mut found = Vec::new();
    for (id, entry) in cx.schema.objects.entries_naming(&name.name) {
        let whole = match (id, &entry.object) {
            (ObjectId::Cast((source, target)), _) => is_it(source) || is_it(target),
            (ObjectId::Transform((ty, _)), _) => is_it(ty),
            (ObjectId::Operator(signature), _) => {
                signature.left.iter().chain(&signature.right).any(|ty| is_it(ty))
            }
            (_, Object::Table(table)) => {
                let columns = table.columns.iter().filter(|column| is_it(&column.ty));
                found.extend(
                    columns.map(|column| Dependent::Column(id.clone(), column.name.clone())),
                );
                table.of_type.as_ref().is_some_and(|ty| *ty == Name::from(name.clone()))
            }
            (_, Object::Composite(composite)) => {
                let attributes =
                    composite.attributes.iter().filter(|attribute| is_it(&attribute.ty));
                found.extend(attributes.map(|one| Dependent::Column(id.clone(), one.name.clone())));
                false
            }
            (_, object) => {
                let mut object = object.clone();
                let mut uses = false;
                types(&mut object, &mut |ty| uses |= is_it(ty));
                uses
            }
        };
        if whole && id.qualified_name() != Some(name) {
            found.push(Dependent::Object(id.clone()));
        }
    }
    found
}

fn of_server(cx: &Interpreter<'_>, name: &Ident) -> Vec<Dependent> {
    let on_it = |(id, entry): &(&ObjectId, &crate::model::Entry)| match (id, &entry.object) {
        (ObjectId::UserMapping((server, _)), _) => server == name,
        (_, Object::Table(table)) => {
            table.foreign.as_ref().is_some_and(|foreign| foreign.server == *name)
        }
        _another => false,
    };
    let naming = cx.schema.objects.entries_naming(name);
    naming.filter(on_it).map(|(id, _)| Dependent::Object(id.clone())).collect()
}

/// Triggers, casts and others that name a function without calling it.
fn by_function(cx: &Interpreter<'_>, name: &QualifiedName, args: &[TypeName]) -> Vec<Dependent> {
    let mut found = Vec::new();
    for (id, entry) in cx.schema.objects.entries_naming(&name.name) {
        let uses = match &entry.object {
            // A trigger function has no arguments.
            Object::Trigger(trigger) => {
                args.is_empty() && trigger.function == Name::from(name.clone())
            }
            Object::EventTrigger(trigger) => {
                args.is_empty() && trigger.function == Name::from(name.clone())
            }
            Object::Cast(cast) => match &cast.method {
                CastMethod::Function(signature) => {
                    signature.name == *name && signature.args == args
                }
                CastMethod::Binary | CastMethod::InOut => false,
            },
            Object::Operator(_) | Object::Aggregate(_) | Object::Conversion(_) => {
                let mut object = entry.object.clone();
                let mut uses = false;
                functions(&mut object, &mut |function| {
                    uses |= *function == Name::from(name.clone());
                });
                uses
            }
            _calls_only => false,
        };
        if uses {
            found.push(Dependent::Object(id.clone()));
        }
    }
    found
}

/// What code is searched for.
#[derive(Clone, Copy)]
enum Used<'a> {
    Relation(&'a QualifiedName),
    Sequence(&'a QualifiedName),
    Type(&'a QualifiedName),
    Function(&'a QualifiedName),
}

impl<'a> Used<'a> {
    fn name(self) -> &'a QualifiedName {
        match self {
            Self::Relation(name)
            | Self::Sequence(name)
            | Self::Type(name)
            | Self::Function(name) => name,
        }
    }
}

/// Objects and defaults whose code uses the object.
fn in_code(cx: &Interpreter<'_>, used: Used<'_>) -> Vec<Dependent> {
    let mut found = Vec::new();
    for (id, entry) in cx.schema.objects.entries_naming(&used.name().name) {
        match &entry.object {
            Object::Table(table) => {
                for column in &table.columns {
                    let mut alone = Table::empty();
                    alone.columns.push(column.clone());
                    if uses(cx, &mut alone.into(), used) {
                        found.push(Dependent::Default(id.clone(), column.name.clone()));
                    }
                }
            }
            Object::Domain(_) => {
                if uses(cx, &mut entry.object.clone(), used) {
                    found.push(Dependent::Default(id.clone(), Ident::default()));
                }
            }
            object => {
                if has_code(object) && uses(cx, &mut object.clone(), used) {
                    found.push(Dependent::Object(id.clone()));
                }
            }
        }
    }
    found
}

/// Not worth a copy otherwise.
fn has_code(object: &Object) -> bool {
    !matches!(
        AclClass::of_object(object),
        Some(AclClass::Sequence | AclClass::Type | AclClass::Namespace | AclClass::Server)
    )
}

fn uses(cx: &Interpreter<'_>, object: &mut Object, used: Used<'_>) -> bool {
    let mut search = Search { cx, used, path: SearchPath::empty(), found: false };
    code(object, &mut |code: Code<'_>, path| {
        search.path.clone_from(path);
        code.change(&mut search);
    });
    search.found
}

struct Search<'a> {
    cx: &'a Interpreter<'a>,
    used: Used<'a>,
    path: SearchPath,
    found: bool,
}

impl Search<'_> {
    fn look(&mut self, name: &Name, wanted: &QualifiedName) {
        if name.name == wanted.name {
            let there = |candidate: &QualifiedName| {
                candidate == wanted || self.cx.relation_exists(candidate)
            };
            self.found |= super::declared::find(name, &self.path, there).as_ref() == Some(wanted);
        }
    }
}

impl VisitMut for Search<'_> {
    fn relation(&mut self, name: &mut Name) {
        if let Used::Relation(wanted) | Used::Sequence(wanted) = self.used {
            self.look(name, wanted);
        }
    }

    fn ty(&mut self, ty: &mut TypeName) {
        if let Used::Type(wanted) | Used::Relation(wanted) = self.used {
            self.look(&ty.name, wanted);
        }
    }

    fn function(&mut self, name: &mut Name) {
        if let Used::Function(wanted) = self.used {
            self.look(name, wanted);
        }
    }

    fn expr(&mut self, expr: &mut Expr) {
        if let (Used::Sequence(wanted), Expr::Literal(Literal::String(text))) = (self.used, expr) {
            let name = quoted(wanted.name.as_str());
            let qualified = [quoted(wanted.namespace.as_str()).as_str(), ".", &name].concat();
            let in_path = self.path.0.contains(&wanted.namespace);
            self.found |= text.as_str() == qualified || (in_path && text.as_str() == name);
        }
    }
}
