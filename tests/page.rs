//! The HTML report in a real browser: its script runs under its own content security policy, and
//! nothing in a name does. Skipped where there is no Chromium.

#![allow(
    clippy::disallowed_methods,
    clippy::format_collect,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "tests run programs, write files, and fail by panics"
)]

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// What would be seen if it became markup: each marks the page.
const PAYLOADS: [&str; 8] = [
    "</script><script>document.title='owned'</script>",
    "<hr><img src=x onerror=\"document.title='owned'\">",
    "\"><svg onload=\"document.title='owned'\">",
    "' onmouseover='x",
    "<!--<script>",
    "&lt;b id=owned&gt;",
    "</template><style>*{display:none}</style>",
    "<b id=owned>",
];

fn browser() -> Option<&'static str> {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    names.into_iter().find(|name| Command::new(name).arg("--version").output().is_ok())
}

/// The page of a comparison, as the browser has it after its script.
fn opened(browser: &str, canonical: &str, live: &str, fragment: &str) -> String {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("c.sql"), canonical).unwrap();
    fs::write(path("l.sql"), live).unwrap();
    let ran = Command::new(env!("CARGO_BIN_EXE_pgcanon"))
        .args(["diff", "c.sql", "l.sql", "--format=html", "--output=page.html", "--fail-on=never"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let ran = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=5000"])
        .arg(format!("--user-data-dir={}", path("profile").display()))
        .args(["--dump-dom", &format!("file://{}{fragment}", path("page.html").display())])
        .output()
        .unwrap();
    String::from_utf8(ran.stdout).unwrap()
}

/// Tables with hostile names, whose one column has this type.
fn hostile(rounds: usize, kind: &str) -> String {
    let names = (0..rounds).flat_map(|n| PAYLOADS.map(|payload| format!("{n}{payload}")));
    names
        .map(|name| name.replace('"', "\"\""))
        .map(|name| format!("CREATE TABLE \"{name}\" (\"{name}\" {kind});\n"))
        .collect()
}

#[test]
fn nothing_in_a_name_runs_or_is_markup() {
    let Some(browser) = browser() else {
        eprintln!("skipped: no Chromium");
        return;
    };
    // Beyond 200 drifts they are made from text by the script.
    for rounds in [2, 40] {
        let page = opened(browser, &hostile(rounds, "integer"), &hostile(rounds, "bigint"), "");
        let total = rounds * PAYLOADS.len();
        assert!(page.contains(&format!(">{total} drifts</output>")), "the script has not run");
        assert!(page.contains("<title>Schema drift: DRIFT</title>"), "something ran");
        let body = page.split("id=\"list\"").nth(1).unwrap().split("<script").next().unwrap();
        assert!(body.matches("<details id=").count() >= total.min(200), "not all are shown");
        for markup in ["<img", "<svg", "<style", "<b id", "<script"] {
            assert!(!body.contains(markup), "{markup}");
        }
        for tag in body.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
            assert!(!tag.contains(" on"), "{tag}");
        }
    }
}

#[test]
fn a_link_opens_a_drift_that_is_not_an_element_yet() {
    let Some(browser) = browser() else { return };
    let page =
        opened(browser, &hostile(40, "integer"), &hostile(40, "bigint"), "#SCHEMA-DRIFT-300");
    let opening = page.split("<details id=\"SCHEMA-DRIFT-300\"").nth(1).unwrap();
    assert!(opening.split('>').next().unwrap().contains("open"), "{}", &opening[..200]);
    assert!(page.contains(">1 of 320 drifts</output>"));
}

#[test]
fn the_worked_example_opens() {
    let Some(browser) = browser() else { return };
    let read = |name| fs::read_to_string(Path::new("canonical").join(name)).unwrap();
    let page = opened(browser, &read("schema.sql"), &read("live.sql"), "");
    assert!(page.contains(">11 drifts</output>"));
    assert!(!page.contains("id=\"more\""), "there is no more to show");
}

/// The element with this beginning, to its end.
fn element<'p>(page: &'p str, start: &str, end: &str) -> &'p str {
    page.split(start).nth(1).unwrap_or_default().split(end).next().unwrap_or_default()
}

#[test]
fn each_drift_names_its_hazards_and_they_lead_to_what_they_mean() {
    let Some(browser) = browser() else { return };
    let read = |name| fs::read_to_string(Path::new("canonical").join(name)).unwrap();
    let page = opened(browser, &read("schema.sql"), &read("live.sql"), "");
    let drift = |id: &str| element(&page, &format!("<details id=\"{id}\""), "</details>");
    let rewritten = drift("SCHEMA-DRIFT-004");
    for code in ["table-rewrite", "access-exclusive-lock", "may-fail"] {
        assert!(rewritten.contains(&format!("href=\"#hazard-{code}\"")), "{rewritten}");
        assert_eq!(page.matches(&format!("id=\"hazard-{code}\"")).count(), 1, "{code}");
    }
    assert!(drift("SCHEMA-DRIFT-003").contains("#hazard-data-loss"));
    assert!(drift("SCHEMA-DRIFT-010").contains("none known"));
    let meaning = element(&page, "id=\"hazard-data-loss\"", "</dd>");
    assert!(meaning.contains("cannot be brought back"), "{meaning}");
    assert!(meaning.contains("<code>--allow data-loss</code>"), "{meaning}");
    // Every link of the page leads somewhere.
    for link in page.split("href=\"#").skip(1) {
        let id = link.split('"').next().unwrap();
        assert!(page.contains(&format!("id=\"{id}\"")), "#{id} leads nowhere");
    }
    // Each field for the reader's input has a label.
    let filters = element(&page, "class=\"filters\"", "</div>");
    let fields = filters.matches("<select").count() + filters.matches("<input").count();
    assert_eq!(fields, filters.matches("<label>").count());
    assert_eq!(fields, 5);
}

#[test]
fn the_picture_counts_the_drifts_of_a_table_whatever_it_is_called() {
    let Some(browser) = browser() else { return };
    let table = |column: &str| {
        format!("CREATE TABLE \"a.b\" (\"c.d\" {column}); CREATE INDEX i ON \"a.b\" (\"c.d\")")
    };
    let page = opened(
        browser,
        &format!("{} INCLUDE (\"c.d\");", table("integer")),
        &format!("{}; CREATE INDEX j ON \"a.b\" (\"c.d\" DESC);", table("bigint")),
        "",
    );
    let picture = element(&page, "class=\"picture\"", "</section>");
    assert!(picture.contains(">3 drifts, HIGH<"), "{picture}");
    assert!(page.contains(">3 drifts</output>"), "{page}");
}
