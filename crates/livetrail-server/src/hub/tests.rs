mod follower;
mod removed;

use super::*;
use crate::{
    connections::{Connections, Limits},
    environment::{Environment, Manual},
    until::until,
};
use bytes::Bytes;
use livetrail_store::{Person, SqliteStore};
use livetrail_types::{Choice, Condition, Epoch, Filter, NewActivity, TextField, UserProfile};
use std::{
    io::{BufRead, BufReader},
    time::Duration,
};
use tempfile::TempDir;

/// A hub over a store, and the steps between a commit and its being shown, one by one.
struct Fixture {
    hub: Arc<Hub>,
    store: Arc<dyn Store>,
    clock: Manual,
    folder: TempDir,
}

impl Fixture {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(folder.path(), Epoch(7)).expect("a store"));
        let hub = start(&store).await;
        Self { hub, store, clock: Manual::new(), folder }
    }

    /// Makes activities of `user` durable, without pushing them.
    async fn commit(&self, user: &str, count: usize) -> Vec<Activity> {
        let stamp = |_| NewActivity::new(user, "a").stamp(self.clock.now(), self.clock.fresh_id(), &[0; 32]);
        self.store.append((0..count).map(stamp).collect()).await.expect("a commit").stored
    }

    async fn publish(&self, activities: Vec<Activity>) {
        self.hub.reached(activities.last().expect("some").position);
        self.hub.publish(activities).await.expect("the store is there");
    }

    async fn append(&self, user: &str, count: usize) {
        let stored = self.commit(user, count).await;
        self.publish(stored).await;
    }

    fn subscribe(&self, position: Option<u64>) -> Subscription {
        from(&self.hub, position)
    }

    /// A second hub over the same store: it begins at the store's head with nothing at hand.
    async fn hub_over(&self) -> Arc<Hub> {
        start(&self.store).await
    }
}

async fn start(store: &Arc<dyn Store>) -> Arc<Hub> {
    let directory = Arc::new(Directory::new(Arc::clone(store)));
    let catalogue = Arc::new(Catalogue::builtin());
    Hub::start(Arc::clone(store), directory, catalogue, &mut Registry::default()).await.expect("a hub")
}

/// Everything after a position, or from now on.
fn from(hub: &Arc<Hub>, position: Option<u64>) -> Subscription {
    hub.subscribe(Arc::default(), Transport::Events, position.unwrap_or_else(|| hub.head().position))
}

/// The positions of a chunk of frames, as their ids say.
fn positions(selection: &Selection) -> Vec<u64> {
    let text = std::str::from_utf8(&selection.bytes).expect("UTF-8").to_owned();
    let ids = text.lines().filter_map(|line| line.strip_prefix("id: "));
    ids.map(|id| id.parse::<Cursor>().expect("a cursor").position).collect()
}

async fn read_to(subscription: &mut Subscription, end: u64) -> Vec<u64> {
    let mut seen = Vec::new();
    while subscription.cursor().position < end {
        seen.extend(positions(&subscription.next().await.expect("an update")));
    }
    seen
}

/// Whether there is nothing to read: the subscription has read all that its hub has shown, and waits. One that waits
/// for the store is not quiet, however long that takes.
async fn is_quiet(hub: &Hub, subscription: &mut Subscription) -> bool {
    let is_waiting = tokio::select! {
        biased;
        _ = subscription.next() => false,
        () = std::future::ready(()) => true,
    };
    is_waiting && subscription.cursor().position >= hub.shown()
}

#[tokio::test]
async fn a_subscription_with_something_to_read_is_not_quiet() {
    let fixture = Fixture::new().await;
    let mut subscription = fixture.subscribe(None);
    assert!(is_quiet(&fixture.hub, &mut subscription).await);
    fixture.append("u-1", 1).await;
    assert!(!is_quiet(&fixture.hub, &mut subscription).await, "it is in the ring");
    let hub = fixture.hub_over().await;
    let mut subscription = from(&hub, Some(0));
    assert!(!is_quiet(&hub, &mut subscription).await, "it is in the store");
}

