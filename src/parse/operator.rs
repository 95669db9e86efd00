//! Operators: `CREATE OPERATOR`, `ALTER OPERATOR .. SET (..)`
//! (`src/backend/commands/operatorcmds.c`, `src/backend/catalog/pg_operator.c`).
//!
//! The commutator and the negator may be named before they exist; when they exist
//! already, they get their link back.

mod cast;
mod class;
mod conversion;

#[cfg(test)]
mod tests;

pub(super) use cast::{create_cast, create_transform};
pub(super) use class::{alter_family, create_class, create_family, leave_families};
pub(super) use conversion::create_conversion;

use pg_query::NodeEnum;
use pg_query::protobuf::{AlterOperatorStmt, DefElem, DefineStmt, Node, ObjectWithArgs};

use super::address::Address;
use super::declared::Declared;
use super::interpreter::{Interpreter, Need, Outcome, Statement, missing};
use super::lower::{Lowered, Lowering};
use super::{define, type_name};
use crate::model::{
    Facet, Ident, Kind, Name, ObjectId, Operator, OperatorSignature, Place, Problem, ProblemCode,
    QualifiedName, SearchPath, Span, TypeName,
};

struct CreateOperator {
    name: Name,
    left: Option<TypeName>,
    right: Option<TypeName>,
    function: Option<Name>,
    attributes: Vec<Attribute>,
    problems: Vec<Problem>,
}

struct AlterOperator {
    name: Name,
    left: Option<TypeName>,
    right: Option<TypeName>,
    attributes: Vec<Attribute>,
    problems: Vec<Problem>,
}

struct Attribute {
    value: Value,
    span: Span,
}

enum Value {
    Commutator(Option<Name>),
    Negator(Option<Name>),
    Restrict(Option<Name>),
    Join(Option<Name>),
    Hashes(bool),
    Merges(bool),
}

/// `CREATE OPERATOR name (..)`.
pub(super) fn create(stmt: &DefineStmt, cx: Lowering<'_>) -> Lowered {
    let mut operator = CreateOperator {
        name: type_name::name(&stmt.defnames),
        left: None,
        right: None,
        function: None,
        attributes: Vec::new(),
        problems: Vec::new(),
    };
    for element in define::elements(&stmt.definition) {
        match element.defname.to_ascii_lowercase().as_str() {
            "leftarg" => operator.left = operand(element),
            "rightarg" => operator.right = operand(element),
            "function" | "procedure" => operator.function = define::name(element),
            _attribute => match attribute(element, cx) {
                Ok(attribute) => operator.attributes.push(attribute),
                Err(problem) => operator.problems.push(problem),
            },
        }
    }
    Lowered::apply(operator)
}

/// `ALTER OPERATOR name (left, right) SET (..)`.
pub(super) fn alter(stmt: &AlterOperatorStmt, cx: Lowering<'_>) -> Lowered {
    let Some(object) = &stmt.opername else {
        return Lowered::unsupported("ALTER OPERATOR without a name");
    };
    let (left, right) = operands(object);
    let mut attributes = Vec::new();
    let mut problems = Vec::new();
    for element in define::elements(&stmt.options) {
        match attribute(element, cx) {
            Ok(attribute) => attributes.push(attribute),
            Err(problem) => problems.push(problem),
        }
    }
    let name = type_name::name(&object.objname);
    Lowered::apply(AlterOperator { name, left, right, attributes, problems })
}

/// The operand types of a reference to an operator.
fn operands(object: &ObjectWithArgs) -> (Option<TypeName>, Option<TypeName>) {
    let ty = |node: Option<&Node>| match node?.node.as_ref()? {
        NodeEnum::TypeName(ty) => Some(type_name::type_name(ty)),
        _none => None,
    };
    (ty(object.objargs.first()), ty(object.objargs.get(1)))
}

/// An operand; `NONE` was a way to say that there is none.
fn operand(element: &DefElem) -> Option<TypeName> {
    define::type_of(element).filter(|ty| ty.name != Name::bare("none"))
}

fn attribute(element: &DefElem, cx: Lowering<'_>) -> Result<Attribute, Problem> {
    let span = cx.element(element.location);
    let not_modelled = || define::not_modelled("an operator", element).at(span);
    let name = || define::name(element);
    let flag = || define::flag(element).ok_or_else(not_modelled);
    let value = match element.defname.to_ascii_lowercase().as_str() {
        "commutator" => Value::Commutator(name()),
        "negator" => Value::Negator(name()),
        "restrict" => Value::Restrict(name()),
        "join" => Value::Join(name()),
        "hashes" => Value::Hashes(flag()?),
        "merges" => Value::Merges(flag()?),
        // Names of operators that meant MERGES until PostgreSQL 8.3.
        "sort1" | "sort2" | "ltcmp" | "gtcmp" => Value::Merges(true),
        _unknown => return Err(not_modelled()),
    };
    Ok(Attribute { value, span })
}

