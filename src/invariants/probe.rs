//! Types, defaults and lists of values brought into the form that a schema holds them in:
//! a table of one column is read among what the schema has.

use crate::emit::sql::{SqlWriter, Style};
use crate::model::{Column, Constraint, Ident, Object, Schema, Table};
use crate::normalize::{NormalSchema, normalize};
use crate::parse::{fragment, parse};
use crate::source::Source;

/// A column of that name and definition; none when it cannot be read as one.
pub(super) fn column(schema: &NormalSchema, name: &Ident, definition: &str) -> Option<Column> {
    let (column, _) = table(schema, name, definition)?;
    column
}

/// The CHECK that a column may have only these values, in this order.
pub(super) fn values(
    schema: &NormalSchema,
    name: &Ident,
    ty: &str,
    values: &[&str],
) -> Option<Constraint> {
    let mut writer = SqlWriter::new(Style::INLINE);
    writer.sql(" CHECK (").ident(name);
    writer.sql(" IN (");
    writer.list(values, |writer, value| {
        writer.string(value);
    });
    writer.sql("))");
    let definition = format!("{ty}{}", writer.finish());
    table(schema, name, &definition)?.1
}

fn table(
    schema: &NormalSchema,
    name: &Ident,
    definition: &str,
) -> Option<(Option<Column>, Option<Constraint>)> {
    fragment::column(definition).ok()?;
    let mut writer = SqlWriter::new(Style::INLINE);
    writer.sql("CREATE TABLE pgcanon_probe (").ident(name);
    let text = format!("{} {definition}\n)", writer.finish());
    let parsed = parse(&[Source { name: "probe".to_owned(), text }]);
    let Schema { objects, dumped } = parsed.schema;
    let read = normalize(Schema { objects, dumped }).among(schema);
    let mut found = (None, None);
    for (_, object) in &read {
        match object.object() {
            Object::Table(table) => found.0 = Table::column(table, name).cloned(),
            Object::Constraint(constraint) => found.1 = Some((**constraint).clone()),
            _ => {}
        }
    }
    Some(found)
}
