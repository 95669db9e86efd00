//! Two sides made comparable where only both together can be judged.
//!
//! - `ALL` on a table is seven privileges up to PostgreSQL 16 and eight from 17 on, with
//!   MAINTAIN. Where one side is a dump of 16 or older, whose server has no MAINTAIN, what
//!   is granted together with others is compared without it: `GRANT ALL` and the seven by
//!   name are equal there. MAINTAIN alone still differs, and between two sides that know
//!   MAINTAIN nothing changes.
//! - On the schema `public` PUBLIC has CREATE by default up to PostgreSQL 14 (release
//!   notes of 15). A side that says nothing of it agrees with the default of the other's
//!   version, and two dumps agree when each has its version's default. A canonical file
//!   that says `REVOKE CREATE ON SCHEMA public FROM PUBLIC` does not agree with a
//!   database where PUBLIC has it.
//! - Whether `public` is there is not in a dump: `pg_dump` takes it for granted.
//! - Up to PostgreSQL 14 the sequences of unlogged tables are logged, as all are. Restored in
//!   a later version they stay so, made anew they do not (release notes of 15): either is
//!   what a dump of such a server says.
//! - `ALTER DEFAULT PRIVILEGES` without FOR ROLE is for the role that runs the source,
//!   which a dump names. When the other side has such privileges for one role only, it
//!   is that one.

use std::collections::BTreeMap;

use super::{NormalObject, NormalSchema};
use crate::model::{
    Acl, AclClass, DefaultPrivilegesKey, Dumped, Grantee, Ident, Namespace, Object, ObjectId, Pair,
    Privilege, QualifiedName,
};

/// Rewrites both sides; to be called before they are compared.
pub fn align(sides: Pair<&mut NormalSchema>) {
    let Pair { canonical, live } = sides;
    let old = |schema: &NormalSchema| schema.dumped.is_some_and(|dumped| dumped.server <= 16);
    if old(canonical) || old(live) {
        forget_maintain(canonical);
        forget_maintain(live);
    }
    follow_persistence(canonical, live);
    follow_persistence(live, canonical);
    say_streaming(canonical, live.dumped);
    say_streaming(live, canonical.dumped);
    align_public(canonical, live);
    forget_implied_public(canonical, live);
    forget_implied_public(live, canonical);
    name_roles(canonical, live);
    name_roles(live, canonical);
}

/// Leaves MAINTAIN out of what is granted together with other privileges.
fn forget_maintain(schema: &mut NormalSchema) {
    let default = Acl::default_of(AclClass::Table);
    let usual = default.grants.get(&Grantee::Owner);
    let forget = |acl: &mut Acl| {
        for held in acl.grants.values_mut().filter(|held| held.len() > 1) {
            held.remove(&Privilege::Maintain);
        }
    };
    // All that the owner has by default is that on every version.
    let forget_beside_default = |acl: &mut Acl| {
        forget(acl);
        let held = acl.grants.get_mut(&Grantee::Owner);
        if let Some(held) = held.filter(|held| Some(held.len() + 1) == usual.map(BTreeMap::len)) {
            held.insert(Privilege::Maintain, false);
        }
    };
    for (id, object) in &mut schema.objects {
        let entry = &mut object.entry;
        match (id, &mut entry.object) {
            (ObjectId::DefaultPrivileges(key), Object::DefaultPrivileges(defaults)) => {
                if key.class == AclClass::Table {
                    forget(&mut defaults.acl);
                }
            }
            (_, object) => {
                if AclClass::of_object(object) == Some(AclClass::Table) {
                    entry.acl.iter_mut().for_each(forget_beside_default);
                    entry.acl.take_if(|acl| *acl == default);
                }
            }
        }
    }
}

/// Takes the persistence of the sequences of unlogged tables from the other side, where the
/// server of this one knows none.
fn follow_persistence(schema: &mut NormalSchema, other: &NormalSchema) {
    if schema.dumped.is_none_or(|dumped| dumped.server > 14) {
        return;
    }
    let is_unlogged = |name: &QualifiedName| {
        let table = schema.objects.get(&ObjectId::Table(name.clone()));
        table.is_some_and(|own| matches!(own.object(), Object::Table(table) if table.unlogged))
    };
    let follows = |(id, own): (&ObjectId, &NormalObject)| {
        let Object::Sequence(sequence) = own.object() else { return None };
        let (table, _) = sequence.owned_by.as_ref()?;
        let Object::Sequence(other) = other.objects.get(id)?.object() else { return None };
        is_unlogged(table).then(|| (id.clone(), other.unlogged))
    };
    let found: Vec<(ObjectId, bool)> = schema.objects.iter().filter_map(follows).collect();
    for (id, unlogged) in found {
        if let Some(own) = schema.objects.get_mut(&id)
            && let Object::Sequence(sequence) = &mut own.entry.object
        {
            sequence.unlogged = unlogged;
        }
    }
}

