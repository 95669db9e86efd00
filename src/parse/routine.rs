//! Functions and procedures: `CREATE [OR REPLACE] FUNCTION | PROCEDURE` and `ALTER
//! FUNCTION ..` (`src/backend/commands/functioncmds.c`).
//!
//! Everything that PostgreSQL fills in is filled in: the result that OUT parameters
//! imply, cost and rows, the language of an SQL-standard body, the type behind
//! `%TYPE`. The text of a body stays as it is, byte for byte.

mod attributes;
pub(super) mod setting;

#[cfg(test)]
#[expect(clippy::panic, reason = "tests")]
mod tests;

use pg_query::NodeEnum;
use pg_query::protobuf::{
    AlterFunctionStmt, CreateFunctionStmt, FunctionParameter, FunctionParameterMode, Node,
};

use self::attributes::{Attribute, read};
use super::address::{Address, routine_address};
use super::declared::Declared;
use super::interpreter::{Interpreter, Need, Outcome, Statement, missing, shown};
use super::lower::{Lowered, Lowering};
use super::{command, define, expr, type_name};
use crate::model::{
    Command, Expr, Expression, Facet, Ident, Kind, Name, ObjectId, Parallel, Parameter,
    ParameterMode, Place, Problem, ProblemCode, QualifiedName, Routine, RoutineBody, RoutineKind,
    Scoped, SearchPath, Signature, Span, TypeName, Volatility,
};

struct CreateRoutine {
    name: Name,
    procedure: bool,
    replace: bool,
    parameters: Vec<Written>,
    returns: Option<TypeName>,
    attributes: Vec<Attribute>,
    /// `RETURN x` or `BEGIN ATOMIC .. END`.
    body: Option<Vec<Command>>,
    problems: Vec<Problem>,
}

/// A parameter as written.
pub(super) struct Written {
    mode: ParameterMode,
    name: Option<Ident>,
    ty: TypeName,
    default: Option<Expr>,
    span: Span,
}

struct AlterRoutine {
    address: Address,
    attributes: Vec<Attribute>,
    problems: Vec<Problem>,
}

/// `CREATE [OR REPLACE] FUNCTION | PROCEDURE ..`.
pub(super) fn create(stmt: &CreateFunctionStmt, cx: Lowering<'_>) -> Lowered {
    let (attributes, problems) = read(&stmt.options, cx);
    Lowered::apply(CreateRoutine {
        name: type_name::name(&stmt.funcname),
        procedure: stmt.is_procedure,
        replace: stmt.replace,
        parameters: parameters(&stmt.parameters, cx),
        returns: stmt.return_type.as_ref().map(type_name::type_name),
        attributes,
        body: stmt.sql_body.as_deref().map(sql_body),
        problems,
    })
}

/// `ALTER FUNCTION | PROCEDURE | ROUTINE name(args) ..`.
pub(super) fn alter(stmt: &AlterFunctionStmt, cx: Lowering<'_>) -> Lowered {
    let (attributes, problems) = read(&stmt.actions, cx);
    match &stmt.func {
        Some(object) => {
            Lowered::apply(AlterRoutine { address: routine_address(object), attributes, problems })
        }
        None => Lowered::unsupported("ALTER FUNCTION without a name"),
    }
}

/// The parameters of a routine or aggregate.
pub(super) fn parameters(nodes: &[Node], cx: Lowering<'_>) -> Vec<Written> {
    let parameter = |node: &Node| match node.node.as_ref()? {
        NodeEnum::FunctionParameter(parameter) => Some(written(parameter, cx)),
        _the_grammar_puts_nothing_else_here => None,
    };
    nodes.iter().filter_map(parameter).collect()
}

fn written(parameter: &FunctionParameter, cx: Lowering<'_>) -> Written {
    use FunctionParameterMode as M;
    Written {
        mode: match parameter.mode() {
            M::FuncParamOut => ParameterMode::Out,
            M::FuncParamInout => ParameterMode::InOut,
            M::FuncParamVariadic => ParameterMode::Variadic,
            M::FuncParamTable => ParameterMode::Table,
            M::FuncParamIn | M::FuncParamDefault | M::Undefined => ParameterMode::In,
        },
        name: type_name::ident(&parameter.name),
        ty: parameter.arg_type.as_ref().map(type_name::type_name).unwrap_or_default(),
        default: expr::optional(parameter.defexpr.as_deref()),
        span: cx.element(parameter.location),
    }
}

