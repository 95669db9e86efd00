//! `CREATE [OR REPLACE] [CONSTRAINT] TRIGGER`, and whether a trigger fires.
//!
//! A row trigger of a partitioned table is cloned onto its partitions. Clones are
//! not objects here, as a dump does not print them; one that fires at other times
//! than the original is, as then a dump prints `ALTER TABLE partition ENABLE ..`.

use std::collections::BTreeSet;

use pg_query::NodeEnum;
use pg_query::protobuf::{CreateTrigStmt, Node, TriggerTransition};

use super::declared;
use super::define::node_text;
use super::expr::optional;
use super::interpreter::{Interpreter, Need, Outcome, Statement};
use super::lower::{Lowered, Lowering};
use super::type_name::{idents, name, range_var};
use crate::model::{
    Child, Enabled, Entry, Expression, Extension, Facet, Ident, Kind, Name, ObjectId, Place,
    Problem, ProblemCode, QualifiedName, Span, Table, Trigger, TriggerEvent, TriggerTiming,
};

/// The bits of `tgtype` (`src/include/catalog/pg_trigger.h`).
const BEFORE: i32 = 1 << 1;
const INSTEAD: i32 = 1 << 6;
const EVENTS: [(i32, TriggerEvent); 4] = [
    (1 << 2, TriggerEvent::Insert),
    (1 << 3, TriggerEvent::Delete),
    (1 << 4, TriggerEvent::Update),
    (1 << 5, TriggerEvent::Truncate),
];

/// Functions for triggers that every database has (`src/include/catalog/pg_proc.dat`).
const BUILTIN: [&str; 3] = [
    "suppress_redundant_updates_trigger",
    "tsvector_update_trigger",
    "tsvector_update_trigger_column",
];

/// `CREATE TRIGGER`.
pub(super) fn create(stmt: &CreateTrigStmt, _cx: Lowering<'_>) -> Lowered {
    let Some(relation) = &stmt.relation else {
        return Lowered::unsupported("a trigger without a table");
    };
    let events = EVENTS.iter().filter(|(bit, _)| stmt.events & bit != 0).map(|(_, event)| *event);
    let transition = |new: bool| {
        let mut rows = stmt.transition_rels.iter().filter_map(transition);
        rows.find(|row| row.is_new == new).map(|row| Ident::new(&row.name))
    };
    let timing = match stmt.timing {
        BEFORE => TriggerTiming::Before,
        INSTEAD => TriggerTiming::InsteadOf,
        _after => TriggerTiming::After,
    };
    Lowered::apply(CreateTrigger {
        relation: range_var(relation),
        name: Ident::new(&stmt.trigname),
        replace: stmt.replace,
        condition: optional(stmt.when_clause.as_deref()),
        from: stmt.constrrel.as_ref().map(range_var),
        trigger: Trigger {
            timing,
            events: events.collect(),
            update_columns: idents(&stmt.columns).into_iter().collect(),
            row: stmt.row,
            old_table: transition(false),
            new_table: transition(true),
            condition: None,
            function: name(&stmt.funcname),
            arguments: stmt
                .args
                .iter()
                .map(|arg| node_text(arg).unwrap_or_default().into())
                .collect(),
            constraint: stmt.isconstraint,
            from: None,
            deferrable: stmt.deferrable,
            initially_deferred: stmt.initdeferred,
            enabled: Enabled::Origin,
        },
    })
}

fn transition(node: &Node) -> Option<&TriggerTransition> {
    match node.node.as_ref()? {
        NodeEnum::TriggerTransition(transition) => Some(transition),
        _the_grammar_puts_nothing_else_there => None,
    }
}

struct CreateTrigger {
    relation: Name,
    name: Ident,
    replace: bool,
    condition: Option<crate::model::Expr>,
    from: Option<Name>,
    /// Without what depends on the path.
    trigger: Trigger,
}

