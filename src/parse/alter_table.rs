//! `ALTER TABLE`, and `ALTER VIEW`, `INDEX`, `SEQUENCE`, `FOREIGN TABLE`, which the
//! parser reads into the same tree. One statement holds several commands; each is
//! an [`Action`].

use std::collections::BTreeMap;

use pg_query::NodeEnum;
use pg_query::protobuf::{self, AlterTableType as T, ConstrType, DropBehavior, Node};

use super::IgnoreRule;
use super::column::{self, ColumnDraft};
use super::constraint::{self, ConstraintDraft, NotNullDraft};
use super::index::{option_value, options};
use super::interpreter::{Interpreter, Need, Outcome, Statement, missing};
use super::lower::{Lowered, Lowering, unsupported};
use super::partition;
use super::sequence::SequenceOptions;
use super::trigger::Triggers;
use super::type_name::{ident, name, range_var, type_name};
use crate::model::{
    Enabled, Expr, Ident, Name, ObjectId, PartitionBound, Problem, ProblemCode, QualifiedName,
    ReplicaIdentity, Span, TypeName,
};

/// Which version of the server made a column: an option that 15.20 keeps for itself among those
/// of the column (`pg_attribute.attoptions`). Its own `pg_dump` leaves it out, those of later
/// versions print it.
const ATTRIBUTE_VERSION: &str = "pg_attver";

/// `ALTER TABLE` as written.
struct AlterTable {
    relation: Name,
    /// Not for what inherits from it.
    only: bool,
    missing_ok: bool,
    actions: Vec<(Action, Span)>,
}

/// One command of `ALTER TABLE`.
#[derive(Debug)]
pub(super) enum Action {
    AddColumn {
        draft: Box<ColumnDraft>,
        if_not_exists: bool,
    },
    DropColumn {
        column: Ident,
        if_exists: bool,
        cascade: bool,
    },
    ColumnType {
        column: Ident,
        ty: TypeName,
        collation: Option<Name>,
    },
    ColumnDefault {
        column: Ident,
        default: Option<Expr>,
    },
    SetNotNull(Ident),
    DropNotNull(Ident),
    SetExpression {
        column: Ident,
        expression: Expr,
    },
    DropExpression(Ident),
    AddIdentity {
        column: Ident,
        always: bool,
        options: Box<SequenceOptions>,
    },
    SetIdentity {
        column: Ident,
        always: Option<bool>,
        options: Box<SequenceOptions>,
    },
    DropIdentity {
        column: Ident,
        if_exists: bool,
    },
    Statistics {
        column: Ident,
        number: Option<i16>,
        target: Option<i32>,
    },
    Storage {
        column: Ident,
        storage: Ident,
    },
    Compression {
        column: Ident,
        method: Option<Ident>,
    },
    ColumnOptions {
        column: Ident,
        set: BTreeMap<Ident, Box<str>>,
        reset: Vec<Ident>,
    },
    ColumnForeignOptions {
        column: Ident,
        options: Vec<Node>,
    },
    AddConstraint(Box<ConstraintDraft>),
    AddNotNull(NotNullDraft),
    DropConstraint {
        name: Ident,
        if_exists: bool,
    },
    ValidateConstraint(Ident),
    AlterConstraint {
        name: Ident,
        change: Box<protobuf::AtAlterConstraint>,
    },
    Options {
        set: BTreeMap<Ident, Box<str>>,
        reset: Vec<Ident>,
    },
    ForeignOptions(Vec<Node>),
    Owner(crate::model::Grantee),
    Tablespace(Ident),
    AccessMethod(Option<Ident>),
    Logged(bool),
    ClusterOn(Option<Ident>),
    ReplicaIdentity(ReplicaIdentity),
    RowSecurity(bool),
    ForceRowSecurity(bool),
    Trigger {
        name: Triggers,
        enabled: Enabled,
    },
    Rule {
        name: Ident,
        enabled: Enabled,
    },
    Inherit(Name),
    NoInherit(Name),
    OfType(TypeName),
    NotOf,
    AttachPartition {
        partition: Name,
        bound: Option<PartitionBound>,
    },
    DetachPartition {
        partition: Name,
        concurrently: bool,
    },
    /// What has no effect on the schema.
    Nothing,
}

