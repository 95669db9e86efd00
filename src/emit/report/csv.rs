//! The drift table as CSV (RFC 4180), one record for each drift.
//!
//! A spreadsheet runs a cell that begins with `=`, `+`, `-`, `@` or a control
//! character as a formula; such cells get a leading `'` (OWASP, "CSV Injection").

use super::{HEADS, Report};

/// Writes the report.
pub(super) fn write(report: &Report) -> String {
    let mut out = String::new();
    record(&HEADS.map(str::to_owned), &mut out);
    report.rows.iter().for_each(|row| record(&row.cells(), &mut out));
    out
}

fn record(cells: &[String; 9], out: &mut String) {
    out.push_str(&cells.each_ref().map(|cell| field(cell)).join(","));
    out.push_str("\r\n");
}

/// One field, quoted when it must be.
pub(crate) fn field(text: &str) -> String {
    let is_formula =
        text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let text = if is_formula { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_what_rfc_4180_asks_for() {
        assert_eq!(field("a,b"), "\"a,b\"");
        assert_eq!(field("say \"x\"\n"), "\"say \"\"x\"\"\n\"");
        assert_eq!(field("plain"), "plain");
    }

    #[test]
    fn a_cell_is_never_a_formula() {
        assert_eq!(field("=cmd|' /C calc'!A0"), "'=cmd|' /C calc'!A0");
        assert_eq!(field("@x,y"), "\"'@x,y\"");
    }
}
