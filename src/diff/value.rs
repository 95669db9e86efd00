//! The value of a facet: structured, so that each report prints it its own way.

use crate::model::{Command, Expr, Ident, Name, Query, SortKey, TypeName};

/// The value of a facet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// A flag; false is often written by leaving it out.
    Flag(bool),
    /// A word of SQL, as `PERMISSIVE` or `BEFORE`.
    Keyword(&'static str),
    /// A number.
    Number(i64),
    /// Text that is data: a comment, an enum label, an option's value.
    Text(Box<str>),
    /// A name.
    Name(Name),
    /// A type.
    Type(TypeName),
    /// An expression.
    Expr(Box<Expr>),
    /// A query.
    Query(Box<Query>),
    /// A command of a rule or an SQL-standard body.
    Command(Box<Command>),
    /// A sort key.
    SortKey(Box<SortKey>),
    /// Source text of a routine.
    Body(Box<str>),
    /// Several values one after the other, separated by blanks (`a DESC NULLS LAST`).
    Phrase(Vec<Value>),
    /// Values in order, separated by commas.
    List(Vec<Value>),
    /// A secret, of which only a digest is shown.
    Secret(Box<str>),
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Self {
        Self::Number(number.into())
    }
}

impl From<&Ident> for Value {
    fn from(name: &Ident) -> Self {
        Self::Name(Name { namespace: None, name: name.clone() })
    }
}

impl From<&Name> for Value {
    fn from(name: &Name) -> Self {
        Self::Name(name.clone())
    }
}

impl From<&crate::model::QualifiedName> for Value {
    fn from(name: &crate::model::QualifiedName) -> Self {
        Self::Name(name.clone().into())
    }
}

impl From<&TypeName> for Value {
    fn from(ty: &TypeName) -> Self {
        Self::Type(ty.clone())
    }
}

impl From<&Expr> for Value {
    fn from(expr: &Expr) -> Self {
        Self::Expr(Box::new(expr.clone()))
    }
}

impl From<&Query> for Value {
    fn from(query: &Query) -> Self {
        Self::Query(Box::new(query.clone()))
    }
}

impl From<&Command> for Value {
    fn from(command: &Command) -> Self {
        Self::Command(Box::new(command.clone()))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl<T> FromIterator<T> for Value
where
    Value: From<T>,
{
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self::List(items.into_iter().map(Value::from).collect())
    }
}
