//! Columns and types of SQLAlchemy, as far as rules ask: `sa.Column("a", sa.String(20),
//! nullable=False)`.

use super::expression::{Arguments, called};
use crate::model::TypeName;
use crate::parse::changes::{What, is_volatile};
use crate::parse::fragment;
use crate::python::{self, Names, Node, Value, text_of};

/// The name of a column, and what adding it does.
pub(super) fn added(node: Node<'_>, text: &str, names: &Names<'_>) -> (String, Vec<What>) {
    let node = match node.kind() {
        "identifier" => names.get(text_of(node, text)).unwrap_or(node),
        _itself => node,
    };
    let is_column = node.kind() == "call" && called(node, text).ends_with("Column");
    if !is_column {
        let why = "the column is made elsewhere".to_owned();
        return (text_of(node, text).to_owned(), vec![What::Dynamic(why)]);
    }
    let arguments = Arguments::of(node, text);
    let name = arguments.get(0, "name").map_or_else(String::new, |name| word(name, text, names));
    let is_true = |name: &str| {
        arguments
            .named
            .get(name)
            .is_some_and(|node| python::value(*node, text, names) == Value::Bool(true))
    };
    let required = is_true("primary_key")
        || arguments
            .named
            .get("nullable")
            .is_some_and(|node| python::value(*node, text, names) == Value::Bool(false));
    let default = arguments.named.get("server_default").copied();
    let default = default.filter(|node| python::value(*node, text, names) != Value::None);
    let has = |wanted: &str| {
        arguments
            .positional
            .iter()
            .any(|node| node.kind() == "call" && called(*node, text) == wanted)
    };
    let mut found = vec![What::AddColumn(None)];
    let fills = if has("Identity") {
        Some("an identity takes a number for each row")
    } else if has("Computed") {
        Some("a stored generated column is computed for each row")
    } else if default.is_some_and(|default| is_computed(default, text, names)) {
        Some("its default is computed for each row")
    } else {
        None
    };
    found.extend(fills.map(What::VolatileDefault));
    if required && fills.is_none() && default.is_none() {
        found.push(What::AddNotNull);
    }
    if is_true("unique") {
        found.push(What::BuildKey("UNIQUE"));
    }
    if has("ForeignKey") {
        found.push(What::Validate("FOREIGN KEY"));
    }
    if has("CheckConstraint") {
        found.push(What::Validate("CHECK"));
    }
    (name, found)
}

/// Whether a default may differ from row to row: text is a constant, `text("..")` an expression.
fn is_computed(node: Node<'_>, text: &str, names: &Names<'_>) -> bool {
    let node = match node.kind() {
        "identifier" => names.get(text_of(node, text)).unwrap_or(node),
        _itself => node,
    };
    if node.kind() != "call" {
        // true(), false() and null() of SQLAlchemy are calls as well, and constant.
        return false;
    }
    let function =
        node.child_by_field_name("function").map_or("", |function| text_of(function, text));
    let name = called(node, text);
    match name {
        "text" | "literal_column" | "DefaultClause" => {
            let first = Arguments::of(node, text).positional.first().copied();
            match first.map(|first| python::value(first, text, names)) {
                Some(Value::Text(sql)) => is_volatile(&sql.value),
                _not_known => true,
            }
        }
        "true" | "false" | "null" | "literal" | "cast" | "str" => false,
        _a_function if function.contains("func.") => is_volatile(&format!("{name}()")),
        _another_call => true,
    }
}

/// A word that is written out, or the expression in its place.
pub(super) fn word(node: Node<'_>, text: &str, names: &Names<'_>) -> String {
    match python::value(node, text, names) {
        Value::Text(found) => found.value,
        _not_known => format!("{{{}}}", text_of(node, text)),
    }
}

/// The PostgreSQL type of a type of SQLAlchemy; none where it is not known.
pub(super) fn type_name(node: Node<'_>, text: &str, names: &Names<'_>) -> Option<TypeName> {
    let node = match node.kind() {
        "identifier" => names.get(text_of(node, text)).unwrap_or(node),
        _itself => node,
    };
    let (name, arguments) = if node.kind() == "call" {
        (called(node, text), Some(Arguments::of(node, text)))
    } else {
        (text_of(node, text).rsplit('.').next().unwrap_or_default(), None)
    };
    let number = |place: usize, name: &str| {
        let node = arguments.as_ref().and_then(|arguments| arguments.get(place, name))?;
        let digits = text_of(node, text);
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.to_owned())
    };
    let has_zone = arguments.as_ref().and_then(|arguments| arguments.get(0, "timezone"));
    let has_zone =
        has_zone.is_some_and(|node| python::value(node, text, names) == Value::Bool(true));
    let with = |name: &str, modifiers: &[Option<String>]| {
        let said: Vec<&str> = modifiers.iter().flatten().map(String::as_str).collect();
        if said.is_empty() { name.to_owned() } else { format!("{name}({})", said.join(",")) }
    };
    let sql = match name {
        "String" | "VARCHAR" | "Unicode" | "AutoString" => with("varchar", &[number(0, "length")]),
        "CHAR" => with("char", &[number(0, "length")]),
        "Text" | "TEXT" | "UnicodeText" => "text".to_owned(),
        "Integer" | "INTEGER" | "INT" => "int".to_owned(),
        "BigInteger" | "BIGINT" => "bigint".to_owned(),
        "SmallInteger" | "SMALLINT" => "smallint".to_owned(),
        "Numeric" | "NUMERIC" | "DECIMAL" => {
            with("numeric", &[number(0, "precision"), number(1, "scale")])
        }
        "Boolean" | "BOOLEAN" => "boolean".to_owned(),
        "Date" | "DATE" => "date".to_owned(),
        "DateTime" | "TIMESTAMP" | "DATETIME" if has_zone => "timestamptz".to_owned(),
        "DateTime" | "TIMESTAMP" | "DATETIME" => "timestamp".to_owned(),
        "UUID" | "Uuid" => "uuid".to_owned(),
        "JSON" => "json".to_owned(),
        "JSONB" => "jsonb".to_owned(),
        "Float" | "FLOAT" | "DOUBLE_PRECISION" | "Double" => "double precision".to_owned(),
        "REAL" => "real".to_owned(),
        "INET" => "inet".to_owned(),
        "CIDR" => "cidr".to_owned(),
        "LargeBinary" | "BYTEA" => "bytea".to_owned(),
        _not_known => return None,
    };
    fragment::type_name(&sql).ok()
}
