//! Takes out of a comparison what a schema in YAML does not say, and rates by its tags.
//!
//! Drifts go in and stay, are set aside ([`SkipReason::NotSaid`]), or become LOW and
//! "preserve". Nothing is set aside that contradicts what is said: an unnamed constraint is
//! satisfied by one of the same content only.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::said::{Category, Extent, Said, Stated};
use crate::diff::{Diff, Drift, DriftKind, Severity, SkipReason, Skipped};
use crate::model::{
    ConstraintDefinition, Expr, Facet, Ident, Index, IndexKey, Object, ObjectId, Pair, Policy,
    Problem, ProblemCode,
};
use crate::normalize::{NormalObject, NormalSchema};

/// Judges all drifts. `configured` are categories that the configuration declares. Gives back,
/// for each side, the tags that no category explains.
pub fn judge(
    said: Pair<&Said>,
    configured: &BTreeMap<String, Category>,
    sides: Pair<&NormalSchema>,
    diff: &mut Diff,
) -> Pair<Vec<Problem>> {
    let views = [
        View { said: said.canonical, own: sides.canonical, other: sides.live, canonical: true },
        View { said: said.live, own: sides.live, other: sides.canonical, canonical: false },
    ];
    for view in views.iter().filter(|view| view.said.is_partial()) {
        view.set_aside(diff);
    }
    let mut categories = configured.clone();
    for side in [said.live, said.canonical] {
        categories.extend(side.categories.iter().map(|(name, c)| (name.clone(), c.clone())));
    }
    for drift in &mut diff.drifts {
        rate(drift, said, &categories);
    }
    said.map(|side| unexplained(side, &categories))
}

fn unexplained(said: &Said, categories: &BTreeMap<String, Category>) -> Vec<Problem> {
    let unknown = said.tags.iter().filter(|(tag, _)| !categories.contains_key(tag));
    let problem = |(tag, span): &(String, crate::model::Span)| {
        let message = format!("no invariant category is called \"{tag}\"");
        let help = "declare it under invariant_categories, in pgcanon.yaml or the schema in YAML";
        Problem::new(ProblemCode::YamlTag, message).at(*span).help(help)
    };
    unknown.map(problem).collect()
}

/// A side that says only a part, and the other one.
struct View<'a> {
    said: &'a Said,
    own: &'a NormalSchema,
    other: &'a NormalSchema,
    canonical: bool,
}

