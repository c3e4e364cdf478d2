//! The columns of a block, one kind a file.

mod codes;
mod packed;
mod parts;
mod texts;
mod time;
mod unique;
mod words;

pub(crate) use codes::{CodeSet, Codes, Zone};
pub(crate) use packed::Packed;
pub(crate) use parts::{Chance, Distinct, Gist};
pub(crate) use texts::Texts;
pub(crate) use time::{Span, Times};
pub(crate) use unique::{Found, HASH_BITS, Hashes, Unique, hash};
pub(crate) use words::{Postings, WordRows};

/// How many rows of a block pass a test, as far as it is known without a look at each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Overlap {
    None,
    Some,
    All,
}

impl Overlap {
    pub(crate) fn negated_if(self, negated: bool) -> Self {
        match (self, negated) {
            (Self::None, true) => Self::All,
            (Self::All, true) => Self::None,
            (overlap, _) => overlap,
        }
    }

    /// Of two tests together.
    pub(crate) fn of_both([one, other]: [Self; 2]) -> Self {
        match (one, other) {
            (Self::None, _) | (_, Self::None) => Self::None,
            (Self::All, Self::All) => Self::All,
            _ => Self::Some,
        }
    }
}
