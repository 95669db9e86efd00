//! An offline port of PostgreSQL's parse analysis (`src/backend/parser/`).
//!
//! In goes an expression or query as written; out comes the same with all that the
//! analyser adds: names with their namespaces, casts where PostgreSQL would insert
//! them, constants with a type and in its output form, `IN`, `BETWEEN` and `LIKE`
//! expanded. Casts are only ever inserted, never removed, so that two elaborated
//! expressions are equal when and only when PostgreSQL stores the same.
//!
//! What cannot be resolved stays as written, its type is [`Type::Undecided`], and it
//! is listed in [`Analyzer::undecided`]. An insertion is only made when exactly one
//! operator or function is found by PostgreSQL's rules: a wrong one could hide a
//! difference, a missing one only shows a difference that is none.

mod coerce;
mod column;
mod command;
mod constant;
mod expr;
mod from;
mod function;
mod group;
mod insert;
mod join;
mod json;
mod operator;
mod polymorphic;
mod query;
#[cfg(test)]
mod query_tests;
mod range;
mod set_operation;
mod special;
mod subquery;
mod table_function;
mod target;
mod types;
mod typmod;
mod window;
mod with;

use std::cell::Cell;
use std::sync::Arc;

use smol_str::SmolStr;

use crate::catalog::{Catalog, TypeId};
use crate::model::{Expr, Ident, NormalRule, NormalRules, SearchPath};

pub use query::rename_outputs;
pub use types::Domains;

/// What is known of the type of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// A type of the catalog.
    Known(Ty),
    /// A string literal or NULL whose context will say (PostgreSQL: `unknown`).
    Literal,
    /// Not known: something in the expression could not be resolved.
    Undecided,
}

/// A type with its modifiers; none is PostgreSQL's typmod -1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ty {
    /// The type in the catalog of the side; an array type for arrays.
    pub id: TypeId,
    /// The modifiers as text, as in `TypeName::modifiers`.
    pub modifiers: Vec<SmolStr>,
}

impl Ty {
    /// A type without modifiers.
    pub fn plain(id: TypeId) -> Self {
        Self { id, modifiers: Vec::new() }
    }
}

/// An elaborated expression and its type.
#[derive(Clone, Debug)]
pub struct Typed {
    /// The elaborated expression.
    pub expr: Expr,
    /// Its type.
    pub ty: Type,
}

impl Typed {
    /// An expression of a known type.
    pub fn known(expr: Expr, ty: Ty) -> Self {
        Self { expr, ty: Type::Known(ty) }
    }

    /// An expression of a known type without modifiers.
    pub fn plain(expr: Expr, id: TypeId) -> Self {
        Self::known(expr, Ty::plain(id))
    }

    /// An expression whose type is not known.
    pub fn undecided(expr: Expr) -> Self {
        Self { expr, ty: Type::Undecided }
    }

    /// The type when it is one of the catalog.
    pub fn id(&self) -> Option<TypeId> {
        match &self.ty {
            Type::Known(ty) => Some(ty.id),
            Type::Literal | Type::Undecided => None,
        }
    }

    /// Its type as PostgreSQL's resolution rules see it: literals are `unknown`.
    /// `None` when it is undecided.
    pub fn input(&self) -> Option<TypeId> {
        match &self.ty {
            Type::Known(ty) => Some(ty.id),
            Type::Literal => Some(TypeId::UNKNOWN),
            Type::Undecided => None,
        }
    }
}

/// A relation whose columns can be referred to: the table of a CHECK, an item of FROM,
/// `new` and `old` of a trigger or rule.
#[derive(Clone, Debug)]
pub struct ScopeItem {
    /// The name that qualifies its columns as written (alias or table); none for a join without alias.
    pub name: Option<Ident>,
    /// Its namespace, when it can be referred to as `namespace.name.column`.
    pub namespace: Option<Ident>,
    /// The name that qualifies its columns in the elaborated form; `None` prints them bare,
    /// as in a CHECK, where there is one relation only.
    pub normal_name: Option<Ident>,
    /// The columns, in order. Shared, as a table may have as many conditions as columns.
    pub columns: Arc<Vec<ScopeColumn>>,
    /// The type of a whole row, when it has a name.
    pub row_type: Option<TypeId>,
    /// False for an item that is visible by its columns only or by its name only, as the
    /// two sides of a join with USING are (`p_cols_visible`, `parse_node.h`).
    pub columns_visible: bool,
    /// False when it cannot be referred to by name (`p_rel_visible`).
    pub name_visible: bool,
}

/// A column that can be referred to.
#[derive(Clone, Debug)]
pub struct ScopeColumn {
    /// Its name.
    pub name: Ident,
    /// Its type.
    pub ty: Type,
    /// The elaborated expression that it stands for, when that is not `normal_name.name`
    /// (a column merged by USING).
    pub expr: Option<Expr>,
}

/// The items that are visible at one level of query nesting.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// In order; the first that matches wins, two are ambiguous.
    pub items: Vec<ScopeItem>,
}

/// Analyses the expressions and queries of one object.
pub struct Analyzer<'a> {
    /// Built-in objects, those of the extensions, and those of the schema itself.
    pub catalog: &'a Catalog,
    /// What is under the domains of the schema.
    pub domains: &'a Domains,
    /// Where unqualified names are looked up.
    pub path: SearchPath,
    /// The levels of nesting, innermost last.
    pub scopes: Vec<Scope>,
    /// Types of `$1`, `$2`, … and of the named parameters of an SQL-standard body.
    pub parameters: Vec<(Option<Ident>, Type)>,
    /// The function whose body it is: its name qualifies parameters.
    pub routine: Option<Ident>,
    /// `VALUE` in the CHECK of a domain.
    pub domain_value: Option<Ty>,
    /// What the analysis of queries keeps for each level of nesting.
    pub(crate) levels: query::Levels,
    /// The row constructors so far, each with its values before they were finished: a cast
    /// to a composite type is one of each value.
    pub(super) rows: Vec<(Vec<Expr>, Vec<Typed>)>,
    /// What could not be resolved, for reports.
    pub undecided: Vec<String>,
    /// The rules that applied so far.
    pub applied: Cell<NormalRules>,
}

impl<'a> Analyzer<'a> {
    /// An analyser of expressions that refer to nothing but constants.
    pub fn new(catalog: &'a Catalog, domains: &'a Domains, path: &SearchPath) -> Self {
        Self {
            catalog,
            domains,
            path: path.clone(),
            scopes: Vec::new(),
            parameters: Vec::new(),
            routine: None,
            domain_value: None,
            levels: query::Levels::default(),
            rows: Vec::new(),
            undecided: Vec::new(),
            applied: Cell::default(),
        }
    }

    /// Notes a rule that applied.
    pub(crate) fn apply(&self, rule: NormalRule) {
        let mut applied = self.applied.get();
        applied.add(rule);
        self.applied.set(applied);
    }

    /// Notes what could not be resolved.
    pub(crate) fn give_up(&mut self, what: impl Into<String>) {
        self.undecided.push(what.into());
    }
}
