//! Foreign-data wrappers, servers and user mappings.
//!
//! The user of a mapping is kept as a name; `public` is PUBLIC, which no role can be called.

use pg_query::NodeEnum;
use pg_query::protobuf::{
    AlterFdwStmt, AlterForeignServerStmt, AlterUserMappingStmt, CreateFdwStmt,
    CreateForeignServerStmt, CreateUserMappingStmt, DropUserMappingStmt, Node, RoleSpec,
};

use super::IgnoreRule;
use super::absent::absent;
use super::address::Address;
use super::def_elem::{OptionChange, change_options, option_changes, record_options};
use super::define;
use super::interpreter::{Interpreter, Need, Outcome, Statement};
use super::lower::{Lowered, Lowering};
use super::role::grantee;
use super::type_name::name;
use crate::model::{
    Facet, ForeignDataWrapper, Grantee, Ident, Name, ObjectId, Place, Problem, ProblemCode, Server,
    Span, UserMapping,
};

/// `CREATE FOREIGN DATA WRAPPER`.
pub(super) fn create_wrapper(stmt: &CreateFdwStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::apply(ChangeWrapper {
        name: Ident::new(&stmt.fdwname),
        create: true,
        functions: functions(&stmt.func_options),
        options: option_changes(&stmt.options),
    })
}

/// `ALTER FOREIGN DATA WRAPPER`.
pub(super) fn alter_wrapper(stmt: &AlterFdwStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::apply(ChangeWrapper {
        name: Ident::new(&stmt.fdwname),
        create: false,
        functions: functions(&stmt.func_options),
        options: option_changes(&stmt.options),
    })
}

/// `HANDLER f`, `NO HANDLER`, `VALIDATOR f`, `NO VALIDATOR`: true for the handler.
fn functions(nodes: &[Node]) -> Vec<(bool, Option<Name>)> {
    let function = |element| {
        let element: &pg_query::protobuf::DefElem = element;
        let function = match element.arg.as_deref().and_then(|arg| arg.node.as_ref()) {
            Some(NodeEnum::List(list)) => Some(name(&list.items)),
            _no_function => None,
        };
        (element.defname == "handler", function)
    };
    define::elements(nodes).map(function).collect()
}

struct ChangeWrapper {
    name: Ident,
    create: bool,
    functions: Vec<(bool, Option<Name>)>,
    options: Vec<OptionChange>,
}

impl Statement for ChangeWrapper {
    fn needs(&self) -> Vec<Need> {
        needs(self.create, ObjectId::ForeignDataWrapper, &self.name)
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let id = ObjectId::ForeignDataWrapper(self.name.clone());
        if self.create {
            cx.create(id.clone(), ForeignDataWrapper::default(), span, false)?;
        }
        let functions: Vec<(bool, Option<Name>)> = self
            .functions
            .into_iter()
            .map(|(handler, function)| {
                (handler, function.map(|name| super::trigger::trigger_function(cx, &name)))
            })
            .collect();
        let Some((wrapper, origin)) = cx.object_mut::<ForeignDataWrapper>(&id) else {
            return absent(cx, &Address::Global(ObjectId::ForeignDataWrapper, self.name));
        };
        for (handler, function) in functions {
            if handler {
                wrapper.handler = function;
                origin.record(Place::facet(Facet::Handler), span);
            } else {
                wrapper.validator = function;
                origin.record(Place::facet(Facet::Validator), span);
            }
        }
        record_options(origin, &self.options, span);
        change_options(&mut wrapper.options, self.options);
        Ok(Outcome::Modelled)
    }
}

fn needs(create: bool, make: fn(Ident) -> ObjectId, name: &Ident) -> Vec<Need> {
    if create { Vec::new() } else { vec![Need::Object(Address::Global(make, name.clone()))] }
}

/// `CREATE SERVER`.
pub(super) fn create_server(stmt: &CreateForeignServerStmt, _cx: Lowering<'_>) -> Lowered {
    let text = |text: &str| (!text.is_empty()).then(|| text.into());
    let mut server = Server {
        wrapper: Ident::new(&stmt.fdwname),
        server_type: text(&stmt.servertype),
        version: text(&stmt.version),
        options: std::collections::BTreeMap::new(),
    };
    change_options(&mut server.options, option_changes(&stmt.options));
    let name = Ident::new(&stmt.servername);
    Lowered::apply(CreateServer { name, if_not_exists: stmt.if_not_exists, server })
}