/// Lowers `ALTER TABLE` and its like.
pub(super) fn alter(stmt: &protobuf::AlterTableStmt, cx: Lowering<'_>) -> Lowered {
    let Some(relation) = &stmt.relation else {
        return Lowered::unsupported("ALTER TABLE");
    };
    if stmt.objtype() == protobuf::ObjectType::ObjectType {
        return super::user_type::alter_attributes(stmt, cx);
    }
    // Statements wait until all are read, so the list is as long as needed.
    let mut actions = Vec::with_capacity(stmt.cmds.len());
    for node in &stmt.cmds {
        let Some(NodeEnum::AlterTableCmd(command)) = &node.node else {
            continue;
        };
        match action(command, cx) {
            Ok(action) => actions.push((action, span(command, cx))),
            Err(problem) => return Lowered::problem(problem),
        }
    }
    Lowered::apply(AlterTable {
        relation: range_var(relation),
        only: !relation.inh,
        missing_ok: stmt.missing_ok,
        actions,
    })
}

/// The place of a command: that of the column or constraint it defines, else the statement.
fn span(command: &protobuf::AlterTableCmd, cx: Lowering<'_>) -> Span {
    match command.def.as_ref().and_then(|node| node.node.as_ref()) {
        Some(NodeEnum::ColumnDef(column)) if column.location > 0 => cx.element(column.location),
        Some(NodeEnum::Constraint(constraint)) if constraint.location > 0 => {
            cx.element(constraint.location)
        }
        _the_whole_statement => cx.span(),
    }
}

