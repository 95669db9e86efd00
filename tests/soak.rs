//! Random schemas against a real server, which alone says what is equal.
//!
//! Each seed makes items (constraints, defaults, indexes, policies, views and so on) in three
//! texts: as first spelled, spelled otherwise, and with one choice of the meaning changed. All
//! are loaded and dumped. A text must be in sync with its own dump, with nothing undecided;
//! and with another dump just when the server's two dumps are the same. Where two dumps
//! differ as text but are compared as equal, both are restored and dumped once more, for a
//! dump is not always what its restored database dumps.
//!
//! `PGCANON_SOAK_SEEDS=100` runs that many seeds, `PGCANON_SOAK_SEED=7` only that one and
//! prints what it finds; `make soak` runs the long one.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_possible_truncation,
    reason = "tests fail by panics and say what they did"
)]

#[path = "soak/choice.rs"]
mod choice;
#[path = "soak/expression.rs"]
mod expression;
mod judge;
#[path = "soak/query.rs"]
mod query;
mod server;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use choice::{Choices, Node};
use expression::{COLUMNS, Scope, TYPES, expression};
use pgcanon::model::Pair;
use server::{Database, Server};

/// Items of one seed.
const ITEMS: usize = 60;

#[test]
fn random_schemas_are_judged_as_the_server_judges() {
    run(&seeds(2));
}

#[test]
#[ignore = "long; run by make soak"]
fn many_random_schemas_are_judged_as_the_server_judges() {
    run(&seeds(200));
}

fn seeds(usual: u64) -> Vec<u64> {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    match number("PGCANON_SOAK_SEED") {
        Some(only) => vec![only],
        None => (1..=number("PGCANON_SOAK_SEEDS").unwrap_or(usual)).collect(),
    }
}

