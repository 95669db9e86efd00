//! Privileges of two PostgreSQL versions made comparable.
//!
//! Two things depend on the version of the server, not on what was said, and can only
//! be judged with both sides at hand:
//!
//! - `ALL` on a table is seven privileges up to PostgreSQL 16 and eight from 17 on, with
//!   MAINTAIN. Where one side is a dump of 16 or older, whoever holds the seven holds
//!   all: `GRANT ALL` and the seven by name are equal. MAINTAIN alone still differs, and
//!   between two sides that know MAINTAIN nothing changes.
//! - On the schema `public` PUBLIC has CREATE by default up to PostgreSQL 14 (release
//!   notes of 15). A side that says nothing of it agrees with the default of the other's
//!   version, and two dumps agree when each has its version's default. A canonical file
//!   that says `REVOKE CREATE ON SCHEMA public FROM PUBLIC` does not agree with a
//!   database where PUBLIC has it.

use crate::model::{Acl, AclClass, Dumped, Ident, Object, ObjectId, Pair, Privilege, Schema};

/// Rewrites both sides; to be called before they are compared.
pub fn align(sides: &mut Pair<Schema>) {
    let old = |schema: &Schema| schema.dumped.is_some_and(|dumped| dumped.server <= 16);
    if old(&sides.canonical) || old(&sides.live) {
        complete_all(&mut sides.canonical);
        complete_all(&mut sides.live);
    }
    align_public(sides);
}

/// Gives MAINTAIN to whoever holds the other seven privileges on a table.
fn complete_all(schema: &mut Schema) {
    for (id, entry) in &mut schema.objects {
        let is_table = match id {
            ObjectId::DefaultPrivileges(key) => key.class == AclClass::Table,
            _object => AclClass::of_object(&entry.object) == Some(AclClass::Table),
        };
        if !is_table {
            continue;
        }
        let acl = match &mut entry.object {
            Object::DefaultPrivileges(defaults) => Some(&mut defaults.acl),
            _object => entry.acl.as_mut(),
        };
        let Some(acl) = acl else { continue };
        for held in acl.grants.values_mut() {
            let seven =
                AclClass::Table.rights().iter().filter(|right| **right != Privilege::Maintain);
            let mut options = seven.map(|right| held.get(right).copied());
            let all_options = options.clone().all(|option| option == Some(true));
            if options.all(|option| option.is_some()) {
                held.entry(Privilege::Maintain).or_insert(all_options);
            }
        }
        if *acl == Acl::default_of(AclClass::Table) && !matches!(id, ObjectId::DefaultPrivileges(_))
        {
            entry.acl = None;
        }
    }
}

fn align_public(sides: &mut Pair<Schema>) {
    let id = ObjectId::Namespace(Ident::new("public"));
    let acl = |schema: &Schema| schema.objects.get(&id).map(|entry| entry.acl.clone());
    let (Some(canonical), Some(live)) = (acl(&sides.canonical), acl(&sides.live)) else { return };
    let said = Pair { canonical, live };
    let dumped = Pair { canonical: sides.canonical.dumped, live: sides.live.dumped };
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
    for (schema, acl) in
        [(&mut sides.canonical, in_force.canonical), (&mut sides.live, in_force.live)]
    {
        if let Some(entry) = schema.objects.get_mut(&id) {
            // What is unsaid where it matters is the default of a current server.
            entry.acl =
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
    use crate::parse::testing::read;

    const PG14: &str = "-- Dumped from database version 14.1\n-- Dumped by pg_dump version 15.1\n";
    const PG15: &str = "-- Dumped from database version 15.1\n-- Dumped by pg_dump version 15.1\n";

    fn acls(canonical: &str, live: &str, id: &ObjectId) -> (Option<Acl>, Option<Acl>) {
        let mut sides = Pair { canonical: read(canonical).schema, live: read(live).schema };
        align(&mut sides);
        let acl = |schema: &Schema| schema.objects.get(id).and_then(|entry| entry.acl.clone());
        (acl(&sides.canonical), acl(&sides.live))
    }

    #[track_caller]
    fn check_public(canonical: &str, live: &str, equal: bool) {
        let (canonical, live) = acls(canonical, live, &ObjectId::Namespace(Ident::new("public")));
        assert_eq!(canonical == live, equal, "{canonical:?} {live:?}");
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
