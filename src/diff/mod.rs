//! What differs between two schemas: one merge over two sorted maps, then facet by facet.
//!
//! The cheap pass comes first: objects that are equal as values are left alone.
//! Only for those that are not, both sides are taken apart into facets.

mod facets;
mod value;

pub use facets::{FacetKey, Facets};
pub use value::Value;
