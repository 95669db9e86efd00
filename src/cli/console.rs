//! Standard output and standard error.
//!
//! The parser of PostgreSQL points file descriptor 2 of the process at a pipe while it parses,
//! and threads that do so at once may leave it there; so the console takes its own
//! handle before the first statement is parsed.

use std::fs::File;
use std::io::{ErrorKind, IsTerminal, Write};
use std::os::fd::AsFd;
use std::path::Path;
use std::sync::Arc;

use pgcanon::emit::problem::{ProblemStyle, problems};
use pgcanon::emit::redact;
use pgcanon::emit::report::TerminalStyle;
use pgcanon::model::{Problem, ProblemCode};
use pgcanon::source::Source;

use super::args::{Color, Global};
use super::{Outcome, pager};

/// The width of what is written to a file or pipe.
const WIDTH: usize = 120;

/// Where to write, and how.
#[derive(Clone, Debug)]
pub(super) struct Console {
    /// Print nothing but reports and errors.
    pub quiet: bool,
    stdout: Stream,
    stderr: Stream,
    /// Standard error; none when it is closed.
    errors: Option<Arc<File>>,
    width: usize,
    /// The lines of the terminal; none when standard output is no terminal, or no pager is wanted.
    height: Option<usize>,
    hyperlinks: bool,
}

#[derive(Clone, Copy, Debug)]
struct Stream {
    terminal: bool,
    color: bool,
}

impl Console {
    /// Takes hold of the streams.
    pub fn new() -> Self {
        let stream = |terminal| Stream { terminal, color: false };
        let errors = std::io::stderr().as_fd().try_clone_to_owned().ok();
        Self {
            quiet: false,
            stdout: stream(std::io::stdout().is_terminal()),
            stderr: stream(std::io::stderr().is_terminal()),
            errors: errors.map(|fd| Arc::new(File::from(fd))),
            width: terminal_size::terminal_size().map_or(WIDTH, |(width, _)| width.0.into()),
            height: None,
            hyperlinks: false,
        }
    }

    /// The same as the user wants it.
    pub fn configured(mut self, global: &Global) -> Self {
        let color = global.color;
        self.quiet = global.quiet;
        self.stdout.color = uses_color(color, self.stdout.terminal);
        self.stderr.color = uses_color(color, self.stderr.terminal);
        self.hyperlinks = global.hyperlinks.are_wanted(self.stdout.terminal);
        self.height = (self.stdout.terminal && !global.no_pager)
            .then(terminal_size::terminal_size)
            .flatten()
            .map(|(_, height)| height.0.into());
        self
    }

    /// How reports on standard output look.
    pub fn style(&self) -> TerminalStyle {
        TerminalStyle { width: self.width, color: self.stdout.color }
    }

    /// Whether places are written as links.
    pub fn hyperlinks(&self) -> bool {
        self.hyperlinks
    }

    /// True when somebody watches standard error.
    pub fn is_watched(&self) -> bool {
        self.stderr.terminal && !self.quiet
    }

    /// A handle on standard error.
    pub fn errors(&self) -> Option<Arc<File>> {
        self.errors.clone()
    }

    /// The width of the terminal.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Writes a report to standard output. A reader that has gone has seen enough.
    pub fn print(&self, text: &str) -> Outcome {
        let mut stdout = std::io::stdout().lock();
        match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
            Ok(()) => Outcome::Pass,
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Outcome::Pass,
            Err(error) => {
                let message = format!("cannot write to standard output: {error}");
                self.problem(&Problem::new(ProblemCode::Output, message))
            }
        }
    }

    /// Shows a text that is made for a terminal: through a pager when it is taller than that.
    pub fn show(&self, text: &str) -> Outcome {
        let is_taller = |height: usize| text.lines().count() >= height;
        if self.height.is_some_and(is_taller) && pager::show(text) {
            return Outcome::Pass;
        }
        self.print(text)
    }

    /// Writes a report to a file, or to standard output.
    #[expect(clippy::disallowed_methods, reason = "reports are written here")]
    pub fn write(&self, text: &str, file: Option<&Path>) -> Outcome {
        let Some(path) = file else {
            return self.print(text);
        };
        match std::fs::write(path, text) {
            Ok(()) => Outcome::Pass,
            Err(error) => {
                let message = format!("cannot write {}: {error}", path.display());
                self.problem(&Problem::new(ProblemCode::Output, message))
            }
        }
    }

    /// SQL without secrets; says how many it takes out.
    pub fn redacted(&self, sql: &str) -> String {
        let (text, count) = redact::sql(sql);
        if count > 0 {
            self.note(&format!(
                "{count} secrets are redacted, digests stand for them; --with-secrets writes them\n"
            ));
        }
        text.into_owned()
    }

    /// Says something that is neither report nor problem.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            self.complain(text);
        }
    }

    /// Shows a problem that has no place.
    pub fn problem(&self, problem: &Problem) -> Outcome {
        self.problems(std::slice::from_ref(problem), &[]);
        Outcome::Failed
    }

    /// Shows problems.
    pub fn problems(&self, list: &[Problem], sources: &[Source]) {
        let Stream { terminal, color } = self.stderr;
        let style = ProblemStyle { width: self.width, color, unicode: terminal };
        self.complain(&problems(list, sources, style));
    }

    fn complain(&self, text: &str) {
        if let Some(mut errors) = self.errors.as_deref() {
            // There is nowhere left to say that this failed.
            drop(errors.write_all(text.as_bytes()));
        }
    }
}

/// <https://no-color.org> and <https://bixense.com/clicolors>.
#[expect(clippy::disallowed_methods, reason = "the environment is asked here")]
fn uses_color(color: Color, terminal: bool) -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if set("NO_COLOR") => false,
        Color::Auto
            if std::env::var_os("CLICOLOR_FORCE")
                .is_some_and(|value| !value.is_empty() && value != "0") =>
        {
            true
        }
        Color::Auto => terminal && std::env::var_os("TERM").is_none_or(|term| term != "dumb"),
    }
}
