//! Constraints of tables: lowering, implicit names, adding.

use std::collections::BTreeMap;

use pg_query::protobuf::{self, ConstrType};

use super::expr::{expr, optional};
use super::index::{key, options};
use super::interpreter::{Interpreter, Relation};
use super::lower::Lowering;
use super::names::join_columns;
use super::type_name::{ident, idents, name, range_var};
use crate::model::{
    Child, Constraint, ConstraintDefinition, Entry, Exclusion, Expr, Expression, ForeignKey, Ident,
    Key, Name, NormalRule, Object, ObjectId, Problem, ProblemCode, QualifiedName,
    ReferentialAction, SearchPath, Span, Table,
};

/// A constraint as written: its name may be missing, its target is not resolved.
#[derive(Clone, Debug)]
pub(super) struct ConstraintDraft {
    /// The name, when one is written.
    pub name: Option<Ident>,
    /// The constraint; paths and the target of a foreign key are filled in when it is added.
    pub constraint: Constraint,
    /// The referenced table as written.
    pub target: Option<Name>,
    /// `USING INDEX`.
    pub using_index: Option<Ident>,
    /// Where.
    pub span: Span,
}

/// A NOT NULL constraint as written.
#[derive(Clone, Debug)]
pub(super) struct NotNullDraft {
    /// The column.
    pub column: Ident,
    /// The constraint.
    pub not_null: crate::model::NotNull,
    /// Where.
    pub span: Span,
}

/// Lowers a constraint that is an object of its own. `column` is the column it is
/// written on. `Ok(None)` for what is no such constraint.
pub(super) fn lower(
    node: &protobuf::Constraint,
    column: Option<&Ident>,
    cx: Lowering<'_>,
) -> Result<Option<ConstraintDraft>, Problem> {
    let columns = |nodes: &[protobuf::Node]| {
        if nodes.is_empty() { column.iter().map(|c| (*c).clone()).collect() } else { idents(nodes) }
    };
    let key = || Key {
        columns: columns(&node.keys),
        include: idents(&node.including),
        nulls_not_distinct: node.nulls_not_distinct,
        without_overlaps: node.without_overlaps,
        options: options(&node.options),
        tablespace: ident(&node.indexspace),
        partitions: BTreeMap::new(),
    };
    let definition = match node.contype() {
        ConstrType::ConstrCheck => ConstraintDefinition::Check {
            expression: Expression {
                expr: optional(node.raw_expr.as_deref()).unwrap_or(Expr::Default),
                path: SearchPath::empty(),
            },
            no_inherit: node.is_no_inherit,
        },
        ConstrType::ConstrPrimary => ConstraintDefinition::PrimaryKey(key()),
        ConstrType::ConstrUnique => ConstraintDefinition::Unique(key()),
        ConstrType::ConstrForeign => ConstraintDefinition::ForeignKey(ForeignKey {
            columns: columns(&node.fk_attrs),
            period: node.fk_with_period,
            target: QualifiedName::new("", ""),
            target_columns: idents(&node.pk_attrs),
            match_full: node.fk_matchtype == "f",
            on_update: action(&node.fk_upd_action),
            on_delete: action(&node.fk_del_action),
            delete_columns: idents(&node.fk_del_set_cols),
        }),
        ConstrType::ConstrExclusion => ConstraintDefinition::Exclusion(exclusion(node)),
        _not_an_object_of_its_own => return Ok(None),
    };
    if node.fk_matchtype == "p" {
        return Err(Problem::new(
            ProblemCode::Invalid,
            "MATCH PARTIAL is not implemented by PostgreSQL",
        )
        .at(cx.element(node.location)));
    }
    let is_key = has_index(&definition);
    Ok(Some(ConstraintDraft {
        name: ident(&node.conname),
        constraint: Constraint {
            definition,
            deferrable: node.deferrable || node.initdeferred,
            initially_deferred: node.initdeferred,
            validated: !node.skip_validation,
            // The grammar says it for CHECK and FOREIGN KEY only; keys always are.
            enforced: node.is_enforced || is_key,
            index_comment: None,
        },
        target: node.pktable.as_ref().map(range_var),
        using_index: ident(&node.indexname),
        span: cx.element(node.location),
    }))
}

