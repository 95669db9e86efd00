//! From values to what people and programs read: SQL, reports, evidence.

pub mod escape;
mod excerpt;
pub mod json;
pub mod normalized;
pub mod problem;
pub mod redact;
pub mod report;
pub mod sql;
pub mod trace;
