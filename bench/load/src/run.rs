//! One measurement from beginning to end: subscribe, rest, publish, wait for what is still under way, add up.

use crate::{
    args::Options,
    clock::Clock,
    latencies::Latencies,
    process,
    publisher::{self, Published},
    report::{Measured, Report},
    subscriber::{self, Progress, Received},
};
use anyhow::{bail, ensure};
use std::{
    sync::atomic::Ordering::Relaxed,
    thread::{self, ScopedJoinHandle},
    time::{Duration, Instant},
};

const SUBSCRIBE_WITHIN: Duration = Duration::from_secs(60);
/// What a server may still do after it has sent the last head.
const REST: Duration = Duration::from_millis(500);
/// Silence for so long means that nothing more will come.
const QUIET: Duration = Duration::from_secs(1);
const DRAIN_WITHIN: Duration = Duration::from_secs(30);
const STEP: Duration = Duration::from_millis(10);

/// Runs one measurement.
pub(crate) fn run(options: &Options) -> anyhow::Result<Report> {
    ensure!(
        options.batch > 0 && options.pub_conns > 0 && options.readers > 0,
        "zero of something that is needed"
    );
    ensure!(options.target.filters > 0, "no filter at all");
    ensure!(
        options.batch == 1 || !options.target.body.contains("{F}"),
        "the events of a batch have one answer: they cannot be for different clients"
    );
    let clock = Clock::start();
    let progress = Progress::default();
    let before = process::cost_of(&options.target.pid);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..options.readers)
            .map(|reader| {
                let numbers = (reader..options.clients()).step_by(options.readers);
                let progress = &progress;
                scope.spawn(move || subscriber::read_all(options, numbers, clock, progress))
            })
            .collect();
        let measured = measure(options, clock, &progress, &threads, before);
        progress.stop.store(true, Relaxed);
        let received = join(threads)?;
        Ok(Report::new(options, &measured?, &received))
    })
}

fn measure(
    options: &Options,
    clock: Clock,
    progress: &Progress,
    threads: &[ScopedJoinHandle<'_, anyhow::Result<Received>>],
    before: process::Cost,
) -> anyhow::Result<Measured> {
    await_subscribers(options, progress, threads)?;
    thread::sleep(REST);
    let idle = process::cost_of(&options.target.pid);
    let begin = Instant::now();
    let published = publish(options, clock)?;
    let last_delivery = drain(progress, (0..options.reading()).map(|number| published.due(number)).sum());
    let seconds = last_delivery.saturating_duration_since(begin).as_secs_f64();
    let end = process::cost_of(&options.target.pid);
    Ok(Measured { published, closed: progress.closed.load(Relaxed), seconds, before, idle, end })
}

fn await_subscribers(
    options: &Options,
    progress: &Progress,
    threads: &[ScopedJoinHandle<'_, anyhow::Result<Received>>],
) -> anyhow::Result<()> {
    let begin = Instant::now();
    let answered = || progress.subscribed.load(Relaxed) + progress.closed.load(Relaxed);
    while (answered() as usize) < options.clients() {
        ensure!(!threads.iter().any(ScopedJoinHandle::is_finished), "the clients could not connect");
        if begin.elapsed() > SUBSCRIBE_WITHIN {
            bail!("only {} of {} clients were answered", answered(), options.clients());
        }
        thread::sleep(STEP);
    }
    Ok(())
}

fn publish(options: &Options, clock: Clock) -> anyhow::Result<Published> {
    let Some(path) = &options.target.publish else {
        thread::sleep(Duration::from_secs_f64(options.secs));
        return Ok(Published { seconds: options.secs, ..Published::nothing() });
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(publisher::publish_all(options, path, clock))
}

/// Waits until everything has arrived, or nothing more does. Returns when the last delivery was seen.
fn drain(progress: &Progress, expected: u64) -> Instant {
    let begin = Instant::now();
    let mut last = (progress.delivered.load(Relaxed), begin);
    while last.0 < expected && last.1.elapsed() < QUIET && begin.elapsed() < DRAIN_WITHIN {
        thread::sleep(STEP);
        let delivered = progress.delivered.load(Relaxed);
        if delivered != last.0 {
            last = (delivered, Instant::now());
        }
    }
    last.1
}

fn join(threads: Vec<ScopedJoinHandle<'_, anyhow::Result<Received>>>) -> anyhow::Result<Received> {
    let mut all = Received { latencies: Latencies::new(), per_client: Vec::new() };
    for thread in threads {
        let one = thread.join().map_err(|_| anyhow::anyhow!("a reading thread panicked"))??;
        all.latencies.add(&one.latencies);
        all.per_client.extend(one.per_client);
    }
    Ok(all)
}