fn action(code: &str) -> ReferentialAction {
    match code {
        "r" => ReferentialAction::Restrict,
        "c" => ReferentialAction::Cascade,
        "n" => ReferentialAction::SetNull,
        "d" => ReferentialAction::SetDefault,
        _no_action => ReferentialAction::NoAction,
    }
}

fn exclusion(node: &protobuf::Constraint) -> Exclusion {
    use pg_query::NodeEnum;
    let element = |node: &protobuf::Node| {
        let Some(NodeEnum::List(pair)) = &node.node else {
            return None;
        };
        let [element, operator] = pair.items.as_slice() else {
            return None;
        };
        let (Some(NodeEnum::IndexElem(element)), Some(NodeEnum::List(operator))) =
            (&element.node, &operator.node)
        else {
            return None;
        };
        Some((key(element), name(&operator.items)))
    };
    Exclusion {
        method: ident(&node.access_method).unwrap_or_else(|| Ident::new("gist")),
        elements: node.exclusions.iter().filter_map(element).collect(),
        include: idents(&node.including),
        predicate: node.where_clause.as_deref().map(expr),
        options: options(&node.options),
        tablespace: ident(&node.indexspace),
        path: SearchPath::empty(),
    }
}

/// Adds a constraint to a table, choosing its name when none is written.
pub(super) fn add(
    cx: &mut Interpreter<'_>,
    table: &QualifiedName,
    mut draft: ConstraintDraft,
    only: bool,
) -> Result<Child, Problem> {
    complete(cx, table, &mut draft)?;
    let chosen = draft.name.is_none();
    let name = match &draft.name {
        Some(name) => name.clone(),
        None => choose(cx, table, &draft.constraint.definition),
    };
    let child = Child::new(table.clone(), name);
    let id = ObjectId::Constraint(child.clone());
    if let Some(entry) = cx.schema.objects.get(&id) {
        return Err(super::interpreter::duplicate(&id, entry.origin.span).at(draft.span));
    }
    let index = table.sibling(child.name.clone());
    if has_index(&draft.constraint.definition) {
        if cx.relation_exists(&index) {
            return Err(Problem::new(
                ProblemCode::Duplicate,
                format!(
                    "relation \"{}\" already exists, so the constraint cannot have that name",
                    index.name.as_str()
                ),
            )
            .at(draft.span));
        }
        cx.take_relation_name(index.clone(), Relation::ConstraintIndex(child.clone()));
        if only {
            cx.only_indexes.insert(index);
        }
    }
    let mut entry = Entry::new(draft.constraint.into(), draft.span);
    if chosen {
        entry.origin.apply(NormalRule::ImplicitName);
    }
    cx.put(id, entry);
    Ok(child)
}

/// True for a constraint that PostgreSQL enforces by an index.
pub(super) fn has_index(definition: &ConstraintDefinition) -> bool {
    match definition {
        ConstraintDefinition::PrimaryKey(_)
        | ConstraintDefinition::Unique(_)
        | ConstraintDefinition::Exclusion(_) => true,
        ConstraintDefinition::Check { .. } | ConstraintDefinition::ForeignKey(_) => false,
    }
}

/// Fills in what depends on where the constraint is: paths, the target of a
/// foreign key, the session's tablespace, the columns of `USING INDEX`.
fn complete(
    cx: &mut Interpreter<'_>,
    table: &QualifiedName,
    draft: &mut ConstraintDraft,
) -> Result<(), Problem> {
    let path = cx.path.clone();
    let tablespace = cx.session.tablespace.clone();
    match &mut draft.constraint.definition {
        ConstraintDefinition::Check { expression, .. } => expression.path = path,
        ConstraintDefinition::PrimaryKey(key) | ConstraintDefinition::Unique(key) => {
            key.tablespace = key.tablespace.take().or(tablespace);
        }
        ConstraintDefinition::ForeignKey(foreign_key) => {
            if let Some(target) = &draft.target {
                foreign_key.target = cx.resolve_relation(target);
            }
            if !draft.constraint.enforced {
                draft.constraint.validated = false;
            }
        }
        ConstraintDefinition::Exclusion(exclusion) => {
            exclusion.path = path;
            exclusion.tablespace = exclusion.tablespace.take().or(tablespace);
        }
    }
    if let Some(index) = draft.using_index.take() {
        use_index(cx, table, draft, &index)?;
    }
    check_columns(cx, table, draft)
}

