//! Functions, aggregates and window functions (`src/backend/parser/parse_func.c`).

use super::coerce::Path;
use super::{Analyzer, Ty, Typed};
use crate::catalog::{CastContext, Category, FunctionEntry, FunctionKind, TypeId};
use crate::model::{Argument, Call, Expr, Ident, Name, NormalRule, TypeName};

/// A function as a candidate for a call: the types of the arguments as called.
struct Candidate<'e> {
    entry: &'e FunctionEntry,
    /// One for each argument of the call, a VARIADIC one repeated.
    args: Vec<TypeId>,
    /// How many arguments of the call make up the VARIADIC one.
    expanded: usize,
    /// For each argument of the call, which parameter it is.
    order: Vec<usize>,
}

impl<'a> Analyzer<'a> {
    /// A call with its arguments coerced (`ParseFuncOrColumn`).
    pub(super) fn call(&mut self, call: &Call) -> Typed {
        let mut args: Vec<(Option<Ident>, Typed)> =
            call.args.iter().map(|arg| (arg.name.clone(), self.expr(&arg.value))).collect();
        let direct = args.len();
        let mut order_by = Vec::new();
        if call.within_group {
            for key in &call.order_by {
                args.push((None, self.expr(&key.expr)));
            }
        } else {
            order_by = call.order_by.iter().map(|key| self.sort_key(key)).collect();
        }
        let filter = call.filter.as_ref().map(|filter| {
            let filter = self.expr(filter);
            self.coerce_boolean(filter)
        });
        let over = call.over.as_ref().map(|window| self.window(window));
        let mut made =
            Call { order_by, filter, over, sql_syntax: false, args: Vec::new(), ..call.clone() };
        let inputs: Option<Vec<TypeId>> = args.iter().map(|(_, arg)| arg.input()).collect();
        let Some(inputs) = inputs else { return self.call_as_written(made, call, args, direct) };
        let names: Vec<Option<Ident>> = args.iter().map(|(name, _)| name.clone()).collect();
        let Some(found) = self.find_function(&call.name, &inputs, &names, call.variadic) else {
            if let Some(cast) = self.cast_by_name(call, &args, &inputs) {
                return cast;
            }
            let shown: Vec<String> =
                inputs.iter().map(|ty| self.catalog.ty(*ty).name.to_string()).collect();
            self.give_up(format!(
                "function {}({}) belongs to no known catalog",
                call.name.name.as_str(),
                shown.join(", ")
            ));
            return self.call_as_written(made, call, args, direct);
        };
        if call.name.namespace.is_none() {
            self.apply(NormalRule::Qualify);
        }
        made.name = Name::qualified(&found.entry.schema, &found.entry.name);
        let Some((declared, result)) = self.bind_call(&found, &inputs) else {
            return self.call_as_written(made, call, args, direct);
        };
        let typed = args.into_iter().map(|(_, arg)| arg);
        let coerced: Vec<Expr> =
            typed.zip(&declared).map(|(arg, ty)| self.coerce_implicit(arg, *ty)).collect();
        self.put_args(&mut made, &found, coerced, call, direct);
        Typed::plain(made.into(), result)
    }

    /// Puts the coerced arguments where they belong: named ones in the order of the
    /// parameters, those of a VARIADIC parameter into one array, those of WITHIN GROUP
    /// into its list.
    fn put_args(
        &mut self,
        made: &mut Call,
        found: &Candidate<'_>,
        coerced: Vec<Expr>,
        call: &Call,
        direct: usize,
    ) {
        if call.within_group {
            let mut coerced = coerced;
            let keys = coerced.split_off(direct.min(coerced.len()));
            made.order_by = call
                .order_by
                .iter()
                .zip(keys)
                .map(|(key, expr)| crate::model::SortKey { expr, ..self.plain_sort_key(key) })
                .collect();
            made.args = coerced.into_iter().map(positional).collect();
            return;
        }
        let named = call.args.iter().any(|arg| arg.name.is_some());
        if named {
            self.apply(NormalRule::NamedArguments);
        }
        let positions: Vec<usize> = found.order.clone();
        let mut placed: Vec<(usize, Expr)> = positions.into_iter().zip(coerced).collect();
        placed.sort_by_key(|(at, _)| *at);
        let in_order = placed.iter().enumerate().all(|(i, (at, _))| i == *at);
        if named && !in_order {
            // A parameter in between is left out: PostgreSQL keeps the names then.
            let name = |at: usize| found.entry.inputs().nth(at).map(|p| Ident::new(&p.name));
            made.args =
                placed.into_iter().map(|(at, value)| Argument { name: name(at), value }).collect();
            return;
        }
        let mut exprs: Vec<Expr> = placed.into_iter().map(|(_, expr)| expr).collect();
        if found.expanded > 0 {
            let rest = exprs.split_off(exprs.len().saturating_sub(found.expanded));
            self.apply(NormalRule::Variadic);
            exprs.push(Expr::Array(rest));
            made.variadic = true;
        }
        made.args = exprs.into_iter().map(positional).collect();
    }

