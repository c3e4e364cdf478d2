//! Rows that an application inserts by its own SQL.

use super::{activity, append, client, everything, newest, open, reaches};
use jiff::Timestamp;
use livetrail_store::{Log, Placement, Questions, StoreError};
use livetrail_types::{Activity, Filter, Sort, SortBy, SortOrder, Stamped};

const INSERT: &str = "INSERT INTO activity_logs (user_id, action_type, endpoint, http_method, status_code, success) \
     VALUES ('old-app', 'user_login', '/api/login', 'POST', 200, TRUE)";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_gets_its_place_once_it_is_committed_and_is_told_of() {
    let log = super::PostgresFixture::new();
    let store = open(&log.database.url()).await;
    append(&store, 1..=3).await;
    let application = client(&log.database.url()).await;
    application.batch_execute(&format!("BEGIN; {INSERT}")).await.expect("a transaction");
    // No append waits for it.
    assert_eq!(append(&store, 4..=5).await, [4, 5]);
    application.batch_execute("COMMIT").await.expect("a commit");
    reaches(&store, 6).await;
    let log = everything(&store).await;
    assert_eq!((log.len(), log[5].user_id.as_str()), (6, "old-app"));
    let listed = store.list(newest(Filter::default())).await.expect("a page").rows;
    assert_eq!(listed[0].0, log[5]);
    assert_eq!(append(&store, 7..=7).await, [7]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_that_stays_open_holds_up_nobody_and_loses_nothing() {
    let log = super::PostgresFixture::new();
    let store = open(&log.database.url()).await;
    let (idle, busy) = (client(&log.database.url()).await, client(&log.database.url()).await);
    idle.batch_execute(&format!("BEGIN; {INSERT}")).await.expect("a transaction");
    for round in 0..5 {
        busy.batch_execute(INSERT).await.expect("a row");
        reaches(&store, round * 2 + 1).await;
        assert_eq!(append(&store, round + 1..=round + 1).await, [round * 2 + 2]);
    }
    idle.batch_execute(&format!("{INSERT}; COMMIT")).await.expect("a commit");
    reaches(&store, 12).await;
    assert_eq!(everything(&store).await.iter().filter(|one| one.user_id == "old-app").count(), 7);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_that_is_rolled_back_takes_no_place() {
    let log = super::PostgresFixture::new();
    let store = open(&log.database.url()).await;
    let application = client(&log.database.url()).await;
    application.batch_execute(&format!("BEGIN; {INSERT}; ROLLBACK; {INSERT}")).await.expect("a row");
    reaches(&store, 1).await;
    assert_eq!(append(&store, 1..=1).await, [2]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_rows_at_once_are_taken_in_by_their_times_and_once() {
    let log = super::PostgresFixture::new();
    let (one, other) = (open(&log.database.url()).await, open(&log.database.url()).await);
    log.database.psql(
        "INSERT INTO activity_logs (timestamp, user_id, action_type, endpoint, http_method, status_code, success) \
         SELECT '2026-01-01Z'::timestamptz + (n * 7919 % 25000) * interval '1 second', 'u-' || n, 'a', '/', 'GET', 200, TRUE \
         FROM generate_series(1, 25000) n",
    );
    for store in [&one, &other] {
        reaches(store, 25_000).await;
        let times: Vec<_> = everything(store).await.iter().map(|one| one.timestamp).collect();
        assert_eq!(times.len(), 25_000);
        // Ten thousand of one transaction are in the order of their times; all of them were there at once.
        assert!(times.is_sorted());
    }
    assert_eq!(log.database.psql("SELECT count(*) FROM activity_logs_incoming").trim(), "0");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_that_break_our_limits_are_shown_as_far_as_they_can_be() {
    let log = super::PostgresFixture::new();
    let store = open(&log.database.url()).await;
    log.database.psql(
        "INSERT INTO activity_logs (timestamp, user_id, action_type, endpoint, http_method, status_code, success, details, \
           duration_ms, ip_address, user_agent, error_message) VALUES \
         ('infinity', repeat('u', 5000), '', '/x?with=query', 'brew', 70000, TRUE, '[1, null, {\"a\": 1e400}]', -5, \
          '10.0.0.5/24', repeat('a', 5000), repeat('e', 50000)), \
         ('-infinity', '', 'a b', '', '', -1, FALSE, 'null', NULL, NULL, '', ''), \
         ('4000-01-01 BC', 'u', 'a', '/', 'GET', 999, TRUE, '\"text\"', 1, '::1', NULL, NULL)",
    );
    reaches(&store, 3).await;
    let log = everything(&store).await;
    let of = |user: &str| {
        log.iter().find(|one| one.user_id.starts_with(user) && (user.is_empty() == one.user_id.is_empty()))
    };
    let (long, empty, ancient) = (of("uu").expect("one"), of("").expect("one"), of("u").expect("one"));
    assert_eq!((long.user_id.len(), long.status_code, long.duration_ms), (5_000, None, Some(-5)));
    assert_eq!(long.ip_address, "10.0.0.5".parse().ok());
    assert!(long.timestamp_adjusted && long.timestamp > Timestamp::UNIX_EPOCH);
    assert_eq!((empty.action_type.as_str(), empty.status_code), ("a b", None));
    assert!(ancient.timestamp_adjusted);
    assert_eq!(ancient.status_code, Some(999));
    assert_eq!(ancient.details.as_ref().map(livetrail_types::Json::as_str), Some("\"text\""));
    for by in [SortBy::Timestamp, SortBy::ActionType, SortBy::DurationMs, SortBy::StatusCode] {
        for order in [SortOrder::Asc, SortOrder::Desc] {
            let mut query = newest(Filter::default());
            (query.sort, query.limit) = (Sort { by, order }, 1);
            let mut seen = Vec::new();
            loop {
                let page = store.list(query.clone()).await.expect("a page");
                seen.extend(page.rows.iter().map(|(activity, _)| activity.position));
                match page.next {
                    Some(next) => query.start = livetrail_types::PageStart::Cursor(next),
                    None => break,
                }
            }
            seen.sort_unstable();
            assert_eq!(seen, [1, 2, 3], "by {by:?} {order:?}");
        }
    }
    assert_eq!(
        store.stats(Filter::default(), 3, Timestamp::UNIX_EPOCH).await.expect("figures").total_logs,
        3
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_id_that_somebody_has_used_is_in_conflict_with_a_sender_who_uses_it() {
    let log = super::PostgresFixture::new();
    let store = open(&log.database.url()).await;
    let id = activity(1).activity.id;
    log.database.psql(&format!(
        "INSERT INTO activity_logs (id, user_id, action_type, success) VALUES ('{id}', 'u', 'a', TRUE)"
    ));
    reaches(&store, 1).await;
    let appended = store.append(vec![activity(1), activity(2)]).await.expect("an append");
    assert_eq!(appended.placements, [Placement::Conflict, Placement::New(2)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_that_pass_for_livetrails_own_are_marked_as_external() {
    let log = super::PostgresFixture::new();
    let store = open(&log.database.url()).await;
    log.database.psql(
        "INSERT INTO activity_logs (timestamp, user_id, action_type, success, resource_type) SELECT \
           '2026-01-01Z'::timestamptz + n * interval '1 second', 'old-app', 'a', TRUE, named \
         FROM unnest(ARRAY['livetrail', ' LiveTrail', E'livetrail\\n', 'livetrail2', 'document', NULL]) \
           WITH ORDINALITY AS one (named, n)",
    );
    reaches(&store, 6).await;
    let own = Activity { resource_type: Some("livetrail".into()), ..activity(7).activity };
    store.append(vec![Stamped { activity: own, fingerprint: None }]).await.expect("an append");
    let marked = Some("external:livetrail");
    let expected = [marked, marked, marked, Some("livetrail2"), Some("document"), None, Some("livetrail")];
    let found = everything(&store).await;
    assert_eq!(found.iter().map(|one| one.resource_type.as_deref()).collect::<Vec<_>>(), expected);
    let rows = "SELECT count(*) FROM activity_logs WHERE resource_type = 'livetrail'";
    assert_eq!(log.database.psql(rows).trim(), "1", "they are told apart in the database too");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reserved_name_within_any_white_space_is_marked_as_external() {
    let log = super::PostgresFixture::new();
    let store = open(&log.database.url()).await;
    let spaces: Vec<char> = (char::MIN..=char::MAX).filter(|char| char.is_whitespace()).collect();
    let names: Vec<String> =
        spaces.iter().map(|&space| format!("'{space}LIVEtrail{space}{space}'")).collect();
    assert!(spaces.contains(&'\u{85}') && spaces.contains(&'\u{a0}'), "{spaces:?}");
    log.database.psql(&format!(
        "INSERT INTO activity_logs (user_id, action_type, success, resource_type) \
           SELECT 'old-app', 'a', TRUE, named FROM unnest(ARRAY[{}]) AS one (named)",
        names.join(", ")
    ));
    reaches(&store, spaces.len() as u64).await;
    for row in everything(&store).await {
        assert_eq!(row.resource_type.as_deref(), Some("external:livetrail"));
    }
}

/// A trigger of the application's that lets no row of this user pass.
pub(super) const REFUSES: &str = "CREATE FUNCTION refuses() RETURNS trigger LANGUAGE plpgsql AS \
     $$ BEGIN IF NEW.user_id = 'bad' AND NEW.position > 0 THEN RAISE 'not this one'; END IF; RETURN NEW; END $$; \
     CREATE TRIGGER refuses BEFORE INSERT ON activity_logs FOR EACH ROW EXECUTE FUNCTION refuses();";

pub(super) fn of(user: &str, count: usize) -> String {
    format!(
        "INSERT INTO activity_logs (user_id, action_type, endpoint, http_method, status_code, success) \
         SELECT '{user}', 'user_login', '/', 'POST', 200, TRUE FROM generate_series(1, {count});"
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_that_cannot_be_taken_in_holds_up_neither_others_nor_what_else_is_heard() {
    let log = super::PostgresFixture::new();
    let store = open(&log.database.url()).await;
    log.database.psql(REFUSES);
    log.database.psql(&format!("{}{}{}{}", of("good", 20), of("bad", 1), of("good", 20), of("bad", 2)));
    reaches(&store, 40).await;
    let mut remote = store.remote_changes();
    let set_aside = remote.wait_for(|remote| remote.set_aside == 3);
    tokio::time::timeout(super::TIMEOUT, set_aside).await.expect("in time").expect("the store is open");
    // Others are told of, and so is a change of credentials on another node.
    log.database.psql(&of("late", 1));
    reaches(&store, 41).await;
    let seen = remote.borrow_and_update().credentials;
    log.database.psql("NOTIFY livetrail, 'credentials'");
    let heard = remote.wait_for(|remote| remote.credentials != seen);
    tokio::time::timeout(super::TIMEOUT, heard).await.expect("in time").expect("the store is open");
    let users: Vec<_> = everything(&store).await.into_iter().map(|one| one.user_id).collect();
    assert_eq!(users.iter().filter(|user| *user == "bad").count(), 0);
    drop(store);

    // Once the cause has gone, nothing is lost.
    log.database.psql("DROP TRIGGER refuses ON activity_logs");
    let store = open(&log.database.url()).await;
    reaches(&store, 44).await;
    assert_eq!(everything(&store).await.iter().filter(|one| one.user_id == "bad").count(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_of_the_application_gives_neither_positions_nor_fingerprints() {
    let log = super::PostgresFixture::new();
    let store = open(&log.database.url()).await;
    append(&store, 1..=2).await;
    let cluster = log.database.cluster();
    let _ = cluster.try_psql("postgres", "CREATE ROLE external_app LOGIN");
    log.database.psql("GRANT SELECT, INSERT ON activity_logs TO external_app");
    log.database.psql(
        "ALTER TABLE activity_logs ADD CONSTRAINT own CHECK (fingerprint IS NOT NULL OR user_id <> 'nobody')",
    );
    let forged = |user: &str, position: u64| {
        format!(
            "SET ROLE external_app; INSERT INTO activity_logs (user_id, action_type, endpoint, http_method, status_code, success, \
               position, fingerprint, resource_type) VALUES ('{user}', 'api_key_revoked', '/', 'POST', 200, TRUE, {position}, 'x', 'livetrail')"
        )
    };
    // The next position, and others behind a gap.
    for position in [3, 40, 64] {
        log.database.psql(&forged("app", position));
    }
    reaches(&store, 5).await;
    for position in [0, 6] {
        let refusal =
            cluster.try_psql(log.database.name(), &forged("nobody", position)).expect_err("a refusal");
        assert!(refusal.contains("own"), "{refusal}");
    }
    for row in &everything(&store).await[2..] {
        assert_eq!((row.user_id.as_str(), row.resource_type.as_deref()), ("app", Some("external:livetrail")));
    }
    assert_eq!(
        append(&store, 3..=200).await.first(),
        Some(&6),
        "partitions that are made later are watched, too"
    );
    log.database.psql(&forged("app", 204));
    reaches(&store, 204).await;
    let last = everything(&store).await.pop().expect("a row");
    assert_eq!(last.resource_type.as_deref(), Some("external:livetrail"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_that_a_rule_of_the_application_refuses_comes_back_whole() {
    let log = super::PostgresFixture::new();
    let store = open(&log.database.url()).await;
    log.database.psql("ALTER TABLE activity_logs ADD COLUMN amount NUMERIC GENERATED ALWAYS AS ((details->>'amount')::numeric) STORED");
    // Longer than what is sent at once.
    let batch: Vec<_> = (1..=2_000)
        .map(|number| {
            let mut one = activity(number);
            if number == 7 {
                one.activity.details =
                    Some(livetrail_types::Json::of(&serde_json::json!({"amount": "much"})));
            }
            one
        })
        .collect();
    let refused = store.append(batch.clone()).await.expect_err("a refusal");
    let StoreError::Refused { reason, batch: back } = refused else { panic!("{refused}") };
    assert!(reason.contains("invalid input syntax for type numeric"), "{reason}");
    assert_eq!(back.len(), batch.len());
    let others = back.into_iter().filter(|one| one.activity.details.is_none()).collect();
    assert_eq!(store.append(others).await.expect("an append").stored.len(), 1_999);
}
