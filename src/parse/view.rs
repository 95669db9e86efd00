//! `CREATE VIEW`, `CREATE MATERIALIZED VIEW`.
//!
//! The query is kept as written, with the path in force. `CREATE VIEW v (x) AS
//! SELECT a ..` becomes `SELECT a AS x ..` where the select list shows which item
//! gets the name, as `DefineView` does (`src/backend/commands/view.c`). A dump may
//! create a view twice: first with NULLs for columns, to break a circle, then for
//! good with `CREATE OR REPLACE`; the last one counts.

use std::collections::BTreeMap;

use pg_query::protobuf::{CreateTableAsStmt, IntoClause, ObjectType, ViewCheckOption, ViewStmt};

use super::declared::Declared;
use super::interpreter::{Interpreter, Outcome, Statement};
use super::lower::{Lowered, Lowering};
use super::query::of_node;
use super::type_name::{ident, idents, range_var};
use super::{def_elem, define, temporary};
use crate::model::{
    Acl, ColumnDefault, ColumnNote, Expr, Expression, Facet, Ident, MaterializedView, Name,
    ObjectId, Place, Problem, ProblemCode, QualifiedName, Query, QueryBody, Scoped, SearchPath,
    Span, View,
};

/// `CREATE [OR REPLACE] [RECURSIVE] VIEW`.
pub(super) fn create(stmt: &ViewStmt, cx: Lowering<'_>) -> Lowered {
    let Some(relation) = &stmt.view else { return Lowered::unsupported("a view without a name") };
    let mut query = of_node(stmt.query.as_deref());
    let columns = name_outputs(&mut query, idents(&stmt.aliases));
    let mut options = Vec::new();
    for element in define::elements(&stmt.options) {
        let value = define::text(element).unwrap_or_else(|| "true".to_owned());
        options.push((def_elem::option_name(element), value, cx.element(element.location)));
    }
    let check = match stmt.with_check_option() {
        ViewCheckOption::LocalCheckOption => Some("local"),
        ViewCheckOption::CascadedCheckOption => Some("cascaded"),
        ViewCheckOption::NoCheckOption | ViewCheckOption::Undefined => None,
    };
    options.extend(check.map(|kind| (Ident::new("check_option"), kind.to_owned(), cx.span())));
    Lowered::apply(CreateView {
        name: temporary::created_name(relation),
        query,
        columns,
        options,
        replace: stmt.replace,
    })
}

/// `CREATE TABLE AS`, `CREATE MATERIALIZED VIEW`.
pub(super) fn create_table_as(stmt: &CreateTableAsStmt, cx: Lowering<'_>) -> Lowered {
    let Some(into) = &stmt.into else { return Lowered::unsupported("CREATE TABLE AS") };
    let Some(relation) = &into.rel else { return Lowered::unsupported("CREATE TABLE AS") };
    if stmt.objtype() != ObjectType::ObjectMatview {
        return super::table_as::create(stmt, into, relation, cx);
    }
    let mut query = of_node(stmt.query.as_deref());
    let columns = name_outputs(&mut query, idents(&into.col_names));
    Lowered::apply(CreateMaterializedView {
        name: range_var(relation),
        query,
        columns,
        options: storage_options(into, cx),
        access_method: ident(&into.access_method),
        tablespace: ident(&into.table_space_name),
        if_not_exists: stmt.if_not_exists,
    })
}

struct CreateView {
    name: Name,
    query: Query,
    columns: Vec<Ident>,
    options: Vec<(Ident, String, Span)>,
    replace: bool,
}

