//! What can be asked for on the command line.

use clap::{Args as Group, Parser, Subcommand};
use std::{net::SocketAddr, path::PathBuf};

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
    /// Cut all clients, publish what they miss, let them come back at once, and print such a line
    Storm(Box<StormOptions>),
    /// Serve /: a bare epoll loop with one write per delivery, to find the generator's own ceiling
    Ceiling {
        /// Where to listen; port 0 takes a free one
        #[arg(long, default_value = "127.0.0.1:0")]
        addr: SocketAddr,
    },
    /// Store the rows of one SQLite log in another one that is empty, with prepared INSERTs and nothing else, and print
    /// such a line
    Insert(InsertOptions),
    /// Turn such lines, read from standard input, into Markdown tables
    Table,
}

/// Whom to ask for what, whatever is measured.
#[derive(Group, Clone)]
pub(crate) struct Target {
    /// The server
    #[arg(long, default_value = "127.0.0.1:7777")]
    pub(crate) addr: SocketAddr,
    /// Path of the SSE stream; without it there are no subscribers. {F} becomes the client's number modulo --filters
    #[arg(long)]
    pub(crate) sse: Option<String>,
    /// Path to publish to; without it nothing is published and only the idle memory is measured
    #[arg(long)]
    pub(crate) publish: Option<String>,
    /// One event. {T} becomes the marker, which must reach every subscriber exactly once; {N} becomes something unique,
    /// and {F} the event's number modulo --filters. With {F} it must reach the clients with the same {F} and no others
    #[arg(long, default_value = "{T}")]
    pub(crate) body: String,
    /// How many different {F} there are
    #[arg(long, default_value_t = 1)]
    pub(crate) filters: usize,
    /// SSE clients
    #[arg(long, default_value_t = 100)]
    pub(crate) conns: usize,
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
    /// A process whose CPU time and memory count, with its children's; may be repeated
    #[arg(long)]
    pub(crate) pid: Vec<u32>,
    /// Spread the clients over so many loopback addresses: one has ports for about 28,000 connections
    #[arg(long, default_value_t = 0)]
    pub(crate) source_ips: u8,
    /// A name for the line
    #[arg(long, default_value = "")]
    pub(crate) label: String,
}

#[derive(Group, Clone)]
pub(crate) struct Options {
    #[command(flatten)]
    pub(crate) target: Target,
    /// Clients beside those of --conns that read the head of the answer and then never again; no deliveries of theirs
    /// are expected
    #[arg(long, default_value_t = 0)]
    pub(crate) stopped: usize,
    /// Events a second over all publishers; 0 publishes as fast as they are acknowledged
    #[arg(long, default_value_t = 100.0)]
    pub(crate) rate: f64,
    /// Publishing connections, each with one request under way
    #[arg(long, default_value_t = 1)]
    pub(crate) pub_conns: usize,
    /// Events in one request: lines if the content type says NDJSON, otherwise a JSON array
    #[arg(long, default_value_t = 1)]
    pub(crate) batch: usize,
    /// How long to publish
    #[arg(long, default_value_t = 10.0)]
    pub(crate) secs: f64,
    /// Threads that read what the clients receive
    #[arg(long, default_value_t = 1)]
    pub(crate) readers: usize,
}

impl Options {
    /// Clients that will read.
    pub(crate) fn reading(&self) -> usize {
        if self.target.sse.is_some() { self.target.conns } else { 0 }
    }

    /// Clients that will subscribe.
    pub(crate) fn clients(&self) -> usize {
        if self.target.sse.is_some() { self.target.conns + self.stopped } else { 0 }
    }
}

#[derive(Group, Clone)]
pub(crate) struct StormOptions {
    #[command(flatten)]
    pub(crate) target: Target,
    /// Events that are published while no client is connected
    #[arg(long, default_value_t = 100)]
    pub(crate) missed: usize,
    /// Seconds that the clients may take for each step: to see a first event, what they missed, one more
    #[arg(long, default_value_t = 30.0)]
    pub(crate) within: f64,
}

#[derive(Group, Clone)]
pub(crate) struct InsertOptions {
    /// The database that holds the rows
    #[arg(long)]
    pub(crate) source: PathBuf,
    /// The database with the same tables, empty
    #[arg(long)]
    pub(crate) target: PathBuf,
    /// Rows of one transaction
    #[arg(long, default_value_t = 5_000)]
    pub(crate) rows: usize,
    /// A name for the line
    #[arg(long, default_value = "")]
    pub(crate) label: String,
}
