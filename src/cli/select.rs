//! `--only`, `--schema`, `--object`, `--kind`: which drifts a migration is for.
//!
//! In, the arguments and the drift table; out, the ids that are meant, or what is wrong with
//! the arguments. Values of one option are alternatives, the options together narrow down.
//! A name that is nowhere on either side is a mistake; one that has no drift is not.

use std::collections::BTreeSet;

use pgcanon::diff::{Diff, Drift, DriftKind};
use pgcanon::emit::report::{Report, object_name, same_id};
use pgcanon::model::{Ident, Kind, ObjectId, Pair, Problem, ProblemCode, nearest};
use pgcanon::normalize::NormalSchema;
use pgcanon::plan::Causes;

use super::args::Selection;

impl Selection {
    /// True when all drifts are meant.
    pub fn is_all(&self) -> bool {
        let Self { only, schema, object, kind } = self;
        only.is_empty() && schema.is_empty() && object.is_empty() && kind.is_empty()
    }

    /// The ids of the drifts that are meant.
    ///
    /// # Errors
    /// An id or a name is nowhere.
    pub fn ids(
        &self,
        found: &Diff,
        report: &Report,
        causes: &Causes,
        schemas: Pair<&NormalSchema>,
    ) -> Result<BTreeSet<String>, Problem> {
        self.check_ids(report)?;
        self.check_names(found, causes, schemas)?;
        let is_meant = |drift: &Drift, id: &str| {
            let ids = both(drift);
            let any = |test: &dyn Fn(&ObjectId) -> bool| ids.iter().any(|id| test(id));
            (self.only.is_empty() || self.only.iter().any(|only| same_id(only, id)))
                && (self.schema.is_empty() || any(&|id| self.is_in_schema(id)))
                && (self.object.is_empty() || any(&|id| self.is_object(id, causes)))
                && (self.kind.is_empty() || self.kind.contains(&drift.object.kind()))
        };
        let rows = found.drifts.iter().zip(&report.rows);
        let meant = rows.filter(|(drift, row)| is_meant(drift, &row.id));
        Ok(meant.map(|(_, row)| row.id.clone()).collect())
    }

    fn check_ids(&self, report: &Report) -> Result<(), Problem> {
        let is_known = |id: &&String| report.rows.iter().any(|row| same_id(id, &row.id));
        let unknown: Vec<&str> =
            self.only.iter().filter(|id| !is_known(id)).map(String::as_str).collect();
        if unknown.is_empty() {
            return Ok(());
        }
        let there = match report.rows.as_slice() {
            [] => "there is no drift at all".to_owned(),
            [only] => format!("the only drift is {}", only.id),
            [first, .., last] => {
                format!("the drifts are {} to {}; pgcanon diff lists them", first.id, last.id)
            }
        };
        let message = format!("--only: there is no drift {}", unknown.join(", "));
        Err(Problem::new(ProblemCode::Usage, message).help(there))
    }

    fn check_names(
        &self,
        found: &Diff,
        causes: &Causes,
        schemas: Pair<&NormalSchema>,
    ) -> Result<(), Problem> {
        let sides = [schemas.canonical, schemas.live];
        let objects = || sides.into_iter().flatten().map(|(id, _)| id);
        let drifts = || found.drifts.iter().flat_map(both);
        let nowhere = |option: &str, name: &str, names: BTreeSet<String>| {
            let message = format!("{option}: neither side has \"{name}\"");
            let near = nearest(name, names.iter().map(String::as_str));
            let help = if near.is_empty() {
                "names are written as the drift table does: app.orders, app.orders.status"
            } else {
                &format!("did you mean {}?", near.join(" or "))
            };
            Err(Problem::new(ProblemCode::Usage, message).help(help))
        };
        for name in &self.schema {
            let one = Self { schema: vec![name.clone()], ..Self::default() };
            if !objects().chain(drifts()).any(|id| one.is_in_schema(id)) {
                let names = objects().filter_map(namespace).map(|name| name.as_str().to_owned());
                return nowhere("--schema", name, names.collect());
            }
        }
        for name in &self.object {
            let one = Self { object: vec![name.clone()], ..Self::default() };
            if !objects().chain(drifts()).any(|id| one.is_object(id, causes)) {
                return nowhere(
                    "--object",
                    name,
                    objects().chain(drifts()).map(object_name).collect(),
                );
            }
        }
        Ok(())
    }

    fn is_in_schema(&self, id: &ObjectId) -> bool {
        namespace(id).is_some_and(|own| self.schema.iter().any(|name| own == name.as_str()))
    }

    /// The object itself, or what is part of it.
    fn is_object(&self, id: &ObjectId, causes: &Causes) -> bool {
        let holder = causes.holder(id).map(|name| object_name(&ObjectId::Table(name.clone())));
        let names = [Some(object_name(id)), holder];
        names.into_iter().flatten().any(|own| {
            let short = own.strip_prefix("public.");
            self.object.iter().any(|name| *name == own || Some(name.as_str()) == short)
        })
    }
}

/// The schema that an object is in, or is.
fn namespace(id: &ObjectId) -> Option<&Ident> {
    match id {
        ObjectId::Namespace(name) => Some(name),
        other => other.namespace(),
    }
}

/// The object of a drift, also by its name on the live side.
fn both(drift: &Drift) -> Vec<&ObjectId> {
    let mut ids = vec![&drift.object];
    if let DriftKind::Renamed { live } = &drift.kind {
        ids.push(live);
    }
    ids
}

/// A kind by the word of the drift table; hyphens stand for spaces.
pub(super) fn kind(text: &str) -> Result<Kind, String> {
    let word = text.trim().replace(['-', '_'], " ").to_lowercase();
    let found = Kind::ALL.iter().copied().find(|kind| kind.label() == word);
    found.ok_or_else(|| {
        let all: Vec<String> =
            Kind::ALL.iter().map(|kind| kind.label().replace(' ', "-")).collect();
        format!("there is no such kind; the kinds are {}", all.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_the_same_however_they_are_written() {
        for text in ["SCHEMA-DRIFT-007", "schema-drift-7", "7", "007"] {
            assert!(same_id(text, "SCHEMA-DRIFT-007"), "{text}");
        }
        for text in ["SCHEMA-DRIFT-070", "DRIFT-7", "", "-7", "SCHEMA-DRIFT-"] {
            assert!(!same_id(text, "SCHEMA-DRIFT-007"), "{text}");
        }
    }

    #[test]
    fn kinds_are_the_words_of_the_table() {
        assert_eq!(kind("composite-type"), Ok(Kind::Composite));
        assert_eq!(kind("Policy"), Ok(Kind::Policy));
        assert!(kind("relation").is_err_and(|error| error.contains("materialized-view")));
    }
}