impl Statement for CreateView {
    fn declare(&self, declared: &mut Declared, path: &SearchPath) {
        if !temporary::is_temporary(&self.name) {
            let name = declared.creation_name(&self.name, path);
            declared.relations.insert(name);
        }
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let name = if self.name.namespace.is_none() && cx.reads_temporary(&self.query) {
            temporary::qualified(&self.name.name)
        } else {
            cx.creation_name(&self.name)
        };
        let id = ObjectId::View(name.clone());
        if !self.replace {
            cx.replace_temporary(&id, span);
        }
        let mut view = View {
            query: Scoped { value: self.query, path: cx.path.clone() },
            columns: self.columns,
            options: BTreeMap::new(),
            defaults: BTreeMap::new(),
            column_notes: BTreeMap::new(),
        };
        let mut places = Vec::new();
        for (option, value, at) in self.options {
            set_view_option(&mut view.options, &option, &value)
                .map_err(|problem| problem.at(at))?;
            places.push((option, at));
        }
        if self.replace
            && let Some(old) = cx.view(&name)
        {
            // The columns stay, and what is said of them (`DefineVirtualRelation`,
            // `src/backend/commands/view.c`).
            view.defaults.clone_from(&old.defaults);
            view.column_notes.clone_from(&old.column_notes);
            cx.create_or_replace(id.clone(), view, span);
        } else {
            cx.create(id.clone(), view, span, false)?;
        }
        let origin = &mut cx.entry_mut(&id)?.origin;
        for (option, at) in places {
            origin.record(Place::part_facet(&option, Facet::Option), at);
        }
        Ok(temporary::made(&id))
    }
}

/// Sets an option of a view in its normal form: `on` is `true`, and a flag that is
/// off is not there, which is the same (manual, CREATE VIEW, "Parameters").
fn set_view_option(
    options: &mut BTreeMap<Ident, Box<str>>,
    name: &Ident,
    value: &str,
) -> Result<(), Problem> {
    let wrong = |expected: &str| {
        let name = name.as_str();
        let message = format!("the view option \"{name}\" is \"{value}\", expected {expected}");
        Err(Problem::new(ProblemCode::Invalid, message))
    };
    match name.as_str() {
        "security_barrier" | "security_invoker" => match def_elem::bool_text(value) {
            Some(true) => options.insert(name.clone(), "true".into()),
            Some(false) => options.remove(name),
            None => return wrong("true or false"),
        },
        "check_option" => match value.to_ascii_lowercase().as_str() {
            kind @ ("local" | "cascaded") => options.insert(name.clone(), kind.into()),
            _other => return wrong("local or cascaded"),
        },
        _unknown => {
            let message = format!("views have no option \"{}\" in PostgreSQL 18", name.as_str());
            return Err(Problem::new(ProblemCode::NotModelled, message));
        }
    };
    Ok(())
}

struct CreateMaterializedView {
    name: Name,
    query: Query,
    columns: Vec<Ident>,
    options: Vec<(Ident, Box<str>, Span)>,
    access_method: Option<Ident>,
    tablespace: Option<Ident>,
    if_not_exists: bool,
}

impl Statement for CreateMaterializedView {
    fn declare(&self, declared: &mut Declared, path: &SearchPath) {
        let name = declared.creation_name(&self.name, path);
        declared.relations.insert(name);
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let id = ObjectId::MaterializedView(cx.creation_name(&self.name));
        let method = self.access_method.filter(|method| *method != "heap");
        let view = MaterializedView {
            query: Scoped { value: self.query, path: cx.path.clone() },
            columns: self.columns,
            options: self
                .options
                .iter()
                .map(|(name, value, _)| (name.clone(), value.clone()))
                .collect(),
            access_method: method.or_else(|| cx.session.access_method.clone()),
            tablespace: self.tablespace.or_else(|| cx.session.tablespace.clone()),
            cluster_on: None,
            column_options: BTreeMap::new(),
            column_notes: BTreeMap::new(),
        };
        let outcome = cx.create(id.clone(), view, span, self.if_not_exists)?;
        if outcome == Outcome::Modelled {
            let origin = &mut cx.entry_mut(&id)?.origin;
            for (option, _, at) in self.options {
                origin.record(Place::part_facet(&option, Facet::Option), at);
            }
        }
        Ok(outcome)
    }
}

/// `WITH (..)`: values as written, a bare name is `true`.
pub(super) fn storage_options(into: &IntoClause, cx: Lowering<'_>) -> Vec<(Ident, Box<str>, Span)> {
    let option = |element| {
        let value = define::text(element).unwrap_or_else(|| "true".to_owned());
        (def_elem::option_name(element), value.into(), cx.element(element.location))
    };
    define::elements(&into.options).map(option).collect()
}