#[expect(clippy::too_many_lines, reason = "one line for each subcommand of the grammar")]
fn action(command: &protobuf::AlterTableCmd, cx: Lowering<'_>) -> Result<Action, Problem> {
    let column = || Ident::new(&command.name);
    let def = command.def.as_deref();
    let node = def.and_then(|node| node.node.as_ref());
    let expression = || def.map(super::expr::expr);
    Ok(match command.subtype() {
        T::AtAddColumn | T::AtAddColumnToView => Action::AddColumn {
            draft: Box::new(column_def(node, cx)?),
            if_not_exists: command.missing_ok,
        },
        T::AtDropColumn => Action::DropColumn {
            column: column(),
            if_exists: command.missing_ok,
            cascade: command.behavior() == DropBehavior::DropCascade,
        },
        T::AtAlterColumnType => column_type(column(), node)?,
        T::AtColumnDefault | T::AtCookedColumnDefault => {
            Action::ColumnDefault { column: column(), default: expression() }
        }
        T::AtSetNotNull => Action::SetNotNull(column()),
        T::AtDropNotNull => Action::DropNotNull(column()),
        T::AtSetExpression => Action::SetExpression {
            column: column(),
            expression: expression().unwrap_or(Expr::Default),
        },
        T::AtDropExpression => Action::DropExpression(column()),
        T::AtAddIdentity => add_identity(column(), node)?,
        T::AtSetIdentity => set_identity(column(), node)?,
        T::AtDropIdentity => {
            Action::DropIdentity { column: column(), if_exists: command.missing_ok }
        }
        T::AtSetStatistics => Action::Statistics {
            column: column(),
            number: (command.num > 0).then(|| i16::try_from(command.num).unwrap_or(i16::MAX)),
            target: statistics_target(def),
        },
        T::AtSetStorage => {
            Action::Storage { column: column(), storage: word(node).unwrap_or_default() }
        }
        T::AtSetCompression => Action::Compression {
            column: column(),
            method: word(node).filter(|method| *method != "default"),
        },
        T::AtSetOptions => {
            let mut set = options(list(node));
            set.remove(&Ident::new(ATTRIBUTE_VERSION));
            Action::ColumnOptions { column: column(), set, reset: Vec::new() }
        }
        T::AtResetOptions => Action::ColumnOptions {
            column: column(),
            set: BTreeMap::new(),
            reset: options(list(node)).into_keys().collect(),
        },
        T::AtAlterColumnGenericOptions => {
            Action::ColumnForeignOptions { column: column(), options: list(node).to_vec() }
        }
        T::AtAddConstraint
        | T::AtReAddConstraint
        | T::AtReAddDomainConstraint
        | T::AtAddIndexConstraint => add_constraint(node, cx)?,
        T::AtDropConstraint => {
            Action::DropConstraint { name: column(), if_exists: command.missing_ok }
        }
        T::AtValidateConstraint => Action::ValidateConstraint(column()),
        T::AtAlterConstraint => match node {
            Some(NodeEnum::AtalterConstraint(change)) => Action::AlterConstraint {
                name: Ident::new(&change.conname),
                change: Box::new(change.clone()),
            },
            _other => return Err(unsupported("ALTER CONSTRAINT")),
        },
        T::AtSetRelOptions | T::AtReplaceRelOptions => {
            Action::Options { set: options(list(node)), reset: Vec::new() }
        }
        T::AtResetRelOptions => Action::Options {
            set: BTreeMap::new(),
            reset: options(list(node)).into_keys().collect(),
        },
        T::AtGenericOptions => Action::ForeignOptions(list(node).to_vec()),
        T::AtChangeOwner => match &command.newowner {
            Some(role) => Action::Owner(super::role::grantee(role)),
            None => return Err(unsupported("OWNER TO")),
        },
        T::AtSetTableSpace => Action::Tablespace(column()),
        T::AtSetAccessMethod => Action::AccessMethod(ident(&command.name)),
        T::AtSetLogged => Action::Logged(true),
        T::AtSetUnLogged => Action::Logged(false),
        T::AtClusterOn => Action::ClusterOn(Some(column())),
        T::AtDropCluster => Action::ClusterOn(None),
        T::AtReplicaIdentity => Action::ReplicaIdentity(replica_identity(node)?),
        T::AtEnableRowSecurity => Action::RowSecurity(true),
        T::AtDisableRowSecurity => Action::RowSecurity(false),
        T::AtForceRowSecurity => Action::ForceRowSecurity(true),
        T::AtNoForceRowSecurity => Action::ForceRowSecurity(false),
        T::AtEnableTrig => trigger(Triggers::Named(column()), Enabled::Origin),
        T::AtEnableAlwaysTrig => trigger(Triggers::Named(column()), Enabled::Always),
        T::AtEnableReplicaTrig => trigger(Triggers::Named(column()), Enabled::Replica),
        T::AtDisableTrig => trigger(Triggers::Named(column()), Enabled::Disabled),
        T::AtEnableTrigAll => trigger(Triggers::All, Enabled::Origin),
        T::AtEnableTrigUser => trigger(Triggers::User, Enabled::Origin),
        T::AtDisableTrigAll => trigger(Triggers::All, Enabled::Disabled),
        T::AtDisableTrigUser => trigger(Triggers::User, Enabled::Disabled),
        T::AtEnableRule => Action::Rule { name: column(), enabled: Enabled::Origin },
        T::AtEnableAlwaysRule => Action::Rule { name: column(), enabled: Enabled::Always },
        T::AtEnableReplicaRule => Action::Rule { name: column(), enabled: Enabled::Replica },
        T::AtDisableRule => Action::Rule { name: column(), enabled: Enabled::Disabled },
        T::AtAddInherit => Action::Inherit(relation(node)?),
        T::AtDropInherit => Action::NoInherit(relation(node)?),
        T::AtAddOf => match node {
            Some(NodeEnum::TypeName(ty)) => Action::OfType(type_name(ty)),
            _other => return Err(unsupported("OF")),
        },
        T::AtDropOf => Action::NotOf,
        T::AtAttachPartition => attach(node)?,
        T::AtDetachPartition | T::AtDetachPartitionFinalize => match node {
            Some(NodeEnum::PartitionCmd(command)) => Action::DetachPartition {
                partition: command.name.as_ref().map(range_var).unwrap_or_default(),
                concurrently: command.concurrent,
            },
            _other => return Err(unsupported("DETACH PARTITION")),
        },
        T::AtDropOids => Action::Nothing,
        T::AtAddIndex
        | T::AtReAddIndex
        | T::AtReAddComment
        | T::AtReAddStatistics
        | T::Undefined => return Err(unsupported("this ALTER TABLE command")),
    })
}

