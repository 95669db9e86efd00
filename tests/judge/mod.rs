//! The verdict over two texts, with enough of the reason to act on: what the suites of
//! pairs share. Each suite has its own notion of what a pair is.

#![allow(dead_code, reason = "each suite uses what it needs")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use pgcanon::diff::{Diff, DiffOptions, Drift, DriftKind, Value, Verdict, diff};
use pgcanon::emit::sql::{SqlWriter, Style};
use pgcanon::model::{Gravity, Pair, Problem};
use pgcanon::normalize::{NormalSchema, align, normalize};
use pgcanon::parse::parse;
use pgcanon::source::Source;

/// What came of comparing two texts.
pub struct Judged {
    pub verdict: Verdict,
    /// The first problem or drift, on one line; empty when there is none.
    pub first: String,
    /// All of them, a line each.
    pub all: Vec<String>,
}

/// One side, read and normalized.
pub struct Side {
    pub schema: NormalSchema,
    pub problems: Vec<Problem>,
}

/// Compares two texts. A panic is a verdict like any other, so that one case does not
/// hide the rest.
pub fn judge(canonical: &str, live: &str) -> Judged {
    let compared = catch_unwind(AssertUnwindSafe(|| compare(&read(canonical), &read(live))));
    compared.unwrap_or_else(|panic| {
        let text = panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
            .unwrap_or_default();
        Judged {
            verdict: Verdict::Unknown,
            first: format!("panic: {text}"),
            all: vec![format!("panic: {text}")],
        }
    })
}

/// Reads and normalizes one text.
pub fn read(text: &str) -> Side {
    let source = Source { name: String::new(), text: text.to_owned() };
    let parsed = parse(&[source]);
    let problems = parsed.problems;
    Side { schema: normalize(parsed.schema), problems }
}

/// What of a side could not be decided, a line for each object, and how many objects it has.
pub fn undecided(side: &Side) -> (Vec<String>, usize) {
    let lines = side.schema.iter().filter(|(_, object)| !object.undecided().is_empty());
    let lines = lines.map(|(id, object)| {
        let reasons = object.undecided().iter().map(|undecided| undecided.reason.as_str());
        format!("{id:?}: {}", reasons.collect::<Vec<_>>().join("; "))
    });
    (lines.collect(), side.schema.len())
}

/// Compares two sides.
pub fn compare(canonical: &Side, live: &Side) -> Judged {
    compare_with(canonical, live, &DiffOptions::default())
}

/// Compares two sides as far as is asked for.
pub fn compare_with(canonical: &Side, live: &Side, options: &DiffOptions) -> Judged {
    let mut schemas = Pair { canonical: canonical.schema.clone(), live: live.schema.clone() };
    align(Pair { canonical: &mut schemas.canonical, live: &mut schemas.live });
    let diff = diff(schemas.as_ref(), options);
    let problems = canonical.problems.iter().chain(&live.problems);
    let grave: Vec<_> =
        problems.filter(|problem| problem.code.gravity() > Gravity::Warning).collect();
    let lines = grave
        .iter()
        .map(|problem| format!("problem {}: {}", problem.code.as_str(), problem.message));
    let all: Vec<String> = lines.chain(diff.drifts.iter().map(drift_line)).collect();
    Judged {
        verdict: verdict(&diff, grave.is_empty()),
        first: all.first().cloned().unwrap_or_default(),
        all,
    }
}

fn verdict(diff: &Diff, complete: bool) -> Verdict {
    diff.verdict(complete)
}

pub fn drift_line(drift: &Drift) -> String {
    let mut line = String::new();
    let name = drift.object.name().or_else(|| drift.object.parent().cloned().map(Into::into));
    let name =
        name.map_or_else(|| format!("{:?}", drift.object), |name| name.name.as_str().to_owned());
    let mark = if drift.undecided { " (undecided)" } else { "" };
    let _ = write!(line, "{}{mark} {} {name}", drift.kind.label(), drift.object.kind().label());
    if let DriftKind::Changed { facet, values } = &drift.kind {
        let show = |value: &Option<Value>| value.as_ref().map_or("-".to_owned(), shown);
        let _ = write!(
            line,
            " {}: {} | {}",
            facet.facet.label(),
            show(&values.canonical),
            show(&values.live)
        );
    }
    line
}

fn shown(value: &Value) -> String {
    let list = |values: &[Value]| values.iter().map(shown).collect::<Vec<_>>().join(", ");
    let mut writer = SqlWriter::new(Style { lines: false, qualify_builtins: true });
    match value {
        Value::Expr(expr) => {
            writer.expr(expr);
        }
        Value::Query(query) => writer.query(query),
        Value::Command(command) => writer.command(command),
        Value::Type(ty) => {
            writer.type_name(ty);
        }
        Value::Name(name) => {
            writer.name(name);
        }
        Value::List(values) | Value::Phrase(values) => return list(values),
        Value::Flag(_)
        | Value::Keyword(_)
        | Value::Number(_)
        | Value::Text(_)
        | Value::SortKey(_)
        | Value::Body(_)
        | Value::Secret(_) => return format!("{value:?}"),
    }
    writer.finish()
}

/// Failures against the committed list of known ones, which may only shrink: a failure that
/// is not in the list and one in it that no longer fails are both reported.
/// With `PGCANON_BLESS` set, the list is written anew.
pub fn against_known(list: &Path, failing: &BTreeSet<String>) -> Result<(), String> {
    let read = std::fs::read_to_string(list).unwrap_or_default();
    let known: BTreeSet<String> = read
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect();
    if std::env::var_os("PGCANON_BLESS").is_some() {
        let header: String = read
            .lines()
            .filter(|line| line.starts_with('#'))
            .fold(String::new(), |text, line| text + line + "\n");
        let body: String = failing.iter().fold(String::new(), |text, line| text + line + "\n");
        return std::fs::write(list, header + &body).map_err(|error| error.to_string());
    }
    let new: Vec<_> = failing.difference(&known).collect();
    let mended: Vec<_> = known.difference(failing).collect();
    if new.is_empty() && mended.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{} fail that {} does not list: {new:#?}\n{} are listed and do not fail (PGCANON_BLESS=1 updates the list): {mended:#?}",
        new.len(),
        list.display(),
        mended.len()
    ))
}
