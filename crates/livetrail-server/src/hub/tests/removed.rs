//! Activities that were removed from the log.

use super::*;
use rusqlite::Connection;

impl Fixture {
    fn database(&self) -> Connection {
        Connection::open(self.folder.path().join("livetrail.db")).expect("the database")
    }

    /// Removes activities, which the log records.
    pub(super) fn remove(&self, first: u64, last: u64) {
        let sql = "DELETE FROM activities WHERE position BETWEEN ?1 AND ?2";
        let removed = self.database().execute(sql, [first, last]).expect("they are removed");
        assert_eq!(removed as u64, last - first + 1);
    }

    /// The same without a record, as if the rows were lost.
    pub(super) fn lose(&self, first: u64, last: u64) {
        self.remove(first, last);
        self.database().execute("DELETE FROM livetrail_removed", []).expect("the records are removed");
    }

    /// Drops the oldest activities.
    pub(super) async fn drop_before(&self, floor: u64) {
        while self.store.drop_before(floor, 0).await.expect("a step").expect("no holds") < floor {}
    }
}

/// How many of the frames say that there is something missing.
fn resets(selection: &Selection) -> usize {
    let text = std::str::from_utf8(&selection.bytes).expect("UTF-8");
    text.matches(r#"{"type":"reset","reason":"activities after the cursor were removed from the log"}"#)
        .count()
}

/// The cursors of all frames up to the position `end`, and how many say that something is missing.
async fn all(subscription: &mut Subscription, end: u64) -> (Vec<u64>, usize) {
    let (mut seen, mut missing) = (Vec::new(), 0);
    while subscription.cursor().position < end {
        let selection = subscription.next().await.expect("an update");
        seen.extend(positions(&selection));
        missing += resets(&selection);
    }
    (seen, missing)
}

#[tokio::test]
async fn a_client_below_the_floor_is_told_once_and_skips_removals_above_it() {
    let fixture = Fixture::new().await;
    fixture.append("u-1", 1_000).await;
    fixture.drop_before(40).await;
    for (first, last) in [(43, 43), (100, 899), (999, 1_000)] {
        fixture.remove(first, last);
    }
    fixture.append("u-1", 1).await;
    let wanted: Vec<u64> = [40, 41, 42].into_iter().chain(44..=99).chain(900..=998).chain([1_001]).collect();
    // A hub that begins now has nothing at hand.
    let hub = fixture.hub_over().await;
    for transport in [Transport::Events, Transport::Chunks] {
        let mut subscription = hub.subscribe(Arc::default(), transport, 0);
        assert_eq!(all(&mut subscription, 1_001).await, (wanted.clone(), 1), "{transport:?}");
    }
    for (position, missing) in [(39, 1), (40, 0), (42, 0), (43, 0), (500, 0), (998, 0), (999, 0)] {
        let expected: Vec<u64> = wanted.iter().copied().filter(|end| *end > position).collect();
        assert_eq!(
            all(&mut from(&hub, Some(position)), 1_001).await,
            (expected, missing),
            "after {position}"
        );
    }
}

#[tokio::test]
async fn a_client_is_told_of_activities_that_are_missing_without_a_record() {
    let fixture = Fixture::new().await;
    fixture.append("u-1", 100).await;
    fixture.lose(4, 6);
    fixture.lose(50, 60);
    let hub = fixture.hub_over().await;
    let wanted = (1..=3).chain(6..=49).chain(60..=100).collect();
    assert_eq!(all(&mut from(&hub, Some(0)), 100).await, (wanted, 2));
}

#[tokio::test]
async fn it_is_told_whatever_the_filter_means() {
    let fixture = Fixture::new().await;
    fixture.append("u-1", 10).await;
    fixture.drop_before(6).await;
    let hub = fixture.hub_over().await;
    let nobody = Condition::Text(TextField::UserId, Choice::any(["nobody".to_owned()]));
    let filter = Filter::of(vec![nobody]);
    let mut subscription = hub.subscribe(Arc::new(filter), Transport::Events, 0);
    assert_eq!(all(&mut subscription, 10).await, (vec![6], 1));
}

#[tokio::test]
async fn what_was_removed_before_it_was_shown_holds_nothing_up() {
    let fixture = Fixture::new().await;
    let mut subscription = fixture.subscribe(None);
    fixture.commit("u-1", 10).await;
    fixture.remove(1, 4);
    fixture.remove(8, 8);
    fixture.hub.reached(10);
    fixture.hub.catch_up().await.expect("the store is there");
    assert_eq!(all(&mut subscription, 10).await, (vec![5, 6, 7, 9, 10], 0));
}
