//! Facets: user_type.

use super::Facets;
use crate::model::{BaseType, Composite, Domain, Enum, Range};

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn enum_type(_object: &Enum, _facets: &mut Facets) {}

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn domain(_object: &Domain, _facets: &mut Facets) {}

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn composite(_object: &Composite, _facets: &mut Facets) {}

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn range(_object: &Range, _facets: &mut Facets) {}

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn base_type(_object: &BaseType, _facets: &mut Facets) {}
