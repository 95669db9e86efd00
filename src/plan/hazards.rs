//! What ending each drift would endanger.
//!
//! In, both schemas and their drifts; out, for each drift, the hazards of the steps that end
//! it, those included that are only torn down around it and made again. Steps are not put in
//! order, as what they endanger does not depend on it. Surprising: an object with several
//! drifts has steps for each; a column that gets another type and another comment is written
//! anew for its type only.

use std::collections::{BTreeMap, BTreeSet};

use super::Step;
use super::changes::{Change, Changes, Sides};
use super::planner::Planner;
use super::side::Side;
use super::step::Rank;
use super::unit::Unit;
use super::way::SAID;
use crate::diff::{Diff, Drift, DriftKind, container};
use crate::emit::redact;
use crate::model::{Facet, Hazard, ObjectId, Pair};
use crate::normalize::NormalSchema;

/// The hazards of each drift of the list, in its order. The schemas are those that were
/// compared, aligned.
pub fn hazards(schemas: Pair<&NormalSchema>, diff: &Diff) -> Vec<BTreeSet<Hazard>> {
    let (canonical, live) =
        rayon::join(|| Side::new(schemas.canonical), || Side::new(schemas.live));
    let sides = Sides { from: &live, to: &canonical };
    let changes = Changes::new(sides, diff, true);
    let causes = Causes::new(sides, &changes, diff);
    let mut found = vec![BTreeSet::new(); diff.drifts.len()];
    for step in Planner::steps(sides, &changes, false) {
        let mut hazards = step.hazards.clone();
        if redact::sql(&step.sql).1 > 0 {
            hazards.insert(Hazard::Secret);
        }
        if hazards.is_empty() {
            continue;
        }
        for drift in causes.of(&step) {
            found.get_mut(drift).into_iter().for_each(|own| own.extend(&hazards));
        }
    }
    found
}

/// Which drifts a step is for.
struct Causes<'d, 's, 'a> {
    sides: Sides<'s, 'a>,
    changes: &'d Changes,
    drifts: &'d [Drift],
    by_object: BTreeMap<&'d ObjectId, Vec<usize>>,
}

impl<'d, 's, 'a> Causes<'d, 's, 'a> {
    fn new(sides: Sides<'s, 'a>, changes: &'d Changes, diff: &'d Diff) -> Self {
        let mut by_object: BTreeMap<&ObjectId, Vec<usize>> = BTreeMap::new();
        for (at, drift) in diff.drifts.iter().enumerate() {
            by_object.entry(&drift.object).or_default().push(at);
            if let DriftKind::Renamed { live } = &drift.kind {
                by_object.entry(live).or_default().push(at);
            }
        }
        Self { sides, changes, drifts: &diff.drifts, by_object }
    }

    /// The drifts that a step ends, by their places in the list; else those that it is done
    /// around.
    fn of(&self, step: &Step) -> BTreeSet<usize> {
        let id = step.unit.object();
        let change = self.changes.of(&step.unit);
        let own = self.own(&id, |facet| ends(step, change, facet));
        if own.is_empty() { self.around(&step.unit) } else { own }
    }

    /// The drifts of an object whose facet fits; of what has none, those of the relation that
    /// it comes and goes with.
    fn own(&self, id: &ObjectId, fits: impl Fn(Facet) -> bool) -> BTreeSet<usize> {
        let own = self.by_object.get(id).into_iter().flatten().copied();
        let own: BTreeSet<usize> = own.filter(|at| self.fits(*at, &fits)).collect();
        if !own.is_empty() {
            return own;
        }
        let object = self.sides.to.object(id).or_else(|| self.sides.from.object(id));
        let holder = match (id, object) {
            (ObjectId::Column(child), _) => Some(&child.parent),
            (_, Some(object)) => container(id, object),
            (_, None) => id.parent(),
        };
        let Some(holder) = holder else { return own };
        let holders = [
            ObjectId::Table(holder.clone()),
            ObjectId::View(holder.clone()),
            ObjectId::MaterializedView(holder.clone()),
            ObjectId::Domain(holder.clone()),
        ];
        let of_holders = holders.iter().filter_map(|id| self.by_object.get(id)).flatten().copied();
        of_holders.filter(|at| self.fits(*at, &|_| false)).collect()
    }

