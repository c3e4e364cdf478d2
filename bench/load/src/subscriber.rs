//! The SSE clients, all of them on a few threads. Each thread is one epoll loop with one buffer, so that ten thousand
//! clients cost the machine little.

use crate::{
    args::Options,
    client::Client,
    clock::Clock,
    latencies::Latencies,
    marker::{Carry, Scanner},
};
use anyhow::ensure;
use mio::{Events, Interest, Poll, Token};
use std::{
    io::ErrorKind,
    sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    time::Duration,
};

/// What the threads tell while they run.
#[derive(Default)]
pub(crate) struct Progress {
    /// Clients that got their 200, those among them that read no more.
    pub(crate) subscribed: AtomicU64,
    /// Clients that were refused, or whose stream ended.
    pub(crate) closed: AtomicU64,
    /// Markers received by all clients.
    pub(crate) delivered: AtomicU64,
    /// Set by the one who asks the threads to return.
    pub(crate) stop: AtomicBool,
}

/// What one thread measured.
pub(crate) struct Received {
    pub(crate) latencies: Latencies,
    /// Number and markers of each client that subscribed and went on reading.
    pub(crate) per_client: Vec<(usize, u64)>,
}

/// Opens the clients with these numbers and reads until `progress.stop`.
pub(crate) fn read_all(
    options: &Options,
    numbers: impl Iterator<Item = usize>,
    clock: Clock,
    progress: &Progress,
) -> anyhow::Result<Received> {
    let mut poll = Poll::new()?;
    let mut subscribers = Vec::new();
    for number in numbers {
        let mut subscriber = Subscriber::connect(options, number)?;
        let token = Token(subscribers.len());
        poll.registry().register(&mut subscriber.client.stream, token, Interest::READABLE)?;
        subscribers.push(subscriber);
    }

    let mut reader = Reader { scanner: Scanner::new(), latencies: Latencies::new(), clock, progress };
    let mut events = Events::with_capacity(1024);
    let mut buffer = vec![0; 256 * 1024];
    while !progress.stop.load(Relaxed) {
        if let Err(error) = poll.poll(&mut events, Some(Duration::from_millis(50))) {
            ensure!(error.kind() == ErrorKind::Interrupted, error);
        }
        for event in &events {
            let subscriber = &mut subscribers[event.token().0];
            reader.read(subscriber, &mut buffer, event.is_read_closed());
            if subscriber.stops && subscriber.client.is_subscribed() {
                poll.registry().deregister(&mut subscriber.client.stream)?;
            }
        }
    }
    let reading = subscribers.iter().filter(|each| each.client.is_subscribed() && !each.stops);
    let per_client = reading.map(|each| (each.number, each.received)).collect();
    Ok(Received { latencies: reader.latencies, per_client })
}

struct Subscriber {
    client: Client,
    number: usize,
    /// Whether it reads no more once it has got its 200.
    stops: bool,
    carry: Carry,
    received: u64,
}

impl Subscriber {
    fn connect(options: &Options, number: usize) -> anyhow::Result<Self> {
        let stops = number >= options.reading();
        let mut client = Client::connect(&options.target, number)?;
        client.send()?;
        Ok(Self { client, number, stops, carry: Carry::default(), received: 0 })
    }
}

struct Reader<'a> {
    scanner: Scanner,
    latencies: Latencies,
    clock: Clock,
    progress: &'a Progress,
}

impl Reader<'_> {
    fn read(&mut self, subscriber: &mut Subscriber, buffer: &mut [u8], ends: bool) {
        let Subscriber { client, carry, received, .. } = subscriber;
        let was_subscribed = client.is_subscribed();
        let before = *received;
        let outcome = client.read(buffer, ends, &mut |data| {
            let now = self.clock.now_ns();
            self.scanner.scan(carry, data, &mut |ns| {
                self.latencies.record(now.saturating_sub(ns));
                *received += 1;
            });
        });
        self.progress.delivered.fetch_add(*received - before, Relaxed);
        if client.is_subscribed() && !was_subscribed {
            self.progress.subscribed.fetch_add(1, Relaxed);
        }
        if let Err(error) = outcome
            && self.progress.closed.fetch_add(1, Relaxed) == 0
        {
            eprintln!("a client's stream is over: {error:#}");
        }
    }
}
