//! Secrets in rows that did not come through the API are redacted whenever such a row is read.

use super::{activity, append, everything, newest, open, reaches, small};
use livetrail_store::{AdoptionChoices, Log, PostgresOptions, PostgresStore, Questions};
use livetrail_types::{
    Activity, Epoch, Filter, GroupBy, Grouping, Json, NewActivity, PageStart, REDACTED, Redaction, Scalar,
    Sort, SortBy, SortOrder, Stamped,
};
use private_postgres::Database;

const JWT: &str = "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyIjoxMjN9.c2lnbmF0dXJl";

/// A row with a secret in each of its texts.
fn insert_secrets(database: &Database) {
    database.psql(&format!(
        "INSERT INTO activity_logs (user_id, action_type, endpoint, success, error_message, user_agent, session_id, details, \
           changes, target_user_id) VALUES \
         ('Bearer S3cr3tCanaryValue', 'password=S3cr3tCanaryValue', '/reset/S3cr3tCanaryValue', FALSE, 'refused: {JWT}', \
          'probe {JWT}', 'S3cr3tCanaryValue9xQ2', '{{\"password\": \"S3cr3tCanaryValue\", \"a\": 1}}', \
          '{{\"api_key\": {{\"from\": \"S3cr3tCanaryValue\", \"to\": null}}}}', '{JWT}')"
    ));
}

async fn open_without_redaction(url: &str) -> PostgresStore {
    let options = PostgresOptions { redaction: Redaction::off(), ..small() };
    PostgresStore::open(url.parse().expect("an address"), options, Epoch(1)).await.expect("the store opens")
}

async fn listed(store: &PostgresStore) -> Vec<Activity> {
    let rows = store.list(newest(Filter::default())).await.expect("a page").rows;
    rows.into_iter().map(|(activity, _)| activity).collect()
}

