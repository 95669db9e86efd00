//! From the differences of two schemas to the migration that removes them, up and down.
//!
//! In, both schemas and their diff; out, ordered steps with what each endangers. Both
//! directions are planned by the same code with the sides exchanged.

mod alembic;
mod alter;
mod changes;
mod circle;
mod column;
mod constraint;
mod detach;
mod graph;
mod hazards;
mod json;
mod names;
mod online;
mod order;
mod other;
mod planner;
mod policy;
mod rename;
mod said;
mod script;
mod secret;
mod select;
mod shown;
mod side;
mod step;
mod table;
mod tool;
mod tool_version;
mod types;
mod unit;
mod uses;
mod view_columns;
mod way;

pub use crate::model::Hazard;
pub use alembic::{Revision, RevisionFile, alembic};
pub use hazards::hazards;
pub use json::{JSON_SCHEMA, json};
pub use rename::{Rename, contradiction};
pub use script::{Causes, Script, ScriptOptions, sql};
pub use step::{Rank, Step, Transaction};
pub use tool::{Naming, Tool, ToolFile, files};
pub use unit::Unit;

use crate::diff::Diff;
use crate::model::Pair;
use crate::normalize::NormalSchema;
use changes::{Changes, Sides};
use planner::Planner;
use side::Side;

/// The way from live to canonical and back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    /// Live to canonical.
    pub up: Plan,
    /// Canonical to live.
    pub down: Plan,
}

/// One direction: steps in the order they run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The steps.
    pub steps: Vec<Step>,
    /// Steps that had to run before something they wait for, as these wait for each other.
    pub circles: Vec<Unit>,
}

/// How to plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlanOptions {
    /// Leave tables readable and writable meanwhile where PostgreSQL can do that.
    pub online: bool,
}

/// Plans both directions. The schemas are those that were compared, aligned.
pub fn plan(schemas: Pair<&NormalSchema>, diff: &Diff, options: PlanOptions) -> Migration {
    let Pair { canonical, live } = schemas;
    let (canonical, live) = rayon::join(|| Side::new(canonical), || Side::new(live));
    let one = |from: &Side<'_>, to: &Side<'_>, up: bool| {
        let sides = Sides { from, to };
        let changes = Changes::new(sides, diff, up);
        let (steps, circles) = order::order(Planner::steps(sides, &changes, options.online));
        Plan { steps, circles }
    };
    let (up, down) = rayon::join(|| one(&live, &canonical, true), || one(&canonical, &live, false));
    Migration { up, down }
}
