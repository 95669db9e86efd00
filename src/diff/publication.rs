//! Facets: publication.

use super::Facets;
use crate::model::{Publication, Subscription};

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn publication(_object: &Publication, _facets: &mut Facets) {}

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn subscription(_object: &Subscription, _facets: &mut Facets) {}
