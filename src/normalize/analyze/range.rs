//! Items of `FROM` and the names under which they are seen (`parse_relation.c`).
//!
//! A list of columns that holds a column without name is not complete: the relation or
//! function is not known. No column reference is resolved past it.

use std::collections::HashSet;

use super::{Analyzer, ScopeColumn, ScopeItem, Ty, Type, Typed};
use crate::catalog::{Column, RelationEntry, RelationKind, TypeId};
use crate::model::{Alias, ColumnRef, Expr, FromItem, Ident, Name, Visit};

/// An item of `FROM` after analysis.
pub(super) struct Ranged {
    /// The item.
    pub item: FromItem,
    /// It as the side of a join.
    pub whole: ScopeItem,
    /// What of it can be referred to.
    pub visible: Vec<ScopeItem>,
}

impl Ranged {
    /// An item that is seen as one.
    pub(super) fn single(item: FromItem, whole: ScopeItem) -> Self {
        Self { item, visible: vec![whole.clone()], whole }
    }
}

/// Stands for the columns that are not known.
pub(super) fn open_column() -> ScopeColumn {
    ScopeColumn { name: Ident::default(), ty: Type::Undecided, expr: None }
}

/// True when columns are missing that are not known.
pub(super) fn is_open(columns: &[ScopeColumn]) -> bool {
    columns.iter().any(|column| column.name.is_empty())
}

/// The column list of an alias renames the first columns (`buildRelationAliases`).
pub(super) fn rename(columns: &mut [ScopeColumn], alias: Option<&Alias>) {
    let names = alias.into_iter().flat_map(|alias| &alias.columns);
    for (column, name) in columns.iter_mut().zip(names) {
        column.name = name.clone();
    }
}

/// The names of columns.
pub(super) fn names(columns: &[ScopeColumn]) -> Vec<Ident> {
    columns.iter().map(|column| column.name.clone()).collect()
}

/// The value of a column.
pub(super) fn value(column: &ScopeColumn) -> Typed {
    let unqualified = || Expr::Column(ColumnRef { parts: vec![column.name.clone()], star: false });
    Typed { expr: column.expr.clone().unwrap_or_else(unqualified), ty: column.ty.clone() }
}

impl Analyzer<'_> {
    /// The relation of that name.
    pub(super) fn relation(&self, name: &Name) -> Option<&RelationEntry> {
        self.namespaces(name).iter().find_map(|namespace| {
            self.catalog
                .relation(namespace.as_str(), name.name.as_str())
                .filter(|entry| entry.kind != RelationKind::CompositeType)
        })
    }

    /// The columns of a relation as columns of the item `normal`.
    pub(super) fn relation_columns(
        &self,
        entry: &RelationEntry,
        normal: &Ident,
    ) -> Vec<ScopeColumn> {
        let column = |column: &Column| {
            let name = Ident::new(&column.name);
            // A view whose query is not known in full.
            if name.is_empty() {
                return open_column();
            }
            let ty = match column.ty {
                TypeId::UNKNOWN => Type::Undecided,
                _known => Type::Known(self.column_type(column)),
            };
            let parts = vec![normal.clone(), name.clone()];
            ScopeColumn { name, ty, expr: Some(Expr::Column(ColumnRef { parts, star: false })) }
        };
        self.catalog.columns(entry).map(column).collect()
    }

    /// The type of a column of the catalog.
    pub(super) fn column_type(&self, column: &Column) -> Ty {
        Ty {
            id: column.ty,
            modifiers: super::typmod::modifiers(self.catalog, column.ty, column.typmod),
        }
    }

    /// The columns of a composite type, numbered from `first` as columns of the item `normal`.
    pub(super) fn fields(
        &self,
        entry: &RelationEntry,
        normal: &Ident,
        first: usize,
    ) -> Vec<ScopeColumn> {
        let column = |(number, column): (usize, &Column)| ScopeColumn {
            name: Ident::new(&column.name),
            ty: Type::Known(self.column_type(column)),
            expr: Some(super::query::position(normal, first + number)),
        };
        self.catalog.columns(entry).enumerate().map(column).collect()
    }
}

/// The items whose row is taken as a whole in what is walked over.
pub(super) fn whole_rows(walk: impl FnOnce(&mut dyn Visit)) -> HashSet<Ident> {
    let mut rows = Rows(HashSet::new());
    walk(&mut rows);
    rows.0
}

struct Rows(HashSet<Ident>);

impl Visit for Rows {
    fn expr(&mut self, expr: &Expr) -> bool {
        if let Expr::Column(ColumnRef { parts, star: true }) = expr
            && let [item] = parts.as_slice()
        {
            self.0.insert(item.clone());
        }
        true
    }
}

fn alias_of(item: &FromItem) -> Option<&Alias> {
    match item {
        FromItem::Relation { alias, .. } | FromItem::Subquery { alias, .. } => alias.as_ref(),
        FromItem::Functions(functions) => functions.alias.as_ref(),
        FromItem::Join(join) => join.alias.as_ref(),
        FromItem::XmlTable(table) => table.alias.as_ref(),
        FromItem::JsonTable(table) => table.alias.as_ref(),
    }
}

/// True when an item has names of columns that may have to be dropped.
pub(super) fn has_names(item: &FromItem) -> bool {
    let join = match item {
        FromItem::Join(join) => {
            !join.using.is_empty() || has_names(&join.left) || has_names(&join.right)
        }
        FromItem::Relation { .. }
        | FromItem::Subquery { .. }
        | FromItem::Functions(_)
        | FromItem::XmlTable(_)
        | FromItem::JsonTable(_) => false,
    };
    join || alias_of(item).is_some_and(|alias| !alias.columns.is_empty())
}

/// Drops the names of the columns of items of which no whole row is taken.
pub(super) fn drop_names(item: &mut FromItem, seen: &HashSet<Ident>) {
    let drop = |alias: &mut Option<Alias>| {
        if let Some(alias) = alias
            && !seen.contains(&alias.name)
        {
            alias.columns.clear();
        }
    };
    match item {
        FromItem::Relation { alias, .. } | FromItem::Subquery { alias, .. } => drop(alias),
        FromItem::Functions(functions) => drop(&mut functions.alias),
        FromItem::XmlTable(table) => drop(&mut table.alias),
        FromItem::JsonTable(table) => drop(&mut table.alias),
        FromItem::Join(join) => {
            drop(&mut join.alias);
            let row = join.using_alias.as_ref().is_some_and(|alias| seen.contains(alias));
            if !row && !join.natural {
                for (number, name) in join.using.iter_mut().enumerate() {
                    *name = Ident::new(format!("c{}", number + 1));
                }
            }
            drop_names(&mut join.left, seen);
            drop_names(&mut join.right, seen);
        }
    }
}
