//! A bundle of evidence: everything that shows what differs between two schemas, and that it
//! was looked at, as files that anybody can make again byte by byte.
//!
//! In goes a comparison with its provenance, out come the files by their paths. No clock, no
//! machine, no locale: what is in a bundle is in its inputs. [`manifest`] lists the files with
//! their checksums, [`statement`] says the same as an in-toto statement, to be signed.

mod archive;
mod manifest;
mod pages;
mod verify;

use std::collections::BTreeMap;

use crate::diff::Diff;
use crate::emit::report::{Report, Side};
use crate::emit::{normalized, redact};
use crate::model::{Date, Pair};

pub use archive::{Compression, archive};
pub use manifest::{manifest, statement};
pub use verify::{Mismatch, differences, verify};

/// The files of a bundle, by their paths within it.
pub type Files = BTreeMap<String, Vec<u8>>;

/// What a bundle is made of.
#[derive(Clone, Debug)]
pub struct Bundle<'a> {
    /// Both sides.
    pub sides: Pair<Side<'a>>,
    /// What differs.
    pub diff: &'a Diff,
    /// The drift table.
    pub report: &'a Report,
    /// Whether it passes, by severities and decisions.
    pub passes: bool,
    /// Where the inputs come from.
    pub provenance: Pair<Vec<Provenance>>,
    /// Other files that were read: configuration, register.
    pub settings: Vec<Provenance>,
    /// The migration up and down, with what each step endangers.
    pub migration: Migration,
    /// What `pgcanon prove` said.
    pub transcript: Option<String>,
    /// The day for which decisions were looked at.
    pub as_of: Option<Date>,
    /// What was compared, as words of the command line.
    pub options: BTreeMap<String, String>,
}

/// Where an input comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// Its name, as evidence cites it.
    pub name: String,
    /// SHA-256 of its text.
    pub sha256: String,
    /// The commit that was checked out, and whether the file was as committed.
    pub commit: Option<(String, bool)>,
    /// `Dumped from database version ..`, `Dumped by pg_dump version ..`.
    pub dump: Vec<String>,
}

/// A migration as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Migration {
    /// Live to canonical.
    pub up: String,
    /// Back.
    pub down: String,
}

/// The version of PostgreSQL's grammar that reads the sources.
pub const GRAMMAR: &str = "PostgreSQL 18";

/// Makes all files, the manifest and the statement among them.
pub fn bundle(bundle: &Bundle<'_>) -> Files {
    let schemas = bundle.sides.map(|side| normalized::sql(side.schema));
    let schemas = schemas.as_ref().map(|text| redact::sql(text).0.into_owned());
    let mut files = Files::new();
    let mut add = |path: &str, text: String| drop(files.insert(path.to_owned(), text.into_bytes()));
    add("normalized/schema.diff", unified(&schemas));
    add("normalized/canonical.sql", schemas.canonical);
    add("normalized/live.sql", schemas.live);
    add("drifts.md", bundle.report.markdown());
    add("drifts.json", format!("{:#}\n", bundle.report.json()));
    add("drifts.csv", bundle.report.csv());
    add("drifts.html", bundle.report.html(bundle.sides));
    for (path, page) in pages::drifts(bundle) {
        add(&path, page);
    }
    add("decisions.md", pages::decisions(bundle.report));
    add("left-out.md", pages::left_out(bundle));
    add("sign-off.md", pages::sign_off(bundle));
    add("README.md", pages::readme(bundle));
    add("migration/up.sql", redact::sql(&bundle.migration.up).0.into_owned());
    add("migration/down.sql", redact::sql(&bundle.migration.down).0.into_owned());
    if let Some(transcript) = &bundle.transcript {
        add("prove/transcript.txt", redact::shown(transcript).into_owned());
    }
    let manifest = format!("{:#}\n", manifest(bundle, &files));
    files.insert("manifest.json".to_owned(), manifest.into_bytes());
    let statement = format!("{:#}\n", statement(bundle, &files));
    files.insert("statement.json".to_owned(), statement.into_bytes());
    files
}

/// The unified diff from what is there to what is declared.
fn unified(schemas: &Pair<String>) -> String {
    let diff = similar::TextDiff::from_lines(&schemas.live, &schemas.canonical);
    diff.unified_diff().context_radius(3).header("live.sql", "canonical.sql").to_string()
}
