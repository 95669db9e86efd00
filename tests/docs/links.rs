//! Every relative link of a page leads to a file, and its anchor to a heading there.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{all_pages, read, root};

#[test]
fn every_link_leads_somewhere() {
    let mut dead = Vec::new();
    let mut count = 0;
    for page in all_pages() {
        for link in links(&read(&page)) {
            count += 1;
            if let Err(why) = follow(&page, &link) {
                dead.push(format!("{}: {link}: {why}", page.display()));
            }
        }
    }
    assert!(count > 50, "only {count} links are seen");
    assert!(dead.is_empty(), "{}", dead.join("\n"));
}

#[test]
fn a_dead_link_is_seen() {
    let page = PathBuf::from("docs/tutorial.md");
    assert!(follow(&page, "nowhere.md").is_err());
    assert!(follow(&page, "problems.md#no-such-heading").is_err());
    assert!(follow(&page, "problems.md#sourceempty").is_ok());
    assert!(follow(&page, "#nowhere").is_err());
    let text = "[a](b.md) `[c](d)`\n```sh\n[e](f)\n```\n![g](h.png \"title\")\n";
    assert_eq!(links(text), ["b.md", "h.png"]);
}

fn follow(page: &Path, link: &str) -> Result<(), String> {
    if link.starts_with("https://") {
        return Ok(());
    }
    if link.contains("://") {
        return Err("neither a file nor https".to_owned());
    }
    let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
    let target = if file.is_empty() { page.to_owned() } else { page.parent().unwrap().join(file) };
    if !root().join(&target).exists() {
        return Err("no such file".to_owned());
    }
    if !anchor.is_empty() && !anchors(&read(&target)).contains(anchor) {
        return Err("no such heading".to_owned());
    }
    Ok(())
}

/// The text without what is code.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut in_block = false;
    text.lines().filter(move |line| {
        let is_fence = line.trim_start().starts_with("```");
        in_block ^= is_fence;
        !in_block && !is_fence
    })
}

/// The targets of all links.
fn links(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in prose(text) {
        let plain: String = line.split('`').step_by(2).collect();
        for rest in plain.split("](").skip(1) {
            let target = rest.split([')', ' ']).next().unwrap_or_default();
            found.push(target.trim_matches(['<', '>']).to_owned());
        }
    }
    found
}

/// What headings are called in links: letters, digits, `-` and `_`, in lower case.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = prose(text).filter_map(|line| line.trim_start_matches('#').strip_prefix(' '));
    let slug = |heading: &str| {
        let kept = |c: &char| c.is_alphanumeric() || " -_".contains(*c);
        heading.to_lowercase().trim().chars().filter(kept).collect::<String>().replace(' ', "-")
    };
    headings.map(slug).collect()
}
