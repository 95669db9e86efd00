//! The tenants of a database that has one PostgreSQL schema for each: apart from each other, and
//! each as if it were named like the schema that was declared.
//!
//! A [`Schema`] goes in, [`Tenants`] come out: what several share, and what each has alone.
//! [`Tenants::named`] gives one tenant among what is shared. The surprising thing: nothing is
//! parsed twice, however many tenants there are. As tenants are made by running one script with
//! another name in it, the name is also replaced where it qualifies names in the text of a
//! routine, and in its `search_path`.

use std::collections::{BTreeMap, BTreeSet};

use super::follow::in_namespace;
use crate::model::{Entry, Ident, Object, ObjectId, RoutineBody, Schema};

/// Objects by identity.
type Objects = BTreeMap<ObjectId, Box<Entry>>;

/// A database, taken apart.
#[derive(Clone, Debug, Default)]
pub struct Tenants {
    /// What belongs to no tenant.
    pub shared: Schema,
    /// What each tenant has, by the name of its schema.
    pub tenants: BTreeMap<Ident, Objects>,
}

impl Tenants {
    /// Takes a database apart. `is_tenant` tells the names of their schemas.
    pub fn of(schema: Schema, is_tenant: impl Fn(&str) -> bool) -> Self {
        let Schema { objects, dumped } = schema;
        let names: BTreeSet<&Ident> = objects.keys().filter_map(namespace).collect();
        let tenants: BTreeSet<Ident> =
            names.into_iter().filter(|name| is_tenant(name.as_str())).cloned().collect();
        let mut apart = Self::default();
        apart.shared.dumped = dumped;
        for (id, entry) in objects {
            match namespace(&id).and_then(|name| tenants.get(name)) {
                Some(tenant) => {
                    apart.tenants.entry(tenant.clone()).or_default().insert(id, entry);
                }
                None => {
                    apart.shared.objects.insert(id, entry);
                }
            }
        }
        apart
    }

    /// Takes out one tenant, as if its schema had the name `canonical`, among what is shared.
    /// What is shared and is in a schema of that name is left out.
    pub fn named(&mut self, tenant: &Ident, canonical: &Ident) -> Schema {
        let own = self.tenants.remove(tenant).unwrap_or_default();
        let shared = self.shared.objects.iter().filter(|(id, _)| namespace(id) != Some(canonical));
        let mut objects: Objects = shared.map(|(id, entry)| (id.clone(), entry.clone())).collect();
        for (id, mut entry) in own {
            let id = in_namespace(id, &mut entry.object, tenant, canonical);
            in_text(&mut entry.object, tenant, canonical);
            objects.insert(id, entry);
        }
        Schema { objects, dumped: self.shared.dumped }
    }
}

/// The PostgreSQL schema that an object is in, or is.
pub fn namespace(id: &ObjectId) -> Option<&Ident> {
    match id {
        ObjectId::Namespace(name) => Some(name),
        ObjectId::DefaultPrivileges(key) => key.namespace.as_ref(),
        other => other.namespace(),
    }
}

/// Replaces the name in what PostgreSQL keeps as text.
fn in_text(object: &mut Object, old: &Ident, new: &Ident) {
    let Object::Routine(routine) = object else { return };
    if let RoutineBody::Source(text) = &mut routine.body
        && let Some(changed) = qualifiers(text, old.as_str(), new.as_str())
    {
        *text = changed.into();
    }
    if let Some(path) = routine.settings.get_mut(&Ident::new("search_path")) {
        let is_old = |name: &str| name == old.as_str() || name == quoted(old.as_str());
        let renamed = |name: &str| match name.trim() {
            name if is_old(name) => spelled(new.as_str()),
            name => name.to_owned(),
        };
        if path.split(',').any(|name| is_old(name.trim())) {
            *path = path.split(',').map(renamed).collect::<Vec<_>>().join(", ").into();
        }
    }
}

/// The text with another name wherever `old.` qualifies; none when it does nowhere.
fn qualifiers(text: &str, old: &str, new: &str) -> Option<String> {
    let spellings = [old.to_owned(), quoted(old)];
    let mut changed = String::new();
    let mut rest = text;
    let mut found = false;
    while !rest.is_empty() {
        let before = changed.chars().next_back();
        let starts = !before.is_some_and(|c| is_part(c) || c == '"' || c == '.');
        let spelling = spellings.iter().find(|spelling| {
            starts && rest.strip_prefix(spelling.as_str()).is_some_and(|end| end.starts_with('.'))
        });
        if let Some(spelling) = spelling {
            changed.push_str(&spelled(new));
            rest = rest.get(spelling.len()..).unwrap_or_default();
            found = true;
        } else if let Some(character) = rest.chars().next() {
            changed.push(character);
            rest = rest.get(character.len_utf8()..).unwrap_or_default();
        }
    }
    found.then_some(changed)
}

/// A name as people write it: in quotes where it must be.
fn spelled(name: &str) -> String {
    let plain = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    let starts = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
    if plain && starts { name.to_owned() } else { quoted(name) }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A character of a name (`ident_cont`, src/backend/parser/scan.l).
fn is_part(character: char) -> bool {
    character.is_ascii_alphanumeric()
        || character == '_'
        || character == '$'
        || !character.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::qualifiers;

    #[test]
    fn a_name_is_replaced_where_it_qualifies() {
        for (text, expected) in [
            ("SELECT t_1.f(t_1.t.a)", Some("SELECT app.f(app.t.a)")),
            ("\"t_1\".f", Some("app.f")),
            ("xt_1.f t_11.f t_1 é_t_1.f a.t_1.b", None),
            ("t_1.f é", Some("app.f é")),
        ] {
            assert_eq!(qualifiers(text, "t_1", "app").as_deref(), expected, "{text}");
        }
    }
}
