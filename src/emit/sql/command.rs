//! Writes the statements that rules, `WITH` and SQL-standard bodies hold.

use super::SqlWriter;
use super::precedence::Level;
use crate::model::{
    Access, Assignment, Command, CommandTarget, ConflictElement, Delete, Expr, Ident, Insert,
    Merge, MergeAction, MergeBranch, MergeMatch, OnConflict, Returning, Update,
};

impl SqlWriter {
    /// A query or a data-modifying statement, without a semicolon.
    pub fn command(&mut self, command: &Command) {
        match command {
            Command::Query(query) => self.query(query),
            Command::Insert(insert) => self.insert(insert),
            Command::Update(update) => self.update(update),
            Command::Delete(delete) => self.delete(delete),
            Command::Merge(merge) => self.merge(merge),
            Command::Notify { channel, payload } => {
                self.sql("NOTIFY ").ident(channel);
                if let Some(payload) = payload {
                    self.sql(", ").string(payload);
                }
            }
            Command::Return(value) => {
                self.push("RETURN ");
                self.operand(value, Level::Or);
            }
            Command::Opaque(text) => self.push(text),
        }
    }

    fn target(&mut self, target: &CommandTarget) {
        let CommandTarget { relation, only, alias } = target;
        self.push(if *only { "ONLY " } else { "" });
        self.name(relation);
        if let Some(alias) = alias {
            self.sql(" AS ").ident(alias);
        }
    }

    fn insert(&mut self, insert: &Insert) {
        let Insert { with, target, columns, overriding_system, source, on_conflict, returning } =
            insert;
        if let Some(with) = with {
            self.with(with);
        }
        self.push("INSERT INTO ");
        self.target(target);
        self.insert_columns(columns);
        self.overriding(*overriding_system);
        match source {
            Some(query) => {
                self.break_line();
                self.query(query);
            }
            None => self.clause("DEFAULT VALUES"),
        }
        if let Some(on_conflict) = on_conflict {
            self.on_conflict(on_conflict);
        }
        self.returning(returning);
    }

    fn insert_columns(&mut self, columns: &[(Ident, Vec<Access>)]) {
        if !columns.is_empty() {
            self.push(" (");
            self.list(columns, |writer, (column, accesses)| {
                writer.ident(column);
                writer.accesses(accesses);
            });
            self.push(")");
        }
    }

    fn overriding(&mut self, system: Option<bool>) {
        self.push(match system {
            None => "",
            Some(true) => " OVERRIDING SYSTEM VALUE",
            Some(false) => " OVERRIDING USER VALUE",
        });
    }

    fn on_conflict(&mut self, on_conflict: &OnConflict) {
        let OnConflict { constraint, elements, target_filter, set, filter } = on_conflict;
        self.clause("ON CONFLICT");
        if let Some(constraint) = constraint {
            self.sql(" ON CONSTRAINT ").ident(constraint);
        }
        if !elements.is_empty() {
            self.push(" (");
            self.list(elements, Self::conflict_element);
            self.push(")");
        }
        if let Some(filter) = target_filter {
            self.push(" WHERE ");
            self.operand(filter, Level::Or);
        }
        match set {
            None => self.push(" DO NOTHING"),
            Some(set) => {
                self.push(" DO UPDATE");
                self.clause("SET");
                self.assignments(set);
            }
        }
        self.filter_clause("WHERE ", filter.as_ref());
    }

    fn conflict_element(&mut self, element: &ConflictElement) {
        let ConflictElement { expr, collation, opclass } = element;
        if let Expr::Column(column) = expr
            && column.parts.len() == 1
            && !column.star
        {
            self.column_ref(column);
        } else {
            self.push("(");
            self.expr(expr);
            self.push(")");
        }
        if let Some(collation) = collation {
            self.push(" COLLATE ");
            self.collation(collation);
        }
        if let Some(opclass) = opclass {
            self.push(" ");
            self.collation(opclass);
        }
    }

    /// The list of a `SET`; those that share a source are written together.
    fn assignments(&mut self, assignments: &[Assignment]) {
        let mut rest = assignments;
        let groups: Vec<&[Assignment]> = std::iter::from_fn(|| {
            let (group, after) = rest.split_at_checked(group_len(rest)?)?;
            rest = after;
            Some(group)
        })
        .collect();
        self.items(&groups, |writer, group| writer.assignment_group(group));
    }

