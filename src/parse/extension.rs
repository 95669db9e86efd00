//! `CREATE EXTENSION`, `ALTER EXTENSION`, `ALTER .. DEPENDS ON EXTENSION`.
//!
//! Without `SCHEMA` an extension goes where new objects go, unless its control file
//! names a schema; those that do are listed here.

use pg_query::protobuf::{
    AlterExtensionContentsStmt, AlterExtensionStmt, AlterObjectDependsStmt, CreateExtensionStmt,
};

use super::address::Address;
use super::declared::Declared;
use super::define;
use super::interpreter::{Interpreter, Need, Outcome, Statement, missing};
use super::lower::{Lowered, Lowering};
use crate::catalog::{extension_facts, extension_names};
use crate::model::{
    Extension, Facet, Ident, Kind, Name, ObjectId, Place, Problem, ProblemCode, QualifiedName,
    SearchPath, Span,
};

/// Extensions whose control file fixes their schema.
const FIXED: [(&str, &str); 19] = [
    ("adminpack", "pg_catalog"),
    ("age", "ag_catalog"),
    ("citus", "pg_catalog"),
    ("citus_columnar", "pg_catalog"),
    ("pg_cron", "pg_catalog"),
    ("pg_graphql", "graphql"),
    ("pg_tle", "pgtle"),
    ("pglogical", "pglogical"),
    ("pgmq", "pgmq"),
    ("pgsodium", "pgsodium"),
    ("plperl", "pg_catalog"),
    ("plperlu", "pg_catalog"),
    ("plpgsql", "pg_catalog"),
    ("plpython3u", "pg_catalog"),
    ("pltcl", "pg_catalog"),
    ("pltclu", "pg_catalog"),
    ("plv8", "pg_catalog"),
    ("postgis_tiger_geocoder", "tiger"),
    ("postgis_topology", "topology"),
];

/// `CREATE EXTENSION [IF NOT EXISTS] name [WITH SCHEMA s] [VERSION v] [CASCADE]`.
pub(super) fn create(stmt: &CreateExtensionStmt, _cx: Lowering<'_>) -> Lowered {
    let mut extension = Extension::default();
    for option in define::elements(&stmt.options) {
        let text = define::text(option);
        match option.defname.as_str() {
            "schema" => extension.namespace = text.map(Ident::new),
            "new_version" => extension.version = text.map(Into::into),
            "cascade" => {}
            _unknown => return Lowered::unsupported("this option of CREATE EXTENSION"),
        }
    }
    let name = Ident::new(&stmt.extname);
    let cascade = define::elements(&stmt.options).any(|option| option.defname == "cascade");
    let if_not_exists = stmt.if_not_exists;
    Lowered::apply(CreateExtension { name, if_not_exists, cascade, extension })
}

struct CreateExtension {
    name: Ident,
    if_not_exists: bool,
    /// Also those that it needs.
    cascade: bool,
    extension: Extension,
}

impl CreateExtension {
    fn fixed_namespace(&self) -> Option<Ident> {
        fixed_namespace(&self.name)
    }

    /// What the extension needs and `CASCADE` creates, in the same schema.
    fn needed(&self) -> Vec<Ident> {
        let mut needed: Vec<Ident> = Vec::new();
        let mut next = vec![self.name.clone()];
        while let Some(extension) = next.pop().filter(|_| self.cascade) {
            let facts = extension_facts(extension.as_str());
            for name in facts.into_iter().flat_map(|facts| facts.requires).map(Ident::new) {
                if !needed.contains(&name) {
                    needed.push(name.clone());
                    next.push(name);
                }
            }
        }
        needed
    }
}

fn fixed_namespace(name: &Ident) -> Option<Ident> {
    let fixed = FIXED.iter().find(|(extension, _)| *name == *extension);
    fixed.map(|(_, namespace)| Ident::new(namespace))
}

/// What an extension brings can be named like what the source creates.
fn declare_contents(extension: &Ident, namespace: &Ident, declared: &mut Declared) {
    let names = |section: &'static str| {
        extension_names(extension.as_str(), section, namespace.as_str())
            .map(|name| QualifiedName::new(name.schema, name.name))
    };
    declared.types.extend(names("types"));
    declared.named.extend(names("functions").map(|name| (Kind::Routine, name)));
}

impl Statement for CreateExtension {
    fn declare_namespace(&self, declared: &mut Declared) {
        // The schema of a control file is made with the extension.
        if self.extension.namespace.is_none() {
            declared.namespaces.extend(self.fixed_namespace());
        }
    }

    fn declare(&self, declared: &mut Declared, path: &SearchPath) {
        let here = || declared.creation_namespace(path);
        let namespace = self.extension.namespace.clone().unwrap_or_else(here);
        for extension in self.needed().iter().chain([&self.name]) {
            declare_contents(extension, &namespace, declared);
        }
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let mut extension = self.extension.clone();
        if extension.namespace.is_none() {
            let fixed = self.fixed_namespace();
            let here = || cx.declared.creation_namespace(&cx.path);
            extension.namespace = Some(fixed.unwrap_or_else(here));
        }
        for name in self.needed() {
            let namespace = fixed_namespace(&name).or_else(|| extension.namespace.clone());
            let needed = Extension { namespace, version: None };
            cx.create(ObjectId::Extension(name), needed, span, true)?;
        }
        cx.create(ObjectId::Extension(self.name), extension, span, self.if_not_exists)
    }
}

/// `ALTER EXTENSION name UPDATE [TO version]`.
pub(super) fn alter(stmt: &AlterExtensionStmt, _cx: Lowering<'_>) -> Lowered {
    let version = define::elements(&stmt.options).find(|option| option.defname == "new_version");
    let version = version.and_then(define::text).map(Into::into);
    Lowered::apply(UpdateExtension { name: Ident::new(&stmt.extname), version })
}

struct UpdateExtension {
    name: Ident,
    version: Option<Box<str>>,
}

impl Statement for UpdateExtension {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Object(Address::Global(ObjectId::Extension, self.name.clone()))]
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let id = ObjectId::Extension(self.name.clone());
        let Some((extension, origin)) = cx.object_mut::<Extension>(&id) else {
            return Err(missing("extension", &Name { namespace: None, name: self.name }));
        };
        extension.version = self.version;
        origin.record(Place::facet(Facet::Version), span);
        Ok(Outcome::Modelled)
    }
}

/// `ALTER EXTENSION name ADD | DROP object`.
pub(super) fn alter_contents(_stmt: &AlterExtensionContentsStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::problem(
        Problem::new(
            ProblemCode::NotModelled,
            "which objects belong to an extension is not modelled",
        )
        .help("a dump leaves out the objects of an extension; leave out those that ADD names"),
    )
}

/// `ALTER object [NO] DEPENDS ON EXTENSION name`.
pub(super) fn depends(_stmt: &AlterObjectDependsStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::problem(Problem::new(
        ProblemCode::NotModelled,
        "that an object is dropped with an extension is not modelled",
    ))
}
