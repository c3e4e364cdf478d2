use super::*;
use crate::access::CredentialId;
use crate::{directory::Directory, environment::Manual, hub::Transport};
use jiff::SignedDuration;
use livetrail_store::SqliteStore;
use livetrail_types::{Catalogue, Epoch};
use prometheus_client::registry::Registry;
use tempfile::TempDir;

const ID: Uuid = Uuid::from_u128(0x0198_c0de_7a3b_7000_8000_0000_0000_0001);

struct Fixture {
    ingest: Ingest,
    hub: Arc<Hub>,
    store: Arc<dyn Store>,
    clock: Arc<Manual>,
    _folder: TempDir,
}

impl Fixture {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(folder.path(), Epoch(1)).expect("a store"));
        let directory = Arc::new(Directory::new(Arc::clone(&store)));
        let hub = Hub::start(
            Arc::clone(&store),
            directory,
            Arc::new(Catalogue::builtin()),
            &mut Registry::default(),
        )
        .await
        .expect("a hub");
        let clock = Arc::new(Manual::new());
        let ingest = Ingest::start(
            Arc::clone(&store),
            Arc::clone(&hub),
            clock.clone(),
            Redaction::standard(),
            [7; 32],
        );
        Self { ingest: ingest.await.expect("a fixture"), hub, store, clock, _folder: folder }
    }

    async fn append(&self, batch: Vec<NewActivity>) -> Vec<Receipt> {
        let batch = batch.into_iter().map(|new| self.ingest.stamp(new)).collect();
        self.ingest.append(batch, 1_000, shop()).await.expect("receipts")
    }
}

fn shop() -> CredentialId {
    CredentialId::of_user("shop")
}

fn new(user: &str) -> NewActivity {
    NewActivity::new(user, "a")
}

#[tokio::test]
async fn receipts_come_in_the_order_of_the_batch() {
    let fixture = Fixture::new().await;
    let receipts = fixture.append(vec![new("u-1"), new("u-2"), new("u-3")]).await;
    let rows = fixture.store.range(0, 10).await.expect("rows").rows().expect("all are kept");
    let stored: Vec<_> = rows.iter().map(|(activity, _)| (activity.id, activity.user_id.as_str())).collect();
    let expected: Vec<_> = receipts.iter().map(|receipt| receipt.id).zip(["u-1", "u-2", "u-3"]).collect();
    assert_eq!(stored, expected);
    assert_eq!(receipts[2].placement, Ok(Placement::New(3)));
}

#[tokio::test]
async fn whoever_has_a_receipt_finds_the_hub_as_far_as_it() {
    let fixture = Fixture::new().await;
    for position in 1..=200 {
        let receipts = fixture.append(vec![new("u-1")]).await;
        assert_eq!(receipts[0].placement, Ok(Placement::New(position)));
        assert!(fixture.hub.head().position >= position);
    }
}

#[tokio::test]
async fn an_activity_has_the_time_of_the_server_unless_it_brings_one() {
    let fixture = Fixture::new().await;
    let now = fixture.clock.now();
    let earlier = now - SignedDuration::from_hours(1);
    let ahead = now + SignedDuration::from_mins(10);
    let much_ahead = ahead + SignedDuration::from_secs(1);
    let at = |moment| NewActivity { timestamp: Some(moment), ..new("u-1") };
    let receipts = fixture.append(vec![new("u-1"), at(earlier), at(ahead), at(much_ahead)]).await;
    let times: Vec<_> = receipts.iter().map(|receipt| receipt.timestamp).collect();
    assert_eq!(times, [now, earlier, ahead, now]);
    let rows = fixture.store.range(0, 10).await.expect("rows").rows().expect("all are kept");
    let adjusted: Vec<_> = rows.iter().map(|(activity, _)| activity.timestamp_adjusted).collect();
    assert_eq!(adjusted, [false, false, false, true]);
}

#[tokio::test]
async fn a_repeated_activity_has_the_receipt_of_the_first_one() {
    let fixture = Fixture::new().await;
    let numbered = || NewActivity { id: Some(ID), ..new("u-1") };
    let first = fixture.append(vec![numbered()]).await;
    fixture.clock.advance(SignedDuration::from_hours(5));
    let again = fixture.append(vec![numbered()]).await;
    assert_eq!(again[0].timestamp, first[0].timestamp);
    assert_eq!(again[0].placement, Ok(Placement::Duplicate { position: 1, timestamp: first[0].timestamp }));
}

#[tokio::test]
async fn whoever_finds_the_queue_full_is_told_at_once_and_the_next_one_is_served() {
    let fixture = Fixture::new().await;
    let heavy =
        |mib: usize| fixture.ingest.append(vec![fixture.ingest.stamp(new("u-1"))], mib * 1024 * 1024, shop());
    let mut stored = 0;
    loop {
        let (first, second) = tokio::join!(heavy(40), heavy(40));
        assert!(first.is_ok());
        stored += 1;
        match second {
            Err(error) => {
                assert!(matches!(error, IngestError::Full));
                break;
            }
            // The thread was held up between the two, so that the first one was stored before the second one came.
            Ok(_) => stored += 1,
        }
        assert!(stored < 100, "no queue is ever full");
    }
    for _ in 0..50 {
        assert!(heavy(40).await.is_ok(), "the room was given back");
    }
    assert_eq!(fixture.hub.head().position, stored + 50);
}

