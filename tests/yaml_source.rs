//! Schemas in YAML: the form that teams write by hand beside its twin in SQL, each change of
//! the twin, and what is said about files that are wrong.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests run programs, write files, and fail by panics"
)]

mod server;

use std::process::Command;

use serde_json::Value as Json;
use tempfile::TempDir;

const YAML: &str = include_str!("yaml/estate.yaml");
const SQL: &str = include_str!("yaml/estate.sql");

/// Runs the program in a directory with these files.
fn run(files: &[(&str, &str)], arguments: &[&str]) -> (i32, String, String) {
    let directory = TempDir::new().unwrap();
    for (name, text) in files {
        std::fs::write(directory.path().join(name), text).unwrap();
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_pgcanon"));
    let output = command.args(arguments).current_dir(&directory).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

/// The rows of the drift table.
fn rows(yaml: &str, live: &str) -> Vec<Json> {
    let files = [("schema.yaml", yaml), ("live.sql", live)];
    let (code, out, err) = run(&files, &["diff", "schema.yaml", "live.sql", "--format", "json"]);
    assert!(code < 2, "{err}");
    let report: Json = serde_json::from_str(&out).unwrap();
    report["drifts"].as_array().unwrap().clone()
}

fn text<'a>(row: &'a Json, key: &str) -> &'a str {
    row[key].as_str().unwrap_or_default()
}

#[test]
fn the_twin_of_a_real_server_agrees() {
    let mut dumps = vec![SQL.to_owned()];
    for server in server::Server::all() {
        let db = server.database();
        db.load(SQL).unwrap();
        dumps.push(db.dump(&[]));
        dumps.push(db.dump(&["--no-owner", "--no-privileges"]));
    }
    for dump in dumps {
        let rows = rows(YAML, &dump);
        for row in &rows {
            assert_eq!(text(row, "severity"), "LOW", "{row:#}");
            assert_eq!(text(row, "resolution"), "preserve", "{row:#}");
        }
        let objects: Vec<&str> = rows.iter().map(|row| text(row, "object")).collect();
        let expected = ["public.tenants.notes", "public.scratch", "public.current_tenant()"];
        for object in expected {
            assert!(objects.contains(&object), "{object} is not in {objects:?}");
        }
        assert_eq!(objects.len(), expected.len(), "{objects:?}");
    }
}

#[test]
fn a_complete_file_takes_nothing_more() {
    let complete = format!("complete: true\n{YAML}");
    let rows = rows(&complete, SQL);
    let extra = rows.iter().find(|row| text(row, "object") == "public.scratch").unwrap();
    assert_eq!(text(extra, "resolution"), "drop or declare");
}

