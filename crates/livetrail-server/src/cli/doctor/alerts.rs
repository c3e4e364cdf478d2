//! Whether alert rules are evaluated, and which of them are not.

use super::{finding::Finding, server::Running};
use crate::{
    config::{Config, Database},
    http::{AlertRuleInfo, AlertRuleList},
};
use std::time::Duration;
use tokio::time::{Instant, sleep};

const CHECK: &str = "alerts";
/// A server that has just started, or takes over from another one, begins by then.
const BEGINS: Duration = Duration::from_secs(6);
const PAUSE: Duration = Duration::from_millis(250);
/// More activities than an evaluation is behind by when many arrive.
const FAR_BEHIND: f64 = 50_000.0;

/// What the metrics of a server say of the evaluation.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Evaluation {
    is_here: bool,
    lag: f64,
}

pub(super) async fn check(running: &Running, config: &Config) -> Vec<Finding> {
    let Some(evaluation) = evaluation(running).await else {
        let advice = "see the server's log";
        return vec![Finding::warning(CHECK, "the server does not tell its metrics", advice)];
    };
    let mut findings = vec![finding(evaluation, matches!(config.database, Database::Postgres(_)))];
    let rules = match running.get("/api/admin/alert-rules").await {
        Ok(response) => response.json::<AlertRuleList>().await.map(|list| list.data).unwrap_or_default(),
        Err(_) => Vec::new(),
    };
    findings.extend(rules.iter().filter_map(of_rule));
    findings
}

/// The evaluation once it has begun, or as it is after [`BEGINS`].
async fn evaluation(running: &Running) -> Option<Evaluation> {
    let deadline = Instant::now() + BEGINS;
    loop {
        let metrics = running.get("/metrics").await.ok()?.text().await.ok()?;
        let read = read(&metrics)?;
        if read.is_here || Instant::now() > deadline {
            return Some(read);
        }
        sleep(PAUSE).await;
    }
}

fn read(metrics: &str) -> Option<Evaluation> {
    let value = |name: &str| -> Option<f64> {
        metrics.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok())
    };
    Some(Evaluation {
        is_here: value("livetrail_alerts_evaluating")? > 0.0,
        lag: value("livetrail_alerts_lag_activities")?,
    })
}

fn finding(evaluation: Evaluation, may_be_elsewhere: bool) -> Finding {
    match evaluation {
        Evaluation { is_here: true, lag } if lag > FAR_BEHIND => Finding::warning(
            CHECK,
            format!("alert rules are {lag} activities behind, so alerts come late"),
            "wait, if many activities were imported; otherwise switch off rules with many groups",
        ),
        Evaluation { is_here: true, .. } => Finding::ok(CHECK, "alert rules are evaluated"),
        Evaluation { .. } if may_be_elsewhere => Finding::ok(
            CHECK,
            "another server of this log evaluates the alert rules, if one does: over all servers, \
             livetrail_alerts_evaluating has to add up to 1",
        ),
        Evaluation { .. } => Finding::failure(
            CHECK,
            "alert rules are not evaluated",
            "see the server's log, and restart the server",
        ),
    }
}

fn of_rule(rule: &AlertRuleInfo) -> Option<Finding> {
    let id = &rule.id;
    if let Some(fault) = rule.faults.first() {
        let message = format!("the rule {id} cannot be read and is not evaluated: {fault}");
        return Some(Finding::failure(CHECK, message, "correct the rule, or remove it"));
    }
    rule.saturated_since.filter(|_| rule.enabled).map(|position| {
        let message =
            format!("the rule {id} has too many groups: some activities from {position} on are not judged");
        Finding::warning(CHECK, message, "narrow its filter, or group by a field with fewer values")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::doctor::finding::Level;

    #[test]
    fn an_evaluation_is_read_from_metrics_and_judged() {
        let metrics = |evaluating: u8, lag: u32| {
            format!(
                "# TYPE livetrail_alerts_evaluating gauge\nlivetrail_alerts_evaluating {evaluating}\n\
                 livetrail_alerts_lag_activities {lag}\n"
            )
        };
        for (evaluating, lag, may_be_elsewhere, level) in [
            (1, 0, false, Level::Ok),
            (1, 60_000, false, Level::Warning),
            (0, 0, false, Level::Failure),
            (0, 0, true, Level::Ok),
        ] {
            let read = read(&metrics(evaluating, lag)).expect("an evaluation");
            assert_eq!(finding(read, may_be_elsewhere).level, level, "{read:?}");
        }
        assert_eq!(read("livetrail_alerts_evaluating 1\n"), None);
    }
}
