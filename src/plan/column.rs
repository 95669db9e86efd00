//! What can be altered of a column: type, default, identity, NOT NULL, storage.

use super::changes::Change;
use super::planner::Planner;
use super::step::{Rank, Step};
use super::unit::Unit;
use crate::emit::sql::SqlWriter;
use crate::model::Hazard;
use crate::model::{
    Child, Column, ColumnDefault, Ident, NotNull, ObjectId, QualifiedName, Sequence, TypeName,
};

impl Planner<'_, '_> {
    /// The steps of a column that keeps its type.
    pub(super) fn alter_column(&mut self, child: &Child) {
        let columns = self.from().column(child).zip(self.to().column(child));
        if let Some((from, to)) = columns {
            self.attributes(child, from, to, false);
        }
    }

    /// `ALTER COLUMN .. TYPE`, with its default out of the way.
    pub(super) fn retype(&mut self, unit: &Unit) {
        let Unit::Object(ObjectId::Column(child)) = unit else { return };
        let Some((from, to)) = self.from().column(child).zip(self.to().column(child)) else {
            return;
        };
        let default = Unit::Default(child.clone());
        if !self.follows_parent(child, unit) {
            self.push_retype(child, unit, from, to);
        }
        if matches!(to.default, Some(ColumnDefault::Expression(_))) {
            self.set_default(child);
        }
        if let Some(Step { needs, .. }) = self.steps.last_mut().filter(|step| step.unit == default)
        {
            needs.insert(unit.clone());
        }
        self.attributes(child, from, to, true);
    }

    fn push_retype(&mut self, child: &Child, unit: &Unit, from: &Column, to: &Column) {
        let default = Unit::Default(child.clone());
        let swapped = |unit: &Unit| self.changes.of(unit) == Some(Change::Swap);
        let frees = self.uses_of(&[unit.clone(), default.clone()]);
        let frees: Vec<Unit> = frees
            .into_iter()
            .map(|unit| match unit {
                Unit::Object(id) if swapped(&Unit::Object(id.clone())) => Unit::Old(id),
                other => other,
            })
            .collect();
        let needs: Vec<Unit> = self.to().uses(unit).cloned().collect();
        let is_swapped = self.from().uses(unit).any(swapped);
        let is_foreign =
            self.to().table(&child.parent).is_some_and(|table| table.foreign.is_some());
        let using = if is_foreign { Using::None } else { using(&from.ty, &to.ty, is_swapped) };
        let step = Step::new(Rank::Column, unit, |w| {
            if matches!(from.default, Some(ColumnDefault::Expression(_))) {
                w.alter_column(&child.parent, &child.name).sql("DROP DEFAULT;\n");
            }
            // The sequence of an identity column follows the type of the column
            // (`transformAlterTableStmt`, `src/backend/parser/parse_utilcmd.c`), and its
            // bounds must suit both.
            let identity = identities(from, to);
            if let Some((name, old, new)) = identity.filter(|(_, old, new)| new.max < old.max) {
                let narrow = Sequence { data_type: old.data_type.clone(), ..new.clone() };
                w.changed_sequence(name, old, &narrow);
            }
            w.sql("ALTER TABLE ").qualified(&child.parent);
            w.sql(" ALTER COLUMN ").ident(&child.name);
            w.sql(" TYPE ").type_name(&to.ty);
            if let Some(collation) = &to.details.collation {
                w.sql(" COLLATE ").collation(collation);
            }
            write_using(w, using, &child.name, &to.ty);
            w.sql(";\n");
            if let Some((name, old, new)) = identity.filter(|(_, old, new)| new.max >= old.max) {
                let typed = Sequence { data_type: new.data_type.clone(), ..old.clone() };
                w.changed_sequence(name, &typed, new);
            }
        });
        let step = step.needs(&needs).frees(&frees).takes([unit, &default]).gives([unit]);
        self.push(
            step.hazard(Hazard::TableRewrite)
                .hazard(Hazard::AccessExclusiveLock)
                .hazard(Hazard::MayFail),
        );
    }

