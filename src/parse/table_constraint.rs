//! The commands of `ALTER TABLE` that change constraints, NOT NULL among them.
//!
//! What inherits from a table has its constraints, too: those of ONLY the table stay with the
//! children, and a child's own stays when that of its parent goes.

use super::alter_table::not_for;
use super::interpreter::{Interpreter, missing};
use super::table;
use super::table_action::Target;
use crate::model::{
    Child, Column, Constraint, Facet, Ident, ObjectId, Place, Problem, ProblemCode, QualifiedName,
};

impl Target<'_> {
    /// `SET NOT NULL`, `ADD NOT NULL`, `DROP NOT NULL`.
    pub fn not_null(
        &self,
        cx: &mut Interpreter<'_>,
        column: &Ident,
        not_null: Option<crate::model::NotNull>,
    ) -> Result<(), Problem> {
        let name = self.name.clone();
        let change = |column: &mut Column| match &not_null {
            // SET NOT NULL of what is NOT NULL already changes nothing.
            Some(new) if new.name.is_none() && column.not_null.is_some() => {
                if let Some(existing) = &mut column.not_null {
                    existing.not_valid &= new.not_valid;
                }
            }
            Some(new) => {
                let mut new = new.clone();
                table::forget_implicit_name(&name, &column.name, &mut new);
                column.not_null = Some(new);
            }
            None => column.not_null = None,
        };
        match &not_null {
            None if self.only => self.keep_not_null_of_heirs(cx, column),
            None => return self.inherited(cx, column, Facet::NotNull, change),
            Some(_) => {}
        }
        self.column(cx, column, Facet::NotNull, change)?;
        let Some(new) = not_null.filter(|new| !new.no_inherit && !self.only) else { return Ok(()) };
        for heir in cx.heirs(self.name) {
            let target = Target { name: &heir, only: true, span: self.span };
            // A child that has one already keeps it (`AdjustNotNullInheritance`,
            // `src/backend/catalog/pg_constraint.c`).
            let _ =
                target.column(cx, column, Facet::NotNull, |column| match &mut column.not_null {
                    Some(own) => own.not_valid &= new.not_valid,
                    None => column.not_null = Some(new.clone()),
                });
        }
        Ok(())
    }

    /// What inherits from the table keeps the constraint when it is dropped from ONLY that,
    /// under the name that it has there.
    fn keep_not_null_of_heirs(&self, cx: &mut Interpreter<'_>, column: &Ident) {
        let own = cx.table(self.name).and_then(|table| table.column(column));
        let name = own.and_then(|column| column.not_null.clone()).and_then(|own| own.name);
        for heir in cx.heirs(self.name) {
            let heir = cx.table_mut(&heir).and_then(|(table, _)| table.column_mut(column));
            if let Some(not_null) = heir.and_then(|column| column.not_null.as_mut())
                && not_null.name.is_none()
            {
                not_null.name.clone_from(&name);
            }
        }
    }

    /// `DROP CONSTRAINT`.
    pub fn drop_constraint(
        &self,
        cx: &mut Interpreter<'_>,
        name: &Ident,
        if_exists: bool,
    ) -> Result<(), Problem> {
        let id = ObjectId::Constraint(Child::new(self.name.clone(), name.clone()));
        if self.only {
            super::detach::keep_checks_of_heirs(cx, self.name, &id);
        }
        let is_check = cx.object::<Constraint>(&id).is_some_and(|constraint| {
            matches!(constraint.definition, crate::model::ConstraintDefinition::Check { .. })
        });
        if cx.remove(&id).is_some() {
            // What a partition has as well is never its own (`MergeConstraintsIntoExisting`).
            for heir in cx.heirs(self.name).into_iter().filter(|_| is_check && !self.only) {
                if cx.table(&heir).is_some_and(|table| table.partition_of.is_some()) {
                    cx.remove(&ObjectId::Constraint(Child::new(heir, name.clone())));
                }
            }
            return Ok(());
        }
        // PostgreSQL 18 has NOT NULL constraints by name, implicit ones too.
        let column = cx
            .table(self.name)
            .and_then(|table| super::names::not_null_column(table, self.name, name));
        if let (true, Some(column)) = (self.only, &column) {
            self.keep_not_null_of_heirs(cx, column);
        }
        let (table, origin) =
            cx.table_mut(self.name).ok_or_else(|| missing("table", &self.name.clone().into()))?;
        if let Some(column) = column {
            if let Some(column) = table.column_mut(&column) {
                column.not_null = None;
            }
            origin.record(Place::part_facet(&column, Facet::NotNull), self.span);
            return Ok(());
        }
        if if_exists { Ok(()) } else { Err(no_constraint(self.name, name)) }
    }

    /// `VALIDATE CONSTRAINT`.
    pub fn validate(&self, cx: &mut Interpreter<'_>, name: &Ident) -> Result<(), Problem> {
        let id = ObjectId::Constraint(Child::new(self.name.clone(), name.clone()));
        if let Some((constraint, origin)) = cx.object_mut::<Constraint>(&id) {
            constraint.validated = true;
            origin.record(Place::facet(Facet::Validated), self.span);
            return Ok(());
        }
        let above = super::detach::ancestors(cx, self.name);
        let of_ancestor = |table: &QualifiedName| {
            let id = ObjectId::Constraint(Child::new(table.clone(), name.clone()));
            cx.schema.objects.contains_key(&id)
        };
        if above.iter().any(of_ancestor) {
            // That a child's is valid already is said by no dump.
            return Ok(());
        }
        let column = cx
            .table(self.name)
            .and_then(|table| super::names::not_null_column(table, self.name, name))
            .ok_or_else(|| no_constraint(self.name, name))?;
        let (table, _) =
            cx.table_mut(self.name).ok_or_else(|| missing("table", &self.name.clone().into()))?;
        if let Some(not_null) =
            table.column_mut(&column).and_then(|column| column.not_null.as_mut())
        {
            not_null.not_valid = false;
        }
        Ok(())
    }

    /// `ALTER CONSTRAINT`.
    pub fn alter_constraint(
        &self,
        cx: &mut Interpreter<'_>,
        name: &Ident,
        change: &pg_query::protobuf::AtAlterConstraint,
    ) -> Result<(), Problem> {
        let id = ObjectId::Constraint(Child::new(self.name.clone(), name.clone()));
        let not_null = cx.table(self.name);
        let not_null =
            not_null.and_then(|table| super::names::not_null_column(table, self.name, name));
        if let (None, Some(column)) = (cx.object::<Constraint>(&id), not_null) {
            return self.alter_not_null(cx, &column, change);
        }
        let (constraint, origin) =
            cx.object_mut::<Constraint>(&id).ok_or_else(|| no_constraint(self.name, name))?;
        if change.alter_deferrability {
            constraint.deferrable = change.deferrable || change.initdeferred;
            constraint.initially_deferred = change.initdeferred;
            origin.record(Place::facet(Facet::Deferrable), self.span);
        }
        if change.alter_enforceability {
            constraint.enforced = change.is_enforced;
            constraint.validated = change.is_enforced;
            origin.record(Place::facet(Facet::Enforced), self.span);
        }
        if change.alter_inheritability
            && let crate::model::ConstraintDefinition::Check { no_inherit, .. } =
                &mut constraint.definition
        {
            *no_inherit = change.noinherit;
        }
        Ok(())
    }

    /// `INHERIT` gives the constraint to all that inherits from the table; with `NO INHERIT`
    /// they keep theirs (`ATExecAlterConstrInheritability`).
    fn alter_not_null(
        &self,
        cx: &mut Interpreter<'_>,
        column: &Ident,
        change: &pg_query::protobuf::AtAlterConstraint,
    ) -> Result<(), Problem> {
        if !change.alter_inheritability {
            return Err(not_for("not altered so at a NOT NULL constraint", self.name));
        }
        self.column(cx, column, Facet::NotNull, |column| {
            if let Some(not_null) = &mut column.not_null {
                not_null.no_inherit = change.noinherit;
            }
        })?;
        for heir in cx.heirs(self.name).iter().filter(|_| !change.noinherit) {
            cx.set_not_null(heir, column);
        }
        Ok(())
    }
}

fn no_constraint(table: &QualifiedName, name: &Ident) -> Problem {
    Problem::new(
        ProblemCode::Missing,
        format!("constraint \"{}\" of \"{}\" does not exist", name.as_str(), table.name.as_str()),
    )
}
