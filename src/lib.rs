//! pgcanon compares the PostgreSQL schema that was declared with the schema that is there.
//!
//! Texts go in, drifts with the places of both sides come out. Everything between is a pure
//! function of values: nothing here reads a clock, the environment or a network; only [`source`]
//! reads files. The program `pgcanon` is a thin layer over this library.
//!
//! | stage | from | to |
//! | --- | --- | --- |
//! | [`source`] | files, directories, dumps, revisions | [`source::Source`]: a name and a text |
//! | [`parse::parse`] | texts | a [`model::Schema`], and what was not understood |
//! | [`normalize::normalize`] | a schema | a [`normalize::NormalSchema`], in which equal means that PostgreSQL stores the same |
//! | [`diff::diff`] | two normal schemas | drifts, each with its severity |
//! | [`emit::report::Report`] | drifts | rows, and the formats of them |
//!
//! # Two texts, compared
//!
//! The two `CHECK` constraints below are one: the second is how `pg_dump` prints the first. The
//! column is a drift.
//!
//! ```
//! use pgcanon::diff::{DiffOptions, Verdict, diff};
//! use pgcanon::emit::report::{Report, Side, TerminalStyle};
//! use pgcanon::model::Pair;
//! use pgcanon::normalize::{align, normalize};
//! use pgcanon::parse::parse;
//! use pgcanon::source::Source;
//!
//! let source = |name: &str, text: &str| [Source { name: name.to_owned(), text: text.to_owned() }];
//! let sources = Pair {
//!     canonical: source(
//!         "schema.sql",
//!         "CREATE TABLE task (state varchar(9) NOT NULL CHECK (state IN ('open', 'done')));",
//!     ),
//!     live: source(
//!         "live.sql",
//!         "CREATE TABLE public.task (state character varying(9),
//!             CONSTRAINT task_state_check CHECK (((state)::text = ANY ((ARRAY['open'::character
//!             varying, 'done'::character varying])::text[]))));",
//!     ),
//! };
//!
//! // Deeply nested expressions need a deep stack.
//! pgcanon::run_with_stack(None, || {
//!     let parsed = sources.as_ref().map(|side| parse(side));
//!     assert!(parsed.canonical.problems.is_empty() && parsed.live.problems.is_empty());
//!     let counted = parsed.as_ref().map(|side| side.coverage.clone());
//!     let mut schemas = parsed.map(|side| normalize(side.schema));
//!     align(Pair { canonical: &mut schemas.canonical, live: &mut schemas.live });
//!     let found = diff(schemas.as_ref(), &DiffOptions::default());
//!
//!     let sides = sources.as_ref().zip(schemas.as_ref()).zip(counted.as_ref());
//!     let sides = sides.map(|((sources, schema), coverage)| Side {
//!         sources,
//!         schema,
//!         coverage,
//!         problems: &[],
//!     });
//!     let report = Report::new(&found, sides);
//!     assert_eq!(report.verdict, Verdict::Drift);
//!     assert_eq!(report.rows.len(), 1);
//!     assert_eq!(report.rows[0].title(), "column public.task.state");
//!     assert_eq!(report.rows[0].drift_type(), "changed: not null");
//!     println!("{}", report.terminal(&TerminalStyle { width: 100, color: false }));
//! });
//! ```
//!
//! `examples/compare.rs` does this with files. What scripts read is the JSON of
//! [`emit::report::Report::json`], whose schema carries a version
//! ([`emit::report::JSON_SCHEMA`]).

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