    /// The plain default of a column is another one.
    pub(super) fn change_default(&mut self, child: &Child) {
        let unit = Unit::Default(child.clone());
        let frees = self.uses_of(std::slice::from_ref(&unit));
        self.set_default(child);
        if let Some(step) = self.steps.last_mut().filter(|step| step.unit == unit) {
            step.frees.extend(frees);
            step.gives.clear();
        }
    }

    fn attributes(&mut self, child: &Child, from: &Column, to: &Column, retyped: bool) {
        let unit = Unit::Object(ObjectId::Column(child.clone()));
        self.generated_lost(child, from, to);
        self.identity(child, from, to, retyped);
        self.not_null(child, from, to);
        let (table, name) = (&child.parent, &child.name);
        self.push(
            Step::new(Rank::Attributes, &unit, |w| {
                if from.details.storage != to.details.storage
                    || retyped && to.details.storage.is_some()
                {
                    w.alter_column(table, name).sql("SET STORAGE ");
                    match &to.details.storage {
                        Some(storage) => w.ident(storage),
                        None => {
                            w.sql(default_storage(&to.ty));
                        }
                    }
                    w.sql(";\n");
                }
                if from.details.compression != to.details.compression {
                    w.alter_column(table, name).sql("SET COMPRESSION ");
                    match &to.details.compression {
                        Some(compression) => w.ident(compression),
                        None => {
                            w.sql("DEFAULT");
                        }
                    }
                    w.sql(";\n");
                }
                if from.details.statistics != to.details.statistics {
                    let target = to.details.statistics.unwrap_or(-1);
                    w.alter_column(table, name).sql("SET STATISTICS ").number(target).sql(";\n");
                }
                w.changed_column_options(table, from, to);
            })
            .needs([&unit]),
        );
    }

    /// A generated column becomes an ordinary one and keeps its values.
    fn generated_lost(&mut self, child: &Child, from: &Column, to: &Column) {
        let is_generated =
            |column: &Column| matches!(column.default, Some(ColumnDefault::Generated { .. }));
        if !is_generated(from) || is_generated(to) {
            return;
        }
        let unit = Unit::Object(ObjectId::Column(child.clone()));
        let frees = self.uses_of(std::slice::from_ref(&unit));
        let step = Step::new(Rank::Drop, &unit, |w| {
            w.sql("ALTER TABLE ").qualified(&child.parent);
            w.sql(" ALTER COLUMN ").ident(&child.name);
            w.sql(" DROP EXPRESSION;\n");
        });
        // A default can only be set when the expression is gone.
        self.push(step.frees(&frees).takes([&Unit::Default(child.clone())]));
    }

