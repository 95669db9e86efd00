//! The rules of the normal form: what may be written in two ways and is stored in one.
//!
//! In goes nothing; out comes a closed list, each rule with a stable code, a title and the
//! place in PostgreSQL that forces it. The code is also the name of a page in `docs/rules/`.
//! Where a rule applies it is noted in a set of bits, so that noting it costs one instruction
//! whether or not anybody asks.

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $rule:ident = $code:literal, $title:literal, $source:literal;)+) => {
        /// A rule of the normal form.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum NormalRule {
            $($(#[doc = $doc])+ $rule,)+
        }

        impl NormalRule {
            /// All rules, in the order of the list.
            pub const ALL: &'static [NormalRule] = &[$(NormalRule::$rule,)+];

            /// The stable code, which is also the name of its page in `docs/rules/`.
            pub fn code(self) -> &'static str {
                match self { $(Self::$rule => $code,)+ }
            }

            /// What it does, on one line.
            pub fn title(self) -> &'static str {
                match self { $(Self::$rule => $title,)+ }
            }

            /// The function and file of PostgreSQL that do the same.
            pub fn source(self) -> &'static str {
                match self { $(Self::$rule => $source,)+ }
            }
        }
    };
}

rules! {
    /// `x IN (..)`.
    InList = "N-IN-LIST", "IN with a list is = ANY of an array, or =", "transformAExprIn, src/backend/parser/parse_expr.c";
    /// `x IN (SELECT ..)`.
    InSubquery = "N-IN-SUBQUERY", "IN with a subquery is = ANY", "gram.y, transformSubLink, src/backend/parser/parse_expr.c";
    /// `x BETWEEN a AND b`.
    Between = "N-BETWEEN", "BETWEEN is two comparisons", "transformAExprBetween, src/backend/parser/parse_expr.c";
    /// `LIKE`, `ILIKE`, `SIMILAR TO`.
    Like = "N-LIKE", "LIKE, ILIKE and SIMILAR TO are operators", "a_expr, src/backend/parser/gram.y";
    /// `IS DISTINCT FROM NULL`, `IS NOT DISTINCT FROM`.
    Distinct = "N-DISTINCT", "IS NOT DISTINCT is NOT of IS DISTINCT, and of NULL a test for NULL", "transformAExprDistinct, src/backend/parser/parse_expr.c";
    /// `(a, b) = (c, d)`.
    RowComparison = "N-ROW-COMPARISON", "a comparison of rows is one of their fields", "make_row_comparison_op, src/backend/parser/parse_expr.c";
    /// `a AND (b AND c)`.
    Junction = "N-JUNCTION", "nested AND and OR are one list", "makeAndExpr, src/backend/parser/gram.y";
    /// `CASE x WHEN ..`, a missing ELSE.
    Case = "N-CASE", "WHEN values take the type of the argument, a missing ELSE is NULL", "transformCaseExpr, src/backend/parser/parse_expr.c";
    /// A cast that nobody wrote.
    ImplicitCast = "N-IMPLICIT-CAST", "implicit and assignment casts are inserted", "coerce_to_target_type, src/backend/parser/parse_coerce.c";
    /// `'x'` without a type.
    Literal = "N-LITERAL", "a literal takes the type that its context wants", "coerce_type, src/backend/parser/parse_coerce.c";
    /// `'2024-1-2'::date`.
    ConstantForm = "N-CONSTANT-FORM", "constants are written as the output function of their type writes them", "get_const_expr, src/backend/utils/adt/ruleutils.c";
    /// `'a'::text::varchar`.
    ConstantCast = "N-CONSTANT-CAST", "a cast or sign of a constant that cannot change its meaning is part of it", "doNegate, src/backend/parser/gram.y; relabelling, parse_coerce.c";
    /// `ARRAY['a']::text[]`.
    ArrayCast = "N-ARRAY-CAST", "a cast of an array constructor is one of its elements", "transformTypeCast, transformArrayExpr, src/backend/parser/parse_expr.c";
    /// The length of a column that a value is assigned to.
    AssignedLength = "N-ASSIGNED-LENGTH", "the length of what a value is assigned to is not said in the value", "coerce_type_typmod, src/backend/parser/parse_coerce.c";
    /// `(x COLLATE c)::t`.
    CollateCast = "N-COLLATE-CAST", "a cast of COLLATE goes below it", "coerce_to_target_type, src/backend/parser/parse_coerce.c";
    /// `text(x)`.
    CastCall = "N-CAST-CALL", "a call by the name of a type is a cast", "func_get_detail, src/backend/parser/parse_func.c";
    /// Names without a namespace.
    Qualify = "N-QUALIFY", "functions, operators and relations get their namespace", "FuncnameGetCandidates, OpernameGetCandidates, RangeVarGetRelid, src/backend/catalog/namespace.c";
    /// Names of types without a namespace.
    TypeName = "N-TYPE-NAME", "type names get their namespace and their internal word", "SimpleTypename, src/backend/parser/gram.y; LookupTypeName, parse_type.c";
    /// `f(b => 1, a => 2)`.
    NamedArguments = "N-NAMED-ARGUMENTS", "named arguments stand in the order of the parameters", "reorder_function_arguments, src/backend/optimizer/util/clauses.c; get_func_expr, ruleutils.c";
    /// `f(1, 2, 3)` of `f(VARIADIC int[])`.
    Variadic = "N-VARIADIC", "loose arguments of VARIADIC are one array", "ParseFuncOrColumn, src/backend/parser/parse_func.c";
    /// `USER`.
    ValueFunction = "N-VALUE-FUNCTION", "USER is CURRENT_USER, a precision above 6 is 6", "transformSQLValueFunction, src/backend/parser/parse_expr.c";
    /// `a[1][2:3]`.
    Subscripts = "N-SUBSCRIPTS", "with one slice all subscripts are slices", "array_subscript_transform, src/backend/utils/adt/arraysubs.c";
    /// `t.f` for `f(t)`.
    FunctionOfRow = "N-FUNCTION-OF-ROW", "t.f is f(t) when t has no such column", "ParseFuncOrColumn, src/backend/parser/parse_func.c";
    /// `SELECT *`.
    Star = "N-STAR", "* stands for the columns that are there", "ExpandColumnRefStar, src/backend/parser/parse_target.c";
    /// Aliases of tables, columns and common tables.
    Alias = "N-ALIAS", "names that only the query sees are numbered", "addRangeTableEntry, src/backend/parser/parse_relation.c";
    /// `NATURAL JOIN`, `USING`.
    Using = "N-USING", "NATURAL is USING, and USING has its condition written out", "transformFromClauseItem, src/backend/parser/parse_clause.c";
    /// `ORDER BY 1`, `GROUP BY alias`.
    OutputKey = "N-OUTPUT-KEY", "numbers and output names in ORDER BY, GROUP BY and DISTINCT ON are their expressions", "findTargetlistEntrySQL92, src/backend/parser/parse_clause.c";
    /// A key that is there already.
    RepeatedKey = "N-REPEATED-KEY", "a key of a sort, group or partition that is there already is dropped", "addTargetToSortList, addTargetToGroupList, src/backend/parser/parse_clause.c";
    /// `NULLS FIRST` and `ASC` that go without saying.
    SortOrder = "N-SORT-ORDER", "the place of NULLs is said, USING < is ASC", "addTargetToSortList, src/backend/parser/parse_clause.c";
    /// `OVER w`.
    Window = "N-WINDOW", "a named window is written out", "transformWindowDefinitions, src/backend/parser/parse_clause.c";
    /// The frame that goes without saying.
    Frame = "N-FRAME", "the default frame is none, the short form ends at the current row", "transformWindowDefinitions, src/backend/parser/parse_clause.c; gram.y";
    /// `unnest(a, b)`.
    Unnest = "N-UNNEST", "unnest of several arrays is ROWS FROM", "transformRangeFunction, src/backend/parser/parse_clause.c";
    /// `INSERT INTO t VALUES ..`.
    InsertColumns = "N-INSERT-COLUMNS", "INSERT without columns names the first ones", "checkInsertTargets, src/backend/parser/parse_target.c";
    /// `DEFAULT NULL`.
    DefaultNull = "N-DEFAULT-NULL", "DEFAULT NULL is no default", "AddRelationNewConstraints, src/backend/catalog/heap.c";
    /// `COLLATE "default"`, the collation of the type.
    DefaultCollation = "N-DEFAULT-COLLATION", "the collation that a value has anyway is not said", "ComputeIndexAttrs, src/backend/commands/indexcmds.c; GetColumnDefCollation, parse_type.c";
    /// `int4_ops`.
    DefaultOpclass = "N-DEFAULT-OPCLASS", "the operator class that a type has anyway is not said", "GetDefaultOpClass, src/backend/commands/indexcmds.c";
    /// `WHERE true` of an index.
    TruePredicate = "N-TRUE-PREDICATE", "a partial index of all rows is not partial", "make_ands_implicit, src/backend/nodes/makefuncs.c";
    /// Bounds of partitions.
    PartitionBound = "N-PARTITION-BOUND", "bounds of partitions are values of the key, those of a list sorted", "transformPartitionBound, src/backend/parser/parse_utilcmd.c; create_list_bounds, partbounds.c";
    /// `serial`.
    Serial = "N-SERIAL", "serial is an integer, a sequence, its ownership and a default", "generateSerialExtraStmts, src/backend/parser/parse_utilcmd.c";
    /// Objects without a written name.
    ImplicitName = "N-IMPLICIT-NAME", "what is not named gets the name that PostgreSQL chooses", "ChooseIndexName, makeObjectName, src/backend/commands/indexcmds.c";
    /// `PRIMARY KEY`, identity and serial.
    KeyNotNull = "N-KEY-NOT-NULL", "columns of a primary key are NOT NULL", "transformIndexConstraint, src/backend/parser/parse_utilcmd.c";
    /// `REFERENCES t`.
    ForeignKeyColumns = "N-FOREIGN-KEY-COLUMNS", "REFERENCES without columns names the primary key", "transformFkeyGetPrimaryKey, src/backend/commands/tablecmds.c";
    /// `LIKE other`.
    TableLike = "N-TABLE-LIKE", "LIKE stands for the columns of the other table, and what it includes", "transformTableLikeClause, src/backend/parser/parse_utilcmd.c";
    /// `CREATE TABLE AS`, `SELECT INTO`.
    TableAs = "N-TABLE-AS", "a table made from a query has the columns of the query", "create_ctas_nodata, src/backend/commands/createas.c";
    /// What a partition has of its partitioned table.
    PartitionParts = "N-PARTITION-PARTS", "what a partition has of its partitioned table is said once", "MergeConstraintsIntoExisting, src/backend/commands/tablecmds.c; DefineIndex, indexcmds.c";
    /// `GRANT` of what is there anyway.
    DefaultPrivileges = "N-DEFAULT-PRIVILEGES", "privileges that are those of the kind anyway are not said", "acldefault, src/backend/utils/adt/acl.c";
}

impl NormalRule {
    /// Its bit in a set.
    fn bit(self) -> u64 {
        1 << (self as u8)
    }
}

/// A set of rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NormalRules(u64);

// A rule beyond the 64th would have no bit.
const _: () = assert!(NormalRule::ALL.len() <= 64);

impl NormalRules {
    /// Adds a rule.
    pub fn add(&mut self, rule: NormalRule) {
        self.0 |= rule.bit();
    }

    /// Adds the rules of another set.
    pub fn add_all(&mut self, others: Self) {
        self.0 |= others.0;
    }

    /// True when no rule is in it.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Its rules, in the order of the list.
    pub fn iter(self) -> impl Iterator<Item = NormalRule> {
        NormalRule::ALL.iter().copied().filter(move |rule| self.0 & rule.bit() != 0)
    }
}
