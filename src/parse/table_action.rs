//! The commands of `ALTER TABLE` applied to a table.

use super::alter_table::{Action, not_for};
use super::column::{change_foreign_options, unresolved};
use super::interpreter::{Interpreter, missing};
use super::sequence::SequenceOptions;
use super::trigger::Triggers;
use super::{constraint, table};
use crate::model::{
    Child, Column, ColumnDefault, Enabled, Expr, Facet, Ident, Name, NormalRule, ObjectId,
    PartitionBound, PartitionOf, Place, Problem, ProblemCode, QualifiedName, Span, Table, TypeName,
};

/// Applies one command to a table and, where PostgreSQL does so, to what inherits from it.
pub(super) fn apply(
    cx: &mut Interpreter<'_>,
    name: &QualifiedName,
    action: Action,
    only: bool,
    span: Span,
) -> Result<(), Problem> {
    let target = Target { name, only, span };
    match action {
        Action::AddColumn { draft, if_not_exists } => target.add_column(cx, *draft, if_not_exists),
        Action::DropColumn { column, if_exists, cascade } => {
            target.drop_column(cx, &column, if_exists, cascade)
        }
        Action::ColumnType { column, ty, collation } => {
            target.column_type(cx, &column, &ty, collation)
        }
        Action::ColumnDefault { column, default } => target.column_default(cx, &column, default),
        Action::SetNotNull(column) => {
            target.not_null(cx, &column, Some(crate::model::NotNull::default()))
        }
        Action::DropNotNull(column) => target.not_null(cx, &column, None),
        Action::AddNotNull(draft) => target.not_null(cx, &draft.column, Some(draft.not_null)),
        Action::SetExpression { column, expression } => {
            target.set_expression(cx, &column, expression)
        }
        Action::DropExpression(column) => target.drop_expression(cx, &column),
        Action::AddIdentity { column, always, options } => {
            target.add_identity(cx, &column, always, &options)
        }
        Action::SetIdentity { column, always, options } => {
            target.set_identity(cx, &column, always, &options)
        }
        Action::DropIdentity { column, if_exists } => target.drop_identity(cx, &column, if_exists),
        Action::Statistics { column, target: value, .. } => {
            target.column(cx, &column, Facet::StatisticsTarget, |column| {
                column.details.to_mut().statistics = value;
            })
        }
        Action::Storage { column, storage } => {
            target.inherited(cx, &column, Facet::Storage, |column| {
                let storage = Some(storage.clone()).filter(|storage| *storage != "default");
                column.details.to_mut().storage = storage;
            })
        }
        Action::Compression { column, method } => {
            target.column(cx, &column, Facet::Compression, |column| {
                column.details.to_mut().compression = method;
            })
        }
        Action::ColumnOptions { column, set, reset } => {
            target.column(cx, &column, Facet::Option, |column| {
                let options = &mut column.details.to_mut().options;
                options.extend(set);
                options.retain(|name, _| !reset.contains(name));
            })
        }
        Action::ColumnForeignOptions { column, options } => {
            target.column(cx, &column, Facet::ForeignOption, |column| {
                change_foreign_options(&mut column.details.to_mut().foreign_options, &options);
            })
        }
        Action::AddConstraint(draft) => table::add_constraint(cx, name, *draft, only).map(|_| ()),
        Action::DropConstraint { name: constraint, if_exists } => {
            target.drop_constraint(cx, &constraint, if_exists)
        }
        Action::ValidateConstraint(constraint) => target.validate(cx, &constraint),
        Action::AlterConstraint { name: constraint, change } => {
            target.alter_constraint(cx, &constraint, &change)
        }
        Action::Trigger { name: trigger, enabled } => {
            set_trigger(cx, name, &trigger, enabled, only, span)
        }
        Action::Rule { name: rule, enabled } => {
            super::rule::set_enabled(cx, name, &rule, enabled, span)
        }
        Action::Owner(owner) => {
            super::owner::set_owner(cx, &ObjectId::Table(name.clone()), &owner, span)
        }
        Action::Inherit(parent) => target.inherit(cx, &parent),
        Action::NoInherit(parent) => target.no_inherit(cx, &parent),
        Action::AttachPartition { partition, bound } => target.attach(cx, &partition, bound),
        Action::DetachPartition { partition, concurrently } => {
            target.detach(cx, &partition, concurrently)
        }
        Action::Logged(logged) => {
            super::finish::set_persistence_of_sequences(cx, &[name.clone()].into(), !logged);
            target.table(cx, Action::Logged(logged))
        }
        other => target.table(cx, other),
    }
}

