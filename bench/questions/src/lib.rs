//! Believable logs of any size, and how long every question takes over them.

pub mod ask;
pub mod generate;
pub mod log;
pub mod place;
