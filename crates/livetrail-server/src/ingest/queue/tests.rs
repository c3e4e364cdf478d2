use super::*;
use crate::{environment::Environment, environment::Manual, ingest::Waiter};
use livetrail_types::NewActivity;
use tokio::sync::oneshot;

const CAPACITY: Capacity = Capacity { kib: 1_000, requests: 100 };

fn credential(name: &str) -> CredentialId {
    CredentialId::of_user(name)
}

fn job(name: &str, items: usize, kib: usize) -> Job {
    let clock = Manual::new();
    let stamped = |_| NewActivity::new(name, "a").stamp(clock.now(), clock.fresh_id(), &[0; 32]);
    // Half a KiB less than that counts as this many.
    let share = Share::of(credential(name), kib * 1024 - 512);
    Job { batch: (0..items).map(stamped).collect(), waiter: Waiter { answer: oneshot::channel().0, share } }
}

fn push(queue: &Queue, name: &str, items: usize) {
    queue.push(job(name, items, 1)).expect("room");
}

/// The jobs of the next group, each as the user that its activities name and how many there are.
fn group(queue: &Queue) -> Vec<(String, usize)> {
    let jobs = queue.gather();
    jobs.iter().map(|job| (job.batch[0].activity.user_id.clone(), job.batch.len())).collect()
}

fn named(jobs: &[(&str, usize)]) -> Vec<(String, usize)> {
    jobs.iter().map(|(name, items)| ((*name).to_owned(), *items)).collect()
}

#[test]
fn requests_of_one_credential_are_taken_in_order_and_fill_a_group_of_ten_thousand() {
    let queue = Queue::new(CAPACITY);
    [3_000, 7_000, 1, 10_000, 9_999].into_iter().for_each(|items| push(&queue, "a", items));
    assert_eq!(group(&queue), named(&[("a", 3_000), ("a", 7_000)]));
    assert_eq!(group(&queue), named(&[("a", 1)]));
    assert_eq!(group(&queue), named(&[("a", 10_000)]));
    assert_eq!(group(&queue), named(&[("a", 9_999)]));
    assert_eq!(group(&queue), []);
}

#[test]
fn a_single_activity_waits_for_at_most_one_of_the_large_batches_that_another_credential_has_queued() {
    let queue = Queue::new(CAPACITY);
    for _ in 0..40 {
        push(&queue, "heavy", 10_000);
    }
    group(&queue);
    push(&queue, "light", 1);
    let next = [group(&queue), group(&queue)].concat();
    assert!(next.contains(&("light".to_owned(), 1)), "{next:?}");
}

#[test]
fn large_batches_go_on_while_another_credential_always_has_something() {
    let queue = Queue::new(CAPACITY);
    for _ in 0..10 {
        push(&queue, "heavy", 10_000);
    }
    let mut groups = Vec::new();
    for _ in 0..20 {
        push(&queue, "light", 1);
        groups.push(group(&queue));
    }
    assert_eq!(groups.iter().filter(|group| group.contains(&("heavy".to_owned(), 10_000))).count(), 10);
    assert!(groups.iter().all(|group| group.len() == 1 || group.iter().all(|(name, _)| name == "light")));
}

#[test]
fn of_several_heavy_credentials_a_light_one_still_has_every_other_group() {
    let queue = Queue::new(CAPACITY);
    for name in ["a", "b", "c"] {
        (0..5).for_each(|_| push(&queue, name, 10_000));
    }
    group(&queue);
    for _ in 0..5 {
        push(&queue, "light", 1);
        let next = [group(&queue), group(&queue)].concat();
        assert!(next.contains(&("light".to_owned(), 1)), "{next:?}");
    }
}

#[test]
fn what_several_credentials_send_is_gathered_into_one_group_with_a_share_for_each() {
    let queue = Queue::new(CAPACITY);
    for _ in 0..8 {
        push(&queue, "a", 500);
    }
    for _ in 0..3 {
        push(&queue, "b", 1);
    }
    let expected = named(&[("a", 500), ("a", 500), ("a", 500), ("a", 500), ("b", 1), ("b", 1), ("b", 1)]);
    assert_eq!(group(&queue), expected, "half of a shared group is for each of the two");
    assert_eq!(group(&queue).len(), 4, "what is left is of one credential");
}

