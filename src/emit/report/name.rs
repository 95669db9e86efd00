//! How objects are named in reports: `public.t.c`, `app.f(integer)`.
//!
//! The names are as in SQL, quoted where SQL needs it, but not yet safe for any
//! medium: each writer escapes what it writes.

use crate::model::{
    AclClass, DefaultPrivilegesKey, Ident, Name, ObjectId, OperatorSignature, QualifiedName,
    TypeName,
};

/// The name of an object without its kind.
pub(in crate::emit) fn object(id: &ObjectId) -> String {
    match id {
        ObjectId::Role(name)
        | ObjectId::Namespace(name)
        | ObjectId::Extension(name)
        | ObjectId::Language(name)
        | ObjectId::AccessMethod(name)
        | ObjectId::EventTrigger(name)
        | ObjectId::ForeignDataWrapper(name)
        | ObjectId::Server(name)
        | ObjectId::Publication(name)
        | ObjectId::Subscription(name) => ident(name),
        ObjectId::Collation(name)
        | ObjectId::Conversion(name)
        | ObjectId::Enum(name)
        | ObjectId::Domain(name)
        | ObjectId::Composite(name)
        | ObjectId::Range(name)
        | ObjectId::BaseType(name)
        | ObjectId::Sequence(name)
        | ObjectId::Table(name)
        | ObjectId::Index(name)
        | ObjectId::View(name)
        | ObjectId::MaterializedView(name)
        | ObjectId::TextSearchParser(name)
        | ObjectId::TextSearchTemplate(name)
        | ObjectId::TextSearchDictionary(name)
        | ObjectId::TextSearchConfiguration(name)
        | ObjectId::Statistics(name) => qualified(name),
        ObjectId::Column(child)
        | ObjectId::Constraint(child)
        | ObjectId::Rule(child)
        | ObjectId::Trigger(child)
        | ObjectId::Policy(child) => format!("{}.{}", qualified(&child.parent), ident(&child.name)),
        ObjectId::Routine(signature) | ObjectId::Aggregate(signature) => {
            format!("{}({})", qualified(&signature.name), types(&signature.args))
        }
        ObjectId::Operator(signature) => operator(signature),
        ObjectId::OperatorClass(member) | ObjectId::OperatorFamily(member) => {
            format!("{} using {}", qualified(&member.name), ident(&member.method))
        }
        ObjectId::Cast((from, to)) => format!("({} as {})", ty(from), ty(to)),
        ObjectId::Transform((of, language)) => {
            format!("for {} language {}", ty(of), ident(language))
        }
        ObjectId::UserMapping((server, user)) => {
            format!("for {} server {}", ident(user), ident(server))
        }
        ObjectId::DefaultPrivileges(key) => default_privileges(key),
    }
}

/// An identifier, quoted unless it is plain.
pub(super) fn ident(ident: &Ident) -> String {
    let text = ident.as_str();
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let starts_plain =
        text.bytes().next().is_some_and(|byte| plain(byte) && !byte.is_ascii_digit());
    if starts_plain && text.bytes().all(plain) {
        text.to_owned()
    } else {
        format!("\"{}\"", text.replace('"', "\"\""))
    }
}

/// A name with its namespace.
pub(super) fn qualified(name: &QualifiedName) -> String {
    format!("{}.{}", ident(&name.namespace), ident(&name.name))
}

/// A name with its namespace when it has one that is not `pg_catalog`.
pub(super) fn name(name: &Name) -> String {
    match &name.namespace {
        Some(namespace) if *namespace != "pg_catalog" => {
            format!("{}.{}", ident(namespace), ident(&name.name))
        }
        Some(_) | None => ident(&name.name),
    }
}

/// A type, as PostgreSQL prints it.
pub(super) fn ty(ty: &TypeName) -> String {
    crate::emit::sql::inline_type(ty)
}

fn types(list: &[TypeName]) -> String {
    list.iter().map(ty).collect::<Vec<_>>().join(", ")
}

fn operator(signature: &OperatorSignature) -> String {
    let OperatorSignature { name, left, right } = signature;
    let side = |side: &Option<Box<TypeName>>| side.as_deref().map_or_else(|| "NONE".to_owned(), ty);
    format!("{}.{}({}, {})", ident(&name.namespace), name.name.as_str(), side(left), side(right))
}

fn default_privileges(key: &DefaultPrivilegesKey) -> String {
    let DefaultPrivilegesKey { role, namespace, class } = key;
    let mut text = format!("on {}", class_plural(*class));
    if let Some(role) = role {
        text = format!("for role {} {text}", ident(role));
    }
    if let Some(namespace) = namespace {
        text = format!("{text} in schema {}", ident(namespace));
    }
    text
}

fn class_plural(class: AclClass) -> &'static str {
    match class {
        AclClass::Table => "tables",
        AclClass::Column => "columns",
        AclClass::Sequence => "sequences",
        AclClass::Routine => "functions",
        AclClass::Type => "types",
        AclClass::Namespace => "schemas",
        AclClass::Language => "languages",
        AclClass::ForeignDataWrapper => "foreign-data wrappers",
        AclClass::Server => "servers",
        AclClass::LargeObject => "large objects",
    }
}