/// `RETURN x` is one command; `BEGIN ATOMIC` a list that holds the list of its
/// statements, so that an empty one is not mistaken for none.
fn sql_body(node: &Node) -> Vec<Command> {
    match &node.node {
        Some(NodeEnum::List(list)) => list.items.iter().flat_map(sql_body).collect(),
        Some(_) => vec![command::command(node)],
        None => Vec::new(),
    }
}

impl Written {
    /// The parameter with its type looked up.
    pub fn resolve(&self, cx: &Interpreter<'_>) -> Parameter {
        let expression = |expr: &Expr| Expression { expr: expr.clone(), path: cx.path.clone() };
        Parameter {
            mode: self.mode,
            name: self.name.clone(),
            ty: cx.argument_type(&self.ty),
            default: self.default.as_ref().map(expression),
        }
    }

    /// Its type as written.
    pub fn ty(&self) -> &TypeName {
        &self.ty
    }
}

/// The input parameters' types: what tells routines of one name apart.
pub(super) fn input_types(parameters: &[Parameter]) -> Vec<TypeName> {
    let inputs = parameters.iter().filter(|parameter| match parameter.mode {
        ParameterMode::In | ParameterMode::InOut | ParameterMode::Variadic => true,
        ParameterMode::Out | ParameterMode::Table => false,
    });
    inputs.map(|parameter| parameter.ty.clone()).collect()
}

impl Statement for CreateRoutine {
    fn declare(&self, declared: &mut Declared, path: &SearchPath) {
        declared.add(Kind::Routine, &self.name, path);
    }

    fn needs(&self) -> Vec<Need> {
        let types = self.parameters.iter().map(|parameter| &parameter.ty).chain(&self.returns);
        let of_column = types.filter(|ty| ty.of_column.is_some());
        of_column.map(|ty| Need::Relation(ty.name.clone())).collect()
    }

    fn apply(
        mut self: Box<Self>,
        cx: &mut Interpreter<'_>,
        span: Span,
    ) -> Result<Outcome, Problem> {
        cx.warnings.extend(self.problems.drain(..).map(|problem| problem.at(span)));
        for (ty, span) in self.parameters.iter().map(|written| (&written.ty, written.span)) {
            warn_unknown_column(cx, ty, span);
        }
        if let Some(returns) = &self.returns {
            warn_unknown_column(cx, returns, span);
        }
        let parameters: Vec<Parameter> =
            self.parameters.iter().map(|written| written.resolve(cx)).collect();
        let name = cx.creation_name(&self.name);
        let id =
            ObjectId::Routine(Signature { name: name.clone(), args: input_types(&parameters) });
        let mut routine = self.bare(cx, parameters)?;
        let mut places = Vec::new();
        for attribute in &self.attributes {
            attribute.apply(cx, &mut routine, &mut places)?;
        }
        name_symbol(&name, &mut routine);
        fill_in(&mut routine);
        let outcome = if self.replace {
            cx.create_or_replace(id.clone(), routine, span);
            Outcome::Modelled
        } else {
            cx.create(id.clone(), routine, span, false)?
        };
        let origin = &mut cx.entry_mut(&id)?.origin;
        for (place, span) in places {
            origin.record(place, span);
        }
        Ok(outcome)
    }
}

impl CreateRoutine {
    /// The routine before its attributes are set.
    fn bare(&self, cx: &Interpreter<'_>, parameters: Vec<Parameter>) -> Result<Routine, Problem> {
        let written = self.attributes.iter().find_map(Attribute::language);
        let language = match (written, &self.body) {
            (Some(language), _) => language.clone(),
            (None, Some(_)) => Ident::new("sql"),
            (None, None) => {
                let message = format!("the function {} has no LANGUAGE", shown(&self.name));
                return Err(Problem::new(ProblemCode::Invalid, message));
            }
        };
        let scoped = |command: &Command| Scoped { value: command.clone(), path: cx.path.clone() };
        let body = match &self.body {
            Some(commands) => RoutineBody::Sql(commands.iter().map(scoped).collect()),
            None => RoutineBody::Source("".into()),
        };
        Ok(Routine {
            kind: if self.procedure { RoutineKind::Procedure } else { RoutineKind::Function },
            returns: self.result(cx, &parameters)?,
            parameters,
            language,
            volatility: Volatility::Volatile,
            strict: false,
            security_definer: false,
            leakproof: false,
            parallel: Parallel::Unsafe,
            cost: "".into(),
            rows: "".into(),
            support: None,
            settings: std::collections::BTreeMap::new(),
            transforms: Vec::new(),
            body,
        })
    }