/// `ADD CONSTRAINT .. USING INDEX`: the index becomes that of the constraint and
/// takes its name (manual, ALTER TABLE, ADD `table_constraint_using_index`).
fn use_index(
    cx: &mut Interpreter<'_>,
    table: &QualifiedName,
    draft: &mut ConstraintDraft,
    index: &Ident,
) -> Result<(), Problem> {
    let id = ObjectId::Index(table.sibling(index.clone()));
    let Some(found) = cx.object::<crate::model::Index>(&id).cloned() else {
        return Err(
            super::interpreter::missing("index", &Name::bare(index.as_str())).at(draft.span)
        );
    };
    draft.constraint.index_comment =
        cx.schema.objects.get(&id).and_then(|entry| entry.comment.clone());
    cx.remove(&id);
    if draft.name.is_none() {
        draft.name = Some(index.clone());
    }
    let column = |key: &crate::model::IndexKey| match &key.expr {
        Expr::Column(column) => column.parts.last().cloned(),
        _expressions_are_refused_by_postgresql => None,
    };
    if let ConstraintDefinition::PrimaryKey(key) | ConstraintDefinition::Unique(key) =
        &mut draft.constraint.definition
    {
        key.columns = found.keys.iter().filter_map(column).collect();
        key.include = found.include;
        key.nulls_not_distinct = found.nulls_not_distinct;
        key.options = found.options;
        key.tablespace = found.tablespace;
    }
    Ok(())
}

/// A constraint over a column that its table does not have is refused.
fn check_columns(
    cx: &Interpreter<'_>,
    name: &QualifiedName,
    draft: &ConstraintDraft,
) -> Result<(), Problem> {
    let Some(table) = cx.table(name) else {
        return Ok(());
    };
    let columns: Vec<&Ident> = match &draft.constraint.definition {
        ConstraintDefinition::PrimaryKey(key) | ConstraintDefinition::Unique(key) => {
            key.columns.iter().chain(&key.include).collect()
        }
        ConstraintDefinition::ForeignKey(key) => key.columns.iter().collect(),
        ConstraintDefinition::Check { .. } | ConstraintDefinition::Exclusion(_) => Vec::new(),
    };
    for column in columns {
        if table.column(column).is_none() {
            return Err(Problem::new(
                ProblemCode::Missing,
                format!(
                    "column \"{}\" named in a constraint does not exist in \"{}\"",
                    column.as_str(),
                    name.name.as_str()
                ),
            )
            .at(draft.span));
        }
    }
    Ok(())
}

