//! Plain values that describe a PostgreSQL schema: no IO, no parsing, no comparing.
//!
//! `parse` makes them, `normalize` rewrites them, `diff` compares them, `emit` prints them.

mod expr;
mod json;
mod name;
mod query;
mod types;

pub use expr::*;
pub use json::*;
pub use name::*;
pub use query::*;
pub use types::*;
