//! Where text comes from: files, directories, standard input, `pg_dump`, `pg_restore`.

mod lines;

pub use lines::{LineIndex, Position};

/// One text to read, with the name that reports cite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The path or other name, as the user gave it.
    pub name: String,
    /// The whole text.
    pub text: String,
}
