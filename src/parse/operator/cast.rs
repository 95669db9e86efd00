//! Casts and transforms: `CREATE CAST`, `CREATE [OR REPLACE] TRANSFORM`
//! (`src/backend/commands/functioncmds.c`). Their types are their identity.

use pg_query::NodeEnum;
use pg_query::protobuf::{CoercionContext, CreateCastStmt, CreateTransformStmt, ObjectWithArgs};

use super::super::address::Address;
use super::super::interpreter::{Interpreter, Need, Outcome, Statement};
use super::super::lower::{Lowered, Lowering};
use super::super::type_name;
use crate::model::{
    CastContext, CastDefinition, CastMethod, Ident, Name, ObjectId, Problem, Signature, Span,
    Transform, TypeName,
};

struct CreateCast {
    source: TypeName,
    target: TypeName,
    method: Method,
    context: CastContext,
}

enum Method {
    Function(Function),
    Binary,
    InOut,
}

/// A function as written; no list of arguments means the only one of that name.
struct Function {
    name: Name,
    args: Option<Vec<TypeName>>,
}

struct CreateTransform {
    ty: TypeName,
    language: Ident,
    replace: bool,
    from_sql: Option<Function>,
    to_sql: Option<Function>,
}

/// `CREATE CAST (source AS target) ..`.
pub(in crate::parse) fn create_cast(stmt: &CreateCastStmt, _cx: Lowering<'_>) -> Lowered {
    let ty = |ty: &Option<_>| ty.as_ref().map(type_name::type_name).unwrap_or_default();
    let method = match &stmt.func {
        Some(object) => Method::Function(function(object)),
        None if stmt.inout => Method::InOut,
        None => Method::Binary,
    };
    let context = match stmt.context() {
        CoercionContext::CoercionImplicit => CastContext::Implicit,
        CoercionContext::CoercionAssignment => CastContext::Assignment,
        CoercionContext::CoercionExplicit
        | CoercionContext::CoercionPlpgsql
        | CoercionContext::Undefined => CastContext::Explicit,
    };
    let (source, target) = (ty(&stmt.sourcetype), ty(&stmt.targettype));
    Lowered::apply(CreateCast { source, target, method, context })
}

/// `CREATE [OR REPLACE] TRANSFORM FOR type LANGUAGE name (..)`.
pub(in crate::parse) fn create_transform(stmt: &CreateTransformStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::apply(CreateTransform {
        ty: stmt.type_name.as_ref().map(type_name::type_name).unwrap_or_default(),
        language: Ident::new(&stmt.lang),
        replace: stmt.replace,
        from_sql: stmt.fromsql.as_ref().map(function),
        to_sql: stmt.tosql.as_ref().map(function),
    })
}

fn function(object: &ObjectWithArgs) -> Function {
    let args = object.objargs.iter().filter_map(|node| match node.node.as_ref()? {
        NodeEnum::TypeName(ty) => Some(type_name::type_name(ty)),
        _no_type => None,
    });
    Function {
        name: type_name::name(&object.objname),
        args: (!object.args_unspecified).then(|| args.collect()),
    }
}

impl Function {
    fn resolve(&self, cx: &Interpreter<'_>) -> Signature {
        cx.routine_signature(&self.name, self.args.as_deref())
    }

    /// A function of which only the name is written must exist first.
    fn need(&self) -> Option<Need> {
        let address = Address::Routine(self.name.clone(), None);
        self.args.is_none().then_some(Need::Object(address))
    }
}

impl Statement for CreateCast {
    fn needs(&self) -> Vec<Need> {
        match &self.method {
            Method::Function(function) => function.need().into_iter().collect(),
            Method::Binary | Method::InOut => Vec::new(),
        }
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let ty = |ty| Box::new(cx.argument_type(ty));
        let types = (ty(&self.source), ty(&self.target));
        let method = match &self.method {
            Method::Function(function) => CastMethod::Function(function.resolve(cx)),
            Method::Binary => CastMethod::Binary,
            Method::InOut => CastMethod::InOut,
        };
        let cast = CastDefinition { method, context: self.context };
        cx.create(ObjectId::Cast(types), cast, span, false)
    }
}

impl Statement for CreateTransform {
    fn needs(&self) -> Vec<Need> {
        let functions = [&self.from_sql, &self.to_sql].into_iter().flatten();
        functions.filter_map(Function::need).collect()
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let resolve = |function: &Option<Function>| function.as_ref().map(|f| f.resolve(cx));
        let transform =
            Transform { from_sql: resolve(&self.from_sql), to_sql: resolve(&self.to_sql) };
        let id = ObjectId::Transform((Box::new(cx.argument_type(&self.ty)), self.language.clone()));
        if self.replace {
            cx.create_or_replace(id, transform, span);
            return Ok(Outcome::Modelled);
        }
        cx.create(id, transform, span, false)
    }
}
