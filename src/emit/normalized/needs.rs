//! What an object names: relations, types, functions and operators that must be
//! there before it. Columns of one name space stand for all kinds: a need too many
//! only moves a statement, a need too few makes it fail.

use std::collections::HashMap;

use crate::model::{
    ColumnDefault, Command, ConstraintDefinition, Expr, Expression, FromItem, Ident, Name, Object,
    QualifiedName, Query, RoutineBody, Scoped, SearchPath, SubqueryKind, Table, TypeName, Visit,
    walk_command, walk_expr, walk_query,
};

/// A name that has to be there, and where it is looked up.
#[derive(Clone, Debug)]
pub(super) struct Need<'a> {
    name: Name,
    path: Option<&'a SearchPath>,
}

impl Need<'_> {
    /// True when the name has no namespace.
    pub(super) fn is_bare(&self) -> bool {
        self.name.namespace.is_none()
    }

    /// The name in that namespace.
    pub(super) fn within(&self, namespace: &Ident) -> QualifiedName {
        QualifiedName { namespace: namespace.clone(), name: self.name.name.clone() }
    }

    /// The items that provide the name.
    pub fn resolve(&self, providers: &HashMap<&QualifiedName, Vec<usize>>) -> Vec<usize> {
        let find = |namespace| {
            let name = QualifiedName { namespace, name: self.name.name.clone() };
            providers.get(&name).cloned()
        };
        match (&self.name.namespace, self.path) {
            (Some(namespace), _) => find(namespace.clone()).unwrap_or_default(),
            (None, Some(path)) => path.lookup().find_map(find).unwrap_or_default(),
            (None, None) => Vec::new(),
        }
    }
}

/// Collects the names of one object.
struct Collector<'a> {
    path: Option<&'a SearchPath>,
    needs: Vec<Need<'a>>,
}

impl Visit for Collector<'_> {
    fn expr(&mut self, expr: &Expr) -> bool {
        match expr {
            Expr::Call(call) => self.name(&call.name),
            Expr::Cast(cast) => self.ty(&cast.ty),
            Expr::Constant(constant) => self.ty(&constant.ty),
            Expr::Operator(operation) => self.name(&operation.operator),
            Expr::AnyAll(any) => self.name(&any.operator),
            Expr::Subquery(subquery) => {
                if let SubqueryKind::AnyAll { operator: Some(operator), .. } = &subquery.kind {
                    self.name(operator);
                }
            }
            Expr::Collate(collate) => self.name(&collate.collation),
            Expr::Xml(xml) => xml.ty.iter().for_each(|ty| self.ty(ty)),
            // Types come before all that can return one, but for other types.
            Expr::Json(_)
            | Expr::Literal(_)
            | Expr::Column(_)
            | Expr::Parameter(_)
            | Expr::And(_)
            | Expr::Or(_)
            | Expr::Not(_)
            | Expr::Case(_)
            | Expr::Coalesce(_)
            | Expr::Greatest(_)
            | Expr::Least(_)
            | Expr::NullIf(_)
            | Expr::IsNull { .. }
            | Expr::IsBool { .. }
            | Expr::IsDistinct(_)
            | Expr::In(_)
            | Expr::Between(_)
            | Expr::Like(_)
            | Expr::Row(_)
            | Expr::Array(_)
            | Expr::Indirection(..)
            | Expr::SqlValue(..)
            | Expr::Grouping(_)
            | Expr::Default
            | Expr::CurrentOf(_)
            | Expr::MergeAction
            | Expr::MultiAssign { .. }
            | Expr::Opaque(_) => {}
        }
        true
    }

    fn from_item(&mut self, item: &FromItem) -> bool {
        if let FromItem::Relation { name, .. } = item {
            self.name(name);
        }
        true
    }
}

impl<'a> Collector<'a> {
    fn name(&mut self, name: &Name) {
        self.needs.push(Need { name: name.clone(), path: self.path });
    }

    fn qualified(&mut self, name: &QualifiedName) {
        self.name(&name.clone().into());
    }

    fn ty(&mut self, ty: &TypeName) {
        self.name(&ty.name);
    }

    fn expr_in(&mut self, expr: &Expr, path: &'a SearchPath) {
        self.path = Some(path);
        walk_expr(expr, self);
        self.path = None;
    }

    fn expression(&mut self, expression: &'a Expression) {
        self.expr_in(&expression.expr, &expression.path);
    }

    fn query(&mut self, query: &'a Scoped<Query>) {
        self.path = Some(&query.path);
        walk_query(&query.value, self);
        self.path = None;
    }

    fn commands(&mut self, commands: &'a [Scoped<Command>]) {
        for command in commands {
            self.path = Some(&command.path);
            walk_command(&command.value, self);
        }
        self.path = None;
    }
}

