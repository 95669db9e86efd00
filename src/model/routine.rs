//! Functions, procedures and aggregates.

use std::collections::BTreeMap;

use super::{Command, Expression, Ident, Name, Scoped, TypeName};

/// A function, window function or procedure.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Routine {
    /// Which of the three.
    pub kind: RoutineKind,
    /// All parameters, output ones included.
    pub parameters: Vec<Parameter>,
    /// The result; none for a procedure.
    pub returns: Option<TypeName>,
    /// The language.
    pub language: Ident,
    /// `IMMUTABLE`, `STABLE`, `VOLATILE`.
    pub volatility: Volatility,
    /// `STRICT`.
    pub strict: bool,
    /// `SECURITY DEFINER`.
    pub security_definer: bool,
    /// `LEAKPROOF`.
    pub leakproof: bool,
    /// `PARALLEL`.
    pub parallel: Parallel,
    /// `COST`, in units of `cpu_operator_cost`; filled in when not written.
    pub cost: Box<str>,
    /// `ROWS`; filled in when not written; `0` when it returns no set.
    pub rows: Box<str>,
    /// `SUPPORT`.
    pub support: Option<Name>,
    /// `SET name TO value`.
    pub settings: BTreeMap<Ident, Box<str>>,
    /// `TRANSFORM FOR TYPE ..`.
    pub transforms: Vec<TypeName>,
    /// What it does.
    pub body: RoutineBody,
}

/// Function, window function or procedure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as in SQL")]
pub enum RoutineKind {
    Function,
    Window,
    Procedure,
}

/// A parameter of a routine.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Parameter {
    /// `IN`, `OUT`, ...
    pub mode: ParameterMode,
    /// Its name, if any.
    pub name: Option<Ident>,
    /// Its type, modifiers dropped.
    pub ty: TypeName,
    /// `DEFAULT`.
    pub default: Option<Expression>,
}

/// The mode of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as in SQL")]
pub enum ParameterMode {
    In,
    Out,
    InOut,
    Variadic,
    /// A column of `RETURNS TABLE (..)`.
    Table,
}

/// What a function promises about its results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as in SQL")]
pub enum Volatility {
    Immutable,
    Stable,
    Volatile,
}

/// Whether a function may run in a parallel plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as in SQL")]
pub enum Parallel {
    Unsafe,
    Restricted,
    Safe,
}

/// What a routine does.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RoutineBody {
    /// `AS $$..$$`: text that PostgreSQL does not analyse.
    Source(Box<str>),
    /// `AS 'library', 'symbol'`.
    Library {
        /// The shared library.
        library: Box<str>,
        /// The symbol in it; the name of the function when not written.
        symbol: Box<str>,
    },
    /// `RETURN x` or `BEGIN ATOMIC .. END`: analysed when created.
    Sql(Vec<Scoped<Command>>),
}

/// An aggregate.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Aggregate {
    /// Direct arguments, then aggregated ones after `ORDER BY`.
    pub parameters: Vec<Parameter>,
    /// How many of them are direct arguments of an ordered-set aggregate; none for others.
    pub direct: Option<usize>,
    /// `sfunc`, `stype`, `initcond` and the like by name; those at their default left out.
    pub attributes: BTreeMap<Ident, AttributeValue>,
}

/// The value of an attribute of an aggregate or base type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AttributeValue {
    /// A function or operator.
    Name(Name),
    /// A type.
    Type(TypeName),
    /// Anything else.
    Text(Box<str>),
}
