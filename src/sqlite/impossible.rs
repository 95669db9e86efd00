//! What SQLite has nothing for: row security, privileges, functions, kinds of objects.
//!
//! The surprising thing: a view or trigger of the same name counts as there. What it does is in
//! another language and is not compared, which is said.

use super::gaps::{Finder, title};
use super::{Named, Table};
use crate::diff::Severity::{High, Low, Moderate};
use crate::model::{Kind, Object, ObjectId, Table as CanonicalTable};
use crate::normalize::NormalObject;

/// What a table has beside columns, constraints and indexes.
pub(super) fn of_table(
    finder: &mut Finder<'_>,
    id: &ObjectId,
    object: &NormalObject,
    table: &CanonicalTable,
    own: &Table,
) {
    let at = [Some(object.origin().span), Some(own.span)];
    if table.row_security {
        let policies = finder.canonical.iter().filter(|(other, _)| {
            matches!((other, id), (ObjectId::Policy(child), ObjectId::Table(name)) if child.parent == *name)
        });
        let declared = format!("row security with {} policies", policies.count());
        let meaning = "whoever opens the file sees and changes all rows";
        finder.add("row security", title(id), High, declared, "impossible", meaning, at);
    }
    if object.acl().is_some() {
        let meaning = "whoever opens the file may do everything";
        finder.add("privileges", title(id), Moderate, "granted", "impossible", meaning, at);
    }
}

/// Objects of kinds that are not parts of tables.
pub(super) fn objects(finder: &mut Finder<'_>) {
    let canonical = finder.canonical;
    let database = finder.database;
    for (id, object) in canonical {
        let at = [Some(object.origin().span), None];
        let has = |list: &[Named], name: &str| {
            list.iter().find(|named| named.name.eq_ignore_ascii_case(name)).map(|named| named.span)
        };
        match id {
            ObjectId::View(name) => match has(&database.views, name.name.as_str()) {
                Some(span) => {
                    let meaning = "its query is not compared";
                    let at = [Some(object.origin().span), Some(span)];
                    finder.add("view", title(id), Low, "a view", "a view", meaning, at);
                }
                None => {
                    let meaning = "queries that use it fail";
                    finder.add("view", title(id), Moderate, "a view", "nothing", meaning, at);
                }
            },
            ObjectId::Trigger(child) => match has(&database.triggers, child.name.as_str()) {
                Some(span) => {
                    let meaning = "what it does is in another language and is not compared";
                    let at = [Some(object.origin().span), Some(span)];
                    finder.add("trigger", title(id), Low, "a trigger", "a trigger", meaning, at);
                }
                None => {
                    let meaning = "what it does to rows is not done";
                    finder.add("trigger", title(id), Moderate, "a trigger", "nothing", meaning, at);
                }
            },
            _other => impossible(finder, id, object),
        }
    }
}

fn impossible(finder: &mut Finder<'_>, id: &ObjectId, object: &NormalObject) {
    let (severity, meaning) = match id.kind() {
        Kind::MaterializedView => (Moderate, "queries that use it fail"),
        Kind::Routine | Kind::Aggregate => {
            (Moderate, "SQLite keeps no functions: the program that opens the file would bring it")
        }
        Kind::Rule => (Moderate, "SQLite has no rules"),
        Kind::Sequence => match object.object() {
            // It numbers a column, which says so itself.
            Object::Sequence(sequence) if sequence.owned_by.is_some() => return,
            _own => (Moderate, "SQLite has no sequences of their own"),
        },
        _no_matter_of_rows => return,
    };
    let at = [Some(object.origin().span), None];
    finder.add("object", title(id), severity, id.kind().label(), "impossible", meaning, at);
}
