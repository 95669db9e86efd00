//! From a [`Schema`] as written to a [`NormalSchema`], in which equal means the same.
//!
//! Each object is rewritten alone, in parallel: first what is only spelling, in
//! place (`structure`), then by the `STEPS` in order. What a step leaves as it
//! is takes no memory: the written object stands for the normal one. What a step
//! cannot decide it lists ([`Undecided`]), so that no report calls equal or different
//! what was only compared as text.

mod align;
pub mod analyze;
mod catalog_of;
pub mod constant;
mod elaborate;
mod lend;
mod outputs;
mod structure;
mod views;

pub use align::align;
pub use outputs::{Output, elaborated, outputs};

use std::collections::BTreeMap;
use std::collections::btree_map;

use rayon::prelude::*;

use analyze::Domains;
use elaborate::LastScope;
use views::Views;

use crate::catalog::Catalog;
use crate::model::{
    Acl, Dumped, Entry, Ident, NormalRule, NormalRules, Object, ObjectId, Origin, Place,
    QualifiedName, Schema, SearchPath,
};

/// Brings every object of a schema into normal form.
///
/// Invariant: no other function makes a [`NormalSchema`], so that whatever takes
/// one can rely on its form.
pub fn normalize(schema: Schema) -> NormalSchema {
    run(schema, false)
}

/// The same, with the rules that were applied to each part ([`NormalObject::rules`]).
pub fn normalize_traced(schema: Schema) -> NormalSchema {
    run(schema, true)
}

fn run(mut schema: Schema, traced: bool) -> NormalSchema {
    let domains = structure::domains(&schema);
    schema.objects.par_iter_mut().for_each(|(_, entry)| structure::rewrite(entry, &domains));
    let (mut catalog, domains) = catalog_of::catalog_of(&schema);
    let views = views::analyse(&schema, &mut catalog, &domains);
    let normal: Vec<(Option<Object>, Found)> = schema
        .objects
        .par_iter()
        .map_init(LastScope::default, |scopes, (id, entry)| {
            let (schema, catalog, domains, views) = (&schema, &catalog, &domains, &views);
            let context = Context { schema, catalog, domains, views, scopes };
            normal_object(id, &entry.object, &context, traced)
        })
        .collect();
    // What was only needed to decide makes room for the result.
    drop((catalog, domains, views));
    let objects = schema
        .objects
        .into_iter()
        .zip(normal)
        .map(|((id, entry), (normal, found))| {
            let Found { undecided, rules, traced: _ } = found;
            (id, NormalObject { entry, normal, undecided, rules })
        })
        .collect();
    NormalSchema { objects, dumped: schema.dumped }
}

/// Runs the steps over one object; none when all of them leave it as it is.
fn normal_object(
    id: &ObjectId,
    written: &Object,
    context: &Context<'_>,
    traced: bool,
) -> (Option<Object>, Found) {
    let mut found = Found { traced, ..Found::default() };
    let mut normal: Option<Object> = None;
    for step in STEPS {
        let input = normal.as_ref().unwrap_or(written);
        if let Some(output) = step(id, input, context, &mut found) {
            normal = Some(output);
        }
    }
    found.undecided.sort();
    found.undecided.dedup();
    (normal.filter(|normal| normal != written), found)
}

/// One rewriting of an object: its identity, the object as the steps before left
/// it, what is around it, and a list for what is found on the way. `None` when
/// there is nothing to change.
pub type Step = fn(&ObjectId, &Object, &Context<'_>, &mut Found) -> Option<Object>;

/// All rewritings. Order matters: names are resolved before anything asks what they mean.
const STEPS: &[Step] = &[elaborate::elaborate];

/// What a step may look at besides the object itself.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The whole schema as written.
    pub schema: &'a Schema,
    /// What its names mean: built-in objects, those of extensions, its own.
    pub catalog: &'a Catalog,
    /// What is under its domains.
    pub domains: &'a Domains,
    /// Its views, analysed.
    views: &'a Views,
    /// The columns that were in scope last.
    scopes: &'a LastScope,
}

impl Context<'_> {
    /// The first namespace of the path in which `exists` holds for the name.
    pub fn find(
        &self,
        name: &Ident,
        path: &SearchPath,
        exists: impl Fn(&QualifiedName) -> bool,
    ) -> Option<QualifiedName> {
        path.lookup()
            .map(|namespace| QualifiedName { namespace, name: name.clone() })
            .find(|candidate| exists(candidate))
    }
}

/// What is found while an object is rewritten.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// What could not be decided.
    pub undecided: Vec<Undecided>,
    /// The rules that applied, by part; empty unless they are asked for.
    rules: Vec<(Place, NormalRules)>,
    traced: bool,
}

impl Found {
    /// Notes the rules that applied to a part.
    fn note(&mut self, place: &Place, rules: NormalRules) {
        if !self.traced || rules.is_empty() {
            return;
        }
        match self.rules.iter_mut().find(|(own, _)| own == place) {
            Some((_, own)) => own.add_all(rules),
            None => self.rules.push((place.clone(), rules)),
        }
    }

