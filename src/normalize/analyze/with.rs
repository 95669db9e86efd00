//! `WITH` (`src/backend/parser/parse_cte.c`).

use super::query::Literals;
use super::range::open_column;
use super::{Analyzer, ScopeColumn, Ty, Type};
use crate::catalog::TypeId;
use crate::model::{
    Command, CommonTable, Cycle, FromItem, Ident, Query, QueryBody, Search, Visit, With,
    walk_command,
};

/// A common table that can be referred to.
#[derive(Clone, Debug)]
pub(super) struct Common {
    /// Its name as written.
    pub name: Ident,
    /// Its name in the elaborated form.
    pub normal: Ident,
    /// Its columns.
    pub columns: Vec<ScopeColumn>,
}

impl Analyzer<'_> {
    /// `WITH [RECURSIVE]`: the tables are visible from here on. With RECURSIVE they are
    /// stored so that each follows those that it uses (`transformWithClause`).
    pub(super) fn with(&mut self, with: &With) -> With {
        let mut order: Vec<&CommonTable> = with.queries.iter().collect();
        if with.recursive {
            sort_by_use(&mut order);
            for table in &order {
                self.define(table, vec![open_column()]);
            }
        }
        let queries = order.iter().map(|table| self.common_table(table, with.recursive)).collect();
        With { recursive: with.recursive, queries }
    }

    fn define(&mut self, table: &CommonTable, columns: Vec<ScopeColumn>) -> Ident {
        let normal = self.next_common();
        let common = Common { name: table.name.clone(), normal: normal.clone(), columns };
        if let Some(commons) = self.commons() {
            commons.push(common);
        }
        normal
    }

    fn common_table(&mut self, table: &CommonTable, recursive: bool) -> CommonTable {
        let itself = recursive && uses(&table.command, &table.name);
        let (command, mut columns) = match &table.command {
            Command::Query(query) if itself => {
                self.recursive_alias(table);
                self.enter();
                let (query, columns) = self.at_this_level(query, Literals::Text, Some(&table.name));
                self.leave();
                (Command::Query(query), columns)
            }
            Command::Query(query) => {
                let (query, columns) = self.nested(query, Literals::Text);
                (Command::Query(query), columns)
            }
            Command::Insert(_)
            | Command::Update(_)
            | Command::Delete(_)
            | Command::Merge(_)
            | Command::Notify { .. }
            | Command::Return(_)
            | Command::Opaque(_) => self.nested_command(&table.command),
        };
        name_columns(&mut columns, &table.columns);
        // A set operation has no place for the names that references use.
        let is_set = matches!(&command, Command::Query(query)
            if matches!(*query.body, QueryBody::SetOperation { .. }));
        let is_known = columns.iter().all(|column| !column.name.is_empty());
        let listed = if is_set && is_known {
            (1..=columns.len()).map(column_name).collect()
        } else {
            Vec::new()
        };
        let search = table.search.as_ref().map(|search| self.search(search, &mut columns));
        let cycle = table.cycle.as_ref().map(|cycle| self.cycle(cycle, &mut columns));
        let normal = if recursive {
            self.complete_common(&table.name, columns)
        } else {
            self.define(table, columns)
        };
        CommonTable {
            name: normal,
            columns: listed,
            materialized: table.materialized,
            command,
            search,
            cycle,
        }
    }

    /// The names that a recursive table gives its columns are visible in itself.
    fn recursive_alias(&mut self, table: &CommonTable) {
        let name =
            |name: &Ident| ScopeColumn { name: name.clone(), ty: Type::Undecided, expr: None };
        let names: Vec<ScopeColumn> = table.columns.iter().map(name).collect();
        if let Some(own) = self.common_table_mut(&table.name) {
            own.columns = names;
            own.columns.push(open_column());
        }
    }

    /// The columns of the term that is not recursive are those of the table
    /// (`determineRecursiveColTypes`).
    pub(super) fn recursive_columns(&mut self, table: &Ident, columns: &[ScopeColumn]) {
        let text = |column: &ScopeColumn| match column.ty {
            Type::Literal => {
                ScopeColumn { ty: Type::Known(Ty::plain(TypeId::TEXT)), ..column.clone() }
            }
            Type::Known(_) | Type::Undecided => column.clone(),
        };
        let mut columns: Vec<ScopeColumn> = columns.iter().map(text).collect();
        if let Some(own) = self.common_table_mut(table) {
            let names: Vec<Ident> = own.columns.iter().map(|column| column.name.clone()).collect();
            let names: Vec<Ident> = names.into_iter().filter(|name| !name.is_empty()).collect();
            name_columns(&mut columns, &names);
            own.columns = columns;
        }
    }

    fn complete_common(&mut self, name: &Ident, columns: Vec<ScopeColumn>) -> Ident {
        match self.common_table_mut(name) {
            Some(own) => {
                own.columns = columns;
                own.normal.clone()
            }
            None => name.clone(),
        }
    }

    /// `SEARCH`: the columns are named by their numbers; one is added.
    fn search(&self, search: &Search, columns: &mut Vec<ScopeColumn>) -> Search {
        let by = numbered(&search.by, columns);
        let ty = if search.breadth { TypeId::RECORD } else { TypeId::RECORD_ARRAY };
        columns.push(known(&search.set, ty));
        Search { breadth: search.breadth, by, set: column_name(columns.len()) }
    }

    /// `CYCLE`: the columns are named by their numbers; two are added.
    fn cycle(&mut self, cycle: &Cycle, columns: &mut Vec<ScopeColumn>) -> Cycle {
        let watched = numbered(&cycle.columns, columns);
        let values = vec![self.expr(&cycle.value), self.expr(&cycle.default)];
        let (exprs, ty) = self.common_type(values);
        let mut exprs = exprs.into_iter();
        columns.push(ScopeColumn { name: cycle.mark.clone(), ty, expr: None });
        let mark = column_name(columns.len());
        columns.push(known(&cycle.path, TypeId::RECORD_ARRAY));
        Cycle {
            columns: watched,
            mark,
            value: exprs.next().unwrap_or_else(|| cycle.value.clone()),
            default: exprs.next().unwrap_or_else(|| cycle.default.clone()),
            path: column_name(columns.len()),
        }
    }
}

