//! Asks a server every question, again and again, while activities arrive.

mod arrivals;
mod client;
mod contention;
mod contention_report;
mod export;
mod figures;
mod latencies;
mod plain_sql;
mod probes;
mod question;
mod report;
mod sample;
mod server;
mod start;

pub use arrivals::Arrived;
pub use contention::{ContentionArguments, contention};
pub use contention_report::Contention;
pub use export::Exported;
pub use figures::{Machine, Memory};
pub use question::{Call, Question};
pub use report::{Asked, Report};
pub use start::Started;

use crate::{log::Log, place::Place};
use anyhow::Result;
use arrivals::Arrivals;
use client::Client;
use question::questions;
use report::Tally;
use sample::Sample;
use server::{Program, Server};
use std::path::PathBuf;

/// The log that activities arrive from. Its size says how many visitors there are.
const SEED: u64 = 1;
const ROWS: u64 = 1_000_000;

/// What to ask, and of which server.
#[derive(clap::Args, Clone, Debug)]
pub struct AskArguments {
    /// The log
    #[command(flatten)]
    pub place: Place,
    /// The program `livetrail` to measure
    #[arg(long, value_name = "PATH")]
    pub binary: PathBuf,
    /// With --postgres: where the server keeps its files [default: a folder that is deleted afterwards]
    #[arg(long, value_name = "FOLDER", requires = "postgres")]
    pub data_dir: Option<PathBuf>,
    /// How often to ask each question
    #[arg(long, default_value_t = 20)]
    pub rounds: usize,
    /// Ask only questions with this text in their names; can be given more than once
    #[arg(long, value_name = "TEXT")]
    pub only: Vec<String>,
    /// Activities a second that arrive meanwhile; they stay in the log
    #[arg(long, default_value_t = 500.0)]
    pub rate: f64,
    /// Tenants of the activities that arrive, in a log with tenants
    #[arg(long, default_value_t = 10)]
    pub tenants: u32,
    /// How often to start the server and measure its first answers
    #[arg(long, default_value_t = 3)]
    pub starts: usize,
    /// Rows of each export; 0 for no exports
    #[arg(long, default_value_t = 1_000_000)]
    pub export_rows: u64,
    /// With --postgres: also ask as a first design would, a page by OFFSET and the figures by a scan
    #[arg(long, requires = "postgres")]
    pub plain_sql: bool,
    /// Further arguments of `livetrail serve`
    #[arg(last = true, value_name = "ARGUMENT")]
    pub arguments: Vec<String>,
}

/// The clients of one server: a viewer, and one that is bound to the tenant of the sample.
struct Viewers {
    viewer: Client,
    of_tenant: Option<Client>,
}

/// What the first start of a server gives for those that are measured.
struct Prepared {
    sample: Sample,
    writer: String,
    viewer: String,
    of_tenant: Option<String>,
}

/// Measures everything.
///
/// # Errors
/// That the server or the log is not what it should be. A question that is refused is not an error, but counted.
pub async fn ask(arguments: &AskArguments) -> Result<Report> {
    let AskArguments { place, binary, data_dir, arguments: further, .. } = arguments.clone();
    let program = Program::new(binary, place, data_dir, further)?;
    let prepared = prepare(&program).await?;
    let (server, starts) = restarted(&program, &prepared, arguments.starts).await?;
    let (viewers, pid) = (Viewers::new(&server.url, &prepared)?, server.pid());
    let indexed_ms = start::until_indexed(&server, &viewers.viewer).await?;
    let memory_before = Memory::of(pid);
    let arrivals = arrivals(&server, &prepared, arguments)?;
    let asked = viewers.ask(&selected(arguments, &prepared.sample), arguments.rounds).await?;
    let memory_after_questions = Memory::of(pid);
    let plain_sql = match arguments.place.postgres.as_ref().filter(|_| arguments.plain_sql) {
        Some(url) => plain_sql::ask(url, &prepared.sample).await?,
        None => Vec::new(),
    };
    let exports = export::exports(&viewers.viewer, pid, arguments.export_rows).await?;
    let arrivals = arrivals.map(Arrivals::end).transpose()?;
    let memory_after = Memory::of(pid);
    let activities = viewers.newest_position().await?;
    server.stop()?;
    Ok(Report {
        machine: Machine::this(),
        activities,
        rounds: arguments.rounds,
        starts,
        indexed_ms,
        asked,
        plain_sql,
        arrivals,
        exports,
        memory_before,
        memory_after_questions,
        memory_after,
        files: figures::sizes(program.data_dir()),
    })
}

