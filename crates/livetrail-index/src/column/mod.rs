//! The columns of a block, one kind a file.

mod codes;
mod packed;
mod texts;
mod time;
mod unique;

pub(crate) use codes::{CodeSet, Codes};
pub(crate) use packed::Packed;
pub(crate) use texts::Texts;
pub(crate) use time::Times;
pub(crate) use unique::{Found, Hashes, Unique};
