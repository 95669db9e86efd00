//! Functions, procedures, aggregates and operators of the schema itself.

use smol_str::SmolStr;

use super::{Building, name_of, object_name, ty};
use crate::catalog::{
    FunctionEntry, FunctionKind, ObjectName, OperatorEntry, Parameter, ParameterMode, TypeId,
    Versions, Volatility,
};
use crate::model::{
    self, Aggregate, AttributeValue, Ident, Object, ObjectId, Routine, RoutineKind,
};

impl Building<'_> {
    /// Functions first: aggregates and operators have the types of their functions.
    pub(super) fn functions(&mut self) {
        for (id, object) in self.objects() {
            if let (ObjectId::Routine(signature), Object::Routine(routine)) = (id, object)
                && let Some(entry) = self.routine(&object_name(&signature.name), routine)
            {
                self.catalog.add_function(entry);
            }
        }
        for (id, object) in self.objects() {
            if let (ObjectId::Aggregate(signature), Object::Aggregate(aggregate)) = (id, object)
                && let Some(entry) = self.aggregate(&object_name(&signature.name), aggregate)
            {
                self.catalog.add_function(entry);
            }
        }
    }

    /// None when a type of it is not known: then calls of it are undecided.
    fn routine(&self, name: &ObjectName, routine: &Routine) -> Option<FunctionEntry> {
        let (args, parameters, variadic) = self.parameters(&routine.parameters)?;
        let outputs: Vec<TypeId> = parameters
            .iter()
            .filter(|parameter| {
                matches!(
                    parameter.mode,
                    ParameterMode::Out | ParameterMode::InOut | ParameterMode::Table
                )
            })
            .map(|parameter| parameter.ty)
            .collect();
        let result = match (&routine.returns, outputs.as_slice()) {
            (Some(returns), _) => ty(&self.catalog, returns)?.id,
            (None, []) => TypeId::VOID,
            (None, [one]) if routine.kind != RoutineKind::Procedure => *one,
            (None, _) => TypeId::RECORD,
        };
        let defaults = routine.parameters.iter().filter(|parameter| parameter.default.is_some());
        Some(FunctionEntry {
            kind: match routine.kind {
                RoutineKind::Function => FunctionKind::Function,
                RoutineKind::Window => FunctionKind::Window,
                RoutineKind::Procedure => FunctionKind::Procedure,
            },
            parameters,
            defaults: u16::try_from(defaults.count()).unwrap_or(u16::MAX),
            variadic,
            returns_set: routine.returns.as_ref().is_some_and(|returns| returns.set_of),
            strict: routine.strict,
            volatility: match routine.volatility {
                model::Volatility::Immutable => Volatility::Immutable,
                model::Volatility::Stable => Volatility::Stable,
                model::Volatility::Volatile => Volatility::Volatile,
            },
            ..FunctionEntry::new(name.schema.clone(), name.name.clone(), args, result)
        })
    }

    /// The types of the arguments, all parameters, and whether the last is VARIADIC.
    fn parameters(
        &self,
        written: &[model::Parameter],
    ) -> Option<(Vec<TypeId>, Box<[Parameter]>, bool)> {
        let mut args = Vec::new();
        let mut parameters = Vec::new();
        for parameter in written {
            let id = ty(&self.catalog, &parameter.ty)?.id;
            let mode = match parameter.mode {
                model::ParameterMode::In => ParameterMode::In,
                model::ParameterMode::Out => ParameterMode::Out,
                model::ParameterMode::InOut => ParameterMode::InOut,
                model::ParameterMode::Variadic => ParameterMode::Variadic,
                model::ParameterMode::Table => ParameterMode::Table,
            };
            if !matches!(mode, ParameterMode::Out | ParameterMode::Table) {
                args.push(id);
            }
            let name = parameter.name.as_ref().map_or("", Ident::as_str);
            parameters.push(Parameter { name: SmolStr::new(name), ty: id, mode });
        }
        let variadic = parameters.iter().any(|parameter| parameter.mode == ParameterMode::Variadic);
        Some((args, parameters.into(), variadic))
    }

    fn aggregate(&self, name: &ObjectName, aggregate: &Aggregate) -> Option<FunctionEntry> {
        let (args, parameters, variadic) = self.parameters(&aggregate.parameters)?;
        let attribute = |name: &str| aggregate.attributes.get(&Ident::new(name));
        let state = match attribute("stype") {
            Some(AttributeValue::Type(state)) => ty(&self.catalog, state)?.id,
            Some(AttributeValue::Name(_) | AttributeValue::Text(_)) | None => return None,
        };
        let result = match attribute("finalfunc") {
            Some(AttributeValue::Name(function)) => self
                .result_of(&name_of(function), |function| function.args.first() == Some(&state))?,
            Some(AttributeValue::Type(_) | AttributeValue::Text(_)) | None => state,
        };
        let direct = |count: usize| i16::try_from(count).unwrap_or(i16::MAX);
        let kind = match aggregate.direct {
            None => FunctionKind::Aggregate,
            Some(count) if aggregate.attributes.contains_key(&Ident::new("hypothetical")) => {
                FunctionKind::HypotheticalSet { direct: direct(count) }
            }
            Some(count) => FunctionKind::OrderedSet { direct: direct(count) },
        };
        Some(FunctionEntry {
            kind,
            parameters,
            variadic,
            volatility: Volatility::Immutable,
            ..FunctionEntry::new(name.schema.clone(), name.name.clone(), args, result)
        })
    }

    /// The result of the function of that name that fits; of the only one otherwise.
    fn result_of(
        &self,
        name: &ObjectName,
        fits: impl Fn(&FunctionEntry) -> bool,
    ) -> Option<TypeId> {
        let named =
            || self.catalog.functions(&name.name).filter(|function| function.schema == name.schema);
        let fitting = named().find(|function| fits(function));
        let found = fitting.or_else(|| {
            let mut all = named();
            all.next().filter(|_| all.next().is_none())
        });
        found.map(|function| function.result)
    }

    pub(super) fn operator(
        &mut self,
        signature: &model::OperatorSignature,
        operator: &model::Operator,
    ) {
        let left = match &signature.left {
            Some(left) => match ty(&self.catalog, left) {
                Some(left) => Some(left.id),
                None => return,
            },
            None => None,
        };
        let right = signature.right.as_ref().and_then(|right| ty(&self.catalog, right));
        let Some(right) = right.map(|right| right.id) else { return };
        let args: Vec<TypeId> = left.into_iter().chain([right]).collect();
        let function = name_of(&operator.function);
        let Some(result) = self.result_of(&function, |function| *function.args == *args) else {
            return;
        };
        self.catalog.add_operator(OperatorEntry {
            schema: SmolStr::new(signature.name.namespace.as_str()),
            name: SmolStr::new(signature.name.name.as_str()),
            left,
            right,
            result,
            function,
            commutator: operator.commutator.as_ref().map(name_of),
            negator: operator.negator.as_ref().map(name_of),
            versions: Versions::ALL,
        });
    }
}