    /// A call that could not be resolved, its arguments elaborated as far as they are.
    fn call_as_written(
        &mut self,
        mut made: Call,
        call: &Call,
        args: Vec<(Option<Ident>, Typed)>,
        direct: usize,
    ) -> Typed {
        let mut args: Vec<Argument> =
            args.into_iter().map(|(name, arg)| Argument { name, value: arg.expr }).collect();
        if call.within_group {
            let keys = args.split_off(direct.min(args.len()));
            made.order_by = call
                .order_by
                .iter()
                .zip(keys)
                .map(|(key, arg)| crate::model::SortKey {
                    expr: arg.value,
                    ..self.plain_sort_key(key)
                })
                .collect();
        }
        made.args = args;
        Typed::undecided(made.into())
    }

    /// The types of the arguments and of the result, polymorphic ones bound.
    fn bind_call(
        &mut self,
        found: &Candidate<'_>,
        inputs: &[TypeId],
    ) -> Option<(Vec<TypeId>, TypeId)> {
        let result = found.entry.result;
        if !found.args.iter().chain([&result]).any(|ty| ty.is_polymorphic()) {
            return Some((found.args.clone(), result));
        }
        let Some(binding) = self.bind(inputs, &found.args, false) else {
            self.give_up(format!(
                "what the polymorphic arguments of {} stand for is not known",
                found.entry.name
            ));
            return None;
        };
        let args =
            found.args.iter().map(|ty| self.substitute(*ty, &binding)).collect::<Option<_>>()?;
        Some((args, self.substitute(result, &binding).unwrap_or(TypeId::RECORD)))
    }

