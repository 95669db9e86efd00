//! Composite types: `CREATE TYPE .. AS (..)` and `ALTER TYPE .. ADD | DROP | ALTER
//! ATTRIBUTE`, which the parser gives as `ALTER TABLE` of a type.

use pg_query::NodeEnum;
use pg_query::protobuf::{AlterTableStmt, AlterTableType, ColumnDef, CompositeTypeStmt};

use super::super::coverage::IgnoreRule;
use super::super::declared::Declared;
use super::super::interpreter::{Interpreter, Need, Outcome, Statement, missing, shown};
use super::super::lower::{Lowered, Lowering};
use super::super::{define, type_name};
use crate::model::{
    Attribute, Composite, Facet, Ident, Name, ObjectId, Place, Problem, ProblemCode, SearchPath,
    Span, TypeName,
};

struct CreateComposite {
    name: Name,
    attributes: Vec<Column>,
}

struct AlterComposite {
    name: Name,
    if_exists: bool,
    changes: Vec<Change>,
    problems: Vec<Problem>,
}

enum Change {
    Add(Column),
    Drop { name: Ident, if_exists: bool },
    Retype(Column),
}

/// An attribute as written.
struct Column {
    name: Ident,
    ty: TypeName,
    collation: Option<Name>,
    span: Span,
}

/// `CREATE TYPE name AS (..)`.
pub(in crate::parse) fn create(stmt: &CompositeTypeStmt, cx: Lowering<'_>) -> Lowered {
    let columns = stmt.coldeflist.iter().filter_map(|node| match node.node.as_ref()? {
        NodeEnum::ColumnDef(column) => Some(self::column(column, &column.colname, cx)),
        _the_grammar_puts_nothing_else_here => None,
    });
    let name = stmt.typevar.as_ref().map(type_name::range_var).unwrap_or_default();
    Lowered::apply(CreateComposite { name, attributes: columns.collect() })
}

/// `ALTER TYPE name ADD | DROP | ALTER ATTRIBUTE ..`.
pub(in crate::parse) fn alter(stmt: &AlterTableStmt, cx: Lowering<'_>) -> Lowered {
    let mut changes = Vec::new();
    let mut problems = Vec::new();
    for node in &stmt.cmds {
        let Some(NodeEnum::AlterTableCmd(command)) = &node.node else { continue };
        let definition = command.def.as_deref().and_then(|node| match node.node.as_ref()? {
            NodeEnum::ColumnDef(column) => Some(column.as_ref()),
            _no_attribute => None,
        });
        let name = Ident::new(&command.name);
        match (command.subtype(), definition) {
            (AlterTableType::AtAddColumn, Some(def)) => {
                changes.push(Change::Add(column(def, &def.colname, cx)));
            }
            (AlterTableType::AtAlterColumnType, Some(def)) => {
                changes.push(Change::Retype(column(def, &command.name, cx)));
            }
            (AlterTableType::AtDropColumn, _) => {
                changes.push(Change::Drop { name, if_exists: command.missing_ok });
            }
            _the_grammar_allows_no_more => {
                problems.push(define::part_not_modelled("this change of a composite type"));
            }
        }
    }
    let name = stmt.relation.as_ref().map(type_name::range_var).unwrap_or_default();
    Lowered::apply(AlterComposite { name, if_exists: stmt.missing_ok, changes, problems })
}

fn column(def: &ColumnDef, name: &str, cx: Lowering<'_>) -> Column {
    Column {
        name: Ident::new(name),
        ty: def.type_name.as_ref().map(type_name::type_name).unwrap_or_default(),
        collation: def.coll_clause.as_ref().map(|clause| type_name::name(&clause.collname)),
        span: cx.element(def.location),
    }
}

impl Column {
    fn resolve(&self, cx: &Interpreter<'_>) -> Attribute {
        let ty = cx.resolve_type(&self.ty);
        let collation = cx.own_collation(&ty, self.collation.as_ref());
        Attribute { name: self.name.clone(), ty, collation, comment: None }
    }
}

impl Statement for CreateComposite {
    fn declare(&self, declared: &mut Declared, path: &SearchPath) {
        declared.add_type(&self.name, path);
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let name = cx.creation_name(&self.name);
        let mut composite = Composite::default();
        for column in &self.attributes {
            let attribute = column.resolve(cx);
            check_new(&composite, &attribute.name, &self.name)?;
            composite.attributes.push(attribute);
        }
        let outcome = super::create_type(cx, ObjectId::Composite, &name, composite, span)?;
        let entry = cx.entry_mut(&ObjectId::Composite(name))?;
        for column in &self.attributes {
            entry.origin.record(Place::part(&column.name), column.span);
        }
        Ok(outcome)
    }
}

impl Statement for AlterComposite {
    fn needs(&self) -> Vec<Need> {
        if self.if_exists { Vec::new() } else { vec![super::need_type(&self.name)] }
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        cx.warnings.extend(self.problems.into_iter().map(|problem| problem.at(span)));
        let is_composite = |id: &ObjectId| matches!(id, ObjectId::Composite(_));
        let id = match super::existing_type(cx, &self.name, "composite type", is_composite) {
            Ok(id) => id,
            Err(_) if self.if_exists => return Ok(Outcome::Ignored(IgnoreRule::NoEffect)),
            Err(problem) => return Err(problem),
        };
        for change in &self.changes {
            let resolved = match change {
                Change::Add(column) | Change::Retype(column) => Some(column.resolve(cx)),
                Change::Drop { .. } => None,
            };
            let Some((composite, origin)) = cx.object_mut::<Composite>(&id) else {
                return Err(missing("composite type", &self.name));
            };
            match (change, resolved) {
                (Change::Add(column), Some(attribute)) => {
                    check_new(composite, &attribute.name, &self.name)?;
                    origin.record(Place::part(&attribute.name), column.span);
                    composite.attributes.push(attribute);
                }
                (Change::Retype(column), Some(attribute)) => {
                    let known = find(composite, &column.name, &self.name)?;
                    known.ty = attribute.ty;
                    known.collation = attribute.collation;
                    // The element of ALTER ATTRIBUTE has no place in the tree.
                    origin.record(Place::part(&column.name), span);
                }
                (Change::Drop { name, if_exists }, _) => {
                    if let Err(problem) = find(composite, name, &self.name)
                        && !if_exists
                    {
                        return Err(problem);
                    }
                    composite.attributes.retain(|attribute| attribute.name != *name);
                }
                (Change::Add(_) | Change::Retype(_), None) => {}
            }
            origin.record(Place::facet(Facet::Columns), span);
        }
        Ok(Outcome::Modelled)
    }
}

fn check_new(composite: &Composite, name: &Ident, ty: &Name) -> Result<(), Problem> {
    if composite.attributes.iter().any(|attribute| attribute.name == *name) {
        let message = format!("the type {} has two attributes \"{}\"", shown(ty), name.as_str());
        return Err(Problem::new(ProblemCode::Duplicate, message));
    }
    Ok(())
}

fn find<'c>(
    composite: &'c mut Composite,
    name: &Ident,
    ty: &Name,
) -> Result<&'c mut Attribute, Problem> {
    let found = composite.attributes.iter_mut().find(|attribute| attribute.name == *name);
    found.ok_or_else(|| {
        let message = format!("the type {} has no attribute \"{}\"", shown(ty), name.as_str());
        Problem::new(ProblemCode::Missing, message)
    })
}
