//! Collations: `CREATE COLLATION name (..)` and `CREATE COLLATION name FROM other`
//! (`DefineCollation`, `src/backend/commands/collationcmds.c`).
//!
//! Options end in the form in which `pg_dump` prints them: `provider` always, one
//! `locale` when `lc_collate` and `lc_ctype` are equal, `deterministic` only when
//! false, no version.

use std::collections::BTreeMap;

use pg_query::protobuf::DefineStmt;

use super::address::Address;
use super::declared::Declared;
use super::interpreter::{Interpreter, Need, Outcome, Statement};
use super::lower::{Lowered, Lowering};
use super::{define, type_name};
use crate::model::{
    Collation, Facet, Ident, Kind, Name, ObjectId, Place, Problem, QualifiedName, SearchPath, Span,
};

struct CreateCollation {
    name: Name,
    if_not_exists: bool,
    from: Option<Name>,
    options: BTreeMap<Ident, Box<str>>,
    places: Vec<(Place, Span)>,
    problems: Vec<Problem>,
}

/// `CREATE COLLATION [IF NOT EXISTS] name (..) | FROM other`.
pub(super) fn create(stmt: &DefineStmt, cx: Lowering<'_>) -> Lowered {
    let mut collation = CreateCollation {
        name: type_name::name(&stmt.defnames),
        if_not_exists: stmt.if_not_exists,
        from: None,
        options: BTreeMap::new(),
        places: Vec::new(),
        problems: Vec::new(),
    };
    for element in define::elements(&stmt.definition) {
        let span = cx.element(element.location);
        let name = element.defname.to_ascii_lowercase();
        let value = match name.as_str() {
            "from" => {
                collation.from = define::name(element);
                continue;
            }
            "locale" | "lc_collate" | "lc_ctype" | "rules" | "version" => define::text(element),
            "provider" => define::text(element).map(|text| text.to_ascii_lowercase()),
            "deterministic" => define::flag(element).map(|flag| flag.to_string()),
            _unknown => None,
        };
        match value {
            Some(value) => {
                let name = Ident::new(&name);
                collation.places.push((Place::part_facet(&name, Facet::Option), span));
                collation.options.insert(name, value.into());
            }
            None => {
                collation.problems.push(define::not_modelled("a collation", element).at(span));
            }
        }
    }
    Lowered::apply(collation)
}

impl Statement for CreateCollation {
    fn declare(&self, declared: &mut Declared, path: &SearchPath) {
        declared.add(Kind::Collation, &self.name, path);
    }

    fn needs(&self) -> Vec<Need> {
        let make: fn(QualifiedName) -> ObjectId = ObjectId::Collation;
        let own = self.from.iter().filter(|name| builtin(name).is_none());
        own.map(|name| Need::Object(Address::Named(make, name.clone()))).collect()
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        cx.warnings.extend(self.problems.into_iter().map(|problem| problem.at(span)));
        let options = match &self.from {
            Some(other) => copied(cx, other)?,
            None => normal(self.options),
        };
        let id = ObjectId::Collation(cx.creation_name(&self.name));
        let outcome = cx.create(id.clone(), Collation { options }, span, self.if_not_exists)?;
        if outcome == Outcome::Modelled {
            cx.entry_mut(&id)?.origin.parts.extend(self.places);
        }
        Ok(outcome)
    }
}

/// The options of another collation, of the schema or built in.
fn copied(cx: &Interpreter<'_>, other: &Name) -> Result<BTreeMap<Ident, Box<str>>, Problem> {
    let make: fn(QualifiedName) -> ObjectId = ObjectId::Collation;
    let own = cx.find_in_path(other, make).and_then(|id| cx.object::<Collation>(&id));
    if let Some(collation) = own {
        return Ok(collation.options.clone());
    }
    let Some((provider, locale)) = builtin(other) else {
        let name = other.name.as_str();
        let what =
            format!("a copy of the collation \"{name}\", which is one of the operating system,");
        return Err(define::part_not_modelled(&what).help("write its provider and its locale"));
    };
    let pairs = [("provider", provider), ("locale", locale)];
    Ok(pairs.into_iter().map(|(name, value)| (Ident::new(name), value.into())).collect())
}

/// Provider and locale of collations that every PostgreSQL has
/// (`src/include/catalog/pg_collation.dat`), and of those of ICU.
fn builtin(name: &Name) -> Option<(&'static str, &str)> {
    if name.namespace.as_ref().is_some_and(|namespace| *namespace != "pg_catalog") {
        return None;
    }
    match name.name.as_str() {
        "C" => Some(("libc", "C")),
        "POSIX" => Some(("libc", "POSIX")),
        "ucs_basic" => Some(("builtin", "C")),
        "pg_c_utf8" => Some(("builtin", "C.UTF-8")),
        "pg_unicode_fast" => Some(("builtin", "PG_UNICODE_FAST")),
        "unicode" => Some(("icu", "und")),
        other => other.strip_suffix("-x-icu").map(|locale| ("icu", locale)),
    }
}

/// The options as `pg_dump` prints them (`dumpCollation`, `src/bin/pg_dump/pg_dump.c`).
fn normal(mut options: BTreeMap<Ident, Box<str>>) -> BTreeMap<Ident, Box<str>> {
    let key = Ident::new;
    options.entry(key("provider")).or_insert_with(|| "libc".into());
    options.remove(&key("version"));
    if options.get(&key("deterministic")).is_some_and(|value| **value == *"true") {
        options.remove(&key("deterministic"));
    }
    let both = match (options.get(&key("lc_collate")), options.get(&key("lc_ctype"))) {
        (Some(collate), Some(ctype)) if collate == ctype => Some(collate.clone()),
        _different_or_not_both => None,
    };
    if let Some(locale) = both {
        options.remove(&key("lc_collate"));
        options.remove(&key("lc_ctype"));
        options.insert(key("locale"), locale);
    }
    options
}
