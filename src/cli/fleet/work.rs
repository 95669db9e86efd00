//! The comparisons of a fleet, side by side.
//!
//! Each worker takes the next source, compares it and forgets it. Order matters nowhere: results
//! go by their place in the list. The surprising thing: workers do not share a pool of threads.
//! A worker of a shared pool that waits for a part of its work takes up another database
//! meanwhile, so that any number of them would be in memory at once.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use pgcanon::diff::DiffOptions;
use pgcanon::emit::redact;
use pgcanon::emit::report::{Report, Row, lines};
use pgcanon::fleet::{Compared, Failure, Fleet, Key, compared};
use pgcanon::model::{Gravity, Ident, ObjectId, Pair, Problem, ProblemCode};
use pgcanon::normalize::{NormalSchema, normalize};
use pgcanon::parse::tenant::{self, namespace};
use pgcanon::policy::fits;
use pgcanon::source::{self, Guarded, LineIndex, Source, display_name};

use super::accepted::Accepted;
use crate::cli::alembic;
use crate::cli::comparison::differences;
use crate::cli::console::Console;
use crate::cli::progress::Progress;
use crate::cli::project::Project;
use crate::cli::side::{Draft, Side, Unusable, hide};

/// How often results are written, at most.
const PAUSE: Duration = Duration::from_secs(1);

/// Which schemas of a database are tenants, and the declared one that they are compared with.
#[derive(Clone, Debug)]
pub(super) struct Tenants {
    pub pattern: String,
    pub canonical: Ident,
}

/// What all comparisons have in common.
#[derive(Debug)]
pub(super) struct Work<'a> {
    pub project: &'a Project,
    pub canonical: Side,
    pub options: DiffOptions,
    pub tenants: Option<Tenants>,
    /// What may stay.
    pub accepted: Accepted,
    /// A side is a chain of Alembic, whose table of versions is no part of the schema.
    pub beside_chain: bool,
}

/// What came of all.
#[derive(Debug, Default)]
pub(super) struct Done {
    pub fleet: Fleet,
    /// How many results were known.
    pub recalled: usize,
    /// Rules of the configuration that fit no drift of any database.
    pub unused: Vec<Problem>,
    /// What was worth a word while databases were read; without places.
    pub warnings: Vec<Problem>,
}

/// What workers share.
struct Shared<'a> {
    /// The declared side with the names of its sources only, as each comparison takes a copy.
    canonical: Side,
    /// The lines of its sources.
    lines: Vec<LineIndex<'a>>,
    inputs: &'a [String],
    next: AtomicUsize,
    done: Mutex<Done>,
    /// None until a comparison was made.
    unused: Mutex<Option<Vec<Problem>>>,
    state: Option<(&'a Path, Key)>,
    /// When to write again; held while writing.
    saving: Mutex<Instant>,
    progress: Progress,
}

