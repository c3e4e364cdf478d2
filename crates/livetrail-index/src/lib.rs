//! Columns over positions.

mod bits;
mod block;
mod column;
mod dictionary;
mod directory;
mod index;
mod schema;
mod segment;
mod select;

pub use directory::Profiles;
pub use index::{Index, OutOfOrder};
pub use select::{RowTexts, SelectError, Selection};
