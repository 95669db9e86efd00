//! Problems for people: code, message, the place in its source, and what to do.

use std::collections::BTreeMap;
use std::fmt;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, Severity, SourceCode,
};

use super::escape;
use super::excerpt::Excerpt;
use super::redact;
use crate::model::{Gravity, Problem, SourceId, Span};
use crate::source::{LineIndex, Source};

/// How problems are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProblemStyle {
    /// The width in columns.
    pub width: usize,
    /// ANSI colors.
    pub color: bool,
    /// Lines and arrows beyond ASCII.
    pub unicode: bool,
}

/// At most this many problems are shown in full.
const MOST: usize = 20;

/// Writes the problems of one side, the gravest first, then in source order.
pub fn problems(problems: &[Problem], sources: &[Source], style: ProblemStyle) -> String {
    let mut sorted: Vec<&Problem> = problems.iter().collect();
    sorted.sort_by_key(|problem| (std::cmp::Reverse(problem.code.gravity()), problem.span));
    let mut places = Places { sources, lines: BTreeMap::new() };
    let mut out = String::new();
    for problem in sorted.iter().take(MOST) {
        let shown = Shown::new(problem, &mut places);
        // Writing to a string cannot fail; miette fails for places outside of the text.
        if handler(style).render_report(&mut out, &shown).is_err() {
            out.push_str(&shown.message);
        }
        out.push('\n');
    }
    if let Some(rest) = sorted.get(MOST..).filter(|rest| !rest.is_empty()) {
        out.push_str(&count(rest));
    }
    out
}

/// `and 12 more problems: 10 parse::syntax, 2 parse::missing`.
fn count(rest: &[&Problem]) -> String {
    let mut by_code: BTreeMap<&str, usize> = BTreeMap::new();
    for problem in rest {
        *by_code.entry(problem.code.as_str()).or_default() += 1;
    }
    let counts: Vec<String> =
        by_code.iter().map(|(code, count)| format!("{count} {code}")).collect();
    format!("and {} more problems: {}\n", rest.len(), counts.join(", "))
}

fn handler(style: ProblemStyle) -> GraphicalReportHandler {
    let theme = match (style.unicode, style.color) {
        (true, true) => GraphicalTheme::unicode(),
        (true, false) => GraphicalTheme::unicode_nocolor(),
        (false, true) => GraphicalTheme::ascii(),
        (false, false) => GraphicalTheme::none(),
    };
    GraphicalReportHandler::new_themed(theme)
        .with_width(style.width.max(40))
        .with_links(false)
        .with_context_lines(1)
}

/// The lines of each source, found once.
struct Places<'s> {
    sources: &'s [Source],
    lines: BTreeMap<SourceId, LineIndex<'s>>,
}

impl Places<'_> {
    fn excerpt(&mut self, span: Span) -> Option<Excerpt> {
        let source = self.sources.get(span.source.0 as usize)?;
        let lines = self.lines.entry(span.source).or_insert_with(|| LineIndex::new(&source.text));
        Some(Excerpt::new(source, lines, span))
    }
}

/// A problem as miette wants it.
#[derive(Debug)]
struct Shown {
    message: String,
    code: Option<&'static str>,
    severity: Severity,
    help: Option<String>,
    excerpt: Option<Excerpt>,
    related: Vec<Shown>,
}

impl Shown {
    fn new(problem: &Problem, places: &mut Places<'_>) -> Self {
        let related = problem.related.iter().map(|(label, span)| Shown {
            message: escape::terminal(label),
            code: None,
            severity: Severity::Advice,
            help: None,
            excerpt: places.excerpt(*span),
            related: Vec::new(),
        });
        let related = related.collect();
        Shown {
            message: escape::terminal(&redact::shown(&problem.message)),
            code: Some(problem.code.as_str()),
            severity: match problem.code.gravity() {
                Gravity::Error => Severity::Error,
                Gravity::Unknown | Gravity::Warning => Severity::Warning,
            },
            help: problem.help.as_deref().map(escape::terminal),
            excerpt: problem.span.and_then(|span| places.excerpt(span)),
            related,
        }
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Shown {}

impl Diagnostic for Shown {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.code.map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt.as_ref().map(|excerpt| excerpt as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let excerpt = self.excerpt.as_ref()?;
        let label = LabeledSpan::new_primary_with_span(None, excerpt.label());
        Some(Box::new(std::iter::once(label)))
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        if self.related.is_empty() {
            return None;
        }
        Some(Box::new(self.related.iter().map(|related| related as &dyn Diagnostic)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ProblemCode;

    const PLAIN: ProblemStyle = ProblemStyle { width: 80, color: false, unicode: false };

    #[test]
    fn a_problem_names_its_place_and_what_to_do() {
        let text = "CREATE TABLE t ();\nCREATE TABLE t ();\n";
        let sources = [Source { name: "a\u{1b}.sql".to_owned(), text: text.to_owned() }];
        let span = |start, end| Span::new(SourceId(0), start, end);
        let problem = Problem::new(ProblemCode::Duplicate, "table \"t\u{7}\" already exists")
            .at(span(19, 36))
            .related("first created here", span(0, 17))
            .help("remove one");
        let shown = problems(&[problem], &sources, PLAIN);
        insta::assert_snapshot!(shown);
    }

    #[test]
    fn many_problems_are_counted() {
        let all = vec![Problem::new(ProblemCode::Syntax, "x"); 25];
        let shown = problems(&all, &[], PLAIN);
        assert!(shown.ends_with("and 5 more problems: 5 parse::syntax\n"), "{shown}");
    }
}
