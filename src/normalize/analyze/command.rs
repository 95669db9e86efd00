//! Commands of rules and SQL-standard bodies: `UPDATE`, `DELETE`, `MERGE`, `RETURNING`
//! (`src/backend/parser/analyze.c`, `parse_merge.c`).

use super::from::item;
use super::query::{Literals, rename_outputs};
use super::range::{drop_names, open_column, whole_rows};
use super::target::Output;
use super::{Analyzer, ScopeColumn, ScopeItem, Ty, Type, Typed};
use crate::model::{
    Access, Assignment, Command, CommandTarget, Delete, Expr, FromItem, Ident, Merge, MergeAction,
    MergeBranch, Name, Returning, Subquery, SubqueryKind, Target, Update, walk_command,
};

impl Analyzer<'_> {
    /// A command that stands on its own: output columns keep their names.
    pub fn command(&mut self, command: &Command) -> Command {
        let (mut command, columns) = self.nested_command(command);
        let names: Vec<Ident> = columns.iter().map(|column| column.name.clone()).collect();
        match &mut command {
            Command::Query(query) => rename_outputs(query, &names),
            Command::Insert(insert) => name_returning(&mut insert.returning, &names),
            Command::Update(update) => name_returning(&mut update.returning, &names),
            Command::Delete(delete) => name_returning(&mut delete.returning, &names),
            Command::Merge(merge) => name_returning(&mut merge.returning, &names),
            Command::Notify { .. } | Command::Return(_) | Command::Opaque(_) => {}
        }
        command
    }

    /// A command and the columns that it puts out.
    pub(super) fn nested_command(&mut self, command: &Command) -> (Command, Vec<ScopeColumn>) {
        if let Command::Query(query) = command {
            let (query, columns) = self.nested(query, Literals::Text);
            return (Command::Query(query), columns);
        }
        self.enter();
        let (mut command, columns) = match command {
            Command::Insert(insert) => self.insert(insert),
            Command::Update(update) => self.update(update),
            Command::Delete(delete) => self.delete(delete),
            Command::Merge(merge) => self.merge_command(merge),
            Command::Return(expr) => {
                let typed = self.expr(expr);
                (Command::Return(self.finish_literal(typed).expr), Vec::new())
            }
            Command::Opaque(text) => {
                self.give_up("a statement that is compared as text");
                (Command::Opaque(text.clone()), Vec::new())
            }
            Command::Notify { .. } | Command::Query(_) => (command.clone(), Vec::new()),
        };
        self.leave();
        drop_unseen_names(&mut command);
        (command, columns)
    }

    /// The relation that is changed; it is not visible yet.
    pub(super) fn command_target(&mut self, target: &CommandTarget) -> (CommandTarget, ScopeItem) {
        let seen_as = target.alias.as_ref().unwrap_or(&target.relation.name);
        let Some(entry) = self.relation(&target.relation).cloned() else {
            self.give_up(format!("relation {} is not known", target.relation.name.as_str()));
            return (target.clone(), item(Some(seen_as), seen_as, vec![open_column()]));
        };
        let normal = self.next_item();
        let columns = self.relation_columns(&entry, &normal);
        let namespace = target.alias.is_none().then(|| Ident::new(&entry.schema));
        let whole = ScopeItem {
            namespace,
            row_type: entry.row_type,
            ..item(Some(seen_as), &normal, columns)
        };
        let target = CommandTarget {
            relation: Name::qualified(&entry.schema, &entry.name),
            only: target.only,
            alias: Some(normal),
        };
        (target, whole)
    }

    fn update(&mut self, update: &Update) -> (Command, Vec<ScopeColumn>) {
        let with = update.with.as_ref().map(|with| self.with(with));
        let (target, whole) = self.command_target(&update.target);
        self.show(whole.clone());
        let from = self.from_list(&update.from);
        let set = self.assignments(&update.set, &whole);
        let filter = update.filter.as_ref().map(|filter| self.condition(filter));
        let (returning, columns) = self.returning(&update.returning, &whole);
        (Command::Update(Box::new(Update { with, target, set, from, filter, returning })), columns)
    }

    fn delete(&mut self, delete: &Delete) -> (Command, Vec<ScopeColumn>) {
        let with = delete.with.as_ref().map(|with| self.with(with));
        let (target, whole) = self.command_target(&delete.target);
        self.show(whole.clone());
        let using = self.from_list(&delete.using);
        let filter = delete.filter.as_ref().map(|filter| self.condition(filter));
        let (returning, columns) = self.returning(&delete.returning, &whole);
        (Command::Delete(Box::new(Delete { with, target, using, filter, returning })), columns)
    }

    /// `MERGE` (`transformMergeStmt`): what a branch sees depends on what matched.
    fn merge_command(&mut self, merge: &Merge) -> (Command, Vec<ScopeColumn>) {
        use crate::model::MergeMatch;
        let with = merge.with.as_ref().map(|with| self.with(with));
        let (target, whole) = self.command_target(&merge.target);
        let source = self.from_item(&merge.source);
        let both: Vec<ScopeItem> =
            [whole.clone()].into_iter().chain(source.visible.clone()).collect();
        self.unhide(both.clone());
        let on = self.condition(&merge.on);
        let mut branches = Vec::new();
        for branch in &merge.branches {
            self.unhide(match branch.matched {
                MergeMatch::Matched => both.clone(),
                MergeMatch::NotMatchedBySource => vec![whole.clone()],
                MergeMatch::NotMatchedByTarget => source.visible.clone(),
            });
            let condition = branch.condition.as_ref().map(|condition| self.condition(condition));
            let action = self.merge_action(&branch.action, &whole);
            branches.push(MergeBranch { matched: branch.matched, condition, action });
        }
        // RETURNING * gives the columns of the source first.
        self.unhide(source.visible.into_iter().chain([whole.clone()]).collect());
        let (returning, columns) = self.returning(&merge.returning, &whole);
        let source = source.item;
        let merge = Merge { with, target, source, on, branches, returning };
        (Command::Merge(Box::new(merge)), columns)
    }

    fn merge_action(&mut self, action: &MergeAction, target: &ScopeItem) -> MergeAction {
        match action {
            MergeAction::Nothing => MergeAction::Nothing,
            MergeAction::Delete => MergeAction::Delete,
            MergeAction::Update(set) => MergeAction::Update(self.assignments(set, target)),
            MergeAction::Insert { columns, overriding_system, values } => {
                let values = self.expression_list(values);
                let columns = self.insert_columns(columns, target, values.len());
                let values = values
                    .into_iter()
                    .enumerate()
                    .map(|(number, value)| self.assigned(value, columns.get(number), target))
                    .collect();
                MergeAction::Insert { columns, overriding_system: *overriding_system, values }
            }
        }
    }

    /// The list of a SET (`transformUpdateTargetList`). A row on the right is stored column
    /// by column, a subquery as a whole.
    pub(super) fn assignments(
        &mut self,
        set: &[Assignment],
        target: &ScopeItem,
    ) -> Vec<Assignment> {
        let mut result = Vec::new();
        for assignment in set {
            let access: Vec<Access> = assignment.access.clone();
            let place = (assignment.column.clone(), access);
            let value = match &assignment.value {
                Expr::MultiAssign { source, number, columns } => match &**source {
                    Expr::Row(items) => {
                        let at =
                            usize::try_from(*number).ok().and_then(|number| number.checked_sub(1));
                        match at.and_then(|at| items.get(at)) {
                            Some(item) => self.assigned_expr(item, &place, target),
                            None => assignment.value.clone(),
                        }
                    }
                    other => {
                        let source = Box::new(self.multi_source(other));
                        Expr::MultiAssign { source, number: *number, columns: *columns }
                    }
                },
                value => self.assigned_expr(value, &place, target),
            };
            let (column, access) = place;
            let access = self.target_access(&access);
            result.push(Assignment { column, access, value });
        }
        result
    }

    /// `(a, b) = (SELECT x, y ..)`.
    fn multi_source(&mut self, source: &Expr) -> Expr {
        let Expr::Subquery(subquery) = source else {
            return self.expr(source).expr;
        };
        match subquery.kind {
            SubqueryKind::Scalar => {
                let (query, _columns) = self.nested(&subquery.query, Literals::Text);
                Expr::Subquery(Box::new(Subquery { kind: SubqueryKind::Scalar, query }))
            }
            SubqueryKind::Exists | SubqueryKind::Array | SubqueryKind::AnyAll { .. } => {
                self.expr(source).expr
            }
        }
    }

    fn assigned_expr(
        &mut self,
        expr: &Expr,
        place: &(Ident, Vec<Access>),
        target: &ScopeItem,
    ) -> Expr {
        if *expr == Expr::Default {
            return Expr::Default;
        }
        let typed = self.expr(expr);
        self.assigned(typed, Some(place), target)
    }

    /// A value in the type of the column that it is assigned to (`transformAssignedExpr`).
    pub(super) fn assigned(
        &mut self,
        value: Typed,
        place: Option<&(Ident, Vec<Access>)>,
        target: &ScopeItem,
    ) -> Expr {
        if value.expr == Expr::Default {
            return value.expr;
        }
        let ty = place.and_then(|place| self.place_type(place, target));
        match ty {
            Some(ty) => self.coerce_assignment(value, &ty),
            None => {
                self.give_up("a value assigned to a column that is not known");
                value.expr
            }
        }
    }

    /// The type of what is assigned to: the column, or the element or field of it.
    fn place_type(
        &self,
        (column, access): &(Ident, Vec<Access>),
        target: &ScopeItem,
    ) -> Option<Ty> {
        let column = target.columns.iter().find(|own| own.name == *column)?;
        let Type::Known(mut ty) = column.ty.clone() else { return None };
        for step in access {
            let base = self.base(&ty);
            ty = match step {
                Access::Field(name) => {
                    let relation = self.catalog.relation_of_type(base.id)?;
                    let mut fields = self.catalog.columns(relation);
                    let field = fields.find(|field| *name == *field.name.as_str())?;
                    self.column_type(field)
                }
                Access::Index(_) => {
                    let id = self.catalog.element_of(base.id)?;
                    Ty { id, modifiers: base.modifiers }
                }
                Access::Slice(..) => base,
                Access::Star => return None,
            };
        }
        Some(ty)
    }

    /// The subscripts of what is assigned to.
    pub(super) fn target_access(&mut self, access: &[Access]) -> Vec<Access> {
        let int = Ty::plain(crate::catalog::TypeId::INT4);
        let mut subscript = |expr: &Expr| {
            let typed = self.expr(expr);
            match typed.ty {
                Type::Literal | Type::Undecided => self.finish_literal(typed).expr,
                Type::Known(_) => self.coerce_assignment(typed, &int),
            }
        };
        let step = |step: &Access| match step {
            Access::Field(_) | Access::Star => step.clone(),
            Access::Index(index) => Access::Index(subscript(index)),
            Access::Slice(lower, upper) => {
                let lower = lower.as_ref().map(&mut subscript);
                Access::Slice(lower, upper.as_ref().map(&mut subscript))
            }
        };
        access.iter().map(step).collect()
    }

    /// `RETURNING`; from PostgreSQL 18 on it sees `old` and `new`, unless something else is
    /// called so (`addNSItemForReturning`).
    pub(super) fn returning(
        &mut self,
        returning: &Returning,
        target: &ScopeItem,
    ) -> (Returning, Vec<ScopeColumn>) {
        if returning.targets.is_empty() {
            return (Returning::default(), Vec::new());
        }
        let depth = target.normal_name.clone().unwrap_or_default();
        let mut row = |alias: &Option<Ident>, name: &str| {
            let normal = Ident::new(format!("{name} {}", depth.as_str()));
            let seen_as = alias.clone().unwrap_or_else(|| Ident::new(name));
            if alias.is_none() && self.item(None, &seen_as).is_some() {
                return;
            }
            let columns = target.columns.iter().map(|column| ScopeColumn {
                expr: renamed(column, target.normal_name.as_ref(), &normal),
                ..column.clone()
            });
            let columns = columns.collect();
            let item = ScopeItem {
                row_type: target.row_type,
                columns_visible: false,
                ..item(Some(&seen_as), &normal, columns)
            };
            self.show(item);
        };
        row(&returning.old_alias, "old");
        row(&returning.new_alias, "new");
        let outputs = self.targets(&returning.targets);
        let mut targets = Vec::new();
        let mut columns = Vec::new();
        for output in outputs {
            let value = self.finish_literal(output.value);
            let output = Output { name: output.name, value };
            columns.push(output.column());
            targets.push(output.into_target());
        }
        (Returning { old_alias: None, new_alias: None, targets }, columns)
    }
}

