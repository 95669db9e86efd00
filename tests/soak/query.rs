//! Random queries over the tables `a`, `b` and `d`, as SQL in random spelling.

use crate::choice::{Choices, Node};
use crate::expression::{COLUMNS, Scope, TYPES, Ty, expression};

const B: &[(&str, Ty)] = &[
    ("id", "int4"),
    ("i4", "int4"),
    ("tx", "text"),
    ("n", "numeric"),
    ("da", "date"),
    ("k", "int8"),
];
const D: &[(&str, Ty)] =
    &[("id", "int8"), ("tx", "varchar"), ("f8", "float8"), ("tz", "timestamptz"), ("jb", "jsonb")];

/// A query whose columns have those types.
pub fn query(c: &Choices, node: Node, depth: usize, types: &[Ty]) -> String {
    if depth > 0 && c.of(node, 201, 6) == 0 {
        let operator =
            c.one(node, 202, &["UNION", "UNION ALL", "INTERSECT", "EXCEPT", "EXCEPT ALL"]);
        let (left, right) =
            (query(c, node.part(1), depth - 1, types), query(c, node.part(2), depth - 1, types));
        let order = if c.of(node, 203, 3) == 0 { " ORDER BY 1" } else { "" };
        return format!("({left}) {operator} ({right}){order}");
    }
    select(c, node, depth, types)
}

/// Types for a query's columns.
pub fn types(c: &Choices, node: Node) -> Vec<Ty> {
    let count = 1 + c.of(node, 210, 4) as u64;
    (0..count).map(|at| c.pick(node, 211 + at, TYPES).0).collect()
}

fn columns(alias: &str, columns: &[(&str, Ty)]) -> Vec<(String, String, Ty)> {
    columns.iter().map(|(name, ty)| (alias.to_owned(), (*name).to_owned(), *ty)).collect()
}

/// An item of FROM and its columns.
fn relation(
    c: &Choices,
    node: Node,
    depth: usize,
    at: usize,
) -> (String, Vec<(String, String, Ty)>) {
    let alias = format!("r{at}");
    let named = c.spell(&[" AS ", " "]);
    let qualified = c.spell(&["", "public."]);
    match c.of(node, 220, 9) {
        0 | 1 => {
            let own: Vec<(&str, Ty)> = COLUMNS.iter().map(|(name, ty, _)| (*name, *ty)).collect();
            (format!("{qualified}a{named}{alias}"), columns(&alias, &own))
        }
        2 | 3 => (format!("{qualified}b{named}{alias}"), columns(&alias, B)),
        4 => (format!("{qualified}d{named}{alias}"), columns(&alias, D)),
        5 => {
            let own = [
                ("x", "int4"),
                ("y", "int8"),
                ("z", "numeric"),
                ("u", "date"),
                ("v", "jsonb"),
                ("w", "float8"),
            ];
            let mut renamed = columns(&alias, &own);
            renamed[1].2 = "int4";
            renamed[2].2 = "text";
            renamed[3].2 = "numeric";
            renamed[4].2 = "date";
            renamed[5].2 = "int8";
            (format!("{qualified}b{named}{alias}(x, y, z, u, v, w)"), renamed)
        }
        6 => (
            format!("generate_series({}, 10){named}{alias}(g)", c.one(node, 221, &["1", "0", "2"])),
            columns(&alias, &[("g", "int4")]),
        ),
        7 if depth > 0 => {
            let own = [c.pick(node, 222, TYPES).0, "int4"];
            let text = query(c, node.part(1), depth - 1, &own);
            (
                format!("({text}){named}{alias}(q1, q2)"),
                columns(&alias, &[("q1", own[0]), ("q2", own[1])]),
            )
        }
        _ => (
            format!(
                "(VALUES (1, 'x'::text), ({}, NULL)){named}{alias}(i, t)",
                c.one(node, 223, &["2", "3"])
            ),
            columns(&alias, &[("i", "int4"), ("t", "text")]),
        ),
    }
}

