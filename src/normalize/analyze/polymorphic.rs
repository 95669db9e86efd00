//! Polymorphic arguments: `anyelement`, `anyarray`, `anycompatible` and their like
//! (`check_generic_type_consistency`, `enforce_generic_type_consistency`,
//! `src/backend/parser/parse_coerce.c`).

use super::Analyzer;
use crate::catalog::{CastContext, TypeId, TypeKind};

/// What the polymorphic types of one call stand for.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Binding {
    element: Option<TypeId>,
    array: Option<TypeId>,
    range: Option<TypeId>,
    multirange: Option<TypeId>,
    common: Option<TypeId>,
    common_array: Option<TypeId>,
    common_range: Option<TypeId>,
    common_multirange: Option<TypeId>,
}

impl Analyzer<'_> {
    /// True when the actual types agree with the polymorphic ones.
    pub(super) fn polymorphic_fits(&self, actual: &[TypeId], declared: &[TypeId]) -> bool {
        self.bind(actual, declared, true).is_some()
    }

    /// What the polymorphic types stand for; `None` when the actual types disagree or,
    /// unless `lenient`, when nothing says it.
    pub(super) fn bind(
        &self,
        actual: &[TypeId],
        declared: &[TypeId],
        lenient: bool,
    ) -> Option<Binding> {
        let mut binding = Binding::default();
        let mut compatible: Vec<TypeId> = Vec::new();
        for (actual, declared) in actual.iter().zip(declared) {
            if *actual == TypeId::UNKNOWN {
                continue;
            }
            self.bind_one(*actual, *declared, &mut binding, &mut compatible)?;
        }
        self.complete(&mut binding, &compatible)?;
        let settled = declared.iter().all(|declared| {
            !declared.is_polymorphic() || self.substitute(*declared, &binding).is_some()
        });
        if !settled && !lenient {
            return None;
        }
        let kinds = actual.iter().zip(declared).all(|(actual, declared)| {
            *actual == TypeId::UNKNOWN || self.kind_fits(*actual, *declared)
        });
        kinds.then_some(binding)
    }

    fn bind_one(
        &self,
        actual: TypeId,
        declared: TypeId,
        binding: &mut Binding,
        compatible: &mut Vec<TypeId>,
    ) -> Option<()> {
        let base = self.base_id(actual);
        match declared {
            TypeId::ANYELEMENT | TypeId::ANYNONARRAY | TypeId::ANYENUM => {
                agree(&mut binding.element, actual)
            }
            TypeId::ANYARRAY => agree(&mut binding.array, base),
            TypeId::ANYRANGE => agree(&mut binding.range, base),
            TypeId::ANYMULTIRANGE => agree(&mut binding.multirange, base),
            TypeId::ANYCOMPATIBLE | TypeId::ANYCOMPATIBLENONARRAY => {
                compatible.push(actual);
                Some(())
            }
            TypeId::ANYCOMPATIBLEARRAY => {
                compatible.push(self.catalog.element_of(base)?);
                Some(())
            }
            TypeId::ANYCOMPATIBLERANGE => {
                agree(&mut binding.common_range, base)?;
                compatible.push(self.catalog.range_subtype(base)?);
                Some(())
            }
            TypeId::ANYCOMPATIBLEMULTIRANGE => {
                agree(&mut binding.common_multirange, base)?;
                compatible.push(self.catalog.range_subtype(self.catalog.range_of(base)?)?);
                Some(())
            }
            _no_polymorphic_type => Some(()),
        }
    }

    /// Derives each of element, array, range and multirange from the others.
    fn complete(&self, binding: &mut Binding, compatible: &[TypeId]) -> Option<()> {
        if let Some(multirange) = binding.multirange {
            agree(&mut binding.range, self.catalog.range_of(multirange)?)?;
        }
        if let Some(range) = binding.range {
            agree(&mut binding.element, self.catalog.range_subtype(range)?)?;
            binding.multirange = self.catalog.multirange_of(range);
        }
        if let Some(array) = binding.array {
            // anyarray itself stands for an array of anything (`pg_stats`).
            if array != TypeId::ANYARRAY {
                let element = self.catalog.element_of(array)?;
                match binding.element {
                    Some(own) if self.base_id(own) != self.base_id(element) => return None,
                    Some(_) => {}
                    None => binding.element = Some(element),
                }
            }
        } else if let Some(element) = binding.element {
            binding.array = self.catalog.array_of(element);
        }
        if !compatible.is_empty() {
            let common = match binding.common_range {
                Some(range) => self.catalog.range_subtype(range)?,
                None => self.common_of(compatible)?,
            };
            let fits = |ty: &TypeId| self.can_coerce(&[*ty], &[common], CastContext::Implicit);
            if !compatible.iter().all(fits) {
                return None;
            }
            binding.common = Some(common);
            binding.common_array = self.catalog.array_of(common);
            if binding.common_range.is_none() {
                binding.common_range = binding
                    .common_multirange
                    .and_then(|multirange| self.catalog.range_of(multirange));
            }
            if binding.common_multirange.is_none() {
                binding.common_multirange =
                    binding.common_range.and_then(|range| self.catalog.multirange_of(range));
            }
        }
        Some(())
    }

    fn kind_fits(&self, actual: TypeId, declared: TypeId) -> bool {
        match declared {
            TypeId::ANYARRAY => self.element(actual).is_some() || actual == TypeId::ANYARRAY,
            TypeId::ANYNONARRAY | TypeId::ANYCOMPATIBLENONARRAY => self.element(actual).is_none(),
            TypeId::ANYENUM => {
                matches!(self.catalog.ty(self.base_id(actual)).kind, TypeKind::Enum)
            }
            _any_kind => true,
        }
    }

    /// The type that a declared type stands for in a call.
    pub(super) fn substitute(&self, declared: TypeId, binding: &Binding) -> Option<TypeId> {
        match declared {
            TypeId::ANYELEMENT | TypeId::ANYNONARRAY | TypeId::ANYENUM => binding.element,
            TypeId::ANYARRAY => binding.array,
            TypeId::ANYRANGE => binding.range,
            TypeId::ANYMULTIRANGE => binding.multirange,
            TypeId::ANYCOMPATIBLE | TypeId::ANYCOMPATIBLENONARRAY => binding.common,
            TypeId::ANYCOMPATIBLEARRAY => binding.common_array,
            TypeId::ANYCOMPATIBLERANGE => binding.common_range,
            TypeId::ANYCOMPATIBLEMULTIRANGE => binding.common_multirange,
            fixed => Some(fixed),
        }
    }
}

/// Sets what is not set, or demands that it is the same.
fn agree(slot: &mut Option<TypeId>, ty: TypeId) -> Option<()> {
    match slot {
        Some(own) => (*own == ty).then_some(()),
        None => {
            *slot = Some(ty);
            Some(())
        }
    }
}
