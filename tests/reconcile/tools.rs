//! Files of migration tools, run as the tools run them: each file as one text, in a
//! transaction or not, the way down from the last version to the first.

use std::collections::BTreeMap;
use std::process::Command;

use super::{CANONICAL, LIVE, Place, assert_same, client, dump, loaded, said};
use crate::server::{Database, Server};

/// What a tool sends to the server for one file and direction: texts, and whether they are
/// in a transaction.
struct Sent {
    texts: Vec<String>,
    transaction: bool,
}

fn send(db: &Database<'_>, sent: &Sent, what: &str) {
    let mut command = Command::new(client(db.server(), "psql"));
    command.args(["--no-psqlrc", "--set=ON_ERROR_STOP=1", "--dbname", &db.url()]);
    // Each text is one message, as a driver would send it.
    let all = if sent.transaction {
        [&["BEGIN".to_owned()], sent.texts.as_slice(), &["COMMIT".to_owned()]].concat()
    } else {
        sent.texts.clone()
    };
    for text in all {
        command.arg("--command").arg(text);
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{what}\n{}\n{}", said(&output), sent.texts.join("\n"));
}

/// By version: the way up and the way down.
type Versions = BTreeMap<u64, [Option<Sent>; 2]>;

fn versions(tool: &str, files: &BTreeMap<String, String>) -> Versions {
    let mut versions = Versions::new();
    for (name, text) in files.iter().filter(|(name, _)| name.ends_with(".sql")) {
        let version = name.trim_start_matches(['V', 'U']).split('_').next().unwrap();
        let version: u64 = version.parse().unwrap();
        let entry = versions.entry(version).or_default();
        match tool {
            "flyway" => {
                let settings = files.get(&format!("{name}.conf")).cloned().unwrap_or_default();
                if text.contains("${") {
                    assert!(settings.contains("placeholderReplacement=false"), "{name}");
                }
                let transaction = !settings.contains("executeInTransaction=false");
                let at = usize::from(name.starts_with('U'));
                entry[at] = Some(Sent { texts: vec![text.clone()], transaction });
            }
            "golang-migrate" | "sqlx" => {
                let is_sqlx = tool == "sqlx";
                let transaction = is_sqlx && !text.starts_with("-- no-transaction\n");
                let at = usize::from(name.ends_with(".down.sql"));
                entry[at] = Some(Sent { texts: vec![text.clone()], transaction });
            }
            "dbmate" => {
                let (up, down) = text.split_once("\n-- migrate:down").unwrap();
                let up = up.strip_prefix("-- migrate:up").unwrap();
                for (at, part) in [up, down].into_iter().enumerate() {
                    let (mark, text) = part.split_once('\n').unwrap();
                    let transaction = mark.trim() != "transaction:false";
                    entry[at] = Some(Sent { texts: vec![text.to_owned()], transaction });
                }
            }
            _goose => {
                let transaction = !text.contains("-- +goose NO TRANSACTION\n");
                let (up, down) = text.split_once("\n-- +goose Down\n").unwrap();
                for (at, part) in [up, down].into_iter().enumerate() {
                    let statements = part.split("-- +goose StatementBegin\n").skip(1);
                    let of = |part: &str| {
                        part.split("-- +goose StatementEnd").next().unwrap().to_owned()
                    };
                    entry[at] = Some(Sent { texts: statements.map(of).collect(), transaction });
                }
            }
        }
    }
    versions
}

#[test]
fn tools_run_their_files_up_and_down() {
    let Some(server) = Server::any() else { return };
    for tool in ["flyway", "golang-migrate", "dbmate", "sqlx", "goose"] {
        for online in [&[][..], &["--online"]] {
            let place = Place::new(CANONICAL, LIVE);
            std::fs::create_dir(place.path("out")).unwrap();
            place.text(&[&["--format", tool, "--out", "out"], online].concat());
            let files: BTreeMap<String, String> = place
                .files()
                .into_iter()
                .filter(|path| path.starts_with(place.path("out")) && path.is_file())
                .map(|path| {
                    let name = path.file_name().unwrap().to_string_lossy().into_owned();
                    (name, std::fs::read_to_string(path).unwrap())
                })
                .collect();
            let versions = versions(tool, &files);
            assert!(!versions.is_empty(), "{tool}: {files:?}");
            let (db, before) = loaded(server, LIVE);
            let (_target, after) = loaded(server, CANONICAL);
            for (version, [up, _]) in &versions {
                let what = format!("{tool} {online:?} {version} up");
                up.iter().for_each(|sent| send(&db, sent, &what));
            }
            assert_same(&after, &dump(&db), &format!("{tool} {online:?} up"));
            for (version, [_, down]) in versions.iter().rev() {
                let what = format!("{tool} {online:?} {version} down");
                down.iter().for_each(|sent| send(&db, sent, &what));
            }
            assert_same(&before, &dump(&db), &format!("{tool} {online:?} down"));
        }
    }
}

#[test]
fn what_does_not_fit_a_tool_is_refused() {
    let place = Place::new(CANONICAL, LIVE);
    assert!(place.refused(&["--format", "goose"]).contains("--out DIR"));
    assert!(place.refused(&["--out", "out"]).contains("belong to the formats"));
    let flyway = ["--format", "flyway", "--out", "out"];
    assert!(place.refused(&flyway).contains("cannot read out"));
    std::fs::create_dir(place.path("out")).unwrap();
    place.text(&flyway);
    let again = [&flyway[..], &["--migration-version", "1"]].concat();
    assert!(place.refused(&again).contains("does not come after"));
    let body = "CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 1;\n-- migrate:down\n';";
    let place = Place::new(body, "CREATE SCHEMA app;");
    std::fs::create_dir(place.path("out")).unwrap();
    let said = place.refused(&["--format", "dbmate", "--out", "out"]);
    assert!(said.contains("take for its own"), "{said}");
}

#[test]
fn a_plan_is_as_its_schema_says() {
    let place = Place::new(CANONICAL, LIVE);
    let plan: serde_json::Value = serde_json::from_str(&place.text(&["--format", "json"])).unwrap();
    let program = env!("CARGO_BIN_EXE_pgcanon");
    let schema = Command::new(program).args(["schema", "plan"]).output().unwrap().stdout;
    let schema: serde_json::Value = serde_json::from_slice(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(&plan).map(|e| e.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let steps = plan["up"]["steps"].as_array().unwrap();
    let retyped = steps.iter().find(|step| step["object"] == "app.orders.amount").unwrap();
    assert!(retyped["causes"][0].as_str().unwrap().starts_with("SCHEMA-DRIFT-"), "{retyped}");
    let hazards = retyped["hazards"].as_array().unwrap();
    assert!(hazards.iter().any(|hazard| hazard["code"] == "table-rewrite"), "{retyped}");
    assert!(plan["down"]["complete"].as_bool().unwrap());
}
