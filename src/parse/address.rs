//! References to objects in statements that act on any kind of object: COMMENT,
//! GRANT, OWNER TO, RENAME, DROP, SET SCHEMA, SECURITY LABEL
//! (`src/backend/catalog/objectaddress.c`).

use pg_query::NodeEnum;
use pg_query::protobuf::{Node, ObjectType, ObjectWithArgs, RangeVar};

use super::interpreter::{Interpreter, Relation};
use super::type_name::type_name;
use crate::model::{
    Child, Ident, MethodMember, Name, ObjectId, OperatorSignature, QualifiedName, Signature,
    TypeName,
};

/// A reference to an object, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Address {
    /// A table, view, materialized view, sequence, index, foreign table.
    Relation(Name),
    /// A column of a relation or an attribute of a composite type.
    Column(Name, Ident),
    /// A type of any kind, or a domain.
    Type(TypeName),
    /// A constraint of a domain.
    DomainConstraint(TypeName, Ident),
    /// An object on a relation, which the function makes an identity of.
    Child(fn(Child) -> ObjectId, Name, Ident),
    /// A function, procedure or aggregate; no list of arguments means the only one of that name.
    Routine(Name, Option<Vec<TypeName>>),
    /// An operator.
    Operator(Name, Option<TypeName>, Option<TypeName>),
    /// An operator class or family.
    Member(fn(MethodMember) -> ObjectId, Ident, Name),
    /// A cast.
    Cast(TypeName, TypeName),
    /// A transform.
    Transform(TypeName, Ident),
    /// An object in a namespace.
    Named(fn(QualifiedName) -> ObjectId, Name),
    /// An object of the whole database.
    Global(fn(Ident) -> ObjectId, Ident),
    /// Outside of the schema: a database, a tablespace, a large object, a parameter.
    Outside,
}

/// Reads the reference of `COMMENT ON`, `DROP` and others from its kind and node.
/// `None` when the parser made something that no statement of PostgreSQL 18 holds.
pub(super) fn address(kind: ObjectType, node: &Node) -> Option<Address> {
    use ObjectType as T;
    let named = |make: fn(QualifiedName) -> ObjectId| Some(Address::Named(make, name_of(node)?));
    let global = |make: fn(Ident) -> ObjectId| Some(Address::Global(make, last(node)?));
    let child = |make: fn(Child) -> ObjectId| {
        let (parent, name) = parent_and_name(node)?;
        Some(Address::Child(make, parent, name))
    };
    match kind {
        T::ObjectTable
        | T::ObjectView
        | T::ObjectMatview
        | T::ObjectSequence
        | T::ObjectIndex
        | T::ObjectForeignTable => Some(Address::Relation(name_of(node)?)),
        T::ObjectColumn | T::ObjectAttribute => {
            let (relation, column) = parent_and_name(node)?;
            Some(Address::Column(relation, column))
        }
        T::ObjectType | T::ObjectDomain => type_address(node),
        T::ObjectDomconstraint => domain_constraint(node),
        T::ObjectTabconstraint => child(ObjectId::Constraint),
        T::ObjectPolicy => child(ObjectId::Policy),
        T::ObjectRule => child(ObjectId::Rule),
        T::ObjectTrigger => child(ObjectId::Trigger),
        T::ObjectFunction | T::ObjectProcedure | T::ObjectRoutine | T::ObjectAggregate => {
            routine(node)
        }
        T::ObjectOperator => operator(node),
        T::ObjectOpclass => member(node, ObjectId::OperatorClass),
        T::ObjectOpfamily => member(node, ObjectId::OperatorFamily),
        T::ObjectCast => {
            let [source, target] = items(node)? else {
                return None;
            };
            Some(Address::Cast(as_type(source)?, as_type(target)?))
        }
        T::ObjectTransform => {
            let [ty, language] = items(node)? else {
                return None;
            };
            Some(Address::Transform(as_type(ty)?, last(language)?))
        }
        T::ObjectCollation => named(ObjectId::Collation),
        T::ObjectConversion => named(ObjectId::Conversion),
        T::ObjectStatisticExt => named(ObjectId::Statistics),
        T::ObjectTsconfiguration => named(ObjectId::TextSearchConfiguration),
        T::ObjectTsdictionary => named(ObjectId::TextSearchDictionary),
        T::ObjectTsparser => named(ObjectId::TextSearchParser),
        T::ObjectTstemplate => named(ObjectId::TextSearchTemplate),
        T::ObjectAccessMethod => global(ObjectId::AccessMethod),
        T::ObjectEventTrigger => global(ObjectId::EventTrigger),
        T::ObjectExtension => global(ObjectId::Extension),
        T::ObjectFdw => global(ObjectId::ForeignDataWrapper),
        T::ObjectForeignServer => global(ObjectId::Server),
        T::ObjectLanguage => global(ObjectId::Language),
        T::ObjectPublication => global(ObjectId::Publication),
        T::ObjectSubscription => global(ObjectId::Subscription),
        T::ObjectSchema => global(ObjectId::Namespace),
        T::ObjectRole => global(ObjectId::Role),
        T::ObjectDatabase | T::ObjectTablespace | T::ObjectLargeobject | T::ObjectParameterAcl => {
            Some(Address::Outside)
        }
        // Internal kinds that no statement names.
        T::Undefined
        | T::ObjectAmop
        | T::ObjectAmproc
        | T::ObjectDefault
        | T::ObjectDefacl
        | T::ObjectPublicationNamespace
        | T::ObjectPublicationRel
        | T::ObjectUserMapping => None,
    }
}