fn known(name: &Ident, ty: TypeId) -> ScopeColumn {
    ScopeColumn { name: name.clone(), ty: Type::Known(Ty::plain(ty)), expr: None }
}

fn column_name(number: usize) -> Ident {
    Ident::new(format!("c{number}"))
}

fn name_columns(columns: &mut [ScopeColumn], names: &[Ident]) {
    for (column, name) in columns.iter_mut().zip(names) {
        column.name = name.clone();
    }
}

fn numbered(names: &[Ident], columns: &[ScopeColumn]) -> Vec<Ident> {
    let number = |name: &Ident| {
        let at = columns.iter().position(|column| column.name == *name);
        at.map_or_else(|| name.clone(), |at| column_name(at + 1))
    };
    names.iter().map(number).collect()
}

/// `TopologicalSort` of `parse_cte.c`, step by step, since its order is what is stored.
fn sort_by_use(tables: &mut [&CommonTable]) {
    let count = tables.len();
    for at in 0..count {
        let rest = names_of(tables, at);
        let ready = |table: &CommonTable| {
            !rest.iter().any(|other| *other != table.name && uses(&table.command, other))
        };
        let next =
            tables.iter().enumerate().skip(at).find(|(_, table)| ready(table)).map(|(i, _)| i);
        // In a circle, which PostgreSQL refuses, the order stays.
        if let Some(next) = next {
            tables.swap(at, next);
        }
    }
}

fn names_of(tables: &[&CommonTable], from: usize) -> Vec<Ident> {
    tables.iter().skip(from).map(|table| table.name.clone()).collect()
}

/// True when a command refers to a common table of that name, and does not define one of
/// the same name in between.
fn uses(command: &Command, name: &Ident) -> bool {
    let mut finder = Uses { name, found: false };
    walk_command(command, &mut finder);
    finder.found
}

struct Uses<'n> {
    name: &'n Ident,
    found: bool,
}

impl Visit for Uses<'_> {
    fn query(&mut self, query: &Query) -> bool {
        // What is defined further in hides the name there.
        let mut defined = query.with.iter().flat_map(|with| &with.queries);
        !defined.any(|table| table.name == *self.name)
    }

    fn from_item(&mut self, item: &FromItem) -> bool {
        if let FromItem::Relation { name, .. } = item
            && name.namespace.is_none()
            && name.name == *self.name
        {
            self.found = true;
        }
        true
    }
}
