//! Languages and access methods: `CREATE LANGUAGE .. HANDLER ..`, `CREATE ACCESS
//! METHOD`. A language without a handler is an extension, and the parser says so.

use pg_query::protobuf::{CreateAmStmt, CreatePLangStmt};

use super::interpreter::{Interpreter, Outcome, Statement};
use super::lower::{Lowered, Lowering};
use super::type_name;
use crate::model::{AccessMethod, Ident, Language, Name, ObjectId, Problem, Span};

struct CreateLanguage {
    name: Ident,
    replace: bool,
    language: Language,
}

struct CreateAccessMethod {
    name: Ident,
    table: bool,
    handler: Name,
}

/// `CREATE [OR REPLACE] [TRUSTED] LANGUAGE name HANDLER ..`.
pub(super) fn create(stmt: &CreatePLangStmt, _cx: Lowering<'_>) -> Lowered {
    let name = |nodes: &[_]| (!nodes.is_empty()).then(|| type_name::name(nodes));
    Lowered::apply(CreateLanguage {
        name: Ident::new(&stmt.plname),
        replace: stmt.replace,
        language: Language {
            trusted: stmt.pltrusted,
            handler: name(&stmt.plhandler),
            inline: name(&stmt.plinline),
            validator: name(&stmt.plvalidator),
        },
    })
}

/// `CREATE ACCESS METHOD name TYPE TABLE | INDEX HANDLER f`.
pub(super) fn create_access_method(stmt: &CreateAmStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::apply(CreateAccessMethod {
        name: Ident::new(&stmt.amname),
        table: stmt.amtype == "t",
        handler: type_name::name(&stmt.handler_name),
    })
}

impl Statement for CreateLanguage {
    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let routine = |name: Option<Name>| name.map(|name| cx.resolve_routine(&name));
        let Language { trusted, handler, inline, validator } = self.language;
        let language = Language {
            trusted,
            handler: routine(handler),
            inline: routine(inline),
            validator: routine(validator),
        };
        let id = ObjectId::Language(self.name);
        if self.replace {
            cx.create_or_replace(id, language, span);
            return Ok(Outcome::Modelled);
        }
        cx.create(id, language, span, false)
    }
}

impl Statement for CreateAccessMethod {
    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let handler = cx.resolve_routine(&self.handler);
        let method = AccessMethod { table: self.table, handler };
        cx.create(ObjectId::AccessMethod(self.name), method, span, false)
    }
}
