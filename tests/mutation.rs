//! No missed drift and no false one: real dumps, changed in many places at once, each change
//! reported exactly once, at its line, and nothing else.
//!
//! In go `canonical/live.sql` and, where they are, the dumps of `../shared/corpus`. Every kind
//! of change is tried at a few places of each dump, one for an object, so that each stands
//! alone. Lines are replaced or emptied, never added, so that they keep their numbers.
//! `PGCANON_MUTATIONS=1000` tries that many places for each kind (`make soak`), and
//! `PGCANON_CASE=gitlab` one dump.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests fail by panics and say what they did"
)]

mod judge;

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use pgcanon::diff::{DiffOptions, Drift, diff};
use pgcanon::model::{Pair, Span};
use pgcanon::source::LineIndex;

/// A part of a dump, as its header tells.
struct Block<'a> {
    kind: &'a str,
    name: &'a str,
    /// The lines of its statements, counted from 0.
    lines: std::ops::Range<usize>,
}

/// A change of one line, or the removal of one statement.
struct Mutation {
    label: &'static str,
    /// The first line that changes, counted from 0.
    line: usize,
    /// How many lines from there are emptied.
    emptied: usize,
    /// What the line becomes; none when it goes.
    to: Option<String>,
    /// The object that it is about: only one change for each.
    object: String,
}

#[test]
fn each_change_is_reported_once_and_at_its_line() {
    let count = std::env::var("PGCANON_MUTATIONS").ok().and_then(|count| count.parse().ok());
    pgcanon::run_with_stack(None, || {
        let mut tried: BTreeMap<&str, usize> = BTreeMap::new();
        for path in dumps() {
            let text = std::fs::read_to_string(&path).unwrap();
            let mutations = mutations(&text, count.unwrap_or(4));
            for mutation in &mutations {
                *tried.entry(mutation.label).or_default() += 1;
            }
            let wrong = run(&text, &mutations);
            assert!(wrong.is_empty(), "{}:\n{}", path.display(), wrong.join("\n"));
        }
        println!("{tried:#?}");
        assert!(tried.len() >= 8, "hardly anything was tried: {tried:?}");
    });
}

fn dumps() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = vec![root.join("canonical/live.sql")];
    let corpus = root.join("../shared/corpus");
    match std::fs::read_dir(&corpus) {
        Ok(folders) => paths.extend(
            folders
                .map(|folder| folder.unwrap().path().join("dump.pg15.sql"))
                .filter(|path| path.exists()),
        ),
        Err(_) => println!("{} is not there: only the worked example runs", corpus.display()),
    }
    paths.sort();
    let only = std::env::var("PGCANON_CASE").ok();
    paths.retain(|path| only.as_ref().is_none_or(|only| path.to_string_lossy().contains(only)));
    paths
}

/// Applies all mutations, and says which were not reported as they should be.
fn run(text: &str, mutations: &[Mutation]) -> Vec<String> {
    let mut lines: Vec<&str> = text.lines().collect();
    for mutation in mutations {
        lines[mutation.line..mutation.line + mutation.emptied].fill("");
        if let Some(to) = &mutation.to {
            lines[mutation.line] = to;
        }
    }
    let mutated = lines.join("\n");
    let sides = Pair { canonical: judge::read(text), live: judge::read(&mutated) };
    let schemas = sides.as_ref().map(|side| &side.schema);
    let found = diff(schemas, &DiffOptions::default());
    let indexes = Pair { canonical: LineIndex::new(text), live: LineIndex::new(&mutated) };
    let mut wrong = Vec::new();
    let mut open: Vec<&Drift> = found.drifts.iter().collect();
    for mutation in mutations {
        let here = |drift: &&Drift| {
            let at = |index: &LineIndex<'_>, span: &Option<Span>| {
                span.is_some_and(|span| {
                    let first = index.position(span.start as usize).line;
                    let last = index.position(span.end.saturating_sub(1) as usize).line;
                    let changed = mutation.line + 1..=mutation.line + mutation.emptied.max(1);
                    first <= *changed.end() && *changed.start() <= last
                })
            };
            at(&indexes.live, &drift.spans.live)
                || (mutation.to.is_none() && at(&indexes.canonical, &drift.spans.canonical))
        };
        let (reported, rest): (Vec<&Drift>, Vec<&Drift>) = open.into_iter().partition(here);
        open = rest;
        if reported.len() != 1 {
            let original = text.lines().nth(mutation.line).unwrap_or_default().trim();
            let to = mutation.to.as_deref().unwrap_or("(gone)").trim();
            let all: Vec<String> = reported.iter().map(|drift| judge::drift_line(drift)).collect();
            wrong.push(format!(
                "{} at line {}: {} drifts: {original}  =>  {to}\n    {}",
                mutation.label,
                mutation.line + 1,
                all.len(),
                all.join("\n    ")
            ));
        }
    }
    wrong.extend(open.iter().map(|drift| {
        let line = drift.spans.live.map(|span| indexes.live.position(span.start as usize).line);
        format!("not asked for, line {line:?}: {}", judge::drift_line(drift))
    }));
    wrong.extend(sides.live.problems.iter().map(|problem| format!("problem: {}", problem.message)));
    wrong
}

