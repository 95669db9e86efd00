//! Sequences: `CREATE SEQUENCE`, `ALTER SEQUENCE`, and the options of identity columns.

use pg_query::NodeEnum;
use pg_query::protobuf::{self, Node};

use super::interpreter::{Interpreter, Need, Outcome, Relation, Statement, missing};
use super::lower::{Lowered, Lowering};
use super::temporary;
use super::type_name::{name, range_var, type_name};
use super::{IgnoreRule, declared::Declared};
use crate::model::{
    Child, ColumnDefault, Facet, Ident, Name, ObjectId, Place, Problem, ProblemCode, QualifiedName,
    SearchPath, Sequence, Span, TypeName,
};

/// The options of a sequence, as written.
#[derive(Clone, Debug, Default)]
pub(super) struct SequenceOptions {
    /// `AS type`.
    pub data_type: Option<TypeName>,
    /// `SEQUENCE NAME`, of identity columns in dumps.
    pub name: Option<Name>,
    /// `UNLOGGED` or `LOGGED`, of identity columns in dumps.
    pub unlogged: Option<bool>,
    increment: Option<i64>,
    start: Option<i64>,
    /// `Some(None)` is `NO MINVALUE`.
    min: Option<Option<i64>>,
    max: Option<Option<i64>>,
    cache: Option<i64>,
    cycle: Option<bool>,
    /// `Some(None)` is `OWNED BY NONE`.
    owned_by: Option<Option<(Name, Ident)>>,
    /// Options that are not known.
    unknown: Vec<String>,
}

impl SequenceOptions {
    /// Options that only say the type.
    pub fn of_type(data_type: TypeName) -> Self {
        Self { data_type: Some(data_type), ..Self::default() }
    }

    /// Reads the list of options.
    pub fn lower(options: &[Node]) -> Self {
        let mut read = Self::default();
        for node in options {
            let Some(NodeEnum::DefElem(option)) = &node.node else {
                continue;
            };
            read.option(option);
        }
        read
    }

    fn option(&mut self, option: &protobuf::DefElem) {
        let arg = option.arg.as_deref();
        let number = arg.and_then(integer);
        match option.defname.as_str() {
            "as" => {
                if let Some(NodeEnum::TypeName(ty)) = arg.and_then(|node| node.node.as_ref()) {
                    self.data_type = Some(type_name(ty));
                }
            }
            "increment" => self.increment = number,
            "start" => self.start = number,
            "minvalue" => self.min = Some(number),
            "maxvalue" => self.max = Some(number),
            "cache" => self.cache = number,
            "cycle" => self.cycle = Some(arg.and_then(boolean).unwrap_or(true)),
            "owned_by" => self.owned_by = arg.map(owned_by),
            "sequence_name" => self.name = arg.and_then(list).map(name),
            "logged" => self.unlogged = Some(false),
            "unlogged" => self.unlogged = Some(true),
            // Where the counter stands is data.
            "restart" => {}
            other => self.unknown.push(other.to_owned()),
        }
    }

    /// The sequence with all defaults filled in (`init_params`, `src/backend/commands/sequence.c`).
    pub fn sequence(&self, default_type: &TypeName) -> Sequence {
        let data_type = self.data_type.clone().unwrap_or_else(|| default_type.clone());
        let increment = self.increment.unwrap_or(1);
        let (type_min, type_max) = limits(&data_type);
        let (default_min, default_max) = if increment < 0 { (type_min, -1) } else { (1, type_max) };
        let min = self.min.flatten().unwrap_or(default_min);
        let max = self.max.flatten().unwrap_or(default_max);
        Sequence {
            data_type,
            increment,
            min,
            max,
            start: self.start.unwrap_or(if increment < 0 { max } else { min }),
            cache: self.cache.unwrap_or(1),
            cycle: self.cycle.unwrap_or(false),
            owned_by: None,
            unlogged: self.unlogged.unwrap_or(false),
        }
    }

    /// Changes an existing sequence. A bound that was the limit of the old type
    /// becomes that of the new one; a changed increment does not move bounds.
    pub fn change(&self, sequence: &mut Sequence) {
        if let Some(data_type) = &self.data_type {
            let (old_min, old_max) = limits(&sequence.data_type);
            let (new_min, new_max) = limits(data_type);
            // Also where the limit of the old type was written out (`init_params`,
            // `src/backend/commands/sequence.c`).
            if sequence.max == old_max && self.max.is_none() {
                sequence.max = new_max;
            }
            if sequence.min == old_min && self.min.is_none() {
                sequence.min = new_min;
            }
            sequence.data_type = data_type.clone();
        }
        if let Some(increment) = self.increment {
            sequence.increment = increment;
        }
        let (type_min, type_max) = limits(&sequence.data_type);
        let descending = sequence.increment < 0;
        if let Some(min) = self.min {
            sequence.min = min.unwrap_or(if descending { type_min } else { 1 });
        }
        if let Some(max) = self.max {
            sequence.max = max.unwrap_or(if descending { -1 } else { type_max });
        }
        if let Some(start) = self.start {
            sequence.start = start;
        }
        if let Some(cache) = self.cache {
            sequence.cache = cache;
        }
        if let Some(cycle) = self.cycle {
            sequence.cycle = cycle;
        }
        if let Some(unlogged) = self.unlogged {
            sequence.unlogged = unlogged;
        }
    }

