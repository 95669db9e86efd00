//! `CREATE TABLE` and `CREATE FOREIGN TABLE`.
//!
//! Columns come from five places: written, inherited, copied by LIKE, taken from a
//! type or from a partitioned table. Constraints become objects of their own, with
//! names chosen in PostgreSQL's order: checks, then keys, then foreign keys.

use pg_query::NodeEnum;
use pg_query::protobuf::{self, ConstrType, Node, OnCommitAction};

use super::column::{self, ColumnDraft};
use super::constraint::{self, ConstraintDraft, NotNullDraft};
use super::declared::Declared;
use super::index::options;
use super::interpreter::{Interpreter, Need, Outcome, Relation, Statement};
use super::like::LikeDraft;
use super::lower::{Lowered, Lowering, unsupported};
use super::type_name::{ident, range_var, type_name};
use super::{IgnoreRule, partition, temporary};
use crate::model::{
    Child, Column, ColumnDefault, ColumnDetails, ConstraintDefinition, Entry, ForeignTable, Ident,
    Name, NormalRule, ObjectId, Origin, PartitionBound, PartitionKey, PartitionOf, Place, Problem,
    ProblemCode, QualifiedName, SearchPath, Span, Table, TypeName,
};

/// `CREATE TABLE` as written.
pub(super) struct CreateTable {
    name: Name,
    if_not_exists: bool,
    drops_on_commit: bool,
    elements: Vec<Element>,
    inherits: Vec<Name>,
    partition_bound: Option<PartitionBound>,
    partition_by: Option<PartitionKey>,
    of_type: Option<TypeName>,
    table: Table,
}

/// An element of the list in parentheses.
enum Element {
    Column(Box<ColumnDraft>),
    Constraint(Box<ConstraintDraft>),
    NotNull(NotNullDraft),
    Like(LikeDraft),
}

/// Lowers `CREATE TABLE`.
pub(super) fn create(stmt: &protobuf::CreateStmt, cx: Lowering<'_>) -> Lowered {
    match lower(stmt, cx) {
        Ok(table) => Lowered::apply(table),
        Err(problem) => Lowered::problem(problem),
    }
}

/// Lowers `CREATE FOREIGN TABLE`.
pub(super) fn create_foreign(stmt: &protobuf::CreateForeignTableStmt, cx: Lowering<'_>) -> Lowered {
    let Some(base) = &stmt.base_stmt else {
        return Lowered::unsupported("CREATE FOREIGN TABLE");
    };
    match lower(base, cx) {
        Ok(mut table) => {
            table.table.foreign = Some(ForeignTable {
                server: Ident::new(&stmt.servername),
                options: column::foreign_options(&stmt.options),
            });
            Lowered::apply(table)
        }
        Err(problem) => Lowered::problem(problem),
    }
}

fn lower(stmt: &protobuf::CreateStmt, cx: Lowering<'_>) -> Result<CreateTable, Problem> {
    let relation = stmt.relation.as_ref().ok_or_else(|| unsupported("CREATE TABLE"))?;
    let elements = stmt.table_elts.iter().chain(&stmt.constraints).chain(&stmt.nnconstraints);
    let elements = elements.map(|node| element(node, cx)).collect::<Result<_, _>>()?;
    let parent = |node: &Node| match &node.node {
        Some(NodeEnum::RangeVar(parent)) => Some(range_var(parent)),
        _no_other_node_is_a_parent => None,
    };
    let mut table = Table::empty();
    table.unlogged = relation.relpersistence == "u";
    table.access_method = ident(&stmt.access_method);
    table.tablespace = ident(&stmt.tablespacename);
    table.options = options(&stmt.options);
    // OIDs are gone since PostgreSQL 12; saying that there are none says nothing.
    table.options.remove(&Ident::new("oids"));
    Ok(CreateTable {
        name: temporary::created_name(relation),
        if_not_exists: stmt.if_not_exists,
        drops_on_commit: stmt.oncommit() == OnCommitAction::OncommitDrop,
        elements,
        inherits: stmt.inh_relations.iter().filter_map(parent).collect(),
        partition_bound: stmt.partbound.as_ref().map(partition::bound).transpose()?,
        partition_by: stmt.partspec.as_ref().map(partition::key),
        of_type: stmt.of_typename.as_ref().map(type_name),
        table,
    })
}

