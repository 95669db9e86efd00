//! A side that says only a part, read among what the other side has besides.
//!
//! A policy of a hand-written file calls `current_tenant()`, a column has the type `citext`:
//! neither function nor extension is in the file. They are taken from the other side while
//! names are resolved, and forgotten again: nothing of them counts as said.

use std::collections::{BTreeMap, BTreeSet};

use super::{NormalObject, NormalSchema, run};
use crate::model::{Entry, Ident, Object, ObjectId, Schema};

impl NormalSchema {
    /// The same schema, resolved among what `lender` has and it does not.
    #[must_use]
    pub fn among(self, lender: &Self) -> Self {
        let dumped = self.dumped;
        let own: BTreeSet<ObjectId> = self.objects.keys().cloned().collect();
        let mut columns: BTreeMap<ObjectId, BTreeSet<Ident>> = BTreeMap::new();
        let traced = self.objects.values().any(|object| !object.rules.is_empty());
        let mut objects: BTreeMap<ObjectId, Box<Entry>> =
            self.objects.into_iter().map(|(id, object)| (id, object.entry)).collect();
        for (id, lent) in &lender.objects {
            match objects.get_mut(id) {
                None => {
                    objects.insert(id.clone(), lent.entry.clone());
                }
                Some(entry) => {
                    let (Object::Table(table), Object::Table(other)) =
                        (&mut entry.object, &lent.entry.object)
                    else {
                        continue;
                    };
                    let more = other.columns.iter().filter(|c| table.column(&c.name).is_none());
                    let more: Vec<_> = more.cloned().collect();
                    let names = more.iter().map(|column| column.name.clone()).collect();
                    table.columns.extend(more);
                    columns.insert(id.clone(), names);
                }
            }
        }
        let mut together = run(Schema { objects, dumped }, traced);
        together.objects.retain(|id, _| own.contains(id));
        for (id, names) in columns {
            let Some(object) = together.objects.get_mut(&id) else { continue };
            let NormalObject { entry, normal, undecided, rules: _ } = object;
            for object in std::iter::once(&mut entry.object).chain(normal.as_mut()) {
                if let Object::Table(table) = object {
                    table.columns.retain(|column| !names.contains(&column.name));
                }
            }
            undecided.retain(|u| u.place.part.as_ref().is_none_or(|part| !names.contains(part)));
        }
        together
    }
}
