//! The crate as its users see it.

mod bounds;
mod common;
mod control_characters;
mod defaults;
mod docs;
mod exact;
mod never;
mod plain;
mod refusals;
mod sigma;
mod written;
