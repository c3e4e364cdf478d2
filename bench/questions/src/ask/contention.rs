//! What lists that only the database can answer cost other requests: many of them are under way while the server makes
//! its index again.

use super::{
    client::{Answer, Client},
    contention_report::{Contention, Measured},
    figures::{Machine, Memory},
    probes::Probes,
    question::Call,
    server::{Program, Server},
    start::until_indexed,
};
use crate::place::Place;
use anyhow::{Context, Result};
use reqwest::Method;
use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

/// The index has the words of messages and details with this argument, and nothing has them while it is being made.
const TEXT_SEARCH: &str = "--text-search";
/// A word of one error message in sixteen. The figures of the list read every row.
const SLOW: [(&str, &str); 1] = [("text", "unexpected")];
/// Credentials that ask. One alone would have half of the places that the server has for questions.
const CREDENTIALS: usize = 5;
/// How long to measure without the lists.
const ALONE: Duration = Duration::from_secs(5);

/// What to measure, and of which server.
#[derive(clap::Args, Clone, Debug)]
pub struct ContentionArguments {
    /// The log
    #[command(flatten)]
    pub place: Place,
    /// The program `livetrail` to measure
    #[arg(long, value_name = "PATH")]
    pub binary: PathBuf,
    /// With --postgres: where the server keeps its files [default: a folder that is deleted afterwards]
    #[arg(long, value_name = "FOLDER", requires = "postgres")]
    pub data_dir: Option<PathBuf>,
    /// Lists that are under way at any time
    #[arg(long, default_value_t = 30)]
    pub lists: usize,
    /// How often to make the index again, and to measure meanwhile
    #[arg(long, default_value_t = 3)]
    pub rounds: usize,
    /// The longest time that a round measures, in seconds
    #[arg(long, default_value_t = 20)]
    pub seconds: u64,
    /// Further arguments of `livetrail serve`
    #[arg(last = true, value_name = "ARGUMENT")]
    pub arguments: Vec<String>,
}

/// The lists of a round that were answered.
#[derive(Default)]
struct Answered {
    by_sql: AtomicUsize,
    otherwise: AtomicUsize,
}

/// Measures everything. The folder of the index is deleted before each round.
///
/// # Errors
/// That the server or the log is not what it should be, or that a request other than a list was refused.
pub async fn contention(arguments: &ContentionArguments) -> Result<Contention> {
    let ContentionArguments { place, binary, data_dir, arguments: further, .. } = arguments.clone();
    let further = further.into_iter().chain([TEXT_SEARCH.to_owned()]).collect();
    let program = Program::new(binary, place, data_dir, further)?;
    let server = program.start()?;
    let keys: Vec<String> = (0..=CREDENTIALS).map(|_| program.key("viewer", None)).collect::<Result<_>>()?;
    let (own, asking) = keys.split_first().context("no key")?;
    let client = Client::new(&server.url, own)?;
    until_indexed(&server, &client).await?;
    let probes = Probes::of(client).await?;
    let alone = measure_alone(&probes, server.pid()).await?;
    server.stop()?;
    let (mut beside, mut by_sql, mut otherwise) = (Measured::default(), 0, 0);
    for _ in 0..arguments.rounds {
        program.delete_index()?;
        let server = program.start()?;
        let answered = Arc::<Answered>::default();
        let lists = ask(&server, asking, arguments.lists, &answered)?;
        let limit = Duration::from_secs(arguments.seconds);
        beside.extend(
            measure_beside(&probes.by(Client::new(&server.url, own)?), server.pid(), limit, &answered)
                .await?,
        );
        drop(lists);
        by_sql += answered.by_sql.load(Ordering::Relaxed);
        otherwise += answered.otherwise.load(Ordering::Relaxed);
        server.stop()?;
    }
    Ok(Contention { machine: Machine::this(), lists: arguments.lists, by_sql, otherwise, alone, beside })
}

async fn measure_alone(probes: &Probes, pid: u32) -> Result<Measured> {
    let (begun, mut measured) = (Instant::now(), Measured::default());
    while begun.elapsed() < ALONE {
        measured.add(probes.measure().await?, Memory::of(pid));
    }
    Ok(measured)
}

/// Measures until the index answers or `limit` is over, and once at least.
async fn measure_beside(probes: &Probes, pid: u32, limit: Duration, answered: &Answered) -> Result<Measured> {
    let (begun, mut measured) = (Instant::now(), Measured::default());
    loop {
        measured.add(probes.measure().await?, Memory::of(pid));
        if begun.elapsed() > limit || answered.otherwise.load(Ordering::Relaxed) > 0 {
            return Ok(measured);
        }
    }
}

/// Keeps so many lists under way, of each credential as many, until the set is dropped.
fn ask(server: &Server, keys: &[String], lists: usize, answered: &Arc<Answered>) -> Result<JoinSet<()>> {
    let mut tasks = JoinSet::new();
    for key in keys.iter().cycle().take(lists) {
        let (client, answered) = (Client::new(&server.url, key)?, Arc::clone(answered));
        tasks.spawn(async move {
            loop {
                let list = client.request(Method::GET, Call::List.path()).query(&SLOW);
                answered.add(Answer::to(list).await);
            }
        });
    }
    Ok(tasks)
}

impl Answered {
    fn add(&self, answer: Result<Answer>) {
        let is_by_sql = answer.is_ok_and(|answer| answer.answered_by.as_deref() == Some("sql"));
        let count = if is_by_sql { &self.by_sql } else { &self.otherwise };
        count.fetch_add(1, Ordering::Relaxed);
    }
}
