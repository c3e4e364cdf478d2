//! Rules, raised alerts, and the progress of their evaluation.

use super::{Log, sample::*};
use crate::{
    Advanced, Alert, AlertGroup, AlertMark, AlertQuery, AlertRule, AlertRuleAdded, AlertRules, AlertState,
    Decision, Progress, Turn,
};
use livetrail_types::Severity;
use std::{collections::BTreeMap, time::Duration};

const LONG: Duration = Duration::from_secs(3_600);

fn rule(name: &str) -> AlertRule {
    AlertRule {
        id: name.into(),
        definition: format!("title = \"{name}\""),
        enabled: true,
        tenant: None,
        after: 0,
        changed_by: None,
        changed_at: at(1),
    }
}

/// The n-th alert, raised at the position n.
pub(super) fn alert(n: u64) -> Alert {
    Alert {
        id: id(n),
        rule: "failed-sign-ins".into(),
        rule_version: "7a".into(),
        title: "Failed sign-ins".into(),
        severity: Severity::Warning,
        tenant: None,
        group: r#"{"user_id":"ada"}"#.into(),
        position: n,
        raised_at: at_micro(7),
        first_at: at(-5),
        last_at: at(0),
        open_ended: false,
        content: r#"{"count": 10}"#.into(),
        decision: Decision::default(),
    }
}

pub(super) async fn turn(log: &Log) -> Turn {
    log.take_turn(id(1), LONG).await.expect("an answer").expect("a turn")
}

/// Keeps alerts at a position; what has become of it.
pub(super) async fn advance(log: &Log, turn: Turn, position: u64, alerts: Vec<Alert>) -> Advanced {
    let progress = Progress { turn: turn.number, rules: turn.rules, position, alerts, ..Progress::default() };
    log.advance(progress).await.expect("an answer")
}

pub(super) async fn keep(log: &Log, alerts: Vec<Alert>) {
    assert_eq!(advance(log, turn(log).await, 9, alerts).await, Advanced::Kept);
}

async fn found(log: &Log, query: AlertQuery) -> Vec<u64> {
    let alerts = log.alerts(query).await.expect("alerts");
    alerts.iter().map(|alert| alert.position).collect()
}

pub(super) async fn what_was_stored_before_there_were_alerts_is_not_evaluated(log: Log) {
    assert_eq!(turn(&log).await, Turn { number: 1, position: 0, rules: 0 });
    assert_eq!(log.alert_rules().await.expect("rules"), AlertRules::default());
    assert_eq!(found(&log, AlertQuery { limit: 10, ..AlertQuery::default() }).await, [0; 0]);
}

pub(super) async fn an_alert_is_kept_with_the_position_and_comes_back_exactly(mut log: Log) {
    let full = Alert {
        tenant: Some("acme".into()),
        severity: Severity::Critical,
        open_ended: true,
        content: "{}".into(),
        ..alert(8)
    };
    keep(&log, vec![full.clone(), alert(7)]).await;
    log.reopen().await;
    assert_eq!(turn(&log).await.position, 9);
    assert_eq!(log.alert(id(8)).await.expect("an answer"), Some(full));
    assert_eq!(log.alert(id(9)).await.expect("an answer"), None);
}

pub(super) async fn an_alert_that_goes_on_keeps_what_people_have_decided(log: Log) {
    keep(&log, vec![alert(3)]).await;
    let decision = Decision {
        state: AlertState::Acknowledged,
        by: Some("root".into()),
        at: Some(at(3)),
        reason: Some("a load test".into()),
        muted_until: Some(at_micro(11)),
    };
    let decided = log.decide(id(3), decision.clone()).await.expect("an answer");
    assert_eq!(decided, Some(Alert { decision: decision.clone(), ..alert(3) }));
    assert_eq!(log.decide(id(4), decision.clone()).await.expect("an answer"), None);
    let later = Alert { last_at: at(60), content: "{}".into(), ..alert(3) };
    keep(&log, vec![later.clone()]).await;
    assert_eq!(log.alert(id(3)).await.expect("an answer"), Some(Alert { decision, ..later }));
}