fn element(node: &Node, cx: Lowering<'_>) -> Result<Element, Problem> {
    match &node.node {
        Some(NodeEnum::ColumnDef(node)) => Ok(Element::Column(Box::new(column::lower(node, cx)?))),
        Some(NodeEnum::Constraint(node)) if node.contype() == ConstrType::ConstrNotnull => {
            Ok(Element::NotNull(column::table_not_null(node, cx)))
        }
        Some(NodeEnum::Constraint(node)) => match constraint::lower(node, None, cx)? {
            Some(draft) => Ok(Element::Constraint(Box::new(draft))),
            None => Err(unsupported("this table constraint").at(cx.element(node.location))),
        },
        Some(NodeEnum::TableLikeClause(node)) => Ok(Element::Like(LikeDraft::lower(node))),
        _no_other_element => Err(unsupported("this element of CREATE TABLE")),
    }
}

impl Statement for CreateTable {
    fn declare(&self, declared: &mut Declared, path: &SearchPath) {
        if !temporary::is_temporary(&self.name) {
            declared.relations.insert(declared.creation_name(&self.name, path));
        }
    }

    fn needs(&self) -> Vec<Need> {
        let like = self.elements.iter().filter_map(|element| match element {
            Element::Like(like) => Some(&like.relation),
            Element::Column(_) | Element::Constraint(_) | Element::NotNull(_) => None,
        });
        let relations = self.inherits.iter().chain(like).cloned().map(Need::Relation);
        let of_type = self.of_type.iter().map(|ty| Need::Relation(ty.name.clone()));
        relations.chain(of_type).collect()
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let name = cx.creation_name(&self.name);
        let id = ObjectId::Table(name.clone());
        cx.replace_temporary(&id, span);
        if let Some(existing) = cx.clash(&id) {
            if self.if_not_exists {
                return Ok(Outcome::Ignored(IgnoreRule::NoEffect));
            }
            return Err(super::interpreter::duplicate(&id, existing));
        }
        if self.drops_on_commit {
            cx.drop_on_commit(id.clone());
        }
        Creation::new(name, span).run(cx, *self)?;
        Ok(temporary::made(&id))
    }
}

/// `default_tablespace` and `default_table_access_method`; a partitioned table has no storage
/// of its own and a partition takes them from its parent, the access method if that has one
/// (`DefineRelation`, `src/backend/commands/tablecmds.c`).
pub(super) fn session_defaults(
    cx: &Interpreter<'_>,
    table: &mut Table,
    partition: bool,
    partitioned: bool,
) {
    if table.tablespace.is_none() && !partition {
        table.tablespace.clone_from(&cx.session.tablespace);
    }
    if table.access_method.is_none() && !partitioned {
        table.access_method.clone_from(&cx.session.access_method);
    }
    table.tablespace.take_if(|space| *space == "pg_default");
    table.access_method.take_if(|method| *method == "heap");
}

/// A table while it is being made.
pub(super) struct Creation {
    /// Its name.
    pub name: QualifiedName,
    /// The table so far.
    pub table: Table,
    /// Places of its columns.
    pub origin: Origin,
    /// Constraints to be added once the table is there.
    pub constraints: Vec<ConstraintDraft>,
    /// Sequences of serial columns.
    sequences: Vec<(QualifiedName, crate::model::Sequence, Span)>,
    /// Names taken by sequences of this table.
    taken: Vec<QualifiedName>,
}

