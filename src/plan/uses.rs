//! What each unit of a schema uses: the edges that order a migration and decide what has
//! to be rebuilt around a change (`pg_depend`, as `recordDependencyOnExpr` and its callers
//! fill it: `src/backend/catalog/dependency.c`).
//!
//! A unit may be found more than once; `graph.rs` counts it once.
//!
//! Surprising: a query uses those columns of its tables whose name it mentions anywhere.
//! That may be a column too many, never one too few.

use std::collections::BTreeSet;

use super::names::Names;
use super::unit::Unit;
use crate::model::{
    Alias, AttributeValue, CastMethod, Column, ColumnDefault, Command, CommandTarget, Constraint,
    ConstraintDefinition, Expr, Expression, FamilyMember, FromItem, Ident, Name, Object, ObjectId,
    QualifiedName, Query, QueryBody, RoutineBody, Scoped, SearchPath, SubqueryKind, Table,
    TypeName, Visit, walk_command, walk_expr, walk_query,
};

/// What an object uses, its columns and their defaults not counted when it is a table.
pub(super) fn of_object(id: &ObjectId, object: &Object, names: &Names<'_>) -> Vec<Unit> {
    let mut uses = Uses::new(names);
    if let Some(namespace) = id.namespace() {
        uses.found.push(Unit::Object(ObjectId::Namespace(namespace.clone())));
    }
    uses.parent(id);
    uses.object(id, object);
    uses.finish(&Unit::from(id))
}

/// What a column uses.
pub(super) fn of_column(table: &QualifiedName, column: &Column, names: &Names<'_>) -> Vec<Unit> {
    let mut uses = Uses::new(names);
    uses.found.push(Unit::Object(ObjectId::Table(table.clone())));
    uses.ty(&column.ty);
    uses.collation(column.details.collation.as_ref());
    if let Some(ColumnDefault::Generated { expression, .. }) = &column.default {
        uses.on_relation(table);
        uses.expression(expression);
    }
    uses.finish(&Unit::column(table, &column.name))
}

/// What the default of a column uses; none when it has no plain default.
pub(super) fn of_default(
    table: &QualifiedName,
    column: &Column,
    names: &Names<'_>,
) -> Option<Vec<Unit>> {
    let Some(ColumnDefault::Expression(expression)) = &column.default else { return None };
    let mut uses = Uses::new(names);
    uses.found.push(Unit::column(table, &column.name));
    uses.expression(expression);
    Some(uses.finish(&Unit::default(table, &column.name)))
}

/// What the text of a function body names: relations and routines by their full name, or
/// in the namespace of the function, or in `public`. PostgreSQL looks at it when the
/// function runs, which may be as soon as a constraint or an index is made.
pub(super) fn of_body(id: &ObjectId, object: &Object, names: &Names<'_>) -> BTreeSet<Unit> {
    let mut found = BTreeSet::new();
    let (ObjectId::Routine(signature), Object::Routine(routine)) = (id, object) else {
        return found;
    };
    let RoutineBody::Source(body) = &routine.body else { return found };
    if !["sql", "plpgsql"].contains(&routine.language.as_str()) {
        return found;
    }
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '$' || c == '.' || c == '"';
    for word in body.split(|c: char| !is_word(c)).filter(|word| !word.is_empty()) {
        let name = name_of(&word.to_lowercase());
        let places = match &name.namespace {
            Some(_) => vec![name],
            None => ["public", signature.name.namespace.as_str()]
                .iter()
                .map(|namespace| Name::qualified(namespace, name.name.as_str()))
                .collect(),
        };
        for place in places {
            found.extend(names.relation(&place, None).map(Unit::from));
            found.extend(names.routines(&place, None, None).into_iter().map(Unit::from));
        }
    }
    found.remove(&Unit::from(id));
    found
}

