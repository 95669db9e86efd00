//! Python as text: syntax trees and constant values, without running anything.
//!
//! The text of a module goes in; nodes, and the values that literals have, come out:
//! `("a" "b")` is the text `ab`. Surprising: nothing here recurses over the tree without a
//! limit, as a module may nest as deeply as it likes.

mod value;

use std::cell::RefCell;
use std::ops::Range;

pub use tree_sitter::{Node, Tree};
pub use value::{Names, Text, Value, Why, value};

thread_local! {
    static PARSER: RefCell<Option<tree_sitter::Parser>> = RefCell::new(parser());
}

fn parser() -> Option<tree_sitter::Parser> {
    let mut parser = tree_sitter::Parser::new();
    parser.set_language(&tree_sitter_python::LANGUAGE.into()).ok()?;
    Some(parser)
}

/// The syntax tree of a module; there is one for any text, with errors in it where the text is
/// no Python. None only when the grammar cannot be used at all.
pub fn parse(text: &str) -> Option<Tree> {
    PARSER.with_borrow_mut(|parser| parser.as_mut()?.parse(text, None))
}

/// The first place that is no Python.
pub fn first_error(tree: &Tree) -> Option<Range<usize>> {
    if !tree.root_node().has_error() {
        return None;
    }
    let mut found: Option<Range<usize>> = None;
    walk(tree.root_node(), &mut |node| {
        if found.is_none() && (node.is_error() || node.is_missing()) {
            found = Some(node.byte_range());
        }
        found.is_none() && node.has_error()
    });
    found
}

/// Visits a node and all below it in the order of the text; `visit` says whether to go on
/// below a node. Iterates, so that depth does not matter.
pub fn walk<'tree>(node: Node<'tree>, visit: &mut dyn FnMut(Node<'tree>) -> bool) {
    walk_within(node, &mut |node, enters| enters && visit(node));
}

/// The same, with a second visit of each node that was gone into, when it is left.
pub fn walk_within<'tree>(node: Node<'tree>, visit: &mut dyn FnMut(Node<'tree>, bool) -> bool) {
    let mut cursor = node.walk();
    let mut depth = 0_usize;
    loop {
        if visit(cursor.node(), true) {
            if cursor.goto_first_child() {
                depth += 1;
                continue;
            }
            visit(cursor.node(), false);
        }
        loop {
            if depth == 0 {
                return;
            }
            if cursor.goto_next_sibling() {
                break;
            }
            cursor.goto_parent();
            depth -= 1;
            visit(cursor.node(), false);
        }
    }
}

/// The named children of a node.
pub fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).collect()
}

/// The text of a node.
pub fn text_of<'t>(node: Node<'_>, text: &'t str) -> &'t str {
    text.get(node.byte_range()).unwrap_or_default()
}

/// What a module assigns at its top level: `name = value` and `name: type = value`, also in
/// `a = b = value`. Values of `if` and the like are not among them.
pub fn assignments<'tree, 't>(
    block: Node<'tree>,
    text: &'t str,
) -> Vec<(&'t str, Node<'tree>, Node<'tree>)> {
    let mut found = Vec::new();
    let statements =
        children(block).into_iter().filter(|node| node.kind() == "expression_statement");
    for statement in statements {
        let mut next = statement.named_child(0);
        let mut targets = Vec::new();
        while let Some(assignment) = next.filter(|node| node.kind() == "assignment") {
            targets.extend(assignment.child_by_field_name("left"));
            next = assignment.child_by_field_name("right");
        }
        let Some(value) = next else { continue };
        for target in targets.into_iter().filter(|target| target.kind() == "identifier") {
            found.push((text_of(target, text), value, target));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assignments_of_all_spellings_are_found() {
        let text =
            "a = 1\nb: str = '2'\nc = d = (\n  3,\n)\nif x:\n    e = 4\n\"\"\"\nf = 5\n\"\"\"\n";
        let tree = parse(text).expect("a tree");
        let names: Vec<&str> =
            assignments(tree.root_node(), text).into_iter().map(|(name, ..)| name).collect();
        assert_eq!(names, ["a", "b", "c", "d"]);
    }

    #[test]
    fn depth_does_not_matter() {
        let text = format!("a = {}1{}\n", "(".repeat(50_000), ")".repeat(50_000));
        let tree = parse(&text).expect("a tree");
        let mut count = 0;
        walk(tree.root_node(), &mut |_| {
            count += 1;
            true
        });
        assert!(count > 50_000);
        let found = assignments(tree.root_node(), &text);
        let value = value(found[0].1, &text, &Names::default());
        assert!(matches!(value, Value::Unknown(..)));
    }

    #[test]
    fn an_error_has_a_place() {
        let text = "a = 1\nb = = 2\n";
        let tree = parse(text).expect("a tree");
        let at = first_error(&tree).expect("an error");
        assert_eq!(text[..at.start].lines().count(), 2);
    }
}