pub(super) async fn alerts_are_found_by_the_time_of_their_activities(log: Log) {
    let lasting = Alert { open_ended: true, last_at: at(-9), ..alert(1) };
    let other = Alert { group: "bob".into(), last_at: at(20), ..alert(3) };
    keep(&log, vec![lasting, alert(2), other]).await;
    let since = async |seconds| -> Vec<u64> {
        let alerts = log.alerts_since(at(seconds)).await.expect("alerts");
        alerts.iter().map(|alert| alert.position).collect()
    };
    assert_eq!(since(0).await, [1, 2, 3]);
    assert_eq!(since(1).await, [1, 3]);
    assert_eq!(since(21).await, [1], "it has no end");
    let of = async |group: &str, from, to| -> Vec<u64> {
        let wanted = AlertGroup {
            rule: "failed-sign-ins".into(),
            rule_version: "7a".into(),
            group: group.into(),
            from: at(from),
            to: at(to),
        };
        log.alerts_of(wanted).await.expect("alerts").iter().map(|alert| alert.position).collect()
    };
    let ada = alert(1).group;
    assert_eq!(of(&ada, -9, 9).await, [1, 2]);
    assert_eq!(of(&ada, -8, 9).await, [2]);
    assert_eq!(of(&ada, -9, -6).await, [0; 0], "they begin later");
    assert_eq!(of("bob", 20, 30).await, [3]);
}

pub(super) async fn an_alert_is_told_until_its_activity_is_in_the_log(mut log: Log) {
    keep(&log, vec![alert(2), alert(1), alert(3)]).await;
    let unrecorded = async |log: &Log| -> Vec<u64> {
        let alerts = log.unrecorded_alerts(2).await.expect("alerts");
        alerts.iter().map(|alert| alert.position).collect()
    };
    assert_eq!(unrecorded(&log).await, [1, 2]);
    log.alerts_are_recorded(vec![id(1), id(9)]).await.expect("a note");
    keep(&log, vec![Alert { last_at: at(9), ..alert(1) }]).await;
    log.reopen().await;
    assert_eq!(unrecorded(&log).await, [2, 3], "a later activity of the alert changes nothing");
}

pub(super) async fn progress_with_other_rules_is_refused(log: Log) {
    let before = turn(&log).await;
    assert_eq!(log.put_alert_rule(rule("one")).await.expect("a change"), None);
    assert_eq!(advance(&log, before, 5, vec![alert(1)]).await, Advanced::RulesChanged);
    assert_eq!(log.alert(id(1)).await.expect("an answer"), None);
    let after = turn(&log).await;
    assert_eq!((after.position, after.number), (0, before.number));
    assert_ne!(after.rules, before.rules);
    assert_eq!(advance(&log, after, 5, Vec::new()).await, Advanced::Kept);
}

pub(super) async fn an_evaluator_that_was_replaced_keeps_nothing_any_more(log: Log) {
    let former = turn(&log).await;
    log.end_turn(former.number).await.expect("an end");
    let next = log.take_turn(id(2), LONG).await.expect("an answer").expect("a turn");
    assert!(next.number > former.number);
    assert_eq!(advance(&log, former, 5, vec![alert(1)]).await, Advanced::TurnLost);
    assert_eq!(log.alert(id(1)).await.expect("an answer"), None);
    assert_eq!(advance(&log, next, 6, vec![alert(1)]).await, Advanced::Kept);
    log.end_turn(former.number).await.expect("an answer");
    assert_eq!(advance(&log, next, 7, Vec::new()).await, Advanced::Kept, "only its own turn ends");
}

pub(super) async fn a_node_keeps_its_turn_and_gives_it_back(log: Log) {
    let first = turn(&log).await;
    assert_eq!(turn(&log).await, first);
    log.end_turn(first.number).await.expect("an end");
    assert!(turn(&log).await.number > first.number);
}

pub(super) async fn a_rule_counts_from_the_position_that_was_reached(mut log: Log) {
    let own = AlertRule {
        enabled: false,
        tenant: Some("acme".into()),
        changed_by: Some("root".into()),
        ..rule("b")
    };
    log.put_alert_rule(own.clone()).await.expect("a change");
    keep(&log, Vec::new()).await;
    log.put_alert_rule(rule("a")).await.expect("a change");
    log.reopen().await;
    let rules = log.alert_rules().await.expect("rules");
    assert_eq!(
        rules,
        AlertRules {
            version: 2,
            rules: vec![AlertRule { after: 9, ..rule("a") }, own.clone()],
            ..AlertRules::default()
        }
    );
    let changed = AlertRule { enabled: true, ..own.clone() };
    assert_eq!(log.put_alert_rule(changed.clone()).await.expect("a change"), Some(own));
    let rules = log.alert_rules().await.expect("rules").rules;
    assert_eq!(rules[1], AlertRule { after: 9, ..changed });
}

