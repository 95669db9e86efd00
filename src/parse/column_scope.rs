//! Renaming a column of a table in code: which references mean that column.
//!
//! ```sql
//! SELECT a, (SELECT a FROM u) FROM t    -- after t.a became b:
//! SELECT b AS a, (SELECT a FROM u) FROM t
//! ```
//!
//! A bare name means the nearest `FROM` that has it. Where something in between could
//! have it, too, and its columns are not known, the answer is uncertain and is said so.

use super::declared;
use super::interpreter::Interpreter;
use super::references::Code;
use crate::model::{
    Access, Alias, Command, CommandTarget, Expr, FromItem, Ident, Join, Name, Object, ObjectId,
    QualifiedName, Query, QueryBody, SearchPath, SortKey, Table, Target, VisitMut, With,
};

/// What is known of the column before it is renamed.
pub(super) struct Known {
    /// Where the column stands in its table.
    position: Option<usize>,
}

impl Known {
    /// What the schema says of a column name.
    pub fn new(cx: &Interpreter<'_>, table: &QualifiedName, column: &Ident) -> Self {
        let place = |table: &Table| table.columns.iter().position(|own| own.name == *column);
        let of_view = || {
            let view = cx.view(table)?;
            let mut names = outputs(&view.query.value)?;
            names.iter_mut().zip(&view.columns).for_each(|(name, own)| name.clone_from(own));
            names.iter().position(|own| own == column)
        };
        Self { position: cx.table(table).and_then(place).or_else(of_view) }
    }
}

/// Whether another table or view has a column of that name, as far as its columns are known.
fn has_column(cx: &Interpreter<'_>, relation: &QualifiedName, column: &Ident) -> Option<bool> {
    if let Some(table) = cx.table(relation) {
        return Some(table.column(column).is_some());
    }
    let view = cx.view(relation).filter(|view| view.columns.is_empty())?;
    Some(outputs(&view.query.value)?.contains(column))
}

/// The visitor that renames the column.
pub(super) struct ColumnRename<'a> {
    cx: &'a Interpreter<'a>,
    known: &'a Known,
    id: &'a ObjectId,
    table: &'a QualifiedName,
    from: &'a Ident,
    to: &'a Ident,
    path: SearchPath,
    /// The relations of the `FROM`s around, outermost first.
    scopes: Vec<Scope>,
    /// What the expressions of the object itself can name.
    outer: Scope,
    /// True when a reference was met that may or may not mean the column.
    pub uncertain: bool,
}

/// What one `FROM` offers.
#[derive(Clone, Debug, Default)]
struct Scope {
    items: Vec<Item>,
    /// The names of the queries of `WITH`.
    queries: Vec<Ident>,
    /// The output names of the select list, for `ORDER BY`.
    outputs: Vec<Ident>,
    /// True when the relation that a command changes is the table.
    changes_table: bool,
}

/// One relation of a `FROM`.
#[derive(Clone, Debug)]
struct Item {
    /// The name that qualifies its columns.
    name: Option<Ident>,
    columns: Columns,
    /// `NEW` and `OLD`: only found by their name.
    qualified_only: bool,
}

/// What is known of the columns of a relation.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Columns {
    /// Those of the table with the renamed column.
    Table,
    /// Certainly not a column of the old name.
    Without,
    /// A column of the old name that is another one.
    With,
    /// Not known.
    Unknown,
}

impl<'a> ColumnRename<'a> {
    /// A visitor for the code of one object.
    pub fn new(
        cx: &'a Interpreter<'a>,
        known: &'a Known,
        id: &'a ObjectId,
        table: &'a QualifiedName,
        from: &'a Ident,
        to: &'a Ident,
    ) -> Self {
        let (path, scopes) = (SearchPath::empty(), Vec::new());
        Self {
            cx,
            known,
            id,
            table,
            from,
            to,
            path,
            scopes,
            outer: Scope::default(),
            uncertain: false,
        }
    }

