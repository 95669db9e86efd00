//! Choices that make a schema: what is meant, and apart from it how it is spelled.
//!
//! What is meant follows from a seed and the place in the tree, so that one choice can be
//! changed ([`Choices::mutated`]) and all others stay: a single semantic mutation. How it is
//! spelled comes from a second, sequential source.

use std::cell::Cell;

/// Both sources of choices.
pub struct Choices {
    seed: u64,
    made: Cell<usize>,
    mutate: Option<usize>,
    /// None: everything is spelled in one way.
    spelling: Cell<Option<u64>>,
}

/// A place in the tree of what is meant.
#[derive(Clone, Copy)]
pub struct Node(u64);

impl Node {
    /// The part of this place with that number.
    pub fn part(self, number: u64) -> Self {
        Self(mix(self.0 ^ mix(number.wrapping_add(0x51))))
    }
}

impl Choices {
    pub fn new(seed: u64, spelling: Option<u64>) -> Self {
        let spelling = Cell::new(spelling.map(|spelling| mix(spelling) | 1));
        Self { seed, made: Cell::new(0), mutate: None, spelling }
    }

    /// The same meaning but for the choice of that number.
    pub fn mutated(mut self, number: usize) -> Self {
        self.mutate = Some(number);
        self
    }

    /// How many choices have been made.
    pub fn made(&self) -> usize {
        self.made.get()
    }

    pub fn root(&self) -> Node {
        Node(mix(self.seed))
    }

    /// One of `count` meanings.
    pub fn of(&self, node: Node, salt: u64, count: usize) -> usize {
        let hash = mix(node.0 ^ mix(salt));
        let chosen = below(hash, count);
        let number = self.made.replace(self.made.get() + 1);
        if self.mutate == Some(number) && count > 1 {
            return (chosen + 1 + below(mix(hash), count - 1)) % count;
        }
        chosen
    }

    pub fn pick<'a, T>(&self, node: Node, salt: u64, all: &'a [T]) -> &'a T {
        &all[self.of(node, salt, all.len())]
    }

    /// One of some texts, as it is meant.
    pub fn one(&self, node: Node, salt: u64, all: &[&'static str]) -> &'static str {
        all[self.of(node, salt, all.len())]
    }

    /// One of `count` spellings.
    pub fn spelling(&self, count: usize) -> usize {
        let Some(mut state) = self.spelling.get() else { return count.saturating_sub(1) };
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        self.spelling.set(Some(state));
        below(mix(state), count)
    }

    pub fn spell<'a>(&self, all: &[&'a str]) -> &'a str {
        all[self.spelling(all.len())]
    }
}

fn below(hash: u64, count: usize) -> usize {
    usize::try_from(hash >> 33).unwrap() % count.max(1)
}

/// `splitmix64`.
fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