impl Creation {
    fn new(name: QualifiedName, span: Span) -> Self {
        Self {
            name,
            table: Table::empty(),
            origin: Origin::at(span),
            constraints: Vec::new(),
            sequences: Vec::new(),
            taken: Vec::new(),
        }
    }

    fn run(mut self, cx: &mut Interpreter<'_>, stmt: CreateTable) -> Result<(), Problem> {
        let partition = stmt.partition_bound.is_some();
        self.table = stmt.table;
        if partition && self.table.access_method.is_none() {
            let parent = stmt.inherits.first().and_then(|parent| cx.relation(parent).ok());
            let parent = parent.and_then(|(name, _)| cx.table(&name));
            self.table.access_method = parent.and_then(|table| table.access_method.clone());
        }
        if self.table.foreign.is_none() {
            session_defaults(cx, &mut self.table, partition, stmt.partition_by.is_some());
        }
        if let Some(mut key) = stmt.partition_by {
            key.path = cx.path.clone();
            self.table.partition_by = Some(key);
        }
        for parent in &stmt.inherits {
            self.inherit(cx, parent, partition)?;
        }
        if let Some(bound) = stmt.partition_bound
            && let Some(parent) = self.table.inherits.pop()
        {
            let path = cx.path.clone();
            self.table.partition_of = Some(PartitionOf { parent, bound, path });
        }
        if let Some(ty) = &stmt.of_type {
            self.of_type(cx, ty)?;
        }
        let mut not_nulls = Vec::new();
        let mut likes = Vec::new();
        for element in stmt.elements {
            match element {
                Element::Column(draft) => self.add_column(cx, *draft)?,
                Element::Constraint(draft) => self.constraints.push(*draft),
                Element::NotNull(draft) => not_nulls.push(draft),
                Element::Like(like) => {
                    like.copy_columns(cx, &mut self)?;
                    self.origin.apply(NormalRule::TableLike);
                    likes.push(like);
                }
            }
        }
        for draft in not_nulls {
            self.not_null(draft)?;
        }
        self.finish(cx, &likes)
    }

    /// Takes over the columns of a parent (`MergeAttributes`, `src/backend/commands/tablecmds.c`).
    fn inherit(
        &mut self,
        cx: &Interpreter<'_>,
        parent: &Name,
        partition: bool,
    ) -> Result<(), Problem> {
        let (parent, _) = cx.relation(parent)?;
        let Some(table) = cx.table(&parent) else {
            return Err(Problem::new(
                ProblemCode::Invalid,
                format!(
                    "\"{}\" is not a table, so nothing can inherit from it",
                    parent.name.as_str()
                ),
            ));
        };
        if partition && self.table.tablespace.is_none() {
            self.table.tablespace.clone_from(&table.tablespace);
        }
        for column in &table.columns {
            let inherited = inherited_column(column, partition);
            match self.table.column_mut(&column.name) {
                Some(existing) => merge_inherited(existing, &inherited),
                None => self.table.columns.push(inherited),
            }
        }
        self.table.inherits.push(parent);
        Ok(())
    }

    fn of_type(&mut self, cx: &Interpreter<'_>, ty: &TypeName) -> Result<(), Problem> {
        let found = cx.find_type(&ty.name);
        let composite = found.as_ref().and_then(|id| cx.object::<crate::model::Composite>(id));
        let (Some(id), Some(composite)) = (&found, composite) else {
            return Err(super::interpreter::missing("composite type", &ty.name));
        };
        self.table.of_type = id.name();
        for attribute in &composite.attributes {
            let mut column = Column::new(attribute.name.clone(), attribute.ty.clone());
            column.details = ColumnDetails::collated(attribute.collation.clone()).into();
            self.table.columns.push(column);
        }
        Ok(())
    }