/// Drops `public` from a side where nothing is said of it, when the other has none.
fn forget_implied_public(schema: &mut NormalSchema, other: &NormalSchema) {
    let id = ObjectId::Namespace(Ident::new("public"));
    let silent = schema.objects.get(&id).is_some_and(|object| {
        let entry = &object.entry;
        let implicit =
            <&Namespace>::try_from(&entry.object).is_ok_and(|namespace| namespace.implicit);
        implicit && entry.acl.is_none() && entry.comment.is_none() && entry.labels.is_empty()
    });
    if silent && !other.objects.contains_key(&id) {
        schema.objects.remove(&id);
    }
}

/// The default of a subscription's `streaming` is that of the server of the other side when
/// nothing else tells of a server: `off` up to PostgreSQL 17, then `parallel` (release notes
/// of 18).
fn say_streaming(schema: &mut NormalSchema, other: Option<Dumped>) {
    let is_old = other.is_some_and(|dumped| dumped.server <= 17);
    for object in schema.objects.values_mut() {
        if let Object::Subscription(subscription) = &mut object.entry.object {
            let default = if is_old { "off" } else { "parallel" };
            let streaming = Ident::new("streaming");
            subscription.options.entry(streaming).or_insert_with(|| default.into());
        }
    }
}

/// Names the role of default privileges that say none, when the other side has only one.
fn name_roles(schema: &mut NormalSchema, other: &NormalSchema) {
    let key = |id: &ObjectId| match id {
        ObjectId::DefaultPrivileges(key) => Some(key.clone()),
        _another_kind => None,
    };
    let unnamed: Vec<DefaultPrivilegesKey> =
        schema.objects.keys().filter_map(key).filter(|key| key.role.is_none()).collect();
    for old in unnamed {
        let alike =
            |new: &DefaultPrivilegesKey| new.namespace == old.namespace && new.class == old.class;
        let candidates: Vec<DefaultPrivilegesKey> =
            other.objects.keys().filter_map(key).filter(alike).collect();
        let [only] = candidates.as_slice() else { continue };
        let to = ObjectId::DefaultPrivileges(only.clone());
        if schema.objects.contains_key(&to) {
            continue;
        }
        if let Some(mut object) = schema.objects.remove(&ObjectId::DefaultPrivileges(old)) {
            if let (Object::DefaultPrivileges(defaults), Some(role)) =
                (&mut object.entry.object, &only.role)
            {
                defaults.acl.fold_owner(role);
            }
            schema.objects.insert(to, object);
        }
    }
}

fn align_public(canonical: &mut NormalSchema, live: &mut NormalSchema) {
    let id = ObjectId::Namespace(Ident::new("public"));
    let acl =
        |schema: &NormalSchema| schema.objects.get(&id).map(|object| object.entry.acl.clone());
    let dumped = Pair { canonical: canonical.dumped, live: live.dumped };
    let sides = Pair { canonical, live };
    let (Some(canonical), Some(live)) = (acl(sides.canonical), acl(sides.live)) else { return };
    let said = Pair { canonical, live };
    let in_force = said.zip(dumped).map(|(acl, dumped)| in_force(acl, dumped));
    let equal = match (&in_force.canonical, &in_force.live) {
        (None, None) => true,
        (Some(one), None) => is_default(one, dumped.canonical),
        (None, Some(one)) => is_default(one, dumped.live),
        (Some(canonical), Some(live)) => {
            let defaults = is_default(canonical, dumped.canonical) && is_default(live, dumped.live);
            let both_dumps = dumped.canonical.is_some() && dumped.live.is_some();
            canonical == live || (both_dumps && defaults)
        }
    };
    let in_force = if equal { Pair::default() } else { in_force };
    for (schema, acl) in [(sides.canonical, in_force.canonical), (sides.live, in_force.live)] {
        if let Some(object) = schema.objects.get_mut(&id) {
            // What is unsaid where it matters is the default of a current server.
            object.entry.acl =
                if equal { None } else { acl.or_else(|| Some(Acl::default_of_public(false))) };
        }
    }
}

/// The list in force on `public`; none when nothing says it.
/// `pg_dump` takes the default of 15 for granted from its version 15 on, whatever the
/// server (`getNamespaces`, `src/bin/pg_dump/pg_dump.c`), and that of the server before.
fn in_force(said: Option<Acl>, dumped: Option<Dumped>) -> Option<Acl> {
    said.or_else(|| dumped.map(|dumped| Acl::default_of_public(dumped.client <= 14)))
}

