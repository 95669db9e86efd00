//! How things are spelled: no more parentheses than needed, the names of the SQL
//! standard, queries a person would have laid out so.

use super::written_command;
use crate::emit::sql::{SqlWriter, Style, inline_expr, inline_query, inline_type};
use crate::model::{Constant, Expr, Ident, Name, TypeName};
use crate::parse::fragment;

/// Each text and what is made of it on one line.
const EXPRESSIONS: &[(&str, &str)] = &[
    ("((a))", "a"),
    ("(a + (b * c))", "a + b * c"),
    ("(a + b) * c", "(a + b) * c"),
    ("((a - b) - c) - (d - e)", "a - b - c - (d - e)"),
    ("(a OR (b AND c))", "a OR b AND c"),
    ("((a OR b) AND NOT (c))", "(a OR b) AND NOT c"),
    ("((a = 1) AND (b IS NOT NULL))", "a = 1 AND b IS NOT NULL"),
    ("(a < b) = (c < d)", "(a < b) = (c < d)"),
    (
        "((a)::text = ANY ((ARRAY['x'::varchar])::text[]))",
        "a::text = ANY (ARRAY['x'::character varying]::text[])",
    ),
    ("- 1", "-1"),
    ("(-1)::int8", "(-1)::int8"),
    ("- a", "- a"),
    ("a!=b", "a <> b"),
    ("not a in (select 1)", "a NOT IN (SELECT 1)"),
    ("pg_catalog.lower(a)", "lower(a)"),
    ("pg_catalog.\"left\"(a, 1)", "\"left\"(a, 1)"),
    ("a operator(pg_catalog.+) b", "a + b"),
    ("a operator(public.+) b", "a OPERATOR(public.+) b"),
    ("a collate pg_catalog.\"C\"", "a COLLATE \"C\""),
    ("extract('year' from a)", "EXTRACT(year FROM a)"),
    ("position(a in b)", "POSITION(a IN b)"),
    ("(a at time zone 'UTC')::date", "(a AT TIME ZONE 'UTC')::date"),
    ("cast(a as varchar(20))", "a::character varying(20)"),
    ("'it''s'", "'it''s'"),
    ("'\\'", "E'\\\\'"),
    ("count(*) filter (where a)", "count(*) FILTER (WHERE a)"),
    ("json_array(a absent on null)", "JSON_ARRAY(a)"),
];

#[test]
fn expressions_have_few_parentheses() {
    for (text, expected) in EXPRESSIONS {
        let written = fragment::expression(text).map(|expr| inline_expr(&expr));
        assert_eq!(written.as_deref(), Ok(*expected), "{text}");
    }
}

/// Each type and its standard name.
const TYPES: &[(&str, &str)] = &[
    ("int", "integer"),
    ("int8", "int8"),
    ("pg_catalog.int8", "bigint"),
    ("pg_catalog.timestamptz[]", "timestamp with time zone[]"),
    ("timestamp(3)", "timestamp(3) without time zone"),
    ("time(0) with time zone", "time(0) with time zone"),
    ("char", "character(1)"),
    ("pg_catalog.bpchar", "bpchar"),
    ("\"char\"", "\"char\""),
    ("pg_catalog.\"char\"", "\"char\""),
    ("bit", "bit(1)"),
    ("pg_catalog.bit", "\"bit\""),
    ("varbit(3)", "varbit(3)"),
    ("bit varying(3)", "bit varying(3)"),
    ("dec(10,2)", "numeric(10,2)"),
    ("float(30)", "double precision"),
    ("interval day to second(3)", "interval day to second(3)"),
    ("interval(3)", "interval(3)"),
    ("public.geometry(Point,4326)", "public.geometry(point,4326)"),
    ("\"My Type\"", "\"My Type\""),
];

#[test]
fn types_have_their_standard_names() {
    for (text, expected) in TYPES {
        let written = fragment::type_name(text).map(|ty| inline_type(&ty));
        assert_eq!(written.as_deref(), Ok(*expected), "{text}");
    }
}

#[test]
fn queries_have_a_clause_a_line() {
    let text = "with x as (select 1) select a, b as c from t left join x on true
        where a = 1 and (b or c) and exists (select 1 from u) group by a having count(*) > 1
        union all (select 1, 2 limit 1) order by 1 limit 5";
    let expected = "\
WITH x AS (
    SELECT 1
)
SELECT
    a,
    b AS c
FROM t
LEFT JOIN x ON TRUE
WHERE a = 1
    AND (b OR c)
    AND EXISTS (
        SELECT 1
        FROM u
    )
GROUP BY a
HAVING count(*) > 1
UNION ALL
(
    SELECT
        1,
        2
    LIMIT 1
)
ORDER BY 1
LIMIT 5";
    let written = fragment::command(text).map(|command| written_command(&command, Style::LINES));
    assert_eq!(written.as_deref(), Ok(expected));
    let written = fragment::query("select a, b from (values (1), (2)) v (a) where a and b")
        .map(|q| inline_query(&q));
    assert_eq!(written.as_deref(), Ok("SELECT a, b FROM (VALUES (1), (2)) AS v (a) WHERE a AND b"));
}

#[test]
fn constants_carry_their_type_unless_it_is_plain() {
    let constant = |ty: &str, value: Option<&str>| {
        let ty = TypeName::builtin(ty);
        inline_expr(&Expr::Constant(Box::new(Constant { ty, value: value.map(Into::into) })))
    };
    assert_eq!(constant("int4", Some("42")), "42");
    assert_eq!(constant("int4", Some("-1")), "'-1'::integer");
    assert_eq!(constant("int8", Some("42")), "'42'::bigint");
    assert_eq!(constant("numeric", Some("1.50")), "1.50");
    assert_eq!(constant("numeric", Some("5")), "'5'::numeric");
    assert_eq!(constant("bool", Some("t")), "TRUE");
    assert_eq!(constant("text", Some("a'b")), "'a''b'::text");
    assert_eq!(constant("timestamptz", None), "NULL::timestamp with time zone");
}

#[test]
fn bodies_get_a_tag_that_does_not_occur() {
    let quoted = |body: &str| {
        let mut writer = SqlWriter::new(Style::LINES);
        writer.dollar_quoted(body);
        writer.finish()
    };
    assert_eq!(quoted("BEGIN END"), "$$BEGIN END$$");
    assert_eq!(quoted("a $$ b"), "$body$a $$ b$body$");
    assert_eq!(quoted("ends with $"), "$body$ends with $$body$");
    for body in
        ["", "$", "$$", "$b", "$body", "$body$", "$body_$ $body", "a$body_", "$$body$$", "$body__"]
    {
        let text = ["SELECT ", &quoted(body)].concat();
        let read = pg_query::parse(&text, 0).map(|tree| format!("{:?}", tree.protobuf));
        let expected = format!("sval: {body:?}");
        assert!(read.as_ref().is_ok_and(|read| read.contains(&expected)), "{text}: {read:?}");
    }
}

#[test]
fn comments_stay_on_their_line() {
    let mut writer = SqlWriter::new(Style::LINES);
    writer.comment("a\nDROP TABLE t; \r\u{2028} \u{1b}[2J */ é");
    assert_eq!(writer.finish(), "-- a DROP TABLE t;     [2J * / é\n");
}

#[test]
fn operators_hold_nothing_else() {
    let mut writer = SqlWriter::new(Style::INLINE);
    writer.operator(&Name { namespace: Some(Ident::new("a b")), name: Ident::new("+; DROP") });
    assert_eq!(writer.finish(), "OPERATOR(\"a b\".+)");
}