    /// Adds a written column, or merges it with the inherited one of its name.
    pub fn add_column(
        &mut self,
        cx: &Interpreter<'_>,
        mut draft: ColumnDraft,
    ) -> Result<(), Problem> {
        let name = draft.column.name.clone();
        self.origin.record(Place::part(&name), draft.span);
        for (facet, span) in draft.places.drain(..) {
            self.origin.record(Place::part_facet(&name, facet), span);
        }
        if draft.has_type && draft.column.ty.name.namespace.is_none() {
            self.origin.apply(NormalRule::TypeName);
        }
        self.constraints.append(&mut draft.constraints);
        let owner = (self.name.clone(), name.clone());
        let (mut column, sequence) = complete_column(cx, &self.name, draft, &mut self.taken)?;
        if let Some(ColumnDefault::Identity { sequence, .. }) = &mut column.default {
            // The sequence of an identity column is unlogged when its table is.
            sequence.unlogged |= self.table.unlogged;
        }
        if let Some((sequence_name, mut sequence, span)) = sequence {
            // So is that of a serial column, from PostgreSQL 15 on.
            sequence.unlogged |= self.table.unlogged;
            sequence.owned_by = Some(owner);
            self.origin.apply_to(Place::part(&name), NormalRule::Serial);
            self.sequences.push((sequence_name, sequence, span));
        }
        let from_elsewhere = self.table.of_type.is_some()
            || self.table.partition_of.is_some()
            || !self.table.inherits.is_empty();
        match self.table.column_mut(&name) {
            Some(existing) if from_elsewhere => merge_written(existing, column),
            Some(_) => {
                return Err(Problem::new(
                    ProblemCode::Duplicate,
                    format!("column \"{}\" is there more than once", name.as_str()),
                )
                .at(draft_span(&self.origin, &name)));
            }
            None => self.table.columns.push(column),
        }
        Ok(())
    }

    fn not_null(&mut self, draft: NotNullDraft) -> Result<(), Problem> {
        let Some(column) = self.table.column_mut(&draft.column) else {
            return Err(Problem::new(
                ProblemCode::Missing,
                format!(
                    "column \"{}\" named in a constraint does not exist",
                    draft.column.as_str()
                ),
            )
            .at(draft.span));
        };
        column.not_null = Some(draft.not_null);
        self.origin
            .record(Place::part_facet(&draft.column, crate::model::Facet::NotNull), draft.span);
        Ok(())
    }

    /// Chooses the name of the sequence of an identity column.
    pub fn identity_name(&mut self, cx: &Interpreter<'_>, column: &Ident) -> QualifiedName {
        let name = super::sequence::choose_sequence_name(cx, &self.name, column, &self.taken);
        self.taken.push(name.clone());
        name
    }

    /// Puts the table and all that comes with it into the schema.
    fn finish(mut self, cx: &mut Interpreter<'_>, likes: &[LikeDraft]) -> Result<(), Problem> {
        for column in &mut self.table.columns {
            if let Some(not_null) = &mut column.not_null {
                forget_implicit_name(&self.name, &column.name, not_null);
            }
        }
        for (name, sequence, span) in std::mem::take(&mut self.sequences) {
            cx.put(ObjectId::Sequence(name), Entry::new(sequence.into(), span));
        }
        let mut entry = Entry::new(self.table.into(), self.origin.span);
        entry.origin = self.origin;
        cx.put(ObjectId::Table(self.name.clone()), entry);
        cx.take_identity_names(&self.name);
        let only = false;
        for draft in merge_keys(in_creation_order(self.constraints)) {
            add_constraint(cx, &self.name, draft, only)?;
        }
        for like in likes {
            like.copy_rest(cx, &self.name)?;
        }
        Ok(())
    }
}

fn draft_span(origin: &Origin, name: &Ident) -> Span {
    origin.of(&Place::part(name))
}

