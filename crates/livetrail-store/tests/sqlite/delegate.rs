//! A log that was made before activities had a delegate.

use super::{activity, open, temporary};
use livetrail_store::{Log, Placement, Questions};
use livetrail_types::{
    Activity, Choice, Condition, DelegateType, Filter, ListQuery, NewActivity, PageStart, Sort, Stamped,
    TextField,
};
use rusqlite::{Connection, params};
use std::path::Path;

/// The steps of the version before.
const STEPS: [&str; 4] = [
    include_str!("../../migrations/sqlite/0001_log.sql"),
    include_str!("../../migrations/sqlite/0003_access.sql"),
    include_str!("../../migrations/sqlite/0004_sessions.sql"),
    include_str!("../../migrations/sqlite/0005_tenant_admins.sql"),
];

/// What the API received before and after the upgrade, with the id that its sender chose.
fn sent(n: u64) -> Stamped {
    let Stamped { activity, .. } = activity(n);
    let new =
        NewActivity { id: Some(activity.id), ..NewActivity::new(activity.user_id, activity.action_type) };
    new.stamp(activity.created_at, activity.id, &[7; 32])
}

/// A log of the version before, with one activity.
fn older(folder: &Path) {
    let connection = Connection::open(folder.join("livetrail.db")).expect("a file");
    connection.execute_batch(&STEPS.concat()).expect("the steps");
    connection.pragma_update(None, "application_id", 0x4c56_5452).expect("ours");
    connection.pragma_update(None, "user_version", STEPS.len()).expect("a version");
    let Stamped { activity, fingerprint } = sent(1);
    connection
        .execute_batch(&format!(
            "INSERT INTO terms VALUES (1, 1, '{}'), (2, 2, '{}')",
            activity.user_id, activity.action_type
        ))
        .expect("terms");
    let micros = activity.timestamp.as_microsecond();
    connection
        .execute(
            "INSERT INTO activities (position, id, fingerprint, occurred, created, adjusted, user, action, success, is_admin) \
             VALUES (1, ?1, ?2, ?3, ?3, 0, 1, 2, 1, 0)",
            params![activity.id.as_bytes(), fingerprint, micros],
        )
        .expect("a row");
}

#[tokio::test]
async fn an_older_log_has_the_fields_as_null_and_takes_them_from_now_on() {
    let folder = temporary();
    older(folder.path());
    let store = open(folder.path());
    let old = store.range(0, 10).await.expect("a range").rows().expect("rows").remove(0).0;
    assert_eq!(old, Activity { position: 1, ..sent(1).activity });
    assert_eq!((old.delegate_id, old.delegate_type, old.via), (None, None, None));

    let delegated = Activity {
        delegate_id: Some("bot".into()),
        delegate_type: Some(DelegateType::Service),
        via: Some("job".into()),
        ..sent(2).activity
    };
    let batch = vec![Stamped { activity: delegated.clone(), fingerprint: None }];
    store.append(batch).await.expect("an append");
    for condition in [
        Condition::Delegated(Choice::any([true])),
        Condition::Text(TextField::DelegateId, Choice::any(["bot".into()])),
        Condition::Text(TextField::Via, Choice::none(["ui".into()])),
    ] {
        let filter = Filter::of(vec![condition, Condition::Delegated(Choice::none([false]))]);
        let page = ListQuery { filter, sort: Sort::default(), limit: 10, start: PageStart::Number(1) };
        let rows = store.list(page).await.expect("a page").rows;
        assert_eq!(rows, [(Activity { position: 2, ..delegated.clone() }, None)]);
    }

    let plain = Connection::open(folder.path().join("livetrail.db")).expect("a connection");
    let sql = "SELECT group_concat(concat_ws('/', position, delegate_id, delegate_type, via), ' ') FROM activity_logs";
    let shown: String = plain.query_row(sql, [], |row| row.get(0)).expect("the view");
    assert_eq!(shown, "1 2/bot/service/job");
}

#[tokio::test]
async fn an_activity_that_is_sent_again_after_the_upgrade_is_a_duplicate() {
    let folder = temporary();
    older(folder.path());
    let store = open(folder.path());
    let delegated = NewActivity {
        id: Some(sent(1).activity.id),
        via: Some("ui".into()),
        ..NewActivity::new("u-1", "user_login")
    };
    let conflicting = delegated.stamp(sent(1).activity.created_at, sent(1).activity.id, &[7; 32]);
    let placements = store.append(vec![sent(1), conflicting]).await.expect("an append").placements;
    assert!(
        matches!(placements[..], [Placement::Duplicate { position: 1, .. }, Placement::Conflict]),
        "{placements:?}"
    );
}
