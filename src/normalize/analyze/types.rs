//! Types by name and by id (`src/backend/parser/parse_type.c`).

use std::collections::HashMap;

use smol_str::SmolStr;

use super::{Analyzer, Ty};
use crate::catalog::{Category, TypeId, TypeKind};
use crate::model::{Ident, Name, NormalRule, TypeName};

/// What is directly under each domain of the schema.
pub type Domains = HashMap<TypeId, Ty>;

impl Analyzer<'_> {
    /// The type that a name means, under the path.
    pub fn resolve_type(&self, ty: &TypeName) -> Option<Ty> {
        if ty.of_column.is_some() {
            return None;
        }
        let name = ty.name.name.as_str();
        let id = match &ty.name.namespace {
            Some(namespace) => self.catalog.type_named(namespace.as_str(), name),
            None => {
                self.apply(NormalRule::TypeName);
                let mut path = self.path.lookup();
                path.find_map(|namespace| self.catalog.type_named(namespace.as_str(), name))
            }
        }?;
        let id = if ty.array { self.catalog.array_of(id)? } else { id };
        Some(Ty { id, modifiers: ty.modifiers.clone() })
    }

    /// The name of a type, with its namespace.
    pub fn type_name(&self, ty: &Ty) -> TypeName {
        // `int2vector` has elements, too, and is not the array of its element.
        let element = self.catalog.element_of(ty.id);
        let element = element.filter(|element| self.catalog.array_of(*element) == Some(ty.id));
        let entry = self.catalog.ty(element.unwrap_or(ty.id));
        TypeName {
            name: Name::qualified(&entry.schema, &entry.name),
            modifiers: ty.modifiers.clone(),
            array: element.is_some(),
            set_of: false,
            of_column: None,
        }
    }

    /// The type by its name alone, modifiers dropped.
    pub(super) fn plain_name(&self, id: TypeId) -> TypeName {
        self.type_name(&Ty::plain(id))
    }

    /// What is under a domain, to the bottom, with the modifiers there
    /// (`getBaseTypeAndTypmod`, `src/backend/utils/cache/lsyscache.c`).
    pub(super) fn base(&self, ty: &Ty) -> Ty {
        let mut base = ty.clone();
        // A domain cannot be under itself, but an input may say so.
        for _ in 0..64 {
            match self.domains.get(&base.id) {
                Some(under) => base = under.clone(),
                None => break,
            }
        }
        base.id = self.catalog.base_type(base.id);
        base
    }

    /// The base of a type, by id.
    pub(super) fn base_id(&self, id: TypeId) -> TypeId {
        if id == TypeId::UNKNOWN { id } else { self.base(&Ty::plain(id)).id }
    }

    /// `TypeCategory`.
    pub(super) fn category(&self, id: TypeId) -> Category {
        self.catalog.category(self.base_id(id))
    }

    /// True for a row type.
    pub(super) fn is_composite(&self, id: TypeId) -> bool {
        matches!(self.catalog.ty(self.base_id(id)).kind, TypeKind::Composite)
    }

    /// The element type of an array, looking through domains.
    pub(super) fn element(&self, id: TypeId) -> Option<TypeId> {
        self.catalog.element_of(self.base_id(id))
    }

    /// The namespaces to look in for a name.
    pub(super) fn namespaces(&self, name: &Name) -> Vec<Ident> {
        match &name.namespace {
            Some(namespace) => vec![namespace.clone()],
            None => self.path.lookup().collect(),
        }
    }

    /// A collation with its namespace.
    pub(in crate::normalize) fn collation_name(&self, name: &Name) -> Name {
        if name.namespace.is_some() {
            return name.clone();
        }
        let known = |namespace: &Ident| {
            let kind = crate::catalog::NameKind::Collation;
            self.catalog.name(kind, namespace.as_str(), name.name.as_str()).is_some()
        };
        let namespace = self.path.lookup().find(known).unwrap_or_else(|| Ident::new("pg_catalog"));
        Name { namespace: Some(namespace), name: name.name.clone() }
    }
}

/// The modifiers as the numbers that the grammar gives to `typmodin`.
pub(super) fn numbers(modifiers: &[SmolStr]) -> Option<Vec<i32>> {
    modifiers.iter().map(|modifier| modifier.parse().ok()).collect()
}
