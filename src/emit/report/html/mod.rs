//! The drift table as one HTML file that needs no network.
//!
//! In goes a report, out comes a page with a table that can be filtered, both sides of each drift
//! beside each other, and a picture of the tables that drift. Names in it are hostile: all text goes
//! through [`text`], and the content security policy allows the page's own style and script only, by
//! their hashes.
//!
//! Thousands of drifts are millions of elements, which no browser moves smoothly. Beyond
//! [`AT_ONCE`] they wait as text in a block of data, from which the script makes elements as the
//! reader comes to them; it makes all for printing.

mod picture;

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use super::{Evidence, Report, Row, Side, counted};
use crate::diff::{Severity, Verdict};
use crate::emit::escape::terminal;
use crate::model::{Hazard, Pair};

pub(crate) const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// So many drifts are elements from the start, and so many more each time.
const AT_ONCE: usize = 200;
/// Ends a drift in the block of data. Names cannot hold it: their `<` is an entity.
const END: &str = "<hr>";

/// Writes the page.
pub(super) fn write(report: &Report, sides: Pair<Side<'_>>) -> String {
    let mut out = String::with_capacity(16_384 + report.rows.len() * 1_500);
    head(report, &mut out);
    out.push_str("<body>\n<a class=\"skip\" href=\"#drifts\">Skip to the drifts</a>\n<header>\n");
    verdict(report, &mut out);
    out.push_str("</header>\n<main>\n");
    if !report.rows.is_empty() {
        let picture = picture::draw(report, sides);
        if !picture.is_empty() {
            out.push_str(
                "<section aria-labelledby=\"picture\"><h2 id=\"picture\">Where it drifts</h2>\n",
            );
            out.push_str(&picture);
            out.push_str("</section>\n");
        }
        table(report, &mut out);
        hazards(report, &mut out);
    }
    lists(report, &mut out);
    out.push_str("</main>\n<footer>pgcanon ");
    out.push_str(env!("CARGO_PKG_VERSION"));
    out.push_str("</footer>\n<script>");
    out.push_str(SCRIPT);
    out.push_str("</script>\n</body>\n</html>\n");
    out
}

fn head(report: &Report, out: &mut String) {
    out.push_str("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.push_str(&format!(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; base-uri 'none'; form-action 'none'; style-src '{}'; script-src '{}'\">\n",
        hash(STYLE),
        hash(SCRIPT)
    ));
    out.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.push_str("<meta name=\"color-scheme\" content=\"light dark\">\n");
    out.push_str(&format!("<title>Schema drift: {}</title>\n<style>", report.verdict.label()));
    out.push_str(STYLE);
    out.push_str("</style>\n</head>\n");
}

/// Verdict, counts, and what was compared.
fn verdict(report: &Report, out: &mut String) {
    let shade = match report.verdict {
        Verdict::InSync => "sync",
        Verdict::Unknown => "unknown",
        Verdict::Drift => "drift",
    };
    out.push_str(&format!(
        "<h1>Schema drift <span class=\"verdict {shade}\">{}</span></h1>\n",
        report.verdict.label()
    ));
    let objects = report.objects;
    out.push_str("<p class=\"counts\">");
    for (severity, count) in report.counts() {
        out.push_str(&format!(
            "<span class=\"{}\"><b>{count}</b> {}</span>",
            class(severity),
            severity.label()
        ));
    }
    out.push_str(&format!(
        "</p>\n<p>{}; {} canonical and {} live objects compared.</p>\n<dl>\n",
        text(&super::terminal::counts(report)),
        objects.canonical,
        objects.live
    ));
    let kinds = count(report, |row| row.kind.label().to_owned());
    if !kinds.is_empty() {
        let kinds = kinds.iter().map(|(kind, number)| counted(*number, kind));
        let kinds = text(&kinds.collect::<Vec<_>>().join(", "));
        out.push_str(&format!("<dt>By kind</dt><dd>{kinds}</dd>\n"));
    }
    for (label, sources, coverage) in [
        ("Canonical", &report.sources.canonical, &report.coverage.canonical),
        ("Live", &report.sources.live, &report.coverage.live),
    ] {
        out.push_str(&format!(
            "<dt>{label}</dt><dd>{}<br><small>{}</small></dd>\n",
            text(&sources.join(", ")),
            text(&super::terminal::coverage_line(coverage))
        ));
    }
    out.push_str("</dl>\n");
    if report.provisional && !report.rows.is_empty() {
        out.push_str(&format!("<p><small>{}.</small></p>\n", super::terminal::PROVISIONAL));
    }
}

