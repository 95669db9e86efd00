//! Planning towards a schema in YAML that says only a part: what it does not say stays.
//!
//! Two sides with their judged drifts go in; the partial side comes out in full, with the
//! comparison that a migration is planned from. The surprising thing: that comparison has to be
//! the judged one without what stays. If it is not, nothing is planned.

use std::collections::BTreeMap;

use pgcanon::diff::{Diff, DiffOptions, diff};
use pgcanon::emit::report::{Report, Row};
use pgcanon::model::{Pair, Problem, ProblemCode};
use pgcanon::normalize::{NormalSchema, align};
use pgcanon::register::DriftKey;
use pgcanon::yaml::{self, Unfilled, fill};

use super::side::Side;

/// The partial side, in full.
pub(super) struct Filled {
    /// Both sides in full.
    pub schemas: Pair<NormalSchema>,
    pub diff: Diff,
    /// Its rows are numbered as those of the judged comparison.
    pub report: Report,
}

/// Fills the side that says only a part, after both were judged; none when both say all. `rows`
/// are those of the judged comparison.
///
/// # Errors
/// A migration would change what is not said, or cannot be planned.
pub(super) fn filled(
    sides: Pair<&Side>,
    judged: &Diff,
    rows: &[Row],
    options: &DiffOptions,
) -> Result<Option<Filled>, Problem> {
    let (own, other, canonical) = match sides.map(|side| side.said.is_partial()) {
        Pair { canonical: false, live: false } => return Ok(None),
        Pair { canonical: true, live: false } => (sides.canonical, sides.live, true),
        Pair { canonical: false, live: true } => (sides.live, sides.canonical, false),
        Pair { canonical: true, live: true } => {
            let message = "both sides say only a part, so there is no telling what stays as it is";
            return Err(Problem::new(ProblemCode::Usage, message)
                .help("give one side in SQL, as a dump, or complete and exact in YAML"));
        }
    };
    let schema = fill(&own.schema, &other.schema, canonical, judged)
        .map_err(|unfilled| cannot(&unfilled, own))?;
    let other = other.schema.clone();
    let mut schemas = if canonical {
        Pair { canonical: schema, live: other }
    } else {
        Pair { canonical: other, live: schema }
    };
    align(Pair { canonical: &mut schemas.canonical, live: &mut schemas.live });
    let found = diff(schemas.as_ref(), options);
    let mut report = Report::new(&found, shown(sides, &schemas));
    number(&mut report, rows, judged)?;
    Ok(Some(Filled { schemas, diff: found, report }))
}

fn shown<'a>(
    sides: Pair<&'a Side>,
    schemas: &'a Pair<NormalSchema>,
) -> Pair<pgcanon::emit::report::Side<'a>> {
    Pair {
        canonical: pgcanon::emit::report::Side {
            schema: &schemas.canonical,
            ..sides.canonical.as_report()
        },
        live: pgcanon::emit::report::Side { schema: &schemas.live, ..sides.live.as_report() },
    }
}

/// Gives the rows the numbers of the judged comparison, which has to have each of them, and all
/// that do not stay.
fn number(report: &mut Report, judged: &[Row], diff: &Diff) -> Result<(), Problem> {
    let key = |row: &Row| DriftKey { object: row.title(), facet: row.facet.clone() };
    let mut open: BTreeMap<DriftKey, &Row> = BTreeMap::new();
    for (row, drift) in judged.iter().zip(&diff.drifts) {
        if !drift.preserve {
            open.insert(key(row), row);
        }
    }
    for row in &mut report.rows {
        let Some(known) = open.remove(&key(row)) else {
            return Err(other(row, "would change", "which the schema in YAML does not speak of"));
        };
        row.id.clone_from(&known.id);
        row.severity = known.severity;
    }
    match open.into_values().find(|row| row.status != "undecided") {
        Some(row) => Err(other(row, "cannot end the drift of", "which was found")),
        None => Ok(()),
    }
}

fn other(row: &Row, does: &str, why: &str) -> Problem {
    let facet = row.facet.as_ref().map(|facet| format!(": {facet}")).unwrap_or_default();
    let message = format!("a migration {does} {}{facet}, {why}", row.title());
    Problem::new(ProblemCode::Usage, message).help(HELP)
}

const HELP: &str = "say more of it in YAML, or give the schema in SQL, or as pgcanon normalize --format yaml writes it";

fn cannot(unfilled: &Unfilled, own: &Side) -> Problem {
    let name = own.sources.iter().find(|source| yaml::is_yaml(source));
    let name = name.map(|source| source.name.as_str()).unwrap_or_default();
    let message = format!(
        "{name} says only a part, and no migration can be planned towards the {} of {} {}",
        unfilled.facet.label(),
        unfilled.object.kind().label(),
        pgcanon::emit::report::object_name(&unfilled.object),
    );
    Problem::new(ProblemCode::Usage, message).help(HELP)
}
