//! A schema as JSON: every object with its facets, in the order of identities, so
//! that schemas that are equal give equal text.
//!
//! Facets are those that `diff` compares. What is SQL is a string of SQL; flags,
//! numbers and lists are JSON.

use serde_json::{Map, Value as Json, json};

use super::report::{name, phrase};
use crate::diff::{Facets, Value, annotations_of, facets_of};
use crate::model::{Child, ObjectId, Table};
use crate::normalize::{NormalObject, NormalSchema};

/// The version of the format. It grows when a reader of the one before could fail.
pub const VERSION: u32 = 1;

/// Writes the schema.
pub fn schema(schema: &NormalSchema) -> Json {
    let objects: Vec<Json> = schema.iter().map(|(id, entry)| object(id, entry, schema)).collect();
    json!({ "version": VERSION, "objects": objects })
}

fn object(id: &ObjectId, entry: &NormalObject, schema: &NormalSchema) -> Json {
    let mut all = facets_of(schema, id).unwrap_or_default();
    all.0.extend(annotations_of(id, entry).0);
    let mut json = named(id, &all);
    if let Ok(table) = <&Table>::try_from(entry.object()) {
        let columns = table.columns.iter().filter_map(|column| {
            let parent = id.qualified_name()?.clone();
            let column = ObjectId::Column(Child::new(parent, column.name.clone()));
            Some(Json::Object(named(&column, &facets_of(schema, &column)?)))
        });
        json.insert("columns".to_owned(), columns.collect());
    }
    Json::Object(json)
}

fn named(id: &ObjectId, all: &Facets) -> Map<String, Json> {
    let mut json = Map::new();
    json.insert("kind".to_owned(), id.kind().label().into());
    json.insert("name".to_owned(), name::object(id).into());
    for (key, shown) in &all.0 {
        let label = key.facet.label().to_owned();
        match &key.key {
            None => drop(json.insert(label, value(shown))),
            Some(key) => {
                let map = json.entry(label).or_insert_with(|| Json::Object(Map::new()));
                if let Json::Object(map) = map {
                    map.insert(key.as_str().to_owned(), value(shown));
                }
            }
        }
    }
    json
}

fn value(shown: &Value) -> Json {
    match shown {
        Value::Flag(flag) => (*flag).into(),
        Value::Number(number) => (*number).into(),
        Value::Text(text) | Value::Body(text) => super::redact::shown(text).into(),
        Value::List(items) => items.iter().map(value).collect(),
        Value::Keyword(_)
        | Value::Name(_)
        | Value::Type(_)
        | Value::Expr(_)
        | Value::Query(_)
        | Value::Command(_)
        | Value::SortKey(_)
        | Value::Phrase(_)
        | Value::Secret(_) => super::redact::shown(&phrase::value(shown)).into(),
    }
}

#[cfg(test)]
mod tests {
    use crate::normalize::normalize;
    use crate::parse::parse;
    use crate::source::Source;

    #[test]
    fn a_schema_as_json() {
        let text =
            "CREATE TABLE t (a int NOT NULL, b text DEFAULT 'x', CONSTRAINT c CHECK (a > 1));
                    CREATE INDEX i ON t (b) INCLUDE (a) WHERE a > 2;";
        let parsed = parse(&[Source { name: "a.sql".to_owned(), text: text.to_owned() }]);
        assert_eq!(parsed.problems, []);
        let json = super::schema(&normalize(parsed.schema));
        insta::assert_snapshot!(format!("{json:#}"));
    }
}