struct CreateServer {
    name: Ident,
    if_not_exists: bool,
    server: Server,
}

impl Statement for CreateServer {
    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        cx.create(ObjectId::Server(self.name), self.server, span, self.if_not_exists)
    }
}

/// `ALTER SERVER`.
pub(super) fn alter_server(stmt: &AlterForeignServerStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::apply(AlterServer {
        name: Ident::new(&stmt.servername),
        version: stmt
            .has_version
            .then(|| (!stmt.version.is_empty()).then(|| stmt.version.as_str().into())),
        options: option_changes(&stmt.options),
    })
}

struct AlterServer {
    name: Ident,
    /// `VERSION 'x'`, `VERSION NULL`.
    version: Option<Option<Box<str>>>,
    options: Vec<OptionChange>,
}

impl Statement for AlterServer {
    fn needs(&self) -> Vec<Need> {
        needs(false, ObjectId::Server, &self.name)
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let Some((server, origin)) = cx.object_mut::<Server>(&ObjectId::Server(self.name.clone()))
        else {
            return absent(cx, &Address::Global(ObjectId::Server, self.name));
        };
        if let Some(version) = self.version {
            server.version = version;
            origin.record(Place::facet(Facet::Version), span);
        }
        record_options(origin, &self.options, span);
        change_options(&mut server.options, self.options);
        Ok(Outcome::Modelled)
    }
}

/// The user of a mapping as a key.
fn user(spec: Option<&RoleSpec>, cx: &Interpreter<'_>) -> Ident {
    match spec.map(grantee) {
        Some(Grantee::Role(role)) => role,
        // A text that names no role is taken to be run by `initdb`'s superuser.
        Some(Grantee::CurrentUser | Grantee::SessionUser) => {
            cx.session.role.clone().unwrap_or_else(|| Ident::new("postgres"))
        }
        Some(Grantee::Public | Grantee::Owner) | None => Ident::new("public"),
    }
}

/// `CREATE USER MAPPING`.
pub(super) fn create_user_mapping(stmt: &CreateUserMappingStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::apply(ChangeUserMapping {
        user: stmt.user.clone(),
        server: Ident::new(&stmt.servername),
        options: option_changes(&stmt.options),
        action: MappingAction::Create { if_not_exists: stmt.if_not_exists },
    })
}

/// `ALTER USER MAPPING`.
pub(super) fn alter_user_mapping(stmt: &AlterUserMappingStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::apply(ChangeUserMapping {
        user: stmt.user.clone(),
        server: Ident::new(&stmt.servername),
        options: option_changes(&stmt.options),
        action: MappingAction::Alter,
    })
}

/// `DROP USER MAPPING`.
pub(super) fn drop_user_mapping(stmt: &DropUserMappingStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::apply(ChangeUserMapping {
        user: stmt.user.clone(),
        server: Ident::new(&stmt.servername),
        options: Vec::new(),
        action: MappingAction::Drop { if_exists: stmt.missing_ok },
    })
}

struct ChangeUserMapping {
    user: Option<RoleSpec>,
    server: Ident,
    options: Vec<OptionChange>,
    action: MappingAction,
}

#[derive(Clone, Copy)]
enum MappingAction {
    Create { if_not_exists: bool },
    Alter,
    Drop { if_exists: bool },
}

impl Statement for ChangeUserMapping {
    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let user = user(self.user.as_ref(), cx);
        let id = ObjectId::UserMapping((self.server.clone(), user.clone()));
        let missing = || {
            let (user, server) = (user.as_str(), self.server.as_str());
            let message =
                format!("user mapping for \"{user}\" on server \"{server}\" does not exist");
            Problem::new(ProblemCode::Missing, message)
        };
        match self.action {
            MappingAction::Create { if_not_exists } => {
                let mut mapping = UserMapping::default();
                change_options(&mut mapping.options, self.options);
                cx.create(id, mapping, span, if_not_exists)
            }
            MappingAction::Alter => {
                let (mapping, origin) = cx.object_mut::<UserMapping>(&id).ok_or_else(missing)?;
                record_options(origin, &self.options, span);
                change_options(&mut mapping.options, self.options);
                Ok(Outcome::Modelled)
            }
            MappingAction::Drop { if_exists } => match cx.remove(&id) {
                Some(_) => Ok(Outcome::Modelled),
                None if if_exists => Ok(Outcome::Ignored(IgnoreRule::NoEffect)),
                None => Err(missing()),
            },
        }
    }
}
