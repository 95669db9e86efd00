//! Row security: the order of steps, so that no state between them shows more than both
//! sides do.
//!
//! What narrows comes first, what widens last:
//!
//! 1. permissive policies go, restrictive ones come;
//! 2. policies are altered;
//! 3. permissive policies come, restrictive ones go.
//!
//! A row that is seen in between is seen through a permissive policy of one of the sides, and
//! passes all restrictive policies of that side. That no longer holds when restrictive
//! policies are altered beside others, or taken away for a while: then a policy that shows
//! nothing closes the table meanwhile.

use std::collections::{BTreeMap, BTreeSet};

use super::changes::Change;
use super::planner::Planner;
use super::side::Side;
use super::step::{Rank, Step};
use super::unit::Unit;
use crate::model::Hazard;
use crate::model::{Child, Ident, Object, ObjectId, Policy, QualifiedName};

/// How the policies of a table change.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    altered_restrictive: usize,
    rebuilt_restrictive: usize,
    altered_permissive: usize,
    made_permissive: usize,
}

impl Count {
    /// True when no order of the steps is safe.
    fn needs_closing(self) -> bool {
        let permissive = self.altered_permissive + self.made_permissive;
        self.rebuilt_restrictive > 0
            || self.altered_restrictive > 1
            || self.altered_restrictive > 0 && permissive > 0
    }
}

impl Planner<'_, '_> {
    /// Where the removal of a policy stands.
    pub(super) fn policy_drop_rank(&self, id: &ObjectId, policy: &Policy) -> Rank {
        let is_for_good = self.changes.of_object(id) == Some(Change::Drop);
        if policy.permissive || !is_for_good { Rank::Drop } else { Rank::Widen }
    }

    /// Closes tables for whose policies no order is safe, and opens them in the end.
    pub(super) fn close_tables(&mut self) {
        let mut counts: BTreeMap<QualifiedName, Count> = BTreeMap::new();
        for (unit, change) in self.changes.iter() {
            let Unit::Object(id @ ObjectId::Policy(child)) = unit else { continue };
            let is_permissive = |side: &Side<'_>| {
                let policy = side.object(id).and_then(|object| <&Policy>::try_from(object).ok());
                policy.map(|policy| policy.permissive)
            };
            let (from, to) = (is_permissive(self.from()), is_permissive(self.to()));
            let count = counts.entry(child.parent.clone()).or_default();
            match change {
                Change::Create => count.made_permissive += usize::from(to == Some(true)),
                Change::Rebuild => {
                    let is_restrictive = from == Some(false);
                    count.rebuilt_restrictive += usize::from(is_restrictive);
                    count.made_permissive += usize::from(to == Some(true));
                }
                Change::Alter if to == Some(false) => count.altered_restrictive += 1,
                Change::Alter => count.altered_permissive += 1,
                Change::Drop | Change::Retype | Change::Swap => {}
            }
        }
        counts.retain(|table, count| count.needs_closing() && self.stays_secured(table));
        for table in counts.keys() {
            self.close_table(table);
        }
    }

    /// True when the table stays, and is under row security on both sides.
    fn stays_secured(&self, name: &QualifiedName) -> bool {
        let is_secured = |side: &Side<'_>| side.table(name).is_some_and(|table| table.row_security);
        let stays = !self.table_is_gone(name) && !self.table_is_made(name);
        stays && is_secured(self.from()) && is_secured(self.to())
    }

    fn close_table(&mut self, table: &QualifiedName) {
        let guard = Child::new(table.clone(), self.free_name(table));
        let unit = Unit::Object(ObjectId::Policy(guard.clone()));
        for step in &mut self.steps {
            if matches!(&step.unit, Unit::Object(ObjectId::Policy(child)) if child.parent == *table)
            {
                step.needs.insert(unit.clone());
            }
        }
        let close = Step::new(Rank::Protect, &unit, |w| {
            w.sql("CREATE POLICY ").ident(&guard.name);
            w.sql(" ON ").qualified(table);
            w.sql(" AS RESTRICTIVE USING (false);\n");
        });
        self.push(close.gives([&unit]).hazard(Hazard::SecurityChange));
        let open = Step::new(Rank::Unprotect, &unit, |w| {
            w.sql("DROP POLICY ").ident(&guard.name);
            w.sql(" ON ").qualified(table);
            w.sql(";\n");
        });
        self.push(open.needs([&unit]).hazard(Hazard::SecurityChange));
    }

    /// A name that no policy of the table has.
    fn free_name(&self, table: &QualifiedName) -> Ident {
        let parts = [self.from(), self.to()].map(|side| side.names.parts(table));
        let taken: BTreeSet<&Ident> = parts
            .iter()
            .flat_map(|parts| parts.iter())
            .filter_map(|id| match id {
                ObjectId::Policy(child) => Some(&child.name),
                _other => None,
            })
            .collect();
        let mut name = "pgcanon_closed".to_owned();
        while taken.contains(&Ident::new(&name)) {
            name.push('_');
        }
        Ident::new(&name)
    }
}

/// Where a new policy stands.
pub(super) fn create_rank(object: &Object) -> Option<Rank> {
    let policy = <&Policy>::try_from(object).ok()?;
    Some(if policy.permissive { Rank::Widen } else { Rank::Narrow })
}
