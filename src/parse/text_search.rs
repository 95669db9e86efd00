//! Text search parsers, templates, dictionaries and configurations
//! (`src/backend/commands/tsearchcmds.c`).
//!
//! A configuration made with `COPY =` has the mappings of the other one, also of a
//! built-in one; so `pg_dump` prints it.

use std::collections::BTreeMap;

use pg_query::NodeEnum;
use pg_query::protobuf::{
    AlterTsConfigType, AlterTsConfigurationStmt, AlterTsDictionaryStmt, DefElem, DefineStmt, Node,
    ObjectType,
};

use super::address::Address;
use super::coverage::IgnoreRule;
use super::declared::Declared;
use super::interpreter::{Interpreter, Need, Outcome, Statement, missing};
use super::lower::{Lowered, Lowering};
use super::{define, type_name};
use crate::model::{
    Facet, Ident, Kind, Name, ObjectId, Place, Problem, ProblemCode, QualifiedName, SearchPath,
    Span, TextSearchConfiguration, TextSearchDictionary, TextSearchFunctions,
};

/// A text search parser or template.
struct CreateFunctions {
    make: fn(QualifiedName) -> ObjectId,
    name: Name,
    functions: BTreeMap<Ident, Name>,
    problems: Vec<Problem>,
}

struct CreateDictionary {
    name: Name,
    template: Option<Name>,
    options: BTreeMap<Ident, Box<str>>,
}

struct CreateConfiguration {
    name: Name,
    parser: Option<Name>,
    copy: Option<Name>,
    problems: Vec<Problem>,
}

struct AlterDictionary {
    name: Name,
    /// No value takes the option away.
    options: Vec<(Ident, Option<Box<str>>, Span)>,
}

struct AlterConfiguration {
    name: Name,
    change: AlterTsConfigType,
    tokens: Vec<Ident>,
    dictionaries: Vec<Name>,
    if_exists: bool,
}

/// `CREATE TEXT SEARCH PARSER | TEMPLATE | DICTIONARY | CONFIGURATION name (..)`.
pub(super) fn create(stmt: &DefineStmt, cx: Lowering<'_>) -> Lowered {
    let name = type_name::name(&stmt.defnames);
    match stmt.kind() {
        ObjectType::ObjectTsparser => create_functions(ObjectId::TextSearchParser, name, stmt),
        ObjectType::ObjectTstemplate => create_functions(ObjectId::TextSearchTemplate, name, stmt),
        ObjectType::ObjectTsdictionary => create_dictionary(name, stmt),
        ObjectType::ObjectTsconfiguration => create_configuration(name, stmt, cx),
        _no_text_search_object => Lowered::unsupported("this text search object"),
    }
}

fn create_functions(make: fn(QualifiedName) -> ObjectId, name: Name, stmt: &DefineStmt) -> Lowered {
    let mut functions = BTreeMap::new();
    let mut problems = Vec::new();
    for element in define::elements(&stmt.definition) {
        let role = element.defname.to_ascii_lowercase();
        let known = ["start", "gettoken", "end", "headline", "lextypes", "init", "lexize"];
        match define::name(element).filter(|_| known.contains(&role.as_str())) {
            Some(function) => {
                functions.insert(Ident::new(&role), function);
            }
            None => problems.push(define::not_modelled("a text search object", element)),
        }
    }
    Lowered::apply(CreateFunctions { make, name, functions, problems })
}

fn create_dictionary(name: Name, stmt: &DefineStmt) -> Lowered {
    let mut dictionary = CreateDictionary { name, template: None, options: BTreeMap::new() };
    for element in define::elements(&stmt.definition) {
        if element.defname.eq_ignore_ascii_case("template") {
            dictionary.template = define::name(element);
        } else {
            let value = define::text(element).unwrap_or_default();
            dictionary.options.insert(Ident::new(&element.defname), value.into());
        }
    }
    Lowered::apply(dictionary)
}

