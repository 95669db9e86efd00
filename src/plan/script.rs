//! A plan as SQL that `psql` runs: transactions, drift ids and hazards as comments.
//!
//! Steps that delete data are comments unless they are allowed; so are the steps that
//! cannot run without them, so that what is left runs to its end.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Hazard, Plan, Step, Transaction, Unit};
use crate::diff::container;
use crate::emit::report::object_name;
use crate::emit::sql::{SqlWriter, Style};
use crate::model::{ObjectId, QualifiedName, SearchPath};
use crate::normalize::NormalSchema;

/// How a script is written.
#[derive(Clone, Debug, Default)]
pub struct ScriptOptions {
    /// Write steps that delete data; otherwise they are comments.
    pub allow_data_loss: bool,
    /// Drifts whose steps may delete data, each with the decision that says so.
    pub decided: BTreeMap<String, String>,
    /// The decision that allows it, for linters of migrations.
    pub decision: Option<String>,
    /// The drifts of each object, by id.
    pub causes: Causes,
}

impl ScriptOptions {
    /// Whether a step may delete data.
    fn allows(&self, step: &Step) -> bool {
        self.allow_data_loss || self.decision_of(step).is_some()
    }

    /// The decision that allows a step to delete data: all its drifts have to have one.
    fn decision_of(&self, step: &Step) -> Option<&String> {
        let causes = self.causes.of(&step.unit);
        let mut decisions = causes.iter().map(|id| self.decided.get(*id));
        let first = decisions.next()??;
        decisions.all(|decision| decision.is_some()).then_some(first)
    }
}

/// Which drifts a step is for.
#[derive(Clone, Debug, Default)]
pub struct Causes {
    by_object: BTreeMap<ObjectId, Vec<String>>,
    /// The relation that a part stands or falls with.
    holders: HashMap<ObjectId, QualifiedName>,
    /// What only one side has.
    one_sided: BTreeSet<ObjectId>,
}

impl Causes {
    /// From ids by object; the schemas tell what is part of what.
    pub fn new(by_object: BTreeMap<ObjectId, Vec<String>>, schemas: [&NormalSchema; 2]) -> Self {
        let mut holders = HashMap::new();
        for (id, object) in schemas.into_iter().flatten() {
            if let Some(holder) = container(id, object.object()) {
                holders.insert(id.clone(), holder.clone());
            }
        }
        let is_one_sided = |id: &&ObjectId| schemas.iter().any(|side| side.get(id).is_none());
        let one_sided = by_object.keys().filter(is_one_sided).cloned().collect();
        Self { by_object, holders, one_sided }
    }

    /// The relation or domain that an object is a part of.
    pub fn holder<'s>(&'s self, id: &'s ObjectId) -> Option<&'s QualifiedName> {
        match id {
            ObjectId::Column(child) => Some(&child.parent),
            other => self.holders.get(other),
        }
    }

    /// All ids in order.
    pub(super) fn all(&self) -> Vec<String> {
        let all: BTreeSet<&String> = self.by_object.values().flatten().collect();
        all.into_iter().cloned().collect()
    }

    /// The drifts of an object, or of what it is a part of.
    pub(super) fn of(&self, unit: &Unit) -> Vec<&str> {
        let id = unit.object();
        self.first(std::iter::once(&id).chain(&self.containers(&id)))
    }

    /// The drifts of an object, or of what it comes and goes with.
    pub(super) fn own(&self, id: &ObjectId) -> Vec<&str> {
        let containers = self.containers(id);
        let whole = containers.iter().filter(|id| self.one_sided.contains(*id));
        self.first(std::iter::once(id).chain(whole))
    }

    fn first<'i>(&self, mut ids: impl Iterator<Item = &'i ObjectId>) -> Vec<&str> {
        ids.find_map(|id| self.by_object.get(id))
            .map(|ids| ids.iter().map(String::as_str).collect())
            .unwrap_or_default()
    }

    /// What an object may be a part of.
    fn containers(&self, id: &ObjectId) -> Vec<ObjectId> {
        let kinds = |name: &QualifiedName| {
            [
                ObjectId::Table(name.clone()),
                ObjectId::View(name.clone()),
                ObjectId::MaterializedView(name.clone()),
                ObjectId::Domain(name.clone()),
            ]
        };
        self.holder(id).into_iter().flat_map(kinds).collect()
    }
}

