//! Migrations work: for every pair of schemas, what is planned turns a database of the one
//! into a database of the other, and back.
//!
//! In, pairs of `../shared/conformance` (two suites of before and after); each side is
//! loaded into a real server and dumped. Out, for each pair the way up and the way down.
//! What fails is listed in `tests/conformance.known`, which may only shrink.
//!
//! `PGCANON_CASE=name` runs one pair and prints its migration.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests fail by panics and say what they did"
)]

mod judge;
mod server;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use pgcanon::diff::{Compare, DiffOptions, diff};
use pgcanon::model::Pair;
use pgcanon::normalize::align;
use pgcanon::plan::{PlanOptions, ScriptOptions, plan, sql};
use server::{Database, Server};

/// Two schemas of a suite.
struct Case {
    name: String,
    before: String,
    after: String,
    setup: String,
    roles: Vec<String>,
}

/// What came of one case.
#[derive(Clone, Debug)]
enum Outcome {
    /// It worked; true when the dumps are equal texts too.
    Worked(bool),
    Failed(String),
    /// A side does not load on this server.
    NotLoaded,
}

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/conformance");
    let mut cases = Vec::new();
    for suite in ["pg-delta", "apgdiff"] {
        let Ok(text) = std::fs::read_to_string(folder.join(suite).join("cases.jsonl")) else {
            println!("SKIPPED: {} is not there", folder.display());
            continue;
        };
        for line in text.lines() {
            let case: serde_json::Value = serde_json::from_str(line).unwrap();
            let text = |key: &str| case[key].as_str().unwrap_or_default().to_owned();
            let mut roles: Vec<String> = case["roles"]
                .as_array()
                .map(|roles| roles.iter().filter_map(|r| r.as_str().map(str::to_owned)).collect())
                .unwrap_or_default();
            roles.push("fordfrog".to_owned());
            cases.push(Case {
                name: format!("{suite}/{}", text("name")),
                before: text("old"),
                after: text("new"),
                setup: text("setup"),
                roles,
            });
        }
    }
    let only = std::env::var("PGCANON_CASE").ok();
    cases.retain(|case| only.as_ref().is_none_or(|only| case.name.contains(only.as_str())));
    cases
}

/// Migrations between two dumps: up and down as text.
fn migrations(after: &str, before: &str) -> Pair<String> {
    let (canonical, live) = (judge::read(after).schema, judge::read(before).schema);
    let mut schemas = Pair { canonical, live };
    align(Pair { canonical: &mut schemas.canonical, live: &mut schemas.live });
    let options = DiffOptions {
        // What people write says little of owners.
        owners: if std::env::var_os("PGCANON_DECLARED").is_some() {
            Compare::Auto
        } else {
            Compare::Always
        },
        privileges: Compare::Always,
        ..DiffOptions::default()
    };
    let found = diff(schemas.as_ref(), &options);
    let migration = plan(
        schemas.as_ref(),
        &found,
        PlanOptions { online: std::env::var_os("PGCANON_ONLINE").is_some() },
    );
    let options = ScriptOptions { allow_data_loss: true, ..ScriptOptions::default() };
    Pair { canonical: sql(&migration.up, &options).text, live: sql(&migration.down, &options).text }
}

