//! placeholder
use std::ops::Range;
/// A piece of a source.
pub(super) enum Piece {
    /// A statement without its semicolon, blanks and comments before it left out.
    Statement(Range<usize>),
    /// A psql command, from the backslash to the end of the line.
    MetaCommand(Range<usize>),
    /// The rows that follow `COPY .. FROM stdin`.
    CopyData { rows: u64 },
}
/// Splits a source.
pub(super) fn split(text: &str) -> Vec<Piece> {
    let base = text.as_ptr() as usize;
    pg_query::split_with_scanner(text)
        .unwrap_or_default()
        .into_iter()
        .map(|s| {
            let start = s.as_ptr() as usize - base;
            let trimmed = s.trim_start();
            let skip = s.len() - trimmed.len();
            Piece::Statement(start + skip..start + s.len())
        })
        .collect()
}
