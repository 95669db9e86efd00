//! From values to what people and programs read: SQL, reports, evidence.

pub mod escape;
pub mod normalized;
mod excerpt;
pub mod json;
pub mod problem;
pub mod report;
pub mod sql;
