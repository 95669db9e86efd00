//! Random typed expressions over columns, as SQL in random spelling.
//!
//! They need not be valid: the server refuses what is not, and that is left out. Nor need two
//! spellings be equal: the server says whether they are.

use crate::choice::{Choices, Node};

pub type Ty = &'static str;

/// Columns by the alias of their relation.
#[derive(Clone, Default)]
pub struct Scope {
    pub columns: Vec<(String, String, Ty)>,
    /// Subqueries are allowed.
    pub queries: bool,
    pub aggregates: bool,
}

/// The types that expressions have, each with the columns of table `a` and literals.
pub const TYPES: &[(Ty, &[&str])] = &[
    ("int4", &["0", "1", "42", "-7", "100000"]),
    ("int8", &["0", "5", "3000000000", "-1"]),
    ("int2", &["3", "-2", "12"]),
    ("numeric", &["1.5", "0", "2.50", "1e3", "-0.001", "12345678901234567890"]),
    ("float8", &["1.5", "0.1", "1e10", "-2"]),
    ("float4", &["1.5", "0.25", "3"]),
    ("text", &["x", "it''s", "a b", "", "ü", "%a_"]),
    ("varchar", &["x", "abc", "a''b"]),
    ("bpchar", &["x", "xyzde", "a "]),
    ("name", &["x", "postgres"]),
    ("bool", &["true", "false"]),
    ("date", &["2020-01-02", "2024-02-29", "infinity"]),
    ("timestamp", &["2020-01-02 03:04:05", "2020-01-02", "2020-01-02 03:04:05.678"]),
    ("timestamptz", &["2020-01-02 03:04:05+00", "2020-06-01 00:00:00+02"]),
    ("time", &["03:04:05", "23:59", "12:00:00.5"]),
    ("interval", &["1 day", "02:30:00", "1 year 2 mons", "-3 days", "P1DT2H"]),
    ("uuid", &["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "A0EEBC999C0B4EF8BB6D6BB9BD380A11"]),
    ("jsonb", &["{}", "[1,2]", "{\"b\": 1, \"a\": [true, null]}"]),
    ("json", &["{}", "{\"b\":  1}"]),
    ("bytea", &["\\xdeadbeef", "abc"]),
    ("inet", &["10.0.0.1", "10.0.0.0/8", "::1"]),
    ("_int4", &["{1,2}", "{}", "{3, 4, NULL}"]),
    ("_text", &["{a,b}", "{}", "{\"a b\",c}"]),
    ("mood", &["sad", "ok", "happy"]),
    ("int4range", &["[1,5)", "empty", "[1,4]"]),
    ("bit", &["1010"]),
];

/// The columns of table `a`.
pub const COLUMNS: &[(&str, Ty, &str)] = &[
    ("i2", "int2", "smallint"),
    ("i4", "int4", "integer"),
    ("i8", "int8", "bigint"),
    ("n", "numeric", "numeric"),
    ("n2", "numeric", "numeric(10,2)"),
    ("f4", "float4", "real"),
    ("f8", "float8", "double precision"),
    ("tx", "text", "text"),
    ("vc", "varchar", "varchar"),
    ("v20", "varchar", "varchar(20)"),
    ("c5", "bpchar", "char(5)"),
    ("nm", "name", "name"),
    ("bo", "bool", "boolean"),
    ("da", "date", "date"),
    ("ts", "timestamp", "timestamp"),
    ("ts3", "timestamp", "timestamp(3)"),
    ("tz", "timestamptz", "timestamptz"),
    ("ti", "time", "time"),
    ("iv", "interval", "interval"),
    ("uu", "uuid", "uuid"),
    ("jb", "jsonb", "jsonb"),
    ("js", "json", "json"),
    ("by", "bytea", "bytea"),
    ("ip", "inet", "inet"),
    ("ai", "_int4", "integer[]"),
    ("at", "_text", "text[]"),
    ("av", "_text", "varchar(10)[]"),
    ("mo", "mood", "mood"),
    ("po", "int4", "posint"),
    ("em", "text", "email"),
    ("r4", "int4range", "int4range"),
    ("bt", "bit", "bit(4)"),
];

fn sql_name(c: &Choices, ty: Ty) -> &'static str {
    match ty {
        "int4" => c.spell(&["int4", "integer", "int", "pg_catalog.int4"]),
        "int8" => c.spell(&["int8", "bigint"]),
        "int2" => c.spell(&["int2", "smallint"]),
        "numeric" => c.spell(&["numeric", "decimal", "dec"]),
        "float8" => c.spell(&["float8", "double precision", "float"]),
        "float4" => c.spell(&["float4", "real"]),
        "varchar" => c.spell(&["varchar", "character varying", "varchar(20)"]),
        "bpchar" => c.spell(&["bpchar", "char(5)", "character(3)"]),
        "timestamp" => c.spell(&["timestamp", "timestamp without time zone"]),
        "timestamptz" => c.spell(&["timestamptz", "timestamp with time zone"]),
        "bool" => c.spell(&["bool", "boolean"]),
        "_int4" => c.spell(&["int4[]", "integer[]", "int array"]),
        "_text" => c.spell(&["text[]", "_text"]),
        "bit" => c.spell(&["bit(4)", "varbit"]),
        other => other,
    }
}

/// An expression of that type, in parentheses where it needs them.
pub fn expression(c: &Choices, node: Node, ty: Ty, depth: usize, scope: &Scope) -> String {
    let text = if depth == 0 || c.of(node, 1, 6) == 0 {
        leaf(c, node, ty, scope)
    } else {
        inner(c, node, ty, depth, scope)
    };
    match c.spelling(6) {
        0 => format!("({text})"),
        _ => text,
    }
}

fn leaf(c: &Choices, node: Node, ty: Ty, scope: &Scope) -> String {
    let own: Vec<_> = scope.columns.iter().filter(|(_, _, own)| *own == ty).collect();
    if !own.is_empty() && c.of(node, 2, 3) > 0 {
        let (alias, column, _) = c.pick(node, 3, &own);
        let quoted = if c.spelling(5) == 0 { format!("\"{column}\"") } else { column.clone() };
        let qualified = c.spelling(3) > 0 || scope.queries;
        return if qualified && !alias.is_empty() { format!("{alias}.{quoted}") } else { quoted };
    }
    literal(c, node, ty)
}

pub fn literal(c: &Choices, node: Node, ty: Ty) -> String {
    let Some((_, texts)) = TYPES.iter().find(|(own, _)| *own == ty) else { return "NULL".into() };
    let text = c.one(node, 4, texts);
    let number = matches!(ty, "int4" | "int8" | "int2" | "numeric" | "float8" | "float4");
    let name = sql_name(c, ty);
    match c.spelling(7) {
        0 if number || ty == "bool" => text.to_owned(),
        1 if number => format!("({text})"),
        0 | 1 => format!("'{text}'"),
        2 => format!("CAST('{text}' AS {name})"),
        3 if number => format!("({text})::{name}"),
        4 if !name.contains('[') && !name.contains(" array") => format!("{name} '{text}'"),
        _ => format!("'{text}'::{name}"),
    }
}

fn word(c: &Choices, text: &str) -> String {
    match c.spelling(3) {
        0 => text.to_lowercase(),
        _ => text.to_uppercase(),
    }
}

fn call(c: &Choices, name: &str, args: &[String]) -> String {
    let name = match c.spelling(5) {
        0 => format!("pg_catalog.{name}"),
        1 => name.to_uppercase(),
        2 => format!("\"{name}\""),
        _ => name.to_owned(),
    };
    format!("{name}({})", args.join(", "))
}

fn binary(c: &Choices, left: &str, operator: &str, right: &str) -> String {
    let operator = match (operator, c.spelling(6)) {
        ("<>", 0 | 1) => "!=".to_owned(),
        (operator, 2) if operator != "!=" => format!("OPERATOR(pg_catalog.{operator})"),
        (operator, _) => operator.to_owned(),
    };
    format!("({left}) {operator} ({right})")
}

fn any_type(c: &Choices, node: Node, salt: u64) -> Ty {
    c.pick(node, salt, TYPES).0
}

/// The shapes that every type has.
fn common(c: &Choices, node: Node, ty: Ty, depth: usize, scope: &Scope) -> String {
    let part = |number| expression(c, node.part(number), ty, depth - 1, scope);
    let boolean = |number| expression(c, node.part(number), "bool", depth - 1, scope);
    match c.of(node, 10, 9) {
        0 => format!("{}({}, {})", word(c, "coalesce"), part(1), part(2)),
        1 => format!("CASE WHEN {} THEN {} ELSE {} END", boolean(1), part(2), part(3)),
        2 => {
            let of = any_type(c, node, 11);
            let arg = expression(c, node.part(1), of, depth - 1, scope);
            format!(
                "CASE {arg} WHEN {} THEN {} WHEN {} THEN {} END",
                literal(c, node.part(2), of),
                part(3),
                expression(c, node.part(4), of, 0, scope),
                part(5)
            )
        }
        3 => format!("{}({}, {})", word(c, "nullif"), part(1), part(2)),
        4 => format!("{}({}, {})", c.one(node, 12, &["GREATEST", "LEAST"]), part(1), part(2)),
        5 => {
            let of = any_type(c, node, 13);
            let arg = expression(c, node.part(1), of, depth - 1, scope);
            let name = sql_name(c, ty);
            if c.spelling(2) == 0 {
                format!("({arg})::{name}")
            } else {
                format!("CAST({arg} AS {name})")
            }
        }
        6 if scope.queries => {
            format!("(SELECT {} FROM b b1 WHERE {})", part(1), boolean(2))
        }
        7 if scope.aggregates => {
            let name = c.one(node, 14, &["max", "min", "any_value"]);
            format!("{name}({})", part(1))
        }
        _ => format!("COALESCE({}, {}, NULL)", part(1), part(2)),
    }
}

#[rustfmt::skip]
fn inner(c: &Choices, node: Node, ty: Ty, depth: usize, scope: &Scope) -> String {
    let of = |number, ty| expression(c, node.part(number), ty, depth - 1, scope);
    let shape = c.of(node, 20, 14);
    let arithmetic = |operators: &[&'static str], one: Ty, other: Ty| {
        binary(c, &of(1, one), c.one(node, 21, operators), &of(2, other))
    };
    match (ty, shape) {
        ("bool", _) => boolean(c, node, depth, scope),
        ("int4", 0 | 1) => arithmetic(&["+", "-", "*", "/", "%"], "int4", "int4"),
        ("int4", 2) => arithmetic(&["+", "*", "-"], "int4", "int2"),
        ("int4", 3) => arithmetic(&["&", "|", "#", "<<", ">>"], "int4", "int4"),
        ("int4", 4) => call(c, "length", &[of(1, "text")]),
        ("int4", 5) => call(c, "abs", &[of(1, "int4")]),
        ("int4", 6) => format!("{}({} IN {})", word(c, "position"), of(1, "text"), of(2, "text")),
        ("int4", 7) => call(c, "array_length", &[of(1, "_int4"), "1".into()]),
        ("int4", 8) => format!("f_over({})", of(1, c.one(node, 22, &["int4", "text", "varchar", "int2"]))),
        ("int4", 9) => format!("f_def({})", of(1, "int4")),
        ("int4", 10) => format!("({})[{}]", of(1, "_int4"), of(2, "int4")),
        ("int4", 11) => arithmetic(&["-"], "date", "date"),
        ("int4", 12) => format!("- ({})", of(1, "int4")),
        ("int8", 0) => arithmetic(&["+", "-", "*"], "int8", "int4"),
        ("int8", 1) => arithmetic(&["+", "/", "%"], "int4", "int8"),
        ("int8", 2) if scope.aggregates => format!("count({})", of(1, any_type(c, node, 23))),
        ("int8", 3) if scope.aggregates => format!("sum({}) FILTER (WHERE {})", of(1, "int4"), of(2, "bool")),
        ("int8", 4) => call(c, "abs", &[of(1, "int8")]),
        ("numeric", 0 | 1) => arithmetic(&["+", "-", "*", "/", "^"], "numeric", c.one(node, 24, &["int4", "numeric", "int8"])),
        ("numeric", 2) => call(c, "round", &[of(1, "numeric"), of(2, "int4")]),
        ("numeric", 3) => format!("{}({} FROM {})", word(c, "extract"), c.one(node, 25, &["year", "epoch", "dow", "'month'"]), of(1, c.one(node, 26, &["timestamp", "date", "timestamptz", "interval"]))),
        ("numeric", 4) if scope.aggregates => format!("avg({}{})", if c.of(node, 27, 2) == 0 { "DISTINCT " } else { "" }, of(1, "int4")),
        ("numeric", 5) => format!("({})::numeric({})", of(1, "numeric"), c.one(node, 28, &["10,2", "5", "10, 0"])),
        ("numeric", 6) => call(c, "mod", &[of(1, "numeric"), of(2, "int4")]),
        ("float8", 0) => arithmetic(&["+", "-", "*", "/"], "float8", c.one(node, 29, &["int4", "float8", "float4", "numeric"])),
        ("float8", 1) => call(c, "sqrt", &[of(1, "float8")]),
        ("float8", 2) => call(c, "power", &[of(1, "float8"), of(2, "int4")]),
        ("float8", 3) => call(c, "date_part", &[format!("'{}'", c.one(node, 30, &["year", "hour"])), of(1, "timestamp")]),
        ("float4", 0) => arithmetic(&["+", "*"], "float4", "float4"),
        ("text", 0 | 1) => arithmetic(&["||"], "text", c.one(node, 31, &["text", "varchar", "int4", "bpchar", "date"])),
        ("text", 2) => call(c, c.one(node, 32, &["lower", "upper", "btrim", "initcap", "md5", "reverse"]), &[of(1, c.one(node, 33, &["text", "varchar", "bpchar", "name"]))]),
        ("text", 3) => match c.spelling(3) {
            0 => format!("substring({} FROM {} FOR {})", of(1, "text"), of(2, "int4"), of(3, "int4")),
            1 => format!("pg_catalog.substring({}, {}, {})", of(1, "text"), of(2, "int4"), of(3, "int4")),
            _ => format!("substr({}, {}, {})", of(1, "text"), of(2, "int4"), of(3, "int4")),
        },
        ("text", 4) => format!("TRIM({} {} FROM {})", c.one(node, 34, &["BOTH", "LEADING", "TRAILING", "both"]), of(1, "text"), of(2, "text")),
        ("text", 5) => format!("overlay({} PLACING {} FROM {})", of(1, "text"), of(2, "text"), of(3, "int4")),
        ("text", 6) => call(c, "to_char", &[of(1, c.one(node, 35, &["timestamp", "int4", "numeric", "timestamptz", "date"])), format!("'{}'", c.one(node, 36, &["YYYY", "MM-DD", "999"]))]),
        ("text", 7) => format!("({}) ->> {}", of(1, c.one(node, 37, &["jsonb", "json"])), c.one(node, 38, &["'k'", "0", "'k'::text"])),
        ("text", 8) => call(c, "concat", &[of(1, any_type(c, node, 39)), of(2, "text"), of(3, "int4")]),
        ("text", 9) => format!("({}) COLLATE {}", of(1, "text"), c.spell(&["\"C\"", "pg_catalog.\"C\""])),
        ("text", 10) => call(c, "replace", &[of(1, "text"), of(2, "text"), of(3, "varchar")]),
        ("text", 11) if scope.aggregates => format!("string_agg({}, {} ORDER BY {}{})", of(1, "text"), of(2, "text"), of(3, "int4"), c.one(node, 40, &["", " DESC", " NULLS FIRST", " ASC"])),
        ("text", 12) => call(c, "format", &[format!("'{}'", c.one(node, 41, &["%s", "%I"])), of(1, any_type(c, node, 42))]),
        ("text", 13) => format!("({}).y", format_args!("ROW({}, {})::pair", of(1, "int4"), of(2, "text"))),
        ("varchar", 0) => format!("({})::varchar({})", of(1, "text"), c.one(node, 43, &["10", "20"])),
        ("varchar", 1) => format!("({})::varchar", of(1, "varchar")),
        ("bpchar", 0) => format!("({})::char({})", of(1, "text"), c.one(node, 44, &["5", "3"])),
        ("date", 0) => arithmetic(&["+", "-"], "date", "int4"),
        ("date", 1) => c.one(node, 45, &["CURRENT_DATE", "('now'::text)::date"]).to_string(),
        ("date", 2) => format!("({})::date", of(1, c.one(node, 46, &["timestamp", "timestamptz", "text"]))),
        ("date", 3) => call(c, "make_date", &[of(1, "int4"), of(2, "int4"), of(3, "int4")]),
        ("timestamp", 0) => arithmetic(&["+", "-"], c.one(node, 47, &["timestamp", "date"]), "interval"),
        ("timestamp", 1) => call(c, "date_trunc", &[format!("'{}'", c.one(node, 48, &["day", "hour"])), of(1, c.one(node, 49, &["timestamp", "date"]))]),
        ("timestamp", 2) => format!("({}) AT TIME ZONE {}", of(1, "timestamptz"), c.one(node, 50, &["'UTC'", "'utc'::text", "interval '1 hour'"])),
        ("timestamp", 3) => arithmetic(&["+"], "date", "time"),
        ("timestamp", 4) => format!("({})::timestamp({})", of(1, "timestamp"), c.one(node, 51, &["0", "3"])),
        ("timestamp", 5) => c.one(node, 52, &["LOCALTIMESTAMP", "localtimestamp(2)"]).to_string(),
        ("timestamptz", 0) => c.one(node, 53, &["now()", "CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP(3)", "clock_timestamp()", "transaction_timestamp()"]).to_string(),
        ("timestamptz", 1) => arithmetic(&["+", "-"], "timestamptz", "interval"),
        ("timestamptz", 2) => format!("({}) AT TIME ZONE {}", of(1, "timestamp"), c.one(node, 54, &["'UTC'", "'Europe/Berlin'"])),
        ("timestamptz", 3) => call(c, "date_trunc", &["'week'".into(), of(1, "timestamptz")]),
        ("timestamptz", 4) => call(c, "to_timestamp", &[of(1, "float8")]),
        ("time", 0) => arithmetic(&["+", "-"], "time", "interval"),
        ("time", 1) => format!("({})::time", of(1, "timestamp")),
        ("interval", 0) => arithmetic(&["-"], "timestamp", "timestamp"),
        ("interval", 1) => arithmetic(&["*", "/"], "interval", c.one(node, 55, &["int4", "float8", "numeric"])),
        ("interval", 2) => format!("make_interval({} => {})", c.one(node, 56, &["days", "hours", "months"]), of(1, "int4")),
        ("interval", 3) => call(c, "age", &[of(1, "timestamp"), of(2, "timestamp")]),
        ("interval", 4) => c.one(node, 57, &["INTERVAL '5' DAY", "INTERVAL '1-2' YEAR TO MONTH", "interval(2) '1.234 s'", "INTERVAL '90' MINUTE"]).to_string(),
        ("interval", 5) => arithmetic(&["+", "-"], "interval", "interval"),
        ("jsonb", 0) => format!("({}) -> {}", of(1, "jsonb"), c.one(node, 58, &["'k'", "0", "'a'::text"])),
        ("jsonb", 1) => call(c, "jsonb_build_object", &["'k'".into(), of(1, any_type(c, node, 59))]),
        ("jsonb", 2) => call(c, "to_jsonb", &[of(1, any_type(c, node, 60))]),
        ("jsonb", 3) => arithmetic(&["||"], "jsonb", "jsonb"),
        ("jsonb", 4) => arithmetic(&["-"], "jsonb", c.one(node, 61, &["text", "int4", "_text"])),
        ("jsonb", 5) => format!("({}) #> {}", of(1, "jsonb"), of(2, "_text")),
        ("jsonb", 6) if scope.aggregates => format!("jsonb_agg({})", of(1, any_type(c, node, 62))),
        ("json", 0) => call(c, "json_build_array", &[of(1, "int4"), of(2, "text")]),
        ("bytea", 0) => call(c, "decode", &[of(1, "text"), "'hex'".into()]),
        ("inet", 0) => call(c, "network", &[of(1, "inet")]),
        ("_int4", 0 | 1) => format!("ARRAY[{}, {}]", of(1, "int4"), of(2, "int4")),
        ("_int4", 2) => arithmetic(&["||"], "_int4", c.one(node, 63, &["int4", "_int4"])),
        ("_int4", 3) => call(c, "array_append", &[of(1, "_int4"), of(2, "int4")]),
        ("_int4", 4) if scope.aggregates => format!("array_agg({} ORDER BY {})", of(1, "int4"), of(2, "text")),
        ("_int4", 5) if scope.queries => format!("ARRAY(SELECT {} FROM d)", of(1, "int4")),
        ("_int4", 6) => format!("({})[{}:{}]", of(1, "_int4"), of(2, "int4"), of(3, "int4")),
        ("_text", 0) => format!("ARRAY[{}, {}]", of(1, "text"), of(2, c.one(node, 64, &["varchar", "text"]))),
        ("_text", 1) => call(c, "string_to_array", &[of(1, "text"), "','".into()]),
        ("_text", 2) => arithmetic(&["||"], "_text", c.one(node, 65, &["text", "_text", "varchar"])),
        ("int4range", 0) => call(c, "int4range", &[of(1, "int4"), of(2, "int4")]),
        ("int4range", 1) => arithmetic(&["*", "+", "-"], "int4range", "int4range"),
        ("mood", 0) => call(c, "enum_first", &[of(1, "mood")]),
        ("bit", 0) => arithmetic(&["&", "|"], "bit", "bit"),
        _ => common(c, node, ty, depth, scope),
    }
}

#[rustfmt::skip]
fn boolean(c: &Choices, node: Node, depth: usize, scope: &Scope) -> String {
    let of = |number, ty| expression(c, node.part(number), ty, depth - 1, scope);
    let ty = any_type(c, node, 70);
    let not = c.one(node, 71, &["", "NOT "]);
    match c.of(node, 72, 26) {
        0..=2 => binary(c, &of(1, ty), c.one(node, 73, &["=", "<>", "<", ">", "<=", ">="]), &of(2, ty)),
        3 | 4 => {
            let numbers = &["int4", "int8", "int2", "numeric", "float8", "float4"];
            binary(c, &of(1, c.one(node, 74, numbers)), c.one(node, 75, &["=", "<>", "<", ">", "<=", ">="]), &of(2, c.one(node, 76, numbers)))
        }
        5 => {
            let texts = &["text", "varchar", "bpchar", "name", "mood"];
            binary(c, &of(1, c.one(node, 77, texts)), c.one(node, 78, &["=", "<>", "<", ">="]), &of(2, c.one(node, 79, texts)))
        }
        6 => {
            let times = &["date", "timestamp", "timestamptz"];
            binary(c, &of(1, c.one(node, 80, times)), c.one(node, 81, &["=", "<", ">"]), &of(2, c.one(node, 82, times)))
        }
        7 | 8 => {
            let joined = [of(1, "bool"), of(2, "bool"), of(3, "bool")];
            let operator = c.one(node, 83, &[" AND ", " OR "]);
            match c.spelling(3) {
                0 => format!("({})", joined.map(|one| format!("({one})")).join(operator)),
                1 => format!("(({}){operator}(({}){operator}({})))", joined[0], joined[1], joined[2]),
                _ => format!("((({}){operator}({})){operator}({}))", joined[0], joined[1], joined[2]),
            }
        }
        9 => format!("NOT ({})", of(1, "bool")),
        10 => format!("({}) IS {not}NULL", of(1, ty)),
        11 | 12 => {
            let list: Vec<_> = (2..=2 + c.of(node, 84, 3) as u64).map(|number| literal(c, node.part(number), ty)).collect();
            let arg = of(1, ty);
            match (c.spelling(3), not.is_empty()) {
                (0, true) => format!("({arg}) = ANY (ARRAY[{}])", list.join(", ")),
                (0, false) => format!("({arg}) <> ALL (ARRAY[{}])", list.join(", ")),
                _ => format!("({arg}) {not}IN ({})", list.join(", ")),
            }
        }
        13 | 14 => {
            let symmetric = c.one(node, 85, &["", "SYMMETRIC "]);
            let (arg, low, high) = (of(1, ty), of(2, ty), of(3, ty));
            if c.spelling(2) == 0 && not.is_empty() && symmetric.is_empty() {
                format!("((({arg}) >= ({low})) AND (({arg}) <= ({high})))")
            } else {
                format!("({arg}) {not}BETWEEN {symmetric}({low}) AND ({high})")
            }
        }
        15 | 16 => {
            let text = of(1, c.one(node, 86, &["text", "varchar", "bpchar", "name"]));
            let pattern = of(2, "text");
            match (c.of(node, 87, 3), c.spelling(2)) {
                (0, 0) => format!("({text}) {}~~ ({pattern})", if not.is_empty() { "" } else { "!" }),
                (0, _) => format!("({text}) {not}LIKE ({pattern})"),
                (1, 0) => format!("({text}) {}~~* ({pattern})", if not.is_empty() { "" } else { "!" }),
                (1, _) => format!("({text}) {not}ILIKE ({pattern})"),
                _ => format!("({text}) {not}SIMILAR TO ({pattern}){}", c.one(node, 88, &["", " ESCAPE '#'"])),
            }
        }
        17 => binary(c, &of(1, c.one(node, 89, &["text", "varchar", "name"])), c.one(node, 90, &["~", "~*", "!~", "!~*", "^@"]), &of(2, "text")),
        18 => format!("({}) IS {not}DISTINCT FROM ({})", of(1, ty), of(2, ty)),
        19 => format!("({}) IS {not}{}", of(1, "bool"), c.one(node, 91, &["TRUE", "FALSE", "UNKNOWN"])),
        20 => format!("({}) {} {} ({})", of(1, "int4"), c.one(node, 92, &["=", "<", "<>"]), c.one(node, 93, &["ANY", "ALL", "SOME"]), of(2, "_int4")),
        21 => binary(c, &of(1, "jsonb"), c.one(node, 94, &["@>", "<@", "?", "="]), &of(2, c.one(node, 95, &["jsonb", "text"]))),
        22 => binary(c, &of(1, "int4range"), c.one(node, 96, &["&&", "@>", "<@", "<<"]), &of(2, c.one(node, 97, &["int4range", "int4"]))),
        23 => format!("({}, {}) {} ({}, {})", of(1, "int4"), of(2, "text"), c.one(node, 98, &["=", "<", "<>", ">="]), of(3, "int4"), of(4, "varchar")),
        24 if scope.queries => {
            let query = format!("SELECT {} FROM b b2 WHERE {}", of(1, "int4"), of(2, "bool"));
            match c.of(node, 99, 3) {
                0 => format!("{not}EXISTS ({query})"),
                1 => format!("({}) {not}IN ({query})", of(3, "int4")),
                _ => format!("({}) > {} ({query})", of(3, "int8"), c.one(node, 100, &["ANY", "ALL"])),
            }
        }
        25 if scope.aggregates => format!("bool_and({})", of(1, "bool")),
        _ => format!("{}({}, {})", c.spell(&["starts_with", "pg_catalog.starts_with"]), of(1, "text"), of(2, "varchar")),
    }
}