impl View<'_> {
    fn set_aside(&self, diff: &mut Diff) {
        let satisfied = self.satisfied();
        let satisfying: BTreeSet<&ObjectId> = satisfied.values().copied().collect();
        let mut kept = Vec::new();
        for mut drift in std::mem::take(&mut diff.drifts) {
            if self.is_not_said(&drift, &satisfied, &satisfying) {
                diff.skipped.push(Skipped {
                    reason: SkipReason::NotSaid,
                    facet: drift.facet().cloned(),
                    object: drift.object,
                    spans: drift.spans,
                });
                continue;
            }
            if self.is_only_other(&drift) && !self.said.complete {
                drift.preserve = true;
                drift.severity = Severity::Low;
                drift.impact = Cow::Borrowed("none that the schema in YAML speaks of");
            }
            kept.push(drift);
        }
        diff.drifts = kept;
        diff.skipped.sort_by(|one, other| {
            (&one.object, &one.facet, one.reason).cmp(&(&other.object, &other.facet, other.reason))
        });
    }

    /// True for what only the other side has.
    fn is_only_other(&self, drift: &Drift) -> bool {
        match drift.kind {
            DriftKind::Extra { .. } => self.canonical,
            DriftKind::Missing { .. } => !self.canonical,
            DriftKind::Renamed { .. } | DriftKind::Changed { .. } => false,
        }
    }

    /// True when a source that says only a part says the object.
    fn is_light(&self, object: &NormalObject) -> bool {
        let source = object.origin().span.source;
        self.said.sources.get(&source) == Some(&Extent::Said)
    }

    fn is_not_said(
        &self,
        drift: &Drift,
        satisfied: &BTreeMap<&ObjectId, &ObjectId>,
        satisfying: &BTreeSet<&ObjectId>,
    ) -> bool {
        match &drift.kind {
            DriftKind::Missing { .. } | DriftKind::Extra { .. } if self.is_only_other(drift) => {
                satisfying.contains(&drift.object)
            }
            DriftKind::Missing { .. } | DriftKind::Extra { .. } => {
                satisfied.contains_key(&drift.object)
            }
            DriftKind::Renamed { live } => {
                let own = if self.canonical { &drift.object } else { live };
                self.said.unnamed.contains(own)
            }
            DriftKind::Changed { facet, values } => {
                if satisfied.contains_key(&drift.object) {
                    return true;
                }
                let own = if self.canonical { &values.canonical } else { &values.live };
                self.is_unsaid_facet(&drift.object, facet.facet, own.is_none())
            }
        }
    }

    fn is_unsaid_facet(&self, id: &ObjectId, facet: Facet, absent: bool) -> bool {
        let holder = match id {
            ObjectId::Column(child) => ObjectId::Table(child.parent.clone()),
            other => other.clone(),
        };
        if !self.own.get(&holder).is_some_and(|object| self.is_light(object)) {
            return false;
        }
        let annotations = [Facet::Owner, Facet::Comment, Facet::Privileges, Facet::SecurityLabel];
        if annotations.contains(&facet) && absent {
            return true;
        }
        if facet == Facet::ColumnOrder {
            return true;
        }
        if id.kind() == crate::model::Kind::Constraint {
            return [Facet::Option, Facet::Tablespace].contains(&facet);
        }
        let Some(facets) = self.said.objects.get(id).and_then(|s| s.facets.as_ref()) else {
            return false;
        };
        match (id, facet) {
            (ObjectId::Policy(_), Facet::WithCheck) if !facets.contains(&facet) => !self.widens(id),
            (ObjectId::Index(_), Facet::Keys) if !facets.contains(&Facet::Method) => {
                self.has_same_keys(id)
            }
            (ObjectId::Column(_), Facet::NotNullValidated) => !facets.contains(&Facet::NotNull),
            _ => !facets.contains(&facet),
        }
    }

    /// True when the other side checks new rows by something else than what is said to be used
    /// for all: without WITH CHECK, USING counts for both.
    fn widens(&self, id: &ObjectId) -> bool {
        let policy = |schema: &NormalSchema| {
            let object = schema.get(id)?.object();
            <&Policy>::try_from(object).ok().cloned()
        };
        let (Some(own), Some(other)) = (policy(self.own), policy(self.other)) else { return true };
        other
            .with_check
            .is_some_and(|check| own.using.as_ref().is_none_or(|using| using.expr != check.expr))
    }

    /// True when only operator classes differ, which a method brings with it.
    fn has_same_keys(&self, id: &ObjectId) -> bool {
        let keys = |schema: &NormalSchema| {
            let index = <&Index>::try_from(schema.get(id)?.object()).ok()?;
            Some((index.method.clone(), bare_keys(&index.keys)))
        };
        match (keys(self.own), keys(self.other)) {
            (Some((method, own)), Some((other_method, other))) => {
                method != other_method && own == other
            }
            _ => false,
        }
    }

    /// What is said without a name, or in another form, and the object of the other side that
    /// is what is said.
    fn satisfied(&self) -> BTreeMap<&ObjectId, &ObjectId> {
        let mut by_table: BTreeMap<_, Vec<(&ObjectId, &NormalObject)>> = BTreeMap::new();
        for (id, object) in self.other {
            if let Some(table) = table_of(id, object.object()) {
                by_table.entry(table).or_default().push((id, object));
            }
        }
        let mut satisfied = BTreeMap::new();
        for (id, object) in self.own {
            if !self.is_light(object) {
                continue;
            }
            let Some(table) = table_of(id, object.object()) else { continue };
            let unnamed = self.said.unnamed.contains(id);
            let serves = |(other, candidate): &&(&ObjectId, &NormalObject)| {
                let same_name = last_name(id) == last_name(other);
                let other_form = *other != id
                    && unique_columns(object.object()).is_some()
                    && unique_columns(object.object()) == unique_columns(candidate.object());
                (unnamed && is_alike(object.object(), candidate.object()))
                    || (other_form && (unnamed || same_name))
            };
            let candidates = by_table.get(table).map(Vec::as_slice).unwrap_or_default();
            // The one of the same name first: then there is nothing to say.
            let exact =
                candidates.iter().find(|(other, c)| *other == id && c.object() == object.object());
            if exact.is_some() {
                continue;
            }
            if let Some((other, _)) = candidates.iter().find(serves) {
                satisfied.insert(id, *other);
            }
        }
        satisfied
    }
}

