//! A stream that goes on where it left off: nothing missing, nothing twice, in order.

use crate::fixture::{APPLICATION, EventStream, Fixture, activity};
use reqwest::Method;
use serde_json::{Value, json};

/// More than the frames at hand.
const MORE_THAN_AT_HAND: usize = 17_000;

fn many(count: usize) -> Value {
    json!(vec![activity("u-1", "a"); count])
}

async fn first_position(fixture: &Fixture) -> u64 {
    let listed = fixture.list(&format!("{APPLICATION}&sort_order=asc&limit=1")).await;
    listed.body["data"][0]["position"].as_u64().expect("a position")
}

#[tokio::test]
async fn a_cursor_by_header_or_by_query_resumes_after_it() {
    let fixture = Fixture::start().await;
    fixture.post(many(10)).await;
    let first = first_position(&fixture).await;
    let cursor = fixture.cursor_at(first + 3).await;
    let by_header = fixture.stream_after(APPLICATION, Some(&cursor)).await;
    let by_query = fixture.stream(&format!("{APPLICATION}&last_event_id={cursor}")).await;
    let next = fixture.post(activity("u-2", "a")).await.body["position"].as_u64().expect("a position");
    for mut stream in [by_header, by_query] {
        assert_eq!(stream.connected.id.as_ref(), Some(&cursor));
        assert_eq!(stream.positions(6).await, (first + 4..first + 10).collect::<Vec<_>>());
        assert_eq!(stream.positions(1).await, [next]);
    }
}

#[tokio::test]
async fn of_a_header_and_a_query_the_header_counts() {
    let fixture = Fixture::start().await;
    fixture.post(many(5)).await;
    let first = first_position(&fixture).await;
    let (old, new) = (fixture.cursor_at(first).await, fixture.cursor_at(first + 3).await);
    let mut stream = fixture.stream_after(&format!("{APPLICATION}&last_event_id={old}"), Some(&new)).await;
    assert_eq!(stream.positions(1).await, [first + 4]);
}

#[tokio::test]
async fn a_polyfill_of_eventsource_resumes_by_the_name_and_in_the_place_that_it_knows() {
    let fixture = Fixture::start().await;
    fixture.post(many(5)).await;
    let first = first_position(&fixture).await;
    let (old, new) = (fixture.cursor_at(first).await, fixture.cursor_at(first + 3).await);
    for query in [
        format!("lastEventId={new}"),
        format!("lastEventID={new}&_=1764390000000"),
        format!("Last-Event-ID={new}"),
        format!("last-event-id={new}"),
        format!("last_event_id={old}&last_event_id={new}"),
        format!("last_event_id={old}&lastEventId={new}"),
        format!("lastEventId={new}&lastEventId="),
    ] {
        let mut stream = fixture.stream(&format!("{APPLICATION}&{query}")).await;
        assert_eq!(stream.positions(1).await, [first + 4], "{query}");
    }
    let mut stream = fixture.stream_after(&format!("{APPLICATION}&lastEventId={new}"), Some("")).await;
    assert_eq!(stream.positions(1).await, [first + 4], "an empty header says nothing");
}

#[tokio::test]
async fn a_resumed_stream_has_only_what_its_filter_means() {
    let fixture = Fixture::start().await;
    fixture
        .post(json!([activity("u-1", "a"), activity("u-2", "a"), activity("u-1", "b"), activity("u-2", "b")]))
        .await;
    let mut stream = fixture.stream_after("user_id=u-2", Some(&fixture.beginning().await)).await;
    assert_eq!(stream.next_activity().await["action_type"], "a");
    assert_eq!(stream.next_activity().await["action_type"], "b");
}

