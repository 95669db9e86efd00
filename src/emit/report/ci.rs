//! The drift table as CI systems read it: JUnit XML, GitLab's code quality, GitHub's annotations.

use serde_json::{Value, json};

use super::sarif::fingerprint;
use super::{Report, Row};
use crate::diff::{Severity, Verdict};
use crate::emit::escape::terminal;

/// JUnit XML: a test case for each drift, failed unless it is accepted; one that passes if there
/// is none; one with an error when something was not understood.
pub(super) fn junit(report: &Report) -> String {
    let failed = report.rows.iter().filter(|row| row.status != "accepted").count();
    let unknown = usize::from(report.verdict == Verdict::Unknown);
    let tests = (report.rows.len() + unknown).max(1);
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    out.push_str(&format!(
        "<testsuites name=\"pgcanon\" tests=\"{tests}\" failures=\"{failed}\" errors=\"{unknown}\">\n\
         <testsuite name=\"schema drift\" tests=\"{tests}\" failures=\"{failed}\" errors=\"{unknown}\" skipped=\"{}\">\n",
        report.rows.len() - failed
    ));
    for row in &report.rows {
        case(row, &mut out);
    }
    if report.verdict == Verdict::Unknown {
        out.push_str(
            "<testcase classname=\"schema\" name=\"UNKNOWN\">\
             <error type=\"UNKNOWN\" message=\"something was not understood\"/></testcase>\n",
        );
    } else if report.rows.is_empty() {
        let verdict = report.verdict.label();
        out.push_str(&format!("<testcase classname=\"schema\" name=\"{verdict}\"/>\n"));
    }
    out.push_str("</testsuite>\n</testsuites>\n");
    out
}

/// The places stand in the text: attributes for them (`file`, `line`) are refused by the stricter
/// ones of the schemas that readers of such files validate with.
fn case(row: &Row, out: &mut String) {
    let name = format!("{} {}: {}", row.id, row.title(), row.drift_type());
    out.push_str(&format!(
        "<testcase classname=\"{}\" name=\"{}\">",
        xml(row.kind.label()),
        xml(&name)
    ));
    if row.status == "accepted" {
        let why = row.decision.as_deref().unwrap_or_default();
        out.push_str(&format!("<skipped message=\"{}\"/>", xml(why)));
    } else {
        let hazards = row.hazard_codes().map(|codes| format!("\nhazards: {codes}"));
        let text = format!(
            "canonical: {}\nlive: {}\n{}\nendangers: {}\nresolution: {}{}",
            terminal(&row.canonical),
            terminal(&row.live),
            terminal(&super::terminal::places(&row.evidence)),
            row.impact,
            terminal(&row.resolution),
            hazards.unwrap_or_default()
        );
        out.push_str(&format!(
            "<failure type=\"{}\" message=\"{}\">{}</failure>",
            row.severity.label(),
            xml(&row.drift_type()),
            xml_text(&text)
        ));
    }
    out.push_str("</testcase>\n");
}

/// Text as an XML attribute value.
fn xml(text: &str) -> String {
    xml_text(&terminal(text))
}

/// Text of lines as XML: it holds nothing that XML 1.0 forbids.
fn xml_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\u{FFFE}' | '\u{FFFF}' => out.push('\u{FFFD}'),
            _any_other => out.push(character),
        }
    }
    out
}

/// GitLab's code quality report.
pub(super) fn gitlab(report: &Report) -> Value {
    let issue = |row: &Row| {
        let place = row.evidence.canonical.as_ref().or(row.evidence.live.as_ref());
        let text = format!("{} {}: {}", row.id, row.title(), row.drift_type());
        let body = format!("canonical: {}; live: {}{}", row.canonical, row.live, hazards(row));
        json!({
            "type": "issue",
            "check_name": format!("{} {}", row.kind.label(), row.change),
            "description": terminal(&text),
            "content": { "body": terminal(&body) },
            "categories": ["Compatibility"],
            "fingerprint": fingerprint(row),
            "severity": match row.severity {
                Severity::Blocking => "blocker",
                Severity::High => "critical",
                Severity::Moderate => "major",
                Severity::Low => "minor",
            },
            "location": {
                "path": place.map_or("unknown", |place| place.source.trim_start_matches("./")),
                "lines": {
                    "begin": place.map_or(1, |place| place.line),
                    "end": place.map_or(1, |place| place.end_line),
                },
            },
        })
    };
    report.rows.iter().filter(|row| row.status != "accepted").map(issue).collect()
}

/// GitHub's workflow commands: an annotation for each drift.
pub(super) fn github(report: &Report) -> String {
    let mut out = String::new();
    for row in &report.rows {
        let command = match (row.status.as_str(), row.severity) {
            ("accepted", _) | (_, Severity::Low) => "notice",
            (_, Severity::Moderate) => "warning",
            (_, Severity::High | Severity::Blocking) => "error",
        };
        let place = row.evidence.canonical.as_ref().or(row.evidence.live.as_ref());
        let place = place.map(|place| {
            format!(
                "file={},line={},endLine={},",
                property(place.source.trim_start_matches("./")),
                place.line,
                place.end_line
            )
        });
        let text = format!(
            "{}: canonical: {}; live: {} ({}){}",
            row.drift_type(),
            row.canonical,
            row.live,
            super::terminal::places(&row.evidence),
            hazards(row)
        );
        out.push_str(&format!(
            "::{command} {}title={}::{}\n",
            place.unwrap_or_default(),
            property(&format!("{} {} {}", row.id, row.severity.label(), row.title())),
            data(&text)
        ));
    }
    let summary = format!("{}: {} drifts", report.verdict.label(), report.rows.len());
    out.push_str(&format!("::notice title=pgcanon::{}\n", data(&summary)));
    out
}

/// What ending a drift endangers, for the end of a line.
fn hazards(row: &Row) -> String {
    let has_any = row.hazards.as_ref().is_some_and(|hazards| !hazards.is_empty());
    let codes = row.hazard_codes().filter(|_| has_any);
    codes.map(|codes| format!("; hazards: {codes}")).unwrap_or_default()
}

/// Data of a workflow command: it ends at a line end, and `%` escapes.
fn data(text: &str) -> String {
    terminal(text).replace('%', "%25")
}

/// A property of a workflow command, which ends at `:` and `,` as well.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_leave_their_place() {
        assert_eq!(property("a:b,c%\n::error::x"), "a%3Ab%2Cc%25\\n%3A%3Aerror%3A%3Ax");
        assert_eq!(xml("\"><script>&'\u{1b}"), "&quot;&gt;&lt;script&gt;&amp;&apos;\\u{1b}");
    }
}
