//! Generated logs and questions, and the answers by their definition: what else gives answers is compared with these.

pub use super::{
    generate::{fill, filter, query, sort},
    list::sorted,
    stats::{agree as stats_agree, meant},
};
