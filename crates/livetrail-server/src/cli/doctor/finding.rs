//! What was found, for people and for programs.

use anyhow::Result;
use livetrail_types::visible;
use serde::Serialize;
use std::io::{self, Write};

/// How much an operator has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Level {
    Ok,
    /// It works, and will not for long, or not safely.
    Warning,
    /// It does not work.
    Failure,
}

/// The result of a check.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Finding {
    /// What it is about.
    pub(super) check: &'static str,
    pub(super) level: Level,
    pub(super) message: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) advice: Option<String>,
}

impl Finding {
    pub(super) fn ok(check: &'static str, message: impl Into<String>) -> Self {
        Self { check, level: Level::Ok, message: message.into(), advice: None }
    }

    pub(super) fn warning(
        check: &'static str,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self { check, level: Level::Warning, message: message.into(), advice: Some(advice.into()) }
    }

    pub(super) fn failure(
        check: &'static str,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self { check, level: Level::Failure, message: message.into(), advice: Some(advice.into()) }
    }
}

/// All findings, in the order of the checks.
#[derive(Debug, Default, Serialize)]
pub(super) struct Report {
    findings: Vec<Finding>,
}

impl Extend<Finding> for Report {
    fn extend<F: IntoIterator<Item = Finding>>(&mut self, findings: F) {
        self.findings.extend(findings);
    }
}

impl Report {
    pub(super) fn add(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    pub(super) fn count(&self, level: Level) -> usize {
        self.findings.iter().filter(|finding| finding.level == level).count()
    }

    /// Prints it: a line for each finding, and one for its advice.
    pub(super) fn print(&self, as_json: bool) -> Result<()> {
        let mut out = io::stdout().lock();
        if as_json {
            return Ok(writeln!(out, "{}", livetrail_types::json::to_string(self))?);
        }
        for Finding { check, level, message, advice } in &self.findings {
            let level = match level {
                Level::Ok => "ok",
                Level::Warning => "warning",
                Level::Failure => "failure",
            };
            // A proxy or a database may have said some of it.
            writeln!(out, "{level:8} {check:10} {}", visible(message))?;
            if let Some(advice) = advice {
                writeln!(out, "{:19} -> {}", "", visible(advice))?;
            }
        }
        let [ok, warnings, failures] =
            [Level::Ok, Level::Warning, Level::Failure].map(|level| self.count(level));
        Ok(writeln!(out, "ok: {ok}, warnings: {warnings}, failures: {failures}")?)
    }
}