/// Collects the uses of one unit.
struct Uses<'a, 'n> {
    names: &'n Names<'a>,
    path: Option<SearchPath>,
    found: Vec<Unit>,
    /// Relations whose columns are meant by the names of columns.
    relations: BTreeSet<QualifiedName>,
    aliases: BTreeSet<Ident>,
    mentioned: BTreeSet<Ident>,
    all_columns: bool,
}

impl Visit for Uses<'_, '_> {
    fn expr(&mut self, expr: &Expr) -> bool {
        match expr {
            Expr::Column(column) => {
                self.all_columns |= column.star;
                self.mentioned.extend(column.parts.last().cloned());
            }
            Expr::Indirection(_, steps) => {
                for step in steps {
                    match step {
                        crate::model::Access::Field(field) => {
                            self.mentioned.insert(field.clone());
                        }
                        crate::model::Access::Star => self.all_columns = true,
                        crate::model::Access::Index(_) | crate::model::Access::Slice(..) => {}
                    }
                }
            }
            Expr::Call(call) => self.routine(&call.name, Some(call.args.len())),
            Expr::Cast(cast) => self.ty(&cast.ty),
            Expr::Constant(constant) => {
                self.ty(&constant.ty);
                if let Some(text) = &constant.value {
                    self.object_constant(&constant.ty, text);
                }
            }
            Expr::Operator(operation) => self.operator(&operation.operator),
            Expr::AnyAll(any) => self.operator(&any.operator),
            Expr::Collate(collate) => self.collation(Some(&collate.collation)),
            Expr::Subquery(subquery) => {
                if let SubqueryKind::AnyAll { operator: Some(operator), .. } = &subquery.kind {
                    self.operator(operator);
                }
            }
            _names_nothing => {}
        }
        true
    }

    fn from_item(&mut self, item: &FromItem) -> bool {
        match item {
            FromItem::Relation { name, alias, .. } => {
                self.relation(name);
                self.aliases.insert(name.name.clone());
                self.alias(alias.as_ref());
            }
            FromItem::Join(join) => {
                self.all_columns |= join.natural;
                self.mentioned.extend(join.using.iter().cloned());
                self.alias(join.alias.as_ref());
            }
            FromItem::Functions(functions) => {
                let columns = functions.functions.iter().flat_map(|(_, columns)| columns);
                for column in columns.chain(&functions.columns) {
                    self.ty(&column.ty);
                }
            }
            FromItem::Subquery { .. } | FromItem::XmlTable(_) | FromItem::JsonTable(_) => {}
        }
        true
    }

    fn query(&mut self, query: &Query) -> bool {
        if let QueryBody::Select(select) = &*query.body
            && !select.group_by.is_empty()
        {
            // Columns that depend on the primary key need not be grouped by
            // (`check_functional_grouping`, `src/backend/catalog/pg_constraint.c`).
            for item in &select.from {
                self.keys_of(item);
            }
        }
        true
    }
}

impl<'a, 'n> Uses<'a, 'n> {
    fn new(names: &'n Names<'a>) -> Self {
        Self {
            names,
            path: None,
            found: Vec::new(),
            relations: BTreeSet::new(),
            aliases: BTreeSet::new(),
            mentioned: BTreeSet::new(),
            all_columns: false,
        }
    }

    fn finish(mut self, unit: &Unit) -> Vec<Unit> {
        let whole_row = self.aliases.iter().any(|alias| self.mentioned.contains(alias));
        for relation in &self.relations {
            let Some(table) = self.names.table(relation) else { continue };
            let used = |column: &&Column| {
                self.all_columns || whole_row || self.mentioned.contains(&column.name)
            };
            for column in table.columns.iter().filter(used) {
                self.found.push(Unit::column(relation, &column.name));
            }
        }
        self.found.retain(|used| used != unit);
        self.found
    }

    fn add(&mut self, id: Option<&ObjectId>) {
        self.found.extend(id.map(Unit::from));
    }

