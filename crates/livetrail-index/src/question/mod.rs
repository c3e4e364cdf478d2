//! Questions about a selection, one a file.

mod counts;
mod facets;
mod groups;
mod page;
mod stats;
mod timeline;

pub(crate) use counts::Counter;
pub use facets::{Facet, FacetCount};
pub use page::PageFrom;
pub use timeline::Bucket;
