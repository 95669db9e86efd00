//! Renames that somebody decided: never guessed.
//!
//! The live schema is read as if it had been renamed (the statements are a source that
//! follows it), so that all that hangs on a name follows. What is left to do is planned as
//! ever; the statements themselves come first on the way up and last on the way down.

use super::Migration;
use super::step::{Rank, Step};
use super::unit::Unit;
use crate::emit::report::object_name;
use crate::emit::sql::{SqlWriter, Style};
use crate::model::{Child, Ident, ObjectId, QualifiedName, Table};
use crate::normalize::NormalSchema;

/// One object or column under another name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rename {
    id: ObjectId,
    to: Ident,
}

impl Rename {
    /// Reads `[kind:][schema.]table.column=name` or `kind:[schema.]object=name`. Says what
    /// is wrong with it otherwise.
    pub fn parse(text: &str) -> Result<Self, String> {
        const FORM: &str = "expected [KIND:]NAME=NEW, such as app.orders.state=status or \
                            table:app.order=orders; the kinds are column, table, view, \
                            sequence, index, type and schema";
        let wrong = |what: &str| Err(format!("{what} in \"{text}\": {FORM}"));
        let Some((left, to)) = text.rsplit_once('=') else { return wrong("no \"=\"") };
        let (kind, name) = left.split_once(':').unwrap_or(("column", left));
        let parts: Vec<&str> = name.split('.').collect();
        if to.is_empty() || parts.iter().any(|part| part.is_empty()) {
            return wrong("an empty name");
        }
        let qualified = match (kind, parts.as_slice()) {
            ("column", [table, _] | [_, table, _]) => {
                let namespace = if parts.len() == 3 { parts.first() } else { None };
                QualifiedName::new(namespace.unwrap_or(&"public"), table)
            }
            ("schema", [name]) => QualifiedName::new(name, name),
            ("table" | "view" | "sequence" | "index" | "type", [name]) => {
                QualifiedName::new("public", name)
            }
            ("table" | "view" | "sequence" | "index" | "type", [namespace, name]) => {
                QualifiedName::new(namespace, name)
            }
            _other => return wrong("a kind or a number of names that does not fit"),
        };
        let id = match (kind, parts.last()) {
            ("column", Some(column)) => ObjectId::Column(Child::new(qualified, Ident::new(column))),
            ("table", _) => ObjectId::Table(qualified),
            ("view", _) => ObjectId::View(qualified),
            ("sequence", _) => ObjectId::Sequence(qualified),
            ("index", _) => ObjectId::Index(qualified),
            ("schema", _) => ObjectId::Namespace(qualified.name),
            _type => ObjectId::Enum(qualified),
        };
        Ok(Self { id, to: Ident::new(to) })
    }

    /// Why the declared schema speaks against it, if it does.
    pub fn against(&self, canonical: &NormalSchema) -> Option<String> {
        let new = self.inverse().id;
        if is_there(&new, canonical) == Some(false) {
            return Some(format!("{} is not declared", shown(&new)));
        }
        let is_declared = is_there(&self.id, canonical) == Some(true);
        is_declared.then(|| format!("{} is declared too", shown(&self.id)))
    }

    /// The way back.
    fn inverse(&self) -> Self {
        let back = |name: &QualifiedName| (name.sibling(self.to.clone()), name.name.clone());
        let (id, to) = match &self.id {
            ObjectId::Column(child) => {
                let renamed = Child::new(child.parent.clone(), self.to.clone());
                (ObjectId::Column(renamed), child.name.clone())
            }
            ObjectId::Table(name) => wrap(ObjectId::Table, back(name)),
            ObjectId::View(name) => wrap(ObjectId::View, back(name)),
            ObjectId::Sequence(name) => wrap(ObjectId::Sequence, back(name)),
            ObjectId::Index(name) => wrap(ObjectId::Index, back(name)),
            ObjectId::Enum(name) => wrap(ObjectId::Enum, back(name)),
            ObjectId::Namespace(name) => (ObjectId::Namespace(self.to.clone()), name.clone()),
            other => (other.clone(), self.to.clone()),
        };
        Self { id, to }
    }

    /// The name before and the one after.
    pub fn names(&self) -> (ObjectId, ObjectId) {
        (self.id.clone(), self.inverse().id)
    }

