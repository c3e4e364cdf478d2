//! `load`: how fast a server that streams what it is sent really is.
//!
//! One process publishes and subscribes, so that both ends share a clock: every body carries the nanosecond at which
//! it was sent (`marker`), every subscriber scans what it receives for it.

mod args;
mod ceiling;
mod client;
mod clock;
mod exchange;
mod http1;
mod insert;
mod last_id;
mod latencies;
mod marker;
mod process;
mod publisher;
mod report;
mod requests;
mod run;
mod storm;
mod subscriber;
mod table;
mod template;

use clap::Parser;

fn main() -> anyhow::Result<()> {
    process::raise_file_limit();
    match args::Args::parse().command {
        args::Command::Run(options) => {
            println!("{}", serde_json::to_string(&run::run(&options)?)?);
            Ok(())
        }
        args::Command::Storm(options) => {
            println!("{}", serde_json::to_string(&storm::run(&options)?)?);
            Ok(())
        }
        args::Command::Insert(options) => {
            println!("{}", serde_json::to_string(&insert::run(&options)?)?);
            Ok(())
        }
        args::Command::Ceiling { addr } => ceiling::serve(addr),
        args::Command::Table => table::print(std::io::stdin().lock()),
    }
}