    /// Notes what the expressions of the object can name.
    pub fn begin(&mut self, object: &Object) {
        let relation = match (object, self.id) {
            (Object::Table(_), ObjectId::Table(name)) => Some(name.clone()),
            (Object::Index(index), _) => Some(index.relation.clone()),
            (Object::Statistics(statistics), _) => Some(statistics.relation.clone()),
            _a_part => self.id.parent().cloned(),
        };
        let item = |name: &str, qualified_only| Item {
            name: Some(Ident::new(name)),
            columns: if relation.as_ref() == Some(self.table) {
                Columns::Table
            } else {
                Columns::Without
            },
            qualified_only,
        };
        let mut items = Vec::new();
        match object {
            Object::Rule(_) | Object::Trigger(_) => {
                items.extend([item("old", true), item("new", true)]);
            }
            Object::Publication(publication) => {
                // The row filter of the table; those of other tables name their own columns.
                if publication.tables.get(self.table).is_some_and(|table| table.filter.is_some()) {
                    let others =
                        publication.tables.values().filter(|table| table.filter.is_some()).count();
                    let columns = if others == 1 { Columns::Table } else { Columns::Unknown };
                    items.push(Item {
                        name: Some(self.table.name.clone()),
                        columns,
                        qualified_only: false,
                    });
                }
            }
            _on_a_relation => {
                if let Some(relation) = &relation {
                    items.push(item(relation.name.as_str(), false));
                }
            }
        }
        self.outer = Scope { items, ..Scope::default() };
    }

    /// Renames in one piece of code.
    pub fn code(&mut self, code: Code<'_>, path: &SearchPath) {
        self.path.clone_from(path);
        self.scopes = vec![self.outer.clone()];
        code.change(self);
    }

    fn items(&self, from: &[FromItem]) -> Vec<Item> {
        let mut items = Vec::new();
        from.iter().for_each(|item| self.add(item, &mut items));
        items
    }

    fn add(&self, item: &FromItem, items: &mut Vec<Item>) {
        let mut push = |alias: Option<&Alias>, fallback: Option<&Ident>, columns: Columns| {
            let name = alias.map(|alias| alias.name.clone()).or_else(|| fallback.cloned());
            let columns = match alias {
                Some(alias) if !alias.columns.is_empty() => self.with_aliases(alias, columns),
                _without_list => columns,
            };
            items.push(Item { name, columns, qualified_only: false });
        };
        match item {
            FromItem::Relation { name, alias, .. } => {
                push(alias.as_ref(), Some(&name.name), self.relation_columns(name));
            }
            FromItem::Subquery { query, alias, .. } => {
                push(alias.as_ref(), None, self.query_columns(query));
            }
            FromItem::Functions(functions) => {
                push(functions.alias.as_ref(), None, Columns::Unknown);
            }
            FromItem::Join(join) => match &join.alias {
                Some(alias) => push(Some(alias), None, Columns::Unknown),
                None => {
                    self.add(&join.left, items);
                    self.add(&join.right, items);
                }
            },
            FromItem::XmlTable(table) => push(table.alias.as_ref(), None, Columns::Unknown),
            FromItem::JsonTable(table) => push(table.alias.as_ref(), None, Columns::Unknown),
        }
    }

    /// The columns under `AS a (x, y)`: the first ones have these names.
    fn with_aliases(&self, alias: &Alias, columns: Columns) -> Columns {
        if alias.columns.contains(self.from) {
            return Columns::With;
        }
        if columns != Columns::Table {
            return columns;
        }
        match self.known.position {
            Some(position) if position >= alias.columns.len() => Columns::Table,
            Some(_) => Columns::Without,
            None => Columns::Unknown,
        }
    }

    fn relation_columns(&self, name: &Name) -> Columns {
        let hidden = name.namespace.is_none()
            && self.scopes.iter().any(|scope| scope.queries.contains(&name.name));
        if hidden {
            return Columns::Unknown;
        }
        let there = |candidate: &QualifiedName| {
            candidate == self.table || self.cx.relation_exists(candidate)
        };
        let Some(found) = declared::find(name, &self.path, there) else { return Columns::Unknown };
        if found == *self.table {
            return Columns::Table;
        }
        match has_column(self.cx, &found, self.from) {
            Some(true) => Columns::With,
            Some(false) => Columns::Without,
            None => Columns::Unknown,
        }
    }

