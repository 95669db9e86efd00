//! The attributes of a routine, as `CREATE FUNCTION` and `ALTER FUNCTION` list them.

use pg_query::NodeEnum;
use pg_query::protobuf::{DefElem, Node};

use super::super::interpreter::Interpreter;
use super::super::lower::Lowering;
use super::super::{define, type_name};
use super::setting::{self, Setting};
use crate::model::{
    Facet, Ident, Name, Parallel, Place, Problem, ProblemCode, Routine, RoutineBody, RoutineKind,
    Span, TypeName, Volatility,
};

/// One attribute and where it is said.
pub(super) struct Attribute {
    value: Value,
    span: Span,
}

enum Value {
    Language(Ident),
    Volatility(Volatility),
    Window,
    Strict(bool),
    SecurityDefiner(bool),
    Leakproof(bool),
    Parallel(Parallel),
    Cost(Box<str>),
    Rows(Box<str>),
    Support(Name),
    Transforms(Vec<TypeName>),
    Body(Box<str>, Option<Box<str>>),
    Setting(Setting),
}

/// Reads a list of attributes; what is not understood becomes a problem.
pub(super) fn read(nodes: &[Node], cx: Lowering<'_>) -> (Vec<Attribute>, Vec<Problem>) {
    let mut attributes = Vec::new();
    let mut problems = Vec::new();
    let elements: Vec<&DefElem> = define::elements(nodes).collect();
    for (index, element) in elements.iter().enumerate() {
        let next = elements.get(index + 1).map(|next| next.location);
        let span = span(cx, element.location, next);
        match value(element) {
            Ok(value) => attributes.push(Attribute { value, span }),
            Err(problem) => problems.push(problem.at(span)),
        }
    }
    (attributes, problems)
}

/// From one attribute up to the next one; only blanks separate them.
fn span(cx: Lowering<'_>, location: i32, next: Option<i32>) -> Span {
    let offset = |location: i32| usize::try_from(location).ok();
    let Some(start) = offset(location) else { return cx.span() };
    let end = next.and_then(offset).unwrap_or(cx.text.len());
    match cx.text.get(start..end) {
        Some(text) => {
            let text = text.trim_end_matches(|c: char| c.is_ascii_whitespace() || c == ';');
            Span::new(cx.source, cx.base + start, cx.base + start + text.len())
        }
        None => cx.span(),
    }
}

fn value(element: &DefElem) -> Result<Value, Problem> {
    let not_modelled = || define::not_modelled("a function", element);
    let flag = || define::flag(element).ok_or_else(not_modelled);
    let text = || define::text(element).ok_or_else(not_modelled);
    Ok(match element.defname.as_str() {
        "language" => Value::Language(language(&text()?)),
        "volatility" => Value::Volatility(match text()?.as_str() {
            "immutable" => Volatility::Immutable,
            "stable" => Volatility::Stable,
            "volatile" => Volatility::Volatile,
            _unknown => return Err(not_modelled()),
        }),
        "window" => Value::Window,
        "strict" => Value::Strict(flag()?),
        "security" => Value::SecurityDefiner(flag()?),
        "leakproof" => Value::Leakproof(flag()?),
        "parallel" => Value::Parallel(parallel(&text()?).ok_or_else(|| {
            Problem::new(ProblemCode::Invalid, "PARALLEL must be SAFE, RESTRICTED or UNSAFE")
        })?),
        "cost" => Value::Cost(number(&text()?)),
        "rows" => Value::Rows(number(&text()?)),
        "support" => Value::Support(define::name(element).ok_or_else(not_modelled)?),
        "transform" => Value::Transforms(types(element)),
        "as" => {
            let mut texts = strings(element).into_iter();
            Value::Body(texts.next().ok_or_else(not_modelled)?, texts.next())
        }
        "set" => match element.arg.as_deref().and_then(|node| node.node.as_ref()) {
            Some(NodeEnum::VariableSetStmt(stmt)) => Value::Setting(setting::setting(stmt)?),
            _not_a_setting => return Err(not_modelled()),
        },
        _unknown => return Err(not_modelled()),
    })
}

/// The name of a language. The parser folds a bare word; a string is taken as it is
/// by PostgreSQL, which then knows no language `'SQL'`.
fn language(name: &str) -> Ident {
    let folded = name.to_ascii_lowercase();
    let known = ["sql", "plpgsql", "c", "internal"].contains(&folded.as_str());
    if known { Ident::new(folded) } else { Ident::new(name) }
}

/// `PARALLEL SAFE | RESTRICTED | UNSAFE`.
pub(in crate::parse) fn parallel(word: &str) -> Option<Parallel> {
    match word.to_ascii_lowercase().as_str() {
        "safe" => Some(Parallel::Safe),
        "restricted" => Some(Parallel::Restricted),
        "unsafe" => Some(Parallel::Unsafe),
        _unknown => None,
    }
}

