//! A value that is nearly always its default, in the memory of a pointer.
//!
//! In goes a value, out comes a reference to it. Surprising: reading needs no memory even
//! where nothing was said, as all that say nothing share one default; changing does, so it
//! has to be asked for ([`Rare::to_mut`]).

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

/// A value that is nearly always its default.
#[derive(Clone)]
pub struct Rare<T>(Option<Box<T>>);

/// What has one default for all.
pub trait SharedDefault: Default + 'static {
    /// The default, as a value that all can refer to.
    fn shared() -> &'static Self;
}

impl<T> Rare<T> {
    /// The value to be changed. Takes memory for it, so ask only when there is something
    /// to change.
    pub fn to_mut(&mut self) -> &mut T
    where
        T: Default,
    {
        self.0.get_or_insert_default()
    }

    /// The value to be changed, where one was ever said.
    pub fn said_mut(&mut self) -> Option<&mut T> {
        self.0.as_deref_mut()
    }

    /// Gives back the memory of a default that was said.
    pub fn tidy(&mut self)
    where
        T: SharedDefault + PartialEq,
    {
        self.0.take_if(|value| **value == *T::shared());
    }
}

impl<T> Default for Rare<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: Default + PartialEq> From<T> for Rare<T> {
    fn from(value: T) -> Self {
        Self((value != T::default()).then(|| Box::new(value)))
    }
}

impl<T: SharedDefault> Deref for Rare<T> {
    type Target = T;
    fn deref(&self) -> &T {
        self.0.as_deref().unwrap_or_else(|| T::shared())
    }
}

impl<T: SharedDefault + std::fmt::Debug> std::fmt::Debug for Rare<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        (**self).fmt(f)
    }
}

/// A default that was said is the default.
impl<T: SharedDefault + PartialEq> PartialEq for Rare<T> {
    fn eq(&self, other: &Self) -> bool {
        (self.0.is_none() && other.0.is_none()) || **self == **other
    }
}

impl<T: SharedDefault + Eq> Eq for Rare<T> {}

impl<T: SharedDefault + PartialOrd> PartialOrd for Rare<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (**self).partial_cmp(&**other)
    }
}

impl<T: SharedDefault + Ord> Ord for Rare<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        (**self).cmp(&**other)
    }
}

impl<T: SharedDefault + Hash> Hash for Rare<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Column, ColumnDetails, Expr, Ident, IndexKey};

    #[test]
    fn what_was_said_and_taken_back_equals_what_was_never_said() {
        let silent = Rare::<ColumnDetails>::default();
        let mut changed = silent.clone();
        changed.to_mut().storage = Some(Ident::new("plain"));
        assert_ne!(changed, silent);
        assert!(changed > silent);
        changed.to_mut().storage = None;
        assert_eq!(changed, silent);
        assert_eq!(changed.cmp(&silent), Ordering::Equal);
    }

    /// Not a law: but whoever makes one of these larger should know what it costs, as a
    /// schema holds one for each column of each table.
    #[test]
    fn what_there_is_most_of_is_small() {
        assert!(size_of::<Column>() <= 264, "{}", size_of::<Column>());
        assert!(size_of::<Expr>() <= 40, "{}", size_of::<Expr>());
        assert!(size_of::<IndexKey>() <= 96, "{}", size_of::<IndexKey>());
    }
}
