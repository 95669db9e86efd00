//! Takes what the configuration leaves out of a comparison, and changes severities.

use super::{Config, Pattern, fits};
use crate::diff::{Diff, Drift, DriftKind, SkipReason, Skipped};
use crate::emit::report::{facet_label, object_name};
use crate::model::{Problem, ProblemCode};

/// What a configuration did to a comparison.
#[derive(Clone, Debug, Default)]
pub struct Applied {
    /// Drifts that were left out.
    pub ignored: Vec<Ignored>,
    /// Rules that fitted nothing; places are in source 0, the configuration.
    pub unused: Vec<Problem>,
}

impl Applied {
    /// Says to a plan which objects stay as they are on both sides. Facets that were left out
    /// are in no drift, so that nothing is planned for them.
    pub fn keep(&self, diff: &mut Diff) {
        for Ignored { drift, .. } in &self.ignored {
            let live = match &drift.kind {
                DriftKind::Changed { .. } => continue,
                DriftKind::Renamed { live } => Some(live),
                DriftKind::Missing { .. } | DriftKind::Extra { .. } => None,
            };
            diff.skipped.extend([Some(&drift.object), live].into_iter().flatten().map(|object| {
                Skipped {
                    reason: SkipReason::IgnoredByRule,
                    object: object.clone(),
                    facet: None,
                    spans: drift.spans,
                }
            }));
        }
    }
}

/// A drift that the configuration leaves out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignored {
    /// The drift.
    pub drift: Drift,
    /// Why.
    pub reason: String,
}

/// Applies ignore rules and severities, the first rule that fits each.
pub fn apply(config: &Config, diff: &mut Diff) -> Applied {
    let ignore: Vec<Pattern> =
        config.settings.ignore.iter().map(|rule| rule.value.pattern()).collect();
    let severities: Vec<Pattern> =
        config.settings.severities.iter().map(|rule| rule.value.pattern()).collect();
    let mut uses = (vec![0_usize; ignore.len()], vec![0_usize; severities.len()]);
    let mut applied = Applied::default();
    let drifts = std::mem::take(&mut diff.drifts);
    for mut drift in drifts {
        let words = Words::of(&drift);
        let first = |rules: &[Pattern]| rules.iter().position(|rule| words.fit(rule));
        if let Some(at) = first(&severities) {
            count(&mut uses.1, at);
            let rule = config.settings.severities.get(at).and_then(|rule| rule.value.severity());
            drift.severity = rule.unwrap_or(drift.severity);
        }
        match first(&ignore).and_then(|at| Some((at, config.settings.ignore.get(at)?))) {
            Some((at, rule)) => {
                count(&mut uses.0, at);
                applied.ignored.push(Ignored { drift, reason: rule.value.reason.clone() });
            }
            None => diff.drifts.push(drift),
        }
    }
    let unused = |what: &str| {
        Problem::new(ProblemCode::Unused, format!("{what} fits no drift"))
            .help("remove it, or look whether its words are right")
    };
    for (rule, _) in config.settings.ignore.iter().zip(&uses.0).filter(|(_, uses)| **uses == 0) {
        applied.unused.push(unused("an ignore rule").at(config.place(rule)));
    }
    for (rule, _) in config.settings.severities.iter().zip(&uses.1).filter(|(_, uses)| **uses == 0)
    {
        applied.unused.push(unused("a severity").at(config.place(rule)));
    }
    applied
}

fn count(uses: &mut [usize], at: usize) {
    if let Some(uses) = uses.get_mut(at) {
        *uses += 1;
    }
}

/// What a drift is called in patterns.
struct Words {
    kind: &'static str,
    name: String,
    facet: String,
    change: &'static str,
}

impl Words {
    fn of(drift: &Drift) -> Self {
        Self {
            kind: drift.object.kind().label(),
            name: object_name(&drift.object),
            facet: drift.facet().map_or_else(|| "object".to_owned(), facet_label),
            change: drift.kind.label(),
        }
    }

    fn fit(&self, pattern: &Pattern) -> bool {
        let Pattern { kind, name, facet, change } = pattern;
        let same = |wanted: &Option<String>, word: &str| wanted.as_ref().is_none_or(|w| w == word);
        let like =
            |wanted: &Option<String>, word: &str| wanted.as_ref().is_none_or(|w| fits(w, word));
        same(kind, self.kind)
            && same(change, self.change)
            && like(name, &self.name)
            && like(facet, &self.facet)
    }
}
