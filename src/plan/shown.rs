//! The form of an object that a migration writes.
//!
//! A dump says what PostgreSQL itself says, names written out: its words are kept, as
//! another form would come out of the next dump with other aliases and casts, though it
//! means the same. What people write is kept for the same reason, under the search path it
//! was read under. Names outside of expressions and queries are those of the normal form,
//! and so is a query with a `*`, which may mean more by now, where its normal form runs.

use crate::model::{
    Column, ColumnDefault, Command, ConstraintDefinition, Expr, Expression, FromItem, Object,
    Query, RoutineBody, Scoped, SearchPath, Visit, walk_command, walk_expr, walk_query,
};
use crate::normalize::NormalObject;

/// An object that was written by hand, and the path it has to be read under. None when the
/// normal form has to do.
pub(super) fn of(object: &NormalObject) -> Option<(Object, SearchPath)> {
    let mut paths = Paths::default();
    let mut shown = object.object().clone();
    match (&mut shown, object.written()) {
        (Object::Table(table), Object::Table(written)) => {
            for column in &mut table.columns {
                let own = written.column(&column.name);
                own.into_iter().for_each(|own| column_words(column, own, &mut paths));
            }
        }
        (Object::Constraint(constraint), Object::Constraint(written)) => {
            if let (
                ConstraintDefinition::Check { expression, .. },
                ConstraintDefinition::Check { expression: own, .. },
            ) = (&mut constraint.definition, &written.definition)
            {
                paths.take(expression, own);
            }
        }
        (Object::Index(index), Object::Index(written)) => {
            paths.add(&written.path);
            for (key, own) in index.keys.iter_mut().zip(&written.keys) {
                key.expr.clone_from(&own.expr);
            }
            index.predicate.clone_from(&written.predicate);
        }
        (Object::Domain(domain), Object::Domain(written)) => {
            paths.take_some(&mut domain.default, written.default.as_ref());
        }
        (Object::Policy(policy), Object::Policy(written)) => {
            paths.take_some(&mut policy.using, written.using.as_ref());
            paths.take_some(&mut policy.with_check, written.with_check.as_ref());
        }
        (Object::Trigger(trigger), Object::Trigger(written)) => {
            paths.take_some(&mut trigger.condition, written.condition.as_ref());
        }
        (Object::View(view), Object::View(written)) => {
            paths.query(&written.query);
            view.query = written.query.clone();
            view.columns.clone_from(&written.columns);
        }
        (Object::MaterializedView(view), Object::MaterializedView(written)) => {
            paths.query(&written.query);
            view.query = written.query.clone();
            view.columns.clone_from(&written.columns);
        }
        (Object::Rule(rule), Object::Rule(written)) => {
            paths.commands(&written.actions);
            rule.actions.clone_from(&written.actions);
            paths.take_some(&mut rule.condition, written.condition.as_ref());
        }
        (Object::Routine(routine), Object::Routine(written)) => {
            for (parameter, own) in routine.parameters.iter_mut().zip(&written.parameters) {
                paths.take_some(&mut parameter.default, own.default.as_ref());
            }
            if let RoutineBody::Sql(commands) = &written.body {
                paths.commands(commands);
                routine.body = written.body.clone();
            }
        }
        _no_expressions => {}
    }
    paths.unfit &= runs(object.object());
    paths.only().map(|path| (shown, path))
}

/// True when the normal form can be run: it calls the columns of subqueries, functions and
/// common tables by number, which no server knows, but those of tables by name.
fn runs(normal: &Object) -> bool {
    let mut derived = Derived(false);
    match normal {
        Object::View(view) => walk_query(&view.query.value, &mut derived),
        Object::MaterializedView(view) => walk_query(&view.query.value, &mut derived),
        Object::Rule(rule) => {
            let condition = rule.condition.iter().map(|condition| &condition.expr);
            condition.for_each(|condition| walk_expr(condition, &mut derived));
            rule.actions.iter().for_each(|action| walk_command(&action.value, &mut derived));
        }
        Object::Policy(policy) => {
            let both = policy.using.iter().chain(&policy.with_check);
            both.for_each(|expression| walk_expr(&expression.expr, &mut derived));
        }
        Object::Routine(routine) => {
            if let RoutineBody::Sql(commands) = &routine.body {
                commands.iter().for_each(|command| walk_command(&command.value, &mut derived));
            }
        }
        _without_queries => {}
    }
    !derived.0
}

/// Whether something in `FROM` is no plain table.
struct Derived(bool);

impl Visit for Derived {
    fn from_item(&mut self, item: &FromItem) -> bool {
        self.0 |= match item {
            FromItem::Relation { name, .. } => name.namespace.is_none(),
            FromItem::Join(join) => !join.using.is_empty(),
            FromItem::Subquery { .. }
            | FromItem::Functions(_)
            | FromItem::XmlTable(_)
            | FromItem::JsonTable(_) => true,
        };
        true
    }
}

fn column_words(column: &mut Column, written: &Column, paths: &mut Paths) {
    match (&mut column.default, &written.default) {
        (Some(ColumnDefault::Expression(expression)), Some(ColumnDefault::Expression(own)))
        | (
            Some(ColumnDefault::Generated { expression, .. }),
            Some(ColumnDefault::Generated { expression: own, .. }),
        ) => paths.take(expression, own),
        _no_expression => {}
    }
}

/// The paths that the words of one object are read under.
#[derive(Default)]
struct Paths {
    found: Vec<SearchPath>,
    /// A `*`, or something that cannot be written at all.
    unfit: bool,
}

impl Visit for Paths {
    fn expr(&mut self, expr: &Expr) -> bool {
        self.unfit |= matches!(expr, Expr::Column(column) if column.star);
        true
    }
}

impl Paths {
    fn add(&mut self, path: &SearchPath) {
        if !self.found.contains(path) {
            self.found.push(path.clone());
        }
    }

    fn take(&mut self, expression: &mut Expression, own: &Expression) {
        self.add(&own.path);
        *expression = own.clone();
    }

    fn take_some(&mut self, expression: &mut Option<Expression>, own: Option<&Expression>) {
        if let (Some(expression), Some(own)) = (expression, own) {
            self.take(expression, own);
        }
    }

    fn query(&mut self, query: &Scoped<Query>) {
        self.add(&query.path);
        walk_query(&query.value, self);
    }

    fn commands(&mut self, commands: &[Scoped<Command>]) {
        for command in commands {
            self.add(&command.path);
            walk_command(&command.value, self);
        }
    }

    /// The path, when there is one for all.
    fn only(self) -> Option<SearchPath> {
        match self.found.as_slice() {
            [path] if !self.unfit => Some(path.clone()),
            _none_or_several => None,
        }
    }
}
