//! Revisions of Alembic: what `upgrade()` does, with the functions of the module that it calls.
//!
//! `op.drop_table("t")`, SQL in `op.execute("..")` and `conn.execute(text(".."))`, and batch
//! operations come out as changes at their places. Nothing runs.

mod branch;
mod operation;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::Options;
use super::events::{Event, Events, change};
use super::expression::{Arguments, Runs, called, runs};
use crate::model::{Problem, ProblemCode, SourceId, Span};
use crate::parse::changes::{Change, What, changes, comments};
use crate::python::{self, Names, Node, Text, text_of};

/// Reads a revision.
pub(super) fn read(id: SourceId, text: &str, options: &Options) -> Events {
    let mut events = Events::new(id);
    events.transaction = true;
    let Some(tree) = python::parse(text) else { return events };
    if let Some(range) = python::first_error(&tree) {
        let problem = Problem::new(ProblemCode::Syntax, "this is no Python");
        events.problems.push(
            problem
                .at(Span::new(id, range.start, range.end))
                .help("the file is read as Python 3; what stands around this place may be missed"),
        );
    }
    let root = tree.root_node();
    let mut reader = Reader {
        text,
        functions: BTreeMap::new(),
        operations: vec!["op"],
        imported: BTreeMap::new(),
        all_imported: false,
        names: Names::default(),
        events: Vec::new(),
        comments: Vec::new(),
        inner: Vec::new(),
        calls: Vec::new(),
        elsewhere: 0,
    };
    reader.module(root);
    reader.run(root, options);
    python::walk(root, &mut |node| {
        if node.kind() == "comment" {
            reader.comments.push(node.byte_range());
        }
        true
    });
    events.list = reader.events;
    events.elsewhere = reader.elsewhere;
    events.comments = reader.comments;
    events.inner = reader.inner;
    events
}

struct Reader<'tree, 't> {
    text: &'t str,
    /// Functions of the module, by their names.
    functions: BTreeMap<&'t str, Node<'tree>>,
    /// What `alembic.op` is called.
    operations: Vec<&'t str>,
    /// Operations by the names that `from alembic.op import drop_table as d` gives them.
    imported: BTreeMap<&'t str, &'t str>,
    /// `from alembic.op import *`.
    all_imported: bool,
    names: Names<'tree>,
    events: Vec<Event>,
    comments: Vec<Range<usize>>,
    /// Comments of SQL in literals.
    inner: Vec<Range<usize>>,
    /// Functions of the module that are called.
    calls: Vec<&'t str>,
    /// Blocks that only run on other databases.
    elsewhere: usize,
}

