//! Facets: operator.

use super::Facets;
use crate::model::{
    CastDefinition, Conversion, Operator, OperatorClass, OperatorFamily, Transform,
};

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn conversion(_object: &Conversion, _facets: &mut Facets) {}

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn operator(_object: &Operator, _facets: &mut Facets) {}

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn operator_class(_object: &OperatorClass, _facets: &mut Facets) {}

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn operator_family(_object: &OperatorFamily, _facets: &mut Facets) {}

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn cast(_object: &CastDefinition, _facets: &mut Facets) {}

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn transform(_object: &Transform, _facets: &mut Facets) {}
