//! Extensions: what `CREATE EXTENSION` would create.
//!
//! Each has a file under `data/extensions/`, read only when the extension is named. Its
//! objects are written as `@citext.citext` and get the schema that is chosen for it.

use smol_str::SmolStr;

use super::Catalog;
use super::data::EXTENSIONS;
use super::entries::ObjectName;
use super::read;
use super::scope::{Scope, TypeNames};

/// No catalog describes the extension: what it creates is not known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no known catalog describes the extension `{name}`")]
pub struct UnknownExtension {
    /// The name that was asked for.
    pub name: String,
}

/// What the control file of an extension says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtensionFacts {
    /// The name.
    pub name: &'static str,
    /// The default version, in the newest server that had it.
    pub version: &'static str,
    /// The schema it insists on.
    pub schema: Option<&'static str>,
    /// Whether ALTER EXTENSION can move it.
    pub relocatable: bool,
    /// The extensions it needs.
    pub requires: Vec<&'static str>,
}

/// What is known of an extension, when a catalog describes it.
pub fn extension_facts(name: &str) -> Option<ExtensionFacts> {
    let (name, text) = find(name)?;
    let mut facts = ExtensionFacts {
        name,
        version: "",
        schema: None,
        relocatable: false,
        requires: Vec::new(),
    };
    for line in section(text, "extension").map(read::lines).into_iter().flatten() {
        match line.split_once('\t').unwrap_or((line, "")) {
            ("version", version) => facts.version = version,
            ("schema", schema) => facts.schema = Some(schema),
            ("requires", needed) => facts.requires.push(needed),
            ("relocatable", _) => facts.relocatable = true,
            _ => {}
        }
    }
    Some(facts)
}

/// The names of the types (`"types"`) or functions (`"functions"`) that an extension brings,
/// with their schemas, when it is created in `schema`. Empty when no catalog describes it.
pub fn extension_names(
    extension: &str,
    section_name: &str,
    schema: &str,
) -> impl Iterator<Item = ObjectName> {
    let found = find(extension);
    let fixed = extension_facts(extension).and_then(|facts| facts.schema);
    let home = SmolStr::new(fixed.unwrap_or(schema));
    let lines = found.and_then(|(_, text)| section(text, section_name)).map(read::lines);
    lines.into_iter().flatten().filter_map(move |line| {
        let (namespace, name) = line.split('\t').next()?.split_once('.')?;
        let own = namespace.strip_prefix('@');
        let namespace = own.map_or_else(|| SmolStr::new_static(namespace), |_| home.clone());
        Some(ObjectName::new(namespace, name))
    })
}

impl Catalog {
    /// This catalog with an extension; see [`Catalog::load_extension`].
    pub fn with_extension(mut self, name: &str, schema: &str) -> Result<Self, UnknownExtension> {
        self.load_extension(name, schema)?;
        Ok(self)
    }

    /// Adds what `CREATE EXTENSION name WITH SCHEMA schema CASCADE` creates.
    ///
    /// An extension that insists on a schema goes there. One that is loaded already stays
    /// where it is, so load what others need, and say where it is, first.
    pub fn load_extension(&mut self, name: &str, schema: &str) -> Result<(), UnknownExtension> {
        let unknown = || UnknownExtension { name: name.to_owned() };
        let facts = extension_facts(name).ok_or_else(unknown)?;
        let (_, text) = find(name).ok_or_else(unknown)?;
        if self.extension_schema(name).is_some() {
            return Ok(());
        }
        // Entered first: should two need each other, the second finds the first.
        let home = facts.schema.map_or_else(|| SmolStr::new(schema), SmolStr::new_static);
        self.extensions.push((facts.name, home));
        for needed in facts.requires {
            self.load_extension(needed, schema)?;
        }
        self.read_extension(text);
        Ok(())
    }

    /// Where an extension was put, when it is loaded.
    pub fn extension_schema(&self, name: &str) -> Option<&str> {
        self.extensions
            .iter()
            .find(|(loaded, _)| *loaded == name)
            .map(|(_, schema)| schema.as_str())
    }

    /// The extensions that are loaded, with their schemas.
    pub fn extensions(&self) -> impl Iterator<Item = (&str, &str)> {
        self.extensions.iter().map(|(name, schema)| (*name, schema.as_str()))
    }

    fn read_extension(&mut self, text: &'static str) {
        let types = section(text, "types");
        let mut scope =
            Scope { types: TypeNames::default(), catalog: None, homes: self.extensions.clone() };
        // First the names, since types name one another.
        for written in types.map(read::type_names).into_iter().flatten() {
            let name = scope.name(written);
            scope.types.entry(written).or_insert_with(|| self.push_shell(&name.schema, &name.name));
        }
        if let Some(types) = types {
            let entries = rows(self, &scope, types, read::types);
            for (entry, array) in entries {
                // The derived array first, so that one with a line of its own wins.
                if let Some(array) = array {
                    self.set_type(array);
                }
                self.set_type(entry);
            }
        }
        self.read_rows(text, "functions", &scope, read::function, Self::add_function);
        self.read_rows(text, "operators", &scope, read::operator, Self::add_operator);
        self.read_rows(text, "casts", &scope, read::cast, Self::add_cast);
        self.read_rows(text, "opclasses", &scope, read::opclass, Self::add_opclass);
        self.read_rows(
            text,
            "family_operators",
            &scope,
            read::family_operator,
            Self::add_family_operator,
        );
        self.read_rows(text, "names", &scope, read::name, Self::add_name);
        if let Some(relations) = section(text, "relations") {
            for relation in rows(self, &scope, relations, read::relation) {
                self.relations.push(relation);
            }
        }
    }

    fn read_rows<T>(
        &mut self,
        text: &'static str,
        name: &str,
        scope: &Scope<'_>,
        read: fn(&'static str, &Scope<'_>) -> Option<T>,
        add: fn(&mut Self, T),
    ) {
        if let Some(text) = section(text, name) {
            for row in rows(self, scope, text, read) {
                add(self, row);
            }
        }
    }
}

/// The rows of a section; names that the file does not define are looked up in `catalog`.
fn rows<T>(
    catalog: &Catalog,
    scope: &Scope<'_>,
    text: &'static str,
    read: fn(&'static str, &Scope<'_>) -> Option<T>,
) -> Vec<T> {
    let scope =
        Scope { types: scope.types.clone(), catalog: Some(catalog), homes: scope.homes.clone() };
    read::lines(text).filter_map(|line| read(line, &scope)).collect()
}

/// The name as the list has it, and the text.
fn find(name: &str) -> Option<(&'static str, &'static str)> {
    let place = EXTENSIONS.binary_search_by_key(&name, |(known, _)| known).ok()?;
    EXTENSIONS.get(place).copied()
}

/// A section, from its name in brackets to the next.
fn section(text: &'static str, name: &str) -> Option<&'static str> {
    text.split("\n[")
        .skip(1)
        .find(|part| part.strip_prefix(name).is_some_and(|rest| rest.starts_with(']')))
}
