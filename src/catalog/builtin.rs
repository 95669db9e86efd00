//! The built-in objects: read once, when first asked for, and shared by all catalogs.
//!
//! Each kind is read on its own. Except for the types they are sorted by name, because
//! that is how the files are sorted; casts are sorted by their types.

use std::sync::LazyLock;

use super::entries::{
    CastEntry, FamilyOperator, FunctionEntry, NameEntry, OpclassEntry, OperatorEntry, RelationEntry,
};
use super::read::{self, Scope, TypeNames};
use super::types::{TypeEntry, TypeId};
use super::well_known::WELL_KNOWN;

/// The built-in types, each at the index that its id says.
pub(super) static TYPES: LazyLock<Vec<TypeEntry>> = LazyLock::new(|| {
    let mut types = Vec::with_capacity(SCOPE.types.len());
    let mut arrays = Vec::with_capacity(SCOPE.types.len() / 2);
    for (entry, array) in read::lines(TYPES_TEXT).filter_map(|line| read::types(line, &SCOPE)) {
        types.push(entry);
        arrays.extend(array);
    }
    types.append(&mut arrays);
    // Stable, so that `_record`, which has a line of its own, comes before the derived one.
    types.sort_by_key(|entry| entry.id);
    types.dedup_by_key(|entry| entry.id);
    types
});

pub(super) static FUNCTIONS: LazyLock<Vec<FunctionEntry>> =
    LazyLock::new(|| entries(include_str!("data/builtin/functions.tsv"), read::function));

pub(super) static OPERATORS: LazyLock<Vec<OperatorEntry>> =
    LazyLock::new(|| entries(include_str!("data/builtin/operators.tsv"), read::operator));

pub(super) static CASTS: LazyLock<Vec<CastEntry>> = LazyLock::new(|| {
    let mut casts = entries(include_str!("data/builtin/casts.tsv"), read::cast);
    casts.sort_by_key(|cast| (cast.source, cast.target));
    casts
});

pub(super) static OPCLASSES: LazyLock<Vec<OpclassEntry>> =
    LazyLock::new(|| entries(include_str!("data/builtin/opclasses.tsv"), read::opclass));

pub(super) static FAMILY_OPERATORS: LazyLock<Vec<FamilyOperator>> = LazyLock::new(|| {
    entries(
        include_str!("data/builtin/family_operators.tsv"),
        read::family_operator,
    )
});

pub(super) static RELATIONS: LazyLock<Vec<RelationEntry>> =
    LazyLock::new(|| entries(include_str!("data/builtin/relations.tsv"), read::relation));

pub(super) static NAMES: LazyLock<Vec<NameEntry>> =
    LazyLock::new(|| entries(include_str!("data/builtin/names.tsv"), read::name));

/// The type with this name in `pg_catalog` or `information_schema`.
pub(super) fn type_named(schema: &str, name: &str) -> Option<TypeId> {
    match schema {
        // A dot in the text separates the schema.
        "pg_catalog" if !name.contains('.') => SCOPE.types.get(name).copied(),
        "information_schema" => SCOPE
            .types
            .get(format!("{schema}.{name}").as_str())
            .copied(),
        _ => None,
    }
}

const TYPES_TEXT: &str = include_str!("data/builtin/types.tsv");

/// Gives the well-known types the numbers of their constants, the others those that follow.
static SCOPE: LazyLock<Scope<'static>> = LazyLock::new(|| {
    let mut types = TypeNames::default();
    types.reserve(1024);
    for name in WELL_KNOWN
        .iter()
        .copied()
        .chain(read::type_names(TYPES_TEXT))
    {
        let next = u32::try_from(types.len()).unwrap_or(u32::MAX);
        types.entry(name).or_insert(TypeId::from_index(next));
    }
    Scope {
        types,
        catalog: None,
        homes: Vec::new(),
    }
});

fn entries<T>(text: &'static str, read: fn(&'static str, &Scope<'_>) -> Option<T>) -> Vec<T> {
    let mut entries = Vec::with_capacity(text.len() / 40);
    entries.extend(read::lines(text).filter_map(|line| read(line, &SCOPE)));
    entries
}
