//! `SET name TO value` of a routine: in, the parser's statement; out, the value as
//! PostgreSQL keeps it in `pg_proc.proconfig`.
//!
//! A setting that is a list of names keeps each of them apart: `'a, b'` is one name,
//! kept as `"a, b"`, and `a, b` are two (`flatten_set_variable_args`,
//! `src/backend/utils/misc/guc_funcs.c`).

use pg_query::NodeEnum;
use pg_query::protobuf::{Node, VariableSetKind, VariableSetStmt};

use super::super::define;
use crate::model::{Ident, Problem};

/// What `SET` or `RESET` does to the settings of a routine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::parse) enum Setting {
    /// `SET name TO value`.
    Set(Ident, Box<str>),
    /// `SET name TO DEFAULT`, `RESET name`.
    Reset(Ident),
    /// `RESET ALL`.
    ResetAll,
    /// `SET search_path FROM CURRENT`: the path that the source has set.
    CurrentPath,
}

/// Settings whose values are lists of quoted names (`GUC_LIST_QUOTE`).
const LISTS_OF_NAMES: &[&str] = &[
    "local_preload_libraries",
    "search_path",
    "session_preload_libraries",
    "shared_preload_libraries",
    "temp_tablespaces",
    "unix_socket_directories",
];

/// Reads `SET ..` of a routine or role. Names of settings have no case.
pub(in crate::parse) fn setting(stmt: &VariableSetStmt) -> Result<Setting, Problem> {
    let name = stmt.name.to_ascii_lowercase();
    let not_modelled = |what: &str| {
        define::part_not_modelled(&format!("SET \"{name}\" {what} of a function"))
            .help("write the value that is meant")
    };
    match stmt.kind() {
        VariableSetKind::VarSetValue => match value(&name, &stmt.args) {
            Some(value) => Ok(Setting::Set(Ident::new(&name), value.into())),
            None => Err(not_modelled("TO this value")),
        },
        VariableSetKind::VarSetCurrent if name == "search_path" => Ok(Setting::CurrentPath),
        VariableSetKind::VarSetCurrent => Err(not_modelled("FROM CURRENT")),
        VariableSetKind::VarSetDefault | VariableSetKind::VarReset => {
            Ok(Setting::Reset(Ident::new(&name)))
        }
        VariableSetKind::VarResetAll => Ok(Setting::ResetAll),
        VariableSetKind::VarSetMulti | VariableSetKind::Undefined => Err(not_modelled("")),
    }
}

fn value(name: &str, args: &[Node]) -> Option<String> {
    let items: Option<Vec<String>> = args.iter().map(define_item).collect();
    let items = items?;
    Some(if LISTS_OF_NAMES.contains(&name) { list(&items) } else { items.join(", ") })
}

fn define_item(node: &Node) -> Option<String> {
    match node.node.as_ref()? {
        NodeEnum::AConst(constant) => define::constant_text(constant),
        // SET TIME ZONE INTERVAL '..': a cast.
        _no_plain_value => None,
    }
}

/// Names as one value, each quoted where it must be.
pub(in crate::parse) fn list<S: AsRef<str>>(names: &[S]) -> String {
    names.iter().map(|name| quoted(name.as_ref())).collect::<Vec<_>>().join(", ")
}

fn quoted(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let digit_first = name.bytes().next().is_none_or(|byte| byte.is_ascii_digit());
    if !digit_first && name.bytes().all(plain) {
        return name.to_owned();
    }
    format!("\"{}\"", name.replace('"', "\"\""))
}
