//! For tests: reads one text and compares what two texts mean.

use std::collections::BTreeMap;

use super::{Parsed, parse};
use crate::model::{Acl, Entry, Ident, Object, ObjectId, ProblemCode, Schema};
use crate::source::Source;

/// What comes of a text.
pub(crate) fn read(text: &str) -> Parsed {
    parse(&[Source { name: "test.sql".to_owned(), text: text.to_owned() }])
}

/// The schema of a text in which nothing is wrong.
#[track_caller]
pub(crate) fn schema(text: &str) -> Schema {
    let parsed = read(text);
    assert_eq!(parsed.problems, Vec::new(), "{text}");
    parsed.schema
}

/// The codes of the problems of a text.
pub(crate) fn problems(text: &str) -> Vec<ProblemCode> {
    read(text).problems.iter().map(|problem| problem.code).collect()
}

/// Asserts that two texts mean the same schema.
#[track_caller]
pub(crate) fn same(one: &str, other: &str) {
    let (one, other) = (schema(one), schema(other));
    assert_eq!(said(&one), said(&other));
}

/// Asserts that two texts mean different schemas.
#[track_caller]
pub(crate) fn differ(one: &str, other: &str) {
    let (one, other) = (schema(one), schema(other));
    assert_ne!(said(&one), said(&other));
}

type Said<'s> = (
    &'s Object,
    &'s Option<Ident>,
    &'s Option<Box<str>>,
    &'s Option<Acl>,
    &'s BTreeMap<Ident, Box<str>>,
);

/// All that is said of the objects, places left out.
fn said(schema: &Schema) -> Vec<(&ObjectId, Said<'_>)> {
    fn of(entry: &Entry) -> Said<'_> {
        let Entry { object, owner, comment, acl, labels, origin: _ } = entry;
        (object, owner, comment, acl, labels)
    }
    schema.objects.iter().map(|(id, entry)| (id, of(entry))).collect()
}
