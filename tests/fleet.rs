//! `pgcanon fleet`: groups, matrices, bad dumps, tenants, and going on after a run that was killed.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests run programs, write files, and fail by panics"
)]

mod program;
mod server;

use std::fs;

use program::Run;
use serde_json::Value;
use tempfile::TempDir;

const CANONICAL: &str = "\
CREATE TABLE public.orders (
    id integer NOT NULL,
    state text DEFAULT 'new'::text NOT NULL,
    CONSTRAINT orders_pkey PRIMARY KEY (id)
);
CREATE INDEX orders_state_idx ON public.orders USING btree (state);
CREATE VIEW public.open_orders AS SELECT id FROM public.orders WHERE (state = 'new'::text);
";

/// A directory with files, in which the program runs.
struct Place(TempDir);

impl Place {
    fn new(files: &[(&str, &str)]) -> Self {
        let place = Self(TempDir::new().unwrap());
        for (name, text) in files {
            place.write(name, text.as_bytes());
        }
        place
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Run {
        program::run(self.0.path(), &[&["fleet"], arguments].concat())
    }

    /// The report as JSON, valid by its published schema.
    fn json(&self, arguments: &[&str]) -> Value {
        let run = self.run(&[arguments, &["--format", "json"]].concat());
        let json: Value = serde_json::from_str(&run.out).expect(&run.err);
        let schema = serde_json::from_str(pgcanon::fleet::JSON_SCHEMA).expect("it is JSON");
        let validator = jsonschema::validator_for(&schema).expect("it is a JSON Schema");
        let errors: Vec<String> = validator.iter_errors(&json).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        json
    }
}

/// Twelve databases: four as declared, five without the index, two with another default
/// besides, one with an extra table.
fn twelve() -> Place {
    let no_index = CANONICAL
        .replace("CREATE INDEX orders_state_idx ON public.orders USING btree (state);\n", "");
    let other = no_index.replace("DEFAULT 'new'", "DEFAULT 'old'");
    let extra = format!("{CANONICAL}CREATE TABLE public.tmp (a integer);\n");
    let mut files = vec![("schema.sql".to_owned(), CANONICAL.to_owned())];
    for at in 1..=12 {
        let text = match at {
            1..=4 => CANONICAL,
            5..=9 => &no_index,
            10 | 11 => &other,
            _ => &extra,
        };
        // Each file is another text.
        files.push((format!("dumps/db{at}.sql"), format!("-- {at}\n{text}")));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    Place::new(&files)
}

fn names(group: &Value) -> Vec<&str> {
    group["databases"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect()
}

#[test]
fn databases_with_the_same_drifts_are_a_group() {
    let json = twelve().json(&["schema.sql", "dumps/*.sql"]);
    let groups: Vec<(&str, usize, usize)> = json["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| {
            let drifts = group["drifts"].as_array().unwrap().len();
            (group["name"].as_str().unwrap(), drifts, names(group).len())
        })
        .collect();
    let mut sizes: Vec<(usize, usize)> = groups.iter().map(|(_, d, n)| (*d, *n)).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [(0, 4), (1, 1), (1, 5), (2, 2)], "{groups:?}");
    assert_eq!(groups.last().map(|group| group.0), Some("in sync"));
    // In the order in which people count.
    let in_sync = json["groups"].as_array().unwrap().last().unwrap();
    assert_eq!(
        names(in_sync),
        ["dumps/db1.sql", "dumps/db2.sql", "dumps/db3.sql", "dumps/db4.sql"]
    );
    let index = json["drifts"].as_array().unwrap().iter().find(|d| d["kind"] == "index").unwrap();
    assert_eq!(index["databases"], 7);
    assert_eq!(index["evidence"], "schema.sql:6");
}

#[test]
fn each_database_has_its_own_evidence() {
    let place = twelve();
    let extra = format!("\n\n\n{CANONICAL}CREATE TABLE public.tmp (a integer);\n");
    place.write("dumps/db13.sql", extra.as_bytes());
    let json = place.json(&["schema.sql", "dumps/db12.sql", "dumps/db13.sql"]);
    assert_eq!(json["groups"].as_array().unwrap().len(), 1);
    let evidence: Vec<String> = json["databases"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| d["evidence"].as_object().unwrap().values().map(Value::to_string).collect())
        .collect();
    assert_eq!(evidence, ["\"dumps/db12.sql:9\"", "\"dumps/db13.sql:11\""]);
}

#[test]
fn extra_objects_of_one_name_are_told_apart_by_what_they_are() {
    let with = |table: &str| format!("{CANONICAL}{table}\n");
    let place = Place::new(&[
        ("schema.sql", CANONICAL),
        ("a.sql", &with("CREATE TABLE public.tmp (a integer, b integer);")),
        ("b.sql", &with("CREATE TABLE public.tmp (a integer, b text);")),
        ("c.sql", &with("CREATE TABLE public.tmp (a integer, b text);")),
        (
            "d.sql",
            &with(
                "CREATE TABLE public.tmp (a integer, b text);\nCREATE INDEX i ON public.tmp (a);",
            ),
        ),
        (
            "e.sql",
            &with(
                "CREATE TABLE public.tmp (a integer, b text);\nCREATE INDEX i ON public.tmp (b);",
            ),
        ),
    ]);
    let json = place.json(&["schema.sql", "?.sql"]);
    let mut groups: Vec<Vec<&str>> = json["groups"].as_array().unwrap().iter().map(names).collect();
    groups.sort();
    assert_eq!(groups, [vec!["a.sql"], vec!["b.sql", "c.sql"], vec!["d.sql"], vec!["e.sql"]]);
}

#[test]
fn one_bad_dump_does_not_stop_the_others() {
    let place = twelve();
    place.write("dumps/db2.sql", b"CREATE TABLE public.orders (id integer");
    place.write("dumps/db3.sql", b"SELECT '\xff';");
    place.write("dumps/db20.sql", b"");
    let run = place.run(&["schema.sql", "dumps/*.sql", "dumps/none.sql"]);
    assert_eq!(run.code, Some(2), "{}{}", run.out, run.err);
    assert!(run.err.contains("4 databases could not be compared"), "{}", run.err);
    let json = place.json(&["schema.sql", "dumps/*.sql", "dumps/none.sql"]);
    let bad: Vec<(&str, &str)> = json["databases"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|database| !database["problem"].is_null())
        .map(|d| (d["name"].as_str().unwrap(), d["problem"]["code"].as_str().unwrap()))
        .collect();
    assert_eq!(
        bad,
        [
            ("dumps/db2.sql", "parse::syntax"),
            ("dumps/db3.sql", "source::not-utf8"),
            ("dumps/db20.sql", "source::empty"),
            ("dumps/none.sql", "source::unreadable"),
        ]
    );
    assert_eq!(json["totals"]["drift"], 8);
    assert_eq!(json["totals"]["in_sync"], 2);
    assert_eq!(json["totals"]["not_compared"], 4);
}

#[test]
fn the_report_depends_neither_on_threads_nor_on_the_order_of_arrival() {
    let place = twelve();
    for format in ["table", "markdown", "json", "csv", "html"] {
        let all: Vec<String> = ["1", "2", "7"]
            .iter()
            .map(|threads| {
                let arguments = ["schema.sql", "dumps/*.sql", "--format", format, "--threads"];
                place.run(&[&arguments[..], &[threads]].concat()).out
            })
            .collect();
        assert_eq!(all[0], all[1], "{format}");
        assert_eq!(all[0], all[2], "{format}");
        assert!(!all[0].is_empty(), "{format}");
    }
    // Other orders and names give groups the same fingerprints.
    let fingerprints = |json: &Value| -> Vec<String> {
        json["groups"].as_array().unwrap().iter().map(|g| g["fingerprint"].to_string()).collect()
    };
    let forward = place.json(&["schema.sql", "dumps/*.sql"]);
    let mut list: Vec<String> = (1..=12).rev().map(|at| format!("dumps/db{at}.sql")).collect();
    list.insert(0, "# a comment".to_owned());
    list.push(String::new());
    list.push("dumps/db1?.sql".to_owned());
    place.write("list.txt", list.join("\n").as_bytes());
    let backward = place.json(&["schema.sql", "--from", "list.txt"]);
    assert_eq!(fingerprints(&forward), fingerprints(&backward));
    assert_eq!(backward["databases"][0]["name"], "dumps/db12.sql");
    assert_eq!(backward["totals"]["databases"], 12, "a source counts once");
}

#[test]
fn a_run_goes_on_where_another_was_killed() {
    let place = twelve();
    let arguments = ["schema.sql", "dumps/*.sql", "--format", "json"];
    let whole = place.run(&arguments);
    // As a run leaves it that was killed half way.
    let half = ["schema.sql", "dumps/db1?.sql", "dumps/db7.sql", "--state", "state.json"];
    assert_eq!(place.run(&half).code, Some(1));
    let resumed = place.run(&[&arguments[..], &["--state", "state.json"]].concat());
    assert_eq!(resumed.out, whole.out);
    assert!(resumed.err.contains("4 results are known"), "{}", resumed.err);
    let again = place.run(&[&arguments[..], &["--state", "state.json"]].concat());
    assert_eq!(again.out, whole.out);
    assert!(again.err.contains("12 results are known"), "{}", again.err);
    // What changed is compared again, what changed its name is not.
    place.write("dumps/db1.sql", format!("{CANONICAL}CREATE TABLE public.tmp ();").as_bytes());
    fs::rename(place.0.path().join("dumps/db12.sql"), place.0.path().join("dumps/other.sql"))
        .unwrap();
    let changed = place.run(&["schema.sql", "dumps/*.sql", "--state", "state.json"]);
    assert!(changed.err.contains("11 results are known"), "{}", changed.err);
    let json = place.json(&["schema.sql", "dumps/*.sql", "--state", "state.json"]);
    let other = json["databases"].as_array().unwrap().last().unwrap();
    assert_eq!(
        other["evidence"].as_object().unwrap().values().next().unwrap(),
        "dumps/other.sql:9"
    );
    // Another declared schema, other options: nothing is known.
    for more in [&["--column-order"][..], &["--owners", "ignore"]] {
        let run = place
            .run(&[&["schema.sql", "dumps/*.sql", "--state", "state.json"][..], more].concat());
        assert!(run.err.contains("of another schema or of other options"), "{}", run.err);
    }
}

#[test]
fn a_file_that_is_no_state_is_left_alone() {
    let place = twelve();
    for text in ["{}", "precious", "{\"pgcanon_fleet_state\":1", ""] {
        place.write("state.json", text.as_bytes());
        let run = place.run(&["schema.sql", "dumps/*.sql", "--state", "state.json"]);
        assert_eq!(run.code, Some(2), "{text}: {}", run.err);
        assert_eq!(fs::read_to_string(place.0.path().join("state.json")).unwrap(), text);
    }
}

#[test]
fn exit_codes_are_those_of_diff() {
    let place = twelve();
    let code = |arguments: &[&str]| place.run(arguments).code;
    assert_eq!(code(&["schema.sql", "dumps/db1.sql"]), Some(0));
    assert_eq!(code(&["schema.sql", "dumps/*.sql"]), Some(1));
    assert_eq!(code(&["schema.sql", "dumps/*.sql", "--fail-on", "never"]), Some(0));
    assert_eq!(code(&["schema.sql", "nothing/*.sql"]), Some(2));
    assert_eq!(code(&["schema.sql"]), Some(2));
    assert_eq!(code(&["none.sql", "dumps/*.sql"]), Some(2));
}

#[test]
fn the_configuration_counts_as_in_diff() {
    let place = twelve();
    let rules = "version: 1\nignore:\n  - kind: index\n    reason: built by hand\n  - name: public.none\n    reason: gone\nseverities:\n  - facet: default\n    severity: BLOCKING\n";
    place.write("pgcanon.yaml", rules.as_bytes());
    let run = place.run(&["schema.sql", "dumps/*.sql"]);
    assert!(
        run.out.contains("ignored by configuration: 7: built by hand"),
        "{}{}",
        run.out,
        run.err
    );
    // A rule is only idle when it fits no database at all.
    assert_eq!(run.err.matches("fits no drift").count(), 1, "{}", run.err);
    let json = place.json(&["schema.sql", "dumps/*.sql"]);
    assert_eq!(json["totals"]["in_sync"], 9);
    assert_eq!(json["drifts"][0]["severity"], "BLOCKING");
}

/// The register of the twelve, in which a decision accepts the missing index until 2027.
fn register(place: &Place) {
    let run = |arguments: &[&str]| program::run(place.0.path(), arguments);
    let day = ["--as-of", "2026-11-01"];
    let diff = ["diff", "schema.sql", "dumps/db5.sql", "--register", "--fail-on", "never"];
    assert_eq!(run(&[&diff[..], &day].concat()).code, Some(0));
    let accept = ["register", "accept", "SCHEMA-DRIFT-001", "--adr", "ADR-7"];
    let why = ["--reason", "too few rows", "--expires", "2027-01-01"];
    let accepted = run(&[&accept[..], &why, &day].concat());
    assert_eq!(accepted.code, Some(0), "{}", accepted.err);
}

#[test]
fn what_the_register_accepts_is_not_held_against_a_database() {
    let place = twelve();
    register(&place);
    let fleet = ["schema.sql", "dumps/*.sql", "--register", "--as-of", "2026-11-02"];
    let json = place.json(&fleet);
    assert_eq!(json["totals"]["in_sync"], 9);
    let of = |name: &str| {
        let all = json["databases"].as_array().unwrap();
        all.iter().find(|database| database["name"] == name).unwrap().clone()
    };
    let decision = "SCHEMA-DRIFT-001 index public.orders_state_idx: missing \
                    (ADR-7: too few rows (until 2027-01-01))";
    assert_eq!(of("dumps/db5.sql")["accepted"][decision], 1);
    assert_eq!(of("dumps/db1.sql")["accepted"], serde_json::json!({}));
    // What else they differ in counts as before.
    assert_eq!(of("dumps/db10.sql")["verdict"], "DRIFT");
    assert_eq!(of("dumps/db10.sql")["evidence"].as_object().unwrap().len(), 1);
    let run = place.run(&fleet);
    assert_eq!(run.code, Some(1));
    assert!(run.out.contains("9 in sync (5 but for accepted drifts)"), "{}", run.out);
    assert!(run.out.contains("accepted by the register: 7: SCHEMA-DRIFT-001"), "{}", run.out);
    assert!(run.out.contains("dumps/db5.sql (1 accepted)"), "{}", run.out);
    for format in ["html", "markdown"] {
        let run = place.run(&[&fleet[..], &["--format", format]].concat());
        assert!(run.out.contains("accepted by the register: 7"), "{format}: {}", run.out);
    }
    let in_sync = ["schema.sql", "dumps/db5.sql", "--register", "--as-of", "2026-11-02"];
    assert_eq!(place.run(&in_sync).code, Some(0));
    // Without the register, after its day, and where there is none.
    assert_eq!(place.run(&in_sync[..2]).code, Some(1));
    let late = ["schema.sql", "dumps/db5.sql", "--register", "--as-of", "2027-01-01"];
    assert_eq!(place.run(&late).code, Some(1));
    let none = place.run(&["schema.sql", "dumps/db5.sql", "--register=none.yaml"]);
    assert_eq!(none.code, Some(2));
    assert!(none.err.contains("there is no register none.yaml"), "{}", none.err);
}

#[test]
fn another_difference_than_the_accepted_one_counts() {
    let place = twelve();
    register(&place);
    // The same index, not missing but another one.
    let other = CANONICAL.replace("btree (state)", "btree (id)");
    place.write("other.sql", other.as_bytes());
    let arguments = ["schema.sql", "other.sql", "--register", "--as-of", "2026-11-02"];
    assert_eq!(place.json(&arguments)["totals"]["drift"], 1);
    // What is known of a run without the register is not taken for one with it.
    let state = ["--state", "state.json"];
    let without = place.run(&[&["schema.sql", "dumps/db5.sql"][..], &state].concat());
    assert_eq!(without.code, Some(1), "{}", without.err);
    let with = ["schema.sql", "dumps/db5.sql", "--register", "--as-of", "2026-11-02"];
    let with = place.run(&[&with[..], &state].concat());
    assert_eq!(with.code, Some(0), "{}", with.err);
    assert!(with.err.contains("of another schema or of other options"), "{}", with.err);
}

#[cfg(unix)]
#[test]
fn the_table_of_a_chain_of_alembic_is_no_part_of_any_database() {
    use std::os::unix::fs::PermissionsExt;
    let versions = "CREATE TABLE public.alembic_version (version_num character varying(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));\n";
    let live = format!("{CANONICAL}{versions}");
    let place = Place::new(&[
        ("app/alembic.ini", "[alembic]\nscript_location = env\n"),
        ("app/env/env.py", ""),
        ("app/env/versions/x.py", "revision = 'x'\ndown_revision = None\n"),
        ("app/tool", "#!/bin/sh\ncat ../live.sql\n"),
        ("live.sql", &live),
        ("without.sql", CANONICAL),
    ]);
    let tool = place.0.path().join("app/tool");
    fs::set_permissions(&tool, fs::Permissions::from_mode(0o755)).unwrap();
    let databases = ["alembic:app", "live.sql", "without.sql", "--alembic-command", "app/tool"];
    let json = place.json(&databases);
    assert_eq!(json["totals"]["in_sync"], 2, "{json:#}");
    // Where no side is a chain it is a table like others.
    assert_eq!(place.json(&["without.sql", "live.sql"])["totals"]["drift"], 1);
    let chain = place.json(&["without.sql", "alembic:app", "--alembic-command", "app/tool"]);
    assert_eq!(chain["totals"]["in_sync"], 1, "{chain:#}");
}

#[test]
fn databases_and_drifts_are_links_where_they_are_wanted() {
    let place = twelve();
    let linked = place.run(&["schema.sql", "dumps/*.sql", "--hyperlinks", "always"]).out;
    let plain = place.run(&["schema.sql", "dumps/*.sql"]).out;
    let folder = fs::canonicalize(place.0.path()).unwrap().display().to_string();
    let to = |file: &str, text: &str| {
        format!("\u{1b}]8;;file://{folder}/{file}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\")
    };
    assert!(linked.contains(&to("dumps/db1.sql", "dumps/db1.sql")), "{linked}");
    assert!(
        linked.contains(&to("schema.sql#6", "index public.orders_state_idx: missing")),
        "{linked}"
    );
    let parts = linked.split("\u{1b}]8;;").enumerate();
    let text = |(at, part): (usize, &str)| match at {
        0 => part.to_owned(),
        _ => part.split_once("\u{1b}\\").unwrap().1.to_owned(),
    };
    assert_eq!(parts.map(text).collect::<String>(), plain);
}

#[test]
fn names_and_values_cannot_break_any_format() {
    let hostile = "\"<script>alert(1)</script>|`x`\u{1b}[31m\u{202e}=cmd\"";
    let live = format!("{CANONICAL}CREATE TABLE public.{hostile} (a text);\n");
    let place = Place::new(&[("schema.sql", CANONICAL), ("=<b>|`a`\u{202e}.sql", &live)]);
    for format in ["table", "markdown", "csv", "html"] {
        let run = place.run(&["schema.sql", "=*.sql", "--format", format, "--color", "never"]);
        assert_eq!(run.code, Some(1), "{format}: {}", run.err);
        for raw in ["\u{1b}", "\u{202e}"] {
            assert!(!run.out.contains(raw) || format == "csv", "{format}: {}", run.out);
        }
        if format == "html" || format == "markdown" {
            assert!(!run.out.contains("<script") && !run.out.contains("<b>"), "{}", run.out);
        }
        if format == "markdown" {
            assert!(!run.out.contains("|`") && !run.out.contains("=<"), "{}", run.out);
        }
        if format == "csv" {
            assert!(
                run.out.lines().nth(1).is_some_and(|line| line.starts_with("'=")),
                "{}",
                run.out
            );
        }
    }
    place.json(&["schema.sql", "=*.sql"]);
}

#[test]
fn secrets_are_in_no_report_and_no_state() {
    let with = |password: &str| {
        format!(
            "{CANONICAL}CREATE SUBSCRIPTION s CONNECTION 'host=h password={password}' PUBLICATION p;\n"
        )
    };
    let place = Place::new(&[
        ("schema.sql", &with("hunter1")),
        ("a.sql", &with("hunter2")),
        ("b.sql", "CREATE ROLE r PASSWORD 'hunter3' nonsense;"),
    ]);
    for format in ["table", "markdown", "json", "csv", "html"] {
        let arguments = ["schema.sql", "a.sql", "b.sql", "--state", "s.json", "--format", format];
        let run = place.run(&arguments);
        assert!(run.out.contains("a.sql"), "{}{}", run.out, run.err);
        let state = fs::read_to_string(place.0.path().join("s.json")).unwrap();
        for text in [&run.out, &run.err, &state] {
            assert!(!text.contains("hunter"), "{format}: {text}");
        }
    }
}

/// A database with a shared schema and a tenant's schema for each name.
fn tenants(shared: &str, tenants: &[(&str, &str)]) -> String {
    let mut text = shared.to_owned();
    for (name, rest) in tenants {
        text.push_str(&format!(
            "CREATE SCHEMA {name};
CREATE TYPE {name}.mood AS ENUM ('sad', 'ok');
CREATE TABLE {name}.t (id integer NOT NULL, m {name}.mood, CONSTRAINT t_pkey PRIMARY KEY (id));
CREATE SEQUENCE {name}.t_id_seq AS integer;
ALTER SEQUENCE {name}.t_id_seq OWNED BY {name}.t.id;
ALTER TABLE ONLY {name}.t ALTER COLUMN id SET DEFAULT nextval('{name}.t_id_seq'::regclass);
CREATE FUNCTION {name}.f(m {name}.mood) RETURNS integer LANGUAGE sql
    SET search_path TO {name}, pg_temp AS $$ SELECT count(*)::int FROM {name}.t $$;
CREATE VIEW {name}.v AS SELECT t.id, shared.norm(t.id) AS n FROM {name}.t WHERE {name}.f(t.m) > 0;
CREATE TABLE {name}.u (t integer, CONSTRAINT u_t FOREIGN KEY (t) REFERENCES {name}.t (id));
CREATE INDEX u_i ON {name}.u (t) WHERE t > 0;
{rest}
"
        ));
    }
    text
}

const SHARED: &str = "\
CREATE SCHEMA shared;
CREATE FUNCTION shared.norm(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT $1 $$;
";

#[test]
fn tenants_of_one_database_are_compared_as_if_renamed() {
    let canonical = tenants(SHARED, &[("app", "")]);
    let live = tenants(
        &SHARED.replace("IMMUTABLE", "STABLE"),
        &[
            ("tenant_1", ""),
            ("\"tenant_Two\"", ""),
            ("tenant_3", "CREATE TABLE tenant_3.extra (a integer);"),
            ("tenant_4", "ALTER TABLE tenant_4.t DROP COLUMN m CASCADE;"),
            ("tenant_5", "CREATE TABLE tenant_5.extra (a integer);"),
        ],
    );
    let place = Place::new(&[("schema.sql", &canonical), ("live.sql", &live)]);
    let arguments = ["schema.sql", "live.sql", "--tenant-schemas", "tenant_*"];
    let message = place.run(&arguments);
    assert_eq!(message.code, Some(2), "{}", message.err);
    assert!(message.err.contains("--tenant-canonical"), "{}", message.err);
    let json = place.json(&[&arguments[..], &["--tenant-canonical", "app"]].concat());
    let mut groups: Vec<Vec<&str>> = json["groups"].as_array().unwrap().iter().map(names).collect();
    groups.sort();
    assert_eq!(
        groups,
        [
            // What is shared differs, which is said once.
            vec!["live.sql"],
            vec!["live.sql#tenant_1", "live.sql#tenant_Two"],
            vec!["live.sql#tenant_3", "live.sql#tenant_5"],
            vec!["live.sql#tenant_4"],
        ],
        "{json:#}"
    );
    assert_eq!(json["totals"]["in_sync"], 2, "{json:#}");
    let extra = json["drifts"].as_array().unwrap().iter().find(|d| d["change"] == "extra").unwrap();
    assert_eq!(extra["object"], "app.extra");
}

#[test]
fn a_database_without_tenants_is_said() {
    let place = Place::new(&[
        ("schema.sql", &tenants("", &[("app", "")])),
        ("live.sql", &tenants("", &[("other", "")])),
    ]);
    let run = place.run(&["schema.sql", "live.sql", "--tenant-schemas", "tenant_*"]);
    assert_eq!(run.code, Some(2));
    assert!(run.out.contains("no schema fits tenant_*"), "{}", run.out);
}

#[test]
fn csv_is_a_matrix_of_databases_and_drifts() {
    let run = twelve().run(&["schema.sql", "dumps/*.sql", "--format", "csv"]);
    let lines: Vec<Vec<&str>> = run.out.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(lines.len(), 13);
    assert!(lines.iter().all(|line| line.len() == 10 + 3), "{}", run.out);
    let filled = |line: &[&str]| line[10..].iter().filter(|cell| !cell.is_empty()).count();
    let drifts: Vec<usize> = lines[1..].iter().map(|line| filled(line)).collect();
    assert_eq!(drifts, [0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 1]);
}

#[test]
fn dumps_of_a_real_server_that_differ_by_a_word_only_are_one_result() {
    let dump = |word: &str| {
        format!("--\n-- x\n--\n\n\\restrict {word}\n\n{CANONICAL}\n\\unrestrict {word}\n")
    };
    let place = Place::new(&[
        ("schema.sql", CANONICAL),
        ("a.sql", &dump("abc")),
        ("b.sql", &dump("defgh")),
    ]);
    let run = place.run(&["schema.sql", "a.sql", "--state", "s.json"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    let run = place.run(&["schema.sql", "b.sql", "--state", "s.json"]);
    assert!(run.err.contains("1 result is known"), "{}", run.err);
}

/// What is made for each tenant, with `@` for the name of its schema.
const TEMPLATE: &str = "\
CREATE SCHEMA @;
CREATE TYPE @.mood AS ENUM ('sad', 'ok');
CREATE DOMAIN @.slug AS text CHECK (VALUE ~ '^[a-z]+$');
CREATE TYPE @.pair AS (a @.mood, b @.slug);
CREATE TABLE @.account (
    id bigserial PRIMARY KEY, name @.slug NOT NULL UNIQUE, m @.mood DEFAULT 'ok', p @.pair,
    n integer GENERATED ALWAYS AS IDENTITY, CHECK (m <> 'sad' OR id > 0)
);
CREATE TABLE @.event (
    account bigint REFERENCES @.account ON DELETE CASCADE, at timestamptz NOT NULL,
    kind text CHECK (kind IN ('a', 'b'))
) PARTITION BY RANGE (at);
CREATE TABLE @.event_1 PARTITION OF @.event FOR VALUES FROM ('2026-01-01 00:00Z') TO ('2027-01-01 00:00Z');
CREATE INDEX ON @.event (account, at DESC) INCLUDE (kind) WHERE kind = 'a';
CREATE FUNCTION @.count_of(m @.mood) RETURNS bigint LANGUAGE sql STABLE SET search_path = @, pg_temp
    AS $$ SELECT count(*) FROM @.account a WHERE a.m = $1 $$;
CREATE FUNCTION @.touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM @.count_of(NEW.m); PERFORM nextval('@.account_id_seq'); RETURN NEW; END $$;
CREATE FUNCTION @.pure(a @.account) RETURNS text LANGUAGE sql BEGIN ATOMIC
    SELECT (a).name || '@'; END;
CREATE TRIGGER touch BEFORE UPDATE ON @.account FOR EACH ROW WHEN (OLD.m IS DISTINCT FROM NEW.m)
    EXECUTE FUNCTION @.touch();
CREATE VIEW @.happy AS SELECT a.id, a.p, @.count_of(a.m) AS n FROM @.account a
    WHERE a.m = 'ok'::@.mood AND EXISTS (SELECT FROM @.event e WHERE e.account = a.id);
CREATE MATERIALIZED VIEW @.total AS SELECT m, count(*) FROM @.account GROUP BY m;
ALTER TABLE @.account ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON @.account USING (@.count_of(m) > 0 AND public.allowed(id));
CREATE STATISTICS @.both ON kind, at FROM @.event;
CREATE FUNCTION @.same(@.mood, @.mood) RETURNS boolean LANGUAGE sql AS 'SELECT $1 = $2';
CREATE OPERATOR @.=== (LEFTARG = @.mood, RIGHTARG = @.mood, FUNCTION = @.same);
COMMENT ON TABLE @.account IS 'who';
GRANT SELECT ON @.account TO PUBLIC;
";

const COMMON: &str = "\
CREATE FUNCTION public.allowed(bigint) RETURNS boolean LANGUAGE sql AS 'SELECT $1 > 0';
";

#[test]
fn tenants_that_a_server_dumps_are_what_their_template_declares() {
    for server in server::Server::all() {
        if server.major() < 14 {
            // Has no BEGIN ATOMIC.
            continue;
        }
        let db = server.database();
        // The literal in pure() is no name, and stays what it is.
        let made = |name: &str| TEMPLATE.replace("|| '@'", "|| '%'").replace('@', name);
        let names = ["tenant_1", "tenant_22", "\"tenant Dr. \"\"Who\"\"\""];
        let all: String = names.iter().map(|name| made(name)).collect();
        db.load(&format!("{COMMON}{all}")).unwrap();
        db.load("ALTER TABLE tenant_22.event ALTER kind SET NOT NULL").unwrap();
        let place = Place::new(&[
            ("schema.sql", &format!("{COMMON}{}", made("app"))),
            ("live.sql", &db.dump(&["--no-owner"])),
        ]);
        let tenants = ["--tenant-schemas", "tenant*", "--tenant-canonical", "app"];
        let json = place.json(&[&["schema.sql", "live.sql"][..], &tenants].concat());
        let verdicts: Vec<(&str, &str)> = json["databases"]
            .as_array()
            .unwrap()
            .iter()
            .map(|d| (d["name"].as_str().unwrap(), d["verdict"].as_str().unwrap()))
            .collect();
        assert_eq!(
            verdicts,
            [
                ("live.sql", "IN SYNC"),
                ("live.sql#tenant Dr. \"Who\"", "IN SYNC"),
                ("live.sql#tenant_1", "IN SYNC"),
                ("live.sql#tenant_22", "DRIFT"),
            ],
            "{}: {json:#}",
            server.major()
        );
        let drifts = json["drifts"].as_array().unwrap();
        assert!(drifts.iter().all(|drift| drift["facet"] == "not null"), "{json:#}");
    }
}
