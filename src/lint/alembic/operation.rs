//! What the operations of Alembic do, `op.x(..)` and `batch_op.x(..)`.

use super::super::column::{added, type_name, word};
use super::super::events::change;
use super::super::expression::Arguments;
use crate::parse::changes::{Change, What};
use crate::python::{self, Names, Node, Value, text_of};

/// Operations that change nothing that a rule is about.
const HARMLESS: &[&str] = &[
    "batch_alter_table",
    "bulk_insert",
    "create_table_comment",
    "drop_table_comment",
    "f",
    "get_bind",
    "get_context",
    "inline_literal",
    "implementation_for",
    "register_operation",
];

/// The changes of an operation. In a batch, the table is that of the batch.
pub(super) fn changes(
    node: Node<'_>,
    method: &str,
    batch: Option<&str>,
    text: &str,
    names: &Names<'_>,
) -> Vec<Change> {
    let call = Call { arguments: Arguments::of(node, text), node, batch, text, names };
    match method {
        "drop_table" => call.table_change(What::Drop("table")),
        "create_table" => call.table_change(What::Create("table")),
        "rename_table" => {
            let table = call.name(0, "old_table_name");
            vec![call.change(What::RenameTable, table.clone(), table)]
        }
        "drop_column" => {
            let table = call.table();
            let column = call.name(call.after(1), "column_name");
            vec![call.change(What::DropColumn, format!("{table}.{column}"), table)]
        }
        "add_column" => call.add_column(),
        "alter_column" => call.alter_column(),
        "drop_constraint" => {
            let table = batch.map_or_else(
                || qualified(&call.arguments, 1, "table_name", text, names),
                str::to_owned,
            );
            let name = call.name(0, "constraint_name");
            vec![call.change(What::DropConstraint, format!("{table}.{name}"), table)]
        }
        "drop_index" => {
            let name = call.name(0, "index_name");
            let table = if batch.is_some() { call.table() } else { call.name(1, "table_name") };
            let mut found = vec![call.change(What::Drop("index"), name, table)];
            if call.is_true("postgresql_concurrently") {
                found.push(call.change(
                    What::Alone("DROP INDEX CONCURRENTLY"),
                    String::new(),
                    String::new(),
                ));
            }
            found
        }
        "create_index" => {
            let name = call.name(0, "index_name");
            let table = batch.map_or_else(
                || qualified(&call.arguments, 1, "table_name", text, names),
                str::to_owned,
            );
            let concurrent = call.is_true("postgresql_concurrently");
            let what = if concurrent {
                What::Alone("CREATE INDEX CONCURRENTLY")
            } else {
                What::BuildIndex
            };
            vec![
                call.change(What::Create("index"), name.clone(), table.clone()),
                call.change(what, name, table),
            ]
        }
        "create_foreign_key" => call.constraint("source_table", What::Validate("FOREIGN KEY")),
        "create_check_constraint" => call.constraint("table_name", What::Validate("CHECK")),
        "create_unique_constraint" => call.constraint("table_name", What::BuildKey("UNIQUE")),
        "create_primary_key" => call.constraint("table_name", What::BuildKey("PRIMARY KEY")),
        "create_exclude_constraint" => call.constraint("table_name", What::BuildKey("EXCLUDE")),
        harmless if HARMLESS.contains(&harmless) => Vec::new(),
        drops if drops.starts_with("drop_") => {
            let name = call.arguments.positional.first().map_or("", |node| text_of(*node, text));
            vec![call.change(What::Drop("object"), name.to_owned(), String::new())]
        }
        other => {
            let why = format!("op.{other} is no operation of Alembic itself");
            vec![call.change(What::Dynamic(why), String::new(), String::new())]
        }
    }
}

/// Whether a name is one of an operation, for modules that import all of them.
pub(super) fn is_known(name: &str) -> bool {
    const OTHERS: [&str; 7] = [
        "add_column",
        "alter_column",
        "create_index",
        "create_table",
        "execute",
        "rename_table",
        "create_exclude_constraint",
    ];
    let starts = ["drop_", "create_"].iter().any(|start| {
        let kinds = ["table", "column", "constraint", "index", "check_constraint"];
        let more = ["foreign_key", "unique_constraint", "primary_key"];
        let rest = name.strip_prefix(start);
        rest.is_some_and(|rest| kinds.contains(&rest) || more.contains(&rest))
    });
    starts || OTHERS.contains(&name) || (is_harmless(name) && name != "f")
}

