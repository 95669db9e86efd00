//! `pgcanon register`: what the drift register says, and what people decide.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use pgcanon::emit::escape::terminal;
use pgcanon::model::{Problem, ProblemCode};
use pgcanon::plan::Rename;
use pgcanon::register::{
    Change, Decision, Document, DriftId, Entry, Register, Stamp, Status, check, decide, in_force,
    merge, renumber,
};
use pgcanon::source::{Guarded, Source, read_if_there};
use serde_json::json;

use super::Outcome;
use super::args::ProjectArguments;
use super::comparison::Refused;
use super::console::Console;
use super::governance::{DecisionArguments, RegisterArguments, RegisterCommand};
use super::project::{Project, stamp, today};

/// Runs a command on the register.
pub(super) fn run(arguments: &RegisterArguments, console: &Console) -> Outcome {
    if let RegisterCommand::Merge { base, ours, theirs } = &arguments.command {
        return merged([base, ours, theirs], console)
            .unwrap_or_else(|refused| refused.say(console));
    }
    let ProjectArguments { config, as_of: _ } = &arguments.project;
    let Some(project) = Project::find(config.as_deref(), console) else { return Outcome::Failed };
    let path = project.register(arguments.register.as_deref());
    let done = match &arguments.command {
        RegisterCommand::List { status, json } => list(&path, status, *json, console),
        RegisterCommand::Show { id } => show(&path, *id, console),
        RegisterCommand::Check { renumber } => {
            checked(&path, *renumber, arguments, &project, console)
        }
        RegisterCommand::Accept { id, decision } => {
            accept(&path, *id, decision, arguments, &project, console)
        }
        RegisterCommand::Defer { id, decision } => {
            change(&path, *id, Change::Defer(decision.decision()), console)
        }
        RegisterCommand::End { id, decision, allow_data_loss, renamed_from } => {
            let decision = Decision {
                allow_data_loss: *allow_data_loss,
                renamed_from: renamed_from.clone(),
                ..decision.decision()
            };
            end(&path, *id, decision, &project, console)
        }
        RegisterCommand::Assign { id, to } => {
            change(&path, *id, Change::Assign(to.clone()), console)
        }
        RegisterCommand::Resolve { id, reason } => {
            stamp(&path, arguments.project.as_of).map_err(Refused::from).and_then(|at| {
                change(&path, *id, Change::Resolve { at, reason: reason.clone() }, console)
            })
        }
        RegisterCommand::Merge { .. } => Ok(Outcome::Pass),
    };
    done.unwrap_or_else(|refused| refused.say(console))
}

/// The register, which has to be there.
pub(super) fn read(path: &Path) -> Result<Document, Refused> {
    let name = path.display().to_string();
    let source = read_if_there(path, &name)?.ok_or_else(|| {
        Problem::new(ProblemCode::Unreadable, format!("there is no register {name}"))
            .help("pgcanon diff CANONICAL LIVE --register starts one")
    })?;
    document(source)
}

fn document(source: Source) -> Result<Document, Refused> {
    Document::read(source.clone()).map_err(|problem| Refused::in_source(problem, source))
}

/// Changes one entry and writes the register.
fn change(path: &Path, id: DriftId, change: Change, console: &Console) -> Result<Outcome, Refused> {
    let guard = Guarded::open(path)?;
    let mut document = match guard.read()? {
        Some(source) => document(source)?,
        None => read(path)?,
    };
    let before = document.register.clone();
    decide(&mut document.register, id, change)
        .map_err(|error| Problem::new(ProblemCode::Usage, error.to_string()))?;
    guard.replace(&document.text(&before)?)?;
    let status = document.register.entry(id).map_or("", |entry| entry.status.label());
    console.note(&format!("{id} is {status} in {}\n", terminal(&path.display().to_string())));
    Ok(Outcome::Pass)
}

/// Enters which file ends drifts.
pub(super) fn reconciling(path: &Path, ids: &[String], file: &Path) -> Result<(), Refused> {
    let guard = Guarded::open(path)?;
    let mut document = match guard.read()? {
        Some(source) => document(source)?,
        None => read(path)?,
    };
    let before = document.register.clone();
    let migration = file.display().to_string();
    for id in ids.iter().filter_map(|id| DriftId::parse(id)) {
        decide(&mut document.register, id, Change::Reconcile { migration: migration.clone() })
            .map_err(|error| Problem::new(ProblemCode::Usage, error.to_string()))?;
    }
    guard.replace(&document.text(&before)?).map_err(Refused::from)
}

