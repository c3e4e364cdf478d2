//! The Markdown tables of a report: one for what was stored, one for what was pushed, one for storms.

use crate::{
    latencies::Summary,
    report::{Report, StormReport},
};
use serde::Deserialize;
use std::io::BufRead;

/// A storm says what was missed, which a run does not.
#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Storm(StormReport),
    Run(Box<Report>),
}

/// Reads lines of JSON as `run` and `storm` print them.
pub(crate) fn print(input: impl BufRead) -> anyhow::Result<()> {
    let lines = input.lines().collect::<Result<Vec<_>, _>>()?;
    let lines = lines.iter().map(|line| serde_json::from_str(line)).collect::<Result<Vec<_>, _>>()?;
    print!("{}", tables(lines));
    Ok(())
}

fn tables(lines: Vec<Line>) -> String {
    let (mut storms, mut push, mut ingest) = (Vec::new(), Vec::new(), Vec::new());
    for line in lines {
        match line {
            Line::Storm(storm) => storms.push(storm),
            Line::Run(report) if report.clients > 0 => push.push(report),
            Line::Run(report) => ingest.push(report),
        }
    }
    let mut text = String::new();
    table(&mut text, "ingest|events/s|ack p50/p99/max|CPU per event|resident|failed", &ingest, |report| {
        format!(
            "{}|{}|{}|{} µs|{} MB|{}",
            report.label,
            events(report),
            times(&report.ack_ms),
            report.cpu_us_per_event,
            report.resident_kb_end / 1024,
            report.failed
        )
    });
    let header = "push|events/s|deliveries/s|publish to client p50/p99/max|ack p50/p99/max|CPU per delivery|\
                  KB per idle client|resident|lost|surplus|closed";
    table(&mut text, header, &push, |report| {
        format!(
            "{}|{}|{:.0}|{}|{}|{} µs|{}|{} MB|{}|{}|{}",
            report.label,
            events(report),
            report.deliveries_per_second,
            times(&report.delivery_ms),
            times(&report.ack_ms),
            report.cpu_us_per_delivery,
            report.kb_per_idle_client,
            report.resident_kb_end / 1024,
            report.lost,
            report.surplus,
            report.closed
        )
    });
    let header = "coming back|connected p50/p99/max|caught up p50/p99/max|all live after|CPU per delivery|\
                  resident before/most|incomplete|wrong|closed";
    table(&mut text, header, &storms, |storm| {
        format!(
            "{}|{}|{}|{:.1} s|{} µs|{}/{} MB|{}|{}|{}",
            storm.label,
            times(&storm.connected_ms),
            times(&storm.caught_up_ms),
            storm.live_ms / 1000.0,
            storm.cpu_us_per_delivery,
            storm.resident_kb_calm / 1024,
            storm.resident_kb_peak / 1024,
            storm.incomplete,
            storm.wrong,
            storm.closed
        )
    });
    text
}

/// How many were published, and of how many that should have been.
fn events(report: &Report) -> String {
    match report.offered_per_second {
        0.0 => format!("{:.0}", report.acked_per_second),
        offered => format!("{:.0} of {offered:.0}", report.acked_per_second),
    }
}

fn times(summary: &Summary) -> String {
    format!("{:.1}/{:.1}/{:.1} ms", summary.p50, summary.p99, summary.max)
}

fn table<Row>(text: &mut String, header: &str, rows: &[Row], row: impl Fn(&Row) -> String) {
    if rows.is_empty() {
        return;
    }
    let rule = vec!["---"; header.split('|').count()].join("|");
    for line in [header.to_owned(), rule].into_iter().chain(rows.iter().map(row)) {
        text.push_str(&format!("| {} |\n", line.replace('|', " | ")));
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_pushed_what_was_stored_and_storms_are_tables_of_their_own() {
        let run = |report: &Report| serde_json::to_string(report).unwrap();
        let push = run(&Report { label: "many".into(), clients: 3, ..Report::default() });
        let ingest = run(&Report { label: "single".into(), ..Report::default() });
        let storm = r#"{"label": "back", "clients": 3, "missed": 1, "connected_ms": {"p50": 1, "p99": 1, "max": 1},
            "caught_up_ms": {"p50": 1, "p99": 1, "max": 1}, "live_ms": 2, "incomplete": 0, "wrong": 0, "closed": 0,
            "cpu_seconds": 1, "cpu_us_per_delivery": 1, "resident_kb_calm": 1, "resident_kb_peak": 1}"#;
        let lines = [push.as_str(), storm, &ingest].map(|line| serde_json::from_str(line).unwrap());
        let text = tables(lines.into());
        let labels: Vec<_> = text.lines().filter_map(|line| line.split(' ').nth(1)).collect();
        assert_eq!(labels, ["ingest", "---", "single", "push", "---", "many", "coming", "---", "back"]);
    }
}
