//! The form of an object that a server can run.
//!
//! The normal form of a query has no aliases that a person would know, and calls the
//! columns of subqueries by number, since names that nobody outside can see do not
//! count. That compares, but does not run. What holds queries is therefore written as
//! its source has it, under the search path of its source where that matters.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::emit::sql::SqlWriter;
use crate::model::{
    Expression, Ident, Object, ObjectId, Policy, QualifiedName, Query, Routine, RoutineBody, Rule,
    SearchPath, View, Visit, walk_expr,
};
use crate::normalize::{NormalObject, NormalSchema};

use super::needs::Need;

/// The object with its queries as written, all else in normal form.
pub(super) fn executable(object: &NormalObject) -> Cow<'_, Object> {
    match (object.object(), object.written()) {
        (Object::View(normal), Object::View(written)) => {
            let defaults = normal.defaults.clone();
            Cow::Owned(Object::View(Box::new(View { defaults, ..(**written).clone() })))
        }
        (Object::MaterializedView(_), written @ Object::MaterializedView(_))
        | (Object::Rule(_), written @ Object::Rule(_)) => Cow::Borrowed(written),
        (Object::Routine(normal), Object::Routine(written)) => match &written.body {
            body @ RoutineBody::Sql(_) => Cow::Owned(Object::Routine(Box::new(Routine {
                body: body.clone(),
                ..(**normal).clone()
            }))),
            RoutineBody::Source(_) | RoutineBody::Library { .. } => Cow::Borrowed(object.object()),
        },
        (Object::Policy(normal), written @ Object::Policy(_)) if policy_queries(normal) => {
            Cow::Borrowed(written)
        }
        (normal, _) => Cow::Borrowed(normal),
    }
}

/// True for a policy that asks other tables.
pub(super) fn policy_queries(policy: &Policy) -> bool {
    policy.using.iter().chain(&policy.with_check).any(has_query)
}

fn has_query(expression: &Expression) -> bool {
    struct Finder(bool);
    impl Visit for Finder {
        fn query(&mut self, _query: &Query) -> bool {
            self.0 = true;
            false
        }
    }
    let mut finder = Finder(false);
    walk_expr(&expression.expr, &mut finder);
    finder.0
}

/// The path that the queries of an object are read under.
fn path(object: &Object) -> Option<&SearchPath> {
    match object {
        Object::View(view) => Some(&view.query.path),
        Object::MaterializedView(view) => Some(&view.query.path),
        Object::Rule(rule) => {
            let Rule { condition, actions, .. } = &**rule;
            let condition = condition.iter().map(|condition| &condition.path);
            condition.chain(actions.iter().map(|action| &action.path)).next()
        }
        Object::Routine(routine) => match &routine.body {
            RoutineBody::Sql(commands) => commands.first().map(|command| &command.path),
            RoutineBody::Source(_) | RoutineBody::Library { .. } => None,
        },
        Object::Policy(policy) => {
            let mut expressions = policy.using.iter().chain(&policy.with_check);
            expressions.find(|expression| has_query(expression)).map(|found| &found.path)
        }
        _without_queries => None,
    }
}

/// What names without namespace can mean in a schema.
#[derive(Debug)]
pub(super) struct Names<'a> {
    objects: HashSet<&'a QualifiedName>,
    /// Where extensions are, whose objects are not listed.
    extensions: HashSet<&'a Ident>,
}

impl<'a> Names<'a> {
    /// Of all objects.
    pub(super) fn of(schema: &'a NormalSchema) -> Self {
        let extension = |(_, object): (&'a ObjectId, &'a NormalObject)| match object.object() {
            Object::Extension(extension) => extension.namespace.as_ref(),
            _other => None,
        };
        Self {
            objects: schema.iter().filter_map(|(id, _)| id.qualified_name()).collect(),
            extensions: schema.iter().filter_map(extension).collect(),
        }
    }

    /// The path that a statement of the object has to be run under; none when it names
    /// everything in full.
    pub(super) fn path_for<'o>(
        &self,
        object: &'o Object,
        needs: &[Need<'_>],
    ) -> Option<&'o SearchPath> {
        let path = path(object)?;
        let matters = |need: &Need<'_>| {
            need.is_bare()
                && path.0.iter().any(|namespace| {
                    self.extensions.contains(namespace)
                        || self.objects.contains(&need.within(namespace))
                })
        };
        needs.iter().any(matters).then_some(path)
    }
}

/// Writes statements that are to be run under a path.
pub(super) fn under(
    writer: &mut SqlWriter,
    path: Option<&SearchPath>,
    write: impl FnOnce(&mut SqlWriter),
) {
    let Some(path) = path else { return write(writer) };
    writer.sql("SET search_path TO ").idents(&path.0);
    writer.sql(";\n");
    write(writer);
    writer.sql("SELECT pg_catalog.set_config('search_path', '', false);\n");
}
