//! From the parser's tree of one statement to a [`Statement`].
//!
//! Runs in parallel, so it sees nothing but the statement: names stay as
//! written. The tree is dropped at once; it is 90 times the size of its text.

use pg_query::NodeEnum;
use pg_query::protobuf::{self, Node};

use super::coverage::IgnoreRule;
use super::interpreter::Statement;
use super::rewrite::Rewritten;
use super::{
    aggregate, alter_table, call, collation, comment, default_privileges, do_block, drop,
    event_trigger, extension, foreign_data, index, language, namespace, operator, owned, owner,
    policy, privileges, publication, rename, role, routine, rule, sequence, session, statistics,
    subscription, table, table_as, temporary, text_search, trigger, user_type, view,
};
use crate::model::{Ident, Problem, ProblemCode, SourceId, Span};

/// A lowered statement.
pub(super) enum Lowered {
    /// It may change the schema.
    Apply(Box<dyn Statement>),
    /// It says nothing about the schema.
    Ignored(IgnoreRule),
    /// It changes how literals of times are read: the setting, and what is wrong with it
    /// should a literal follow; none when they are read as usual again.
    Reading(Ident, Option<Box<Problem>>),
    /// It begins, ends or undoes a transaction.
    Transaction(Transaction),
    /// It is not understood or wrong.
    Problem(Box<Problem>),
}

/// The transaction statements that can undo others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Transaction {
    /// `BEGIN`.
    Begin,
    /// `COMMIT`.
    Commit,
    /// `ROLLBACK`.
    Rollback,
    /// `SAVEPOINT name`.
    Savepoint(String),
    /// `ROLLBACK TO name`.
    RollbackTo(String),
    /// `RELEASE name`, prepared transactions: undo nothing.
    Other,
}

impl Lowered {
    /// A statement that may change the schema.
    pub fn apply(statement: impl Statement + 'static) -> Self {
        Self::Apply(Box::new(statement))
    }

    /// A statement that is not understood or wrong.
    pub fn problem(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }

    /// A statement that is not understood.
    pub fn unsupported(what: &str) -> Self {
        Self::problem(unsupported(what))
    }
}

/// The problem that something is not understood.
pub(super) fn unsupported(what: &str) -> Problem {
    Problem::new(ProblemCode::Unsupported, format!("{what} is not understood"))
        .help("the verdict is UNKNOWN as long as this statement may change the schema")
}

/// One statement's text and place, for spans of its parts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lowering<'t> {
    /// The text that was parsed.
    pub text: &'t str,
    /// Where that text starts in its source.
    pub base: usize,
    /// The source.
    pub source: SourceId,
    /// How the text differs from the source.
    pub rewritten: &'t Rewritten<'t>,
}

impl Lowering<'_> {
    /// The whole statement.
    pub fn span(&self) -> Span {
        self.part(0, self.text.len())
    }

    /// The part of the statement that starts at a node's location and ends
    /// before the next comma or closing parenthesis of its level.
    pub fn element(&self, location: i32) -> Span {
        let Ok(start) = usize::try_from(location) else { return self.span() };
        self.part(start, super::extent::element_end(self.text, start))
    }

    /// A range of the parsed text, as a place of the source.
    pub fn part(&self, start: usize, end: usize) -> Span {
        let offset = |offset: usize| self.base + self.rewritten.original(offset);
        Span::new(self.source, offset(start), offset(end))
    }
}