/// A migration as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// The statements.
    pub text: String,
    /// How many steps there are.
    pub steps: usize,
    /// How many of them are there only as comments.
    pub withheld: usize,
}

const BEGIN: &str = "BEGIN;\n\
    SET LOCAL search_path = '';\n\
    SET LOCAL check_function_bodies = false;\n\n";

/// The script of one direction.
pub fn sql(plan: &Plan, options: &ScriptOptions) -> Script {
    let withheld = withheld(&plan.steps, &|step| options.allows(step));
    let mut script =
        Script { text: String::new(), steps: plan.steps.len(), withheld: withheld.len() };
    let text = &mut script.text;
    let mut open = false;
    for (at, step) in plan.steps.iter().enumerate() {
        if withheld.contains(&at) {
            heading(step, options, text);
            withhold(step, text);
            continue;
        }
        let alone = step.transaction == Transaction::Alone;
        if alone && open {
            text.push_str("COMMIT;\n\n");
            open = false;
        } else if !alone && !open {
            text.push_str(BEGIN);
            open = true;
        }
        heading(step, options, text);
        if let Some(path) = &step.path {
            text.push_str(&set_path(path));
        }
        text.push_str(&step.sql);
        if step.path.is_some() {
            text.push_str(&set_path(&SearchPath::empty()));
        }
        text.push('\n');
        let next = plan.steps.get(at + 1).map(|next| next.transaction);
        if step.transaction == Transaction::CommitAfter && next != Some(Transaction::CommitAfter) {
            text.push_str("COMMIT;\n\n");
            open = false;
        }
    }
    if open {
        text.push_str("COMMIT;\n");
    }
    script
}

/// One step as other formats write it.
pub(super) struct Parts {
    /// What it is for and what it endangers, each line a comment of SQL.
    pub comments: String,
    /// Its statements.
    pub sql: String,
    /// False when it is left out.
    pub runs: bool,
    pub transaction: Transaction,
}

/// All steps in order.
pub(super) fn parts(plan: &Plan, options: &ScriptOptions) -> Vec<Parts> {
    let withheld = withheld(&plan.steps, &|step| options.allows(step));
    let part = |(at, step): (usize, &Step)| {
        let mut comments = String::new();
        heading(step, options, &mut comments);
        let runs = !withheld.contains(&at);
        let mut sql = String::new();
        let path = step.path.as_ref().filter(|_| runs);
        sql.push_str(&path.map(set_path).unwrap_or_default());
        sql.push_str(&step.sql);
        if path.is_some() {
            sql.push_str(&set_path(&SearchPath::empty()));
        }
        if !runs {
            comments.push_str(left_out_because(step));
        }
        let transaction = step.transaction;
        Parts { comments, sql, runs, transaction }
    };
    plan.steps.iter().enumerate().map(part).collect()
}

fn set_path(path: &SearchPath) -> String {
    let mut writer = SqlWriter::new(Style::LINES);
    writer.sql("SET LOCAL search_path = ");
    if path.0.is_empty() {
        writer.sql("''");
    }
    writer.list(path.0.iter(), SqlWriter::ident);
    writer.sql(";\n");
    writer.finish()
}

fn is_destructive(step: &Step) -> bool {
    step.hazards.iter().any(|hazard| hazard.is_destructive())
}

