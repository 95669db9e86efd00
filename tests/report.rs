//! Every format of the report, on the worked example and on hostile names.

#![allow(clippy::disallowed_methods, clippy::expect_used, reason = "tests fail by panics")]

use pgcanon::diff::{Diff, DiffOptions, diff};
use pgcanon::emit::report::{JSON_SCHEMA, Report, Side, TerminalStyle, explain};
use pgcanon::model::{Pair, Problem};
use pgcanon::normalize::{NormalSchema, align, normalize};
use pgcanon::parse::{Coverage, parse};
use pgcanon::source::Source;

/// Two texts, compared.
struct Comparison {
    sources: Pair<Source>,
    schemas: Pair<NormalSchema>,
    rest: Pair<(Coverage, Vec<Problem>)>,
    diff: Diff,
}

impl Comparison {
    fn new(canonical: &str, live: &str) -> Self {
        let sources = Pair {
            canonical: Source { name: "schema.sql".to_owned(), text: canonical.to_owned() },
            live: Source { name: "live.sql".to_owned(), text: live.to_owned() },
        };
        let pool = rayon::ThreadPoolBuilder::new().stack_size(64 << 20).build().expect("threads");
        pool.install(|| {
            let parsed = sources.as_ref().map(|source| parse(std::slice::from_ref(source)));
            let rest = parsed.as_ref().map(|p| (p.coverage.clone(), p.problems.clone()));
            let mut schemas = parsed.map(|side| normalize(side.schema));
            align(Pair { canonical: &mut schemas.canonical, live: &mut schemas.live });
            let diff = diff(schemas.as_ref(), &DiffOptions::default());
            Self { sources, schemas, rest, diff }
        })
    }

    fn worked_example() -> Self {
        let read =
            |name| std::fs::read_to_string(format!("canonical/{name}")).expect("the example");
        Self::new(&read("schema.sql"), &read("live.sql"))
    }

    fn sides(&self) -> Pair<Side<'_>> {
        let zipped = self.sources.as_ref().zip(self.schemas.as_ref()).zip(self.rest.as_ref());
        zipped.map(|((source, schema), (coverage, problems))| Side {
            sources: std::slice::from_ref(source),
            schema,
            coverage,
            problems,
        })
    }

    fn report(&self) -> Report {
        Report::new(&self.diff, self.sides())
    }
}

const PLAIN: TerminalStyle = TerminalStyle { width: 80, color: false };

#[test]
fn json_keeps_its_published_schema() {
    let schema = serde_json::from_str(JSON_SCHEMA).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is a JSON Schema");
    for comparison in [Comparison::worked_example(), hostile(), Comparison::new("", "")] {
        let json = comparison.report().json();
        let errors: Vec<String> = validator.iter_errors(&json).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
}

#[test]
fn every_line_fits_into_a_narrow_terminal() {
    let text = Comparison::worked_example().report().terminal(&PLAIN);
    let widest = text.lines().map(|line| line.chars().count()).max();
    assert!(widest <= Some(80), "{text}");
    assert!(!text.contains('\u{1b}'), "there are colors though none were asked for");
}

#[test]
fn at_200_columns_a_drift_is_one_line_with_its_evidence() {
    let comparison = Comparison::worked_example();
    let text = comparison.report().terminal(&TerminalStyle { width: 200, color: false });
    assert!(text.lines().all(|line| line.chars().count() <= 200), "{text}");
    for row in comparison.report().rows {
        let lines: Vec<&str> = text.lines().filter(|line| line.starts_with(&row.id)).collect();
        assert_eq!(lines.len(), 1, "{}", row.id);
        assert!(
            lines.iter().all(|line| line.contains("schema.sql:") && line.contains("live.sql:")),
            "{lines:?}"
        );
    }
}

#[test]
fn every_drift_can_be_explained_and_others_cannot() {
    let comparison = Comparison::worked_example();
    for row in comparison.report().rows {
        let text =
            explain(&comparison.diff, comparison.sides(), &comparison.report(), &row.id, &PLAIN);
        let text = text.expect("it is there");
        assert!(text.contains("canonical truth") && text.contains("live state"), "{text}");
    }
    let error = explain(
        &comparison.diff,
        comparison.sides(),
        &comparison.report(),
        "SCHEMA-DRIFT-999",
        &PLAIN,
    );
    assert!(error.is_err());
}

/// A table and a column whose names and comment try what they can.
fn hostile() -> Comparison {
    let canonical =
        "CREATE TABLE \"a|b`<script>\u{1b}[31m\u{202e}\" (\"=cmd()\" integer, x text);\n";
    let live = "CREATE TABLE \"a|b`<script>\u{1b}[31m\u{202e}\" (x text);\n\
                COMMENT ON COLUMN \"a|b`<script>\u{1b}[31m\u{202e}\".x IS E'two\\nlines, \"quoted\" | piped';\n";
    Comparison::new(canonical, live)
}

#[test]
fn hostile_names_do_no_harm_in_any_format() {
    let comparison = hostile();
    let report = comparison.report();
    assert_eq!(report.rows.len(), 2);
    let mut texts = vec![report.terminal(&PLAIN), report.markdown()];
    texts.push(report.terminal(&TerminalStyle { width: 200, color: false }));
    for row in &report.rows {
        let text =
            explain(&comparison.diff, comparison.sides(), &comparison.report(), &row.id, &PLAIN);
        texts.push(text.expect("it is there"));
    }
    for text in &texts {
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text:?}");
    }
    let markdown = report.markdown();
    assert!(!markdown.contains("<script>"), "{markdown}");
    for line in markdown.lines().filter(|line| line.starts_with('|')) {
        assert_eq!(line.replace("\\|", "").matches('|').count(), 10, "{line}");
    }
    let csv = report.csv();
    assert!(csv.lines().all(|line| !line.starts_with(['=', '+', '@'])), "{csv}");
    assert!(csv.contains("\"\"quoted\"\""), "{csv}");
}

