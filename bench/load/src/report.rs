//! What one run has shown: the line of JSON.

use crate::{args::Options, latencies::Summary, process::Cost, publisher::Published, subscriber::Received};
use serde::{Deserialize, Serialize};

/// Everything that was observed but the deliveries.
pub(crate) struct Measured {
    pub(crate) published: Published,
    pub(crate) closed: u64,
    /// From the first publish to the last delivery.
    pub(crate) seconds: f64,
    pub(crate) before: Cost,
    pub(crate) idle: Cost,
    pub(crate) end: Cost,
}

/// One run. CPU and memory are the server's: of the processes that were named. Another program that measures something
/// of the kind need not write every field.
#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
pub(crate) struct Report {
    pub(crate) label: String,
    pub(crate) clients: u64,
    /// Clients beside those that read nothing after the head.
    pub(crate) stopped: u64,
    /// Clients that were refused or whose stream ended.
    pub(crate) closed: u64,
    pub(crate) publishers: u64,
    pub(crate) batch: u64,
    /// Events a second that were asked for; 0 for as fast as possible.
    pub(crate) offered_per_second: f64,
    pub(crate) acked: u64,
    pub(crate) failed: u64,
    pub(crate) acked_per_second: f64,
    pub(crate) ack_ms: Summary,
    pub(crate) deliveries: u64,
    pub(crate) expected_deliveries: u64,
    /// Summed over the clients, so that one's surplus does not hide another's loss.
    pub(crate) lost: u64,
    /// Deliveries beyond what was acknowledged.
    pub(crate) surplus: u64,
    pub(crate) deliveries_per_second: f64,
    pub(crate) delivery_ms: Summary,
    pub(crate) cpu_seconds: f64,
    pub(crate) cpu_us_per_delivery: f64,
    pub(crate) cpu_us_per_event: f64,
    pub(crate) resident_kb_before: u64,
    pub(crate) resident_kb_idle: u64,
    pub(crate) resident_kb_end: u64,
    pub(crate) kb_per_idle_client: f64,
}

/// One storm. Times are counted from when the first client came back.
#[derive(Serialize, Deserialize)]
pub(crate) struct StormReport {
    pub(crate) label: String,
    pub(crate) clients: u64,
    /// Events that each of them missed.
    pub(crate) missed: u64,
    /// When a client had its 200.
    pub(crate) connected_ms: Summary,
    /// When a client had all that it missed.
    pub(crate) caught_up_ms: Summary,
    /// When all of them had that and one more event, published when the last of them had caught up.
    pub(crate) live_ms: f64,
    /// Clients that did not get there.
    pub(crate) incomplete: u64,
    /// Markers that came twice or out of order, summed over the clients.
    pub(crate) wrong: u64,
    /// Clients that were refused when they came back, or whose stream ended.
    pub(crate) closed: u64,
    pub(crate) cpu_seconds: f64,
    pub(crate) cpu_us_per_delivery: f64,
    /// While all of them were connected, before they were cut.
    pub(crate) resident_kb_calm: u64,
    pub(crate) resident_kb_peak: u64,
}

impl Report {
    pub(crate) fn new(options: &Options, measured: &Measured, received: &Received) -> Self {
        let published = &measured.published;
        let acked = published.acked;
        let clients = received.per_client.len() as u64;
        let deliveries: u64 = received.per_client.iter().map(|(_, got)| got).sum();
        let due = || received.per_client.iter().map(|&(number, got)| (published.due(number), got));
        let cpu = measured.end.cpu_seconds - measured.idle.cpu_seconds;
        let grown = measured.idle.resident_kb as f64 - measured.before.resident_kb as f64;
        Self {
            label: options.target.label.clone(),
            clients,
            stopped: options.stopped as u64,
            closed: measured.closed,
            publishers: options.pub_conns as u64,
            batch: options.batch as u64,
            offered_per_second: if options.target.publish.is_some() { options.rate } else { 0.0 },
            acked,
            failed: published.failed,
            acked_per_second: ratio(acked as f64, published.seconds, 1),
            ack_ms: published.latencies.summary(),
            deliveries,
            expected_deliveries: due().map(|(due, _)| due).sum(),
            lost: due().map(|(due, got)| due.saturating_sub(got)).sum(),
            surplus: due().map(|(due, got)| got.saturating_sub(due)).sum(),
            deliveries_per_second: ratio(deliveries as f64, measured.seconds, 0),
            delivery_ms: received.latencies.summary(),
            cpu_seconds: round(cpu, 2),
            cpu_us_per_delivery: ratio(cpu * 1e6, deliveries as f64, 3),
            cpu_us_per_event: ratio(cpu * 1e6, acked as f64, 2),
            resident_kb_before: measured.before.resident_kb,
            resident_kb_idle: measured.idle.resident_kb,
            resident_kb_end: measured.end.resident_kb,
            kb_per_idle_client: ratio(grown, (clients + options.stopped as u64) as f64, 2),
        }
    }
}

pub(crate) fn ratio(value: f64, by: f64, digits: i32) -> f64 {
    if by > 0.0 { round(value / by, digits) } else { 0.0 }
}

pub(crate) fn round(value: f64, digits: i32) -> f64 {
    let scale = 10f64.powi(digits);
    (value * scale).round() / scale
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::latencies::Latencies;
    use clap::Parser;

    fn report_of(acked: u64, per_client: Vec<u64>) -> Report {
        let args = crate::args::Args::parse_from(["load", "run"]);
        let crate::args::Command::Run(options) = args.command else { unreachable!() };
        let published = Published { acked, seconds: 2.0, ..Published::nothing() };
        let (before, idle) = (Cost::default(), Cost { cpu_seconds: 1.0, resident_kb: 300 });
        let end = Cost { cpu_seconds: 1.5, resident_kb: 400 };
        let measured = Measured { published, closed: 0, seconds: 2.0, before, idle, end };
        let per_client = per_client.into_iter().enumerate().collect();
        Report::new(&options, &measured, &Received { latencies: Latencies::new(), per_client })
    }

    #[test]
    fn a_surplus_of_one_client_does_not_hide_the_loss_of_another() {
        let report = report_of(10, vec![9, 11, 10]);
        assert_eq!((report.lost, report.surplus), (1, 1));
        assert_eq!((report.deliveries, report.expected_deliveries), (30, 30));
    }

    #[test]
    fn costs_are_shared_out() {
        let report = report_of(10, vec![10, 10]);
        assert_eq!((report.cpu_us_per_event, report.cpu_us_per_delivery), (50_000.0, 25_000.0));
        assert_eq!((report.kb_per_idle_client, report.acked_per_second), (150.0, 5.0));
    }
}
