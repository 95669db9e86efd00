//! `CREATE TABLE AS` and `SELECT INTO`: a table with the columns of a query.
//!
//! ```sql
//! CREATE TABLE t AS SELECT a, count(*) FROM u GROUP BY a;   -- t (a integer, count bigint)
//! ```
//!
//! In goes the statement, out comes a table like any other. Surprising: the query is analysed
//! at once, over what there is at that moment, as its relations may be another thing, or
//! gone, by the end of the source.

use pg_query::NodeEnum;
use pg_query::protobuf::{
    CreateTableAsStmt, IntoClause, OnCommitAction, PrepareStmt, RangeVar, SelectStmt,
};

use super::coverage::IgnoreRule;
use super::declared::Declared;
use super::interpreter::{Interpreter, Need, Outcome, Statement, duplicate};
use super::lower::{Lowered, Lowering};
use super::temporary;
use super::type_name::{ident, idents};
use super::view::storage_options;
use crate::model::{
    Column, ColumnDetails, Facet, Ident, Kind, Name, NormalRule, ObjectId, Place, Problem,
    ProblemCode, Query, Schema, Scoped, SearchPath, Span, Table,
};
use crate::normalize::outputs;

/// `CREATE TABLE .. AS`.
pub(super) fn create(
    stmt: &CreateTableAsStmt,
    into: &IntoClause,
    relation: &RangeVar,
    cx: Lowering<'_>,
) -> Lowered {
    let query = match stmt.query.as_ref().and_then(|query| query.node.as_ref()) {
        Some(NodeEnum::SelectStmt(select)) => Source::Query(super::query::query(select)),
        Some(NodeEnum::ExecuteStmt(execute)) if execute.params.is_empty() => {
            Source::Prepared(Ident::new(&execute.name))
        }
        _with_parameters => Source::Unknown,
    };
    Lowered::apply(TableAs {
        if_not_exists: stmt.if_not_exists,
        ..TableAs::new(into, relation, query, cx)
    })
}

/// `SELECT .. INTO table`.
pub(super) fn select_into(stmt: &SelectStmt, cx: Lowering<'_>) -> Lowered {
    let into = stmt.into_clause.as_deref();
    match into.and_then(|into| Some((into, into.rel.as_ref()?))) {
        Some((into, relation)) => Lowered::apply(TableAs::new(
            into,
            relation,
            Source::Query(super::query::query(stmt)),
            cx,
        )),
        None => Lowered::unsupported("SELECT INTO"),
    }
}

/// Where the columns come from.
enum Source {
    Query(Query),
    /// `EXECUTE name`.
    Prepared(Ident),
    Unknown,
}

struct TableAs {
    name: Name,
    query: Source,
    /// The names in parentheses, for the first columns.
    names: Vec<Ident>,
    table: Table,
    options: Vec<(Ident, Box<str>, Span)>,
    if_not_exists: bool,
    drops_on_commit: bool,
}

impl TableAs {
    fn new(into: &IntoClause, relation: &RangeVar, query: Source, cx: Lowering<'_>) -> Self {
        let mut table = Table::empty();
        table.unlogged = relation.relpersistence == "u";
        table.access_method = ident(&into.access_method);
        table.tablespace = ident(&into.table_space_name);
        let mut options = storage_options(into, cx);
        options.retain(|(name, ..)| *name != "oids");
        Self {
            name: temporary::created_name(relation),
            query,
            names: idents(&into.col_names),
            table,
            options,
            if_not_exists: false,
            drops_on_commit: into.on_commit() == OnCommitAction::OncommitDrop,
        }
    }

    fn columns(&self, cx: &Interpreter<'_>) -> Result<Vec<Column>, Problem> {
        let query = match &self.query {
            Source::Query(query) => query,
            Source::Prepared(name) => cx
                .session
                .prepared
                .get(name)
                .ok_or_else(|| unknown("what EXECUTE runs is prepared elsewhere"))?,
            Source::Unknown => return Err(unknown("EXECUTE gives values to parameters")),
        };
        let query = Scoped { value: query.clone(), path: cx.path_with_temporary() };
        columns_of(cx, &query, &self.names)
    }
}

fn unknown(why: &str) -> Problem {
    let message = format!("the columns that a query gives to a table are not known: {why}");
    Problem::new(ProblemCode::NotModelled, message)
        .help("write the table out with CREATE TABLE (..), or dump a database where it exists")
}

/// The columns of a query over what there is now, the first ones under these names.
pub(super) fn columns_of(
    cx: &Interpreter<'_>,
    query: &Scoped<Query>,
    names: &[Ident],
) -> Result<Vec<Column>, Problem> {
    let outputs = outputs(what_tells_types(cx, |_| true), query).map_err(|why| unknown(&why))?;
    if names.len() > outputs.len() {
        let message = "there are more names of columns than the query has columns";
        return Err(Problem::new(ProblemCode::Invalid, message));
    }
    let mut columns: Vec<Column> = Vec::new();
    for (number, output) in outputs.into_iter().enumerate() {
        let name = names.get(number).cloned().unwrap_or(output.name);
        if columns.iter().any(|own| own.name == name) {
            let message = format!("column \"{}\" is there more than once", name.as_str());
            return Err(Problem::new(ProblemCode::Duplicate, message));
        }
        let mut column = Column::new(name, output.ty);
        column.details = ColumnDetails::collated(output.collation).into();
        columns.push(column);
    }
    Ok(columns)
}