/// Adds a constraint and, for a primary key, makes its columns NOT NULL
/// (`transformIndexConstraint`, `src/backend/parser/parse_utilcmd.c`).
pub(super) fn add_constraint(
    cx: &mut Interpreter<'_>,
    table: &QualifiedName,
    mut draft: ConstraintDraft,
    only: bool,
) -> Result<Child, Problem> {
    // NOT VALID means nothing where there are no rows yet, unless it is not enforced.
    if let ConstraintDefinition::PrimaryKey(key) = &draft.constraint.definition {
        let columns = key.columns.clone();
        draft.constraint.validated = true;
        key_not_null(cx, table, &columns);
    }
    let child = constraint::add(cx, table, draft, only)?;
    if !only {
        super::attach::take_over_key(cx, &child);
    }
    // A key over an index that was there before: its columns are known only now.
    let columns = match cx.object::<crate::model::Constraint>(&ObjectId::Constraint(child.clone()))
    {
        Some(crate::model::Constraint {
            definition: ConstraintDefinition::PrimaryKey(key),
            ..
        }) => key.columns.clone(),
        _no_primary_key => Vec::new(),
    };
    key_not_null(cx, table, &columns);
    Ok(child)
}

/// Makes the columns of a primary key NOT NULL, here and in what inherits from the table
/// (`index_check_primary_key`, `src/backend/catalog/index.c`).
fn key_not_null(cx: &mut Interpreter<'_>, table: &QualifiedName, columns: &[Ident]) {
    let heirs = if columns.is_empty() { Vec::new() } else { cx.heirs(table) };
    for column in columns {
        cx.set_not_null(table, column);
        cx.apply_to(table, column, NormalRule::KeyNotNull);
        heirs.iter().for_each(|heir| cx.set_not_null(heir, column));
    }
}

/// The order in which PostgreSQL makes constraints and so chooses their names:
/// checks with the table, then the primary key, other keys, foreign keys.
fn in_creation_order(mut drafts: Vec<ConstraintDraft>) -> Vec<ConstraintDraft> {
    drafts.sort_by_key(|draft| match draft.constraint.definition {
        ConstraintDefinition::Check { .. } => 0,
        ConstraintDefinition::PrimaryKey(_) => 1,
        ConstraintDefinition::Unique(_) | ConstraintDefinition::Exclusion(_) => 2,
        ConstraintDefinition::ForeignKey(_) => 3,
    });
    for draft in &mut drafts {
        // In CREATE TABLE, NOT VALID is void: there are no rows yet.
        draft.constraint.validated = draft.constraint.enforced;
    }
    drafts
}

/// Keys over the same columns are one index: a primary key absorbs an equal
/// UNIQUE, and of two equal ones the first stays; a name, where only one has it,
/// is kept (`transformIndexConstraints`, `src/backend/parser/parse_utilcmd.c`).
fn merge_keys(drafts: Vec<ConstraintDraft>) -> Vec<ConstraintDraft> {
    let mut kept: Vec<ConstraintDraft> = Vec::new();
    for draft in drafts {
        let same = |other: &&mut ConstraintDraft| same_key(other, &draft);
        match kept.iter_mut().find(same) {
            Some(first) => {
                if first.name.is_none() {
                    first.name = draft.name;
                }
            }
            None => kept.push(draft),
        }
    }
    kept
}

fn same_key(first: &ConstraintDraft, second: &ConstraintDraft) -> bool {
    use ConstraintDefinition::{PrimaryKey, Unique};
    let (PrimaryKey(key) | Unique(key)) = &first.constraint.definition else {
        return false;
    };
    let Unique(other) = &second.constraint.definition else {
        return false;
    };
    key.columns == other.columns
        && key.include == other.include
        && key.nulls_not_distinct == other.nulls_not_distinct
        && key.without_overlaps == other.without_overlaps
        && first.constraint.deferrable == second.constraint.deferrable
        && first.constraint.initially_deferred == second.constraint.initially_deferred
        && first.using_index.is_none()
        && second.using_index.is_none()
}