/// Starts the server again and again, at least once. The last one goes on.
async fn restarted(program: &Program, prepared: &Prepared, starts: usize) -> Result<(Server, Vec<Started>)> {
    let mut all = Vec::new();
    loop {
        let (server, started) = start::measured(program, &prepared.viewer).await?;
        all.push(started);
        if all.len() >= starts {
            return Ok((server, all));
        }
        server.stop()?;
    }
}

/// Begins to send activities, unless the rate is 0.
fn arrivals(server: &Server, prepared: &Prepared, arguments: &AskArguments) -> Result<Option<Arrivals>> {
    let tenants = prepared.sample.tenant.as_ref().map_or(0, |_| arguments.tenants);
    let begin = || {
        let log = Log::new(SEED, ROWS, tenants);
        Arrivals::begin(log, &server.url, &prepared.writer, arguments.rate)
    };
    (arguments.rate > 0.0).then(begin).transpose()
}

/// Starts the server for the first time, which may build its index, and makes keys.
async fn prepare(program: &Program) -> Result<Prepared> {
    let server = program.start()?;
    let viewer = program.key("viewer", None)?;
    let client = Client::new(&server.url, &viewer)?;
    start::until_indexed(&server, &client).await?;
    let sample = Sample::of(&client).await?;
    let tenant = sample.tenant.as_deref();
    let of_tenant = tenant.map(|tenant| program.key("viewer", Some(tenant))).transpose()?;
    let writer = program.key("writer", None)?;
    server.stop()?;
    Ok(Prepared { sample, writer, viewer, of_tenant })
}

fn selected(arguments: &AskArguments, sample: &Sample) -> Vec<Question> {
    let mut all = questions(sample);
    if !arguments.only.is_empty() {
        all.retain(|question| arguments.only.iter().any(|text| question.name.contains(text)));
    }
    all
}

impl Viewers {
    fn new(url: &str, prepared: &Prepared) -> Result<Self> {
        let of_tenant = prepared.of_tenant.as_deref().map(|key| Client::new(url, key)).transpose()?;
        Ok(Self { viewer: Client::new(url, &prepared.viewer)?, of_tenant })
    }

    /// Asks each question once a round, so that a slow minute of the machine does not hit one question alone.
    async fn ask(&self, questions: &[Question], rounds: usize) -> Result<Vec<Asked>> {
        let mut tallies: Vec<Tally> = questions.iter().map(|_| Tally::default()).collect();
        for _ in 0..rounds {
            for (question, tally) in questions.iter().zip(&mut tallies) {
                let client = self.of_tenant.as_ref().filter(|_| question.is_of_tenant);
                let answer = client.unwrap_or(&self.viewer).ask(question).await?;
                tally.add(question, &answer);
            }
        }
        let asked = questions.iter().zip(tallies);
        Ok(asked.map(|(question, tally)| tally.finish(question.name.clone(), question.text())).collect())
    }

    /// The greatest position among the newest activities.
    async fn newest_position(&self) -> Result<u64> {
        let request = self.viewer.request(reqwest::Method::GET, Call::List.path());
        let answer = client::Answer::to(request.query(&[("limit", "100"), ("stats", "false")])).await?;
        let body = answer.json();
        let positions = body["data"].as_array().into_iter().flatten();
        Ok(positions.filter_map(|row| row["position"].as_u64()).max().unwrap_or(0))
    }
}