/// `PREPARE`: only what reads or changes rows can be prepared.
pub(super) fn prepare(stmt: &PrepareStmt) -> Lowered {
    match stmt.query.as_ref().and_then(|query| query.node.as_ref()) {
        Some(NodeEnum::SelectStmt(select)) => Lowered::apply(Prepare {
            name: Ident::new(&stmt.name),
            query: super::query::query(select),
        }),
        _changes_rows => Lowered::Ignored(IgnoreRule::Query),
    }
}

struct Prepare {
    name: Ident,
    query: Query,
}

impl Statement for Prepare {
    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, _span: Span) -> Result<Outcome, Problem> {
        cx.session.prepared.insert(self.name, self.query);
        Ok(Outcome::Ignored(IgnoreRule::Query))
    }
}

impl Statement for TableAs {
    fn declare(&self, declared: &mut Declared, path: &SearchPath) {
        if !temporary::is_temporary(&self.name) {
            let name = declared.creation_name(&self.name, path);
            declared.relations.insert(name);
        }
    }

    fn needs(&self) -> Vec<Need> {
        match &self.query {
            Source::Query(query) => {
                temporary::relations_read(query).into_iter().map(Need::Declared).collect()
            }
            Source::Prepared(_) | Source::Unknown => Vec::new(),
        }
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let id = ObjectId::Table(cx.creation_name(&self.name));
        cx.replace_temporary(&id, span);
        if let Some(existing) = cx.clash(&id) {
            if self.if_not_exists {
                return Ok(Outcome::Ignored(IgnoreRule::NoEffect));
            }
            return Err(duplicate(&id, existing));
        }
        let columns = match self.columns(cx) {
            Ok(columns) => columns,
            // Nothing permanent hangs on its columns, unless it is said there.
            Err(_) if temporary::is_of_session(&id) => Vec::new(),
            Err(problem) => return Err(problem),
        };
        if self.drops_on_commit {
            cx.drop_on_commit(id.clone());
        }
        let Self { mut table, options, .. } = *self;
        table.columns = columns;
        super::table::session_defaults(cx, &mut table, false, false);
        table.options =
            options.iter().map(|(name, value, _)| (name.clone(), value.clone())).collect();
        cx.create(id.clone(), table, span, false)?;
        let origin = &mut cx.entry_mut(&id)?.origin;
        origin.apply(NormalRule::TableAs);
        for (option, _, at) in options {
            origin.record(Place::part_facet(&option, Facet::Option), at);
        }
        Ok(temporary::made(&id))
    }
}

