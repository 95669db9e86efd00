//! The two sides of every comparison.

/// A value of each side. Never two loose arguments of one type: the sides cannot be swapped by accident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Pair<T> {
    /// The declared side, which is the truth.
    pub canonical: T,
    /// The side that is there.
    pub live: T,
}

impl<T> Pair<T> {
    /// Both sides by reference.
    pub fn as_ref(&self) -> Pair<&T> {
        Pair { canonical: &self.canonical, live: &self.live }
    }

    /// The same function on both sides.
    pub fn map<U>(self, mut f: impl FnMut(T) -> U) -> Pair<U> {
        Pair { canonical: f(self.canonical), live: f(self.live) }
    }

    /// Both sides paired with those of another.
    pub fn zip<U>(self, other: Pair<U>) -> Pair<(T, U)> {
        Pair { canonical: (self.canonical, other.canonical), live: (self.live, other.live) }
    }

    /// The sides exchanged.
    #[must_use]
    pub fn swap(self) -> Self {
        Pair { canonical: self.live, live: self.canonical }
    }
}