impl Statement for CreateOperator {
    fn declare(&self, declared: &mut Declared, path: &SearchPath) {
        declared.add(Kind::Operator, &self.name, path);
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        cx.warnings.extend(self.problems.into_iter().map(|problem| problem.at(span)));
        let Some(function) = &self.function else {
            return Err(Problem::new(ProblemCode::Invalid, "an operator needs a FUNCTION"));
        };
        let ty = |ty: &Option<TypeName>| ty.as_ref().map(|ty| Box::new(cx.argument_type(ty)));
        let signature = OperatorSignature {
            name: cx.creation_name(&self.name),
            left: ty(&self.left),
            right: ty(&self.right),
        };
        let mut operator = Operator {
            function: cx.resolve_routine(function),
            commutator: None,
            negator: None,
            restrict: None,
            join: None,
            hashes: false,
            merges: false,
        };
        let places = set(cx, &signature, &mut operator, &self.attributes);
        let id = ObjectId::Operator(signature.clone());
        let outcome = cx.create(id.clone(), operator, span, false)?;
        cx.entry_mut(&id)?.origin.parts.extend(places);
        link_back(cx, &signature);
        Ok(outcome)
    }
}

impl Statement for AlterOperator {
    fn needs(&self) -> Vec<Need> {
        let address = Address::Operator(self.name.clone(), self.left.clone(), self.right.clone());
        vec![Need::Object(address)]
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        cx.warnings.extend(self.problems.into_iter().map(|problem| problem.at(span)));
        let address = Address::Operator(self.name.clone(), self.left, self.right);
        let Some(ObjectId::Operator(signature)) = address.find(cx) else {
            return Err(missing("operator", &self.name));
        };
        let id = ObjectId::Operator(signature.clone());
        let Some(mut operator) = cx.object::<Operator>(&id).cloned() else {
            return Err(missing("operator", &self.name));
        };
        let places = set(cx, &signature, &mut operator, &self.attributes);
        let entry = cx.entry_mut(&id)?;
        entry.object = operator.into();
        entry.origin.parts.extend(places);
        link_back(cx, &signature);
        Ok(Outcome::Modelled)
    }
}

fn set(
    cx: &Interpreter<'_>,
    signature: &OperatorSignature,
    operator: &mut Operator,
    attributes: &[Attribute],
) -> Vec<(Place, Span)> {
    let routine = |name: &Option<Name>| name.as_ref().map(|name| cx.resolve_routine(name));
    let OperatorSignature { left, right, .. } = signature;
    let mut places = Vec::new();
    for Attribute { value, span } in attributes {
        let facet = match value {
            Value::Commutator(name) => {
                let name = name.as_ref().map(|name| partner(cx, name, right, left));
                operator.commutator = name;
                Facet::Commutator
            }
            Value::Negator(name) => {
                operator.negator = name.as_ref().map(|name| partner(cx, name, left, right));
                Facet::Negator
            }
            Value::Restrict(name) => {
                operator.restrict = routine(name);
                Facet::Restrict
            }
            Value::Join(name) => {
                operator.join = routine(name);
                Facet::Join
            }
            Value::Hashes(flag) => {
                operator.hashes = *flag;
                Facet::Hashes
            }
            Value::Merges(flag) => {
                operator.merges = *flag;
                Facet::Merges
            }
        };
        places.push((Place::facet(facet), *span));
    }
    places
}

/// A commutator or negator: an operator that exists or is declared, else one that is
/// to be created where new objects go (`get_other_operator`).
fn partner(
    cx: &Interpreter<'_>,
    name: &Name,
    left: &Option<Box<TypeName>>,
    right: &Option<Box<TypeName>>,
) -> Name {
    if name.namespace.is_some() {
        return name.clone();
    }
    let id = |name: QualifiedName| {
        ObjectId::Operator(OperatorSignature { name, left: left.clone(), right: right.clone() })
    };
    if let Some(found) = cx.find_in_path(name, id)
        && let Some(found) = found.qualified_name()
    {
        return found.clone().into();
    }
    let declared = cx
        .path
        .0
        .iter()
        .map(|namespace| QualifiedName { namespace: namespace.clone(), name: name.name.clone() });
    match declared.into_iter().find(|name| cx.declared.has(Kind::Operator, name)) {
        Some(name) => name.into(),
        None => cx.creation_name(name).into(),
    }
}

/// Sets the link of a commutator or negator that exists back to this operator
/// (`OperatorUpd`).
fn link_back(cx: &mut Interpreter<'_>, signature: &OperatorSignature) {
    let Some(operator) = cx.object::<Operator>(&ObjectId::Operator(signature.clone())) else {
        return;
    };
    let (commutator, negator) = (operator.commutator.clone(), operator.negator.clone());
    let own: Name = signature.name.clone().into();
    let OperatorSignature { left, right, .. } = signature;
    let id = |name: Name, left: &Option<Box<TypeName>>, right: &Option<Box<TypeName>>| {
        let namespace = name.namespace.unwrap_or_else(|| Ident::new("pg_catalog"));
        let name = QualifiedName { namespace, name: name.name };
        ObjectId::Operator(OperatorSignature { name, left: left.clone(), right: right.clone() })
    };
    if let Some(name) = commutator
        && let Some((other, _)) = cx.object_mut::<Operator>(&id(name, right, left))
    {
        other.commutator = Some(own.clone());
    }
    if let Some(name) = negator
        && let Some((other, _)) = cx.object_mut::<Operator>(&id(name, left, right))
    {
        other.negator = Some(own);
    }
}