/// Gives an output of a query another name; false when it cannot be told which.
pub(super) fn rename_output(query: &mut Query, from: &Ident, to: &Ident) -> bool {
    let mut query = query;
    let select = loop {
        match query.body.as_mut() {
            QueryBody::Select(select) => break select,
            QueryBody::SetOperation { left, .. } => query = left,
            QueryBody::Values(_) => return false,
        }
    };
    let is_output = |target: &crate::model::Target| match &target.alias {
        Some(alias) => alias == from,
        None => crate::model::output_column(&target.expr) == from.as_str(),
    };
    if select.targets.iter().any(|target| target.alias.is_none() && is_star(&target.expr)) {
        return false;
    }
    let found = select.targets.iter_mut().find(|target| is_output(target));
    let Some(target) = found else { return false };
    target.alias = Some(to.clone());
    true
}

/// Gives the items of the select list the names of the column list. What stays is
/// the list, when a `*` hides which item gets which name.
///
/// ```sql
/// CREATE VIEW v (x) AS SELECT a, b FROM t;  -- SELECT a AS x, b FROM t
/// CREATE VIEW v (x) AS SELECT * FROM t;     -- as written
/// ```
fn name_outputs(query: &mut Query, names: Vec<Ident>) -> Vec<Ident> {
    let mut query = query;
    // A set operation has the names of its leftmost query.
    let select = loop {
        match query.body.as_mut() {
            QueryBody::Select(select) => break select,
            QueryBody::SetOperation { left, .. } => query = left,
            QueryBody::Values(_) => return names,
        }
    };
    let named = select.targets.iter().take(names.len());
    if select.targets.len() < names.len() || named.clone().any(|target| is_star(&target.expr)) {
        return names;
    }
    for (target, name) in select.targets.iter_mut().zip(names) {
        target.alias = Some(name);
    }
    Vec::new()
}

fn is_star(expr: &Expr) -> bool {
    match expr {
        Expr::Column(column) => column.star,
        Expr::Indirection(_, steps) => {
            steps.last().is_some_and(|step| matches!(step, crate::model::Access::Star))
        }
        _one_column => false,
    }
}

// What ALTER VIEW, ALTER MATERIALIZED VIEW and ALTER TABLE on a view do.

/// `ALTER COLUMN .. SET DEFAULT`; `None` for `DROP DEFAULT`.
pub(super) fn alter_column_default(
    cx: &mut Interpreter<'_>,
    view: &QualifiedName,
    column: &Ident,
    default: Option<Expr>,
    span: Span,
) -> Result<(), Problem> {
    let path = cx.path.clone();
    let Some((view, origin)) = cx.object_mut::<View>(&ObjectId::View(view.clone())) else {
        return Err(Problem::new(ProblemCode::Invalid, "only views have defaults set this way"));
    };
    match default {
        Some(expr) => {
            let default = ColumnDefault::Expression(Expression { expr, path });
            view.defaults.insert(column.clone(), default);
            origin.record(Place::part_facet(column, Facet::Default), span);
        }
        None => {
            view.defaults.remove(column);
        }
    }
    Ok(())
}

/// `ALTER VIEW .. SET (name = value)`, of a view or a materialized view.
pub(super) fn set_option(
    cx: &mut Interpreter<'_>,
    id: &ObjectId,
    name: &Ident,
    value: &str,
    span: Span,
) -> Result<(), Problem> {
    if let Some((view, origin)) = cx.object_mut::<View>(id) {
        set_view_option(&mut view.options, name, value)?;
        origin.record(Place::part_facet(name, Facet::Option), span);
    } else if let Some((view, origin)) = cx.object_mut::<MaterializedView>(id) {
        view.options.insert(name.clone(), value.into());
        origin.record(Place::part_facet(name, Facet::Option), span);
    }
    Ok(())
}

