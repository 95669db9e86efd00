//! A whole schema: objects by identity, each with what is said of it and where.

use std::collections::BTreeMap;

use super::{Acl, Facet, Ident, NormalRule, NormalRules, Object, ObjectId, Span};

/// All objects of one side.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    /// The objects, in the order of reports. Boxed, as nodes of the map are half empty
    /// when it was filled in order, and as normalizing moves all of them.
    pub objects: BTreeMap<ObjectId, Box<Entry>>,
    /// Which PostgreSQL the dump is of; none for what is written by hand.
    pub dumped: Option<Dumped>,
}

/// Major versions of the two programs behind a dump.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dumped {
    /// The server.
    pub server: u16,
    /// `pg_dump`, which is never older.
    pub client: u16,
    /// True when the text has the header that `pg_dump` writes: nobody took its comments out.
    pub headed: bool,
}

/// An object with what every object can have, and its places in the source.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The object itself.
    pub object: Object,
    /// `OWNER TO`, when the source says it.
    pub owner: Option<Ident>,
    /// `COMMENT ON`.
    pub comment: Option<Box<str>>,
    /// Privileges; `None` when they are the default of the kind.
    pub acl: Option<Acl>,
    /// `SECURITY LABEL FOR provider`.
    pub labels: BTreeMap<Ident, Box<str>>,
    /// Where it is said.
    pub origin: Origin,
}

impl Entry {
    /// A new object that is said at `span`.
    pub fn new(object: Object, span: Span) -> Self {
        Self {
            object,
            owner: None,
            comment: None,
            acl: None,
            labels: BTreeMap::new(),
            origin: Origin::at(span),
        }
    }
}

/// Where an object and its parts are said. A part that is not listed is said
/// where the object is.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The statement that creates the object.
    pub span: Span,
    /// Parts that have a place of their own; the last one said wins.
    pub parts: Vec<(Place, Span)>,
    /// The rules that were applied to it as a whole when it was read.
    pub rules: NormalRules,
    /// Those that were applied to its parts.
    pub part_rules: Vec<(Place, NormalRule)>,
}

/// A part of an object: a column, a facet of it, or a facet of the object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Place {
    /// The column, attribute or domain constraint.
    pub part: Option<Ident>,
    /// The facet; none for the part as a whole.
    pub facet: Option<Facet>,
}

impl Place {
    /// A column or another named part as a whole.
    pub fn part(name: &Ident) -> Self {
        Self { part: Some(name.clone()), facet: None }
    }

    /// A facet of the object itself.
    pub fn facet(facet: Facet) -> Self {
        Self { part: None, facet: Some(facet) }
    }

    /// A facet of a named part.
    pub fn part_facet(name: &Ident, facet: Facet) -> Self {
        Self { part: Some(name.clone()), facet: Some(facet) }
    }
}

impl Origin {
    /// That of an object which is said in one statement.
    pub fn at(span: Span) -> Self {
        Self { span, ..Self::default() }
    }

    /// Notes a rule that was applied to the object.
    pub fn apply(&mut self, rule: NormalRule) {
        self.rules.add(rule);
    }

    /// Notes a rule that was applied to a part of it.
    pub fn apply_to(&mut self, place: Place, rule: NormalRule) {
        let noted = (place, rule);
        if !self.part_rules.contains(&noted) {
            self.part_rules.push(noted);
        }
    }

    /// Records where a part is said.
    pub fn record(&mut self, place: Place, span: Span) {
        self.parts.push((place, span));
    }

    /// Where a part is said last, if it has a place of its own.
    pub fn exactly(&self, wanted: &Place) -> Option<Span> {
        self.parts.iter().rev().find(|(place, _)| place == wanted).map(|(_, span)| *span)
    }

    /// Where a part is said: its own place, else that of what it is part of.
    pub fn of(&self, place: &Place) -> Span {
        let find = |wanted: &Place| self.exactly(wanted);
        let of_identity = place.facet.is_some_and(Facet::is_of_sequence);
        let identity = of_identity.then(|| Place { facet: Some(Facet::Identity), ..place.clone() });
        find(place)
            .or_else(|| find(&identity?))
            .or_else(|| find(&Place { part: place.part.clone(), facet: None }))
            .unwrap_or(self.span)
    }
}
