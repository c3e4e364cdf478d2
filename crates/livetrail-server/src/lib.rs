//! The Livetrail server.
//!
//! An activity's way: [`http`] checks it, [`ingest`] stamps it and has it stored in a group, the store gives it a
//! position, the [`hub`] encodes it once, and every live client whose filter means it reads it from there. The command
//! line ([`cli`]) puts the parts together; it speaks to a running server by the same API as everybody else.

pub mod access;
mod app;
pub mod cli;
pub mod config;
mod connections;
mod csv_injection;
pub mod demo;
mod directory;
mod disk;
mod environment;
mod export_checksum;
pub mod http;
pub mod hub;
pub mod ingest;
mod log_limit;
mod private_files;
mod questions;
pub mod retention;
#[cfg(test)]
mod rooms;
mod self_audit;
pub mod server;
mod shares;
pub mod tls;
mod turns;

pub use app::App;
pub use connections::Timeouts;
pub use environment::{Environment, System};