/// What is changed in the twin, and the object, facet, severity and line of the YAML that
/// have to be reported.
const MUTATIONS: &[(&str, &str, &str, &str, &str, &str)] = &[
    (
        "api_key_hash varchar(255) NOT NULL",
        "api_key_hash varchar(64) NOT NULL",
        "public.tenants.api_key_hash",
        "type",
        "BLOCKING",
        "type: VARCHAR(255)",
    ),
    (
        "api_key_hash varchar(255) NOT NULL",
        "api_key_hash varchar(255)",
        "public.tenants.api_key_hash",
        "not null",
        "BLOCKING",
        "nullable: false",
    ),
    (
        "CREATE UNIQUE INDEX idx_tenants_api_key",
        "CREATE INDEX idx_tenants_api_key",
        "public.tenants.tenants_api_key_hash_key",
        "",
        "BLOCKING",
        "unique: true",
    ),
    (
        "slug         varchar(63) NOT NULL CONSTRAINT slugs_are_unique UNIQUE",
        "slug         varchar(63) NOT NULL",
        "public.tenants.tenants_slug_key",
        "",
        "",
        "slug:",
    ),
    ("DEFAULT 'trial'", "DEFAULT 'growth'", "public.tenants.plan", "default", "", "default: trial"),
    (
        "('trial', 'growth', 'enterprise')",
        "('trial', 'growth')",
        "public.tenants.tenants_plan_check",
        "",
        "",
        "[trial, growth, enterprise]",
    ),
    (
        "('trial', 'growth', 'enterprise')",
        "('trial', 'growth', 'enterprise', 'free')",
        "public.tenants.tenants_plan_check",
        "",
        "",
        "[trial, growth, enterprise]",
    ),
    ("DEFAULT 'USD' CHECK", "DEFAULT 'EUR' CHECK", "public.tenants.currency", "default", "", "USD"),
    (
        "seats >= 0",
        "seats > 0",
        "public.tenants.ck_tenants_seats",
        "expression",
        "",
        "ck_tenants_seats",
    ),
    (
        "is_active    boolean NOT NULL DEFAULT true",
        "is_active    boolean NOT NULL DEFAULT false",
        "public.tenants.is_active",
        "default",
        "",
        "is_active",
    ),
    (
        "is_active    boolean NOT NULL DEFAULT true",
        "is_active    boolean NOT NULL",
        "public.tenants.is_active",
        "default",
        "",
        "is_active",
    ),
    (
        "last_seen timestamptz",
        "last_seen timestamptz NOT NULL",
        "public.users.last_seen",
        "not null",
        "",
        "last_seen",
    ),
    (
        "REFERENCES tenants ON DELETE CASCADE, --",
        "REFERENCES tenants, --",
        "public.users.users_tenant_id_fkey",
        "",
        "BLOCKING",
        "ON DELETE CASCADE",
    ),
    (
        "UNIQUE (tenant_id, email)",
        "UNIQUE (email)",
        "public.users.uq_users_tenant_email",
        "columns",
        "",
        "uq_users_tenant_email",
    ),
    ("INCLUDE (email)", "INCLUDE (role)", "public.idx_users_seen", "include", "", "idx_users_seen"),
    (
        "(tenant_id, last_seen DESC)",
        "(tenant_id, last_seen)",
        "public.idx_users_seen",
        "keys",
        "",
        "idx_users_seen",
    ),
    (
        "CREATE UNIQUE INDEX idx_users_email",
        "CREATE INDEX idx_users_email",
        "public.idx_users_email",
        "unique",
        "",
        "idx_users_email",
    ),
    ("WHERE role <> 'owner'", "", "public.idx_users_email", "predicate", "", "idx_users_email"),
    (
        "ALTER TABLE users ENABLE ROW LEVEL SECURITY;",
        "",
        "public.users",
        "row security",
        "BLOCKING",
        "rls_enabled: true",
    ),
    (
        "ALTER TABLE users FORCE ROW LEVEL SECURITY;",
        "",
        "public.users",
        "force row security",
        "",
        "rls_forced: true",
    ),
    (
        "    USING (tenant_id = current_setting('app.tenant_id')::uuid)\n",
        "    USING (true)\n",
        "public.users.tenant_isolation_policy",
        "using",
        "BLOCKING",
        "tenant_isolation_policy",
    ),
    (
        "channels TO PUBLIC USING (tenant_id = current_tenant())",
        "channels USING (tenant_id = current_tenant()) WITH CHECK (true)",
        "public.channels.channels_isolation",
        "with check",
        "BLOCKING",
        "channels_isolation",
    ),
    (
        "(lower(code), kind)",
        "(code, kind)",
        "public.idx_channels_kind",
        "keys",
        "",
        "idx_channels_kind",
    ),
    (
        "'organic', 'partner')",
        "'organic')",
        "public.channel_kind",
        "labels",
        "",
        "[paid, organic, partner]",
    ),
    (
        "cost_per_click numeric(12,4)",
        "cost_per_click numeric(12,2)",
        "public.channels.cost_per_click",
        "type",
        "",
        "NUMERIC(12,4)",
    ),
    (
        "code           varchar(50) NOT NULL UNIQUE",
        "code           varchar(50) NOT NULL",
        "public.channels_code_key",
        "",
        "",
        "channels_code_key",
    ),
    (
        "CHECK (amount_cents <> 0)",
        "CHECK (amount_cents > 0)",
        "public.revenue_ledger.revenue_ledger_amount_cents_check",
        "",
        "HIGH",
        "amount_cents <> 0",
    ),
    (
        "DEFAULT 'it''s manual'",
        "DEFAULT 'import'",
        "public.revenue_ledger.source",
        "default",
        "",
        "it's manual",
    ),
    (
        "WHERE status = 'processed'",
        "WHERE status = 'failed'",
        "public.idx_ledger_tenant_booked",
        "predicate",
        "",
        "idx_ledger_tenant_booked",
    ),
    (
        "payload jsonb_path_ops",
        "payload",
        "public.idx_audit_payload",
        "keys",
        "",
        "idx_audit_payload",
    ),
    ("at DESC NULLS LAST", "at DESC", "public.idx_audit_at", "keys", "", "idx_audit_at"),
    (
        "audit_events FOR SELECT",
        "audit_events FOR ALL",
        "public.audit_events.audit_read",
        "command",
        "BLOCKING",
        "audit_read",
    ),
    (
        "    source       text NOT NULL DEFAULT 'it''s manual',\n",
        "",
        "public.revenue_ledger.source",
        "",
        "",
        "source:",
    ),
];

