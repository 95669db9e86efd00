//! `CREATE [OR REPLACE] RULE`, and whether a rule fires.
//!
//! `ON SELECT DO INSTEAD SELECT` is what a view is made of: on a view it replaces the
//! view's query (`DefineQueryRewrite`, `src/backend/rewrite/rewriteDefine.c`).

use pg_query::NodeEnum;
use pg_query::protobuf::{CmdType, Node, RuleStmt};

use super::command::command;
use super::expr::optional;
use super::interpreter::{Interpreter, Need, Outcome, Statement, missing};
use super::lower::{Lowered, Lowering};
use super::type_name::range_var;
use crate::model::{
    Child, Command, Enabled, Expr, Expression, Facet, Ident, Name, ObjectId, Place, Problem,
    ProblemCode, QualifiedName, Rule, RuleEvent, Scoped, Span, View,
};

/// `CREATE RULE`.
pub(super) fn create(stmt: &RuleStmt, _cx: Lowering<'_>) -> Lowered {
    let Some(relation) = &stmt.relation else {
        return Lowered::unsupported("a rule without a table");
    };
    let event = match stmt.event() {
        CmdType::CmdSelect => RuleEvent::Select,
        CmdType::CmdInsert => RuleEvent::Insert,
        CmdType::CmdUpdate => RuleEvent::Update,
        CmdType::CmdDelete => RuleEvent::Delete,
        CmdType::Undefined
        | CmdType::CmdUnknown
        | CmdType::CmdMerge
        | CmdType::CmdUtility
        | CmdType::CmdNothing => return Lowered::unsupported("the event of this rule"),
    };
    Lowered::apply(CreateRule {
        relation: range_var(relation),
        name: Ident::new(&stmt.rulename),
        event,
        instead: stmt.instead,
        condition: optional(stmt.where_clause.as_deref()),
        actions: stmt.actions.iter().flat_map(actions).collect(),
        replace: stmt.replace,
    })
}

/// One command, or those of a parenthesised list.
fn actions(node: &Node) -> Vec<Command> {
    match &node.node {
        Some(NodeEnum::List(list)) => list.items.iter().map(command).collect(),
        None => Vec::new(),
        Some(_one) => vec![command(node)],
    }
}

struct CreateRule {
    relation: Name,
    name: Ident,
    event: RuleEvent,
    instead: bool,
    condition: Option<Expr>,
    actions: Vec<Command>,
    replace: bool,
}

impl Statement for CreateRule {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Relation(self.relation.clone())]
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let (relation, relation_id) = cx.relation(&self.relation)?;
        let path = cx.path.clone();
        if self.event == RuleEvent::Select {
            return replace_query(cx, &relation_id, self.actions, span);
        }
        let id = ObjectId::Rule(Child::new(relation, self.name));
        let scoped = |value| Scoped { value, path: path.clone() };
        let mut rule = Rule {
            event: self.event,
            instead: self.instead,
            condition: self.condition.map(|expr| Expression { expr, path: path.clone() }),
            actions: self.actions.into_iter().map(scoped).collect(),
            enabled: Enabled::Origin,
        };
        if self.replace {
            // `InsertRule` (`src/backend/rewrite/rewriteDefine.c`) keeps the state.
            if let Some(old) = cx.object::<Rule>(&id) {
                rule.enabled = old.enabled;
            }
            cx.create_or_replace(id, rule, span);
            return Ok(Outcome::Modelled);
        }
        cx.create(id, rule, span, false)
    }
}

fn replace_query(
    cx: &mut Interpreter<'_>,
    relation: &ObjectId,
    mut actions: Vec<Command>,
    span: Span,
) -> Result<Outcome, Problem> {
    let path = cx.path.clone();
    match (cx.object_mut::<View>(relation), actions.pop()) {
        (Some((view, origin)), Some(Command::Query(query))) => {
            view.query = Scoped { value: query, path };
            origin.record(Place::facet(Facet::Query), span);
            Ok(Outcome::Modelled)
        }
        _table_that_becomes_a_view => {
            Err(Problem::new(ProblemCode::NotModelled, "a table that a rule turns into a view")
                .help("write CREATE VIEW: PostgreSQL 16 and later refuse this rule"))
        }
    }
}

/// `ALTER TABLE .. ENABLE | DISABLE [ALWAYS | REPLICA] RULE name`.
pub(super) fn set_enabled(
    cx: &mut Interpreter<'_>,
    relation: &QualifiedName,
    name: &Ident,
    enabled: Enabled,
    span: Span,
) -> Result<(), Problem> {
    let id = ObjectId::Rule(Child::new(relation.clone(), name.clone()));
    let Some((rule, origin)) = cx.object_mut::<Rule>(&id) else {
        return Err(missing("rule", &Name { namespace: None, name: name.clone() }));
    };
    rule.enabled = enabled;
    origin.record(Place::facet(Facet::Enabled), span);
    Ok(())
}
