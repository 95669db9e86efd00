//! `LIKE other INCLUDING ..` in `CREATE TABLE` (`transformTableLikeClause` and
//! `expandTableLikeClause`, `src/backend/parser/parse_utilcmd.c`).

use pg_query::protobuf;

use super::constraint::ConstraintDraft;
use super::interpreter::Interpreter;
use super::table::Creation;
use super::type_name::range_var;
use crate::model::{
    Attribute, Column, ColumnDefault, ColumnDetails, Composite, Constraint, ConstraintDefinition,
    Entry, Ident, Index, MaterializedView, Name, ObjectId, Problem, ProblemCode, QualifiedName,
    Query, Scoped, Span, Statistics, Table,
};

/// `LIKE` as written: the table and what to include, as the bits of `TableLikeOption`
/// (`src/include/nodes/parsenodes.h`).
pub(super) struct LikeDraft {
    /// The table.
    pub relation: Name,
    options: u32,
}

const COMMENTS: u32 = 1 << 0;
const COMPRESSION: u32 = 1 << 1;
const CONSTRAINTS: u32 = 1 << 2;
const DEFAULTS: u32 = 1 << 3;
const GENERATED: u32 = 1 << 4;
const IDENTITY: u32 = 1 << 5;
const INDEXES: u32 = 1 << 6;
const STATISTICS: u32 = 1 << 7;
const STORAGE: u32 = 1 << 8;

impl LikeDraft {
    /// Lowers the clause.
    pub fn lower(node: &protobuf::TableLikeClause) -> Self {
        let relation = node.relation.as_ref().map(range_var).unwrap_or_default();
        Self { relation, options: node.options }
    }

    fn has(&self, option: u32) -> bool {
        self.options & option != 0
    }

    /// Copies the columns, at the place of the clause.
    pub fn copy_columns(
        &self,
        cx: &Interpreter<'_>,
        creation: &mut Creation,
    ) -> Result<(), Problem> {
        let (name, id) = cx.relation(&self.relation)?;
        if let Some(composite) = cx.object::<Composite>(&id) {
            creation.table.columns.extend(composite.attributes.iter().map(attribute_column));
            return Ok(());
        }
        if let Some(view) = cx.view(&name) {
            return copy_outputs(cx, &view.query, &view.columns, creation);
        }
        let id = ObjectId::MaterializedView(name.clone());
        if let Some(view) = cx.object::<MaterializedView>(&id) {
            return copy_outputs(cx, &view.query, &view.columns, creation);
        }
        let table = cx.table(&name).ok_or_else(|| not_copied(&name))?;
        for source in &table.columns {
            let mut column = Column::new(source.name.clone(), source.ty.clone());
            column.details = self.details(source).into();
            column.not_null.clone_from(&source.not_null);
            if let Some(not_null) = &mut column.not_null {
                // From PostgreSQL 18 on the name comes along; there are no rows that could
                // be against it.
                not_null.comment = None;
                not_null.not_valid = false;
            }
            if self.has(COMMENTS) {
                column.comment.clone_from(&source.comment);
            }
            let identity = source.default.is_none().then(|| identity_of_root(cx, table, source));
            column.default = self.default(cx, creation, identity.flatten().unwrap_or(source));
            creation.table.columns.push(column);
        }
        Ok(())
    }

    fn default(
        &self,
        cx: &Interpreter<'_>,
        creation: &mut Creation,
        source: &Column,
    ) -> Option<ColumnDefault> {
        match source.default.as_ref()? {
            default @ ColumnDefault::Expression(_) => self.has(DEFAULTS).then(|| default.clone()),
            default @ ColumnDefault::Generated { .. } => {
                self.has(GENERATED).then(|| default.clone())
            }
            ColumnDefault::Identity { always, sequence, .. } => self.has(IDENTITY).then(|| {
                let sequence_name = creation.identity_name(cx, &source.name);
                ColumnDefault::Identity {
                    always: *always,
                    sequence_name,
                    sequence: sequence.clone(),
                }
            }),
        }
    }

    fn details(&self, source: &Column) -> ColumnDetails {
        let ColumnDetails { collation, storage, compression, .. } = &*source.details;
        ColumnDetails {
            storage: storage.clone().filter(|_| self.has(STORAGE)),
            compression: compression.clone().filter(|_| self.has(COMPRESSION)),
            ..ColumnDetails::collated(collation.clone())
        }
    }

