use super::{
    figures::{Machine, Memory},
    latencies::Latencies,
    probes::{NAMES, Times},
    report::{mb, table},
};
use std::fmt::{self, Display};

/// What other requests took, alone and beside the lists.
pub struct Contention {
    pub(super) machine: Machine,
    /// Lists at once.
    pub(super) lists: usize,
    /// Lists that the database has answered.
    pub(super) by_sql: usize,
    /// Lists that the index has answered, or that were refused. The first of a round ends it.
    pub(super) otherwise: usize,
    pub(super) alone: Measured,
    pub(super) beside: Measured,
}

/// The times of each kind of request, and the server's memory meanwhile.
#[derive(Default)]
pub(super) struct Measured {
    times: [Latencies; NAMES.len()],
    /// When it had the most resident memory.
    peak: Memory,
}

impl Measured {
    pub(super) fn add(&mut self, times: Times, memory: Memory) {
        for (latencies, took) in self.times.iter_mut().zip(times) {
            latencies.add(took);
        }
        self.peak = [self.peak, memory].into_iter().max_by_key(|memory| memory.resident_kb).unwrap_or(memory);
    }

    pub(super) fn extend(&mut self, others: Self) {
        for (latencies, more) in self.times.iter_mut().zip(others.times) {
            latencies.extend(more);
        }
        self.peak = [self.peak, others.peak]
            .into_iter()
            .max_by_key(|memory| memory.resident_kb)
            .unwrap_or(others.peak);
    }
}

impl Contention {
    /// How many lists the database has answered, and how many requests were measured beside them.
    pub fn counts(&self) -> (usize, usize) {
        (self.by_sql, self.beside.times[0].count())
    }
}

/// The Markdown tables.
impl Display for Contention {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { machine: Machine { cores, cpu }, lists, by_sql, otherwise, alone, beside } = self;
        writeln!(
            out,
            "{cores} cores ({cpu}); {lists} lists at once, of which the database answered {by_sql};"
        )?;
        writeln!(out, "{otherwise} were refused or answered by the index\n")?;
        let header = "ms|alone p50|p99|longest|beside the lists p50|p99|longest|measured";
        let rows = NAMES.iter().zip(alone.times.iter().zip(&beside.times));
        table(out, header, rows, |(name, (alone, beside))| {
            let quantiles =
                [alone, beside].map(|of| [0.5, 0.99, 1.0].map(|quantile| of.quantile_ms(quantile)));
            let cells: Vec<_> = quantiles.concat().iter().map(f64::to_string).collect();
            format!("{name}|{}|{}", cells.join("|"), beside.count())
        })?;
        let memory = [("alone", alone.peak), ("beside the lists", beside.peak)];
        table(out, "most memory|resident|apart from files", memory.into_iter(), |(when, memory)| {
            format!("{when}|{}|{}", mb(memory.resident_kb), mb(memory.anonymous_kb))
        })
    }
}
