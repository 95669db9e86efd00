//! The graph of Alembic's revisions, read from their files without running them.
//!
//! Python sources go in; revisions, heads, bases, merge points and all that is wrong with them
//! come out: two files with `down_revision = "a1"` are two heads. Surprising: most of a file is
//! not parsed, as what names a revision stands before its first function; the whole file is when
//! that cannot be trusted ([`file`]).

mod draw;
mod file;
mod graph;

pub use draw::{dot, json, mermaid, text};

use rayon::prelude::*;

use crate::model::{Problem, ProblemCode, SourceId, Span};
use crate::source::Source;

/// The JSON Schema of what [`json`] writes.
pub const JSON_SCHEMA: &str = include_str!("schema/lineage-1.json");

/// A revision, as its file says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Its id.
    pub id: Said,
    /// The revisions that it comes after: none for a base, several for a merge.
    pub parents: Vec<Said>,
    /// Names of the branch that starts here.
    pub labels: Vec<Said>,
    /// Revisions or labels of other branches that it needs.
    pub depends_on: Vec<Said>,
    /// The first line of its docstring.
    pub message: String,
}

/// A word of a file, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The word.
    pub word: String,
    /// Where.
    pub span: Span,
}

/// All revisions, and how they hang together. Numbers are places in `revisions`.
#[derive(Clone, Debug, Default)]
pub struct Lineage {
    /// In order of their sources.
    pub revisions: Vec<Revision>,
    /// Those that nothing comes after.
    pub heads: Vec<usize>,
    /// Those that come after nothing.
    pub bases: Vec<usize>,
    /// Those that come after several.
    pub merges: Vec<usize>,
    /// The parents of each that are there.
    pub parents: Vec<Vec<usize>>,
    /// The dependencies of each that are there.
    pub dependencies: Vec<Vec<usize>>,
    /// Children before parents; what is in a circle comes last.
    pub order: Vec<usize>,
    /// What is wrong, several heads included.
    pub faults: Vec<Problem>,
    /// True when a file is a revision, but does not say so in a way that can be read.
    pub has_holes: bool,
    /// Python files that are no revisions, where Alembic does not expect any either.
    pub others: Vec<SourceId>,
}

/// Reads the revisions of version directories.
pub fn read(sources: &[Source]) -> Lineage {
    let read = |(index, source): (usize, &Source)| {
        file::read(SourceId(u32::try_from(index).unwrap_or(u32::MAX)), source)
    };
    let files: Vec<file::File> = sources.par_iter().enumerate().map(read).collect();
    let mut lineage = Lineage::default();
    for (index, file) in files.into_iter().enumerate() {
        match file {
            file::File::Revision(revision) => lineage.revisions.push(*revision),
            file::File::Other => {
                lineage.others.push(SourceId(u32::try_from(index).unwrap_or(u32::MAX)));
            }
            file::File::Wrong(problems) => {
                lineage.has_holes = true;
                lineage.faults.extend(problems);
            }
        }
    }
    strangers(sources, &mut lineage);
    graph::connect(&mut lineage);
    lineage
}

/// Alembic takes each Python file of a version directory for a revision, and fails when it is
/// none; files elsewhere are none of its business.
fn strangers(sources: &[Source], lineage: &mut Lineage) {
    let name = |id: SourceId| sources.get(id.0 as usize).map_or("", |source| source.name.as_str());
    let split = |id: SourceId| name(id).rsplit_once(['/', '\\']).unwrap_or(("", name(id)));
    let directories: std::collections::BTreeSet<&str> =
        lineage.revisions.iter().map(|revision| split(revision.id.span.source).0).collect();
    let is_stranger = |id: &SourceId| {
        let (directory, file) = split(*id);
        directories.contains(directory) && !file.starts_with("__init__")
    };
    let (wrong, others) = lineage.others.iter().partition(|id| is_stranger(id));
    lineage.others = others;
    let wrong: Vec<SourceId> = wrong;
    lineage.faults.extend(wrong.into_iter().map(|id| {
        let message = format!("{} is no revision, but stands among revisions", name(id));
        Problem::new(ProblemCode::Lineage, message)
            .at(Span::new(id, 0, 0))
            .help("Alembic fails on it: move it, or give it revision and down_revision")
    }));
}

impl Lineage {
    /// The only head; none if there are several, or none at all.
    pub fn head(&self) -> Option<&Revision> {
        match self.heads.as_slice() {
            [head] => self.revisions.get(*head),
            _none_or_several => None,
        }
    }

    /// Whether it is one chain with exactly one head.
    pub fn is_sound(&self) -> bool {
        self.faults.is_empty() && self.heads.len() == 1
    }

    /// What is wrong for certain, several heads left out: nothing when some file cannot be read
    /// without running it, which leaves holes in the graph.
    pub fn certain_faults(&self) -> Vec<Problem> {
        if self.has_holes {
            return Vec::new();
        }
        let heads = graph::several_heads(self);
        self.faults.iter().filter(|fault| Some(*fault) != heads.as_ref()).cloned().collect()
    }

    /// The revisions that an id or its beginning, or a label, may mean.
    pub fn find(&self, word: &str) -> Vec<usize> {
        let all = || self.revisions.iter().enumerate();
        let exact = all().find(|(_, revision)| {
            revision.id.word == word || revision.labels.iter().any(|label| label.word == word)
        });
        match exact {
            Some((at, _)) => vec![at],
            None if word.is_empty() => Vec::new(),
            None => {
                let begins = all().filter(|(_, revision)| revision.id.word.starts_with(word));
                begins.map(|(at, _)| at).collect()
            }
        }
    }

    /// Why the head is not the one that is expected; none if it is.
    pub fn unexpected(&self, expected: &str) -> Option<Problem> {
        let problem = |message: String| Some(Problem::new(ProblemCode::Lineage, message));
        let heads: Vec<&str> = self.heads.iter().filter_map(|head| self.id(*head)).collect();
        match self.find(expected).as_slice() {
            [] => problem(format!(
                "the head is expected to be {expected}, which no revision is; heads: {}",
                heads.join(", ")
            )),
            [one] if self.heads == [*one] => None,
            [one] => problem(format!(
                "the head is expected to be {}, but it is {}",
                self.id(*one).unwrap_or_default(),
                heads.join(", ")
            )),
            several => {
                let named: Vec<&str> = several.iter().filter_map(|at| self.id(*at)).collect();
                problem(format!("{expected} may mean {}", named.join(" or ")))
            }
        }
    }

    /// The id of a revision.
    pub fn id(&self, at: usize) -> Option<&str> {
        self.revisions.get(at).map(|revision| revision.id.word.as_str())
    }

    /// How many revisions come after those of a database, by their ids.
    pub fn pending(&self, current: &[String]) -> usize {
        let mut applied = vec![false; self.revisions.len()];
        let mut open: Vec<usize> = current.iter().filter_map(|id| self.exactly(id)).collect();
        while let Some(at) = open.pop() {
            if let Some(seen) = applied.get_mut(at)
                && !std::mem::replace(seen, true)
            {
                open.extend(self.parents.get(at).into_iter().flatten());
                open.extend(self.dependencies.get(at).into_iter().flatten());
            }
        }
        applied.iter().filter(|applied| !**applied).count()
    }

    /// The revision of an id.
    pub fn exactly(&self, id: &str) -> Option<usize> {
        self.revisions.iter().position(|revision| revision.id.word == id)
    }
}