    /// The problem with options that are not known.
    pub fn problem(&self) -> Option<Problem> {
        let option = self.unknown.first()?;
        Some(Problem::new(
            ProblemCode::NotModelled,
            format!("the sequence option {option} is not understood"),
        ))
    }
}

/// The least and greatest value of an integer type.
fn limits(ty: &TypeName) -> (i64, i64) {
    match ty.name.name.as_str() {
        "int2" | "smallint" => (i16::MIN.into(), i16::MAX.into()),
        "int4" | "integer" | "int" => (i32::MIN.into(), i32::MAX.into()),
        _bigint => (i64::MIN, i64::MAX),
    }
}

/// `CREATE SEQUENCE`.
struct CreateSequence {
    name: Name,
    options: SequenceOptions,
    if_not_exists: bool,
    unlogged: bool,
}

/// Lowers `CREATE SEQUENCE`.
pub(super) fn create(stmt: &protobuf::CreateSeqStmt, _cx: Lowering<'_>) -> Lowered {
    let Some(sequence) = &stmt.sequence else {
        return Lowered::unsupported("CREATE SEQUENCE");
    };
    Lowered::apply(CreateSequence {
        name: temporary::created_name(sequence),
        options: SequenceOptions::lower(&stmt.options),
        if_not_exists: stmt.if_not_exists,
        unlogged: sequence.relpersistence == "u",
    })
}

impl Statement for CreateSequence {
    fn declare(&self, declared: &mut Declared, path: &SearchPath) {
        if !temporary::is_temporary(&self.name) {
            declared.relations.insert(declared.creation_name(&self.name, path));
        }
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        if let Some(problem) = self.options.problem() {
            return Err(problem);
        }
        let id = ObjectId::Sequence(cx.creation_name(&self.name));
        cx.replace_temporary(&id, span);
        let mut sequence = self.options.sequence(&TypeName::builtin("int8"));
        sequence.data_type = cx.resolve_type(&sequence.data_type);
        sequence.unlogged = self.unlogged;
        if let Some(owner) = &self.options.owned_by {
            sequence.owned_by =
                owner.as_ref().map(|(table, column)| (cx.resolve_relation(table), column.clone()));
        }
        let outcome = cx.create(id.clone(), sequence, span, self.if_not_exists)?;
        Ok(if outcome == Outcome::Modelled { temporary::made(&id) } else { outcome })
    }
}

/// `ALTER SEQUENCE`.
struct AlterSequence {
    name: Name,
    options: SequenceOptions,
    missing_ok: bool,
}

/// Lowers `ALTER SEQUENCE`.
pub(super) fn alter(stmt: &protobuf::AlterSeqStmt, _cx: Lowering<'_>) -> Lowered {
    let Some(sequence) = &stmt.sequence else {
        return Lowered::unsupported("ALTER SEQUENCE");
    };
    Lowered::apply(AlterSequence {
        name: range_var(sequence),
        options: SequenceOptions::lower(&stmt.options),
        missing_ok: stmt.missing_ok,
    })
}

impl Statement for AlterSequence {
    fn needs(&self) -> Vec<Need> {
        let owner = self.options.owned_by.iter().flatten();
        let owner = owner.map(|(table, _)| Need::Relation(table.clone()));
        std::iter::once(Need::Relation(self.name.clone())).chain(owner).collect()
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        if let Some(problem) = self.options.problem() {
            return Err(problem);
        }
        let relation = match cx.find_relation(&self.name) {
            Some((_, relation)) => relation.clone(),
            None if self.missing_ok => return Ok(Outcome::Ignored(IgnoreRule::NoEffect)),
            None => return Err(missing("sequence", &self.name)),
        };
        let mut options = self.options;
        options.data_type = options.data_type.map(|ty| cx.resolve_type(&ty));
        match relation {
            Relation::Object(id) => {
                let owned_by = options.owned_by.take().map(|owner| {
                    owner.map(|(table, column)| (cx.resolve_relation(&table), column))
                });
                let Some((sequence, origin)) = cx.object_mut::<Sequence>(&id) else {
                    return Err(missing("sequence", &self.name));
                };
                options.change(sequence);
                for facet in options.facets() {
                    origin.record(Place::facet(facet), span);
                }
                if let Some(owned_by) = owned_by {
                    sequence.owned_by = owned_by;
                    origin.record(Place::facet(Facet::OwnedBy), span);
                }
            }
            Relation::IdentitySequence(child) => alter_identity(cx, &child, &options, span),
            Relation::ConstraintIndex(_) => return Err(missing("sequence", &self.name)),
        }
        Ok(Outcome::Modelled)
    }
}

