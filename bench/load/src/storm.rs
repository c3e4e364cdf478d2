//! A storm: all clients are cut off, miss events, and come back at once.
//!
//! One thread does everything, one thing after the other, because nothing overlaps here but what the clients receive.
//! Events are published one after the other, so each client has to see their markers in that order. The state of a
//! client is its place in the list of markers.

use crate::{
    args::StormOptions,
    client::Client,
    clock::Clock,
    last_id::LastId,
    latencies::Latencies,
    marker::{Carry, Scanner},
    process::{self, Cost},
    publisher,
    report::{StormReport, ratio, round},
};
use anyhow::{Context, ensure};
use mio::{Events, Interest, Poll, Token};
use std::{
    io::ErrorKind,
    time::{Duration, Instant},
};

const SUBSCRIBE_WITHIN: Duration = Duration::from_secs(60);
/// How long a server may need to see that all clients have gone.
const REST: Duration = Duration::from_millis(500);
/// How often the server's memory is looked at: rarely enough to cost it nothing.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Measures one storm.
pub(crate) fn run(options: &StormOptions) -> anyhow::Result<StormReport> {
    let target = &options.target;
    ensure!(target.sse.is_some() && target.publish.is_some(), "a storm needs --sse and --publish");
    ensure!(target.filters > 0 && !target.body.contains("{F}"), "every event of a storm is for everybody");
    let within = Duration::from_secs_f64(options.within);
    let (ids, calm) = first_ids(options, within)?;

    let mut storm = Storm::new(options)?;
    storm.publish(options.missed)?;
    let begun = process::cost_of(&target.pid);
    storm.begin = Instant::now();
    for (number, id) in ids.iter().enumerate() {
        storm.add(Client::reconnect(target, number, id)?, Interest::READABLE | Interest::WRITABLE)?;
    }
    let missed = storm.due.len();
    storm.follow(within, |follower| follower.seen >= missed)?;
    storm.publish(1)?;
    let all = storm.due.len();
    storm.follow(within, |follower| follower.seen >= all)?;
    Ok(storm.report(calm, begun))
}

/// Lets all clients see a first event; the id by which each of them comes back, and what the server had cost when all
/// of them were there. They are gone when this returns.
fn first_ids(options: &StormOptions, within: Duration) -> anyhow::Result<(Vec<String>, Cost)> {
    let mut calm = Storm::new(options)?;
    for number in 0..options.target.conns {
        let mut client = Client::connect(&options.target, number)?;
        client.send()?;
        calm.add(client, Interest::READABLE)?;
    }
    calm.follow(SUBSCRIBE_WITHIN, |follower| follower.client.is_subscribed())?;
    calm.publish(1)?;
    calm.follow(within, |follower| follower.seen == 1 && follower.last_id.get().is_some())?;
    let cost = process::cost_of(&options.target.pid);
    let id = |(number, follower): (usize, &Follower)| {
        ensure!(follower.seen == 1, "client {number} has not seen the first event");
        Ok(follower.last_id.get().with_context(|| format!("client {number} was told no id"))?.to_owned())
    };
    let ids = calm.followers.iter().enumerate().map(id).collect::<anyhow::Result<_>>()?;
    drop(calm);
    std::thread::sleep(REST);
    Ok((ids, cost))
}

struct Follower {
    client: Client,
    carry: Carry,
    last_id: LastId,
    /// How many of the events that are due it has seen, in their order.
    seen: usize,
    /// What it saw beside that: twice, too early, or of something else.
    wrong: u64,
}

struct Storm<'a> {
    options: &'a StormOptions,
    clock: Clock,
    begin: Instant,
    poll: Poll,
    scanner: Scanner,
    followers: Vec<Follower>,
    /// The markers that every client has to see.
    due: Vec<u64>,
    connected: Latencies,
    caught_up: Latencies,
    closed: u64,
    peak_kb: u64,
}

impl<'a> Storm<'a> {
    fn new(options: &'a StormOptions) -> anyhow::Result<Self> {
        Ok(Self {
            options,
            clock: Clock::start(),
            begin: Instant::now(),
            poll: Poll::new()?,
            scanner: Scanner::new(),
            followers: Vec::with_capacity(options.target.conns),
            due: Vec::new(),
            connected: Latencies::new(),
            caught_up: Latencies::new(),
            closed: 0,
            peak_kb: 0,
        })
    }