    /// The statement.
    pub fn sql(&self) -> String {
        let mut writer = SqlWriter::new(Style::LINES);
        let w = &mut writer;
        match &self.id {
            ObjectId::Column(child) => {
                w.sql("ALTER TABLE ").qualified(&child.parent);
                w.sql(" RENAME COLUMN ").ident(&child.name);
            }
            ObjectId::Table(name) => renamed(w, "ALTER TABLE ", name),
            ObjectId::View(name) => renamed(w, "ALTER VIEW ", name),
            ObjectId::Sequence(name) => renamed(w, "ALTER SEQUENCE ", name),
            ObjectId::Index(name) => renamed(w, "ALTER INDEX ", name),
            ObjectId::Namespace(name) => {
                w.sql("ALTER SCHEMA ").ident(name);
                w.sql(" RENAME");
            }
            other => {
                w.sql("ALTER TYPE ");
                other.qualified_name().into_iter().for_each(|name| w.qualified(name));
                w.sql(" RENAME");
            }
        }
        w.sql(" TO ").ident(&self.to);
        w.sql(";\n");
        writer.finish()
    }

    fn step(&self) -> Step {
        let mut step = Step::new(Rank::Protect, &Unit::Object(self.id.clone()), |_| {});
        step.sql = self.sql();
        step
    }
}

fn wrap(id: fn(QualifiedName) -> ObjectId, back: (QualifiedName, Ident)) -> (ObjectId, Ident) {
    (id(back.0), back.1)
}

fn renamed(w: &mut SqlWriter, alter: &'static str, name: &QualifiedName) {
    w.sql(alter).qualified(name);
    w.sql(" RENAME");
}

fn shown(id: &ObjectId) -> String {
    // The kind of a type is not known, and does not matter.
    let kind = if matches!(id, ObjectId::Enum(_)) { "type" } else { id.kind().label() };
    format!("{kind} {}", object_name(id))
}

/// Whether the schema has something of that name and sort, when that can be known.
fn is_there(id: &ObjectId, schema: &NormalSchema) -> Option<bool> {
    let any = |ids: &[ObjectId]| ids.iter().any(|id| schema.get(id).is_some());
    let found = match id {
        ObjectId::Column(child) => {
            let table = schema.get(&ObjectId::Table(child.parent.clone()));
            let table = table.and_then(|object| <&Table>::try_from(object.object()).ok())?;
            table.column(&child.name).is_some()
        }
        ObjectId::View(name) => {
            any(&[ObjectId::View(name.clone()), ObjectId::MaterializedView(name.clone())])
        }
        // Those of constraints, identity columns and base types are found by their owners.
        ObjectId::Index(_) | ObjectId::Sequence(_) => return None,
        ObjectId::Enum(name) => any(&[
            ObjectId::Enum(name.clone()),
            ObjectId::Domain(name.clone()),
            ObjectId::Composite(name.clone()),
            ObjectId::Range(name.clone()),
            ObjectId::BaseType(name.clone()),
        ]),
        other => any(std::slice::from_ref(other)),
    };
    Some(found)
}

/// Why some renames cannot all be meant.
pub fn contradiction(renames: &[Rename]) -> Option<String> {
    let news: Vec<ObjectId> = renames.iter().map(|rename| rename.inverse().id).collect();
    let at = |list: &[ObjectId], id: &ObjectId| list.iter().filter(|own| *own == id).count();
    let olds: Vec<ObjectId> = renames.iter().map(|rename| rename.id.clone()).collect();
    if let Some(twice) = olds.iter().find(|id| at(&olds, id) > 1) {
        return Some(format!("{} is renamed twice", shown(twice)));
    }
    if let Some(twice) = news.iter().find(|id| at(&news, id) > 1) {
        return Some(format!("two are renamed to {}", shown(twice)));
    }
    let same = olds.iter().zip(&news).find(|(old, new)| old == new);
    same.map(|(old, _)| format!("{} keeps its name", shown(old)))
}

impl Migration {
    /// Adds the statements of renames: first on the way up, last on the way down.
    pub fn renaming(&mut self, renames: &[Rename]) {
        let steps: Vec<Step> = renames.iter().map(Rename::step).collect();
        self.up.steps.splice(0..0, steps);
        self.down.steps.extend(renames.iter().rev().map(|rename| rename.inverse().step()));
    }
}

#[cfg(test)]
mod tests {
    use super::Rename;

    #[test]
    fn a_rename_and_its_way_back() {
        let both =
            |text: &str| Rename::parse(text).map(|rename| (rename.sql(), rename.inverse().sql()));
        assert_eq!(
            both("app.orders.state=status"),
            Ok((
                "ALTER TABLE app.orders RENAME COLUMN state TO status;\n".to_owned(),
                "ALTER TABLE app.orders RENAME COLUMN status TO state;\n".to_owned()
            ))
        );
        assert_eq!(
            both("table:Order=orders"),
            Ok((
                "ALTER TABLE public.\"Order\" RENAME TO orders;\n".to_owned(),
                "ALTER TABLE public.orders RENAME TO \"Order\";\n".to_owned()
            ))
        );
        assert!(both("state").is_err());
        assert!(both("table:a.b.c=d").is_err());
    }
}
