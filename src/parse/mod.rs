//! From SQL text to [`model`](crate::model) values. The only place that knows
//! the parser's own trees.

pub(crate) mod command;
pub(crate) mod expr;
pub mod fragment;
pub(crate) mod from;
pub(crate) mod json;
pub(crate) mod query;
pub(crate) mod type_name;
pub(crate) mod xml;