fn is_default(acl: &Acl, dumped: Option<Dumped>) -> bool {
    let old = dumped.is_some_and(|dumped| dumped.server <= 14);
    *acl == Acl::default_of_public(false) || (old && *acl == Acl::default_of_public(true))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::normalize;
    use crate::parse::testing::read;

    const PG16: &str = "-- Dumped from database version 16.4\n-- Dumped by pg_dump version 17.1\n";
    const PG14: &str = "-- Dumped from database version 14.1\n-- Dumped by pg_dump version 15.1\n";
    const PG15: &str = "-- Dumped from database version 15.1\n-- Dumped by pg_dump version 15.1\n";
    const SEVEN: &str = "CREATE TABLE t (); GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON t TO r;";
    const ALL: &str = "CREATE TABLE t (); GRANT ALL ON t TO r;";

    fn acls(canonical: &str, live: &str, id: &ObjectId) -> (Option<Acl>, Option<Acl>) {
        let (mut canonical, mut live) =
            (normalize(read(canonical).schema), normalize(read(live).schema));
        align(Pair { canonical: &mut canonical, live: &mut live });
        let acl = |schema: &NormalSchema| schema.get(id).and_then(|object| object.acl().cloned());
        (acl(&canonical), acl(&live))
    }

    #[track_caller]
    fn check_public(canonical: &str, live: &str, equal: bool) {
        let (canonical, live) = acls(canonical, live, &ObjectId::Namespace(Ident::new("public")));
        assert_eq!(canonical == live, equal, "{canonical:?} {live:?}");
    }

    #[test]
    fn all_has_no_maintain_before_17() {
        let table = ObjectId::Table(QualifiedName::new("public", "t"));
        let check = |canonical: &str, live: &str, equal: bool| {
            let (canonical, live) = acls(canonical, live, &table);
            assert_eq!(canonical == live, equal, "{canonical:?} {live:?}");
        };
        let maintain = "CREATE TABLE t (); GRANT MAINTAIN ON t TO r;";
        check(SEVEN, &[PG16, ALL].concat(), true);
        check(ALL, &[PG16, ALL].concat(), true);
        check(SEVEN, ALL, false);
        check(maintain, &[PG16, "CREATE TABLE t ();"].concat(), false);
        // What the owner has by default is no difference beside a grant to another.
        let (granted, _) = acls(SEVEN, &[PG16, "CREATE TABLE t ();"].concat(), &table);
        let usual = Acl::default_of(AclClass::Table);
        let owner = |acl: &Acl| acl.grants.get(&Grantee::Owner).cloned();
        assert_eq!(granted.as_ref().and_then(owner), owner(&usual));
    }

    #[test]
    fn sequences_of_older_servers_are_as_those_of_the_other_side() {
        let table = "CREATE UNLOGGED TABLE t (a int);";
        let check = |canonical: &str, live: &str, equal: bool| {
            let mut sides = [canonical, live].map(|text| normalize(read(text).schema));
            let [canonical, live] = &mut sides;
            align(Pair { canonical, live });
            let id = ObjectId::Sequence(QualifiedName::new("public", "s"));
            let [canonical, live] = sides.map(|side| side.get(&id).map(|own| own.object().clone()));
            assert_eq!(canonical == live, equal, "{canonical:?} {live:?}");
        };
        let owned = [table, "CREATE SEQUENCE s OWNED BY t.a;"].concat();
        let unlogged = [table, "CREATE UNLOGGED SEQUENCE s OWNED BY t.a;"].concat();
        check(&owned, &[PG14, &owned].concat(), true);
        check(&unlogged, &[PG14, &owned].concat(), true);
        check(&owned, &[PG15, &unlogged].concat(), false);
        check(&unlogged, &[PG14, table, "CREATE SEQUENCE s;"].concat(), false);
    }

    #[test]
    fn public_has_the_default_of_its_version() {
        let open =
            "REVOKE USAGE ON SCHEMA public FROM PUBLIC; GRANT ALL ON SCHEMA public TO PUBLIC;";
        let hardened = "REVOKE CREATE ON SCHEMA public FROM PUBLIC;";
        check_public("", &[PG14, open].concat(), true);
        check_public("", &[PG15, open].concat(), false);
        check_public(PG15, &[PG14, open].concat(), true);
        check_public(hardened, &[PG14, open].concat(), false);
        check_public(hardened, PG15, true);
        check_public(hardened, "", true);
        check_public("REVOKE ALL ON SCHEMA public FROM PUBLIC;", PG15, false);
    }
}
