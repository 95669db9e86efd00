//! How a difference of one object is mended: altered where it stands when PostgreSQL can
//! do that, rebuilt when it cannot.

use std::collections::BTreeSet;

use super::changes::Sides;
use super::unit::Unit;
use super::view_columns;
use crate::model::{
    ColumnDefault, Composite, Constraint, ConstraintDefinition, Enum, Facet, Object, ObjectId,
    Parameter, ParameterMode, Policy, Publication, Routine, Server, Table, View,
};

/// How a difference is mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Nothing of the definition differs.
    Nothing,
    Alter,
    Retype,
    Swap,
    Rebuild,
}

/// Facets that are said of an object from outside.
pub(super) const SAID: &[Facet] =
    &[Facet::Owner, Facet::Comment, Facet::Privileges, Facet::SecurityLabel];

/// How an object or column that both sides have gets from one to the other.
pub(super) fn way(id: &ObjectId, facets: &BTreeSet<Facet>, sides: Sides<'_, '_>) -> Way {
    if let ObjectId::DefaultPrivileges(_) = id {
        return Way::Alter;
    }
    let own: BTreeSet<Facet> =
        facets.iter().copied().filter(|facet| !SAID.contains(facet)).collect();
    if own.is_empty() {
        return Way::Nothing;
    }
    if let ObjectId::Column(child) = id {
        let columns = sides.from.column(child).zip(sides.to.column(child));
        return columns.map_or(Way::Nothing, |(from, to)| column(from, to, sides));
    }
    let (Some(from), Some(to)) = (sides.from.object(id), sides.to.object(id)) else {
        return Way::Nothing;
    };
    let only = |allowed: &[Facet]| {
        if own.iter().all(|facet| allowed.contains(facet)) { Way::Alter } else { Way::Rebuild }
    };
    match (from, to) {
        (Object::Enum(from), Object::Enum(to)) => enumeration(from, to),
        (Object::Domain(from), Object::Domain(to)) => {
            let is_same = from.base == to.base && from.collation == to.collation;
            if is_same { Way::Alter } else { Way::Swap }
        }
        (Object::Range(_), _) => Way::Swap,
        (Object::Composite(from), Object::Composite(to)) => composite(id, from, to, sides),
        (Object::Table(from), Object::Table(to)) => table(from, to),
        (Object::Constraint(from), Object::Constraint(to)) => constraint(from, to),
        (Object::Index(_), _) => {
            only(&[Facet::Option, Facet::Tablespace, Facet::StatisticsTarget, Facet::AttachedTo])
        }
        (Object::View(from), Object::View(to)) => view(from, to, sides),
        (Object::MaterializedView(_), _) => {
            only(&[Facet::Option, Facet::Tablespace, Facet::ClusterOn, Facet::Attribute])
        }
        (Object::Rule(_) | Object::Trigger(_) | Object::EventTrigger(_), _) => {
            only(&[Facet::Enabled])
        }
        (Object::Policy(from), Object::Policy(to)) => policy(from, to),
        (Object::Routine(from), Object::Routine(to)) => routine(from, to),
        (Object::Extension(_), _) => extension(id),
        (Object::Statistics(_), _) => only(&[Facet::StatisticsTarget]),
        (Object::Server(from), Object::Server(to)) => server(from, to),
        (Object::Publication(from), Object::Publication(to)) => publication(from, to),
        (Object::TextSearchDictionary(_), _) => only(&[Facet::Option]),
        (Object::TextSearchConfiguration(_), _) => only(&[Facet::Mapping]),
        (
            Object::Role(_)
            | Object::Namespace(_)
            | Object::Sequence(_)
            | Object::ForeignDataWrapper(_)
            | Object::UserMapping(_)
            | Object::Subscription(_)
            | Object::DefaultPrivileges(_),
            _,
        ) => Way::Alter,
        _no_way_to_alter => Way::Rebuild,
    }
}

/// Some extensions cannot be moved to another schema: their control files do not say
/// `relocatable`.
fn extension(id: &ObjectId) -> Way {
    const BOUND: &[&str] = &[
        "adminpack",
        "hll",
        "ip4r",
        "orafce",
        "periods",
        "pg_cron",
        "pg_partman",
        "pg_repack",
        "postgis",
        "postgis_raster",
        "postgis_tiger_geocoder",
        "postgis_topology",
        "timescaledb",
        "unit",
        "xml2",
    ];
    match id {
        ObjectId::Extension(name) if BOUND.contains(&name.as_str()) => Way::Rebuild,
        _relocatable => Way::Alter,
    }
}

/// Labels can be added anywhere, never taken away or moved.
fn enumeration(from: &Enum, to: &Enum) -> Way {
    let mut rest = to.labels.iter();
    let is_part = from.labels.iter().all(|label| rest.any(|other| other == label));
    if is_part { Way::Alter } else { Way::Swap }
}

/// The type of an attribute cannot be altered while a column holds values of the type
/// (`find_composite_type_dependencies`, `src/backend/commands/tablecmds.c`).
fn composite(id: &ObjectId, from: &Composite, to: &Composite, sides: Sides<'_, '_>) -> Way {
    let is_retyped = from.attributes.iter().any(|old| {
        let new = to.attributes.iter().find(|new| new.name == old.name);
        new.is_some_and(|new| new.ty != old.ty || new.collation != old.collation)
    });
    if is_retyped && is_in_column(id, sides) { Way::Swap } else { Way::Alter }
}