/// Accepts a drift, if the decision is one that holds.
fn accept(
    path: &Path,
    id: DriftId,
    decision: &DecisionArguments,
    arguments: &RegisterArguments,
    project: &Project,
    console: &Console,
) -> Result<Outcome, Refused> {
    let decision = decision.decision();
    let usage = |message: String, help: &str| -> Refused {
        Problem::new(ProblemCode::Decision, message).help(help).into()
    };
    let Some(adr) = &decision.adr else {
        return Err(usage(
            "a drift is accepted by an architecture decision".to_owned(),
            "name it: --adr ADR-015",
        ));
    };
    if let Some(complaint) = project.decisions().complaint(adr) {
        return Err(usage(complaint, "write the record first; nothing was changed"));
    }
    let today = today(arguments.project.as_of)?;
    if let Some(expires) = decision.expires.filter(|day| *day <= today) {
        return Err(usage(format!("{expires} is over already"), "give a later day, or none"));
    }
    change(path, id, Change::Accept(decision), console)
}

/// Decides that a drift is to end. That data may be lost by it needs an ADR.
fn end(
    path: &Path,
    id: DriftId,
    decision: Decision,
    project: &Project,
    console: &Console,
) -> Result<Outcome, Refused> {
    let refused = |message: String| -> Refused {
        Problem::new(ProblemCode::Decision, message)
            .help("name a record that is there: --adr ADR-015; nothing was changed")
            .into()
    };
    match &decision.adr {
        None if decision.allow_data_loss => {
            return Err(refused("that data may be lost is an architecture decision".to_owned()));
        }
        Some(adr) => {
            if let Some(complaint) = project.decisions().complaint(adr) {
                return Err(refused(complaint));
            }
        }
        None => {}
    }
    if let Some(from) = &decision.renamed_from {
        let document = read(path)?;
        let entry = document.register.entry(id);
        if let Some(entry) = entry {
            renamed(entry, from).map_err(|message| {
                Problem::new(ProblemCode::Decision, message)
                    .help("nothing was changed; the new object is the one that is missing")
            })?;
        }
    }
    change(path, id, Change::End(decision), console)
}

/// The rename that ends the drift of what is missing.
///
/// # Errors
/// Says why it cannot be one.
pub(super) fn renamed(entry: &Entry, from: &str) -> Result<Rename, String> {
    if entry.change != "missing" {
        let Entry { id, change, .. } = entry;
        return Err(format!("{id} is {change}, not missing: there is nothing to rename to it"));
    }
    Rename::to(&entry.key.object, from)
}

impl DecisionArguments {
    fn decision(&self) -> Decision {
        Decision {
            reason: self.reason.clone(),
            adr: self.adr.clone(),
            approver: self.by.clone(),
            expires: self.expires,
            allow_data_loss: false,
            renamed_from: None,
            of: None,
        }
    }
}

/// A line for each entry, those that are there first.
fn list(path: &Path, wanted: &[Status], json: bool, console: &Console) -> Result<Outcome, Refused> {
    let document = read(path)?;
    let register = &document.register;
    let mut entries: Vec<&Entry> = register.entries.iter().collect();
    entries.retain(|entry| wanted.is_empty() || wanted.contains(&entry.status));
    entries.sort_by_key(|entry| entry.id);
    if json {
        let list: Vec<_> = entries.iter().map(|entry| as_json(entry, register)).collect();
        return Ok(console.print(&format!("{:#}\n", json!({ "version": 1, "drifts": list }))));
    }
    let mut out = String::new();
    for entry in &entries {
        let facet = entry.key.facet.as_ref().map(|facet| format!(": {facet}")).unwrap_or_default();
        let owner = entry.owner.as_ref().map(|owner| format!("  {owner}")).unwrap_or_default();
        let title = terminal(&format!("{} {}{facet}", entry.key.object, entry.change));
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "{}  {:<11}  {:<8}  {}  {title}{}",
            entry.id,
            entry.status.label(),
            terminal(&entry.severity),
            entry.first_seen.date,
            terminal(&owner)
        );
    }
    let count = |status: Status| register.entries.iter().filter(|e| e.status == status).count();
    let counts: Vec<String> = Status::ALL
        .iter()
        .map(|status| (count(*status), status.label()))
        .filter(|(count, _)| *count > 0)
        .map(|(count, label)| format!("{count} {label}"))
        .collect();
    let counts = if counts.is_empty() { "no drift yet".to_owned() } else { counts.join(", ") };
    let _ = writeln!(out, "{counts}");
    Ok(console.print(&out))
}