/// Whether an operation changes nothing that a rule is about.
pub(super) fn is_harmless(method: &str) -> bool {
    HARMLESS.contains(&method)
}

/// A table's name with the `schema` of the call.
pub(super) fn qualified(
    arguments: &Arguments<'_, '_>,
    place: usize,
    name: &str,
    text: &str,
    names: &Names<'_>,
) -> String {
    let said = |node: Option<Node<'_>>| node.map(|node| word(node, text, names));
    let table = said(arguments.get(place, name)).unwrap_or_default();
    let schema =
        ["schema", "source_schema"].iter().find_map(|key| arguments.named.get(key).copied());
    match schema.map(|node| python::value(node, text, names)) {
        Some(Value::Text(schema)) => format!("{}.{table}", schema.value),
        _no_schema => table,
    }
}

struct Call<'c, 'tree, 't> {
    arguments: Arguments<'tree, 't>,
    node: Node<'tree>,
    batch: Option<&'c str>,
    text: &'t str,
    names: &'c Names<'tree>,
}

impl Call<'_, '_, '_> {
    fn change(&self, what: What, object: String, table: String) -> Change {
        let table = (!table.is_empty()).then_some(table);
        change(what, object, table, self.node.byte_range())
    }

    /// The place of an argument, which is one less in a batch.
    fn after(&self, place: usize) -> usize {
        if self.batch.is_some() { place.saturating_sub(1) } else { place }
    }

    fn name(&self, place: usize, name: &str) -> String {
        self.arguments
            .get(place, name)
            .map_or_else(String::new, |node| word(node, self.text, self.names))
    }

    fn is_true(&self, name: &str) -> bool {
        self.value(name) == Some(Value::Bool(true))
    }

    fn value(&self, name: &str) -> Option<Value> {
        let node = self.arguments.named.get(name)?;
        Some(python::value(*node, self.text, self.names))
    }

    fn table(&self) -> String {
        match self.batch {
            Some(table) => table.to_owned(),
            None => qualified(&self.arguments, 0, "table_name", self.text, self.names),
        }
    }

    fn table_change(&self, what: What) -> Vec<Change> {
        let table = self.table();
        let creates = matches!(what, What::Create(_));
        let guarded = self.is_true("if_not_exists") || !creates;
        vec![Change { guarded, ..self.change(what, table.clone(), table) }]
    }

    fn add_column(&self) -> Vec<Change> {
        let table = self.table();
        let Some(column) = self.arguments.get(self.after(1), "column") else { return Vec::new() };
        let (name, all) = added(column, self.text, self.names);
        let object = format!("{table}.{name}");
        all.into_iter().map(|what| self.change(what, object.clone(), table.clone())).collect()
    }

    fn alter_column(&self) -> Vec<Change> {
        let table = self.table();
        let object = format!("{table}.{}", self.name(self.after(1), "column_name"));
        let of = |name: &str| {
            let node = self.arguments.named.get(name)?;
            type_name(*node, self.text, self.names)
        };
        let mut all = Vec::new();
        if self.value("nullable") == Some(Value::Bool(false)) {
            all.push(What::SetNotNull);
        }
        if self.arguments.named.contains_key("type_") {
            let converted =
                self.value("postgresql_using").is_some_and(|value| value != Value::None);
            all.push(What::AlterType { from: of("existing_type"), to: of("type_"), converted });
        }
        let renames = self.value("new_column_name").is_some_and(|value| value != Value::None);
        if renames {
            all.push(What::RenameColumn);
        }
        all.into_iter().map(|what| self.change(what, object.clone(), table.clone())).collect()
    }

    fn constraint(&self, table: &str, what: What) -> Vec<Change> {
        if self.is_true("postgresql_not_valid") {
            return Vec::new();
        }
        let table = match self.batch {
            Some(table) => table.to_owned(),
            None => qualified(&self.arguments, 1, table, self.text, self.names),
        };
        let name = self.name(0, "constraint_name");
        vec![self.change(what, format!("{table}.{name}"), table)]
    }
}
