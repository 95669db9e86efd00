//! Reads lists of options: `WITH (name = value)`, `OPTIONS (ADD name 'value')`.
//!
//! What goes out is the text that PostgreSQL stores. Where a flag is expected, many
//! words mean the same, so it is told by [`bool_text`].

use std::collections::BTreeMap;

use pg_query::NodeEnum;
use pg_query::protobuf::{DefElem, DefElemAction, Node};

use super::define::{elements, text};
use crate::model::{Facet, Ident, Origin, Place, Span};

/// The name of an option with its namespace (`toast.fillfactor`).
pub(super) fn option_name(element: &DefElem) -> Ident {
    if element.defnamespace.is_empty() {
        Ident::new(&element.defname)
    } else {
        Ident::new(format!("{}.{}", element.defnamespace, element.defname))
    }
}

/// The flag that a text means: on, true, yes, 1 and their unique prefixes, in any case
/// (`parse_bool_with_len`, `src/backend/utils/adt/bool.c`).
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

/// Records where each option of an object is said that is there already.
pub(super) fn record_options(origin: &mut Origin, changes: &[OptionChange], span: Span) {
    for change in changes {
        let (OptionChange::Add(name, _) | OptionChange::Set(name, _) | OptionChange::Drop(name)) =
            change;
        origin.record(Place::part_facet(name, Facet::ForeignOption), span);
    }
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
