//! Digests that tell drifts, groups and contents apart.
//!
//! 128 bits of a SHA-256, written as 32 hexadecimal digits: the same on every machine.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::emit::escape::hex;

/// The digest of a list of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(u128);

impl Key {
    /// Of texts in order; where one ends and the next begins matters.
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut hash = Sha256::new();
        for text in texts {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        }
        let digest = hash.finalize();
        let half = digest.iter().take(16);
        Self(half.fold(0, |number, byte| number << 8 | u128::from(*byte)))
    }

    /// Of the texts of a source of a fleet. `pg_dump` writes another random word into each dump
    /// (`\restrict`, from its minor versions of August 2025 on), which means nothing.
    pub fn of_dump(text: &str) -> Self {
        match restrict(text) {
            Some([before, between, after]) => Self::of([before, between, after]),
            None => Self::of([text]),
        }
    }

    /// The first digits, for people.
    pub fn short(self) -> String {
        self.to_string().chars().take(8).collect()
    }

    /// Reads what `Display` writes.
    pub fn read(text: &str) -> Option<Self> {
        let digits = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        digits.then(|| u128::from_str_radix(text, 16).ok()).flatten().map(Self)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0.to_be_bytes()))
    }
}

/// The text around the word of `\restrict` and of `\unrestrict`: the first before any
/// statement, the second at the very end, with the same word.
fn restrict(text: &str) -> Option<[&str; 3]> {
    let mut at = 0;
    let word = text.split_inclusive('\n').find_map(|line| {
        let start = at;
        at += line.len();
        match line.strip_prefix("\\restrict ") {
            Some(word) => Some(Some((start + "\\restrict ".len(), word.trim_end()))),
            None if line.trim().is_empty() || line.starts_with("--") => None,
            None => Some(None),
        }
    });
    let (start, word) = word.flatten().filter(|(_, word)| !word.is_empty())?;
    let rest = text.trim_end();
    let end = rest.strip_suffix(word)?.strip_suffix("\n\\unrestrict ")?.len();
    let tail = end + "\n\\unrestrict ".len();
    let between = text.get(start + word.len()..tail)?;
    Some([text.get(..start)?, between, text.get(tail + word.len()..)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_of_a_dump_does_not_count() {
        let dump = |word: &str, tail: &str| {
            format!("--\n\n\\restrict {word}\n\nCREATE TABLE t ();\n\\unrestrict {tail}\n\n")
        };
        assert_eq!(Key::of_dump(&dump("abc", "abc")), Key::of_dump(&dump("xyzw", "xyzw")));
        assert_ne!(Key::of_dump(&dump("abc", "abc")), Key::of_dump(&dump("xyz", "abc")));
        let quoted = "SELECT '\n\\restrict a\n';\n\\unrestrict a\n";
        assert_ne!(Key::of_dump(quoted), Key::of_dump(&quoted.replace(" a\n", " b\n")));
    }

    #[test]
    fn digests_read_back() {
        let key = Key::of(["a", "bc"]);
        assert_eq!(Key::read(&key.to_string()), Some(key));
        assert_ne!(key, Key::of(["ab", "c"]));
        assert_eq!(Key::read("zz"), None);
    }
}
