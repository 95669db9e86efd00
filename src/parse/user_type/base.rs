//! Base types and shell types: `CREATE TYPE name`, `CREATE TYPE name (INPUT = ..)`,
//! `ALTER TYPE .. SET (..)` (`DefineType`, `AlterType`, `src/backend/commands/typecmds.c`).

use pg_query::protobuf::{AlterTypeStmt, DefElem, DefineStmt};

use super::super::declared::Declared;
use super::super::interpreter::{Interpreter, Need, Outcome, Statement, missing};
use super::super::lower::{Lowered, Lowering};
use super::super::{define, resolve, type_name};
use crate::model::{
    AttributeValue, BaseType, Facet, Ident, Name, ObjectId, Place, Problem, ProblemCode,
    SearchPath, Span, TypeName,
};

struct CreateBase {
    name: Name,
    /// False for `CREATE TYPE name`.
    defined: bool,
    like: Option<TypeName>,
    attributes: Vec<(Ident, Written)>,
    problems: Vec<Problem>,
}

struct AlterBase {
    name: Name,
    attributes: Vec<(Ident, Option<Written>)>,
    problems: Vec<Problem>,
}

/// The value of an attribute before names are looked up.
enum Written {
    Routine(Name),
    Type(TypeName),
    Text(Box<str>),
}

/// `CREATE TYPE name`, `CREATE TYPE name (..)`.
pub(in crate::parse) fn create(stmt: &DefineStmt, _cx: Lowering<'_>) -> Lowered {
    let mut base = CreateBase {
        name: type_name::name(&stmt.defnames),
        defined: !stmt.definition.is_empty(),
        like: None,
        attributes: Vec::new(),
        problems: Vec::new(),
    };
    for element in define::elements(&stmt.definition) {
        let name = element.defname.to_ascii_lowercase();
        if name == "like" {
            base.like = define::type_of(element);
            continue;
        }
        match value(&name, element) {
            Some(value) => base.attributes.push((Ident::new(&name), value)),
            None => base.problems.push(define::not_modelled("a base type", element)),
        }
    }
    Lowered::apply(base)
}

/// `ALTER TYPE name SET (..)`; `NONE` takes an attribute away.
pub(in crate::parse) fn alter(stmt: &AlterTypeStmt, _cx: Lowering<'_>) -> Lowered {
    let mut attributes = Vec::new();
    let mut problems = Vec::new();
    for element in define::elements(&stmt.options) {
        let none =
            element.arg.is_none() || define::text(element).is_some_and(|text| text == "none");
        let name = element.defname.to_ascii_lowercase();
        match value(&name, element) {
            Some(value) => attributes.push((Ident::new(&name), Some(value))),
            None if none => attributes.push((Ident::new(&name), None)),
            None => problems.push(define::not_modelled("a base type", element)),
        }
    }
    Lowered::apply(AlterBase { name: type_name::name(&stmt.type_name), attributes, problems })
}

fn value(name: &str, element: &DefElem) -> Option<Written> {
    let text = |value: &str| Some(Written::Text(value.into()));
    match name {
        "input" | "output" | "receive" | "send" | "typmod_in" | "typmod_out" | "analyze"
        | "subscript" => define::name(element).map(Written::Routine),
        "element" => define::type_of(element).map(Written::Type),
        "collatable" | "preferred" | "passedbyvalue" => {
            text(if define::flag(element)? { "true" } else { "false" })
        }
        "default" | "category" | "delimiter" => text(&define::text(element)?),
        "internallength" => match define::text(element)?.to_ascii_lowercase().as_str() {
            "-1" => text("variable"),
            length => text(length),
        },
        "storage" => text(&define::text(element)?.to_ascii_lowercase()),
        "alignment" => alignment(&define::text(element)?).map(|value| Written::Text(value.into())),
        _unknown => None,
    }
}

/// The four alignments by all of their names.
fn alignment(text: &str) -> Option<&'static str> {
    let text = text.to_ascii_lowercase();
    match text.strip_prefix("pg_catalog.").unwrap_or(&text) {
        "double" | "float8" => Some("double"),
        "int4" => Some("int4"),
        "int2" => Some("int2"),
        "char" | "bpchar" => Some("char"),
        _unknown => None,
    }
}

impl Statement for CreateBase {
    fn declare(&self, declared: &mut Declared, path: &SearchPath) {
        declared.add_type(&self.name, path);
    }

    fn needs(&self) -> Vec<Need> {
        match &self.like {
            Some(ty) if !resolve::is_builtin_type(&ty.name) => vec![super::need_type(&ty.name)],
            Some(_) | None => Vec::new(),
        }
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let mut base = BaseType { shell: !self.defined, ..BaseType::default() };
        if self.defined {
            cx.warnings.extend(self.problems.into_iter().map(|problem| problem.at(span)));
            match self.like.as_ref().map(|ty| layout_of(cx, ty)) {
                Some(Some(layout)) => base.attributes.extend(layout),
                Some(None) => {
                    cx.warnings.push(define::part_not_modelled("LIKE this type").at(span));
                }
                None => {}
            }
            for (name, value) in self.attributes {
                base.attributes.insert(name, resolved(cx, value));
            }
            fill_in(&mut base);
        }
        let name = cx.creation_name(&self.name);
        super::create_type(cx, ObjectId::BaseType, &name, base, span)
    }
}