/// The drifts with their filters.
fn table(report: &Report, out: &mut String) {
    out.push_str("<section aria-labelledby=\"drifts\">\n<h2 id=\"drifts\" tabindex=\"-1\">Drifts</h2>\n<div class=\"filters\" role=\"search\">\n");
    out.push_str("<label>Search <input id=\"q\" type=\"search\" autocomplete=\"off\" placeholder=\"name, value, file …\"></label>\n");
    let severities: Vec<(String, usize)> = report
        .counts()
        .into_iter()
        .map(|(severity, count)| (severity.label().to_owned(), count))
        .collect();
    select("severity", "Severity", &severities, out);
    select("kind", "Kind", &count(report, |row| row.kind.label().to_owned()), out);
    select("status", "Status", &count(report, |row| row.status.clone()), out);
    let of = |(hazard, ids): (Hazard, Vec<&str>)| (hazard.code().to_owned(), ids.len());
    let hazards: Vec<(String, usize)> = report.by_hazard().into_iter().map(of).collect();
    if !hazards.is_empty() {
        select("hazard", "Hazard", &hazards, out);
    }
    out.push_str("<button type=\"button\" id=\"all\">Unfold all</button>\n<output id=\"shown\" aria-live=\"polite\"></output>\n</div>\n");
    let (first, later) = report.rows.split_at(report.rows.len().min(AT_ONCE));
    let length = if later.is_empty() { "" } else { " class=\"long\"" };
    out.push_str(&format!("<div id=\"list\"{length}>\n"));
    first.iter().for_each(|row| drift(row, out));
    out.push_str("</div>\n");
    if !later.is_empty() {
        out.push_str(&format!(
            "<p id=\"more\"><button type=\"button\">Show more</button></p>\n\
             <noscript><p>{} more drifts are shown only where scripts may run; the formats csv and json list them all.</p></noscript>\n\
             <script type=\"text/plain\" id=\"later\">",
            later.len()
        ));
        for row in later {
            drift(row, out);
            out.push_str(END);
        }
        out.push_str("</script>\n");
    }
    out.push_str("</section>\n");
}

fn count(report: &Report, of: impl Fn(&Row) -> String) -> Vec<(String, usize)> {
    let mut counts = std::collections::BTreeMap::new();
    for row in &report.rows {
        *counts.entry(of(row)).or_default() += 1;
    }
    counts.into_iter().collect()
}

fn select(id: &str, label: &str, options: &[(String, usize)], out: &mut String) {
    out.push_str(&format!("<label>{label} <select id=\"{id}\"><option value=\"\">all</option>"));
    for (option, count) in options {
        let option = text(option);
        out.push_str(&format!("<option value=\"{option}\">{option} ({count})</option>"));
    }
    out.push_str("</select></label>\n");
}

