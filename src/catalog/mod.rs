//! What a PostgreSQL server knows before the schema says anything, and what the schema adds.
//!
//! Parse analysis is a dialogue with the catalogs: which functions are called `abs`, is
//! there a cast from `varchar` to `text`, what is the type of `pg_class.relname`? A
//! [`Catalog`] answers. It consists of three layers:
//!
//! 1. the built-in objects of `pg_catalog` and `information_schema`, as PostgreSQL 18 has
//!    them, with notes of what 15, 16 and 17 have not or had once; shared by all catalogs;
//! 2. the objects of the extensions that `CREATE EXTENSION` names
//!    ([`Catalog::load_extension`]), in the schema it names;
//! 3. the objects of the schema itself ([`Catalog::add_function`] and the like).
//!
//! The surprising thing: it knows no search path. A lookup by name gives the entries of
//! every schema, and each says which schema it is in; the path is the caller's.
//!
//! ```
//! use pgcanon::catalog::{Catalog, TypeId};
//!
//! let catalog = Catalog::new().with_extension("citext", "public")?;
//! let citext = catalog.type_named("public", "citext").expect("loaded above");
//! let equals = catalog.operators("=").find(|operator| operator.right == citext);
//! assert!(equals.is_some_and(|operator| operator.schema == "public"));
//! // varchar has no operators of its own: it is compared as text.
//! assert!(catalog.operators("=").all(|operator| operator.right != TypeId::VARCHAR));
//! assert!(catalog.is_binary_coercible(TypeId::VARCHAR, TypeId::TEXT));
//! # Ok::<(), pgcanon::catalog::UnknownExtension>(())
//! ```
//!
//! The data is written by `tools/catalog/generate.py` from real servers.

mod builtin;
#[path = "data/extensions.rs"]
mod data;
mod entries;
mod extension;
mod layer;
mod read;
mod resolve;
mod scope;
mod shelf;
#[cfg(test)]
mod tests;
mod types;
mod user;
mod well_known;

use std::collections::BTreeMap;

pub use entries::{
    CastContext, CastEntry, CastMethod, Column, FamilyOperator, FunctionEntry, FunctionKind,
    NameEntry, NameKind, ObjectName, OpclassEntry, OperatorEntry, Parameter, ParameterMode,
    RelationEntry, RelationKind, SYSTEM_COLUMNS, Versions, Volatility,
};
pub use extension::{ExtensionFacts, UnknownExtension, extension_facts, extension_names};
use layer::Layer;
use smol_str::SmolStr;
pub use types::{Category, Subscript, TypeEntry, TypeId, TypeKind};
pub use user::{Domain, Range, RelationId};

/// The newest server version that the built-in objects come from.
pub const NEWEST_SERVER: u8 = 18;

/// Built-in objects, with the extensions and the user's objects that were added.
///
/// Making one is cheap: only what is added is its own.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    server: Option<u8>,
    extensions: Vec<(&'static str, SmolStr)>,
    types: Layer<TypeEntry>,
    functions: Layer<FunctionEntry>,
    operators: Layer<OperatorEntry>,
    casts: BTreeMap<(TypeId, TypeId), CastEntry>,
    opclasses: Layer<OpclassEntry>,
    family_operators: Vec<FamilyOperator>,
    relations: Layer<RelationEntry>,
    names: Layer<NameEntry>,
}

impl Catalog {
    /// The built-in objects of all versions: for a schema that could come from any server.
    ///
    /// Of relations, [`Catalog::columns`] gives the columns that the newest version has.
    pub fn new() -> Self {
        Self::default()
    }

    /// The built-in objects of one major version. 13 and 14 are taken for 15.
    pub fn for_server(version: u8) -> Self {
        Self { server: Some(version.max(15)), ..Self::default() }
    }

    /// The type with this id.
    ///
    /// An id of another catalog gives `unknown` or a wrong type, never a panic.
    pub fn ty(&self, id: TypeId) -> &TypeEntry {
        let types: &'static [TypeEntry] = &builtin::TYPES;
        types
            .get(id.index())
            .or_else(|| self.types.get(id.index().checked_sub(types.len())?))
            .or_else(|| types.get(TypeId::UNKNOWN.index()))
            .unwrap_or(&types::NOTHING)
    }

    /// All types.
    pub fn types(&self) -> impl Iterator<Item = &TypeEntry> {
        builtin::TYPES.iter().chain(self.types.iter())
    }

    /// The type with this name in this schema.
    pub fn type_named(&self, schema: &str, name: &str) -> Option<TypeId> {
        let own = self.types.find(schema, name).map(|entry| entry.id);
        own.or_else(|| builtin::type_named(schema, name))
    }

