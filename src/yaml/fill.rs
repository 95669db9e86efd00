//! Fills what a schema in YAML does not say from the other side, so that a migration can be
//! planned towards a part.
//!
//! Two schemas and their judged drifts go in; the side that says only a part comes out in full:
//! everything is as the other side has it, except for what the drifts say. Surprising: the
//! result is not "what is said, with defaults". A default that the YAML is silent about is the
//! one of the other side, and an object that it does not name is the other side's.

use std::collections::{BTreeMap, BTreeSet};

use crate::diff::{Diff, Drift, DriftKind, SkipReason};
use crate::model::{
    Column, Constraint, ConstraintDefinition, Entry, Facet, Ident, Index, Key, Object, ObjectId,
    Origin, Policy, QualifiedName, Schema, Table,
};
use crate::normalize::{NormalSchema, normalize};

/// What cannot be filled: a facet of an object that differs and that this module does not take
/// over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfilled {
    /// The object.
    pub object: ObjectId,
    /// The facet.
    pub facet: Facet,
}

/// Fills `own` from `other`; `canonical` when it is the declared side.
///
/// # Errors
/// A drift cannot be taken over.
pub fn fill(
    own: &NormalSchema,
    other: &NormalSchema,
    canonical: bool,
    diff: &Diff,
) -> Result<NormalSchema, Box<Unfilled>> {
    let changes = Changes::new(canonical, diff);
    let removed_tables = changes.removed_tables(own, other);
    let mut objects: BTreeMap<ObjectId, Box<Entry>> = BTreeMap::new();
    for (id, object) in other {
        let gone = changes.removed.contains(id)
            || table_of(id, object.written()).is_some_and(|table| removed_tables.contains(table));
        if own.get(id).is_none() && !gone {
            let mut entry = object.entry().clone();
            // Its places are in sources of the other side.
            entry.origin = Origin { rules: entry.origin.rules, ..Origin::default() };
            objects.insert(id.clone(), Box::new(entry));
        }
    }
    for (id, object) in own {
        let entry = match other.get(id) {
            Some(live) => changes.merged(id, object.entry(), live.entry())?,
            None if changes.set_aside.contains(id) => continue,
            None => object.entry().clone(),
        };
        objects.insert(id.clone(), Box::new(entry));
    }
    Ok(normalize(Schema { objects, dumped: other.dumped() }))
}

/// What of a comparison counts, by object.
#[derive(Default)]
struct Changes<'d> {
    facets: BTreeMap<&'d ObjectId, BTreeSet<Facet>>,
    /// Objects and columns of the other side that have to go.
    removed: BTreeSet<&'d ObjectId>,
    /// Objects of the own side that the other side has in another form.
    set_aside: BTreeSet<&'d ObjectId>,
}

impl<'d> Changes<'d> {
    fn new(canonical: bool, diff: &'d Diff) -> Self {
        let mut changes = Self::default();
        for drift in &diff.drifts {
            changes.add(canonical, drift);
        }
        let aside = |reason| reason == SkipReason::NotSaid;
        let skipped = diff.skipped.iter().filter(|s| aside(s.reason) && s.facet.is_none());
        changes.set_aside = skipped.map(|skipped| &skipped.object).collect();
        changes
    }

    fn add(&mut self, canonical: bool, drift: &'d Drift) {
        match &drift.kind {
            DriftKind::Changed { facet, .. } => {
                self.facets.entry(&drift.object).or_default().insert(facet.facet);
            }
            DriftKind::Renamed { live } => {
                self.removed.insert(if canonical { live } else { &drift.object });
            }
            DriftKind::Extra { .. } if canonical && !drift.preserve => {
                self.removed.insert(&drift.object);
            }
            DriftKind::Missing { .. } if !canonical && !drift.preserve => {
                self.removed.insert(&drift.object);
            }
            DriftKind::Extra { .. } | DriftKind::Missing { .. } => {}
        }
    }