    fn alias(&mut self, alias: Option<&Alias>) {
        if let Some(alias) = alias {
            self.aliases.insert(alias.name.clone());
            self.all_columns |= !alias.columns.is_empty();
        }
    }

    /// Names of columns are those of that relation.
    fn on_relation(&mut self, name: &QualifiedName) {
        self.relations.insert(name.clone());
        self.aliases.insert(name.name.clone());
        self.add(self.names.relation(&name.clone().into(), None));
    }

    fn relation(&mut self, name: &Name) {
        if let Some(id) = self.names.relation(name, self.path.as_ref()) {
            self.found.push(Unit::from(id));
            self.relations.extend(id.qualified_name().cloned());
        }
    }

    fn keys_of(&mut self, item: &FromItem) {
        match item {
            FromItem::Relation { name, .. } => {
                let Some(id) = self.names.relation(name, self.path.as_ref()) else { return };
                let keys = id.qualified_name().map_or(&[][..], |name| self.names.keys(name));
                for (key, _) in keys {
                    if let ObjectId::Constraint(_) = key {
                        self.found.push(Unit::from(*key));
                    }
                }
            }
            FromItem::Join(join) => {
                self.keys_of(&join.left);
                self.keys_of(&join.right);
            }
            _no_table => {}
        }
    }

    fn ty(&mut self, ty: &TypeName) {
        self.add(self.names.ty(&ty.name, self.path.as_ref()));
    }

    fn routine(&mut self, name: &Name, args: Option<usize>) {
        for id in self.names.routines(name, args, self.path.as_ref()) {
            self.found.push(Unit::from(id));
        }
    }

    fn operator(&mut self, name: &Name) {
        for id in self.names.operators(name, self.path.as_ref()) {
            self.found.push(Unit::from(id));
        }
    }

    fn other(&mut self, name: &Name) {
        for id in self.names.others(name, self.path.as_ref()) {
            self.found.push(Unit::from(id));
        }
    }

    fn collation(&mut self, name: Option<&Name>) {
        if let Some(name) = name {
            self.other(name);
        }
    }

    /// `'s.t'::regclass` uses the table (`find_expr_references_walker`).
    fn object_constant(&mut self, ty: &TypeName, text: &str) {
        let name = || name_of(text.split('(').next().unwrap_or_default());
        if ty.is_builtin("regclass") {
            self.add(self.names.relation(&name(), self.path.as_ref()));
        } else if ty.is_builtin("regproc") || ty.is_builtin("regprocedure") {
            self.routine(&name(), None);
        } else if ty.is_builtin("regtype") {
            self.add(self.names.ty(&name(), self.path.as_ref()));
        } else if ty.is_builtin("regconfig") || ty.is_builtin("regdictionary") {
            self.other(&name());
        }
    }

    fn expr_in(&mut self, expr: &Expr, path: &SearchPath) {
        self.path = Some(path.clone());
        walk_expr(expr, self);
        self.path = None;
    }

    fn expression(&mut self, expression: &Expression) {
        self.expr_in(&expression.expr, &expression.path);
    }

    fn scoped_query(&mut self, query: &Scoped<Query>) {
        self.path = Some(query.path.clone());
        walk_query(&query.value, self);
        self.path = None;
    }

    fn commands(&mut self, commands: &[Scoped<Command>]) {
        for command in commands {
            self.path = Some(command.path.clone());
            self.target(&command.value);
            walk_command(&command.value, self);
        }
        self.path = None;
    }

    fn target(&mut self, command: &Command) {
        let mut on = |target: &CommandTarget| {
            self.relation(&target.relation);
            self.aliases.extend(target.alias.clone());
        };
        match command {
            Command::Insert(insert) => {
                on(&insert.target);
                self.mentioned.extend(insert.columns.iter().map(|(column, _)| column.clone()));
            }
            Command::Update(update) => {
                on(&update.target);
                self.mentioned.extend(update.set.iter().map(|set| set.column.clone()));
            }
            Command::Delete(delete) => on(&delete.target),
            Command::Merge(merge) => {
                on(&merge.target);
                // Its branches name columns in several ways.
                self.all_columns = true;
            }
            Command::Query(_)
            | Command::Notify { .. }
            | Command::Return(_)
            | Command::Opaque(_) => {}
        }
    }