#[tokio::test]
async fn a_stream_that_breaks_again_and_again_while_others_write_gets_every_activity_once() {
    let fixture = Fixture::start().await;
    let begin = fixture.beginning().await;
    let writing = async {
        let mut stored = Vec::new();
        for _ in 0..60 {
            let results = fixture.post(many(7)).await.body["results"].clone();
            stored
                .extend(results.as_array().into_iter().flatten().filter_map(|one| one["position"].as_u64()));
        }
        stored
    };
    let reading = async {
        let (mut seen, mut cursor) = (Vec::new(), begin);
        while seen.len() < 420 {
            let mut stream = fixture.stream_after(APPLICATION, Some(&cursor)).await;
            for _ in 0..(seen.len() % 29 + 1).min(420 - seen.len()) {
                let event = stream.next().await.expect("the stream goes on");
                assert_eq!(event.data["type"], "new_activity", "{event:?}");
                seen.push(event.data["data"]["position"].as_u64().expect("a position"));
                cursor = event.id.expect("a cursor");
            }
        }
        seen
    };
    let (stored, seen) = tokio::join!(writing, reading);
    assert_eq!(seen, stored);
}

#[tokio::test]
async fn a_cursor_of_another_log_ahead_of_this_one_or_of_no_log_is_answered_with_a_reset() {
    let (fixture, other) = (Fixture::start().await, Fixture::start().await);
    for (cursor, reason) in [
        (other.beginning().await, "the cursor is of another log"),
        (fixture.cursor_at(1_000_000).await, "the cursor is ahead of the log"),
        ("garbage".into(), "the cursor cannot be read"),
        ("0000000a--5".into(), "the cursor cannot be read"),
    ] {
        let mut stream = fixture.stream_after(APPLICATION, Some(&cursor)).await;
        let reset = stream.next().await.expect("a reset");
        assert_eq!(reset.data, json!({"type": "reset", "reason": reason}), "{cursor}");
        assert_eq!(reset.id, stream.connected.id, "{cursor}");
        let stored = fixture.post(activity("u-1", "a")).await;
        assert_eq!(stream.next_activity().await["id"], stored.body["id"], "{cursor}");
    }
}

/// The part of a cursor that tells which activity is at its position.
fn check(cursor: &str) -> Option<&str> {
    cursor.split('-').nth(2)
}

#[tokio::test]
async fn every_cursor_says_which_activity_is_at_its_position() {
    let fixture = Fixture::start_with_quick_heartbeat().await;
    let mut stream = fixture.stream("").await;
    fixture.post(many(3)).await;
    let (mut frames, mut cursors) = (Vec::new(), vec![stream.connected.id.clone()]);
    while frames.len() < 3 {
        let event = stream.next().await.expect("the stream goes on");
        if event.data["type"] == "new_activity" {
            frames.push(event.id);
        }
    }
    let heartbeat = loop {
        let event = stream.next().await.expect("the stream goes on");
        if event.name.as_deref() == Some("heartbeat") && event.id == frames[2] {
            break event;
        }
    };
    cursors.extend(frames.clone());
    cursors.push(heartbeat.data["head"].as_str().map(str::to_owned));
    for path in ["?limit=1", "/timeline?", "/facets?"] {
        let head = fixture.get(&format!("/api/admin/activity{path}")).await.body["head_cursor"].clone();
        cursors.push(head.as_str().map(str::to_owned));
    }
    for cursor in &cursors {
        let cursor = cursor.as_deref().expect("a cursor");
        assert_eq!(check(cursor).map(str::len), Some(4), "{cursor} of {cursors:?}");
    }
}