    fn query_columns(&self, query: &Query) -> Columns {
        let outputs = outputs(query);
        match outputs {
            Some(outputs) if outputs.contains(self.from) => Columns::With,
            Some(_) => Columns::Without,
            None => Columns::Unknown,
        }
    }

    /// What a column reference means.
    fn resolve(&self, parts: &[Ident]) -> Columns {
        let (qualifier, namespace) = match parts {
            [_] => (None, None),
            [relation, _] => (Some(relation), None),
            [namespace, relation, _] => (Some(relation), Some(namespace)),
            _too_many => return Columns::Without,
        };
        for scope in self.scopes.iter().rev() {
            if let Some(qualifier) = qualifier {
                let found = scope.items.iter().find(|item| item.name.as_ref() == Some(qualifier));
                if let Some(item) = found {
                    let elsewhere =
                        namespace.is_some_and(|namespace| *namespace != self.table.namespace);
                    return if elsewhere { Columns::Without } else { item.columns.clone() };
                }
                continue;
            }
            let items = || scope.items.iter().filter(|item| !item.qualified_only);
            if items().any(|item| item.columns == Columns::Table) {
                // Two columns of that name would have been ambiguous.
                return Columns::Table;
            }
            if items().any(|item| item.columns == Columns::With) {
                return Columns::With;
            }
            if items().any(|item| item.columns == Columns::Unknown) && self.reaches_table() {
                return Columns::Unknown;
            }
        }
        Columns::Without
    }

    /// True when the table is in some scope, so that a bare name could mean it.
    fn reaches_table(&self) -> bool {
        self.scopes.iter().flat_map(|scope| &scope.items).any(|item| item.columns == Columns::Table)
    }

    fn enter(&mut self, with: Option<&With>, from: &[FromItem], target: Option<&CommandTarget>) {
        let queries =
            with.map(|with| with.queries.iter().map(|query| query.name.clone()).collect());
        self.scopes.push(Scope { queries: queries.unwrap_or_default(), ..Scope::default() });
        let mut items = self.items(from);
        let mut changes_table = false;
        if let Some(target) = target {
            let columns = self.relation_columns(&target.relation);
            changes_table = columns == Columns::Table;
            for qualified in ["excluded", "old", "new"] {
                // In a rule they are those of the rule.
                let name = Some(Ident::new(qualified));
                if qualified == "excluded" || self.outer.items.is_empty() {
                    items.push(Item { name, columns: columns.clone(), qualified_only: true });
                }
            }
            let name = target.alias.clone().unwrap_or_else(|| target.relation.name.clone());
            items.push(Item { name: Some(name), columns, qualified_only: false });
        }
        if let Some(scope) = self.scopes.last_mut() {
            scope.items = items;
            scope.changes_table = changes_table;
        }
    }

    fn means(&mut self, parts: &[Ident]) -> bool {
        if parts.last() != Some(self.from) {
            return false;
        }
        match self.resolve(parts) {
            Columns::Table => true,
            Columns::Without | Columns::With => false,
            Columns::Unknown => {
                self.uncertain = true;
                false
            }
        }
    }
}

/// The output names of a query; none when a `*` hides them.
pub(super) fn outputs(query: &Query) -> Option<Vec<Ident>> {
    let mut query = query;
    loop {
        match query.body.as_ref() {
            QueryBody::SetOperation { left, .. } => query = left,
            QueryBody::Values(rows) => {
                let width = rows.first().map_or(0, Vec::len);
                return Some(
                    (1..=width).map(|number| Ident::new(format!("column{number}"))).collect(),
                );
            }
            QueryBody::Select(select) => {
                let name = |target: &Target| match (&target.alias, &target.expr) {
                    (Some(alias), _) => Some(alias.clone()),
                    (None, Expr::Column(column)) if column.star => None,
                    (None, Expr::Indirection(_, steps))
                        if matches!(steps.last(), Some(Access::Star)) =>
                    {
                        None
                    }
                    (None, expr) => Some(Ident::new(crate::model::output_column(expr))),
                };
                return select.targets.iter().map(name).collect();
            }
        }
    }
}

