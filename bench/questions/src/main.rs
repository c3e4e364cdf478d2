//! `questions`: generates a log, and measures the answers of a server over it.

use clap::{Parser, Subcommand};
use questions::{
    ask::{AskArguments, ContentionArguments, ask, contention},
    generate::generate,
    log::Log,
    place::Place,
};
use std::{fs::File, path::PathBuf, sync::Arc};

#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Store a believable log in an empty folder or database
    Generate(GenerateArguments),
    /// Start a server over such a log, ask it every question, and print tables in Markdown
    Ask {
        #[command(flatten)]
        arguments: AskArguments,
        /// Write the figures as JSON into this file, too
        #[arg(long, value_name = "FILE")]
        json: Option<PathBuf>,
    },
    /// Keep lists under way that only the database can answer, and print what other requests take meanwhile
    Contention(ContentionArguments),
}

#[derive(clap::Args)]
struct GenerateArguments {
    #[command(flatten)]
    place: Place,
    /// Activities
    #[arg(long, default_value_t = 1_000_000)]
    rows: u64,
    /// Tenants; 0 for activities without one
    #[arg(long, default_value_t = 10)]
    tenants: u32,
    /// The same seed, rows and tenants give the same log
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Generate(GenerateArguments { place, rows, tenants, seed }) => {
            let store = place.open().await?;
            let generated = generate(Arc::new(Log::new(seed, rows, tenants)), &*store).await?;
            let seconds = generated.took.as_secs_f64();
            println!("{rows} rows in {seconds:.1} s: {:.0} rows/s", generated.rows_per_second());
            Ok(())
        }
        Command::Ask { arguments, json } => {
            // A file that cannot be made is an error before the measurement, and not after it.
            let file = json.map(File::create).transpose()?;
            let report = ask(&arguments).await?;
            if let Some(file) = file {
                serde_json::to_writer_pretty(file, &report)?;
            }
            print!("{report}");
            Ok(())
        }
        Command::Contention(arguments) => {
            print!("{}", contention(&arguments).await?);
            Ok(())
        }
    }
}
