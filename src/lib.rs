//! pgcanon compares the PostgreSQL schema that was declared with the schema that is there.

pub mod baseline;
pub mod catalog;
pub mod diff;
pub mod emit;
pub mod evidence;
pub mod fleet;
pub mod invariants;
pub mod lineage;
pub mod lint;
pub mod model;
pub mod normalize;
pub mod parse;
pub mod plan;
pub mod policy;
pub mod python;
pub mod register;
pub mod source;
pub mod sqlite;
mod stack;
pub mod yaml;

pub use stack::run_with_stack;
