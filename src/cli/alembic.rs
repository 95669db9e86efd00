//! Chains of Alembic as sources: what the user allows, what is seen before anything runs, and
//! the table of versions.
//!
//! The surprising thing: what is allowed is a value of this process, set once from its
//! arguments and environment, so that no file can allow it.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::OnceLock;

use clap::Args;
use pgcanon::lineage::{self, Lineage};
use pgcanon::model::{Object, ObjectId, Problem, QualifiedName, Schema, Span};
use pgcanon::parse::{Coverage, IgnoreRule};
use pgcanon::source::{Allowed, Project, Source, files, read_files};

static ALLOWED: OnceLock<Allowed> = OnceLock::new();

/// What may run for `alembic:DIR`.
#[derive(Debug, Args)]
#[command(next_help_heading = "Sources alembic:DIR")]
pub(super) struct AlembicArguments {
    /// The program to run, in the directory of the project: venv/bin/alembic, the virtual
    /// environment, its python, or words like 'poetry run alembic'. Runs code of the project
    #[arg(
        long,
        global = true,
        value_name = "COMMAND",
        env = "PGCANON_ALEMBIC_COMMAND",
        hide_short_help = true
    )]
    pub alembic_command: Option<String>,
    /// Where the chain may be run in a database of its own, when its SQL cannot be had without:
    /// a server, or temporary for one of the installed PostgreSQL. Runs code of the project
    #[arg(
        long,
        global = true,
        value_name = "URL|temporary",
        env = "PGCANON_SCRATCH",
        hide_short_help = true
    )]
    pub scratch: Option<String>,
    /// A variable that the project takes its database from: NAME, or NAME=text with {url},
    /// {host}, {port}, {user}, {dbname}; may be given several times
    #[arg(long, global = true, value_name = "NAME[=TEXT]", hide_short_help = true)]
    pub alembic_env: Vec<String>,
}

/// Notes what the user allows.
pub(super) fn allow(arguments: &AlembicArguments) {
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let allowed = Allowed {
        command: given(&arguments.alembic_command),
        scratch: given(&arguments.scratch),
        variables: arguments.alembic_env.clone(),
    };
    // It is called once.
    drop(ALLOWED.set(allowed));
}

/// What the user allows.
pub(super) fn allowed() -> &'static Allowed {
    static NOTHING: Allowed = Allowed { command: None, scratch: None, variables: Vec::new() };
    ALLOWED.get().unwrap_or(&NOTHING)
}

/// Whether a source is a chain of Alembic.
pub(super) fn is_chain(input: &str) -> bool {
    input.starts_with("alembic:")
}

/// What is wrong with the graph of a chain, found without running it. Nothing where the files
/// do not say it all, or cannot be found: then Alembic knows more.
pub(super) fn faults(input: &str) -> Option<(Vec<Source>, Vec<Problem>)> {
    let path = input.strip_prefix("alembic:")?;
    let (sources, lineage) = graph(Path::new(path))?;
    let faults = lineage.certain_faults();
    (!faults.is_empty()).then_some((sources, faults))
}

fn graph(path: &Path) -> Option<(Vec<Source>, Lineage)> {
    let project = Project::find(path).ok()??;
    let mut wanted = Vec::new();
    for directory in &project.versions {
        wanted.extend(files(directory, &["py"], project.recursive).ok()?.wanted);
    }
    let (sources, problems) = read_files(&wanted);
    let lineage = lineage::read(&sources);
    (problems.is_empty() && !lineage.revisions.is_empty()).then_some((sources, lineage))
}

/// Takes the table of versions out of a schema and counts its statements as left out. It is
/// known by its shape (`_version` of `alembic.runtime.migration.MigrationContext`): one column
/// `version_num`, a string, and the primary key `<table>_pkc`.
pub(super) fn leave_out_versions(schema: &mut Schema, coverage: &mut Coverage) {
    let is_versions = |id: &ObjectId, object: &Object| match (id, object) {
        (ObjectId::Table(name), Object::Table(table)) => matches!(table.columns.as_slice(), [only]
                if only.name.as_str() == "version_num" && only.ty.is_builtin("varchar"))
        .then(|| name.clone()),
        _other => None,
    };
    let all = schema.objects.iter();
    let tables: BTreeSet<QualifiedName> =
        all.filter_map(|(id, entry)| is_versions(id, &entry.object)).collect();
    let keyed = |name: &QualifiedName| {
        let key = format!("{}_pkc", name.name.as_str());
        schema.objects.keys().any(|id| {
            matches!(id, ObjectId::Constraint(child) if child.parent == *name && child.name.as_str() == key)
        })
    };
    let tables: BTreeSet<QualifiedName> = tables.into_iter().filter(keyed).collect();
    let mut spans: BTreeSet<Span> = BTreeSet::new();
    schema.objects.retain(|id, entry| {
        let table = match id {
            ObjectId::Table(name) => Some(name),
            ObjectId::Constraint(child) => Some(&child.parent),
            _other => None,
        };
        let is_of_it = table.is_some_and(|table| tables.contains(table));
        if is_of_it {
            spans.insert(entry.origin.span);
        }
        !is_of_it
    });
    for span in spans {
        coverage.modelled = coverage.modelled.saturating_sub(1);
        coverage.ignore(IgnoreRule::VersionTable, span);
    }
}
