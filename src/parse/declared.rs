//! What a source creates anywhere in it, known before any of it is applied.
//!
//! Statement order is free in a declarative source: a function may name a type
//! that a later statement creates. So names are looked up among all that is
//! declared, not only among what exists so far.

use std::collections::HashSet;

use crate::model::{Ident, Kind, Name, QualifiedName, SearchPath, TypeName};

/// The names that a source creates.
#[derive(Clone, Debug, Default)]
pub(super) struct Declared {
    /// Tables, views, materialized views, sequences, indexes.
    pub relations: HashSet<QualifiedName>,
    /// Types of any kind; the row types of relations excepted.
    pub types: HashSet<QualifiedName>,
    /// Namespaces.
    pub namespaces: HashSet<Ident>,
    /// Routines, operators, collations and other objects that are named without more.
    pub named: HashSet<(Kind, QualifiedName)>,
}

impl Declared {
    /// The namespace in which a new object lands: the first of the path that is
    /// there (`RangeVarGetCreationNamespace`, `src/backend/catalog/namespace.c`).
    pub fn creation_namespace(&self, path: &SearchPath) -> Ident {
        let there = |name: &&Ident| {
            **name == "public" || **name == "pg_catalog" || self.namespaces.contains(*name)
        };
        path.0
            .iter()
            .find(there)
            .or_else(|| path.0.first())
            .cloned()
            .unwrap_or_else(|| Ident::new("public"))
    }

    /// The full name of an object to be created.
    pub fn creation_name(&self, name: &Name, path: &SearchPath) -> QualifiedName {
        let namespace = name.namespace.clone().unwrap_or_else(|| self.creation_namespace(path));
        QualifiedName { namespace, name: name.name.clone() }
    }

    /// Notes an object that a statement creates.
    pub fn add(&mut self, kind: Kind, name: &Name, path: &SearchPath) {
        let name = self.creation_name(name, path);
        self.named.insert((kind, name));
    }

    /// Notes a type that a statement creates.
    pub fn add_type(&mut self, name: &Name, path: &SearchPath) {
        let name = self.creation_name(name, path);
        self.types.insert(name);
    }

    /// True when the source creates an object of that kind and name.
    pub fn has(&self, kind: Kind, name: &QualifiedName) -> bool {
        self.named.contains(&(kind, name.clone()))
    }

    /// The relation that a name means, when the source creates it.
    pub fn relation(&self, name: &Name, path: &SearchPath) -> Option<QualifiedName> {
        find(name, path, |candidate| self.relations.contains(candidate))
    }

    /// The type that a name means, when the source creates it or it is built in.
    pub fn type_name(&self, ty: &TypeName, path: &SearchPath) -> Option<QualifiedName> {
        find(&ty.name, path, |candidate| {
            self.types.contains(candidate)
                || self.relations.contains(candidate)
                || (candidate.namespace == "pg_catalog" && is_builtin_type(candidate.name.as_str()))
        })
    }
}

/// The first namespace of the path in which `exists` holds for the name.
pub(super) fn find(
    name: &Name,
    path: &SearchPath,
    exists: impl Fn(&QualifiedName) -> bool,
) -> Option<QualifiedName> {
    let candidate = |namespace: Ident| QualifiedName { namespace, name: name.name.clone() };
    match &name.namespace {
        Some(namespace) => Some(candidate(namespace.clone())).filter(|found| exists(found)),
        None => path.lookup().map(candidate).find(|found| exists(found)),
    }
}

impl Declared {
    /// The type with its namespace when the type is known; arrays by their
    /// internal name (`_int4`) become arrays of the element.
    pub fn resolve_type(&self, ty: &TypeName, path: &SearchPath) -> TypeName {
        if ty.of_column.is_some() {
            return ty.clone();
        }
        if let Some(found) = self.type_name(ty, path) {
            return TypeName { name: found.into(), ..ty.clone() };
        }
        if let Some(element) = ty.name.name.as_str().strip_prefix('_') {
            let name = Name { namespace: ty.name.namespace.clone(), name: Ident::new(element) };
            let element = TypeName { name, array: true, ..ty.clone() };
            if let Some(found) = self.type_name(&element, path) {
                return TypeName { name: found.into(), ..element };
            }
        }
        ty.clone()
    }
}

/// True for the types of `pg_catalog`.
pub(super) fn is_builtin_type(name: &str) -> bool {
    BUILTIN_TYPES.binary_search(&name).is_ok()
}

/// The names of the types of `pg_catalog`.
pub(super) fn builtin_types() -> impl Iterator<Item = &'static str> {
    BUILTIN_TYPES.iter().copied()
}

/// The types of `pg_catalog` that a schema may name, sorted.
const BUILTIN_TYPES: &[&str] = &[
    "aclitem",
    "any",
    "anyarray",
    "anycompatible",
    "anycompatiblearray",
    "anycompatiblemultirange",
    "anycompatiblenonarray",
    "anycompatiblerange",
    "anyelement",
    "anyenum",
    "anymultirange",
    "anynonarray",
    "anyrange",
    "bit",
    "bool",
    "box",
    "bpchar",
    "bytea",
    "char",
    "cid",
    "cidr",
    "circle",
    "cstring",
    "date",
    "datemultirange",
    "daterange",
    "event_trigger",
    "fdw_handler",
    "float4",
    "float8",
    "gtsvector",
    "index_am_handler",
    "inet",
    "int2",
    "int2vector",
    "int4",
    "int4multirange",
    "int4range",
    "int8",
    "int8multirange",
    "int8range",
    "internal",
    "interval",
    "json",
    "jsonb",
    "jsonpath",
    "language_handler",
    "line",
    "lseg",
    "macaddr",
    "macaddr8",
    "money",
    "name",
    "numeric",
    "nummultirange",
    "numrange",
    "oid",
    "oidvector",
    "path",
    "pg_brin_bloom_summary",
    "pg_brin_minmax_multi_summary",
    "pg_ddl_command",
    "pg_dependencies",
    "pg_lsn",
    "pg_mcv_list",
    "pg_ndistinct",
    "pg_node_tree",
    "pg_snapshot",
    "point",
    "polygon",
    "record",
    "refcursor",
    "regclass",
    "regcollation",
    "regconfig",
    "regdictionary",
    "regnamespace",
    "regoper",
    "regoperator",
    "regproc",
    "regprocedure",
    "regrole",
    "regtype",
    "table_am_handler",
    "text",
    "tid",
    "time",
    "timestamp",
    "timestamptz",
    "timetz",
    "trigger",
    "tsm_handler",
    "tsmultirange",
    "tsquery",
    "tsrange",
    "tstzmultirange",
    "tstzrange",
    "tsvector",
    "txid_snapshot",
    "unknown",
    "uuid",
    "varbit",
    "varchar",
    "void",
    "xid",
    "xid8",
    "xml",
];
