//! Range types: `CREATE TYPE .. AS RANGE (..)` (`DefineRange`,
//! `src/backend/commands/typecmds.c`).
//!
//! The multirange type that comes with it is no object of its own: its name is an
//! attribute of the range, filled in when not written.

use pg_query::protobuf::CreateRangeStmt;

use super::super::declared::Declared;
use super::super::interpreter::{Interpreter, Need, Outcome, Statement};
use super::super::lower::{Lowered, Lowering};
use super::super::{define, resolve, type_name};
use crate::model::{
    Ident, Kind, MethodMember, Name, ObjectId, OperatorClass, Problem, ProblemCode, QualifiedName,
    Range, SearchPath, Span, TypeName,
};

#[derive(Default)]
struct CreateRange {
    name: Name,
    subtype: Option<TypeName>,
    opclass: Option<Name>,
    collation: Option<Name>,
    canonical: Option<Name>,
    subtype_diff: Option<Name>,
    multirange: Option<Name>,
    problems: Vec<Problem>,
}

/// `CREATE TYPE name AS RANGE (..)`.
pub(in crate::parse) fn create(stmt: &CreateRangeStmt, _cx: Lowering<'_>) -> Lowered {
    let mut range =
        CreateRange { name: type_name::name(&stmt.type_name), ..CreateRange::default() };
    for element in define::elements(&stmt.params) {
        match element.defname.as_str() {
            "subtype" => range.subtype = define::type_of(element),
            "subtype_opclass" => range.opclass = define::name(element),
            "collation" => range.collation = define::name(element),
            "canonical" => range.canonical = define::name(element),
            "subtype_diff" => range.subtype_diff = define::name(element),
            "multirange_type_name" => range.multirange = define::name(element),
            _unknown => range.problems.push(define::not_modelled("a range type", element)),
        }
    }
    Lowered::apply(range)
}

impl Statement for CreateRange {
    fn declare(&self, declared: &mut Declared, path: &SearchPath) {
        let name = declared.creation_name(&self.name, path);
        let multirange = match &self.multirange {
            Some(written) => declared.creation_name(written, path),
            None => multirange_name(&name),
        };
        declared.types.extend([name, multirange]);
    }

    fn needs(&self) -> Vec<Need> {
        match &self.subtype {
            Some(ty) if !resolve::is_builtin_type(&ty.name) => vec![super::need_type(&ty.name)],
            Some(_) | None => Vec::new(),
        }
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        cx.warnings.extend(self.problems.into_iter().map(|problem| problem.at(span)));
        let Some(subtype) = &self.subtype else {
            return Err(Problem::new(ProblemCode::Invalid, "a range type needs a SUBTYPE"));
        };
        let name = cx.creation_name(&self.name);
        let mut subtype = cx.resolve_type(subtype);
        subtype.modifiers.clear();
        let multirange = match &self.multirange {
            Some(written) => cx.creation_name(written),
            None => multirange_name(&name),
        };
        let routine = |name: &Option<Name>| name.as_ref().map(|name| cx.resolve_routine(name));
        let range = Range {
            opclass: self.opclass.as_ref().and_then(|written| opclass(cx, written)),
            collation: cx.own_collation(&subtype, self.collation.as_ref()),
            canonical: routine(&self.canonical),
            subtype_diff: routine(&self.subtype_diff),
            subtype,
            multirange,
        };
        super::create_type(cx, ObjectId::Range, &name, range, span)
    }
}

/// The operator class when it is not a default one (`SUBTYPE_OPCLASS` is printed
/// only then, `dumpRangeType` in `src/bin/pg_dump/pg_dump.c`).
fn opclass(cx: &Interpreter<'_>, written: &Name) -> Option<Name> {
    let name = cx.resolve_member(Kind::OperatorClass, written);
    let is_default = if name.namespace.as_ref().is_some_and(|n| *n == "pg_catalog") {
        // All B-tree operator classes of pg_catalog but these are the default of their type.
        let text = name.name.as_str();
        !text.ends_with("_pattern_ops")
            && !["cidr_ops", "varchar_ops", "record_image_ops"].contains(&text)
    } else {
        let namespace = name.namespace.clone().unwrap_or_default();
        let id = ObjectId::OperatorClass(MethodMember {
            method: Ident::new("btree"),
            name: QualifiedName { namespace, name: name.name.clone() },
        });
        cx.object::<OperatorClass>(&id).is_some_and(|class| class.default)
    };
    (!is_default).then_some(name)
}

/// `range` in the name replaced by `multirange`, else `_multirange` appended
/// (`makeMultirangeTypeName`, `src/backend/catalog/pg_type.c`).
fn multirange_name(range: &QualifiedName) -> QualifiedName {
    let name = range.name.as_str();
    let multirange = if name.contains("range") {
        name.replacen("range", "multirange", 1)
    } else {
        format!("{}_multirange", crate::model::clip(name, 63 - "_multirange".len()))
    };
    range.sibling(Ident::new(multirange))
}