/// The name PostgreSQL chooses for a constraint (`ChooseIndexName`,
/// `src/backend/commands/indexcmds.c`; `ChooseForeignKeyConstraintNameAddition`,
/// `src/backend/commands/tablecmds.c`; `AddRelationNewConstraints`,
/// `src/backend/catalog/heap.c`).
pub(super) fn choose(
    cx: &Interpreter<'_>,
    table: &QualifiedName,
    definition: &ConstraintDefinition,
) -> Ident {
    let index_taken = |name: &QualifiedName| cx.relation_exists(name) || cx.constraint_exists(name);
    let constraint_taken = |name: &QualifiedName| cx.constraint_exists(name);
    let relation = table.name.as_str();
    let namespace = &table.namespace;
    match definition {
        ConstraintDefinition::PrimaryKey(_) => {
            cx.choose_name(namespace, relation, None, "pkey", index_taken)
        }
        ConstraintDefinition::Unique(key) => {
            let columns = key.columns.iter().chain(&key.include);
            let names =
                super::index::distinct_names(columns.map(|column| column.as_str().to_owned()));
            let joined = join_columns(names.iter().map(String::as_str));
            cx.choose_name(namespace, relation, Some(&joined), "key", index_taken)
        }
        ConstraintDefinition::Exclusion(exclusion) => {
            let keys = exclusion.elements.iter().map(|(key, _)| key);
            let names = super::index::key_names(keys, &exclusion.include);
            let joined = join_columns(names.iter().map(String::as_str));
            cx.choose_name(namespace, relation, Some(&joined), "excl", index_taken)
        }
        ConstraintDefinition::ForeignKey(key) => {
            let joined = join_columns(key.columns.iter().map(Ident::as_str));
            cx.choose_name(namespace, relation, Some(&joined), "fkey", constraint_taken)
        }
        ConstraintDefinition::Check { expression, .. } => {
            let column = cx.table(table).and_then(|t| only_column(t, table, &expression.expr));
            let column = column.as_ref().map(Ident::as_str);
            cx.choose_name(namespace, relation, column, "check", constraint_taken)
        }
    }
}

/// True for an object that cannot be without a column of a table
/// (`findDependentObjects`, `src/backend/catalog/dependency.c`).
pub(super) fn uses_column(
    id: &ObjectId,
    object: &Object,
    table: &QualifiedName,
    column: &Ident,
) -> bool {
    let mentions = |expr: &Expr| {
        let mut found = false;
        expr.for_each_column(&mut |reference| {
            found |= reference.parts.last() == Some(column);
        });
        found
    };
    match (id, object) {
        (ObjectId::Constraint(child), Object::Constraint(constraint)) => {
            let own = child.parent == *table;
            match &constraint.definition {
                ConstraintDefinition::Check { expression, .. } => own && mentions(&expression.expr),
                ConstraintDefinition::PrimaryKey(key) | ConstraintDefinition::Unique(key) => {
                    own && key.columns.iter().chain(&key.include).any(|own| own == column)
                }
                ConstraintDefinition::ForeignKey(key) => {
                    (own && key.columns.contains(column))
                        || (key.target == *table && key.target_columns.contains(column))
                }
                ConstraintDefinition::Exclusion(exclusion) => {
                    own && (exclusion.elements.iter().any(|(key, _)| mentions(&key.expr))
                        || exclusion.predicate.as_ref().is_some_and(mentions)
                        || exclusion.include.contains(column))
                }
            }
        }
        (ObjectId::Index(_), Object::Index(index)) => {
            index.relation == *table
                && (index.keys.iter().any(|key| mentions(&key.expr))
                    || index.include.contains(column)
                    || index.predicate.as_ref().is_some_and(mentions))
        }
        (ObjectId::Sequence(_), Object::Sequence(sequence)) => {
            sequence.owned_by.as_ref().is_some_and(|(owner, own)| owner == table && own == column)
        }
        (ObjectId::Statistics(_), Object::Statistics(statistics)) => {
            statistics.relation == *table
                && (statistics.columns.contains(column)
                    || statistics.expressions.iter().any(mentions))
        }
        _depends_on_no_single_column => false,
    }
}

/// The column of the table that an expression uses, when it uses exactly one.
fn only_column(table: &Table, name: &QualifiedName, expr: &Expr) -> Option<Ident> {
    let mut found: Option<Ident> = None;
    let mut several = false;
    expr.for_each_column(&mut |column| {
        let own = match column.parts.as_slice() {
            [only] => Some(only),
            [relation, column] if *relation == name.name => Some(column),
            [_, relation, column] if *relation == name.name => Some(column),
            [column, _field] => Some(column),
            _whole_rows_do_not_count => None,
        };
        let Some(own) = own.filter(|own| !column.star && table.column(own).is_some()) else {
            return;
        };
        match &found {
            Some(other) if other != own => several = true,
            Some(_) => {}
            None => found = Some(own.clone()),
        }
    });
    found.filter(|_| !several)
}