    /// The function for a call (`func_get_detail`).
    fn find_function(
        &self,
        name: &Name,
        inputs: &[TypeId],
        names: &[Option<Ident>],
        variadic: bool,
    ) -> Option<Candidate<'a>> {
        let mut candidates = self.candidates(name, inputs.len(), names, variadic);
        let exact = candidates.iter().position(|candidate| candidate.args == inputs);
        let best = match exact {
            Some(exact) => exact,
            None => {
                // `float8(x)` where the cast is a plain one is that cast, not a function.
                if let [input] = inputs
                    && names == [None]
                    && self.is_cast_name(name, *input)
                {
                    return None;
                }
                let args: Vec<&[TypeId]> =
                    candidates.iter().map(|candidate| &*candidate.args).collect();
                self.select_candidate(inputs, &args)?
            }
        };
        Some(candidates.swap_remove(best))
    }

    /// Functions of the name that the path shows and that take that many arguments
    /// (`FuncnameGetCandidates`, `src/backend/catalog/namespace.c`): all namespaces of
    /// the path compete; of two with equal arguments, the earlier namespace wins.
    fn candidates(
        &self,
        name: &Name,
        count: usize,
        names: &[Option<Ident>],
        variadic: bool,
    ) -> Vec<Candidate<'a>> {
        let catalog = self.catalog;
        let mut candidates: Vec<Candidate<'a>> = Vec::new();
        for namespace in self.namespaces(name) {
            for entry in catalog.functions(name.name.as_str()) {
                if namespace != *entry.schema.as_str() || entry.kind == FunctionKind::Procedure {
                    continue;
                }
                let Some(candidate) = self.candidate(entry, count, names, variadic) else {
                    continue;
                };
                let same = |other: &Candidate<'_>| other.args == candidate.args;
                match candidates.iter().position(same) {
                    None => candidates.push(candidate),
                    // In one namespace, the one that needs no expansion wins.
                    Some(at) => {
                        if let Some(other) = candidates.get_mut(at)
                            && other.entry.schema == candidate.entry.schema
                            && other.expanded > candidate.expanded
                        {
                            *other = candidate;
                        }
                    }
                }
            }
        }
        candidates
    }

    fn candidate<'e>(
        &self,
        entry: &'e FunctionEntry,
        count: usize,
        names: &[Option<Ident>],
        variadic: bool,
    ) -> Option<Candidate<'e>> {
        let own = entry.args.len();
        if names.iter().any(Option::is_some) {
            return named_candidate(entry, names);
        }
        if entry.variadic && !variadic && count >= own {
            let array = *entry.args.last()?;
            let element = match array {
                TypeId::ANY => TypeId::ANY,
                TypeId::ANYARRAY => TypeId::ANYELEMENT,
                TypeId::ANYCOMPATIBLEARRAY => TypeId::ANYCOMPATIBLE,
                array => self.catalog.element_of(array)?,
            };
            let repeated = count - (own - 1);
            let mut args: Vec<TypeId> = entry.args.iter().take(own - 1).copied().collect();
            args.extend(std::iter::repeat_n(element, repeated));
            let expanded = if array == TypeId::ANY { 0 } else { repeated };
            return Some(Candidate { entry, args, expanded, order: (0..count).collect() });
        }
        let enough = count <= own && count + usize::from(entry.defaults) >= own;
        enough.then(|| Candidate {
            entry,
            args: entry.args.iter().take(count).copied().collect(),
            expanded: 0,
            order: (0..count).collect(),
        })
    }

    /// True when `name(x)` is a cast of x to the type of that name.
    fn is_cast_name(&self, name: &Name, input: TypeId) -> bool {
        let Some(target) = self.type_of_function_name(name) else { return false };
        if input == TypeId::UNKNOWN {
            return true;
        }
        match self.pathway(input, target.id, CastContext::Explicit) {
            Path::Relabel => true,
            Path::InOut => {
                let row = input == TypeId::RECORD || self.is_composite(input);
                !(row && self.category(target.id) == Category::STRING)
            }
            Path::None | Path::Function | Path::Array => false,
        }
    }

    fn type_of_function_name(&self, name: &Name) -> Option<Ty> {
        self.resolve_type(&TypeName { name: name.clone(), ..TypeName::default() })
    }

    /// `text(x)`, `float8('1')`: a cast in the form of a call.
    fn cast_by_name(
        &mut self,
        call: &Call,
        args: &[(Option<Ident>, Typed)],
        inputs: &[TypeId],
    ) -> Option<Typed> {
        let ([(None, arg)], [input]) = (args, inputs) else { return None };
        if call.distinct
            || call.star
            || call.variadic
            || call.over.is_some()
            || call.filter.is_some()
        {
            return None;
        }
        if !self.is_cast_name(&call.name, *input) {
            return None;
        }
        let target = self.type_of_function_name(&call.name)?;
        self.apply(NormalRule::CastCall);
        Some(self.coerce(arg.clone(), &target, CastContext::Explicit))
    }
}

fn positional(value: Expr) -> Argument {
    Argument { name: None, value }
}

/// A function called with names: each name must be that of an input parameter, and what
/// is left out must have a default (`MatchNamedCall`).
fn named_candidate<'e>(entry: &'e FunctionEntry, names: &[Option<Ident>]) -> Option<Candidate<'e>> {
    let parameters: Vec<&str> = entry.inputs().map(|parameter| parameter.name.as_str()).collect();
    let mut order = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let position = match name {
            None => at,
            Some(name) => parameters.iter().position(|own| *name == **own)?,
        };
        if order.contains(&position) {
            return None;
        }
        order.push(position);
    }
    let first_default = entry.args.len().saturating_sub(usize::from(entry.defaults));
    let all_given = (0..first_default).all(|at| order.contains(&at));
    let args = order.iter().map(|at| entry.args.get(*at).copied()).collect::<Option<_>>()?;
    all_given.then_some(Candidate { entry, args, expanded: 0, order })
}
