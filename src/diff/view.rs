//! Facets: view.

use super::Facets;
use crate::model::{MaterializedView, View};

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn view(_object: &View, _facets: &mut Facets) {}

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn materialized_view(_object: &MaterializedView, _facets: &mut Facets) {}