fn trigger(name: Triggers, enabled: Enabled) -> Action {
    Action::Trigger { name, enabled }
}

fn column_def(node: Option<&NodeEnum>, cx: Lowering<'_>) -> Result<ColumnDraft, Problem> {
    match node {
        Some(NodeEnum::ColumnDef(node)) => column::lower(node, cx),
        _other => Err(unsupported("this ADD COLUMN")),
    }
}

fn column_type(column: Ident, node: Option<&NodeEnum>) -> Result<Action, Problem> {
    let Some(NodeEnum::ColumnDef(def)) = node else {
        return Err(unsupported("this ALTER COLUMN TYPE"));
    };
    let Some(ty) = &def.type_name else {
        return Err(unsupported("this ALTER COLUMN TYPE"));
    };
    let collation = def.coll_clause.as_ref().map(|collate| name(&collate.collname));
    Ok(Action::ColumnType { column, ty: type_name(ty), collation })
}

fn add_constraint(node: Option<&NodeEnum>, cx: Lowering<'_>) -> Result<Action, Problem> {
    let Some(NodeEnum::Constraint(node)) = node else {
        return Err(unsupported("this ADD CONSTRAINT"));
    };
    if node.contype() == ConstrType::ConstrNotnull {
        return Ok(Action::AddNotNull(column::table_not_null(node, cx)));
    }
    match constraint::lower(node, None, cx)? {
        Some(draft) => Ok(Action::AddConstraint(Box::new(draft))),
        None => Err(unsupported("this constraint").at(cx.element(node.location))),
    }
}

fn add_identity(column: Ident, node: Option<&NodeEnum>) -> Result<Action, Problem> {
    let Some(NodeEnum::Constraint(node)) = node else {
        return Err(unsupported("this ADD GENERATED"));
    };
    let options = SequenceOptions::lower(&node.options);
    match options.problem() {
        Some(problem) => Err(problem),
        None => {
            let (always, options) = (node.generated_when == "a", Box::new(options));
            Ok(Action::AddIdentity { column, always, options })
        }
    }
}

/// `SET GENERATED ALWAYS`, `SET INCREMENT 2`, `RESTART`.
fn set_identity(column: Ident, node: Option<&NodeEnum>) -> Result<Action, Problem> {
    let mut always = None;
    let mut sequence = Vec::new();
    for node in list(node) {
        match &node.node {
            Some(NodeEnum::DefElem(option)) if option.defname == "generated" => {
                let value = option.arg.as_deref().and_then(super::sequence::integer);
                always = Some(value == Some('a' as i64));
            }
            _option_of_the_sequence => sequence.push(node.clone()),
        }
    }
    let options = SequenceOptions::lower(&sequence);
    match options.problem() {
        Some(problem) => Err(problem),
        None => Ok(Action::SetIdentity { column, always, options: Box::new(options) }),
    }
}

/// `SET STATISTICS n`; -1 and `DEFAULT` are the default.
fn statistics_target(node: Option<&Node>) -> Option<i32> {
    let number = node.and_then(super::sequence::integer)?;
    i32::try_from(number).ok().filter(|number| *number >= 0)
}

fn replica_identity(node: Option<&NodeEnum>) -> Result<ReplicaIdentity, Problem> {
    let Some(NodeEnum::ReplicaIdentityStmt(stmt)) = node else {
        return Err(unsupported("this REPLICA IDENTITY"));
    };
    Ok(match stmt.identity_type.as_str() {
        "f" => ReplicaIdentity::Full,
        "n" => ReplicaIdentity::Nothing,
        "i" => ReplicaIdentity::Index(Ident::new(&stmt.name)),
        _default => ReplicaIdentity::Default,
    })
}

fn attach(node: Option<&NodeEnum>) -> Result<Action, Problem> {
    let Some(NodeEnum::PartitionCmd(command)) = node else {
        return Err(unsupported("this ATTACH PARTITION"));
    };
    Ok(Action::AttachPartition {
        partition: command.name.as_ref().map(range_var).unwrap_or_default(),
        bound: command.bound.as_ref().map(partition::bound).transpose()?,
    })
}

