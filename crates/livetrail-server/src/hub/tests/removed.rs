//! Activities that SQL has removed from the log.

use super::*;
use rusqlite::Connection;

impl Fixture {
    pub(super) fn remove(&self, first: u64, last: u64) {
        let database = Connection::open(self.folder.path().join("livetrail.db")).expect("the database");
        let removed =
            database.execute("DELETE FROM activities WHERE position BETWEEN ?1 AND ?2", [first, last]);
        assert_eq!(removed.expect("they are removed") as u64, last - first + 1);
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
async fn a_client_that_comes_to_what_was_removed_is_told_once_and_goes_on_behind_it() {
    let fixture = Fixture::new().await;
    fixture.append("u-1", 1_000).await;
    for (first, last) in [(1, 40), (43, 43), (100, 899), (999, 1_000)] {
        fixture.remove(first, last);
    }
    fixture.append("u-1", 1).await;
    let wanted: Vec<u64> =
        [40, 41, 42, 43].into_iter().chain(44..=99).chain(899..=998).chain([1_000, 1_001]).collect();
    // A hub that begins now has nothing at hand.
    let hub = fixture.hub_over().await;
    assert_eq!(all(&mut from(&hub, Some(0)), 1_001).await, (wanted.clone(), 4));
    for (position, missing) in [(42, 3), (43, 2), (500, 2), (998, 1), (999, 1)] {
        let expected: Vec<u64> = wanted.iter().copied().filter(|end| *end > position).collect();
        assert_eq!(
            all(&mut from(&hub, Some(position)), 1_001).await,
            (expected, missing),
            "after {position}"
        );
    }
}

#[tokio::test]
async fn it_is_told_whatever_the_filter_means() {
    let fixture = Fixture::new().await;
    fixture.append("u-1", 10).await;
    fixture.remove(4, 6);
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
    assert_eq!(all(&mut subscription, 10).await, (vec![4, 5, 6, 7, 8, 9, 10], 2));
}