/// What the types of a query can depend on: what is no relation, and the relations it may read.
pub(super) fn what_tells_types(
    cx: &Interpreter<'_>,
    may_read: impl Fn(&ObjectId) -> bool,
) -> Schema {
    let tells = |id: &ObjectId| match id.kind() {
        Kind::Table | Kind::View | Kind::MaterializedView | Kind::Sequence => may_read(id),
        Kind::Enum
        | Kind::Domain
        | Kind::Composite
        | Kind::Range
        | Kind::BaseType
        | Kind::Routine
        | Kind::Aggregate
        | Kind::Operator
        | Kind::OperatorClass
        | Kind::OperatorFamily
        | Kind::Cast
        | Kind::Collation
        | Kind::Extension
        | Kind::Namespace => true,
        _tells_no_type => false,
    };
    let objects = cx.schema.objects.iter().filter(|(id, _)| tells(id));
    let objects = objects.map(|(id, entry)| (id.clone(), Box::new(entry.clone()))).collect();
    Schema { objects, dumped: cx.schema.dumped }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{differ, problems, read, same};
    use crate::model::{ObjectId, ProblemCode, QualifiedName, Table};

    #[track_caller]
    fn check(text: &str, columns: &str) {
        let schema = read(text).schema;
        let entry = &schema.objects[&ObjectId::Table(QualifiedName::new("public", "t"))];
        let table = <&Table>::try_from(&entry.object).unwrap();
        let shown = table.columns.iter().map(|column| {
            let modifiers = column.ty.modifiers.join(",");
            let array = if column.ty.array { "[]" } else { "" };
            let collation = column.details.collation.as_ref();
            let collation = collation.map(|name| format!(" {}", name.name.as_str()));
            let ty = column.ty.name.name.as_str();
            format!(
                "{} {ty}({modifiers}){array}{}",
                column.name.as_str(),
                collation.unwrap_or_default()
            )
        });
        let shown: Vec<String> = shown.collect();
        assert_eq!(shown.join(", ").replace("()", ""), columns);
    }

    const U: &str =
        "CREATE TABLE u (a int NOT NULL DEFAULT 1, b varchar(9) COLLATE \"C\", n name);";

    #[test]
    fn the_columns_are_those_of_the_query() {
        check(
            &[U, "CREATE TABLE t AS SELECT * FROM u;"].concat(),
            "a int4, b varchar(9) C, n name",
        );
        check(
            &[U, "CREATE TABLE t (x) AS SELECT a * 1.5, count(*), 'x', ARRAY[a], upper('a') FROM u GROUP BY a;"].concat(),
            "x numeric, count int8, ?column? text, array int4[], upper text",
        );
        check("SELECT 1 AS a, now() AS b INTO t;", "a int4, b timestamptz");
        check("PREPARE p AS SELECT 1 AS a; EXECUTE p; CREATE TABLE t AS EXECUTE p;", "a int4");
        check(
            "CREATE VIEW v (x) AS SELECT 'a', 1; CREATE TABLE t (LIKE v, y date);",
            "x text, ?column? int4, y date",
        );
        check("EXPLAIN ANALYZE CREATE TABLE t AS SELECT 1::int2 AS a;", "a int2");
        check(
            "CREATE TABLE t AS SELECT '1 2'::int2vector AS a, ARRAY[1::int2] AS b;",
            "a int2vector, b int2[]",
        );
        check("CREATE TABLE t AS VALUES (1, 'a'), (2, 'b');", "column1 int4, column2 text");
        check(
            "CREATE FUNCTION f() RETURNS SETOF u LANGUAGE sql AS ''; CREATE TABLE u (a date); CREATE TABLE t AS SELECT * FROM f();",
            "a date",
        );
        check(
            "CREATE TABLE t AS SELECT a FROM v; CREATE VIEW v AS SELECT 1::numeric(4,2) AS a;",
            "a numeric(4,2)",
        );
    }

    #[test]
    fn a_collation_is_told_or_the_table_is_not_known() {
        check(
            &[U, "CREATE TABLE t AS SELECT a::text || 'x' AS c, b COLLATE \"POSIX\" AS d FROM u;"]
                .concat(),
            "c text, d varchar(9) POSIX",
        );
        check(
            &[U, "CREATE VIEW v AS SELECT b FROM u; CREATE TABLE t AS SELECT b FROM v;"].concat(),
            "b varchar(9) C",
        );
        let joined = [U, "CREATE TABLE t AS SELECT b || 'x' AS c FROM u;"].concat();
        assert_eq!(problems(&joined), [ProblemCode::NotModelled]);
        let named = [U, "CREATE TABLE t AS SELECT n || 'x' AS c FROM u;"].concat();
        assert_eq!(problems(&named), [ProblemCode::NotModelled]);
        check(
            &[U, "CREATE TABLE t AS SELECT n::text AS c, a::text AS d, b::text::varchar(3) AS e FROM u;"].concat(),
            "c text C, d text, e varchar(3) C",
        );
    }

    #[test]
    fn it_is_over_what_there_is_at_that_moment() {
        same(
            "CREATE TABLE u (a int); CREATE TABLE t AS TABLE u WITH NO DATA; DROP TABLE u; ALTER TABLE t RENAME TO u; ALTER TABLE u ADD PRIMARY KEY (a);",
            "CREATE TABLE u (a int PRIMARY KEY);",
        );
        same(
            "CREATE TABLE u (a int); CREATE TABLE t AS SELECT * FROM u; ALTER TABLE u ADD b int;",
            "CREATE TABLE u (a int, b int); CREATE TABLE t (a int);",
        );
        same(
            "CREATE TABLE u (a int); CREATE TEMP TABLE u AS SELECT 'x' AS b; CREATE TABLE t AS TABLE u;",
            "CREATE TABLE u (a int); CREATE TABLE t (b text);",
        );
    }

    #[test]
    fn what_is_not_told_by_the_query_is_as_in_create_table() {
        same(
            "CREATE UNLOGGED TABLE t WITH (fillfactor = 50) AS SELECT 1 AS a;",
            "CREATE UNLOGGED TABLE t (a int) WITH (fillfactor = 50);",
        );
        differ("CREATE TABLE t AS SELECT 1 AS a;", "CREATE TABLE t (a int NOT NULL);");
        differ("CREATE TABLE t AS SELECT 1 AS a;", "CREATE TABLE t (a bigint);");
        same(
            "CREATE TABLE t (b int); CREATE TABLE IF NOT EXISTS t AS SELECT 1 AS a;",
            "CREATE TABLE t (b int);",
        );
    }

    #[test]
    fn what_cannot_be_a_table_is_said() {
        assert_eq!(problems("CREATE TABLE t AS SELECT 1 AS a, 2 AS a;"), [ProblemCode::Duplicate]);
        assert_eq!(problems("CREATE TABLE t (a, b) AS SELECT 1;"), [ProblemCode::Invalid]);
        assert_eq!(problems("CREATE TABLE t AS SELECT nothing(1);"), [ProblemCode::NotModelled]);
        assert_eq!(problems("CREATE TABLE t AS EXECUTE p;"), [ProblemCode::NotModelled]);
        let other = "PREPARE p AS SELECT 1 AS a; CREATE TABLE t AS EXECUTE q;";
        assert_eq!(problems(other), [ProblemCode::NotModelled]);
    }
}