fn create_configuration(name: Name, stmt: &DefineStmt, _cx: Lowering<'_>) -> Lowered {
    let mut configuration =
        CreateConfiguration { name, parser: None, copy: None, problems: Vec::new() };
    for element in define::elements(&stmt.definition) {
        match element.defname.to_ascii_lowercase().as_str() {
            "parser" => configuration.parser = define::name(element),
            "copy" => configuration.copy = define::name(element),
            _unknown => configuration
                .problems
                .push(define::not_modelled("a text search configuration", element)),
        }
    }
    Lowered::apply(configuration)
}

/// `ALTER TEXT SEARCH DICTIONARY name (..)`.
pub(super) fn alter_dictionary(stmt: &AlterTsDictionaryStmt, cx: Lowering<'_>) -> Lowered {
    let option = |element: &DefElem| {
        let value = define::text(element).map(Into::into);
        (Ident::new(&element.defname), value, cx.element(element.location))
    };
    let options = define::elements(&stmt.options).map(option).collect();
    Lowered::apply(AlterDictionary { name: type_name::name(&stmt.dictname), options })
}

/// `ALTER TEXT SEARCH CONFIGURATION name ADD | ALTER | DROP MAPPING ..`.
pub(super) fn alter_configuration(stmt: &AlterTsConfigurationStmt, _cx: Lowering<'_>) -> Lowered {
    let names = |node: &Node| match node.node.as_ref()? {
        NodeEnum::List(list) => Some(type_name::name(&list.items)),
        _no_name => None,
    };
    Lowered::apply(AlterConfiguration {
        name: type_name::name(&stmt.cfgname),
        change: stmt.kind(),
        tokens: distinct(type_name::idents(&stmt.tokentype)),
        dictionaries: stmt.dicts.iter().filter_map(names).collect(),
        if_exists: stmt.missing_ok,
    })
}

impl Statement for CreateFunctions {
    fn declare(&self, declared: &mut Declared, path: &SearchPath) {
        let name = declared.creation_name(&self.name, path);
        let kind = (self.make)(name.clone()).kind();
        declared.named.insert((kind, name));
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        cx.warnings.extend(self.problems.into_iter().map(|problem| problem.at(span)));
        let resolve = |(role, name)| (role, cx.resolve_routine(&name));
        let functions = self.functions.into_iter().map(resolve).collect();
        let id = (self.make)(cx.creation_name(&self.name));
        cx.create(id, TextSearchFunctions { functions }, span, false)
    }
}

impl Statement for CreateDictionary {
    fn declare(&self, declared: &mut Declared, path: &SearchPath) {
        declared.add(Kind::TextSearchDictionary, &self.name, path);
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let Some(template) = &self.template else {
            let message = "a text search dictionary needs a TEMPLATE";
            return Err(Problem::new(ProblemCode::Invalid, message));
        };
        let template = cx.resolve_named(ObjectId::TextSearchTemplate, template);
        let dictionary = TextSearchDictionary { template, options: self.options };
        let id = ObjectId::TextSearchDictionary(cx.creation_name(&self.name));
        cx.create(id, dictionary, span, false)
    }
}

impl Statement for CreateConfiguration {
    fn declare(&self, declared: &mut Declared, path: &SearchPath) {
        declared.add(Kind::TextSearchConfiguration, &self.name, path);
    }

    fn needs(&self) -> Vec<Need> {
        let own = self.copy.iter().filter(|name| builtin_mappings(name).is_none());
        own.map(need_configuration).collect()
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        cx.warnings.extend(self.problems.into_iter().map(|problem| problem.at(span)));
        let configuration = match (&self.parser, &self.copy) {
            (Some(parser), None) => TextSearchConfiguration {
                parser: cx.resolve_named(ObjectId::TextSearchParser, parser),
                copied: None,
                mappings: BTreeMap::new(),
            },
            (None, Some(other)) => copied(cx, other),
            (Some(_), Some(_)) | (None, None) => {
                let message = "a text search configuration needs either PARSER or COPY";
                return Err(Problem::new(ProblemCode::Invalid, message));
            }
        };
        if let Some(other) = &configuration.copied {
            let what = format!("the text search configuration \"{}\"", other.name.as_str());
            cx.warnings.push(define::part_not_modelled(&what).at(span));
        }
        let id = ObjectId::TextSearchConfiguration(cx.creation_name(&self.name));
        cx.create(id, configuration, span, false)
    }
}

