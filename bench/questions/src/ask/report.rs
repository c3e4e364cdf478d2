//! What was measured, as JSON and as Markdown.

use super::{Arrived, Exported, Machine, Memory, Question, Started, client::Answer, latencies::Latencies};
use serde::Serialize;
use std::{
    collections::BTreeMap,
    fmt::{self, Display, Write},
};

/// Everything that was measured.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The machine.
    pub machine: Machine,
    /// The position of the last activity.
    pub activities: u64,
    /// How often each question was asked.
    pub rounds: usize,
    /// Each start.
    pub starts: Vec<Started>,
    /// Milliseconds from the start of the process until the index answered, if the server has one.
    pub indexed_ms: Option<f64>,
    /// Each question.
    pub asked: Vec<Asked>,
    /// Plain SQL, over PostgreSQL and if it was asked for.
    pub plain_sql: Vec<Asked>,
    /// What arrived meanwhile.
    pub arrivals: Option<Arrived>,
    /// Each export.
    pub exports: Vec<Exported>,
    /// The server's memory before the questions.
    pub memory_before: Memory,
    /// After the questions.
    pub memory_after_questions: Memory,
    /// After the exports.
    pub memory_after: Memory,
    /// Bytes of each file and folder in the data folder, after the server has ended.
    pub files: BTreeMap<String, u64>,
}

/// The answers to one question.
#[derive(Debug, Serialize)]
pub struct Asked {
    /// The question.
    pub question: String,
    /// Its query string, not encoded.
    pub parameters: String,
    /// Good answers.
    pub answers: usize,
    /// Other answers, by status.
    pub refused: BTreeMap<u16, usize>,
    /// Of good answers.
    pub p50_ms: f64,
    /// Of good answers, as the others.
    pub p99_ms: f64,
    /// The longest.
    pub max_ms: f64,
    /// How many activities matched, in the last answer.
    pub total: Option<u64>,
    /// How many answers came from where, if the server says.
    pub answered_by: BTreeMap<String, usize>,
}

/// The answers to one question so far.
#[derive(Default)]
pub(super) struct Tally {
    latencies: Latencies,
    refused: BTreeMap<u16, usize>,
    answered_by: BTreeMap<String, usize>,
    total: Option<u64>,
}

impl Tally {
    pub(super) fn of(latencies: Latencies) -> Self {
        Self { latencies, ..Self::default() }
    }

    pub(super) fn add(&mut self, question: &Question, answer: &Answer) {
        if answer.status != 200 {
            *self.refused.entry(answer.status).or_default() += 1;
            return;
        }
        self.latencies.add(answer.took);
        self.total = question.call.total(&answer.json());
        if let Some(by) = &answer.answered_by {
            *self.answered_by.entry(by.clone()).or_default() += 1;
        }
    }

    pub(super) fn finish(self, question: String, parameters: String) -> Asked {
        Asked {
            question,
            parameters,
            answers: self.latencies.count(),
            refused: self.refused,
            p50_ms: self.latencies.quantile_ms(0.5),
            p99_ms: self.latencies.quantile_ms(0.99),
            max_ms: self.latencies.quantile_ms(1.0),
            total: self.total,
            answered_by: self.answered_by,
        }
    }
}

/// The Markdown tables.
impl Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Machine { cores, cpu } = &self.machine;
        writeln!(out, "{} activities; {cores} cores ({cpu}); rounds: {}\n", self.activities, self.rounds)?;
        self.write_starts(out)?;
        self.write_questions(out)?;
        self.write_exports(out)?;
        self.write_resources(out)
    }
}

impl Report {
    fn write_starts(&self, out: &mut impl Write) -> fmt::Result {
        let header = "since the process was started|it listens|first page|figures of everything|answered by";
        table(out, header, self.starts.iter().enumerate(), |(number, start)| {
            let Started { listening_ms, page_ms, figures_ms, answered_by } = start;
            let figures = figures_ms.map_or("refused".into(), |ms| format!("{ms} ms"));
            let by = answered_by.as_deref().unwrap_or_default();
            format!("start {}|{listening_ms} ms|{page_ms} ms|{figures}|{by}", number + 1)
        })?;
        match self.indexed_ms {
            Some(ms) => writeln!(out, "The index answered {ms} ms after the last start.\n"),
            None => Ok(()),
        }
    }

    fn write_questions(&self, out: &mut impl Write) -> fmt::Result {
        let header = "question|p50 ms|p99 ms|max ms|matching|answered by|refused";
        table(out, header, self.asked.iter().chain(&self.plain_sql), |asked| {
            let Asked { question, p50_ms, p99_ms, max_ms, .. } = asked;
            let total = asked.total.map(|total| total.to_string()).unwrap_or_default();
            let (by, refused) = (counts(&asked.answered_by), counts(&asked.refused));
            format!("{question}|{p50_ms}|{p99_ms}|{max_ms}|{total}|{by}|{refused}")
        })
    }

    fn write_exports(&self, out: &mut impl Write) -> fmt::Result {
        let header = "export|rows|rows/s|memory apart from files before|most";
        table(out, header, self.exports.iter(), |export| {
            let Exported { name, rows, rows_per_second, before, peak, .. } = export;
            format!("{name}|{rows}|{rows_per_second}|{}|{}", mb(before.anonymous_kb), mb(peak.anonymous_kb))
        })
    }

    fn write_resources(&self, out: &mut impl Write) -> fmt::Result {
        let memory = [
            ("before the questions", self.memory_before),
            ("after the questions", self.memory_after_questions),
            ("at the end", self.memory_after),
        ];
        table(out, "memory|resident|apart from files|files", memory.into_iter(), |(when, memory)| {
            let Memory { resident_kb, anonymous_kb, file_kb } = memory;
            format!("{when}|{}|{}|{}", mb(resident_kb), mb(anonymous_kb), mb(file_kb))
        })?;
        table(out, "in the data folder|bytes|bytes an activity", self.files.iter(), |(name, bytes)| {
            format!("{name}|{bytes}|{:.1}", *bytes as f64 / self.activities.max(1) as f64)
        })?;
        let Some(arrived) = &self.arrivals else { return writeln!(out, "Nothing arrived meanwhile.") };
        let Arrived { offered_per_second, acknowledged_per_second, failed, p50_ms, p99_ms } = arrived;
        writeln!(
            out,
            "{acknowledged_per_second:.0} of {offered_per_second} activities a second arrived meanwhile; \
             acknowledged after {p50_ms} ms (p50), {p99_ms} ms (p99); {failed} failed."
        )
    }
}

pub(super) fn table<Row>(
    out: &mut impl Write,
    header: &str,
    rows: impl Iterator<Item = Row>,
    row: impl Fn(Row) -> String,
) -> fmt::Result {
    let mut rows = rows.peekable();
    if rows.peek().is_none() {
        return Ok(());
    }
    let rule = vec!["---"; header.split('|').count()].join("|");
    for line in [header.to_owned(), rule].into_iter().chain(rows.map(row)) {
        writeln!(out, "| {} |", line.replace('|', " | "))?;
    }
    writeln!(out)
}

fn counts<T: Display>(counts: &BTreeMap<T, usize>) -> String {
    counts.iter().map(|(name, count)| format!("{name}: {count}")).collect::<Vec<_>>().join(", ")
}

pub(super) fn mb(kb: u64) -> String {
    format!("{:.0} MB", kb as f64 / 1024.0)
}