impl Statement for AlterBase {
    fn needs(&self) -> Vec<Need> {
        vec![super::need_type(&self.name)]
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        cx.warnings.extend(self.problems.into_iter().map(|problem| problem.at(span)));
        let is_base = |id: &ObjectId| matches!(id, ObjectId::BaseType(_));
        let id = super::existing_type(cx, &self.name, "base type", is_base)?;
        for (name, value) in self.attributes {
            let value = value.map(|value| resolved(cx, value));
            let Some((base, origin)) = cx.object_mut::<BaseType>(&id) else {
                return Err(missing("base type", &self.name));
            };
            if base.shell {
                let message = "a shell type has no attributes to change";
                return Err(Problem::new(ProblemCode::Invalid, message));
            }
            match value {
                Some(value) => base.attributes.insert(name.clone(), value),
                None => base.attributes.remove(&name),
            };
            fill_in(base);
            origin.record(Place::part_facet(&name, Facet::Attribute), span);
        }
        Ok(Outcome::Modelled)
    }
}

fn resolved(cx: &Interpreter<'_>, value: Written) -> AttributeValue {
    match value {
        Written::Routine(name) => AttributeValue::Name(cx.resolve_routine(&name)),
        Written::Type(ty) => AttributeValue::Type(cx.argument_type(&ty)),
        Written::Text(text) => AttributeValue::Text(text),
    }
}

/// Adds what `pg_dump` prints always and takes away what it leaves out
/// (`dumpBaseType`, `src/bin/pg_dump/pg_dump.c`).
fn fill_in(base: &mut BaseType) {
    let text = |value: &str| AttributeValue::Text(value.into());
    let always = [("internallength", "variable"), ("alignment", "int4"), ("storage", "plain")];
    for (name, value) in always {
        base.attributes.entry(Ident::new(name)).or_insert_with(|| text(value));
    }
    // A type of fixed length with elements is subscripted as an array of them
    // (`DefineType`, `src/backend/commands/typecmds.c`).
    let subscript = Ident::new("subscript");
    if base.attributes.contains_key(&Ident::new("element"))
        && !base.attributes.contains_key(&subscript)
        && base.attributes.get(&Ident::new("internallength")) != Some(&text("variable"))
    {
        let handler = Name {
            namespace: Some(Ident::new("pg_catalog")),
            name: Ident::new("raw_array_subscript_handler"),
        };
        base.attributes.insert(subscript, AttributeValue::Name(handler));
    }
    let left_out = [
        ("collatable", "false"),
        ("category", "U"),
        ("preferred", "false"),
        ("delimiter", ","),
        ("passedbyvalue", "false"),
    ];
    for (name, default) in left_out {
        let name = Ident::new(name);
        if base.attributes.get(&name) == Some(&text(default)) {
            base.attributes.remove(&name);
        }
    }
}

/// What `LIKE` copies: length, passing, alignment and storage.
fn layout_of(cx: &Interpreter<'_>, ty: &TypeName) -> Option<Vec<(Ident, AttributeValue)>> {
    let copied = ["internallength", "passedbyvalue", "alignment", "storage"];
    if let Some(base) = cx.find_type(&ty.name).and_then(|id| cx.object::<BaseType>(&id)) {
        let copied = copied.iter().filter_map(|name| {
            let name = Ident::new(name);
            base.attributes.get(&name).cloned().map(|value| (name, value))
        });
        return Some(copied.collect());
    }
    let (length, by_value, alignment, storage) = builtin_layout(ty.name.name.as_str())?;
    let by_value = if by_value { "true" } else { "false" };
    let values = [length, by_value, alignment, storage];
    let pairs = copied.iter().zip(values);
    Some(
        pairs.map(|(name, value)| (Ident::new(name), AttributeValue::Text(value.into()))).collect(),
    )
}

/// `typlen`, `typbyval`, `typalign` and `typstorage` of built-in types
/// (`src/include/catalog/pg_type.dat`).
fn builtin_layout(name: &str) -> Option<(&'static str, bool, &'static str, &'static str)> {
    Some(match name {
        "cidr" | "inet" | "numeric" => ("variable", false, "int4", "main"),
        "bit" | "bpchar" | "bytea" | "json" | "jsonb" | "jsonpath" | "refcursor" | "text"
        | "tsvector" | "varbit" | "varchar" | "xml" => ("variable", false, "int4", "extended"),
        "tsquery" => ("variable", false, "int4", "plain"),
        "path" | "polygon" => ("variable", false, "double", "extended"),
        "bool" | "char" => ("1", true, "char", "plain"),
        "int2" => ("2", true, "int2", "plain"),
        "date" | "float4" | "int4" | "oid" | "regclass" | "regproc" | "regtype" | "xid" | "cid" => {
            ("4", true, "int4", "plain")
        }
        "macaddr" => ("6", false, "int4", "plain"),
        "tid" => ("6", false, "int2", "plain"),
        "macaddr8" => ("8", false, "int4", "plain"),
        "float8" | "int8" | "money" | "pg_lsn" | "time" | "timestamp" | "timestamptz" | "xid8" => {
            ("8", true, "double", "plain")
        }
        "timetz" => ("12", false, "double", "plain"),
        "uuid" => ("16", false, "char", "plain"),
        "interval" | "point" => ("16", false, "double", "plain"),
        "circle" | "line" => ("24", false, "double", "plain"),
        "box" | "lseg" => ("32", false, "double", "plain"),
        "name" => ("64", false, "char", "plain"),
        _other_types => return None,
    })
}