/// What must be there before the object is created.
pub(super) fn needs(object: &Object) -> Vec<Need<'_>> {
    let mut collector = Collector { path: None, needs: Vec::new() };
    let c = &mut collector;
    match object {
        Object::Table(table) => table_needs(table, c),
        Object::Domain(domain) => {
            c.ty(&domain.base);
            domain.default.iter().for_each(|default| c.expression(default));
        }
        Object::Composite(composite) => composite.attributes.iter().for_each(|a| c.ty(&a.ty)),
        Object::Range(range) => {
            c.ty(&range.subtype);
            range.subtype_diff.iter().chain(&range.canonical).for_each(|name| c.name(name));
        }
        Object::BaseType(base) => {
            for value in base.attributes.values() {
                match value {
                    crate::model::AttributeValue::Name(name) => c.name(name),
                    crate::model::AttributeValue::Type(ty) => c.ty(ty),
                    crate::model::AttributeValue::Text(_) => {}
                }
            }
        }
        Object::Constraint(constraint) => constraint_needs(&constraint.definition, c),
        Object::Index(index) => {
            index.keys.iter().for_each(|key| c.expr_in(&key.expr, &index.path));
            index.predicate.iter().for_each(|predicate| c.expr_in(predicate, &index.path));
        }
        Object::View(view) => c.query(&view.query),
        Object::MaterializedView(view) => c.query(&view.query),
        Object::Rule(rule) => {
            rule.condition.iter().for_each(|condition| c.expression(condition));
            c.commands(&rule.actions);
        }
        Object::Policy(policy) => {
            policy.using.iter().chain(&policy.with_check).for_each(|expr| c.expression(expr));
        }
        Object::Routine(routine) => {
            routine.parameters.iter().for_each(|parameter| c.ty(&parameter.ty));
            routine
                .parameters
                .iter()
                .filter_map(|p| p.default.as_ref())
                .for_each(|d| c.expression(d));
            routine.returns.iter().for_each(|ty| c.ty(ty));
            routine.support.iter().for_each(|name| c.name(name));
            if let RoutineBody::Sql(commands) = &routine.body {
                c.commands(commands);
            }
        }
        Object::Aggregate(aggregate) => {
            aggregate.parameters.iter().for_each(|parameter| c.ty(&parameter.ty));
            for value in aggregate.attributes.values() {
                match value {
                    crate::model::AttributeValue::Name(name) => c.name(name),
                    crate::model::AttributeValue::Type(ty) => c.ty(ty),
                    crate::model::AttributeValue::Text(_) => {}
                }
            }
        }
        Object::Operator(operator) => c.name(&operator.function),
        Object::OperatorClass(class) => {
            c.ty(&class.ty);
            c.qualified(&class.family);
            members(&class.members, c);
        }
        Object::OperatorFamily(family) => members(&family.members, c),
        Object::Cast(cast) => {
            if let crate::model::CastMethod::Function(signature) = &cast.method {
                c.qualified(&signature.name);
            }
        }
        Object::Transform(transform) => {
            for signature in transform.from_sql.iter().chain(&transform.to_sql) {
                c.qualified(&signature.name);
            }
        }
        Object::Conversion(conversion) => c.name(&conversion.function),
        Object::Language(language) => {
            let functions = [&language.handler, &language.inline, &language.validator];
            functions.into_iter().flatten().for_each(|name| c.name(name));
        }
        Object::AccessMethod(method) => c.name(&method.handler),
        Object::TextSearchFunctions(it) => it.functions.values().for_each(|name| c.name(name)),
        Object::TextSearchDictionary(dictionary) => c.name(&dictionary.template),
        Object::TextSearchConfiguration(configuration) => {
            c.name(&configuration.parser);
            configuration.mappings.values().flatten().for_each(|name| c.name(name));
        }
        Object::ForeignDataWrapper(wrapper) => {
            wrapper.handler.iter().chain(&wrapper.validator).for_each(|name| c.name(name));
        }
        // What they name comes before them by rank.
        Object::Role(_)
        | Object::Namespace(_)
        | Object::Extension(_)
        | Object::Collation(_)
        | Object::Enum(_)
        | Object::Sequence(_)
        | Object::Trigger(_)
        | Object::Statistics(_)
        | Object::EventTrigger(_)
        | Object::Server(_)
        | Object::UserMapping(_)
        | Object::Publication(_)
        | Object::Subscription(_)
        | Object::DefaultPrivileges(_) => {}
    }
    collector.needs
}

fn members(
    members: &std::collections::BTreeSet<crate::model::FamilyMember>,
    c: &mut Collector<'_>,
) {
    for member in members {
        match member {
            crate::model::FamilyMember::Operator { operator, .. } => c.name(operator),
            crate::model::FamilyMember::Function { function, .. } => c.name(function),
        }
    }
}

fn table_needs<'a>(table: &'a Table, c: &mut Collector<'a>) {
    for column in &table.columns {
        c.ty(&column.ty);
        if let Some(ColumnDefault::Generated { expression, .. }) = &column.default {
            c.expression(expression);
        }
    }
    table.inherits.iter().for_each(|parent| c.qualified(parent));
    table.of_type.iter().for_each(|ty| c.name(ty));
    if let Some(partition) = &table.partition_of {
        c.qualified(&partition.parent);
    }
    if let Some(key) = &table.partition_by {
        key.keys.iter().for_each(|one| c.expr_in(&one.expr, &key.path));
    }
}

/// What the defaults of a table need.
pub(super) fn defaults(table: &Table) -> Vec<Need<'_>> {
    let mut collector = Collector { path: None, needs: Vec::new() };
    for column in &table.columns {
        if let Some(ColumnDefault::Expression(expression)) = &column.default {
            collector.expression(expression);
        }
    }
    collector.needs
}

fn constraint_needs<'a>(definition: &'a ConstraintDefinition, c: &mut Collector<'a>) {
    match definition {
        ConstraintDefinition::Check { expression, .. } => c.expression(expression),
        ConstraintDefinition::Exclusion(exclusion) => {
            for (key, operator) in &exclusion.elements {
                c.expr_in(&key.expr, &exclusion.path);
                c.name(operator);
            }
        }
        ConstraintDefinition::PrimaryKey(_)
        | ConstraintDefinition::Unique(_)
        | ConstraintDefinition::ForeignKey(_) => {}
    }
}
