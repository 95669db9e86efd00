//! Differences that only follow from others: the same text on both sides, which means
//! something else because a column that it reads has another type, or a function that
//! it calls is gone. What it follows from is reported; it would be one change twice.
//!
//! In go both objects as written. The surprising thing: the text alone is not enough,
//! the search path has to be the same too, since a name under another path can be
//! another object without any other difference.

use std::collections::BTreeMap;

use super::compare::Findings;
use super::drift::{Drift, DriftKind, SkipReason, Skipped};
use super::{FacetKey, Facets, column, object_facets};
use crate::model::{
    ColumnDefault, ConstraintDefinition, Expression, Facet, Ident, Object, ObjectId, Pair,
    QualifiedName, RoutineBody, SearchPath,
};
use crate::normalize::{NormalObject, NormalSchema};

/// Both sides as written, by facets.
pub(super) struct Written(Option<Pair<Facets>>);

impl Written {
    /// The facets of an object, or of a column of it, when both are read under one path.
    pub(super) fn of(sides: Pair<&NormalObject>, part: Option<&Ident>) -> Self {
        let written = sides.map(NormalObject::written);
        let paths = written.map(|object| paths(object, part));
        let same = paths.canonical == paths.live && !paths.canonical.is_empty();
        Self(same.then(|| written.map(|object| facets(object, part))))
    }

    /// True when both sides say the same of the facet in so many words.
    pub(super) fn agree(&self, key: &FacetKey) -> bool {
        self.0.as_ref().is_some_and(|Pair { canonical, live }| {
            let canonical = canonical.0.get(key);
            canonical.is_some() && canonical == live.0.get(key)
        })
    }
}

fn facets(object: &Object, part: Option<&Ident>) -> Facets {
    match (object, part) {
        (Object::Table(table), Some(part)) => {
            table.column(part).map(column::facets).unwrap_or_default()
        }
        _whole => {
            let mut facets = Facets::default();
            object_facets(object, &mut facets);
            facets
        }
    }
}

/// The paths of what is analysed of an object, or of a column of it.
fn paths<'a>(object: &'a Object, part: Option<&Ident>) -> Vec<&'a SearchPath> {
    let of = |expression: &'a Expression| &expression.path;
    match object {
        Object::Table(table) => {
            let column = part.and_then(|part| table.column(part));
            match column.and_then(|column| column.default.as_ref()) {
                Some(
                    ColumnDefault::Expression(expression)
                    | ColumnDefault::Generated { expression, .. },
                ) => vec![of(expression)],
                Some(ColumnDefault::Identity { .. }) | None => Vec::new(),
            }
        }
        Object::Constraint(constraint) => match &constraint.definition {
            ConstraintDefinition::Check { expression, .. } => vec![of(expression)],
            ConstraintDefinition::Exclusion(exclusion) => vec![&exclusion.path],
            ConstraintDefinition::PrimaryKey(_)
            | ConstraintDefinition::Unique(_)
            | ConstraintDefinition::ForeignKey(_) => Vec::new(),
        },
        Object::Index(index) => vec![&index.path],
        Object::View(view) => vec![&view.query.path],
        Object::MaterializedView(view) => vec![&view.query.path],
        Object::Policy(policy) => policy.using.iter().chain(&policy.with_check).map(of).collect(),
        Object::Trigger(trigger) => trigger.condition.iter().map(of).collect(),
        Object::Rule(rule) => {
            let actions = rule.actions.iter().map(|action| &action.path);
            rule.condition.iter().map(of).chain(actions).collect()
        }
        Object::Routine(routine) => {
            let defaults = routine.parameters.iter().filter_map(|p| p.default.as_ref()).map(of);
            let body: &'a [_] = match &routine.body {
                RoutineBody::Sql(commands) => commands,
                RoutineBody::Source(_) | RoutineBody::Library { .. } => &[],
            };
            defaults.chain(body.iter().map(|command| &command.path)).collect()
        }
        Object::Domain(domain) => domain.default.iter().map(of).collect(),
        Object::Statistics(statistics) => vec![&statistics.path],
        Object::Publication(publication) => {
            publication.tables.values().filter_map(|table| table.filter.as_ref()).map(of).collect()
        }
        Object::Role(_)
        | Object::Namespace(_)
        | Object::Extension(_)
        | Object::Language(_)
        | Object::AccessMethod(_)
        | Object::Collation(_)
        | Object::Conversion(_)
        | Object::Enum(_)
        | Object::Composite(_)
        | Object::Range(_)
        | Object::BaseType(_)
        | Object::Sequence(_)
        | Object::Aggregate(_)
        | Object::Operator(_)
        | Object::OperatorClass(_)
        | Object::OperatorFamily(_)
        | Object::Cast(_)
        | Object::Transform(_)
        | Object::TextSearchFunctions(_)
        | Object::TextSearchDictionary(_)
        | Object::TextSearchConfiguration(_)
        | Object::EventTrigger(_)
        | Object::ForeignDataWrapper(_)
        | Object::Server(_)
        | Object::UserMapping(_)
        | Object::Subscription(_)
        | Object::DefaultPrivileges(_) => Vec::new(),
    }
}

/// The sequences of a table that is logged on one side only are so as well: `ALTER TABLE ..
/// SET LOGGED` is about both (`ATPrepChangePersistence`, `src/backend/commands/tablecmds.c`).
pub(super) fn persistence(sides: Pair<&NormalSchema>, findings: &mut Findings) {
    let values = |drift: &Drift| match &drift.kind {
        DriftKind::Changed { facet, values } if facet.facet == Facet::Persistence => {
            Some(values.clone())
        }
        _another_drift => None,
    };
    let of_table = |drift: &Drift| match &drift.object {
        ObjectId::Table(name) => Some((name.clone(), values(drift)?)),
        _no_table => None,
    };
    let tables: BTreeMap<QualifiedName, _> = findings.drifts.iter().filter_map(of_table).collect();
    if tables.is_empty() {
        return;
    }
    let owner = |side: &NormalSchema, id: &ObjectId| match side.get(id).map(NormalObject::object) {
        Some(Object::Sequence(sequence)) => sequence.owned_by.as_ref().map(|of| of.0.clone()),
        _no_sequence => None,
    };
    let table = |id: &ObjectId| match id {
        ObjectId::Column(child) => Some(child.parent.clone()),
        ObjectId::Sequence(_) => {
            let Pair { canonical, live } = sides.map(|side| owner(side, id));
            canonical.filter(|own| Some(own) == live.as_ref())
        }
        _no_sequence => None,
    };
    let follows = |drift: &Drift| {
        let of = values(drift).zip(table(&drift.object));
        of.is_some_and(|(values, table)| tables.get(&table) == Some(&values))
    };
    let (following, rest) =
        std::mem::take(&mut findings.drifts).into_iter().partition(|drift| follows(drift));
    findings.drifts = rest;
    findings.following.extend::<Vec<Drift>>(following);
}

/// Leaves out what follows, when there is something that it can follow from.
pub(super) fn leave_out(findings: &mut Findings) {
    let following = std::mem::take(&mut findings.following);
    if findings.drifts.iter().all(|drift| drift.undecided) {
        findings.drifts.extend(following);
        return;
    }
    let skipped = |drift: Drift| Skipped {
        reason: SkipReason::FollowsChange,
        facet: drift.facet().cloned(),
        object: drift.object,
        spans: drift.spans,
    };
    findings.skipped.extend(following.into_iter().map(skipped));
}
