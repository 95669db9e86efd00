//! The columns that a query gives to a table made from it.
//!
//! In goes what there is when the table is made, out come names, types and collations. The
//! surprising thing: a collation is only told where it is plain. Where a collation other
//! than the default comes into an expression, the rules of `parse_collate.c` would decide,
//! and the answer is that it is not known.

use std::collections::HashSet;

use super::analyze::{Analyzer, ScopeColumn, Type};
use super::views::Views;
use super::{catalog_of, structure, views};
use crate::catalog::{Catalog, RelationKind, TypeId};
use crate::model::{
    ColumnRef, Expr, FromItem, Ident, Name, QualifiedName, Query, QueryBody, Schema, Scoped,
    TypeName, Visit, walk_expr, walk_query,
};

/// A column of a table that is made from a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// Its name.
    pub name: Ident,
    /// Its type.
    pub ty: TypeName,
    /// Its collation, when it is not that of the type.
    pub collation: Option<Name>,
}

/// The output columns of a query over what is in `schema`
/// (`create_ctas_nodata`, `src/backend/commands/createas.c`).
///
/// # Errors
/// What could not be told, as part of a sentence.
pub fn outputs(mut schema: Schema, query: &Scoped<Query>) -> Result<Vec<Output>, String> {
    rewrite(&mut schema);
    let (mut catalog, domains) = catalog_of::catalog_of(&schema);
    let views = views::analyse(&schema, &mut catalog, &domains);
    let mut analyzer = Analyzer::new(&catalog, &domains, &query.path);
    let (elaborated, columns) = analyzer.query(&query.value);
    let collations = Collations::new(&catalog, &views, &elaborated);
    let output = |(number, column): (usize, &ScopeColumn)| {
        let (ty, id) = match &column.ty {
            Type::Known(ty) => (analyzer.type_name(ty), ty.id),
            Type::Literal => (TypeName::builtin("text"), TypeId::TEXT),
            Type::Undecided => {
                let untold =
                    || format!("the type of the column \"{}\" is not known", column.name.as_str());
                return Err(analyzer.undecided.first().cloned().unwrap_or_else(untold));
            }
        };
        let collation = match &catalog.ty(id).collation {
            None => None,
            Some(own) => collations
                .of_output(number)
                .ok_or_else(|| {
                    format!("the collation of the column \"{}\" is not known", column.name.as_str())
                })?
                .filter(|found| *found != Name::qualified(&own.schema, &own.name)),
        };
        Ok(Output { name: column.name.clone(), ty, collation })
    };
    columns.iter().enumerate().map(output).collect()
}

/// A query with the types of its literals and its casts written out; none when some of it
/// could not be told.
pub fn elaborated(mut schema: Schema, query: &Scoped<Query>) -> Option<Query> {
    rewrite(&mut schema);
    let (catalog, domains) = catalog_of::catalog_of(&schema);
    let mut analyzer = Analyzer::new(&catalog, &domains, &query.path);
    let (elaborated, _) = analyzer.query(&query.value);
    analyzer.undecided.is_empty().then_some(elaborated)
}

fn rewrite(schema: &mut Schema) {
    let domains = structure::domains(schema);
    schema.objects.values_mut().for_each(|entry| structure::rewrite(entry, &domains));
}

/// Where a column of a relation gets its order from; `None` for the default.
type Collation = Option<Name>;

struct Collations<'a> {
    catalog: &'a Catalog,
    views: &'a Views,
    query: &'a Query,
    /// False when all that the query reads has the default collation.
    any: bool,
}

impl<'a> Collations<'a> {
    fn new(catalog: &'a Catalog, views: &'a Views, query: &'a Query) -> Self {
        let any = Reads { catalog, views, seen: HashSet::new(), found: false }.finds(query);
        Self { catalog, views, query, any }
    }

    /// The collation of an output column; none when it cannot be told.
    fn of_output(&self, number: usize) -> Option<Collation> {
        if !self.any {
            return Some(None);
        }
        let select = match &*self.query.body {
            QueryBody::Select(select) => select,
            QueryBody::SetOperation { left, right, .. } => {
                let of = |query| Self { any: true, query, ..*self }.of_output(number);
                // The default one gives way to another (`merge_collation_state`).
                return match (of(left)?, of(right)?) {
                    (left, right) if left == right => Some(left),
                    (None, only) | (only, None) => Some(only),
                    _in_conflict => None,
                };
            }
            QueryBody::Values(_) => return None,
        };
        let target = select.targets.get(number)?;
        self.of_expr(&target.expr, &select.from)
    }

