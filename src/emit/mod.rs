//! What pgcanon writes: SQL and reports.

pub mod report;