/// One drift, folded.
fn drift(row: &Row, out: &mut String) {
    let severity = row.severity.label();
    out.push_str(&format!(
        "<details id=\"{id}\" class=\"d {class}\" data-severity=\"{severity}\" data-kind=\"{kind}\" data-status=\"{status}\" data-hazard=\"{hazards}\">\
         <summary><span class=\"id\">{id}</span><span class=\"object\"><small>{kind}</small> <b>{object}</b></span>\
         <span class=\"type\">{type_}</span><span class=\"badge\">{severity}</span><span class=\"status\">{status}</span></summary>\n",
        id = text(&row.id),
        class = class(row.severity),
        kind = text(row.kind.label()),
        status = text(&row.status),
        object = text(&row.object),
        type_ = text(&row.drift_type()),
        hazards = text(&row.hazard_codes().unwrap_or_default()),
    ));
    let Pair { canonical, live } = marked(&row.canonical, &row.live);
    out.push_str("<div class=\"sides\">");
    for (class, label, shown, place) in [
        ("c", "Canonical truth", canonical, &row.evidence.canonical),
        ("l", "Live state", live, &row.evidence.live),
    ] {
        out.push_str(&format!(
            "<div class=\"{class}\"><h3>{label}</h3><pre>{shown}</pre><p class=\"place\">{}</p></div>",
            place
                .as_ref()
                .map_or_else(|| "said nowhere".to_owned(), |place| text(&Evidence::label(place)))
        ));
    }
    out.push_str("</div>\n<dl>");
    let mut add = |label: &str, value: &str| {
        out.push_str(&format!("<dt>{label}</dt><dd>{}</dd>", text(value)));
    };
    add("Endangers", &row.impact);
    add("Resolution", &row.resolution);
    if let Some(hazards) = &row.hazards {
        out.push_str(&format!("<dt>Hazards</dt><dd>{}</dd>", hazard_links(hazards)));
    }
    let mut add = |label: &str, value: &str| {
        out.push_str(&format!("<dt>{label}</dt><dd>{}</dd>", text(value)));
    };
    if let Some(owner) = &row.owner {
        add("Owner", owner);
    }
    if let Some(decision) = &row.decision {
        add("Decision", decision);
    }
    if let Some(history) = &row.history {
        add("History", history);
    }
    out.push_str("</dl></details>\n");
}

/// The hazards of a drift; each leads to what it means.
fn hazard_links(hazards: &BTreeSet<Hazard>) -> String {
    if hazards.is_empty() {
        return "none known".to_owned();
    }
    let link = |hazard: &Hazard| {
        let (code, message) = (hazard.code(), hazard.message());
        format!("<a href=\"#hazard-{code}\" title=\"{}\">{code}</a>", text(message))
    };
    hazards.iter().map(link).collect::<Vec<_>>().join(", ")
}

/// What the hazards of the drifts mean, and what to do about them.
fn hazards(report: &Report, out: &mut String) {
    let found = report.by_hazard();
    let is_planned = report.rows.iter().any(|row| row.hazards.is_some());
    if found.is_empty() && is_planned {
        return;
    }
    out.push_str("<section aria-labelledby=\"hazards\"><h2 id=\"hazards\">Hazards</h2>\n");
    if !is_planned {
        out.push_str(
            "<p>What ending these drifts would endanger was not worked out; \
             <code>pgcanon reconcile</code> names it step by step.</p>\n</section>\n",
        );
        return;
    }
    out.push_str(
        "<p>What a migration that ends these drifts would endanger:</p>\n<dl class=\"hazards\">\n",
    );
    for (hazard, ids) in found {
        let code = hazard.code();
        let drifts = if ids.len() == 1 { "1 drift" } else { &format!("{} drifts", ids.len()) };
        out.push_str(&format!(
            "<dt id=\"hazard-{code}\" tabindex=\"-1\"><b>{code}</b> <small>{drifts}</small></dt><dd>{} <span class=\"soft\">{}</span></dd>\n",
            text(hazard.message()),
            with_code(hazard.advice())
        ));
    }
    out.push_str("</dl>\n</section>\n");
}

/// Our own Markdown of a paragraph: what is between backticks is code.
fn with_code(paragraph: &str) -> String {
    let words = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
    let part = |(at, part): (usize, &str)| match at % 2 {
        0 => text(part),
        _code => format!("<code>{}</code>", text(part)),
    };
    words.split('`').enumerate().map(part).collect()
}

