//! The API, over a real socket.

mod access;
mod body;
mod catalogue;
mod cors;
mod field;
mod filter;
mod idempotency;
mod ingest;
mod keys;
mod list;
mod metrics;
mod openapi;
mod page;
mod probes;
mod problem;
mod resume;
mod secrets;
mod session;
mod shell;
mod stream;
mod tenant;
mod users;
mod view;
mod websocket;
mod wire;
mod world;