fn relation(node: Option<&NodeEnum>) -> Result<Name, Problem> {
    match node {
        Some(NodeEnum::RangeVar(relation)) => Ok(range_var(relation)),
        _other => Err(unsupported("this INHERIT")),
    }
}

fn list(node: Option<&NodeEnum>) -> &[Node] {
    if let Some(NodeEnum::List(list)) = node { &list.items } else { &[] }
}

fn word(node: Option<&NodeEnum>) -> Option<Ident> {
    match node {
        Some(node @ NodeEnum::String(_)) => {
            let value = option_value(Some(&Node { node: Some(node.clone()) }));
            ident(&value.to_ascii_lowercase())
        }
        _other => None,
    }
}

impl Statement for AlterTable {
    fn needs(&self) -> Vec<Need> {
        if self.only_drops() {
            // What is dropped is there already or never: a dump made with `--clean` drops
            // first what it then creates.
            return Vec::new();
        }
        let mut needs = vec![Need::Relation(self.relation.clone())];
        for (action, _) in &self.actions {
            match action {
                Action::Inherit(other)
                | Action::NoInherit(other)
                | Action::DetachPartition { partition: other, .. }
                | Action::AttachPartition { partition: other, .. } => {
                    needs.push(Need::Relation(other.clone()));
                }
                Action::AddConstraint(draft) => {
                    needs.extend(draft.using_index.clone().map(|index| {
                        let namespace = self.relation.namespace.clone();
                        Need::Relation(Name { namespace, name: index })
                    }));
                }
                _needs_nothing_else => {}
            }
        }
        needs
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let (name, id) = match cx.relation(&self.relation) {
            Ok(found) => found,
            Err(_) if self.missing_ok => return Ok(Outcome::Ignored(IgnoreRule::NoEffect)),
            Err(_) => match self.other_relation(cx)? {
                Some(done) => return Ok(done),
                None if self.only_drops() && cx.schema.dumped.is_some() => {
                    return Ok(Outcome::Ignored(IgnoreRule::NoEffect));
                }
                None => return Err(missing("relation", &self.relation)),
            },
        };
        for (action, action_span) in self.actions {
            match &id {
                ObjectId::Table(_) => {
                    super::table_action::apply(cx, &name, action, self.only, action_span)?;
                }
                _other_relation => super::relation_action::apply(cx, &id, action, span)?,
            }
        }
        Ok(Outcome::Modelled)
    }
}

impl AlterTable {
    /// True when it only takes away.
    fn only_drops(&self) -> bool {
        let drops = |(action, _): &(Action, Span)| {
            matches!(
                action,
                Action::DropColumn { .. }
                    | Action::DropConstraint { .. }
                    | Action::DropNotNull(_)
                    | Action::DropExpression(_)
                    | Action::DropIdentity { .. }
                    | Action::ColumnDefault { default: None, .. }
                    | Action::RowSecurity(false)
                    | Action::ForceRowSecurity(false)
                    | Action::NoInherit(_)
                    | Action::DetachPartition { .. }
            )
        };
        self.actions.iter().all(drops)
    }

    /// The index of a constraint or the sequence of an identity column, which are
    /// no objects of their own.
    fn other_relation(&self, cx: &mut Interpreter<'_>) -> Result<Option<Outcome>, Problem> {
        use super::interpreter::Relation;
        let Some((name, relation)) = cx.find_relation(&self.relation) else {
            return Ok(None);
        };
        let relation = relation.clone();
        match relation {
            Relation::Object(_) => Ok(None),
            Relation::ConstraintIndex(child) => {
                for (action, span) in &self.actions {
                    let action = (action, *span);
                    super::relation_action::constraint_index(cx, &child, &name, action)?;
                }
                Ok(Some(Outcome::Modelled))
            }
            Relation::IdentitySequence(child) => {
                for (action, _) in &self.actions {
                    super::relation_action::identity_sequence(cx, &child, action)?;
                }
                Ok(Some(Outcome::Modelled))
            }
        }
    }
}

/// The problem that a command does not apply to an object.
pub(super) fn not_for(what: &str, name: &QualifiedName) -> Problem {
    Problem::new(
        ProblemCode::Invalid,
        format!("this command cannot be applied to \"{}\", which is {what}", name.name.as_str()),
    )
}