#[test]
fn everything_is_taken_once_and_each_credentials_requests_in_their_order() {
    let queue = Queue::new(Capacity { kib: 100_000, requests: 100_000 });
    let mut sent = HashMap::<String, Vec<usize>>::new();
    for number in 0..2_000_usize {
        let name = format!("u-{}", number * number % 7);
        let items = if number % 50 == 0 { 10_000 - number } else { 1 + number % 300 };
        push(&queue, &name, items);
        sent.entry(name).or_default().push(items);
    }
    let mut taken = HashMap::<String, Vec<usize>>::new();
    loop {
        let group = group(&queue);
        if group.is_empty() {
            break;
        }
        assert!(group.iter().map(|(_, items)| items).sum::<usize>() <= GROUP);
        group.into_iter().for_each(|(name, items)| taken.entry(name).or_default().push(items));
    }
    assert_eq!(taken, sent);
}

#[test]
fn one_credential_holds_half_of_the_queue_and_leaves_room_for_the_next() {
    let queue = Queue::new(CAPACITY);
    let held = |name: &str| (0..).take_while(|_| queue.push(job(name, 1, 10)).is_ok()).count();
    assert_eq!([held("a"), held("b"), held("c")], [50, 25, 13]);
    assert_eq!(queue.push(job("a", 1, 10)), Err(Refused::Full));
    assert_eq!(queue.push(job("d", 1, 100)), Ok(()), "another one still has room for as much as is free");
}

#[test]
fn one_credential_holds_half_of_the_requests_that_may_wait() {
    let queue = Queue::new(CAPACITY);
    let held = |name: &str| (0..).take_while(|_| queue.push(job(name, 1, 1)).is_ok()).count();
    assert_eq!([held("a"), held("b")], [50, 25]);
}

#[test]
fn what_is_answered_gives_its_room_back_and_is_forgotten() {
    let queue = Queue::new(CAPACITY);
    for _ in 0..3 {
        while queue.push(job("a", 1, 7)).is_ok() {}
        let jobs = queue.gather();
        assert_eq!(queue.push(job("a", 1, 7)), Err(Refused::Full), "what is being stored counts");
        queue.release(jobs.iter().map(|job| job.waiter.share));
        let lines = queue.lock();
        assert_eq!((lines.free.kib, lines.free.requests, lines.by_credential.len()), (1_000, 100, 0));
    }
}

#[tokio::test]
async fn a_queue_that_is_closed_takes_nothing_more_and_ends_when_it_is_empty() {
    let queue = Queue::new(CAPACITY);
    push(&queue, "a", 1);
    queue.close();
    assert_eq!(queue.push(job("a", 1, 1)), Err(Refused::Closed));
    assert!(queue.wait().await);
    assert_eq!(group(&queue).len(), 1);
    assert!(!queue.wait().await);
}

#[tokio::test]
async fn those_who_wait_are_told_when_the_appender_ends() {
    let queue = Queue::new(CAPACITY);
    let (answer, answered) = oneshot::channel();
    let waiting = Job { waiter: Waiter { answer, share: Share::of(credential("a"), 1) }, ..job("a", 1, 1) };
    queue.push(waiting).expect("room");
    queue.abandon();
    assert!(answered.await.is_err());
    assert_eq!(queue.push(job("a", 1, 1)), Err(Refused::Closed));
}

#[tokio::test]
async fn what_waits_for_room_is_queued_as_soon_as_others_are_answered() {
    let queue = Queue::new(CAPACITY);
    let share = job("a", 1, 500).waiter.share;
    queue.push(job("a", 1, 500)).expect("room");
    let mut waiting = std::pin::pin!(queue.push_when_free(job("own", 1, 600)));
    assert!(futures_util::poll!(&mut waiting).is_pending());
    assert_eq!(group(&queue), named(&[("a", 1)]));
    queue.release([share].into_iter());
    assert_eq!(waiting.await, Ok(()));
    assert_eq!(group(&queue), named(&[("own", 1)]));
}

#[tokio::test]
async fn what_waits_for_room_is_refused_when_nothing_is_stored_any_more() {
    let queue = Queue::new(CAPACITY);
    queue.push(job("a", 1, 500)).expect("room");
    let mut waiting = std::pin::pin!(queue.push_when_free(job("own", 1, 600)));
    assert!(futures_util::poll!(&mut waiting).is_pending());
    queue.close();
    assert_eq!(waiting.await, Err(Refused::Closed));
}
