//! `pgcanon.yaml`: what to compare, what to leave out and why, how bad what is, and who
//! decides.
//!
//! [`Config::read`] makes it of text. [`apply`] takes what it leaves out of a comparison, with
//! the reason of each, and changes severities; it says which rules fitted nothing.

mod apply;
mod config;
mod glob;

pub use apply::{Applied, Ignored, apply};
pub use config::{
    Config, DecisionSettings, IgnoreRule, JSON_SCHEMA, LineageSettings, LintSettings, NamedReport,
    Ownership, Pattern, ReportFormat, ReportOf, Settings, SeverityRule,
};
pub use glob::fits;
