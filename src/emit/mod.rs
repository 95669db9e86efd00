//! From values to what people and programs read: SQL, reports, evidence.

pub mod sql;
