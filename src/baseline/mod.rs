//! The baseline: what was declared when somebody said "this is it", written to a lock file.
//!
//! The fingerprint is that of the normal form, so comments and white space of the sources do
//! not change it, while their own checksums do. Each object has a fingerprint of its own, so
//! that what changed can be named.

mod lock;

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::emit::escape::hex;
use crate::emit::json;
use crate::model::Date;
use crate::normalize::NormalSchema;
use crate::source::Source;

pub use lock::{JSON_SCHEMA, read, text};

/// A declared schema, written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Baseline {
    /// The version of pgcanon that wrote it: another one may see the normal form differently.
    pub tool: String,
    /// When.
    pub date: Option<Date>,
    /// The head of the migrations that leads to it.
    pub head: Option<String>,
    /// SHA-256 of each source, by its name.
    pub sources: BTreeMap<String, String>,
    /// SHA-256 of the normal form of each object, by kind and name.
    pub objects: BTreeMap<String, String>,
}

/// What is another one than in the lock file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Objects that are new.
    pub added: Vec<String>,
    /// Objects that are gone.
    pub removed: Vec<String>,
    /// Objects that mean something else.
    pub changed: Vec<String>,
    /// Sources with another text, new or gone.
    pub texts: Vec<String>,
}

impl Changes {
    /// True when what is declared means the same.
    pub fn mean_the_same(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

impl Baseline {
    /// Writes down a schema and its sources.
    pub fn of(schema: &NormalSchema, sources: &[Source]) -> Self {
        let text = |value: &serde_json::Value, key: &str| {
            value.get(key).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
        };
        let json = json::schema(schema);
        let objects = json.get("objects").and_then(serde_json::Value::as_array);
        let objects = objects.into_iter().flatten().map(|object| {
            let title = format!("{} {}", text(object, "kind"), text(object, "name"));
            (title, sha256(object.to_string().as_bytes()))
        });
        let of_source = |source: &Source| (source.name.clone(), sha256(source.text.as_bytes()));
        Self {
            tool: env!("CARGO_PKG_VERSION").to_owned(),
            date: None,
            head: None,
            sources: sources.iter().map(of_source).collect(),
            objects: objects.collect(),
        }
    }

    /// The fingerprint of the whole: SHA-256 over all objects.
    pub fn fingerprint(&self) -> String {
        let lines: Vec<String> =
            self.objects.iter().map(|(name, hash)| format!("{name:?} {hash}\n")).collect();
        sha256(lines.concat().as_bytes())
    }

    /// What is another one now.
    pub fn changes(&self, now: &Self) -> Changes {
        let mut changes = Changes::default();
        for (name, hash) in &now.objects {
            match self.objects.get(name) {
                None => changes.added.push(name.clone()),
                Some(before) if before != hash => changes.changed.push(name.clone()),
                Some(_) => {}
            }
        }
        let gone = self.objects.keys().filter(|name| !now.objects.contains_key(*name));
        changes.removed = gone.cloned().collect();
        let names = self.sources.keys().chain(now.sources.keys());
        let differs = |name: &&String| self.sources.get(*name) != now.sources.get(*name);
        changes.texts = names.filter(differs).cloned().collect();
        changes.texts.sort();
        changes.texts.dedup();
        changes
    }

    /// The baseline as a statement in Markdown.
    pub fn statement(&self) -> String {
        let cell = crate::emit::report::markdown_cell;
        let mut out = "# Baseline of the declared schema\n\n".to_owned();
        if let Some(date) = self.date {
            out.push_str(&format!("- Locked on: {date}\n"));
        }
        out.push_str(&format!(
            "- Fingerprint (SHA-256 of the normal form): `{}`\n",
            self.fingerprint()
        ));
        if let Some(head) = &self.head {
            out.push_str(&format!("- Head of the migrations: {}\n", cell(head)));
        }
        out.push_str(&format!(
            "- Objects: {}\n- Written by: pgcanon {}\n",
            self.objects.len(),
            cell(&self.tool)
        ));
        out.push_str("\n| Source | SHA-256 |\n| --- | --- |\n");
        for (name, hash) in &self.sources {
            out.push_str(&format!("| {} | `{}` |\n", cell(name), cell(hash)));
        }
        let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
        for name in self.objects.keys() {
            *kinds.entry(kind_of(name)).or_default() += 1;
        }
        out.push_str("\n| Kind | Objects |\n| --- | --- |\n");
        for (kind, count) in kinds {
            out.push_str(&format!("| {kind} | {count} |\n"));
        }
        out.push_str(
            "\nThis is the schema that databases are compared with. Where a database differs from it, \
             the difference is drift, unless a recorded decision says otherwise.\n",
        );
        out
    }
}

/// The kind that the title of an object starts with.
fn kind_of(title: &str) -> &'static str {
    let starts =
        |label: &&str| title.strip_prefix(*label).is_some_and(|rest| rest.starts_with(' '));
    let labels = crate::model::Kind::ALL.iter().map(|kind| kind.label());
    // "foreign table" before "foreign".
    labels.filter(starts).max_by_key(|label| label.len()).unwrap_or("other")
}

/// SHA-256 in hex.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}
