//! The rows of the severity table. Order matters: the first that fits decides.

use super::Severity::{Blocking, High, Low, Moderate};
use super::Way::{Altered, Any, Gained, Lost};
use super::{Row, Severity, Way};
use crate::model::{Facet as F, Kind as K};

const fn row(
    kinds: &'static [K],
    facets: &'static [F],
    key: &'static str,
    way: Way,
    severity: Severity,
    impact: &'static str,
) -> Row {
    Row { kinds, facets, key, way, severity, impact }
}

/// Any kind of object.
const ANY: &[K] = &[];
/// The object as a whole.
const WHOLE: &[F] = &[];

/// See the module.
pub(super) const ROWS: &[Row] = &[
    // Security: who can see and change what.
    row(&[K::Table], &[F::RowSecurity], "", Lost, Blocking, "row security is off: every role that may use the table sees all rows of all tenants"),
    row(&[K::Table], &[F::RowSecurity], "", Gained, High, "row security is on without being declared: rows without a policy vanish"),
    row(&[K::Table], &[F::ForceRowSecurity], "", Lost, Blocking, "the owner of the table bypasses its policies and sees all rows of all tenants"),
    row(&[K::Table], &[F::ForceRowSecurity], "", Gained, High, "the owner of the table is subject to its policies, which is not declared"),
    row(&[K::Policy], WHOLE, "", Lost, Blocking, "a rule on who may see or change rows is not enforced"),
    row(&[K::Policy], WHOLE, "", Gained, Blocking, "an undeclared policy may let rows through to roles that must not see them"),
    row(&[K::Policy], &[F::Comment], "", Any, Low, "only documentation differs"),
    row(&[K::Policy], &[F::Using, F::WithCheck, F::Roles, F::Command, F::Permissive], "", Any, Blocking, "a row of another tenant may become readable or writable"),
    row(&[K::View], &[F::Option], "security_invoker", Lost, Blocking, "the view reads with the rights of its owner and bypasses row security of the caller"),
    row(&[K::View], &[F::Option], "security_invoker", Any, High, "the view reads with other rights than declared"),
    row(&[K::View], &[F::Option], "security_barrier", Lost, High, "a function in a query over the view can see rows that the view hides"),
    row(&[K::View], &[F::Option], "check_option", Any, High, "rows can be written through the view that it does not show, or cannot though they should"),
    row(&[K::Column, K::Table, K::View, K::MaterializedView, K::Sequence, K::Namespace, K::ForeignDataWrapper, K::Server], &[F::Privileges], "public", Gained, Blocking, "every role of the database has gained a privilege"),
    row(&[K::Routine], &[F::Privileges], "public", Gained, High, "every role of the database may execute it"),
    row(&[], &[F::Privileges], "public", Altered, High, "every role of the database has other privileges than declared"),
    row(&[], &[F::Privileges], "public", Lost, Moderate, "roles without a privilege of their own can no longer use the object"),
    row(&[], &[F::Privileges], "", Gained, High, "a role has gained a privilege that nobody declared"),
    row(&[], &[F::Privileges], "", Altered, High, "a role has other privileges than declared"),
    row(&[], &[F::Privileges], "", Lost, Moderate, "statements of this role fail with 'permission denied'"),
    row(&[K::DefaultPrivileges], WHOLE, "", Gained, High, "objects created from now on get privileges that nobody declared"),
    row(&[K::DefaultPrivileges], WHOLE, "", Any, Moderate, "objects created from now on lack declared privileges"),
    row(&[K::Routine, K::Aggregate], &[F::SecurityDefiner], "", Gained, Blocking, "the function runs with the rights of its owner: its callers gain them"),
    row(&[K::Routine, K::Aggregate], &[F::SecurityDefiner], "", Any, High, "the function runs with the rights of its caller and may fail or read less"),
    row(&[K::Routine], &[F::Setting], "search_path", Any, High, "names in the function can be made to mean other objects"),
    row(&[K::Routine], &[F::Leakproof], "", Gained, High, "the function may see rows before policies hide them"),
    row(&[], &[F::SecurityLabel], "", Any, High, "a label provider enforces another access rule than declared"),
    row(&[K::Role], &[F::Attribute, F::MemberOf], "", Any, High, "the role has other powers than declared"),
    row(&[K::UserMapping, K::Server, K::ForeignDataWrapper], &[F::Option, F::ForeignOption], "", Any, High, "the remote side is reached another way than declared"),
    // Integrity: which rows can be there, and whether statements work.
    row(&[K::Table], WHOLE, "", Lost, Blocking, "statements on the table fail"),
    row(&[K::Table], WHOLE, "", Gained, Moderate, "data is kept that no declaration governs"),
    row(&[K::Column], WHOLE, "", Lost, Blocking, "statements that name the column fail"),
    row(&[K::Column], WHOLE, "", Gained, Moderate, "data is kept that no declaration governs; inserts fail when the column is NOT NULL without default"),
    row(&[K::Column], &[F::Type], "", Any, High, "values are cut, rounded or refused, or compare in another way"),
    row(&[K::Column], &[F::NotNull], "", Lost, High, "NULL can be stored where it must not be"),
    row(&[K::Column], &[F::NotNull], "", Gained, High, "inserts that leave the column out fail"),
    row(&[K::Column], &[F::NotNullName], "", Any, Low, "only a name differs"),
    row(&[K::Column], &[F::NotNullValidated], "", Any, Moderate, "existing rows may hold NULL"),
    row(&[K::Column], &[F::Default], "", Any, High, "new rows get another value than declared"),
    row(&[K::Column], &[F::Generated], "", Any, High, "the column holds another value than declared"),
    row(&[K::Column], &[F::Identity], "", Any, High, "keys are generated in another way than declared"),
    row(&[K::Column, K::Domain, K::Composite, K::Range], &[F::Collation], "", Any, High, "text sorts and compares in another way, also in unique keys"),
    row(&[K::Column, K::Table, K::Constraint], &[F::Inherited, F::NoInherit, F::NotNullNoInherit], "", Any, Moderate, "children of the table follow other rules than declared"),
    row(&[K::Column], &[F::Storage, F::Compression, F::StatisticsTarget, F::Option], "", Any, Low, "only storage and statistics differ"),
    row(&[K::Constraint], WHOLE, "", Lost, High, "rows can be stored that the declaration forbids"),
    row(&[K::Constraint], WHOLE, "", Gained, High, "rows are refused that the declaration allows"),
    row(&[K::Constraint], WHOLE, "", Altered, Low, "only the name differs; statements that name the constraint fail"),
    row(&[K::Constraint], &[F::Validated], "", Any, Moderate, "existing rows may break the constraint"),
    row(&[K::Constraint], &[F::Enforced], "", Gained, High, "the constraint is not enforced"),
    row(&[K::Constraint], &[F::Enforced], "", Any, High, "rows are refused that the declaration allows"),
    row(&[K::Constraint], &[F::OnDelete, F::OnUpdate], "", Any, High, "referencing rows are kept, changed or deleted in another way"),
    row(&[K::Constraint], &[F::Deferrable, F::InitiallyDeferred], "", Any, Moderate, "the constraint is checked at another time of the transaction"),
    row(&[K::Constraint, K::Index], &[F::Include], "", Any, Moderate, "index-only scans read the table instead"),
    row(&[K::Constraint, K::Index], &[F::Tablespace, F::Option], "", Any, Low, "only storage differs"),
    row(&[K::Constraint], &[F::ConstraintType, F::Expression, F::Columns, F::References, F::Match, F::Period, F::NullsNotDistinct, F::WithoutOverlaps, F::Elements, F::Predicate, F::Method], "", Any, High, "other rows are allowed than declared"),
    row(&[K::Domain], &[F::NotNull, F::BaseType, F::Default], "", Any, High, "columns of the domain accept other values than declared"),
    row(&[K::Enum], &[F::Labels], "", Any, High, "values are accepted or refused that the declaration does not say, or sort in another order"),
    row(&[K::Enum, K::Domain, K::Composite, K::Range, K::BaseType], WHOLE, "", Lost, High, "statements that name the type fail"),
    row(&[K::Composite, K::Range, K::BaseType], &[F::Attribute, F::Columns, F::Type, F::Subtype, F::Labels, F::Multirange, F::Canonical, F::SubtypeDiff, F::Shell, F::OperatorClass], "", Any, High, "values of the type have another shape than declared"),
    row(&[K::Trigger], WHOLE, "", Lost, High, "declared work on changed rows is not done"),
    row(&[K::Trigger], WHOLE, "", Gained, High, "undeclared work is done on changed rows"),
    row(&[K::Trigger, K::Rule, K::EventTrigger], &[F::Enabled], "", Any, High, "it fires when it should not, or not when it should"),
    row(&[K::Rule, K::EventTrigger], WHOLE, "", Any, High, "statements do something else than declared"),
    row(&[K::Trigger, K::Rule, K::EventTrigger], &[F::Event, F::Events, F::Timing, F::UpdateColumns, F::Level, F::Condition, F::Function, F::Arguments, F::Actions, F::Instead, F::ConstraintTrigger, F::Filter, F::OldTable, F::NewTable, F::From, F::Deferrable, F::InitiallyDeferred], "", Any, High, "declared work on changed rows is done in another way"),
    row(&[K::Routine, K::Aggregate], WHOLE, "", Lost, High, "statements that call it fail"),
    row(&[K::Routine], &[F::BodyLayout], "", Any, Low, "only blanks and comments differ"),
    row(&[K::Routine, K::Aggregate], &[F::Body, F::Returns, F::Parameters, F::ParameterDefault, F::Language, F::Strict, F::RoutineKind, F::Attribute], "", Any, High, "it computes something else than declared"),
    row(&[K::Routine, K::Aggregate], &[F::Volatility, F::Parallel, F::Leakproof, F::Setting], "", Any, Moderate, "results may be cached or planned in another way than declared"),
    row(&[K::Routine], &[F::Cost, F::Rows, F::Support], "", Any, Low, "only the planner's estimates differ"),
    row(&[K::View, K::MaterializedView], WHOLE, "", Lost, High, "statements on the view fail"),
    row(&[K::View, K::MaterializedView], &[F::Query, F::Columns, F::Type, F::Default], "", Any, High, "the view shows something else than declared"),
    row(&[K::Sequence], WHOLE, "", Lost, High, "defaults and statements that use the sequence fail"),
    row(&[K::Sequence, K::Column], &[F::DataType, F::Increment, F::MinValue, F::MaxValue, F::Cycle], "", Any, High, "generated keys may run out, repeat or skip"),
    row(&[K::Sequence, K::Column], &[F::Start, F::Cache, F::OwnedBy], "", Any, Moderate, "generated keys differ, or the sequence outlives its column"),
    row(&[K::Table], &[F::PartitionOf, F::PartitionBound, F::PartitionKey, F::Inherits, F::OfType], "", Any, High, "rows are kept or looked for in another table than declared"),
    row(&[K::Table, K::Sequence, K::View], &[F::Persistence], "", Any, High, "after a crash the data is gone, or is written more slowly than meant"),
    row(&[K::Table], &[F::Server, F::ForeignOption], "", Any, High, "the rows come from another place than declared"),
    row(&[K::Column], &[F::ForeignOption], "", Any, High, "the values come from another place than declared"),
    row(&[K::Table], &[F::ReplicaIdentity], "", Any, Moderate, "replication of updates and deletes fails or sends more"),
    row(&[K::Publication, K::Subscription], ANY_REPLICATION, "", Any, High, "other rows are replicated than declared"),
    row(&[K::Publication, K::Subscription], WHOLE, "", Any, High, "other rows are replicated than declared"),
    row(&[K::Extension, K::Namespace, K::Language], WHOLE, "", Lost, High, "what is built on it cannot be there"),
    row(&[K::Operator, K::OperatorClass, K::OperatorFamily, K::Cast, K::Transform, K::Conversion, K::Collation], WHOLE, "", Lost, High, "statements and objects that use it fail"),
    row(&[K::Operator, K::OperatorClass, K::OperatorFamily, K::Cast, K::Transform, K::Conversion, K::Collation], &[F::Function, F::Members, F::Method, F::Context, F::Family, F::FromSql, F::ToSql, F::SourceEncoding, F::DestinationEncoding, F::Option, F::Commutator, F::Negator, F::Hashes, F::Merges], "", Any, High, "expressions mean something else than declared"),
    row(&[K::TextSearchParser, K::TextSearchTemplate, K::TextSearchDictionary, K::TextSearchConfiguration], WHOLE, "", Any, Moderate, "text search finds other rows than declared"),
    row(&[K::TextSearchParser, K::TextSearchTemplate, K::TextSearchDictionary, K::TextSearchConfiguration], &[F::Template, F::Parser, F::Mapping, F::Option, F::Function], "", Any, Moderate, "text search finds other rows than declared"),
    row(&[K::ForeignDataWrapper, K::Server, K::UserMapping, K::AccessMethod, K::Role], WHOLE, "", Lost, High, "what is built on it cannot be there"),
    row(&[K::Role, K::UserMapping], WHOLE, "", Gained, High, "somebody has access that nobody declared"),
    // Performance.
    row(&[K::Index], &[F::Unique, F::NullsNotDistinct], "", Any, High, "duplicate rows can be stored, or are refused"),
    row(&[K::Index], WHOLE, "", Lost, Moderate, "queries that rely on the index read the whole table; a unique index also stops duplicates"),
    row(&[K::Index], WHOLE, "", Gained, Moderate, "writes are slower; a unique index also refuses rows"),
    row(&[K::Index], WHOLE, "", Altered, Low, "only the name differs"),
    row(&[K::Index], &[F::Keys, F::Method, F::Predicate, F::Relation, F::AttachedTo], "", Any, Moderate, "queries that rely on the index read the whole table"),
    row(&[K::Index, K::Statistics], &[F::StatisticsTarget, F::Kinds, F::Columns, F::Expression], "", Any, Low, "only the planner's estimates differ"),
    row(&[K::Statistics], WHOLE, "", Any, Moderate, "the planner estimates worse"),
    row(&[K::Table, K::MaterializedView], &[F::AccessMethod, F::ClusterOn, F::Tablespace, F::Option], "", Any, Low, "only storage differs"),
    // What only people see.
    row(ANY, &[F::Comment], "", Any, Low, "only documentation differs"),
    row(ANY, &[F::ColumnOrder], "", Any, Low, "SELECT * and INSERT without a column list see another order"),
    row(ANY, &[F::Owner], "", Any, Moderate, "another role may alter or drop the object, and bypasses its row security"),
    row(ANY, WHOLE, "", Lost, Moderate, "what is declared is not there"),
    row(ANY, WHOLE, "", Gained, Moderate, "nobody declared it"),
];

/// All facets of publications and subscriptions that decide what is replicated.
const ANY_REPLICATION: &[F] = &[
    F::AllTables,
    F::Tables,
    F::Namespaces,
    F::Option,
    F::Publications,
    F::Connection,
    F::Filter,
    F::Columns,
    F::Enabled,
];
