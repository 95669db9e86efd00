//! The table of contents of the site names every page.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{hold, pages, read};

/// Folders that are listed whole, with the title of their part.
const PARTS: &[(&str, &str)] = &[
    ("commands", "Commands"),
    ("rules", "Rules of the normal form"),
    ("hazards", "Hazards of migrations"),
    ("lints", "Lints of migrations"),
    ("adr", "Decisions"),
];

#[test]
fn the_table_of_contents_names_every_page() {
    let path = Path::new("docs/SUMMARY.md");
    let there = read(path);
    // What people write, then what is listed.
    let marker = "<!-- From here on written by `make docs`. -->\n";
    let written = there.split(marker).next().unwrap();
    let mut text = format!("{written}{marker}");
    for (folder, title) in PARTS {
        text.push_str(&format!("\n# {title}\n\n"));
        for page in pages(&format!("docs/{folder}")) {
            let title = title_of(&page);
            let page = page.strip_prefix("docs").unwrap().display().to_string();
            text.push_str(&format!("- [{title}]({page})\n"));
        }
    }
    hold(path, &text);
    let named: BTreeSet<PathBuf> = text
        .split("](")
        .skip(1)
        .map(|rest| Path::new("docs").join(rest.split(')').next().unwrap()))
        .collect();
    let all: BTreeSet<PathBuf> = pages("docs").into_iter().filter(|page| page != path).collect();
    let missing: Vec<_> = all.symmetric_difference(&named).collect();
    assert!(missing.is_empty(), "not in both the folder and the table of contents: {missing:?}");
}

/// The first heading, without what a title of a link cannot hold.
fn title_of(page: &Path) -> String {
    let text = read(page);
    let heading = text.lines().find_map(|line| line.strip_prefix("# ")).unwrap();
    heading.trim_start_matches("pgcanon ").replace(['[', ']', '`'], "")
}