/// The parts of a dump by their headers (`-- Name: t; Type: TABLE; Schema: public; ..`).
fn blocks(text: &str) -> Vec<Block<'_>> {
    let lines: Vec<&str> = text.lines().collect();
    let header =
        |at: &usize| lines[*at].starts_with("-- Name: ") && lines[*at].contains("; Type: ");
    let starts: Vec<usize> = (0..lines.len()).filter(header).collect();
    let mut blocks = Vec::new();
    for (number, start) in starts.iter().enumerate() {
        let end = starts.get(number + 1).map_or(lines.len(), |next| next - 1);
        let rest = &lines[*start]["-- Name: ".len()..];
        let (name, rest) = rest.split_once("; Type: ").unwrap();
        let kind = rest.split(';').next().unwrap();
        let first = (start + 2..end).find(|at| !lines[*at].is_empty()).unwrap_or(end);
        let last =
            (first..end).rev().find(|at| !lines[*at].is_empty() && !lines[*at].starts_with("--"));
        blocks.push(Block { kind, name, lines: first..last.map_or(first, |last| last + 1) });
    }
    blocks
}

/// Up to `count` of each kind of change, at most one for an object.
fn mutations(text: &str, count: usize) -> Vec<Mutation> {
    let lines: Vec<&str> = text.lines().collect();
    let blocks = blocks(text);
    let entangled = entangled(&lines, &blocks);
    let mut all: BTreeMap<&'static str, Vec<Mutation>> = BTreeMap::new();
    for block in &blocks {
        for mutation in candidates(block, &lines, &entangled) {
            all.entry(mutation.label).or_default().push(mutation);
        }
    }
    let mut taken: HashSet<String> = HashSet::new();
    let mut chosen = Vec::new();
    for candidates in all.into_values() {
        // Spread over the whole dump.
        let step = (candidates.len() / count).max(1);
        let mut left = count;
        for (number, mutation) in candidates.into_iter().enumerate() {
            if left > 0 && number % step == 0 && taken.insert(mutation.object.clone()) {
                chosen.push(mutation);
                left -= 1;
            }
        }
    }
    chosen
}

