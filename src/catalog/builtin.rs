//! The built-in objects: read when first asked for, and shared by all catalogs.
//!
//! Types, casts and operator classes are few and read whole; the rest by name.

use std::sync::LazyLock;

use super::entries::{
    CastEntry, FamilyOperator, FunctionEntry, NameEntry, NameKind, OpclassEntry, OperatorEntry,
    RelationEntry,
};
use super::read;
use super::scope::{Scope, TypeNames};
use super::shelf::Shelf;
use super::types::{NOTHING, TypeEntry, TypeId};
use super::well_known::WELL_KNOWN;

/// The built-in types, each at the index that its id says.
pub(super) static TYPES: LazyLock<Vec<TypeEntry>> = LazyLock::new(|| {
    let mut types = vec![NOTHING.clone(); SCOPE.types.len()];
    let mut set = |entry: TypeEntry| {
        if let Some(slot) = types.get_mut(entry.id.index()) {
            *slot = entry;
        }
    };
    for (entry, array) in read::lines(TYPES_TEXT).filter_map(|line| read::types(line, &SCOPE)) {
        array.into_iter().for_each(&mut set);
        set(entry);
    }
    types
});

/// The functions.
pub(super) static FUNCTIONS: LazyLock<Shelf<FunctionEntry>> = LazyLock::new(|| {
    Shelf::new(include_str!("data/builtin/functions.tsv"), |line| read::function(line, &SCOPE))
});

/// The operators.
pub(super) static OPERATORS: LazyLock<Shelf<OperatorEntry>> = LazyLock::new(|| {
    Shelf::new(include_str!("data/builtin/operators.tsv"), |line| read::operator(line, &SCOPE))
});

/// The casts, sorted by source and target.
pub(super) static CASTS: LazyLock<Vec<CastEntry>> = LazyLock::new(|| {
    let lines = read::lines(include_str!("data/builtin/casts.tsv"));
    let mut casts: Vec<_> = lines.filter_map(|line| read::cast(line, &SCOPE)).collect();
    casts.sort_by_key(|cast: &CastEntry| (cast.source, cast.target));
    casts
});

/// The operator classes.
pub(super) static OPCLASSES: LazyLock<Vec<OpclassEntry>> = LazyLock::new(|| {
    let lines = read::lines(include_str!("data/builtin/opclasses.tsv"));
    lines.filter_map(|line| read::opclass(line, &SCOPE)).collect()
});

/// The members of operator families, by access method.
pub(super) static FAMILY_OPERATORS: LazyLock<Shelf<FamilyOperator>> = LazyLock::new(|| {
    Shelf::new(include_str!("data/builtin/family_operators.tsv"), |line| {
        read::family_operator(line, &SCOPE)
    })
});

/// The relations.
pub(super) static RELATIONS: LazyLock<Shelf<RelationEntry>> = LazyLock::new(|| {
    Shelf::new(include_str!("data/builtin/relations.tsv"), |line| read::relation(line, &SCOPE))
});

/// Collations and the like, by kind.
static NAMES: LazyLock<Shelf<NameEntry>> = LazyLock::new(|| {
    Shelf::new(include_str!("data/builtin/names.tsv"), |line| read::name(line, &SCOPE))
});

/// The built-in names of a kind and of those that share its catalog.
pub(super) fn names(kind: NameKind) -> &'static [NameEntry] {
    NAMES.named(read::kind_name(kind))
}

/// The type with this name in `pg_catalog` or `information_schema`.
pub(super) fn type_named(schema: &str, name: &str) -> Option<TypeId> {
    match schema {
        // A dot in the text separates the schema.
        "pg_catalog" if !name.contains('.') => SCOPE.types.get(name).copied(),
        "information_schema" => SCOPE.types.get(format!("{schema}.{name}").as_str()).copied(),
        _ => None,
    }
}

const TYPES_TEXT: &str = include_str!("data/builtin/types.tsv");

/// Gives the well-known types the numbers of their constants, the others those that follow.
static SCOPE: LazyLock<Scope<'static>> = LazyLock::new(|| {
    let mut types = TypeNames::default();
    types.reserve(1024);
    for name in WELL_KNOWN.iter().copied().chain(read::type_names(TYPES_TEXT)) {
        let next = u32::try_from(types.len()).unwrap_or(u32::MAX);
        types.entry(name).or_insert(TypeId::from_index(next));
    }
    Scope { types, catalog: None, homes: Vec::new() }
});
