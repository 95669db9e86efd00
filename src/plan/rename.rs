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
        let (left, to) = match words(text, '=').as_deref() {
            Some([left, to]) => (left.clone(), to.clone()),
            Some(_) => return wrong("not one \"=\""),
            None => return wrong("a quote that is not closed"),
        };
        let (kind, name) = left.split_once(':').unwrap_or(("column", &left));
        let parts = |text: &str| -> Option<Vec<Ident>> {
            words(text, '.')?.iter().map(|part| unquoted(part)).collect()
        };
        let (Some(parts), Some(to)) = (parts(name), unquoted(&to)) else {
            return wrong("an empty name");
        };
        Self::new(kind, &parts, to).map_or_else(|| wrong("a kind that does not fit the name"), Ok)
    }

    /// The rename to an object, as reports name it with its kind, from another name in the
    /// same place: `column public.orders.status` from `state`.
    ///
    /// # Errors
    /// The object is of a kind that is not renamed, or the name is none.
    pub fn to(title: &str, from: &str) -> Result<Self, String> {
        let kinds = [
            ("column ", "column"),
            ("table ", "table"),
            ("materialized view ", "view"),
            ("view ", "view"),
            ("sequence ", "sequence"),
            ("index ", "index"),
            ("enum ", "type"),
            ("domain ", "type"),
            ("composite type ", "type"),
            ("range type ", "type"),
            ("schema ", "schema"),
        ];
        let found = kinds
            .iter()
            .find_map(|(label, kind)| title.strip_prefix(label).map(|name| (*kind, name)));
        let Some((kind, name)) = found else {
            return Err(format!("{title} cannot be renamed"));
        };
        let parts: Option<Vec<Ident>> =
            words(name, '.').and_then(|words| words.iter().map(|part| unquoted(part)).collect());
        let from = words(from, '.')
            .filter(|words| words.len() == 1)
            .and_then(|words| unquoted(words.first()?));
        let rename = parts.zip(from).and_then(|(mut parts, from)| {
            let to = std::mem::replace(parts.last_mut()?, from);
            Self::new(kind, &parts, to)
        });
        rename.ok_or_else(|| {
            format!("not the name that {title} may have had: one name, without its schema or table")
        })
    }

    fn new(kind: &str, parts: &[Ident], to: Ident) -> Option<Self> {
        let public = Ident::new("public");
        let named = |namespace: &Ident, name: &Ident| QualifiedName {
            namespace: namespace.clone(),
            name: name.clone(),
        };
        let id = match (kind, parts) {
            ("column", [table, column]) => {
                ObjectId::Column(Child::new(named(&public, table), column.clone()))
            }
            ("column", [namespace, table, column]) => {
                ObjectId::Column(Child::new(named(namespace, table), column.clone()))
            }
            ("schema", [name]) => ObjectId::Namespace(name.clone()),
            (kind, [.., name]) if parts.len() <= 2 => {
                let namespace = if parts.len() == 2 { parts.first()? } else { &public };
                let name = named(namespace, name);
                match kind {
                    "table" => ObjectId::Table(name),
                    "view" => ObjectId::View(name),
                    "sequence" => ObjectId::Sequence(name),
                    "index" => ObjectId::Index(name),
                    "type" => ObjectId::Enum(name),
                    _no_other => return None,
                }
            }
            _other => return None,
        };
        Some(Self { id, to })
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

/// The pieces between separators that stand outside of quotes; none when a quote is open.
fn words(text: &str, separator: char) -> Option<Vec<String>> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for character in text.chars() {
        quoted ^= character == '"';
        if character == separator && !quoted {
            words.push(String::new());
        } else if let Some(word) = words.last_mut() {
            word.push(character);
        }
    }
    (!quoted).then_some(words)
}

/// A name with or without its quotes, as it is; none when it is empty.
fn unquoted(word: &str) -> Option<Ident> {
    let inner = word.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let name = inner.map_or_else(|| word.to_owned(), |inner| inner.replace("\"\"", "\""));
    (!name.is_empty()).then(|| Ident::new(&name))
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
        assert!(both("a.b=c=d").is_err() && both("a.\"b=c").is_err() && both("a..b=c").is_err());
        assert_eq!(
            both("\"a.b\".\"x=\"\"y\"=z"),
            Ok((
                "ALTER TABLE public.\"a.b\" RENAME COLUMN \"x=\"\"y\" TO z;\n".to_owned(),
                "ALTER TABLE public.\"a.b\" RENAME COLUMN z TO \"x=\"\"y\";\n".to_owned()
            ))
        );
    }

    #[test]
    fn a_rename_to_what_a_report_names() {
        let to = |title: &str, from: &str| Rename::to(title, from).map(|rename| rename.sql());
        assert_eq!(
            to("column app.\"Order\".status", "state"),
            Ok("ALTER TABLE app.\"Order\" RENAME COLUMN state TO status;\n".to_owned())
        );
        assert_eq!(
            to("enum public.mood", "\"Mood\""),
            Ok("ALTER TYPE public.\"Mood\" RENAME TO mood;\n".to_owned())
        );
        assert!(to("policy public.t.p", "q").is_err());
        assert!(to("table public.t", "a.b").is_err());
        assert!(to("table public.t", "").is_err());
    }
}
