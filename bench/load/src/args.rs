//! What can be asked for on the command line.

use clap::{Parser, Subcommand};
use std::net::SocketAddr;

#[derive(Parser)]
#[command(version, about)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Subscribe, publish, and print one line of JSON with what was measured
    Run(Box<Options>),
    /// Serve /: a bare epoll loop with one write per delivery, to find the generator's own ceiling
    Ceiling {
        /// Where to listen; port 0 takes a free one
        #[arg(long, default_value = "127.0.0.1:0")]
        addr: SocketAddr,
    },
    /// Turn such lines, read from standard input, into a Markdown table
    Table,
}

#[derive(clap::Args, Clone)]
pub(crate) struct Options {
    /// The server
    #[arg(long, default_value = "127.0.0.1:7777")]
    pub(crate) addr: SocketAddr,
    /// Path of the SSE stream; without it nobody subscribes
    #[arg(long)]
    pub(crate) sse: Option<String>,
    /// Path to publish to; without it nothing is published and only the idle memory is measured
    #[arg(long)]
    pub(crate) publish: Option<String>,
    /// One event: {T} becomes the marker (it must reach every subscriber exactly once), {N} something unique
    #[arg(long, default_value = "{T}")]
    pub(crate) body: String,
    /// SSE clients
    #[arg(long, default_value_t = 100)]
    pub(crate) conns: usize,
    /// Events a second over all publishers; 0 publishes as fast as they are acknowledged
    #[arg(long, default_value_t = 100.0)]
    pub(crate) rate: f64,
    /// Publishing connections, each with one request under way
    #[arg(long, default_value_t = 1)]
    pub(crate) pub_conns: usize,
    /// Events in one request: lines if the content type says NDJSON, otherwise a JSON array
    #[arg(long, default_value_t = 1)]
    pub(crate) batch: usize,
    /// Content type of what is published
    #[arg(long, default_value = "application/json")]
    pub(crate) content_type: String,
    /// A header line for every request; may be repeated
    #[arg(long)]
    pub(crate) header: Vec<String>,
    /// A header line for publishing only
    #[arg(long)]
    pub(crate) publish_header: Vec<String>,
    /// A header line for subscribing only
    #[arg(long)]
    pub(crate) sse_header: Vec<String>,
    /// How long to publish
    #[arg(long, default_value_t = 10.0)]
    pub(crate) secs: f64,
    /// A process whose CPU time and memory count, with its children's; may be repeated
    #[arg(long)]
    pub(crate) pid: Vec<u32>,
    /// Spread the clients over so many loopback addresses: one has ports for about 28,000 connections
    #[arg(long, default_value_t = 0)]
    pub(crate) source_ips: u8,
    /// Threads that read what the clients receive
    #[arg(long, default_value_t = 1)]
    pub(crate) readers: usize,
    /// A name for the line
    #[arg(long, default_value = "")]
    pub(crate) label: String,
}

impl Options {
    /// Clients that will subscribe.
    pub(crate) fn clients(&self) -> usize {
        if self.sse.is_some() { self.conns } else { 0 }
    }
}
