//! Facets: language.

use super::Facets;
use crate::model::{AccessMethod, Language};

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn language(_object: &Language, _facets: &mut Facets) {}

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn access_method(_object: &AccessMethod, _facets: &mut Facets) {}
