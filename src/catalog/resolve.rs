//! Questions about types that one row does not answer: `lsyscache.c` and a little of `parse_coerce.c`.

use super::Catalog;
use super::entries::{CastContext, CastMethod, OpclassEntry};
use super::types::{Category, TypeId, TypeKind};

impl Catalog {
    /// `get_array_type`: the type of arrays of it.
    pub fn array_of(&self, element: TypeId) -> Option<TypeId> {
        self.ty(element).array
    }

    /// `get_element_type`: the element type of an array; none for `point`, `name`, domains.
    pub fn element_of(&self, array: TypeId) -> Option<TypeId> {
        let entry = self.ty(array);
        entry.is_array().then_some(entry.element).flatten()
    }

    /// `getBaseType`: what is under a domain and the domains under it; else the type itself.
    pub fn base_type(&self, id: TypeId) -> TypeId {
        self.base_type_and_typmod(id, -1).0
    }

    /// `getBaseTypeAndTypmod`: a domain brings its own modifier.
    pub fn base_type_and_typmod(&self, id: TypeId, typmod: i32) -> (TypeId, i32) {
        let (mut id, mut typmod) = (id, typmod);
        // A bound, because user input could say that a domain is over itself.
        for _ in 0..100 {
            match self.ty(id).kind {
                TypeKind::Domain { base, typmod: own, .. } => (id, typmod) = (base, own),
                TypeKind::Base
                | TypeKind::Composite
                | TypeKind::Enum
                | TypeKind::Range { .. }
                | TypeKind::Multirange { .. }
                | TypeKind::Pseudo => break,
            }
        }
        (id, typmod)
    }

    /// `TypeCategory`.
    pub fn category(&self, id: TypeId) -> Category {
        self.ty(id).category
    }

    /// `IsPreferredType`: preferred, and of this category.
    pub fn is_preferred(&self, category: Category, id: TypeId) -> bool {
        let entry = self.ty(id);
        entry.category == category && entry.preferred
    }

    /// `get_range_subtype`.
    pub fn range_subtype(&self, range: TypeId) -> Option<TypeId> {
        if let TypeKind::Range { subtype, .. } = self.ty(range).kind { Some(subtype) } else { None }
    }

    /// `get_range_multirange`.
    pub fn multirange_of(&self, range: TypeId) -> Option<TypeId> {
        if let TypeKind::Range { multirange, .. } = self.ty(range).kind {
            Some(multirange)
        } else {
            None
        }
    }

    /// `get_multirange_range`.
    pub fn range_of(&self, multirange: TypeId) -> Option<TypeId> {
        if let TypeKind::Multirange { range } = self.ty(multirange).kind {
            Some(range)
        } else {
            None
        }
    }

    /// `IsBinaryCoercible`: values of `source` are values of `target` as they are.
    pub fn is_binary_coercible(&self, source: TypeId, target: TypeId) -> bool {
        if source == target
            || [TypeId::ANY, TypeId::ANYELEMENT, TypeId::ANYCOMPATIBLE].contains(&target)
        {
            return true;
        }
        let source = self.base_type(source);
        let kind = self.ty(source).kind;
        let complex = |id| self.ty(self.base_type(id)).kind == TypeKind::Composite;
        let by_cast = || {
            self.cast(source, target).is_some_and(|cast| {
                cast.method == CastMethod::Binary && cast.context == CastContext::Implicit
            })
        };
        source == target
            || match target {
                TypeId::ANYARRAY | TypeId::ANYCOMPATIBLEARRAY => self.element_of(source).is_some(),
                TypeId::ANYNONARRAY | TypeId::ANYCOMPATIBLENONARRAY => {
                    self.element_of(source).is_none()
                }
                TypeId::ANYENUM => kind == TypeKind::Enum,
                TypeId::ANYRANGE | TypeId::ANYCOMPATIBLERANGE => {
                    matches!(kind, TypeKind::Range { .. })
                }
                TypeId::ANYMULTIRANGE | TypeId::ANYCOMPATIBLEMULTIRANGE => {
                    matches!(kind, TypeKind::Multirange { .. })
                }
                TypeId::RECORD => complex(source),
                TypeId::RECORD_ARRAY => self.element_of(source).is_some_and(complex),
                _ => false,
            }
            || by_cast()
    }

    /// `GetDefaultOpClass`: the operator class that an index of this method takes for the type.
    pub fn default_opclass(&self, method: &str, id: TypeId) -> Option<&OpclassEntry> {
        let id = self.base_type(id);
        let category = self.category(id);
        let defaults = || self.opclasses(method).filter(|class| class.default);
        if let Some(class) = only(defaults().filter(|class| class.input == id)) {
            return Some(class);
        }
        let coercible = || defaults().filter(|class| self.is_binary_coercible(id, class.input));
        only(coercible().filter(|class| self.is_preferred(category, class.input)))
            .or_else(|| only(coercible().filter(|class| !self.is_preferred(category, class.input))))
    }
}

/// The item of an iterator that has exactly one.
fn only<T>(mut items: impl Iterator<Item = T>) -> Option<T> {
    let first = items.next()?;
    items.next().is_none().then_some(first)
}