    /// A part hangs on its relation or domain.
    fn parent(&mut self, id: &ObjectId) {
        if let Some(parent) = id.parent() {
            let name = Name::from(parent.clone());
            let of = self.names.relation(&name, None).or_else(|| self.names.ty(&name, None));
            self.add(of);
        }
    }

    fn columns_of(&mut self, relation: &QualifiedName, columns: &[Ident]) {
        for column in columns {
            self.found.push(Unit::column(relation, column));
        }
    }

    fn attributes<'v>(&mut self, values: impl Iterator<Item = &'v AttributeValue>) {
        for value in values {
            match value {
                AttributeValue::Name(name) => self.routine(name, None),
                AttributeValue::Type(ty) => self.ty(ty),
                AttributeValue::Text(_) => {}
            }
        }
    }

    fn members(&mut self, members: &BTreeSet<FamilyMember>) {
        for member in members {
            match member {
                FamilyMember::Operator { operator, types, .. } => {
                    self.operator(operator);
                    types.iter().for_each(|ty| self.ty(ty));
                }
                FamilyMember::Function { function, types, args, .. } => {
                    self.routine(function, Some(args.len()));
                    types.iter().for_each(|ty| self.ty(ty));
                }
            }
        }
    }

    fn constraint(&mut self, relation: &QualifiedName, constraint: &Constraint) {
        match &constraint.definition {
            ConstraintDefinition::Check { expression, .. } => {
                self.on_relation(relation);
                self.expression(expression);
            }
            ConstraintDefinition::PrimaryKey(key) | ConstraintDefinition::Unique(key) => {
                self.columns_of(relation, &key.columns);
                self.columns_of(relation, &key.include);
            }
            ConstraintDefinition::ForeignKey(key) => {
                self.columns_of(relation, &key.columns);
                self.columns_of(&key.target, &key.target_columns);
                self.add(self.names.relation(&key.target.clone().into(), None));
                let columns: BTreeSet<&Ident> = key.target_columns.iter().collect();
                for (id, own) in self.names.keys(&key.target) {
                    if *own == columns {
                        self.found.push(Unit::from(*id));
                    }
                }
            }
            ConstraintDefinition::Exclusion(exclusion) => {
                self.on_relation(relation);
                self.columns_of(relation, &exclusion.include);
                for (key, operator) in &exclusion.elements {
                    self.index_key(key, &exclusion.path);
                    self.operator(operator);
                }
                if let Some(predicate) = &exclusion.predicate {
                    self.expr_in(predicate, &exclusion.path);
                }
            }
        }
    }

    fn index_key(&mut self, key: &crate::model::IndexKey, path: &SearchPath) {
        self.expr_in(&key.expr, path);
        self.collation(key.details.collation.as_ref());
        if let Some(opclass) = &key.details.opclass {
            self.other(opclass);
        }
    }

    fn table(&mut self, table: &Table) {
        for parent in &table.inherits {
            self.add(self.names.relation(&parent.clone().into(), None));
        }
        if let Some(of) = &table.of_type {
            self.add(self.names.ty(of, None));
        }
        if let Some(partition) = &table.partition_of {
            self.add(self.names.relation(&partition.parent.clone().into(), None));
        }
        if let Some(key) = &table.partition_by {
            // Its columns come with the table; what they are partitioned by does not.
            for one in &key.keys {
                self.index_key(one, &key.path);
            }
        }
        if let Some(foreign) = &table.foreign {
            self.found.push(Unit::Object(ObjectId::Server(foreign.server.clone())));
        }
    }

    fn object(&mut self, id: &ObjectId, object: &Object) {
        match object {
            Object::Table(table) => self.table(table),
            Object::Domain(domain) => {
                self.ty(&domain.base);
                self.collation(domain.collation.as_ref());
                domain.default.iter().for_each(|default| self.expression(default));
            }
            Object::Composite(composite) => {
                for attribute in &composite.attributes {
                    self.ty(&attribute.ty);
                    self.collation(attribute.collation.as_ref());
                }
            }
            Object::Range(range) => {
                self.ty(&range.subtype);
                for function in range.subtype_diff.iter().chain(&range.canonical) {
                    self.routine(function, None);
                }
                for other in range.opclass.iter().chain(&range.collation) {
                    self.other(other);
                }
            }
            Object::BaseType(base) => self.attributes(base.attributes.values()),
            Object::Constraint(constraint) => {
                if let Some(parent) = id.parent() {
                    self.constraint(parent, constraint);
                }
            }
            Object::Index(index) => {
                self.on_relation(&index.relation);
                self.columns_of(&index.relation, &index.include);
                index.keys.iter().for_each(|key| self.index_key(key, &index.path));
                index.predicate.iter().for_each(|predicate| self.expr_in(predicate, &index.path));
            }
            Object::View(view) => {
                self.scoped_query(&view.query);
                for default in view.defaults.values() {
                    if let ColumnDefault::Expression(expression) = default {
                        self.expression(expression);
                    }
                }
            }
            Object::MaterializedView(view) => self.scoped_query(&view.query),
            Object::Rule(rule) => {
                id.parent().into_iter().for_each(|parent| self.on_relation(parent));
                rule.condition.iter().for_each(|condition| self.expression(condition));
                self.commands(&rule.actions);
            }
            Object::Trigger(trigger) => {
                if let Some(parent) = id.parent() {
                    self.on_relation(parent);
                    self.mentioned.extend(trigger.update_columns.iter().cloned());
                }
                trigger.condition.iter().for_each(|condition| self.expression(condition));
                self.routine(&trigger.function, Some(0));
                if let Some(from) = &trigger.from {
                    self.add(self.names.relation(&from.clone().into(), None));
                }
            }
            Object::Policy(policy) => {
                id.parent().into_iter().for_each(|parent| self.on_relation(parent));
                policy.using.iter().for_each(|using| self.expression(using));
                policy.with_check.iter().for_each(|check| self.expression(check));
            }
            Object::Statistics(statistics) => {
                self.on_relation(&statistics.relation);
                self.mentioned.extend(statistics.columns.iter().cloned());
                for expr in &statistics.expressions {
                    self.expr_in(expr, &statistics.path);
                }
            }
            other => self.other_object(id, other),
        }
    }

    fn other_object(&mut self, id: &ObjectId, object: &Object) {
        match object {
            Object::Routine(routine) => {
                for parameter in &routine.parameters {
                    self.ty(&parameter.ty);
                    parameter.default.iter().for_each(|default| self.expression(default));
                }
                routine.returns.iter().chain(&routine.transforms).for_each(|ty| self.ty(ty));
                routine.support.iter().for_each(|name| self.routine(name, None));
                self.found.push(Unit::Object(ObjectId::Language(routine.language.clone())));
                if let RoutineBody::Sql(commands) = &routine.body {
                    self.commands(commands);
                }
            }
            Object::Aggregate(aggregate) => {
                aggregate.parameters.iter().for_each(|parameter| self.ty(&parameter.ty));
                self.attributes(aggregate.attributes.values());
            }
            Object::Operator(operator) => {
                self.routine(&operator.function, None);
                for function in operator.restrict.iter().chain(&operator.join) {
                    self.routine(function, None);
                }
                if let ObjectId::Operator(signature) = id {
                    signature.left.iter().chain(&signature.right).for_each(|ty| self.ty(ty));
                }
            }
            Object::OperatorClass(class) => {
                self.ty(&class.ty);
                class.storage.iter().for_each(|ty| self.ty(ty));
                self.other(&class.family.clone().into());
                self.members(&class.members);
            }
            Object::OperatorFamily(family) => self.members(&family.members),
            Object::Cast(cast) => {
                if let CastMethod::Function(signature) = &cast.method {
                    self.add(self.names.routine(signature));
                }
                if let ObjectId::Cast((source, target)) = id {
                    self.ty(source);
                    self.ty(target);
                }
            }
            Object::Transform(transform) => {
                for signature in transform.from_sql.iter().chain(&transform.to_sql) {
                    self.add(self.names.routine(signature));
                }
                if let ObjectId::Transform((ty, language)) = id {
                    self.ty(ty);
                    self.found.push(Unit::Object(ObjectId::Language(language.clone())));
                }
            }
            Object::Conversion(conversion) => self.routine(&conversion.function, None),
            Object::Language(language) => {
                let functions = [&language.handler, &language.inline, &language.validator];
                functions.into_iter().flatten().for_each(|name| self.routine(name, None));
            }
            Object::AccessMethod(method) => self.routine(&method.handler, None),
            Object::TextSearchFunctions(it) => {
                it.functions.values().for_each(|name| self.routine(name, None));
            }
            Object::TextSearchDictionary(dictionary) => self.other(&dictionary.template),
            Object::TextSearchConfiguration(configuration) => {
                self.other(&configuration.parser);
                configuration.copied.iter().for_each(|name| self.other(name));
                configuration.mappings.values().flatten().for_each(|name| self.other(name));
            }
            Object::ForeignDataWrapper(wrapper) => {
                let functions = wrapper.handler.iter().chain(&wrapper.validator);
                functions.for_each(|name| self.routine(name, None));
            }
            Object::Server(server) => {
                let wrapper = ObjectId::ForeignDataWrapper(server.wrapper.clone());
                self.found.push(Unit::Object(wrapper));
            }
            Object::UserMapping(_) => {
                if let ObjectId::UserMapping((server, _)) = id {
                    self.found.push(Unit::Object(ObjectId::Server(server.clone())));
                }
            }
            Object::EventTrigger(trigger) => self.routine(&trigger.function, Some(0)),
            Object::Publication(publication) => {
                for namespace in &publication.namespaces {
                    self.found.push(Unit::Object(ObjectId::Namespace(namespace.clone())));
                }
                for (name, table) in &publication.tables {
                    self.add(self.names.relation(&name.clone().into(), None));
                    let columns: Vec<Ident> = table.columns.iter().cloned().collect();
                    self.columns_of(name, &columns);
                    if let Some(filter) = &table.filter {
                        self.on_relation(name);
                        self.expression(filter);
                    }
                }
            }
            Object::Extension(extension) => {
                if let Some(namespace) = &extension.namespace {
                    self.found.push(Unit::Object(ObjectId::Namespace(namespace.clone())));
                }
            }
            Object::DefaultPrivileges(_) => {
                if let ObjectId::DefaultPrivileges(key) = id
                    && let Some(namespace) = &key.namespace
                {
                    self.found.push(Unit::Object(ObjectId::Namespace(namespace.clone())));
                }
            }
            _uses_nothing => {}
        }
    }
}

/// A name as an input function of `reg*` reads it: parts with dots between, quoted or not
/// (`stringToQualifiedNameList`, `src/backend/utils/adt/regproc.c`).
fn name_of(text: &str) -> Name {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    for character in text.trim().chars() {
        match character {
            '"' => quoted = !quoted,
            '.' if !quoted => parts.push(String::new()),
            other => parts.iter_mut().last().into_iter().for_each(|part| part.push(other)),
        }
    }
    match parts.as_slice() {
        [name] => Name::bare(name),
        [.., namespace, name] => Name::qualified(namespace, name),
        [] => Name::bare(""),
    }
}
