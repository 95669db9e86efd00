//! `pgcanon manual`: pages for man(1), made from the same descriptions as `--help`.
//!
//! A page for each command, named as man finds it: `pgcanon-diff.1`,
//! `pgcanon-register-accept.1`. Examples get a section of their own, and so do exit codes, as
//! pages of man have them.

use std::path::Path;

use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};
use pgcanon::model::{Problem, ProblemCode};

use super::Outcome;
use super::args::Arguments;
use super::console::Console;

/// Writes all pages.
#[expect(clippy::disallowed_methods, reason = "files are written here")]
pub(super) fn write(directory: &Path, console: &Console) -> Outcome {
    let failed = |path: &Path, error: std::io::Error| {
        let message = format!("cannot write {}: {error}", path.display());
        console.problem(&Problem::new(ProblemCode::Output, message))
    };
    if let Err(error) = std::fs::create_dir_all(directory) {
        return failed(directory, error);
    }
    let pages = pages();
    for (name, page) in &pages {
        let path = directory.join(format!("{name}.1"));
        if let Err(error) = std::fs::write(&path, page) {
            return failed(&path, error);
        }
    }
    console.note(&format!("{} pages in {}\n", pages.len(), directory.display()));
    Outcome::Pass
}

/// Name and text of each page.
pub(super) fn pages() -> Vec<(String, Vec<u8>)> {
    let mut root = without_help(Arguments::command());
    root.build();
    let mut pages = Vec::new();
    add(&root, "pgcanon", &mut pages);
    pages
}

/// Leaves out the commands `help`, which have no page.
fn without_help(command: Command) -> Command {
    command.disable_help_subcommand(true).mut_subcommands(without_help)
}

fn add(command: &Command, name: &str, pages: &mut Vec<(String, Vec<u8>)>) {
    pages.push((name.to_owned(), page(command, name)));
    for own in command.get_subcommands().filter(|own| !own.is_hide_set()) {
        add(own, &format!("{name}-{}", own.get_name()), pages);
    }
}

fn page(command: &Command, name: &str) -> Vec<u8> {
    let man = Man::new(command.clone())
        .title(name.to_uppercase())
        .section("1")
        .source(concat!("pgcanon ", env!("CARGO_PKG_VERSION")))
        .manual("pgcanon");
    let mut out = Vec::new();
    // Writing to memory cannot fail.
    drop(man.render_title(&mut out));
    drop(man.render_name_section(&mut out));
    drop(man.render_synopsis_section(&mut out));
    drop(man.render_description_section(&mut out));
    if command.get_arguments().any(|argument| !argument.is_hide_set()) {
        drop(man.render_options_section(&mut out));
    }
    if command.get_subcommands().any(|own| !own.is_hide_set()) {
        drop(man.render_subcommands_section(&mut out));
    }
    drop(more(command).to_writer(&mut out));
    out
}

/// What stands below the options in `--help`: examples, remarks, exit codes.
fn more(command: &Command) -> Roff {
    let mut roff = Roff::new();
    let text = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let mut section = "";
    for paragraph in text.split("\n\n").map(str::trim_end).filter(|text| !text.is_empty()) {
        let (title, text) = match paragraph.split_once(':') {
            Some(("Examples", rest)) => ("EXAMPLES", rest.trim_start_matches('\n')),
            Some(("Exit codes", rest)) => ("EXIT STATUS", rest.trim_start()),
            _remark => ("NOTES", paragraph),
        };
        if title == section {
            roff.control("PP", []);
        } else {
            roff.control("SH", [title]);
            section = title;
        }
        // Lines that are indented are commands, and stay as they are.
        if text.lines().any(|line| line.starts_with("  ")) {
            roff.control("nf", []);
            text.lines().for_each(|line| {
                roff.text([roman(line)]);
            });
            roff.control("fi", []);
        } else {
            roff.text([roman(text.replace('\n', " "))]);
        }
    }
    roff
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sections with their lines.
    fn sections(page: &str) -> Vec<(String, usize)> {
        let mut sections: Vec<(String, usize)> = Vec::new();
        for line in page.lines() {
            if let Some(title) = line.strip_prefix(".SH ") {
                sections.push((title.trim_matches('"').to_owned(), 0));
            } else if let Some((_, lines)) = sections.last_mut()
                && !line.starts_with(['.', '\''])
                && !line.trim().is_empty()
            {
                *lines += 1;
            }
        }
        sections
    }

    #[test]
    fn every_command_has_a_page_without_empty_sections() {
        let pages = pages();
        let commands = Arguments::command();
        for command in commands.get_subcommands().filter(|own| !own.is_hide_set()) {
            let name = format!("pgcanon-{}", command.get_name());
            assert!(pages.iter().any(|(own, _)| *own == name), "{name}");
        }
        for (name, page) in &pages {
            let text = String::from_utf8(page.clone()).expect("UTF-8");
            let sections = sections(&text);
            let has = |wanted: &str| sections.iter().any(|(title, _)| title == wanted);
            for wanted in ["NAME", "SYNOPSIS", "DESCRIPTION", "EXAMPLES"] {
                assert!(has(wanted), "{name} has no {wanted}:\n{text}");
            }
            for (title, lines) in &sections {
                assert!(*lines > 0, "{name}: {title} is empty:\n{text}");
            }
        }
    }
}