fn load(server: &'static Server, case: &Case, text: &str) -> Option<Database<'static>> {
    let db = server.database();
    db.load(&case.setup).ok()?;
    db.load(text).ok()?;
    Some(db)
}

/// Both ways of one case: up, then down in the same database.
fn run(server: &'static Server, case: &Case) -> (Outcome, Outcome) {
    let roles: Vec<&str> = case.roles.iter().map(String::as_str).collect();
    server.roles(&roles);
    let Some(db) = load(server, case, &case.before) else {
        return (Outcome::NotLoaded, Outcome::NotLoaded);
    };
    let before = db.dump(&[]);
    let Some(target) = load(server, case, &case.after) else {
        return (Outcome::NotLoaded, Outcome::NotLoaded);
    };
    let after = target.dump(&[]);
    drop(target);
    let scripts = migrations(&after, &before);
    if let Some(outcome) = declared(server, case, &before, &after) {
        return outcome;
    }
    let verbose = std::env::var_os("PGCANON_CASE").is_some();
    if verbose {
        println!("==== {} up\n{}\n==== down\n{}", case.name, scripts.canonical, scripts.live);
    }
    let up = reach(&db, &scripts.canonical, &after, true);
    // Down starts from where it should, also when up did not get there.
    let db = if matches!(up, Outcome::Worked(_)) {
        db
    } else {
        drop(db);
        load(server, case, &case.after).expect("it loaded before")
    };
    let down = reach(&db, &scripts.live, &before, true);
    (up, down)
}

/// With `PGCANON_DECLARED`: the canonical side is what a person wrote, not a dump of it.
fn declared(
    server: &'static Server,
    case: &Case,
    before: &str,
    after: &str,
) -> Option<(Outcome, Outcome)> {
    std::env::var_os("PGCANON_DECLARED")?;
    let one = |live: &str, canonical: &str, wanted: &str, start: &str| {
        let script = migrations(&format!("{}\n{canonical}", case.setup), live).canonical;
        if std::env::var_os("PGCANON_CASE").is_some() {
            println!("==== {} declared\n{script}", case.name);
        }
        // A case that makes roles loads once only.
        let Some(db) = load(server, case, start) else { return Outcome::NotLoaded };
        reach(&db, &script, wanted, canonical.contains("OWNER TO"))
    };
    let up = one(before, &case.after, after, &case.before);
    let down = one(after, &case.before, before, &case.after);
    Some((up, down))
}

/// Applies a migration and compares what came of it. Who owns what does not count when the
/// declared side says nothing of it.
fn reach(db: &Database<'_>, script: &str, wanted: &str, owners: bool) -> Outcome {
    if let Err(error) = db.load(script) {
        return Outcome::Failed(first_error(&error.messages));
    }
    let reached = db.dump(&[]);
    let judged = judge::judge(wanted, &reached);
    let counts =
        |line: &&String| !line.starts_with("problem") && (owners || !line.contains(" owner: "));
    if let Some(first) = judged.all.iter().find(counts) {
        return Outcome::Failed(format!("{} differ: {first}", judged.all.len()));
    }
    let (wanted, reached) = (sorted(wanted), sorted(&reached));
    if std::env::var_os("PGCANON_CASE").is_some() && wanted != reached {
        wanted.iter().filter(|line| !reached.contains(line)).for_each(|l| println!("wanted  {l}"));
        reached.iter().filter(|line| !wanted.contains(line)).for_each(|l| println!("reached {l}"));
    }
    Outcome::Worked(wanted == reached)
}

fn first_error(messages: &str) -> String {
    let line = messages.lines().find(|line| line.contains("ERROR")).unwrap_or(messages);
    let detail = messages.lines().find(|line| line.starts_with("DETAIL")).unwrap_or_default();
    let line = line.split_once("ERROR:").map_or(line, |(_, rest)| rest.trim());
    format!("{line} {detail}").trim().to_owned()
}

/// The lines of a dump without order: columns and constraints may stand in another.
fn sorted(dump: &str) -> Vec<&str> {
    let line = |line: &'_ str| !line.starts_with("--") && !line.is_empty();
    let mut lines: Vec<&str> =
        dump.lines().filter(|l| line(l)).map(|l| l.trim_end_matches(',')).collect();
    lines.sort_unstable();
    lines
}

#[test]
fn every_pair_of_the_suites_is_reached_up_and_down() {
    let cases = cases();
    let Some(server) = Server::any().filter(|_| !cases.is_empty()) else { return };
    let outcomes: Mutex<BTreeMap<String, Outcome>> = Mutex::new(BTreeMap::new());
    let next = AtomicUsize::new(0);
    // Roles belong to the whole server and some cases make them: two at a time do not meet.
    std::thread::scope(|scope| {
        for _ in 0..3 {
            let (cases, outcomes, next) = (&cases, &outcomes, &next);
            std::thread::Builder::new()
                .stack_size(64 << 20)
                .spawn_scoped(scope, move || {
                    while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                            run(server, case)
                        }));
                        let panicked = || Outcome::Failed("panic".to_owned());
                        let (up, down) = result.unwrap_or_else(|_| (panicked(), panicked()));
                        let mut outcomes = outcomes.lock().unwrap();
                        outcomes.insert(format!("{} up", case.name), up);
                        outcomes.insert(format!("{} down", case.name), down);
                    }
                })
                .unwrap();
        }
    });
    against_known(&report("conformance", &outcomes.into_inner().unwrap()));
}