fn select(c: &Choices, node: Node, depth: usize, types: &[Ty]) -> String {
    let mut scope = Scope { queries: true, ..Scope::default() };
    let (mut from, own) = relation(c, node.part(100), depth, 1);
    scope.columns = own;
    for at in 2..2 + c.of(node, 230, 3) {
        let (item, own) = relation(c, node.part(100 + at as u64), depth, at);
        scope.columns.extend(own);
        let kind = c.one(
            node,
            231 + at as u64,
            &[
                "JOIN",
                "LEFT JOIN",
                "RIGHT JOIN",
                "FULL JOIN",
                "CROSS JOIN",
                ",",
                "NATURAL JOIN",
                "USING",
                "LATERAL",
            ],
        );
        let kind_spelled = match kind {
            "JOIN" => c.spell(&["JOIN", "INNER JOIN"]),
            "LEFT JOIN" => c.spell(&["LEFT JOIN", "LEFT OUTER JOIN"]),
            other => other,
        };
        from = match kind {
            "CROSS JOIN" => format!("{from} CROSS JOIN {item}"),
            "," => format!("{from}, {item}"),
            "NATURAL JOIN" => format!("{from} NATURAL JOIN {item}"),
            "USING" => {
                format!("{from} JOIN {item} USING ({})", c.one(node, 250, &["i4", "tx", "id", "n"]))
            }
            "LATERAL" => {
                let inner = expression(c, node.part(300 + at as u64), "int4", 1, &scope);
                scope.columns.push((format!("l{at}"), "lx".into(), "int4"));
                format!("{from} CROSS JOIN {item}, LATERAL (SELECT {inner} AS lx) l{at}")
            }
            _ => {
                let on = expression(c, node.part(200 + at as u64), "bool", depth.min(2), &scope);
                let text = format!("{from} {kind_spelled} {item} ON {on}");
                if c.spelling(2) == 0 { format!("({text})") } else { text }
            }
        };
    }
    let grouped = c.of(node, 232, 4) == 0;
    let mut plain = scope.clone();
    plain.aggregates = grouped;
    let distinct = c.one(node, 233, &["", "", "", "DISTINCT ", "ON"]);
    let mut targets = Vec::new();
    let mut group = Vec::new();
    for (at, ty) in types.iter().enumerate() {
        let place = node.part(400 + at as u64);
        let mut text = match c.of(place, 240, 8) {
            0 if !grouped => window(c, place, &scope),
            _ => expression(
                c,
                place,
                ty,
                depth.min(2),
                if grouped && at > 0 { &plain } else { &scope },
            ),
        };
        if grouped && at == 0 {
            let key = if c.spelling(2) == 0 { "1".to_owned() } else { text.clone() };
            group.push(key);
        }
        text.push_str(&format!(" {}c{at}", c.spell(&["AS ", ""])));
        targets.push(text);
    }
    if !grouped && c.of(node, 241, 8) == 0 && types.len() > 2 && depth == 2 {
        targets.push(c.spell(&["r1.*"]).to_owned());
    }
    let mut text = match distinct {
        "ON" => format!("SELECT DISTINCT ON (c0x) {}", targets.join(", ")).replace("c0x", "1"),
        distinct => format!("SELECT {distinct}{}", targets.join(", ")),
    };
    text.push_str(&format!(" FROM {from}"));
    if c.of(node, 242, 2) == 0 {
        text.push_str(&format!(
            " WHERE {}",
            expression(c, node.part(500), "bool", depth.min(2), &scope)
        ));
    }
    if !group.is_empty() {
        let key = group.join(", ");
        let key = match c.of(node, 243, 6) {
            0 => format!("ROLLUP ({key})"),
            1 => format!("GROUPING SETS (({key}), ())"),
            _ => key,
        };
        text.push_str(&format!(" GROUP BY {key}"));
        if c.of(node, 244, 3) == 0 {
            let mut only = Scope { queries: false, aggregates: true, ..Scope::default() };
            only.columns.clone_from(&scope.columns);
            text.push_str(&format!(
                " HAVING count(*) > {}",
                expression(c, node.part(501), "int8", 0, &Scope::default())
            ));
        }
    }
    if c.of(node, 245, 3) == 0 {
        let key = c.spell(&["1", "c0"]);
        text.push_str(&format!(
            " ORDER BY {key}{}",
            c.one(node, 246, &["", " DESC", " NULLS FIRST", " DESC NULLS LAST"])
        ));
        if c.of(node, 247, 2) == 0 {
            text.push_str(&format!(" LIMIT {}", c.one(node, 248, &["10", "5", "ALL"])));
        }
    }
    if depth == 2 && c.of(node, 249, 5) == 0 {
        let inner = query(c, node.part(600), 1, &["int4", "text"]);
        let materialized = c.one(node, 251, &["", "MATERIALIZED ", "NOT MATERIALIZED "]);
        let list = (0..types.len()).map(|at| format!("s.c{at}")).collect::<Vec<_>>().join(", ");
        return format!(
            "WITH w(w1, w2) AS {materialized}({inner}) SELECT {list}, w.w2 FROM ({text}) s JOIN w ON w.w1 = {}",
            c.one(node, 252, &["1", "2"])
        );
    }
    text
}

fn window(c: &Choices, node: Node, scope: &Scope) -> String {
    let function = match c.of(node, 260, 5) {
        0 => "row_number()".to_owned(),
        1 => format!("sum({})", expression(c, node.part(1), "int4", 1, scope)),
        2 => format!("lag({}, 1)", expression(c, node.part(1), "text", 1, scope)),
        3 => format!("first_value({})", expression(c, node.part(1), "numeric", 1, scope)),
        _ => "count(*)".to_owned(),
    };
    let partition = expression(c, node.part(2), "text", 1, scope);
    let order = expression(c, node.part(3), "int4", 1, scope);
    let frame = c.one(
        node,
        261,
        &[
            "",
            " ROWS BETWEEN 1 PRECEDING AND CURRENT ROW",
            " RANGE UNBOUNDED PRECEDING",
            " GROUPS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING EXCLUDE TIES",
        ],
    );
    format!("{function} OVER (PARTITION BY {partition} ORDER BY {order}{frame})")
}