/// The column of the same name in another item.
fn renamed(column: &ScopeColumn, from: Option<&Ident>, to: &Ident) -> Option<Expr> {
    match &column.expr {
        Some(Expr::Column(reference)) if reference.parts.first() == from => {
            let mut reference = reference.clone();
            if let Some(first) = reference.parts.first_mut() {
                *first = to.clone();
            }
            Some(Expr::Column(reference))
        }
        other => other.clone(),
    }
}

fn name_returning(returning: &mut Returning, names: &[Ident]) {
    for (target, name) in returning.targets.iter_mut().zip(names) {
        let Target { alias, .. } = target;
        *alias = (!name.is_empty()).then(|| name.clone());
    }
}

/// As for queries: names of columns are kept where a whole row is taken.
fn drop_unseen_names(command: &mut Command) {
    let seen = whole_rows(|visitor| walk_command(command, visitor));
    let drop = |items: &mut [FromItem]| items.iter_mut().for_each(|item| drop_names(item, &seen));
    match command {
        Command::Update(update) => drop(&mut update.from),
        Command::Delete(delete) => drop(&mut delete.using),
        Command::Merge(merge) => drop(std::slice::from_mut(&mut merge.source)),
        Command::Query(_)
        | Command::Insert(_)
        | Command::Notify { .. }
        | Command::Return(_)
        | Command::Opaque(_) => {}
    }
}