/// Lowers the tree of one statement.
#[expect(clippy::too_many_lines, reason = "one line for each statement of the grammar")]
pub(super) fn lower(node: &Node, cx: Lowering<'_>) -> Lowered {
    use NodeEnum as N;
    let Some(node) = node.node.as_ref() else {
        return Lowered::Ignored(IgnoreRule::Query);
    };
    match node {
        // Relations.
        N::CreateStmt(stmt) => table::create(stmt, cx),
        N::CreateForeignTableStmt(stmt) => table::create_foreign(stmt, cx),
        N::CreateTableAsStmt(stmt) => view::create_table_as(stmt, cx),
        N::AlterTableStmt(stmt) if stmt.objtype() == protobuf::ObjectType::ObjectType => {
            user_type::alter_attributes(stmt, cx)
        }
        N::AlterTableStmt(stmt) => alter_table::alter(stmt, cx),
        N::IndexStmt(stmt) => index::create(stmt, cx),
        N::CreateSeqStmt(stmt) => sequence::create(stmt, cx),
        N::AlterSeqStmt(stmt) => sequence::alter(stmt, cx),
        N::ViewStmt(stmt) => view::create(stmt, cx),
        N::RuleStmt(stmt) => rule::create(stmt, cx),
        N::CreateTrigStmt(stmt) => trigger::create(stmt, cx),
        N::CreatePolicyStmt(stmt) => policy::create(stmt, cx),
        N::AlterPolicyStmt(stmt) => policy::alter(stmt, cx),
        N::CreateStatsStmt(stmt) => statistics::create(stmt, cx),
        N::AlterStatsStmt(stmt) => statistics::alter(stmt, cx),
        // Types.
        N::CreateEnumStmt(stmt) => user_type::create_enum(stmt, cx),
        N::AlterEnumStmt(stmt) => user_type::alter_enum(stmt, cx),
        N::CreateDomainStmt(stmt) => user_type::create_domain(stmt, cx),
        N::AlterDomainStmt(stmt) => user_type::alter_domain(stmt, cx),
        N::CompositeTypeStmt(stmt) => user_type::create_composite(stmt, cx),
        N::CreateRangeStmt(stmt) => user_type::create_range(stmt, cx),
        N::AlterTypeStmt(stmt) => user_type::alter_type(stmt, cx),
        // Routines and what is built of them.
        N::CreateFunctionStmt(stmt) => routine::create(stmt, cx),
        N::AlterFunctionStmt(stmt) => routine::alter(stmt, cx),
        N::DefineStmt(stmt) => define(stmt, cx),
        N::AlterOperatorStmt(stmt) => operator::alter(stmt, cx),
        N::CreateOpClassStmt(stmt) => operator::create_class(stmt, cx),
        N::CreateOpFamilyStmt(stmt) => operator::create_family(stmt, cx),
        N::AlterOpFamilyStmt(stmt) => operator::alter_family(stmt, cx),
        N::CreateCastStmt(stmt) => operator::create_cast(stmt, cx),
        N::CreateTransformStmt(stmt) => operator::create_transform(stmt, cx),
        N::CreateConversionStmt(stmt) => operator::create_conversion(stmt, cx),
        N::AlterCollationStmt(_) => Lowered::Ignored(IgnoreRule::Maintenance),
        N::AlterTsdictionaryStmt(stmt) => text_search::alter_dictionary(stmt, cx),
        N::AlterTsconfigurationStmt(stmt) => text_search::alter_configuration(stmt, cx),
        N::CreatePlangStmt(stmt) => language::create(stmt, cx),
        N::CreateAmStmt(stmt) => language::create_access_method(stmt, cx),
        N::CreateEventTrigStmt(stmt) => event_trigger::create(stmt, cx),
        N::AlterEventTrigStmt(stmt) => event_trigger::alter(stmt, cx),
        // The database.
        N::CreateSchemaStmt(stmt) => namespace::create(stmt, cx),
        N::CreateExtensionStmt(stmt) => extension::create(stmt, cx),
        N::AlterExtensionStmt(stmt) => extension::alter(stmt, cx),
        N::AlterExtensionContentsStmt(stmt) => extension::alter_contents(stmt, cx),
        N::CreateFdwStmt(stmt) => foreign_data::create_wrapper(stmt, cx),
        N::AlterFdwStmt(stmt) => foreign_data::alter_wrapper(stmt, cx),
        N::CreateForeignServerStmt(stmt) => foreign_data::create_server(stmt, cx),
        N::AlterForeignServerStmt(stmt) => foreign_data::alter_server(stmt, cx),
        N::CreateUserMappingStmt(stmt) => foreign_data::create_user_mapping(stmt, cx),
        N::AlterUserMappingStmt(stmt) => foreign_data::alter_user_mapping(stmt, cx),
        N::DropUserMappingStmt(stmt) => foreign_data::drop_user_mapping(stmt, cx),
        N::CreatePublicationStmt(stmt) => publication::create(stmt, cx),
        N::AlterPublicationStmt(stmt) => publication::alter(stmt, cx),
        N::CreateSubscriptionStmt(stmt) => subscription::create(stmt, cx),
        N::AlterSubscriptionStmt(stmt) => subscription::alter(stmt, cx),
        N::DropSubscriptionStmt(stmt) => subscription::drop(stmt, cx),
        // Roles and privileges.
        N::CreateRoleStmt(stmt) => role::create(stmt, cx),
        N::AlterRoleStmt(stmt) => role::alter(stmt, cx),
        N::AlterRoleSetStmt(stmt) => role::alter_setting(stmt, cx),
        N::DropRoleStmt(stmt) => role::drop(stmt, cx),
        N::GrantRoleStmt(stmt) => role::grant(stmt, cx),
        N::GrantStmt(stmt) => privileges::grant(stmt, cx),
        N::AlterDefaultPrivilegesStmt(stmt) => default_privileges::alter_defaults(stmt, cx),
        N::ReassignOwnedStmt(stmt) => owned::reassign(stmt, cx),
        N::DropOwnedStmt(stmt) => owned::drop_owned(stmt, cx),
        // Any object.
        N::AlterOwnerStmt(stmt) => owner::alter(stmt, cx),
        N::CommentStmt(stmt) => comment::comment(stmt, cx),
        N::SecLabelStmt(stmt) => comment::security_label(stmt, cx),
        N::RenameStmt(stmt) => rename::rename(stmt, cx),
        N::AlterObjectSchemaStmt(stmt) => rename::set_schema(stmt, cx),
        N::AlterObjectDependsStmt(stmt) => extension::depends(stmt, cx),
        N::DropStmt(stmt) => drop::drop(stmt, cx),
        // The session.
        N::VariableSetStmt(stmt) => session::set(stmt, cx),
        N::SelectStmt(stmt) => session::select(stmt, cx),
        N::TransactionStmt(stmt) => Lowered::Transaction(transaction(stmt)),
        N::ConstraintsSetStmt(_) | N::LockStmt(_) => Lowered::Ignored(IgnoreRule::Transaction),
        N::DiscardStmt(stmt) => temporary::discard(stmt),
        N::LoadStmt(_) => Lowered::Ignored(IgnoreRule::Setting),
        // What is no schema.
        N::InsertStmt(_)
        | N::UpdateStmt(_)
        | N::DeleteStmt(_)
        | N::MergeStmt(_)
        | N::TruncateStmt(_)
        | N::CopyStmt(_) => Lowered::Ignored(IgnoreRule::Data),
        N::PrepareStmt(stmt) => table_as::prepare(stmt),
        N::ExplainStmt(stmt) if is_run(stmt) => match &stmt.query {
            Some(query) => lower(query, cx),
            None => Lowered::Ignored(IgnoreRule::Query),
        },
        N::VariableShowStmt(_)
        | N::ExplainStmt(_)
        // Only what reads or changes rows can be prepared.
        | N::ExecuteStmt(_)
        | N::DeallocateStmt(_)
        | N::DeclareCursorStmt(_)
        | N::FetchStmt(_)
        | N::ClosePortalStmt(_)
        | N::ListenStmt(_)
        | N::UnlistenStmt(_)
        | N::NotifyStmt(_) => Lowered::Ignored(IgnoreRule::Query),
        N::VacuumStmt(_)
        | N::ClusterStmt(_)
        | N::ReindexStmt(_)
        | N::RefreshMatViewStmt(_)
        | N::CheckPointStmt(_) => Lowered::Ignored(IgnoreRule::Maintenance),
        N::CreatedbStmt(_)
        | N::DropdbStmt(_)
        | N::AlterDatabaseStmt(_)
        | N::AlterDatabaseSetStmt(_)
        | N::AlterDatabaseRefreshCollStmt(_)
        | N::AlterSystemStmt(_)
        | N::CreateTableSpaceStmt(_)
        | N::DropTableSpaceStmt(_)
        | N::AlterTableSpaceOptionsStmt(_) => Lowered::Ignored(IgnoreRule::Cluster),
        // What cannot be known.
        N::DoStmt(stmt) => do_block::lower(stmt, cx),
        N::CallStmt(stmt) => call::call(stmt, cx),
        N::ImportForeignSchemaStmt(_) => Lowered::problem(dynamic("IMPORT FOREIGN SCHEMA")),
        N::AlterTableMoveAllStmt(_) => Lowered::unsupported("ALTER .. ALL IN TABLESPACE"),
        _not_a_statement => Lowered::unsupported("this statement"),
    }
}

