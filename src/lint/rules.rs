//! The rules, as data: code, severity, what to do. Each has a page in `docs/lints/`.

use crate::diff::Severity;

/// A rule.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its stable code.
    pub code: &'static str,
    /// How bad what it finds is.
    pub severity: Severity,
    /// What to do about it, in one line.
    pub help: &'static str,
}

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal, $severity:ident, $help:literal;)+) => {
        $($(#[doc = $doc])+ pub static $name: Rule =
            Rule { code: $code, severity: Severity::$severity, help: $help };)+
        /// All rules.
        pub static ALL: &[&Rule] = &[$(&$name,)+];
    };
}

rules! {
    /// A table goes.
    DROP_TABLE = "L-DROP-TABLE", Blocking, "keep it until nothing reads it, rename it first, or waive with the decision";
    /// A column goes.
    DROP_COLUMN = "L-DROP-COLUMN", Blocking, "stop reading and writing it in a release before, or waive with the decision";
    /// A schema goes, or a database.
    DROP_SCHEMA = "L-DROP-SCHEMA", Blocking, "move or drop its objects one by one, or waive with the decision";
    /// A constraint goes.
    DROP_CONSTRAINT = "L-DROP-CONSTRAINT", High, "add what replaces it first; waive with the decision";
    /// An index goes.
    DROP_INDEX = "L-DROP-INDEX", Moderate, "check in pg_stat_user_indexes that nothing uses it; drop it CONCURRENTLY";
    /// A view goes.
    DROP_VIEW = "L-DROP-VIEW", High, "use CREATE OR REPLACE VIEW, or create it again in the same migration";
    /// A type goes.
    DROP_TYPE = "L-DROP-TYPE", High, "move all columns off it first; never with CASCADE";
    /// A function goes.
    DROP_FUNCTION = "L-DROP-FUNCTION", High, "use CREATE OR REPLACE, or drop it a release after its last caller";
    /// A policy goes.
    DROP_POLICY = "L-DROP-POLICY", High, "create what replaces it in the same migration, or use ALTER POLICY";
    /// Anything else goes.
    DROP_OBJECT = "L-DROP-OBJECT", High, "make sure that nothing needs it; waive with the decision";
    /// All rows go.
    TRUNCATE = "L-TRUNCATE", Blocking, "keep the rows, or waive with the decision";
    /// All rows go.
    DELETE_ALL = "L-DELETE-WITHOUT-WHERE", Blocking, "say which rows: WHERE";
    /// All rows change.
    UPDATE_ALL = "L-UPDATE-WITHOUT-WHERE", High, "say which rows, and change them in batches outside of the migration";
    /// A type changes.
    ALTER_TYPE = "L-ALTER-TYPE", High, "add a column of the new type, copy in batches, swap; or say the old type where it does not rewrite";
    /// A column that no existing row can have.
    ADD_NOT_NULL = "L-ADD-NOT-NULL", High, "give it a constant DEFAULT, or add it without NOT NULL, fill it, then set it";
    /// A column becomes required.
    SET_NOT_NULL = "L-SET-NOT-NULL", High, "add CHECK (c IS NOT NULL) NOT VALID, VALIDATE it, then SET NOT NULL";
    /// A default that rewrites.
    VOLATILE_DEFAULT = "L-VOLATILE-DEFAULT", High, "add the column without it, set the default, fill old rows in batches";
    /// An index is built while writes wait.
    INDEX_BLOCKS = "L-INDEX-BLOCKS", Moderate, "CREATE INDEX CONCURRENTLY, outside of a transaction";
    /// What cannot run in a transaction.
    IN_TRANSACTION = "L-IN-TRANSACTION", High, "run it outside: autocommit_block() in Alembic, a file of its own elsewhere";
    /// A constraint is checked while writes wait.
    CONSTRAINT_VALIDATES = "L-CONSTRAINT-VALIDATES", Moderate, "add it NOT VALID, then VALIDATE CONSTRAINT in another transaction";
    /// A key builds its index while everything waits.
    CONSTRAINT_BUILDS = "L-CONSTRAINT-BUILDS", Moderate, "CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT .. USING INDEX";
    /// A table has another name.
    RENAME_TABLE = "L-RENAME-TABLE", High, "leave a view of the old name until nothing uses it";
    /// A column has another name.
    RENAME_COLUMN = "L-RENAME-COLUMN", High, "add the new one, write both, move readers, drop the old one";
    /// Rows are not protected any more.
    RLS_OFF = "L-RLS-OFF", Blocking, "leave it on and change the policies; waive with the decision";
    /// Everybody may.
    GRANT_PUBLIC = "L-GRANT-PUBLIC", High, "grant it to the roles that need it";
    /// A second run fails.
    NOT_IDEMPOTENT = "L-NOT-IDEMPOTENT", Low, "IF NOT EXISTS, IF EXISTS or OR REPLACE";
    /// Tables are made when the application starts.
    CREATE_ALL = "L-CREATE-ALL", High, "let migrations make tables; keep create_all for tests";
    /// What runs is not known.
    NOT_ANALYSABLE = "L-NOT-ANALYSABLE", High, "write the SQL as one literal, values as parameters; waive what cannot be";
    /// A waiver without a reason.
    WAIVER_WITHOUT_DECISION = "L-WAIVER-WITHOUT-DECISION", High, "name the decision: CI:DESTRUCTIVE_OK - See ADR-015";
    /// A waiver with a reason that is not there.
    WAIVER_UNKNOWN_DECISION = "L-WAIVER-UNKNOWN-DECISION", High, "write the decision down, or correct the reference";
    /// A waiver of nothing.
    WAIVER_UNUSED = "L-WAIVER-UNUSED", Low, "remove it, or move it onto the statement or right above it";
}
