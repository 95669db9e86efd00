//! Constraints: whether two demand the same, and what `ALTER` can change of one.

use super::planner::Planner;
use super::step::{Rank, Step};
use super::unit::Unit;
use crate::model::Hazard;
use crate::model::{Child, Constraint, ConstraintDefinition, Exclusion};

/// True when two constraints are the same but for the paths their names were read under.
pub(super) fn same_definition(one: &Constraint, other: &Constraint) -> bool {
    let flags = |c: &Constraint| (c.deferrable, c.initially_deferred, c.validated, c.enforced);
    let definition = match (&one.definition, &other.definition) {
        (
            ConstraintDefinition::Check { expression: a, no_inherit: a_own },
            ConstraintDefinition::Check { expression: b, no_inherit: b_own },
        ) => a.expr == b.expr && a_own == b_own,
        (ConstraintDefinition::Exclusion(a), ConstraintDefinition::Exclusion(b)) => {
            Exclusion { path: b.path.clone(), ..a.clone() } == *b
        }
        (a, b) => a == b,
    };
    definition && flags(one) == flags(other)
}

impl Planner<'_, '_> {
    /// What can be changed of a constraint that stays.
    pub(super) fn alter_constraint(
        &mut self,
        child: &Child,
        from: &Constraint,
        to: &Constraint,
        is_domain: bool,
    ) {
        let unit = Unit::Object(crate::model::ObjectId::Constraint(child.clone()));
        if (from.deferrable, from.initially_deferred) != (to.deferrable, to.initially_deferred) {
            self.push(Step::new(Rank::ForeignKey, &unit, |w| {
                w.sql("ALTER TABLE ").qualified(&child.parent);
                w.sql(" ALTER CONSTRAINT ").ident(&child.name);
                w.sql(if to.deferrable { " DEFERRABLE" } else { " NOT DEFERRABLE" });
                w.sql(match (to.deferrable, to.initially_deferred) {
                    (true, true) => " INITIALLY DEFERRED;\n",
                    (true, false) => " INITIALLY IMMEDIATE;\n",
                    (false, _) => ";\n",
                });
            }));
        }
        if !from.validated && to.validated {
            let step = Step::new(Rank::ForeignKey, &unit, |w| {
                w.sql(if is_domain { "ALTER DOMAIN " } else { "ALTER TABLE " });
                w.qualified(&child.parent);
                w.sql(" VALIDATE CONSTRAINT ").ident(&child.name);
                w.sql(";\n");
            });
            self.push(step.hazard(Hazard::MayFail));
        }
    }
}