#[tokio::test]
async fn an_erased_name_is_in_no_frame_once_the_past_is_forgotten() {
    let fixture = Fixture::new().await;
    let profile =
        UserProfile { user_id: "ada".into(), email: None, display_name: Some("Ada Lovelace".into()) };
    fixture.store.put_profiles(None, vec![profile]).await.expect("a profile");
    let mut subscription = fixture.subscribe(None);
    for is_named in [true, false] {
        fixture.append("ada", 1).await;
        let frame = subscription.next().await.expect("an update").bytes;
        let text = std::str::from_utf8(&frame).expect("UTF-8");
        assert_eq!(text.contains("Ada Lovelace"), is_named, "{text}");
        let person = Person { user_id: "ada".into(), tenant: None, pseudonym: "erased-1".into() };
        fixture.store.erase_profile(person).await.expect("an erasure");
        fixture.hub.forget_past();
    }
}

#[tokio::test]
async fn a_subscription_begins_after_what_is_durable_although_it_is_not_shown_yet() {
    let fixture = Fixture::new().await;
    let first = fixture.commit("u-1", 3).await;
    fixture.hub.reached(3);
    let mut subscription = fixture.subscribe(None);
    assert_eq!(subscription.cursor().position, 3);
    fixture.hub.publish(first).await.expect("the store is there");
    assert!(is_quiet(&fixture.hub, &mut subscription).await);
    fixture.append("u-1", 2).await;
    assert_eq!(read_to(&mut subscription, 5).await, [4, 5]);
}

#[tokio::test]
async fn a_subscription_that_was_given_a_position_ahead_waits_for_what_follows_it() {
    let fixture = Fixture::new().await;
    let mut subscription = fixture.subscribe(Some(2));
    fixture.append("u-1", 2).await;
    assert!(is_quiet(&fixture.hub, &mut subscription).await);
    fixture.append("u-1", 1).await;
    assert_eq!(read_to(&mut subscription, 3).await, [3]);
}

#[tokio::test]
async fn a_hub_that_has_just_begun_gives_the_whole_past() {
    let fixture = Fixture::new().await;
    fixture.commit("u-1", 600).await;
    let restarted = fixture.hub_over().await;
    let mut subscription = from(&restarted, Some(0));
    assert_eq!(read_to(&mut subscription, 600).await, (1..=600).collect::<Vec<_>>());
}