/// Words on which something else depends, so that one change of them is several: tables with
/// partitions or children, relations that queries and functions read.
fn entangled<'a>(lines: &[&'a str], blocks: &[Block<'_>]) -> HashSet<&'a str> {
    let mut words = HashSet::new();
    for block in blocks {
        let own = block.lines.clone().map(|at| lines[at]);
        let follows = match block.kind {
            "VIEW" | "MATERIALIZED VIEW" | "TABLE ATTACH" | "INDEX ATTACH" | "POLICY" | "RULE"
            | "PUBLICATION TABLE" => true,
            "TABLE" => own.clone().any(|line| {
                line.contains("INHERITS (")
                    || line.contains("PARTITION BY")
                    || line.contains("_type NOT NULL,\n")
            }),
            _other => false,
        };
        if follows {
            own.for_each(|line| words.extend(words_of(line)));
        }
    }
    words
}

fn words_of(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// All changes that can be made within one part of a dump.
fn candidates(block: &Block<'_>, lines: &[&str], entangled: &HashSet<&str>) -> Vec<Mutation> {
    let mut found = Vec::new();
    // A comment shares the fate of what it is on.
    let name = match block.kind {
        "COMMENT" => block.name.split_once(' ').map_or(block.name, |(_, name)| name),
        _other => block.name,
    };
    let object = || name.to_owned();
    let whole = block.lines.len();
    let first = lines.get(block.lines.start).copied().unwrap_or_default();
    let statements = block.lines.clone().filter(|at| lines[*at].ends_with(';')).count();
    let gone = |label| Mutation {
        label,
        line: block.lines.start,
        emptied: whole,
        to: None,
        object: object(),
    };
    let mut replace = |label, line: usize, from: &str, to: &str| {
        if lines[line].contains(from) {
            let to = Some(lines[line].replacen(from, to, 1));
            found.push(Mutation { label, line, emptied: 0, to, object: object() });
        }
    };
    let at = block.lines.start;
    match block.kind {
        "TABLE" if !entangled.contains(block.name) => {
            for at in block.lines.clone().filter(|at| lines[*at].starts_with("    ")) {
                column(&mut replace, at, lines[at]);
            }
        }
        "INDEX" if statements == 1 && first.contains(" USING ") && !first.contains(" ON ONLY ") => {
            replace("index made unique", at, "CREATE INDEX", "CREATE UNIQUE INDEX");
            replace("index no longer unique", at, "CREATE UNIQUE INDEX", "CREATE INDEX");
            if first.ends_with(");")
                && !first.contains(" WITH (")
                && !first.contains(" WHERE ")
                && !first.ends_with(" DESC);")
                && !first.ends_with(" FIRST);")
                && !first.ends_with(" LAST);")
                && !first.contains("INCLUDE")
            {
                replace("index key descending", at, ");", " DESC);");
            }
            replace("index method", at, "USING gin", "USING gist");
            replace("index predicate", at, " WHERE (", " WHERE (NOT ");
            // Without its part, `ALTER INDEX .. ATTACH PARTITION` would be an error.
            if !entangled.contains(block.name) {
                found.push(gone("index gone"));
            }
        }
        "FK CONSTRAINT" if whole == 2 => {
            let at = at + 1;
            replace("foreign key action", at, "ON DELETE CASCADE", "ON DELETE SET NULL");
            replace("foreign key deferrable", at, ");", ") DEFERRABLE;");
            found.push(gone("foreign key gone"));
        }
        "CONSTRAINT"
            if whole == 2 && first.contains("ONLY") && !lines[at + 1].contains("PRIMARY") =>
        {
            replace("unique constraint include", at + 1, ");", ") DEFERRABLE;");
        }
        "TRIGGER" if statements == 1 => {
            replace("trigger timing", at, " BEFORE ", " AFTER ");
            replace("trigger level", at, "FOR EACH ROW", "FOR EACH STATEMENT");
            found.push(gone("trigger gone"));
        }
        "FUNCTION" | "PROCEDURE" => {
            for at in block.lines.clone() {
                if lines[at] == "    LANGUAGE plpgsql" || lines[at] == "    LANGUAGE sql" {
                    replace("function volatility", at, "LANGUAGE", "STABLE LANGUAGE");
                    replace("function security", at, "LANGUAGE", "SECURITY DEFINER LANGUAGE");
                }
                replace("function body", at, "RETURN NEW;", "RETURN OLD;");
                replace("function body", at, "RETURN NULL;", "RETURN NEW;");
            }
        }
        "COMMENT" if !name.contains(" ON ") => {
            replace("comment", at, " IS '", " IS 'Not ");
            if whole == 1 {
                found.push(gone("comment gone"));
            }
        }
        "POLICY" if whole == 1 => {
            replace("policy command", at, " FOR SELECT ", " FOR UPDATE ");
            replace("policy condition", at, " USING (", " USING (NOT ");
            replace("policy check", at, " WITH CHECK (", " WITH CHECK (NOT ");
            found.push(gone("policy gone"));
        }
        "ROW SECURITY" => found.push(gone("row security gone")),
        "SEQUENCE" => {
            for at in block.lines.clone() {
                replace("sequence step", at, "INCREMENT BY 1", "INCREMENT BY 2");
                replace("sequence cache", at, "CACHE 1", "CACHE 10");
            }
        }
        "TYPE" if first.contains(" AS ENUM (") && !entangled.contains(block.name) => {
            replace("enum label", at + 1, "'", "'x");
        }
        "VIEW" | "MATERIALIZED VIEW" => {
            replace("view distinct", at + 1, "SELECT ", "SELECT DISTINCT ");
        }
        "DEFAULT" => found.push(gone("default gone")),
        "STATISTICS" => found.push(gone("statistics gone")),
        "EXTENSION" | "SCHEMA" | "ACL" | "DEFAULT ACL" => {}
        _other => {}
    }
    found
}

/// Changes of a column or a CHECK within CREATE TABLE.
fn column(replace: &mut impl FnMut(&'static str, usize, &str, &str), at: usize, line: &str) {
    if line.trim_start().starts_with("CONSTRAINT ") {
        replace("check limit", at, " <= 255", " <= 256");
        replace("check limit", at, " > 0", " > 1");
        replace("check negated", at, "CHECK (", "CHECK (NOT ");
        return;
    }
    // What a key or a sequence relies on is not one change.
    let plain = !line.contains(" id ") && !line.contains("_id ") && !line.contains("GENERATED");
    if plain {
        replace("column type", at, " integer", " bigint");
        replace("column type", at, " smallint", " integer");
        replace("column length", at, "character varying(2", "character varying(12");
        replace("column default", at, "DEFAULT false", "DEFAULT true");
        replace("column default", at, "DEFAULT 0", "DEFAULT 10");
        replace("column default", at, "DEFAULT now()", "DEFAULT clock_timestamp()");
        replace("column default gone", at, " DEFAULT true", "");
        replace("column precision", at, "timestamp without", "timestamp(3) without");
        replace("column zone", at, "timestamp without", "timestamp with");
    }
}
