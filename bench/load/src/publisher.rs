//! The publishers: each one connection with one request under way.

use crate::{
    args::{Options, Target},
    clock::Clock,
    exchange::{Answer, Connection},
    latencies::Latencies,
    requests::Requests,
};
use anyhow::ensure;
use std::time::Duration;
use tokio::time::{Instant, sleep, sleep_until};

/// What the publishers did.
pub(crate) struct Published {
    pub(crate) latencies: Latencies,
    /// Events that the server acknowledged.
    pub(crate) acked: u64,
    /// The same for each filter, where events are for one filter each.
    pub(crate) acked_of: Vec<u64>,
    /// Events that it refused, or that were under way when a connection broke.
    pub(crate) failed: u64,
    pub(crate) seconds: f64,
}

impl Published {
    pub(crate) fn nothing() -> Self {
        Self { latencies: Latencies::new(), acked: 0, acked_of: Vec::new(), failed: 0, seconds: 0.0 }
    }

    /// How many events are due to the client with this number.
    pub(crate) fn due(&self, client: usize) -> u64 {
        match self.acked_of.len() {
            0 => self.acked,
            filters => self.acked_of[client % filters],
        }
    }

    fn add(&mut self, other: &Self) {
        self.latencies.add(&other.latencies);
        self.acked += other.acked;
        self.failed += other.failed;
        self.acked_of.resize(self.acked_of.len().max(other.acked_of.len()), 0);
        for (sum, acked) in self.acked_of.iter_mut().zip(&other.acked_of) {
            *sum += acked;
        }
    }
}

/// Publishes for `options.secs`, then waits for the answers that are still due.
pub(crate) async fn publish_all(options: &Options, path: &str, clock: Clock) -> anyhow::Result<Published> {
    let begin = Instant::now();
    let tasks = tokio::task::LocalSet::new();
    let mut running = Vec::new();
    for number in 0..options.pub_conns {
        let publisher = Publisher {
            number,
            options: options.clone(),
            requests: Requests::new(&options.target, path, number, options.batch),
            clock,
            begin,
            done: Published::nothing(),
        };
        running.push(tasks.spawn_local(publisher.run()));
    }
    let mut all = Published::nothing();
    tasks.await;
    for task in running {
        all.add(&task.await?);
    }
    all.seconds = begin.elapsed().as_secs_f64();
    Ok(all)
}

/// Publishes so many events, each after the one before was acknowledged; the times that they are marked with.
pub(crate) async fn publish_in_order(
    target: &Target,
    path: &str,
    count: usize,
    clock: Clock,
) -> anyhow::Result<Vec<u64>> {
    let mut requests = Requests::new(target, path, 0, 1);
    let mut connection = Connection::new(target.addr);
    let mut times = Vec::with_capacity(count);
    for _ in 0..count {
        let now = clock.now_ns();
        let answer = connection.exchange(requests.next(now)).await?;
        ensure!(answer.is_good(), "publishing: {answer}");
        times.push(now);
    }
    Ok(times)
}

struct Publisher {
    number: usize,
    options: Options,
    requests: Requests,
    clock: Clock,
    begin: Instant,
    done: Published,
}

impl Publisher {
    async fn run(mut self) -> Published {
        let batch = self.options.batch as f64;
        let publishers = self.options.pub_conns as f64;
        let gap = (self.options.rate > 0.0)
            .then(|| Duration::from_secs_f64(publishers * batch / self.options.rate));
        let mut due = self.begin + gap.unwrap_or_default().mul_f64(self.number as f64 / publishers);
        let end = self.begin + Duration::from_secs_f64(self.options.secs);
        let mut connection = Connection::new(self.options.target.addr);
        while Instant::now() < end {
            if let Some(gap) = gap {
                sleep_until(due.min(end)).await;
                if due >= end {
                    break;
                }
                due += gap;
            }
            let sent_at = self.clock.now_ns();
            match connection.exchange(self.requests.next(sent_at)).await {
                Ok(answer) => self.note(&answer, sent_at),
                Err(error) => {
                    self.fail(&format!("{error:#}"), self.options.batch as u64);
                    sleep(Duration::from_millis(50)).await;
                }
            }
        }
        self.done
    }

    fn note(&mut self, answer: &Answer, sent_at: u64) {
        let batch = self.options.batch as u64;
        if !answer.is_good() {
            self.fail(&answer.to_string(), batch);
            return;
        }
        self.done.latencies.record(self.clock.now_ns().saturating_sub(sent_at));
        let accepted = if batch > 1 { accepted(&answer.body).unwrap_or(batch) } else { 1 };
        self.done.acked += accepted;
        if let Some(filter) = self.requests.filter() {
            self.done.acked_of.resize(self.options.target.filters, 0);
            self.done.acked_of[filter] += accepted;
        }
        if accepted < batch {
            self.fail("a batch was taken in part", batch - accepted);
        }
    }

    /// The first failure of each publisher is told, not every one.
    fn fail(&mut self, why: &str, events: u64) {
        if self.done.failed == 0 {
            eprintln!("publisher {}: {why}", self.number);
        }
        self.done.failed += events;
    }
}

/// How many events of a batch the server says it took, where it says so.
fn accepted(body: &[u8]) -> Option<u64> {
    let name = b"\"accepted\":";
    let digits = &body[memchr::memmem::find(body, name)? + name.len()..];
    let text: String = digits.iter().map(|&b| char::from(b)).take_while(char::is_ascii_digit).collect();
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_accepted_events_of_a_batch_are_found() {
        assert_eq!(accepted(b"{\"accepted\":998,\"rejected\":[]}"), Some(998));
        assert_eq!(accepted(b"{}"), None);
    }

    #[test]
    fn what_is_due_depends_on_the_filter_where_events_are_for_one() {
        let mut all = Published { acked: 7, ..Published::nothing() };
        assert_eq!(all.due(5), 7);
        all.add(&Published { acked: 3, acked_of: vec![2, 1], ..Published::nothing() });
        all.add(&Published { acked: 1, acked_of: vec![0, 1], ..Published::nothing() });
        assert_eq!((all.due(4), all.due(5)), (2, 2));
    }
}