/// What `COPY =` another configuration gives.
fn copied(cx: &Interpreter<'_>, other: &Name) -> TextSearchConfiguration {
    let make: fn(QualifiedName) -> ObjectId = ObjectId::TextSearchConfiguration;
    let own = cx.find_in_path(other, make);
    if let Some(own) = own.and_then(|id| cx.object::<TextSearchConfiguration>(&id)) {
        return own.clone();
    }
    let mappings = builtin_mappings(other);
    TextSearchConfiguration {
        parser: Name::qualified("pg_catalog", "default"),
        copied: mappings.is_none().then(|| other.clone()),
        mappings: mappings.unwrap_or_default(),
    }
}

fn need_configuration(name: &Name) -> Need {
    let make: fn(QualifiedName) -> ObjectId = ObjectId::TextSearchConfiguration;
    Need::Object(Address::Named(make, name.clone()))
}

impl Statement for AlterDictionary {
    fn needs(&self) -> Vec<Need> {
        let make: fn(QualifiedName) -> ObjectId = ObjectId::TextSearchDictionary;
        vec![Need::Object(Address::Named(make, self.name.clone()))]
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, _span: Span) -> Result<Outcome, Problem> {
        let make: fn(QualifiedName) -> ObjectId = ObjectId::TextSearchDictionary;
        let id = cx.find_in_path(&self.name, make);
        let object = id.and_then(|id| cx.object_mut::<TextSearchDictionary>(&id));
        let Some((dictionary, origin)) = object else {
            return Err(missing("text search dictionary", &self.name));
        };
        for (option, value, span) in self.options {
            origin.record(Place::part_facet(&option, Facet::Option), span);
            match value {
                Some(value) => dictionary.options.insert(option, value),
                None => dictionary.options.remove(&option),
            };
        }
        Ok(Outcome::Modelled)
    }
}

impl Statement for AlterConfiguration {
    fn needs(&self) -> Vec<Need> {
        vec![need_configuration(&self.name)]
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let resolve = |name: &Name| cx.resolve_named(ObjectId::TextSearchDictionary, name);
        let dictionaries: Vec<Name> = self.dictionaries.iter().map(resolve).collect();
        let make: fn(QualifiedName) -> ObjectId = ObjectId::TextSearchConfiguration;
        let id = cx.find_in_path(&self.name, make);
        let object = id.and_then(|id| cx.object_mut::<TextSearchConfiguration>(&id));
        let Some((configuration, origin)) = object else {
            return Err(missing("text search configuration", &self.name));
        };
        let mappings = &mut configuration.mappings;
        for token in &self.tokens {
            origin.record(Place::part_facet(token, Facet::Mapping), span);
        }
        use AlterTsConfigType as T;
        match self.change {
            T::AlterTsconfigAddMapping => {
                for token in self.tokens {
                    if mappings.contains_key(&token) {
                        return Err(token_problem(ProblemCode::Duplicate, &token, "already"));
                    }
                    mappings.insert(token, dictionaries.clone());
                }
            }
            T::AlterTsconfigAlterMappingForToken => {
                for token in self.tokens {
                    mappings.insert(token, dictionaries.clone());
                }
            }
            T::AlterTsconfigReplaceDict | T::AlterTsconfigReplaceDictForToken => {
                let [from, to] = dictionaries.as_slice() else {
                    return Err(define::part_not_modelled("this REPLACE of dictionaries"));
                };
                let all = self.tokens.is_empty();
                let changed =
                    mappings.iter_mut().filter(|(token, _)| all || self.tokens.contains(token));
                for dictionary in changed.flat_map(|(_, dictionaries)| dictionaries) {
                    if dictionary == from {
                        dictionary.clone_from(to);
                    }
                }
            }
            T::AlterTsconfigDropMapping => {
                let mut dropped = false;
                for token in &self.tokens {
                    let there = mappings.remove(token).is_some();
                    if !there && !self.if_exists {
                        return Err(token_problem(ProblemCode::Missing, token, "not"));
                    }
                    dropped |= there;
                }
                if !dropped {
                    return Ok(Outcome::Ignored(IgnoreRule::NoEffect));
                }
            }
            T::AlterTsconfigTypeUndefined => {
                return Err(define::part_not_modelled("this change of a configuration"));
            }
        }
        Ok(Outcome::Modelled)
    }
}

