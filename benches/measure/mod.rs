//! One measurement of each kind: the floor, each stage, the whole, memory.
//!
//! In: two texts. Out: the least time of several runs, which is the one that other work on
//! the machine disturbed least. What a run makes is dropped outside of the time, but in
//! the end-to-end measurement, which is what the program does.

use std::time::{Duration, Instant};

use pgcanon::catalog::Catalog;
use pgcanon::diff::{DiffOptions, diff};
use pgcanon::emit::report::{Report, Side, TerminalStyle};
use pgcanon::model::Pair;
use pgcanon::normalize::{NormalSchema, align, normalize};
use pgcanon::parse::{Coverage, Parsed, parse};
use pgcanon::plan::{PlanOptions, ScriptOptions, plan, sql};
use pgcanon::run_with_stack;
use pgcanon::source::Source;

/// The argument that makes this program the process whose memory is measured.
pub(crate) const PEAK: &str = "--peak-memory-of";

/// Both sides as texts that PostgreSQL's parser takes, without the commands of psql.
pub(crate) struct Input {
    sources: Pair<Vec<Source>>,
}

impl Input {
    pub(crate) fn new(canonical: String, live: String) -> Self {
        let source = |name: &str, text: String| {
            let lines = text.split_inclusive('\n').filter(|line| !line.starts_with('\\'));
            vec![Source { name: name.to_owned(), text: lines.collect() }]
        };
        Self {
            sources: Pair {
                canonical: source("canonical.sql", canonical),
                live: source("live.sql", live),
            },
        }
    }

    fn texts(&self) -> impl Iterator<Item = &str> {
        [&self.sources.canonical, &self.sources.live]
            .into_iter()
            .flatten()
            .map(|source| source.text.as_str())
    }

    pub(crate) fn bytes(&self) -> usize {
        self.texts().map(str::len).sum()
    }

    #[expect(clippy::cast_precision_loss, reason = "sizes of texts")]
    pub(crate) fn megabytes(&self) -> f64 {
        self.bytes() as f64 / 1e6
    }

    fn split(&self) -> Vec<&str> {
        let split =
            |text| pg_query::split_with_scanner(text).expect("the input is of whole statements");
        self.texts().flat_map(split).collect()
    }

    pub(crate) fn statements(&self) -> usize {
        self.split().len()
    }
}

/// The least time of several runs.
pub(crate) fn least<T>(runs: usize, mut work: impl FnMut() -> T) -> Duration {
    let mut least = Duration::MAX;
    for _ in 0..runs {
        let start = Instant::now();
        let result = work();
        least = least.min(start.elapsed());
        drop(result);
    }
    least
}

/// The parser of PostgreSQL on every statement, one thread; splitting is not counted.
pub(crate) fn floor(input: &Input, runs: usize) -> Duration {
    run_with_stack(Some(1), || {
        let statements = input.split();
        least(runs, || {
            for statement in &statements {
                drop(pg_query::parse(statement, 0));
            }
        })
    })
}

/// The same on each text as a whole.
pub(crate) fn whole_floor(input: &Input, runs: usize) -> Duration {
    run_with_stack(Some(1), || {
        least(runs.min(3), || {
            for text in input.texts() {
                drop(pg_query::parse(text, 0));
            }
        })
    })
}

/// What each stage takes for both sides, on all processors unless said otherwise.
pub(crate) struct Stages {
    pub(crate) parse_single: Duration,
    pub(crate) parse: Duration,
    pub(crate) normalize: Duration,
    pub(crate) diff: Duration,
    pub(crate) report: Duration,
    pub(crate) drifts: usize,
}

/// Measures the stages one after the other.
pub(crate) fn stages(input: &Input, runs: usize) -> Stages {
    let Pair { canonical, live } = &input.sources;
    let parse_single =
        run_with_stack(Some(1), || least(runs.min(3), || (parse(canonical), parse(live))));
    run_with_stack(None, || {
        let both = || rayon::join(|| parse(canonical), || parse(live));
        let parse = least(runs, both);
        let mut normalize_time = Duration::MAX;
        let mut diff_time = Duration::MAX;
        let mut report = Duration::MAX;
        let mut drifts = 0;
        for _ in 0..runs {
            let (canonical, live) = both();
            let coverages = Pair { canonical: canonical.coverage, live: live.coverage };
            let start = Instant::now();
            let (canonical, live) =
                rayon::join(|| normalize(canonical.schema), || normalize(live.schema));
            normalize_time = normalize_time.min(start.elapsed());
            let mut schemas = Pair { canonical, live };
            let start = Instant::now();
            align(Pair { canonical: &mut schemas.canonical, live: &mut schemas.live });
            let diff = diff(schemas.as_ref(), &DiffOptions::default());
            diff_time = diff_time.min(start.elapsed());
            let start = Instant::now();
            let sides = sides(&input.sources, &schemas, &coverages);
            drop(Report::new(&diff, sides).terminal(&style()));
            report = report.min(start.elapsed());
            drifts = diff.drifts.len();
        }
        Stages { parse_single, parse, normalize: normalize_time, diff: diff_time, report, drifts }
    })
}