/// Both texts, with the words that differ marked.
fn marked(canonical: &str, live: &str) -> Pair<String> {
    let (canonical, live) = (terminal(canonical), terminal(live));
    let diff = similar::TextDiff::from_words(&canonical, &live);
    let mut sides = Pair { canonical: String::new(), live: String::new() };
    let is_word = |text: &str| text.chars().any(char::is_alphanumeric);
    let is_common = |change: similar::Change<&str>| {
        change.tag() == similar::ChangeTag::Equal && is_word(change.value())
    };
    if !diff.iter_all_changes().any(is_common) {
        // All is another: there is nothing to pick out.
        return Pair { canonical: text(&canonical), live: text(&live) };
    }
    for change in diff.iter_all_changes() {
        let word = text(change.value());
        match change.tag() {
            similar::ChangeTag::Equal => {
                sides.canonical.push_str(&word);
                sides.live.push_str(&word);
            }
            similar::ChangeTag::Delete => sides.canonical.push_str(&format!("<mark>{word}</mark>")),
            similar::ChangeTag::Insert => sides.live.push_str(&format!("<mark>{word}</mark>")),
        }
    }
    // Words that differ in a row are one difference.
    sides.map(|side| side.replace("</mark> <mark>", " "))
}

/// What was left out.
fn lists(report: &Report, out: &mut String) {
    let ignored = report.ignored.iter().map(|ignored| {
        let row = &ignored.row;
        format!("{}: {}: {}", row.title(), row.drift_type(), ignored.reason)
    });
    list("Ignored by configuration", ignored.collect(), out);
    let named = |status: &str| {
        let rows = report.rows.iter().filter(|row| row.status == status);
        rows.map(|row| {
            let decision = row.decision.as_deref().unwrap_or_default();
            format!("{} {}: {}  {decision}", row.id, row.title(), row.drift_type())
        })
        .collect::<Vec<_>>()
    };
    list("Accepted", named("accepted"), out);
    list("Not decided", named("undecided"), out);
    let skipped = report.skipped_rows.iter().map(|row| {
        let facet = row.facet.as_ref().map(|facet| format!(": {facet}")).unwrap_or_default();
        format!("{}{facet}: {}", row.object, row.reason.label())
    });
    list("Left out by a rule", skipped.collect(), out);
}

fn list(label: &str, lines: Vec<String>, out: &mut String) {
    if lines.is_empty() {
        return;
    }
    out.push_str(&format!(
        "<details class=\"list\"><summary>{label} ({})</summary>\n<ul>\n",
        lines.len()
    ));
    for line in lines {
        out.push_str(&format!("<li>{}</li>\n", text(&line)));
    }
    out.push_str("</ul></details>\n");
}

/// The word for a severity as a class of a page.
pub(crate) fn class(severity: Severity) -> &'static str {
    match severity {
        Severity::Blocking => "blocking",
        Severity::High => "high",
        Severity::Moderate => "moderate",
        Severity::Low => "low",
    }
}

/// Text as content or as a quoted attribute: nothing in it is markup, nothing is hidden.
pub(crate) fn text(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for character in terminal(raw).chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _any_other => out.push(character),
        }
    }
    out
}

/// A source of the content security policy: the SHA-256 of an inline element, in base 64.
pub(crate) fn hash(content: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digest = Sha256::digest(content.as_bytes());
    let mut out = "sha256-".to_owned();
    for chunk in digest.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4_usize {
            let index = (bits >> (18 - 6 * digit)) & 63;
            let symbol = DIGITS.get(index as usize).copied().unwrap_or(b'=');
            out.push(if digit <= chunk.len() { symbol.into() } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_browsers() {
        // From the specification of subresource integrity: sha256 of the empty text.
        assert_eq!(hash(""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }

    #[test]
    fn text_is_never_markup() {
        assert_eq!(text("<a href='x'>&\"\n"), "&lt;a href=&#39;x&#39;&gt;&amp;&quot;\\n");
    }
}