/// The reference of a statement that names a relation, or anything else.
pub(super) fn relation_or(
    kind: ObjectType,
    relation: Option<&RangeVar>,
    object: Option<&Node>,
) -> Option<Address> {
    match (relation, object) {
        (_, Some(node)) => address(kind, node),
        (Some(relation), None) => Some(Address::Relation(super::type_name::range_var(relation))),
        (None, None) => None,
    }
}

impl Address {
    /// The object that is meant, when it exists.
    pub fn find(&self, cx: &Interpreter<'_>) -> Option<ObjectId> {
        let there = |id: ObjectId| cx.schema.objects.contains_key(&id).then_some(id);
        match self {
            Self::Relation(name) => match cx.find_relation(name)?.1 {
                Relation::Object(id) => Some(id.clone()),
                Relation::ConstraintIndex(child) => Some(ObjectId::Constraint(child.clone())),
                Relation::IdentitySequence(child) => Some(ObjectId::Column(child.clone())),
            },
            Self::Column(relation, column) => {
                let (name, _) = cx.find_relation(relation)?;
                Some(ObjectId::Column(Child::new(name, column.clone())))
            }
            Self::Type(ty) => cx.find_type(&ty.name),
            Self::DomainConstraint(ty, name) => {
                let domain = cx.find_type(&ty.name)?.qualified_name()?.clone();
                there(ObjectId::Constraint(Child::new(domain, name.clone())))
            }
            Self::Child(make, relation, name) => {
                let (parent, _) = cx.find_relation(relation)?;
                there(make(Child::new(parent, name.clone())))
            }
            Self::Routine(name, args) => cx.find_routine(name, args.as_deref()),
            Self::Operator(name, left, right) => {
                let resolve =
                    |ty: &Option<TypeName>| ty.as_ref().map(|ty| Box::new(cx.resolve_type(ty)));
                let (left, right) = (resolve(left), resolve(right));
                cx.find_in_path(name, |name| {
                    let (left, right) = (left.clone(), right.clone());
                    ObjectId::Operator(OperatorSignature { name, left, right })
                })
            }
            Self::Member(make, method, name) => {
                cx.find_in_path(name, |name| make(MethodMember { method: method.clone(), name }))
            }
            Self::Cast(source, target) => {
                let resolve = |ty: &TypeName| Box::new(cx.resolve_type(ty));
                there(ObjectId::Cast((resolve(source), resolve(target))))
            }
            Self::Transform(ty, language) => {
                there(ObjectId::Transform((Box::new(cx.resolve_type(ty)), language.clone())))
            }
            Self::Named(make, name) => cx.find_in_path(name, make),
            Self::Global(make, name) => there(make(name.clone())),
            Self::Outside => None,
        }
    }

