//! What was stored comes back, exactly as it was.

use super::{Log, for_all, generate, sample::*, wait};
use crate::Row;
use jiff::Timestamp;
use livetrail_types::{Activity, DelegateType, Filter, Json, NewActivity, Sort, Stamped};
use proptest::{collection, prop_assert_eq};

fn json(text: &str) -> Option<Json> {
    Json::from_text(text.to_owned())
}

fn full() -> Activity {
    Activity {
        id: id(1),
        position: 0,
        timestamp: at_micro(123_456),
        created_at: at_micro(1_000_001),
        timestamp_adjusted: true,
        user_id: "Zoë 👩🏽‍💻 \u{202e}\"'\\%_".into(),
        action_type: "parcel.sent:A-1_b".into(),
        endpoint: Some("/api/größe/%20/✓".into()),
        http_method: Some("PROPFIND".into()),
        status_code: Some(599),
        success: false,
        error_message: Some("first line\n\tsecond line: Ошибка — 错误 𝄞".into()),
        error_type: Some("Überlauf".into()),
        target_user_id: Some("u-2".into()),
        target_resource_id: Some("r/1".into()),
        resource_type: Some("document".into()),
        details: json(r#"{"a":[1,2.5,null,true],"emoji":"🦀","nested":{"k":"v"}}"#),
        changes: json(r#"{"seats":{"from":1,"to":null}}"#),
        duration_ms: Some(i32::MAX),
        db_query_count: Some(0),
        ip_address: "2001:db8::9".parse().ok(),
        user_agent: Some("curl/8.5.0".into()),
        is_admin: true,
        delegate_id: Some("bot — 🤖".into()),
        delegate_type: Some(DelegateType::Agent),
        via: Some("mcp".into()),
        session_id: Some("hashed:00".into()),
        request_id: Some("q-1".into()),
        trace_id: Some("0af7651916cd43dd8448eb211c80319c".into()),
        tenant_id: Some("Ácme".into()),
    }
}

/// Appends the activity and gives it back as every way of reading shows it.
async fn there_and_back(log: &Log, activity: Activity) -> Activity {
    let expected = Activity { position: head(&**log).await + 1, ..activity.clone() };
    let stored = append(&**log, vec![Stamped { activity, fingerprint: None }]).await;
    assert_eq!(stored, std::slice::from_ref(&expected));
    let found = log.get(expected.id, None).await.expect("a look-up").expect("it was stored").0;
    let ranged =
        log.range(expected.position - 1, 1).await.expect("a range").rows().expect("all are kept").remove(0).0;
    let listed = log.list(page(&Filter::default(), Sort::default(), 100, 1)).await.expect("a page");
    assert_eq!(ranged, found);
    assert!(listed.rows.iter().any(|(activity, _)| *activity == found));
    assert_eq!(found, expected);
    found
}

pub(super) async fn an_activity_is_found_by_its_id(log: Log) {
    let stored = append(&*log, plains(1..=3)).await;
    let (found, profile) = log.get(id(2), None).await.expect("a look-up").expect("it was stored");
    assert_eq!((found, profile), (stored[1].clone(), None));
}

pub(super) async fn an_unknown_id_is_not_found(log: Log) {
    append(&*log, plains([1])).await;
    assert_eq!(log.get(id(2), None).await.expect("a look-up"), None);
}

pub(super) async fn an_id_is_found_within_its_tenant_only(log: Log) {
    let of = |tenant: Option<&str>| stamp(NewActivity { tenant_id: tenant.map(str::to_owned), ..sent(1) }, 1);
    append(&*log, vec![of(Some("acme")), of(Some("globex"))]).await;
    let find = async |tenant: Option<&str>| {
        let row = log.get(id(1), tenant.map(str::to_owned)).await.expect("a look-up");
        row.map(|(activity, _)| activity.position)
    };
    assert_eq!(find(Some("acme")).await, Some(1));
    assert_eq!(find(Some("globex")).await, Some(2));
    assert_eq!(find(Some("initech")).await, None);
    assert_eq!(find(None).await, Some(1));
}

pub(super) async fn the_activities_of_all_tenants_are_found_by_an_id_that_they_share(log: Log) {
    let of = |tenant: Option<&str>| stamp(NewActivity { tenant_id: tenant.map(str::to_owned), ..sent(1) }, 1);
    let batch = vec![of(Some("acme")), of(None), stamp(sent(2), 1), of(Some("globex"))];
    let stored = append(&*log, batch).await;
    let found = log.all_of_id(id(1)).await.expect("a look-up");
    let expected = [&stored[0], &stored[1], &stored[3]].map(|activity| (activity.clone(), None));
    assert_eq!(found, expected);
    assert_eq!(log.all_of_id(id(3)).await.expect("a look-up"), []);
}

pub(super) async fn a_range_begins_after_its_position_and_ends_at_its_limit(log: Log) {
    append(&*log, plains(1..=10)).await;
    for (after, limit, expected) in
        [(0, 3, vec![1, 2, 3]), (3, 3, vec![4, 5, 6]), (8, 100, vec![9, 10]), (4, 0, vec![])]
    {
        let rows = log.range(after, limit).await.expect("a range").rows().expect("all are kept");
        assert_eq!(positions(&rows), expected, "{limit} after {after}");
    }
}

pub(super) async fn a_range_beyond_the_head_is_empty(log: Log) {
    append(&*log, plains(1..=3)).await;
    for after in [3, 4, i64::MAX as u64] {
        assert_eq!(log.range(after, 10).await.expect("a range").rows().expect("all are kept"), []);
    }
}

pub(super) async fn a_full_activity_comes_back_exactly(log: Log) {
    there_and_back(&log, full()).await;
}

pub(super) async fn an_activity_without_anything_optional_comes_back_exactly(log: Log) {
    let found = there_and_back(&log, plain(1).activity).await;
    assert_eq!((found.endpoint, found.status_code, found.details), (None, None, None));
    assert_eq!((found.ip_address, found.tenant_id, found.duration_ms), (None, None, None));
    assert_eq!((found.delegate_id, found.delegate_type, found.via), (None, None, None));
}

/// Not every database keeps JSON as text; what the reader of activities writes comes back as it was all the same.
pub(super) async fn details_come_back_as_the_text_they_were(log: Log) {
    let texts = [
        "{}",
        r#"{"z":1,"a":2,"ab":{"z":[],"y":{}}}"#,
        r#"{"n":[1,1.0,-12.50,12345678901234567890,0.1,-0.30000000000000000000001]}"#,
        r#"{"s":"\"\\/\n\t 🦀 \u2028"}"#,
        r#"{"deep":{"a":{"b":{"c":[[[]]]}}}}"#,
    ];
    for (n, text) in (1..).zip(texts) {
        let object = object(text);
        let new = NewActivity {
            details: Some(object.clone()),
            changes: Some(object),
            ..NewActivity::new("u-1", "a")
        };
        let written = stamp(new, n).activity;
        let found = there_and_back(&log, written.clone()).await;
        assert_eq!((found.details, found.changes), (written.details, written.changes));
    }
    let large = format!(r#"{{"k":"{}"}}"#, "v".repeat(65_000));
    there_and_back(&log, Activity { id: id(99), details: json(&large), ..full() }).await;
}

pub(super) async fn moments_come_back_to_the_microsecond(log: Log) {
    for (n, micros) in (1..).zip([0, 1, 999_999, 1_000_000, 86_399_999_999]) {
        there_and_back(
            &log,
            Activity { id: id(n), timestamp: at_micro(micros), created_at: at_micro(micros + 1), ..full() },
        )
        .await;
    }
    let earliest = Timestamp::from_second(946_684_800).expect("a moment");
    there_and_back(&log, Activity { id: id(99), timestamp: earliest, ..full() }).await;
}

pub(super) async fn addresses_of_both_kinds_come_back(log: Log) {
    let addresses = ["0.0.0.0", "255.255.255.255", "::", "::1", "2001:db8:1:2:3:4:5:6", "fe80::1"];
    for (n, address) in (1..).zip(addresses) {
        let activity = Activity { id: id(n), ip_address: address.parse().ok(), ..full() };
        let found = there_and_back(&log, activity).await;
        assert_eq!(found.ip_address.map(|ip| ip.to_string()).as_deref(), Some(address));
    }
}

pub(super) async fn any_activity_comes_back_exactly(log: Log) {
    for_all(&collection::vec(generate::any_activity(), 1..8), |activities| {
        let before = wait(head(&*log));
        let numbered = activities.into_iter().zip(before + 1..);
        let expected: Vec<_> = numbered
            .map(|(activity, position)| Activity { position, id: id(position), ..activity })
            .collect();
        let batch = expected.iter().map(|activity| Stamped { activity: activity.clone(), fingerprint: None });
        prop_assert_eq!(&wait(append(&*log, batch.collect())), &expected);
        let rows = wait(log.range(before, 100)).expect("a range").rows().expect("all are kept");
        prop_assert_eq!(rows.into_iter().map(|(activity, _)| activity).collect::<Vec<_>>(), expected);
        Ok(())
    });
}

pub(super) async fn a_lean_range_has_what_the_index_reads_and_nothing_else(log: Log) {
    for_all(&collection::vec(generate::any_activity(), 1..8), |activities| {
        let before = wait(head(&*log));
        let with_id = |(activity, position)| Activity { id: id(position), ..activity };
        let given = activities.into_iter().zip(before + 1..).map(with_id);
        let batch = given.map(|activity| Stamped { activity, fingerprint: None });
        wait(append(&*log, batch.collect()));
        let rows = wait(log.range(before, 100)).expect("a range").rows().expect("all are kept");
        let lean = |(activity, _): Row| {
            let activity = Activity {
                error_message: None,
                error_type: None,
                details: None,
                changes: None,
                user_agent: None,
                db_query_count: None,
                ..activity
            };
            (activity, None)
        };
        let found = wait(log.lean_range(before, 100)).expect("a range").rows().expect("all are kept");
        prop_assert_eq!(found, rows.into_iter().map(lean).collect::<Vec<_>>());
        Ok(())
    });
}