/// `procost` and `prorows` are of type `float4`, so `10.50` is `10.5`.
fn number(text: &str) -> Box<str> {
    match text.parse::<f32>() {
        Ok(number) => format!("{number}").into(),
        Err(_) => text.into(),
    }
}

fn items(element: &DefElem) -> &[Node] {
    match element.arg.as_deref().and_then(|node| node.node.as_ref()) {
        Some(NodeEnum::List(list)) => &list.items,
        _no_list => &[],
    }
}

fn types(element: &DefElem) -> Vec<TypeName> {
    let ty = |node: &Node| match node.node.as_ref()? {
        NodeEnum::TypeName(ty) => Some(type_name::type_name(ty)),
        _no_type => None,
    };
    items(element).iter().filter_map(ty).collect()
}

fn strings(element: &DefElem) -> Vec<Box<str>> {
    items(element).iter().map(|node| type_name::string(node).into()).collect()
}

impl Attribute {
    /// The language, when the attribute is that.
    pub fn language(&self) -> Option<&Ident> {
        if let Value::Language(language) = &self.value { Some(language) } else { None }
    }

    /// Sets the attribute of a routine.
    pub fn apply(
        &self,
        cx: &Interpreter<'_>,
        routine: &mut Routine,
        places: &mut Vec<(Place, Span)>,
    ) -> Result<(), Problem> {
        let facet = match &self.value {
            Value::Language(language) => {
                routine.language = language.clone();
                Facet::Language
            }
            Value::Volatility(volatility) => {
                routine.volatility = *volatility;
                Facet::Volatility
            }
            Value::Window => {
                routine.kind = RoutineKind::Window;
                Facet::RoutineKind
            }
            Value::Strict(flag) => {
                routine.strict = *flag;
                Facet::Strict
            }
            Value::SecurityDefiner(flag) => {
                routine.security_definer = *flag;
                Facet::SecurityDefiner
            }
            Value::Leakproof(flag) => {
                routine.leakproof = *flag;
                Facet::Leakproof
            }
            Value::Parallel(parallel) => {
                routine.parallel = *parallel;
                Facet::Parallel
            }
            Value::Cost(cost) => {
                routine.cost.clone_from(cost);
                Facet::Cost
            }
            Value::Rows(rows) => {
                routine.rows.clone_from(rows);
                Facet::Rows
            }
            Value::Support(name) => {
                routine.support = Some(cx.resolve_routine(name));
                Facet::Support
            }
            Value::Transforms(types) => {
                routine.transforms = types.iter().map(|ty| cx.argument_type(ty)).collect();
                Facet::Transforms
            }
            Value::Body(first, second) => {
                routine.body = body(routine, first, second.as_deref())?;
                Facet::Body
            }
            Value::Setting(setting) => {
                if let Some(name) = set(cx, routine, setting) {
                    let part = Some(name);
                    places.push((Place { part, facet: Some(Facet::Setting) }, self.span));
                }
                return Ok(());
            }
        };
        places.push((super::place(facet), self.span));
        Ok(())
    }
}

/// Changes the settings; the name of the one that is set.
fn set(cx: &Interpreter<'_>, routine: &mut Routine, setting: &Setting) -> Option<Ident> {
    match setting {
        Setting::Set(name, value) => {
            routine.settings.insert(name.clone(), value.clone());
            Some(name.clone())
        }
        Setting::CurrentPath => {
            let name = Ident::new("search_path");
            let value = match &cx.session.search_path {
                Some(names) => setting::list(names),
                None => setting::list(&["$user", "public"]),
            };
            routine.settings.insert(name.clone(), value.into());
            Some(name)
        }
        Setting::Reset(name) => {
            routine.settings.remove(name);
            None
        }
        Setting::ResetAll => {
            routine.settings.clear();
            None
        }
    }
}

/// What `AS` means depends on the language (`interpret_AS_clause`).
fn body(routine: &Routine, first: &str, second: Option<&str>) -> Result<RoutineBody, Problem> {
    if matches!(routine.body, RoutineBody::Sql(_)) {
        let message = "a function has either AS or an SQL body, not both";
        return Err(Problem::new(ProblemCode::Invalid, message));
    }
    match (routine.language.as_str(), second) {
        // The symbol is the function's own name when it is not written; the caller knows it.
        ("c", symbol) => Ok(RoutineBody::Library {
            library: first.into(),
            symbol: symbol.unwrap_or_default().into(),
        }),
        (_, None) => Ok(RoutineBody::Source(first.into())),
        (_, Some(_)) => {
            let message = "only a function in C has two strings after AS";
            Err(Problem::new(ProblemCode::Invalid, message))
        }
    }
}