    /// The functions, procedures, aggregates and window functions with this name, of all schemas.
    pub fn functions(&self, name: &str) -> impl Iterator<Item = &FunctionEntry> {
        self.functions
            .named(builtin::FUNCTIONS.named(name), name)
            .filter(|entry| self.has(entry.versions))
    }

    /// All functions, in no order that means anything.
    pub fn all_functions(&self) -> impl Iterator<Item = &FunctionEntry> {
        let all = builtin::FUNCTIONS.iter().chain(self.functions.iter());
        all.filter(|entry| self.has(entry.versions))
    }

    /// The operators with this name, of all schemas.
    pub fn operators(&self, name: &str) -> impl Iterator<Item = &OperatorEntry> {
        self.operators
            .named(builtin::OPERATORS.named(name), name)
            .filter(|entry| self.has(entry.versions))
    }

    /// All operators, in no order that means anything.
    pub fn all_operators(&self) -> impl Iterator<Item = &OperatorEntry> {
        let all = builtin::OPERATORS.iter().chain(self.operators.iter());
        all.filter(|entry| self.has(entry.versions))
    }

    /// The row of `pg_cast` for exactly these types.
    ///
    /// Casts between enums, domains, arrays, rows and text need no row and are not here.
    pub fn cast(&self, source: TypeId, target: TypeId) -> Option<&CastEntry> {
        let casts: &'static [CastEntry] = &builtin::CASTS;
        let builtin = || {
            let place =
                casts.binary_search_by_key(&(source, target), |cast| (cast.source, cast.target));
            casts.get(place.ok()?)
        };
        self.casts.get(&(source, target)).or_else(builtin).filter(|entry| self.has(entry.versions))
    }

    /// All casts, in no order that means anything.
    pub fn all_casts(&self) -> impl Iterator<Item = &CastEntry> {
        let all = builtin::CASTS.iter().chain(self.casts.values());
        all.filter(|entry| self.has(entry.versions))
    }

    /// The operator class with this name for this access method in this schema.
    pub fn opclass(&self, schema: &str, name: &str, method: &str) -> Option<&OpclassEntry> {
        self.opclasses(method).find(|entry| entry.name == name && entry.schema == schema)
    }

    /// All operator classes of an access method.
    pub fn opclasses(&self, method: &str) -> impl Iterator<Item = &OpclassEntry> {
        let all = builtin::OPCLASSES.iter().chain(self.opclasses.iter());
        all.filter(move |entry| entry.method == method && self.has(entry.versions))
    }

    /// What operator families of an access method make of their operators.
    pub fn family_operators(&self, method: &str) -> impl Iterator<Item = &FamilyOperator> {
        let all = builtin::FAMILY_OPERATORS.named(method).iter().chain(&self.family_operators);
        all.filter(move |entry| entry.method == method && self.has(entry.versions))
    }

    /// The table, view or composite type with this name in this schema.
    pub fn relation(&self, schema: &str, name: &str) -> Option<&RelationEntry> {
        self.relations
            .named(builtin::RELATIONS.named(name), name)
            .find(|entry| entry.schema == schema && self.has(entry.versions))
    }

    /// The relations with this name, of all schemas.
    pub fn relations(&self, name: &str) -> impl Iterator<Item = &RelationEntry> {
        self.relations
            .named(builtin::RELATIONS.named(name), name)
            .filter(|entry| self.has(entry.versions))
    }

    /// The relation or composite type whose rows have this type; domains are looked through.
    pub fn relation_of_type(&self, row_type: TypeId) -> Option<&RelationEntry> {
        let entry = self.ty(self.base_type(row_type));
        // A row type has the name of its relation.
        self.relation(&entry.schema, &entry.name)
            .filter(|relation| relation.row_type == Some(entry.id))
    }

    /// The columns of a relation in the version of this catalog, without the system columns.
    pub fn columns<'a>(&self, relation: &'a RelationEntry) -> impl Iterator<Item = &'a Column> {
        let version = self.server.unwrap_or(NEWEST_SERVER);
        relation.columns.iter().filter(move |column| column.versions.contains(version))
    }

    /// The collation, language, text search object or access method with this name.
    ///
    /// Languages, access methods and foreign-data wrappers have no schema; theirs is `pg_catalog`.
    pub fn name(&self, kind: NameKind, schema: &str, name: &str) -> Option<&NameEntry> {
        let mut all = builtin::names(kind).iter().chain(self.names.iter());
        all.find(|entry| {
            entry.kind == kind
                && entry.name == name
                && entry.schema == schema
                && self.has(entry.versions)
        })
    }

    /// Without a version of its own, a catalog has what any version has.
    fn has(&self, versions: Versions) -> bool {
        self.server.is_none_or(|server| versions.contains(server))
    }
}