    fn removed_tables(&self, own: &NormalSchema, other: &NormalSchema) -> BTreeSet<QualifiedName> {
        let removed = self.removed.iter().filter(|id| own.get(id).is_none());
        let table = |id: &&&ObjectId| match id {
            ObjectId::Table(name) if other.get(id).is_some() => Some(name.clone()),
            _ => None,
        };
        removed.filter_map(|id| table(&id)).collect()
    }

    /// An object that both sides have.
    fn merged(&self, id: &ObjectId, own: &Entry, other: &Entry) -> Result<Entry, Box<Unfilled>> {
        let none = BTreeSet::new();
        let facets = self.facets.get(id).unwrap_or(&none);
        let mut entry = other.clone();
        entry.origin = own.origin.clone();
        for facet in facets {
            match facet {
                Facet::Owner => entry.owner.clone_from(&own.owner),
                Facet::Comment => entry.comment.clone_from(&own.comment),
                Facet::Privileges => entry.acl.clone_from(&own.acl),
                Facet::SecurityLabel => entry.labels.clone_from(&own.labels),
                _facet_of_the_object => {}
            }
        }
        let annotations = [Facet::Owner, Facet::Comment, Facet::Privileges, Facet::SecurityLabel];
        let of_object: Vec<Facet> =
            facets.iter().copied().filter(|facet| !annotations.contains(facet)).collect();
        match (&mut entry.object, &own.object) {
            (Object::Table(table), Object::Table(said)) => {
                self.table(id, table, said, &of_object)?;
            }
            (Object::Index(index), Object::Index(said)) if !of_object.is_empty() => {
                **index = merged_index(said, index, &of_object);
            }
            (Object::Constraint(constraint), Object::Constraint(said)) if !of_object.is_empty() => {
                **constraint = merged_constraint(said, constraint);
            }
            (Object::Policy(policy), Object::Policy(said)) => {
                merge_policy(policy, said, &of_object);
            }
            (object, said) if !of_object.is_empty() => *object = said.clone(),
            _same => {}
        }
        Ok(entry)
    }

    fn table(
        &self,
        id: &ObjectId,
        table: &mut Table,
        said: &Table,
        facets: &[Facet],
    ) -> Result<(), Box<Unfilled>> {
        let ObjectId::Table(name) = id else { return Ok(()) };
        for facet in facets {
            match facet {
                Facet::RowSecurity => table.row_security = said.row_security,
                Facet::ForceRowSecurity => table.force_row_security = said.force_row_security,
                Facet::Persistence => table.unlogged = said.unlogged,
                Facet::Option => table.options.clone_from(&said.options),
                Facet::ReplicaIdentity => {
                    table.replica_identity.clone_from(&said.replica_identity);
                }
                other => return Err(unfilled(id, *other).into()),
            }
        }
        let column_id = |column: &Ident| {
            ObjectId::Column(crate::model::Child::new(name.clone(), column.clone()))
        };
        table.columns.retain(|column| {
            said.column(&column.name).is_some() || !self.removed.contains(&column_id(&column.name))
        });
        for column in &said.columns {
            match table.columns.iter_mut().find(|own| own.name == column.name) {
                Some(own) => {
                    let id = column_id(&column.name);
                    for facet in self.facets.get(&id).into_iter().flatten() {
                        merge_column(&id, own, column, *facet)?;
                    }
                }
                None => table.columns.push(column.clone()),
            }
        }
        Ok(())
    }
}

fn unfilled(id: &ObjectId, facet: Facet) -> Unfilled {
    Unfilled { object: id.clone(), facet }
}

