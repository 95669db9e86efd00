//! What an expression of SQLAlchemy runs: SQL in a literal, a statement put together from
//! methods, or something that is only known when it runs.

use std::collections::BTreeMap;

use crate::python::{self, Names, Node, Text, Value, Why, children, text_of};

/// Chains of methods are followed this far.
const LONGEST: usize = 64;

/// The arguments of a call.
pub(super) struct Arguments<'tree, 't> {
    pub positional: Vec<Node<'tree>>,
    pub named: BTreeMap<&'t str, Node<'tree>>,
}

impl<'tree, 't> Arguments<'tree, 't> {
    pub fn of(call: Node<'tree>, text: &'t str) -> Self {
        let mut arguments = Self { positional: Vec::new(), named: BTreeMap::new() };
        let list = call.child_by_field_name("arguments").map(children).unwrap_or_default();
        for node in list {
            match node.kind() {
                "keyword_argument" => {
                    let name = node.child_by_field_name("name").map(|name| text_of(name, text));
                    if let (Some(name), Some(value)) = (name, node.child_by_field_name("value")) {
                        arguments.named.insert(name, value);
                    }
                }
                "comment" => {}
                _positional => arguments.positional.push(node),
            }
        }
        arguments
    }

    /// An argument by its place or one of its names.
    pub fn get(&self, place: usize, name: &str) -> Option<Node<'tree>> {
        self.named.get(name).copied().or_else(|| self.positional.get(place).copied())
    }
}

/// The name that is called: of `a.b.c(..)` it is `c`.
pub(super) fn called<'t>(call: Node<'_>, text: &'t str) -> &'t str {
    let function = call.child_by_field_name("function");
    let method = function.and_then(|function| function.child_by_field_name("attribute"));
    method.or(function).map_or("", |name| text_of(name, text))
}

/// What is run.
pub(super) enum Runs {
    /// SQL as text.
    Sql(Text),
    /// Reads, or writes new rows.
    Harmless,
    /// `delete(t)` without a condition, of this.
    DeleteAll(String),
    /// `update(t)` without a condition, of this.
    UpdateAll(String),
    /// `DropTable(t)`.
    Drop(&'static str, String),
    /// `CreateTable(t)`, `CreateIndex(i)`.
    Create,
    /// Not known.
    Unknown(Why),
}

/// What `execute(node)` runs.
pub(super) fn runs(node: Node<'_>, text: &str, names: &Names<'_>) -> Runs {
    let mut node = node;
    let mut methods: Vec<&str> = Vec::new();
    for _ in 0..LONGEST {
        match node.kind() {
            "identifier" => match names.get(text_of(node, text)) {
                Some(given) if given.id() != node.id() => node = given,
                _not_known => break,
            },
            "parenthesized_expression" if node.named_child_count() == 1 => {
                match node.named_child(0) {
                    Some(inner) => node = inner,
                    None => break,
                }
            }
            "call" => {
                let name = called(node, text);
                let arguments = Arguments::of(node, text);
                let first = arguments.positional.first().copied();
                let function = node.child_by_field_name("function");
                let object = function.and_then(|function| function.child_by_field_name("object"));
                let said =
                    || first.map_or_else(String::new, |first| text_of(first, text).to_owned());
                match (name, first) {
                    ("text" | "DDL", Some(first)) => {
                        node = first;
                        continue;
                    }
                    ("DropTable", _) => return Runs::Drop("table", said()),
                    ("DropIndex", _) => return Runs::Drop("index", said()),
                    ("DropSchema", _) => return Runs::Drop("schema", said()),
                    ("DropSequence", _) => return Runs::Drop("sequence", said()),
                    ("DropConstraint", _) => return Runs::Drop("object", said()),
                    ("DropView", _) => return Runs::Drop("view", said()),
                    ("CreateTable" | "CreateIndex" | "CreateSchema" | "CreateSequence", _) => {
                        return Runs::Create;
                    }
                    ("select" | "insert" | "exists" | "literal", _) => return Runs::Harmless,
                    ("delete" | "update", _) => return rows(name, first, object, &methods, text),
                    _a_method => {}
                }
                methods.push(name);
                match object {
                    Some(object) if is_builder(name) => node = object,
                    _another_call => break,
                }
            }
            _a_value => break,
        }
    }
    match python::value(node, text, names) {
        Value::Text(sql) => Runs::Sql(sql),
        Value::Unknown(why, _) => Runs::Unknown(why),
        Value::None | Value::Bool(_) | Value::List(_) => Runs::Unknown(Why::Other),
    }
}

/// Methods that return the statement that they are called on, changed.
fn is_builder(name: &str) -> bool {
    [
        "where",
        "values",
        "bindparams",
        "columns",
        "execution_options",
        "returning",
        "filter",
        "filter_by",
        "with_for_update",
        "on_conflict_do_nothing",
        "on_conflict_do_update",
        "from_select",
        "order_by",
        "limit",
        "offset",
        "select_from",
        "join",
        "outerjoin",
        "group_by",
        "having",
        "distinct",
        "with_only_columns",
        "correlate",
        "subquery",
        "cte",
        "alias",
        "union",
        "union_all",
        "prefix_with",
        "params",
        "compile",
        "options",
        "ordered_values",
        "inline",
        "return_defaults",
        "with_hint",
        "scalar_subquery",
        "as_scalar",
    ]
    .contains(&name)
}

/// `sa.delete(t)`, `t.delete()`, with the methods that were called on it.
fn rows(
    name: &str,
    first: Option<Node<'_>>,
    object: Option<Node<'_>>,
    methods: &[&str],
    text: &str,
) -> Runs {
    let limited = methods.iter().any(|method| matches!(*method, "where" | "filter" | "filter_by"));
    if limited {
        return Runs::Harmless;
    }
    // The oldest form gives the condition to the method: t.delete(t.c.a == 1).
    let is_module =
        object.is_none_or(|object| matches!(text_of(object, text), "sa" | "sqlalchemy" | "sql"));
    let table = match (is_module, first, object) {
        (true, Some(table), _) => text_of(table, text).to_owned(),
        (false, Some(_condition), _) => return Runs::Harmless,
        (_, None, Some(object)) => text_of(object, text).to_owned(),
        (_, None, None) => String::new(),
    };
    if name == "delete" { Runs::DeleteAll(table) } else { Runs::UpdateAll(table) }
}