    /// Notes one rule.
    fn note_one(&mut self, place: &Place, rule: NormalRule) {
        let mut rules = NormalRules::default();
        rules.add(rule);
        self.note(place, rules);
    }
}

/// A part of an object whose meaning could not be decided, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Undecided {
    /// The part: a column, a facet.
    pub place: Place,
    /// Why, as part of a sentence: `function app.f is not known`.
    pub reason: String,
}

/// All objects of one side in normal form, each with what was written.
#[derive(Clone, Debug, Default)]
pub struct NormalSchema {
    objects: BTreeMap<ObjectId, NormalObject>,
    dumped: Option<Dumped>,
}

impl NormalSchema {
    /// The objects, in the order of reports.
    pub fn iter(&self) -> btree_map::Iter<'_, ObjectId, NormalObject> {
        self.objects.iter()
    }

    /// The object of that identity.
    pub fn get(&self, id: &ObjectId) -> Option<&NormalObject> {
        self.objects.get(id)
    }

    /// Which PostgreSQL it is a dump of; none for what is written by hand.
    pub fn dumped(&self) -> Option<Dumped> {
        self.dumped
    }

    /// How many objects there are.
    pub fn len(&self) -> usize {
        self.objects.len()
    }

    /// True when there is no object at all.
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// The same without some objects.
    #[must_use]
    pub fn without(mut self, is_out: impl Fn(&ObjectId) -> bool) -> Self {
        self.objects.retain(|id, _| !is_out(id));
        self
    }

    /// The schema as a [`Schema`] again, its objects in normal form.
    pub fn into_schema(self) -> Schema {
        let normal = |(id, object): (ObjectId, NormalObject)| {
            let NormalObject { mut entry, normal, undecided: _, rules: _ } = object;
            if let Some(normal) = normal {
                entry.object = normal;
            }
            (id, entry)
        };
        Schema { objects: self.objects.into_iter().map(normal).collect(), dumped: self.dumped }
    }
}

impl<'a> IntoIterator for &'a NormalSchema {
    type Item = (&'a ObjectId, &'a NormalObject);
    type IntoIter = btree_map::Iter<'a, ObjectId, NormalObject>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// An object in normal form, with what was written and where.
#[derive(Clone, Debug)]
pub struct NormalObject {
    entry: Box<Entry>,
    /// None when it is what was written.
    normal: Option<Object>,
    undecided: Vec<Undecided>,
    rules: Vec<(Place, NormalRules)>,
}

impl NormalObject {
    /// The object in normal form.
    pub fn object(&self) -> &Object {
        self.normal.as_ref().unwrap_or(&self.entry.object)
    }

    /// The object as written.
    pub fn written(&self) -> &Object {
        &self.entry.object
    }

    /// The object as written, with all that is said of it.
    pub fn entry(&self) -> &Entry {
        &self.entry
    }

    /// Its owner, when the source says it.
    pub fn owner(&self) -> Option<&Ident> {
        self.entry.owner.as_ref()
    }

    /// Its comment.
    pub fn comment(&self) -> Option<&str> {
        self.entry.comment.as_deref()
    }

    /// Its privileges; none when they are the default of its kind.
    pub fn acl(&self) -> Option<&Acl> {
        self.entry.acl.as_ref()
    }

    /// Its security labels by provider.
    pub fn labels(&self) -> &BTreeMap<Ident, Box<str>> {
        &self.entry.labels
    }

    /// Where it and its parts are said.
    pub fn origin(&self) -> &Origin {
        &self.entry.origin
    }

    /// What about it could not be decided.
    pub fn undecided(&self) -> &[Undecided] {
        &self.undecided
    }

    /// The rules that were applied to it and to its parts, when the schema was normalized
    /// with [`normalize_traced`].
    pub fn rules(&self) -> BTreeMap<Place, NormalRules> {
        let Origin { span: _, parts: _, rules, part_rules } = self.origin();
        let mut all: BTreeMap<Place, NormalRules> = BTreeMap::new();
        all.entry(Place::default()).or_default().add_all(*rules);
        for (place, rule) in part_rules {
            all.entry(place.clone()).or_default().add(*rule);
        }
        for (place, rules) in &self.rules {
            all.entry(place.clone()).or_default().add_all(*rules);
        }
        all.retain(|_, rules| !rules.is_empty());
        all
    }

    /// True when nothing that is compared differs. Places do not count.
    pub fn says_the_same(&self, other: &Self) -> bool {
        let Entry { object: _, owner, comment, acl, labels, origin: _ } = &*self.entry;
        self.object() == other.object()
            && *owner == other.entry.owner
            && *comment == other.entry.comment
            && *acl == other.entry.acl
            && *labels == other.entry.labels
    }
}