impl Statement for CreateTrigger {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Relation(self.relation.clone())]
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let (relation, _) = cx.relation(&self.relation)?;
        let id = ObjectId::Trigger(Child::new(relation.clone(), self.name));
        let mut trigger = self.trigger;
        let path = cx.path.clone();
        trigger.condition = self.condition.map(|expr| Expression { expr, path });
        trigger.from = self.from.map(|name| cx.resolve_relation(&name));
        trigger.function = trigger_function(cx, &trigger.function);
        if trigger.constraint {
            cx.take_constraint_name(relation.sibling(child_name(&id)));
        }
        if self.replace {
            cx.create_or_replace(id, trigger, span);
            return Ok(Outcome::Modelled);
        }
        cx.create(id, trigger, span, false)
    }
}

fn child_name(id: &ObjectId) -> Ident {
    match id {
        ObjectId::Trigger(child) => child.name.clone(),
        _only_asked_of_triggers => Ident::default(),
    }
}

/// The function with its namespace: what the source creates, then what every database
/// has, then what the only extension of the path may have. Else as written.
pub(super) fn trigger_function(cx: &Interpreter<'_>, function: &Name) -> Name {
    if function.namespace.is_some() {
        return function.clone();
    }
    let known = |name: &QualifiedName| cx.declared.has(Kind::Routine, name);
    if let Some(found) = declared::find(function, &cx.path, known) {
        return found.into();
    }
    if BUILTIN.contains(&function.name.as_str()) {
        return Name::qualified("pg_catalog", function.name.as_str());
    }
    let extensions: BTreeSet<&Ident> = cx
        .schema
        .objects
        .values()
        .filter_map(|entry| <&Extension>::try_from(&entry.object).ok()?.namespace.as_ref())
        .filter(|namespace| cx.path.0.contains(namespace))
        .collect();
    match extensions.into_iter().collect::<Vec<_>>().as_slice() {
        [only] => Name { namespace: Some((*only).clone()), name: function.name.clone() },
        _none_or_several => function.clone(),
    }
}

/// Which triggers `ALTER TABLE .. ENABLE TRIGGER` means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Triggers {
    /// One by name.
    Named(Ident),
    /// `ALL`: those of foreign keys as well, whose state is not part of a schema.
    All,
    /// `USER`.
    User,
}

/// `ALTER TABLE .. ENABLE | DISABLE [ALWAYS | REPLICA] TRIGGER ..`.
/// With `only`, clones on partitions stay as they are.
pub(super) fn set_enabled(
    cx: &mut Interpreter<'_>,
    table: &QualifiedName,
    which: &Triggers,
    enabled: Enabled,
    only: bool,
    span: Span,
) -> Result<(), Problem> {
    let own: Vec<ObjectId> = cx
        .children(table)
        .into_iter()
        .filter(|id| matches!(id, ObjectId::Trigger(child) if means(which, &child.name)))
        .collect();
    if let (true, Triggers::Named(name)) = (own.is_empty(), which) {
        return set_clone(cx, table, name, enabled, span);
    }
    for id in own {
        if let Some((trigger, origin)) = cx.object_mut::<Trigger>(&id) {
            trigger.enabled = enabled;
            origin.record(Place::facet(Facet::Enabled), span);
        }
    }
    if !only {
        // The clones take the state of the original, so they are none of their own any more.
        for partition in partitions(cx, table) {
            for id in cx.children(&partition) {
                let ObjectId::Trigger(child) = &id else { continue };
                let original = ObjectId::Trigger(Child::new(table.clone(), child.name.clone()));
                if means(which, &child.name) && cx.schema.objects.contains_key(&original) {
                    cx.remove(&id);
                }
            }
        }
    }
    Ok(())
}

fn means(which: &Triggers, name: &Ident) -> bool {
    match which {
        Triggers::Named(wanted) => wanted == name,
        Triggers::All | Triggers::User => true,
    }
}

