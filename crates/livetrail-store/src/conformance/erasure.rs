//! How the data of one user leave the log.

use super::{
    Log,
    alerts::{advance, alert, keep, turn},
    sample::*,
};
use crate::{Advanced, Aged, Alert, AlertMark, Decision, Hold, Person, Placement};
use livetrail_types::{Activity, DelegateType, Json, LIVETRAIL, NewActivity, UserProfile};

fn person() -> Person {
    Person { user_id: "ada".into(), tenant: None, pseudonym: "erased-1".into() }
}

fn profile() -> UserProfile {
    UserProfile { user_id: "ada".into(), email: Some("ada@example.com".into()), display_name: None }
}

/// Everything about the person.
async fn about(log: &Log, person: &Person) -> Vec<u64> {
    let found = log.about(person.clone(), 0, head(&**log).await).await.expect("activities");
    found.iter().map(|aged| aged.position).collect()
}

async fn erase(log: &Log, person: &Person) -> u64 {
    let (holds, positions) = (log.holds().await.expect("holds").version, about(log, person).await);
    log.erase(person.clone(), positions, holds).await.expect("an erasure").expect("the same holds")
}

/// An activity with a value in each field that may hold personal data.
fn full(user: &str, target: Option<&str>, delegate: Option<&str>) -> NewActivity {
    NewActivity {
        endpoint: Some(format!("/users/{user}/posts/ada")),
        status_code: Some(500),
        error_message: Some("no mail to ada@example.com".into()),
        error_type: Some("MailError".into()),
        target_user_id: target.map(str::to_owned),
        target_resource_id: Some(user.into()),
        details: Some(object(r#"{"email": "ada@example.com"}"#)),
        changes: Some(object(r#"{"email": {"from": "ada@example.com", "to": null}}"#)),
        duration_ms: Some(17),
        ip_address: Some("192.0.2.7".parse().expect("an address")),
        user_agent: Some("Ada's browser".into()),
        delegate_id: delegate.map(str::to_owned),
        delegate_type: delegate.map(|_| DelegateType::User),
        session_id: Some("s-1".into()),
        request_id: Some("r-1".into()),
        trace_id: Some("t-1".into()),
        ..NewActivity::new(user, "mail_sent")
    }
}

async fn all(log: &Log) -> Vec<Activity> {
    everything(&**log).await.into_iter().map(|(activity, _)| activity).collect()
}

pub(super) async fn the_activities_about_a_person_are_found(log: Log) {
    let stored = append_new(
        &*log,
        vec![
            full("ada", None, None),
            full("bob", Some("ada"), None),
            full("bob", None, Some("ada")),
            full("adam", Some("bob"), None),
            NewActivity { tenant_id: Some("acme".into()), ..full("ada", None, None) },
        ],
    )
    .await;
    let found = log.about(person(), 0, 5).await.expect("activities");
    assert_eq!(found, [0, 1, 2, 4].map(|index| Aged::from(&stored[index])));
    let within = log.about(person(), 1, 3).await.expect("activities");
    assert_eq!(within.iter().map(|aged| aged.position).collect::<Vec<_>>(), [2, 3]);
    let acme = Person { tenant: Some("acme".into()), ..person() };
    assert_eq!(about(&log, &acme).await, [5]);
    let other = Person { tenant: Some("other".into()), ..person() };
    assert_eq!(about(&log, &other).await, [0; 0]);
}

pub(super) async fn what_a_person_did_keeps_its_place_and_nothing_of_the_person(mut log: Log) {
    let before = append_new(&*log, vec![full("ada", Some("bob"), None), full("bob", None, None)]).await;
    assert_eq!(erase(&log, &person()).await, 1);
    log.reopen().await;
    let after = all(&log).await;
    let expected = Activity {
        user_id: "erased-1".into(),
        endpoint: Some("/users/erased-1/posts/erased-1".into()),
        error_message: Some("[erased]".into()),
        target_resource_id: Some("erased-1".into()),
        details: Json::compacted(r#"{"erased": true}"#),
        changes: None,
        ip_address: None,
        user_agent: None,
        session_id: None,
        request_id: None,
        trace_id: None,
        ..before[0].clone()
    };
    assert_eq!(after[0], expected);
    assert_eq!(after[1], before[1], "others stay as they were");
    assert_eq!(about(&log, &person()).await, [0; 0], "nothing is left to erase");
}

pub(super) async fn of_what_was_done_to_a_person_the_data_of_the_other_stay(log: Log) {
    let before =
        append_new(&*log, vec![full("bob", Some("ada"), None), full("bob", None, Some("ada"))]).await;
    assert_eq!(erase(&log, &person()).await, 2);
    let after = all(&log).await;
    for (before, after) in before.iter().zip(&after) {
        assert_eq!((&*after.user_id, after.changes.is_none()), ("bob", true));
        assert_eq!(after.error_message.as_deref(), Some("[erased]"));
        assert_eq!(after.endpoint.as_deref(), Some("/users/bob/posts/erased-1"));
        assert_eq!(
            (after.id, after.timestamp, after.duration_ms),
            (before.id, before.timestamp, before.duration_ms)
        );
    }
    assert_eq!(after[0].target_user_id.as_deref(), Some("erased-1"));
    assert_eq!((&after[0].ip_address, &after[0].session_id), (&before[0].ip_address, &before[0].session_id));
    assert_eq!(after[1].delegate_id.as_deref(), Some("erased-1"));
    assert_eq!((&after[1].ip_address, &after[1].session_id), (&None, &None));
}

pub(super) async fn of_a_person_who_was_only_the_target_nothing_else_is_emptied(log: Log) {
    let before = append_new(&*log, vec![full("bob", Some("ada"), None)]).await;
    assert_eq!(erase(&log, &person()).await, 1);
    let (before, after) = (&before[0], &all(&log).await[0]);
    assert_eq!(after.target_user_id.as_deref(), Some("erased-1"));
    assert_eq!(after.delegate_id, None);
    assert_eq!((&after.ip_address, &after.user_agent), (&before.ip_address, &before.user_agent));
    assert_eq!((&after.request_id, &after.trace_id), (&before.request_id, &before.trace_id));
}

pub(super) async fn an_erasure_renews_the_edition_and_one_of_nothing_does_not(mut log: Log) {
    append_new(&*log, vec![full("ada", None, None)]).await;
    let edition = async |log: &Log| log.head().await.expect("a head").edition;
    let first = edition(&log).await;
    erase(&log, &person()).await;
    let second = edition(&log).await;
    assert_ne!(first, second);
    erase(&log, &person()).await;
    log.put_profiles(None, vec![profile()]).await.expect("a profile");
    assert!(log.erase_profile(person()).await.expect("an erasure"));
    log.reopen().await;
    assert_eq!(edition(&log).await, second, "the index has no names");
}

pub(super) async fn an_erasure_that_was_decided_before_a_hold_is_refused(log: Log) {
    let before = append_new(&*log, vec![full("ada", None, None)]).await;
    let holds = log.holds().await.expect("holds").version;
    log.put_hold(Hold { id: id(1), reason: "case 4711".into(), ..Hold::default() }).await.expect("a hold");
    assert_eq!(log.erase(person(), vec![1], holds).await.expect("an answer"), None);
    assert_eq!(all(&log).await, before);
}

pub(super) async fn an_erased_activity_that_is_sent_again_is_a_duplicate(log: Log) {
    let sent = || stamp(NewActivity { id: Some(id(1)), ..full("ada", None, None) }, 1);
    append(&*log, vec![sent()]).await;
    erase(&log, &person()).await;
    assert!(matches!(place(&*log, sent()).await, Placement::Duplicate { position: 1, .. }));
}

pub(super) async fn what_the_user_does_later_is_stored_and_can_be_erased_again(log: Log) {
    append_new(&*log, vec![full("ada", None, None)]).await;
    erase(&log, &person()).await;
    assert!(log.purge().await.expect("a purge"));
    append(&*log, vec![stamp(full("ada", None, None), 2), stamp(full("bob", None, None), 3)]).await;
    assert_eq!(about(&log, &person()).await, [2]);
    assert_eq!(erase(&log, &person()).await, 1);
    assert!(log.purge().await.expect("a purge"));
    append(&*log, vec![stamp(full("bob", None, None), 4)]).await;
    let users: Vec<_> = all(&log).await.into_iter().map(|activity| activity.user_id).collect();
    assert_eq!(users, ["erased-1", "erased-1", "bob", "bob"]);
    assert_eq!(all(&log).await[3].user_agent.as_deref(), Some("Ada's browser"));
}

pub(super) async fn a_profile_is_erased_in_its_tenant_or_in_all(log: Log) {
    for tenant in [None, Some("acme".to_owned()), Some("globex".to_owned())] {
        log.put_profiles(tenant, vec![profile()]).await.expect("a profile");
    }
    let known = async |tenant: Option<&str>| {
        let found = log.profiles(tenant.map(str::to_owned), vec!["ada".into()]).await;
        !found.expect("profiles").is_empty()
    };
    let acme = Person { tenant: Some("acme".into()), ..person() };
    assert!(log.erase_profile(acme.clone()).await.expect("an erasure"));
    assert!(!log.erase_profile(acme).await.expect("an erasure"));
    assert_eq!(
        (known(None).await, known(Some("acme")).await, known(Some("globex")).await),
        (true, false, true)
    );
    assert!(log.erase_profile(person()).await.expect("an erasure"));
    assert!(!known(None).await && !known(Some("globex")).await);
}

/// Livetrail's own activity about an alert.
fn own(action: &str, id: Option<uuid::Uuid>, target: Option<uuid::Uuid>) -> NewActivity {
    NewActivity {
        id,
        target_resource_id: target.map(|id| id.to_string()),
        resource_type: Some(LIVETRAIL.into()),
        details: Some(object(r#"{"alert": {"group": {"user_id": "ada"}}}"#)),
        ..NewActivity::new("livetrail-operator", action)
    }
}

pub(super) async fn the_activities_about_alerts_are_found(log: Log) {
    let of_client = NewActivity { target_resource_id: Some(id(7).to_string()), ..full("ada", None, None) };
    let given = vec![
        own("alert_raised", Some(id(7)), None),
        own("alert_raised", Some(id(8)), None),
        own("api_operation", Some(id(9)), Some(id(7))),
        NewActivity { id: Some(id(10)), ..of_client },
    ];
    append(&*log, given.into_iter().map(|new| stamp(new, 1)).collect()).await;
    let found = async |ids: &[u64], after, up_to| -> Vec<u64> {
        let ids = ids.iter().copied().map(id).collect();
        let found = log.about_alerts(ids, after, up_to).await.expect("activities");
        found.iter().map(|aged| aged.position).collect()
    };
    assert_eq!(found(&[7], 0, 4).await, [1, 3], "a client's own resource is not an alert");
    assert_eq!(found(&[8, 7], 1, 3).await, [2, 3]);
    assert_eq!(found(&[], 0, 4).await, [0; 0]);
    let holds = log.holds().await.expect("holds").version;
    assert_eq!(log.erase(person(), vec![1], holds).await.expect("an erasure"), Some(1));
    assert_eq!(all(&log).await[0].details, Json::compacted(r#"{"erased": true}"#));
}

/// What an erasure of ada leaves of an alert.
fn erased(alert: &Alert) -> Alert {
    Alert {
        group: r#"{"user_id":"erased-1"}"#.into(),
        content: "{}".into(),
        decision: Decision { by: Some("erased-1".into()), reason: None, ..alert.decision.clone() },
        ..alert.clone()
    }
}

/// The alerts that have changed since a mark.
async fn changed(log: &Log, mark: AlertMark) -> Vec<(AlertMark, Alert)> {
    log.changed_alerts(mark, 10).await.expect("alerts")
}

pub(super) async fn an_alert_is_erased_unless_it_has_changed_since(mut log: Log) {
    keep(&log, vec![alert(1), alert(2)]).await;
    let evaluator = turn(&log).await;
    let wanted: Vec<_> = changed(&log, AlertMark::default())
        .await
        .into_iter()
        .map(|(mark, alert)| (mark, erased(&alert)))
        .collect();
    let later = Alert { last_at: at(9), ..alert(2) };
    keep(&log, vec![later.clone()]).await;
    let (before, holds) =
        (log.last_alert_change().await.expect("a mark"), log.holds().await.expect("holds").version);
    assert_eq!(log.erase_from_alerts(wanted, holds).await.expect("an erasure"), Some(1));
    log.reopen().await;
    assert_eq!(log.alert(id(1)).await.expect("an answer"), Some(erased(&alert(1))));
    assert_eq!(log.alert(id(2)).await.expect("an answer"), Some(later));
    let told: Vec<Alert> = changed(&log, before).await.into_iter().map(|(_, alert)| alert).collect();
    assert_eq!(told, [erased(&alert(1))], "it is told like any change");
    // The evaluator still has in memory what was erased.
    assert_eq!(advance(&log, evaluator, 9, vec![alert(1)]).await, Advanced::RulesChanged);
    assert_eq!(log.alert(id(1)).await.expect("an answer"), Some(erased(&alert(1))));
}

pub(super) async fn alerts_are_not_erased_against_a_hold_that_was_made_since(log: Log) {
    keep(&log, vec![alert(1)]).await;
    let (evaluator, holds) = (turn(&log).await, log.holds().await.expect("holds").version);
    log.put_hold(Hold { id: id(1), reason: "case 4711".into(), ..Hold::default() }).await.expect("a hold");
    let wanted = changed(&log, AlertMark::default()).await;
    let wanted: Vec<_> = wanted.into_iter().map(|(mark, alert)| (mark, erased(&alert))).collect();
    assert_eq!(log.erase_from_alerts(wanted, holds).await.expect("an answer"), None);
    assert_eq!(log.alert(id(1)).await.expect("an answer"), Some(alert(1)));
    assert_eq!(advance(&log, evaluator, 9, Vec::new()).await, Advanced::Kept, "it may go on");
}