pub(super) async fn rules_with_too_many_groups_are_kept_with_the_position(mut log: Log) {
    let before = turn(&log).await;
    let saturated = BTreeMap::from([("one".to_owned(), 7), ("two".to_owned(), u64::from(u32::MAX) + 1)]);
    let progress = Progress {
        turn: before.number,
        rules: before.rules,
        position: 8,
        saturated: saturated.clone(),
        ..Progress::default()
    };
    assert_eq!(log.advance(progress).await.expect("an answer"), Advanced::Kept);
    log.reopen().await;
    assert_eq!(log.alert_rules().await.expect("rules").saturated, saturated);
    let after = turn(&log).await;
    assert_eq!(advance(&log, after, 9, Vec::new()).await, Advanced::Kept);
    assert_eq!(log.alert_rules().await.expect("rules").saturated, BTreeMap::new());
}

pub(super) async fn a_rule_is_removed_once(log: Log) {
    log.put_alert_rule(rule("a")).await.expect("a change");
    assert_eq!(log.remove_alert_rule("a".into()).await.expect("a change"), Some(rule("a")));
    assert_eq!(log.remove_alert_rule("a".into()).await.expect("an answer"), None);
    assert_eq!(log.alert_rules().await.expect("rules").rules, []);
}

pub(super) async fn alerts_without_an_end_end_with_their_rule(log: Log) {
    let silence = alert(1).rule;
    log.put_alert_rule(rule(&silence)).await.expect("a change");
    let other = Alert { rule: "other".into(), open_ended: true, ..alert(2) };
    keep(&log, vec![Alert { open_ended: true, ..alert(1) }, other.clone()]).await;
    let before = log.last_alert_change().await.expect("a number");
    log.remove_alert_rule(silence).await.expect("a change");
    assert_eq!(log.alert(id(1)).await.expect("an answer"), Some(alert(1)));
    assert_eq!(log.alert(id(2)).await.expect("an answer"), Some(other));
    let changed = log.changed_alerts(before, 10).await.expect("alerts");
    assert_eq!(changed.into_iter().map(|(_, alert)| alert.id).collect::<Vec<_>>(), [id(1)], "pages are told");
}

pub(super) async fn a_new_rule_takes_no_place_of_another_and_none_beyond_the_bound(log: Log) {
    let add = async |name: &str, max| log.add_alert_rule(rule(name), max).await.expect("an answer");
    assert_eq!(add("a", 2).await, AlertRuleAdded::Added);
    let kept = log.alert_rules().await.expect("rules");
    assert_eq!((&kept.rules[..], kept.version), (&[rule("a")][..], 1));
    let other = AlertRule { enabled: false, ..rule("a") };
    assert_eq!(log.add_alert_rule(other, 2).await.expect("an answer"), AlertRuleAdded::IdTaken);
    assert_eq!(log.alert_rules().await.expect("rules"), kept);
    // Two that come together.
    let (one, two) = tokio::join!(add("b", 2), add("b", 2));
    let mut both = [one, two];
    both.sort_by_key(|added| *added != AlertRuleAdded::Added);
    assert_eq!(both, [AlertRuleAdded::Added, AlertRuleAdded::IdTaken]);
    assert_eq!(add("c", 2).await, AlertRuleAdded::Full);
    assert_eq!(add("b", 2).await, AlertRuleAdded::IdTaken);
    assert_eq!(log.alert_rules().await.expect("rules").version, 2);
}

pub(super) async fn alerts_are_paged_from_the_latest_on(log: Log) {
    // Two rules may raise an alert at the same position.
    let twin = Alert { position: 3, ..alert(40) };
    keep(&log, (1..=5).map(alert).chain([twin]).collect()).await;
    let (mut walked, mut query) = (Vec::new(), AlertQuery { limit: 2, ..AlertQuery::default() });
    loop {
        let page = log.alerts(query.clone()).await.expect("alerts");
        let Some(last) = page.last() else { break };
        query.after = Some((last.position, last.id));
        walked.extend(page.iter().map(|alert| alert.id));
    }
    assert_eq!(walked, [5, 4, 40, 3, 2, 1].map(id));
}