    /// The result type; when it is not written, the one OUT parameter's, or a record
    /// of several (`CreateFunction`).
    fn result(
        &self,
        cx: &Interpreter<'_>,
        parameters: &[Parameter],
    ) -> Result<Option<TypeName>, Problem> {
        if self.procedure {
            return Ok(None);
        }
        if let Some(returns) = &self.returns {
            let set_of = returns.set_of;
            return Ok(Some(TypeName { set_of, ..cx.argument_type(returns) }));
        }
        let mut out = parameters.iter().filter(|parameter| {
            matches!(parameter.mode, ParameterMode::Out | ParameterMode::InOut)
        });
        match (out.next(), out.next()) {
            (Some(only), None) => Ok(Some(only.ty.clone())),
            (Some(_), Some(_)) => Ok(Some(TypeName::builtin("record"))),
            (None, _) => {
                let message = format!("the function {} has no RETURNS", shown(&self.name));
                Err(Problem::new(ProblemCode::Invalid, message))
            }
        }
    }
}

/// The symbol of a compiled function is its own name when none is written.
fn name_symbol(name: &QualifiedName, routine: &mut Routine) {
    let internal = routine.language == "internal";
    match &mut routine.body {
        RoutineBody::Library { symbol, .. } if symbol.is_empty() || **symbol == *"-" => {
            *symbol = name.name.as_str().into();
        }
        RoutineBody::Source(text) if internal && text.is_empty() => {
            *text = name.name.as_str().into();
        }
        RoutineBody::Library { .. } | RoutineBody::Source(_) | RoutineBody::Sql(_) => {}
    }
}

/// Cost and rows when they are not written (`compute_function_attributes`).
fn fill_in(routine: &mut Routine) {
    if routine.cost.is_empty() {
        let compiled = ["c", "internal"].contains(&routine.language.as_str());
        routine.cost = if compiled { "1" } else { "100" }.into();
    }
    if routine.rows.is_empty() {
        let set_of = routine.returns.as_ref().is_some_and(|ty| ty.set_of);
        routine.rows = if set_of { "1000" } else { "0" }.into();
    }
}

/// `%TYPE` of a column that is not known here: a view's, or none at all.
pub(super) fn warn_unknown_column(cx: &mut Interpreter<'_>, ty: &TypeName, span: Span) {
    if let Some(column) = cx.argument_type(ty).of_column {
        let of = format!("{}.\"{}\"%TYPE", shown(&ty.name), column.as_str());
        cx.warnings.push(define::part_not_modelled(&of).at(span));
    }
}

impl Statement for AlterRoutine {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Object(self.address.clone())]
    }

    fn apply(
        mut self: Box<Self>,
        cx: &mut Interpreter<'_>,
        span: Span,
    ) -> Result<Outcome, Problem> {
        cx.warnings.extend(self.problems.drain(..).map(|problem| problem.at(span)));
        let id = match self.address.find(cx) {
            Some(id @ ObjectId::Routine(_)) => id,
            Some(_) | None => {
                let Address::Routine(name, _) = &self.address else {
                    return Ok(Outcome::Modelled);
                };
                return Err(missing("function", name));
            }
        };
        let Some(mut routine) = cx.object::<Routine>(&id).cloned() else {
            return Err(Problem::new(ProblemCode::Missing, "the function does not exist"));
        };
        let mut places: Vec<(Place, Span)> = Vec::new();
        for attribute in &self.attributes {
            attribute.apply(cx, &mut routine, &mut places)?;
        }
        let entry = cx.entry_mut(&id)?;
        entry.object = routine.into();
        for (place, span) in places {
            entry.origin.record(place, span);
        }
        Ok(Outcome::Modelled)
    }
}

/// Where a facet of a routine is said.
fn place(facet: Facet) -> Place {
    Place::facet(facet)
}
