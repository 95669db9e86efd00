//! A fleet as GitHub-flavoured Markdown: groups, the matrix of drifts and groups, and what could
//! not be compared.

use super::Report;
use super::terminal::{reason, title};
use crate::emit::report::markdown_cell as cell;

/// How many databases of a group are named.
const NAMED: usize = 20;

impl Report {
    /// The report as Markdown.
    pub fn markdown(&self) -> String {
        let mut out = format!("# Schema drift of a fleet: {}\n\n", self.verdict().label());
        out.push_str(&format!(
            "{}, compared with {} ({} objects).\n\n",
            self.totals(),
            cell(&self.canonical.sources.join(", ")),
            self.canonical.objects
        ));
        self.groups_as_markdown(&mut out);
        self.matrix_as_markdown(&mut out);
        if self.failures().next().is_some() {
            out.push_str("## Not compared\n\n| Database | Problem |\n| --- | --- |\n");
            for (database, failure) in self.failures() {
                let name = cell(&database.name());
                out.push_str(&format!("| {name} | {} |\n", cell(&reason(failure))));
            }
            out.push('\n');
        }
        for line in self.left_out().lines() {
            out.push_str(&format!("- {}\n", cell(&line)));
        }
        out
    }

    fn groups_as_markdown(&self, out: &mut String) {
        if self.groups.is_empty() {
            return;
        }
        out.push_str(
            "## Groups\n\n| Group | Fingerprint | Verdict | Drifts | Databases | Which |\n",
        );
        out.push_str("| --- | --- | --- | --- | ---: | --- |\n");
        for group in &self.groups {
            let names = group.databases.iter().filter_map(|at| self.databases.get(*at));
            let mut names: Vec<String> =
                names.take(NAMED).map(|database| cell(&database.name())).collect();
            if group.databases.len() > NAMED {
                names.push(format!("and {} more", group.databases.len() - NAMED));
            }
            out.push_str(&format!(
                "| {} | {} | {} | {} | {} | {} |\n",
                group.name,
                group.fingerprint.short(),
                group.verdict.label(),
                self.group_counts(group),
                group.databases.len(),
                names.join(", ")
            ));
        }
        out.push('\n');
    }

    fn matrix_as_markdown(&self, out: &mut String) {
        if self.drifts.is_empty() {
            return;
        }
        let drifting: Vec<_> =
            self.groups.iter().filter(|group| !group.drifts.is_empty()).collect();
        let names: Vec<&str> = drifting.iter().map(|group| group.name.as_str()).collect();
        out.push_str(
            "## Drifts\n\n| Severity | Drift | Canonical truth | Live state | Databases |",
        );
        out.push_str(&format!(" {} |\n", names.join(" | ")));
        out.push_str("| --- | --- | --- | --- | ---: |");
        out.push_str(&format!("{}\n", " :-: |".repeat(names.len())));
        for (at, drift) in self.drifts.iter().enumerate() {
            let has = |group: &&super::Group| {
                u32::try_from(at).is_ok_and(|at| group.drifts.binary_search(&at).is_ok())
            };
            let marks = drifting.iter().map(|group| if has(group) { "●" } else { "" });
            out.push_str(&format!(
                "| {} | {} | {} | {} | {} | {} |\n",
                drift.severity.label(),
                cell(&title(drift)),
                cell(&drift.canonical),
                cell(&drift.live),
                self.spread.get(at).copied().unwrap_or(0),
                marks.collect::<Vec<_>>().join(" | ")
            ));
        }
        out.push('\n');
    }
}