/// Where a call stands.
#[derive(Default)]
struct Place<'t> {
    /// The statement of Python.
    statements: Vec<(usize, Range<usize>)>,
    /// `with` blocks: its node, whether it ends the transaction, the name of its batch and the
    /// table of it.
    blocks: Vec<(usize, bool, Option<(&'t str, String)>)>,
}

impl<'tree, 't> Reader<'tree, 't> {
    fn module(&mut self, root: Node<'tree>) {
        for node in python::children(root) {
            let definition = if node.kind() == "decorated_definition" {
                node.child_by_field_name("definition")
            } else {
                Some(node)
            };
            let function = definition.filter(|node| node.kind() == "function_definition");
            let name = function.and_then(|function| function.child_by_field_name("name"));
            if let (Some(function), Some(name)) = (function, name) {
                self.functions.insert(text_of(name, self.text), function);
            }
        }
        // Imports may stand within functions as well.
        python::walk(root, &mut |node| {
            match node.kind() {
                "import_from_statement" => self.import_from(node),
                "import_statement" => self.import(node),
                _other => {}
            }
            true
        });
        for (name, value, _) in python::assignments(root, self.text) {
            self.names.give(name, value);
        }
    }

    /// `import alembic.op as x`.
    fn import(&mut self, node: Node<'tree>) {
        for (name, alias) in self.imports(node) {
            if name == "alembic.op" && name != alias {
                self.operations.push(alias);
            }
        }
    }

    /// `from alembic import op as x`, `from alembic.op import drop_table as y, execute`.
    fn import_from(&mut self, node: Node<'tree>) {
        let module =
            node.child_by_field_name("module_name").map_or("", |module| text_of(module, self.text));
        let imports = self.imports(node);
        match module {
            "alembic" => {
                let operations = imports.into_iter().filter(|(name, _)| *name == "op");
                self.operations.extend(operations.map(|(_, alias)| alias));
            }
            "alembic.op" => {
                self.imported.extend(imports.into_iter().map(|(name, alias)| (alias, name)));
                let all = |child: &Node<'_>| child.kind() == "wildcard_import";
                self.all_imported |= python::children(node).iter().any(all);
            }
            _another_module => {}
        }
    }

    /// What is imported, and what it is called here.
    fn imports(&self, node: Node<'tree>) -> Vec<(&'t str, &'t str)> {
        let text = self.text;
        let module = node.child_by_field_name("module_name").map(|module| module.id());
        let mut found = Vec::new();
        for import in python::children(node) {
            let of =
                |field| import.child_by_field_name(field).map_or("", |node| text_of(node, text));
            match import.kind() {
                "aliased_import" => found.push((of("name"), of("alias"))),
                "dotted_name" if Some(import.id()) != module => {
                    found.push((text_of(import, text), text_of(import, text)));
                }
                _other => {}
            }
        }
        found
    }

    /// The operation that a bare name stands for.
    fn operation(&self, name: &'t str) -> Option<&'t str> {
        if let Some(operation) = self.imported.get(name) {
            return Some(operation);
        }
        (self.all_imported && operation::is_known(name)).then_some(name)
    }

    /// Reads the ways that count, and all that they call.
    fn run(&mut self, root: Node<'tree>, options: &Options) {
        let mut waiting = Vec::new();
        for name in self.functions.keys() {
            let up = *name == "upgrade" || name.starts_with("upgrade_");
            let down = *name == "downgrade" || name.starts_with("downgrade_");
            if up || (down && options.downgrade) {
                waiting.push(*name);
            }
        }
        for node in python::children(root) {
            let defines = matches!(
                node.kind(),
                "function_definition" | "decorated_definition" | "class_definition"
            );
            if !defines && !is_main(node, self.text) {
                self.block(node, &self.names.clone());
            }
        }
        waiting.append(&mut self.calls);
        let mut done = BTreeSet::new();
        while let Some(name) = waiting.pop() {
            if !done.insert(name) {
                continue;
            }
            let body = self.functions.get(name).copied();
            if let Some(function) = body {
                let names = self.local(function);
                if let Some(body) = function.child_by_field_name("body") {
                    self.block(body, &names);
                }
            }
            waiting.append(&mut self.calls);
        }
    }

    /// What names stand for within a function.
    fn local(&self, function: Node<'tree>) -> Names<'tree> {
        let text = self.text;
        let mut own: Names<'tree> = Names::default();
        let mut assigned: BTreeSet<&str> = BTreeSet::new();
        python::walk(function, &mut |node| {
            let field = match node.kind() {
                "assignment" => "left",
                "augmented_assignment" => "left",
                "for_statement" | "for_in_clause" => "left",
                "named_expression" => "name",
                "as_pattern" => "alias",
                "parameters" => "",
                _other => return true,
            };
            let target =
                if field.is_empty() { Some(node) } else { node.child_by_field_name(field) };
            let Some(target) = target else { return true };
            let value = node.child_by_field_name("right").filter(|_| node.kind() == "assignment");
            if target.kind() == "identifier"
                && let Some(value) = value
            {
                own.give(text_of(target, text), value);
                assigned.insert(text_of(target, text));
                return true;
            }
            python::walk(target, &mut |inner| {
                if inner.kind() == "identifier" {
                    own.forget(text_of(inner, text));
                    assigned.insert(text_of(inner, text));
                }
                true
            });
            true
        });
        let mut names = self.names.clone();
        for name in assigned {
            names.replace(name, own.get(name));
        }
        names
    }

    /// Reads all calls of a block.
    fn block(&mut self, block: Node<'tree>, names: &Names<'tree>) {
        let mut place = Place::default();
        python::walk_within(block, &mut |node, enters| {
            if !enters {
                if place.statements.last().is_some_and(|(id, _)| *id == node.id()) {
                    place.statements.pop();
                }
                while place.blocks.last().is_some_and(|(id, ..)| *id == node.id()) {
                    place.blocks.pop();
                }
                return false;
            }
            if node.kind().ends_with("_statement") {
                let body = ["body", "consequence"]
                    .iter()
                    .find_map(|field| node.child_by_field_name(field));
                let end = body.map_or(node.end_byte(), |body| body.start_byte());
                place.statements.push((node.id(), node.start_byte()..end));
            }
            if branch::is_for_another(node, self.text) {
                self.elsewhere += 1;
                if place.statements.last().is_some_and(|(id, _)| *id == node.id()) {
                    place.statements.pop();
                }
                return false;
            }
            if node.kind() == "with_item" {
                // The block of an item is that of its statement, whose node is left later.
                let owner = place.statements.last().map_or(0, |(id, _)| *id);
                let (autocommit, batch) = self.with_item(node, names);
                place.blocks.push((owner, autocommit, batch));
            }
            if node.kind() == "call" {
                self.call(node, names, &place);
                self.hands_on(node, &place);
            }
            if node.kind() == "attribute" {
                self.mentions(node, &place);
            }
            if node.kind() == "identifier" && self.imported.contains_key(text_of(node, self.text)) {
                self.mentions_imported(node, &place);
            }
            true
        });
    }

    /// `op.batch_alter_table("t") as batch_op`, `op.get_context().autocommit_block()`.
    fn with_item(
        &self,
        item: Node<'tree>,
        names: &Names<'tree>,
    ) -> (bool, Option<(&'t str, String)>) {
        let text = self.text;
        let Some(value) = item.child_by_field_name("value") else { return (false, None) };
        let (call, alias) = if value.kind() == "as_pattern" {
            (value.named_child(0), value.child_by_field_name("alias"))
        } else {
            (Some(value), None)
        };
        let Some(call) = call.filter(|call| call.kind() == "call") else { return (false, None) };
        match called(call, text) {
            "autocommit_block" => (true, None),
            "batch_alter_table" => {
                let arguments = Arguments::of(call, text);
                let table = operation::qualified(&arguments, 0, "table_name", text, names);
                (false, alias.map(|alias| (text_of(alias, text), table)))
            }
            _another_context => (false, None),
        }
    }

    fn call(&mut self, node: Node<'tree>, names: &Names<'tree>, place: &Place<'t>) {
        let text = self.text;
        let Some(function) = node.child_by_field_name("function") else { return };
        if function.kind() == "identifier" {
            let name = text_of(function, text);
            if self.functions.contains_key(name) {
                self.calls.push(name);
            } else if let Some(operation) = self.operation(name) {
                self.operates(node, operation, None, names, place);
            }
            return;
        }
        let Some(object) = function.child_by_field_name("object") else { return };
        let (receiver, method) = (text_of(object, text), called(node, text));
        let batch = place.blocks.iter().rev().find_map(|(_, _, batch)| batch.as_ref());
        let batch = batch.filter(|(alias, _)| *alias == receiver).map(|(_, table)| table.as_str());
        let is_operation =
            batch.is_some() || self.operations.contains(&receiver) || receiver == "alembic.op";
        if is_operation && method != "execute" {
            self.operates(node, method, batch, names, place);
            return;
        }
        self.runs(node, (receiver, method), names, place);
    }

    /// An operation of Alembic.
    fn operates(
        &mut self,
        node: Node<'tree>,
        method: &'t str,
        batch: Option<&str>,
        names: &Names<'tree>,
        place: &Place<'t>,
    ) {
        if method == "execute" {
            self.runs(node, ("op", method), names, place);
            return;
        }
        let found = operation::changes(node, method, batch, self.text, names);
        self.add(found, node, place);
    }

    /// A method that may run SQL.
    fn runs(
        &mut self,
        node: Node<'tree>,
        (receiver, method): (&'t str, &'t str),
        names: &Names<'tree>,
        place: &Place<'t>,
    ) {
        let text = self.text;
        let arguments = Arguments::of(node, text);
        match method {
            "execute" | "exec_driver_sql" | "scalar" | "scalars" => {
                let names_of_it = ["sqltext", "statement", "object_"];
                let named = names_of_it.iter().find_map(|name| arguments.named.get(name).copied());
                if let Some(what) = named.or_else(|| arguments.positional.first().copied()) {
                    self.executes(what, node, names, place);
                }
            }
            "drop" | "drop_all" => {
                let binds = arguments.named.contains_key("bind")
                    || arguments.positional.first().is_some_and(|first| {
                        let said = text_of(*first, text);
                        ["bind", "conn", "engine"].iter().any(|word| said.contains(word))
                    });
                if binds {
                    let kind = if method == "drop_all" { "table" } else { "type" };
                    let found =
                        change(What::Drop(kind), receiver.to_owned(), None, node.byte_range());
                    self.add(vec![found], node, place);
                }
            }
            _another_call => {}
        }
    }

    /// `helper(op)`, `getattr(op, "drop_table")`: what it does with the operations is not known.
    fn hands_on(&mut self, node: Node<'tree>, place: &Place<'t>) {
        let arguments = Arguments::of(node, self.text);
        let all = arguments.positional.iter().chain(arguments.named.values());
        let hands =
            all.map(|node| text_of(*node, self.text)).any(|said| self.operations.contains(&said));
        let own = self.functions.contains_key(called(node, self.text));
        if hands && !own {
            let why = format!("{} is given the operations", called(node, self.text));
            let found = change(What::Dynamic(why), String::new(), None, node.byte_range());
            self.add(vec![found], node, place);
        }
    }

    /// `drop = op.drop_table`: an operation that is not called here.
    fn mentions(&mut self, node: Node<'tree>, place: &Place<'t>) {
        let of =
            |field| node.child_by_field_name(field).map_or("", |node| text_of(node, self.text));
        let (object, name) = (of("object"), of("attribute"));
        if !self.operations.contains(&object) || operation::is_harmless(name) {
            return;
        }
        let is_called = node.parent().is_some_and(|parent| {
            parent.kind() == "call"
                && parent
                    .child_by_field_name("function")
                    .is_some_and(|function| function.id() == node.id())
        });
        if !is_called {
            let why = format!("op.{name} is called from elsewhere");
            let found = change(What::Dynamic(why), String::new(), None, node.byte_range());
            self.add(vec![found], node, place);
        }
    }

    /// The same for an operation that was imported by its name.
    fn mentions_imported(&mut self, node: Node<'tree>, place: &Place<'t>) {
        let name = text_of(node, self.text);
        let operation = self.imported.get(name).copied().unwrap_or(name);
        let Some(parent) = node.parent() else { return };
        let is_function = parent
            .child_by_field_name("function")
            .is_some_and(|function| function.id() == node.id());
        // A part of a longer name, an import, the name of an argument.
        let is_other = ["attribute", "dotted_name", "aliased_import"].contains(&parent.kind())
            || parent.child_by_field_name("name").is_some_and(|name| name.id() == node.id());
        if is_function || is_other || operation::is_harmless(operation) {
            return;
        }
        let why = format!("{operation} of Alembic is called from elsewhere");
        let found = change(What::Dynamic(why), String::new(), None, node.byte_range());
        self.add(vec![found], node, place);
    }

    fn executes(
        &mut self,
        what: Node<'tree>,
        node: Node<'tree>,
        names: &Names<'tree>,
        place: &Place<'t>,
    ) {
        let text = self.text;
        let at = node.byte_range();
        let whole = |what, object: String| change(what, object.clone(), Some(object), at.clone());
        let found = match runs(what, text, names) {
            Runs::Sql(sql) => return self.sql(&sql, node, place),
            Runs::Harmless | Runs::Create => return,
            Runs::DeleteAll(table) => whole(What::DeleteAll, table),
            Runs::UpdateAll(table) => whole(What::UpdateAll, table),
            Runs::Drop(kind, name) => whole(What::Drop(kind), name),
            Runs::Unknown(why) => {
                change(What::Dynamic(why.said().to_owned()), String::new(), None, at.clone())
            }
        };
        self.add(vec![found], node, place);
    }

    /// The statements of a literal, at their places in the file.
    fn sql(&mut self, sql: &Text, node: Node<'tree>, place: &Place<'t>) {
        let mut read = changes(&sql.value);
        if read.iter().any(|statement| statement.problem.is_some()) {
            let again = changes(&without_parameters(&sql.value));
            if again.iter().all(|statement| statement.problem.is_none()) {
                read = again;
            }
        }
        self.inner.extend(comments(&sql.value).iter().map(|range| sql.places(range)));
        for statement in read {
            let range = sql.places(&statement.range);
            if let Some((problem, at)) = statement.problem {
                let why = format!("it is no SQL of PostgreSQL: {}", problem.message);
                let found = change(What::Dynamic(why), String::new(), None, sql.places(&at));
                self.event(found, range.clone(), node, place);
            }
            for found in statement.changes {
                let moved = Change { range: sql.places(&found.range), ..found };
                self.event(moved, range.clone(), node, place);
            }
        }
    }

    fn add(&mut self, changes: Vec<Change>, node: Node<'tree>, place: &Place<'t>) {
        for change in changes {
            self.event(change, node.byte_range(), node, place);
        }
    }

    fn event(
        &mut self,
        change: Change,
        statement: Range<usize>,
        node: Node<'tree>,
        place: &Place<'t>,
    ) {
        let around = place.statements.last().map(|(_, range)| range.clone());
        let autocommit = place.blocks.iter().any(|(_, autocommit, _)| *autocommit);
        let around = Some(around.unwrap_or_else(|| node.byte_range()));
        self.events.push(Event { change, statement, around, autocommit });
    }
}

/// `if __name__ == "__main__":`.
fn is_main(node: Node<'_>, text: &str) -> bool {
    let condition = node.child_by_field_name("condition").filter(|_| node.kind() == "if_statement");
    condition.is_some_and(|condition| text_of(condition, text).contains("__name__"))
}

/// `:name`, `%s` and `%(name)s` as `$1`, in as many bytes, so that places stay.
fn without_parameters(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql;
    let mut before = ' ';
    while let Some(c) = rest.chars().next() {
        let name = |rest: &str| {
            rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count()
        };
        let after = rest.get(1..).unwrap_or_default();
        let length = match c {
            ':' if before != ':' && name(after) > 0 => 1 + name(after),
            '%' if after.starts_with('s') => 2,
            '%' if after.starts_with('(') => after.find(")s").map_or(0, |end| end + 3),
            _no_parameter => 0,
        };
        let doubled = rest.starts_with("%%") || rest.starts_with("\\:");
        if doubled {
            out.push(' ');
            out.push(rest.chars().nth(1).unwrap_or(' '));
            rest = rest.get(2..).unwrap_or_default();
            continue;
        }
        if length >= 2 && rest.is_char_boundary(length) {
            out.push_str("$1");
            out.extend(std::iter::repeat_n(' ', length - 2));
            rest = rest.get(length..).unwrap_or_default();
            before = ' ';
            continue;
        }
        out.push(c);
        before = c;
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    out
}
