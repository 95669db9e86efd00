//! Owners, comments, privileges and security labels of what stays.

use std::collections::BTreeMap;

use super::changes::Change;
use super::planner::Planner;
use super::step::{Rank, Step};
use super::unit::Unit;
use crate::emit::normalized;
use crate::emit::sql::SqlWriter;
use crate::model::Hazard;
use crate::model::{
    Acl, AclClass, Child, Column, ColumnDefault, ColumnNote, Entry, Facet, Grantee, Ident, Object,
    ObjectId, Privilege, QualifiedName,
};

/// Some privileges of one grantee, as one statement says them.
#[derive(Clone, Debug)]
pub(super) struct Grant {
    pub grantee: Grantee,
    pub privileges: Vec<Privilege>,
    /// `WITH GRANT OPTION`, or only that is revoked.
    pub option: bool,
}

/// What leads from one list of privileges to another.
#[derive(Clone, Debug, Default)]
pub(super) struct Grants {
    pub revoked: Vec<Grant>,
    pub granted: Vec<Grant>,
}

/// What has to be revoked, then what has to be granted.
pub(super) fn grants(from: &Acl, to: &Acl) -> Grants {
    let mut result = Grants::default();
    let none = BTreeMap::new();
    let grantees: std::collections::BTreeSet<&Grantee> =
        from.grants.keys().chain(to.grants.keys()).collect();
    for grantee in grantees {
        let old = from.grants.get(grantee).unwrap_or(&none);
        let new = to.grants.get(grantee).unwrap_or(&none);
        let select = |test: &dyn Fn(Option<&bool>, Option<&bool>) -> bool| -> Vec<Privilege> {
            let all: std::collections::BTreeSet<&Privilege> =
                old.keys().chain(new.keys()).collect();
            all.into_iter()
                .filter(|privilege| test(old.get(*privilege), new.get(*privilege)))
                .copied()
                .collect()
        };
        let add = |list: &mut Vec<Grant>, privileges: Vec<Privilege>, option: bool| {
            if !privileges.is_empty() {
                list.push(Grant { grantee: grantee.clone(), privileges, option });
            }
        };
        add(&mut result.revoked, select(&|old, new| old.is_some() && new.is_none()), false);
        add(
            &mut result.revoked,
            select(&|old, new| old == Some(&true) && new == Some(&false)),
            true,
        );
        add(&mut result.granted, select(&|old, new| old.is_none() && new == Some(&false)), false);
        add(
            &mut result.granted,
            select(&|old, new| old != Some(&true) && new == Some(&true)),
            true,
        );
    }
    result
}

impl Planner<'_, '_> {
    /// What is said of all objects and columns that stay.
    pub(super) fn all_said(&mut self) {
        let all: Vec<(ObjectId, std::collections::BTreeSet<Facet>)> =
            self.changes.facets.iter().map(|(id, facets)| (id.clone(), facets.clone())).collect();
        for (id, facets) in all {
            let unit = Unit::from(&id);
            let is_said = [Facet::Owner, Facet::Comment, Facet::Privileges, Facet::SecurityLabel]
                .iter()
                .any(|facet| facets.contains(facet));
            let is_new =
                self.changes.is_made(&unit) || self.changes.of(&unit) == Some(Change::Swap);
            if !is_said || is_new {
                continue;
            }
            if let ObjectId::Column(child) = &id {
                self.said_of_column(child, &unit);
            } else {
                self.said_of_object(&id, &unit, &facets);
            }
        }
    }

    /// What default privileges of the side that is left would give to a new object is
    /// taken away, and given again as far as it is wanted.
    pub(super) fn over_default_privileges(&mut self, id: &ObjectId, entry: &Entry) {
        let Some(class) = AclClass::of_object(&entry.object) else { return };
        let mut grantees = std::collections::BTreeSet::new();
        for (key, defaults) in &self.default_privileges {
            let applies = key.class == class
                && key.namespace.as_ref().is_none_or(|own| id.namespace() == Some(own));
            if applies {
                grantees.extend(defaults.acl.grants.keys().cloned());
                if key.namespace.is_none() {
                    grantees.extend(Acl::default_of(class).grants.into_keys());
                }
            }
        }
        grantees.remove(&Grantee::Owner);
        let mut wanted =
            known(in_force(id, class, entry.acl.as_ref()), self.sides.knows_maintain());
        wanted.grants.retain(|grantee, _| grantees.contains(grantee));
        let unit = Unit::from(id);
        self.push(
            Step::new(Rank::Said, &unit, |w| {
                for grantee in &grantees {
                    w.sql("REVOKE ALL ON ").grant_target(id, &entry.object);
                    w.sql(" FROM ").grantee(grantee, None);
                    w.sql(";\n");
                }
                let owner = entry.owner.as_ref();
                w.change_privileges(id, &entry.object, None, &Acl::default(), &wanted, owner);
            })
            .needs([&unit]),
        );
    }