/// `ALTER VIEW .. RESET (name)`, of a view or a materialized view.
pub(super) fn reset_option(cx: &mut Interpreter<'_>, id: &ObjectId, name: &Ident) {
    if let Some((view, _)) = cx.object_mut::<View>(id) {
        view.options.remove(name);
    } else if let Some((view, _)) = cx.object_mut::<MaterializedView>(id) {
        view.options.remove(name);
    }
}

/// `ALTER MATERIALIZED VIEW .. ALTER COLUMN .. SET STATISTICS | STORAGE | COMPRESSION |
/// (option = value)`; `None` for the default.
pub(super) fn set_column_option(
    cx: &mut Interpreter<'_>,
    view: &QualifiedName,
    column: &Ident,
    attribute: &str,
    value: Option<&str>,
    span: Span,
) -> Result<(), Problem> {
    let id = ObjectId::MaterializedView(view.clone());
    let Some((view, origin)) = cx.object_mut::<MaterializedView>(&id) else {
        return Err(Problem::new(
            ProblemCode::Invalid,
            "views have no storage attributes of columns",
        ));
    };
    let key = (column.clone(), Ident::new(attribute));
    match value {
        Some(value) => {
            view.column_options.insert(key, value.into());
            origin.record(Place::part_facet(column, Facet::Option), span);
        }
        None => {
            view.column_options.remove(&key);
        }
    }
    Ok(())
}

/// What is said of a column of a view or materialized view, to be changed.
pub(super) fn column_note<'s>(
    cx: &'s mut Interpreter<'_>,
    id: &ObjectId,
    column: &Ident,
) -> Option<&'s mut ColumnNote> {
    let notes = match id {
        ObjectId::View(_) => &mut cx.object_mut::<View>(id)?.0.column_notes,
        ObjectId::MaterializedView(_) => &mut cx.object_mut::<MaterializedView>(id)?.0.column_notes,
        _no_other_kind_has_notes => return None,
    };
    Some(notes.entry(column.clone()).or_default())
}

/// Forgets a note that says nothing any more.
pub(super) fn tidy_notes(notes: &mut BTreeMap<Ident, ColumnNote>) {
    let empty = |acl: &Option<Acl>| acl.as_ref().is_none_or(|acl| acl.grants.is_empty());
    notes.retain(|_, note| note.comment.is_some() || !empty(&note.acl) || !note.labels.is_empty());
}

#[cfg(test)]
mod tests {
    use super::super::testing::{differ, problems, same};
    use crate::model::ProblemCode;

    #[test]
    fn a_column_list_names_the_outputs() {
        same("CREATE VIEW v (x) AS SELECT 1, 2 AS b;", "CREATE VIEW v AS SELECT 1 AS x, 2 AS b;");
        same(
            "CREATE VIEW v (x) AS SELECT 1 UNION SELECT 2;",
            "CREATE VIEW v AS SELECT 1 AS x UNION SELECT 2;",
        );
    }

    #[test]
    fn options_have_one_form() {
        same(
            "CREATE VIEW v AS SELECT 1 WITH LOCAL CHECK OPTION;",
            "CREATE VIEW v WITH (check_option = LOCAL) AS SELECT 1;",
        );
        same(
            "CREATE VIEW v WITH (security_barrier, security_invoker = off) AS SELECT 1;",
            "CREATE VIEW v AS SELECT 1; ALTER VIEW v SET (security_barrier = on);",
        );
        differ("CREATE VIEW v WITH (security_invoker) AS SELECT 1;", "CREATE VIEW v AS SELECT 1;");
        assert_eq!(
            problems("CREATE VIEW v WITH (security_barrier = perhaps) AS SELECT 1;"),
            [ProblemCode::Invalid]
        );
    }

    #[test]
    fn the_last_definition_counts_and_keeps_what_is_said_of_columns() {
        same(
            "CREATE VIEW v AS SELECT NULL::integer AS id; COMMENT ON COLUMN v.id IS 'c'; CREATE OR REPLACE VIEW v AS SELECT 1 AS id;",
            "CREATE VIEW v AS SELECT 1 AS id; COMMENT ON COLUMN v.id IS 'c';",
        );
    }
}