    fn identity(&mut self, child: &Child, from: &Column, to: &Column, retyped: bool) {
        let unit = Unit::Object(ObjectId::Column(child.clone()));
        let (table, name) = (&child.parent, &child.name);
        let sequence = |column: &Column| match &column.default {
            Some(ColumnDefault::Identity { always, sequence_name, sequence }) => {
                Some((*always, sequence_name.clone(), sequence.clone()))
            }
            _no_identity => None,
        };
        let of = |name: &QualifiedName| Unit::Object(ObjectId::Sequence(name.clone()));
        match (sequence(from), sequence(to)) {
            (Some((_, sequence, _)), None) => {
                let step = Step::new(Rank::Drop, &unit, |w| {
                    w.alter_column_everywhere(table, name).sql("DROP IDENTITY;\n");
                });
                let default = Unit::Default(child.clone());
                let gone = [of(&sequence), default];
                self.push(step.takes(&gone).hazard(Hazard::DataLoss));
            }
            (None, Some((always, sequence_name, sequence))) => {
                let step = Step::new(Rank::Defaults, &unit, |w| {
                    w.alter_column_everywhere(table, name).sql("ADD ");
                    w.identity(always, &sequence_name, &sequence);
                    w.sql(";\n");
                });
                let default = Unit::Default(child.clone());
                let step = step.gives([&of(&sequence_name), &default]);
                self.push(step.needs([&unit]));
            }
            (Some(from), Some(to)) => {
                let step = Step::new(Rank::Attributes, &unit, |w| {
                    if from.1 != to.1 {
                        w.sql("ALTER SEQUENCE ").qualified(&from.1);
                        w.sql(" RENAME TO ").ident(&to.1.name);
                        w.sql(";\n");
                    }
                    if from.0 != to.0 {
                        let kind = if to.0 { "ALWAYS" } else { "BY DEFAULT" };
                        w.alter_column_everywhere(table, name);
                        w.sql("SET GENERATED ").sql(kind).sql(";\n");
                    }
                    if !retyped {
                        w.changed_sequence(&to.1, &from.2, &to.2);
                    }
                });
                self.push(step.needs([&unit]));
            }
            (None, None) => {}
        }
    }

    fn not_null(&mut self, child: &Child, from: &Column, to: &Column) {
        let unit = Unit::Object(ObjectId::Column(child.clone()));
        if self.follows_parent(child, &unit) && from.inherited && to.inherited {
            return;
        }
        match (&from.not_null, &to.not_null) {
            (None, Some(not_null)) => {
                if not_null.name.is_none()
                    && !not_null.no_inherit
                    && !not_null.not_valid
                    && self.set_not_null_online(child)
                {
                    return;
                }
                let step = Step::new(Rank::Attributes, &unit, |w| w.set_not_null(child, not_null));
                self.push(step.needs([&unit]).hazard(Hazard::MayFail));
            }
            (Some(_), None) => {
                let step = Step::new(Rank::Attributes, &unit, |w| {
                    w.alter_column_everywhere(&child.parent, &child.name).sql("DROP NOT NULL;\n");
                });
                self.push(step.needs([&unit]));
            }
            (Some(from), Some(to)) => {
                let step =
                    Step::new(Rank::Attributes, &unit, |w| w.change_not_null(child, from, to));
                self.push(step.needs([&unit]));
            }
            (None, None) => {}
        }
    }
}

/// The sequences of a column that is an identity on both sides, under the name it has.
fn identities<'c>(
    from: &'c Column,
    to: &'c Column,
) -> Option<(&'c QualifiedName, &'c Sequence, &'c Sequence)> {
    match (&from.default, &to.default) {
        (
            Some(ColumnDefault::Identity { sequence_name, sequence: old, .. }),
            Some(ColumnDefault::Identity { sequence: new, .. }),
        ) => Some((sequence_name, old, new)),
        _not_both => None,
    }
}

/// How the values of a column get their new type.
#[derive(Clone, Copy)]
enum Using {
    /// By the assignment cast that is there.
    None,
    Cast,
    /// Through text, as there is no cast or the old type has the same name.
    Text,
}