    fn of_expr(&self, expr: &Expr, from: &[FromItem]) -> Option<Collation> {
        match expr {
            Expr::Collate(collate) => Some(Some(collate.collation.clone())),
            Expr::Column(column) => self.of_column(column, from),
            // A cast hands on the collation of what is cast.
            Expr::Cast(cast) if cast.ty.name.name != "name" => {
                let ty = catalog_of::ty(self.catalog, &cast.ty)?;
                match self.catalog.ty(ty.id).collation {
                    Some(_) => self.of_expr(&cast.arg, from),
                    None => Some(None),
                }
            }
            expr => {
                let mut leaves =
                    Leaves { catalog: self.catalog, columns: Vec::new(), other: false };
                walk_expr(expr, &mut leaves);
                let is_plain = |column: &ColumnRef| self.of_column(column, from) == Some(None);
                (!leaves.other && leaves.columns.iter().all(is_plain)).then_some(None)
            }
        }
    }

    fn of_column(&self, column: &ColumnRef, from: &[FromItem]) -> Option<Collation> {
        let [qualifier, name] = column.parts.as_slice() else { return None };
        let relation = from.iter().find_map(|item| relation(item, qualifier))?;
        let relation =
            self.catalog.relation(relation.namespace.as_str(), relation.name.as_str())?;
        if matches!(relation.kind, RelationKind::View | RelationKind::MaterializedView) {
            let view = self.views.get(&QualifiedName::new(&relation.schema, &relation.name))?;
            let inner = Self::new(self.catalog, self.views, &view.query);
            let number = view.columns.iter().position(|own| own.name == *name)?;
            return inner.of_output(number);
        }
        let column = self.catalog.columns(relation).find(|own| *name == *own.name)?;
        let of_type = self.catalog.ty(column.ty).collation.as_ref();
        let of_type = of_type.filter(|own| own.name != "default");
        let own = column.collation.as_deref().or(of_type);
        Some(own.map(|own| Name::qualified(&own.schema, &own.name)))
    }
}

/// The relation with that alias.
fn relation(item: &FromItem, qualifier: &Ident) -> Option<QualifiedName> {
    match item {
        FromItem::Relation { name, alias, .. } => {
            let own = alias.as_ref().map_or(&name.name, |alias| &alias.name);
            let namespace = name.namespace.clone().filter(|_| own == qualifier)?;
            Some(QualifiedName { namespace, name: name.name.clone() })
        }
        FromItem::Join(join) => {
            relation(&join.left, qualifier).or_else(|| relation(&join.right, qualifier))
        }
        FromItem::Subquery { .. }
        | FromItem::Functions(_)
        | FromItem::XmlTable(_)
        | FromItem::JsonTable(_) => None,
    }
}

/// Whether anything that a query reads has another collation than the default.
struct Reads<'a> {
    catalog: &'a Catalog,
    views: &'a Views,
    seen: HashSet<QualifiedName>,
    found: bool,
}

impl Reads<'_> {
    fn finds(mut self, query: &Query) -> bool {
        walk_query(query, &mut self);
        self.found
    }
}

impl Visit for Reads<'_> {
    fn expr(&mut self, expr: &Expr) -> bool {
        self.found |= brings_collation(self.catalog, expr);
        true
    }

    fn from_item(&mut self, item: &FromItem) -> bool {
        let FromItem::Relation { name: Name { namespace: Some(namespace), name }, .. } = item
        else {
            return true;
        };
        let relation = self.catalog.relation(namespace.as_str(), name.as_str());
        let other = |column: &crate::catalog::Column| {
            let of_type = self.catalog.ty(column.ty).collation.as_ref();
            column.collation.is_some() || of_type.is_some_and(|own| own.name != "default")
        };
        self.found |= relation.is_some_and(|own| self.catalog.columns(own).any(other));
        let name = QualifiedName { namespace: namespace.clone(), name: name.clone() };
        if let Some(view) = self.views.get(&name)
            && self.seen.insert(name)
        {
            walk_query(&view.query, self);
        }
        true
    }
}

/// Whether an expression may have another collation than the default whatever its parts
/// are. That of the type `name` is "C".
fn brings_collation(catalog: &Catalog, expr: &Expr) -> bool {
    match expr {
        Expr::Collate(_) | Expr::SqlValue(..) => true,
        Expr::Call(call) => {
            let mut all = catalog.functions(call.name.name.as_str());
            all.any(|function| catalog.ty(function.result).name == "name")
        }
        Expr::Cast(cast) => cast.ty.name.name == "name",
        _its_parts_tell => false,
    }
}

/// What an expression is made of.
struct Leaves<'a> {
    catalog: &'a Catalog,
    columns: Vec<ColumnRef>,
    /// Something whose collation may be another one than the default.
    other: bool,
}

impl Visit for Leaves<'_> {
    fn expr(&mut self, expr: &Expr) -> bool {
        match expr {
            Expr::Column(column) => self.columns.push(column.clone()),
            Expr::Subquery(_) => self.other = true,
            expr => self.other |= brings_collation(self.catalog, expr),
        }
        true
    }
}
