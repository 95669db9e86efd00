//! The documentation is true: links lead somewhere, every page is in the table of contents, the
//! pages of commands are what `--help` prints, and what examples print is what they say.
//!
//! `PGCANON_BLESS=1 cargo test --test docs` writes what is generated again: pages of commands,
//! the table of contents, and what follows each `$` line of a `console` block.

#![allow(
    clippy::disallowed_methods,
    clippy::format_collect,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "tests run programs, write files, and fail by panics"
)]

#[path = "docs/commands.rs"]
mod commands;
#[path = "docs/console.rs"]
mod console;
#[path = "docs/links.rs"]
mod links;
#[path = "docs/summary.rs"]
mod summary;

use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Whether to write what is generated, rather than to compare it.
fn is_blessing() -> bool {
    std::env::var_os("PGCANON_BLESS").is_some()
}

/// All Markdown files of a folder, sorted, from the root on.
fn pages(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                found.push(path.strip_prefix(root()).unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

/// The pages whose links and examples are tested.
fn all_pages() -> Vec<PathBuf> {
    let named = ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "CHANGELOG.md"];
    let mut all: Vec<PathBuf> = named.iter().map(PathBuf::from).collect();
    for folder in ["docs", "canonical", "benches", "ci"] {
        all.extend(pages(folder));
    }
    assert!(all.len() > 90, "{} pages", all.len());
    all
}

fn read(page: &Path) -> String {
    std::fs::read_to_string(root().join(page)).unwrap()
}

/// Fails, or writes it, when the file does not hold this.
fn hold(page: &Path, text: &str) {
    let there = std::fs::read_to_string(root().join(page)).unwrap_or_default();
    if there == text {
        return;
    }
    if is_blessing() {
        std::fs::create_dir_all(root().join(page).parent().unwrap()).unwrap();
        std::fs::write(root().join(page), text).unwrap();
        return;
    }
    let differs = there.lines().zip(text.lines()).find(|(there, now)| there != now);
    assert_eq!(there, text, "{}: differs first at {differs:?}; make docs", page.display());
}