    /// The reference for a message.
    pub fn shown(&self) -> String {
        use super::interpreter::shown;
        match self {
            Self::Relation(name) | Self::Named(_, name) | Self::Member(_, _, name) => shown(name),
            Self::Column(relation, column) => {
                format!("column \"{}\" of {}", column.as_str(), shown(relation))
            }
            Self::Type(ty) => format!("type {}", shown(&ty.name)),
            Self::DomainConstraint(ty, name) => {
                format!("constraint \"{}\" of domain {}", name.as_str(), shown(&ty.name))
            }
            Self::Child(_, relation, name) => {
                format!("\"{}\" on {}", name.as_str(), shown(relation))
            }
            Self::Routine(name, _) => format!("function {}", shown(name)),
            Self::Operator(name, _, _) => format!("operator {}", shown(name)),
            Self::Cast(source, target) => {
                format!("cast from {} to {}", shown(&source.name), shown(&target.name))
            }
            Self::Transform(ty, language) => {
                format!("transform for {} language \"{}\"", shown(&ty.name), language.as_str())
            }
            Self::Global(_, name) => format!("\"{}\"", name.as_str()),
            Self::Outside => "an object outside of the schema".to_owned(),
        }
    }
}

impl Interpreter<'_> {
    /// The object of a name in the first namespace of the path where it exists.
    pub fn find_in_path(
        &self,
        name: &Name,
        make: impl Fn(QualifiedName) -> ObjectId,
    ) -> Option<ObjectId> {
        let exists = |name: &QualifiedName| self.schema.objects.contains_key(&make(name.clone()));
        super::declared::find(name, &self.path, exists).map(&make)
    }

    /// The type of any kind that a name means. Row types stand for their relation.
    pub fn find_type(&self, name: &Name) -> Option<ObjectId> {
        let kinds = [
            ObjectId::Enum,
            ObjectId::Domain,
            ObjectId::Composite,
            ObjectId::Range,
            ObjectId::BaseType,
        ];
        let at = |name: &QualifiedName| {
            let types = kinds.iter().map(|make| make(name.clone()));
            types
                .chain([ObjectId::Table(name.clone())])
                .find(|id| self.schema.objects.contains_key(id))
        };
        let exists = |name: &QualifiedName| at(name).is_some();
        let own = self.temporary_name(name).filter(exists);
        at(&own.or_else(|| super::declared::find(name, &self.path, exists))?)
    }

    /// The routine or aggregate of a name and input types.
    pub fn find_routine(&self, name: &Name, args: Option<&[TypeName]>) -> Option<ObjectId> {
        if let Some(args) = args {
            let args: Vec<TypeName> = args.iter().map(|ty| self.argument_type(ty)).collect();
            let at = |name: &QualifiedName| {
                let signature = Signature { name: name.clone(), args: args.clone() };
                [ObjectId::Routine(signature.clone()), ObjectId::Aggregate(signature)]
                    .into_iter()
                    .find(|id| self.schema.objects.contains_key(id))
            };
            return at(&super::declared::find(name, &self.path, |name| at(name).is_some())?);
        }
        let all = |name: &QualifiedName| -> Vec<ObjectId> {
            let first = Signature { name: name.clone(), args: Vec::new() };
            let of = |make: fn(Signature) -> ObjectId| -> Vec<ObjectId> {
                let kind = make(first.clone()).kind();
                let range = self.schema.objects.range(make(first.clone())..).map(|(id, _)| id);
                let same = |id: &&ObjectId| id.qualified_name() == Some(name) && id.kind() == kind;
                range.take_while(same).cloned().collect()
            };
            [of(ObjectId::Routine), of(ObjectId::Aggregate)].concat()
        };
        let found = super::declared::find(name, &self.path, |name| !all(name).is_empty())?;
        match all(&found).as_slice() {
            [only] => Some(only.clone()),
            _none_or_ambiguous => None,
        }
    }

    /// The type of an argument in a signature: resolved, modifiers dropped
    /// (manual, CREATE FUNCTION: "length or precision … is discarded").
    pub fn argument_type(&self, ty: &TypeName) -> TypeName {
        let mut ty = self.column_type(ty).unwrap_or_else(|| self.resolve_type(ty));
        ty.modifiers.clear();
        ty.set_of = false;
        ty
    }
}

