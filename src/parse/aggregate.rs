//! Aggregates: `CREATE [OR REPLACE] AGGREGATE` in its new and its old form
//! (`DefineAggregate`, `src/backend/commands/aggregatecmds.c`).
//!
//! Attributes at their default are left out, as `pg_dump` leaves them out: what
//! `FINALFUNC_MODIFY` is by default depends on whether the aggregate is an ordered-set
//! one, and without a final function there is nothing to say.

use pg_query::NodeEnum;
use pg_query::protobuf::{DefElem, DefineStmt};

use super::declared::Declared;
use super::interpreter::{Interpreter, Need, Outcome, Statement};
use super::lower::{Lowered, Lowering};
use super::routine::{Written, input_types, parameters};
use super::{define, type_name};
use crate::model::{
    Aggregate, AttributeValue, Facet, Ident, Kind, Name, ObjectId, Parameter, ParameterMode, Place,
    Problem, SearchPath, Signature, Span, TypeName,
};

struct CreateAggregate {
    name: Name,
    replace: bool,
    parameters: Vec<Written>,
    direct: Option<usize>,
    /// `BASETYPE` of the old form.
    base: Option<TypeName>,
    attributes: Vec<Attribute>,
    problems: Vec<Problem>,
}

struct Attribute {
    name: Ident,
    value: Value,
    span: Span,
}

enum Value {
    Routine(Name),
    Operator(Name),
    Type(TypeName),
    Text(Box<str>),
}

/// `CREATE [OR REPLACE] AGGREGATE name (..) (..)`.
pub(super) fn create(stmt: &DefineStmt, cx: Lowering<'_>) -> Lowered {
    let (parameters, direct) = arguments(stmt, cx);
    let mut aggregate = CreateAggregate {
        name: type_name::name(&stmt.defnames),
        replace: stmt.replace,
        parameters,
        direct,
        base: None,
        attributes: Vec::new(),
        problems: Vec::new(),
    };
    for element in define::elements(&stmt.definition) {
        let span = cx.element(element.location);
        let name = current_name(&element.defname);
        if name == "basetype" {
            aggregate.base = define::type_of(element);
            continue;
        }
        match value(&name, element) {
            Some(value) => {
                aggregate.attributes.push(Attribute { name: Ident::new(&name), value, span });
            }
            None => {
                aggregate.problems.push(define::not_modelled("an aggregate", element).at(span));
            }
        }
    }
    Lowered::apply(aggregate)
}

/// A list of parameters and how many of them are direct arguments (-1: it is no
/// ordered-set aggregate).
fn arguments(stmt: &DefineStmt, cx: Lowering<'_>) -> (Vec<Written>, Option<usize>) {
    let mut direct = None;
    let mut all = Vec::new();
    for node in &stmt.args {
        match &node.node {
            Some(NodeEnum::List(list)) => all = parameters(&list.items, cx),
            Some(NodeEnum::Integer(number)) => direct = usize::try_from(number.ival).ok(),
            _no_parameters => {}
        }
    }
    (all, direct)
}

/// The name of an attribute today; some had a number until PostgreSQL 8.1.
fn current_name(name: &str) -> String {
    match name.to_ascii_lowercase().as_str() {
        "sfunc1" => "sfunc".to_owned(),
        "stype1" => "stype".to_owned(),
        "initcond1" => "initcond".to_owned(),
        current => current.to_owned(),
    }
}

fn value(name: &str, element: &DefElem) -> Option<Value> {
    match name {
        "sfunc" | "finalfunc" | "combinefunc" | "serialfunc" | "deserialfunc" | "msfunc"
        | "minvfunc" | "mfinalfunc" => define::name(element).map(Value::Routine),
        "sortop" => define::name(element).map(Value::Operator),
        "stype" | "mstype" => define::type_of(element).map(Value::Type),
        "finalfunc_extra" | "mfinalfunc_extra" | "hypothetical" => {
            Some(Value::Text(if define::flag(element)? { "true" } else { "false" }.into()))
        }
        "finalfunc_modify" | "mfinalfunc_modify" | "parallel" => {
            Some(Value::Text(define::text(element)?.to_ascii_lowercase().into()))
        }
        "sspace" | "msspace" | "initcond" | "minitcond" => {
            Some(Value::Text(define::text(element)?.into()))
        }
        _unknown => None,
    }
}