pub(super) async fn alerts_are_found_by_what_they_have(log: Log) {
    let other = Alert {
        rule: "spraying".into(),
        severity: Severity::Critical,
        tenant: Some("acme".into()),
        ..alert(2)
    };
    keep(&log, vec![alert(1), other]).await;
    let resolved = Decision { state: AlertState::Resolved, ..Decision::default() };
    log.decide(id(1), resolved).await.expect("an answer");
    let all = AlertQuery { limit: 10, ..AlertQuery::default() };
    for (query, expected) in [
        (AlertQuery { state: Some(AlertState::Open), ..all.clone() }, &[2][..]),
        (AlertQuery { state: Some(AlertState::Resolved), ..all.clone() }, &[1]),
        (AlertQuery { state: Some(AlertState::Acknowledged), ..all.clone() }, &[]),
        (AlertQuery { rule: Some("spraying".into()), ..all.clone() }, &[2]),
        (AlertQuery { severity: Some(Severity::Warning), ..all.clone() }, &[1]),
        (AlertQuery { tenant: Some("acme".into()), ..all.clone() }, &[2]),
        (
            AlertQuery { tenant: Some("acme".into()), rule: Some("failed-sign-ins".into()), ..all.clone() },
            &[],
        ),
        (all, &[2, 1]),
    ] {
        assert_eq!(found(&log, query.clone()).await, expected, "{query:?}");
    }
}

pub(super) async fn open_alerts_are_counted_by_rule_and_tenant(log: Log) {
    let of_acme = |n| Alert { tenant: Some("acme".into()), ..alert(n) };
    let spraying = Alert { rule: "spraying".into(), ..of_acme(4) };
    keep(&log, vec![alert(1), of_acme(2), of_acme(3), spraying]).await;
    let open = async |tenant: Option<&str>| {
        let counts = log.open_alerts(tenant.map(str::to_owned)).await.expect("counts");
        counts.into_iter().map(|(rule, count)| format!("{rule} {count}")).collect::<Vec<_>>()
    };
    assert_eq!(open(None).await, ["failed-sign-ins 3", "spraying 1"]);
    assert_eq!(open(Some("acme")).await, ["failed-sign-ins 2", "spraying 1"]);
    assert_eq!(open(Some("globex")).await, [""; 0]);
    let resolved = Decision { state: AlertState::Resolved, ..Decision::default() };
    log.decide(id(4), resolved).await.expect("an answer");
    assert_eq!(open(Some("acme")).await, ["failed-sign-ins 2"]);
}

/// The positions of the alerts that have changed since a mark, which moves on behind them.
async fn changed(log: &Log, mark: &mut AlertMark) -> Vec<u64> {
    let mut positions = Vec::new();
    loop {
        let alerts = log.changed_alerts(*mark, 2).await.expect("alerts");
        let Some((last, _)) = alerts.last() else { return positions };
        *mark = *last;
        positions.extend(alerts.iter().map(|(_, alert)| alert.position));
    }
}

pub(super) async fn each_change_of_an_alert_is_told_once_in_order(mut log: Log) {
    let mut mark = log.last_alert_change().await.expect("a mark");
    keep(&log, (1..=3).map(alert).collect()).await;
    assert_eq!(changed(&log, &mut mark).await, [1, 2, 3]);
    assert_eq!(changed(&log, &mut mark).await, [0; 0]);
    log.decide(id(2), Decision { state: AlertState::Resolved, ..Decision::default() })
        .await
        .expect("an answer");
    keep(&log, vec![Alert { last_at: at(60), ..alert(1) }]).await;
    log.alerts_are_recorded(vec![id(3)]).await.expect("a note");
    log.reopen().await;
    assert_eq!(changed(&log, &mut mark).await, [2, 1]);
    keep(&log, Vec::new()).await;
    assert_eq!(changed(&log, &mut mark).await, [0; 0]);
    let mut new = log.last_alert_change().await.expect("a mark");
    assert_eq!(changed(&log, &mut new).await, [0; 0], "it is behind all of them");
}
