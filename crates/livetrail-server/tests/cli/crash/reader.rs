use crate::program::EventStream;
use reqwest::Client;
use tokio::sync::watch;

/// The action of the activity that ends the reading.
pub(crate) const LAST: &str = "the_last";

/// Follows the log from place to place, as an `EventSource` does: what it has last seen is where it goes on.
pub(crate) struct Reader {
    client: Client,
    key: String,
    cursor: String,
    seen: Vec<u64>,
}

impl Reader {
    pub(crate) fn new(key: String, cursor: String) -> Self {
        Self { client: Client::new(), key, cursor, seen: Vec::new() }
    }

    /// The positions that were seen, in that order. `place` is where the server is; it changes when there is another.
    pub(crate) async fn follow(mut self, mut place: watch::Receiver<String>) -> Vec<u64> {
        loop {
            let base_url = place.borrow_and_update().clone();
            if self.read(&base_url).await {
                return self.seen;
            }
            place.changed().await.expect("there is another server");
        }
    }

    /// Reads until the connection ends; whether the last activity was seen.
    async fn read(&mut self, base_url: &str) -> bool {
        let request = self.client.get(format!("{base_url}/api/admin/activity/stream")).bearer_auth(&self.key);
        let request = request.header("Last-Event-ID", &self.cursor);
        let Some(mut stream) = EventStream::open(request).await else { return false };
        while let Some(event) = stream.next().await {
            assert_ne!(event.data["type"], "reset", "{event:?}");
            self.cursor = event.id.unwrap_or_else(|| self.cursor.clone());
            if event.data["type"] == "new_activity" {
                self.seen.push(event.data["data"]["position"].as_u64().expect("a position"));
                if event.data["data"]["action_type"] == LAST {
                    return true;
                }
            }
        }
        false
    }
}