/// PostgreSQL converts by itself what an assignment cast converts; other casts have to be
/// said, and where there is none, text is what every type can be read from
/// (`ATPrepAlterColumnType`, `src/backend/commands/tablecmds.c`).
fn using(from: &TypeName, to: &TypeName, is_swapped: bool) -> Using {
    if is_swapped {
        return Using::Text;
    }
    if from.name == to.name && from.array == to.array {
        return Using::None;
    }
    match (class(from), class(to)) {
        _ if from.array != to.array => Using::Text,
        (Some(a), Some(b)) if a == b => Using::Cast,
        (_, Some(Class::String)) | (Some(Class::String), _) => Using::Cast,
        (Some(Class::Boolean), _) if to.is_builtin("int4") => Using::Cast,
        (_, Some(Class::Boolean)) if from.is_builtin("int4") => Using::Cast,
        _no_cast_known => Using::Text,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    String,
    Number,
    Date,
    Json,
    Bits,
    Network,
    Boolean,
}

fn class(ty: &TypeName) -> Option<Class> {
    if !ty.name.namespace.as_ref().is_some_and(|namespace| *namespace == "pg_catalog") {
        return None;
    }
    Some(match ty.name.name.as_str() {
        "text" | "varchar" | "bpchar" | "name" => Class::String,
        "int2" | "int4" | "int8" | "numeric" | "float4" | "float8" | "oid" => Class::Number,
        "date" | "timestamp" | "timestamptz" => Class::Date,
        "json" | "jsonb" => Class::Json,
        "bit" | "varbit" => Class::Bits,
        "inet" | "cidr" => Class::Network,
        "bool" => Class::Boolean,
        _other => return None,
    })
}

fn write_using(w: &mut SqlWriter, using: Using, column: &Ident, to: &TypeName) {
    match using {
        Using::None => {}
        Using::Cast => {
            w.sql(" USING ").ident(column);
            w.sql("::").type_name(to);
        }
        Using::Text => {
            w.sql(" USING ").ident(column);
            w.sql(if to.array { "::text[]::" } else { "::text::" }).type_name(to);
        }
    }
}

/// The storage of a built-in type (`src/include/catalog/pg_type.dat`).
fn default_storage(ty: &TypeName) -> &'static str {
    if ty.array {
        return "EXTENDED";
    }
    match ty.name.name.as_str() {
        "numeric" | "inet" | "cidr" => "MAIN",
        "int2" | "int4" | "int8" | "bool" | "date" | "timestamp" | "timestamptz" | "uuid"
        | "float4" | "float8" | "time" | "timetz" | "interval" | "oid" => "PLAIN",
        _varlena => "EXTENDED",
    }
}

impl SqlWriter {
    /// `ALTER TABLE t ALTER COLUMN c `, for children too.
    fn alter_column_everywhere(&mut self, table: &QualifiedName, column: &Ident) -> &mut Self {
        self.sql("ALTER TABLE ").qualified(table);
        self.sql(" ALTER COLUMN ").ident(column);
        self.sql(" ")
    }

    fn set_not_null(&mut self, child: &Child, not_null: &NotNull) {
        let NotNull { name, no_inherit, not_valid, comment: _ } = not_null;
        if name.is_none() && !no_inherit && !not_valid {
            self.alter_column_everywhere(&child.parent, &child.name).sql("SET NOT NULL;\n");
            return;
        }
        self.sql("ALTER TABLE ").qualified(&child.parent);
        self.sql(" ADD ");
        if let Some(name) = name {
            self.sql("CONSTRAINT ").ident(name);
            self.sql(" ");
        }
        self.sql("NOT NULL ").ident(&child.name);
        self.sql(if *no_inherit { " NO INHERIT" } else { "" });
        self.sql(if *not_valid { " NOT VALID;\n" } else { ";\n" });
    }

    fn change_not_null(&mut self, child: &Child, from: &NotNull, to: &NotNull) {
        if !from.not_valid && to.not_valid {
            self.alter_column_everywhere(&child.parent, &child.name).sql("DROP NOT NULL;\n");
            return self.set_not_null(child, to);
        }
        if let (Some(from), Some(to)) = (&from.name, &to.name)
            && from != to
        {
            self.sql("ALTER TABLE ").qualified(&child.parent);
            self.sql(" RENAME CONSTRAINT ").ident(from);
            self.sql(" TO ").ident(to);
            self.sql(";\n");
        }
        if from.not_valid && !to.not_valid {
            self.alter_column_everywhere(&child.parent, &child.name).sql("SET NOT NULL;\n");
        }
        if let Some(name) = to.name.as_ref().filter(|_| from.no_inherit != to.no_inherit) {
            self.sql("ALTER TABLE ").qualified(&child.parent);
            self.sql(" ALTER CONSTRAINT ").ident(name);
            self.sql(if to.no_inherit { " NO INHERIT;\n" } else { " INHERIT;\n" });
        }
    }

