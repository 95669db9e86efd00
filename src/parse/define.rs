//! Lists of `name = value`, as in `CREATE TYPE t (INPUT = f, ...)`: what the parser
//! made of each value, read as text, flag, name or type
//! (`src/backend/commands/define.c`).
//!
//! The grammar does not know what an attribute means, so `storage = extended` holds
//! a type called `extended` and `commutator = ===` a list of one string.

use pg_query::NodeEnum;
use pg_query::protobuf::{DefElem, Node};

use super::type_name::{self, type_name};
use crate::model::{Name, Problem, ProblemCode, TypeName};

/// The elements of a list of attributes.
pub(super) fn elements(nodes: &[Node]) -> impl Iterator<Item = &DefElem> {
    nodes.iter().filter_map(|node| match node.node.as_ref()? {
        NodeEnum::DefElem(element) => Some(element.as_ref()),
        _the_grammar_puts_nothing_else_here => None,
    })
}

/// The value as text (`defGetString`).
pub(super) fn text(element: &DefElem) -> Option<String> {
    node_text(element.arg.as_deref()?)
}

/// The value of one node as text.
pub(super) fn node_text(node: &Node) -> Option<String> {
    match node.node.as_ref()? {
        NodeEnum::String(text) => Some(text.sval.clone()),
        NodeEnum::Integer(number) => Some(number.ival.to_string()),
        NodeEnum::Float(number) => Some(number.fval.clone()),
        NodeEnum::Boolean(flag) => Some(flag.boolval.to_string()),
        NodeEnum::List(list) => Some(dotted(&list.items)),
        NodeEnum::TypeName(ty) => {
            let mut text = dotted(&ty.names);
            if ty.pct_type {
                text.push_str("%TYPE");
            }
            if !ty.array_bounds.is_empty() {
                text.push_str("[]");
            }
            Some(text)
        }
        NodeEnum::AConst(constant) => constant_text(constant),
        _no_other_node_is_a_value => None,
    }
}

/// The text of a constant of the expression grammar.
pub(super) fn constant_text(constant: &pg_query::protobuf::AConst) -> Option<String> {
    use pg_query::protobuf::a_const::Val;
    Some(match constant.val.as_ref()? {
        Val::Sval(text) => text.sval.clone(),
        Val::Ival(number) => number.ival.to_string(),
        Val::Fval(number) => number.fval.clone(),
        Val::Boolval(flag) => flag.boolval.to_string(),
        Val::Bsval(bits) => bits.bsval.clone(),
    })
}

/// The value as a flag; an attribute without a value is set (`defGetBoolean`).
pub(super) fn flag(element: &DefElem) -> Option<bool> {
    if element.arg.is_none() {
        return Some(true);
    }
    match text(element)?.to_ascii_lowercase().as_str() {
        "true" | "on" | "1" => Some(true),
        "false" | "off" | "0" => Some(false),
        _not_a_flag => None,
    }
}

/// The value as a name (`defGetQualifiedName`); `NONE` and no value are none.
pub(super) fn name(element: &DefElem) -> Option<Name> {
    match element.arg.as_deref()?.node.as_ref()? {
        NodeEnum::String(text) if text.sval == "none" => None,
        NodeEnum::String(text) => Some(Name::bare(&text.sval)),
        NodeEnum::List(list) => Some(type_name::name(&list.items)),
        NodeEnum::TypeName(ty) => Some(type_name::name(&ty.names)),
        _not_a_name => None,
    }
}

/// The value as a type (`defGetTypeName`).
pub(super) fn type_of(element: &DefElem) -> Option<TypeName> {
    match element.arg.as_deref()?.node.as_ref()? {
        NodeEnum::TypeName(ty) => Some(type_name(ty)),
        NodeEnum::String(text) => {
            Some(TypeName { name: Name::bare(&text.sval), ..TypeName::default() })
        }
        _not_a_type => None,
    }
}

/// The problem that an attribute is not modelled.
pub(super) fn not_modelled(what: &str, element: &DefElem) -> Problem {
    part_not_modelled(&format!("the attribute \"{}\" of {what}", element.defname))
}

/// The problem that a part of a statement is not modelled.
pub(super) fn part_not_modelled(what: &str) -> Problem {
    Problem::new(ProblemCode::NotModelled, format!("{what} is not modelled"))
        .help("the rest of the statement is compared, this part is not")
}

fn dotted(nodes: &[Node]) -> String {
    nodes.iter().map(type_name::string).collect::<Vec<_>>().join(".")
}
