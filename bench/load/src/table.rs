//! The Markdown tables of a report: one for what was stored, one for what was pushed.

use crate::report::{Report, Summary};
use std::io::BufRead;

/// Reads lines of JSON as `run` prints them.
pub(crate) fn print(input: impl BufRead) -> anyhow::Result<()> {
    let lines = input.lines().collect::<Result<Vec<_>, _>>()?;
    let reports = lines.iter().map(|line| serde_json::from_str(line)).collect::<Result<Vec<Report>, _>>()?;
    print!("{}", tables(&reports));
    Ok(())
}

fn tables(reports: &[Report]) -> String {
    let (push, ingest): (Vec<_>, Vec<_>) = reports.iter().partition(|report| report.clients > 0);
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

fn table(text: &mut String, header: &str, rows: &[&Report], row: impl Fn(&Report) -> String) {
    if rows.is_empty() {
        return;
    }
    let rule = vec!["---"; header.split('|').count()].join("|");
    for line in [header.to_owned(), rule].into_iter().chain(rows.iter().map(|report| row(report))) {
        text.push_str(&format!("| {} |\n", line.replace('|', " | ")));
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_pushed_and_what_was_stored_are_two_tables() {
        let push = Report { label: "many".into(), clients: 3, ..Report::default() };
        let ingest = Report { label: "single".into(), ..Report::default() };
        let text = tables(&[push, ingest]);
        let labels: Vec<_> = text.lines().filter_map(|line| line.split(' ').nth(1)).collect();
        assert_eq!(labels, ["ingest", "---", "single", "push", "---", "many"]);
    }
}
