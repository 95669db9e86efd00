//! The drift table as GitHub-flavoured Markdown.
//!
//! Every cell goes through [`cell`]: no name from the input can end a cell, start
//! markup or HTML, or reorder text.

use super::terminal::{PROVISIONAL, counts, coverage_line, ignored};
use super::{HEADS, Report, Row};
use crate::emit::escape;

/// More drifts than this are folded, by severity: the report is also a comment on a pull request.
const FOLD: usize = 20;

/// Writes the report.
pub(super) fn write(report: &Report) -> String {
    let mut out = format!("# Schema drift: {}\n\n", report.verdict.label());
    out.push_str(&format!(
        "{}; {} canonical and {} live objects compared.\n\n",
        counts(report),
        report.objects.canonical,
        report.objects.live
    ));
    if !report.rows.is_empty() {
        if report.rows.len() > FOLD {
            folded(report, &mut out);
        } else {
            table(report.rows.iter(), &mut out);
        }
        out.push('\n');
        if report.provisional {
            out.push_str(&format!("{PROVISIONAL}.\n\n"));
        }
    }
    hazards(report, &mut out);
    for (label, sources, coverage) in [
        ("Canonical", &report.sources.canonical, &report.coverage.canonical),
        ("Live", &report.sources.live, &report.coverage.live),
    ] {
        let text = format!("{}: {}", super::source_list(sources), coverage_line(coverage));
        out.push_str(&format!("- {label}: {}\n", cell(&text)));
    }
    for (reason, count) in ignored(report) {
        out.push_str(&format!("- Ignored by configuration: {count}: {}\n", cell(reason)));
    }
    for (reason, count) in &report.skipped {
        out.push_str(&format!("- Not compared: {count} {}\n", reason.label()));
    }
    out
}

/// What a migration would endanger, with the drifts that it is for.
fn hazards(report: &Report, out: &mut String) {
    let found = report.by_hazard();
    if found.is_empty() {
        return;
    }
    out.push_str("Hazards of ending these drifts:\n\n");
    for (hazard, ids) in found {
        let (named, more) = ids.split_at(ids.len().min(FOLD));
        let mut ids = named.join(", ");
        if !more.is_empty() {
            ids.push_str(&format!(" and {} more", more.len()));
        }
        out.push_str(&format!("- `{}`: {} {}\n", hazard.code(), hazard.message(), cell(&ids)));
    }
    out.push('\n');
}

/// A table for each severity; only the worst is unfolded, and only if it is not long either.
fn folded(report: &Report, out: &mut String) {
    let mut open = " open";
    for (severity, count) in report.counts() {
        let state = if count > FOLD { "" } else { open };
        open = "";
        out.push_str(&format!(
            "<details{state}><summary>{} ({count})</summary>\n\n",
            severity.label()
        ));
        table(report.rows.iter().filter(|row| row.severity == severity), out);
        out.push_str("\n</details>\n");
    }
}

fn table<'a>(rows: impl Iterator<Item = &'a Row>, out: &mut String) {
    out.push_str(&format!("| {} |\n", HEADS.join(" | ")));
    out.push_str(&format!("| {} |\n", HEADS.map(|_| "---").join(" | ")));
    for row in rows {
        out.push_str(&format!("| {} |\n", row.cells().map(|text| cell(&text)).join(" | ")));
    }
}

/// Text as the content of a table cell: what Markdown or HTML would read as markup
/// stands behind a backslash or as an entity, and there is no line end.
pub(super) fn cell(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in escape::terminal(text).chars() {
        match character {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '~' | '!' | '#' | '$' | '@' => {
                shown.push('\\');
                shown.push(character);
            }
            _any_other => shown.push(character),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_end_a_cell_or_start_markup() {
        assert_eq!(cell("a|b\n`c` <img src=x>"), "a\\|b\\\\n\\`c\\` &lt;img src=x&gt;");
        assert_eq!(cell("![x](y) *b*"), "\\!\\[x\\](y) \\*b\\*");
        assert_eq!(cell("a\u{202e}b"), "a\\\\u{202e}b");
    }
}
