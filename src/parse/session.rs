//! `SET` and `set_config`: settings that change what later statements mean
//! (`search_path`, `default_tablespace`, `default_table_access_method`, role).

use std::collections::{BTreeMap, BTreeSet};

use pg_query::NodeEnum;
use pg_query::protobuf::{self, Node, VariableSetKind};

use super::coverage::IgnoreRule;
use super::interpreter::{Interpreter, Outcome, Statement};
use super::lower::{Lowered, Lowering};
use crate::model::{Dumped, Ident, Problem, ProblemCode, SearchPath, Span};

/// A setting that later statements depend on.
struct Set {
    name: Setting,
    /// The values; none for `DEFAULT` and `RESET`.
    values: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Setting {
    SearchPath,
    Tablespace,
    AccessMethod,
    Role,
}

/// Which PostgreSQL a text is a dump of, from the comments at its head. A dump whose
/// comments are gone still shows by its first settings whether `pg_dump` is 16 or older
/// (it sets `transaction_timeout` from 17 on), and it never dumps a newer server.
pub(super) fn dumped(text: &str) -> Option<Dumped> {
    let mut lines = text.lines().take(40);
    let mut server = None;
    let mut empty_path = false;
    for line in lines.by_ref() {
        let major = |prefix: &str| {
            let digits = line.strip_prefix(prefix)?.split(|c: char| !c.is_ascii_digit()).next()?;
            digits.parse::<u16>().ok()
        };
        if let Some(major) = major("-- Dumped from database version ") {
            server = Some(major);
        } else if let (Some(server), Some(client)) =
            (server, major("-- Dumped by pg_dump version "))
        {
            return Some(Dumped { server, client, headed: true });
        } else if line.starts_with("SET transaction_timeout") {
            return None;
        }
        empty_path |= line.starts_with("SELECT pg_catalog.set_config('search_path', '', false)");
    }
    empty_path.then_some(Dumped { server: 16, client: 16, headed: false })
}

/// `SET name = value`, `RESET name`.
pub(super) fn set(stmt: &protobuf::VariableSetStmt, _cx: Lowering<'_>) -> Lowered {
    let values: Vec<String> = match stmt.kind() {
        VariableSetKind::VarSetValue => stmt.args.iter().filter_map(constant).collect(),
        VariableSetKind::VarResetAll => {
            return Lowered::apply(Set { name: Setting::SearchPath, values: Vec::new() });
        }
        _default_or_reset => Vec::new(),
    };
    setting(&stmt.name, values)
}

/// `SELECT pg_catalog.set_config('search_path', '', false)`; `setval`; any other query.
pub(super) fn select(stmt: &protobuf::SelectStmt, cx: Lowering<'_>) -> Lowered {
    if stmt.into_clause.is_some() {
        return super::table_as::select_into(stmt, cx);
    }
    let mut data = false;
    for target in &stmt.target_list {
        let Some(call) = called(target) else { continue };
        let Some(name) = call.funcname.last().and_then(string) else {
            continue;
        };
        if name == "set_config" {
            let args: Vec<String> = call.args.iter().filter_map(constant).collect();
            if let [name, value, ..] = args.as_slice() {
                let values = if name.eq_ignore_ascii_case("search_path") {
                    split_list(value)
                } else {
                    vec![value.clone()]
                };
                return setting(name, values);
            }
        }
        data |= name == "setval" || name.starts_with("lo_") || name.starts_with("pg_restore_");
    }
    if data {
        return Lowered::Ignored(IgnoreRule::Data);
    }
    super::call::select(stmt, cx).unwrap_or(Lowered::Ignored(IgnoreRule::Query))
}

fn setting(name: &str, values: Vec<String>) -> Lowered {
    let name = match name.to_ascii_lowercase().as_str() {
        "search_path" => Setting::SearchPath,
        "default_tablespace" => Setting::Tablespace,
        "default_table_access_method" => Setting::AccessMethod,
        "role" | "session_authorization" => Setting::Role,
        "client_encoding" => return encoding(&values),
        "timezone" | "datestyle" | "intervalstyle" => return reading_of_times(name, &values),
        _no_later_statement_depends_on_it => return Lowered::Ignored(IgnoreRule::Setting),
    };
    Lowered::apply(Set { name, values })
}

/// What literals of times mean depends on these settings (manual, "Date/Time Input");
/// they are read as in UTC, with the month first.
fn reading_of_times(name: &str, values: &[String]) -> Lowered {
    const AS_READ: &[&str] = &[
        "utc",
        "etc/utc",
        "gmt",
        "etc/gmt",
        "zulu",
        "uct",
        "z",
        "0",
        "+00",
        "+00:00",
        "iso",
        "mdy",
        "us",
        "noneuro",
        "noneuropean",
        "sql",
        "postgres",
        "german",
        "postgres_verbose",
        "iso_8601",
        "sql_standard",
        "default",
    ];
    let mut words = values.iter().flat_map(|value| value.split([',', ' ']));
    let other = words
        .find(|word| !word.is_empty() && !AS_READ.contains(&word.to_ascii_lowercase().as_str()));
    match other {
        None => Lowered::Reading(Ident::new(name), None),
        Some(_) => Lowered::Reading(
            Ident::new(name),
            Some(Box::new(Problem::new(
                ProblemCode::NotModelled,
                format!("literals of times mean something else under {name} = {}", values.join(", ")),
            )
            .help("pgcanon reads them as in UTC and with the month first: write zones and ISO dates, and leave this line out"))),
        ),
    }
}

/// True when a statement may hold a literal of a time: a string with a digit in it, or with
/// one of the words that stand for times (manual, "Date/Time Input").
pub(super) fn may_hold_a_time(statement: &str) -> bool {
    const WORDS: &[&str] = &["now", "today", "tomorrow", "yesterday", "allballs", "epoch"];
    let lower = statement.trim_start().to_ascii_lowercase();
    // Between dollars is the code of routines, which is text, or else a string like any other.
    let is_code = lower.starts_with("do") || lower.contains("language");
    let opens = |c: char| c == '\'' || (c == '$' && !is_code);
    let Some((_, quoted)) = lower.split_once(opens) else { return false };
    quoted.bytes().any(|byte| byte.is_ascii_digit())
        || WORDS.iter().any(|word| quoted.contains(word))
}

/// Makes a problem of each setting of times that a literal follows; the others say nothing
/// about the schema. `text` gives the text of a statement.
pub(super) fn settle_readings<'t>(
    statements: &mut [(Span, Lowered)],
    text: impl Fn(Span) -> &'t str,
) {
    let mut open: BTreeMap<Ident, usize> = BTreeMap::new();
    let mut wrong = BTreeSet::new();
    for (number, (span, lowered)) in statements.iter().enumerate() {
        match lowered {
            Lowered::Reading(name, Some(_)) => {
                open.insert(name.clone(), number);
            }
            Lowered::Reading(name, None) => {
                open.remove(name);
            }
            Lowered::Apply(_) if !open.is_empty() && may_hold_a_time(text(*span)) => {
                wrong.extend(std::mem::take(&mut open).into_values());
            }
            Lowered::Apply(_)
            | Lowered::Ignored(_)
            | Lowered::Transaction(_)
            | Lowered::Problem(_) => {}
        }
    }
    for (number, (_, lowered)) in statements.iter_mut().enumerate() {
        if let Lowered::Reading(_, problem) = lowered {
            let problem = problem.take().filter(|_| wrong.contains(&number));
            *lowered = problem.map_or(Lowered::Ignored(IgnoreRule::Setting), Lowered::Problem);
        }
    }
}