/// True when a column is of that type, or of one that is built of it.
fn is_in_column(id: &ObjectId, sides: Sides<'_, '_>) -> bool {
    let mut work = vec![Unit::from(id)];
    let mut seen: BTreeSet<Unit> = BTreeSet::new();
    while let Some(unit) = work.pop() {
        for user in sides.from.used_by(&unit) {
            match user {
                Unit::Object(ObjectId::Column(_)) => return true,
                Unit::Object(ObjectId::Composite(_) | ObjectId::Domain(_) | ObjectId::Range(_))
                    if seen.insert(user.clone()) =>
                {
                    work.push(user.clone());
                }
                _other => {}
            }
        }
    }
    false
}

fn column(from: &crate::model::Column, to: &crate::model::Column, _sides: Sides<'_, '_>) -> Way {
    let is_generated = |column: &crate::model::Column| {
        matches!(column.default, Some(ColumnDefault::Generated { .. }))
    };
    let retyped = from.ty != to.ty || from.details.collation != to.details.collation;
    match (is_generated(from), is_generated(to)) {
        (true, true) if retyped || !same_generated(from, to) => Way::Rebuild,
        (false, true) => Way::Rebuild,
        (true, false) => match &from.default {
            // A virtual column has no values that could stay.
            Some(ColumnDefault::Generated { stored: true, .. }) if !retyped => Way::Alter,
            _virtual => Way::Rebuild,
        },
        _plain if retyped => Way::Retype,
        _plain => Way::Alter,
    }
}

fn same_generated(from: &crate::model::Column, to: &crate::model::Column) -> bool {
    match (&from.default, &to.default) {
        (
            Some(ColumnDefault::Generated { expression: from, stored: from_stored }),
            Some(ColumnDefault::Generated { expression: to, stored: to_stored }),
        ) => from.expr == to.expr && from_stored == to_stored,
        _other => false,
    }
}

fn table(from: &Table, to: &Table) -> Way {
    let key =
        |table: &Table| table.partition_by.as_ref().map(|key| (key.strategy, key.keys.clone()));
    let server = |table: &Table| table.foreign.as_ref().map(|foreign| foreign.server.clone());
    if key(from) != key(to) || server(from) != server(to) { Way::Rebuild } else { Way::Alter }
}

fn constraint(from: &Constraint, to: &Constraint) -> Way {
    let without_flags = |constraint: &Constraint| {
        let mut plain = constraint.clone();
        plain.validated = true;
        plain.deferrable = false;
        plain.initially_deferred = false;
        match &mut plain.definition {
            ConstraintDefinition::PrimaryKey(key) | ConstraintDefinition::Unique(key) => {
                key.partitions.clear();
            }
            _no_index => {}
        }
        plain
    };
    let is_foreign = matches!(from.definition, ConstraintDefinition::ForeignKey(_));
    let deferral = |constraint: &Constraint| (constraint.deferrable, constraint.initially_deferred);
    let same_deferral = deferral(from) == deferral(to);
    let can_validate = from.validated || !from.validated && to.validated;
    if super::constraint::same_definition(&without_flags(from), &without_flags(to))
        && (is_foreign || same_deferral)
        && (from.validated == to.validated || can_validate && to.validated)
    {
        Way::Alter
    } else {
        Way::Rebuild
    }
}

fn view(from: &View, to: &View, sides: Sides<'_, '_>) -> Way {
    if from.query.value == to.query.value && from.columns == to.columns {
        return Way::Alter;
    }
    if view_columns::can_replace(from, to, sides) { Way::Alter } else { Way::Rebuild }
}

/// `ALTER POLICY` changes roles and conditions, and cannot take a condition away
/// (`AlterPolicy`, `src/backend/commands/policy.c`).
fn policy(from: &Policy, to: &Policy) -> Way {
    let is_lost = from.using.is_some() && to.using.is_none()
        || from.with_check.is_some() && to.with_check.is_none();
    if from.permissive == to.permissive && from.command == to.command && !is_lost {
        Way::Alter
    } else {
        Way::Rebuild
    }
}

/// `CREATE OR REPLACE` keeps kind, result, and names and types of parameters, and takes
/// no default away (`ProcedureCreate`, `src/backend/catalog/pg_proc.c`).
fn routine(from: &Routine, to: &Routine) -> Way {
    let same_parameter = |(from, to): (&Parameter, &Parameter)| {
        let is_input = !matches!(from.mode, ParameterMode::Out | ParameterMode::Table);
        let same_name = from.name == to.name || from.name.is_none() && is_input;
        let keeps_default = from.default.is_none() || to.default.is_some();
        from.mode == to.mode && from.ty == to.ty && same_name && keeps_default
    };
    let same = from.kind == to.kind
        && from.returns == to.returns
        && from.parameters.len() == to.parameters.len()
        && from.parameters.iter().zip(&to.parameters).all(same_parameter);
    if same { Way::Alter } else { Way::Rebuild }
}

fn server(from: &Server, to: &Server) -> Way {
    let is_same = from.wrapper == to.wrapper
        && from.server_type == to.server_type
        && (from.version == to.version || to.version.is_some());
    if is_same { Way::Alter } else { Way::Rebuild }
}

fn publication(from: &Publication, to: &Publication) -> Way {
    if from.all_tables == to.all_tables { Way::Alter } else { Way::Rebuild }
}
