//! Column definitions as written: `name type constraints`.

use std::collections::BTreeMap;

use pg_query::NodeEnum;
use pg_query::protobuf::{self, ConstrType, Node};

use super::constraint::{self, ConstraintDraft, NotNullDraft};
use super::expr::optional;
use super::index::option_value;
use super::lower::{Lowering, unsupported};
use super::sequence::SequenceOptions;
use super::type_name::{ident, name, type_name};
use crate::model::{
    Column, ColumnDefault, ColumnDetails, Expr, Expression, Facet, Ident, NotNull, Problem,
    ProblemCode, SearchPath, Span, TypeName,
};

/// A column as written.
#[derive(Clone, Debug)]
pub(super) struct ColumnDraft {
    /// The column; paths and identity are filled in when it is added.
    pub column: Column,
    /// False for a column of a partition or typed table, which only adds options.
    pub has_type: bool,
    /// `serial` and its like: the integer type under it.
    pub serial: Option<&'static str>,
    /// `GENERATED .. AS IDENTITY`: ALWAYS when true, and the options of its sequence.
    pub identity: Option<(bool, Box<SequenceOptions>)>,
    /// `NULL` is said explicitly.
    pub nullable: bool,
    /// Constraints that are objects of their own.
    pub constraints: Vec<ConstraintDraft>,
    /// Where the column is.
    pub span: Span,
    /// Where its facets are.
    pub places: Vec<(Facet, Span)>,
}

/// Lowers a column definition.
pub(super) fn lower(node: &protobuf::ColumnDef, cx: Lowering<'_>) -> Result<ColumnDraft, Problem> {
    let ty = node.type_name.as_ref().map(type_name);
    let serial = ty.as_ref().and_then(serial_type);
    let has_type = ty.is_some();
    let mut draft = ColumnDraft {
        column: Column::new(Ident::new(&node.colname), ty.unwrap_or_default()),
        has_type,
        serial,
        identity: None,
        nullable: false,
        constraints: Vec::new(),
        span: cx.element(node.location),
        places: Vec::new(),
    };
    if let Some(integer) = serial {
        draft.column.ty = TypeName::builtin(integer);
        draft.column.not_null = Some(NotNull::default());
    }
    let column = &mut draft.column;
    let storage = ident(&node.storage_name.to_ascii_lowercase());
    let details = ColumnDetails {
        collation: node.coll_clause.as_ref().map(|collate| name(&collate.collname)),
        storage: storage.filter(|storage| *storage != "default"),
        compression: ident(&node.compression).filter(|method| *method != "default"),
        foreign_options: foreign_options(&node.fdwoptions),
        ..ColumnDetails::default()
    };
    column.details = details.into();
    if node.is_not_null && column.not_null.is_none() {
        column.not_null = Some(NotNull::default());
    }
    if let Some(default) = &node.raw_default {
        set_default(&mut draft, super::expr::expr(default), cx.span());
    }
    for node in &node.constraints {
        if let Some(NodeEnum::Constraint(node)) = &node.node {
            column_constraint(&mut draft, node, cx)?;
        }
    }
    Ok(draft)
}

/// `serial`, `serial4`, `bigserial` and their like (`transformColumnDefinition`,
/// `src/backend/parser/parse_utilcmd.c`); only unqualified names are special.
fn serial_type(ty: &TypeName) -> Option<&'static str> {
    if ty.name.namespace.is_some() || ty.array {
        return None;
    }
    match ty.name.name.as_str() {
        "smallserial" | "serial2" => Some("int2"),
        "serial" | "serial4" => Some("int4"),
        "bigserial" | "serial8" => Some("int8"),
        _no_serial => None,
    }
}