/// A sequence to be created, its name and place.
pub(super) type NewSequence = (QualifiedName, crate::model::Sequence, Span);

/// Resolves the type, fills in paths, makes the sequence of a serial or identity column.
pub(super) fn complete_column(
    cx: &Interpreter<'_>,
    table: &QualifiedName,
    draft: ColumnDraft,
    taken: &mut Vec<QualifiedName>,
) -> Result<(Column, Option<NewSequence>), Problem> {
    let mut column = draft.column;
    if draft.has_type {
        column.ty = cx.resolve_type(&column.ty);
    }
    if let Some(collation) =
        column.details.said_mut().and_then(|details| details.collation.as_mut())
    {
        cx.resolve_collation(collation);
    }
    set_path(&mut column, &cx.path);
    if draft.nullable && draft.serial.is_some() {
        return Err(Problem::new(
            ProblemCode::Invalid,
            format!("column \"{}\" is serial, so it cannot be NULL", column.name.as_str()),
        )
        .at(draft.span));
    }
    if let Some((always, options)) = draft.identity {
        let name = match &options.name {
            Some(name) => cx.creation_name(name),
            None => super::sequence::choose_sequence_name(cx, table, &column.name, taken),
        };
        taken.push(name.clone());
        let mut sequence = options.sequence(&column.ty);
        sequence.data_type = cx.resolve_type(&sequence.data_type);
        let sequence = Box::new(sequence);
        column.default = Some(ColumnDefault::Identity { always, sequence_name: name, sequence });
        return Ok((column, None));
    }
    let Some(integer) = draft.serial else {
        return Ok((column, None));
    };
    let name = super::sequence::choose_sequence_name(cx, table, &column.name, taken);
    taken.push(name.clone());
    column.default = Some(ColumnDefault::Expression(super::serial::next_value(&name)));
    let options = super::sequence::SequenceOptions::of_type(TypeName::builtin(integer));
    let sequence = options.sequence(&TypeName::builtin("int8"));
    Ok((column, Some((name, sequence, draft.span))))
}

/// Sets the path that the default of a column is read under.
pub(super) fn set_path(column: &mut Column, path: &SearchPath) {
    match &mut column.default {
        Some(
            ColumnDefault::Expression(expression) | ColumnDefault::Generated { expression, .. },
        ) => expression.path = path.clone(),
        Some(ColumnDefault::Identity { .. }) | None => {}
    }
}

/// What a child gets of a parent's column. A partition does not take over
/// identity: its rows come through the partitioned table.
pub(super) fn inherited_column(parent: &Column, partition: bool) -> Column {
    let mut column = Column::new(parent.name.clone(), parent.ty.clone());
    let details = ColumnDetails {
        storage: parent.details.storage.clone(),
        compression: parent.details.compression.clone(),
        ..ColumnDetails::collated(parent.details.collation.clone())
    };
    column.details = details.into();
    column.inherited = !partition;
    column.default = parent.default.clone().filter(|default| match default {
        ColumnDefault::Identity { .. } => false,
        ColumnDefault::Expression(_) | ColumnDefault::Generated { .. } => true,
    });
    column.not_null = parent.not_null.clone().filter(|not_null| !not_null.no_inherit);
    if let Some(not_null) = &mut column.not_null {
        // A table that is made with it has no rows that could be against it.
        not_null.not_valid = false;
        not_null.comment = None;
        not_null.name = None;
    }
    column
}

/// The same column from a second parent.
fn merge_inherited(existing: &mut Column, other: &Column) {
    if existing.not_null.is_none() {
        existing.not_null.clone_from(&other.not_null);
    }
    if existing.default.is_none() {
        existing.default.clone_from(&other.default);
    }
}

