//! Facets: text_search.

use super::Facets;
use crate::model::{TextSearchConfiguration, TextSearchDictionary, TextSearchFunctions};

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn text_search_functions(_object: &TextSearchFunctions, _facets: &mut Facets) {}

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn text_search_dictionary(_object: &TextSearchDictionary, _facets: &mut Facets) {}

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn text_search_configuration(_object: &TextSearchConfiguration, _facets: &mut Facets) {}