    /// Copies constraints, indexes and statistics, once the table is there.
    pub fn copy_rest(&self, cx: &mut Interpreter<'_>, to: &QualifiedName) -> Result<(), Problem> {
        let (from, _) = cx.relation(&self.relation)?;
        for id in cx.children(&from) {
            self.copy_constraint(cx, &id, to)?;
        }
        if self.has(INDEXES) {
            self.copy_indexes(cx, &from, to);
        }
        if self.has(STATISTICS) {
            self.copy_statistics(cx, &from, to);
        }
        Ok(())
    }

    /// CHECK constraints keep their names; keys get new ones.
    fn copy_constraint(
        &self,
        cx: &mut Interpreter<'_>,
        id: &ObjectId,
        to: &QualifiedName,
    ) -> Result<(), Problem> {
        let Some(Constraint { definition, .. }) = cx.object::<Constraint>(id) else {
            return Ok(());
        };
        let ObjectId::Constraint(child) = id else {
            return Ok(());
        };
        let name = match definition {
            ConstraintDefinition::Check { .. } if self.has(CONSTRAINTS) => Some(child.name.clone()),
            ConstraintDefinition::PrimaryKey(_)
            | ConstraintDefinition::Unique(_)
            | ConstraintDefinition::Exclusion(_)
                if self.has(INDEXES) =>
            {
                None
            }
            _foreign_keys_are_never_copied => return Ok(()),
        };
        let Some(entry) = cx.schema.objects.get(id) else {
            return Ok(());
        };
        let span = entry.origin.span;
        // A key that is copied is its index: the comment of the index comes along, that of
        // the constraint does not (`expandTableLikeClause`, `src/backend/parser/parse_utilcmd.c`).
        let comment = entry.comment.clone().filter(|_| name.is_some() && self.has(COMMENTS));
        let Ok(constraint) = <&Constraint>::try_from(&entry.object) else {
            return Ok(());
        };
        let mut constraint = constraint.clone();
        if let ConstraintDefinition::PrimaryKey(key) | ConstraintDefinition::Unique(key) =
            &mut constraint.definition
        {
            key.partitions.clear();
        }
        constraint.validated = constraint.enforced;
        constraint.index_comment = constraint.index_comment.filter(|_| self.has(COMMENTS));
        let path = expression_path(&constraint);
        let draft = ConstraintDraft { name, constraint, target: None, using_index: None, span };
        let outer = path.map(|path| std::mem::replace(&mut cx.path, path));
        let added = super::table::add_constraint(cx, to, draft, false);
        if let Some(outer) = outer {
            cx.path = outer;
        }
        let added = ObjectId::Constraint(added?);
        if let Some(entry) = cx.schema.objects.get_mut(&added) {
            entry.comment = comment;
        }
        Ok(())
    }

    fn copy_indexes(&self, cx: &mut Interpreter<'_>, from: &QualifiedName, to: &QualifiedName) {
        let own = |(id, entry): (&ObjectId, &Entry)| match <&Index>::try_from(&entry.object) {
            Ok(index) if index.relation == *from => {
                Some((id.clone(), index.clone(), entry.comment.clone(), entry.origin.span))
            }
            _another_object => None,
        };
        let indexes: Vec<(ObjectId, Index, Option<Box<str>>, Span)> =
            cx.schema.objects.iter().filter_map(own).collect();
        for (_, mut index, comment, span) in indexes {
            index.relation = to.clone();
            index.partitions.clear();
            index.statistics.clear();
            let name = to.sibling(super::index::choose_name(cx, &index));
            let mut entry = Entry::new(index.into(), span);
            entry.comment = comment.filter(|_| self.has(COMMENTS));
            cx.put(ObjectId::Index(name), entry);
        }
    }