/// The steps that delete data, and those that cannot run without them.
pub(super) fn withheld(steps: &[Step], allowed: &dyn Fn(&Step) -> bool) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let is_left_out = |step: &Step| {
        (is_destructive(step) && !allowed(step)) || step.hazards.contains(&Hazard::Secret)
    };
    if !steps.iter().any(is_left_out) {
        return found;
    }
    let mut by: [HashMap<&Unit, Vec<usize>>; 3] = Default::default();
    let [givers, takers, needers] = &mut by;
    for (at, step) in steps.iter().enumerate() {
        step.gives.iter().for_each(|unit| givers.entry(unit).or_default().push(at));
        step.takes.iter().for_each(|unit| takers.entry(unit).or_default().push(at));
        step.needs.iter().for_each(|unit| needers.entry(unit).or_default().push(at));
    }
    let mut work: Vec<usize> =
        steps.iter().enumerate().filter(|(_, step)| is_left_out(step)).map(|(at, _)| at).collect();
    while let Some(at) = work.pop() {
        if !found.insert(at) {
            continue;
        }
        let Some(step) = steps.get(at) else { continue };
        let follow = |units: &BTreeSet<Unit>, map: &HashMap<&Unit, Vec<usize>>| -> Vec<usize> {
            units.iter().filter_map(|unit| map.get(unit)).flatten().copied().collect()
        };
        // What it was to take is still there: it cannot be made again, nor what it uses go.
        work.extend(follow(&step.takes, givers));
        work.extend(follow(&step.frees, takers));
        // What it was to give is missing: nothing can use it, and what was there stays.
        work.extend(follow(&step.gives, needers));
        work.extend(follow(&step.gives, takers));
    }
    found
}

/// What the step is for, and what it endangers.
fn heading(step: &Step, options: &ScriptOptions, text: &mut String) {
    let mut writer = SqlWriter::new(Style::LINES);
    let id = step.unit.object();
    let causes = options.causes.of(&step.unit);
    let causes =
        if causes.is_empty() { "around another change".to_owned() } else { causes.join(", ") };
    writer.comment(&format!("{} {}: {causes}", id.kind().label(), object_name(&id)));
    for hazard in &step.hazards {
        writer.comment(&format!("hazard {}: {}", hazard.code(), hazard.message()));
    }
    let decision = options.decision.as_ref().or_else(|| options.decision_of(step));
    if let Some(decision) = decision.filter(|_| is_destructive(step)) {
        writer.comment(&format!("CI:DESTRUCTIVE_OK {decision}"));
    }
    text.push_str(&writer.finish());
}

/// Why a step is only a comment.
fn left_out_because(step: &Step) -> &'static str {
    if step.hazards.contains(&Hazard::Secret) {
        "-- LEFT OUT: it holds a secret, for which a digest stands; --with-secrets writes it.\n"
    } else if is_destructive(step) {
        "-- LEFT OUT: it deletes data; --allow data-loss writes it.\n"
    } else {
        "-- LEFT OUT: it cannot run without a step that is left out.\n"
    }
}

fn withhold(step: &Step, text: &mut String) {
    text.push_str(left_out_because(step));
    for line in step.sql.lines() {
        text.push_str("--   ");
        text.push_str(line);
        text.push('\n');
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Hazard, Rank};

    fn step(sql: &'static str) -> Step {
        let id = ObjectId::Table(QualifiedName::new("public", "t"));
        Step::new(Rank::Drop, &Unit::Object(id), |w| {
            w.sql(sql);
        })
    }

    #[test]
    fn what_needs_a_step_that_is_left_out_is_left_out() {
        let table = Unit::Object(ObjectId::Table(QualifiedName::new("public", "t")));
        let steps = vec![
            step("DROP TABLE t;\n").takes([&table]).hazard(Hazard::DataLoss),
            step("CREATE TABLE t ();\n").gives([&table]),
            step("CREATE INDEX ON t (a);\n").needs([&table]),
            step("CREATE TABLE u ();\n"),
        ];
        assert_eq!(withheld(&steps, &|_| false), BTreeSet::from([0, 1, 2]));
        assert!(withheld(&steps, &|_| true).is_empty());
        let script = sql(&Plan { steps, circles: Vec::new() }, &ScriptOptions::default());
        let run: Vec<&str> =
            script.text.lines().filter(|l| !l.starts_with("--") && l.contains("TABLE")).collect();
        assert_eq!(run, ["CREATE TABLE u ();"]);
    }
}