/// The table that a command is for.
pub(super) struct Target<'a> {
    /// Its name.
    pub name: &'a QualifiedName,
    /// `ONLY`.
    pub only: bool,
    /// The statement.
    pub span: Span,
}

impl Target<'_> {
    /// Commands that set attributes of the table itself.
    fn table(&self, cx: &mut Interpreter<'_>, action: Action) -> Result<(), Problem> {
        let of_type = match &action {
            Action::OfType(ty) => {
                cx.find_type(&ty.name).and_then(|id| id.name()).or(Some(ty.name.clone()))
            }
            _other_commands => None,
        };
        let (table, origin) =
            cx.table_mut(self.name).ok_or_else(|| missing("table", &self.name.clone().into()))?;
        let facet = match action {
            Action::Options { set, reset } => {
                table.options.extend(set);
                table.options.retain(|name, _| !reset.contains(name));
                Facet::Option
            }
            Action::ForeignOptions(options) => {
                let Some(foreign) = &mut table.foreign else {
                    return Err(not_for("no foreign table", self.name));
                };
                change_foreign_options(&mut foreign.options, &options);
                Facet::ForeignOption
            }
            Action::Tablespace(space) => {
                table.tablespace = Some(space).filter(|space| *space != "pg_default");
                Facet::Tablespace
            }
            Action::AccessMethod(method) => {
                table.access_method = method.filter(|method| *method != "heap");
                Facet::AccessMethod
            }
            Action::Logged(logged) => {
                table.unlogged = !logged;
                Facet::Persistence
            }
            Action::ClusterOn(index) => {
                table.cluster_on = index;
                Facet::ClusterOn
            }
            Action::ReplicaIdentity(identity) => {
                table.replica_identity = identity;
                Facet::ReplicaIdentity
            }
            Action::RowSecurity(on) => {
                table.row_security = on;
                Facet::RowSecurity
            }
            Action::ForceRowSecurity(on) => {
                table.force_row_security = on;
                Facet::ForceRowSecurity
            }
            Action::OfType(_) => {
                table.of_type = of_type;
                Facet::OfType
            }
            Action::NotOf => {
                table.of_type = None;
                Facet::OfType
            }
            _nothing => return Ok(()),
        };
        origin.record(Place::facet(facet), self.span);
        Ok(())
    }

    /// Changes a column of this table alone.
    pub fn column(
        &self,
        cx: &mut Interpreter<'_>,
        column: &Ident,
        facet: Facet,
        change: impl FnOnce(&mut Column),
    ) -> Result<(), Problem> {
        let (table, origin) =
            cx.table_mut(self.name).ok_or_else(|| missing("table", &self.name.clone().into()))?;
        let Some(found) = table.column_mut(column) else {
            return Err(no_column(self.name, column));
        };
        change(found);
        origin.record(Place::part_facet(column, facet), self.span);
        Ok(())
    }

    /// Changes a column here and, unless ONLY, in all that inherits from it.
    pub fn inherited(
        &self,
        cx: &mut Interpreter<'_>,
        column: &Ident,
        facet: Facet,
        change: impl Fn(&mut Column),
    ) -> Result<(), Problem> {
        self.column(cx, column, facet, &change)?;
        if !self.only {
            for heir in cx.heirs(self.name) {
                let (name, only, span) = (&heir, true, self.span);
                // A column that a child does not have cannot be there: an error would hide nothing.
                let _ = Target { name, only, span }.column(cx, column, facet, &change);
            }
        }
        Ok(())
    }

    fn add_column(
        &self,
        cx: &mut Interpreter<'_>,
        mut draft: super::column::ColumnDraft,
        if_not_exists: bool,
    ) -> Result<(), Problem> {
        let column_name = draft.column.name.clone();
        let exists = cx.table(self.name).is_some_and(|table| table.column(&column_name).is_some());
        if exists && if_not_exists {
            return Ok(());
        }
        if exists {
            return Err(Problem::new(
                ProblemCode::Duplicate,
                format!(
                    "column \"{}\" of \"{}\" already exists",
                    column_name.as_str(),
                    self.name.name.as_str()
                ),
            )
            .at(self.span));
        }
        let constraints = std::mem::take(&mut draft.constraints);
        let places = std::mem::take(&mut draft.places);
        let (mut column, sequence) = table::complete_column(cx, self.name, draft, &mut Vec::new())?;
        if let Some(not_null) = &mut column.not_null {
            table::forget_implicit_name(self.name, &column_name, not_null);
        }
        let unlogged = cx.table(self.name).is_some_and(|table| table.unlogged);
        if let Some(ColumnDefault::Identity { sequence, .. }) = &mut column.default {
            sequence.unlogged |= unlogged;
        }
        if let Some((sequence_name, mut sequence, span)) = sequence {
            sequence.unlogged |= unlogged;
            sequence.owned_by = Some((self.name.clone(), column_name.clone()));
            cx.apply_to(self.name, &column_name, NormalRule::Serial);
            cx.put(
                ObjectId::Sequence(sequence_name),
                crate::model::Entry::new(sequence.into(), span),
            );
        }
        let heirs = if self.only { Vec::new() } else { cx.heirs(self.name) };
        for table in heirs.iter().chain([self.name]) {
            super::freeze::freeze_over(cx, table, self.span);
        }
        for heir in heirs {
            add_inherited(cx, &heir, &column, self.span);
        }
        if let Some((table, origin)) = cx.table_mut(self.name) {
            table.columns.push(column);
            origin.record(Place::part(&column_name), self.span);
            for (facet, span) in places {
                origin.record(Place::part_facet(&column_name, facet), span);
            }
        }
        cx.take_identity_names(self.name);
        for constraint in constraints {
            table::add_constraint(cx, self.name, constraint, self.only)?;
        }
        Ok(())
    }

    fn drop_column(
        &self,
        cx: &mut Interpreter<'_>,
        column: &Ident,
        if_exists: bool,
        cascade: bool,
    ) -> Result<(), Problem> {
        let (table, _) =
            cx.table_mut(self.name).ok_or_else(|| missing("table", &self.name.clone().into()))?;
        if table.column(column).is_none() {
            return if if_exists { Ok(()) } else { Err(no_column(self.name, column)) };
        }
        super::drop::drop_table_column(cx, self.name, column, cascade, self.span);
        for child in cx.children_of(self.name) {
            self.drop_inherited(cx, &child, column, cascade);
        }
        Ok(())
    }

    /// Drops the column from a child, unless that has it by itself or from another parent;
    /// with ONLY it becomes the child's own (`ATExecDropColumn`).
    fn drop_inherited(
        &self,
        cx: &mut Interpreter<'_>,
        child: &QualifiedName,
        column: &Ident,
        cascade: bool,
    ) {
        if self.only {
            let own = cx.table_mut(child).and_then(|(table, _)| table.column_mut(column));
            own.into_iter().for_each(|column| column.inherited = false);
            return;
        }
        let Some(table) = cx.table(child) else { return };
        let inherited = table.column(column).is_some_and(|column| column.inherited);
        let has = |parent: &QualifiedName| {
            cx.table(parent).is_some_and(|table| table.column(column).is_some())
        };
        if table.inherits.iter().any(has) || !(inherited || table.partition_of.is_some()) {
            return;
        }
        super::drop::drop_table_column(cx, child, column, cascade, self.span);
        for grandchild in cx.children_of(child) {
            self.drop_inherited(cx, &grandchild, column, cascade);
        }
    }

    fn column_type(
        &self,
        cx: &mut Interpreter<'_>,
        column: &Ident,
        ty: &TypeName,
        collation: Option<Name>,
    ) -> Result<(), Problem> {
        let ty = cx.resolve_type(ty);
        let heirs = if self.only { Vec::new() } else { cx.heirs(self.name) };
        for table in heirs.iter().chain([self.name]) {
            super::retype::write_types(cx, table, column);
        }
        let collation = collation.map(|mut collation| {
            cx.resolve_collation(&mut collation);
            collation
        });
        let change = |column: &mut Column| {
            column.ty.clone_from(&ty);
            let details = column.details.to_mut();
            details.collation.clone_from(&collation);
            // ATPrepAlterColumnType resets what depends on the type: statistics stay,
            // storage becomes that of the new type (src/backend/commands/tablecmds.c).
            details.storage = None;
            details.compression = None;
            if let Some(ColumnDefault::Identity { sequence, .. }) = &mut column.default {
                let options = SequenceOptions::of_type(ty.clone());
                options.change(sequence);
            }
        };
        self.inherited(cx, column, Facet::Type, change)
    }

    fn column_default(
        &self,
        cx: &mut Interpreter<'_>,
        column: &Ident,
        default: Option<Expr>,
    ) -> Result<(), Problem> {
        let path = cx.path.clone();
        let default = default.map(|expr| ColumnDefault::Expression(unresolved(expr)));
        let change = |column: &mut Column| {
            column.default.clone_from(&default);
            table::set_path(column, &path);
        };
        self.inherited(cx, column, Facet::Default, change)
    }

    fn set_expression(
        &self,
        cx: &mut Interpreter<'_>,
        column: &Ident,
        expression: Expr,
    ) -> Result<(), Problem> {
        let path = cx.path.clone();
        let change = |column: &mut Column| {
            if let Some(ColumnDefault::Generated { expression: old, .. }) = &mut column.default {
                old.expr.clone_from(&expression);
                old.path.clone_from(&path);
            }
        };
        self.inherited(cx, column, Facet::Generated, change)
    }

    fn drop_expression(&self, cx: &mut Interpreter<'_>, column: &Ident) -> Result<(), Problem> {
        self.inherited(cx, column, Facet::Generated, |column| {
            if matches!(column.default, Some(ColumnDefault::Generated { .. })) {
                column.default = None;
            }
        })
    }

    fn add_identity(
        &self,
        cx: &mut Interpreter<'_>,
        column: &Ident,
        always: bool,
        options: &SequenceOptions,
    ) -> Result<(), Problem> {
        let sequence_name = match &options.name {
            Some(name) => cx.creation_name(name),
            None => super::sequence::choose_sequence_name(cx, self.name, column, &[]),
        };
        let unlogged = cx.table(self.name).is_some_and(|table| table.unlogged);
        let integer = cx.resolve_type(&TypeName::builtin("int8"));
        let data_type = options.data_type.as_ref().map(|ty| cx.resolve_type(ty));
        self.column(cx, column, Facet::Identity, |column| {
            let column_type = if column.ty.array { integer } else { column.ty.clone() };
            let mut sequence = options.sequence(&data_type.unwrap_or(column_type));
            sequence.unlogged = options.unlogged.unwrap_or(unlogged);
            let sequence = Box::new(sequence);
            column.default = Some(ColumnDefault::Identity { always, sequence_name, sequence });
        })?;
        cx.take_identity_names(self.name);
        Ok(())
    }

    fn set_identity(
        &self,
        cx: &mut Interpreter<'_>,
        column: &Ident,
        always: Option<bool>,
        options: &SequenceOptions,
    ) -> Result<(), Problem> {
        self.column(cx, column, Facet::Identity, |column| {
            if let Some(ColumnDefault::Identity { always: old, sequence, .. }) = &mut column.default
            {
                *old = always.unwrap_or(*old);
                options.change(sequence);
            }
        })
    }

    fn drop_identity(
        &self,
        cx: &mut Interpreter<'_>,
        column: &Ident,
        if_exists: bool,
    ) -> Result<(), Problem> {
        let mut sequence = None;
        let result = self.column(cx, column, Facet::Identity, |column| {
            if let Some(ColumnDefault::Identity { sequence_name, .. }) = &column.default {
                sequence = Some(sequence_name.clone());
                column.default = None;
            }
        });
        if let Some(sequence) = sequence {
            cx.free_relation_name(&sequence);
        }
        if if_exists { Ok(()) } else { result }
    }

    fn inherit(&self, cx: &mut Interpreter<'_>, parent: &Name) -> Result<(), Problem> {
        cx.has_heirs = true;
        let (parent, _) = cx.relation(parent)?;
        if let Some((table, origin)) = cx.table_mut(self.name) {
            table.inherits.push(parent);
            origin.record(Place::facet(Facet::Inherits), self.span);
        }
        Ok(())
    }

    fn no_inherit(&self, cx: &mut Interpreter<'_>, parent: &Name) -> Result<(), Problem> {
        let (parent, _) = cx.relation(parent)?;
        super::detach::keep_inherited(cx, self.name, &parent);
        let others = cx.table(self.name).map(|table| table.inherits.clone()).unwrap_or_default();
        let others = others.iter().filter(|other| **other != parent);
        let still: std::collections::HashSet<Ident> = others
            .filter_map(|other| cx.table(other))
            .flat_map(|table| table.columns.iter().map(|column| column.name.clone()))
            .collect();
        if let Some((table, origin)) = cx.table_mut(self.name) {
            table.inherits.retain(|other| *other != parent);
            for column in &mut table.columns {
                column.inherited &= still.contains(&column.name);
            }
            origin.record(Place::facet(Facet::Inherits), self.span);
        }
        Ok(())
    }

    fn attach(
        &self,
        cx: &mut Interpreter<'_>,
        partition: &Name,
        bound: Option<PartitionBound>,
    ) -> Result<(), Problem> {
        cx.has_heirs = true;
        let (partition, _) = cx.relation(partition)?;
        let path = cx.path.clone();
        let parent = self.name.clone();
        if cx.table(self.name).is_none_or(|table| table.partition_by.is_none()) {
            return Err(not_for("not partitioned", self.name));
        }
        super::attach::take_over(cx, &partition, &parent);
        if let Some((table, origin)) = cx.table_mut(&partition) {
            let bound = bound.unwrap_or(PartitionBound::Default);
            table.partition_of = Some(PartitionOf { parent, bound, path });
            origin.record(Place::facet(Facet::PartitionOf), self.span);
            origin.record(Place::facet(Facet::PartitionBound), self.span);
        }
        Ok(())
    }

    fn detach(
        &self,
        cx: &mut Interpreter<'_>,
        partition: &Name,
        concurrently: bool,
    ) -> Result<(), Problem> {
        let (partition, _) = cx.relation(partition)?;
        if concurrently {
            super::partition_check::add(cx, &partition, self.span)?;
        }
        super::detach::keep_parts(cx, &partition, self.name)?;
        if let Some((table, origin)) = cx.table_mut(&partition) {
            table.partition_of = None;
            origin.record(Place::facet(Facet::PartitionOf), self.span);
        }
        Ok(())
    }
}