/// Changes to a schema, each of one object that the seed chooses; those that do not fit
/// (a column that is a partition key) change nothing.
const MUTATIONS: &str = r"
DO $mutate$
DECLARE seed text := '$SEED$'; change text; one text;
BEGIN
  FOR change IN SELECT c FROM unnest(ARRAY[
    $q$SELECT format('ALTER TABLE %s DROP COLUMN %I CASCADE', a.attrelid::regclass, a.attname)
       FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
       JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname !~ '^(pg_|information_schema)'
       WHERE a.attnum > 1 AND NOT a.attisdropped AND a.attinhcount = 0
       ORDER BY md5($1 || a.attname || c.relname) LIMIT 2$q$,
    $q$SELECT format('ALTER TABLE %s ALTER COLUMN %I TYPE %s', a.attrelid::regclass, a.attname,
              CASE a.atttypid WHEN 'int4'::regtype THEN 'bigint' WHEN 'int8'::regtype THEN 'numeric'
              WHEN 'varchar'::regtype THEN 'text' WHEN 'text'::regtype THEN 'varchar(300)'
              WHEN 'timestamp'::regtype THEN 'timestamptz' WHEN 'bool'::regtype THEN 'text' ELSE 'text' END)
       FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
       JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname !~ '^(pg_|information_schema)'
       WHERE a.attnum > 1 AND NOT a.attisdropped AND a.attinhcount = 0
       ORDER BY md5($1 || a.attname || c.relname || 'type') LIMIT 6$q$,
    $q$SELECT format('DROP INDEX %s CASCADE', i.indexrelid::regclass) FROM pg_index i
       JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       AND n.nspname !~ '^(pg_|information_schema)'
       WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)
       ORDER BY md5($1 || i.indexrelid::regclass::text) LIMIT 2$q$,
    $q$SELECT format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', conrelid::regclass, conname)
       FROM pg_constraint WHERE conrelid <> 0 AND coninhcount = 0 AND contype <> 'n'
       ORDER BY md5($1 || conname) LIMIT 3$q$,
    $q$SELECT format('DROP VIEW %s CASCADE', c.oid::regclass) FROM pg_class c
       JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname !~ '^(pg_|information_schema)'
       WHERE relkind = 'v' ORDER BY md5($1 || relname) LIMIT 1$q$,
    $q$SELECT format('DROP ROUTINE %s CASCADE', p.oid::regprocedure) FROM pg_proc p
       JOIN pg_namespace n ON n.oid = p.pronamespace AND n.nspname !~ '^(pg_|information_schema)'
       ORDER BY md5($1 || proname) LIMIT 1$q$,
    $q$SELECT format('ALTER FUNCTION %s STABLE COST 7', p.oid::regprocedure) FROM pg_proc p
       JOIN pg_namespace n ON n.oid = p.pronamespace AND n.nspname !~ '^(pg_|information_schema)'
       WHERE prokind = 'f' ORDER BY md5($1 || proname || 'cost') LIMIT 2$q$,
    $q$SELECT format('ALTER TABLE %s ALTER COLUMN %I %s', a.attrelid::regclass, a.attname,
              CASE WHEN a.attnotnull THEN 'DROP NOT NULL' ELSE 'SET NOT NULL' END)
       FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
       JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname !~ '^(pg_|information_schema)'
       WHERE a.attnum > 1 AND NOT a.attisdropped
       ORDER BY md5($1 || a.attname || c.relname || 'null') LIMIT 4$q$,
    $q$SELECT format('ALTER TABLE %s ALTER COLUMN %I DROP DEFAULT', adrelid::regclass, a.attname)
       FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = adrelid AND a.attnum = adnum
       ORDER BY md5($1 || a.attname || adrelid::regclass::text) LIMIT 3$q$,
    $q$SELECT format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass) FROM pg_trigger
       WHERE NOT tgisinternal ORDER BY md5($1 || tgname || tgrelid::regclass::text) LIMIT 2$q$,
    $q$SELECT format('ALTER TABLE %s ADD COLUMN added_%s text DEFAULT ''x'' NOT NULL', c.oid::regclass, left(md5(relname), 4))
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       AND n.nspname !~ '^(pg_|information_schema)' WHERE relkind IN ('r', 'p')
       ORDER BY md5($1 || relname || 'add') LIMIT 2$q$,
    $q$SELECT format('DROP TYPE %s CASCADE', t.oid::regtype) FROM pg_type t
       JOIN pg_namespace n ON n.oid = t.typnamespace AND n.nspname !~ '^(pg_|information_schema)'
       WHERE typtype IN ('e', 'd') ORDER BY md5($1 || typname) LIMIT 1$q$,
    $q$SELECT format('ALTER TYPE %s RENAME VALUE %L TO %L', t.oid::regtype, enumlabel, enumlabel || '2')
       FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid ORDER BY md5($1 || typname || enumlabel) LIMIT 1$q$,
    $q$SELECT format('DROP TABLE %s CASCADE', c.oid::regclass) FROM pg_class c
       JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname !~ '^(pg_|information_schema)'
       WHERE relkind = 'r' ORDER BY md5($1 || relname || 'drop') LIMIT 1$q$,
    $q$SELECT format('COMMENT ON TABLE %s IS %L', c.oid::regclass, 'it''s') FROM pg_class c
       JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname !~ '^(pg_|information_schema)'
       WHERE relkind = 'r' ORDER BY md5($1 || relname || 'comment') LIMIT 1$q$
  ]) AS c
  LOOP
    FOR one IN EXECUTE change USING seed LOOP
      BEGIN
        EXECUTE one;
      EXCEPTION WHEN OTHERS THEN NULL;
      END;
    END LOOP;
  END LOOP;
