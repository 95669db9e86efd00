//! What went wrong with an input: a value, so that a stage can return it beside its result.

use super::Span;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gravity {
    /// Worth saying; the comparison is complete without it.
    Warning,
    /// Something was not understood or not decided: the verdict cannot be `IN SYNC`.
    Unknown,
    /// The input cannot be used: exit code 2.
    Error,
}

macro_rules! problem_codes {
    ($($(#[doc = $doc:literal])+ $code:ident = $text:literal, $gravity:ident;)+) => {
        /// The stable codes of problems. Each has a page in `docs/problems.md`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ProblemCode {
            $($(#[doc = $doc])+ $code,)+
        }

        impl ProblemCode {
            /// All codes.
            pub const ALL: &'static [ProblemCode] = &[$(ProblemCode::$code,)+];

            /// The code as printed, `parse::syntax`.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$code => $text,)+ }
            }

            /// How bad it is.
            pub fn gravity(self) -> Gravity {
                match self { $(Self::$code => Gravity::$gravity,)+ }
            }
        }
    };
}

problem_codes! {
    /// The source cannot be read.
    Unreadable = "source::unreadable", Error;
    /// The source is empty or holds no statement.
    Empty = "source::empty", Error;
    /// The source is not valid UTF-8.
    NotUtf8 = "source::not-utf8", Error;
    /// The source says that it is in another encoding than UTF-8.
    Encoding = "source::encoding", Error;
    /// The source is a binary `pg_dump` archive and `pg_restore` is not there or failed.
    Archive = "source::archive", Error;
    /// The source is too large (4 GiB).
    TooLarge = "source::too-large", Error;
    /// A program that is needed (`pg_dump`, `pg_restore`) is not there or failed.
    Program = "source::program", Error;
    /// Reading the source would run code of a project, and nobody allowed that.
    NotAllowed = "source::not-allowed", Error;
    /// A chain of Alembic was run in a scratch database, as its SQL cannot be had without one.
    ChainRun = "source::chain-run", Warning;
    /// A file of pgcanon's own (configuration, register, lock) is not valid YAML, or holds
    /// something that does not belong there.
    Yaml = "yaml::invalid", Error;
    /// A schema in YAML has a key that is not known and was passed over.
    YamlKey = "yaml::unknown-key", Unknown;
    /// An element has the tag of an invariant category that nobody declares.
    YamlTag = "yaml::unknown-category", Warning;
    /// A schema in YAML names a column that its table does not list.
    YamlColumn = "yaml::unlisted-column", Warning;
    /// An invariant cannot be understood.
    Invariant = "invariants::invalid", Error;
    /// The configuration says something that cannot be.
    Config = "config::invalid", Error;
    /// An ignore rule or a severity of the configuration fits nothing.
    Unused = "config::unused", Warning;
    /// The register contradicts itself.
    Register = "register::invalid", Error;
    /// Another process holds the register.
    Locked = "register::locked", Error;
    /// A decision refers to what is not there, or has expired.
    Decision = "register::decision", Error;
    /// A bundle of evidence is not what its manifest says.
    Evidence = "evidence::mismatch", Error;
    /// The declared schema is not the one that is locked.
    Baseline = "baseline::changed", Error;
    /// The graph of Alembic's revisions is not one chain.
    Lineage = "lineage::broken", Error;
    /// The arguments of the command line do not fit together.
    Usage = "cli::usage", Error;
    /// The report cannot be written.
    Output = "cli::output", Error;
    /// A syntax error.
    Syntax = "parse::syntax", Error;
    /// A statement is nested too deeply for PostgreSQL's parser.
    TooDeep = "parse::too-deep", Error;
    /// A psql command that changes what the file says (`\i`, `\gexec`, `\if`).
    MetaCommand = "parse::psql-command", Error;
    /// An object is created twice.
    Duplicate = "parse::duplicate", Error;
    /// A statement names an object that does not exist.
    Missing = "parse::missing", Error;
    /// A statement says something that PostgreSQL would refuse.
    Invalid = "parse::invalid", Error;
    /// A statement that is not understood.
    Unsupported = "parse::unsupported", Unknown;
    /// A block of code whose effect on the schema cannot be known.
    Dynamic = "parse::dynamic", Unknown;
    /// A part of a statement that is not modelled.
    NotModelled = "parse::not-modelled", Unknown;
    /// PostgreSQL would warn here as well.
    Suspicious = "parse::suspicious", Warning;
}

/// One problem, with its place and what can be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which one.
    pub code: ProblemCode,
    /// What was expected and what was found; may hold names from the input, so it is escaped when shown.
    pub message: String,
    /// Where.
    pub span: Option<Span>,
    /// What to do about it.
    pub help: Option<String>,
    /// Another place that explains it (the first definition of a duplicate).
    pub related: Option<(String, Span)>,
}

impl Problem {
    /// A problem without a place yet.
    pub fn new(code: ProblemCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), span: None, help: None, related: None }
    }

    /// The same at a place, unless it has one.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span.get_or_insert(span);
        self
    }

    /// The same with advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same with a related place.
    #[must_use]
    pub fn related(mut self, label: impl Into<String>, span: Span) -> Self {
        self.related = Some((label.into(), span));
        self
    }
}
