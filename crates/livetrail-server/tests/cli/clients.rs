//! A client by another author follows the stream. Clients in other languages are in the tests of the browser.

use crate::program::{Fixture, PATIENCE, Serving, activity};
use eventsource_client::{Client, ClientBuilder, ReconnectOptions, SSE};
use futures_util::{Stream, StreamExt};
use launchdarkly_sdk_transport::HyperTransport;
use serde_json::{Value, json};
use std::{pin::pin, time::Duration};

type Items = eventsource_client::Result<SSE>;

/// What the client `eventsource-client` makes of the stream; it comes back by itself.
fn follow(server: &Serving, query: &str, key: &str) -> impl Stream<Item = Items> + use<> {
    let url = format!("{}/api/admin/activity/stream?{query}", server.base_url);
    let again = ReconnectOptions::reconnect(true).delay(Duration::from_millis(50)).build();
    let client = ClientBuilder::for_url(&url).expect("an address");
    let client = client.header("Authorization", &format!("Bearer {key}")).expect("a header").reconnect(again);
    client.build_with_transport(HyperTransport::new().expect("a transport")).stream()
}

/// The next message.
async fn next_message(items: &mut (impl Stream<Item = Items> + Unpin)) -> Value {
    let message = async {
        loop {
            // That the server is away is told as well.
            if let Some(Ok(SSE::Event(event))) = items.next().await
                && event.event_type == "message"
            {
                return serde_json::from_str(&event.data).expect("JSON");
            }
        }
    };
    tokio::time::timeout(PATIENCE, message).await.expect("a message in time")
}

#[tokio::test]
async fn a_client_in_rust_gets_everything_once_over_a_crash_and_a_restart() {
    let fixture = Fixture::new();
    let mut server = fixture.serve();
    let (writer, viewer) = (fixture.key("writer"), fixture.key("viewer"));
    let address = server.address.clone();
    let mut items = pin!(follow(&server, "user_id=u-1", &viewer));
    assert_eq!(next_message(&mut items).await["type"], "connected");
    let (mut stored, mut seen) = (Vec::new(), Vec::new());
    for end in [Some(Serving::kill as fn(Serving)), Some(|server: Serving| drop(server.stop())), None] {
        for _ in 0..20 {
            let batch = json!([activity("u-1", "a"), activity("u-2", "a")]);
            stored.push(server.post(&writer, &batch).await.body["results"][0]["position"].clone());
        }
        while seen.len() < stored.len() {
            let message = next_message(&mut items).await;
            if message["type"] == "new_activity" {
                seen.push(message["data"]["position"].clone());
            }
        }
        if let Some(end) = end {
            end(server);
            server = fixture.serve_at(&address);
        }
    }
    assert_eq!(seen, stored);
}
