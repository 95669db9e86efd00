//! One side of a comparison, from arguments to its normal form.

use pgcanon::emit::{redact, report};
use pgcanon::model::{Gravity, Pair, Problem, ProblemCode};
use pgcanon::normalize::{NormalSchema, normalize, normalize_traced};
use pgcanon::parse::{Coverage, Parsed};
use pgcanon::source::{self, Source};
use pgcanon::yaml::{self, Said};
use rayon::prelude::*;

use super::args::Global;
use super::console::Console;

/// A side that was read.
#[derive(Clone, Debug)]
pub(super) struct Side {
    /// As they may be shown: without secrets.
    pub sources: Vec<Source>,
    /// As they were read, where that is something else.
    pub secret: Option<Vec<Source>>,
    pub schema: NormalSchema,
    /// What sources in YAML do not say, and tags.
    pub said: Said,
    pub coverage: Coverage,
    /// None of them keeps the side from being used.
    pub problems: Vec<Problem>,
    /// Files of directories that were left out.
    pub skipped: Vec<String>,
}

/// Why a side cannot be used, with the sources that the places are in.
#[derive(Debug)]
pub(super) struct Unusable {
    pub sources: Vec<Source>,
    pub problems: Vec<Problem>,
}

/// A side that is parsed and not normalized yet; its sources may hold secrets.
#[derive(Debug)]
pub(super) struct Draft {
    pub sources: Vec<Source>,
    pub parsed: Parsed,
    pub said: Said,
}

impl Draft {
    /// Parses.
    pub fn of(mut sources: Vec<Source>) -> Result<Self, Unusable> {
        let yaml::Read { mut parsed, said } = yaml::read(&sources);
        if parsed.coverage.statements == 0 && parsed.problems.is_empty() {
            parsed.problems.push(nothing(&sources));
        }
        let unusable = |problem: &Problem| problem.code.gravity() == Gravity::Error;
        if parsed.problems.iter().any(unusable) {
            hide(&mut sources);
            return Err(Unusable { sources, problems: parsed.problems });
        }
        Ok(Self { sources, parsed, said })
    }
}

impl Side {
    /// Reads, parses and normalizes. `name` replaces that of the only source.
    pub fn read(inputs: &[String], name: Option<&str>) -> Result<Self, Unusable> {
        Self::read_as(inputs, name, None, false)
    }

    /// The same; `after` are
    /// statements that follow what is read; `traced` notes the rules that are applied.
    pub fn read_as(
        inputs: &[String],
        name: Option<&str>,
        after: Option<Source>,
        traced: bool,
    ) -> Result<Self, Unusable> {
        let no_place = |problems| Unusable { sources: Vec::new(), problems };
        let read = source::read(inputs).map_err(no_place)?;
        let (mut sources, skipped) = (read.sources, read.skipped);
        if let Some(name) = name {
            match sources.as_mut_slice() {
                [only] => name.clone_into(&mut only.name),
                _several => {
                    let message =
                        format!("one name, \"{name}\", is given for {} sources", sources.len());
                    return Err(no_place(vec![
                        Problem::new(ProblemCode::Usage, message)
                            .help("leave the name out, or give one source"),
                    ]));
                }
            }
        }
        sources.extend(after);
        Self::of_traced(sources, skipped, traced)
    }

    /// Parses and normalizes texts.
    pub fn of(sources: Vec<Source>, skipped: Vec<String>) -> Result<Self, Unusable> {
        Self::of_traced(sources, skipped, false)
    }

    fn of_traced(
        sources: Vec<Source>,
        skipped: Vec<String>,
        traced: bool,
    ) -> Result<Self, Unusable> {
        let Draft { mut sources, parsed, said } = Draft::of(sources)?;
        let normalize = if traced { normalize_traced } else { normalize };
        let schema = normalize(parsed.schema);
        let secret = hide(&mut sources);
        Ok(Self {
            sources,
            secret,
            schema,
            said,
            coverage: parsed.coverage,
            problems: parsed.problems,
            skipped,
        })
    }

    /// The side as reports take it.
    pub fn as_report(&self) -> report::Side<'_> {
        report::Side {
            sources: &self.sources,
            schema: &self.schema,
            coverage: &self.coverage,
            problems: &self.problems,
        }
    }

    /// Says what was not understood and, when asked, what is only worth a look.
    pub fn say_problems(&self, global: &Global, console: &Console) {
        let said = |problem: &&Problem| global.verbose || problem.code.gravity() > Gravity::Warning;
        let shown: Vec<Problem> = self.problems.iter().filter(said).cloned().collect();
        if !global.quiet && !shown.is_empty() {
            console.problems(&shown, &self.sources);
        }
        let hidden = self.problems.len() - shown.len();
        if hidden > 0 {
            console.note(&format!("{hidden} warnings are not shown; --verbose shows them\n"));
        }
        if global.verbose {
            for file in &self.skipped {
                console.note(&format!("left out: {}\n", pgcanon::emit::escape::terminal(file)));
            }
        }
    }
}

/// Why sides that say only a part cannot be made equal: what they do not say would be dropped.
pub(super) fn too_little(sides: &Pair<Side>) -> Option<Problem> {
    let partial =
        [&sides.canonical, &sides.live].into_iter().find(|side| side.said.is_partial())?;
    let name = partial.sources.iter().find(|source| yaml::is_yaml(source))?.name.clone();
    let message = format!("{name} says only a part: a migration would drop what it leaves out");
    Some(Problem::new(ProblemCode::Usage, message).help(
        "give the schema in SQL, or as pgcanon normalize --format yaml writes it (complete, exact)",
    ))
}

/// Takes secrets out of the texts, which are only shown from here on. Gives back the texts as
/// they were, if they had any.
pub(super) fn hide(sources: &mut [Source]) -> Option<Vec<Source>> {
    let hidden: Vec<Option<String>> =
        sources.par_iter().map(|source| redact::source(&source.text)).collect();
    if hidden.iter().all(Option::is_none) {
        return None;
    }
    let before = sources.to_vec();
    for (source, hidden) in sources.iter_mut().zip(hidden) {
        source.text = hidden.unwrap_or_else(|| std::mem::take(&mut source.text));
    }
    Some(before)
}

fn nothing(sources: &[Source]) -> Problem {
    let names: Vec<&str> = sources.iter().map(|source| source.name.as_str()).collect();
    Problem::new(ProblemCode::Empty, format!("there is no statement in {}", names.join(", ")))
        .help("a dump that failed, or of another database, is often empty")
}