    fn said_of_object(
        &mut self,
        id: &ObjectId,
        unit: &Unit,
        facets: &std::collections::BTreeSet<Facet>,
    ) {
        let renamed = self.changes.renames.iter().find(|(from, to)| from == id || to == id);
        let (from_id, to_id) = renamed.map_or((id, id), |(from, to)| (from, to));
        let (Some(from), Some(to)) = (self.from().schema.get(from_id), self.to().schema.get(to_id))
        else {
            return;
        };
        let (from, to, id) = (from.entry(), to.entry(), to_id);
        let is_domain = self.to().is_of_domain(id);
        let is_partial = |facet: Facet| facets.contains(&facet);
        let maintain = self.sides.knows_maintain();
        let step = Step::new(Rank::Said, unit, |w| {
            let on = |w: &mut SqlWriter| w.reference(id, &to.object, is_domain);
            if let Some(owner) = to.owner.as_ref().filter(|_| is_partial(Facet::Owner)) {
                w.sql("ALTER ").reference(id, &to.object, is_domain);
                w.sql(" OWNER TO ").ident(owner);
                w.sql(";\n");
            }
            if is_partial(Facet::Privileges)
                && let Some(class) = AclClass::of_object(&to.object)
            {
                let of = |entry: &Entry| known(in_force(id, class, entry.acl.as_ref()), maintain);
                w.change_privileges(id, &to.object, None, &of(from), &of(to), to.owner.as_ref());
            }
            if is_partial(Facet::Comment) && from.comment != to.comment {
                // A dump leaves out the comment that a new database has.
                let standard = match id {
                    ObjectId::Namespace(name) if *name == "public" => {
                        Some("standard public schema")
                    }
                    _no_standard => None,
                };
                w.comment_is(on, to.comment.as_deref().or(standard));
            }
            w.changed_labels(on, &from.labels, &to.labels);
            notes(w, id, from, to);
        });
        let step = step.needs([&Unit::from(id)]);
        self.push(if is_partial(Facet::Owner) || is_partial(Facet::Privileges) {
            step.hazard(Hazard::PrivilegeChange)
        } else {
            step
        });
    }

    fn said_of_column(&mut self, child: &Child, unit: &Unit) {
        let id = ObjectId::Table(child.parent.clone());
        let Some(entry) = self.to().schema.get(&id).map(crate::normalize::NormalObject::entry)
        else {
            return;
        };
        let Some((from, to)) = self.from().column(child).zip(self.to().column(child)) else {
            return;
        };
        if self.table_is_made(&child.parent) {
            return;
        }
        self.push(
            Step::new(Rank::Said, unit, |w| {
                let old = column_note(from);
                let new = column_note(to);
                changed_note(w, (&id, entry), child, &old, &new);
                comment_of_not_null(w, child, entry, from, to);
                if let (
                    Some(ColumnDefault::Identity { sequence_name, sequence, .. }),
                    Some(ColumnDefault::Identity { .. }) | None,
                ) = (&to.default, &from.default)
                {
                    let id = ObjectId::Sequence(sequence_name.clone());
                    let object = Object::from((**sequence).clone());
                    let of =
                        |note: &ColumnNote| in_force(&id, AclClass::Sequence, note.acl.as_ref());
                    let (old, new) = (&from.details.sequence_note, &to.details.sequence_note);
                    let owner = entry.owner.as_ref();
                    w.change_privileges(&id, &object, None, &of(old), &of(new), owner);
                    let on = |w: &mut SqlWriter| w.reference(&id, &object, false);
                    if old.comment != new.comment {
                        w.comment_is(on, new.comment.as_deref());
                    }
                    w.changed_labels(on, &old.labels, &new.labels);
                }
            })
            .needs([unit]),
        );
    }
}

/// Without MAINTAIN where the server does not know it.
pub(super) fn known(mut acl: Acl, maintain: bool) -> Acl {
    if !maintain {
        for held in acl.grants.values_mut() {
            held.remove(&Privilege::Maintain);
        }
    }
    acl
}

/// What is in force where a list is not said.
fn in_force(id: &ObjectId, class: AclClass, acl: Option<&Acl>) -> Acl {
    match (acl, id) {
        (Some(acl), _) => acl.clone(),
        (None, ObjectId::Namespace(name)) if *name == "public" => Acl::default_of_public(false),
        (None, _) => Acl::default_of(class),
    }
}

fn column_note(column: &Column) -> ColumnNote {
    ColumnNote {
        comment: column.comment.clone(),
        acl: column.details.acl.clone(),
        labels: column.details.labels.clone(),
    }
}

fn changed_note(
    w: &mut SqlWriter,
    (id, entry): (&ObjectId, &Entry),
    child: &Child,
    old: &ColumnNote,
    new: &ColumnNote,
) {
    let on = |w: &mut SqlWriter| normalized::column_reference(w, &child.parent, &child.name);
    if old.comment != new.comment {
        w.comment_is(on, new.comment.as_deref());
    }
    w.changed_labels(on, &old.labels, &new.labels);
    let of = |note: &ColumnNote| note.acl.clone().unwrap_or_default();
    let owner = entry.owner.as_ref();
    w.change_privileges(id, &entry.object, Some(&child.name), &of(old), &of(new), owner);
}

