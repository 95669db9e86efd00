//! The references from one object to others: names that are already resolved, types,
//! functions, and code in which names are still as written.
//!
//! What an object refers to by its own identity (a constraint its table) is not here.

use crate::model::{
    AttributeValue, CastMethod, ColumnDefault, Command, ConstraintDefinition, Expr, FamilyMember,
    IndexKey, Name, Object, PartitionBound, QualifiedName, Query, RoutineBody, SearchPath,
    Signature, TypeName, VisitMut, change_command, change_expr, change_query,
};

/// A piece of code in an object.
pub(super) enum Code<'o> {
    /// An expression.
    Expr(&'o mut Expr),
    /// A query.
    Query(&'o mut Query),
    /// A command.
    Command(&'o mut Command),
}

impl Code<'_> {
    /// Visits all of it.
    pub fn change(self, v: &mut dyn VisitMut) {
        match self {
            Self::Expr(expr) => change_expr(expr, v),
            Self::Query(query) => change_query(query, v),
            Self::Command(command) => change_command(command, v),
        }
    }
}

/// Calls `f` for each relation that an object refers to outside of its code.
pub(super) fn relations(object: &mut Object, f: &mut dyn FnMut(&mut QualifiedName)) {
    match object {
        Object::Table(table) => {
            table.inherits.iter_mut().for_each(&mut *f);
            if let Some(of) = &mut table.partition_of {
                f(&mut of.parent);
            }
            for column in &mut table.columns {
                if let Some(ColumnDefault::Identity { sequence_name, .. }) = &mut column.default {
                    f(sequence_name);
                }
            }
        }
        Object::Sequence(sequence) => {
            if let Some((table, _)) = &mut sequence.owned_by {
                f(table);
            }
        }
        Object::Index(index) => {
            f(&mut index.relation);
            rekey(&mut index.partitions, f);
        }
        Object::Constraint(constraint) => match &mut constraint.definition {
            ConstraintDefinition::ForeignKey(key) => f(&mut key.target),
            ConstraintDefinition::PrimaryKey(key) | ConstraintDefinition::Unique(key) => {
                rekey(&mut key.partitions, f);
            }
            ConstraintDefinition::Check { .. } | ConstraintDefinition::Exclusion(_) => {}
        },
        Object::Trigger(trigger) => trigger.from.iter_mut().for_each(f),
        Object::Statistics(statistics) => f(&mut statistics.relation),
        Object::Publication(publication) => rekey(&mut publication.tables, f),
        _without_references_to_relations => {}
    }
}

fn rekey<V>(
    map: &mut std::collections::BTreeMap<QualifiedName, V>,
    f: &mut dyn FnMut(&mut QualifiedName),
) {
    let changed = std::mem::take(map).into_iter().map(|(mut name, value)| {
        f(&mut name);
        (name, value)
    });
    *map = changed.collect();
}

/// Calls `f` for each type that an object refers to outside of its code.
pub(super) fn types(object: &mut Object, f: &mut dyn FnMut(&mut TypeName)) {
    match object {
        Object::Table(table) => {
            table.columns.iter_mut().for_each(|column| f(&mut column.ty));
            if let Some(name) = &mut table.of_type {
                type_by_name(name, f);
            }
        }
        Object::Domain(domain) => f(&mut domain.base),
        Object::Composite(composite) => {
            composite.attributes.iter_mut().for_each(|attribute| f(&mut attribute.ty));
        }
        Object::Range(range) => f(&mut range.subtype),
        Object::Routine(routine) => {
            routine.parameters.iter_mut().for_each(|parameter| f(&mut parameter.ty));
            routine.returns.iter_mut().for_each(&mut *f);
            routine.transforms.iter_mut().for_each(f);
        }
        Object::Aggregate(aggregate) => {
            aggregate.parameters.iter_mut().for_each(|parameter| f(&mut parameter.ty));
            for value in aggregate.attributes.values_mut() {
                if let AttributeValue::Type(ty) = value {
                    f(ty);
                }
            }
        }
        Object::OperatorClass(class) => {
            f(&mut class.ty);
            class.storage.iter_mut().for_each(&mut *f);
            change_members(&mut class.members, f);
        }
        Object::OperatorFamily(family) => change_members(&mut family.members, f),
        Object::Cast(cast) => {
            if let CastMethod::Function(signature) = &mut cast.method {
                signature.args.iter_mut().for_each(f);
            }
        }
        Object::Transform(transform) => {
            for signature in transform.from_sql.iter_mut().chain(&mut transform.to_sql) {
                signature.args.iter_mut().for_each(&mut *f);
            }
        }
        _without_references_to_types => {}
    }
}

fn type_by_name(name: &mut Name, f: &mut dyn FnMut(&mut TypeName)) {
    let mut ty = TypeName { name: name.clone(), ..TypeName::default() };
    f(&mut ty);
    *name = ty.name;
}

fn change_members(
    members: &mut std::collections::BTreeSet<FamilyMember>,
    f: &mut dyn FnMut(&mut TypeName),
) {
    let changed = std::mem::take(members).into_iter().map(|mut member| {
        match &mut member {
            FamilyMember::Operator { types, .. } => types.iter_mut().for_each(&mut *f),
            FamilyMember::Function { types, args, .. } => {
                types.iter_mut().chain(args).for_each(&mut *f);
            }
        }
        member
    });
    *members = changed.collect();
}

fn change_support(
    members: &mut std::collections::BTreeSet<FamilyMember>,
    f: &mut dyn FnMut(&mut Name),
) {
    let changed = std::mem::take(members).into_iter().map(|mut member| {
        if let FamilyMember::Function { function, .. } = &mut member {
            f(function);
        }
        member
    });
    *members = changed.collect();
}

/// Calls `f` for each function that an object names without its arguments.
pub(super) fn functions(object: &mut Object, f: &mut dyn FnMut(&mut Name)) {
    let signature = |signature: &mut Signature, f: &mut dyn FnMut(&mut Name)| {
        let mut name = Name::from(signature.name.clone());
        f(&mut name);
        if let Some(namespace) = name.namespace {
            signature.name = QualifiedName { namespace, name: name.name };
        }
    };
    match object {
        Object::Trigger(trigger) => f(&mut trigger.function),
        Object::EventTrigger(trigger) => f(&mut trigger.function),
        Object::Operator(operator) => {
            f(&mut operator.function);
            operator.restrict.iter_mut().chain(&mut operator.join).for_each(f);
        }
        Object::Routine(routine) => routine.support.iter_mut().for_each(f),
        Object::Range(range) => {
            range.canonical.iter_mut().chain(&mut range.subtype_diff).for_each(f);
        }
        Object::Aggregate(aggregate) => {
            for value in aggregate.attributes.values_mut() {
                if let AttributeValue::Name(name) = value {
                    f(name);
                }
            }
        }
        Object::BaseType(ty) => {
            for value in ty.attributes.values_mut() {
                if let AttributeValue::Name(name) = value {
                    f(name);
                }
            }
        }
        Object::OperatorClass(class) => change_support(&mut class.members, f),
        Object::OperatorFamily(family) => change_support(&mut family.members, f),
        Object::Conversion(conversion) => f(&mut conversion.function),
        Object::Language(language) => {
            let functions = language.handler.iter_mut().chain(&mut language.inline);
            functions.chain(&mut language.validator).for_each(f);
        }
        Object::AccessMethod(method) => f(&mut method.handler),
        Object::ForeignDataWrapper(wrapper) => {
            wrapper.handler.iter_mut().chain(&mut wrapper.validator).for_each(f);
        }
        Object::TextSearchFunctions(functions) => functions.functions.values_mut().for_each(f),
        Object::Cast(cast) => {
            if let CastMethod::Function(function) = &mut cast.method {
                signature(function, f);
            }
        }
        Object::Transform(transform) => {
            for function in transform.from_sql.iter_mut().chain(&mut transform.to_sql) {
                signature(function, &mut *f);
            }
        }
        _without_references_to_functions => {}
    }
}

/// Calls `f` for each piece of code with the path that its names are read under.
pub(super) fn code(object: &mut Object, f: &mut dyn FnMut(Code<'_>, &SearchPath)) {
    match object {
        Object::Table(table) => {
            for column in &mut table.columns {
                default_code(column.default.as_mut(), f);
            }
            if let Some(of) = &mut table.partition_of {
                let path = &of.path;
                match &mut of.bound {
                    PartitionBound::List(values) => {
                        values.iter_mut().for_each(|value| f(Code::Expr(value), path));
                    }
                    // Bounds of a range or hash hold constants only.
                    PartitionBound::Default
                    | PartitionBound::Range { .. }
                    | PartitionBound::Hash { .. } => {}
                }
            }
            if let Some(key) = &mut table.partition_by {
                key_code(&mut key.keys, &key.path, f);
            }
        }
        Object::Domain(domain) => {
            if let Some(default) = &mut domain.default {
                f(Code::Expr(&mut default.expr), &default.path);
            }
        }
        Object::Constraint(constraint) => match &mut constraint.definition {
            ConstraintDefinition::Check { expression, .. } => {
                f(Code::Expr(&mut expression.expr), &expression.path);
            }
            ConstraintDefinition::Exclusion(exclusion) => {
                for (key, _) in &mut exclusion.elements {
                    f(Code::Expr(&mut key.expr), &exclusion.path);
                }
                if let Some(predicate) = &mut exclusion.predicate {
                    f(Code::Expr(predicate), &exclusion.path);
                }
            }
            ConstraintDefinition::PrimaryKey(_)
            | ConstraintDefinition::Unique(_)
            | ConstraintDefinition::ForeignKey(_) => {}
        },
        Object::Index(index) => {
            key_code(&mut index.keys, &index.path, f);
            if let Some(predicate) = &mut index.predicate {
                f(Code::Expr(predicate), &index.path);
            }
        }
        Object::Statistics(statistics) => {
            let path = &statistics.path;
            statistics.expressions.iter_mut().for_each(|expr| f(Code::Expr(expr), path));
        }
        Object::View(view) => {
            f(Code::Query(&mut view.query.value), &view.query.path);
            view.defaults.values_mut().for_each(|default| default_code(Some(default), f));
        }
        Object::MaterializedView(view) => f(Code::Query(&mut view.query.value), &view.query.path),
        Object::Rule(rule) => {
            if let Some(condition) = &mut rule.condition {
                f(Code::Expr(&mut condition.expr), &condition.path);
            }
            for action in &mut rule.actions {
                f(Code::Command(&mut action.value), &action.path);
            }
        }
        Object::Trigger(trigger) => {
            if let Some(condition) = &mut trigger.condition {
                f(Code::Expr(&mut condition.expr), &condition.path);
            }
        }
        Object::Policy(policy) => {
            for expression in policy.using.iter_mut().chain(&mut policy.with_check) {
                f(Code::Expr(&mut expression.expr), &expression.path);
            }
        }
        Object::Routine(routine) => {
            for parameter in &mut routine.parameters {
                if let Some(default) = &mut parameter.default {
                    f(Code::Expr(&mut default.expr), &default.path);
                }
            }
            if let RoutineBody::Sql(commands) = &mut routine.body {
                for command in commands {
                    f(Code::Command(&mut command.value), &command.path);
                }
            }
        }
        Object::Publication(publication) => {
            for table in publication.tables.values_mut() {
                if let Some(filter) = &mut table.filter {
                    f(Code::Expr(&mut filter.expr), &filter.path);
                }
            }
        }
        _without_code => {}
    }
}

fn default_code(default: Option<&mut ColumnDefault>, f: &mut dyn FnMut(Code<'_>, &SearchPath)) {
    match default {
        Some(
            ColumnDefault::Expression(expression) | ColumnDefault::Generated { expression, .. },
        ) => {
            f(Code::Expr(&mut expression.expr), &expression.path);
        }
        Some(ColumnDefault::Identity { .. }) | None => {}
    }
}

fn key_code(keys: &mut [IndexKey], path: &SearchPath, f: &mut dyn FnMut(Code<'_>, &SearchPath)) {
    for key in keys {
        f(Code::Expr(&mut key.expr), path);
    }
}