fn run(seeds: &[u64]) {
    let Some(server) = Server::any() else { return };
    let findings = pgcanon::run_with_stack(None, || -> Vec<String> {
        seeds.iter().flat_map(|seed| check(server, *seed)).collect()
    });
    println!("{} seeds, {} findings", seeds.len(), findings.len());
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

/// One item of a text: its number and its statements.
type Items = BTreeMap<usize, Vec<String>>;

/// A text with what came of it on the server.
struct Loaded {
    items: Items,
    dump: String,
}

fn check(server: &Server, seed: u64) -> Vec<String> {
    let choices = |number: usize, spelling| Choices::new(seed * 1000 + number as u64, spelling);
    let make = |made: &dyn Fn(usize) -> Choices| -> Loaded {
        load(server, (0..ITEMS).map(|number| (number, item(&made(number), number))).collect())
    };
    let plain = make(&|number| choices(number, None));
    let spelled = make(&|number| choices(number, Some(seed)));
    let otherwise = make(&|number| choices(number, Some(seed ^ 0xABCD)));
    let mutated = make(&|number| {
        let counted = choices(number, None);
        item(&counted, number);
        let at = (seed.wrapping_mul(31) as usize + number * 7) % counted.made().max(1);
        choices(number, None).mutated(at)
    });
    let mut findings = Vec::new();
    for loaded in [&plain, &spelled, &otherwise, &mutated] {
        findings.extend(against_own_dump(loaded));
    }
    findings.extend(against_other(server, Pair { canonical: &plain, live: &mutated }, true));
    findings.extend(against_other(server, Pair { canonical: &spelled, live: &otherwise }, false));
    findings.extend(against_other(server, Pair { canonical: &otherwise, live: &plain }, false));
    findings.iter().map(|finding| format!("seed {seed}: {finding}\n")).collect()
}

fn against_own_dump(loaded: &Loaded) -> Vec<String> {
    let own = text(&loaded.items);
    let drifts = judge::judge(&own, &loaded.dump).all;
    let undecided = judge::undecided(&judge::read(&own)).0;
    let lines = drifts.into_iter().chain(undecided);
    lines.map(|line| format!("its own dump: {line}\n{}", shown(&line, loaded))).collect()
}

/// Two texts must be judged to differ just where the server's dumps do. Two spellings may
/// have other dumps and be equal: `'1'::bigint` is a constant, `1::bigint` a cast of one.
fn against_other(server: &Server, sides: Pair<&Loaded>, hidden: bool) -> Vec<String> {
    let Pair { canonical, live } = sides;
    let is_shared = |number: &usize| live.items.contains_key(number);
    let shared: Vec<usize> = canonical.items.keys().copied().filter(is_shared).collect();
    let judged = judge::judge(&text(&canonical.items), &live.dump);
    let found: BTreeSet<usize> = judged.all.iter().filter_map(|line| number_in(line)).collect();
    let differing = |one: &str, other: &str| -> BTreeSet<usize> {
        let (one, other) = (by_item(one), by_item(other));
        shared.iter().copied().filter(|number| one.get(number) != other.get(number)).collect()
    };
    let differ = differing(&canonical.dump, &live.dump);
    let mut findings = Vec::new();
    let both = |number: &usize| {
        format!("{}\nbut\n{}", canonical.items[number].join(";\n"), live.items[number].join(";\n"))
    };
    for number in found.iter().filter(|number| shared.contains(number) && !differ.contains(number))
    {
        let of_it = |line: &&String| number_in(line) == Some(*number);
        let lines: Vec<_> = judged.all.iter().filter(of_it).collect();
        findings.push(format!("FALSE {lines:?}\n{}", both(number)));
    }
    if hidden && !differ.is_subset(&found) {
        let still = differing(&redump(server, &canonical.dump), &redump(server, &live.dump));
        let hidden =
            differ.iter().filter(|number| still.contains(number) && !found.contains(number));
        findings.extend(hidden.map(|number| format!("HIDDEN\n{}", both(number))));
    }
    findings
}

/// The item that a line is about.
fn shown(line: &str, loaded: &Loaded) -> String {
    let item = number_in(line).and_then(|number| loaded.items.get(&number));
    item.map_or_else(String::new, |item| item.join(";\n"))
}

/// The number in `i7_`.
fn number_in(text: &str) -> Option<usize> {
    text.match_indices('i').find_map(|(at, _)| {
        let before = text[..at].chars().next_back();
        let digits: String = text[at + 1..].chars().take_while(char::is_ascii_digit).collect();
        let named = text[at + 1 + digits.len()..].starts_with('_');
        let whole = before.is_none_or(|c| !c.is_alphanumeric() && c != '_');
        (named && whole && !digits.is_empty()).then(|| digits.parse().ok())?
    })
}

/// The statements of a dump by item.
fn by_item(dump: &str) -> BTreeMap<usize, Vec<String>> {
    let mut items: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let lines = dump.lines().filter(|line| !line.starts_with("--")).collect::<Vec<_>>().join("\n");
    // Names of columns that nothing refers to mean nothing.
    let lines = lines.replace("(x, y, z, u, v, w)", "");
    for statement in lines.split(";\n") {
        if let Some(number) = number_in(statement) {
            items.entry(number).or_default().push(statement.trim().to_owned());
        }
    }
    items
}

fn setup() -> String {
    let columns: Vec<String> = COLUMNS.iter().map(|(name, _, ty)| format!("{name} {ty}")).collect();
    format!(
        "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy'); CREATE DOMAIN posint AS integer CHECK (VALUE > 0);
CREATE DOMAIN email AS text; CREATE TYPE pair AS (x integer, y text);
CREATE FUNCTION f_over(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE FUNCTION f_over(text) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 2';
CREATE FUNCTION f_def(x integer, y text DEFAULT 'z') RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 3';
CREATE FUNCTION f_tr() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE a ({});
CREATE TABLE b (id integer, i4 integer, tx text, n numeric, da date, k bigint);
CREATE TABLE d (id bigint, tx varchar(20), f8 float8, tz timestamptz, jb jsonb);
",
        columns.join(", ")
    )
}

fn text(items: &Items) -> String {
    let mut text = setup();
    for statement in items.values().flatten() {
        let _ = writeln!(text, "{statement};");
    }
    text
}

/// Loads a text, without the items that the server refuses, and dumps it.
fn load(server: &Server, mut items: Items) -> Loaded {
    loop {
        let db = server.database();
        db.load(&setup()).unwrap();
        let mut lines: Vec<usize> = Vec::new();
        let mut script = String::new();
        for (number, statements) in &items {
            for statement in statements {
                lines.push(*number);
                let _ = writeln!(script, "{statement};");
            }
        }
        let messages = db.try_load(&script);
        let wrong: BTreeSet<usize> = messages
            .lines()
            .filter(|line| line.contains("ERROR:"))
            .filter_map(|line| line.split(':').find_map(|part| part.parse::<usize>().ok()))
            .filter_map(|line| lines.get(line - 1).copied())
            .collect();
        if wrong.is_empty() {
            assert!(!messages.contains("ERROR"), "{messages}");
            let dump = dump(&db);
            return Loaded { items, dump };
        }
        items.retain(|number, _| !wrong.contains(number));
    }
}

fn dump(db: &Database<'_>) -> String {
    db.dump(&["--no-owner"])
}

fn redump(server: &Server, text: &str) -> String {
    let db = server.database();
    let without_public = text.replace("CREATE SCHEMA public;", "");
    db.load(&without_public).unwrap();
    dump(&db)
}

/// The statements of one item, each on one line.
fn item(c: &Choices, number: usize) -> Vec<String> {
    let node = c.root();
    let name = format!("i{number}");
    let columns = COLUMNS.iter().map(|(name, ty, _)| (String::new(), (*name).to_owned(), *ty));
    let of_a = Scope { columns: columns.collect(), ..Scope::default() };
    let ty = c.pick(node, 300, TYPES).0;
    let depth = 1 + number % 3;
    let of = |part: u64, ty, scope: &Scope| expression(c, node.part(part), ty, depth, scope);
    let table = format!("CREATE TABLE {name}_t (LIKE a)");
    match number % 12 {
        0 | 1 => vec![
            table,
            format!(
                "ALTER TABLE {name}_t ADD CONSTRAINT {name}_k CHECK ({})",
                of(1, "bool", &of_a)
            ),
        ],
        2 => {
            let (column, ty, _) = *c.pick(node, 301, COLUMNS);
            vec![
                table,
                format!(
                    "ALTER TABLE {name}_t ALTER {column} SET DEFAULT {}",
                    of(1, ty, &Scope::default())
                ),
            ]
        }
        3 => {
            let element = ty.strip_prefix('_').map(|element| format!("{element}[]"));
            let name_of = element.unwrap_or_else(|| ty.to_owned());
            vec![
                table,
                format!(
                    "ALTER TABLE {name}_t ADD {name}_g {name_of} GENERATED ALWAYS AS ({}) STORED",
                    of(1, ty, &of_a)
                ),
            ]
        }
        4 => vec![
            table,
            format!(
                "CREATE INDEX {name}_x ON {name}_t (({}){}) WHERE {}",
                of(1, ty, &of_a),
                c.one(node, 302, &["", " DESC", " NULLS FIRST"]),
                of(2, "bool", &of_a)
            ),
        ],
        5 => {
            let mut scope = of_a.clone();
            scope.queries = true;
            for column in &mut scope.columns {
                column.0 = format!("{name}_t");
            }
            vec![
                table,
                format!("CREATE POLICY {name}_p ON {name}_t USING ({})", of(1, "bool", &scope)),
            ]
        }
        6..=9 => view(c, node, &name, number),
        10 => vec![format!(
            "CREATE FUNCTION {name}_f(x integer, y text DEFAULT {}) RETURNS {ty} LANGUAGE sql RETURN {}",
            of(1, "text", &Scope::default()),
            {
                let columns = vec![
                    (String::new(), "x".to_owned(), "int4"),
                    (String::new(), "y".to_owned(), "text"),
                ];
                of(2, ty, &Scope { columns, ..Scope::default() })
            }
        )],
        _ => {
            let mut scope = of_a.clone();
            for column in &mut scope.columns {
                c.spell(&["NEW", "new"]).clone_into(&mut column.0);
                column.1 = column.1.clone();
            }
            scope.queries = false;
            let when = expression(
                c,
                node.part(1),
                "bool",
                depth,
                &Scope { queries: true, ..scope.clone() },
            );
            vec![
                table,
                format!(
                    "CREATE TRIGGER {name}_r BEFORE INSERT ON {name}_t FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION f_tr()"
                ),
            ]
        }
    }
}

fn view(c: &Choices, node: Node, name: &str, number: usize) -> Vec<String> {
    let types = query::types(c, node);
    let body = query::query(c, node.part(1), number % 3, &types);
    let kind = if number % 12 == 9 { "MATERIALIZED VIEW" } else { "VIEW" };
    vec![format!("CREATE {kind} {name}_v AS {body}")]
}
