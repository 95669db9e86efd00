//! Application code that makes or drops all tables when it starts.

use super::{Finding, rules};
use crate::model::{SourceId, Span};
use crate::python;

/// Finds `x.create_all` and `x.drop_all`, called or handed on (`run_sync(meta.create_all)`).
pub(super) fn read(id: SourceId, text: &str) -> Vec<Finding> {
    let may_hold = ["create_all", "drop_all"]
        .iter()
        .any(|word| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some());
    let mut found = Vec::new();
    let Some(tree) = may_hold.then(|| python::parse(text)).flatten() else { return found };
    python::walk(tree.root_node(), &mut |node| {
        let name = node.child_by_field_name("attribute").filter(|_| node.kind() == "attribute");
        let word = name.map_or("", |name| python::text_of(name, text));
        if word == "create_all" || word == "drop_all" {
            let what = if word == "create_all" { "makes" } else { "drops" };
            let range = node.byte_range();
            found.push(Finding {
                rule: &rules::CREATE_ALL,
                message: format!(
                    "{} {what} all tables when this runs",
                    python::text_of(node, text)
                ),
                span: Span::new(id, range.start, range.end),
                waived: None,
            });
        }
        true
    });
    found
}