impl Work<'_> {
    /// Compares all sources. With a state, results are written there as they come.
    #[expect(clippy::disallowed_methods, reason = "the clock is asked here")]
    pub fn all(
        &self,
        inputs: &[String],
        fleet: Fleet,
        state: Option<(&Path, Key)>,
        console: &Console,
    ) -> Result<Done, Problem> {
        let threads = rayon::current_num_threads();
        let workers = threads.min(inputs.len()).max(1);
        let progress = Progress::start(console);
        progress.stage("comparing databases");
        progress.count(inputs.len());
        let mut canonical = self.canonical.clone();
        forget(&mut canonical.sources);
        let shared = Shared {
            canonical,
            lines: lines(&self.canonical.sources),
            inputs,
            next: AtomicUsize::new(0),
            done: Mutex::new(Done { fleet, ..Done::default() }),
            unused: Mutex::new(None),
            state,
            saving: Mutex::new(Instant::now() + PAUSE),
            progress,
        };
        std::thread::scope(|scope| {
            for _ in 0..workers {
                scope.spawn(|| {
                    pgcanon::run_with_stack(Some(threads / workers), || self.work(&shared));
                });
            }
        });
        let mut done = shared.done.into_inner().unwrap_or_default();
        let unused = shared.unused.into_inner().unwrap_or_default();
        done.unused = unused.filter(|_| done.recalled == 0).unwrap_or_default();
        if let Some((path, run)) = state {
            done.fleet.forget_unused();
            Guarded::open(path)?.replace(&done.fleet.save(run))?;
        }
        Ok(done)
    }

    /// How many places of a side were not understood.
    pub fn unknown(side: &Side) -> usize {
        let unknown = |problem: &&Problem| problem.code.gravity() != Gravity::Warning;
        side.coverage.unknown.max(side.problems.iter().filter(unknown).count())
    }

    fn work(&self, shared: &Shared<'_>) {
        loop {
            let at = shared.next.fetch_add(1, Ordering::Relaxed);
            let Some(input) = shared.inputs.get(at) else { return };
            self.one(at, input, shared);
            shared.progress.advance();
            save(shared);
        }
    }

    /// Compares one source, unless what it holds is known.
    fn one(&self, at: usize, input: &str, shared: &Shared<'_>) {
        let name = display_name(input);
        let fail = |problems: &[Problem], sources: &[Source]| {
            if let (Some(failure), Ok(mut done)) =
                (Failure::of(problems, sources), shared.done.lock())
            {
                done.fleet.fail(at, &name, failure);
            }
        };
        if let Some((sources, problems)) = alembic::faults(input) {
            return fail(&problems, &sources);
        }
        let sources = match source::read(&[input.to_owned()], alembic::allowed()) {
            Ok(read) => {
                if let Ok(mut done) = shared.done.lock() {
                    done.warnings.extend(read.warnings);
                }
                read.sources
            }
            Err(problems) => return fail(&problems, &[]),
        };
        let content = content(&sources);
        if let Ok(mut done) = shared.done.lock()
            && done.fleet.recall(at, &name, content, &sources)
        {
            done.recalled += 1;
            return;
        }
        let mut names = sources.clone();
        forget(&mut names);
        let results = match Draft::of(sources) {
            Ok(draft) => self.results(draft, shared),
            Err(unusable) => Err(unusable),
        };
        match results {
            Ok(results) => {
                if let Ok(mut done) = shared.done.lock() {
                    done.fleet.add(at, &name, content, &names, results);
                }
            }
            Err(Unusable { sources, problems }) => fail(&problems, &sources),
        }
    }

    /// The result of a database, or of each tenant of it.
    fn results(&self, draft: Draft, shared: &Shared<'_>) -> Result<Vec<Compared>, Unusable> {
        let Draft { mut sources, mut parsed, said } = draft;
        if self.beside_chain {
            alembic::leave_out_versions(&mut parsed.schema, &mut parsed.coverage);
        }
        hide(&mut sources);
        let mut named = sources.clone();
        forget(&mut named);
        let lines = lines(&sources);
        let live = |schema| Side {
            sources: named,
            secret: None,
            schema,
            said,
            coverage: parsed.coverage,
            problems: parsed.problems,
            skipped: Vec::new(),
        };
        let Some(Tenants { pattern, canonical }) = &self.tenants else {
            let live = live(normalize(parsed.schema));
            return Ok(vec![
                self.compare(shared.canonical.clone(), live, &lines, shared, |_| true).0,
            ]);
        };
        let mut apart = tenant::Tenants::of(parsed.schema, |name| fits(pattern, name));
        if apart.tenants.is_empty() {
            let message = format!("no schema fits {pattern}");
            let problem = Problem::new(ProblemCode::Empty, message)
                .help("--tenant-schemas takes * for any characters and ? for one");
            return Err(Unusable { sources, problems: vec![problem] });
        }
        let mut live = live(NormalSchema::default());
        let mut results = Vec::with_capacity(apart.tenants.len() + 1);
        let names: Vec<Ident> = apart.tenants.keys().cloned().collect();
        let is_own = |id: &ObjectId| namespace(id) == Some(canonical);
        for name in names {
            live.schema = normalize(apart.named(&name, canonical));
            let declared = shared.canonical.clone();
            let (mut result, back) = self.compare(declared, live, &lines, shared, is_own);
            result.tenant = Some(name.as_str().to_owned());
            result.objects = back.schema.iter().filter(|(id, _)| is_own(id)).count();
            results.push(result);
            live = back;
        }
        // The rest of the database with the rest of what is declared, where there is any.
        live.schema = normalize(apart.shared);
        let mut rest = shared.canonical.clone();
        rest.schema = rest.schema.without(is_own);
        let (result, _) = self.compare(rest, live, &lines, shared, |_| true);
        if result.objects > 0 || !result.drifts.is_empty() {
            results.insert(0, result);
        }
        Ok(results)
    }

    /// Compares two sides; gives back the live one, whose lines are `live_lines`.
    fn compare(
        &self,
        canonical: Side,
        live: Side,
        live_lines: &[LineIndex<'_>],
        shared: &Shared<'_>,
        is_wanted: impl Fn(&ObjectId) -> bool,
    ) -> (Compared, Side) {
        let mut sides = Pair { canonical, live };
        let before = sides.live.problems.len();
        let (diff, applied) = differences(self.project, &mut sides, &self.options);
        let lines = Pair { canonical: shared.lines.as_slice(), live: live_lines };
        let report = Report::with_lines(&diff, sides.as_ref().map(Side::as_report), lines);
        let ignored =
            applied.ignored.iter().map(|ignored| (&ignored.drift.object, &*ignored.reason));
        let accepted = |row: &Row| self.accepted.by(row);
        let mut result = compared(&diff, &report, &sides.live.schema, accepted, ignored, is_wanted);
        result.note = note(&sides.live, live_lines);
        if let Ok(mut unused) = shared.unused.lock() {
            match &mut *unused {
                Some(all) => all.retain(|problem| applied.unused.contains(problem)),
                None => *unused = Some(applied.unused),
            }
        }
        // What this comparison found out about the side is not about the next.
        sides.live.problems.truncate(before);
        (result, sides.live)
    }
}

