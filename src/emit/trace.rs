//! Which rules of the normal form applied, and where: the text of `normalize --trace`.
//!
//! In goes a schema that was normalized with its rules noted, out come lines
//! `file:line  object: part  rules`, in the order of reports. A rule is listed where it was
//! applied while reading or analysing that part; one whose two spellings are the same for the
//! grammar already (`a != b`, `INT`) is none.

use super::escape;
use super::report::name;
use crate::model::{NormalRule, NormalRules, Place};
use crate::normalize::{NormalObject, NormalSchema};
use crate::source::{LineIndex, Source};

/// All objects to which rules were applied, and the rules with their titles below.
pub fn trace(schema: &NormalSchema, sources: &[Source]) -> String {
    let lines: Vec<LineIndex<'_>> =
        sources.iter().map(|source| LineIndex::new(&source.text)).collect();
    let mut out = String::new();
    let mut all = NormalRules::default();
    for (id, object) in schema {
        for (place, rules) in object.rules() {
            all.add_all(rules);
            let span = object.origin().of(&place);
            let at = span.source.0 as usize;
            let cited = match (sources.get(at), lines.get(at)) {
                (Some(source), Some(lines)) => {
                    let line = lines.position(span.start as usize).line;
                    format!("{}:{line}", escape::terminal(&source.name))
                }
                _nowhere => "-".to_owned(),
            };
            let part = part(&place);
            let part = if part.is_empty() { part } else { format!(": {part}") };
            let codes: Vec<&str> = rules.iter().map(NormalRule::code).collect();
            out.push_str(&format!(
                "{cited}  {} {}{}  {}\n",
                id.kind().label(),
                escape::terminal(&name::object(id)),
                escape::terminal(&part),
                codes.join(" ")
            ));
        }
    }
    let listed = titles(all);
    if listed.is_empty() { out } else { format!("{out}\n{listed}") }
}

/// The rules that applied to an object, to the part at `place` and to what is in it.
pub(super) fn rules_at(object: &NormalObject, place: &Place) -> NormalRules {
    let mut found = NormalRules::default();
    for (own, rules) in object.rules() {
        let same_part = place.part.is_none() || own.part.is_none() || own.part == place.part;
        let same_facet = place.facet.is_none() || own.facet.is_none() || own.facet == place.facet;
        if same_part && same_facet {
            found.add_all(rules);
        }
    }
    found
}

/// A line for each rule: its code, what it does, and what of PostgreSQL does the same.
pub(super) fn titles(rules: NormalRules) -> String {
    let line =
        |rule: NormalRule| format!("{}  {} ({})\n", rule.code(), rule.title(), rule.source());
    rules.iter().map(line).collect()
}

fn part(place: &Place) -> String {
    let part = place.part.as_ref().map(|part| part.as_str().to_owned());
    let facet = place.facet.map(|facet| facet.label().to_owned());
    part.into_iter().chain(facet).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ObjectId, QualifiedName};
    use crate::normalize::{normalize, normalize_traced};
    use crate::parse::parse;

    const TEXT: &str = "CREATE TABLE t (a serial,\n  b text CHECK (b IN ('x', 'y')),\n  c date DEFAULT '2024-1-2');";

    #[test]
    fn rules_stand_at_their_lines() {
        let sources = [Source { name: "s.sql".to_owned(), text: TEXT.to_owned() }];
        let found = trace(&normalize_traced(parse(&sources).schema), &sources);
        assert!(found.contains("s.sql:1  table public.t: a  N-SERIAL"), "{found}");
        assert!(found.contains("s.sql:3  table public.t: c default  N-LITERAL"), "{found}");
        assert!(found.contains("N-CONSTANT-FORM"), "{found}");
        let check = found.lines().find(|line| line.contains("t_b_check: expression"));
        assert!(
            check.is_some_and(|line| line.starts_with("s.sql:2") && line.contains("N-IN-LIST")),
            "{found}"
        );
    }

    #[test]
    fn what_is_not_asked_for_is_not_kept() {
        let sources = [Source { name: "s.sql".to_owned(), text: TEXT.to_owned() }];
        let schema = normalize(parse(&sources).schema);
        let table = schema.get(&ObjectId::Table(QualifiedName::new("public", "t"))).unwrap();
        // Only what reading noted, in bits that are there anyway.
        let facets = table.rules().into_keys().filter(|place| place.facet.is_some());
        assert_eq!(facets.count(), 0);
    }
}