    fn assignment_group(&mut self, group: &[Assignment]) {
        match group {
            [Assignment { value: Expr::MultiAssign { source, .. }, .. }, ..] => {
                self.push("(");
                self.list(group, Self::assigned);
                self.push(") = ");
                self.operand(source, Level::Or);
            }
            _ => self.list(group, |writer, assignment| {
                writer.assigned(assignment);
                writer.push(" = ");
                writer.operand(&assignment.value, Level::Anything);
            }),
        }
    }

    fn assigned(&mut self, assignment: &Assignment) {
        self.ident(&assignment.column);
        self.accesses(&assignment.access);
    }

    fn returning(&mut self, returning: &Returning) {
        let Returning { old_alias, new_alias, targets } = returning;
        if targets.is_empty() {
            return;
        }
        self.clause("RETURNING");
        let aliases = [("OLD AS ", old_alias), ("NEW AS ", new_alias)];
        let given = || aliases.iter().filter_map(|(word, alias)| Some((word, alias.as_ref()?)));
        if given().next().is_some() {
            self.push(" WITH (");
            self.list(given(), |writer, (word, alias)| writer.sql(word).ident(alias));
            self.push(")");
        }
        self.targets(targets);
    }

    fn update(&mut self, update: &Update) {
        let Update { with, target, set, from, filter, returning } = update;
        if let Some(with) = with {
            self.with(with);
        }
        self.push("UPDATE ");
        self.target(target);
        self.clause("SET");
        self.assignments(set);
        if !from.is_empty() {
            self.clause("FROM ");
            self.items_of_from(from);
        }
        self.filter_clause("WHERE ", filter.as_ref());
        self.returning(returning);
    }

    fn delete(&mut self, delete: &Delete) {
        let Delete { with, target, using, filter, returning } = delete;
        if let Some(with) = with {
            self.with(with);
        }
        self.push("DELETE FROM ");
        self.target(target);
        if !using.is_empty() {
            self.clause("USING ");
            self.items_of_from(using);
        }
        self.filter_clause("WHERE ", filter.as_ref());
        self.returning(returning);
    }

    fn merge(&mut self, merge: &Merge) {
        let Merge { with, target, source, on, branches, returning } = merge;
        if let Some(with) = with {
            self.with(with);
        }
        self.push("MERGE INTO ");
        self.target(target);
        self.clause("USING ");
        self.operand_of_join(source);
        self.push(" ON ");
        self.operand(on, Level::Or);
        for branch in branches {
            self.merge_branch(branch);
        }
        self.returning(returning);
    }

    fn merge_branch(&mut self, branch: &MergeBranch) {
        let MergeBranch { matched, condition, action } = branch;
        self.clause(match matched {
            MergeMatch::Matched => "WHEN MATCHED",
            MergeMatch::NotMatchedBySource => "WHEN NOT MATCHED BY SOURCE",
            MergeMatch::NotMatchedByTarget => "WHEN NOT MATCHED",
        });
        if let Some(condition) = condition {
            self.push(" AND ");
            self.operand(condition, Level::Or);
        }
        self.push(" THEN ");
        match action {
            MergeAction::Nothing => self.push("DO NOTHING"),
            MergeAction::Delete => self.push("DELETE"),
            MergeAction::Update(set) => {
                self.push("UPDATE SET");
                self.assignments(set);
            }
            MergeAction::Insert { columns, overriding_system, values } => {
                self.push("INSERT");
                self.insert_columns(columns);
                self.overriding(*overriding_system);
                if values.is_empty() {
                    self.push(" DEFAULT VALUES");
                } else {
                    self.push(" VALUES (");
                    self.exprs(values);
                    self.push(")");
                }
            }
        }
    }
}

/// How many assignments from the first on are written as one: those of one source.
fn group_len(assignments: &[Assignment]) -> Option<usize> {
    let first = assignments.first()?;
    if let Expr::MultiAssign { number: 1, columns, .. } = &first.value {
        let columns = usize::try_from(*columns).unwrap_or(1);
        Some(columns.clamp(1, assignments.len()))
    } else {
        Some(1)
    }
}