/// A column that is inherited and written as well: what is written counts.
fn merge_written(existing: &mut Column, written: Column) {
    existing.inherited = false;
    if written.default.is_some() {
        existing.default = written.default;
    }
    if written.not_null.is_some() {
        existing.not_null = written.not_null;
    }
    let ColumnDetails { collation, storage, compression, foreign_options, .. } = &*written.details;
    let details = existing.details.to_mut();
    if collation.is_some() {
        details.collation.clone_from(collation);
    }
    if storage.is_some() {
        details.storage.clone_from(storage);
    }
    if compression.is_some() {
        details.compression.clone_from(compression);
    }
    if !foreign_options.is_empty() {
        details.foreign_options.clone_from(foreign_options);
    }
    existing.details.tidy();
}

/// A NOT NULL constraint that has the name PostgreSQL 18 would choose has none:
/// a dump of an earlier version cannot say it (`ChooseConstraintName`).
pub(super) fn forget_implicit_name(
    table: &QualifiedName,
    column: &Ident,
    not_null: &mut crate::model::NotNull,
) {
    let implicit =
        super::names::make_object_name(table.name.as_str(), Some(column.as_str()), "not_null");
    not_null.name.take_if(|name| **name == implicit);
}

impl Interpreter<'_> {
    /// A collation by its full name; `"default"` and those of `pg_catalog` included.
    pub fn resolve_collation(&self, name: &mut Name) {
        if name.namespace.is_none() {
            let found = self.find_in_path(name, ObjectId::Collation);
            let namespace = match found.as_ref().and_then(ObjectId::namespace) {
                Some(namespace) => namespace.clone(),
                None => Ident::new("pg_catalog"),
            };
            name.namespace = Some(namespace);
        }
    }

    /// Notes a rule that was applied to a table.
    pub fn apply(&mut self, table: &QualifiedName, rule: NormalRule) {
        if let Some(entry) = self.schema.objects.get_mut(&ObjectId::Table(table.clone())) {
            entry.origin.apply(rule);
        }
    }

    /// Notes a rule that was applied to a column.
    pub fn apply_to(&mut self, table: &QualifiedName, column: &Ident, rule: NormalRule) {
        if let Some(entry) = self.schema.objects.get_mut(&ObjectId::Table(table.clone())) {
            entry.origin.apply_to(Place::part(column), rule);
        }
    }

    /// Makes a column NOT NULL that is not so yet.
    pub fn set_not_null(&mut self, table: &QualifiedName, column: &Ident) {
        if let Some((table, _)) = self.table_mut(table)
            && let Some(column) = table.column_mut(column)
            && column.not_null.is_none()
        {
            column.not_null = Some(crate::model::NotNull::default());
        }
    }

    /// Takes the names of the sequences of identity columns.
    pub fn take_identity_names(&mut self, name: &QualifiedName) {
        let Some(table) = self.table(name) else {
            return;
        };
        let named = |column: &Column| match &column.default {
            Some(ColumnDefault::Identity { sequence_name, .. }) => {
                Some((sequence_name.clone(), Child::new(name.clone(), column.name.clone())))
            }
            Some(ColumnDefault::Expression(_) | ColumnDefault::Generated { .. }) | None => None,
        };
        let names: Vec<_> = table.columns.iter().filter_map(named).collect();
        for (sequence, child) in names {
            self.take_relation_name(sequence, Relation::IdentitySequence(child));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{differ, same};

    #[test]
    fn a_partition_is_stored_as_its_partitioned_table_says_or_the_session() {
        let own = "CREATE TABLE p (a int) PARTITION BY LIST (a) USING m;";
        let none = "CREATE TABLE p (a int) PARTITION BY LIST (a);";
        let part = |using: &str| format!("CREATE TABLE p1 PARTITION OF p DEFAULT{using};");
        same(&[own, &part("")].concat(), &[own, &part(" USING m")].concat());
        differ(&[own, &part("")].concat(), &[own, &part(" USING heap")].concat());
        let session = "SET default_table_access_method = m;";
        same(&[none, session, &part("")].concat(), &[none, &part(" USING m")].concat());
    }
}
