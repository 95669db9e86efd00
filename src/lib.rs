//! pgcanon compares the PostgreSQL schema that was declared with the schema that is there.

pub mod diff;
pub mod emit;
pub mod model;
pub mod parse;
pub mod source;