/// `ENABLE TRIGGER` and its like, on a table or view.
pub(super) fn set_trigger(
    cx: &mut Interpreter<'_>,
    relation: &QualifiedName,
    which: &Triggers,
    enabled: Enabled,
    only: bool,
    span: Span,
) -> Result<(), Problem> {
    super::trigger::set_enabled(cx, relation, which, enabled, only, span)
}

fn add_inherited(cx: &mut Interpreter<'_>, heir: &QualifiedName, column: &Column, span: Span) {
    let Some((table, origin)) = cx.table_mut(heir) else {
        return;
    };
    if table.column(&column.name).is_none() {
        let partition = table.partition_of.is_some();
        table.columns.push(table::inherited_column(column, partition));
        origin.record(Place::part(&column.name), span);
    }
}

fn no_column(table: &QualifiedName, column: &Ident) -> Problem {
    Problem::new(
        ProblemCode::Missing,
        format!("column \"{}\" of \"{}\" does not exist", column.as_str(), table.name.as_str()),
    )
}

impl Interpreter<'_> {
    /// All tables that inherit from a table, directly or not; partitions included.
    pub fn heirs(&self, name: &QualifiedName) -> Vec<QualifiedName> {
        let mut heirs = Vec::new();
        let mut known = std::collections::HashSet::new();
        let mut waiting = vec![name.clone()];
        while let Some(parent) = waiting.pop() {
            for child in self.children_of(&parent) {
                if known.insert(child.clone()) {
                    waiting.push(child.clone());
                    heirs.push(child);
                }
            }
        }
        heirs
    }

    /// The tables that inherit directly from a table.
    pub fn children_of(&self, parent: &QualifiedName) -> Vec<QualifiedName> {
        if !self.has_heirs {
            return Vec::new();
        }
        let child = |(id, entry): (&ObjectId, &crate::model::Entry)| {
            let table = <&Table>::try_from(&entry.object).ok()?;
            let inherits = table.inherits.contains(parent)
                || table.partition_of.as_ref().is_some_and(|of| of.parent == *parent);
            id.qualified_name().filter(|_| inherits).cloned()
        };
        self.schema.objects.entries_naming(&parent.name).filter_map(child).collect()
    }

    /// Removes what cannot be without a column: keys, checks and indexes over it,
    /// foreign keys to it, its sequence (`performDeletion`).
    pub fn drop_column_dependents(&mut self, table: &QualifiedName, column: &Ident) {
        let uses = |(id, entry): (&ObjectId, &crate::model::Entry)| {
            constraint::uses_column(id, &entry.object, table, column).then(|| id.clone())
        };
        let naming = self.schema.objects.entries_naming(&table.name);
        let ids: Vec<ObjectId> = naming.filter_map(uses).collect();
        for id in ids {
            self.remove(&id);
        }
        let child = Child::new(table.clone(), column.clone());
        self.free_identity_sequence(&child);
    }
}