#[test]
fn each_change_of_the_twin_is_seen() {
    for (from, to, object, facet, severity, line) in MUTATIONS {
        let mut live = SQL.replacen(from, to, 1);
        assert_ne!(live, SQL, "{from}");
        if facet.is_empty() && *object == "public.revenue_ledger.source" {
            live = live.replace("(tenant_id, source, booked_at)", "(tenant_id, booked_at)");
        }
        let rows = rows(YAML, &live);
        let worse: Vec<&Json> =
            rows.iter().filter(|row| text(row, "resolution") != "preserve").collect();
        let found =
            worse.iter().find(|row| text(row, "object") == *object && text(row, "facet") == *facet);
        let Some(row) = found else { panic!("{from} -> {to}: {worse:#?}") };
        assert!(severity.is_empty() || text(row, "severity") == *severity, "{from}: {row:#}");
        let evidence = &row["evidence"]["canonical"];
        assert_eq!(text(evidence, "source"), "schema.yaml", "{row:#}");
        let number = usize::try_from(evidence["line"].as_u64().unwrap()).unwrap();
        let end = usize::try_from(evidence["end_line"].as_u64().unwrap()).unwrap();
        let cited: Vec<&str> = YAML.lines().skip(number - 1).take(end + 1 - number).collect();
        assert!(cited.join("\n").contains(line), "{from}: line {number} is {cited:?}");
        let others: Vec<&&Json> =
            worse.iter().filter(|row| text(row, "object") != *object).collect();
        assert!(others.len() <= 1, "{from}: {others:#?}");
    }
}

#[test]
fn what_needs_a_column_is_in_the_table() {
    let live = SQL.replace("api_key_hash varchar(255)", "api_key_hash varchar(64)");
    let rows = rows(YAML, &live);
    let row = rows.iter().find(|row| text(row, "facet") == "type").unwrap();
    let impact = text(row, "impact");
    assert!(impact.contains("requests of other tenants are let in"), "{impact}");
    assert!(impact.contains("API authentication, key rotation"), "{impact}");
}

