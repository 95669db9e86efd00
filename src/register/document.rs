//! The text of a register and what it says.
//!
//! Reading keeps the text. Writing changes the lines of it that have to say something else,
//! and leaves comments, order, keys of others and line ends as they are. What was written is
//! read again before it is handed out: if it does not say what it should, nothing is written.

use serde::Deserialize;
use serde_saphyr::Spanned;

use super::edit::{self, Block};
use super::{Decision, DriftId, DriftKey, Entry, Register, Stamp, Status};
use crate::model::{Problem, ProblemCode, SourceId, Span};
use crate::source::{LineIndex, Source, from_yaml};

/// The JSON Schema of the file, for editors.
pub const JSON_SCHEMA: &str = include_str!("schema/register-1.json");

/// A register with its text.
#[derive(Clone, Debug)]
pub struct Document {
    source: Source,
    /// What it says.
    pub register: Register,
    /// Where each entry starts, in the order of the file.
    pub(super) places: Vec<Span>,
    blocks: Vec<Block>,
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    last_id: u32,
    #[serde(default)]
    last_run: Option<Stamp>,
    #[serde(default)]
    drifts: Option<Vec<Spanned<Item>>>,
}

/// An entry as it is written. Other keys are left alone.
#[derive(Deserialize)]
struct Item {
    id: DriftId,
    object: String,
    #[serde(default)]
    facet: Option<String>,
    change: String,
    severity: String,
    status: Status,
    #[serde(default)]
    canonical: String,
    #[serde(default)]
    live: String,
    first_seen: Stamp,
    #[serde(default)]
    last_seen: Option<Stamp>,
    #[serde(default)]
    resolved: Option<Stamp>,
    #[serde(default)]
    owner: Option<String>,
    #[serde(default)]
    migration: Option<String>,
    #[serde(default)]
    decision: Option<Decision>,
    #[serde(default)]
    notes: Option<String>,
}

impl Document {
    /// A register in which nothing is written yet.
    pub fn new(name: &str) -> Self {
        let source = Source { name: name.to_owned(), text: String::new() };
        Self { source, register: Register::default(), places: Vec::new(), blocks: Vec::new() }
    }

    /// Reads a register. A problem has its place in source 0.
    pub fn read(source: Source) -> Result<Self, Problem> {
        if let Some(problem) = conflict(&source) {
            return Err(problem);
        }
        if source.text.trim().is_empty() {
            return Ok(Self { source, ..Self::new("") });
        }
        let file: File = from_yaml(&source)?;
        if file.version != 1 {
            let message = format!("{} is a register of version {}", source.name, file.version);
            return Err(Problem::new(ProblemCode::Register, message)
                .help("this pgcanon knows version 1; a newer one may know it"));
        }
        let items = file.drifts.unwrap_or_default();
        let mut blocks = Vec::with_capacity(items.len());
        let mut places = Vec::with_capacity(items.len());
        let lines = LineIndex::new(&source.text);
        for item in &items {
            let line = usize::try_from(item.referenced.line()).unwrap_or_default();
            let column = usize::try_from(item.referenced.column()).unwrap_or_default();
            blocks.push(Block { first_line: line, indent: column.saturating_sub(1) });
            let start = lines.start(line);
            places.push(Span::new(SourceId(0), start, start + lines.line(line).len()));
        }
        let register = Register {
            last_id: file.last_id,
            last_run: file.last_run,
            entries: items.into_iter().map(|item| item.value.into()).collect(),
        };
        Ok(Self { source, register, places, blocks })
    }

    /// The text as it was read.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The text that says what `register` says now, with all else as it was. Entries that are new
    /// stand before the first one that follows them by object and facet.
    pub fn text(&self, before: &Register) -> Result<String, Problem> {
        let text = edit::apply(&self.source.text, &self.blocks, before, &self.register);
        let written = Source { name: self.source.name.clone(), text };
        let read = Self::read(written)?;
        if read.register == self.register {
            return Ok(read.source.text);
        }
        let differs = |(read, meant): (&Entry, &Entry)| (read != meant).then_some(meant.id);
        let entries = read.register.entries.iter().zip(&self.register.entries);
        let which =
            entries.into_iter().find_map(differs).map_or_else(String::new, |id| format!(": {id}"));
        let message = format!("{} cannot be changed in place{which}", self.source.name);
        Err(Problem::new(ProblemCode::Register, message).help(
            "write its entries as blocks, one key a line, as pgcanon does; nothing was changed",
        ))
    }
}

impl From<Item> for Entry {
    fn from(item: Item) -> Self {
        Self {
            id: item.id,
            key: DriftKey { object: item.object, facet: item.facet },
            change: item.change,
            severity: item.severity,
            status: item.status,
            canonical: item.canonical,
            live: item.live,
            first_seen: item.first_seen,
            last_seen: item.last_seen,
            resolved: item.resolved,
            owner: item.owner,
            migration: item.migration,
            decision: item.decision,
            notes: item.notes,
        }
    }
}

/// The marks that git leaves where two branches changed the same lines.
fn conflict(source: &Source) -> Option<Problem> {
    let mut start = 0;
    for line in source.text.split_inclusive('\n') {
        if ["<<<<<<< ", ">>>>>>> "].iter().any(|mark| line.starts_with(mark)) {
            let span = Span::new(SourceId(0), start, start + line.trim_end().len());
            let message = format!("{} holds a merge conflict", source.name);
            return Some(
                Problem::new(ProblemCode::Register, message)
                    .at(span)
                    .help("pgcanon register merge BASE OURS THEIRS merges registers, also as a merge driver of git"),
            );
        }
        start += line.len();
    }
    None
}