/// An object for a message: kind and name.
pub(super) fn describe(id: &ObjectId) -> String {
    let kind = id.kind().label();
    let quoted =
        |name: &QualifiedName| format!("\"{}.{}\"", name.namespace.as_str(), name.name.as_str());
    match id {
        ObjectId::Column(child)
        | ObjectId::Constraint(child)
        | ObjectId::Rule(child)
        | ObjectId::Trigger(child)
        | ObjectId::Policy(child) => {
            format!("{kind} \"{}\" on {}", child.name.as_str(), quoted(&child.parent))
        }
        ObjectId::Role(name)
        | ObjectId::Namespace(name)
        | ObjectId::Extension(name)
        | ObjectId::Language(name)
        | ObjectId::AccessMethod(name)
        | ObjectId::EventTrigger(name)
        | ObjectId::ForeignDataWrapper(name)
        | ObjectId::Server(name)
        | ObjectId::Publication(name)
        | ObjectId::Subscription(name) => format!("{kind} \"{}\"", name.as_str()),
        ObjectId::UserMapping((server, user)) => {
            format!("{kind} for \"{}\" on server \"{}\"", user.as_str(), server.as_str())
        }
        other => match other.qualified_name() {
            Some(name) => format!("{kind} {}", quoted(name)),
            None => kind.to_owned(),
        },
    }
}

fn items(node: &Node) -> Option<&[Node]> {
    if let NodeEnum::List(list) = node.node.as_ref()? { Some(&list.items) } else { None }
}

fn string(node: &Node) -> Option<&str> {
    if let NodeEnum::String(string) = node.node.as_ref()? { Some(&string.sval) } else { None }
}

/// The name of a node that is a list of strings, a string, a type or a routine.
fn name_of(node: &Node) -> Option<Name> {
    match node.node.as_ref()? {
        NodeEnum::List(list) => Some(super::type_name::name(&list.items)),
        NodeEnum::String(string) => Some(Name::bare(&string.sval)),
        NodeEnum::RangeVar(relation) => Some(super::type_name::range_var(relation)),
        NodeEnum::TypeName(ty) => Some(type_name(ty).name),
        _no_other_node_is_a_name => None,
    }
}

fn last(node: &Node) -> Option<Ident> {
    name_of(node).map(|name| name.name)
}

/// `[namespace,] relation, name`.
fn parent_and_name(node: &Node) -> Option<(Name, Ident)> {
    let (name, parent) = items(node)?.split_last()?;
    Some((super::type_name::name(parent), Ident::new(string(name)?)))
}

fn as_type(node: &Node) -> Option<TypeName> {
    if let NodeEnum::TypeName(ty) = node.node.as_ref()? { Some(type_name(ty)) } else { None }
}

fn type_address(node: &Node) -> Option<Address> {
    match as_type(node) {
        Some(ty) => Some(Address::Type(ty)),
        None => Some(Address::Type(TypeName { name: name_of(node)?, ..TypeName::default() })),
    }
}

fn domain_constraint(node: &Node) -> Option<Address> {
    let [domain, name] = items(node)? else {
        return None;
    };
    Some(Address::DomainConstraint(as_type(domain)?, Ident::new(string(name)?)))
}

fn member(node: &Node, make: fn(MethodMember) -> ObjectId) -> Option<Address> {
    let (method, name) = items(node)?.split_first()?;
    Some(Address::Member(make, Ident::new(string(method)?), super::type_name::name(name)))
}

fn routine(node: &Node) -> Option<Address> {
    let NodeEnum::ObjectWithArgs(object) = node.node.as_ref()? else {
        return None;
    };
    Some(routine_address(object))
}

/// The reference to a routine with or without its arguments.
pub(super) fn routine_address(object: &ObjectWithArgs) -> Address {
    let args = object.objargs.iter().filter_map(as_type).collect();
    Address::Routine(
        super::type_name::name(&object.objname),
        (!object.args_unspecified).then_some(args),
    )
}

fn operator(node: &Node) -> Option<Address> {
    let NodeEnum::ObjectWithArgs(object) = node.node.as_ref()? else {
        return None;
    };
    let [left, right] = object.objargs.as_slice() else {
        return None;
    };
    Some(Address::Operator(super::type_name::name(&object.objname), as_type(left), as_type(right)))
}