#[tokio::test]
async fn requests_that_arrive_together_are_stored_in_the_order_of_their_arrival() {
    let fixture = Fixture::new().await;
    let users: Vec<String> = (0..500).map(|n| format!("u-{n}")).collect();
    let all = users.iter().map(|user| fixture.append(vec![new(user), new(user)]));
    let receipts = futures_util::future::join_all(all).await;
    let rows = fixture.store.range(0, 1_000).await.expect("rows").rows().expect("all are kept");
    for (n, (user, receipts)) in users.iter().zip(receipts).enumerate() {
        assert_eq!(receipts[0].placement, Ok(Placement::New(2 * n as u64 + 1)));
        assert_eq!((&rows[2 * n].0.user_id, &rows[2 * n + 1].0.user_id), (user, user));
    }
}

#[tokio::test]
async fn one_activity_is_stored_before_most_of_the_batches_that_another_credential_has_queued() {
    let fixture = Fixture::new().await;
    let batch = || (0..5_000).map(|_| fixture.ingest.stamp(new("heavy"))).collect();
    let mut places = Vec::new();
    // A thread that is held up may queue the one activity when most of the batches are stored. Then it is tried again.
    for _ in 0..5 {
        let before = fixture.hub.head().position;
        let heavy = (0..10).map(|_| fixture.ingest.append(batch(), 1_000_000, shop()));
        let light = fixture.ingest.append(
            vec![fixture.ingest.stamp(new("light"))],
            1_000,
            CredentialId::of_user("light"),
        );
        let (heavy, light) = tokio::join!(futures_util::future::join_all(heavy), light);
        assert!(heavy.iter().all(Result::is_ok));
        assert_eq!(fixture.hub.head().position, before + 50_001);
        let Ok(Placement::New(position)) = light.expect("a receipt")[0].placement else {
            panic!("a duplicate")
        };
        places.push(position - before);
        // One commit is under way, and one more may go first; each has two batches at most.
        if position - before <= 20_001 {
            return;
        }
    }
    panic!("so many activities went before it and with it: {places:?}");
}

#[tokio::test]
async fn what_was_sent_is_stored_although_the_sender_has_gone() {
    let fixture = Fixture::new().await;
    let mut stream = fixture.hub.subscribe(Arc::default(), Transport::Events, fixture.hub.head().position);
    {
        let sending = fixture.ingest.append(vec![fixture.ingest.stamp(new("u-1"))], 1_000, shop());
        tokio::select! {
            biased;
            _ = sending => {}
            () = std::future::ready(()) => {}
        }
    }
    stream.next().await.expect("an update");
    assert_eq!(fixture.store.head().await.expect("a head").head, 1);
}

#[tokio::test]
async fn secrets_are_redacted_before_they_are_stored() {
    let fixture = Fixture::new().await;
    let details = Some([("password".to_owned(), "hunter2".into())].into());
    fixture.append(vec![NewActivity { details, ..new("u-1") }]).await;
    let rows = fixture.store.range(0, 1).await.expect("rows").rows().expect("all are kept");
    assert_eq!(
        rows[0].0.details.as_ref().map(livetrail_types::Json::as_str),
        Some(r#"{"password":"[redacted]"}"#)
    );
}

#[tokio::test]
async fn replaced_secrets_are_counted_by_kind() {
    let fixture = Fixture::new().await;
    let mut registry = Registry::with_prefix("livetrail");
    fixture.ingest.register(&mut registry);
    let error_message = Some("Bearer abc123def, card 4111 1111 1111 1111, Bearer def456abc".to_owned());
    fixture.append(vec![NewActivity { error_message, ..new("u-1") }]).await;
    let mut metrics = String::new();
    prometheus_client::encoding::text::encode(&mut metrics, &registry).expect("metrics");
    for line in ["{kind=\"bearer\"} 2", "{kind=\"card\"} 1", "{kind=\"jwt\"} 0"] {
        assert!(metrics.contains(&format!("livetrail_redactions_total{line}")), "{metrics}");
    }
}

#[tokio::test]
async fn secrets_in_identifiers_are_refused_and_in_names_of_users_redacted() {
    let fixture = Fixture::new().await;
    let tenant_id = Some("Bearer abc123def".to_owned());
    assert_eq!(
        fixture.ingest.check(NewActivity { tenant_id, ..new("u-1") }).expect_err("a refusal").len(),
        1
    );
    assert!(fixture.ingest.check(new("u-1")).is_ok());
    let (email, display_name) = (Some("ada@example.com".to_owned()), Some("Bearer abc123def".to_owned()));
    let mut profile = UserProfile { user_id: "u-1".to_owned(), email, display_name };
    fixture.ingest.redact_profile(&mut profile);
    assert_eq!(profile.email.as_deref(), Some("ada@example.com"));
    assert_eq!(profile.display_name.as_deref(), Some("[redacted]"));
}