impl Statement for CreateAggregate {
    fn declare(&self, declared: &mut Declared, path: &SearchPath) {
        declared.add(Kind::Routine, &self.name, path);
    }

    fn needs(&self) -> Vec<Need> {
        let of_column = self.parameters.iter().filter(|written| written.ty().of_column.is_some());
        of_column.map(|written| Need::Relation(written.ty().name.clone())).collect()
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        cx.warnings.extend(self.problems.into_iter().map(|problem| problem.at(span)));
        let mut parameters: Vec<Parameter> =
            self.parameters.iter().map(|written| written.resolve(cx)).collect();
        parameters.extend(self.base.as_ref().and_then(|ty| base_type(cx, ty)));
        let args = input_types(&parameters);
        let mut aggregate =
            Aggregate { parameters, direct: self.direct, attributes: Default::default() };
        let mut places = Vec::new();
        for Attribute { name, value, span } in self.attributes {
            let value = resolved(cx, value, &args);
            places.push((Place::part_facet(&name, Facet::Attribute), span));
            aggregate.attributes.insert(name, value);
        }
        leave_out_defaults(&mut aggregate);
        let id = ObjectId::Aggregate(Signature { name: cx.creation_name(&self.name), args });
        let outcome = if self.replace {
            cx.create_or_replace(id.clone(), aggregate, span);
            Outcome::Modelled
        } else {
            cx.create(id.clone(), aggregate, span, false)?
        };
        cx.entry_mut(&id)?.origin.parts.extend(places);
        Ok(outcome)
    }
}

/// The one argument of the old form; `ANY` is none.
fn base_type(cx: &Interpreter<'_>, ty: &TypeName) -> Option<Parameter> {
    let none = ty.name.name.as_str().eq_ignore_ascii_case("any");
    (!none).then(|| Parameter {
        mode: ParameterMode::In,
        name: None,
        ty: cx.argument_type(ty),
        default: None,
    })
}

fn resolved(cx: &Interpreter<'_>, value: Value, args: &[TypeName]) -> AttributeValue {
    match value {
        Value::Routine(name) => AttributeValue::Name(cx.resolve_routine(&name)),
        Value::Operator(name) => {
            let ty = args.first();
            AttributeValue::Name(cx.resolve_operator(&name, ty, ty))
        }
        Value::Type(ty) => AttributeValue::Type(cx.argument_type(&ty)),
        Value::Text(text) => AttributeValue::Text(text),
    }
}

/// Takes away what `pg_dump` does not print (`dumpAgg`, `src/bin/pg_dump/pg_dump.c`).
fn leave_out_defaults(aggregate: &mut Aggregate) {
    let modify = if aggregate.direct.is_some() { "read_write" } else { "read_only" };
    let attributes = &mut aggregate.attributes;
    let defaults = [
        ("sspace", "0"),
        ("msspace", "0"),
        ("parallel", "unsafe"),
        ("finalfunc_extra", "false"),
        ("mfinalfunc_extra", "false"),
        ("hypothetical", "false"),
        ("finalfunc_modify", modify),
        ("mfinalfunc_modify", modify),
    ];
    for (name, default) in defaults {
        let name = Ident::new(name);
        if attributes.get(&name) == Some(&AttributeValue::Text(default.into())) {
            attributes.remove(&name);
        }
    }
    for function in ["finalfunc", "mfinalfunc"] {
        if !attributes.contains_key(&Ident::new(function)) {
            attributes.remove(&Ident::new(format!("{function}_extra")));
            attributes.remove(&Ident::new(format!("{function}_modify")));
        }
    }
}