/// One constraint of a column.
fn column_constraint(
    draft: &mut ColumnDraft,
    node: &protobuf::Constraint,
    cx: Lowering<'_>,
) -> Result<(), Problem> {
    let span = cx.element(node.location);
    match node.contype() {
        ConstrType::ConstrNull => draft.nullable = true,
        ConstrType::ConstrNotnull => {
            draft.column.not_null = Some(not_null(node));
            draft.places.push((Facet::NotNull, span));
        }
        ConstrType::ConstrDefault => {
            let default = optional(node.raw_expr.as_deref()).unwrap_or(Expr::Default);
            set_default(draft, default, span);
        }
        ConstrType::ConstrIdentity => {
            let options = SequenceOptions::lower(&node.options);
            if let Some(problem) = options.problem() {
                return Err(problem.at(span));
            }
            draft.identity = Some((node.generated_when == "a", Box::new(options)));
            if draft.column.not_null.is_none() {
                draft.column.not_null = Some(NotNull::default());
            }
            draft.places.push((Facet::Identity, span));
        }
        ConstrType::ConstrGenerated => {
            draft.column.default = Some(ColumnDefault::Generated {
                expression: unresolved(optional(node.raw_expr.as_deref()).unwrap_or(Expr::Default)),
                stored: node.generated_kind != "v",
            });
            draft.places.push((Facet::Generated, span));
        }
        ConstrType::ConstrCheck
        | ConstrType::ConstrPrimary
        | ConstrType::ConstrUnique
        | ConstrType::ConstrExclusion
        | ConstrType::ConstrForeign => {
            let column = draft.column.name.clone();
            draft.constraints.extend(constraint::lower(node, Some(&column), cx)?);
        }
        ConstrType::ConstrAttrDeferrable
        | ConstrType::ConstrAttrNotDeferrable
        | ConstrType::ConstrAttrDeferred
        | ConstrType::ConstrAttrImmediate
        | ConstrType::ConstrAttrEnforced
        | ConstrType::ConstrAttrNotEnforced => attribute(draft, node.contype(), span)?,
        ConstrType::Undefined => return Err(unsupported("this column constraint").at(span)),
    }
    Ok(())
}

/// `DEFERRABLE`, `INITIALLY DEFERRED`, `NOT ENFORCED` after a column constraint: they
/// are nodes of their own that belong to the constraint before them
/// (`transformConstraintAttrs`, `src/backend/parser/parse_utilcmd.c`).
fn attribute(draft: &mut ColumnDraft, kind: ConstrType, span: Span) -> Result<(), Problem> {
    let Some(last) = draft.constraints.last_mut() else {
        return Err(Problem::new(
            ProblemCode::Invalid,
            "this clause does not follow a constraint that it can belong to",
        )
        .at(span));
    };
    let constraint = &mut last.constraint;
    match kind {
        ConstrType::ConstrAttrDeferrable => constraint.deferrable = true,
        ConstrType::ConstrAttrDeferred => {
            constraint.deferrable = true;
            constraint.initially_deferred = true;
        }
        ConstrType::ConstrAttrNotEnforced => {
            constraint.enforced = false;
            constraint.validated = false;
        }
        _the_defaults => {}
    }
    Ok(())
}

/// The NOT NULL of a column or table constraint node.
pub(super) fn not_null(node: &protobuf::Constraint) -> NotNull {
    NotNull {
        name: ident(&node.conname).map(Box::new),
        no_inherit: node.is_no_inherit,
        not_valid: node.skip_validation,
        comment: None,
    }
}

/// The NOT NULL of a table constraint node (PostgreSQL 18).
pub(super) fn table_not_null(node: &protobuf::Constraint, cx: Lowering<'_>) -> NotNullDraft {
    let column = super::type_name::idents(&node.keys).into_iter().next().unwrap_or_default();
    NotNullDraft { column, not_null: not_null(node), span: cx.element(node.location) }
}

fn set_default(draft: &mut ColumnDraft, default: Expr, span: Span) {
    draft.column.default = Some(ColumnDefault::Expression(unresolved(default)));
    draft.places.push((Facet::Default, span));
}

/// An expression whose path is filled in when it is added.
pub(super) fn unresolved(expr: Expr) -> Expression {
    Expression { expr, path: SearchPath::empty() }
}

/// `OPTIONS (name 'value', ..)`.
pub(super) fn foreign_options(nodes: &[Node]) -> BTreeMap<Ident, Box<str>> {
    let mut options = BTreeMap::new();
    change_foreign_options(&mut options, nodes);
    options
}

/// `OPTIONS (ADD name 'value', SET name 'value', DROP name)`.
pub(super) fn change_foreign_options(options: &mut BTreeMap<Ident, Box<str>>, nodes: &[Node]) {
    for node in nodes {
        let Some(NodeEnum::DefElem(option)) = &node.node else {
            continue;
        };
        let name = Ident::new(&option.defname);
        if option.defaction() == protobuf::DefElemAction::DefelemDrop {
            options.remove(&name);
        } else {
            options.insert(name, option_value(option.arg.as_deref()));
        }
    }
}
