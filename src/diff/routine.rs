//! Facets of functions and procedures.
//!
//! What follows from something else is no facet: the result that OUT parameters
//! imply, the cost that a language implies. So one change is one drift.

mod layout;

use layout::body_differs_only_in_layout;

use super::{FacetKey, Facets, Value};
use crate::model::{
    Facet, Ident, Object, Pair, Parallel, Parameter, ParameterMode, Routine, RoutineBody,
    RoutineKind, TypeName, Volatility,
};

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn facets(object: &Routine, facets: &mut Facets) {
    let Routine {
        kind,
        parameters: all,
        returns,
        language,
        volatility,
        strict,
        security_definer,
        leakproof,
        parallel,
        cost,
        rows,
        support,
        settings,
        transforms,
        body,
    } = object;
    facets.put(
        Facet::RoutineKind,
        Value::Keyword(match kind {
            RoutineKind::Function => "FUNCTION",
            RoutineKind::Window => "WINDOW",
            RoutineKind::Procedure => "PROCEDURE",
        }),
    );
    parameters(all, facets);
    facets.put_some(Facet::Returns, returns.as_ref().and_then(|returns| result(all, returns)));
    facets.put(Facet::Language, language);
    facets.put(
        Facet::Volatility,
        Value::Keyword(match volatility {
            Volatility::Immutable => "IMMUTABLE",
            Volatility::Stable => "STABLE",
            Volatility::Volatile => "VOLATILE",
        }),
    );
    facets.put_flag(Facet::Strict, *strict);
    facets.put_flag(Facet::SecurityDefiner, *security_definer);
    facets.put_flag(Facet::Leakproof, *leakproof);
    facets.put(
        Facet::Parallel,
        Value::Keyword(match parallel {
            Parallel::Unsafe => "UNSAFE",
            Parallel::Restricted => "RESTRICTED",
            Parallel::Safe => "SAFE",
        }),
    );
    let usual_cost = if ["c", "internal"].contains(&language.as_str()) { "1" } else { "100" };
    facets.put_some(Facet::Cost, (**cost != *usual_cost).then_some(&**cost));
    let usual_rows = if returns.as_ref().is_some_and(|ty| ty.set_of) { "1000" } else { "0" };
    facets.put_some(Facet::Rows, (**rows != *usual_rows).then_some(&**rows));
    facets.put_some(Facet::Support, support.as_ref());
    facets.put_map(Facet::Setting, settings, |value| (&**value).into());
    facets.put_list(Facet::Transforms, transforms);
    facets.put(Facet::Body, body_value(body));
}

/// The facet as which a difference of two routines is reported: a body that differs
/// only in its layout is a drift of its own.
pub(super) fn body_facet(
    sides: Pair<&Object>,
    key: FacetKey,
    values: &Pair<Option<Value>>,
) -> FacetKey {
    let routines = sides.map(<&Routine>::try_from);
    let (Pair { canonical: Ok(canonical), live: Ok(live) }, Facet::Body) = (routines, key.facet)
    else {
        return key;
    };
    let (Some(Value::Body(one)), Some(Value::Body(other))) = (&values.canonical, &values.live)
    else {
        return key;
    };
    let language = canonical.language.as_str();
    let alike =
        canonical.language == live.language && body_differs_only_in_layout(one, other, language);
    if alike { FacetKey { facet: Facet::BodyLayout, key: None } } else { key }
}

/// The parameters as one list, and the default of each by its name or number.
pub(super) fn parameters(parameters: &[Parameter], facets: &mut Facets) {
    facets.put(Facet::Parameters, Value::List(parameter_list(parameters)));
    for (index, parameter) in parameters.iter().enumerate() {
        let Some(default) = &parameter.default else { continue };
        let number = || Ident::new(format!("${}", index + 1));
        let key = parameter.name.clone().unwrap_or_else(number);
        let key = FacetKey { facet: Facet::ParameterDefault, key: Some(key) };
        facets.0.insert(key, (&default.expr).into());
    }
}

/// Mode, name and type of each; `IN` is not said.
pub(super) fn parameter_list(parameters: &[Parameter]) -> Vec<Value> {
    let value = |Parameter { mode, name, ty, default: _by_itself }: &Parameter| {
        let mode = match mode {
            ParameterMode::In => None,
            ParameterMode::Out => Some("OUT"),
            ParameterMode::InOut => Some("INOUT"),
            ParameterMode::Variadic => Some("VARIADIC"),
            ParameterMode::Table => Some("TABLE"),
        };
        let mut parts: Vec<Value> = mode.map(Value::Keyword).into_iter().collect();
        parts.extend(name.as_ref().map(Value::from));
        parts.push(ty.into());
        Value::Phrase(parts)
    };
    parameters.iter().map(value).collect()
}

/// The result, unless it follows from the output parameters.
fn result(parameters: &[Parameter], returns: &TypeName) -> Option<Value> {
    let has_output = parameters.iter().any(|parameter| match parameter.mode {
        ParameterMode::Out | ParameterMode::InOut | ParameterMode::Table => true,
        ParameterMode::In | ParameterMode::Variadic => false,
    });
    if !has_output {
        return Some(returns.into());
    }
    let record = TypeName { set_of: true, ..TypeName::builtin("record") };
    returns.set_of.then_some(Value::Type(record))
}

/// Line ends are made alike: a checkout on another system is no drift.
fn body_value(body: &RoutineBody) -> Value {
    match body {
        RoutineBody::Source(text) => Value::Body(text.replace("\r\n", "\n").into()),
        RoutineBody::Library { library, symbol } => {
            Value::Phrase(vec![(&**library).into(), (&**symbol).into()])
        }
        RoutineBody::Sql(commands) => commands.iter().map(|command| &command.value).collect(),
    }
}
