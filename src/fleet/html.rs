//! A fleet as one page for browsers, without a script: groups that unfold, and the matrix.
//!
//! Names are hostile: all text goes through [`text`], and the content security policy allows the
//! page's own style only.

use super::terminal::{count, reason, title};
use super::{Database, Group, Report};
use crate::diff::Verdict;
use crate::emit::report::html::{STYLE, class, hash, text};

/// What the page of a fleet has besides.
const MORE: &str = "\
table{border-collapse:collapse}.scroll{overflow:auto;border:1px solid var(--line);border-radius:6px;max-height:80vh}
th,td{padding:4px 8px;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
thead th{position:sticky;top:0;background:var(--card)}td.n{text-align:right}td.m,th.m{text-align:center}
a{color:inherit}th[scope=row]{font-weight:600;min-width:26rem;max-width:36rem;overflow-wrap:anywhere}th dl{font-weight:400;font-size:.85rem;margin:2px 0;gap:0 8px}
header,main,footer{max-width:1600px}tr.blocking td:first-child{color:var(--blocking);font-weight:600}
tr.high td:first-child{color:var(--high);font-weight:600}tr.moderate td:first-child{color:var(--moderate)}
.seen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
@media (max-width:700px){th,td{padding:4px}th[scope=row]{min-width:11rem}th dl{grid-template-columns:1fr}table{font-size:.8rem}}
ul[id]{scroll-margin-top:56px}
@media print{.scroll{max-height:none;overflow:visible;border:0}th[scope=row]{min-width:14rem}tr{break-inside:avoid}td.m,th.m{padding:4px 2px}}
";

impl Report {
    /// The report as a page.
    pub fn html(&self) -> String {
        let style = format!("{STYLE}{MORE}");
        let mut out =
            String::from("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        out.push_str(&format!(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; base-uri 'none'; form-action 'none'; style-src '{}'\">\n",
            hash(&style)
        ));
        out.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        out.push_str("<meta name=\"color-scheme\" content=\"light dark\">\n");
        let verdict = self.verdict();
        let label = verdict.label();
        out.push_str(&format!("<title>Schema drift of a fleet: {label}</title>\n<style>{style}</style>\n</head>\n<body>\n"));
        let look = match verdict {
            Verdict::InSync => "sync",
            Verdict::Unknown => "unknown",
            Verdict::Drift => "drift",
        };
        out.push_str(&format!("<header>\n<h1>Schema drift of a fleet <span class=\"verdict {look}\">{label}</span></h1>\n<p>{}.</p>\n", text(&self.totals())));
        out.push_str(&format!(
            "<dl><dt>Canonical</dt><dd>{}<br><small>{} objects</small></dd></dl>\n</header>\n<main>\n",
            text(&self.canonical.sources.join(", ")),
            self.canonical.objects
        ));
        self.matrix_as_html(&mut out);
        self.groups_as_html(&mut out);
        self.rest_as_html(&mut out);
        out.push_str(concat!(
            "</main>\n<footer>pgcanon ",
            env!("CARGO_PKG_VERSION"),
            "</footer>\n</body>\n</html>\n"
        ));
        out
    }

    fn matrix_as_html(&self, out: &mut String) {
        if self.drifts.is_empty() {
            return;
        }
        let drifting: Vec<&Group> =
            self.groups.iter().filter(|group| !group.drifts.is_empty()).collect();
        out.push_str("<section aria-labelledby=\"drifts\"><h2 id=\"drifts\">Drifts</h2>\n<div class=\"scroll\" role=\"region\" aria-labelledby=\"drifts\" tabindex=\"0\"><table>\n<thead><tr><th scope=\"col\">Severity</th><th scope=\"col\">Drift: canonical truth, live state</th><th scope=\"col\">Databases</th>");
        for group in &drifting {
            let name = &group.name;
            out.push_str(&format!(
                "<th scope=\"col\" class=\"m\"><a href=\"#g-{name}\"><span class=\"seen\">Group </span>{name}</a></th>"
            ));
        }
        out.push_str("</tr></thead>\n<tbody>\n");
        for (at, drift) in self.drifts.iter().enumerate() {
            out.push_str(&format!(
                "<tr class=\"{}\"><td>{}</td><th scope=\"row\">{}<dl><dt>canonical</dt><dd>{}</dd><dt>live</dt><dd>{}</dd></dl></th><td class=\"n\">{}</td>",
                class(drift.severity),
                drift.severity.label(),
                text(&title(drift)),
                text(&drift.canonical),
                text(&drift.live),
                self.spread.get(at).copied().unwrap_or(0)
            ));
            for group in &drifting {
                let has = u32::try_from(at).is_ok_and(|at| group.drifts.binary_search(&at).is_ok());
                out.push_str(if has {
                    "<td class=\"m\"><span class=\"seen\">yes</span><span aria-hidden=\"true\">●</span></td>"
                } else {
                    "<td class=\"m\"></td>"
                });
            }
            out.push_str("</tr>\n");
        }
        out.push_str("</tbody></table></div></section>\n");
    }

    fn groups_as_html(&self, out: &mut String) {
        if self.groups.is_empty() {
            return;
        }
        out.push_str("<section aria-labelledby=\"groups\"><h2 id=\"groups\">Groups</h2>\n");
        for group in &self.groups {
            let databases = group.databases.iter().filter_map(|at| self.databases.get(*at));
            let head = if group.drifts.is_empty() {
                group.verdict.label().to_owned()
            } else {
                format!("Group {}: {}", group.name, self.group_counts(group))
            };
            // A link to what is within the details unfolds them.
            out.push_str(&format!(
                "<details class=\"list\"><summary>{}, {} <small class=\"id\">{}</small></summary>\n<ul id=\"g-{}\">\n",
                text(&head),
                count(group.databases.len(), "database", "databases"),
                group.fingerprint.short(),
                group.name.replace(' ', "-")
            ));
            for database in databases {
                out.push_str(&format!("<li>{}</li>\n", self.database_as_html(database)));
            }
            out.push_str("</ul></details>\n");
        }
        out.push_str("</section>\n");
    }

    /// Its name, what was not understood, and the lines of its drifts.
    fn database_as_html(&self, database: &Database) -> String {
        let mut out = text(&database.name());
        let accepted = database.accepted().map(|(_, count)| count).sum::<usize>();
        if accepted > 0 {
            out.push_str(&format!(" <small>{accepted} accepted</small>"));
        }
        if let (unknown @ 1.., note) = database.unknown() {
            let note = text(note.unwrap_or_default());
            out.push_str(&format!(" <small>{unknown} not understood: {note}</small>"));
        }
        let places: Vec<String> = self.found(database).filter_map(|(_, place)| place).collect();
        if !places.is_empty() {
            out.push_str(&format!(" <span class=\"place\">{}</span>", text(&places.join(", "))));
        }
        out
    }

    fn rest_as_html(&self, out: &mut String) {
        if self.failures().next().is_some() {
            out.push_str("<section aria-labelledby=\"failed\"><h2 id=\"failed\">Not compared</h2>\n<ul class=\"list\">\n");
            for (database, failure) in self.failures() {
                let (name, why) = (text(&database.name()), text(&reason(failure)));
                out.push_str(&format!("<li>{name}: {why}</li>\n"));
            }
            out.push_str("</ul></section>\n");
        }
        let lines = self.left_out().lines();
        if lines.is_empty() {
            return;
        }
        out.push_str("<section aria-labelledby=\"left\"><h2 id=\"left\">Left out</h2>\n<ul class=\"list\">\n");
        for line in lines {
            out.push_str(&format!("<li>{}</li>\n", text(&line)));
        }
        out.push_str("</ul></section>\n");
    }
}