    /// True for a drift of the object as a whole, and for one of a facet that fits.
    fn fits(&self, at: usize, fits: &impl Fn(Facet) -> bool) -> bool {
        let facet = self.drifts.get(at).map(|drift| drift.facet().map(|key| key.facet));
        facet.is_some_and(|facet| facet.is_none_or(fits))
    }

    /// The drifts for which something is torn down and made again: those of what it uses.
    fn around(&self, unit: &Unit) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        let mut seen = BTreeSet::from([unit.clone()]);
        let mut work = vec![unit.clone()];
        while let Some(unit) = work.pop() {
            for used in self.sides.from.uses(&unit).chain(self.sides.to.uses(&unit)) {
                let Some(change) = self.changes.of(used) else { continue };
                if change == Change::Alter || !seen.insert(used.clone()) {
                    continue;
                }
                let own = self.own(&used.object(), |facet| forces(change, facet));
                if own.is_empty() {
                    work.push(used.clone());
                }
                found.extend(own);
            }
        }
        found
    }
}

/// Whether a change of this facet is a reason to rebuild what uses the object.
fn forces(change: Change, facet: Facet) -> bool {
    match change {
        Change::Retype => is_of_type(facet),
        Change::Create | Change::Drop | Change::Alter | Change::Swap | Change::Rebuild => {
            !SAID.contains(&facet)
        }
    }
}

fn is_of_type(facet: Facet) -> bool {
    matches!(facet, Facet::Type | Facet::Collation)
}

/// Whether a step about an object that both sides have ends a drift of this facet.
fn ends(step: &Step, change: Option<Change>, facet: Facet) -> bool {
    let is_said = SAID.contains(&facet);
    if is_said || step.rank == Rank::Said {
        let of_access = matches!(facet, Facet::Owner | Facet::Privileges);
        let fits = of_access || !step.hazards.contains(&Hazard::PrivilegeChange);
        return is_said && step.rank == Rank::Said && fits;
    }
    match (&step.unit, change) {
        (Unit::Object(ObjectId::Column(_)), Some(Change::Alter | Change::Retype)) => {
            of_column(step, facet)
        }
        (Unit::Object(ObjectId::Table(_)), Some(Change::Alter)) => of_table(step, facet),
        _one_step_for_all => true,
    }
}

/// Steps of a column that stays are told apart by what they endanger (`column.rs`).
fn of_column(step: &Step, facet: Facet) -> bool {
    let has = |hazard| step.hazards.contains(&hazard);
    if has(Hazard::TableRewrite) {
        return is_of_type(facet);
    }
    if has(Hazard::DataLoss) {
        return facet == Facet::Identity || facet.is_of_sequence();
    }
    if has(Hazard::MayFail) {
        return matches!(
            facet,
            Facet::NotNull
                | Facet::NotNullName
                | Facet::NotNullNoInherit
                | Facet::NotNullValidated
                | Facet::Inherited
        );
    }
    true
}

/// So are those of a table (`table.rs`).
fn of_table(step: &Step, facet: Facet) -> bool {
    let has = |hazard| step.hazards.contains(&hazard);
    if has(Hazard::SecurityChange) {
        return matches!(facet, Facet::RowSecurity | Facet::ForceRowSecurity);
    }
    if has(Hazard::TableRewrite) {
        return matches!(facet, Facet::Persistence | Facet::AccessMethod);
    }
    if has(Hazard::AccessExclusiveLock) || has(Hazard::MayFail) {
        return matches!(facet, Facet::PartitionOf | Facet::PartitionBound | Facet::Inherits);
    }
    true
}