fn comment_of_not_null(
    w: &mut SqlWriter,
    child: &Child,
    entry: &Entry,
    from: &Column,
    to: &Column,
) {
    let comment = |column: &Column| column.not_null.as_ref().and_then(|n| n.comment.clone());
    let name = to.not_null.as_ref().and_then(|not_null| not_null.name.as_deref().cloned());
    if let Some(name) = name.filter(|_| comment(from) != comment(to)) {
        let id = ObjectId::Constraint(Child::new(child.parent.clone(), name));
        w.comment_is(|w| w.reference(&id, &entry.object, false), comment(to).as_deref());
    }
}

/// What is said of the columns of a view.
fn notes(w: &mut SqlWriter, id: &ObjectId, from: &Entry, to: &Entry) {
    let of = |entry: &Entry| -> BTreeMap<Ident, ColumnNote> {
        match &entry.object {
            Object::View(view) => view.column_notes.clone(),
            Object::MaterializedView(view) => view.column_notes.clone(),
            _no_view => BTreeMap::new(),
        }
    };
    if let (ObjectId::Constraint(child), Object::Constraint(old), Object::Constraint(new)) =
        (id, &from.object, &to.object)
        && old.index_comment != new.index_comment
    {
        let on = |w: &mut SqlWriter| normalized::index_reference(w, child);
        w.comment_is(on, new.index_comment.as_deref());
    }
    let Some(name): Option<&QualifiedName> = id.qualified_name() else { return };
    let (old, new) = (of(from), of(to));
    let none = ColumnNote::default();
    let columns: std::collections::BTreeSet<&Ident> = old.keys().chain(new.keys()).collect();
    for column in columns {
        let child = Child::new(name.clone(), column.clone());
        let old = old.get(column).unwrap_or(&none);
        let new = new.get(column).unwrap_or(&none);
        if old != new {
            changed_note(w, (id, to), &child, old, new);
        }
    }
}

impl SqlWriter {
    /// `COMMENT ON x IS 'text'`, or `NULL` when there is none any more.
    pub(super) fn comment_is(&mut self, on: impl Fn(&mut Self), comment: Option<&str>) {
        if comment.is_some() {
            return self.comment_on(on, comment);
        }
        self.sql("COMMENT ON ");
        on(self);
        self.sql(" IS NULL;\n");
    }

    fn changed_labels(
        &mut self,
        on: impl Fn(&mut Self),
        from: &BTreeMap<Ident, Box<str>>,
        to: &BTreeMap<Ident, Box<str>>,
    ) {
        for provider in from.keys().filter(|provider| !to.contains_key(*provider)) {
            self.sql("SECURITY LABEL FOR ").ident(provider);
            self.sql(" ON ");
            on(self);
            self.sql(" IS NULL;\n");
        }
        let mut changed = to.clone();
        changed.retain(|provider, label| from.get(provider) != Some(label));
        self.labels_on(on, &changed);
    }

    /// `REVOKE` and `GRANT` that lead from one list to another.
    fn change_privileges(
        &mut self,
        id: &ObjectId,
        object: &Object,
        column: Option<&Ident>,
        from: &Acl,
        to: &Acl,
        owner: Option<&Ident>,
    ) {
        let Grants { revoked, granted } = grants(from, to);
        for Grant { grantee, privileges, option } in &revoked {
            self.sql(if *option { "REVOKE GRANT OPTION FOR " } else { "REVOKE " });
            self.privilege_list(privileges, column);
            self.sql(" ON ").grant_target(id, object);
            self.sql(" FROM ").grantee(grantee, owner);
            self.sql(";\n");
        }
        for Grant { grantee, privileges, option } in &granted {
            self.sql("GRANT ");
            self.privilege_list(privileges, column);
            self.sql(" ON ").grant_target(id, object);
            self.sql(" TO ").grantee(grantee, owner);
            self.sql(if *option { " WITH GRANT OPTION;\n" } else { ";\n" });
        }
    }

    fn privilege_list(&mut self, privileges: &[Privilege], column: Option<&Ident>) {
        self.list(privileges, |w, privilege| {
            w.sql(privilege.keyword());
            if let Some(column) = column {
                w.sql(" (").ident(column);
                w.sql(")");
            }
        });
    }

    /// `ALTER DEFAULT PRIVILEGES .. REVOKE | GRANT`.
    pub(super) fn change_default_privileges(
        &mut self,
        key: &crate::model::DefaultPrivilegesKey,
        grant: &Grant,
        revoke: bool,
    ) {
        let Grant { grantee, privileges, option } = grant;
        self.default_privileges_head(key);
        self.sql(match (revoke, option) {
            (true, true) => " REVOKE GRANT OPTION FOR ",
            (true, false) => " REVOKE ",
            (false, _) => " GRANT ",
        });
        self.privilege_list(privileges, None);
        self.sql(" ON ").sql(crate::emit::sql::class_word(key.class));
        self.sql(if revoke { " FROM " } else { " TO " });
        self.grantee(grantee, key.role.as_ref());
        self.sql(if *option && !revoke { " WITH GRANT OPTION;\n" } else { ";\n" });
    }
}
