//! A page for each command, which is what its `--help` prints.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

use super::{hold, pages};

#[test]
fn pages_of_commands_are_what_help_prints() {
    let mut written = BTreeSet::new();
    let commands = subcommands(&help(&[]));
    assert!(commands.len() > 8, "{commands:?}");
    for name in &commands {
        let page = PathBuf::from(format!("docs/commands/{name}.md"));
        let mut text = format!("<!-- Written by `make docs` from `pgcanon {name} --help`. -->\n\n");
        section(&[name], 1, &mut text);
        hold(&page, &text);
        written.insert(page);
    }
    for page in pages("docs/commands") {
        assert!(written.contains(&page), "{}: there is no such command", page.display());
    }
}

/// A command and those within it.
fn section(command: &[&str], level: usize, out: &mut String) {
    let help = help(command);
    let (about, rest) = help.split_once("\n\n").unwrap();
    let name = command.join(" ");
    out.push_str(&format!(
        "{} pgcanon {name}\n\n{}.\n\n",
        "#".repeat(level),
        about.trim_end_matches('.')
    ));
    out.push_str(&format!("```text\n{}\n```\n", rest.trim_end()));
    for inner in subcommands(&help) {
        out.push('\n');
        section(&[command, &[inner.as_str()]].concat(), level + 1, out);
    }
}

fn help(command: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_pgcanon"))
        .args(command)
        .arg("--help")
        .env("COLUMNS", "100")
        .env("NO_COLOR", "1")
        .env_remove("PGCANON_THREADS")
        .output()
        .unwrap();
    assert!(output.status.success(), "{command:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// The names under `Commands:`.
fn subcommands(help: &str) -> Vec<String> {
    let Some((_, list)) = help.split_once("\nCommands:\n") else { return Vec::new() };
    let lines = list.lines().take_while(|line| !line.is_empty());
    let names = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names = names.filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}
