//! Reading the log inside the process, without frames.

use super::*;

/// The positions of activities, and where gaps end.
async fn read(follower: &mut Follower, end: u64) -> (Vec<u64>, Vec<u64>) {
    let (mut activities, mut gaps) = (Vec::new(), Vec::new());
    while follower.cursor().position < end {
        let span = follower.next().await.expect("the store is there");
        assert!(span.entries().len() <= 2 * CHUNK, "a span is bounded");
        for entry in span.entries() {
            match entry {
                Entry::Activity(known) => activities.push(known.0.position),
                Entry::Gap(last) | Entry::Removed(last) => gaps.push(*last),
            }
        }
    }
    (activities, gaps)
}

/// The transports that the newest segment of the ring is encoded for.
fn encoded(hub: &Hub) -> Vec<Transport> {
    let segment = hub.ring_after(hub.shown() - 1).expect("a segment");
    Transport::ALL.into_iter().filter(|transport| segment.has(*transport)).collect()
}

#[tokio::test]
async fn a_follower_reads_history_and_what_comes_as_one_sequence() {
    let fixture = Fixture::new().await;
    fixture.commit("u-1", 600).await;
    let hub = fixture.hub_over().await;
    let mut follower = hub.follow(100);
    assert_eq!(read(&mut follower, 600).await, ((101..=600).collect(), vec![]));
    let stored = fixture.commit("u-1", 3).await;
    hub.reached(603);
    hub.publish(stored).await.expect("the store is there");
    assert_eq!(read(&mut follower, 603).await, (vec![601, 602, 603], vec![]));
}

#[tokio::test]
async fn a_follower_is_told_of_activities_that_are_not_in_the_log_any_more() {
    let fixture = Fixture::new().await;
    fixture.append("u-1", 20).await;
    fixture.remove(1, 4);
    fixture.remove(9, 10);
    let hub = fixture.hub_over().await;
    let mut follower = hub.follow(0);
    assert_eq!(read(&mut follower, 20).await, ((5..=8).chain(11..=20).collect(), vec![4, 10]));
}

#[tokio::test]
async fn a_follower_knows_the_names_of_users() {
    let fixture = Fixture::new().await;
    let mut follower = fixture.hub.follow(0);
    let ada = UserProfile { user_id: "u-1".into(), email: None, display_name: Some("Ada".into()) };
    fixture.hub.directory.put(None, vec![ada.clone()]).await.expect("the store is there");
    fixture.append("u-1", 1).await;
    let span = follower.next().await.expect("the store is there");
    let [Entry::Activity(known)] = span.entries() else { panic!("one activity") };
    assert_eq!(known.1.as_deref(), Some(&ada));
}

#[tokio::test]
async fn what_nobody_is_connected_for_is_not_encoded() {
    let fixture = Fixture::new().await;
    let mut follower = fixture.hub.follow(0);
    fixture.append("u-1", 1).await;
    assert_eq!(encoded(&fixture.hub), []);
    assert_eq!(read(&mut follower, 1).await.0, [1], "a follower needs no frames");
    let client = fixture.hub.subscribe(Arc::default(), Transport::WebSocket, 1);
    fixture.append("u-1", 1).await;
    assert_eq!(encoded(&fixture.hub), [Transport::WebSocket]);
    drop(client);
    fixture.append("u-1", 300).await;
    assert_eq!(encoded(&fixture.hub), []);
    assert_eq!(fixture.hub.watchers(), 1);
}

#[tokio::test]
async fn frames_are_the_same_whichever_transport_was_encoded_first() {
    let fixture = Fixture::new().await;
    let _follower = fixture.hub.follow(0);
    fixture.append("u-1", 5).await;
    let frames = |order: [Transport; 3]| {
        let segment = fixture.hub.ring_after(0).expect("a segment").with(&Segment::new(
            (5, 7),
            Vec::new(),
            Absent::default(),
            fixture.hub.encoder.clone(),
        ));
        let mut frames =
            order.map(|transport| (transport as usize, segment.encoded(transport).bytes.clone()));
        frames.sort_by_key(|(transport, _)| *transport);
        frames.map(|(_, bytes)| bytes)
    };
    let [events, chunks, messages] = [Transport::Events, Transport::Chunks, Transport::WebSocket];
    let expected = frames([events, chunks, messages]);
    assert!(expected.iter().all(|bytes| !bytes.is_empty()));
    for order in [[chunks, messages, events], [messages, events, chunks], [messages, chunks, events]] {
        assert_eq!(frames(order), expected, "{order:?}");
    }
}

#[tokio::test]
async fn without_somebody_who_needs_names_none_are_looked_up() {
    let fixture = Fixture::new().await;
    let ada = UserProfile { user_id: "u-1".into(), email: None, display_name: Some("Ada".into()) };
    fixture.hub.directory.put(None, vec![ada.clone()]).await.expect("the store is there");
    let name = async |follower: &mut Follower| {
        let span = follower.next().await.expect("the store is there");
        let [Entry::Activity(known)] = span.entries() else { panic!("one activity") };
        known.1.clone()
    };
    let mut unnamed = fixture.hub.follow_unnamed(0);
    fixture.append("u-1", 1).await;
    assert_eq!(name(&mut unnamed).await, None);
    // Who needs names reads such an activity from the store, and has the next one from the ring.
    let mut named = fixture.hub.follow(0);
    assert_eq!(name(&mut named).await.as_deref(), Some(&ada));
    fixture.append("u-1", 1).await;
    assert!(fixture.hub.ring_after(1).is_some());
    assert_eq!(name(&mut named).await.as_deref(), Some(&ada));
    assert_eq!(name(&mut unnamed).await.as_deref(), Some(&ada));
}
