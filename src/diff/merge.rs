//! One walk over two sorted maps: which objects stand on one side only, and which
//! on both but unequal. This is the cheap pass; equal objects are not looked at again.

use crate::model::{ObjectId, Pair};
use crate::normalize::{NormalObject, NormalSchema};

/// The objects that are not equal on both sides, each list in the order of identities.
#[derive(Debug, Default)]
pub(super) struct Merge<'a> {
    /// Objects of one side only.
    pub only: Pair<Vec<(&'a ObjectId, &'a NormalObject)>>,
    /// Objects of both sides that say something else.
    pub unequal: Vec<(&'a ObjectId, Pair<&'a NormalObject>)>,
}

/// Walks both sides at once.
pub(super) fn merge(sides: Pair<&NormalSchema>) -> Merge<'_> {
    let mut merge = Merge::default();
    let Pair { mut canonical, mut live } = sides.map(|side| side.iter().peekable());
    loop {
        let take_canonical = match (canonical.peek(), live.peek()) {
            (Some((one, _)), Some((other, _))) => one.cmp(other),
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (None, None) => return merge,
        };
        match take_canonical {
            std::cmp::Ordering::Less => merge.only.canonical.extend(canonical.next()),
            std::cmp::Ordering::Greater => merge.only.live.extend(live.next()),
            std::cmp::Ordering::Equal => {
                let (Some((id, canonical)), Some((_, live))) = (canonical.next(), live.next())
                else {
                    return merge;
                };
                if !canonical.says_the_same(live) {
                    merge.unequal.push((id, Pair { canonical, live }));
                }
            }
        }
    }
}