impl SequenceOptions {
    /// The facets that the options set.
    fn facets(&self) -> Vec<Facet> {
        let set = [
            (Facet::DataType, self.data_type.is_some()),
            (Facet::Increment, self.increment.is_some()),
            (Facet::Start, self.start.is_some()),
            (Facet::MinValue, self.min.is_some()),
            (Facet::MaxValue, self.max.is_some()),
            (Facet::Cache, self.cache.is_some()),
            (Facet::Cycle, self.cycle.is_some()),
        ];
        set.into_iter().filter_map(|(facet, is_set)| is_set.then_some(facet)).collect()
    }
}

/// Changes the sequence of an identity column.
pub(super) fn alter_identity(
    cx: &mut Interpreter<'_>,
    child: &Child,
    options: &SequenceOptions,
    span: Span,
) {
    let Some((table, origin)) = cx.table_mut(&child.parent) else {
        return;
    };
    let Some(column) = table.column_mut(&child.name) else {
        return;
    };
    if let Some(ColumnDefault::Identity { sequence, .. }) = &mut column.default {
        options.change(sequence);
        origin.record(Place::part_facet(&child.name, Facet::Identity), span);
    }
}

fn owned_by(node: &Node) -> Option<(Name, Ident)> {
    let (column, table) = list(node)?.split_last()?;
    if table.is_empty() {
        return None; // OWNED BY NONE
    }
    Some((name(table), name(std::slice::from_ref(column)).name))
}

fn list(node: &Node) -> Option<&[Node]> {
    if let NodeEnum::List(list) = node.node.as_ref()? { Some(&list.items) } else { None }
}

/// An integer of 64 bits, as the parser holds it.
pub(super) fn integer(node: &Node) -> Option<i64> {
    match node.node.as_ref()? {
        NodeEnum::Integer(number) => Some(number.ival.into()),
        NodeEnum::Float(number) => number.fval.parse().ok(),
        _no_number => None,
    }
}

fn boolean(node: &Node) -> Option<bool> {
    match node.node.as_ref()? {
        NodeEnum::Boolean(flag) => Some(flag.boolval),
        NodeEnum::Integer(number) => Some(number.ival != 0),
        _no_boolean => None,
    }
}

/// The name that a sequence of a column gets (`generateSerialExtraStmts`,
/// `src/backend/parser/parse_utilcmd.c`).
pub(super) fn choose_sequence_name(
    cx: &Interpreter<'_>,
    table: &QualifiedName,
    column: &Ident,
    taken: &[QualifiedName],
) -> QualifiedName {
    let is_taken = |name: &QualifiedName| cx.relation_exists(name) || taken.contains(name);
    let (table_name, column) = (table.name.as_str(), Some(column.as_str()));
    table.sibling(cx.choose_name(&table.namespace, table_name, column, "seq", is_taken))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{differ, same};

    #[test]
    fn a_limit_of_the_old_type_becomes_that_of_the_new() {
        let small = |rest: &str| {
            format!("CREATE SEQUENCE s AS smallint {rest}; ALTER SEQUENCE s AS integer;")
        };
        same(
            &small("MINVALUE -32768"),
            "CREATE SEQUENCE s AS integer MINVALUE -2147483648 START -32768;",
        );
        same(
            &small("MAXVALUE 32767 INCREMENT -1"),
            "CREATE SEQUENCE s AS integer MAXVALUE 2147483647 INCREMENT -1 START 32767;",
        );
        differ(
            &small("MINVALUE -32767"),
            "CREATE SEQUENCE s AS integer MINVALUE -2147483648 START -32767;",
        );
    }

    #[test]
    fn sequences_of_an_unlogged_table_are_so_too() {
        let added = "ALTER TABLE t ADD b int GENERATED ALWAYS AS IDENTITY;";
        same(
            &["CREATE UNLOGGED TABLE t (a int);", added].concat(),
            "CREATE UNLOGGED TABLE t (a int, b int GENERATED ALWAYS AS IDENTITY);",
        );
        differ(
            &["CREATE UNLOGGED TABLE t (a int);", added].concat(),
            &[
                "CREATE TABLE t (a int);",
                added,
                "ALTER TABLE t SET UNLOGGED; ALTER SEQUENCE t_b_seq SET LOGGED;",
            ]
            .concat(),
        );
    }
}
