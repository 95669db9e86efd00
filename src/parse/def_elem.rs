//! Reads lists of options: `WITH (name = value)`, `OPTIONS (ADD name 'value')`.
//!
//! What comes in is the parser's `DefElem` nodes; what goes out is names and the
//! text that PostgreSQL would store for their values. A bare `name` in `WITH (..)`
//! is stored as `true` (`src/backend/access/common/reloptions.c`).

use std::collections::BTreeMap;

use pg_query::NodeEnum;
use pg_query::protobuf::{DefElem, DefElemAction, Node, RoleSpec, RoleSpecType};

use super::type_name::name;
use crate::model::{Grantee, Ident, Name};

/// The options of a list.
pub(super) fn elements(nodes: &[Node]) -> impl Iterator<Item = &DefElem> {
    nodes.iter().filter_map(|node| match node.node.as_ref()? {
        NodeEnum::DefElem(element) => Some(element.as_ref()),
        _the_grammar_puts_nothing_else_there => None,
    })
}

/// The value as text (`defGetString`, `src/backend/commands/define.c`); none for a bare name.
pub(super) fn text(element: &DefElem) -> Option<String> {
    node_text(element.arg.as_deref()?)
}

/// The text of a node that is a value.
pub(super) fn node_text(node: &Node) -> Option<String> {
    use pg_query::protobuf::a_const::Val;
    match node.node.as_ref()? {
        NodeEnum::Integer(number) => Some(number.ival.to_string()),
        NodeEnum::Float(number) => Some(number.fval.clone()),
        NodeEnum::Boolean(flag) => Some(flag.boolval.to_string()),
        NodeEnum::String(string) => Some(string.sval.clone()),
        NodeEnum::TypeName(ty) => Some(dotted(&name(&ty.names))),
        NodeEnum::List(list) => Some(dotted(&name(&list.items))),
        NodeEnum::AStar(_) => Some("*".to_owned()),
        NodeEnum::AConst(constant) => Some(match constant.val.as_ref()? {
            Val::Sval(text) => text.sval.clone(),
            Val::Ival(number) => number.ival.to_string(),
            Val::Fval(number) => number.fval.clone(),
            Val::Boolval(flag) => flag.boolval.to_string(),
            Val::Bsval(bits) => bits.bsval.clone(),
        }),
        _no_other_node_is_a_value => None,
    }
}

fn dotted(name: &Name) -> String {
    match &name.namespace {
        Some(namespace) => format!("{}.{}", namespace.as_str(), name.name.as_str()),
        None => name.name.as_str().to_owned(),
    }
}

/// The name of an option with its namespace (`toast.fillfactor`).
pub(super) fn option_name(element: &DefElem) -> Ident {
    if element.defnamespace.is_empty() {
        Ident::new(&element.defname)
    } else {
        Ident::new(format!("{}.{}", element.defnamespace, element.defname))
    }
}

/// What a value says as a flag: on, true, yes, 1 and their unique prefixes, in any
/// case (`parse_bool_with_len`, `src/backend/utils/adt/bool.c`); a bare name is true.
pub(super) fn flag(element: &DefElem) -> Option<bool> {
    match text(element) {
        None => element.arg.is_none().then_some(true),
        Some(text) => bool_text(&text),
    }
}

/// The flag that a text means.
pub(super) fn bool_text(text: &str) -> Option<bool> {
    let text = text.trim().to_ascii_lowercase();
    let prefix = |word: &str, least: usize| text.len() >= least && word.starts_with(&text);
    if prefix("true", 1) || prefix("yes", 1) || text == "on" || text == "1" {
        Some(true)
    } else if prefix("false", 1) || prefix("no", 1) || prefix("off", 2) || text == "0" {
        Some(false)
    } else {
        None
    }
}

/// The nodes of a value that is a list.
pub(super) fn list(element: &DefElem) -> &[Node] {
    match element.arg.as_deref().and_then(|arg| arg.node.as_ref()) {
        Some(NodeEnum::List(list)) => &list.items,
        _no_list => &[],
    }
}

/// A change of one option of a foreign-data object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum OptionChange {
    /// `ADD name 'value'`, the default.
    Add(Ident, Box<str>),
    /// `SET name 'value'`.
    Set(Ident, Box<str>),
    /// `DROP name`.
    Drop(Ident),
}

/// The changes that `OPTIONS (..)` makes.
pub(super) fn option_changes(nodes: &[Node]) -> Vec<OptionChange> {
    let change = |element: &DefElem| {
        let name = Ident::new(&element.defname);
        let value = text(element).unwrap_or_default().into();
        match element.defaction() {
            DefElemAction::DefelemSet => OptionChange::Set(name, value),
            DefElemAction::DefelemDrop => OptionChange::Drop(name),
            DefElemAction::DefelemAdd | DefElemAction::DefelemUnspec | DefElemAction::Undefined => {
                OptionChange::Add(name, value)
            }
        }
    };
    elements(nodes).map(change).collect()
}

/// Applies them (`transformGenericOptions`, `src/backend/commands/foreigncmds.c`).
pub(super) fn change_options(options: &mut BTreeMap<Ident, Box<str>>, changes: Vec<OptionChange>) {
    for change in changes {
        match change {
            OptionChange::Add(name, value) | OptionChange::Set(name, value) => {
                options.insert(name, value);
            }
            OptionChange::Drop(name) => {
                options.remove(&name);
            }
        }
    }
}

/// Whom a role specification means.
pub(super) fn grantee(spec: &RoleSpec) -> Grantee {
    match spec.roletype() {
        RoleSpecType::RolespecPublic => Grantee::Public,
        RoleSpecType::RolespecCurrentRole | RoleSpecType::RolespecCurrentUser => {
            Grantee::CurrentUser
        }
        RoleSpecType::RolespecSessionUser => Grantee::SessionUser,
        RoleSpecType::RolespecCstring | RoleSpecType::Undefined => {
            Grantee::Role(Ident::new(&spec.rolename))
        }
    }
}

/// Whom the nodes of a list mean.
pub(super) fn grantees(nodes: &[Node]) -> Vec<Grantee> {
    let spec = |node: &Node| match node.node.as_ref()? {
        NodeEnum::RoleSpec(spec) => Some(grantee(spec)),
        _the_grammar_puts_nothing_else_there => None,
    };
    nodes.iter().filter_map(spec).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_flags_as_the_server_does() {
        assert_eq!(bool_text("ON"), Some(true));
        assert_eq!(bool_text("t"), Some(true));
        assert_eq!(bool_text("of"), Some(false));
        assert_eq!(bool_text("o"), None);
        assert_eq!(bool_text("maybe"), None);
    }
}