async fn keys(store: &PostgresStore, by: GroupBy) -> Vec<Scalar> {
    let grouping = Grouping { filter: Filter::default(), head: 100, by: vec![by], min_count: 1, limit: 10 };
    let groups = store.groups(grouping).await.expect("groups");
    groups.into_iter().flat_map(|group| group.keys).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_that_an_application_inserts_is_shown_without_its_secrets_in_every_way() {
    let log = super::PostgresFixture::new();
    let store = open(&log.database.url()).await;
    insert_secrets(&log.database);
    reaches(&store, 1).await;
    let row = everything(&store).await.remove(0);
    let expected = Activity {
        user_id: REDACTED.into(),
        action_type: format!("password={REDACTED}"),
        endpoint: Some(format!("/reset/{REDACTED}")),
        error_message: Some(format!("refused: {REDACTED}")),
        user_agent: Some(format!("probe {REDACTED}")),
        session_id: Some(REDACTED.into()),
        target_user_id: Some(REDACTED.into()),
        ..row.clone()
    };
    assert_eq!(row, expected);
    let text = |json: &Option<Json>| json.as_ref().map(|json| json.as_str().replace(' ', ""));
    assert_eq!(text(&row.details).as_deref(), Some(r#"{"a":1,"password":"[redacted]"}"#));
    assert_eq!(text(&row.changes).as_deref(), Some(r#"{"api_key":{"from":"[redacted]","to":null}}"#));

    assert_eq!(listed(&store).await, std::slice::from_ref(&row));
    assert_eq!(store.get(row.id, None).await.expect("a look-up").expect("a row").0, row);
    assert_eq!(store.all_of_id(row.id).await.expect("a look-up").remove(0).0, row);
    for (by, key) in [
        (GroupBy::UserId, &row.user_id),
        (GroupBy::ActionType, &row.action_type),
        (GroupBy::Endpoint, row.endpoint.as_ref().expect("a path")),
    ] {
        assert_eq!(keys(&store, by).await, [Scalar::Text(key.clone())], "{by:?}");
    }
    let stats = store.stats(Filter::default(), 1, row.timestamp).await.expect("figures");
    assert_eq!(stats.top_action, Some(row.action_type));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn secrets_in_json_of_any_form_and_size_are_redacted() {
    let log = super::PostgresFixture::new();
    let store = open(&log.database.url()).await;
    let secret = "\"password\":\"S3cr3tCanaryValue\"";
    let beside = |other: &str| format!("{{{secret},\"z\":{other}}}");
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let many = format!("[{}0]", "0,".repeat(199_999));
    let huge = format!("1{}", "0".repeat(400));
    let forms = [
        (format!("[{{{secret}}}]"), r#"[{"password":"[redacted]"}]"#.to_owned()),
        (format!("[[{{{secret}}}], 1]"), r#"[[{"password":"[redacted]"}],1]"#.into()),
        ("\"Bearer S3cr3tCanaryValue password=S3cr3tCanaryValue\"".into(), {
            format!("\"{REDACTED} password={REDACTED}\"")
        }),
        (beside("1e400"), format!(r#"{{"password":"[redacted]","z":{huge}}}"#)),
        (beside(&nested(200)), format!(r#"{{"password":"[redacted]","z":{}}}"#, nested(200))),
        (beside(&many), format!(r#"{{"password":"[redacted]","z":{many}}}"#)),
        // Too deep to be searched.
        (beside(&nested(2_000)), format!("\"{REDACTED}\"")),
    ];
    for (n, (given, expected)) in forms.into_iter().enumerate() {
        log.database.psql(&format!(
            "INSERT INTO activity_logs (user_id, action_type, success, details, changes) \
               VALUES ('u-{n}', 'a', TRUE, '{given}', '{given}')"
        ));
        reaches(&store, n as u64 + 1).await;
        let row = listed(&store).await.remove(0);
        assert_eq!(row, everything(&store).await[n]);
        for json in [row.details, row.changes] {
            let shown = json.expect("JSON");
            assert!(shown.as_str() == expected, "{n}: {:.200}", shown.as_str());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_without_secrets_is_shown_as_the_application_inserted_it() {
    let log = super::PostgresFixture::new();
    let (store, plain) = (open(&log.database.url()).await, open_without_redaction(&log.database.url()).await);
    log.database.psql(
        "INSERT INTO activity_logs (user_id, action_type, endpoint, success, session_id, details, changes, error_message) VALUES \
         ('u-1', 'user_login', '/api/users/7?x=1', TRUE, '0198c0de-7a3b-7000-8000-0123456789ab', \
          '{\"z\": 1.50, \"a\": 1e400, \"tokens_used\": 12, \"list\": [\"Zoë\", null]}', '{\"plan\": {\"to\": \"a\"}}', 'no \\n'), \
         ('u-2', 'a b', NULL, FALSE, NULL, '[1, \"two\"]', NULL, NULL)",
    );
    for one in [&store, &plain] {
        reaches(one, 2).await;
    }
    let rows = everything(&store).await;
    assert_eq!(rows, everything(&plain).await);
    assert_eq!(rows.len(), 2);
    assert_eq!(listed(&store).await, listed(&plain).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_redaction_rows_are_shown_as_they_are_stored() {
    let log = super::PostgresFixture::new();
    let store = open_without_redaction(&log.database.url()).await;
    insert_secrets(&log.database);
    reaches(&store, 1).await;
    let row = everything(&store).await.remove(0);
    assert_eq!(row.error_message, Some(format!("refused: {JWT}")));
    assert_eq!(row.endpoint.as_deref(), Some("/reset/S3cr3tCanaryValue"));
    assert_eq!(keys(&store, GroupBy::UserId).await, [Scalar::Text("Bearer S3cr3tCanaryValue".into())]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_of_the_api_are_shown_as_they_are_stored() {
    let log = super::PostgresFixture::new();
    let store = open(&log.database.url()).await;
    // The intake redacts before it appends. These rows were not redacted, so what is shown tells whether a row is
    // searched again.
    let new = NewActivity { error_message: Some(JWT.into()), ..NewActivity::new("u-1", "user_login") };
    let first = activity(1).activity;
    let own_id = new.clone().stamp(first.created_at, first.id, &[7; 32]);
    let chosen = NewActivity { id: Some(activity(2).activity.id), ..new };
    let chosen_id = chosen.stamp(first.created_at, first.id, &[7; 32]);
    assert_eq!((own_id.fingerprint, chosen_id.fingerprint.is_some()), (None, true));
    store.append(vec![own_id, chosen_id]).await.expect("an append");
    let shown: Vec<_> = everything(&store).await.into_iter().map(|row| row.error_message).collect();
    assert_eq!(shown, [Some(JWT.to_owned()), Some(JWT.to_owned())]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fingerprint_that_an_application_inserts_is_not_believed() {
    let log = super::PostgresFixture::new();
    let store = open(&log.database.url()).await;
    log.database.psql(&format!(
        "INSERT INTO activity_logs (user_id, action_type, success, error_message, fingerprint) VALUES \
         ('u-1', 'a', TRUE, '{JWT}', ''), ('u-2', 'a', TRUE, '{JWT}', decode('{}', 'hex'))",
        "07".repeat(16)
    ));
    reaches(&store, 2).await;
    for row in everything(&store).await {
        assert_eq!(row.error_message.as_deref(), Some(REDACTED));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn adopted_rows_are_shown_without_secrets_whatever_fingerprint_they_had() {
    let log = super::PostgresFixture::new();
    log.database.psql(&format!(
        "CREATE TABLE activity_logs (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), timestamp timestamptz NOT NULL, \
           user_id text, action_type text, success boolean, error_message text, fingerprint text); \
         INSERT INTO activity_logs (timestamp, user_id, action_type, success, error_message, fingerprint) \
           VALUES ('2026-01-01Z', 'u-1', 'a', TRUE, 'refused: {JWT}', 'a browser''s')"
    ));
    let adoption = AdoptionChoices { without: vec!["fingerprint".into()], ..AdoptionChoices::default() };
    let options = PostgresOptions { adoption, ..small() };
    let address = log.database.url().parse().expect("an address");
    let store = PostgresStore::open(address, options, Epoch(1)).await.expect("the store opens");
    assert_eq!(everything(&store).await[0].error_message, Some(format!("refused: {REDACTED}")));
    let kept = log.database.psql("SELECT fingerprint FROM activity_logs_before_livetrail");
    assert_eq!(kept.trim(), "a browser's");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_that_an_earlier_version_appended_without_a_mark_are_shown_without_secrets() {
    let log = super::PostgresFixture::new();
    let store = open(&log.database.url()).await;
    let secret = Activity { error_message: Some(JWT.into()), ..activity(1).activity };
    store.append(vec![Stamped { activity: secret, fingerprint: None }]).await.expect("an append");
    log.database.psql("UPDATE activity_logs SET fingerprint = NULL");
    assert_eq!(everything(&store).await[0].error_message.as_deref(), Some(REDACTED));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_in_the_order_of_actions_visit_each_row_once_although_some_actions_are_redacted() {
    let log = super::PostgresFixture::new();
    let store = open(&log.database.url()).await;
    // What is stored sorts before and after other actions; what is shown of it would sort between them.
    log.database.psql(
        "INSERT INTO activity_logs (timestamp, user_id, action_type, success) SELECT \
           '2026-01-01Z'::timestamptz + n * interval '1 second', 'u-1', action, TRUE \
         FROM unnest(ARRAY['Bearer S3cr3tCanaryValue', 'ZZ', 'Bearer S3cr3tCanaryVaXue', 'a', 'Bearer T3cr3tCanaryValue', 'B', \
           'password=S3cr3tCanaryValue', 'pz']) WITH ORDINALITY AS one (action, n)",
    );
    reaches(&store, 8).await;
    append(&store, 9..=10).await;
    for order in [SortOrder::Asc, SortOrder::Desc] {
        let mut query = newest(Filter::default());
        (query.sort, query.limit) = (Sort { by: SortBy::ActionType, order }, 1);
        let mut seen = Vec::new();
        let last = loop {
            let page = store.list(query.clone()).await.expect("a page");
            seen.extend(page.rows.iter().map(|(activity, _)| activity.position));
            assert!(seen.len() <= 10, "{seen:?}");
            match page.next {
                Some(next) => query.start = PageStart::Cursor(next),
                None => break page.prev,
            }
        };
        let mut back = vec![seen[9]];
        let mut cursor = last;
        while let Some(prev) = cursor {
            query.start = PageStart::Cursor(prev);
            let page = store.list(query.clone()).await.expect("a page");
            back.extend(page.rows.iter().map(|(activity, _)| activity.position));
            assert!(back.len() <= 10, "{back:?}");
            cursor = page.prev;
        }
        back.reverse();
        assert_eq!(seen, back, "{order:?}");
        let mut all = seen;
        all.sort_unstable();
        assert_eq!(all, (1..=10).collect::<Vec<_>>(), "{order:?}");
    }
}