/// What planning adds to comparing.
pub(crate) struct Planning {
    pub(crate) diff: Duration,
    /// Both directions.
    pub(crate) plan: Duration,
    /// Both scripts.
    pub(crate) script: Duration,
    pub(crate) drifts: usize,
    pub(crate) steps: usize,
}

/// Measures the planning of a migration, both ways.
pub(crate) fn planning(input: &Input, runs: usize) -> Planning {
    let Pair { canonical, live } = &input.sources;
    run_with_stack(None, || {
        let (canonical, live) =
            rayon::join(|| normalize(parse(canonical).schema), || normalize(parse(live).schema));
        let mut schemas = Pair { canonical, live };
        align(Pair { canonical: &mut schemas.canonical, live: &mut schemas.live });
        let schemas = schemas.as_ref();
        let found = diff(schemas, &DiffOptions::default());
        let migration = plan(schemas, &found, PlanOptions::default());
        let options = ScriptOptions { allow_data_loss: true, ..ScriptOptions::default() };
        Planning {
            diff: least(runs, || diff(schemas, &DiffOptions::default())),
            plan: least(runs, || plan(schemas, &found, PlanOptions::default())),
            script: least(runs, || (sql(&migration.up, &options), sql(&migration.down, &options))),
            drifts: found.drifts.len(),
            steps: migration.up.steps.len() + migration.down.steps.len(),
        }
    })
}

/// Everything that `pgcanon diff` does between reading files and writing the report.
pub(crate) fn end_to_end(input: &Input, runs: usize) -> Duration {
    run_with_stack(None, || least(runs, || compare(&input.sources)))
}

/// What is there when the report is written; the program ends without dropping it.
type Outcome = (Pair<(NormalSchema, Coverage)>, String);

fn compare(sources: &Pair<Vec<Source>>) -> Outcome {
    let read = |sources: &[Source]| {
        let Parsed { schema, coverage, .. } = parse(sources);
        (normalize(schema), coverage)
    };
    let (canonical, live) = rayon::join(|| read(&sources.canonical), || read(&sources.live));
    let mut both = Pair { canonical, live };
    align(Pair { canonical: &mut both.canonical.0, live: &mut both.live.0 });
    let diff = diff(both.as_ref().map(|(schema, _)| schema), &DiffOptions::default());
    let sides = sources.as_ref().zip(both.as_ref()).map(|(sources, (schema, coverage))| Side {
        sources,
        schema,
        coverage,
        problems: &[],
    });
    let text = Report::new(&diff, sides).terminal(&style());
    (both, text)
}

fn sides<'a>(
    sources: &'a Pair<Vec<Source>>,
    schemas: &'a Pair<NormalSchema>,
    coverages: &'a Pair<Coverage>,
) -> Pair<Side<'a>> {
    let schemas = schemas.as_ref().zip(coverages.as_ref());
    sources.as_ref().zip(schemas).map(|(sources, (schema, coverage))| Side {
        sources,
        schema,
        coverage,
        problems: &[],
    })
}

fn style() -> TerminalStyle {
    TerminalStyle { width: 100, color: false }
}

/// The first look-up of each kind in the catalog of built-in objects, which reads it.
/// Only the first call in a process measures anything.
pub(crate) fn catalog_load() -> Duration {
    least(1, || {
        let catalog = Catalog::new();
        let found = catalog.functions("lower").count()
            + catalog.operators("=").count()
            + catalog.opclasses("btree").count()
            + catalog.relations("pg_class").count()
            + catalog.all_casts().count()
            + catalog.types().count();
        (catalog, found)
    })
}

/// Peak memory in megabytes of a process that compares the two texts once.
pub(crate) fn peak_memory(input: &Input) -> f64 {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let written = input.sources.as_ref().map(|sources| {
        let source = sources.first().expect("one source");
        let path = folder.path().join(&source.name);
        std::fs::write(&path, &source.text).expect("a file is written");
        path
    });
    let program = std::env::current_exe().expect("this program");
    let mut command = std::process::Command::new(program);
    let output = command.arg(PEAK).arg(&written.canonical).arg(&written.live).output();
    let output = String::from_utf8(output.expect("this program runs").stdout).expect("a number");
    output.trim().parse::<f64>().expect("a number") / 1024.0
}

/// Compares two files and tells the most memory that was in use, in kilobytes.
pub(crate) fn peak_of_this_process(canonical: &str, live: &str) -> u64 {
    let read = |path: &str| {
        pgcanon::source::read(&[path.to_owned()], &pgcanon::source::Allowed::default())
            .expect("the file can be read")
            .sources
    };
    let sources = Pair { canonical: read(canonical), live: read(live) };
    run_with_stack(None, || drop(compare(&sources)));
    let status = std::fs::read_to_string("/proc/self/status").expect("a Linux system");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.expect("the line VmHWM")
}

/// How long reading one text takes, and how many statements of it were understood.
pub(crate) fn reading(text: &str, runs: usize) -> (Duration, usize, usize) {
    let sources = [Source { name: "shape.sql".to_owned(), text: text.to_owned() }];
    run_with_stack(None, || {
        let mut counts = (0, 0);
        let time = least(runs, || {
            let parsed = parse(&sources);
            counts = (parsed.coverage.statements, parsed.problems.len());
            normalize(parsed.schema)
        });
        (time, counts.0, counts.1)
    })
}
