//! What can be referred to: the columns of a relation, `old` and `new`.

use std::cell::RefCell;
use std::sync::Arc;

use super::Elaborator;
use crate::catalog::TypeId;
use crate::model::{Ident, Name, ObjectId, QualifiedName, Table, TypeName};
use crate::normalize::Context;
use crate::normalize::analyze::{Scope, ScopeColumn, ScopeItem, Ty, Type};
use crate::normalize::catalog_of;

/// The columns of the relation that was asked for last, by one thread.
#[derive(Debug, Default)]
pub(in crate::normalize) struct LastScope(RefCell<Option<Columns>>);

type Columns = (QualifiedName, Arc<Vec<ScopeColumn>>);

impl Context<'_> {
    /// The type of a name that was resolved when it was read.
    pub(super) fn ty(&self, name: &TypeName) -> Option<Ty> {
        catalog_of::ty(self.catalog, name)
    }

    /// The table of that name.
    pub(super) fn table(&self, name: &QualifiedName) -> Option<&Table> {
        let entry = self.schema.objects.get(&ObjectId::Table(name.clone()))?;
        (&entry.object).try_into().ok()
    }

    /// The type of a column of a relation, and its collation when that is not the type's.
    pub(super) fn column(
        &self,
        relation: &QualifiedName,
        name: &Ident,
    ) -> Option<(Ty, Option<Name>)> {
        if let Some(table) = self.table(relation) {
            let column = table.column(name)?;
            return Some((self.ty(&column.ty)?, column.details.collation.clone()));
        }
        let entry = self.catalog.relation(relation.namespace.as_str(), relation.name.as_str())?;
        let column = self.catalog.columns(entry).find(|column| *name == column.name.as_str())?;
        let collation =
            column.collation.as_ref().map(|own| Name::qualified(&own.schema, &own.name));
        (column.ty != TypeId::UNKNOWN).then(|| (Ty::plain(column.ty), collation))
    }
}

impl Elaborator<'_, '_> {
    /// The columns of a relation, without qualification in the normal form: there is
    /// nothing else at that level.
    pub(super) fn columns_of(&self, relation: &QualifiedName) -> Scope {
        let mut item = self.item(relation, relation.name.clone());
        item.namespace = Some(relation.namespace.clone());
        item.normal_name = None;
        Scope { items: vec![item] }
    }

    /// A relation under a name, as `old` and `new` are.
    pub(super) fn item(&self, relation: &QualifiedName, name: Ident) -> ScopeItem {
        ScopeItem {
            name: Some(name.clone()),
            namespace: None,
            normal_name: Some(name),
            columns: self.shared_columns(relation),
            row_type: self
                .context
                .catalog
                .relation(relation.namespace.as_str(), relation.name.as_str())
                .and_then(|entry| entry.row_type),
            columns_visible: true,
            name_visible: true,
        }
    }

    /// Those that were asked for last are kept: what hangs on one relation comes in a row.
    fn shared_columns(&self, relation: &QualifiedName) -> Arc<Vec<ScopeColumn>> {
        let mut last = self.context.scopes.0.borrow_mut();
        match &*last {
            Some((of, columns)) if of == relation => Arc::clone(columns),
            _another => {
                let columns = Arc::new(self.scope_columns(relation));
                *last = Some((relation.clone(), Arc::clone(&columns)));
                columns
            }
        }
    }

    fn scope_columns(&self, relation: &QualifiedName) -> Vec<ScopeColumn> {
        let known = |ty: Option<Ty>| ty.map_or(Type::Undecided, Type::Known);
        if let Some(table) = self.context.table(relation) {
            let columns = table.columns.iter().map(|column| ScopeColumn {
                name: column.name.clone(),
                ty: known(self.context.ty(&column.ty)),
                expr: None,
            });
            return columns.collect();
        }
        if let Some(view) = self.context.views.get(relation) {
            return view.columns.clone();
        }
        let catalog = self.context.catalog;
        let entry = catalog.relation(relation.namespace.as_str(), relation.name.as_str());
        let columns = entry.into_iter().flat_map(|entry| catalog.columns(entry));
        let columns = columns.map(|column| ScopeColumn {
            name: Ident::new(&column.name),
            ty: known(Some(Ty::plain(column.ty)).filter(|ty| ty.id != TypeId::UNKNOWN)),
            expr: None,
        });
        columns.collect()
    }
}