#[test]
fn tags_in_sql_give_the_severity_too() {
    let config = "version: 1\ninvariant_categories:\n  auth_critical: {severity: BLOCKING}\n  privacy_critical: {severity: HIGH}\n";
    let live = SQL.replace("api_key_hash varchar(255)", "api_key_hash varchar(64)");
    let live = live.replace("tenant_id uuid NOT NULL CONSTRAINT", "tenant_id uuid CONSTRAINT");
    let files = [("pgcanon.yaml", config), ("schema.sql", SQL), ("live.sql", &live)];
    let (_, out, _) = run(&files, &["diff", "schema.sql", "live.sql", "--format", "json"]);
    let report: Json = serde_json::from_str(&out).unwrap();
    let rows: Vec<(&str, &str)> = report["drifts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (text(row, "object"), text(row, "severity")))
        .collect();
    assert_eq!(
        rows,
        [("public.tenants.api_key_hash", "BLOCKING"), ("public.users.tenant_id", "HIGH")]
    );
}

#[test]
fn bad_files_are_refused_with_a_place() {
    let table = "version: \"1.0.0\"\ntables:\n  t:\n";
    let check = |text: &str, place: &str, words: &str| {
        let files = [("schema.yaml", text), ("live.sql", "CREATE TABLE t (id int);")];
        let (code, _, err) = run(&files, &["diff", "schema.yaml", "live.sql"]);
        assert_eq!(code, 2, "{text}\n{err}");
        assert!(err.contains(&format!("schema.yaml:{place}")), "{place} for {text}\n{err}");
        assert!(err.contains(words), "{words} for {text}\n{err}");
    };
    check(
        &format!("{table}    columns:\n      id: {{type: int, nulable: false}}\n"),
        "5:23",
        "did you mean nullable?",
    );
    check(
        &format!(
            "{table}    columns:\n      id: {{type: int}}\n      indexes:\n        - {{name: i, columns: [id]}}\n"
        ),
        "6:7",
        "stands among the columns",
    );
    check(
        &format!("{table}    columns:\n      id: {{type: int}}\n      id: {{type: text}}\n"),
        "6:7",
        "duplicate",
    );
    check(&format!("{table}    columns:\n\tid: {{type: int}}\n"), "5:", "tab");
    check(
        &format!(
            "{table}    constraints:\n      - {{name: a, type: UNIQUE, columns: [id]}}\n    - b\n"
        ),
        "6:",
        "",
    );
    check(&format!("{table}    columns:\n      id: {{type: [int]}}\n"), "5:7", "no type");
    check(
        &format!("{table}    columns:\n      id: {{type: int, nullable: maybe}}\n"),
        "5:33",
        "true or false",
    );
    check(
        &format!("{table}    columns: &c\n      id: {{type: int}}\n  u:\n    columns: *c\n"),
        "",
        "anchor",
    );
    check(
        &format!("{table}    columns:\n      id: {{type: int, check: \"id > 0) CHECK (true\"}}\n"),
        "5:30",
        "check",
    );
    check(
        &format!(
            "{table}    columns:\n      id: {{type: int, foreign_key: \"t(id), ADD COLUMN x int\"}}\n"
        ),
        "5:36",
        "foreign_key",
    );
    check(&format!("{table}    columns:\n      id: {{type: \"int, x int\"}}\n"), "5:18", "no type");
    check(
        &format!(
            "{table}    columns:\n      id: {{type: int}}\n    indexes:\n      - {{name: i, columns: [id], where: \"true; DROP TABLE t\"}}\n"
        ),
        "7:41",
        "where",
    );
    check("version: 1\ntables: [a]\n", "2:9", "expected a mapping");
    check(&format!("a: {}\n", "[".repeat(3000)), "1:", "");
}

#[test]
fn names_never_become_sql() {
    let hostile = "x\\\"); DROP TABLE t; --";
    let yaml = format!(
        "complete: true\ntables:\n  t:\n    columns:\n      \"{hostile}\": {{type: text, default: \"{hostile}\", values: [\"{hostile}\"]}}\n"
    );
    let (code, out, err) = run(&[("a.yaml", &yaml)], &["normalize", "a.yaml"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("\"x\"\"); DROP TABLE t; --\""), "{out}");
    assert_eq!(out.matches("CREATE TABLE").count(), 1, "{out}");
}

/// All schemas that are at hand.
fn schemas() -> Vec<std::path::PathBuf> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut open: Vec<_> = ["canonical", "tests/cases", "tests/schemas", "../shared/corpus"]
        .iter()
        .map(|folder| root.join(folder))
        .collect();
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        let Ok(entries) = std::fs::read_dir(folder) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            let small = std::fs::metadata(&path).is_ok_and(|data| data.len() < 600_000);
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "sql") && small {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_mirror_reads_back_as_the_same_schema() {
    use pgcanon::diff::{Compare, DiffOptions, diff};
    use pgcanon::model::Pair;
    use pgcanon::source::Source;
    let mut wrong = Vec::new();
    let mut tried = 0;
    for path in schemas() {
        let source = |name: &str, text: String| Source { name: name.to_owned(), text };
        let text = std::fs::read_to_string(&path).unwrap();
        let differences = pgcanon::run_with_stack(None, || {
            let sql = pgcanon::yaml::read(&[source("a.sql", text)]).parsed;
            if sql.problems.iter().any(|p| p.code.gravity() > pgcanon::model::Gravity::Warning) {
                return None;
            }
            let sql = pgcanon::normalize::normalize(sql.schema);
            let script = pgcanon::emit::normalized::sql(&sql);
            let again = pgcanon::yaml::read(&[source("a.sql", script)]).parsed;
            let mut again = pgcanon::normalize::normalize(again.schema);
            let mirror = pgcanon::emit::normalized::yaml(&sql, true);
            let read = pgcanon::yaml::read(&[source("a.yaml", mirror)]).parsed;
            if let Some(problem) = read.problems.first() {
                return Some(vec![format!("{problem:?}")]);
            }
            let mut back = pgcanon::normalize::normalize(read.schema);
            let mut sql = sql;
            let mut first = sql.clone();
            pgcanon::normalize::align(Pair { canonical: &mut first, live: &mut again });
            pgcanon::normalize::align(Pair { canonical: &mut sql, live: &mut back });
            let options = DiffOptions {
                owners: Compare::Always,
                privileges: Compare::Always,
                ..DiffOptions::default()
            };
            let known = diff(Pair { canonical: &first, live: &again }, &options).drifts;
            let known: Vec<_> = known.iter().map(|drift| (&drift.object, drift.facet())).collect();
            let diff = diff(Pair { canonical: &sql, live: &back }, &options);
            let new = diff.drifts.iter().filter(|d| !known.contains(&(&d.object, d.facet())));
            let words =
                |drift: &pgcanon::diff::Drift| format!("{:?} {:?}", drift.object, drift.kind);
            Some(new.take(3).map(words).collect())
        });
        if let Some(differences) = differences {
            tried += 1;
            wrong.extend(differences.iter().map(|d| format!("{}: {d}", path.display())));
        }
    }
    assert!(tried > 10, "{tried}");
    assert!(wrong.is_empty(), "{} of {tried}:\n{}", wrong.len(), wrong.join("\n"));
}

const RULES: &str = "version: 1
invariants:
  - {id: key, rule: column, table: tenants, column: api_key_hash, not_null: true, unique: true, type: VARCHAR(255), severity: BLOCKING}
  - {id: plan, rule: values, table: tenants, column: plan, values: [enterprise, trial, growth]}
  - {id: kind, rule: values, table: channels, column: kind, values: [paid, organic, partner]}
  - {id: seen, rule: index, table: users, name: idx_users_seen, columns: [tenant_id, last_seen DESC], include: [email]}
  - {id: isolation, rule: row_security, tables: {has_column: tenant_id}, forced: false, severity: BLOCKING}
  - {id: now, rule: column, table: tenants, column: created_at, default: now()}
  - {id: names, rule: names, kind: index, pattern: [idx_*]}
  - {id: one, rule: one_name, name: amount_cents, never: [amount, cents]}
  - {id: keys, rule: foreign_keys_indexed, table: users}
  - {id: none, rule: row_security, tables: {name: 'billing.*'}}
";

fn invariants(live: &str) -> (i32, Vec<(String, String, String)>) {
    let files = [("pgcanon.yaml", RULES), ("live.sql", live)];
    let (code, out, err) = run(&files, &["invariants", "live.sql", "--format", "json"]);
    assert!(code < 2, "{err}");
    let report: Json = serde_json::from_str(&out).unwrap();
    let results = report["results"].as_array().unwrap().iter();
    let row = |row: &Json| {
        let place = row["evidence"]["line"].as_u64().unwrap_or(0);
        let line = live.lines().nth(usize::try_from(place).unwrap().wrapping_sub(1));
        let line = line.unwrap_or_default().trim().to_owned();
        (text(row, "invariant").to_owned(), text(row, "outcome").to_owned(), line)
    };
    (code, results.map(row).collect())
}

#[test]
fn invariants_hold_on_the_twin_and_each_failure_has_its_line() {
    let (code, results) = invariants(SQL);
    assert_eq!(code, 0, "{results:#?}");
    assert!(
        results.iter().all(|(rule, outcome, _)| {
            outcome == if rule == "none" { "NOTHING" } else { "PASS" }
        }),
        "{results:#?}"
    );
    for (from, to, rule, line) in [
        ("api_key_hash varchar(255) NOT NULL", "api_key_hash varchar(255)", "key", "api_key_hash"),
        ("api_key_hash varchar(255)", "api_key_hash varchar(64)", "key", "api_key_hash"),
        (
            "CREATE UNIQUE INDEX idx_tenants_api",
            "CREATE INDEX idx_tenants_api",
            "key",
            "api_key_hash",
        ),
        ("'growth', 'enterprise')", "'growth')", "plan", "plan"),
        ("'organic', 'partner')", "'organic')", "kind", "kind"),
        ("INCLUDE (email)", "INCLUDE (role)", "seen", "CREATE INDEX idx_users_seen"),
        ("last_seen DESC", "last_seen", "seen", "CREATE INDEX idx_users_seen"),
        ("ALTER TABLE users ENABLE ROW LEVEL SECURITY;", "", "isolation", "CREATE TABLE users"),
        (
            "created_at   timestamptz NOT NULL DEFAULT now()",
            "created_at   timestamptz NOT NULL DEFAULT clock_timestamp()",
            "now",
            "created_at",
        ),
        ("idx_audit_at", "audit_at_idx", "names", "CREATE INDEX audit_at_idx"),
        ("notes        text", "amount        text", "one", "amount"),
    ] {
        let live = SQL.replacen(from, to, 1);
        let (code, results) = invariants(&live);
        let failed: Vec<_> = results.iter().filter(|(_, outcome, _)| outcome == "FAIL").collect();
        assert_eq!((code, failed.len()), (1, 1), "{from}: {failed:#?}");
        assert_eq!(failed[0].0, rule, "{from}");
        assert!(failed[0].2.starts_with(line), "{from}: {failed:#?}");
    }
}

#[test]
fn wrong_invariants_are_refused_with_a_place() {
    for (rule, words) in [
        ("{rule: colum, table: t}", "there is no rule"),
        ("{rule: column, table: t}", "says no column"),
        ("{rule: column, table: t, column: a, severity: BAD}", "no severity"),
        ("{rule: column, table: t, column: a, nullable: no}", "nullable"),
    ] {
        let config = format!("version: 1\ninvariants:\n  - {rule}\n");
        let files = [("pgcanon.yaml", config.as_str()), ("live.sql", "CREATE TABLE t (a int);")];
        let (code, _, err) = run(&files, &["invariants", "live.sql"]);
        assert_eq!(code, 2, "{rule}: {err}");
        assert!(err.contains("pgcanon.yaml:3:") && err.contains(words), "{rule}: {err}");
    }
}

#[test]
fn a_file_may_list_only_some_columns() {
    let yaml = "tables:\n  t:\n    columns: {a: INT}\n    indexes: [{name: i, columns: [a, b]}]\n";
    let live = "CREATE TABLE t (a int, b text UNIQUE); CREATE INDEX i ON t (a, b);";
    let files = [("a.yml", yaml), ("live.sql", live)];
    let (code, out, err) =
        run(&files, &["diff", "a.yml", "live.sql", "--fail-on", "moderate", "--verbose"]);
    assert_eq!(code, 0, "{out}{err}");
    assert!(err.contains("a.yml:4:") && err.contains("lists no column \"b\""), "{err}");
    let other = live.replace("(a, b)", "(a)");
    let files = [("a.yml", yaml), ("live.sql", &other)];
    let (code, out, _) = run(&files, &["diff", "a.yml", "live.sql", "--fail-on", "moderate"]);
    assert_eq!(code, 1, "{out}");
}