    fn copy_statistics(&self, cx: &mut Interpreter<'_>, from: &QualifiedName, to: &QualifiedName) {
        let own = |entry: &Entry| match <&Statistics>::try_from(&entry.object) {
            Ok(statistics) if statistics.relation == *from => {
                Some((statistics.clone(), entry.comment.clone(), entry.origin.span))
            }
            _another_object => None,
        };
        let all: Vec<_> = cx.schema.objects.values().filter_map(own).collect();
        for (mut statistics, comment, span) in all {
            statistics.relation = to.clone();
            let name = super::statistics::choose_name(cx, &statistics);
            let mut entry = Entry::new(statistics.into(), span);
            entry.comment = comment.filter(|_| self.has(COMMENTS));
            cx.put(ObjectId::Statistics(name), entry);
        }
    }
}

/// The column of the partitioned table at the top, when it is an identity column: partitions
/// draw from its sequence since PostgreSQL 17 (`getIdentitySequence`,
/// `src/backend/catalog/pg_depend.c`).
fn identity_of_root<'s>(
    cx: &'s Interpreter<'_>,
    table: &Table,
    column: &Column,
) -> Option<&'s Column> {
    let mut above = cx.table(&table.partition_of.as_ref()?.parent)?;
    // As deep as PostgreSQL lets partitions be nested, and no circle.
    for _ in 0..100 {
        match &above.partition_of {
            Some(of) => above = cx.table(&of.parent)?,
            None => break,
        }
    }
    let found = above.column(&column.name)?;
    matches!(found.default, Some(ColumnDefault::Identity { .. })).then_some(found)
}

fn expression_path(constraint: &Constraint) -> Option<crate::model::SearchPath> {
    match &constraint.definition {
        ConstraintDefinition::Check { expression, .. } => Some(expression.path.clone()),
        ConstraintDefinition::Exclusion(exclusion) => Some(exclusion.path.clone()),
        ConstraintDefinition::PrimaryKey(_)
        | ConstraintDefinition::Unique(_)
        | ConstraintDefinition::ForeignKey(_) => None,
    }
}

/// The columns of a view are those of its query.
fn copy_outputs(
    cx: &Interpreter<'_>,
    query: &Scoped<Query>,
    names: &[Ident],
    creation: &mut Creation,
) -> Result<(), Problem> {
    creation.table.columns.extend(super::table_as::columns_of(cx, query, names)?);
    Ok(())
}

fn not_copied(name: &QualifiedName) -> Problem {
    Problem::new(
        ProblemCode::NotModelled,
        format!("what LIKE \"{}\" copies is not known", name.name.as_str()),
    )
    .help("write the columns out")
}

fn attribute_column(attribute: &Attribute) -> Column {
    let mut column = Column::new(attribute.name.clone(), attribute.ty.clone());
    column.details = ColumnDetails::collated(attribute.collation.clone()).into();
    column
}

#[cfg(test)]
mod tests {
    use super::super::testing::{differ, same};

    #[test]
    fn the_names_of_not_null_constraints_come_along() {
        let source = "CREATE TABLE s (a int); ALTER TABLE s ADD CONSTRAINT n NOT NULL a NOT VALID;";
        same(
            &[source, "CREATE TABLE t (LIKE s);"].concat(),
            &[source, "CREATE TABLE t (a int CONSTRAINT n NOT NULL);"].concat(),
        );
    }

    #[test]
    fn a_partition_has_the_identity_of_its_partitioned_table() {
        let source = "CREATE TABLE p (a int, b bigint GENERATED ALWAYS AS IDENTITY (START 5)) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p DEFAULT;";
        same(
            &[source, "CREATE TABLE t (LIKE p1 INCLUDING IDENTITY);"].concat(),
            &[source, "CREATE TABLE t (LIKE p INCLUDING IDENTITY);"].concat(),
        );
        differ(
            &[source, "CREATE TABLE t (LIKE p1 INCLUDING IDENTITY);"].concat(),
            &[source, "CREATE TABLE t (LIKE p1 INCLUDING DEFAULTS);"].concat(),
        );
    }

    #[test]
    fn of_a_view_the_columns_are_copied() {
        let view = "CREATE VIEW v (x) AS SELECT 1::numeric(4,1), 'a'::varchar(9) AS y;";
        same(
            &[view, "CREATE TABLE t (LIKE v INCLUDING ALL, z int);"].concat(),
            &[view, "CREATE TABLE t (x numeric(4,1), y varchar(9), z int);"].concat(),
        );
    }
}