/// `EXPLAIN ANALYZE` runs its statement (`CREATE TABLE AS` is one that it takes).
fn is_run(stmt: &protobuf::ExplainStmt) -> bool {
    let mut options = super::define::elements(&stmt.options);
    options.any(|option| {
        let value = super::define::text(option).unwrap_or_else(|| "true".to_owned());
        option.defname == "analyze" && super::def_elem::bool_text(&value) != Some(false)
    })
}

/// The problem that code is run whose effect on the schema cannot be known.
fn dynamic(what: &str) -> Problem {
    Problem::new(
        ProblemCode::Dynamic,
        format!("what {what} does to the schema cannot be known offline"),
    )
    .help("write the statements out, or dump a database where it has been run")
}

/// `CREATE AGGREGATE`, `OPERATOR`, `TYPE`, `TEXT SEARCH ..`, `COLLATION`.
fn define(stmt: &protobuf::DefineStmt, cx: Lowering<'_>) -> Lowered {
    use protobuf::ObjectType as T;
    match stmt.kind() {
        T::ObjectAggregate => aggregate::create(stmt, cx),
        T::ObjectOperator => operator::create(stmt, cx),
        T::ObjectType => user_type::create_base(stmt, cx),
        T::ObjectCollation => collation::create(stmt, cx),
        T::ObjectTsparser
        | T::ObjectTsdictionary
        | T::ObjectTstemplate
        | T::ObjectTsconfiguration => text_search::create(stmt, cx),
        _no_other_kind_is_defined_so => Lowered::unsupported("this definition"),
    }
}

fn transaction(stmt: &protobuf::TransactionStmt) -> Transaction {
    use protobuf::TransactionStmtKind as K;
    match stmt.kind() {
        K::TransStmtBegin | K::TransStmtStart => Transaction::Begin,
        K::TransStmtCommit => Transaction::Commit,
        K::TransStmtRollback => Transaction::Rollback,
        K::TransStmtSavepoint => Transaction::Savepoint(stmt.savepoint_name.clone()),
        K::TransStmtRollbackTo => Transaction::RollbackTo(stmt.savepoint_name.clone()),
        K::TransStmtRelease
        | K::TransStmtPrepare
        | K::TransStmtCommitPrepared
        | K::TransStmtRollbackPrepared
        | K::Undefined => Transaction::Other,
    }
}