/// Sets the state of the clone of a trigger on a partition.
fn set_clone(
    cx: &mut Interpreter<'_>,
    table: &QualifiedName,
    name: &Ident,
    enabled: Enabled,
    span: Span,
) -> Result<(), Problem> {
    let parent = |cx: &Interpreter<'_>, table: &QualifiedName| {
        cx.table(table)?.partition_of.as_ref().map(|of| of.parent.clone())
    };
    let mut ancestor = parent(cx, table);
    // As many steps as there are objects, so that a circle ends.
    for _ in 0..cx.schema.objects.len() {
        let Some(above) = ancestor else { break };
        let original = ObjectId::Trigger(Child::new(above.clone(), name.clone()));
        if let Some(trigger) = cx.object::<Trigger>(&original) {
            let mut clone = trigger.clone();
            if clone.enabled != enabled {
                clone.enabled = enabled;
                let id = ObjectId::Trigger(Child::new(table.clone(), name.clone()));
                cx.put(id, Entry::new(clone.into(), span));
            }
            return Ok(());
        }
        ancestor = parent(cx, &above);
    }
    let message = format!("trigger \"{}\" does not exist", name.as_str());
    Err(Problem::new(ProblemCode::Missing, message))
}

/// The partitions of a table, those of partitions included.
fn partitions(cx: &Interpreter<'_>, table: &QualifiedName) -> Vec<QualifiedName> {
    let mut known = BTreeSet::from([table.clone()]);
    let mut found = Vec::new();
    let mut wave = vec![table.clone()];
    while let Some(parent) = wave.pop() {
        for (id, entry) in cx.schema.objects.entries_naming(&parent.name) {
            let (ObjectId::Table(name), Ok(child)) = (id, <&Table>::try_from(&entry.object)) else {
                continue;
            };
            let is_child = child.partition_of.as_ref().is_some_and(|of| of.parent == parent);
            if is_child && known.insert(name.clone()) {
                found.push(name.clone());
                wave.push(name.clone());
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::testing::{differ, same};

    const FUNCTION: &str = "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TABLE t (a int, b int);";

    #[track_caller]
    fn check(one: &str, other: &str, equal: bool) {
        let text = |trigger: &str| [FUNCTION, trigger].concat();
        if equal { same(&text(one), &text(other)) } else { differ(&text(one), &text(other)) }
    }

    #[test]
    fn spellings_of_the_same_trigger() {
        check(
            "CREATE TRIGGER x BEFORE UPDATE OF b, a OR INSERT ON t FOR EACH ROW EXECUTE PROCEDURE f(5);",
            "CREATE TRIGGER x BEFORE INSERT OR UPDATE OF a, b ON public.t FOR EACH ROW EXECUTE FUNCTION public.f('5');",
            true,
        );
        check(
            "CREATE TRIGGER x AFTER DELETE ON t EXECUTE FUNCTION f();",
            "CREATE TRIGGER x AFTER DELETE ON t FOR EACH STATEMENT EXECUTE FUNCTION f();",
            true,
        );
    }

    #[test]
    fn an_empty_argument_is_one() {
        check(
            "CREATE TRIGGER x AFTER DELETE ON t EXECUTE FUNCTION f('');",
            "CREATE TRIGGER x AFTER DELETE ON t EXECUTE FUNCTION f();",
            false,
        );
    }

    #[test]
    fn a_partition_has_a_trigger_of_its_own_when_it_fires_otherwise() {
        let tables = "CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TRIGGER x AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION f();";
        check(tables, &[tables, "ALTER TABLE p1 ENABLE TRIGGER x;"].concat(), true);
        check(tables, &[tables, "ALTER TABLE p1 DISABLE TRIGGER x;"].concat(), false);
        let back = "ALTER TABLE p1 DISABLE TRIGGER x; ALTER TABLE p ENABLE TRIGGER x;";
        check(tables, &[tables, back].concat(), true);
    }
}
