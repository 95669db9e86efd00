//! `CREATE STATISTICS`, `ALTER STATISTICS .. SET STATISTICS`.
//!
//! Without a list all kinds are meant, except on a single expression, which has none
//! of them (`CreateStatistics`, `src/backend/commands/statscmds.c`).

use std::collections::BTreeSet;

use pg_query::NodeEnum;
use pg_query::protobuf::{AlterStatsStmt, CreateStatsStmt, StatsElem};

use super::absent::missing;
use super::address::Address;
use super::declared::Declared;
use super::define::node_text;
use super::expr::expr;
use super::interpreter::{Interpreter, Need, Outcome, Statement};
use super::lower::{Lowered, Lowering};
use super::names::join_columns;
use super::type_name::{ident, idents, name, range_var};
use crate::model::{
    Expr, Facet, Ident, Kind, Name, ObjectId, Place, Problem, QualifiedName, SearchPath, Span,
    Statistics,
};

/// The kinds that are built when none is named.
const KINDS: [&str; 3] = ["dependencies", "mcv", "ndistinct"];

/// `CREATE STATISTICS`.
pub(super) fn create(stmt: &CreateStatsStmt, _cx: Lowering<'_>) -> Lowered {
    let relation = stmt.relations.first().and_then(|node| match node.node.as_ref()? {
        NodeEnum::RangeVar(relation) => Some(range_var(relation)),
        _only_tables_have_them => None,
    });
    let Some(relation) = relation else {
        return Lowered::unsupported("statistics that are not on one table");
    };
    let (mut columns, mut expressions, mut names) = (BTreeSet::new(), Vec::new(), Vec::new());
    for node in &stmt.exprs {
        let Some(NodeEnum::StatsElem(element)) = &node.node else {
            return Lowered::unsupported("what these statistics are on");
        };
        names.push(name_part(element));
        match (ident(&element.name), element.expr.as_deref()) {
            (Some(column), _) => {
                columns.insert(column);
            }
            (None, Some(node)) => expressions.push(expr(node)),
            (None, None) => return Lowered::unsupported("what these statistics are on"),
        }
    }
    Lowered::apply(CreateStatistics {
        name: (!stmt.defnames.is_empty()).then(|| name(&stmt.defnames)),
        relation,
        kinds: idents(&stmt.stat_types).into_iter().collect(),
        columns,
        expressions,
        names,
        if_not_exists: stmt.if_not_exists,
    })
}

/// What an element adds to an implicit name (`ChooseExtendedStatisticNameAddition`).
fn name_part(element: &StatsElem) -> String {
    if element.name.is_empty() { "expr".to_owned() } else { element.name.clone() }
}

struct CreateStatistics {
    name: Option<Name>,
    relation: Name,
    kinds: BTreeSet<Ident>,
    columns: BTreeSet<Ident>,
    expressions: Vec<Expr>,
    /// For an implicit name, in the order written.
    names: Vec<String>,
    if_not_exists: bool,
}

impl Statement for CreateStatistics {
    fn declare(&self, declared: &mut Declared, path: &SearchPath) {
        if let Some(name) = &self.name {
            declared.add(Kind::Statistics, name, path);
        }
    }

    fn needs(&self) -> Vec<Need> {
        vec![Need::Relation(self.relation.clone())]
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let (relation, _) = cx.relation(&self.relation)?;
        let id = match &self.name {
            Some(name) => cx.creation_name(name),
            None => implicit_name(cx, &relation, self.names.iter().map(String::as_str)),
        };
        let single = self.columns.is_empty() && self.expressions.len() == 1;
        let kinds = match (single, self.kinds.is_empty()) {
            (true, _) => BTreeSet::new(),
            (false, true) => KINDS.iter().map(Ident::new).collect(),
            (false, false) => self.kinds,
        };
        let statistics = Statistics {
            relation,
            kinds,
            columns: self.columns,
            expressions: self.expressions,
            target: None,
            path: cx.path.clone(),
        };
        cx.create(ObjectId::Statistics(id), statistics, span, self.if_not_exists)
    }
}

/// The name that PostgreSQL chooses for a copy of statistics: columns in the order of
/// the table, then expressions (`generateClonedExtStatsStmt`, `src/backend/parser/parse_utilcmd.c`).
pub(super) fn choose_name(cx: &Interpreter<'_>, statistics: &Statistics) -> QualifiedName {
    let order = |column: &&Ident| {
        let table = cx.table(&statistics.relation);
        table.and_then(|table| table.columns.iter().position(|one| one.name == **column))
    };
    let mut columns: Vec<&Ident> = statistics.columns.iter().collect();
    columns.sort_by_key(order);
    let expressions = statistics.expressions.iter().map(|_| "expr");
    implicit_name(
        cx,
        &statistics.relation,
        columns.into_iter().map(Ident::as_str).chain(expressions),
    )
}

/// `ChooseExtendedStatisticName` (`src/backend/commands/statscmds.c`).
fn implicit_name<'a>(
    cx: &Interpreter<'_>,
    relation: &QualifiedName,
    names: impl Iterator<Item = &'a str>,
) -> QualifiedName {
    let joined = join_columns(names);
    let taken =
        |name: &QualifiedName| cx.schema.objects.contains_key(&ObjectId::Statistics(name.clone()));
    let table = relation.name.as_str();
    relation.sibling(cx.choose_name(&relation.namespace, table, Some(&joined), "stat", taken))
}

/// `ALTER STATISTICS name SET STATISTICS n | DEFAULT`.
pub(super) fn alter(stmt: &AlterStatsStmt, _cx: Lowering<'_>) -> Lowered {
    let target = stmt.stxstattarget.as_deref().and_then(node_text);
    Lowered::apply(AlterStatistics {
        name: name(&stmt.defnames),
        target: target.and_then(|text| text.parse().ok()).filter(|target| *target >= 0),
        missing_ok: stmt.missing_ok,
    })
}

struct AlterStatistics {
    name: Name,
    target: Option<i32>,
    missing_ok: bool,
}

impl AlterStatistics {
    fn address(&self) -> Address {
        Address::Named(ObjectId::Statistics, self.name.clone())
    }
}

impl Statement for AlterStatistics {
    fn needs(&self) -> Vec<Need> {
        if self.missing_ok { Vec::new() } else { vec![Need::Object(self.address())] }
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let id = self.address().find(cx);
        let Some((statistics, origin)) = id.and_then(|id| cx.object_mut::<Statistics>(&id)) else {
            if self.missing_ok {
                return Ok(Outcome::Ignored(super::IgnoreRule::NoEffect));
            }
            return Err(missing(&self.address()));
        };
        statistics.target = self.target;
        origin.record(Place::facet(Facet::StatisticsTarget), span);
        Ok(Outcome::Modelled)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::same;

    #[test]
    fn all_kinds_are_the_default_and_names_are_chosen() {
        same(
            "CREATE TABLE t (a int, b int); CREATE STATISTICS ON b, a FROM t; CREATE STATISTICS ON b, a FROM t;",
            "CREATE TABLE t (a int, b int); CREATE STATISTICS t_b_a_stat (mcv, ndistinct, dependencies) ON a, b FROM t; CREATE STATISTICS public.t_b_a_stat1 ON a, b FROM t;",
        );
    }
}
