//! The Livetrail server.
//!
//! The way of an activity: [`http`] checks it. [`ingest`] stamps it and has it stored in a group. The store gives it a
//! position. The [`hub`] encodes it once, and every live client whose filter matches reads it from there. The command
//! line ([`cli`]) puts the parts together; it uses the same API of a running server as every other client.

pub mod access;
mod alerts;
mod app;
pub mod cli;
pub mod config;
mod connections;
mod csv_injection;
pub mod demo;
mod directory;
mod disk;
mod environment;
mod erasure;
mod export_checksum;
#[cfg(test)]
#[path = "../tests/shared/geoip_file.rs"]
mod geoip_file;
pub mod http;
pub mod hub;
pub mod ingest;
mod log_limit;
mod log_span;
mod metrics;
mod places;
mod private_files;
mod questions;
pub mod retention;
#[cfg(test)]
mod rooms;
mod self_audit;
pub mod server;
mod shares;
pub mod tls;
mod traces;
mod turns;
#[cfg(test)]
#[path = "../../livetrail-store/tests/shared/until.rs"]
mod until;

pub use app::App;
pub use connections::Timeouts;
pub use environment::{Environment, System};