/// Text that is announced to be in another encoding was not read as such.
fn encoding(values: &[String]) -> Lowered {
    match values {
        [value] if !["utf8", "unicode", "utf-8", "sql_ascii"].contains(&value.to_ascii_lowercase().as_str()) => {
            Lowered::problem(
                Problem::new(ProblemCode::Encoding, format!("the source says that it is in the encoding {value}, pgcanon reads UTF-8"))
                    .help("dump with --encoding=UTF8, or convert the file with iconv and remove this line"),
            )
        }
        _utf8_or_default => Lowered::Ignored(IgnoreRule::Setting),
    }
}

impl Statement for Set {
    fn sets_path(&self) -> Option<SearchPath> {
        (self.name == Setting::SearchPath).then(|| search_path(&self.values))
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, _span: Span) -> Result<Outcome, Problem> {
        let first = self.values.first().filter(|value| !value.is_empty()).map(Ident::new);
        match self.name {
            Setting::SearchPath => {
                cx.path = search_path(&self.values);
                cx.session.search_path = (!self.values.is_empty()).then_some(self.values);
            }
            Setting::Tablespace => cx.session.tablespace = first,
            Setting::AccessMethod => {
                cx.session.access_method = first.filter(|method| *method != "heap");
            }
            Setting::Role => {
                cx.session.role = first.filter(|role| *role != "none" && *role != "default");
            }
        }
        Ok(Outcome::Ignored(IgnoreRule::Setting))
    }
}