impl VisitMut for ColumnRename<'_> {
    fn enter_query(&mut self, query: &Query) {
        let from = match query.body.as_ref() {
            QueryBody::Select(select) => select.from.as_slice(),
            QueryBody::Values(_) | QueryBody::SetOperation { .. } => &[],
        };
        self.enter(query.with.as_ref(), from, None);
        if let Some(scope) = self.scopes.last_mut() {
            scope.outputs = outputs(query).unwrap_or_default();
        }
    }

    fn enter_command(&mut self, command: &Command) {
        match command {
            Command::Insert(insert) => self.enter(insert.with.as_ref(), &[], Some(&insert.target)),
            Command::Update(update) => {
                self.enter(update.with.as_ref(), &update.from, Some(&update.target));
            }
            Command::Delete(delete) => {
                self.enter(delete.with.as_ref(), &delete.using, Some(&delete.target));
            }
            Command::Merge(merge) => {
                let source = std::slice::from_ref(&merge.source);
                self.enter(merge.with.as_ref(), source, Some(&merge.target));
            }
            Command::Query(_)
            | Command::Notify { .. }
            | Command::Return(_)
            | Command::Opaque(_) => {
                self.enter(None, &[], None);
            }
        }
    }

    fn leave(&mut self) {
        self.scopes.pop();
    }

    fn expr(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Column(column) if column.star => {
                // `*` has no name to change, but what it stands for is not known here.
                let whole_table = match column.parts.as_slice() {
                    [] => self.scopes.last().is_some_and(|scope| {
                        scope
                            .items
                            .iter()
                            .any(|item| item.columns == Columns::Table && !item.qualified_only)
                    }),
                    [relation] | [_, relation] => self.scopes.iter().rev().any(|scope| {
                        scope.items.iter().any(|item| {
                            item.name.as_ref() == Some(relation) && item.columns == Columns::Table
                        })
                    }),
                    _too_many => false,
                };
                let in_query = self.scopes.len() > 1;
                self.uncertain |= whole_table && in_query;
            }
            Expr::Column(column) => {
                if self.means(&column.parts)
                    && let Some(name) = column.parts.last_mut()
                {
                    name.clone_from(self.to);
                }
            }
            // `(t).a`
            Expr::Indirection(arg, steps) => {
                if let (Expr::Column(column), Some(Access::Field(field))) =
                    (arg.as_ref(), steps.first_mut())
                    && let [relation] = column.parts.as_slice()
                    && *field == *self.from
                    && self.means(&[relation.clone(), field.clone()])
                {
                    field.clone_from(self.to);
                }
            }
            _without_columns => {}
        }
    }

    fn target(&mut self, target: &mut Target) {
        // The output keeps its name.
        if target.alias.is_none()
            && let Expr::Column(column) = &target.expr
            && !column.star
            && self.means(&column.parts.clone())
        {
            target.alias = Some(self.from.clone());
        }
    }

    fn sort_key(&mut self, key: &mut SortKey) -> bool {
        // A bare name in ORDER BY is the name of an output first.
        match &key.expr {
            Expr::Column(column) => match column.parts.as_slice() {
                [name] => !self.scopes.last().is_some_and(|scope| scope.outputs.contains(name)),
                _qualified => true,
            },
            _expression => true,
        }
    }

    fn join(&mut self, join: &Join) {
        // USING needs the name on both sides.
        self.uncertain |= (join.natural || join.using.contains(self.from)) && self.reaches_table();
    }

    fn changed_column(&mut self, column: &mut Ident) {
        if self.scopes.last().is_some_and(|scope| scope.changes_table) && column == self.from {
            column.clone_from(self.to);
        }
    }
}