/// Each once, as in `getTokenTypes` (`src/backend/commands/tsearchcmds.c`).
fn distinct(tokens: Vec<Ident>) -> Vec<Ident> {
    let mut known = std::collections::BTreeSet::new();
    tokens.into_iter().filter(|token| known.insert(token.clone())).collect()
}

fn token_problem(code: ProblemCode, token: &Ident, how: &str) -> Problem {
    Problem::new(code, format!("the token type \"{}\" is {how} mapped", token.as_str()))
}

/// Token types of the default parser that are words in any alphabet.
const WORDS: &[&str] = &["word", "hword", "hword_part"];
/// Those that are words in ASCII letters.
const ASCII_WORDS: &[&str] = &["asciiword", "asciihword", "hword_asciipart"];
/// All others that the built-in configurations map, to `simple`.
const OTHER_TOKENS: &[&str] = &[
    "email",
    "file",
    "float",
    "host",
    "hword_numpart",
    "int",
    "numhword",
    "numword",
    "sfloat",
    "uint",
    "url",
    "url_path",
    "version",
];
/// The built-in configurations, besides `simple`. Each has a dictionary `NAME_stem`.
const LANGUAGES: &[&str] = &[
    "arabic",
    "armenian",
    "basque",
    "catalan",
    "danish",
    "dutch",
    "english",
    "estonian",
    "finnish",
    "french",
    "german",
    "greek",
    "hindi",
    "hungarian",
    "indonesian",
    "irish",
    "italian",
    "lithuanian",
    "nepali",
    "norwegian",
    "portuguese",
    "romanian",
    "russian",
    "serbian",
    "spanish",
    "swedish",
    "tamil",
    "turkish",
    "yiddish",
];

/// The mappings of a built-in configuration (`src/backend/snowball/snowball_create.pl`):
/// in Hindi and Russian texts, ASCII words are taken to be English.
fn builtin_mappings(name: &Name) -> Option<BTreeMap<Ident, Vec<Name>>> {
    let language = name.name.as_str();
    let elsewhere = name.namespace.as_ref().is_some_and(|namespace| *namespace != "pg_catalog");
    if elsewhere || !(language == "simple" || LANGUAGES.contains(&language)) {
        return None;
    }
    let stem = |language: &str| match language {
        "simple" => "simple".to_owned(),
        language => format!("{language}_stem"),
    };
    let ascii = if ["hindi", "russian"].contains(&language) { "english" } else { language };
    let groups =
        [(WORDS, stem(language)), (ASCII_WORDS, stem(ascii)), (OTHER_TOKENS, stem("simple"))];
    let pairs = groups.iter().flat_map(|(tokens, dictionary)| {
        let dictionary = Name::qualified("pg_catalog", dictionary);
        tokens.iter().map(move |token| (Ident::new(token), vec![dictionary.clone()]))
    });
    Some(pairs.collect())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{problems, same};
    use crate::model::ProblemCode;

    #[test]
    fn a_token_type_named_twice_counts_once() {
        let made = "CREATE TEXT SEARCH CONFIGURATION c (PARSER = \"default\");";
        same(
            &[made, "ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR word, word WITH simple;"]
                .concat(),
            &[made, "ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR word WITH simple;"].concat(),
        );
        let again = "ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR word WITH simple;";
        assert_eq!(problems(&[made, again, again].concat()), [ProblemCode::Duplicate]);
    }
}