#[tokio::test]
async fn what_the_store_has_and_the_hub_has_not_shown_yet_comes_once_and_when_it_is_shown() {
    let fixture = Fixture::new().await;
    fixture.commit("u-1", 10).await;
    let hub = fixture.hub_over().await;
    let shown = fixture.commit("u-1", 10).await;
    let unshown = fixture.commit("u-1", 10).await;
    hub.publish(shown).await.expect("the store is there");
    let mut subscription = from(&hub, Some(0));
    // The ring begins at 10, so this comes from the store, which already has what is not shown yet.
    assert_eq!(read_to(&mut subscription, 20).await, (1..=20).collect::<Vec<_>>());
    assert!(is_quiet(&hub, &mut subscription).await);
    hub.publish(unshown).await.expect("the store is there");
    assert_eq!(read_to(&mut subscription, 30).await, (21..=30).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_client_that_the_ring_has_left_behind_reads_the_store_and_rejoins() {
    let fixture = Fixture::new().await;
    let mut behind = fixture.subscribe(None);
    for _ in 0..17 {
        fixture.append("u-1", 1_000).await;
    }
    assert!(
        fixture.hub.ring.read().expect("no panic").segment_after(0, false).is_none(),
        "the ring has moved on"
    );
    assert_eq!(read_to(&mut behind, 17_000).await, (1..=17_000).collect::<Vec<_>>());
    fixture.append("u-1", 1).await;
    assert_eq!(read_to(&mut behind, 17_001).await, [17_001]);
}

#[tokio::test]
async fn what_came_while_nobody_was_there_and_what_came_after_are_one_sequence() {
    let fixture = Fixture::new().await;
    fixture.append("u-1", 300).await;
    let mut first = fixture.subscribe(Some(0));
    fixture.append("u-1", 300).await;
    assert_eq!(read_to(&mut first, 600).await, (1..=600).collect::<Vec<_>>());
    drop(first);
    fixture.append("u-1", 300).await;
    let mut second = fixture.subscribe(Some(450));
    fixture.append("u-1", 1).await;
    assert_eq!(read_to(&mut second, 901).await, (451..=901).collect::<Vec<_>>());
}

#[tokio::test]
async fn the_ring_is_bounded_in_bytes_too() {
    let fixture = Fixture::new().await;
    let _client = fixture.subscribe(None);
    let mut activities = fixture.commit("u-1", 1_200).await;
    for activity in &mut activities {
        activity.error_message = Some("x".repeat(32_000));
    }
    fixture.publish(activities).await;
    let ring = fixture.hub.ring.read().expect("no panic");
    assert!(ring.segment_after(0, false).is_none(), "the oldest are gone");
    assert_eq!(ring.segment_after(1_199, false).expect("the newest is there").last(), 1_200);
}

#[tokio::test]
async fn what_came_one_by_one_is_read_in_larger_pieces_by_whoever_comes_later() {
    let fixture = Fixture::new().await;
    let mut behind = fixture.hub.subscribe(Arc::default(), Transport::WebSocket, 0);
    let mut live = fixture.hub.subscribe(Arc::default(), Transport::WebSocket, 0);
    let mut one_by_one = Vec::new();
    for activity in fixture.commit("u-1", 1_000).await {
        fixture.publish(vec![activity]).await;
        one_by_one.extend_from_slice(&live.next().await.expect("an update").bytes);
    }
    let (mut pieces, mut together) = (0, Vec::new());
    while behind.cursor().position < 1_000 {
        together.extend_from_slice(&behind.next().await.expect("an update").bytes);
        pieces += 1;
    }
    assert_eq!(together, one_by_one);
    assert!(pieces <= 16, "{pieces} pieces");
}

/// A viewer whose credential never ends.
struct Guest;

#[async_trait::async_trait]
impl StreamOwner for Guest {
    async fn is_authorized(&self) -> bool {
        true
    }

    fn tenant(&self) -> Option<&str> {
        None
    }

    fn retry_after(&self) -> Duration {
        Duration::ZERO
    }

    async fn hear(&self, _: &[u8]) -> Reply {
        Reply::default()
    }
}

#[tokio::test]
async fn a_reactor_gives_everything_in_order_and_once_although_pieces_become_one_meanwhile() {
    const COUNT: u64 = 60_000;
    let fixture = Fixture::new().await;
    let activities = fixture.commit("u-1", COUNT as usize).await;
    let reactors = Reactors::start(&fixture.hub, 1, Duration::from_hours(1)).expect("a thread");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let client = std::net::TcpStream::connect(address).expect("a connection");
    let (socket, _) = listener.accept().expect("a connection");
    socket.set_nonblocking(true).expect("a socket");
    let limits = Limits { in_all: 1, of_address: None };
    reactors.adopt(NewStream {
        socket,
        opening: Bytes::new(),
        filter: Arc::default(),
        position: 0,
        decoder: None,
        owner: Arc::new(Guest),
        permit: Connections::new(limits).permit().await.expect("permit"),
    });
    until(async || fixture.hub.watchers() > 0).await;
    let reading = std::thread::spawn(move || {
        let positions = BufReader::new(client).lines().map_while(Result::ok).filter_map(|line| {
            let id = line.strip_prefix("id: ")?.parse::<Cursor>().ok()?;
            Some(id.position)
        });
        positions.take_while(|position| *position < COUNT).collect::<Vec<_>>()
    });
    // Shown as fast as can be, so that passes find the ring as it changes.
    for activity in activities {
        fixture.publish(vec![activity]).await;
    }
    let seen = tokio::task::spawn_blocking(|| reading.join()).await.expect("no panic").expect("no panic");
    assert!(seen.into_iter().eq(1..COUNT), "each once, in order");
}

#[tokio::test]
async fn a_filter_that_nothing_matches_moves_the_cursor_all_the_same() {
    let fixture = Fixture::new().await;
    let somebody_else = Condition::Text(TextField::UserId, Choice::any(["u-2".to_owned()]));
    let mut subscription =
        fixture.hub.subscribe(Arc::new(Filter::of(vec![somebody_else])), Transport::Events, 0);
    fixture.append("u-1", 5).await;
    assert_eq!(subscription.next().await.expect("an update"), Selection::default());
    assert_eq!((subscription.cursor().epoch, subscription.cursor().position), (Epoch(7), 5));
    assert!(subscription.cursor().check.is_some());
    fixture.append("u-2", 1).await;
    assert_eq!(read_to(&mut subscription, 6).await, [6]);
}

#[tokio::test]
async fn a_read_that_is_given_up_loses_nothing() {
    let fixture = Fixture::new().await;
    fixture.commit("u-1", 600).await;
    let hub = fixture.hub_over().await;
    let mut subscription = from(&hub, Some(0));
    let mut seen = Vec::new();
    while seen.len() < 600 {
        // Dropped while it waits for the store, as when a heartbeat is due; seldom, the store is quicker.
        let given_up = tokio::time::timeout(Duration::ZERO, subscription.next()).await;
        let update = match given_up {
            Ok(update) => update,
            Err(_) => subscription.next().await,
        };
        seen.extend(positions(&update.expect("an update")));
    }
    assert_eq!(seen, (1..=600).collect::<Vec<_>>());
}

#[tokio::test]
async fn an_activity_has_the_same_bytes_from_the_ring_and_from_the_store() {
    let fixture = Fixture::new().await;
    let mut live = fixture.subscribe(None);
    fixture.append("u-1", 3).await;
    let hub = fixture.hub_over().await;
    let mut replayed = from(&hub, Some(0));
    assert_eq!(live.next().await.expect("an update"), replayed.next().await.expect("an update"));
}

#[tokio::test]
async fn what_others_have_made_durable_is_shown_before_what_follows_it() {
    let fixture = Fixture::new().await;
    let mut subscription = fixture.subscribe(None);
    fixture.commit("u-2", 3).await;
    let own = fixture.commit("u-1", 2).await;
    fixture.publish(own).await;
    assert_eq!(read_to(&mut subscription, 5).await, [1, 2, 3, 4, 5]);
    fixture.commit("u-2", 600).await;
    fixture.hub.reached(605);
    fixture.hub.catch_up().await.expect("the store is there");
    assert_eq!(read_to(&mut subscription, 605).await, (6..=605).collect::<Vec<_>>());
}

#[tokio::test]
async fn what_was_shown_already_is_not_shown_again() {
    let fixture = Fixture::new().await;
    let mut subscription = fixture.subscribe(None);
    let own = fixture.commit("u-1", 3).await;
    fixture.commit("u-2", 2).await;
    fixture.hub.reached(5);
    fixture.hub.catch_up().await.expect("the store is there");
    fixture.publish(own).await;
    assert_eq!(read_to(&mut subscription, 5).await, [1, 2, 3, 4, 5]);
    assert!(is_quiet(&fixture.hub, &mut subscription).await);
}

#[tokio::test]
async fn nobody_waits_until_what_they_have_committed_is_shown() {
    let fixture = Fixture::new().await;
    let mut subscription = fixture.subscribe(None);
    // More than there is room for.
    let mut groups = Vec::new();
    for _ in 0..20 {
        groups.push(fixture.commit("u-1", 3).await);
    }
    groups.into_iter().for_each(|group| fixture.hub.committed(group));
    assert_eq!(fixture.hub.head().position, 60);
    assert_eq!(read_to(&mut subscription, 60).await, (1..=60).collect::<Vec<_>>());
}

#[tokio::test]
async fn whoever_is_far_behind_reads_the_store_and_keeps_nobody_waiting() {
    let fixture = Fixture::new().await;
    let mut subscription = fixture.subscribe(None);
    for _ in 0..17 {
        fixture.commit("u-2", 1_000).await;
    }
    fixture.hub.reached(17_000);
    fixture.hub.catch_up().await.expect("the store is there");
    assert!(
        fixture.hub.ring.read().expect("no panic").segment_after(0, false).is_none(),
        "nothing was encoded"
    );
    assert_eq!(read_to(&mut subscription, 17_000).await, (1..=17_000).collect::<Vec<_>>());
}
