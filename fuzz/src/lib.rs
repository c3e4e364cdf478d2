//! What holds for every input, for each part that reads input of clients without a credential.
//!
//! `cargo fuzz` runs each `check` with inputs that reach new code (`make fuzz`). The workspace's own tests run the same
//! functions with the committed seeds and with mutations of them (`crates/livetrail-server/tests/fuzz.rs`).

pub mod activity;
pub mod csv;
pub mod cursor;
pub mod filter;
pub mod forwarded;
pub mod json;
pub mod token;
pub mod websocket;