/// All that is known of one entry.
fn show(path: &Path, id: DriftId, console: &Console) -> Result<Outcome, Refused> {
    let document = read(path)?;
    let Some(entry) = document.register.entry(id) else {
        let message = format!("the register has no {id}");
        return Err(Problem::new(ProblemCode::Usage, message).into());
    };
    let moment = |stamp: &Stamp| match &stamp.commit {
        Some(commit) => format!("{} at {}", stamp.date, terminal(commit)),
        None => stamp.date.to_string(),
    };
    let mut lines = vec![
        ("object", entry.key.object.clone()),
        (
            "drift",
            match &entry.key.facet {
                Some(facet) => format!("{}: {facet}", entry.change),
                None => entry.change.clone(),
            },
        ),
        ("severity", entry.severity.clone()),
        ("status", entry.status.label().to_owned()),
        ("canonical", entry.canonical.clone()),
        ("live", entry.live.clone()),
        ("first seen", moment(&entry.first_seen)),
        ("last seen", moment(document.register.last_seen(entry))),
    ];
    lines.extend(entry.resolved.as_ref().map(|stamp| ("resolved", moment(stamp))));
    lines.extend(entry.owner.clone().map(|owner| ("owner", owner)));
    lines.extend(entry.migration.clone().map(|file| ("migration", file)));
    if let Some(decision) = &entry.decision {
        let Decision { reason, adr, approver, expires, allow_data_loss, renamed_from, of: _ } =
            decision;
        lines.push(("decision", reason.clone()));
        lines.extend(adr.clone().map(|adr| ("adr", adr)));
        lines.extend(approver.clone().map(|approver| ("approver", approver)));
        lines.extend(expires.map(|day| ("expires", day.to_string())));
        lines.extend(allow_data_loss.then(|| ("allows", "data loss".to_owned())));
        lines.extend(renamed_from.clone().map(|name| ("renamed", format!("from {name}"))));
    }
    lines.extend(entry.notes.clone().map(|notes| ("notes", notes)));
    let mut out = format!("{id}\n");
    for (label, text) in lines {
        let _ = writeln!(out, "  {label:<11}{}", terminal(text.trim_end()));
    }
    Ok(console.print(&out))
}

/// An entry as data.
fn as_json(entry: &Entry, register: &Register) -> serde_json::Value {
    let moment = |stamp: &Stamp| json!({ "date": stamp.date.to_string(), "commit": stamp.commit });
    let decision = entry.decision.as_ref().map(|decision| {
        json!({
            "reason": decision.reason,
            "adr": decision.adr,
            "approver": decision.approver,
            "expires": decision.expires.map(|day| day.to_string()),
            "allow_data_loss": decision.allow_data_loss,
            "renamed_from": decision.renamed_from,
        })
    });
    json!({
        "id": entry.id.to_string(),
        "object": entry.key.object,
        "facet": entry.key.facet,
        "change": entry.change,
        "severity": entry.severity,
        "status": entry.status.label(),
        "canonical": entry.canonical,
        "live": entry.live,
        "first_seen": moment(&entry.first_seen),
        "last_seen": moment(register.last_seen(entry)),
        "resolved": entry.resolved.as_ref().map(moment),
        "owner": entry.owner,
        "migration": entry.migration,
        "decision": decision,
        "notes": entry.notes,
    })
}

/// Says what contradicts itself; gives numbers anew that are there twice if asked to.
fn checked(
    path: &Path,
    anew: bool,
    arguments: &RegisterArguments,
    project: &Project,
    console: &Console,
) -> Result<Outcome, Refused> {
    if anew {
        let guard = Guarded::open(path)?;
        let mut document = match guard.read()? {
            Some(source) => document(source)?,
            None => read(path)?,
        };
        let before = document.register.clone();
        for (old, new) in renumber(&mut document.register) {
            console.note(&format!("the second {old} is {new} now\n"));
        }
        if document.register != before {
            guard.replace(&document.text(&before)?)?;
        }
    }
    let document = read(path)?;
    let today = today(arguments.project.as_of)?;
    let decisions = project.decisions();
    let problems = check(&document, today, &decisions);
    if !problems.is_empty() {
        console.problems(&problems, std::slice::from_ref(document.source()));
        return Ok(Outcome::Drift);
    }
    let entries = &document.register.entries;
    let accepted = entries.iter().filter(|entry| in_force(entry, today, &decisions)).count();
    Ok(console.print(&format!(
        "{}: {} drifts, {accepted} accepted; nothing contradicts itself\n",
        terminal(&path.display().to_string()),
        entries.len()
    )))
}

/// `pgcanon register merge BASE OURS THEIRS`: the result is written to OURS, as git's merge
/// drivers do it (`git help attributes`, "Defining a custom merge driver").
fn merged([base, ours, theirs]: [&PathBuf; 3], console: &Console) -> Result<Outcome, Refused> {
    let side = |path: &PathBuf| -> Result<Document, Refused> {
        let name = path.display().to_string();
        let source = read_if_there(path, &name)?;
        source.map_or_else(|| Ok(Document::new(&name)), document)
    };
    let (base, theirs) = (side(base)?, side(theirs)?);
    let guard = Guarded::open(ours)?;
    let mut own = side(ours)?;
    let before = own.register.clone();
    let result = merge(&base.register, &mut own.register, &theirs.register);
    guard.replace(&own.text(&before)?)?;
    for (old, new) in &result.renumbered {
        console
            .note(&format!("their {old} is {new} now: ours has that number for another drift\n"));
    }
    for (id, what) in &result.conflicts {
        console.note(&format!("{id}: both sides changed {what}; ours is kept\n"));
    }
    Ok(if result.conflicts.is_empty() { Outcome::Pass } else { Outcome::Drift })
}
