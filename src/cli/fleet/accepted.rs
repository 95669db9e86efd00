//! Drifts of a fleet that may stay, by decisions of the register.
//!
//! In, the register as it is on a day; out, for a row of the drift table, the decision it stays
//! by. The surprising thing: nothing is entered. The register is about one database, where a
//! drift is open or gone; a fleet only asks it.

use std::collections::BTreeMap;
use std::path::Path;

use pgcanon::emit::report::Row;
use pgcanon::model::{Date, Problem, ProblemCode};
use pgcanon::register::{Document, DriftKey, Entry, in_force, is_about};
use pgcanon::source::read_if_there;

use crate::cli::comparison::{Refused, sighting, words};
use crate::cli::project::{Project, today};

/// What may stay.
#[derive(Clone, Debug, Default)]
pub(super) struct Accepted {
    entries: BTreeMap<DriftKey, Entry>,
}

impl Accepted {
    /// The acceptances in force on a day; none without a register.
    ///
    /// # Errors
    /// The register is not there, or cannot be read.
    pub fn read(
        project: &Project,
        given: Option<&Path>,
        as_of: Option<Date>,
    ) -> Result<Self, Refused> {
        let Some(given) = given else { return Ok(Self::default()) };
        let path = project.register(Some(given));
        let name = path.display().to_string();
        let Some(source) = read_if_there(&path, &name)? else {
            let message = format!("there is no register {name}");
            return Err(Problem::new(ProblemCode::Unreadable, message)
                .help("pgcanon diff CANONICAL LIVE --register begins one")
                .into());
        };
        let document = Document::read(source.clone())
            .map_err(|problem| Refused::in_source(problem, source))?;
        let (day, decisions) = (today(as_of)?, project.decisions());
        let entries = document.register.entries.into_iter();
        let accepted = entries.filter(|entry| in_force(entry, day, &decisions));
        Ok(Self { entries: accepted.map(|entry| (entry.key.clone(), entry)).collect() })
    }

    /// The decision by which a drift may stay, and what it is about.
    pub fn by(&self, row: &Row) -> Option<String> {
        if self.entries.is_empty() {
            return None;
        }
        let found = sighting(row);
        let entry = self.entries.get(&found.key)?;
        let decision = entry.decision.as_ref().filter(|decision| is_about(decision, &found))?;
        let (id, about) = (entry.id, row.title());
        Some(format!("{id} {about}: {} ({})", row.drift_type(), words(decision)))
    }
}
