//! From values to what people and programs read: SQL, reports, evidence.

pub mod escape;
pub mod report;
pub mod sql;