END $mutate$;
";

/// The changes of a seed; many times as many of each kind for large schemas.
fn mutations(seed: &str, times: u32) -> String {
    let scaled = (1..=9).rev().fold(MUTATIONS.to_owned(), |text, count| {
        text.replace(&format!("LIMIT {count}$q$"), &format!("LIMIT {}$q$", count * times))
    });
    scaled.replace("$SEED$", seed)
}

/// Real schemas with changes here and there. `PGCANON_SEEDS=20` tries more of them,
/// `PGCANON_CORPUS=name` one schema only, and `PGCANON_MUTATIONS=30` changes more of it.
#[test]
fn mutated_schemas_are_reached_up_and_down() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let Some(server) = Server::any() else { return };
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let seeds: u32 = number("PGCANON_SEEDS").unwrap_or(2);
    let only = std::env::var("PGCANON_CORPUS").ok();
    let mut outcomes = BTreeMap::new();
    let usual = ["basejump", "chinook", "danbooru", "hatchet", "panoptes", "temporal-main"];
    let names = only.as_deref().map_or(usual.to_vec(), |name| vec![name]);
    let times: u32 = number("PGCANON_MUTATIONS").unwrap_or(1);
    for name in names {
        let path = corpus.join(name).join("dump.pg15.sql");
        let Ok(text) = std::fs::read_to_string(&path) else {
            println!("SKIPPED: {} is not there", path.display());
            continue;
        };
        let db = server.database();
        db.try_load(&text);
        let before = db.dump(&[]);
        drop(db);
        for seed in 1..=seeds {
            let start = server.database();
            if let Err(error) = start.load(&before) {
                println!("SKIPPED {name}: {error}");
                break;
            }
            let target = server.database();
            target.load(&before).unwrap();
            target.load(&mutations(&format!("{name}{seed}"), times)).unwrap();
            let after = target.dump(&[]);
            let scripts = pgcanon::run_with_stack(None, || migrations(&after, &before));
            if only.is_some() {
                println!(
                    "==== {name} {seed} up\n{}\n==== down\n{}",
                    scripts.canonical, scripts.live
                );
            }
            let up =
                pgcanon::run_with_stack(None, || reach(&start, &scripts.canonical, &after, true));
            let down =
                pgcanon::run_with_stack(None, || reach(&target, &scripts.live, &before, true));
            outcomes.insert(format!("{name}/{seed} up"), up);
            outcomes.insert(format!("{name}/{seed} down"), down);
        }
    }
    let failing = report("mutated", &outcomes);
    assert!(failing.is_empty(), "{failing:#?}");
}

fn report(what: &str, outcomes: &BTreeMap<String, Outcome>) -> BTreeSet<String> {
    let mut failing = BTreeSet::new();
    for direction in ["up", "down"] {
        let of: Vec<_> = outcomes
            .iter()
            .filter(|(name, _)| name.rsplit(' ').next() == Some(direction))
            .filter(|(_, outcome)| !matches!(outcome, Outcome::NotLoaded))
            .collect();
        let worked = of.iter().filter(|(_, outcome)| matches!(outcome, Outcome::Worked(_))).count();
        let same =
            of.iter().filter(|(_, outcome)| matches!(outcome, Outcome::Worked(true))).count();
        for (name, outcome) in &of {
            if let Outcome::Failed(why) = outcome {
                println!("FAILED {name}: {why}");
                failing.insert((*name).clone());
            } else if let Outcome::Worked(false) = outcome {
                println!("TEXT {name}");
            }
        }
        println!("{what} {direction}: {worked} of {}, {same} with the same text", of.len());
    }
    failing
}

/// Against the committed list.
fn against_known(failing: &BTreeSet<String>) {
    let is_whole = ["PGCANON_CASE", "PGCANON_DECLARED", "PGCANON_ONLINE"];
    if is_whole.iter().all(|name| std::env::var_os(name).is_none()) {
        let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance.known");
        judge::against_known(&list, failing).unwrap_or_else(|error| panic!("{error}"));
    }
}