fn merge_column(
    id: &ObjectId,
    column: &mut Column,
    said: &Column,
    facet: Facet,
) -> Result<(), Box<Unfilled>> {
    match facet {
        Facet::Type => column.ty.clone_from(&said.ty),
        Facet::Default | Facet::Generated | Facet::Identity => {
            column.default.clone_from(&said.default);
        }
        Facet::NotNull | Facet::NotNullName | Facet::NotNullNoInherit | Facet::NotNullValidated => {
            column.not_null.clone_from(&said.not_null);
        }
        Facet::Comment => column.comment.clone_from(&said.comment),
        Facet::Collation
        | Facet::Storage
        | Facet::Compression
        | Facet::StatisticsTarget
        | Facet::Option
        | Facet::Privileges
        | Facet::SecurityLabel => {
            let mut details = (*column.details).clone();
            match facet {
                Facet::Collation => details.collation.clone_from(&said.details.collation),
                Facet::Storage => details.storage.clone_from(&said.details.storage),
                Facet::Compression => details.compression.clone_from(&said.details.compression),
                Facet::StatisticsTarget => details.statistics = said.details.statistics,
                Facet::Option => details.options.clone_from(&said.details.options),
                Facet::Privileges => details.acl.clone_from(&said.details.acl),
                _label => details.labels.clone_from(&said.details.labels),
            }
            column.details = details.into();
        }
        other => return Err(unfilled(id, other).into()),
    }
    Ok(())
}

/// The index that is said, with what a list of keys does not say.
fn merged_index(said: &Index, other: &Index, facets: &[Facet]) -> Index {
    let keeps = |facet| !facets.contains(&facet);
    let mut index = said.clone();
    if keeps(Facet::Method) {
        index.method = other.method.clone();
    }
    if keeps(Facet::Keys) {
        index.keys.clone_from(&other.keys);
    }
    if keeps(Facet::Option) {
        index.options.clone_from(&other.options);
    }
    if keeps(Facet::Tablespace) {
        index.tablespace.clone_from(&other.tablespace);
    }
    if keeps(Facet::StatisticsTarget) {
        index.statistics.clone_from(&other.statistics);
    }
    if keeps(Facet::AttachedTo) {
        index.partitions.clone_from(&other.partitions);
    }
    index
}

/// The constraint that is said, stored as the other one is.
fn merged_constraint(said: &Constraint, other: &Constraint) -> Constraint {
    let mut constraint = said.clone();
    let key = |definition: &ConstraintDefinition| match definition {
        ConstraintDefinition::PrimaryKey(key) | ConstraintDefinition::Unique(key) => {
            Some((key.options.clone(), key.tablespace.clone()))
        }
        ConstraintDefinition::Check { .. }
        | ConstraintDefinition::ForeignKey(_)
        | ConstraintDefinition::Exclusion(_) => None,
    };
    let stored = key(&other.definition);
    let store = |own: &mut Key| {
        if let Some((options, tablespace)) = &stored {
            own.options.clone_from(options);
            own.tablespace.clone_from(tablespace);
        }
    };
    match &mut constraint.definition {
        ConstraintDefinition::PrimaryKey(key) | ConstraintDefinition::Unique(key) => store(key),
        ConstraintDefinition::Check { .. }
        | ConstraintDefinition::ForeignKey(_)
        | ConstraintDefinition::Exclusion(_) => {}
    }
    constraint
}

fn merge_policy(policy: &mut Policy, said: &Policy, facets: &[Facet]) {
    for facet in facets {
        match facet {
            Facet::Permissive => policy.permissive = said.permissive,
            Facet::Command => policy.command = said.command,
            Facet::Roles => policy.roles.clone_from(&said.roles),
            Facet::Using => policy.using.clone_from(&said.using),
            Facet::WithCheck => policy.with_check.clone_from(&said.with_check),
            _no_facet_of_policies => {}
        }
    }
}

/// The table that an object goes with.
fn table_of<'a>(id: &'a ObjectId, object: &'a Object) -> Option<&'a QualifiedName> {
    match (id, object) {
        (ObjectId::Constraint(child) | ObjectId::Policy(child), _) => Some(&child.parent),
        (ObjectId::Trigger(child) | ObjectId::Rule(child), _) => Some(&child.parent),
        (_, Object::Index(index)) => Some(&index.relation),
        _ => None,
    }
}