/// The path that a list of values means; the initial path for `DEFAULT`. `$user` is
/// left out: no schema is assumed to be named like the role that runs the source.
fn search_path(values: &[String]) -> SearchPath {
    if values.is_empty() {
        return SearchPath::initial();
    }
    let names = values.iter().filter(|name| !name.is_empty() && *name != "$user");
    SearchPath(names.map(Ident::new).collect())
}

/// The items of a list of identifiers in one string (`SplitIdentifierString`,
/// `src/backend/utils/adt/varlena.c`).
pub(super) fn split_list(text: &str) -> Vec<String> {
    let mut items = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let mut item = String::new();
        if let Some(quoted) = rest.strip_prefix('"') {
            let mut chars = quoted.char_indices().peekable();
            let mut end = quoted.len();
            while let Some((at, c)) = chars.next() {
                if c == '"' {
                    if chars.peek().is_some_and(|(_, next)| *next == '"') {
                        chars.next();
                    } else {
                        end = at + 1;
                        break;
                    }
                }
                item.push(c);
            }
            rest = quoted.get(end..).unwrap_or_default();
        } else {
            let end = rest.find(',').unwrap_or(rest.len());
            item = rest.get(..end).unwrap_or_default().trim().to_ascii_lowercase();
            rest = rest.get(end..).unwrap_or_default();
        }
        items.push(item);
        rest = rest.trim_start().strip_prefix(',').unwrap_or_default().trim_start();
    }
    if items.is_empty() {
        items.push(String::new());
    }
    items
}

fn called(target: &Node) -> Option<&protobuf::FuncCall> {
    let NodeEnum::ResTarget(target) = target.node.as_ref()? else {
        return None;
    };
    let NodeEnum::FuncCall(call) = target.val.as_ref()?.node.as_ref()? else {
        return None;
    };
    Some(call)
}

fn string(node: &Node) -> Option<&str> {
    if let NodeEnum::String(string) = node.node.as_ref()? { Some(&string.sval) } else { None }
}

/// The text of a constant argument.
fn constant(node: &Node) -> Option<String> {
    use protobuf::a_const::Val;
    let NodeEnum::AConst(constant) = node.node.as_ref()? else {
        return None;
    };
    match constant.val.as_ref()? {
        Val::Sval(text) => Some(text.sval.clone()),
        Val::Ival(number) => Some(number.ival.to_string()),
        Val::Fval(number) => Some(number.fval.clone()),
        Val::Boolval(flag) => Some(flag.boolval.to_string()),
        Val::Bsval(bits) => Some(bits.bsval.clone()),
    }
}

#[cfg(test)]
mod tests {
    use crate::parse::testing::read;

    #[test]
    fn a_session_that_reads_times_otherwise_is_not_understood() {
        let unknown = |text: &str| read(text).coverage.unknown;
        assert_eq!(unknown("SET timezone = 'UTC'; SET DateStyle TO iso, mdy;"), 0);
        let literal = "CREATE TABLE t (a timestamptz DEFAULT '2020-01-02');";
        let after = |setting: &str| unknown(&[setting, literal].concat());
        assert_eq!(after("SET TIME ZONE 'Europe/Berlin';"), 1);
        assert_eq!(after("SELECT pg_catalog.set_config('DateStyle', 'ISO, DMY', false);"), 1);
        assert_eq!(after("SET timezone = 'Asia/Tokyo'; SET timezone = 'Asia/Seoul';"), 1);
        assert_eq!(after("SET timezone = 'Asia/Tokyo'; RESET timezone;"), 0);
        assert_eq!(after("BEGIN; SET timezone = 'Asia/Tokyo'; ROLLBACK;"), 0);
        let today = "CREATE TABLE t (a timestamptz DEFAULT 'today'::timestamptz);";
        assert_eq!(unknown(&["SET timezone = 'Asia/Tokyo';", today].concat()), 1);
        let dollars = "CREATE TABLE t (a timestamptz DEFAULT $$2020-01-02$$);";
        assert_eq!(unknown(&["SET timezone = 'Asia/Tokyo';", dollars].concat()), 1);
        // Without a literal it does not matter, nor in code, which is text.
        let code =
            "CREATE FUNCTION f() RETURNS date LANGUAGE sql AS $$ SELECT date '2020-01-02' $$;";
        let outside = code.replace('\'', "");
        assert_eq!(unknown(&["SET timezone = 'Asia/Tokyo';", &outside].concat()), 0);
        let without = "CREATE TABLE t (a timestamptz DEFAULT now(), b text DEFAULT 'x', c int);";
        assert_eq!(unknown(&["SET timezone = 'Asia/Tokyo';", without].concat()), 0);
        assert_eq!(unknown(&[literal, "SET timezone = 'Asia/Tokyo';"].concat()), 0);
    }
}