#[tokio::test]
async fn a_cursor_that_has_seen_another_activity_at_its_position_is_answered_with_a_reset() {
    let fixture = Fixture::start().await;
    fixture.post(many(5)).await;
    let first = first_position(&fixture).await;
    let mut stream = fixture.stream_after(APPLICATION, Some(&fixture.cursor_at(first).await)).await;
    let (seen, newest) = (stream.next().await, stream.nth(2).await);
    for seen in [seen, newest].map(|event| event.expect("a frame").id.expect("a cursor")) {
        let check = u16::from_str_radix(check(&seen).expect("a check"), 16).expect("a check");
        let unchecked = seen.rsplit_once('-').expect("a check").0.to_owned();
        let rolled_back = format!("{unchecked}-{:04x}", check ^ 1);
        // Clients keep cursors of versions that knew no check.
        for (cursor, is_right) in [(&seen, true), (&rolled_back, false), (&unchecked, true)] {
            let mut stream = fixture.stream_after(APPLICATION, Some(cursor)).await;
            assert_eq!(stream.connected.id.as_ref() == Some(cursor), is_right, "{cursor}");
            if !is_right {
                let reset = stream.next().await.expect("a reset");
                let reason = "the log has another activity at the cursor";
                assert_eq!(reset.data, json!({"type": "reset", "reason": reason}), "{cursor}");
                assert_eq!(reset.id, stream.connected.id);
            }
        }
    }
}

#[tokio::test]
async fn an_empty_cursor_is_none() {
    let fixture = Fixture::start().await;
    let mut stream = fixture.stream(&format!("{APPLICATION}&last_event_id=")).await;
    let stored = fixture.post(activity("u-1", "a")).await;
    assert_eq!(stream.next_activity().await["id"], stored.body["id"]);
}

#[tokio::test]
async fn a_cursor_survives_a_restart() {
    let fixture = Fixture::start().await;
    fixture.post(many(5)).await;
    let first = first_position(&fixture).await;
    let cursor = fixture.cursor_at(first + 1).await;
    let fixture = Fixture::start_in(fixture.stop().await, |_| {}).await;
    let mut stream = fixture.stream_after(APPLICATION, Some(&cursor)).await;
    assert_eq!(stream.positions(3).await, [first + 2, first + 3, first + 4]);
}

#[tokio::test]
async fn a_sparse_filter_resumes_from_where_it_had_looked() {
    let fixture = Fixture::start_with_quick_heartbeat().await;
    let mut sparse = fixture.stream("user_id=rare").await;
    let last = fixture.post(many(300)).await.body["results"][299]["position"].as_u64().expect("a position");
    let position = |id: &str| id.split('-').nth(1).and_then(|position| position.parse().ok());
    let reached = loop {
        let id = sparse.next().await.expect("the stream goes on").id.expect("a cursor");
        if position(&id) == Some(last) {
            break id;
        }
    };
    let mut resumed = fixture.stream_after("user_id=rare", Some(&reached)).await;
    let rare = fixture.post(activity("rare", "a")).await;
    assert_eq!(resumed.next_activity().await["id"], rare.body["id"]);
}

#[tokio::test]
async fn a_client_that_reads_nothing_for_longer_than_frames_are_at_hand_misses_nothing() {
    let fixture = Fixture::start().await;
    let mut lagging = fixture.stream(APPLICATION).await;
    let padded = json!({"user_id": "u-1", "action_type": "a", "details": {"padding": "x".repeat(500)}});
    for _ in 0..MORE_THAN_AT_HAND / 1_000 {
        assert_eq!(fixture.post(json!(vec![padded.clone(); 1_000])).await.body["accepted"], 1_000);
    }
    let positions = lagging.positions(MORE_THAN_AT_HAND).await;
    assert!(positions.windows(2).all(|pair| pair[1] == pair[0] + 1));
    let next = fixture.post(activity("u-2", "a")).await;
    assert_eq!(lagging.next_activity().await["id"], next.body["id"]);
}

#[tokio::test]
async fn a_client_that_comes_back_after_more_than_is_at_hand_misses_nothing() {
    let fixture = Fixture::start().await;
    let begin = fixture.beginning().await;
    for _ in 0..MORE_THAN_AT_HAND / 8_500 {
        fixture.post(many(8_500)).await;
    }
    let path = format!("/api/admin-sessions/activity-stream?user_id=u-1&last_event_id={begin}");
    let mut stream = EventStream::open(fixture.request(Method::GET, &path).bearer_auth(&fixture.admin)).await;
    let positions = stream.positions(MORE_THAN_AT_HAND).await;
    assert!(positions.windows(2).all(|pair| pair[1] == pair[0] + 1));
}
