//! Places that can be clicked (OSC 8), where a terminal is known to understand them.
//!
//! <https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda>. A terminal that does not
//! may show the address as garbage, and nobody can ask it; so `auto` means a terminal of a list,
//! by what it sets in the environment.

use std::collections::BTreeMap;
use std::path::Path;

use clap::ValueEnum;
use pgcanon::emit::report::link_target;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Hyperlinks {
    /// When the output is a terminal that is known to have them
    Auto,
    Always,
    Never,
}

impl Hyperlinks {
    /// Whether to write them.
    pub fn are_wanted(self, terminal: bool) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => terminal && is_known(variable),
        }
    }
}

/// The addresses of sources that are files.
#[expect(clippy::disallowed_methods, reason = "files are looked for here")]
pub(super) fn addresses<'a>(names: impl Iterator<Item = &'a String>) -> BTreeMap<String, String> {
    let address = |name: &'a String| {
        let path = Path::new(name).is_file().then(|| std::fs::canonicalize(name).ok())??;
        Some((name.clone(), link_target(path.to_str()?)))
    };
    names.filter_map(address).collect()
}

/// Whether the environment is that of a terminal with links.
fn is_known(variable: impl Fn(&str) -> Option<String>) -> bool {
    let has = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
    let at_least = |name: &str, least: u64| {
        variable(name).and_then(|value| value.parse().ok()).is_some_and(|own: u64| own >= least)
    };
    // A multiplexer stands between, and hands them on only in recent versions.
    if ["TMUX", "STY", "CI"].into_iter().any(has) {
        return false;
    }
    let term = variable("TERM").unwrap_or_default();
    let program = variable("TERM_PROGRAM").unwrap_or_default();
    let terms = ["xterm-kitty", "xterm-ghostty", "foot", "alacritty", "wezterm"];
    let programs = ["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio"];
    terms.iter().any(|known| term.starts_with(known))
        || programs.contains(&program.as_str())
        || has("WT_SESSION")
        || has("DOMTERM")
        // The first with links that do not crash it.
        || at_least("VTE_VERSION", 5002)
        || at_least("KONSOLE_VERSION", 201_200)
}

#[expect(clippy::disallowed_methods, reason = "the environment is asked here")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

#[cfg(test)]
mod tests {
    use super::is_known;

    #[test]
    fn only_terminals_that_are_known_have_links() {
        let known = |environment: &[(&str, &str)]| {
            is_known(|name| {
                let found = environment.iter().find(|(own, _)| *own == name);
                found.map(|(_, value)| (*value).to_owned())
            })
        };
        assert!(known(&[("TERM", "xterm-kitty")]));
        assert!(known(&[("VTE_VERSION", "6003"), ("TERM", "xterm-256color")]));
        assert!(known(&[("TERM_PROGRAM", "iTerm.app")]));
        assert!(!known(&[("TERM", "xterm-256color")]));
        assert!(!known(&[("VTE_VERSION", "4601")]));
        assert!(!known(&[("VTE_VERSION", "6003"), ("TMUX", "/tmp/tmux")]));
        assert!(!known(&[("TERM_PROGRAM", "vscode"), ("CI", "true")]));
        assert!(!known(&[]));
    }
}