    fn add(&mut self, mut client: Client, interest: Interest) -> anyhow::Result<()> {
        self.poll.registry().register(&mut client.stream, Token(self.followers.len()), interest)?;
        let (carry, last_id) = (Carry::default(), LastId::default());
        self.followers.push(Follower { client, carry, last_id, seen: 0, wrong: 0 });
        Ok(())
    }

    fn publish(&mut self, count: usize) -> anyhow::Result<()> {
        let target = &self.options.target;
        let path = target.publish.as_deref().unwrap_or_default();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let times = publisher::publish_in_order(target, path, count, self.clock);
        self.due.extend(runtime.block_on(times)?);
        Ok(())
    }

    /// Reads until this can be said of every client that is not over, or the time is.
    fn follow(&mut self, within: Duration, done: impl Fn(&Follower) -> bool) -> anyhow::Result<()> {
        let deadline = Instant::now() + within;
        let mut looked: Option<Instant> = None;
        let mut events = Events::with_capacity(1024);
        let mut buffer = vec![0; 256 * 1024];
        while Instant::now() < deadline
            && !self.followers.iter().all(|each| each.client.is_over() || done(each))
        {
            if let Err(error) = self.poll.poll(&mut events, Some(LOOK_EVERY)) {
                ensure!(error.kind() == ErrorKind::Interrupted, error);
            }
            for event in &events {
                self.read(event, &mut buffer);
            }
            if looked.is_none_or(|at| at.elapsed() >= LOOK_EVERY) {
                looked = Some(Instant::now());
                self.look();
            }
        }
        self.look();
        Ok(())
    }

    fn look(&mut self) {
        self.peak_kb = self.peak_kb.max(process::cost_of(&self.options.target.pid).resident_kb);
    }

    fn read(&mut self, event: &mio::event::Event, buffer: &mut [u8]) {
        let Follower { client, carry, last_id, seen, wrong } = &mut self.followers[event.token().0];
        let (was_subscribed, had_seen) = (client.is_subscribed(), *seen);
        let outcome = client.send().and_then(|()| {
            client.read(buffer, event.is_read_closed(), &mut |data| {
                last_id.feed(data);
                self.scanner.scan(carry, data, &mut |ns| match self.due.get(*seen) {
                    Some(due) if *due == ns => *seen += 1,
                    _ => *wrong += 1,
                });
            })
        });
        let since = u64::try_from(self.begin.elapsed().as_nanos()).unwrap_or(u64::MAX);
        if client.is_subscribed() && !was_subscribed {
            self.connected.record(since);
        }
        if had_seen < self.options.missed && *seen >= self.options.missed {
            self.caught_up.record(since);
        }
        if let Err(error) = outcome {
            if self.closed == 0 {
                eprintln!("a client's stream is over: {error:#}");
            }
            self.closed += 1;
        }
    }

    fn report(&self, calm: Cost, begun: Cost) -> StormReport {
        let live_ms = self.begin.elapsed().as_secs_f64() * 1000.0;
        let target = &self.options.target;
        let cpu = process::cost_of(&target.pid).cpu_seconds - begun.cpu_seconds;
        let seen: usize = self.followers.iter().map(|each| each.seen).sum();
        let short = |each: &&Follower| each.seen < self.due.len();
        StormReport {
            label: target.label.clone(),
            clients: self.followers.len() as u64,
            missed: self.options.missed as u64,
            connected_ms: self.connected.summary(),
            caught_up_ms: self.caught_up.summary(),
            live_ms: round(live_ms, 0),
            incomplete: self.followers.iter().filter(short).count() as u64,
            wrong: self.followers.iter().map(|each| each.wrong).sum(),
            closed: self.closed,
            cpu_seconds: round(cpu, 2),
            cpu_us_per_delivery: ratio(cpu * 1e6, seen as f64, 3),
            resident_kb_calm: calm.resident_kb,
            resident_kb_peak: self.peak_kb,
        }
    }
}
