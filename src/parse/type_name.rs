//! Lowers names and references to types.
//!
//! `varchar(20)[]` is `pg_catalog.varchar` with a modifier and the array mark: the
//! grammar itself maps the words of the SQL standard to internal names. A word that
//! it does not know (`text`, `timestamptz`, `bool`) stays a bare name, to be looked
//! up like any other.

use pg_query::protobuf::{RangeVar, TypeName as TypeNode, a_const::Val};
use pg_query::{Node, NodeEnum};
use smol_str::{SmolStr, format_smolstr};

use super::expr::printed;
use crate::model::{Ident, Name, TypeName};

/// The text of a node that is a string; empty for any other.
pub(crate) fn string(node: &Node) -> &str {
    match &node.node {
        Some(NodeEnum::String(text)) => &text.sval,
        _ => "",
    }
}

/// Each string of a list as an identifier.
pub(crate) fn idents(nodes: &[Node]) -> Vec<Ident> {
    nodes.iter().map(|node| Ident::new(string(node))).collect()
}

/// The identifier, unless the text is empty, which is how the parser says "none".
pub(crate) fn ident(text: &str) -> Option<Ident> {
    (!text.is_empty()).then(|| Ident::new(text))
}

/// A dotted name; a database in front is dropped, as it can only be the current one.
pub(crate) fn name(nodes: &[Node]) -> Name {
    match nodes {
        [] => Name::default(),
        [name] => Name { namespace: None, name: Ident::new(string(name)) },
        [.., namespace, name] => {
            Name { namespace: Some(Ident::new(string(namespace))), name: Ident::new(string(name)) }
        }
    }
}

/// The name of a relation.
pub(crate) fn range_var(node: &RangeVar) -> Name {
    Name { namespace: ident(&node.schemaname), name: Ident::new(&node.relname) }
}

/// A reference to a type.
pub(crate) fn type_name(node: &TypeNode) -> TypeName {
    let (names, of_column) = match node.names.split_last() {
        Some((column, relation)) if node.pct_type => {
            (relation, Some(Box::new(Ident::new(string(column)))))
        }
        _ => (node.names.as_slice(), None),
    };
    let name = name(names);
    let modifiers =
        if node.typmods.is_empty() { Vec::new() } else { modifiers(&name, &node.typmods) };
    TypeName {
        name,
        modifiers,
        array: !node.array_bounds.is_empty(),
        set_of: node.setof,
        of_column,
    }
}

fn modifiers(name: &Name, nodes: &[Node]) -> Vec<SmolStr> {
    let mut texts: Vec<SmolStr> = nodes.iter().map(modifier).collect();
    if name.is_builtin("interval")
        && let Some(first) = texts.first_mut()
        && let Some(fields) = interval_fields(first)
    {
        *first = SmolStr::new_static(fields);
    }
    complete_modifiers(name, &mut texts);
    texts
}

/// What the types' `typmodin` functions make of modifiers: `numeric(p)` has scale 0
/// (`numerictypmodin`, `src/backend/utils/adt/numeric.c`), a precision of more than 6
/// digits of a second is 6 (`anytime_typmod_check`, `src/backend/utils/adt/date.c`).
fn complete_modifiers(name: &Name, texts: &mut Vec<SmolStr>) {
    if name.namespace.as_ref().is_some_and(|namespace| *namespace != "pg_catalog") {
        return;
    }
    let precision = match name.name.as_str() {
        "numeric" if texts.len() == 1 => {
            texts.push(SmolStr::new_static("0"));
            None
        }
        "time" | "timetz" | "timestamp" | "timestamptz" => texts.first_mut(),
        "interval" => texts.get_mut(1),
        _no_other_type_changes_its_modifiers => None,
    };
    if let Some(precision) = precision
        && precision.parse::<i32>().is_ok_and(|digits| digits > 6)
    {
        *precision = SmolStr::new_static("6");
    }
}

/// A constant or an identifier: the type's input function for modifiers gets both
/// as the same text (`typenameTypeMod`, `src/backend/parser/parse_type.c`).
fn modifier(node: &Node) -> SmolStr {
    match &node.node {
        Some(NodeEnum::AConst(constant)) => match &constant.val {
            Some(Val::Ival(value)) => format_smolstr!("{}", value.ival),
            Some(Val::Fval(value)) => SmolStr::new(&value.fval),
            Some(Val::Sval(value)) => SmolStr::new(&value.sval),
            Some(Val::Bsval(value)) => SmolStr::new(&value.bsval),
            Some(Val::Boolval(value)) => {
                SmolStr::new_static(if value.boolval { "true" } else { "false" })
            }
            None => SmolStr::new_static("null"),
        },
        Some(NodeEnum::ColumnRef(column)) if column.fields.len() == 1 => {
            SmolStr::new(column.fields.first().map_or("", string))
        }
        _ => SmolStr::from(printed(node)),
    }
}

/// The fields that the grammar gives as bits, by their numbers in
/// `src/include/utils/datetime.h`: month 1, year 2, day 3, hour 10, minute 11, second 12.
fn interval_fields(mask: &str) -> Option<&'static str> {
    Some(match mask {
        "4" => "year",
        "2" => "month",
        "8" => "day",
        "1024" => "hour",
        "2048" => "minute",
        "4096" => "second",
        "6" => "year to month",
        "1032" => "day to hour",
        "3080" => "day to minute",
        "7176" => "day to second",
        "3072" => "hour to minute",
        "7168" => "hour to second",
        "6144" => "minute to second",
        "32767" => "",
        _ => return None,
    })
}