    fn changed_column_options(&mut self, table: &QualifiedName, from: &Column, to: &Column) {
        let gone: Vec<&Ident> = from
            .details
            .options
            .keys()
            .filter(|key| !to.details.options.contains_key(*key))
            .collect();
        if !gone.is_empty() {
            self.alter_column(table, &to.name).sql("RESET (");
            self.list(gone, SqlWriter::ident);
            self.sql(");\n");
        }
        let mut set = to.details.options.clone();
        set.retain(|key, value| from.details.options.get(key) != Some(value));
        if !set.is_empty() {
            self.alter_column(table, &to.name).sql("SET (");
            self.options(&set);
            self.sql(");\n");
        }
        if from.details.foreign_options != to.details.foreign_options {
            self.sql("ALTER FOREIGN TABLE ").qualified(table);
            self.sql(" ALTER COLUMN ").ident(&to.name);
            self.changed_foreign_options(
                &from.details.foreign_options,
                &to.details.foreign_options,
            );
            self.sql(";\n");
        }
    }

    /// `ALTER SEQUENCE`, for what differs.
    pub(super) fn changed_sequence(
        &mut self,
        name: &QualifiedName,
        from: &Sequence,
        to: &Sequence,
    ) {
        let is_typed = from.data_type != to.data_type;
        if to.min > from.min || to.max < from.max {
            self.move_into_bounds(name, from, to);
        }
        let words: [(&'static str, i64, i64); 5] = [
            (" INCREMENT BY ", from.increment, to.increment),
            (" MINVALUE ", from.min, to.min),
            (" MAXVALUE ", from.max, to.max),
            (" START WITH ", from.start, to.start),
            (" CACHE ", from.cache, to.cache),
        ];
        let changed: Vec<_> =
            words.into_iter().filter(|(_, from, to)| from != to || is_typed).collect();
        if changed.is_empty() && from.cycle == to.cycle {
            return;
        }
        self.sql("ALTER SEQUENCE ").qualified(name);
        if is_typed {
            self.sql(" AS ").type_name(&to.data_type);
        }
        for (word, _, to) in changed {
            self.sql(word).number(to);
        }
        if from.cycle != to.cycle {
            self.sql(if to.cycle { " CYCLE" } else { " NO CYCLE" });
        }
        self.sql(";\n");
    }

    /// Where bounds get narrower, the place the sequence is at has to be within them
    /// (`init_params`, `src/backend/commands/sequence.c`).
    fn move_into_bounds(&mut self, name: &QualifiedName, from: &Sequence, to: &Sequence) {
        let (min, max) = (from.min.min(to.min), from.max.max(to.max));
        if to.max > from.max || to.min < from.min {
            self.sql("ALTER SEQUENCE ").qualified(name);
            if from.data_type != to.data_type {
                self.sql(" AS ").type_name(&to.data_type);
            }
            self.sql(" MINVALUE ").number(min).sql(" MAXVALUE ").number(max).sql(";\n");
        }
        self.sql("SELECT pg_catalog.setval(")
            .string(&regclass(name))
            .sql("::pg_catalog.regclass, ");
        self.sql("least(greatest(last_value, ").number(to.min).sql("), ").number(to.max);
        self.sql("), is_called AND last_value BETWEEN ").number(to.min);
        self.sql(" AND ").number(to.max).sql(") FROM ").qualified(name);
        self.sql(";\n");
    }
}

/// A name as the input function of `regclass` reads it.
fn regclass(name: &QualifiedName) -> String {
    let mut writer = SqlWriter::new(crate::emit::sql::Style::INLINE);
    writer.qualified(name);
    writer.finish()
}