/// The table of a constraint or index.
fn table_of<'a>(id: &'a ObjectId, object: &'a Object) -> Option<&'a crate::model::QualifiedName> {
    match (id, object) {
        (ObjectId::Constraint(child), Object::Constraint(_)) => Some(&child.parent),
        (ObjectId::Index(_), Object::Index(index)) => Some(&index.relation),
        _ => None,
    }
}

fn last_name(id: &ObjectId) -> Option<&Ident> {
    match id {
        ObjectId::Constraint(child) => Some(&child.name),
        ObjectId::Index(name) => Some(&name.name),
        _ => None,
    }
}

/// The columns that a constraint or an index keeps unique, in the order of their names.
fn unique_columns(object: &Object) -> Option<BTreeSet<Ident>> {
    match object {
        Object::Constraint(constraint) => match &constraint.definition {
            ConstraintDefinition::Unique(key) => (!key.nulls_not_distinct && !key.without_overlaps)
                .then(|| key.columns.iter().cloned().collect()),
            _ => None,
        },
        Object::Index(index) if index.unique && !index.nulls_not_distinct => {
            if index.predicate.is_some() {
                return None;
            }
            let column = |key: &IndexKey| match &key.expr {
                Expr::Column(column) if !column.star => column.parts.last().cloned(),
                _ => None,
            };
            index.keys.iter().map(column).collect()
        }
        _ => None,
    }
}

/// True when both are the same but for what a list without names does not say.
fn is_alike(one: &Object, other: &Object) -> bool {
    match (one, other) {
        (Object::Index(one), Object::Index(other)) => {
            let content = |index: &Index| {
                (
                    bare_keys(&index.keys),
                    index.unique,
                    index.include.clone(),
                    index.predicate.clone(),
                )
            };
            content(one) == content(other)
        }
        (one, other) => one == other,
    }
}

fn bare_keys(keys: &[IndexKey]) -> Vec<(Expr, bool, bool)> {
    keys.iter().map(|key| (key.expr.clone(), key.descending, key.nulls_first)).collect()
}

/// Rates a drift by the tags of what it is about.
fn rate(drift: &mut Drift, said: Pair<&Said>, categories: &BTreeMap<String, Category>) {
    if drift.preserve || drift.facet().is_some_and(|facet| facet.facet == Facet::Comment) {
        return;
    }
    let stated = stated(&drift.object, said.canonical)
        .into_iter()
        .chain(stated(&drift.object, said.live))
        .collect::<Vec<&Stated>>();
    let tags = stated.iter().filter_map(|stated| stated.invariant.as_ref());
    let mut tags = tags.filter_map(|tag| Some((tag, categories.get(tag)?)));
    if let Some((tag, category)) = tags.next() {
        let whole = matches!(drift.kind, DriftKind::Missing { .. })
            && drift.object.kind() == crate::model::Kind::Table;
        drift.severity =
            if whole { drift.severity.max(category.severity) } else { category.severity };
        let impact = category.impact.clone().unwrap_or_else(|| drift.impact.to_string());
        drift.impact = format!("{impact} (invariant {tag})").into();
    }
    let needed: Vec<&str> =
        stated.iter().flat_map(|stated| &stated.required_for).map(String::as_str).collect();
    if !needed.is_empty() {
        drift.impact = format!("{}; required for: {}", drift.impact, needed.join(", ")).into();
    }
}

/// What a side says of an object: of itself, else of the column it is said with, else of its
/// table when it is a policy or a constraint of the table.
fn stated<'a>(id: &ObjectId, said: &'a Said) -> Vec<&'a Stated> {
    let own = said.objects.get(id);
    let column = own.and_then(|own| own.of_column.as_ref()).and_then(|id| said.objects.get(id));
    let table = match id {
        ObjectId::Policy(child) => said.objects.get(&ObjectId::Table(child.parent.clone())),
        _ => None,
    };
    own.into_iter().chain(column).chain(table).collect()
}
