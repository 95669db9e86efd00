//! What the readers of both languages hand to the rules.

use std::ops::Range;

use crate::model::{Problem, SourceId};
use crate::parse::changes::{Change, What};

/// All that a file does, in order.
#[derive(Debug)]
pub(super) struct Events {
    pub source: SourceId,
    pub list: Vec<Event>,
    /// Comments, for waivers.
    pub comments: Vec<Range<usize>>,
    /// Comments of SQL within literals of Python: they are about the SQL only.
    pub inner: Vec<Range<usize>>,
    pub problems: Vec<Problem>,
    /// Whether it starts within a transaction.
    pub transaction: bool,
    /// Sections that were left out as they lead back.
    pub back: usize,
    /// Blocks that were left out as they only run on other databases.
    pub elsewhere: usize,
    /// Places are in the order in which files run, so that they say what came before.
    pub has_order: bool,
}

impl Events {
    pub fn new(source: SourceId) -> Self {
        Self {
            source,
            list: Vec::new(),
            comments: Vec::new(),
            inner: Vec::new(),
            problems: Vec::new(),
            transaction: false,
            back: 0,
            elsewhere: 0,
            has_order: false,
        }
    }
}

/// One change, with the statements whose comments may waive it.
#[derive(Debug)]
pub(super) struct Event {
    pub change: Change,
    /// The SQL statement, or the call.
    pub statement: Range<usize>,
    /// The statement of Python around it.
    pub around: Option<Range<usize>>,
    /// Runs outside of the transaction, in an `autocommit_block`.
    pub autocommit: bool,
}

/// A change at a place.
pub(super) fn change(
    what: What,
    object: String,
    table: Option<String>,
    range: Range<usize>,
) -> Change {
    Change { what, object, table, guarded: true, range }
}
