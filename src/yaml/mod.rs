//! A schema in YAML as a source: the same [`Schema`](crate::model::Schema) as SQL, with the
//! places of the YAML.
//!
//! YAML goes in; it is translated to SQL with a map of places, the SQL is parsed as any other,
//! and all places are led back. The surprising thing: unless a file says `exact: true`, what it
//! does not say is not claimed. [`Said`] keeps what is said, [`judge`] takes the rest out of a
//! comparison.

mod constraint;
mod default;
mod draft;
mod fill;
mod index;
mod judge;
mod node;
mod reader;
mod said;
mod table;
mod tags;
mod translate;

pub use fill::{Unfilled, fill};
pub use judge::judge;
pub use said::{Category, Extent, Said, Stated};
pub use translate::severity;

use crate::model::{ObjectId, Problem, SourceId, Span};
use crate::parse::{Parsed, parse};
use crate::source::Source;
use draft::{Map, Mark};
use translate::translate;

/// The JSON Schema of the format.
pub const JSON_SCHEMA: &str = include_str!("schema/schema-1.json");

/// Sources of one side, read.
#[derive(Debug, Default)]
pub struct Read {
    /// What they say.
    pub parsed: Parsed,
    /// What those in YAML do not say, and tags.
    pub said: Said,
}

/// Reads the sources of one side, in order: SQL, and YAML as [`is_yaml`] finds it.
pub fn read(sources: &[Source]) -> Read {
    if !sources.iter().any(is_yaml) {
        let parsed = parse(sources);
        let mut said = Said { complete: true, ..Said::default() };
        tags::add(sources, &parsed.schema, &mut said);
        return Read { parsed, said };
    }
    let mut read = Read::default();
    read.said.complete = sources.iter().any(|source| !is_yaml(source));
    let mut maps: Vec<Option<Map>> = Vec::new();
    let mut texts = Vec::new();
    let mut problems = Vec::new();
    for (at, source) in sources.iter().enumerate() {
        let id = SourceId(u32::try_from(at).unwrap_or(u32::MAX));
        if !is_yaml(source) {
            maps.push(None);
            texts.push(source.clone());
            continue;
        }
        let (sql, map, mut own) = translated(source, id, &mut read.said);
        own.iter_mut().filter_map(|problem| problem.span.as_mut()).for_each(|s| s.source = id);
        problems.extend(own);
        maps.push(Some(map));
        texts.push(Source { name: source.name.clone(), text: sql });
    }
    let is_error = |problem: &Problem| problem.code.gravity() == crate::model::Gravity::Error;
    if problems.iter().any(is_error) {
        read.parsed.problems = problems;
        return read;
    }
    read.parsed = parse(&texts);
    lead_back(&mut read, &maps);
    read.parsed.problems.extend(problems);
    tags::add(sources, &read.parsed.schema, &mut read.said);
    read
}

fn translated(source: &Source, id: SourceId, said: &mut Said) -> (String, Map, Vec<Problem>) {
    match translate(source) {
        Ok(translation) => {
            let extent = if translation.exact { Extent::Exact } else { Extent::Said };
            said.sources.insert(id, extent);
            said.complete |= translation.complete;
            said.objects.extend(translation.objects);
            said.categories.extend(translation.categories);
            let at = |(tag, range): (String, std::ops::Range<usize>)| {
                (tag, Span::new(id, range.start, range.end))
            };
            said.tags.extend(translation.tags.into_iter().map(at));
            (translation.sql, translation.map, translation.problems)
        }
        Err(problems) => (String::new(), Map::default(), problems),
    }
}

/// True for a source in YAML: by the end of its name, or by how it starts.
pub fn is_yaml(source: &Source) -> bool {
    let end = source.name.rsplit('.').next().unwrap_or_default();
    if ["yaml", "yml"].iter().any(|yaml| end.eq_ignore_ascii_case(yaml)) {
        return true;
    }
    if end.eq_ignore_ascii_case("sql") {
        return false;
    }
    let lines = source.text.trim_start_matches('\u{feff}').lines().map(str::trim_end);
    let mut lines =
        lines.filter(|line| !line.is_empty() && !line.starts_with('#') && *line != "---");
    let first = lines.next().and_then(|line| line.split_once(':')).map(|(key, _)| key);
    first.is_some_and(translate::is_top)
}

/// Leads all places in translated sources back to the YAML.
fn lead_back(read: &mut Read, maps: &[Option<Map>]) {
    let map = |span: Span| maps.get(span.source.0 as usize).and_then(Option::as_ref);
    let lead = |span: &mut Span| {
        if *span != Span::default()
            && let Some(map) = map(*span)
        {
            *span = map.span(*span);
        }
    };
    for (id, entry) in &mut read.parsed.schema.objects {
        let span = entry.origin.span;
        if let Some(Mark::Said { named, table, column }) =
            map(span).filter(|_| span != Span::default()).map(|map| map.mark(span))
        {
            if !named {
                read.said.unnamed.insert(id.clone());
            }
            if let Some(column) = column {
                let child = crate::model::Child::new(table.clone(), column.clone());
                let stated = read.said.objects.entry(id.clone()).or_default();
                stated.of_column = Some(ObjectId::Column(child));
            }
        }
        lead(&mut entry.origin.span);
        entry.origin.parts.iter_mut().for_each(|(_, span)| lead(span));
    }
    for problem in &mut read.parsed.problems {
        problem.span.iter_mut().for_each(&lead);
        problem.related.iter_mut().for_each(|(_, span)| lead(span));
    }
    for spans in read.parsed.coverage.ignored.values_mut() {
        spans.iter_mut().for_each(&lead);
    }
}
