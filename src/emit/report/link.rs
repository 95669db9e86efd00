//! Links in a terminal (OSC 8): text that leads to a file.
//!
//! <https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda>: `ESC ] 8 ; ; address ESC \`,
//! the text, and the same without address. Links take no room, so that they are made after
//! all text was fitted. The address holds only characters that cannot end it.

use super::{Evidence, Report};
use crate::model::Pair;

/// The address of an absolute path. Bytes that are not plain become `%XX` (RFC 3986, 2.1).
pub fn target(path: &str) -> String {
    let mut address = "file://".to_owned();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            address.push(byte.into());
        } else {
            address.push_str(&format!("%{byte:02X}"));
        }
    }
    address
}

/// The text as a link.
pub(crate) fn to(text: &str, address: &str) -> String {
    format!("\u{1b}]8;;{address}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\")
}

/// The text as a link to a place, where its source has an address.
pub(super) fn place(text: &str, evidence: Option<&Evidence>, report: &Report) -> String {
    let address = evidence.and_then(|own| Some((report.links.get(&own.source)?, own.line)));
    match address {
        Some((address, line)) if !text.is_empty() => to(text, &format!("{address}#{line}")),
        Some(_) | None => text.to_owned(),
    }
}

/// A cell with both places, `a.sql:1 | b.sql:2`, cut and filled as it may be.
pub(super) fn both(cell: &str, evidence: &Pair<Option<Evidence>>, report: &Report) -> String {
    if report.links.is_empty() {
        return cell.to_owned();
    }
    let text = cell.trim_end();
    let rest = cell.get(text.len()..).unwrap_or_default();
    let live = evidence.live.as_ref();
    match text.rsplit_once(" | ") {
        Some((canonical, text)) => {
            let canonical = place(canonical, evidence.canonical.as_ref(), report);
            format!("{canonical} | {}{rest}", place(text, live, report))
        }
        // Its beginning is cut off.
        None => format!("{}{rest}", place(text, live, report)),
    }
}

#[cfg(test)]
mod tests {
    use super::target;

    #[test]
    fn nothing_in_a_path_can_end_an_address() {
        assert_eq!(target("/a b/\u{1b}\\;é.sql"), "file:///a%20b/%1B%5C%3B%C3%A9.sql");
    }
}