#[test]
fn a_page_allows_only_its_own_style_and_script() {
    let comparison = hostile();
    let page = comparison.report().html(comparison.sides());
    assert!(!page.contains("<script>\u{1b}") && !page.contains("b`<script>"), "{page}");
    assert_eq!(page.matches("<script").count(), 1);
    assert_eq!(page.matches("<style").count(), 1);
    assert!(page.contains("default-src 'none'") && !page.contains("unsafe"));
    assert!(!page.contains("http://") && !page.contains("https://"), "no network");
    let worked = Comparison::worked_example();
    let page = worked.report().html(worked.sides());
    for row in worked.report().rows {
        assert_eq!(page.matches(&format!("<details id=\"{}\"", row.id)).count(), 1);
    }
    assert!(page.contains("<svg") && page.contains("key drifted"));
}

#[test]
fn every_format_for_others_says_what_a_drift_endangers() {
    let comparison =
        Comparison::new("CREATE TABLE t (a bigint);", "CREATE TABLE t (a integer, b text);");
    let mut report = comparison.report();
    assert_eq!(report.json()["drifts"][0]["hazards"], serde_json::Value::Null);
    assert!(report.html(comparison.sides()).contains("not worked out"));
    let found = pgcanon::plan::hazards(comparison.schemas.as_ref(), &comparison.diff);
    for (row, hazards) in report.rows.iter_mut().zip(found) {
        row.hazards = Some(hazards);
    }
    let texts = [
        ("json", report.json().to_string()),
        ("sarif", report.sarif().to_string()),
        ("gitlab", report.gitlab().to_string()),
        ("junit", report.junit()),
        ("github", report.github()),
        ("markdown", report.markdown()),
        ("html", report.html(comparison.sides())),
    ];
    for (format, text) in &texts {
        for code in ["table-rewrite", "access-exclusive-lock", "may-fail", "data-loss"] {
            assert!(text.contains(code), "{format} does not say {code}: {text}");
        }
    }
    let schema = serde_json::from_str(JSON_SCHEMA).expect("it is JSON");
    let validator = jsonschema::validator_for(&schema).expect("it is a JSON Schema");
    assert!(validator.is_valid(&report.json()));
    assert!(report.markdown().contains("cannot be brought back. SCHEMA-DRIFT-002"));
    let said = explain(
        &comparison.diff,
        comparison.sides(),
        &report,
        "2",
        &TerminalStyle { width: 80, color: false },
    );
    assert!(said.expect("it is there").contains("hazards:\n  data-loss: Rows or values"));
}

#[test]
fn formats_of_ci_systems_hold_every_drift() {
    for comparison in [Comparison::worked_example(), hostile()] {
        let report = comparison.report();
        let count = report.rows.len();
        let sarif = report.sarif();
        let results = sarif["runs"][0]["results"].as_array().unwrap();
        assert_eq!(results.len(), count);
        let rules = sarif["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
        for result in results {
            let rule = result["ruleIndex"].as_u64().unwrap();
            assert_eq!(rules[usize::try_from(rule).unwrap()]["id"], result["ruleId"]);
        }
        let prints: std::collections::BTreeSet<_> = results
            .iter()
            .map(|result| result["partialFingerprints"]["drift/v1"].to_string())
            .collect();
        assert_eq!(prints.len(), count);
        assert_eq!(report.gitlab().as_array().unwrap().len(), count);
        assert_eq!(report.github().lines().count(), count + 1);
        assert!(report.github().lines().all(|line| line.starts_with("::")));
        let junit = report.junit();
        assert_eq!(junit.matches("<failure ").count(), count);
        assert!(!junit.contains("<script>") && !junit.contains(['\u{1b}', '\u{202e}']));
    }
}
