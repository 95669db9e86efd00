//! Whether a bundle is what its manifest says, and what its inputs give.

use std::collections::BTreeSet;
use std::fmt;

use serde::Deserialize;

use super::Files;
use crate::baseline::sha256;

/// What is wrong with a bundle.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mismatch {
    /// There is no manifest, or it cannot be read.
    NoManifest(String),
    /// A file of the manifest is not there.
    Missing(String),
    /// A file is there that the manifest does not list.
    Unlisted(String),
    /// A file is not the one of the manifest.
    Altered(String),
    /// The inputs give another file.
    Other(String),
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoManifest(why) => write!(f, "manifest.json: {why}"),
            Self::Missing(path) => write!(f, "{path} is missing"),
            Self::Unlisted(path) => write!(f, "{path} is not in the manifest"),
            Self::Altered(path) => write!(f, "{path} is not the file of the manifest"),
            Self::Other(path) => write!(f, "{path} is another one when it is made again"),
        }
    }
}

#[derive(Deserialize)]
struct Manifest {
    files: Vec<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    path: String,
    sha256: String,
    size: u64,
}

/// Files that no manifest lists, as they are made after it.
const UNLISTED: [&str; 2] = ["manifest.json", "statement.json"];

/// Checks files against the manifest among them.
pub fn verify(files: &Files) -> Vec<Mismatch> {
    let Some(manifest) = files.get("manifest.json") else {
        return vec![Mismatch::NoManifest("there is none".to_owned())];
    };
    let manifest: Manifest = match serde_json::from_slice(manifest) {
        Ok(manifest) => manifest,
        Err(error) => return vec![Mismatch::NoManifest(error.to_string())],
    };
    let mut found = Vec::new();
    let mut listed: BTreeSet<&str> = UNLISTED.into_iter().collect();
    for Listed { path, sha256: hash, size } in &manifest.files {
        listed.insert(path);
        match files.get(path) {
            None => found.push(Mismatch::Missing(path.clone())),
            Some(bytes) if bytes.len() as u64 != *size || sha256(bytes) != *hash => {
                found.push(Mismatch::Altered(path.clone()));
            }
            Some(_) => {}
        }
    }
    found.extend(statement(files));
    let unlisted = files.keys().filter(|path| !listed.contains(path.as_str()));
    found.extend(unlisted.map(|path| Mismatch::Unlisted(path.clone())));
    found
}

/// The statement has to speak of the files that are there.
fn statement(files: &Files) -> Option<Mismatch> {
    let altered = || Mismatch::Altered("statement.json".to_owned());
    let Some(text) = files.get("statement.json") else {
        return Some(Mismatch::Missing("statement.json".to_owned()));
    };
    let Ok(statement) = serde_json::from_slice::<serde_json::Value>(text) else {
        return Some(altered());
    };
    let subjects = statement.get("subject").and_then(serde_json::Value::as_array)?;
    let fits = |subject: &serde_json::Value| {
        let path = subject.get("name").and_then(serde_json::Value::as_str)?;
        let hash = subject.pointer("/digest/sha256").and_then(serde_json::Value::as_str)?;
        Some(sha256(files.get(path)?) == hash)
    };
    let all = subjects.len() + 1 == files.len();
    (!all || !subjects.iter().all(|subject| fits(subject) == Some(true))).then(altered)
}

/// Which files are others when they are made again.
pub fn differences(bundle: &Files, again: &Files) -> Vec<Mismatch> {
    let paths: BTreeSet<&String> = bundle.keys().chain(again.keys()).collect();
    let differs = |path: &&String| bundle.get(*path) != again.get(*path);
    paths.into_iter().filter(differs).map(|path| Mismatch::Other(path.clone())).collect()
}
