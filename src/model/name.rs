//! Identifiers and the names made of them.
//!
//! An [`Ident`] holds the identifier as PostgreSQL stores it: folded, cut to 63
//! bytes, without quotes. It has no `Display`, so that no text that is SQL,
//! Markdown or a terminal line can hold one unescaped by accident: each writer
//! has its own way to print it.

use smol_str::SmolStr;

/// The longest identifier in bytes: `NAMEDATALEN - 1` (`src/include/pg_config_manual.h`).
pub const MAX_IDENT_BYTES: usize = 63;

/// An identifier as the catalog stores it: folded and without quotes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Ident(SmolStr);

impl Ident {
    /// Takes the name as it is stored; one that is too long is cut between
    /// characters, as `truncate_identifier` does (`src/backend/parser/scansup.c`).
    pub fn new(name: impl AsRef<str>) -> Self {
        Self(SmolStr::new(clip(name.as_ref(), MAX_IDENT_BYTES)))
    }

    /// The stored bytes, unquoted. Never write this raw into SQL, Markdown, HTML or a terminal.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// True for the empty name, which stands for "no name" where a parser field is optional.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl std::fmt::Debug for Ident {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.as_str())
    }
}

impl From<&str> for Ident {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl PartialEq<str> for Ident {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Ident {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

/// The longest prefix of `text` that fits in `bytes` and does not split a
/// character (`pg_mbcliplen`, `src/backend/utils/mb/mbutils.c`).
pub fn clip(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or(text)
}

/// A name as it is written: with or without its namespace.
///
/// In a normalized schema every name that could be resolved has its namespace.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Name {
    /// The namespace ("schema" in SQL), when it is written or known.
    pub namespace: Option<Ident>,
    /// The name itself.
    pub name: Ident,
}

impl Name {
    /// A name without namespace.
    pub fn bare(name: impl AsRef<str>) -> Self {
        Self { namespace: None, name: Ident::new(name) }
    }

    /// A name in a namespace.
    pub fn qualified(namespace: impl AsRef<str>, name: impl AsRef<str>) -> Self {
        Self { namespace: Some(Ident::new(namespace)), name: Ident::new(name) }
    }

    /// True when it is `pg_catalog.NAME`.
    pub fn is_builtin(&self, name: &str) -> bool {
        self.name == *name && self.namespace.as_ref().is_some_and(|n| *n == "pg_catalog")
    }
}

impl From<QualifiedName> for Name {
    fn from(name: QualifiedName) -> Self {
        Self { namespace: Some(name.namespace), name: name.name }
    }
}

/// A name whose namespace is known: the natural key of most objects.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QualifiedName {
    /// The namespace ("schema" in SQL).
    pub namespace: Ident,
    /// The name itself.
    pub name: Ident,
}

impl QualifiedName {
    /// Both parts, as stored.
    pub fn new(namespace: impl AsRef<str>, name: impl AsRef<str>) -> Self {
        Self { namespace: Ident::new(namespace), name: Ident::new(name) }
    }

    /// The same namespace, another name.
    #[must_use]
    pub fn sibling(&self, name: Ident) -> Self {
        Self { namespace: self.namespace.clone(), name }
    }

    /// Both parts as one identifier, as the key of a facet or a part. One that is too
    /// long ends in a digest, so that two names never share a key.
    pub fn key(&self) -> Ident {
        let text = format!("{}.{}", self.namespace.as_str(), self.name.as_str());
        if text.len() <= MAX_IDENT_BYTES {
            return Ident::new(text);
        }
        // FNV-1a, 64 bits.
        let digest = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        let kept = clip(&text, MAX_IDENT_BYTES - 17);
        Ident::new(format!("{kept}#{digest:016x}"))
    }
}

/// The schemas to look in, in order: `search_path` at one point of a source.
///
/// `pg_catalog` is searched first unless the path names it
/// (`recomputeNamespacePath`, `src/backend/catalog/namespace.c`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SearchPath(pub std::sync::Arc<[Ident]>);

impl SearchPath {
    /// The path a session starts with, `"$user", public`; no schema is
    /// assumed to be named like the user.
    pub fn initial() -> Self {
        Self(std::sync::Arc::from([Ident::new("public")]))
    }

    /// The path of a dump: empty, so that only `pg_catalog` is implied.
    pub fn empty() -> Self {
        Self::default()
    }

    /// The namespaces to search for existing objects, `pg_catalog` included, in order.
    pub fn lookup(&self) -> impl Iterator<Item = Ident> + '_ {
        let named = self.0.iter().any(|n| *n == "pg_catalog");
        (!named).then(|| Ident::new("pg_catalog")).into_iter().chain(self.0.iter().cloned())
    }
}