/// Leaves only the names.
fn forget(sources: &mut [Source]) {
    sources.iter_mut().for_each(|source| source.text = String::new());
}

/// What a source holds, whatever it is called; whether it is YAML is told by its name.
fn content(sources: &[Source]) -> Key {
    let texts = sources.iter().flat_map(|source| {
        let kind = if pgcanon::yaml::is_yaml(source) { "yaml" } else { "sql" };
        [kind.to_owned(), Key::of_dump(&source.text).to_string()]
    });
    let texts: Vec<String> = texts.collect();
    Key::of(texts.iter().map(String::as_str))
}

/// The first thing of a side that was not understood.
fn note(side: &Side, lines: &[LineIndex<'_>]) -> Option<String> {
    let unknown = |problem: &&Problem| problem.code.gravity() != Gravity::Warning;
    let problem = side.problems.iter().find(unknown)?;
    let line = problem.span.and_then(|span| {
        let source = lines.get(span.source.0 as usize)?;
        Some(source.position(span.start as usize).line)
    });
    let message = redact::shown(&problem.message);
    Some(line.map_or_else(|| message.to_string(), |line| format!("line {line}: {message}")))
}

/// Writes what is known so far, now and then. It is only a help: that it cannot be written is
/// said at the end, when it is written again.
#[expect(clippy::disallowed_methods, reason = "the clock is asked here")]
fn save(shared: &Shared<'_>) {
    let Some((path, run)) = shared.state else { return };
    let Ok(mut next) = shared.saving.try_lock() else { return };
    let started = Instant::now();
    if started < *next {
        return;
    }
    let Some(text) = shared.done.lock().ok().map(|done| done.fleet.save(run)) else { return };
    drop(Guarded::open(path).and_then(|guard| guard.replace(&text)));
    // Writing takes a small part of the time, however much is known.
    *next = Instant::now() + PAUSE + started.elapsed() * 20;
}
